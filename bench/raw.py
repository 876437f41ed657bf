"""The yardsticks: the same bytes hashed in memory, and inserted by the bare driver."""

import sqlite3
import time
from hashlib import sha256
from pathlib import Path

Entry = tuple[int, bytes, bytes, bytes]


def stored_entries(path: Path) -> list[Entry]:
    """All rows of a measured ledger."""
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT seq, header, content, leaf FROM entries ORDER BY seq").fetchall()


def chain_seconds(entries: list[Entry]) -> float:
    """RAW chain: one SHA-256 over the previous hash and the body, entry after entry, in memory."""
    bodies = [header + content for _, header, content, _ in entries]
    started = time.perf_counter()
    previous = b"\x00" * 32
    for body in bodies:
        previous = sha256(previous + body).digest()
    return time.perf_counter() - started


def insert_seconds(entries: list[Entry], path: Path, batch: int) -> float:
    """RAW insert: `executemany` of the same bytes, WAL and FULL, one transaction a batch."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE entries (seq INTEGER PRIMARY KEY, header BLOB, content BLOB, leaf BLOB) STRICT"
    )
    started = time.perf_counter()
    for first in range(0, len(entries), batch):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", entries[first : first + batch])
        connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    return seconds
