"""Connections to the two databases: how one opens, begins, commits, and what its errors mean here."""

import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

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
from ledger.words import os_fault

BUSY_SECONDS = 10
_POSTGRES = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://", re.ASCII)
_SQLITE_HEADER = b"SQLite format 3\x00"


class Database:
    """One database, of either dialect. `where` names it for people, without any password."""

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine = engine
        self.where = where
        self.dialect = engine.dialect.name

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
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database."""
        with _errors(self.where), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN")
                yield connection
                connection.exec_driver_sql("ROLLBACK")
            else:
                yield connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write, from its first statement to its commit; rolled back on any error."""
        with _errors(self.where), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                yield from _write_sqlite(connection)
            else:
                yield from _write_postgres(connection)

    @contextmanager
    def founding(self) -> Iterator[Connection]:
        """A connection that may write to a database that has no tables yet."""
        with _errors(self.where), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                yield from _write_sqlite(connection)
                return
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
        return cursor.fetchall()  # type: ignore[return-value]

    def one(self, connection: Connection, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        """The first row of a query written with `?`, or None."""
        cursor = connection.connection.cursor()
        cursor.execute(self.sql(sql), parameters)
        return cursor.fetchone()

    def sql(self, sql: str) -> str:
        """A statement written with `?` in the driver's own style."""
        return sql if self.dialect == "sqlite" else sql.replace("?", "%s")


def _write_sqlite(connection: Connection) -> Iterator[Connection]:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        if connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
            connection.exec_driver_sql("ROLLBACK")
        raise
    try:
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        if connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
            connection.exec_driver_sql("ROLLBACK")
        raise


def _write_postgres(connection: Connection) -> Iterator[Connection]:
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
    with _errors(where):
        engine = create_engine(
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
    return Database(engine, where)


def _open_sqlite(path: Path, *, create: bool, read_only: bool) -> Database:
    _require_regular(path, create=create)
    mode = "ro" if read_only or (not create and not os.access(path, os.W_OK)) else "rwc" if create else "rw"
    address = f"file:{_escaped(path)}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    engine = create_engine("sqlite://", creator=connect, hide_parameters=True, isolation_level="AUTOCOMMIT")
    if mode != "ro":

        @event.listens_for(engine, "connect")
        def _durable(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")

    if create:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        os.chmod(path, 0o600)
    return Database(engine, str(path))


def _require_regular(path: Path, *, create: bool) -> None:
    try:
        found = path.stat()
    except FileNotFoundError:
        if create and path.parent.is_dir():
            return
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
    except DBAPIError as error:
        raise _translated(error, where) from error
    except SQLAlchemyError as error:
        raise StorageTrouble("STORAGE:database", where=where, name=type(error).__name__) from error
    except sqlite3.Error as error:
        raise _sqlite_trouble(error, where) from error
    except Exception as error:  # psycopg is imported only where it is used
        if not hasattr(error, "sqlstate"):
            raise
        raise _postgres_trouble(error, where) from error


def _translated(error: DBAPIError, where: str) -> LedgerError:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _sqlite_trouble(original, where)
    return _postgres_trouble(original, where)


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
    if code == sqlite3.SQLITE_READONLY:
        return StorageTrouble("STORAGE.READ_ONLY", where=where)
    if "decode to UTF-8" in str(error):
        return IntegrityFailed("INV-13.TEXT", where=where)
    if code == sqlite3.SQLITE_ERROR and "no such" in str(error):
        return VersionMismatch("VERSION.SCHEMA", where=where)
    return StorageTrouble("STORAGE:database", where=where, name=getattr(error, "sqlite_errorname", type(error).__name__))
