"""Which books an entry stands in: computed from its author, its moves and the bodies its fields name."""

from typing import Any

from ledger.book.objects import Book, Void
from ledger.book.references import named_entry
from ledger.book.rights import Actor
from ledger.book.state import Breach, State
from ledger.chain.header import books_line, parse_books
from ledger.kinds.codec import Move
from ledger.kinds.declare import KINDS, Kind, KindInfo, attribute

WORLD = "world"
STREAMS = ("money", "people", "open", "keys")


def book_names(state: State, info: KindInfo, event: Kind, actor: Actor, moves: list[Move]) -> list[str]:
    """The books of an entry as `CODE/STREAM`.

    The author's authority, the holder of each account moved, and each body that a `book` field names, a project
    counting as its county; in the stream of the kind. An entry about another entry stands in that one's books too,
    and in its stream.
    """
    codes = {actor.authority} if actor.authority else set()
    for move in moves:
        codes.add(_body_of(state, move.source.partition(":")[0]))
        codes.add(_body_of(state, move.target.partition(":")[0]))
    for field in info.books:
        value = getattr(event, attribute(field.name))
        if value is not None:
            codes.add(_body_named(state, field.ref or field.new, value))
    stream = info.stream
    names: set[str] = set()
    if info.name in ("entry.confirm", "entry.reverse", "entry.void"):
        stream, names = _named_entry(state, event)
    codes.discard(WORLD)
    codes.discard("")
    return sorted(names | {f"{code}/{stream}" for code in codes})


def _body_of(state: State, holder: str) -> str:
    project = state.get("project", holder)
    return holder if project is None else str(project.county)


def _body_named(state: State, sort: str, value: Any) -> str:
    if sort == "payment":
        payment = state.get("payment", value)
        if payment is None:
            raise Breach("REFERENCE.PAYMENT", f"payment {value!r} is not known")
        return _body_of(state, payment.project)
    if sort == "project":
        if state.get("project", value) is None:
            raise Breach("REFERENCE.PROJECT", f"project {value!r} is not known")
        return _body_of(state, value)
    return str(value).partition("/")[0]


def _named_entry(state: State, event: Any) -> tuple[str, set[str]]:
    """The stream and books of the entry that a confirmation, reversal or voiding names."""
    named = named_entry(state, event.entry)
    void: Void | None = state.get("void", str(named.seq))
    names = set() if void and not void.placed else {name for name, _ in parse_books(named.header.books)}
    for name in names:
        return name.partition("/")[2], names
    return (KINDS[named.content.kind].stream if named.content.kind in KINDS else "keys"), names


def line_of(state: State, names: list[str]) -> str:
    """The `books` line of a header that stands next in these books."""
    return books_line([(name, _count(state, name)) for name in names])


def take_positions(state: State, names: list[str]) -> None:
    """Let an entry stand in its books."""
    for name in names:
        state.put("book", name, Book(count=_count(state, name) + 1))


def _count(state: State, name: str) -> int:
    found: Book | None = state.get("book", name)
    return found.count if found else 0
