"""Projections: what can be thrown away and made again from the entries, and how rows follow from an entry."""

from typing import Any

import msgspec

from ledger.book.apply import Outcome, apply
from ledger.book.objects import to_text
from ledger.book.references import SALT, entry_at, position_of
from ledger.book.state import State
from ledger.calendar import is_date
from ledger.chain.header import parse_header
from ledger.errors import IntegrityFailed
from ledger.kinds.codec import Content, decode_content, envelope_fault
from ledger.kinds.declare import KINDS
from ledger.store.connection import Connection
from ledger.store.database import Database
from ledger.store.schema import PROJECTIONS
from ledger.store.session import Session

FACT_COLUMNS = ("seq", "id", "kind", "officer", "occurred_on", "at", "subject", "status")
MAX_STEPS = 8  # a confirmation of a reversal of an approval names its payment in three
MOVE_COLUMNS = ("seq", "i", "source", "target", "unit", "quota", "n")


class Rows(msgspec.Struct):
    """The rows that a run of entries adds."""

    facts: list[tuple[Any, ...]] = []
    moves: list[tuple[Any, ...]] = []


def rows_of(
    state: State, seq: int, at: str, content: Content, outcome: Outcome
) -> tuple[tuple[Any, ...], list[Any]]:
    """The row of `facts` and the rows of `moves` of an entry just applied; what is malformed is left out of them."""
    key = state.key(content.author)
    id = "" if content.fault and envelope_fault(content.id, SALT) else content.id
    kind = content.kind if content.kind in KINDS else ""
    day = content.occurred_on if is_date(content.occurred_on) else ""
    status = "void" if outcome.breach else "waiting" if outcome.waits else "effective"
    fact = (seq, id, kind, key.officer if key else "", day, at,
            subject_of(state, seq, content), status)  # fmt: skip
    moves = [
        (seq, i, move.source, move.target, move.unit, move.quota, move.n)
        for i, move in enumerate(outcome.moves)
    ]
    return fact, moves


def subject_of(state: State, seq: int, content: Content) -> str:
    """The object an entry is chiefly about; of an entry about an earlier one, what that one is about."""
    for _ in range(MAX_STEPS):
        info = KINDS.get(content.kind)
        if info is None or info.subject is None or content.event is None:
            return ""
        value, sort = getattr(content.event, info.subject.attribute), info.subject.sort
        if sort != "entry":
            return _subject(state, sort, value)
        earlier = position_of(state, value.entry)
        if earlier is None or earlier >= seq:
            return ""
        seq, content = earlier, entry_at(state, earlier).content
    return ""


def _subject(state: State, sort: str, value: Any) -> str:
    if sort == "payment":
        payment = state.get("payment", value)
        return payment.project if payment else str(value)
    if isinstance(value, list):
        return str(value[0].quota) if value else ""
    return str(value)


def write(database: Database, connection: Connection, state: State, rows: Rows, size: int) -> None:
    """Store rows and the changed state, and note the size the projections now stand at."""
    database.many(
        connection,
        f"INSERT INTO facts ({', '.join(FACT_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows.facts,
    )
    database.many(
        connection, f"INSERT INTO moves ({', '.join(MOVE_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows.moves
    )
    objects, balances = state.changes()
    database.many(
        connection,
        "INSERT INTO objects (sort, id, value) VALUES (?, ?, ?) "
        "ON CONFLICT (sort, id) DO UPDATE SET value = excluded.value",
        [(sort, id, to_text(value)) for (sort, id), value in objects.items() if value is not None],
    )
    database.many(
        connection,
        "INSERT INTO balances (account, unit, quota, n) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (account, unit, quota) DO UPDATE SET n = excluded.n",
        [(*key, n) for key, n in balances.items() if n],
    )
    database.many(
        connection,
        "DELETE FROM balances WHERE account = ? AND unit = ? AND quota = ?",
        [key for key, n in balances.items() if not n],
    )
    database.many(connection, "UPDATE projections SET size = ? WHERE name = 'all'", [(size,)])
    state.forget_log()


def catch_up(session: Session) -> None:
    """Apply the entries that lie beyond where the projections stand, as another's client may have left them."""
    database, connection = session.database, session.connection
    at_size = standing(database, connection)
    if at_size == session.size:
        return
    if at_size < 0 or at_size > session.size:
        raise IntegrityFailed("INV-13.STANDING:elsewhere")
    replay(session, at_size)


def replay(session: Session, first: int) -> None:
    """Apply the entries from `first` to the head and store what follows from them."""
    database, connection, state = session.database, session.connection, session.state
    rows = Rows([], [])
    for seq in range(first, session.size):
        raw_header, raw, leaf = session.history.stored(seq)
        try:
            header, content = parse_header(raw_header), decode_content(raw, session.origin)
        except ValueError as error:
            raise IntegrityFailed("INV-01.BYTES:damaged", seq=seq, why=error) from None
        outcome = apply(state, seq, header.at, content, header.books)
        fact, moves = rows_of(state, seq, header.at, content, outcome)
        rows.facts.append(fact)
        rows.moves += moves
        session.history.add(seq, content.id, raw_header, raw, leaf)
        if len(rows.facts) == 5000:
            write(database, connection, state, rows, seq + 1)
            rows = Rows([], [])
    write(database, connection, state, rows, session.size)


def clear(database: Database, connection: Connection) -> None:
    """Throw all projections away."""
    for table in PROJECTIONS:
        connection.exec_driver_sql(f"DELETE FROM {table}")
    connection.exec_driver_sql("INSERT INTO projections (name, size) VALUES ('all', 0)")


def standing(database: Database, connection: Connection) -> int:
    """The size the projections stand at, or -1 where the row is damaged."""
    rows = database.all(connection, "SELECT name, size FROM projections")
    return int(rows[0][1]) if len(rows) == 1 and rows[0][0] == "all" and isinstance(rows[0][1], int) else -1
