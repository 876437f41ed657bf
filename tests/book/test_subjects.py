"""Whom sealed values are about: persons by pseudonym and organisations; erasure by two persons, and what it leaves."""

from typing import Any

import pytest

from ledger.errors import InputRejected, Refused
from tests.book.desk import Desk, funded, legs, staffed
from tests.verify.modified_client import Bad, ModifiedClient
from tests.world import LI, QIAN, ROOT, WANG, ZHAO, World, codes, draft, signer
from tests.world import enrolment as enrol

NEW, OTHER = signer(51), signer(52)
SEALED = "0" * 64
HOUSE = {"household": "H-0001", "place": "999901"}
ERASE = {"person": "H-0001", "holder": "999901", "reason": "本人申请"}
UNHELD = {name: value for name, value in ERASE.items() if name != "holder"}  # of what only a void entry names


def payment(id: str, payee: str, **more: Any) -> dict[str, Any]:
    """The data of a request."""
    return {"payment": id, "project": "P1", "legs": legs(Q1=1), "payee": payee} | more


def subject(desk: Desk, name: str) -> Any:
    """What the state knows of a subject."""
    return desk.state.get("subject", name)


def erased(desk: Desk, id: str = "erase", data: dict[str, str] = ERASE) -> None:
    """Erase a person's data by two persons."""
    assert desk.do(ROOT, "person.erase", id, **data).waits
    desk.do(ZHAO, "entry.confirm", f"ok-{id}", entry=desk.ref(id))


# --- who is a subject ---------------------------------------------------------------------------------------------------


def test_subject_is_whom_a_sealed_value_is_about() -> None:
    """format.md §11: the household, or the payee; without a sealed value nobody is."""
    desk = funded()
    desk.do(LI, "household.enroll", "h0", household="H-0000", place="999901")
    desk.do(LI, "payment.request", "y0", **payment("Y0", "甲公司"))
    assert dict(desk.state.objects("subject")) == {}
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED, phone="1" * 64)
    desk.do(LI, "payment.request", "y1", **payment("Y1", "甲公司", account=SEALED))
    desk.do(LI, "payment.request", "y2", **payment("Y2", "P-0001", account=SEALED, payee_type="person"))
    assert {name: (found.person, found.holder, found.erased) for name, found in desk.state.objects("subject")} == {
        "H-0001": (True, "999901", -1), "甲公司": (False, "999901", -1), "P-0001": (True, "999901", -1),
    }  # fmt: skip


def test_one_person_may_be_a_household_and_a_payee() -> None:
    """format.md §11: one pseudonym, one key, one erasure."""
    desk = funded()
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    desk.do(LI, "payment.request", "y1", **payment("Y1", "H-0001", account=SEALED, payee_type="person"))
    assert subject(desk, "H-0001").person


@pytest.mark.parametrize("payee", ["李某", "li mou", "a" * 65, "甲", "510000:1", "a,b", "é"])
@pytest.mark.parametrize("more", [{}, {"account": SEALED}])
def test_payee_who_is_a_person_stands_under_a_pseudonym(payee: str, more: dict[str, str]) -> None:
    """INV-08, P-01: a name in clear is refused, sealed account or not; of an organisation it is welcome."""
    desk = funded()
    data = payment("Y1", payee, **more)
    assert desk.tried(LI, "payment.request", "y1", **data, payee_type="person") == "INPUT.PSEUDONYM"
    assert desk.tried(LI, "payment.request", "y1", **data, payee_type="organisation") == ""
    assert desk.tried(LI, "payment.request", "y1", **data) == ""


@pytest.mark.parametrize("payee", ["H-0001", "a", "A._/-9", "x" * 64, "123"])
def test_pseudonym_has_the_form_of_an_id(payee: str) -> None:
    """format.md §11."""
    assert funded().tried(LI, "payment.request", "y1", **payment("Y1", payee, payee_type="person", account=SEALED)) == ""


def test_name_is_never_both_person_and_organisation() -> None:
    """INV-08: in either order; without a sealed value a name is not yet bound."""
    desk = funded()
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    desk.do(LI, "payment.request", "y1", **payment("Y1", "ACME", account=SEALED))
    assert desk.tried(LI, "payment.request", "y2", **payment("Y2", "H-0001", account=SEALED)) == "REFERENCE.SUBJECT"
    assert desk.tried(LI, "payment.request", "y2", **payment("Y2", "H-0001", account=SEALED, payee_type="organisation")) == "REFERENCE.SUBJECT"
    assert desk.tried(LI, "payment.request", "y2", **payment("Y2", "ACME", account=SEALED, payee_type="person")) == "REFERENCE.SUBJECT"
    assert desk.tried(LI, "household.enroll", "h2", household="ACME", place="999901", head=SEALED) == "REFERENCE.SUBJECT"
    assert desk.tried(LI, "payment.request", "y2", **payment("Y2", "H-0001")) == ""
    assert desk.tried(LI, "household.enroll", "h2", household="ACME", place="999901") == ""


