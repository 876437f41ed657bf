"""Entries by a key that was stolen: which are suspect from a revocation on, who settles them and how."""

from typing import Any

import pytest

from ledger.errors import NotPermitted, Refused
from tests.book.desk import Desk, enrolment, funded, legs, rotation
from tests.book.roots import ANNA, BORIS, rooted
from tests.verify.modified_client import Bad, ModifiedClient
from tests.world import LI, QIAN, ROOT, WANG, ZHAO, World, codes, draft, first_yuan, signer
from tests.world import enrolment as enrol

NEW, OTHER, THIRD, FOURTH = signer(51), signer(52), signer(53), signer(54)
RELEASE = {"from": "999901", "to": "999901001", "legs": legs(Q1=10)}
HOUSE = {"place": "999901", "type": "registered"}


def suspects(desk: Desk) -> set[str]:
    """The ids of all entries ever suspect."""
    ids = {seq: id for id, seq in desk.history.ids.items()}
    return {ids[int(key)] for key, _ in desk.state.objects("suspect")}


def unsettled(desk: Desk) -> set[str]:
    """Those that nobody has settled."""
    ids = {seq: id for id, seq in desk.history.ids.items()}
    return {ids[int(key)] for key, found in desk.state.objects("suspect") if found.by < 0}


def revoke(desk: Desk, officer: str, since: int | str = 0, id: str = "rev", by: Any = ROOT) -> None:
    """Revoke an officer since an entry or a position."""
    seq = desk.history.ids[since] if isinstance(since, str) else since
    if desk.do(by, "officer.revoke", id, officer=officer, reason="失窃", since=seq).waits:
        desk.do(ZHAO, "entry.confirm", f"ok-{id}", entry=desk.ref(id))


def house(desk: Desk, id: str, key: Any = LI) -> None:
    """An entry of li's, of no money."""
    desk.do(key, "household.enroll", id, household=id, **HOUSE)


# --- which --------------------------------------------------------------------------------------------------------------


def test_entries_of_the_officer_from_since_to_the_revocation_are_suspect() -> None:
    """format.md §9: the position counts, its own bound included; nobody else's are, and none before."""
    desk = funded()
    for id in ("H-1", "H-2", "H-3"):
        house(desk, id)
    revoke(desk, "li", "H-2")
    assert suspects(desk) == unsettled(desk) == {"H-2", "H-3"}


def test_suspect_entry_keeps_its_effect() -> None:
    """format.md §9: balances and objects are as before; what builds on it goes on."""
    desk = funded()
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=5), payee="甲")
    before = desk.snapshot()[1]
    revoke(desk, "li")
    assert desk.snapshot()[1] == before
    desk.do(WANG, "payment.approve", "p1", payment="Y1")
    assert desk.balance("P1:paid") == 5
    assert suspects(desk) == {"propose-P1", "y1"}


def test_without_since_no_entry_is_suspect() -> None:
    """An officer who leaves is not in doubt."""
    desk = funded()
    desk.do(ROOT, "officer.revoke", "rev", officer="li", reason="调离")
    assert suspects(desk) == set()


def test_entries_by_every_key_the_officer_ever_had_are_suspect() -> None:
    """format.md §9: whenever enrolled; rotation cleans nothing."""
    desk = funded()
    house(desk, "H-1")
    desk.do(LI, "officer.rotate", "rot1", **rotation("li", NEW))
    house(desk, "H-2", NEW)
    desk.do(ROOT, "officer.rotate", "rot2", **rotation("li", OTHER))
    house(desk, "H-3", OTHER)
    revoke(desk, "li", "H-1")
    assert suspects(desk) == {"H-1", "rot1", "H-2", "H-3"}


def test_second_id_of_the_same_person_is_another_officer() -> None:
    """Its key was not stolen; but it settles nothing either."""
    desk = funded()
    desk.officer("li2", NEW, ["programme", "handler"], person="li")
    house(desk, "H-1")
    house(desk, "H-2", NEW)
    revoke(desk, "li", "H-1")
    assert suspects(desk) == {"H-1"}


