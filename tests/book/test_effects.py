"""Each effect: what it does to the state, and every way it says no, by code."""

from typing import Any

import pytest

from ledger.chain.keys import b64, possession_message, public_bytes
from ledger.kinds.codec import Move
from tests.book.desk import AT, Desk, enrolment, funded, legs, staffed
from tests.world import LEDGER_KEY, LI, ORIGIN, QIAN, ROOT, WANG, ZHAO, signer

NEW = signer(21)
RECEIVE = {"quota": "Q9", "holder": "999901", "amount": 5, "year": 2025, "source_level": "province"}
PAPER = {"paper": "N1", "title": "公告", "holder": "999901", "year": 2025, "date": "2025", "unit": "万元", "complete": True, "mirror": False}


# --- entry 0 and what is wrong with any entry ---------------------------------------------------------------------------


def test_ledger_opens_once_and_first() -> None:
    """INV-08: entry 0 opens the ledger, no other entry does, and nothing comes before it."""
    desk = Desk(open=False)
    assert desk.tried(ROOT, "authority.register", "a", code="1x", name="甲", level="county") == "REFERENCE.LEDGER"
    desk.do(ROOT, "ledger.open", "ledger.open", **desk.genesis)
    assert desk.tried(ROOT, "ledger.open", "again", **desk.genesis) in ("RIGHTS.ROLE", "REFERENCE.LEDGER")
    assert desk.state.administrators() == ("root",)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"root_quorum": 0}, "INPUT.FIELD"),
        ({"root_quorum": 2}, "INPUT.FIELD"),
        ({"roots": []}, "INPUT.FIELD"),
        ({"mode": "free"}, "INPUT.FIELD"),
        ({"suite": "sm"}, "INPUT.FIELD"),
        ({"meaning": "2"}, "INPUT.FIELD"),
        ({"ledger_key": {"algorithm": "ed25519", "public_key": "AA=="}}, "INPUT.KEY"),
        ({"ledger_key": {"algorithm": "ed25519", "public_key": b64(bytes(32))}}, "INPUT.KEY"),
        ({"ledger_key": {"algorithm": "ed25519", "public_key": b64(public_bytes(ROOT.private))}}, "RIGHTS.KEY_REUSED"),
    ],
)
def test_ledger_that_cannot_stand_is_not_opened(change: dict[str, Any], code: str) -> None:
    """INV-08: quorum, mode, suite, meaning and ledger key of entry 0."""
    desk = Desk(open=False)
    assert desk.tried(ROOT, "ledger.open", "ledger.open", **desk.genesis | change) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [({"algorithm": "rsa"}, "INPUT.KEY"), ({"possession": b64(bytes(64))}, "RIGHTS.POSSESSION"), ({"person": "other"}, "RIGHTS.POSSESSION")],
)
def test_root_that_does_not_show_its_key_is_not_taken(change: dict[str, str], code: str) -> None:
    """INV-05: a root's possession is over its own name."""
    desk = Desk(open=False)
    genesis = desk.genesis | {"roots": [desk.genesis["roots"][0] | change]}
    assert desk.tried(ROOT, "ledger.open", "ledger.open", **genesis) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"id": "receive-Q1"}, "ID.REPEATED"),
        ({"on": "2026-11-25"}, "DATE.FUTURE"),
        ({"on": "2026-02-30"}, "INPUT.DATE"),
        ({"on": "today"}, "INPUT.DATE"),
        ({"on": ""}, "INPUT.DATE"),
        ({"moves": []}, "BALANCE.MOVES"),
        ({"moves": [Move("world:outside", 6, "Q9", "999901:available", "CNY")]}, "BALANCE.MOVES"),
        ({"moves": [Move("world:outside", 5, "Q9", "999902:available", "CNY")]}, "BALANCE.MOVES"),
        ({"moves": [Move("world:outside", 5, "Q9", "999901:available", "MU")]}, "BALANCE.MOVES"),
        ({"books": "-"}, "BOOKS.LINE"),
        ({"books": "999901/money=0"}, "BOOKS.LINE"),
        ({"books": "999901/money=99"}, "BOOKS.LINE"),
        ({"books": "999901/money=3 999902/money=0"}, "BOOKS.LINE"),
        ({"key": "0" * 64}, "RIGHTS.KEY"),
        ({"key": LEDGER_KEY}, "RIGHTS.KEY"),
        ({"source_level": "moon"}, "INPUT.FIELD"),
        ({"issued_on": "2025-02-29"}, "INPUT.FIELD"),
    ],
)
def test_entry_with_a_wrong_frame_has_no_effect(words: dict[str, Any], code: str) -> None:
    """INV-05, INV-07, INV-08, INV-09: id, date, moves, books and author are judged for every kind."""
    desk = funded()
    call = {"key": WANG, "kind": "quota.receive", "id": "new"} | RECEIVE | words
    assert desk.tried(**call) == code
    assert desk.tried(WANG, "quota.receive", "new", **RECEIVE) == ""
    right = [Move("world:outside", 5, "Q9", "999901:available", "CNY")]
    assert desk.tried(WANG, "quota.receive", "new", moves=right, books="999901/money=3", **RECEIVE) == ""


