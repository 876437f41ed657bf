"""Reversals: once, by two persons where money moved, exactly what was moved, and not under what is built upon."""

from typing import Any

import pytest

from ledger.book.payments import rest_of
from ledger.kinds.declare import KINDS
from tests.book.desk import Desk, funded, legs, staffed
from tests.world import LI, QIAN, ROOT, WANG, ZHAO

RELEASE = {"from": "999901", "to": "999901001", "legs": legs(Q1=10, Q2=20)}
PAPER = {"paper": "N1", "title": "公告", "holder": "999901", "year": 2025, "date": "2025", "unit": "万元", "complete": True, "mirror": False}


def reverse(desk: Desk, id: str, by: Any = WANG, reason: str = "错录") -> None:
    """Reverse an entry, a second person confirming where one is needed."""
    if desk.do(by, "entry.reverse", f"back-{id}", entry=desk.ref(id), reason=reason).waits:
        desk.do(ZHAO, "entry.confirm", f"ok-back-{id}", entry=desk.ref(f"back-{id}"))


def money(desk: Desk) -> dict[Any, int]:
    """All balances."""
    return desk.snapshot()[1]


CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "quota.receive": (WANG, {"quota": "Q9", "holder": "999901", "amount": 5, "year": 2025, "source_level": "city"}),
    "quota.release": (WANG, RELEASE),
    "project.propose": (LI, {"project": "P9", "county": "999901", "name": "项目"}),
    "project.approve": (WANG, {"project": "P1", "document_number": "一"}),
    "project.fund": (WANG, {"project": "P1", "legs": legs(Q1=7, Q2=8)}),
    "payment.request": (LI, {"payment": "Y9", "project": "P1", "legs": legs(Q1=7, Q2=8), "payee": "甲"}),
    "payment.approve": (WANG, {"payment": "Y1", "legs": legs(Q1=40)}),
    "payment.reject": (WANG, {"payment": "Y1", "reason": "缺件"}),
    "paper.record": (WANG, PAPER),
    "household.enroll": (LI, {"household": "H-0001", "place": "999901001", "head": "0" * 64}),
}


def test_every_reversible_kind_is_tried() -> None:
    """INV-11: what is declared reversible is reversed below."""
    assert set(CASES) == {name for name, info in KINDS.items() if info.reversible}


@pytest.mark.parametrize("kind", sorted(CASES))
@pytest.mark.parametrize("policy", ["small", "standard"])
def test_reversal_puts_the_money_back_exactly_and_works_once(kind: str, policy: str) -> None:
    """INV-11: of each kind, under both policies; balances are as they were, and a second reversal is refused."""
    desk = funded(policy=policy)
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=100, Q2=50), payee="甲")
    before = money(desk)
    key, data = CASES[kind]
    if desk.do(key, kind, "it", **data).waits:
        desk.do(ZHAO, "entry.confirm", "it-ok", entry=desk.ref("it"))
    assert (money(desk) != before) is (KINDS[kind].stream == "money")
    reverse(desk, "it", key)
    assert money(desk) == before
    assert desk.tried(key, "entry.reverse", "twice", entry=desk.ref("it"), reason="错") == "REVERSAL.TWICE"
    assert desk.state.get("reversed", str(desk.history.ids["it"])) is not None


@pytest.mark.parametrize("id", ["ledger.open", "body-999901", "enroll-li", "s", "back-fund-P1", "ok-back-fund-P1"])
def test_kind_that_cannot_be_reversed_says_so(id: str) -> None:
    """INV-11: keys, blocks, reversals and confirmations stay."""
    desk = funded()
    desk.do(ROOT, "book.state", "s", book="999902/money", count=0, totals=[])
    reverse(desk, "fund-P1")
    for key in (WANG, ROOT):
        assert desk.tried(key, "entry.reverse", "x", entry=desk.ref(id), reason="错") in ("REVERSAL.KIND", "RIGHTS.ROLE")


def test_reversal_takes_the_right_to_record_what_is_reversed() -> None:
    """INV-05: of the same kind, in the same jurisdiction."""
    desk = funded()
    assert desk.tried(LI, "entry.reverse", "x", entry=desk.ref("receive-Q2"), reason="错") == "RIGHTS.ROLE"
    assert desk.tried(WANG, "entry.reverse", "x", entry=desk.ref("propose-P1"), reason="错") == "RIGHTS.ROLE"
    assert desk.tried(WANG, "entry.reverse", "x", entry={"entry": "none", "leaf": "0" * 64}, reason="错") == "REFERENCE.ENTRY"


BUILT = [
    ("receive-Q1", WANG),  # its money went on to the project
    ("propose-P1", LI),  # approved, funded, asked for
    ("fund-P1", WANG),  # spent out of
    ("y1", LI),  # decided on
]


