"""The policy of second persons: set anew by an entry, from the next one on, within what no policy may decide."""

from typing import Any

import pytest

from ledger.book.rights import POLICIES, policy_table
from ledger.errors import InputRejected
from ledger.kinds.declare import KINDS
from tests.book.desk import Desk, enrolment, funded, legs, rotation, staffed
from tests.verify.modified_client import Bad, ModifiedClient
from tests.world import LI, QIAN, ROOT, WANG, ZHAO, World, codes, draft, signer
from tests.world import enrolment as enrol

NEW, OTHER, THIRD = signer(51), signer(52), signer(53)
RELEASE = {"from": "999901", "to": "999901001", "legs": legs(Q1=10)}
WAITING = sorted(name for name, info in KINDS.items() if info.second not in ("none", "always"))
FIXED = sorted(name for name, info in KINDS.items() if info.second in ("none", "always"))


def row(kind: str, second: str = "person") -> dict[str, str]:
    """A row of a policy."""
    return {"kind": kind, "second": second}


def test_policy_holds_from_the_next_entry_on() -> None:
    """INV-06: by position; what was recorded before it is not judged again."""
    desk = funded()
    assert not desk.do(WANG, "quota.release", "r1", **RELEASE).waits
    desk.do(ROOT, "policy.set", "p1", policy=[row("quota.release")])
    assert desk.do(WANG, "quota.release", "r2", **RELEASE).waits
    desk.do(ROOT, "policy.set", "p2", policy=[])
    assert not desk.do(WANG, "quota.release", "r3", **RELEASE).waits
    assert desk.balance("999901001:available") == 20
    desk.do(QIAN, "entry.confirm", "ok", entry=desk.ref("r2"))  # what waits goes on to wait, and is confirmed
    assert desk.balance("999901001:available") == 30


def test_policy_is_replaced_whole() -> None:
    """format.md §9: a kind not named needs no second person any more."""
    desk = funded(policy="standard")
    desk.do(ROOT, "policy.set", "p1", policy=[row("project.fund")])
    assert not desk.do(WANG, "quota.release", "r", **RELEASE).waits
    assert desk.do(WANG, "project.fund", "f", project="P1", legs=legs(Q1=1)).waits
    assert desk.state.ledger.policy == {"project.fund": "person"}


def test_policy_touches_nothing_else_of_entry_zero() -> None:
    """INV-05: mode, roles, roots and quorum are fixed."""
    desk = funded(policy="standard")
    before = desk.state.ledger
    desk.do(ROOT, "policy.set", "p1", policy=[])
    after = desk.state.ledger
    assert (after.mode, after.roles, after.roots, after.quorum, after.name) == (before.mode, before.roles, before.roots, before.quorum, before.name)


@pytest.mark.parametrize("kind", [*FIXED, "x.y", "", "POLICY.SET", "policy.set "])
def test_no_policy_decides_on_what_always_waits_never_waits_or_is_unknown(kind: str) -> None:
    """INV-06: erasure and the voiding of entries wait under every policy; payments have their own two steps."""
    desk = staffed()
    data = {"policy": [row(kind or "x" * 4000)]}
    assert desk.tried(ROOT, "policy.set", "p", **data) == "INPUT.POLICY"


@pytest.mark.parametrize("kind", WAITING)
@pytest.mark.parametrize("second", ["person", "money", "none", "always", "body"])
def test_row_of_a_policy_says_person_or_of_corrections_money(kind: str, second: str) -> None:
    """INV-06: no word that means less than it seems."""
    good = second == "person" or (second == "money" and kind == "entry.reverse")
    assert staffed().tried(ROOT, "policy.set", "p", policy=[row(kind, second)]) == ("" if good else "INPUT.POLICY")


def test_kind_stands_once_in_a_policy() -> None:
    """INV-08: two rows of one kind could be read in two ways."""
    desk = staffed()
    assert desk.tried(ROOT, "policy.set", "p", policy=[row("entry.reverse"), row("entry.reverse", "money")]) == "INPUT.POLICY"


@pytest.mark.parametrize("policy", ["standard", "small"])
def test_policies_of_entry_zero_can_be_set(policy: str) -> None:
    """What `init` offers is what `policy.set` takes."""
    desk = staffed()
    rows = policy_table(KINDS, POLICIES[policy])
    desk.do(ROOT, "policy.set", "p", policy=rows)
    assert desk.state.ledger.policy == {r["kind"]: r["second"] for r in rows}


