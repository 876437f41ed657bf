"""The record clock: which entries do not fit the times around them, and what time the next entry may write."""

from ledger.book.objects import Ahead, Clock
from ledger.book.state import State
from ledger.calendar import TOLERANCE_SECONDS, shifted
from ledger.chain.header import parse_header


def note_clock(state: State, seq: int, at: str, author: str) -> None:
    """Take note of an entry's `at`.

    Earlier entries with a later time are ahead from now on. But where entries of two others would be, by over ten minutes,
    the fault is this entry's: one client with a clock in the past does not put the whole history out of order.
    """
    clock, times = state.clock, state.index.times
    if clock is None or clock.high < at:
        state.put("clock", "", Clock(high=at))
    elif at < clock.high:
        later: list[tuple[int, str]] = []
        others: set[str] = set()
        bound = shifted(at, TOLERANCE_SECONDS)
        for earlier, theirs, signer in times.later(seq, at):
            later.append((earlier, theirs))
            if theirs > bound and signer != author:
                others.add(signer)
            if len(others) > 1:
                state.put("ahead", str(seq), Ahead(at=at))
                times.note(seq, at, author, is_ahead=True)
                return
        for earlier, theirs in later:
            state.put("ahead", str(earlier), Ahead(at=theirs))
        state.put("clock", "", Clock(high=at))
    times.note(seq, at, author, is_ahead=False)


def next_at(state: State, size: int, now: str) -> str:
    """The `at` of the next entry: the own clock, or the greatest earlier time not above it by over ten minutes."""
    bound = shifted(now, TOLERANCE_SECONDS)
    best: str = max([now, *(found.at for _, found in state.objects("ahead") if found.at <= bound)])
    for earlier in range(size - 1, -1, -1):
        if state.get("ahead", str(earlier)) is None:
            theirs = parse_header(state.history.entry(earlier)[0]).at
            if theirs <= bound:
                return best if best > theirs else theirs
    return best
