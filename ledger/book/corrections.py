"""Entries about entries: a second person confirms, a reversal takes back, two persons acknowledge what is void."""

from typing import Any

from ledger.book.clock import leave_out
from ledger.book.context import Context
from ledger.book.effects import EFFECTS, REVERSALS, change, effect
from ledger.book.objects import Ahead, Reversed, Suspect, Void, Waiting
from ledger.book.references import Named, entry_at, named_entry, named_range
from ledger.book.rights import Actor, actor_of, require_right, second_needed
from ledger.book.state import Breach, State
from ledger.book.suspects import settle
from ledger.chain.header import parse_header
from ledger.kinds import keys
from ledger.kinds.declare import KINDS, Kind, KindInfo


def require_right_for(state: State, actor: Actor, info: KindInfo, event: Any) -> None:
    """Check the right to record an event; to reverse an entry takes the right to record it, to confirm is judged later."""
    if info.name == "officer.rotate" and event.officer == actor.id:
        return
    if info.name == "entry.reverse":
        named = named_entry(state, event.entry)
        if named.content.kind == "officer.rotate" and actor_of(state, named.content.author).id == actor.id:
            return
    if info.name != "entry.confirm":
        require_right(state, actor, *judged(state, info, event), reversing=info.name == "entry.reverse")


def judged(state: State, info: KindInfo, event: Any) -> tuple[KindInfo, Any]:
    """The event whose kind decides who may record this one: of an entry about an entry, that of the last of them."""
    while info.name in ("entry.reverse", "entry.confirm"):
        info, event = _kind_of(named_entry(state, event.entry))
    return info, event


def waits_for_second(state: State, info: KindInfo, event: Any) -> bool:
    """Whether an event waits for a second person."""
    if info.name == "officer.revoke" and event.officer in state.ledger.roots and len(state.administrators()) > 1:
        return True
    if info.name != "entry.reverse":
        return second_needed(state, info, info.stream)
    named = named_entry(state, event.entry)
    waiting: Waiting | None = state.get("waiting", str(named.seq))
    if waiting is not None and waiting.status == "waiting":
        return False
    return second_needed(state, info, _kind_of(named)[0].stream)


def _kind_of(named: Named) -> tuple[KindInfo, Kind]:
    info = KINDS.get(named.content.kind)
    if info is None or named.content.event is None:
        raise Breach("REFERENCE.ENTRY:void", seq=named.seq)
    return info, named.content.event


@effect("entry.confirm")
def entry_confirm(c: Context, e: keys.EntryConfirm) -> None:
    """The waiting entry takes effect here, as its author meant it; a suspect one is vouched for."""
    named = named_entry(c.state, e.entry)
    key = str(named.seq)
    waiting: Waiting | None = c.state.get("waiting", key)
    suspect: Suspect | None = c.state.get("suspect", key)
    waits = waiting is not None and waiting.status == "waiting"
    if not waits and (suspect is None or suspect.by >= 0):
        raise Breach("REFERENCE.ENTRY:settled", seq=named.seq)
    for person in {waiting.person if waiting and waits else "", suspect.person if suspect else "", *_others(c.state, named)}:
        if person == c.actor.person:
            raise Breach("RIGHTS.SAME_PERSON:confirm", person=person, seq=named.seq)
    info, event = _kind_of(named)
    require_right(c.state, c.actor, *judged(c.state, info, event), reviewing=True)
    if waiting is not None and waits:
        author = change(actor_of(c.state, named.content.author), key=named.content.author)
        inner = Context(c.state, c.seq, c.at, named.content.id, author)
        EFFECTS[info.name](inner, event)
        c.moves, c.lowered = inner.moves, inner.lowered
        c.put("waiting", key, change(waiting, status="confirmed", by=c.seq))
    settle(c, named.seq)


def _others(state: State, named: Named) -> set[str]:
    """The persons whose word an entry is the second to: none of them vouches for it."""
    found: set[str] = set()
    info: KindInfo
    event: Any
    info, event = _kind_of(named)
    while info.name == "entry.confirm":
        named = named_entry(state, event.entry)
        found.add(actor_of(state, named.content.author).person)
        info, event = _kind_of(named)
    if info.name in ("payment.approve", "payment.reject"):
        payment = state.get("payment", event.payment)
        found |= {payment.person} if payment else set()
    return found