def test_date_is_judged_by_the_clock_of_the_header_in_shanghai() -> None:
    """INV-08, F-08: at 16:00 UTC a new day has begun."""
    desk = funded()
    assert desk.tried(WANG, "quota.receive", "n", on="2026-11-25", at="2026-11-24T15:59:59Z", **RECEIVE) == "DATE.FUTURE"
    assert desk.tried(WANG, "quota.receive", "n", on="2026-11-25", at="2026-11-24T16:00:00Z", **RECEIVE) == ""


# --- keys -----------------------------------------------------------------------------------------------------------


BODIES = [
    ({"code": "x1", "level": "province"}, ""),
    ({"code": "x1", "level": "county", "parent": "999900"}, ""),
    ({"code": "x1", "level": "township", "parent": "990000"}, ""),
    ({"code": "x1", "level": "county", "parent": "999901", "type": "department"}, ""),
    ({"code": "x1", "level": "county", "parent": "FIN", "type": "unit"}, ""),
    ({"code": "999901", "level": "county"}, "REFERENCE.TAKEN"),
    ({"code": "P1", "level": "county"}, "REFERENCE.TAKEN"),
    ({"code": "world", "level": "province"}, "REFERENCE.TAKEN"),
    ({"code": "x1", "level": "county", "parent": "nobody"}, "REFERENCE.AUTHORITY"),
    ({"code": "x1", "level": "county", "parent": "999901"}, "INPUT.LEVEL"),
    ({"code": "x1", "level": "province", "parent": "999901"}, "INPUT.LEVEL"),
    ({"code": "x1", "level": "township", "parent": "999901", "type": "department"}, "INPUT.LEVEL"),
    ({"code": "x1", "level": "county", "type": "department"}, "INPUT.LEVEL"),
    ({"code": "x1", "level": "county", "type": "bank"}, "INPUT.LEVEL"),
    ({"code": "x1", "level": "nation"}, "INPUT.FIELD"),
    ({"code": "x1", "level": "county", "type": "club"}, "INPUT.FIELD"),
]


@pytest.mark.parametrize(("data", "code"), BODIES)
def test_body_stands_below_its_parent_under_a_code_of_its_own(data: dict[str, str], code: str) -> None:
    """INV-08: codes of bodies and ids of projects are one namespace; levels fall, but for a part of a body."""
    assert funded().tried(ROOT, "authority.register", "new", name="机构", **data) == code


