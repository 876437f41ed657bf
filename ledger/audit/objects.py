"""Many objects and positions looked up at once, past the state's memory: what a page shows is kept no longer than the page."""

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.book.objects import from_text
from ledger.errors import IntegrityFailed
from ledger.store.session import Session

CHUNK = 500


def chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    """The distinct items, at most `CHUNK` at a time."""
    rest = list(dict.fromkeys(items))
    for start in range(0, len(rest), CHUNK):
        yield rest[start : start + CHUNK]


def marks(part: list[Any]) -> str:
    """So many places for parameters."""
    return ",".join("?" * len(part))


def objects_of(session: Session, sort: str, ids: Iterable[str]) -> dict[str, Any]:
    """The objects of a sort among `ids` that there are."""
    found: dict[str, Any] = {}
    for part in chunks(ids):
        sql = f"SELECT id, value FROM objects WHERE sort = ? AND id IN ({marks(part)})"
        for id, value in session.database.all(session.connection, sql, (sort, *part)):
            found[id] = decoded(sort, id, value)
    return found


def projects_of(session: Session, holders: Iterable[str]) -> dict[str, str]:
    """By holder of an account the project that it is, or that the payment it is belongs to; bodies are left out."""
    known = list(holders)
    found = {id: id for id in objects_of(session, "project", known)}
    return found | {id: str(of.project) for id, of in objects_of(session, "payment", known).items()}


def decoded(sort: str, id: str, value: str) -> Any:
    """An object from its row. Raises IntegrityFailed where the projection is damaged."""
    try:
        return from_text(sort, value)
    except (ValueError, TypeError):
        raise IntegrityFailed("INV-13.OBJECTS:damaged", sort=sort, id=id) from None


def seqs_of(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Where the first entry of each id stands."""
    found: dict[str, int] = {}
    for part in chunks(ids):
        sql = f"SELECT id, MIN(seq) FROM facts WHERE id IN ({marks(part)}) GROUP BY id"
        found |= dict(tuple(row) for row in session.database.all(session.connection, sql, tuple(part)))
    return found