@pytest.mark.parametrize("by", [LI, WANG, ZHAO, QIAN])
def test_k05_policy_is_set_by_administrators(by: Any) -> None:
    """K-05."""
    assert staffed().tried(by, "policy.set", "p", policy=[]) == "RIGHTS.ROLE"


def test_policy_needs_two_persons_once_two_persons_are_administrators() -> None:
    """INV-06: under standard; a second id of one person is not two; the old policy holds while it waits."""
    desk = funded(policy="standard")
    desk.officer("wang2", OTHER, ["administrator"], person="wang")
    assert desk.state.administrators() == ("root", "wang")
    assert desk.do(ROOT, "policy.set", "p", policy=[]).waits
    assert desk.tried(ROOT, "entry.confirm", "ok", entry=desk.ref("p")) == "RIGHTS.SAME_PERSON"
    assert desk.tried(QIAN, "entry.confirm", "ok", entry=desk.ref("p")) == "RIGHTS.ROLE"
    assert desk.do(WANG, "quota.release", "r", **RELEASE).waits
    desk.do(OTHER, "entry.confirm", "ok", entry=desk.ref("p"))
    assert not desk.do(WANG, "quota.release", "r2", **RELEASE).waits


def test_one_administrator_under_two_ids_counts_once() -> None:
    """INV-06, K-06: so the policy needs no second person who does not exist."""
    desk = staffed(policy="standard")
    desk.do(ROOT, "officer.enroll", "e", **enrolment("admin", NEW, ["administrator"]))
    desk.do(NEW, "officer.revoke", "rev", officer="root", reason="调离")
    desk.do(ZHAO, "entry.confirm", "ok", entry=desk.ref("rev"))
    assert desk.state.administrators() == ("admin",)
    assert not desk.do(NEW, "policy.set", "p", policy=[]).waits


def test_waiting_policy_is_called_off_and_a_policy_in_effect_is_not_reversed() -> None:
    """INV-11: another is set instead."""
    desk = staffed(policy="standard")
    desk.do(ROOT, "policy.set", "p1", policy=policy_table(KINDS, POLICIES["standard"]))
    assert desk.tried(ROOT, "entry.reverse", "back", entry=desk.ref("p1"), reason="错") == "REVERSAL.KIND"
    desk.officer("admin", OTHER, ["administrator"])
    desk.do(ROOT, "policy.set", "p2", policy=[])
    desk.do(ROOT, "entry.reverse", "off", entry=desk.ref("p2"), reason="错")
    assert desk.tried(OTHER, "entry.confirm", "ok", entry=desk.ref("p2")) == "REFERENCE.ENTRY"


def test_observing_ledger_waits_for_nothing_that_a_policy_names() -> None:
    """INV-06: nothing waits there but what always does."""
    desk = funded(mode="observe")
    desk.do(ROOT, "policy.set", "p", policy=[row(kind) for kind in WAITING])
    assert not desk.do(WANG, "quota.release", "r", **RELEASE).waits
    assert not desk.do(LI, "officer.rotate", "rot", **rotation("li", NEW)).waits


def always_waiting(desk: Desk, policy: list[dict[str, str]] | None) -> None:
    """Check what no policy lifts."""
    if policy is not None:
        desk.do(ROOT, "policy.set", "set", policy=policy)
    desk.void("0" * 64, "quota.release", "bad", **RELEASE)
    desk.do(LI, "household.enroll", "h", household="H-0001", place="999901", head="0" * 64)
    assert desk.do(ZHAO, "entry.void", "v", entry=desk.ref("bad"), finding="void", reason="错").waits
    assert desk.do(ROOT, "person.erase", "e", person="H-0001", holder="999901", reason="本人申请").waits


@pytest.mark.parametrize("mode", ["control", "observe"])
@pytest.mark.parametrize("policy", [None, [], [{"kind": "quota.release", "second": "person"}]])
def test_what_always_waits_waits_in_every_mode_and_under_every_policy(mode: str, policy: Any) -> None:
    """INV-06, P-11: erasure and voiding are two persons' work."""
    always_waiting(funded(mode=mode), policy)


