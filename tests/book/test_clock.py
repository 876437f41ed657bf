"""The record clock: who is ahead of whom, and what time may be written next."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.book.clock import LIFT_SECONDS, next_at
from ledger.calendar import TOLERANCE_SECONDS, shifted
from ledger.store.keystore import Signer
from tests.book.desk import AT, Desk, rotation, staffed
from tests.properties.strategies import modest
from tests.world import ROOT, ZHAO, signer


def at(seconds: int) -> str:
    """A time so many seconds after the desk's own."""
    return shifted(AT, seconds)


FAR = 10_000_000
CLERKS = (signer(72), signer(73), signer(74))
NEW_KEY = signer(75)


def paper(desk: Desk, id: str, when: int, by: Signer) -> int:
    """A harmless entry at a time; its position."""
    desk.do(by, "paper.record", id, at=at(when), paper=id, title="x", holder="999901", year=2025, date="2025", unit="元", complete=True,
            mirror=False)  # fmt: skip
    return desk.size - 1


def clerks() -> Desk:
    """A staffed desk with three clerks, who may record papers."""
    desk = staffed()
    for n, key in enumerate(CLERKS, 1):
        desk.officer(f"c{n}", key, ["clerk"])
    return desk


def ahead(desk: Desk, *, acknowledged: bool = False) -> set[int]:
    """The entries that are ahead, by position; those acknowledged too, where asked for."""
    return {int(key) for key, found in desk.state.objects("ahead") if acknowledged or not found.acknowledged}


def acknowledge(desk: Desk, id: str, first: str, to: str = "", *, finding: str = "ahead", when: int = 0) -> None:
    """Two persons acknowledge an entry, or a range."""
    more: dict[str, Any] = {"to": desk.ref(to)} if to else {}
    desk.do(ZHAO, "entry.void", id, at=at(when), entry=desk.ref(first), finding=finding, reason="机器时间错", **more)
    desk.do(ROOT, "entry.confirm", f"ok-{id}", at=at(when), entry=desk.ref(id))


def expected_ahead(said: list[tuple[str, int]]) -> set[int]:
    """The rule of the format page read aloud: of (person, time) by position, which are ahead."""
    counts: dict[str, list[tuple[int, int]]] = {}
    doubts: dict[str, tuple[str, int]] = {}
    found: set[int] = set()

    def drop(person: str, bound: int) -> None:
        late = [entry for entry in counts.get(person, []) if entry[0] > bound]
        if late:
            found.update(place for _, place in late)
            counts[person] = [entry for entry in counts[person] if entry[0] <= bound]
            doubts.pop(person, None)

    for place, (person, when) in enumerate(said):
        others = [other for other, own in counts.items() if other != person and own and own[-1][0] > when + TOLERANCE_SECONDS]
        if len(others) > 1:
            found.add(place)
            continue
        drop(person, when)
        counts.setdefault(person, []).append((when, place))
        doubts.pop(person, None)
        for other in others:
            doubter, time = doubts.get(other, (person, when))
            if doubter == person:
                doubts[other] = (person, when)
            else:
                drop(other, max(time, when) + TOLERANCE_SECONDS)
    return found


SAID = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0, 1, 400, 601, 900, 1300, 2000, FAR])), max_size=16)


@modest(120)
@given(SAID)
def test_an_entry_is_ahead_by_the_word_of_its_person_or_of_two_others(said: list[tuple[int, int]]) -> None:
    """INV-12: the rule, entry by entry, against the page read aloud; two keys of one officer are one person."""
    desk, keys = clerks(), list(CLERKS)
    first = desk.size
    for place, (who, when) in enumerate(said):
        paper(desk, f"n{place}", when, keys[who % 3])
    expected = {first + place for place in expected_ahead([(str(who % 3), when) for who, when in said])}
    assert ahead(desk) == expected