ENROLMENTS = [
    ({}, ""),
    ({"person": "somebody"}, ""),
    ({"officer": "li", "key_of": "li"}, "REFERENCE.OFFICER"),
    ({"authority": "nobody"}, "REFERENCE.AUTHORITY"),
    ({"roles": ["king"]}, "INPUT.FIELD"),
    ({"roles": []}, "INPUT.FIELD"),
    ({"roles": ["clerk", "clerk"]}, "INPUT.FIELD"),
    ({"algorithm": "rsa"}, "INPUT.FIELD"),
    ({"public_key": "AA=="}, "INPUT.KEY"),
    ({"public_key": b64(bytes([1]) + bytes(31))}, "INPUT.KEY"),
    ({"public_key": b64((2**255 - 18).to_bytes(32, "little"))}, "INPUT.KEY"),
    ({"public_key": b64(public_bytes(LI.private))}, "RIGHTS.KEY_REUSED"),
    ({"public_key": b64(public_bytes(LEDGER_KEY.private))}, "RIGHTS.KEY_REUSED"),
    ({"possession": b64(bytes(64))}, "RIGHTS.POSSESSION"),
    ({"possession": "AA=="}, "RIGHTS.POSSESSION"),
    ({"possession": b64(NEW.private.sign(possession_message(ORIGIN, "someone", NEW.key)))}, "RIGHTS.POSSESSION"),
    ({"possession": b64(NEW.private.sign(possession_message("other.example", "sun", NEW.key)))}, "RIGHTS.POSSESSION"),
    ({"possession": b64(LI.private.sign(possession_message(ORIGIN, "sun", NEW.key)))}, "RIGHTS.POSSESSION"),
    ({"person": "root"}, "RIGHTS.SAME_PERSON"),
]


@pytest.mark.parametrize(("change", "code"), ENROLMENTS)
def test_officer_is_enrolled_with_a_new_sound_key_that_is_held(change: dict[str, Any], code: str) -> None:
    """INV-05, K-06, K-09: not a key seen before, not one of small order, not one whose holder did not sign for it here."""
    change.pop("key_of", None)
    data = enrolment("sun", NEW, ["clerk"]) | change
    assert staffed().tried(ROOT, "officer.enroll", "new", **data) == code


def test_revoked_officer_signs_nothing_more_and_what_was_signed_stays() -> None:
    """INV-05, K-02, K-03, K-04: position decides; the second revocation, and an unknown officer, are refused."""
    desk = funded()
    reserved = {"payment": "Y1", "project": "P1", "legs": legs(Q1=5), "payee": "甲"}
    desk.do(LI, "payment.request", "y1", **reserved)
    assert desk.tried(ROOT, "officer.revoke", "r", officer="nobody", reason="调离") == "REFERENCE.OFFICER"
    assert desk.tried(ROOT, "officer.revoke", "r", officer="li", reason="调离", since=desk.size + 1) == "INPUT.FIELD"
    desk.do(ROOT, "officer.revoke", "r", officer="li", reason="调离", since=3)
    assert desk.tried(LI, "payment.request", "y2", **reserved | {"payment": "Y2"}) == "RIGHTS.REVOKED"
    assert desk.tried(LI, "payment.request", "y2", on="2020-01-01", **reserved | {"payment": "Y2"}) == "RIGHTS.REVOKED"
    assert desk.tried(ROOT, "officer.revoke", "r2", officer="li", reason="调离") == "REFERENCE.OFFICER"
    assert desk.balance("Y1:reserved") == 5
    assert desk.tried(ROOT, "officer.enroll", "again", **enrolment("li2", LI, ["clerk"])) == "RIGHTS.KEY_REUSED"
    desk.do(WANG, "payment.approve", "pay", payment="Y1")


def test_last_administrator_cannot_be_revoked() -> None:
    """INV-05: a ledger always has someone who can enrol."""
    desk = staffed()
    assert desk.tried(ROOT, "officer.revoke", "r", officer="root", reason="调离") == "REFERENCE.OFFICER"
    desk.officer("admin", NEW, ["administrator"], "990000")
    assert desk.tried(ROOT, "officer.revoke", "r", officer="root", reason="调离") == ""


# --- money ------------------------------------------------------------------------------------------------------------