def test_household_enters_the_register_once() -> None:
    """INV-08, INV-11: a pseudonym taken back is not used again; the place must be known and within the seat."""
    desk = staffed()
    desk.do(LI, "household.enroll", "h1", **HOUSE)
    assert desk.tried(LI, "household.enroll", "h2", **HOUSE) == "REFERENCE.TAKEN"
    desk.do(LI, "entry.reverse", "back", entry=desk.ref("h1"), reason="错")
    assert desk.state.get("household", "H-0001").reversed
    assert desk.tried(LI, "household.enroll", "h2", **HOUSE) == "REFERENCE.TAKEN"
    other = HOUSE | {"household": "H-0002"}
    assert desk.tried(LI, "household.enroll", "h2", **other | {"place": "999902"}) == "RIGHTS.JURISDICTION"
    assert desk.tried(LI, "household.enroll", "h2", **other | {"place": "nowhere"}) == "REFERENCE.AUTHORITY"
    assert desk.tried(LI, "household.enroll", "h2", **other | {"place": "999901001"}) == ""


def test_household_waits_under_standard_and_its_subject_is_known_at_once() -> None:
    """INV-06: what is sealed is sealed when it is recorded, so it can be erased even if nobody confirms."""
    desk = funded(policy="standard")
    assert desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED).waits
    assert (desk.state.get("household", "H-0001"), subject(desk, "H-0001").person) == (None, True)
    desk.do(LI, "entry.reverse", "off", entry=desk.ref("h1"), reason="错")
    erased(desk)
    assert subject(desk, "H-0001").erased == desk.size - 1


# --- erasure ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["control", "observe"])
@pytest.mark.parametrize("policy", ["small", "standard"])
def test_p11_erasure_waits_in_every_mode_and_under_every_policy(mode: str, policy: str) -> None:
    """P-11, INV-06: with one administrator in the ledger too; the same person is not two."""
    desk = funded(mode=mode, policy=policy)
    desk.officer("root2", NEW, ["clerk"])
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    assert desk.do(ROOT, "person.erase", "e", **ERASE).waits
    assert subject(desk, "H-0001").erased == -1
    for key, code in ((ROOT, "RIGHTS.SAME_PERSON"), (WANG, "RIGHTS.ROLE"), (LI, "RIGHTS.ROLE"), (NEW, "RIGHTS.ROLE"), (ZHAO, "")):
        assert desk.tried(key, "entry.confirm", "ok", entry=desk.ref("e")) == code
    desk.do(ZHAO, "entry.confirm", "ok", entry=desk.ref("e"))
    assert subject(desk, "H-0001").erased == desk.size - 1  # the confirmation made it effective


@pytest.mark.parametrize("by", [LI, WANG, ZHAO, QIAN])
def test_k05_erasure_is_asked_for_by_an_administrator(by: Any) -> None:
    """P-11, K-05: not by who paid or was paid."""
    desk = funded()
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    assert desk.tried(by, "person.erase", "e", **ERASE) == "RIGHTS.ROLE"


@pytest.mark.parametrize(("person", "code"), [("H-0009", "REFERENCE.SUBJECT"), ("H-0000", "REFERENCE.SUBJECT"), ("ACME", "REFERENCE.SUBJECT"), ("H-0001", "")])
def test_p11_only_a_person_with_sealed_data_is_erased(person: str, code: str) -> None:
    """P-11: nobody unknown, nobody without sealed values, and no organisation."""
    desk = funded()
    desk.do(LI, "household.enroll", "h0", household="H-0000", place="999901")
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    desk.do(LI, "payment.request", "y1", **payment("Y1", "ACME", account=SEALED))
    assert desk.tried(ROOT, "person.erase", "e", **ERASE | {"person": person}) == code


def test_erasure_names_a_known_body() -> None:
    """INV-08."""
    desk = funded()
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    assert desk.tried(ROOT, "person.erase", "e", **ERASE | {"holder": "nowhere"}) in ("REFERENCE.AUTHORITY", "REFERENCE.SUBJECT")
    desk.void(WANG, "household.enroll", "bad", household="H-0002", place="999901", head=SEALED)
    assert desk.tried(ROOT, "person.erase", "e", **ERASE | {"person": "H-0002", "holder": "nowhere"}) == "REFERENCE.AUTHORITY"


def test_person_is_erased_once() -> None:
    """INV-08: of two that wait, the second comes to nothing."""
    desk = funded()
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    for id in ("e1", "e2"):
        desk.do(ROOT, "person.erase", id, **ERASE)
    desk.do(ZHAO, "entry.confirm", "ok1", entry=desk.ref("e1"))
    assert desk.tried(ZHAO, "entry.confirm", "ok2", entry=desk.ref("e2")) == "REFERENCE.ERASED"
    assert desk.tried(ROOT, "person.erase", "e3", **ERASE) == "REFERENCE.ERASED"


