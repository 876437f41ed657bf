"""A look at one ledger at one moment: its genesis, its head, its state over the projections."""

import msgspec
from sqlalchemy import Connection

from ledger.book.state import State
from ledger.chain.header import content_digest, is_origin, parse_header
from ledger.chain.keys import seal_message, unb64, verify_signature
from ledger.chain.merkle import Frontier, leaf_hash
from ledger.errors import IntegrityFailed
from ledger.kinds.keys import LedgerOpen
from ledger.store import guards, migrate, rows
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
            raise IntegrityFailed("entry 0 is missing: the ledger is empty", code="INV-02.MISSING", seq=0)
        try:
            if content_digest(first[1]) != parse_header(first[0]).content or leaf_hash(first[0]) != first[2]:
                raise ValueError("digest")
            genesis = msgspec.json.decode(first[1], type=_Genesis)
            if not is_origin(genesis.origin):
                raise ValueError("origin")
        except (msgspec.DecodeError, ValueError, TypeError):
            raise IntegrityFailed("entry 0 is damaged", code="INV-01.GENESIS", seq=0) from None
        self.origin = genesis.origin
        self.genesis = genesis.data
        self.id = bytes(first[2]).hex()
        self.history = rows.StoredHistory(database, connection, self.origin)
        self.backing = rows.StoredBacking(database, connection)
        self.state = State(self.history, self.backing)

    def tree(self) -> Frontier:
        """The tree at the head, checked: the last seal ends there, is signed, and covers just the leaves stored.

        Raises:
            IntegrityFailed: a client builds on no other head than a sealed one.
        """
        seal = rows.last_seal(self.database, self.connection)
        if seal is None or seal.size != self.size:
            raise _unverified(f"the history of {self.size} entries does not end with a seal", "INV-04.HEAD")
        try:
            tree = self._tree_before(seal)
            tree.extend(rows.leaves(self.database, self.connection, seal.first, seal.size))
        except (ValueError, TypeError):
            raise _unverified(f"the leaves under seal {seal.size} are damaged", "INV-03.TREE") from None
        if tree.size != self.size or tree.root() != seal.root or tree.to_bytes() != seal.frontier:
            raise _unverified(
                f"the tree of {self.size} entries is not the one that was sealed", "INV-03.ROOT"
            )
        key = self.state.key(seal.author)
        message = seal_message(seal.first, self.origin, seal.size, seal.root)
        if key is None or not verify_signature(unb64(key.public_key, 32), seal.signature, message):
            raise _unverified(f"the seal at {seal.size} is not signed by its author", "INV-04.SIGNATURE")
        self._require_last_entry()
        return tree

    def _tree_before(self, seal: rows.Seal) -> Frontier:
        if seal.first == 0:
            return Frontier()
        before = rows.last_seal(self.database, self.connection, seal.size)
        if before is None or before.size != seal.first:
            raise _unverified(f"a seal that ends at {seal.first} is missing", "INV-04.TILES")
        tree = before.tree()
        if tree.root() != before.root:
            raise _unverified(f"the frontier of seal {before.size} is altered", "INV-03.ROOT")
        return tree

    def _require_last_entry(self) -> None:
        header, content, leaf = self.history.entry(self.size - 1)
        if leaf_hash(header) != leaf or parse_header(header).content != content_digest(content):
            raise _unverified(f"entry {self.size - 1} is altered", "INV-01.BYTES")

    def require_guards(self) -> list[str]:
        """Check that the schema is this release's; returns warnings. Raises IntegrityFailed with every finding."""
        problems, warnings = guards.check_guards(self.connection, self.database)
        if problems:
            raise IntegrityFailed(
                str(problems[0]["message"]), code=str(problems[0]["code"]), problems=problems
            )
        return warnings


def _unverified(message: str, code: str) -> IntegrityFailed:
    return IntegrityFailed(
        message, code=code, hint="nothing is added to an unverified history; see: sunledger verify"
    )
