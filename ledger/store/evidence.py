"""The only module that inserts evidence."""

from ledger.store.connection import Connection
from ledger.store.database import Database
from ledger.store.rows import Seal

EntryRow = tuple[int, bytes, bytes, bytes]  # seq, header, content, leaf


def insert(database: Database, connection: Connection, entries: list[EntryRow], seal: Seal) -> None:
    """Store the entries of one append and the seal that ends it."""
    database.many(
        connection, "INSERT INTO entries (seq, header, content, leaf) VALUES (?, ?, ?, ?)", list(entries)
    )
    row = (seal.first, seal.size, seal.root, seal.author, seal.signature, seal.frontier)
    database.many(
        connection,
        "INSERT INTO seals (first, size, root, author, signature, frontier) VALUES (?, ?, ?, ?, ?, ?)",
        [row],
    )
