"""The second person: who waits, who may confirm, and what happens then."""

from typing import Any

import pytest

from tests.book.desk import enrolment, funded, legs, staffed
from tests.world import LI, QIAN, ROOT, WANG, ZHAO, signer

NEW, OTHER = signer(51), signer(52)
RELEASE = {"from": "999901", "to": "999901001", "legs": legs(Q1=10)}


@pytest.mark.parametrize(
    ("policy", "mode", "waiting"),
    [
        ("standard", "control", {"quota.release", "project.fund", "entry.reverse money", "entry.reverse open", "entry.void"}),
        ("small", "control", {"entry.reverse money", "entry.void"}),
        ("standard", "observe", {"entry.void"}),
        ("small", "observe", {"entry.void"}),
    ],
)
def test_who_waits_is_said_by_the_policy_of_entry_zero(policy: str, mode: str, waiting: set[str]) -> None:
    """INV-06: standard, small, and an observing ledger in which nothing waits but the voiding of an entry."""
    desk = funded(policy=policy, mode=mode)
    desk.void("0" * 64, "quota.release", "bad", **RELEASE)
    desk.do(LI, "project.propose", "spare", project="P5", county="999901", name="项目")
    tries: list[tuple[str, Any, str, dict[str, Any]]] = [
        ("quota.release", WANG, "quota.release", RELEASE),
        ("project.fund", WANG, "project.fund", {"project": "P1", "legs": legs(Q1=10)}),
        ("quota.receive", WANG, "quota.receive", {"quota": "Q9", "holder": "999901", "amount": 5, "year": 2025, "source_level": "city"}),
        ("payment.request", LI, "payment.request", {"payment": "Y", "project": "P1", "legs": legs(Q1=1), "payee": "甲"}),
        ("project.approve", WANG, "project.approve", {"project": "P1", "document_number": "一"}),
        ("entry.reverse money", WANG, "entry.reverse", {"named": "quota.receive"}),
        ("entry.reverse open", LI, "entry.reverse", {"named": "spare"}),
        ("entry.void", ZHAO, "entry.void", {"entry": desk.ref("bad"), "finding": "void", "reason": "错"}),
    ]
    for name, key, kind, data in tries:
        if "named" in data:
            data = {"entry": desk.ref(data["named"]), "reason": "错"}
        outcome = desk.do(key, kind, name, **data)
        assert outcome.waits is (name in waiting), name
        assert not (outcome.waits and outcome.moves)


def test_waiting_entry_has_no_effect_and_its_confirmation_carries_the_moves() -> None:
    """INV-06, INV-09: moves stand where they take effect."""
    desk = funded(policy="standard")
    waiting = desk.do(WANG, "quota.release", "r", **RELEASE)
    assert (waiting.moves, desk.balance("999901001:available")) == ([], 0)
    confirmed = desk.do(QIAN, "entry.confirm", "ok", entry=desk.ref("r"), reason="属实")
    assert [(move.source, move.n, move.target) for move in confirmed.moves] == [("999901:available", 10, "999901001:available")]
    assert (desk.balance("999901001:available"), confirmed.waits) == (10, False)
    assert desk.tried(QIAN, "entry.confirm", "ok2", entry=desk.ref("r")) == "REFERENCE.ENTRY"
    assert desk.tried(ZHAO, "entry.confirm", "ok2", entry=desk.ref("r")) == "REFERENCE.ENTRY"