def test_quota_is_received_once_under_its_own_number() -> None:
    """INV-09, INV-10: `world:outside` → `available`; the number is taken for good."""
    desk = funded()
    outcome = desk.do(WANG, "quota.receive", "n", **RECEIVE)
    assert outcome.moves == [Move("world:outside", 5, "Q9", "999901:available", "CNY")]
    assert (desk.balance("world:outside", "Q9"), desk.balance("999901:available", "Q9")) == (-5, 5)
    assert desk.tried(WANG, "quota.receive", "n2", **RECEIVE) == "REFERENCE.TAKEN"
    assert desk.tried(WANG, "quota.receive", "n2", **RECEIVE | {"quota": "Q8", "holder": "zzz"}) == "REFERENCE.AUTHORITY"
    desk.do(WANG, "entry.reverse", "back", entry=desk.ref("n"), reason="错录")
    desk.do(QIAN, "entry.confirm", "back-ok", entry=desk.ref("back"))
    assert desk.tried(WANG, "quota.receive", "n3", **RECEIVE) == "REFERENCE.TAKEN"


RELEASES = [
    ({"legs": legs(Q1=10)}, ""),
    ({"legs": legs(Q1=10, Q2=20)}, ""),
    ({"legs": legs(Q1=400)}, ""),
    ({"legs": legs(Q1=401)}, "BALANCE.SHORT"),
    ({"legs": legs(Q1=10, Q2=401)}, "BALANCE.SHORT"),
    ({"legs": []}, "INPUT.LEGS"),
    ({"legs": legs(Q1=10) + legs(Q1=20)}, "INPUT.LEGS"),
    ({"legs": [{"amount": 10, "quota": "none"}]}, "REFERENCE.QUOTA"),
    ({"legs": [{"amount": 10, "quota": "?new"}]}, "REFERENCE.QUOTA"),
    ({"legs": legs(Q1=10), "to": "999901"}, "INPUT.SAME"),
    ({"legs": legs(Q1=10), "to": "nobody"}, "REFERENCE.AUTHORITY"),
    ({"legs": legs(Q1=10), "to": "P1"}, "REFERENCE.AUTHORITY"),
    ({"legs": legs(Q1=10), "from": "nobody"}, "REFERENCE.AUTHORITY"),
    ({"legs": legs(Q1=10), "from": "999902"}, "RIGHTS.JURISDICTION"),
]


@pytest.mark.parametrize(("data", "code"), RELEASES)
def test_release_moves_known_quotas_between_known_bodies(data: dict[str, Any], code: str) -> None:
    """INV-09: each quota once, none short, the quota stays what it was."""
    assert funded().tried(WANG, "quota.release", "new", **{"from": "999901", "to": "999901001"} | data) == code


def test_released_quota_keeps_its_name_at_the_receiver() -> None:
    """INV-10."""
    desk = funded()
    desk.do(WANG, "quota.release", "new", **{"from": "999901", "to": "999901001", "legs": legs(Q1=30, Q2=1)})
    assert (desk.balance("999901:available"), desk.balance("999901001:available"), desk.balance("999901001:available", "Q2")) == (370, 30, 1)


PROPOSALS = [
    ({}, ""),
    ({"township": "999901001"}, ""),
    ({"project": "P1"}, "REFERENCE.TAKEN"),
    ({"project": "999901"}, "REFERENCE.TAKEN"),
    ({"project": "world"}, "REFERENCE.TAKEN"),
    ({"county": "999902"}, "RIGHTS.JURISDICTION"),
    ({"county": "999901001"}, "INPUT.LEVEL"),
    ({"township": "nowhere"}, "REFERENCE.AUTHORITY"),
    ({"starts_on": "2025-06-31"}, "INPUT.FIELD"),
]


@pytest.mark.parametrize(("data", "code"), PROPOSALS)
def test_project_enters_the_library_of_a_county_under_a_new_id(data: dict[str, str], code: str) -> None:
    """INV-08."""
    assert funded().tried(LI, "project.propose", "new", **{"project": "P2", "county": "999901", "name": "项目"} | data) == code