def test_void_entries_are_left_out() -> None:
    """They have no effect to doubt."""
    desk = funded()
    desk.void(LI, "quota.release", "bad", **RELEASE)
    house(desk, "H-1")
    revoke(desk, "li", "bad")
    assert suspects(desk) == {"H-1"}


@pytest.mark.parametrize(("since", "code"), [("now", ""), ("next", "INPUT.FIELD"), (2**53 - 1, "INPUT.FIELD"), (0, "")])
def test_since_lies_not_after_the_revocation(since: Any, code: str) -> None:
    """INV-08: its own position is the last that can be named, and marks nothing."""
    desk = funded()
    seq = {"now": desk.size, "next": desk.size + 1}.get(since, since)
    assert desk.tried(ROOT, "officer.revoke", "rev", officer="li", reason="失窃", since=seq) == code
    if since == "now":
        revoke(desk, "li", seq)
        assert suspects(desk) == set()


def test_since_zero_reaches_entry_zero() -> None:
    """A root's founding entry is doubtful too; nobody may record it again, so a reviewer whom another root enrolled vouches."""
    desk = rooted()
    desk.officer("by-root", NEW, ["administrator", "reviewer"])
    desk.do(ANNA, "officer.revoke", "rev", officer="root", reason="失窃", since=0)
    desk.do(BORIS, "entry.confirm", "ok-rev", entry=desk.ref("rev"))
    assert suspects(desk) == {"ledger.open", "body-999901", "enroll-by-root"}
    desk.do(ANNA, "officer.enroll", "e", **enrolment("by-anna", OTHER, ["reviewer"]))
    for key, code in ((NEW, "RIGHTS.SUSPECT"), (ANNA, "RIGHTS.ROLE"), (ROOT, "RIGHTS.REVOKED"), (OTHER, "")):
        assert desk.tried(key, "entry.confirm", "ok", entry=desk.ref("ledger.open")) == code
    assert desk.tried(ANNA, "entry.reverse", "back", entry=desk.ref("ledger.open"), reason="错") in ("REVERSAL.KIND", "RIGHTS.ROLE")


def test_revocation_that_waits_marks_what_came_before_its_confirmation() -> None:
    """format.md §9: where it takes effect at entry s, up to s−1; until then nothing is suspect."""
    desk = funded(policy="standard")
    desk.officer("admin", NEW, ["administrator"])
    house(desk, "H-1")
    assert desk.do(ROOT, "officer.revoke", "rev", officer="li", reason="失窃", since=desk.history.ids["H-1"]).waits
    assert suspects(desk) == set()
    house(desk, "H-2")
    desk.do(NEW, "entry.confirm", "ok", entry=desk.ref("rev"))
    assert suspects(desk) == {"H-1", "H-2"}
    assert desk.tried(LI, "household.enroll", "H-3", household="H-3", **HOUSE) == "RIGHTS.REVOKED"


def test_officer_who_has_the_own_key_revoked_makes_that_entry_suspect_and_settled_at_once() -> None:
    """The confirmation that lets it take effect vouches for it."""
    desk = funded(policy="standard")
    desk.officer("admin", NEW, ["administrator"])
    desk.do(NEW, "officer.revoke", "rev", officer="admin", reason="失窃", since=0)
    desk.do(ROOT, "entry.confirm", "ok", entry=desk.ref("rev"))
    assert suspects(desk) == {"rev"}
    assert unsettled(desk) == set()


def test_officer_is_revoked_once() -> None:
    """INV-05: of two revocations that wait the second comes to nothing, and marks nothing."""
    desk = funded(policy="standard")
    desk.officer("admin", NEW, ["administrator"])
    house(desk, "H-1")
    desk.do(ROOT, "officer.revoke", "r1", officer="li", reason="失窃", since=desk.history.ids["H-1"])
    desk.do(ROOT, "officer.revoke", "r2", officer="li", reason="调离")
    desk.do(NEW, "entry.confirm", "ok1", entry=desk.ref("r1"))
    assert desk.tried(NEW, "entry.confirm", "ok2", entry=desk.ref("r2")) == "REFERENCE.OFFICER"
    assert suspects(desk) == {"H-1"}