def test_k06_confirmation_needs_another_person_with_the_right() -> None:
    """INV-05, INV-06, K-06: not the author, not a second key of the author's person, not just anybody; a reviewer may."""
    desk = funded(policy="standard")
    desk.officer("wang.b", NEW, ["finance"], person="wang")
    desk.officer("far", OTHER, ["finance"], "999902")
    desk.do(WANG, "quota.release", "r", **RELEASE)
    call = {"entry": desk.ref("r")}
    assert desk.tried(WANG, "entry.confirm", "ok", **call) == "RIGHTS.SAME_PERSON"
    assert desk.tried(NEW, "entry.confirm", "ok", **call) == "RIGHTS.SAME_PERSON"
    assert desk.tried(LI, "entry.confirm", "ok", **call) == "RIGHTS.ROLE"
    assert desk.tried(ROOT, "entry.confirm", "ok", **call) == "RIGHTS.ROLE"
    assert desk.tried(OTHER, "entry.confirm", "ok", **call) == "RIGHTS.JURISDICTION"
    assert desk.tried("0" * 64, "entry.confirm", "ok", **call) == "RIGHTS.KEY"
    assert desk.tried(ZHAO, "entry.confirm", "ok", **call) == ""
    assert desk.tried(QIAN, "entry.confirm", "ok", **call) == ""
    desk.do(ROOT, "officer.revoke", "gone", officer="qian", reason="调离")
    assert desk.tried(QIAN, "entry.confirm", "ok", **call) == "RIGHTS.REVOKED"


@pytest.mark.parametrize("id", ["receive-Q1", "propose-P1", "ledger.open"])
def test_entry_that_does_not_wait_cannot_be_confirmed(id: str) -> None:
    """INV-06."""
    desk = funded()
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref(id)) == "REFERENCE.ENTRY"


def test_entry_is_named_by_id_and_leaf_and_both_must_fit() -> None:
    """INV-08: a confirmation means the entry its author saw."""
    desk = funded(policy="standard")
    desk.do(WANG, "quota.release", "r", **RELEASE)
    ref = desk.ref("r")
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=ref | {"leaf": "0" * 64}) == "REFERENCE.ENTRY"
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=ref | {"entry": "none"}) == "REFERENCE.ENTRY"
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=ref | {"entry": "receive-Q1"}) == "REFERENCE.ENTRY"


def test_confirmation_is_judged_by_the_state_it_meets() -> None:
    """INV-09: what could be given when it was written may be gone when it is confirmed."""
    desk = funded(policy="standard")
    desk.do(WANG, "quota.release", "r1", **RELEASE | {"legs": legs(Q1=400)})
    desk.do(WANG, "quota.release", "r2", **RELEASE | {"legs": legs(Q1=400)})
    desk.do(QIAN, "entry.confirm", "ok1", entry=desk.ref("r1"))
    assert desk.tried(QIAN, "entry.confirm", "ok2", entry=desk.ref("r2")) == "BALANCE.SHORT"
    assert desk.balance("999901:available") == 0


def test_waiting_entry_that_could_not_take_effect_is_refused_at_once() -> None:
    """INV-09: nobody is asked to confirm what must fail."""
    desk = funded(policy="standard")
    assert desk.tried(WANG, "quota.release", "r", **RELEASE | {"legs": legs(Q1=401)}) == "BALANCE.SHORT"


def test_enrolment_waits_once_two_persons_are_administrators() -> None:
    """INV-06: one person alone can begin; two check each other, and a second key of one person is not two."""
    desk = staffed(policy="standard")
    assert not desk.officer("second", NEW, ["administrator"], person="second").waits
    assert desk.state.administrators() == ("root", "second")
    outcome = desk.do(ROOT, "officer.enroll", "sun", **enrolment("sun", OTHER, ["clerk"]))
    assert outcome.waits
    assert desk.tried(OTHER, "paper.record", "n", paper="N", title="x", holder="999901", year=2025, date="2025", unit="元",
                      complete=True, mirror=False) == "RIGHTS.KEY"  # fmt: skip
    assert desk.tried(ROOT, "entry.confirm", "ok", entry=desk.ref("sun")) == "RIGHTS.SAME_PERSON"
    desk.do(NEW, "entry.confirm", "ok", entry=desk.ref("sun"))
    assert desk.state.officer("sun").roles == ("clerk",)
    assert desk.do(ROOT, "officer.revoke", "bye", officer="sun", reason="调离").waits


def test_nobody_enrols_a_second_key_of_the_own_person_by_way_of_a_confirmation() -> None:
    """INV-06, K-06: the rule is about who wrote the enrolment, and holds when another confirms it."""
    desk = staffed(policy="standard")
    desk.officer("second", NEW, ["administrator"], person="second")
    assert desk.tried(ROOT, "officer.enroll", "x", **enrolment("x", OTHER, ["finance"], person="root")) == "RIGHTS.SAME_PERSON"


