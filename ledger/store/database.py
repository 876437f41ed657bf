"""Connections to the two databases: how one opens, begins, commits, and what its errors mean here."""

import os
import re
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.errors import (
    Busy,
    InputRejected,
    IntegrityFailed,
    LedgerError,
    NotFound,
    OutcomeUnknown,
    Refused,
    StorageTrouble,
    VersionMismatch,
)
from ledger.store.connection import Connection, SqlitePool
from ledger.words import os_fault

if TYPE_CHECKING:
    from sqlalchemy import Connection as AlchemyConnection
    from sqlalchemy import Engine

BUSY_SECONDS = 10
_POSTGRES = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://", re.ASCII)
_SQLITE_HEADER = b"SQLite format 3\x00"


class Database:
    """One database, of either dialect. `where` names it for people, without any password.

    SQLite is read and appended to by the standard library's driver; SQLAlchemy is loaded for a server, and where Alembic
    makes or alters tables. `recovered` says that SQLite found a log or a journal beside the file when it was opened: what it
    made of them has not been compared with the entries yet.
    """

    def __init__(self, where: str, make_engine: "Callable[[], Engine]", sqlite: SqlitePool | None = None, *,
                 recovered: bool = False, still: Path | None = None) -> None:  # fmt: skip
        """`still` is a file that is read as one that nobody writes."""
        self.where = where
        self.dialect = "postgresql" if sqlite is None else "sqlite"
        self.recovered = recovered
        self._sqlite = sqlite
        self._make_engine = make_engine
        self._still = still

    @cached_property
    def engine(self) -> "Engine":
        """SQLAlchemy's."""
        return self._make_engine()

    def discard(self) -> None:
        """Close, and remove the file of a founding that failed; a server's database stands as it was."""
        self.close()
        if self.dialect == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(self.where + suffix).unlink(missing_ok=True)

    def translating(self) -> AbstractContextManager[None]:
        """What turns a driver's error into one of ours."""
        return _errors(self.where)

    def close(self) -> None:
        """Give back all connections."""
        if self._sqlite is not None:
            self._sqlite.close()
        if "engine" in self.__dict__:
            self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database."""
        with _errors(self.where):
            if self._sqlite is not None:
                if self._still:  # what an immutable connection has read it never reads again
                    self._sqlite.close()
                with self._sqlite.taken() as connection:
                    before = _look(self._still)
                    connection.exec_driver_sql("BEGIN")
                    yield connection
                    connection.exec_driver_sql("ROLLBACK")
                    if _look(self._still) != before:
                        raise Busy("BUSY:written_meanwhile", where=self.where)
                return
            with self.engine.connect() as server:
                yield server.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write, from its first statement to its commit; rolled back on any error."""
        with _errors(self.where):
            if self._sqlite is not None:
                with self._sqlite.taken() as connection:
                    yield from _write_sqlite(connection)
                return
            with self.engine.connect() as server:
                yield from _write_postgres(server)

    @contextmanager
    def altering(self) -> "Iterator[AlchemyConnection]":
        """A connection as `writing` gives, for Alembic to alter tables by."""
        with _errors(self.where), self.engine.connect() as connection:
            yield from _write_sqlite(connection) if self.dialect == "sqlite" else _write_postgres(connection)

    @contextmanager
    def founding(self) -> "Iterator[AlchemyConnection]":
        """A connection that may write to a database that has no tables yet."""
        with _errors(self.where), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                yield from _write_sqlite(connection)
                return
            from sqlalchemy import inspect

            with connection.begin():
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20150101)")
                if inspect(connection).get_table_names(schema="public"):
                    raise Refused("REFUSED.EXISTS:server", where=self.where)
                yield connection

    def many(self, connection: Connection, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Run one statement, written with `?`, for many rows of parameters."""
        if rows:
            connection.connection.cursor().executemany(self.sql(sql), rows)

    def all(self, connection: Connection, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        """The rows of a query written with `?`, by the driver itself: a look-up costs a tenth."""
        cursor = connection.connection.cursor()
        cursor.execute(self.sql(sql), parameters)
        found: list[Any] = cursor.fetchall()
        return found

    def one(self, connection: Connection, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        """The first row of a query written with `?`, or None."""
        cursor = connection.connection.cursor()
        cursor.execute(self.sql(sql), parameters)
        return cursor.fetchone()

    def sql(self, sql: str) -> str:
        """A statement written with `?` in the driver's own style."""
        return sql if self.dialect == "sqlite" else sql.replace("?", "%s")


def _write_sqlite(connection: Any) -> Iterator[Any]:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        driver: Any = connection.connection
        if getattr(driver, "dbapi_connection", driver).in_transaction:
            connection.exec_driver_sql("ROLLBACK")
        raise


def _write_postgres(connection: "AlchemyConnection") -> "Iterator[AlchemyConnection]":
    from sqlalchemy.exc import DBAPIError

    with connection.begin() as transaction:
        connection.exec_driver_sql("SELECT size FROM projections WHERE name = 'all' FOR UPDATE")
        yield connection
        try:
            transaction.commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise OutcomeUnknown("OUTCOME_UNKNOWN") from None
            raise


def open_database(target: str, *, create: bool = False, read_only: bool = False) -> Database:
    """The database at a path or `postgresql://…` URL.

    Raises:
        NotFound: no such file.
        InputRejected: the file is not a database.
        StorageTrouble: it cannot be opened or reached.
    """
    if _POSTGRES.match(target):
        return _open_postgres(target)
    if "://" in target:
        raise InputRejected("INPUT.LEDGER:scheme", scheme=target.partition(":")[0])
    return _open_sqlite(Path(target), create=create, read_only=read_only)


def require_new(target: str) -> None:
    """Check that a file may become a new ledger; a server is asked when it is founded. Raises as `open_database` does."""
    if "://" not in target:
        _require_regular(Path(target), create=True)


def _open_postgres(url: str) -> Database:
    where = re.sub(r"//[^@/]*@", "//", url)

    def engine() -> "Engine":
        from sqlalchemy import create_engine

        if find_spec("psycopg") is None:
            raise StorageTrouble("STORAGE:driver", where=where)
        with _errors(where):
            return create_engine(
                _POSTGRES.sub("postgresql+psycopg://", url, count=1),
                hide_parameters=True,
                pool_pre_ping=False,
                connect_args={
                    "connect_timeout": BUSY_SECONDS,
                    # Lying tables in another schema, temporary ones first of all, are not looked at.
                    "options": f"-c search_path=public,pg_temp -c lock_timeout={BUSY_SECONDS}s -c timezone=UTC",
                    "application_name": "sunledger",
                },
            )

    return Database(where, engine)


def _open_sqlite(path: Path, *, create: bool, read_only: bool) -> Database:
    _require_regular(path, create=create)
    mode = "ro" if read_only or not (create or _may_write(path)) else "rwc" if create else "rw"
    recovered = any(_size_beside(path, suffix) for suffix in ("-wal", "-journal"))
    # SQLite wants to write a `-shm` even to read. Where it cannot, and nothing stands in a log, the file is all there is.
    still = path if mode == "ro" and not recovered and not _may_write(path.parent) else None
    address = f"file:{_escaped(path)}?mode={mode}{'&immutable=1' if still else ''}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA secure_delete = ON")
        if mode != "ro":
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        return connection

    def engine() -> "Engine":
        from sqlalchemy import create_engine

        return create_engine("sqlite://", creator=connect, hide_parameters=True, isolation_level="AUTOCOMMIT")

    if create:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        os.chmod(path, 0o600)
    return Database(str(path), engine, SqlitePool(connect), recovered=recovered, still=still)


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _size_beside(path: Path, suffix: str) -> int:
    try:
        return path.with_name(path.name + suffix).stat().st_size
    except OSError:
        return 0


