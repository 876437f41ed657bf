"""Where a database administrator is played: quick copies of one ledger, edited behind its guards, then verified.

On SQLite a copy is a file, edited by a plain connection with the triggers dropped and put back. On PostgreSQL a copy
is a transaction that is never committed, or a database made from the template, edited as a replication role.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ledger.errors import IntegrityFailed, LedgerError
from ledger.service import Ledger
from ledger.store.database import Database, open_database
from ledger.store.vault import Vault
from ledger.verify.run import OutsideHead, Verification, verify
from tests.postgres import Cluster

LATER = "2026-11-24T06:00:00Z"
TABLES = {
    "entries": (("seq",), ("header", "content", "leaf")),
    "seals": (("size",), ("first", "root", "author", "signature", "frontier")),
    "facts": (("seq",), ("id", "kind", "officer", "occurred_on", "at", "subject", "status")),
    "moves": (("seq", "i"), ("source", "target", "unit", "quota", "n")),
    "objects": (("sort", "id"), ("value",)),
    "balances": (("account", "unit", "quota"), ("n",)),
    "projections": (("name",), ("size",)),
    "vault": (("seq", "field"), ("box",)),
}
COLUMNS = [(table, column) for table, (keys, rest) in TABLES.items() for column in (*keys, *rest)]


class Unchanged(Exception):
    """The database itself refused the edit."""


class Edit:
    """What an administrator types; statements are written with `?`."""

    def __init__(self, run: Callable[[str, Sequence[Any]], Any]) -> None:
        self._run = run

    def __call__(self, sql: str, *values: Any) -> None:
        """Run a statement."""
        self._run(sql, values)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return [tuple(row) for row in self._run(sql, values).fetchall()]


class Sqlite:
    """Copies of a ledger in a file."""

    dialect = "sqlite"

    def __init__(self, template: Path, folder: Path, vault: Vault) -> None:
        self.vault = vault
        self._template = template
        self._folder = folder
        self._count = 0

    def copy(self) -> str:
        """A new copy, as a target."""
        self._count += 1
        path = self._folder / f"copy{self._count}.db"
        shutil.copyfile(self._template, path)
        return str(path)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the untouched ledger holds."""
        with closing(sqlite3.connect(self._template)) as raw:
            return [tuple(row) for row in raw.execute(sql, values)]

    @contextmanager
    def edited(self, target: str, *, loose: bool = False) -> Iterator[Edit]:
        """Edit a copy behind its guards; `loose` also takes types and NOT NULL off the columns meanwhile."""
        with sqlite3.connect(target, isolation_level=None) as raw:
            raw.execute("PRAGMA synchronous = OFF")
            kept = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in kept:
                raw.execute(f"DROP TRIGGER {name}")
        words = _rewrite_schema(target, _loosened) if loose else {}
        raw = sqlite3.connect(target, isolation_level=None)
        raw.execute("PRAGMA synchronous = OFF")
        try:
            yield Edit(raw.execute)
        except sqlite3.IntegrityError as error:
            raise Unchanged(str(error)) from None
        finally:
            raw.close()
        if loose:
            _rewrite_schema(target, lambda name, _: words[name])
        with sqlite3.connect(target, isolation_level=None) as raw:
            for name, sql in kept:
                if not raw.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone():
                    raw.execute(sql)
        raw.close()

    def verified(self, target: str, *, heads: Sequence[OutsideHead] = (), keys: bool = True) -> Verification:
        """What verify says of a copy, with the vault's keys or without."""
        return verified(target, heads=heads, vault=self.vault if keys else None)

    def tampered(self, edit: Callable[[Edit], None], *, loose: bool = False, keys: bool = True) -> Verification:
        """What verify says of a copy so edited."""
        target = self.copy()
        with self.edited(target, loose=loose) as session:
            edit(session)
        found = self.verified(target, keys=keys)
        for path in Path(target).parent.glob(f"{Path(target).name}*"):
            path.unlink()
        return found


def _loosened(name: str, sql: str) -> str:
    """The table without STRICT and without column types, but for the column that is the row's own number."""
    if name not in TABLES:
        return sql
    rowid = {"entries": "seq", "seals": "size", "facts": "seq"}.get(name)
    sql = re.sub(r"(\w+) (?:INTEGER|BLOB|TEXT) NOT NULL", lambda m: m[0] if m[1] == rowid else m[1], sql)
    return re.sub(r",?\s*STRICT\s*$", "", sql)