@pytest.mark.parametrize(("id", "key"), BUILT)
def test_entry_that_is_built_upon_is_not_reversed(id: str, key: Any) -> None:
    """INV-11: a later unreversed entry stands on what it made, or moved on what it brought."""
    desk = funded()
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=600), payee="甲")
    desk.do(WANG, "payment.approve", "p1", payment="Y1", legs=legs(Q1=10))
    assert desk.tried(key, "entry.reverse", "x", entry=desk.ref(id), reason="错") == "REVERSAL.BUILT_UPON"


def test_built_upon_names_the_entry_that_moved_the_money() -> None:
    """INV-11: the officer is told which entry to reverse first."""
    desk = funded()
    outcome, _ = desk._apply(
        WANG, "entry.reverse", "x", "2026-11-24", desk.at, None, None, {"entry": desk.ref("receive-Q1"), "reason": "错"}
    )
    assert outcome.breach
    assert f"moved by entry #{desk.history.ids['fund-P1']}" in outcome.breach.message


def test_whole_chain_is_unwound_from_its_end() -> None:
    """INV-11: reversing the later one first opens the way to the earlier one; in the end nothing is left."""
    desk = funded()
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=100), payee="甲")
    desk.do(WANG, "payment.approve", "p1", payment="Y1", legs=legs(Q1=40))
    desk.do(WANG, "payment.reject", "x1", payment="Y1", reason="缺件")
    for id, key in (("x1", WANG), ("p1", WANG), ("y1", LI), ("fund-P1", WANG), ("propose-P1", LI), ("receive-Q1", WANG), ("receive-Q2", WANG)):
        reverse(desk, id, key)
    assert money(desk) == {}
    assert desk.tried(WANG, "project.approve", "a", project="P1", document_number="一") == "REFERENCE.PROJECT"
    assert desk.tried(LI, "project.propose", "p", project="P1", county="999901", name="项目") == "REFERENCE.TAKEN"
    assert desk.tried(LI, "payment.request", "y", payment="Y1", project="P1", legs=legs(Q1=1), payee="甲") == "REFERENCE.PROJECT"


def test_reversed_decision_leaves_its_part_to_be_decided_again() -> None:
    """INV-10: the rest of a request is what was asked less what is decided and stands."""
    desk = funded()
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=100, Q2=50), payee="甲")
    desk.do(WANG, "payment.approve", "p1", payment="Y1", legs=legs(Q1=40))
    desk.do(WANG, "payment.approve", "p2", payment="Y1", legs=legs(Q1=10, Q2=50))
    reverse(desk, "p1")
    assert {leg.quota: leg.amount for leg in rest_of(desk.state, "Y1", desk.state.payment("Y1"))} == {"Q1": 90}
    reverse(desk, "p2")
    assert {leg.quota: leg.amount for leg in rest_of(desk.state, "Y1", desk.state.payment("Y1"))} == {"Q1": 100, "Q2": 50}
    desk.do(WANG, "payment.reject", "x1", payment="Y1", reason="缺件")
    reverse(desk, "x1")
    assert {leg.quota: leg.amount for leg in rest_of(desk.state, "Y1", desk.state.payment("Y1"))} == {"Q1": 100, "Q2": 50}
    desk.do(WANG, "payment.approve", "p3", payment="Y1")
    assert (desk.balance("P1:paid"), desk.balance("P1:paid", "Q2")) == (100, 50)


def test_rejected_money_that_was_spent_elsewhere_cannot_be_asked_back() -> None:
    """INV-11: the reversal of a rejection needs the budget it released."""
    desk = funded()
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=600), payee="甲")
    desk.do(WANG, "payment.reject", "x1", payment="Y1", reason="缺件")
    desk.do(LI, "payment.request", "y2", payment="Y2", project="P1", legs=legs(Q1=1), payee="乙")
    assert desk.tried(WANG, "entry.reverse", "b", entry=desk.ref("x1"), reason="错") == "REVERSAL.BUILT_UPON"


def test_waiting_entry_is_called_off_by_one_person_and_then_confirmed_by_nobody() -> None:
    """INV-06, INV-11: nothing was moved, so nothing moves back."""
    desk = funded(policy="standard")
    before = money(desk)
    desk.do(WANG, "quota.release", "r", **RELEASE)
    outcome = desk.do(WANG, "entry.reverse", "off", entry=desk.ref("r"), reason="错")
    assert (outcome.waits, outcome.moves, money(desk)) == (False, [], before)
    assert desk.tried(QIAN, "entry.confirm", "ok", entry=desk.ref("r")) == "REFERENCE.ENTRY"
    assert desk.tried(WANG, "entry.reverse", "off2", entry=desk.ref("r"), reason="错") == "REVERSAL.TWICE"


