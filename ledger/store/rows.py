"""Reading stored rows: entries, seals, objects and balances, with their types checked."""

from collections.abc import Iterator
from typing import Any

import msgspec

from ledger.book.objects import Object, from_text
from ledger.book.state import BalanceKey, ObjectKey
from ledger.chain.header import binds
from ledger.chain.merkle import Frontier, leaf_hash
from ledger.errors import IntegrityFailed
from ledger.store.connection import Connection
from ledger.store.database import Database

CHUNK = 500


class Seal(msgspec.Struct, frozen=True):
    """A stored seal."""

    first: int
    size: int
    root: bytes
    author: str
    signature: bytes
    frontier: bytes

    def tree(self) -> Frontier:
        """The tree at this seal. Raises ValueError."""
        return Frontier.from_bytes(self.size, self.frontier)


def last_seal(database: Database, connection: Connection, size: int | None = None) -> Seal | None:
    """The newest seal, or the newest of a size below `size`."""
    condition = "" if size is None else f" WHERE size < {int(size)}"
    row = database.one(
        connection,
        "SELECT first, size, root, author, signature, frontier FROM seals"
        + condition
        + " ORDER BY size DESC LIMIT 1",
    )
    return Seal(*row) if row else None


def seals_beyond(database: Database, connection: Connection, since: int | None) -> list[Seal]:
    """The seals that end beyond `since`, in order; the newest alone where that is None or there is none."""
    found = []
    if since is not None:
        found = database.all(
            connection,
            "SELECT first, size, root, author, signature, frontier FROM seals WHERE size > ? ORDER BY size",
            (since,),
        )
    newest = last_seal(database, connection)
    return [Seal(*row) for row in found] or ([newest] if newest else [])


def enrolments_without_effect(database: Database, connection: Connection, before: int) -> list[int]:
    """The positions below `before` whose entry may hold a key that the state does not know."""
    standing = database.one(connection, "SELECT MIN(size) FROM projections")
    known = min(max(standing[0] or 0, 0), before) if isinstance(standing[0], int) else 0
    waiting = database.all(
        connection,
        "SELECT seq FROM facts WHERE kind IN ('officer.enroll', 'officer.rotate') AND status <> 'effective' AND seq < ?",
        (before,),
    )
    return [seq for (seq,) in waiting] + list(range(known, before))


def stored_size(database: Database, connection: Connection) -> int:
    """The number of entries stored, by the greatest position."""
    row = database.one(connection, "SELECT seq FROM entries ORDER BY seq DESC LIMIT 1")
    return int(row[0]) + 1 if row else 0


def leaves(database: Database, connection: Connection, first: int, size: int) -> Iterator[bytes]:
    """The stored leaves first … size−1."""
    cursor = connection.connection.cursor()
    cursor.execute(
        database.sql("SELECT leaf FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq"), (first, size)
    )
    while rows := cursor.fetchmany(CHUNK):
        for row in rows:
            yield row[0]