FUNDINGS = [
    ({"legs": legs(Q1=400)}, ""),
    ({"legs": legs(Q1=401)}, "BALANCE.SHORT"),
    ({"legs": []}, "INPUT.LEGS"),
    ({"legs": legs(Q1=1) + legs(Q1=1)}, "INPUT.LEGS"),
    ({"legs": [{"amount": 1, "quota": "none"}]}, "REFERENCE.QUOTA"),
    ({"legs": legs(Q1=1), "project": "none"}, "REFERENCE.PROJECT"),
    ({"legs": legs(Q1=1), "project": "999901"}, "REFERENCE.PROJECT"),
]


@pytest.mark.parametrize(("data", "code"), FUNDINGS)
def test_project_is_funded_out_of_what_its_county_has(data: dict[str, Any], code: str) -> None:
    """INV-09."""
    assert funded().tried(WANG, "project.fund", "new", **{"project": "P1"} | data) == code


def test_project_is_approved_and_a_second_paper_may_follow() -> None:
    """The sorts of approval stand beside each other."""
    desk = funded()
    desk.do(WANG, "project.approve", "a1", project="P1", document_number="一", approval_type="plan")
    desk.do(WANG, "project.approve", "a2", project="P1", document_number="二", approval_type="design")
    assert desk.state.project("P1").approved
    assert desk.tried(WANG, "project.approve", "a3", project="none", document_number="三") == "REFERENCE.PROJECT"


def test_paper_is_recorded_once_and_moves_nothing() -> None:
    """INV-09."""
    desk = funded()
    assert desk.do(WANG, "paper.record", "n1", **PAPER).moves == []
    assert desk.tried(WANG, "paper.record", "n2", **PAPER) == "REFERENCE.TAKEN"
    assert desk.tried(ROOT, "paper.record", "n2", **PAPER | {"paper": "N2"}) == "RIGHTS.ROLE"
    assert desk.tried(WANG, "paper.record", "n2", **PAPER | {"paper": "N2", "holder": "zzz"}) == "REFERENCE.AUTHORITY"


# --- payments -----------------------------------------------------------------------------------------------------------


REQUESTS = [
    ({}, ""),
    ({"legs": legs(Q1=600, Q2=600)}, ""),
    ({"legs": legs(Q1=601)}, "BALANCE.SHORT"),
    ({"legs": legs(Q1=1, Q2=601)}, "BALANCE.SHORT"),
    ({"legs": []}, "INPUT.LEGS"),
    ({"legs": legs(Q1=1) + legs(Q1=2)}, "INPUT.LEGS"),
    ({"legs": [{"amount": 1, "quota": "none"}]}, "REFERENCE.QUOTA"),
    ({"project": "none"}, "REFERENCE.PROJECT"),
    ({"payment": "Y1"}, "REFERENCE.TAKEN"),
    ({"payment_type": "gift"}, "INPUT.FIELD"),
]


@pytest.mark.parametrize(("data", "code"), REQUESTS)
def test_request_reserves_what_its_project_has(data: dict[str, Any], code: str) -> None:
    """INV-09: `budget` → `reserved`, by quota, never more than is there."""
    desk = funded(project=700)
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=100, Q2=100), payee="甲")
    call = {"payment": "Y2", "project": "P1", "legs": legs(Q1=1), "payee": "乙"} | data
    assert desk.tried(LI, "payment.request", "y2", **call) == code


def paying() -> Desk:
    """A desk with a request Y1 of 100 from Q1 and 50 from Q2."""
    desk = funded()
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=100, Q2=50), payee="甲")
    return desk