def test_void_is_acknowledged_by_two_persons_and_once() -> None:
    """INV-06, INV-08: in every ledger; what is not void, or acknowledged already, is refused."""
    for mode in ("control", "observe"):
        desk = funded(mode=mode)
        desk.void("0" * 64, "quota.release", "bad", **RELEASE)
        data = {"entry": desk.ref("bad"), "finding": "void", "reason": "错"}
        assert desk.tried(ZHAO, "entry.void", "v", **data | {"finding": "ahead"}) == "REFERENCE.ENTRY"
        assert desk.tried(ZHAO, "entry.void", "v", **data | {"entry": desk.ref("fund-P1")}) == "REFERENCE.ENTRY"
        desk.do(ZHAO, "entry.void", "v", **data)
        assert not desk.state.get("void", str(desk.history.ids["bad"])).acknowledged
        assert desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref("v")) == "RIGHTS.SAME_PERSON"
        desk.do(ROOT, "entry.confirm", "ok", entry=desk.ref("v"))
        assert desk.state.get("void", str(desk.history.ids["bad"])).acknowledged
        assert desk.tried(ZHAO, "entry.void", "v2", **data) == "REFERENCE.ENTRY"


def test_void_entry_is_no_ground_for_a_confirmation_or_a_reversal() -> None:
    """INV-08, INV-11."""
    desk = funded(policy="standard")
    desk.void(LI, "quota.release", "bad", **RELEASE)
    assert desk.tried(QIAN, "entry.confirm", "ok", entry=desk.ref("bad")) == "REFERENCE.ENTRY"
    assert desk.tried(WANG, "entry.reverse", "back", entry=desk.ref("bad"), reason="错") == "REVERSAL.KIND"


def test_revoked_author_of_a_waiting_entry_does_not_stop_its_confirmation_from_being_judged() -> None:
    """INV-05, K-04: rights of the author are those of the time it was written."""
    desk = funded(policy="standard")
    desk.do(WANG, "quota.release", "r", **RELEASE)
    desk.do(ROOT, "officer.revoke", "gone", officer="wang", reason="调离")
    assert desk.tried(QIAN, "entry.confirm", "ok", entry=desk.ref("r")) == ""




def test_entry_whose_id_names_another_is_named_by_its_position() -> None:
    """INV-08: a void entry that took somebody's id can still be acknowledged, and only an earlier position names anything."""
    desk = funded()
    desk.void(WANG, "quota.release", "receive-Q1", **RELEASE)
    seq = desk.size - 1
    ref = {"entry": str(seq), "leaf": desk.history.rows[seq][2].hex()}
    data = {"finding": "void", "reason": "错"}
    assert desk.tried(ZHAO, "entry.void", "v", entry=ref | {"entry": "receive-Q1"}, **data) == "REFERENCE.ENTRY"
    for other in (seq - 1, seq + 1, seq + 10**30):
        assert desk.tried(ZHAO, "entry.void", "v", entry=ref | {"entry": str(other)}, **data) == "REFERENCE.ENTRY"
    desk.do(ZHAO, "entry.void", "v", entry=ref, **data)
    desk.do(ROOT, "entry.confirm", "ok", entry=desk.ref("v"))
    assert desk.state.get("void", str(seq)).acknowledged
    assert desk.state.get("void", str(desk.history.ids["receive-Q1"])) is None


def test_position_has_one_spelling() -> None:
    """INV-08: `016` is no other name of entry 16."""
    desk = funded()
    desk.void(WANG, "quota.release", "receive-Q1", **RELEASE)
    seq = desk.size - 1
    ref = {"entry": f"0{seq}", "leaf": desk.history.rows[seq][2].hex()}
    assert desk.tried(ZHAO, "entry.void", "v", entry=ref, finding="void", reason="错") == "REFERENCE.ENTRY"
