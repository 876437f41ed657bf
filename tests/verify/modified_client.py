"""A client that keeps no rule but the bytes: with an enrolled officer's real key it seals whatever it is told to.

It is written from `docs/format.md` and knows only `ledger.chain`: no kinds, no rights, no balances. It reaches the
database with plain SQL, and writes projections only as a lie.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain import canonical
from ledger.chain.header import Header, build_header, content_digest
from ledger.chain.keys import key_id, public_bytes, seal_message
from ledger.chain.merkle import Frontier, leaf_hash


@dataclass
class Bad:
    """An entry to be sealed; what is not given is as an honest client would write it."""

    kind: str
    id: str
    data: dict[str, Any]
    moves: list[dict[str, Any]] = field(default_factory=list)
    books: dict[str, int | None] = field(default_factory=dict)  # a book with its position; None: the next one
    occurred_on: str = "2026-11-24"
    at: str = "2026-11-24T02:00:00Z"
    author: str = ""
    origin: str = "demo.example/county"
    raw: bytes | None = None  # other content bytes altogether
    header: bytes | None = None  # another header altogether


class ModifiedClient:
    """One connection, one key."""

    def __init__(self, target: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._key = key_id(public_bytes(private))
        self._dialect = "sqlite" if "://" not in target else "postgresql"
        if self._dialect == "sqlite":
            import sqlite3

            self._db: Any = sqlite3.connect(target, isolation_level=None)
        else:
            import psycopg

            self._db = psycopg.connect(target, autocommit=True)

    def run(self, sql: str, *values: Any) -> Any:
        """A statement written with `?`."""
        return self._db.execute(sql if self._dialect == "sqlite" else sql.replace("?", "%s"), tuple(values))

    def close(self) -> None:
        """Give the connection back."""
        self._db.close()

    def size(self) -> int:
        """How many entries there are."""
        return int(self.run("SELECT count(*) FROM entries").fetchone()[0])

    def seal(self, *entries: Bad, private: Ed25519PrivateKey | None = None) -> list[int]:
        """Store entries under one true seal; returns their positions. No projection is touched."""
        private = private or self._private
        author = key_id(public_bytes(private))
        first = size = self.size()
        tree = Frontier()
        tree.extend(bytes(row[0]) for row in self.run("SELECT leaf FROM entries ORDER BY seq").fetchall())
        prev = bytes(self.run("SELECT leaf FROM entries WHERE seq = ?", size - 1).fetchone()[0]).hex()
        counts = self._books()
        for bad in entries:
            raw = canonical.encode(self._content(bad, author)) if bad.raw is None else bad.raw
            line = self._line(bad.books, counts)
            header = bad.header or build_header(Header(size, prev, bad.at, line, content_digest(raw)))
            leaf = leaf_hash(header)
            self.run("INSERT INTO entries (seq, header, content, leaf) VALUES (?, ?, ?, ?)", size, header, raw, leaf)
            tree.append(leaf)
            prev, size = leaf.hex(), size + 1
        signature = private.sign(seal_message(first, entries[0].origin, size, tree.root()))
        self.run(
            "INSERT INTO seals (first, size, root, author, signature, frontier) VALUES (?, ?, ?, ?, ?, ?)",
            first, size, tree.root(), author, signature, tree.to_bytes(),
        )  # fmt: skip
        return list(range(first, size))

    def _content(self, bad: Bad, author: str) -> dict[str, Any]:
        return {
            "author": bad.author or author, "data": bad.data, "id": bad.id, "kind": bad.kind, "moves": bad.moves,
            "occurred_on": bad.occurred_on, "origin": bad.origin, "salt": "ab" * 16, "v": 1,
        }  # fmt: skip

    def _books(self) -> dict[str, int]:
        """The next position of every book, by the headers alone."""
        counts: dict[str, int] = {}
        for (header,) in self.run("SELECT header FROM entries ORDER BY seq").fetchall():
            line = bytes(header).decode("utf-8", "replace").split("\nbooks ")[-1].split("\n")[0]
            for part in line.split(" ") if line != "-" else ():
                name, _, position = part.partition("=")
                if position.isdigit():
                    counts[name] = max(counts.get(name, 0), int(position) + 1)
        return counts

    def _line(self, books: dict[str, int | None], counts: dict[str, int]) -> str:
        places = {name: counts.get(name, 0) if place is None else place for name, place in books.items()}
        for name, place in places.items():
            counts[name] = max(counts.get(name, 0), place + 1)
        return " ".join(sorted(f"{name}={place}" for name, place in places.items())) or "-"

    def lie(self, entries: Sequence[Bad], positions: Sequence[int], officer: str) -> None:
        """Projections as if the entries had the effect they claim, standing at the head."""
        for seq, bad in zip(positions, entries, strict=True):
            self.run(
                "INSERT INTO facts (seq, id, kind, officer, occurred_on, at, subject, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                seq, bad.id.replace("\0", ""), bad.kind, officer, bad.occurred_on, bad.at, "P1", "effective",
            )  # fmt: skip
            for i, move in enumerate(move for move in bad.moves if "to" in move):
                self.run(
                    "INSERT INTO moves (seq, i, source, target, unit, quota, n) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    seq, i, move["from"], move["to"], move["unit"], move["quota"], move["n"],
                )  # fmt: skip
                for account, n in ((move["from"], -move["n"]), (move["to"], move["n"])):
                    self.run(
                        "INSERT INTO balances (account, unit, quota, n) VALUES (?, ?, ?, ?) "
                        "ON CONFLICT (account, unit, quota) DO UPDATE SET n = balances.n + excluded.n",
                        account, move["unit"], move["quota"], n,
                    )  # fmt: skip
        self.run("UPDATE projections SET size = ?", self.size())


def move(source: str, target: str, n: int, quota: str = "Q1", unit: str = "CNY") -> dict[str, Any]:
    """A move as content writes it."""
    return {"from": source, "n": n, "quota": quota, "to": target, "unit": unit}


def possession(private: Ed25519PrivateKey, officer: str, origin: str = "demo.example/county") -> dict[str, str]:
    """A key as enrolment writes it, with its signature that it is held."""
    public = public_bytes(private)
    message = f"sunledger/possession/v1\n{origin}\n{officer}\n{key_id(public)}\n".encode()
    return {
        "algorithm": "ed25519",
        "public_key": base64.b64encode(public).decode(),
        "possession": base64.b64encode(private.sign(message)).decode(),
    }


def unquoted(raw: bytes) -> dict[str, Any]:
    """The value of content bytes."""
    value: dict[str, Any] = json.loads(raw)
    return value
