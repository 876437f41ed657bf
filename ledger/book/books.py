"""Which books an entry stands in: computed from its author, its moves and the bodies its fields name."""

from typing import Any

from ledger.book.objects import Book
from ledger.book.references import named_entry, named_range
from ledger.book.rights import Actor
from ledger.book.state import Breach, State
from ledger.chain.header import Book as Position
from ledger.chain.header import parse_books
from ledger.kinds.codec import Move
from ledger.kinds.declare import KINDS, Kind, KindInfo
from ledger.kinds.keys import EntryVoid

WORLD = "world"
STREAMS = ("money", "people", "open", "keys")


def book_names(state: State, info: KindInfo, event: Kind, actor: Actor, moves: list[Move]) -> list[str]:
    """The books of an entry as `CODE/STREAM`.

    The author's authority, the holder of each account moved, and each body that a `book` field names, a project
    counting as its county; in the stream of the kind. An entry about another entry stands in that one's books too,
    and in its stream.
    """
    codes = {actor.authority}
    holders = {account.partition(":")[0] for move in moves for account in (move.source, move.target)}
    for holder in holders:
        codes.add(_body_of(state, holder))
    for field in info.books:
        value = getattr(event, field.attribute)
        if value is not None and value not in holders:
            codes.add(_body_named(state, field.sort, value))
    stream = info.stream
    names: set[str] = set()
    if info.name in ("entry.confirm", "entry.reverse", "entry.void"):
        stream, names = _named_entry(state, event)
    codes.discard(WORLD)
    codes.discard("")
    return sorted(names | {f"{code}/{stream}" for code in codes})


def _body_of(state: State, holder: str) -> str:
    payment = state.get("payment", holder)
    project = state.get("project", holder if payment is None else payment.project)
    if project is not None:
        return str(project.county)
    if holder != WORLD and state.get("authority", holder) is None:
        raise Breach("REFERENCE.AUTHORITY", id=holder)
    return holder


def _body_named(state: State, sort: str, value: Any) -> str:
    if sort == "payment":
        payment = state.get("payment", value)
        if payment is None:
            raise Breach("REFERENCE.PAYMENT", id=value)
        return _body_of(state, payment.project)
    if sort == "project":
        if state.get("project", value) is None:
            raise Breach("REFERENCE.PROJECT", id=value)
        return _body_of(state, value)
    return str(value).partition("/")[0]


def holder_of(state: State, info: KindInfo, event: Kind) -> str:
    """The body that an event falls to, by the first field that limits who may record it; '' where there is none."""
    for field in info.scopes:
        value = getattr(event, field.attribute)
        if value is not None:
            return _body_named(state, field.sort, value)
    return ""


def _named_entry(state: State, event: Any) -> tuple[str, set[str]]:
    """The stream and books of the entry that a confirmation, reversal or voiding names.

    A void entry stands in none; what is said of it stands in those its line claims, so that whoever reads them is told.
    """
    named = named_entry(state, event.entry)
    names = {name for name, _ in parse_books(named.header.books)}
    own = KINDS[named.content.kind].stream if named.content.kind in KINDS else "keys"
    if state.get("void", str(named.seq)) is not None:
        if isinstance(event, EntryVoid):
            names |= state.index.voids.books(*named_range(state, event))
        return own, {name for name in names if _is_book(state, name)}
    return min(names).partition("/")[2] if names else own, names


def _is_book(state: State, name: str) -> bool:
    code, _, stream = name.partition("/")
    return stream in STREAMS and state.get("authority", code) is not None


def positions(state: State, names: list[str]) -> list[Position]:
    """Where an entry stands next in these books."""
    found = []
    for name in names:
        book: Book | None = state.get("book", name)
        found.append((name, book.count if book else 0))
    return found


def take_positions(state: State, taken: list[Position]) -> None:
    """Let an entry stand in its books."""
    for name, position in taken:
        state.put("book", name, Book(count=position + 1))
