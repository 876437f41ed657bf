"""Finding entries, and saying them whole: page by page, so that a long journal costs what is shown of it."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from ledger.audit.page import Page
from ledger.store.session import Session

CHUNK = 500


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are asked for; None asks nothing.

    `since` and `until` are business dates, `recorded_since` and `recorded_before` UTC times as headers write them;
    `at` sees the ledger as it stood with so many entries; `before` and `after` are positions, both exclusive.
    """

    kind: str | None = None
    subject: str | None = None
    officer: str | None = None
    since: str | None = None
    until: str | None = None
    as_of: str | None = None
    recorded_since: str | None = None
    recorded_before: str | None = None
    book: str | None = None
    at: int | None = None
    before: int | None = None
    after: int | None = None
    text: str | None = None
    payee: str | None = None
    over: int | None = None
    under: int | None = None
    waiting: bool = False


EVERYTHING = Wanted()


def entries(session: Session, wanted: Wanted = EVERYTHING, *, newest_first: bool = False, limit: int | None = None) -> Iterator[dict[str, Any]]:  # fmt: skip
    """The entries that are wanted, one by one, as `describe` says them; at most `limit`, from the end one begins at."""
    condition, parameters = _condition(session, wanted)
    sign, order, last = ("<", "DESC", session.size) if newest_first else (">", "ASC", -1)
    sql = f"SELECT seq FROM facts WHERE {condition} AND seq {sign} ? ORDER BY seq {order} LIMIT ?"
    suits = _tests(wanted)
    left = session.size if limit is None else limit
    while left > 0:
        size = CHUNK if suits else min(CHUNK, left)
        seqs = [seq for (seq,) in session.database.all(session.connection, sql, (*parameters, last, size))]
        if not seqs:
            return
        for entry in Page(session, seqs, wanted.at).entries():
            if all(suit(entry) for suit in suits):
                yield entry
                left -= 1
                if not left:
                    return
        last = seqs[-1]


def page(session: Session, wanted: Wanted, limit: int, *, newest_first: bool = False) -> Iterator[dict[str, Any]]:
    """`limit` entries: those after `wanted.after`, where that is said, else the last ones; in either order."""
    if wanted.after is not None and wanted.before is None:
        found = entries(session, wanted, limit=limit)
        return iter(list(found)[::-1]) if newest_first else found
    found = entries(session, wanted, newest_first=True, limit=limit)
    return found if newest_first else iter(list(found)[::-1])


def count(session: Session, wanted: Wanted) -> int | None:
    """How many entries are wanted; None where only looking at each would tell."""
    if _tests(wanted):
        return None
    if wanted in (EVERYTHING, msgspec.structs.replace(EVERYTHING, before=wanted.before)):
        return session.size if wanted.before is None else min(wanted.before, session.size)
    condition, parameters = _condition(session, wanted)
    (found,) = session.database.one(session.connection, f"SELECT COUNT(*) FROM facts WHERE {condition}", tuple(parameters))
    return int(found)


def between(session: Session, first: int, size: int) -> Iterator[dict[str, Any]]:
    """The entries that a ledger of `first` entries had not yet, and one of `size` has."""
    return entries(session, Wanted(after=first - 1, before=size))


def find(session: Session, *, limit: int | None = None, **wanted: Any) -> list[dict[str, Any]]:
    """Entries in order, all at once; the keywords are those of `Wanted`."""
    return list(entries(session, Wanted(**wanted), limit=limit))


def describe(session: Session, seq: int) -> dict[str, Any]:
    """One entry: position, id, kind, dates, officer, books, data, moves, leaf, and what has become of it.

    `amount_fen` is what it proposes or moves, in the entry that says so: below zero where it takes back or rejects,
    None in a confirmation, which moves what another entry said.
    """
    (entry,) = Page(session, [seq]).entries()
    return entry


def status_of(session: Session, seq: int) -> str:
    """`effective`, `waiting`, `confirmed by #n`, `cancelled by #n`, `reversed by #n`, `suspect`, or `void`."""
    return str(describe(session, seq)["status"])


def _condition(session: Session, wanted: Wanted) -> tuple[str, list[Any]]:
    """What the rows of `facts` alone can tell."""
    condition, parameters = "1 = 1", []
    for column, sign, value in (
        ("kind", "=", wanted.kind), ("subject", "=", wanted.subject), ("officer", "=", wanted.officer),
        ("occurred_on", ">=", wanted.since), ("occurred_on", "<=", wanted.until), ("occurred_on", "<=", wanted.as_of),
        ("at", ">=", wanted.recorded_since), ("at", "<", wanted.recorded_before), ("seq", "<", wanted.at),
        ("seq", "<", wanted.before), ("seq", ">", wanted.after),
        ("status", "=", "waiting" if wanted.waiting else None),
    ):  # fmt: skip
        if value is not None:
            condition += f" AND {column} {sign} ?"
            parameters.append(value)
    return condition, parameters


def _tests(wanted: Wanted) -> list[Callable[[dict[str, Any]], bool]]:
    """What only the entry itself can tell."""
    tests: list[Callable[[dict[str, Any]], bool]] = []
    book, over, under = wanted.book, wanted.over, wanted.under
    if book is not None:
        tests.append(lambda entry: any(book in (name, name.partition("/")[0]) for name in entry["books"]))
    if wanted.waiting:
        tests.append(lambda entry: entry["status"] == "waiting")
    if over is not None:
        tests.append(lambda entry: entry["amount_fen"] is not None and abs(entry["amount_fen"]) > over)
    if under is not None:
        tests.append(lambda entry: entry["amount_fen"] is not None and abs(entry["amount_fen"]) < under)
    if wanted.payee is not None:
        payee = _folded(wanted.payee)
        tests.append(lambda entry: payee in _folded(entry["payee"]))
    if wanted.text is not None:
        text = _folded(wanted.text)
        tests.append(lambda entry: any(text in _folded(word) for word in _words(entry)))
    return tests


def _words(entry: dict[str, Any]) -> Iterator[str]:
    """Every text of an entry that a person may look for."""
    for name in ("id", "officer", "officer_name", "payee", "project", "project_name"):
        yield entry[name]
    rest = [entry["data"]]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            rest += value.values()
        elif isinstance(value, list):
            rest += value


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
