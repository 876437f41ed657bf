"""Ledgers made in memory: honest entries as the product writes them, others as a client that keeps no rule.

A forge holds every key. An entry may be given other moves, another line of books, another time, other bytes; it is
hashed and sealed as if it were honest. `rows` and `bundle` give the whole to the product and to the verifier.
"""

from __future__ import annotations

import io
import json
import zipfile
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.book.apply import apply
from ledger.book.rights import POLICIES, policy_table, roles_table
from ledger.book.state import State
from ledger.chain import canonical
from ledger.chain.header import Header, build_header, content_digest, genesis_prev
from ledger.chain.keys import b64, key_id, possession_message, public_bytes, seal_message
from ledger.chain.merkle import Frontier, leaf_hash
from ledger.chain.note import Checkpoint, checkpoint_text, sign_note
from ledger.kinds.codec import Content, convert_event, decode_content
from ledger.kinds.declare import KINDS
from ledger.verify.meaning import ReplayHistory

ORIGIN = "demo.example/county"
AT, DAY = "2026-11-24T02:00:00Z", "2026-11-24"
NOW = "2026-11-24T03:00:00Z"
Row = tuple[int, bytes, bytes, bytes]


def private(byte: int) -> Ed25519PrivateKey:
    """The key whose private bytes are all `byte`."""
    return Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32)


KEYS = {key_id(public_bytes(private(n))): private(n) for n in range(1, 60)}
LEDGER_KEY = private(4)


def of(byte: int) -> str:
    """The id of a key."""
    return key_id(public_bytes(private(byte)))


def held(byte: int, holder: str, origin: str = ORIGIN) -> dict[str, str]:
    """A key as an enrolment writes it, with its signature that it is held."""
    message = possession_message(origin, holder, of(byte))
    return {"algorithm": "ed25519", "public_key": b64(public_bytes(private(byte))), "possession": b64(private(byte).sign(message))}


@dataclass
class Item:
    """An entry as it is to be written; what is None is as an honest client would write it."""

    author: str
    kind: str
    id: str
    data: Any
    moves: Any = None
    books: str | None = None
    at: str = AT
    occurred_on: str = DAY
    origin: str = ORIGIN
    salt: str = "ab" * 16
    raw: bytes | None = None
    header: bytes | None = None
    more: dict[str, Any] = field(default_factory=dict)  # other keys of the content


