"""The record clock: who is ahead of whom, and what time may be written next."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.book.clock import next_at
from ledger.calendar import TOLERANCE_SECONDS, shifted
from tests.book.desk import AT, Desk, staffed
from tests.properties.strategies import modest
from tests.world import LI, ROOT, ZHAO, signer


def at(seconds: int) -> str:
    """A time so many seconds after the desk's own."""
    return shifted(AT, seconds)


def paper(desk: Desk, place: int, when: int) -> None:
    """A harmless entry at a time."""
    desk.do(LI, "paper.record", f"n{place}", at=at(when), paper=f"N{place}", title="x", holder="999901", year=2025, date="2025",
            unit="元", complete=True, mirror=False)  # fmt: skip


def ahead(desk: Desk) -> set[int]:
    """The entries that are ahead, by position."""
    return {int(key) for key, _ in desk.state.objects("ahead")}


@modest(60)
@given(st.lists(st.integers(0, 6), max_size=14))
def test_entry_is_ahead_when_any_later_one_is_earlier(times: list[int]) -> None:
    """INV-12: the definition, entry by entry, against one running note."""
    desk = staffed()
    first = desk.size
    for place, when in enumerate(times):
        paper(desk, place, when)
    expected = {
        first + i for i, when in enumerate(times) if any(later < when for later in times[i + 1 :])
    }
    assert ahead(desk) == expected
    assert desk.state.clock is not None
    assert desk.state.clock.high == at(times[-1] if times else 0)


@modest(60)
@given(st.lists(st.integers(-400, 2000), max_size=10), st.integers(-900, 2400))
def test_next_time_is_the_own_clock_or_the_greatest_earlier_within_ten_minutes(times: list[int], now: int) -> None:
    """INV-12: max(own clock, the greatest earlier `at` not above own clock + 10 minutes)."""
    desk = staffed()
    for place, when in enumerate(times):
        paper(desk, place, when)
    every = [0] * (desk.size - len(times)) + times
    expected = max([now, *(when for when in every if when <= now + TOLERANCE_SECONDS)])
    assert next_at(desk.state, desk.size, at(now)) == at(expected)


@modest(60)
@given(st.lists(st.integers(-400, 2000), max_size=10), st.integers(-900, 2400))
def test_next_time_makes_no_entry_ahead_that_another_is_not_ahead_of(times: list[int], now: int) -> None:
    """INV-12: not below the own clock, at most ten minutes above it, and no entry in order within that becomes ahead."""
    desk = staffed()
    for place, when in enumerate(times):
        paper(desk, place, when)
    chosen = next_at(desk.state, desk.size, at(now))
    assert at(now) <= chosen <= at(now + TOLERANCE_SECONDS)
    before = ahead(desk)
    desk.do(LI, "paper.record", "last", at=chosen, paper="LAST", title="x", holder="999901", year=2025, date="2025", unit="元",
            complete=True, mirror=False)  # fmt: skip
    every = [0] * (desk.size - 1 - len(times)) + times
    others = ahead(desk) - before - {desk.size - 1}  # a writer whose own clock is far behind two others is named itself
    assert {every[seq] for seq in others if every[seq] <= now + TOLERANCE_SECONDS} == set()


def test_one_entry_from_the_future_does_not_stop_the_ledger() -> None:
    """INV-12: far ahead, it is named and passed over; the time goes on from the others."""
    desk = staffed()
    paper(desk, 1, 10_000_000)
    assert next_at(desk.state, desk.size, at(5)) == at(5)
    paper(desk, 2, 5)
    assert ahead(desk) == {desk.size - 2}
    paper(desk, 3, 6)
    assert ahead(desk) == {desk.size - 3}


def test_ahead_entry_keeps_its_effect_and_two_persons_acknowledge_it() -> None:
    """INV-12: an acknowledged time is no finding any more."""
    desk = staffed()
    paper(desk, 1, 5000)
    paper(desk, 2, 5)
    data = {"entry": desk.ref("n1"), "reason": "机器时间错"}
    assert desk.tried(ZHAO, "entry.void", "v", finding="void", **data) == "REFERENCE.ENTRY"
    desk.do(ZHAO, "entry.void", "v", finding="ahead", **data)
    desk.do(ROOT, "entry.confirm", "ok", entry=desk.ref("v"))
    assert desk.state.get("ahead", str(desk.history.ids["n1"])).acknowledged
    assert desk.state.get("paper", "N1") is not None


def test_void_entry_counts_for_the_clock() -> None:
    """INV-12: what has no effect was still recorded at a time."""
    desk = staffed()
    desk.void(signer(71), "paper.record", "bad", at=at(700), paper="N", title="x", holder="999901", year=2025, date="2025", unit="元",
              complete=True, mirror=False)  # fmt: skip
    paper(desk, 1, 5)
    assert ahead(desk) == {desk.size - 2}