class StoredHistory:
    """Earlier entries out of the database, with those of the append under way on top."""

    def __init__(self, database: Database, connection: Connection, origin: str) -> None:
        self.origin = origin
        self._database = database
        self._connection = connection
        self._ids: dict[str, int | None] = {}
        self._entries: dict[int, tuple[bytes, bytes, bytes]] = {}

    def add(self, seq: int, id: str, header: bytes, content: bytes, leaf: bytes) -> None:
        """Take note of an entry that is not stored yet."""
        if self._ids.get(id) is None:
            self._ids[id] = seq
        self._entries[seq] = (header, content, leaf)

    def forget(self, size: int) -> None:
        """Only entries below `size` are known, as before an append that was refused."""
        self._entries = {seq: entry for seq, entry in self._entries.items() if seq < size}
        self._ids = {id: seq for id, seq in self._ids.items() if seq is None or seq < size}

    def prefetch(self, ids: list[str]) -> None:
        """Look up many ids at once."""
        wanted = [id for id in dict.fromkeys(ids) if id not in self._ids]
        for start in range(0, len(wanted), CHUNK):
            part = tuple(wanted[start : start + CHUNK])
            self._ids.update(dict.fromkeys(part))
            marks = ",".join("?" * len(part))
            for id, seq in self._database.all(
                self._connection, f"SELECT id, MIN(seq) FROM facts WHERE id IN ({marks}) GROUP BY id", part
            ):
                self._ids[id] = seq

    def entry(self, seq: int) -> tuple[bytes, bytes, bytes]:
        """Header, content and leaf of an entry. Raises IntegrityFailed where they do not fit together."""
        header, raw, leaf = found = self.stored(seq)
        if seq not in self._entries and (leaf_hash(header) != leaf or not binds(header, raw)):
            raise IntegrityFailed("INV-01.DIGEST:parts", seq=seq)
        return found

    def stored(self, seq: int) -> tuple[bytes, bytes, bytes]:
        """Header, content and leaf as they are stored."""
        found = self._entries.get(seq)
        if found is None:
            row = self._database.one(
                self._connection, "SELECT header, content, leaf FROM entries WHERE seq = ?", (seq,)
            )
            if row is None or not all(isinstance(cell, bytes) for cell in row):
                raise IntegrityFailed("INV-02.MISSING:type", seq=seq)
            found = (row[0], row[1], row[2])
        return found

    def seq_of(self, id: str) -> int | None:
        """The first entry of that id."""
        if id not in self._ids:
            row = self._database.one(self._connection, "SELECT MIN(seq) FROM facts WHERE id = ?", (id,))
            self._ids[id] = row[0] if row else None
        return self._ids[id]

    def last_mover(self, account: str, quota: str) -> int | None:
        """The last entry that moved a quota out of an account."""
        row = self._database.one(
            self._connection, "SELECT MAX(seq) FROM moves WHERE source = ? AND quota = ?", (account, quota)
        )
        return row[0] if row else None


_OBJECT = "SELECT value FROM objects WHERE sort = ? AND id = ?"
_BALANCE = "SELECT n FROM balances WHERE account = ? AND unit = ? AND quota = ?"


class StoredBacking:
    """The state's objects and balances out of the projections."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self._balance_sql = database.sql(
            "SELECT n FROM balances WHERE account = ? AND unit = ? AND quota = ?"
        )
        self._ready: dict[ObjectKey, Object | None] = {}

    def prefetch(self, keys: list[ObjectKey]) -> None:
        """Look up many objects at once."""
        by_sort: dict[str, list[str]] = {}
        for sort, id in dict.fromkeys(keys):
            by_sort.setdefault(sort, []).append(id)
        for sort, ids in by_sort.items():
            for start in range(0, len(ids), CHUNK):
                part = ids[start : start + CHUNK]
                self._ready.update({(sort, id): None for id in part})
                marks = ",".join("?" * len(part))
                for id, value in self._database.all(
                    self._connection,
                    f"SELECT id, value FROM objects WHERE sort = ? AND id IN ({marks})",
                    (sort, *part),
                ):
                    self._ready[sort, id] = _object(sort, id, value)

    def object(self, key: ObjectKey) -> Object | None:
        """One object."""
        if key in self._ready:
            return self._ready[key]
        row = self._database.one(self._connection, _OBJECT, key)
        return _object(*key, row[0]) if row else None

    def balance(self, key: BalanceKey) -> int:
        """One balance."""
        row = self._database.one(self._connection, _BALANCE, key)
        return int(row[0]) if row else 0

    def objects(self, sort: str) -> Iterator[tuple[str, Object]]:
        """All objects of a sort."""
        for id, value in self._database.all(
            self._connection, "SELECT id, value FROM objects WHERE sort = ?", (sort,)
        ):
            yield id, _object(sort, id, value)

    def balances(self) -> Iterator[tuple[BalanceKey, int]]:
        """All balances."""
        for account, unit, quota, n in self._database.all(
            self._connection, "SELECT account, unit, quota, n FROM balances"
        ):
            yield (account, unit, quota), n


def _object(sort: str, id: str, value: Any) -> Object:
    try:
        return from_text(sort, value)
    except (msgspec.DecodeError, TypeError, KeyError):
        raise IntegrityFailed("INV-13.OBJECTS:damaged", sort=sort, id=id) from None
