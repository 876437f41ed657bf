"""Copies of a ledger file, edited behind its guards by someone who has the file."""

import re
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class Unchanged(Exception):
    """The database itself refused the edit."""


class Bench:
    """Copies of a template."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._template, self._folder, self._count = template, folder, 0

    def copy(self) -> str:
        """A new copy."""
        self._count += 1
        path = self._folder / f"copy{self._count}.db"
        shutil.copyfile(self._template, path)
        return str(path)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the template."""
        raw = sqlite3.connect(self._template)
        try:
            return raw.execute(sql).fetchall()
        finally:
            raw.close()

    def edit(self, target: str, statements: Sequence[tuple[str, Sequence[Any]]], *, loose: bool = False) -> None:
        """Run statements with the triggers off; `loose` also takes types and NOT NULL off the columns."""
        raw = sqlite3.connect(target, isolation_level=None)
        raw.execute("PRAGMA synchronous = OFF")
        kept = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in kept:
            raw.execute(f"DROP TRIGGER {name}")
        if loose:
            raw = _loosened(raw, target)
        try:
            for sql, values in statements:
                raw.execute(sql, tuple(values))
        except (sqlite3.IntegrityError, OverflowError) as error:
            raise Unchanged(str(error)) from None
        else:
            for _, sql in kept:
                raw.execute(sql)
        finally:
            raw.close()


def _loosened(raw: sqlite3.Connection, target: str) -> sqlite3.Connection:
    """A new connection, to tables that take any type in any column but the row's own number."""
    raw.execute("PRAGMA writable_schema = ON")
    for name in ("entries", "seals"):
        (sql,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        own = {"entries": "seq", "seals": "size"}[name]
        sql = re.sub(r"(\w+) (?:INTEGER|BLOB|TEXT) NOT NULL", lambda m, own=own: m[0] if m[1] == own else m[1], sql)
        raw.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (re.sub(r",?\s*STRICT\s*$", "", sql), name))
    (version,) = raw.execute("PRAGMA schema_version").fetchone()
    raw.execute(f"PRAGMA schema_version = {version + 1}")
    raw.close()
    return sqlite3.connect(target, isolation_level=None)
