"""Which books an entry stands in, for each kind, and how positions are taken."""

from typing import Any

import msgspec

from ledger.kinds.codec import Move
from ledger.kinds.declare import KINDS
from tests.book.desk import LOST, Desk, enrolment, legs, rotation, staffed
from tests.world import LI, QIAN, ROOT, WANG, ZHAO, signer

COUNTY = "999901"
PAPER = {"paper": "N1", "title": "公告", "holder": "999901001", "year": 2025, "date": "2025", "unit": "万元", "complete": True, "mirror": False}

# In order; each kind once: key, kind, data, the books it stands in. root has no authority, li and wang are of the county.
STORY: list[tuple[Any, str, dict[str, Any], list[str]]] = [
    (ROOT, "authority.register", {"code": "X1", "name": "乡", "level": "township", "parent": "999902"}, ["X1/keys"]),
    (ROOT, "officer.enroll", enrolment("sun", signer(61), ["clerk"], "999902"), ["999902/keys"]),
    (ROOT, "officer.rotate", rotation("sun", signer(64)), []),
    (signer(64), "officer.rotate", rotation("sun", signer(65)), ["999902/keys"]),
    (ROOT, "officer.revoke", {"officer": "sun", "reason": "调离"}, []),
    (ROOT, "ledger.rotate", rotation("ledger", signer(66), reason="定期更换"), []),
    (ROOT, "ledger.recover", LOST, []),
    (ROOT, "policy.set", {"policy": [{"kind": "entry.reverse", "second": "money"}]}, []),
    (LI, "household.enroll", {"household": "H-0001", "place": "999901001", "head": "0" * 64}, ["999901/people", "999901001/people"]),
    (ROOT, "person.erase", {"person": "H-0001", "holder": "999901001", "reason": "本人申请"}, ["999901001/open"]),
    (WANG, "quota.receive", {"quota": "Q1", "holder": "999901001", "amount": 100, "year": 2025, "source_level": "city"},
     ["999901/money", "999901001/money"]),
    (WANG, "quota.receive", {"quota": "Q2", "holder": "999901", "amount": 100, "year": 2025, "source_level": "city"}, ["999901/money"]),
    (WANG, "quota.release", {"from": "999901001", "to": "999902", "legs": legs(Q1=10)}, ["999901/money", "999901001/money", "999902/money"]),
    (LI, "project.propose", {"project": "P1", "county": "999901", "township": "999901001", "name": "项目"}, ["999901/open"]),
    (WANG, "project.approve", {"project": "P1", "document_number": "一"}, ["999901/open"]),
    (WANG, "project.fund", {"project": "P1", "legs": legs(Q2=50)}, ["999901/money"]),
    (LI, "payment.request", {"payment": "Y1", "project": "P1", "legs": legs(Q2=20), "payee": "甲"}, ["999901/money"]),
    (WANG, "payment.approve", {"payment": "Y1", "legs": legs(Q2=5)}, ["999901/money"]),
    (WANG, "payment.reject", {"payment": "Y1", "reason": "缺件"}, ["999901/money"]),
    (WANG, "paper.record", PAPER, ["999901/open", "999901001/open"]),
    (WANG, "book.state", {"book": "999902/people", "count": 0, "totals": []}, ["999901/keys", "999902/keys"]),
]  # fmt: skip


def told() -> Desk:
    """The story on a desk."""
    desk = staffed()
    for place, (key, kind, data, _) in enumerate(STORY):
        desk.do(key, kind, f"s{place}", **data)
    return desk


def told_as(kind: str) -> str:
    """The id of the first entry of a kind in the story."""
    return f"s{[kind for _, kind, _, _ in STORY].index(kind)}"


def test_each_kind_stands_in_the_books_its_declaration_says() -> None:
    """INV-07: the author's authority, holders moved, bodies named; a project counts as its county, `world` has none."""
    desk = told()
    assert [desk.books(f"s{place}") for place in range(len(STORY))] == [books for *_, books in STORY]
    assert desk.books("ledger.open") == []
    assert {kind for _, kind, _, _ in STORY} == set(KINDS) - {"ledger.open", "entry.confirm", "entry.reverse", "entry.void"}


def test_positions_of_every_book_are_dense_and_unique() -> None:
    """INV-07: 0, 1, 2 … in each book, in the order of the entries."""
    desk = told()
    seen: dict[str, int] = {}
    for header, _, _ in desk.history.rows:
        line = header.decode().split("\n")[4][6:]
        for part in line.split(" ") if line != "-" else []:
            name, _, position = part.partition("=")
            assert int(position) == seen.get(name, 0)
            seen[name] = int(position) + 1
    assert seen == {name: book.count for name, book in desk.state.objects("book")}


def test_entry_about_an_entry_stands_in_its_books_and_stream() -> None:
    """INV-07: so a reversal, a confirmation and a voiding cannot hide from the book they change."""
    desk = told()
    desk.do(WANG, "entry.reverse", "back", entry=desk.ref(told_as("quota.release")), reason="错")
    desk.do(QIAN, "entry.confirm", "ok", entry=desk.ref("back"))
    assert desk.books("back") == desk.books("ok") == ["999901/money", "999901001/money", "999902/money"]
    desk.do(ROOT, "entry.reverse", "off", entry=desk.ref(waiting_enrolment(desk)), reason="错")
    assert desk.books("off") == ["999902/keys"]


def waiting_enrolment(desk: Desk) -> str:
    """An enrolment that waits."""
    strict = signer(62)
    desk.officer("second", strict, ["administrator"], person="second")
    ledger = desk.state.ledger
    desk.state.put("ledger", "", msgspec.structs.replace(ledger, policy=ledger.policy | {"officer.enroll": "person"}))
    assert desk.do(ROOT, "officer.enroll", "later", **enrolment("later", signer(63), ["clerk"], "999902")).waits
    return "later"


def test_void_entry_holds_no_position_and_its_acknowledgement_stands_where_it_claimed_one() -> None:
    """INV-07: a bad entry neither leaves a gap in a book nor stands for another; who reads that book is told of it."""
    desk = staffed()
    data = {"quota": "Q1", "holder": "999901", "amount": 100, "year": 2025, "source_level": "city"}
    moves = [Move("world:outside", 100, "Q1", "999901:available", "CNY")]
    desk.void(LI, "quota.receive", "bad1", moves=moves, books="999901/money=0", **data)
    desk.void(LI, "quota.receive", "bad2", moves=moves, books="999901/money=0 999902/open=7 999903/money=0 x/keys=0", **data)
    desk.void("0" * 64, "quota.receive", "bad3", moves=moves, books="-", **data)
    assert desk.tried(WANG, "quota.receive", "n", books="999901/money=0", **data) == ""
    assert desk.tried(WANG, "quota.receive", "n", books="999901/money=1", **data) == "BOOKS.LINE"
    state = {"book": "999901/money", "count": 0, "totals": []}
    assert desk.tried(WANG, "book.state", "s", **state) == "BOOKS.VOID"
    for n in (1, 2, 3):
        desk.do(ZHAO, "entry.void", f"v{n}", entry=desk.ref(f"bad{n}"), finding="void", reason="错")
    assert desk.books("v1") == ["999901/money"]
    assert desk.books("v2") == ["999901/money", "999902/open"]  # of what it claimed, the books there are
    assert desk.books("v3") == ["999901/money"]  # zhao's own authority