@modest(60)
@given(SAID, st.integers(0, 2))
def test_no_single_person_makes_entries_of_others_ahead(said: list[tuple[int, int]], liar: int) -> None:
    """INV-12: whatever times one person writes, those whose clocks agree within five minutes are never named, if they write as clients do."""
    desk, keys = clerks(), list(CLERKS)
    mine = set()
    for place, (who, when) in enumerate(said):
        if who % 3 == liar:
            mine.add(paper(desk, f"n{place}", when - 5000 * (place % 3 == 0), keys[liar]))
        else:
            now = 1000 + place + LIFT_SECONDS * (who % 3 == (liar + 1) % 3)
            lifted = next_at(desk.state, keys[who % 3].key, at(now))
            desk.do(keys[who % 3], "paper.record", f"n{place}", at=lifted, paper=f"n{place}", title="x", holder="999901", year=2025, date="2025",
                    unit="元", complete=True, mirror=False)  # fmt: skip
    assert ahead(desk) <= mine


def test_next_time_is_the_own_clock_lifted_to_what_was_claimed() -> None:
    """INV-12: to what the same person claims within ten minutes, to what others claim within five; else the own clock."""
    desk = clerks()
    first, second, _ = CLERKS
    paper(desk, "n1", 1000, first)
    assert next_at(desk.state, first.key, at(400)) == at(1000)
    assert next_at(desk.state, first.key, at(399)) == at(399)
    assert next_at(desk.state, second.key, at(700)) == at(1000)
    assert next_at(desk.state, second.key, at(699)) == at(699)
    assert next_at(desk.state, signer(99).key, at(700)) == at(1000)
    assert next_at(desk.state, first.key, at(2000)) == at(2000)


def test_one_entry_from_the_future_is_named_by_two_others_or_by_its_person() -> None:
    """INV-12: one other person's word is not enough, and stops nobody; a third's is."""
    desk = clerks()
    first, second, third = CLERKS
    paper(desk, "n0", 0, first)
    early, late = paper(desk, "n1", FAR, first), paper(desk, "n2", FAR + 5, first)
    assert next_at(desk.state, second.key, at(5)) == at(5)
    paper(desk, "n3", 5, second)
    paper(desk, "n4", 6, second)
    assert ahead(desk) == set()
    paper(desk, "n5", 7, third)
    assert ahead(desk) == {early, late}
    own = paper(desk, "n6", FAR, first)
    paper(desk, "n7", 8, first)
    assert ahead(desk) == {early, late, own}


def test_two_keys_of_one_officer_are_one_person() -> None:
    """INV-12: who rotated his key is not two others, before whom a third would be wrong."""
    desk = clerks()
    first, second, third = CLERKS
    paper(desk, "n1", FAR, first)
    desk.do(first, "officer.rotate", "rot", at=at(FAR), **rotation("c1", NEW_KEY))
    paper(desk, "n2", FAR, NEW_KEY)
    paper(desk, "n3", 5, second)
    assert ahead(desk) == set()
    paper(desk, "n4", 5, third)
    assert ahead(desk) == {desk.history.ids[id] for id in ("n1", "rot", "n2")}


def test_void_entries_do_not_count() -> None:
    """INV-12: what has no effect says no time, whether by a key never enrolled, or by two keys of one who was revoked."""
    desk = clerks()
    first, second, third = CLERKS
    desk.do(first, "officer.rotate", "rot", **rotation("c1", NEW_KEY))
    desk.do(ROOT, "officer.revoke", "off", officer="c1", reason="x")
    for place, key in enumerate((first, NEW_KEY, signer(71))):
        desk.void(key, "paper.record", f"bad{place}", at=at(FAR), paper="N", title="x", holder="999901", year=2025, date="2025", unit="元",
                  complete=True, mirror=False)  # fmt: skip
    for place in range(6):
        paper(desk, f"n{place}", 5, (second, third)[place % 2])
    assert ahead(desk, acknowledged=True) == set()
    assert desk.tried(ZHAO, "entry.void", "v", at=AT, entry=desk.ref("bad0"), finding="ahead", reason="x") == "REFERENCE.ENTRY"
    acknowledge(desk, "v", "bad0", "bad2", finding="void")
    assert all(found.acknowledged for _, found in desk.state.objects("void"))


def test_ahead_entry_keeps_its_effect_and_two_persons_acknowledge_it() -> None:
    """INV-12: an acknowledged time is no finding any more."""
    desk = clerks()
    paper(desk, "n1", 5000, CLERKS[0])
    paper(desk, "n2", 5, CLERKS[0])
    data = {"entry": desk.ref("n1"), "reason": "机器时间错"}
    assert desk.tried(ZHAO, "entry.void", "v", finding="void", **data) == "REFERENCE.ENTRY"
    acknowledge(desk, "v", "n1")
    assert ahead(desk) == set()
    assert desk.state.get("paper", "n1") is not None


