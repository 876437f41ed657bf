"""The vault key store: one file a ledger, kept away from its database and from officers' machines.

VAULT/ID.vault       SQLite, mode 0600; ID is the first 16 hex of the ledger id
  about(ledger, secret)             whose it is, and the secret of the tags
  keys(tag, key)                    one AES-256 key a subject; erasure destroys it
  marks(mark, tag, entry, field)    the blind index: equal marks are equal values, which no one else can compute

tag = HMAC-SHA-256(secret, "subject\n" ‖ subject) · mark = HMAC-SHA-256(secret, "value\n" ‖ field ‖ "\n" ‖ value)
box = nonce (12) ‖ AES-256-GCM(key, nonce, salt (32) ‖ JSON of the value; origin, id and field of the entry)
"""

import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from hmac import digest
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger import words
from ledger.chain.canonical import encode
from ledger.chain.sealed import SALT_BYTES, commitment
from ledger.errors import InputRejected, NotPermitted, StorageTrouble
from ledger.store.files import private_folder

Entropy = Callable[[int], bytes]
_NONCE = 12
_TABLES = """
CREATE TABLE about (ledger TEXT NOT NULL, secret BLOB NOT NULL) STRICT;
CREATE TABLE keys (tag BLOB NOT NULL PRIMARY KEY, key BLOB NOT NULL) STRICT;
CREATE TABLE marks (mark BLOB NOT NULL, tag BLOB NOT NULL, entry TEXT NOT NULL, field TEXT NOT NULL,
                    PRIMARY KEY (mark, entry, field)) STRICT;
CREATE INDEX marks_by_tag ON marks (tag);
"""
MARKED = ("account", "identity", "phone")  # fields whose equal values are found; names and places repeat by nature


class Sealed(msgspec.Struct, frozen=True):
    """A sealed value: what the entry commits to, and the box that opens it."""

    commitment: str
    box: bytes


class Opened(msgspec.Struct, frozen=True):
    """A value with its salt."""

    salt: bytes
    value: str