def _look(file: Path | None) -> tuple[int, ...]:
    """What changes when a file is written, or its log begins."""
    if file is None:
        return ()
    found = file.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, _size_beside(file, "-wal")


def _require_regular(path: Path, *, create: bool) -> None:
    try:
        found = path.stat()
    except FileNotFoundError:
        if create and path.parent.is_dir():
            return
        if create:
            raise NotFound("NOT_FOUND.FOLDER", path=path.parent) from None
        raise NotFound("NOT_FOUND.LEDGER", path=path) from None
    except OSError as error:
        raise StorageTrouble("STORAGE:file", path=path, why=os_fault(error)) from None
    if not stat.S_ISREG(found.st_mode):
        raise InputRejected("INPUT.LEDGER:sort", path=path)
    if create:
        if found.st_size:
            raise Refused("REFUSED.EXISTS", where=path)
        return
    with path.open("rb") as file:
        if file.read(16) != _SQLITE_HEADER:
            raise VersionMismatch("VERSION.FILE", path=path)


def _escaped(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


@contextmanager
def _errors(where: str) -> Iterator[None]:
    try:
        yield
    except LedgerError:
        raise
    except sqlite3.Error as error:
        raise _sqlite_trouble(error, where) from error
    except Exception as error:
        known = _translated(error, where)
        if known is None:
            raise
        raise known from error


def _translated(error: Exception, where: str) -> LedgerError | None:
    """What an error of SQLAlchemy or psycopg means; neither is loaded for the question."""
    alchemy = sys.modules.get("sqlalchemy.exc")
    if alchemy is not None and isinstance(error, alchemy.DBAPIError):
        original = error.orig
        return _sqlite_trouble(original, where) if isinstance(original, sqlite3.Error) else _postgres_trouble(original, where)
    if alchemy is not None and isinstance(error, alchemy.SQLAlchemyError):
        return StorageTrouble("STORAGE:database", where=where, name=type(error).__name__)
    return _postgres_trouble(error, where) if hasattr(error, "sqlstate") else None


def _postgres_trouble(original: BaseException | None, where: str) -> LedgerError:
    state = getattr(original, "sqlstate", None) or ""
    if state in ("55P03", "40001", "40P01", "57014", "53300", "57P01"):
        return Busy("BUSY:server", where=where, state=state)
    if state in ("42P01", "42703", "3F000"):
        return VersionMismatch("VERSION.SCHEMA", where=where)
    if state == "3D000" or (not state and re.search(r'database ".*" does not exist', str(original))):
        return NotFound("NOT_FOUND.LEDGER:server", where=where)
    if state in _SERVER:
        return StorageTrouble(_SERVER[state], where=where)
    if not state or state[:2] in ("08", "28"):
        return StorageTrouble("STORAGE:unreachable", where=where)
    return StorageTrouble("STORAGE:server", where=where, state=state)


_SERVER = {"53100": "STORAGE.FULL", "25006": "STORAGE:read_only", "42501": "STORAGE:rights"}


def _sqlite_trouble(error: sqlite3.Error, where: str) -> LedgerError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy("BUSY", where=where)
    if code == sqlite3.SQLITE_NOTADB:
        return VersionMismatch("VERSION.FILE:database", where=where)
    if code == sqlite3.SQLITE_FULL:
        return StorageTrouble("STORAGE.FULL", where=where)
    if code == sqlite3.SQLITE_CORRUPT:
        return StorageTrouble("STORAGE.DAMAGED", where=where)
    if code == sqlite3.SQLITE_IOERR:
        return StorageTrouble("STORAGE.IO", where=where)
    if code == sqlite3.SQLITE_CANTOPEN:
        logged = bool(_size_beside(Path(where), "-wal"))
        return StorageTrouble("STORAGE.CANNOT_OPEN:log" if logged else "STORAGE.CANNOT_OPEN", where=Path(where))
    if code == sqlite3.SQLITE_READONLY:
        return StorageTrouble("STORAGE.READ_ONLY", where=where)
    if "decode to UTF-8" in str(error):
        return IntegrityFailed("INV-13.TEXT", where=where)
    if code == sqlite3.SQLITE_ERROR and "no such" in str(error):
        return VersionMismatch("VERSION.SCHEMA", where=where)
    return StorageTrouble("STORAGE:database", where=where, name=getattr(error, "sqlite_errorname", type(error).__name__))
