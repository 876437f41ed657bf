"""Who may record what: roles by the table of entry 0, jurisdiction by the tree of bodies."""

from typing import Any

import pytest

from ledger.kinds.declare import KINDS
from ledger.kinds.keys import ROLES
from tests.book.desk import LOST, Desk, enrolment, legs, rotation, staffed
from tests.world import LI, ROOT, WANG, signer

NEW = signer(31)
DATA: dict[str, dict[str, Any]] = {
    "quota.receive": {"quota": "Q9", "holder": "999901", "amount": 5, "year": 2025, "source_level": "province"},
    "quota.release": {"from": "999901", "to": "999901001", "legs": legs(Q1=1)},
    "project.propose": {"project": "P9", "county": "999901", "name": "项目"},
    "project.approve": {"project": "P1", "document_number": "一"},
    "project.fund": {"project": "P1", "legs": legs(Q1=1)},
    "payment.request": {"payment": "Y9", "project": "P1", "legs": legs(Q1=1), "payee": "甲"},
    "payment.approve": {"payment": "Y1"},
    "payment.reject": {"payment": "Y1", "reason": "缺件"},
    "paper.record": {"paper": "N1", "title": "公告", "holder": "999901", "year": 2025, "date": "2025", "unit": "万元",
                     "complete": True, "mirror": False},
    "book.state": {"book": "999902/money", "count": 0, "totals": []},
    "authority.register": {"code": "x1", "name": "机构", "level": "township", "parent": "999901"},
    "officer.enroll": enrolment("new", signer(32), ["clerk"]),
    "officer.revoke": {"officer": "li", "reason": "调离"},
    "officer.rotate": rotation("li", signer(33)),
    "ledger.rotate": rotation("ledger", signer(34), reason="定期更换"),
    "ledger.recover": LOST,
    "policy.set": {"policy": []},
    "household.enroll": {"household": "H-0002", "place": "999901001", "head": "0" * 64},
    "person.erase": {"person": "H-0001", "holder": "999901", "reason": "本人申请"},
    "entry.void": {"finding": "void", "reason": "无效"},
}  # fmt: skip


def prepared() -> Desk:
    """A desk on which each of DATA could be recorded by somebody."""
    desk = staffed()
    desk.do(WANG, "quota.receive", "q1", quota="Q1", holder="999901", amount=1000, year=2025, source_level="province")
    desk.do(LI, "project.propose", "p1", project="P1", county="999901", township="999901001", name="项目")
    desk.do(WANG, "project.fund", "f1", project="P1", legs=legs(Q1=500))
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=10), payee="甲")
    desk.do(LI, "household.enroll", "h1", household="H-0001", place="999901", head="0" * 64)
    desk.void("0" * 64, "project.approve", "bad", project="P1", document_number="一")
    DATA["entry.void"]["entry"] = desk.ref("bad")
    DATA["book.state"]["void"] = [desk.size - 1]
    return desk


@pytest.mark.parametrize("kind", sorted(DATA))
def test_k05_every_role_may_record_what_the_table_says_and_nothing_else(kind: str) -> None:
    """INV-05, K-05: one officer for each role, each kind tried by all; the matrix has no hole."""
    desk = prepared()
    for place, role in enumerate(ROLES):
        desk.officer(f"o{place}", signer(40 + place), [role])
    for place, role in enumerate(ROLES):
        code = desk.tried(signer(40 + place), kind, "new", **DATA[kind])
        allowed = "RIGHTS.ROOT" if kind == "ledger.recover" else ""  # an administrator who is no root
        assert code == (allowed if role in KINDS[kind].by else "RIGHTS.ROLE"), (kind, role)


def test_matrix_of_roles_covers_every_kind() -> None:
    """K-05: what is not tried above has no roles of its own: it is judged by the entry it names, or opens the ledger."""
    assert set(KINDS) - set(DATA) == {"ledger.open", "entry.confirm", "entry.reverse"}


