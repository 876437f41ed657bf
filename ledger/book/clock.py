"""The record clock: which entries are ahead of a later one, and what time the next entry may write."""

from ledger.book.objects import Ahead, Clock
from ledger.book.state import State
from ledger.calendar import TOLERANCE_SECONDS, shifted
from ledger.chain.header import parse_header


def note_clock(state: State, seq: int, at: str) -> None:
    """Take note of an entry's `at`; earlier entries with a later one are ahead from now on."""
    clock = state.clock
    if clock is not None and clock.high == at:
        return
    if clock is not None and at < clock.high:
        earlier = seq - 1
        while earlier >= 0:
            if state.get("ahead", str(earlier)) is None:
                theirs = parse_header(state.history.entry(earlier)[0]).at
                if theirs <= at:
                    break
                state.put("ahead", str(earlier), Ahead(at=theirs))
            earlier -= 1
    state.put("clock", "", Clock(high=at))


def next_at(state: State, size: int, now: str) -> str:
    """The `at` of the next entry: the own clock, or the greatest earlier time not above it by over ten minutes."""
    bound = shifted(now, TOLERANCE_SECONDS)
    best = now
    earlier = size - 1
    while earlier >= 0:
        ahead = state.get("ahead", str(earlier))
        theirs = ahead.at if ahead else parse_header(state.history.entry(earlier)[0]).at
        if theirs <= bound:
            best = max(best, theirs)
            if ahead is None:
                break
        earlier -= 1
    return best