def _rewrite_schema(target: str, change: Callable[[str, str], str]) -> dict[str, str]:
    """Write other words into the schema; returns the words it had."""
    with sqlite3.connect(target, isolation_level=None) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        kept = dict(raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
        for name, sql in kept.items():
            raw.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (change(name, sql), name))
        (version,) = raw.execute("PRAGMA schema_version").fetchone()
        raw.execute(f"PRAGMA schema_version = {version + 1}")
        raw.execute("PRAGMA writable_schema = OFF")
    raw.close()
    return kept


class Postgres:
    """Copies of a ledger in a database of a cluster."""

    dialect = "postgresql"

    def __init__(self, template: str, cluster: Cluster, vault: Vault) -> None:
        self.vault = vault
        self._template = template
        self._cluster = cluster
        self._count = 0
        self._database: Database | None = None

    def copy(self) -> str:
        """A new copy, as a target."""
        import psycopg

        self._count += 1
        name = f"copy_{self._template}_{self._count}"
        with psycopg.connect(self._cluster.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return self._cluster.url(name)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the untouched ledger holds."""
        database = self._opened()
        with database.reading() as connection:
            return [tuple(row) for row in database.all(connection, sql, values)]

    @contextmanager
    def edited(self, target: str, *, loose: bool = False) -> Iterator[Edit]:
        """Edit a copy behind its guards, and commit."""
        assert not loose
        database = open_database(target)
        with database.engine.connect() as connection, connection.begin(), _unguarded(database, connection) as edit:
            yield edit
        database.close()

    def verified(self, target: str, *, heads: Sequence[OutsideHead] = (), keys: bool = True) -> Verification:
        """What verify says of a copy, with the vault's keys or without."""
        return verified(target, heads=heads, vault=self.vault if keys else None)

    def tampered(self, edit: Callable[[Edit], None], *, loose: bool = False, keys: bool = True) -> Verification:
        """What verify says of a copy so edited; the copy is a transaction that is rolled back."""
        assert not loose
        database = self._opened()
        with database.engine.connect() as connection:
            transaction = connection.begin()
            try:
                with _unguarded(database, connection) as session:
                    edit(session)
                return verify(database, connection, now=LATER, heads=[], vault=self.vault if keys else None)
            except IntegrityFailed as error:
                return _failed(error)
            finally:
                transaction.rollback()

    def _opened(self) -> Database:
        """One copy that every edit that is rolled back shares."""
        if self._database is None:
            self._database = open_database(self.copy())
        return self._database

    def close(self) -> None:
        """Give the connection back."""
        if self._database:
            self._database.close()


@contextmanager
def _unguarded(database: Database, connection: Connection) -> Iterator[Edit]:
    from sqlalchemy.exc import IntegrityError

    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    try:
        yield Edit(lambda sql, values: connection.exec_driver_sql(database.sql(sql), tuple(values) or None))
    except IntegrityError as error:
        raise Unchanged(str(error.orig)) from None
    connection.exec_driver_sql("SET LOCAL session_replication_role = origin")


Bench = Sqlite | Postgres


def verified(target: str, *, heads: Sequence[OutsideHead] = (), now: str = LATER, vault: Vault | None = None) -> Verification:
    """What verify says of a ledger, failures that end it early included."""
    database = open_database(target)
    try:
        with database.reading() as connection:
            return verify(database, connection, now=now, heads=list(heads), vault=vault)
    except IntegrityFailed as error:
        return _failed(error)
    finally:
        database.close()


def _failed(error: LedgerError) -> Verification:
    problems = error.problems
    return Verification(
        ok=False, verdict="failed", origin="", ledger_id="", size=0, root="", checks=[], problems=problems,
        problems_total=len(problems), counts={}, cannot_exclude=[], lost=[], roots={}, warnings=[], entries_per_s=0,
    )  # fmt: skip


def told(found: Verification) -> list[str]:
    """The findings as short words, for a failing test."""
    return [f"{p['code']} {p.get('seq', '-')}: {p['message']}"[:160] for p in found.problems[:6]]


def opened(target: str, clock: Any, entropy: Any) -> Ledger:
    """The honest client on a copy."""
    return Ledger.open(target, clock=clock, entropy=entropy)
