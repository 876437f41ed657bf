"""Finding entries, and saying one whole."""

from typing import Any

import msgspec

from ledger.book.references import entry_at
from ledger.chain.header import parse_books
from ledger.store.session import Session


def find(session: Session, *, kind: str | None = None, subject: str | None = None, officer: str | None = None,
         since: str | None = None, until: str | None = None, book: str | None = None, at: int | None = None,
         as_of: str | None = None, limit: int | None = None) -> list[dict[str, Any]]:  # fmt: skip
    """Entries in order, as `describe` says them."""
    condition, parameters = "1 = 1", []
    for column, sign, value in (
        ("kind", "=", kind), ("subject", "=", subject), ("officer", "=", officer), ("occurred_on", ">=", since),
        ("occurred_on", "<=", until), ("occurred_on", "<=", as_of), ("seq", "<", at),
    ):  # fmt: skip
        if value is not None:
            condition += f" AND {column} {sign} ?"
            parameters.append(value)
    found: list[dict[str, Any]] = []
    for (seq,) in session.database.all(
        session.connection, f"SELECT seq FROM facts WHERE {condition} ORDER BY seq", tuple(parameters)
    ):
        entry = describe(session, seq)
        if book is None or any(book in (name, name.partition("/")[0]) for name in entry["books"]):
            found.append(entry)
            if limit is not None and len(found) >= limit:
                break
    return found


def describe(session: Session, seq: int) -> dict[str, Any]:
    """One entry: position, id, kind, dates, officer, books, data, moves, leaf, and what has become of it."""
    named = entry_at(session.state, seq)
    content = named.content
    key = session.state.key(content.author)
    raw = msgspec.json.decode(session.history.entry(seq)[1])
    entry = {
        "seq": seq, "id": content.id, "kind": content.kind, "occurred_on": content.occurred_on, "at": named.header.at,
        "officer": key.officer if key else "", "status": status_of(session, seq),
        "books": [name for name, _ in parse_books(named.header.books)], "data": raw["data"], "moves": raw["moves"],
        "amount_fen": sum(move["n"] for move in raw["moves"] if move.get("unit") == "CNY") or None,
        "leaf": session.history.entry(seq)[2].hex(),
    }  # fmt: skip
    return entry


def status_of(session: Session, seq: int) -> str:
    """`effective`, `waiting`, `confirmed by #n`, `cancelled by #n`, `reversed by #n`, `suspect`, or `void`."""
    key = str(seq)
    suspect = session.state.get("suspect", key)
    if suspect and suspect.by < 0:
        return "suspect"
    void, taken, waiting = (session.state.get(sort, key) for sort in ("void", "reversed", "waiting"))
    if void:
        return "void, acknowledged" if void.acknowledged else "void"
    if taken:
        return f"reversed by #{taken.by}"
    if waiting:
        return "waiting" if waiting.status == "waiting" else f"{waiting.status} by #{waiting.by}"
    return "effective"