def test_two_who_agree_on_a_false_time_bind_others_until_two_acknowledge_them() -> None:
    """INV-12: one range names the offenders and those whom they made ahead; after it honest entries are sound."""
    desk = clerks()
    first, second, third = CLERKS
    paper(desk, "n0", 0, first)
    one, two = paper(desk, "n1", FAR, first), paper(desk, "n2", FAR, second)
    honest = {paper(desk, f"n{place}", 5, third) for place in (3, 4)}
    assert ahead(desk) == honest
    desk.do(ZHAO, "entry.void", "v", at=AT, entry=desk.ref("n1"), to=desk.ref("n4"), finding="ahead", reason="x")
    assert ahead(desk) == honest | {desk.size - 1}
    desk.do(ROOT, "entry.confirm", "ok", at=at(5), entry=desk.ref("v"))
    assert ahead(desk) == {desk.size - 2}
    assert ahead(desk, acknowledged=True) == honest | {one, two, desk.size - 2}
    acknowledge(desk, "v2", "v", when=6)
    paper(desk, "n5", 6, third)
    paper(desk, "n6", 6, first)
    assert ahead(desk) == set()


def test_a_range_goes_from_one_open_entry_to_a_later_one() -> None:
    """Both ends are open; between them void ones are all void, of the others those that are ahead are meant."""
    desk = clerks()
    first = CLERKS[0]
    for place, when in enumerate((5000, 4000, 5, 3000, 6)):
        paper(desk, f"n{place}", when, first)
    assert len(ahead(desk)) == 3

    def tried(one: str, other: str, finding: str = "ahead") -> str:
        return desk.tried(ZHAO, "entry.void", "w", at=at(10_000), entry=desk.ref(one), to=desk.ref(other), finding=finding, reason="x")

    assert tried("n0", "n2") == tried("n2", "n3") == tried("n3", "n0") == tried("n0", "n0") == tried("n0", "n3", "void") == "REFERENCE.ENTRY"
    assert tried("n0", "n3") == tried("n0", "n1") == ""
    acknowledge(desk, "v", "n0", "n3", when=10_000)
    assert ahead(desk) == set()
    assert len(ahead(desk, acknowledged=True)) == 3
    for place in (0, 1):
        desk.void(signer(71), "paper.record", f"bad{place}", paper="N", title="x", holder="999901", year=2025, date="2025", unit="元",
                  complete=True, mirror=False)  # fmt: skip
        paper(desk, f"m{place}", 7, first)
    assert tried("bad0", "bad1", "void") == "REFERENCE.ENTRY"


def test_a_range_has_at_most_a_thousand_entries() -> None:
    """No acknowledgement costs more than that."""
    desk = clerks()
    for place in range(1002):
        desk.void(signer(71), "book.state", f"bad{place}", book="999901/open", count=9, totals=[])
    assert desk.tried(ZHAO, "entry.void", "v", entry=desk.ref("bad0"), to=desk.ref("bad1000"), finding="void", reason="x") == "REFERENCE.ENTRY"
    acknowledge(desk, "v", "bad1", "bad1000", finding="void")
    assert [int(key) for key, found in desk.state.objects("void") if not found.acknowledged] == [desk.history.ids["bad0"], desk.history.ids["bad1001"]]


def test_what_was_taken_back_leaves_the_clock_as_it_was() -> None:
    """Undone, an entry said nothing: neither what it made ahead nor what it claimed is left, nor is anything of it remembered."""
    desk = clerks()
    first, second, third = CLERKS
    for place, (key, when) in enumerate([(first, 0), (first, FAR), (first, FAR + 1), (second, 5)]):
        paper(desk, f"n{place}", when, key)
    data = {"paper": "x", "title": "x", "holder": "999901", "year": 2025, "date": "2025", "unit": "元", "complete": True, "mirror": False}
    for key, when in ((third, 5), (first, 5), (second, FAR), (third, FAR)):
        assert desk.tried(key, "paper.record", "x", at=at(when), **data) == ""
    assert ahead(desk) == set()
    paper(desk, "n9", 5, third)
    assert ahead(desk) == {desk.size - 4, desk.size - 3}