@pytest.mark.parametrize("kind", WAITING)
def test_row_of_each_kind_makes_it_wait(kind: str) -> None:
    """INV-06: of enrolment, registration and policy only once two persons are administrators."""
    desk = funded()
    desk.do(LI, "household.enroll", "h", household="H-0009", place="999901", head="0" * 64)
    tries: dict[str, tuple[Any, dict[str, Any]]] = {
        "authority.register": (ROOT, {"code": "x1", "name": "机构", "level": "township", "parent": "999901"}),
        "entry.reverse": (LI, {"entry": desk.ref("h"), "reason": "错"}),
        "household.enroll": (LI, {"household": "H-0001", "place": "999901"}),
        "ledger.rotate": (ROOT, rotation("ledger", NEW, reason="定期")),
        "officer.enroll": (ROOT, enrolment("sun", NEW, ["clerk"])),
        "officer.revoke": (ROOT, {"officer": "li", "reason": "调离"}),
        "officer.rotate": (LI, rotation("li", NEW)),
        "policy.set": (ROOT, {"policy": []}),
        "project.fund": (WANG, {"project": "P1", "legs": legs(Q1=1)}),
        "quota.release": (WANG, RELEASE),
    }
    assert set(tries) == set(WAITING)
    key, data = tries[kind]
    desk.do(ROOT, "policy.set", "none", policy=[])

    def waits() -> bool:
        mark = desk.state.mark()
        outcome = desk._apply(key, kind, "it", "2026-11-24", desk.at, None, None, data)[0]
        desk.state.undo(mark)
        assert outcome.breach is None
        return outcome.waits

    assert not waits()
    desk.do(ROOT, "policy.set", "set", policy=[row(kind)])
    assert waits() is (KINDS[kind].second not in ("enrolment", "registration", "policy"))
    desk.officer("admin", OTHER, ["administrator"])
    assert waits()


def test_one_of_two_administrators_does_not_lift_a_second_person_alone() -> None:
    """cli.md: small asks a second person for payments, corrections of money and erasure; one key must not end that."""
    desk = funded()
    desk.officer("admin", OTHER, ["administrator"])
    assert desk.do(ROOT, "policy.set", "p", policy=[]).waits


# --- whole ledgers ------------------------------------------------------------------------------------------------------


def test_policy_on_both_databases(target: str) -> None:
    """INV-06, INV-13: set, waited for, confirmed, verified and rebuilt; a policy that cannot be is exit 3."""
    made = World(target, policy="standard")
    made.bodies()
    made.record(ROOT, enrol("zhao", ZHAO, ["administrator"], "990000"))
    made.record(WANG, draft("quota.receive", "q1", quota="Q1", holder="999901", amount=100, year=2025, source_level="city"))
    release = {"from": "999901", "to": "990000", "legs": legs(Q1=10)}
    with pytest.raises(InputRejected) as caught:
        made.record(ROOT, draft("policy.set", "p", policy=[row("entry.void", "money")]))
    assert (caught.value.exit_code, caught.value.code) == (3, "INPUT.POLICY")
    assert made.record(ROOT, draft("policy.set", "p", policy=[])).entries[0].waits
    assert made.record(WANG, draft("quota.release", "r1", **release)).entries[0].waits
    made.record(ZHAO, draft("entry.confirm", "ok", entry=made.ref("p")))
    assert not made.record(WANG, draft("quota.release", "r2", **release)).entries[0].waits
    assert made.balance("990000:available") == 10
    assert made.verify().ok
    made.ledger.rebuild()
    assert made.verify().ok
    made.ledger.close()


def test_bad_client_does_not_act_on_a_policy_that_waits(target: str) -> None:
    """INV-06, INV-09: whoever seals moves before the second person came is void."""
    made = World(target, policy="standard")
    made.bodies()
    made.record(ROOT, enrol("zhao", ZHAO, ["administrator"], "990000"))
    made.record(WANG, draft("quota.receive", "q1", quota="Q1", holder="999901", amount=100, year=2025, source_level="city"))
    made.record(ROOT, draft("policy.set", "p", policy=[]))
    client = ModifiedClient(made.target, WANG.private)
    moves = [{"from": "999901:available", "n": 10, "quota": "Q1", "to": "990000:available", "unit": "CNY"}]
    data = {"from": "999901", "legs": legs(Q1=10), "to": "990000"}
    client.seal(Bad("quota.release", "bad", data, moves, books={"999901/money": None, "990000/money": None}))
    client.seal(Bad("entry.confirm", "bad2", {"entry": made.ref("p")}), private=ROOT.private)
    client.close()
    made.ledger.rebuild()
    assert codes(made.verify().problems) == ["BALANCE.MOVES", "RIGHTS.SAME_PERSON"]
    assert made.balance("990000:available") == 0
    made.ledger.close()