@pytest.mark.parametrize("first", [None, 0])
def test_earlier_since_can_be_stated_of_an_officer_revoked_already(first: int | None) -> None:
    """A theft is often noticed after the officer left; an accomplice's quick revocation must not protect what was done."""
    desk = funded()
    house(desk, "H-1")
    desk.do(ROOT, "officer.revoke", "r1", officer="li", reason="调离", **({} if first is None else {"since": desk.size}))
    assert desk.tried(ROOT, "officer.revoke", "r2", officer="li", reason="失窃", since=desk.history.ids["H-1"]) == ""


# --- who settles, and how -----------------------------------------------------------------------------------------------


def test_confirmation_settles_a_suspect_entry_and_moves_nothing() -> None:
    """INV-06: by another person who may record the kind, or a reviewer; once."""
    desk = funded()
    desk.officer("handler", NEW, ["handler"])
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=5), payee="甲")
    revoke(desk, "li", "y1")
    before = desk.snapshot()[1]
    for key, code in ((WANG, "RIGHTS.ROLE"), (ROOT, "RIGHTS.ROLE"), (LI, "RIGHTS.REVOKED"), (NEW, ""), (ZHAO, "")):
        assert desk.tried(key, "entry.confirm", "ok", entry=desk.ref("y1")) == code, code
    outcome = desk.do(NEW, "entry.confirm", "ok", entry=desk.ref("y1"))
    assert (outcome.moves, outcome.waits, desk.snapshot()[1]) == ([], False, before)
    assert unsettled(desk) == set()
    assert desk.state.get("suspect", str(desk.history.ids["y1"])).by == desk.size - 1
    assert desk.tried(ZHAO, "entry.confirm", "ok2", entry=desk.ref("y1")) == "REFERENCE.ENTRY"


def test_k06_nobody_vouches_for_the_own_entries_by_a_second_id() -> None:
    """INV-06, K-06: two keys of one person count once; under a reviewer's role too."""
    desk = funded()
    desk.officer("li2", NEW, ["programme", "reviewer"], person="li")
    house(desk, "H-1")
    revoke(desk, "li", "H-1")
    assert desk.tried(NEW, "entry.confirm", "ok", entry=desk.ref("H-1")) == "RIGHTS.SAME_PERSON"


def test_jurisdiction_holds_for_who_vouches() -> None:
    """INV-05: an officer of the next county vouches for nothing here."""
    desk = funded()
    desk.officer("far", NEW, ["programme", "reviewer"], "999902")
    house(desk, "H-1")
    revoke(desk, "li", "H-1")
    assert desk.tried(NEW, "entry.confirm", "ok", entry=desk.ref("H-1")) == "RIGHTS.JURISDICTION"


def test_waiting_suspect_entry_is_vouched_for_and_takes_effect_together() -> None:
    """format.md §9: the one confirmation carries its moves."""
    desk = funded(policy="standard")
    desk.do(WANG, "quota.release", "r", **RELEASE)
    revoke(desk, "wang", "r")
    assert unsettled(desk) == {"r"}
    assert len(desk.do(QIAN, "entry.confirm", "ok", entry=desk.ref("r")).moves) == 1
    assert (unsettled(desk), desk.balance("999901001:available")) == (set(), 10)


def test_waiting_suspect_entry_is_called_off_and_settled() -> None:
    """INV-11: by one person, as any that waits."""
    desk = funded(policy="standard")
    desk.do(WANG, "quota.release", "r", **RELEASE)
    revoke(desk, "wang", "r")
    desk.do(QIAN, "entry.reverse", "off", entry=desk.ref("r"), reason="失窃")
    assert (unsettled(desk), desk.balance("999901001:available")) == (set(), 0)


def test_entry_called_off_before_the_revocation_is_suspect_and_vouched_for() -> None:
    """It moves nothing then either."""
    desk = funded(policy="standard")
    desk.do(WANG, "quota.release", "r", **RELEASE)
    desk.do(WANG, "entry.reverse", "off", entry=desk.ref("r"), reason="错")
    revoke(desk, "wang", "r")
    assert unsettled(desk) == {"r", "off"}
    for id in ("r", "off"):
        assert desk.do(QIAN, "entry.confirm", f"ok-{id}", entry=desk.ref(id)).moves == []
    assert (unsettled(desk), desk.balance("999901001:available")) == (set(), 0)