class Forge:
    """A history that grows."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.rows: list[Row] = []
        self.spans: list[tuple[int, int]] = []
        self.tree = Frontier()
        self.seals: list[tuple[Any, ...]] = []
        self.state = State(ReplayHistory(ORIGIN, self._fetch))
        self.breaches: dict[int, str] = {}
        self.note_key = LEDGER_KEY
        self._prefixes: list[Forge] = []

    def _fetch(self, seq: int) -> tuple[bytes, bytes, bytes]:
        return self.rows[seq][1:]

    def copy(self) -> Forge:
        """Another that grows on its own."""
        other = Forge()
        other.items, other.rows, other.spans = list(self.items), list(self.rows), list(self.spans)
        other.tree, other.seals = self.tree.copy(), list(self.seals)
        other.state.history.ids = dict(self.state.history.ids)  # type: ignore[attr-defined]
        for (sort, id), value in self.state.all_objects().items():
            other.state.put(sort, id, value)
        for key, n in self.state.balances():
            other.state.add(key, n)
        other.state.forget_log()
        other.breaches, other.note_key = dict(self.breaches), self.note_key
        return other

    def ref(self, id: str) -> dict[str, str]:
        """How a later entry names an earlier one; the last of that id."""
        seq = next(seq for seq in reversed(range(len(self.items))) if self.items[seq].id == id)
        return {"entry": id, "leaf": self.rows[seq][3].hex()}

    def at_seq(self, seq: int) -> dict[str, str]:
        """How a later entry names an earlier one by its position."""
        return {"entry": str(seq), "leaf": self.rows[seq][3].hex()}

    def add(self, byte: int, kind: str, id: str, seal: bool = True, **data: Any) -> int:
        """An honest entry; a programmer's error if it would be void."""
        seq = self.put(Item(of(byte), kind, id, data), seal=seal)
        assert seq not in self.breaches, self.breaches[seq]
        return seq

    def bad(self, byte: int, kind: str, id: str, data: Any, **words: Any) -> int:
        """An entry as given."""
        return self.put(Item(of(byte), kind, id, data, **words))

    def put(self, item: Item, *, seal: bool = True, sealed_by: Ed25519PrivateKey | None = None) -> int:
        """Append an entry, and perhaps a seal over it and those before it that have none."""
        seq, item = len(self.rows), copy(item)
        prev = self.rows[-1][3].hex() if self.rows else genesis_prev(item.origin)
        if item.moves is None or item.books is None:
            self._complete(item, seq)
        raw = item.raw if item.raw is not None else self._content(item)
        header = item.header or build_header(Header(seq, prev, item.at, item.books or "-", content_digest(raw)))
        leaf = leaf_hash(header)
        self.items.append(item)
        self.rows.append((seq, header, raw, leaf))
        self.tree.append(leaf)
        try:
            outcome = apply(self.state, seq, item.at, decode_content(raw, ORIGIN), item.books)
            self.state.forget_log()
            self.state.history.ids.setdefault(item.id, seq)  # type: ignore[attr-defined]
            if outcome.breach:
                self.breaches[seq] = outcome.breach.code
        except ValueError:
            self.breaches[seq] = "broken"
        if seal:
            self.seal(sealed_by)
        return seq

    def _content(self, item: Item) -> bytes:
        value = {"author": item.author, "data": item.data, "id": item.id, "kind": item.kind, "moves": item.moves,
                 "occurred_on": item.occurred_on, "origin": item.origin, "salt": item.salt, "v": 1}  # fmt: skip
        return canonical.encode(value | item.more)

    def _complete(self, item: Item, seq: int) -> None:
        """Moves and books as an honest client computes them; where it would refuse, none and the author's own."""
        mark = self.state.mark()
        moves: list[dict[str, Any]] = []
        books = "-"
        try:
            given = None if item.moves is None else decode_content(self._content(item), ORIGIN).moves
            content = Content(item.author, convert_event(item.kind, item.data), item.id, item.kind, given, item.occurred_on)
            outcome = apply(self.state, seq, item.at, content, item.books)
            books = outcome.books
            moves = [{"from": m.source, "n": m.n, "quota": m.quota, "to": m.target, "unit": m.unit} for m in outcome.moves]
        except Exception:
            moves = []
        finally:
            self.state.undo(mark)
        item.moves = moves if item.moves is None else item.moves
        item.books = self._plain_books(item) if item.books is None and books == "-" else books if item.books is None else item.books

    def _plain_books(self, item: Item) -> str:
        """The line of a refused entry that keeps as near to the rules as it can."""
        officer = None
        key = self.state.key(item.author)
        if key and key.officer:
            officer = self.state.get("officer", key.officer)
        if item.kind not in KINDS or officer is None or not officer.authority:
            return "-"
        name = f"{officer.authority}/{KINDS[item.kind].stream}"
        book = self.state.get("book", name)
        return f"{name}={book.count if book else 0}"

    def seal(self, by: Ed25519PrivateKey | None = None) -> None:
        """A seal over what has none, by the author of its first entry."""
        first, size = (self.seals[-1][1] if self.seals else 0), len(self.rows)
        author = self.items[first].author
        key = by or KEYS[author]
        signature = key.sign(seal_message(first, ORIGIN, size, self.tree.root()))
        self.seals.append((first, size, self.tree.root(), author, signature, self.tree.to_bytes()))

    def note(self) -> str:
        """The checkpoint of the whole, by the ledger key in force."""
        held = self.state.get("ledger_keys", "")
        public = held.keys[-1][1] if held else ""
        self.note_key = next((key for key in (LEDGER_KEY, private(22)) if b64(public_bytes(key)) == public), self.note_key)
        return sign_note(checkpoint_text(Checkpoint(ORIGIN, len(self.rows), self.tree.root())), ORIGIN, self.note_key)

    def bundle(self) -> bytes:
        """The whole as the page says."""
        return pack(self.rows, self.seals, self.note())

    def prefixes(self) -> list[Forge]:
        """This history before each of its entries; made once."""
        if len(self._prefixes) != len(self.rows):
            ends, grown = {seal[1] for seal in self.seals}, Forge()
            self._prefixes.clear()
            for place, item in enumerate(self.items):
                self._prefixes.append(grown.copy())
                grown.put(item, seal=place + 1 in ends)
        return self._prefixes

    def rewritten(self, seq: int, change: Any, *, keep: bool = True) -> Forge:
        """The same history with entry `seq` changed and all after it hashed and sealed anew.

        Later entries are as they were recorded, but for the leaves they name; where `keep` is false, an honest client
        writes their moves and books anew.
        """
        other = self.prefixes()[seq].copy()
        other.note_key = self.note_key
        leaves = {row[3].hex(): place for place, row in enumerate(self.rows)}
        ends = {seal[1] for seal in self.seals}
        for place in range(seq, len(self.items)):
            item = copy(self.items[place])
            for name in ("entry", "to"):
                named = item.data.get(name) if isinstance(item.data, dict) else None
                if isinstance(named, dict) and named.get("leaf") in leaves:
                    item.data = {**item.data, name: {**named, "leaf": other.rows[leaves[named["leaf"]]][3].hex()}}
            if place == seq:
                change(item)
            elif not keep:
                item.moves = item.books = None
            other.put(item, seal=place + 1 in ends)
        return other


def pack(rows: list[Row], seals: list[tuple[Any, ...]], note: str) -> bytes:
    """A bundle of rows as the product stores them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        lines = [{"seq": seq, "header": header.decode(), "content": content.decode()} for seq, header, content, _ in rows]
        archive.writestr("entries.jsonl", "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
        names = [
            {"from": first, "size": size, "root": b64(root), "author": author, "signature": b64(signature)}
            for first, size, root, author, signature, _ in seals
        ]
        archive.writestr("seals.jsonl", "".join(json.dumps(line) + "\n" for line in names))
        archive.writestr("checkpoint.note", note)
    return buffer.getvalue()


def opened(mode: str = "control", policy: str = "standard", *, roots: int = 2, quorum: int = 2, **more: Any) -> Forge:
    """Entry 0."""
    forge = Forge()
    names = ["root", "root-2", "root-3"][:roots]
    data = {
        "name": "示例县台账", "mode": mode, "nonce": "00" * 16, "suite": "intl", "meaning": "1",
        "roots": [{"person": name, **held((1, 9, 10)[n], name)} for n, name in enumerate(names)],
        "root_quorum": quorum, "ledger_key": {"algorithm": "ed25519", "public_key": b64(public_bytes(LEDGER_KEY))},
        "roles": roles_table(KINDS), "policy": policy_table(KINDS, POLICIES[policy]),
    }  # fmt: skip
    forge.bad(1, "ledger.open", "ledger.open", data | more)
    assert more or 0 not in forge.breaches, forge.breaches
    return forge