# authority of the officer → which of these bodies it may receive a quota for
BODIES = ["990000", "999900", "999901", "999902", "999901001", "999901002", "FIN", "UNIT"]
SCOPES = {
    "990000": set(BODIES),
    "999900": set(BODIES) - {"990000"},
    "999901": {"999901", "999901001", "999901002", "FIN", "UNIT"},
    "999902": {"999902"},
    "999901001": {"999901001"},
    "FIN": {"999901", "999901001", "999901002", "FIN", "UNIT"},  # a department acts for its county
    "UNIT": {"999901", "999901001", "999901002", "FIN", "UNIT"},  # and a unit for its department's county
}


@pytest.mark.parametrize("seat", sorted(SCOPES))
def test_jurisdiction_is_the_seat_and_what_lies_below_it(seat: str) -> None:
    """INV-05: province, city, county, township, department and unit, each against every body."""
    desk = prepared()
    desk.officer("new", NEW, ["finance"], seat)
    for body in BODIES:
        code = desk.tried(NEW, "quota.receive", "n", **DATA["quota.receive"] | {"holder": body})
        assert code == ("" if body in SCOPES[seat] else "RIGHTS.JURISDICTION"), (seat, body)


@pytest.mark.parametrize(
    ("seat", "code"),
    [("990000", ""), ("999901", ""), ("999901001", ""), ("FIN", ""), ("999902", "RIGHTS.JURISDICTION"), ("999901002", "RIGHTS.JURISDICTION")],
)
def test_project_and_its_payments_belong_to_their_county_and_township(seat: str, code: str) -> None:
    """INV-05: the township a project names has a say in it, its neighbour has none."""
    desk = prepared()
    desk.officer("new", NEW, ["handler", "approver"], seat)
    assert desk.tried(NEW, "payment.request", "n", **DATA["payment.request"]) == code
    assert desk.tried(NEW, "payment.approve", "n", payment="Y1") == code
    assert desk.tried(NEW, "project.approve", "n", **DATA["project.approve"]) == code


def test_release_may_go_anywhere_but_only_from_within() -> None:
    """INV-05: the receiver needs no jurisdiction, the giver does."""
    desk = prepared()
    assert desk.tried(WANG, "quota.release", "n", **{"from": "999901", "to": "999902", "legs": legs(Q1=1)}) == ""
    assert desk.tried(WANG, "quota.release", "n", **{"from": "999902", "to": "999901", "legs": legs(Q1=1)}) == "RIGHTS.JURISDICTION"


def test_root_without_an_authority_records_only_what_administrators_may() -> None:
    """INV-05: a founding key has every place but not every role."""
    desk = prepared()
    assert desk.tried(ROOT, "quota.receive", "n", **DATA["quota.receive"]) == "RIGHTS.ROLE"
    assert desk.tried(ROOT, "authority.register", "n", **DATA["authority.register"]) == ""


def test_rights_come_from_the_state_before_the_entry() -> None:
    """INV-05, K-07: a key signs only from the entry after its own enrolment on."""
    desk = prepared()
    assert desk.tried(NEW, "quota.receive", "n", **DATA["quota.receive"]) == "RIGHTS.KEY"
    desk.officer("new", NEW, ["finance"])
    assert desk.tried(NEW, "quota.receive", "n", **DATA["quota.receive"]) == ""


def test_observing_administrator_may_record_every_kind() -> None:
    """INV-05: in an observing ledger, and only there."""
    desk = staffed(mode="observe")
    desk.do(ROOT, "quota.receive", "q", **DATA["quota.receive"])
    desk.do(ROOT, "project.propose", "p", **DATA["project.propose"])
    assert desk.tried(LI, "quota.receive", "n", **DATA["quota.receive"] | {"quota": "Q8"}) == "RIGHTS.ROLE"


def test_township_clerk_records_a_project_of_its_township() -> None:
    """domain.md §3: the library grows from the village; a township clerk records for it."""
    desk = prepared()
    desk.officer("new", NEW, ["clerk"], "999901001")
    assert desk.tried(NEW, "project.propose", "n", **DATA["project.propose"] | {"township": "999901001"}) == ""


def test_administrator_acts_for_the_whole_ledger() -> None:
    """cli.md, roles: administrator (whole ledger), wherever its own seat is."""
    desk = prepared()
    desk.officer("new", NEW, ["administrator"])
    data = enrolment("other", signer(32), ["finance"], "990000")
    assert desk.tried(NEW, "officer.enroll", "n", **data) == ""