def test_erasure_is_called_off_while_it_waits_and_never_reversed() -> None:
    """INV-11: what is destroyed does not come back."""
    desk = funded()
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    desk.do(ROOT, "person.erase", "e1", **ERASE)
    desk.do(ROOT, "entry.reverse", "off", entry=desk.ref("e1"), reason="撤回")
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref("e1")) == "REFERENCE.ENTRY"
    assert subject(desk, "H-0001").erased == -1
    erased(desk, id="e2")
    assert desk.tried(ROOT, "entry.reverse", "back", entry=desk.ref("e2"), reason="错") == "REVERSAL.KIND"


def test_erased_person_gets_no_more_sealed_values_and_is_paid_all_the_same() -> None:
    """format.md §11: what was asked for is approved; a new request names the pseudonym and no account."""
    desk = funded()
    person = {"payee_type": "person"}
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    desk.do(LI, "payment.request", "y1", **payment("Y1", "H-0001", account=SEALED, **person))
    erased(desk)
    assert desk.tried(LI, "payment.request", "y2", **payment("Y2", "H-0001", account=SEALED, **person)) == "REFERENCE.ERASED"
    assert desk.tried(LI, "payment.request", "y2", **payment("Y2", "H-0001", account=SEALED)) == "REFERENCE.ERASED"
    desk.do(LI, "payment.request", "y2", **payment("Y2", "H-0001", **person))
    for id in ("Y1", "Y2"):
        desk.do(WANG, "payment.approve", f"p-{id}", payment=id)
    assert desk.balance("P1:paid") == 2
    desk.do(LI, "household.enroll", "h2", household="H-0002", place="999901", head=SEALED)


def test_p11_erasure_changes_no_byte_and_no_figure() -> None:
    """P-11: amounts, dates, projects and commitments stay; only the subject is marked."""
    desk = funded()
    desk.do(LI, "payment.request", "y1", **payment("Y1", "H-0001", account=SEALED, payee_type="person"))
    desk.do(WANG, "payment.approve", "p1", payment="Y1")
    rows, (objects, balances) = list(desk.history.rows), desk.snapshot()
    erased(desk)
    assert desk.history.rows[: len(rows)] == rows
    after, money = desk.snapshot()
    assert money == balances
    assert {sort for (sort, id), value in after.items() if objects.get((sort, id)) != value} == {"subject", "waiting", "book", "clock"}
    desk.do(WANG, "entry.reverse", "back", entry=desk.ref("p1"), reason="错")
    desk.do(QIAN, "entry.confirm", "ok-back", entry=desk.ref("back"))
    assert desk.balance("P1:paid") == 0  # and a payment to the erased is traced and taken back as any other


def test_entry_that_waited_before_the_erasure_is_confirmed_after_it() -> None:
    """format.md §11: its sealed values came before, and are erased with the rest."""
    desk = funded(policy="standard")
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    erased(desk)
    desk.do(ZHAO, "entry.confirm", "ok", entry=desk.ref("h1"))
    assert desk.state.get("household", "H-0001") is not None


# --- void entries -------------------------------------------------------------------------------------------------------


def test_subject_of_a_void_entry_can_be_erased() -> None:
    """format.md §11: a bad client's entry holds somebody's data too."""
    desk = funded()
    desk.void(WANG, "household.enroll", "bad", **HOUSE, head=SEALED)
    assert subject(desk, "H-0001").person
    erased(desk, data=UNHELD)
    assert subject(desk, "H-0001").erased == desk.size - 1


def test_void_entry_changes_no_subject_that_is_known() -> None:
    """INV-08: neither what it is, nor that it was erased."""
    desk = funded()
    desk.do(LI, "payment.request", "y1", **payment("Y1", "ACME", account=SEALED))
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    erased(desk)
    before = dict(desk.state.objects("subject"))
    desk.void(LI, "payment.request", "bad1", **payment("Y2", "ACME", account=SEALED, payee_type="person"))
    desk.void(LI, "household.enroll", "bad2", household="ACME", place="999901", head=SEALED)
    desk.void(LI, "payment.request", "bad3", **payment("Y3", "H-0001", account=SEALED, payee_type="person"))
    assert dict(desk.state.objects("subject")) == before


VOIDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "no officer": ("0" * 64, payment("YX", "示例公司", account=SEALED, payee_type="person")),
    "no right": (ZHAO, payment("YX", "示例公司", account=SEALED, payee_type="person")),
    "no pseudonym": (LI, payment("YX", "示例公司", account=SEALED, payee_type="person")),
}