def test_payment_of_several_legs_is_approved_in_parts_to_the_fen() -> None:
    """INV-09, INV-10: parts by quota, the rest afterwards, never more than the rest."""
    desk = paying()
    desk.do(WANG, "payment.approve", "p1", payment="Y1", legs=legs(Q2=20))
    assert desk.tried(WANG, "payment.approve", "p2", payment="Y1", legs=legs(Q2=31)) == "BALANCE.REQUEST"
    assert desk.tried(WANG, "payment.approve", "p2", payment="Y1", legs=legs(Q1=101)) == "BALANCE.REQUEST"
    desk.do(WANG, "payment.approve", "p2", payment="Y1", legs=legs(Q1=100, Q2=1))
    assert desk.tried(WANG, "payment.approve", "p3", payment="Y1", legs=legs(Q1=1)) == "BALANCE.REQUEST"
    outcome = desk.do(WANG, "payment.approve", "p3", payment="Y1")
    assert outcome.moves == [Move("Y1:reserved", 29, "Q2", "P1:paid", "CNY")]
    assert (desk.balance("P1:paid"), desk.balance("P1:paid", "Q2"), desk.balance("Y1:reserved"), desk.balance("Y1:reserved", "Q2")) == (100, 50, 0, 0)
    assert desk.tried(WANG, "payment.approve", "p4", payment="Y1") == "REFERENCE.SETTLED"
    assert desk.tried(WANG, "payment.reject", "p4", payment="Y1", reason="缺件") == "REFERENCE.SETTLED"


DECISIONS = [
    ({"legs": []}, "INPUT.LEGS"),
    ({"legs": legs(Q1=1) + legs(Q1=1)}, "INPUT.LEGS"),
    ({"legs": [{"amount": 1, "quota": "none"}]}, "BALANCE.REQUEST"),
    ({"payment": "none"}, "REFERENCE.PAYMENT"),
    ({"payment": "y1"}, "REFERENCE.PAYMENT"),
    ({}, ""),
]


@pytest.mark.parametrize(("data", "code"), DECISIONS)
def test_decision_names_a_request_and_its_quotas(data: dict[str, Any], code: str) -> None:
    """INV-08."""
    assert paying().tried(WANG, "payment.approve", "p", **{"payment": "Y1"} | data) == code


def test_rejection_releases_the_whole_rest() -> None:
    """INV-10: after a part was paid, what is left goes back to the budget."""
    desk = paying()
    desk.do(WANG, "payment.approve", "p1", payment="Y1", legs=legs(Q1=40))
    outcome = desk.do(WANG, "payment.reject", "x", payment="Y1", reason="附件不全")
    assert [(move.quota, move.n, move.target) for move in outcome.moves] == [("Q1", 60, "P1:budget"), ("Q2", 50, "P1:budget")]
    assert (desk.balance("P1:paid"), desk.balance("Y1:reserved"), desk.balance("P1:budget")) == (40, 0, 560)


@pytest.mark.parametrize(("kind", "data"), [
    ("payment.request", {"payment": "P1", "project": "P1", "legs": legs(Q1=1), "payee": "甲"}),
    ("payment.request", {"payment": "999901", "project": "P1", "legs": legs(Q1=1), "payee": "甲"}),
    ("payment.request", {"payment": "world", "project": "P1", "legs": legs(Q1=1), "payee": "甲"}),
    ("project.propose", {"project": "Y1", "county": "999901", "name": "重名"}),
    ("authority.register", {"code": "Y1", "name": "重名", "level": "township", "parent": "999901"}),
])  # fmt: skip
def test_whatever_holds_accounts_shares_one_namespace(kind: str, data: dict[str, Any]) -> None:
    """INV-08: else two holders would share an account, and one body state what lies on another's."""
    by = ROOT if kind == "authority.register" else LI
    assert paying().tried(by, kind, "x", **data) == "REFERENCE.TAKEN"


