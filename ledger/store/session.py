"""A look at one ledger at one moment: its genesis, its head, its state over the projections."""

from collections.abc import Iterator
from typing import Any

import msgspec

from ledger.book.state import State
from ledger.chain.header import Header, content_digest, genesis_prev, is_origin, parse_header
from ledger.chain.keys import key_id, seal_message, unb64, verify_signature
from ledger.chain.merkle import Frontier, leaf_hash
from ledger.errors import IntegrityFailed
from ledger.kinds.codec import decode_content
from ledger.kinds.keys import ENROLLING, LedgerOpen
from ledger.store import guards, migrate, rows
from ledger.store.connection import Connection
from ledger.store.database import Database


class _Genesis(msgspec.Struct):
    data: LedgerOpen
    origin: str


class Session:
    """One ledger as it stands, over one connection."""

    def __init__(self, database: Database, connection: Connection) -> None:
        """Raises VersionMismatch for another schema, IntegrityFailed where there is no entry 0 to stand on."""
        migrate.require_revision(connection, database)
        self.database = database
        self.connection = connection
        self.size = rows.stored_size(database, connection)
        first = database.one(connection, "SELECT header, content, leaf FROM entries WHERE seq = 0")
        if first is None:
            raise IntegrityFailed("INV-02.MISSING:empty", seq=0)
        try:
            if content_digest(first[1]) != parse_header(first[0]).content or leaf_hash(first[0]) != first[2]:
                raise ValueError("digest")
            genesis = msgspec.json.decode(first[1], type=_Genesis)
            if not is_origin(genesis.origin):
                raise ValueError("origin")
        except (msgspec.DecodeError, ValueError, TypeError):
            raise IntegrityFailed("INV-01.GENESIS", seq=0) from None
        self.origin = genesis.origin
        self.genesis = genesis.data
        self.id = bytes(first[2]).hex()
        self.history = rows.StoredHistory(database, connection, self.origin)
        self.backing = rows.StoredBacking(database, connection)
        self.state = State(self.history, self.backing)
        self.state.position = self.size

    def leaves(self, first: int, size: int) -> Iterator[bytes]:
        """The stored leaves first … size−1."""
        return rows.leaves(self.database, self.connection, first, size)

    def tree(self, since: int | None = None) -> Frontier:
        """The tree at the head, checked: the last seal ends there, is signed, and covers just the leaves stored.

        With `since`, every seal that ends beyond it is checked, and every entry under them is whole evidence: a
        client builds on nothing that no two persons could acknowledge.

        Raises:
            IntegrityFailed: a client builds on no other head than a sealed one.
        """
        seals = rows.seals_beyond(self.database, self.connection, since)
        if not seals or seals[-1].size != self.size:
            raise IntegrityFailed("INV-04.HEAD", size=self.size)
        tree = self._tree_before(seals[0])
        for seal in seals:
            self._check_seal(tree, seal)
            if since is not None and seal.size > since:
                self._check_entries(seal)
        self._check_entry(self.size - 1)
        return tree

    def _tree_before(self, seal: rows.Seal) -> Frontier:
        if seal.first == 0:
            return Frontier()
        before = rows.last_seal(self.database, self.connection, seal.size)
        if before is None or before.size != seal.first:
            raise IntegrityFailed("INV-04.TILES:missing", size=seal.first)
        try:
            tree = before.tree()
        except ValueError:
            tree = Frontier()
        if tree.root() != before.root:
            raise IntegrityFailed("INV-03.ROOT:frontier", size=before.size)
        return tree

    def _check_seal(self, tree: Frontier, seal: rows.Seal) -> None:
        """Grow `tree` by a seal's leaves and check its root, frontier and signature."""
        if tree.size != seal.first:
            raise IntegrityFailed("INV-04.TILES:missing", size=seal.first)
        try:
            tree.extend(self.leaves(seal.first, seal.size))
        except TypeError:
            raise IntegrityFailed("INV-03.TREE", size=seal.size) from None
        if tree.size != seal.size or tree.root() != seal.root or tree.to_bytes() != seal.frontier:
            raise IntegrityFailed("INV-03.ROOT:tree", size=seal.size)
        public = self._public_key(seal)
        message = seal_message(seal.first, self.origin, seal.size, seal.root)
        if public is None or not verify_signature(public, seal.signature, message):
            raise IntegrityFailed("INV-04.SIGNATURE:seal", size=seal.size)

    def _public_key(self, seal: rows.Seal) -> bytes | None:
        """The author's key, if it stands in an entry before the seal; it need have no rights for that."""
        key = self.state.key(seal.author)
        if key is not None and not key.officer:
            return None  # a ledger key seals nothing
        places = (
            [key.seq] if key else rows.enrolments_without_effect(self.database, self.connection, seal.first)
        )
        for seq in places:
            if seq < seal.first or seq == 0:
                for public in self._keys_in(seq):
                    if key_id(public) == seal.author:
                        return public
        return None

    def _keys_in(self, seq: int) -> Iterator[bytes]:
        """The officers' keys that stand in an entry, which must be as its leaf says."""
        self._check_entry(seq)
        try:
            content = decode_content(self.history.entry(seq)[1], self.origin)
        except ValueError:
            return
        event: Any = content.event
        if event is None or content.kind not in ENROLLING:
            return
        for holder in event.roots if content.kind == "ledger.open" else [event]:
            try:
                yield unb64(holder.public_key, 32)
            except ValueError:
                continue

    def _check_entries(self, seal: rows.Seal) -> None:
        """Every entry under a seal is evidence: bytes, digests, chain, and the seal's author."""
        prev = self.history.entry(seal.first - 1)[2].hex() if seal.first else genesis_prev(self.origin)
        for seq in range(seal.first, seal.size):
            header = self._check_entry(seq)
            try:
                content = decode_content(self.history.entry(seq)[1], self.origin)
            except ValueError as error:
                raise IntegrityFailed("INV-01.CONTENT", seq=seq, why=error) from None
            if header.seq != seq or header.prev != prev:
                raise IntegrityFailed("INV-02.PREV", seq=seq)
            if content.author != seal.author:
                raise IntegrityFailed("INV-04.AUTHOR", seq=seq)
            prev = self.history.entry(seq)[2].hex()

    def _check_entry(self, seq: int) -> Header:
        header, content, leaf = self.history.entry(seq)
        try:
            parsed = parse_header(header)
        except ValueError as error:
            raise IntegrityFailed("INV-01.HEADER", seq=seq, why=error) from None
        if leaf_hash(header) != leaf or parsed.content != content_digest(content):
            raise IntegrityFailed("INV-01.BYTES", seq=seq)
        return parsed

    def require_guards(self) -> list[str]:
        """Check that the schema is this release's; returns warnings. Raises IntegrityFailed with every finding."""
        problems, warnings = guards.check_guards(self.connection, self.database)
        if problems:
            raise IntegrityFailed.of(problems)
        return warnings