@pytest.mark.parametrize("name", VOIDS)
def test_void_entry_binds_no_name(name: str) -> None:
    """INV-08: one bad client, a revoked one even, must not stop the payments to anybody."""
    desk = funded()
    key, data = VOIDS[name]
    desk.void(key, "payment.request", "bad", **data)
    assert desk.tried(LI, "payment.request", "y1", **payment("Y1", "示例公司", account=SEALED)) == ""


def test_p11_erasure_stands_in_a_book_of_the_body_it_belongs_to() -> None:
    """P-11: listed publicly: the state knows the body, so leaving it out must not hide the erasure."""
    desk = funded()
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    code = desk.tried(ROOT, "person.erase", "e", **UNHELD)
    if not code:
        desk.do(ROOT, "person.erase", "e", **UNHELD)
    assert code or "999901/open" in desk.books("e")


def test_p11_erasure_is_listed_where_the_person_belongs() -> None:
    """P-11: not in the book of another county."""
    desk = funded()
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    assert desk.tried(ROOT, "person.erase", "e", **ERASE | {"holder": "999902"}) != ""


def test_p11_erasure_is_confirmed_within_the_jurisdiction() -> None:
    """INV-05, P-11."""
    desk = funded()
    desk.officer("far", NEW, ["reviewer"], "999902")
    desk.do(LI, "household.enroll", "h1", **HOUSE, head=SEALED)
    desk.do(ROOT, "person.erase", "e", **ERASE)
    assert desk.tried(NEW, "entry.confirm", "ok", entry=desk.ref("e")) == "RIGHTS.JURISDICTION"


# --- whole ledgers ------------------------------------------------------------------------------------------------------


def peopled(target: str, *, mode: str = "control") -> World:
    """A world with a reviewer, a project with money and a void entry about H-0001."""
    made = World(target, mode=mode)
    made.bodies()
    made.first_yuan()
    made.record(ROOT, enrol("zhao", ZHAO, ["reviewer"]))
    return made


def test_erasure_on_both_databases(target: str) -> None:
    """INV-13, P-11: of what a bad client sealed; the void entry is named until two acknowledge it, erased or not."""
    made = peopled(target)
    client = ModifiedClient(made.target, WANG.private)
    (seq,) = client.seal(Bad("household.enroll", "bad", HOUSE | {"head": SEALED}, books={"999901/people": None}))
    client.close()
    with pytest.raises(Refused) as caught:
        made.record(ROOT, draft("person.erase", "e", **UNHELD | {"person": "H-0002"}))
    assert (caught.value.exit_code, caught.value.code) == (6, "REFERENCE.SUBJECT")
    assert made.record(ROOT, draft("person.erase", "e", **UNHELD)).entries[0].waits
    made.record(ZHAO, draft("entry.confirm", "ok", entry=made.ref("e")))
    with pytest.raises(Refused) as again:
        made.record(ROOT, draft("person.erase", "e2", **UNHELD))
    assert (again.value.exit_code, again.value.code) == (6, "REFERENCE.ERASED")
    with pytest.raises(InputRejected) as named:
        made.record(LI, draft("payment.request", "PAY-2", **payment("PAY-2", "李某", payee_type="person")))
    assert (named.value.exit_code, named.value.code) == (3, "INPUT.PSEUDONYM")
    assert [(p["code"], p["seq"]) for p in made.verify().problems if p["code"] == "RIGHTS.ROLE"] == [("RIGHTS.ROLE", seq)]
    made.record(ZHAO, draft("entry.void", "v", entry=made.ref("bad"), finding="void", reason="错"))
    made.record(ROOT, draft("entry.confirm", "okv", entry=made.ref("v")))
    assert made.verify().ok
    made.ledger.rebuild()
    assert made.verify().ok
    made.ledger.close()


@pytest.mark.parametrize("payee", ["a\x00b", "\u200b", "\ud7ff\ue000", "x" * 4000, "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(4000))],
                         ids=["NUL", "unseen", "private use", "long", "long and incompressible"])  # fmt: skip
def test_subject_of_any_text_stops_nobody(target: str, payee: str) -> None:
    """INV-13, P-11: one bad entry must not end the ledger, on either database; it is void or not, and work goes on."""
    made = peopled(target)
    client = ModifiedClient(made.target, LI.private)
    data = payment("PAY-2", payee, account=SEALED)
    client.seal(Bad("payment.request", "bad", data, [{"from": "P1:budget", "n": 1, "quota": "Q1", "to": "PAY-2:reserved", "unit": "CNY"}],
                    books={"999901/money": None}))  # fmt: skip
    client.close()
    made.record(LI, draft("household.enroll", "h2", household="H-0002", place="999901"))
    found = {code.partition(".")[0] for code in codes(made.verify().problems)}
    assert found <= {"INPUT", "INV-14"}
    made.ledger.rebuild()
    made.ledger.close()