def test_reversal_settles_a_suspect_entry_once_it_takes_effect() -> None:
    """INV-11, F-10: not while the reversal itself waits."""
    desk = funded()
    desk.do(WANG, "quota.release", "r", **RELEASE)
    revoke(desk, "wang", "r")
    assert desk.do(QIAN, "entry.reverse", "back", entry=desk.ref("r"), reason="失窃").waits
    assert unsettled(desk) == {"r"}
    desk.do(ZHAO, "entry.confirm", "ok", entry=desk.ref("back"))
    assert (unsettled(desk), desk.balance("999901001:available")) == (set(), 0)
    assert desk.tried(ZHAO, "entry.confirm", "ok2", entry=desk.ref("r")) == "REFERENCE.ENTRY"


def test_entry_vouched_for_can_be_reversed_later() -> None:
    """F-10: to vouch is no seal against correction."""
    desk = funded()
    desk.do(WANG, "quota.release", "r", **RELEASE)
    revoke(desk, "wang", "r")
    desk.do(QIAN, "entry.confirm", "fine", entry=desk.ref("r"))
    desk.do(QIAN, "entry.reverse", "back", entry=desk.ref("r"), reason="错")
    desk.do(ZHAO, "entry.confirm", "ok", entry=desk.ref("back"))
    assert desk.balance("999901001:available") == 0


def test_suspect_confirmation_is_vouched_for_by_who_may_record_what_it_confirmed() -> None:
    """format.md §9: the kind of the entry it is about in the end; nothing is moved a second time."""
    desk = funded(policy="standard")
    desk.officer("fin", NEW, ["finance"])
    desk.do(WANG, "quota.release", "r", **RELEASE)
    desk.do(QIAN, "entry.confirm", "ok", entry=desk.ref("r"))
    revoke(desk, "qian", "ok")
    assert unsettled(desk) == {"ok"}
    assert desk.tried(LI, "entry.confirm", "v", entry=desk.ref("ok")) == "RIGHTS.ROLE"
    assert desk.do(NEW, "entry.confirm", "v", entry=desk.ref("ok")).moves == []
    assert (unsettled(desk), desk.balance("999901001:available")) == (set(), 10)


def test_confirmation_that_vouched_may_itself_become_suspect() -> None:
    """A confirmation of a confirmation of a confirmation is judged by the first of them."""
    desk = funded()
    desk.officer("p2", NEW, ["programme"])
    desk.officer("p3", OTHER, ["programme"])
    house(desk, "H-1")
    revoke(desk, "li", "H-1", "rev1")
    desk.do(NEW, "entry.confirm", "c1", entry=desk.ref("H-1"))
    revoke(desk, "p2", "c1", "rev2")
    assert unsettled(desk) == {"c1"}
    desk.do(OTHER, "entry.confirm", "c2", entry=desk.ref("c1"))
    revoke(desk, "p3", "c2", "rev3")
    assert unsettled(desk) == {"c2"}
    assert desk.tried(WANG, "entry.confirm", "c3", entry=desk.ref("c2")) == "RIGHTS.ROLE"
    desk.do(ZHAO, "entry.confirm", "c3", entry=desk.ref("c2"))
    assert unsettled(desk) == set()


def test_suspect_reversal_is_vouched_for_or_stays() -> None:
    """F-10: a reversal is not reversed; who finds it false records the thing anew."""
    desk = funded()
    desk.do(WANG, "quota.release", "r", **RELEASE)
    desk.do(WANG, "entry.reverse", "back", entry=desk.ref("r"), reason="错")
    desk.do(QIAN, "entry.confirm", "ok", entry=desk.ref("back"))
    revoke(desk, "wang", "back")
    assert unsettled(desk) == {"back"}
    assert desk.tried(QIAN, "entry.reverse", "x", entry=desk.ref("back"), reason="错") == "REVERSAL.KIND"
    assert desk.do(ZHAO, "entry.confirm", "v", entry=desk.ref("back")).moves == []
    assert (unsettled(desk), desk.balance("999901001:available")) == (set(), 0)