class Vault:
    """The keys of one ledger's sealed values."""

    def __init__(self, folder: Path, ledger_id: str) -> None:
        """Opens the file, or stands ready to make it.

        Raises:
            NotPermitted: others may read it. InputRejected: it is of another ledger, or damaged.
        """
        self.path = folder / f"{ledger_id[:16]}.vault"
        self._ledger_id = ledger_id
        self._secret = b""
        self._keys: dict[bytes, bytes] = {}  # made for the append under way
        self._marks: list[tuple[bytes, bytes, str, str]] = []
        if not self.exists:
            return
        if self.path.stat().st_mode & 0o077:
            raise NotPermitted("RIGHTS.VAULT_FILE", path=words.Long(self.path))
        with self._connected() as connection:
            rows = connection.execute("SELECT ledger, secret FROM about").fetchall()
        if len(rows) != 1 or rows[0][0] != ledger_id or len(rows[0][1]) != 32:
            raise InputRejected("INPUT.VAULT", path=self.path)
        self._secret = rows[0][1]

    @property
    def exists(self) -> bool:
        """Whether there is a file yet; the first sealed value makes it."""
        return self.path.exists()

    def seal(self, subject: str, place: tuple[str, str, str], value: str, entropy: Entropy) -> Sealed:
        """Seal a value of an entry; `place` is origin, id and field. Kept by `keep`."""
        self._secret = self._secret or entropy(32)
        key = self._key(subject)
        if key is None:
            key = self._keys[self._tag(subject)] = entropy(32)
        salt, nonce = entropy(SALT_BYTES), entropy(_NONCE)
        box = nonce + AESGCM(key).encrypt(nonce, salt + encode(value), _bound(place))
        if place[2] in MARKED:
            self._marks.append((self._mark(place[2], value), self._tag(subject), place[1], place[2]))
        return Sealed(commitment(*place, salt, value), box)

    def open(self, subject: str, place: tuple[str, str, str], box: bytes) -> Opened | None:
        """What a box holds; None where its key is not here. Raises ValueError where the box is altered."""
        key = self._key(subject) if self._secret else None
        if key is None:
            return None
        try:
            plain = AESGCM(key).decrypt(box[:_NONCE], box[_NONCE:], _bound(place))
            return Opened(plain[:SALT_BYTES], msgspec.json.decode(plain[SALT_BYTES:], type=str))
        except (InvalidTag, ValueError, msgspec.DecodeError):
            raise words.Fault("SEALED:box") from None

    def keep(self) -> None:
        """Store the keys and marks of the append under way; synced when this returns."""
        if not self._keys and not self._marks:
            return
        if not self.exists:
            self._make()
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO keys (tag, key) VALUES (?, ?)", self._keys.items())
            connection.executemany("INSERT OR IGNORE INTO marks (mark, tag, entry, field) VALUES (?, ?, ?, ?)", self._marks)
            connection.execute("COMMIT")
        self.forget()

    def forget(self) -> None:
        """Nothing of an append that was given up is kept."""
        self._keys, self._marks = {}, []

    def holds(self, subject: str) -> bool:
        """Whether the key of a subject is here."""
        return bool(self._secret) and self._key(subject) is not None

    def destroy(self, *subjects: str) -> set[str]:
        """Destroy the keys and marks of subjects; returns those who had a key. The file holds no trace of either.

        Safe to run again: the keys go first, and each run writes the file anew.
        """
        if not subjects or not self._secret or not self.exists:
            return set()
        gone = set()
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for subject in subjects:
                tag = self._tag(subject)
                if connection.execute("DELETE FROM keys WHERE tag = ?", (tag,)).rowcount:
                    gone.add(subject)
                connection.execute("DELETE FROM marks WHERE tag = ?", (tag,))
            connection.execute("COMMIT")
            # Pages that were split keep old copies of what moved, which a deletion does not reach; a file written anew has none.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("VACUUM")
        return gone

    def alike(self, field: str, value: str) -> list[str]:
        """The ids of entries whose sealed field holds this value; an append given up may have left others."""
        if field not in MARKED or not self._secret or not self.exists:
            return []
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT entry FROM marks WHERE mark = ? ORDER BY entry", (self._mark(field, value),)
            ).fetchall()
        return [entry for (entry,) in rows]

    def groups(self) -> list[tuple[str, list[str]]]:
        """Fields and the ids of the entries that hold one value in it, where these are of several subjects."""
        if not self.exists:
            return []
        with self._connected() as connection:
            rows = connection.execute("SELECT mark, tag, field, entry FROM marks ORDER BY mark, entry").fetchall()
        found: dict[bytes, list[tuple[bytes, str, str]]] = defaultdict(list)
        for mark, tag, field, entry in rows:
            found[mark].append((tag, field, entry))
        return [
            (group[0][1], [entry for _, _, entry in group])
            for group in found.values()
            if len({tag for tag, _, _ in group}) > 1
        ]

    def _key(self, subject: str) -> bytes | None:
        tag = self._tag(subject)
        if tag in self._keys or not self.exists:
            return self._keys.get(tag)
        with self._connected() as connection:
            row = connection.execute("SELECT key FROM keys WHERE tag = ?", (tag,)).fetchone()
        return row[0] if row else None

    def _tag(self, subject: str) -> bytes:
        return digest(self._secret, f"subject\n{subject}".encode(), sha256)

    def _mark(self, field: str, value: str) -> bytes:
        plain = re.sub(r"[\s-]", "", value).upper()
        return digest(self._secret, f"value\n{field}\n{plain}".encode(), sha256)

    def _make(self) -> None:
        private_folder(self.path.parent)
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise StorageTrouble("STORAGE:file", path=self.path, why=words.os_fault(error)) from None
        with self._connected() as connection:
            connection.executescript(f"BEGIN;{_TABLES}")
            connection.execute("INSERT INTO about (ledger, secret) VALUES (?, ?)", (self._ledger_id, self._secret))
            connection.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection = None
        try:
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=10)
            # What is deleted is overwritten; the journal, which holds it for a moment, is emptied with each commit.
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA journal_mode = TRUNCATE")
            connection.execute("PRAGMA synchronous = EXTRA")
            yield connection
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR):
                raise InputRejected("INPUT.VAULT:damaged", path=self.path) from None
            raise StorageTrouble("STORAGE:database", where=self.path, name=error.sqlite_errorname) from None
        finally:
            if connection is not None:
                connection.close()


def _bound(place: tuple[str, str, str]) -> bytes:
    return "\n".join(place).encode()
