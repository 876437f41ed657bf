"""The one pure, total function that moves a ledger on: append and verify both call it.

`apply` gives an effect or a breach. Append refuses a breach; at verify the entry is void.
"""

import msgspec

from ledger.book import payments as _payments  # noqa: F401  (registers its effects)
from ledger.book import people as _people  # noqa: F401  (registers its effects)
from ledger.book.books import book_names, holder_of, positions, take_positions
from ledger.book.clock import note_clock
from ledger.book.context import Context
from ledger.book.corrections import acknowledge, require_right_for, waits_for_second
from ledger.book.effects import EFFECTS
from ledger.book.objects import Void, Waiting
from ledger.book.rights import Actor, actor_of, require_current
from ledger.book.state import Breach, State
from ledger.book.subjects import note_subjects, note_void_subjects, require_pseudonym
from ledger.book.suspects import mark_suspects
from ledger.calendar import is_date, shanghai_date
from ledger.chain.header import books_line
from ledger.kinds.codec import Content, Move
from ledger.kinds.declare import KINDS
from ledger.kinds.text import event_fault

ROOT_ACTOR = Actor(id="", person="", authority="", roles=("administrator",), key="", name="")


class Outcome(msgspec.Struct, gc=False):
    """What became of an entry: its moves and its `books` line, or why it is void."""

    moves: list[Move]
    books: str
    waits: bool = False
    breach: Breach | None = None


def apply(state: State, seq: int, at: str, content: Content, books: str | None = None) -> Outcome:
    """Bring entry `seq` into the state.

    `content.moves` is None in a draft, whose moves are then computed; `books` is the line of the header, or None in
    a draft. On a breach the state is as it was, but that the entry is noted as void, with its subjects; it takes no
    position in a book, whatever its line says, and its time counts for nothing.
    """
    state.position, state.suspecting, state.acknowledging = seq, None, None
    state.index.begin(seq)
    mark = state.mark()
    try:
        actor = ROOT_ACTOR if seq == 0 else actor_of(state, content.author)
        outcome = _judge(state, seq, at, content, actor, books)
        note_clock(state, seq, at, content.author)
    except Breach as breach:
        state.undo(mark)
        outcome = _void(state, seq, content, breach)
    return outcome


def _judge(state: State, seq: int, at: str, content: Content, actor: Actor, books: str | None) -> Outcome:
    info, event = KINDS.get(content.kind), content.event
    if info is None or event is None or content.fault:
        raise _unreadable(content)
    if state.history.seq_of(content.id) is not None:
        raise Breach("ID.REPEATED", id=content.id)
    fault = event_fault(info, event)
    if fault:
        raise Breach(fault.key, **fault.facts)
    if not is_date(content.occurred_on):
        raise Breach("INPUT.DATE:occurred", day=content.occurred_on)
    context = Context(state, seq, at, content.id, actor)
    if seq == 0 and content.kind != "ledger.open":
        raise Breach("REFERENCE.LEDGER:first")
    waits = False
    if seq:
        require_current(actor, content.author)
        require_right_for(state, actor, info, event)
        waits = waits_for_second(state, info, event)
    effect_mark = state.mark()
    EFFECTS[info.name](context, event)
    context.require_funds()
    if waits:  # it could take effect, and does so when confirmed
        state.undo(effect_mark)
        state.suspecting = state.acknowledging = None
    require_pseudonym(info, event)
    note_subjects(state, info, event, holder_of(state, info, event))
    if content.occurred_on > shanghai_date(at):
        raise Breach("DATE.FUTURE", day=content.occurred_on, today=shanghai_date(at))
    if waits:
        state.put("waiting", str(seq), Waiting(kind=content.kind, person=actor.person, status="waiting"))
    moves = [] if waits else context.moves
    if content.moves is not None and content.moves != moves:
        raise Breach("BALANCE.MOVES")
    taken = positions(state, book_names(state, info, event, actor, moves))
    line = books_line(taken)
    if books is not None and books != line:
        raise Breach("BOOKS.LINE", expected=line, books=books)
    take_positions(state, taken)
    acknowledge(state, at)
    mark_suspects(state)
    return Outcome(moves, line, waits)


def _unreadable(content: Content) -> Breach:
    """Why an entry without an event, or with a fault, is void."""
    if content.event is not None:
        return Breach("INPUT.ID", why=content.fault)
    if content.kind not in KINDS:
        return Breach("INPUT.KIND", kind=content.kind)
    return Breach("INPUT.KIND:data", kind=content.kind, why=content.fault)


def _void(state: State, seq: int, content: Content, breach: Breach) -> Outcome:
    info = KINDS.get(content.kind)
    if info is not None and content.event is not None:
        note_void_subjects(state, info, content.event)
    state.put("void", str(seq), Void(code=breach.code))
    return Outcome([], "-", breach=breach)