def test_entry_named_by_id_and_leaf_and_the_leaf_must_fit() -> None:
    """INV-08: who vouches means the entry that was seen."""
    desk = funded()
    house(desk, "H-1")
    revoke(desk, "li", "H-1")
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref("H-1") | {"leaf": "0" * 64}) == "REFERENCE.ENTRY"
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref("fund-P1")) == "REFERENCE.ENTRY"


def test_observing_ledger_has_suspects_too() -> None:
    """INV-06: an administrator may vouch for every kind there, but not for the own person's."""
    desk = funded(mode="observe")
    house(desk, "H-1")
    revoke(desk, "li", "H-1")
    assert desk.tried(WANG, "entry.confirm", "ok", entry=desk.ref("H-1")) == "RIGHTS.ROLE"
    assert desk.tried(ROOT, "entry.confirm", "ok", entry=desk.ref("H-1")) == ""


# --- one person for two -------------------------------------------------------------------------------------------------


def test_k06_author_does_not_vouch_for_the_stolen_confirmation_of_the_own_entry() -> None:
    """INV-06: else one person and a stolen key are two persons for good."""
    desk = funded(policy="standard")
    desk.do(WANG, "quota.release", "r", **RELEASE)
    desk.do(QIAN, "entry.confirm", "ok", entry=desk.ref("r"))  # wang had qian's key
    revoke(desk, "qian", "ok")
    assert desk.tried(WANG, "entry.confirm", "v", entry=desk.ref("ok")) == "RIGHTS.SAME_PERSON"


def test_k01_who_asked_does_not_vouch_for_the_stolen_approval() -> None:
    """INV-06, K-01: a payment is by two persons, and stays so."""
    desk = funded()
    desk.officer("both", NEW, ["handler", "approver"])
    desk.do(NEW, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=5), payee="甲")
    desk.do(WANG, "payment.approve", "p1", payment="Y1")  # with wang's key, stolen
    revoke(desk, "wang", "p1")
    assert desk.tried(NEW, "entry.confirm", "v", entry=desk.ref("p1")) == "RIGHTS.SAME_PERSON"


def test_reversal_of_the_entry_settles_its_suspect_confirmation() -> None:
    """format.md §9: taken back is taken back; nobody should have to call a thief's entry good."""
    desk = funded(policy="standard")
    desk.do(WANG, "quota.release", "r", **RELEASE)
    desk.do(QIAN, "entry.confirm", "ok", entry=desk.ref("r"))
    revoke(desk, "qian", "ok")
    desk.do(WANG, "entry.reverse", "back", entry=desk.ref("r"), reason="失窃")
    desk.do(ZHAO, "entry.confirm", "ok-back", entry=desk.ref("back"))
    assert unsettled(desk) == set()


def test_nobody_calls_off_the_own_revocation() -> None:
    """INV-06: a bad administrator would never be stopped."""
    desk = funded(policy="standard")
    desk.officer("bad", NEW, ["administrator"])
    assert desk.do(ROOT, "officer.revoke", "rev", officer="bad", reason="失窃", since=0).waits
    assert desk.tried(NEW, "entry.reverse", "off", entry=desk.ref("rev"), reason="不同意") == "RIGHTS.SAME_PERSON"


def test_officer_whom_a_thief_enrolled_does_not_vouch_for_the_enrolment() -> None:
    """K-02, K-06: who stands by a suspect entry alone is no other person than its author."""
    desk = funded()
    desk.officer("bad", NEW, ["administrator"])
    desk.do(NEW, "officer.enroll", "e", **enrolment("mate", OTHER, ["reviewer"]))
    revoke(desk, "bad", "e")
    assert desk.tried(OTHER, "entry.confirm", "ok", entry=desk.ref("e")) != ""
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref("e")) == ""


def test_key_that_a_thief_rotated_to_does_not_vouch_for_the_rotation() -> None:
    """K-02: the officer named may record the own rotation, and so may confirm it, with the thief's key."""
    desk = funded()
    desk.officer("bad", NEW, ["administrator"])
    desk.do(NEW, "officer.rotate", "rot", **rotation("li", OTHER))
    revoke(desk, "bad", "rot")
    assert desk.tried(OTHER, "entry.confirm", "ok", entry=desk.ref("rot")) != ""
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref("rot")) == ""