@effect("entry.void")
def entry_void(c: Context, e: keys.EntryVoid) -> None:
    """Acknowledge what verify names; it stays without effect if void, and keeps its effect if ahead. See `acknowledge`."""
    first, last = named_range(c.state, e)
    for seq in (first, last):
        if (found := _finding(c.state, e.finding, seq, c.at)) is None or found.acknowledged:
            raise Breach("REFERENCE.ENTRY:sound", seq=seq)
    sound = c.state.index.voids.first_sound(first, last) if e.finding == "void" else None
    if sound is not None:
        raise Breach("REFERENCE.ENTRY:sound", seq=sound)
    c.state.acknowledging = e.finding, first, last


def acknowledge(state: State, at: str) -> None:
    """What the entry that is judged acknowledges, others of its range passed over.

    Done when nothing can be refused any more, and not while it waits: a thousand entries are looked at once, and not by each who proposes it.
    """
    if not state.acknowledging:
        return
    finding, first, last = state.acknowledging
    counted = [seq for seq in range(first, last + 1) if state.get(finding, str(seq)) is None]
    for seq in range(first, last + 1):
        found = _finding(state, finding, seq, at)
        if found is not None and not found.acknowledged:
            state.put(finding, str(seq), change(found, acknowledged=True))
    for seq in counted:
        if state.get(finding, str(seq)) is not None:
            leave_out(state, seq)


def _finding(state: State, finding: str, seq: int, at: str) -> Void | Ahead | None:
    """What an acknowledgement at a time finds at a position: of `ahead` also an entry that is not void and says a later time."""
    found: Void | Ahead | None = state.get(finding, str(seq))
    if found is None and finding == "ahead" and state.get("void", str(seq)) is None:
        theirs = parse_header(state.history.entry(seq)[0]).at
        return Ahead(at=theirs) if theirs > at else None
    return found


@effect("entry.reverse")
def entry_reverse(c: Context, e: keys.EntryReverse) -> None:
    """Swap what the entry, or its confirmation, moved; an entry that still waits is called off."""
    named = named_entry(c.state, e.entry)
    info: KindInfo
    event: Any
    info, event = _kind_of(named)
    key = str(named.seq)
    if c.state.get("void", key) is not None or (not info.reversible and c.state.get("waiting", key) is None):
        raise Breach("REVERSAL.KIND", seq=named.seq, kind=named.content.kind)
    if c.state.get("reversed", key) is not None:
        raise Breach("REVERSAL.TWICE", seq=named.seq)
    waiting: Waiting | None = c.state.get("waiting", key)
    if waiting is not None and waiting.status != "confirmed":
        if waiting.status == "cancelled":
            raise Breach("REVERSAL.TWICE:cancelled", seq=named.seq)
        if info.name == "officer.revoke" and c.state.officer(event.officer).person == c.actor.person:
            raise Breach("RIGHTS.SAME_PERSON:revocation")
        c.put("waiting", key, change(waiting, status="cancelled", by=c.seq))
        settle(c, named.seq)
        return
    if not info.reversible:
        raise Breach("REVERSAL.KIND", seq=named.seq, kind=named.content.kind)
    source = named if waiting is None else entry_at(c.state, waiting.by)
    for move in reversed(source.content.moves or []):
        c.move_exactly(move.target, move.source, move.quota, move.n, move.unit)
    if info.name in REVERSALS:
        REVERSALS[info.name](c, event)
    _require_untouched(c, named.seq)
    c.put("reversed", key, Reversed(by=c.seq))
    settle(c, named.seq)
    settle(c, source.seq)


def _require_untouched(c: Context, seq: int) -> None:
    try:
        c.require_funds()
    except Breach as breach:
        for account, _, quota in c.lowered:
            mover = c.state.history.last_mover(account, quota)
            if c.state.balance((account, "CNY", quota)) < 0 and mover is not None:
                raise Breach("REVERSAL.BUILT_UPON:moved", seq=seq, why=breach, mover=mover) from None
        raise Breach("REVERSAL.BUILT_UPON", seq=seq, why=breach) from None