def test_decision_takes_what_lies_on_the_payment_and_nothing_else() -> None:
    """INV-10: in an observing ledger too a decision draws on no suspense; taken back, all is open again where it was."""
    for mode in ("control", "observe"):
        desk = funded(mode=mode)
        desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q2=50, Q1=100), payee="甲")
        before = dict(desk.state.balances())
        for kind, stage, more in (("payment.approve", "paid", {}), ("payment.reject", "budget", {"reason": "缺件"})):
            outcome = desk.do(WANG, kind, f"{kind}-1", payment="Y1", **more)
            assert outcome.moves == [Move("Y1:reserved", 100, "Q1", f"P1:{stage}", "CNY"), Move("Y1:reserved", 50, "Q2", f"P1:{stage}", "CNY")]
            desk.do(WANG, "entry.reverse", f"off-{kind}", entry=desk.ref(f"{kind}-1"), reason="错")
            if mode == "control":
                desk.do(ZHAO, "entry.confirm", f"ok-{kind}", entry=desk.ref(f"off-{kind}"))
            assert dict(desk.state.balances()) == before


def test_k06_who_asked_never_decides() -> None:
    """INV-06, K-01, K-06: by person, whatever the key and role."""
    desk = funded()
    desk.officer("sun", NEW, ["handler", "treasury"], person="sun")
    second = signer(22)
    desk.officer("sun.b", second, ["approver"], person="sun")
    desk.do(NEW, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=5), payee="甲")
    for kind, more in (("payment.approve", {}), ("payment.reject", {"reason": "x"})):
        assert desk.tried(NEW, kind, "d", payment="Y1", **more) == "RIGHTS.SAME_PERSON"
        assert desk.tried(second, kind, "d", payment="Y1", **more) == "RIGHTS.SAME_PERSON"
        assert desk.tried(WANG, kind, "d", payment="Y1", **more) == ""


# --- book.state ------------------------------------------------------------------------------------------------------


TOTALS = [
    {"account": "999901:available", "n": 800, "unit": "CNY"},
    {"account": "P1:budget", "n": 1200, "unit": "CNY"},
]
STATES = [
    ({}, ""),
    ({"count": 2}, "BOOKS.COUNT"),
    ({"count": 4}, "BOOKS.COUNT"),
    ({"totals": []}, "BALANCE.TOTALS"),
    ({"totals": TOTALS[:1]}, "BALANCE.TOTALS"),
    ({"totals": TOTALS[::-1]}, "BALANCE.TOTALS"),
    ({"totals": [TOTALS[0] | {"n": 801}, TOTALS[1]]}, "BALANCE.TOTALS"),
    ({"totals": [*TOTALS, {"account": "P1:paid", "n": 0, "unit": "CNY"}]}, "BALANCE.TOTALS"),
    ({"totals": [*TOTALS, {"account": "world:outside", "n": -2000, "unit": "CNY"}]}, "BALANCE.TOTALS"),
    ({"book": "999902/money"}, "BOOKS.COUNT"),
    ({"book": "999902/money", "count": 0, "totals": []}, ""),
    ({"book": "999901/open", "count": 1, "totals": []}, ""),
    ({"book": "999901/open", "count": 1, "totals": TOTALS}, "BALANCE.TOTALS"),
    ({"void": [1]}, "BOOKS.STATED"),
    ({"rules": []}, "BOOKS.STATED"),
    ({"book": "nobody/money", "count": 0, "totals": []}, "REFERENCE.AUTHORITY"),
    ({"book": "P1/money", "count": 0, "totals": []}, "REFERENCE.AUTHORITY"),
]


@pytest.mark.parametrize(("data", "code"), STATES)
def test_block_states_the_count_and_totals_of_the_history(data: dict[str, Any], code: str) -> None:
    """INV-07: no hidden line: count and totals over quotas, sorted, no zeros; right is taken, anything else refused."""
    assert funded().tried(WANG, "book.state", "s", **{"book": "999901/money", "count": 3, "totals": TOTALS} | data) == code


def test_block_is_itself_no_line_of_the_book_it_states() -> None:
    """INV-07: it stands in stream keys, so a second block of an unchanged book says the same."""
    desk = funded()
    for id in ("s1", "s2"):
        desk.do(WANG, "book.state", id, book="999901/money", count=3, totals=TOTALS)
        assert desk.books(id) == ["999901/keys"]
    assert desk.at == AT
    assert ZHAO.key != QIAN.key