PUPPETS = (("p1", NEW, "bad"), ("p2", OTHER, "p1"))
ALL = ["administrator", "finance", "reviewer"]


def stolen(policy: str = "small") -> Desk:
    """The administrator bad's key is stolen, enrols p1, who enrols p2; and a quota is recorded with it."""
    desk = funded(policy=policy)
    desk.officer("bad", FOURTH, ALL)
    desk.history.ids["theft"] = desk.size
    keys = {"bad": FOURTH, "p1": NEW}
    for name, key, by in PUPPETS:
        if desk.do(keys[by], "officer.enroll", f"e-{name}", **enrolment(name, key, ALL)).waits:
            desk.do(ROOT, "entry.confirm", f"ok-{name}", entry=desk.ref(f"e-{name}"))
    desk.do(FOURTH, "quota.receive", "Q9", quota="Q9", holder="999901", amount=100, year=2026, source_level="county")
    return desk


def test_keys_along_a_chain_of_enrolments_by_a_thief_settle_nothing() -> None:
    """K-02, K-06: a puppet's puppet is no other person either, whether it confirms or reverses."""
    desk = stolen()
    revoke(desk, "bad", "theft")
    assert unsettled(desk) == {"e-p1", "Q9"}
    for key in (NEW, OTHER):
        for id in unsettled(desk):
            assert desk.tried(key, "entry.confirm", "ok", entry=desk.ref(id)) == "RIGHTS.SUSPECT"
        assert desk.tried(key, "entry.reverse", "x", entry=desk.ref("Q9"), reason="错") == "RIGHTS.SUSPECT"
    desk.do(OTHER, "officer.rotate", "own", **rotation("p2", THIRD))
    assert desk.tried(THIRD, "entry.confirm", "ok", entry=desk.ref("Q9")) == "RIGHTS.SUSPECT"
    assert {desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref(id)) for id in ("e-p1", "Q9")} == {""}


def test_key_that_a_settled_entry_brought_in_settles_nothing_and_a_root_helps_out() -> None:
    """Settled or not: what was vouched for is one enrolment, not what hangs on it; a key that a root brings in is clean."""
    desk = stolen()
    revoke(desk, "bad", "theft")
    desk.do(ZHAO, "entry.confirm", "ok-p1", entry=desk.ref("e-p1"))
    for key in (NEW, OTHER):
        assert desk.tried(key, "entry.confirm", "ok", entry=desk.ref("Q9")) == "RIGHTS.SUSPECT"
    desk.do(ROOT, "officer.rotate", "rot", **rotation("p2", THIRD))
    assert desk.tried(THIRD, "entry.confirm", "ok", entry=desk.ref("Q9")) == ""


def test_root_settles_what_a_root_may_record() -> None:
    """The way out where nobody else is left: the keys of entry 0 hang on nothing."""
    desk = stolen()
    revoke(desk, "bad", "theft")
    assert desk.tried(ROOT, "entry.confirm", "ok", entry=desk.ref("e-p1")) == ""


def test_reversal_that_a_puppet_recorded_before_the_revocation_settles_nothing() -> None:
    """It waits, and is called off; who confirms it would let the puppet's word count."""
    desk = stolen()
    assert desk.do(OTHER, "entry.reverse", "back", entry=desk.ref("Q9"), reason="错").waits
    revoke(desk, "bad", "theft")
    desk.do(ROOT, "officer.rotate", "rot", **rotation("p2", THIRD))  # the key that signed counts, not a later one
    assert desk.tried(QIAN, "entry.confirm", "ok", entry=desk.ref("back")) == "RIGHTS.SUSPECT"
    desk.do(QIAN, "entry.reverse", "own", entry=desk.ref("Q9"), reason="失窃")
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref("own")) == ""


def test_enrolment_by_a_thief_that_others_confirmed_is_followed_to_the_entry_that_says_it() -> None:
    """Where it took effect is another entry, by another key."""
    desk = stolen(policy="standard")
    revoke(desk, "bad", "theft")
    assert "ok-p1" not in suspects(desk)
    assert desk.tried(NEW, "entry.confirm", "ok", entry=desk.ref("Q9")) == "RIGHTS.SUSPECT"


