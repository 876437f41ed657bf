"""The record clock: which entries do not fit the times around them, and what time the next entry may write.

Each person claims a time: that of the last of his entries that counts. Void entries do not count, nor do those that are ahead.
No single person makes another's entry ahead: that takes two others who say a time over ten minutes away from it.
"""

from ledger.book.index import author_of, person_of
from ledger.book.objects import Ahead, Clock
from ledger.book.state import State
from ledger.calendar import TOLERANCE_SECONDS, shifted

LIFT_SECONDS = TOLERANCE_SECONDS // 2  # so that an entry lifted by another's time is not over ten minutes from that of a slow clock


def note_clock(state: State, seq: int, at: str, author: str) -> None:
    """Take note of the `at` of an entry that is not void.

    Where two others claim a time later by over ten minutes, the fault is this entry's. Otherwise the person's own later entries
    are ahead; and where one other claims such a time he is doubted, and what two persons in turn doubt is ahead.
    """
    person, times = person_of(state, author), state.index.times
    others = times.claimed_above(shifted(at, TOLERANCE_SECONDS), person)
    if len(others) > 1:
        state.put("ahead", str(seq), Ahead(at=at))
        return
    own: Clock | None = state.get("clock", person)
    if own is not None and at < own.at:
        _drop(state, person, at)
    state.put("clock", person, Clock(at=at, seq=seq, first=own.first if own is not None and own.at else seq))
    times.note(seq, at, person)
    for other in others:
        claim: Clock = state.get("clock", other)
        if claim.doubter in ("", person):
            state.put("clock", other, Clock(at=claim.at, seq=claim.seq, first=claim.first, doubter=person, doubted_at=at))
        else:
            _drop(state, other, shifted(max(at, claim.doubted_at), TOLERANCE_SECONDS))


def leave_out(state: State, seq: int) -> None:
    """An entry that counted is ahead, by the word of two persons: what it claimed falls back to what its person said before."""
    person = person_of(state, author_of(state, seq))
    claim: Clock | None = state.get("clock", person)
    if claim is not None and claim.seq == seq:
        _drop(state, person, claim.at)


def _drop(state: State, person: str, bound: str) -> None:
    """Those of a person's entries that are later than `bound` are ahead; he claims what the last of the others says."""
    first, times = state.get("clock", person).first, state.index.times
    last = times.last(person, first)
    while last and last[1] > bound:
        state.put("ahead", str(last[0]), Ahead(at=last[1]))
        last = times.last(person, first)
    seq, at = last or (-1, "")
    state.put("clock", person, Clock(at=at, seq=seq, first=first))


def next_at(state: State, author: str, now: str) -> str:
    """The `at` of the next entry: the own clock, lifted to what its person claims up to ten minutes later, to what others claim up to five."""
    key, lifted = state.key(author), state.index.times.greatest_claim(shifted(now, LIFT_SECONDS))
    own: Clock | None = state.get("clock", person_of(state, author)) if key is not None and key.officer else None
    claimed = own.at if own is not None and own.at <= shifted(now, TOLERANCE_SECONDS) else ""
    return max(now, lifted, claimed)