def test_reversal_that_waits_has_moved_nothing_yet() -> None:
    """INV-06, INV-11: two persons take money back; a second waiting reversal of the same entry comes to nothing."""
    desk = funded()
    before = money(desk)
    for id in ("b1", "b2"):
        assert desk.do(WANG, "entry.reverse", id, entry=desk.ref("fund-P1"), reason="错").waits
    assert money(desk) == before
    assert desk.tried(WANG, "entry.confirm", "ok", entry=desk.ref("b1")) == "RIGHTS.SAME_PERSON"
    desk.do(QIAN, "entry.confirm", "ok", entry=desk.ref("b1"))
    assert money(desk) != before
    assert desk.tried(QIAN, "entry.confirm", "ok2", entry=desk.ref("b2")) == "REVERSAL.TWICE"


def test_waiting_reversal_can_be_called_off() -> None:
    """INV-11: like any entry that waits."""
    desk = funded()
    desk.do(WANG, "entry.reverse", "b1", entry=desk.ref("fund-P1"), reason="错")
    assert desk.tried(WANG, "entry.reverse", "off", entry=desk.ref("b1"), reason="点错") == ""


def test_reversal_of_one_approval_leaves_the_other_standing() -> None:
    """A project approved by two papers is approved until both are taken back."""
    desk = funded()
    desk.do(WANG, "project.approve", "a1", project="P1", document_number="一", approval_type="plan")
    desk.do(WANG, "project.approve", "a2", project="P1", document_number="二", approval_type="design")
    reverse(desk, "a2")
    assert desk.state.project("P1").approved
    reverse(desk, "a1")
    assert not desk.state.project("P1").approved


# --- an observing ledger -----------------------------------------------------------------------------------------------


def test_observing_ledger_takes_what_is_lacking_from_suspense() -> None:
    """INV-09: the gap has a name of its own, `?<entry id>`, and nothing but suspense is below zero."""
    desk = funded(mode="observe")
    outcome = desk.do(WANG, "quota.release", "r", **RELEASE | {"legs": legs(Q1=500)})
    assert [(m.source, m.quota, m.n) for m in outcome.moves] == [("999901:available", "Q1", 400), ("999901:suspense", "?r", 100)]
    assert (desk.balance("999901:suspense", "?r"), desk.balance("999901001:available", "?r")) == (-100, 100)
    assert desk.balance("999901:available") == 0


def test_observing_payment_without_any_funds_is_recorded_under_its_own_gap() -> None:
    """INV-09: what happened in the world is never turned away."""
    desk = staffed(mode="observe")
    desk.do(LI, "project.propose", "p", project="P1", county="999901", name="项目")
    desk.do(LI, "payment.request", "Y1", payment="Y1", project="P1", legs=[{"amount": 9, "quota": "?Y1"}], payee="甲")
    assert (desk.balance("P1:suspense", "?Y1"), desk.balance("Y1:reserved", "?Y1")) == (-9, 9)
    assert desk.tried(LI, "payment.request", "Y2", payment="Y2", project="P1", legs=[{"amount": 9, "quota": "?Y1"}], payee="甲") == "REFERENCE.QUOTA"


def short() -> Desk:
    """An observing ledger with a request that asks for 40 more of Q1 than its project has."""
    desk = funded(mode="observe")
    desk.do(LI, "payment.request", "Y1", payment="Y1", project="P1", legs=legs(Q1=640), payee="甲")
    return desk


def test_observing_approval_pays_what_its_request_reserved() -> None:
    """INV-10: what was reserved out of suspense is paid out of reserve, not out of suspense a second time."""
    desk = short()
    desk.do(WANG, "payment.approve", "p1", payment="Y1")
    assert [key for key, n in desk.state.balances() if key[0] == "Y1:reserved"] == []
    assert sum(n for key, n in desk.state.balances() if key[0] == "P1:paid") == 640
    assert sum(n for key, n in desk.state.balances() if key[0] == "P1:suspense") == -40


def test_observing_rejection_empties_the_reserve() -> None:
    """INV-10: nothing stays reserved for a request that was rejected."""
    desk = short()
    desk.do(WANG, "payment.reject", "x1", payment="Y1", reason="缺件")
    assert [key for key, n in desk.state.balances() if key[0] == "Y1:reserved"] == []


def test_observing_approval_is_reversed_with_the_whole_rest_open_again() -> None:
    """INV-10, INV-11: the rest is what was asked, though part of it came out of suspense."""
    desk = short()
    desk.do(WANG, "payment.approve", "p1", payment="Y1")
    reverse(desk, "p1")
    assert sum(leg.amount for leg in rest_of(desk.state, "Y1", desk.state.payment("Y1"))) == 640