def test_holder_of_a_key_does_not_call_off_its_replacement_by_others() -> None:
    """An administrator recorded it; the officer named may record the own rotation, not stop another's."""
    desk = funded(policy="standard")
    desk.officer("admin", NEW, ["administrator"])
    assert desk.do(ROOT, "officer.rotate", "rot", **rotation("li", OTHER)).waits
    assert desk.tried(LI, "entry.reverse", "off", entry=desk.ref("rot"), reason="不") == "RIGHTS.ROLE"


# --- whole ledgers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["small", "standard"])
def test_stolen_key_from_theft_to_settlement_on_both_databases(target: str, policy: str) -> None:
    """RIGHTS.SUSPECT until settled: verify is undecided, names each entry, and is well again after; a rebuild agrees."""
    made = World(target, policy=policy)
    made.bodies()
    made.record(ROOT, enrol("zhao", ZHAO, ["reviewer"]), enrol("p2", NEW, ["programme", "handler"]))
    for id in ("H-1", "H-2", "H-3"):
        assert made.record(LI, draft("household.enroll", id, household=id, **HOUSE)).entries[0].waits is (policy == "standard")
    since = made.verify().size - 2
    made.record(ROOT, draft("officer.revoke", "rev", officer="li", reason="失窃", since=since))
    found = made.verify()
    assert (found.ok, found.verdict) == (False, "undecided")
    assert [(p["code"], p["seq"]) for p in found.problems] == [("RIGHTS.SUSPECT", since), ("RIGHTS.SUSPECT", since + 1)]
    made.ledger.rebuild()
    assert codes(made.verify().problems) == ["RIGHTS.SUSPECT"] * 2
    with pytest.raises(NotPermitted):
        made.record(LI, draft("entry.confirm", "c", entry=made.ref("H-2")))
    made.record(NEW, draft("entry.confirm", "c2", entry=made.ref("H-2")))
    assert made.verify().verdict == "undecided"
    made.record(ZHAO if policy == "small" else NEW, draft("entry.confirm", "c3", entry=made.ref("H-3")))
    if policy == "standard":  # H-1 came before the theft, and only waits
        made.record(ZHAO, draft("entry.confirm", "c1", entry=made.ref("H-1")))
    found = made.verify()
    assert (found.ok, found.counts["suspect"], found.counts["suspect_settled"]) == (True, 2, 2)
    with pytest.raises(Refused) as caught:
        made.record(ZHAO, draft("entry.confirm", "c4", entry=made.ref("H-2")))
    assert caught.value.code == "REFERENCE.ENTRY"
    made.ledger.close()


def test_bad_client_cannot_unsuspect_its_own_entries(target: str) -> None:
    """K-02, INV-06: confirmations by the revoked key, sealed by a modified client, are void and settle nothing."""
    made = first_yuan(target)
    made.record(ROOT, draft("officer.revoke", "rev", officer="li", reason="失窃", since=9))
    client = ModifiedClient(made.target, LI.private)
    (seq,) = client.seal(Bad("entry.confirm", "bad", {"entry": made.ref("PAY-1")}, books={"999901/money": None}))
    client.close()
    made.ledger.rebuild()
    found = made.verify()
    assert [(p["code"], p["seq"]) for p in found.problems] == [("RIGHTS.SUSPECT", 9), ("RIGHTS.REVOKED", seq)]
    assert found.verdict == "failed"
    made.ledger.close()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"{}", b"[]", b'{"author":1}', b"null"])
def test_broken_content_under_a_suspicion_is_a_finding_and_no_crash(sqlite_target: str, content: bytes) -> None:
    """INV-01: who looks for the stolen key's entries meets bytes of any sort."""
    made = first_yuan(sqlite_target)
    made.record(ROOT, draft("officer.revoke", "rev", officer="li", reason="失窃", since=0))
    client = ModifiedClient(made.target, LI.private)
    client.run("DROP TRIGGER entries_no_update")
    client.run("UPDATE entries SET content = ? WHERE seq = 6", content)
    client.close()
    assert "INV-01" in {code.partition(".")[0] for code in codes(made.verify().problems)}
    made.ledger.close()
