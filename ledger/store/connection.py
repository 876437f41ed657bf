"""What the store asks of a connection: SQLAlchemy's has it, and so has the standard library's behind `SqliteConnection`."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Driver(Protocol):
    """A connection of the driver itself."""

    def cursor(self) -> Any:
        """A cursor of the driver."""


class Connection(Protocol):
    """A connection inside a transaction."""

    @property
    def connection(self) -> Driver:
        """The driver's."""

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> Any:
        """Run a statement in the driver's own style; its rows can be fetched and iterated."""


class SqliteConnection:
    """SQLite by the standard library; nothing is loaded for it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> sqlite3.Cursor:
        """Run a statement."""
        return self.connection.execute(statement, parameters or ())


class SqlitePool:
    """Connections to one file, kept open between transactions; a thread that needs one while all are taken gets another."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._idle: list[SqliteConnection] = []

    @contextmanager
    def taken(self) -> Iterator[SqliteConnection]:
        """A connection that nobody else uses; what it left open is rolled back."""
        connection = self._idle.pop() if self._idle else SqliteConnection(self._connect())
        try:
            yield connection
        finally:
            if connection.connection.in_transaction:
                connection.connection.rollback()
            self._idle.append(connection)

    def close(self) -> None:
        """Close those that nobody uses."""
        while self._idle:
            self._idle.pop().connection.close()
