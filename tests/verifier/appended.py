"""What a modified client seals on top of a sound history: name → (what it adds, whether it is whole evidence)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.book.effects import statement
from tests.verifier.forge import Forge, Item, held, of, private
from tests.verifier.worlds import LI, QIAN, ROOT, ROOT2, SUN, WANG, ZHAO, ZHOU, legs

NEW_WANG = 21  # the key that replaced WANG's
Bad = Callable[[Forge], Any]
CASES: dict[str, Bad] = {}


def case(name: str) -> Callable[[Bad], Bad]:
    """Register a case."""

    def register(function: Bad) -> Bad:
        CASES[name] = function
        return function

    return register


def request(id: str = "bad", n: int = 1, **data: Any) -> dict[str, Any]:
    """A request's data."""
    return {"legs": legs(Q1=n), "payee": "示例公司", "payment": id, "project": "P1", **data}


def _simple(name: str, byte: int, kind: str, data: Any, id: str = "bad", **words: Any) -> None:
    CASES[name] = lambda f: f.bad(byte, kind, id, data, **words)


# Rights, by role, jurisdiction, key and person.
_simple("a role it lacks", LI, "quota.receive", {"quota": "Q8", "holder": "999901", "amount": 5, "year": 2026, "source_level": "county"})
_simple("another county", LI, "project.propose", {"project": "P8", "county": "999902", "name": "x"})
_simple("from the province", NEW_WANG, "quota.release", {"from": "990000", "to": "999901", "legs": legs(Q2=1)})
_simple("a department acts for its county", ZHOU, "payment.request", request())
_simple("a department enrols nobody", ZHOU, "officer.enroll",
        {"officer": "neu", "name": "x", "authority": "999901", "roles": ["clerk"], **held(31, "neu")})
_simple("a revoked key", SUN, "payment.request", request())
_simple("a replaced key", WANG, "project.approve", {"project": "P1", "document_number": "x"})
_simple("the new key", NEW_WANG, "project.approve", {"project": "P1", "document_number": "x"})
_simple("a reviewer records nothing else", ZHAO, "payment.request", request())
_simple("an administrator of the province", ZHAO, "authority.register", {"code": "n1", "name": "x", "level": "county", "parent": "990000"})
_simple("its own revocation", ZHAO, "officer.revoke", {"officer": "zhao", "reason": "x"})
_simple("its own rotation", LI, "officer.rotate", {"officer": "li", **held(32, "li")})
_simple("another's rotation", LI, "officer.rotate", {"officer": "qian", **held(32, "qian")})
_simple("a rotation to a key that was seen", LI, "officer.rotate", {"officer": "li", **held(WANG, "li")})
_simple("a rotation without possession", LI, "officer.rotate", {"officer": "li", **held(32, "qian")})
_simple("a rotation of one who is revoked", ROOT, "officer.rotate", {"officer": "sun", **held(33, "sun")})
_simple("a second key of one person", ZHAO, "officer.enroll",
        {"officer": "zhao-2", "person": "zhao", "name": "x", "authority": "999901", "roles": ["finance"], **held(34, "zhao-2")})
_simple("an officer twice", ROOT, "officer.enroll", {"officer": "li", "name": "x", "authority": "999901", "roles": ["clerk"], **held(35, "li")})
_simple("a role that is none", ROOT, "officer.enroll", {"officer": "n", "name": "x", "authority": "999901", "roles": ["king"], **held(35, "n")})
_simple("no role", ROOT, "officer.enroll", {"officer": "n", "name": "x", "authority": "999901", "roles": [], **held(35, "n")})
_simple("an unknown authority", ROOT, "officer.enroll", {"officer": "n", "name": "x", "authority": "no", "roles": ["clerk"], **held(35, "n")})
_simple("a ledger key by possession of another word", ROOT, "ledger.rotate", {"reason": "x", **held(36, "root")})
_simple("a ledger key that was an officer's", ROOT, "ledger.rotate", {"reason": "x", **held(LI, "ledger")})

# Money.
MOVE = {"from": "P1:budget", "n": 1, "quota": "Q1", "to": "bad:reserved", "unit": "CNY"}
_simple("an overdraft", LI, "payment.request", request(n=10**6), moves=[{**MOVE, "n": 10**6}])
_simple("sound", LI, "payment.request", request())
for _name, _moves in {
    "one fen more": [{**MOVE, "n": 2}], "no moves": [], "moves twice": [MOVE, MOVE], "another account": [{**MOVE, "to": "PAY-1:reserved"}],
    "another unit": [{**MOVE, "unit": "MU"}], "another quota": [{**MOVE, "quota": "Q2"}], "a holder that is none": [{**MOVE, "to": "LI:pocket"}],
    "no move": [1], "a move without an end": [{"from": "P1:budget", "n": 0}], "a move below zero": [{**MOVE, "n": -1}],
    "a move too many keys": [{**MOVE, "x": 1}], "backwards": [{**MOVE, "from": "bad:reserved", "to": "P1:budget"}],
    "a move of one half": [{**MOVE, "n": True}], "a list as account": [{**MOVE, "to": ["bad:reserved"]}],
}.items():  # fmt: skip
    _simple(f"moves: {_name}", LI, "payment.request", request(), moves=_moves)
for _name, _legs in {
    "none": [], "a quota twice": [*legs(Q1=1), *legs(Q1=1)], "an unknown quota": legs(Q7=1), "a quota taken back": legs(Q3=1),
    "unstated, of itself": [{"amount": 1, "quota": "?bad"}], "unstated, of another": [{"amount": 1, "quota": "?PAY-1"}],
    "nought": legs(Q1=0), "beyond 2^53": legs(Q1=2**53 - 1),
}.items():  # fmt: skip
    _simple(f"legs: {_name}", LI, "payment.request", request(legs=_legs))
_simple("a part beyond the rest", NEW_WANG, "payment.approve", {"payment": "PAY-2", "legs": legs(Q1=999)})
_simple("a part of another quota", NEW_WANG, "payment.approve", {"payment": "PAY-2", "legs": legs(Q2=1)})
_simple("a part without legs", NEW_WANG, "payment.approve", {"payment": "PAY-2", "legs": []})
_simple("a settled payment", NEW_WANG, "payment.approve", {"payment": "PAY-1"})
_simple("a payment taken back", NEW_WANG, "payment.approve", {"payment": "PAY-3"})
_simple("an unknown payment", NEW_WANG, "payment.reject", {"payment": "none", "reason": "x"})
_simple("a quota twice", QIAN, "quota.receive", {"quota": "Q3", "holder": "999901", "amount": 5, "year": 2026, "source_level": "county"})
_simple("an unknown holder", QIAN, "quota.receive", {"quota": "Q8", "holder": "no", "amount": 5, "year": 2026, "source_level": "county"})
_simple("a project as holder", QIAN, "quota.receive", {"quota": "Q8", "holder": "P1", "amount": 5, "year": 2026, "source_level": "county"},
        moves=[{"from": "world:outside", "n": 5, "quota": "Q8", "to": "P1:available", "unit": "CNY"}], books="990000/money=99")
_simple("a release to itself", QIAN, "quota.release", {"from": "990000", "to": "990000", "legs": legs(Q2=1)})
_simple("a release", QIAN, "quota.release", {"from": "990000", "to": "999902", "legs": legs(Q2=1)})
_simple("a year of the future", QIAN, "quota.receive", {"quota": "Q8", "holder": "999901", "amount": 5, "year": 2200, "source_level": "county"})


@case("who asked approves")
def _own(f: Forge) -> None:
    f.add(ZHOU, "payment.request", "own", **request("own"))
    f.bad(ZHOU, "payment.approve", "bad", {"payment": "own"})


@case("who asked rejects")
def _own_reject(f: Forge) -> None:
    f.add(ZHOU, "payment.request", "own", **request("own"))
    f.bad(ZHOU, "payment.reject", "bad", {"payment": "own", "reason": "x"})


# Form.
_simple("an unknown kind", LI, "money.print", {"n": 5})
_simple("an unknown kind with books", LI, "money.print", {"n": 5}, books="999901/money=99")
_simple("an unknown field", LI, "payment.request", request(memo="x"))
_simple("a field that is missing", LI, "payment.request", {"legs": legs(Q1=1), "payment": "bad", "project": "P1"}, moves=[MOVE])
_simple("a field of another type", LI, "payment.request", request(project=7))
_simple("an empty text", LI, "payment.request", request(payee=""))
_simple("a text of 4001", LI, "payment.request", request(payee="中" * 4001))
_simple("a text of 4000", LI, "payment.request", request(payee="𫭟" * 4000))
_simple("a day that does not exist", LI, "payment.request", request(decided_on="2026-02-30"))
_simple("a choice that is none", LI, "payment.request", request(payment_type="gift"))
_simple("derived said no", LI, "payment.request", request(derived=False))
_simple("a line below zero", LI, "payment.request", request(line=-1))
_simple("a person by name", LI, "payment.request", request(payee_type="person", payee="李某"))
_simple("a document with another key", LI, "payment.request", request(documents=[{"name": "x"}]))
_simple("a document", LI, "payment.request", request(documents=[{"type": "合同", "issued_on": "2026", "sha256": "0" * 64}]))
_simple("no documents", LI, "payment.request", request(documents=[]))
_simple("a commitment of 63", LI, "payment.request", request(account="0" * 63))
for _point in (0x00, 0x07, 0x0A, 0x7F, 0x85, 0xAD, 0x200B, 0x2028, 0x202E, 0x2060, 0x2065, 0x206F, 0xFDD0, 0xFEFF, 0xFFF9, 0xFFFE, 0x1D173,
               0x1FFFF, 0xE0001, 0xE0020, 0x10FFFF, 0x13430, 0x13439, 0x0378, 0x3000, 0xA0):  # fmt: skip
    _simple(f"character {_point:04X}", LI, "payment.request", request(payee=f"示例{chr(_point)}公司"))
_simple("a control character in a document", LI, "payment.request", request(documents=[{"type": "a\u0007"}]))
for _id in ("a1", "12", "x y", "", "编号", "x" * 65, "over", "a\u00001"):
    _simple(f"id {_id[:8]!r}", LI, "payment.request", request(), id=_id)
_simple("a salt of another form", LI, "payment.request", request(), salt="x")
for _day in ("2026-11-25", "2026-02-30", "2026-11-24 ", "", "2026\u0000", "0000-01-01", "1949-10-01"):
    _simple(f"day {_day!r}", LI, "payment.request", request(), occurred_on=_day)
for _line in ("999901/money=99", "-", "999901/money=0", "990000/money=0 999901/money=99", "999901/open=0", "x/money=0", "999901/else=0"):
    _simple(f"books {_line}", LI, "payment.request", request(), books=_line)
for _line in ("999901/money", "999901/money=01", "999901/Money=1", "b/money=0 a/money=0", "a/money=0 a/money=1", "a/money=0  b/money=0", " ",
              "a_b/money=0", "a/money=12345678901234567", f"{'a' * 33}/money=0", "a/m\u00e9=0"):  # fmt: skip
    _simple(f"books malformed {_line[:20]}", LI, "payment.request", request(), books=_line)


# References, confirmations, reversals, voids.
def _about(name: str, byte: int, kind: str, target: str | int, **data: Any) -> None:
    def make(f: Forge) -> None:
        ref = f.at_seq(target) if isinstance(target, int) else f.ref(target)
        f.bad(byte, kind, "bad", {"entry": ref, **data})

    CASES[name] = make


for _target in ("f1", "ok-erase-1", "f2", "Q3", "rev-Q3", "PAY-1", "pa1", "pa2", "rej1", "rel-1", "p1", "p2", "ap1", "h1", "n1", "n2", "a1", "erase-1",
                "over", "void-over", "PAY-3", "PAY-4", "PAY-5", "pol-1", "state-money", 0, 3):  # fmt: skip
    _about(f"reverse {_target}", NEW_WANG, "entry.reverse", _target, reason="x")
    _about(f"reverse {_target} by li", LI, "entry.reverse", _target, reason="x")
    _about(f"confirm {_target}", ZHAO, "entry.confirm", _target)
    _about(f"void {_target}", ZHAO, "entry.void", _target, finding="void", reason="x")
    _about(f"ahead {_target}", ZHAO, "entry.void", _target, finding="ahead", reason="x")


@case("another leaf")
def _leaf(f: Forge) -> None:
    f.bad(NEW_WANG, "entry.reverse", "bad", {"entry": {"entry": "n1", "leaf": "0" * 64}, "reason": "x"})


@case("itself")
def _itself(f: Forge) -> None:
    f.bad(ZHAO, "entry.void", "bad", {"entry": {"entry": "bad", "leaf": "0" * 64}, "finding": "void", "reason": "x"})


@case("a position in another spelling")
def _spelling(f: Forge) -> None:
    f.bad(ZHAO, "entry.void", "bad", {"entry": {**f.at_seq(9), "entry": "09"}, "finding": "void", "reason": "x"})


@case("a sound entry by its position")
def _position(f: Forge) -> None:
    f.bad(LI, "entry.reverse", "bad", {"entry": f.at_seq(next(n for n, item in enumerate(f.items) if item.id == "n1")), "reason": "x"})


@case("reversed twice")
def _twice(f: Forge) -> None:
    for id in ("bad-1", "bad-2", "bad-3"):
        f.bad(LI, "entry.reverse", id, {"entry": f.ref("n1"), "reason": "x"})
        if f.state.get("waiting", str(len(f.rows) - 1)):
            f.add(ZHAO, "entry.confirm", f"ok-{id}", entry=f.ref(id))


@case("under something built upon")
def _built(f: Forge) -> None:
    f.bad(LI, "entry.reverse", "bad", {"entry": f.ref("p1"), "reason": "x"})
    f.bad(QIAN, "entry.reverse", "bad-2", {"entry": f.ref("Q1"), "reason": "x"})
    f.bad(QIAN, "entry.reverse", "bad-3", {"entry": f.ref("Q2"), "reason": "x"})
    f.bad(QIAN, "entry.reverse", "bad-4", {"entry": f.ref("f1"), "reason": "x"})


@case("confirmed by the author")
def _author(f: Forge) -> None:
    f.bad(QIAN, "quota.release", "wait", {"from": "990000", "to": "999901", "legs": legs(Q2=1)})
    f.bad(QIAN, "entry.confirm", "bad", {"entry": f.ref("wait")})


@case("confirmed twice")
def _confirmed_twice(f: Forge) -> None:
    f.bad(QIAN, "quota.release", "wait", {"from": "990000", "to": "999901", "legs": legs(Q2=1)})
    f.bad(ZHAO, "entry.confirm", "ok", {"entry": f.ref("wait")})
    f.bad(ROOT, "entry.confirm", "bad", {"entry": f.ref("wait")})


@case("confirmed after it was called off")
def _off(f: Forge) -> None:
    f.bad(QIAN, "quota.release", "wait", {"from": "990000", "to": "999901", "legs": legs(Q2=1)})
    f.bad(QIAN, "entry.reverse", "off", {"entry": f.ref("wait"), "reason": "x"})
    f.bad(ZHAO, "entry.confirm", "bad", {"entry": f.ref("wait")})
    f.bad(QIAN, "entry.reverse", "bad-2", {"entry": f.ref("wait"), "reason": "x"})


@case("confirmed when it can no longer take effect")
def _late(f: Forge) -> None:
    for id in ("wait", "wait-2"):
        f.bad(QIAN, "quota.release", id, {"from": "990000", "to": "999901", "legs": legs(Q2=400)})
    for id in ("wait", "wait-2"):
        f.bad(ZHAO, "entry.confirm", f"ok-{id}", {"entry": f.ref(id)})


@case("moves in what waits")
def _waits(f: Forge) -> None:
    move = {"from": "990000:available", "n": 1, "quota": "Q2", "to": "999901:available", "unit": "CNY"}
    f.bad(QIAN, "quota.release", "bad", {"from": "990000", "to": "999901", "legs": legs(Q2=1)}, moves=[move])


def _bad_entry(f: Forge, id: str = "bad") -> None:
    f.bad(LI, "payment.request", id, request(id, n=10**6), moves=[{**MOVE, "n": 10**6}])


@case("void by one person only")
def _void_alone(f: Forge) -> None:
    _bad_entry(f)
    f.bad(ZHAO, "entry.void", "v", {"entry": f.ref("bad"), "finding": "void", "reason": "x"})
    f.bad(ZHAO, "entry.confirm", "c", {"entry": f.ref("v")})


@case("void by two persons, and again")
def _void_two(f: Forge) -> None:
    _bad_entry(f)
    for n in (1, 2):
        f.bad(ZHAO, "entry.void", f"v{n}", {"entry": f.ref("bad"), "finding": "void", "reason": "x"})
        f.bad(ROOT, "entry.confirm", f"c{n}", {"entry": f.ref(f"v{n}")})


@case("void of an id in use, by position")
def _void_position(f: Forge) -> None:
    f.bad(LI, "payment.request", "PAY-1", request("PAY-1"), moves=[MOVE])
    ref = f.at_seq(len(f.rows) - 1)
    f.bad(ZHAO, "entry.void", "v", {"entry": ref, "finding": "void", "reason": "x"})
    f.bad(ROOT, "entry.confirm", "c", {"entry": f.ref("v")})


@case("void of a void's confirmation")
def _void_chain(f: Forge) -> None:
    _bad_entry(f)
    f.bad(ZHAO, "entry.void", "v", {"entry": f.ref("bad"), "finding": "void", "reason": "x"})
    f.bad(ZHAO, "entry.confirm", "c", {"entry": f.ref("v")})  # void itself
    f.bad(ZHAO, "entry.void", "v2", {"entry": f.ref("c"), "finding": "void", "reason": "x"})
    f.bad(ROOT, "entry.confirm", "c2", {"entry": f.ref("v2")})
    f.bad(ROOT, "entry.confirm", "c3", {"entry": f.ref("v")})


@case("void of an entry that stands in no book")
def _void_unplaced(f: Forge) -> None:
    f.bad(LI, "money.print", "bad", {"n": 5}, books="999901/money=99")
    f.bad(ZHAO, "entry.void", "v", {"entry": f.ref("bad"), "finding": "void", "reason": "x"})
    f.bad(ROOT, "entry.confirm", "c", {"entry": f.ref("v")})
    f.bad(LI, "payment.request", "bad-2", request("bad-2"), books="-")
    f.bad(ZHAO, "entry.void", "v2", {"entry": f.ref("bad-2"), "finding": "void", "reason": "x"})
    f.bad(ROOT, "entry.confirm", "c2", {"entry": f.ref("v2")})


# Policy, roots, subjects, suspects, books.
for _name, _rows in {
    "of an unknown kind": [{"kind": "nothing", "second": "person"}], "of what needs none": [{"kind": "book.state", "second": "person"}],
    "of what always waits": [{"kind": "entry.void", "second": "person"}], "of no word": [{"kind": "quota.release", "second": "nobody"}],
    "of money where it is not a correction": [{"kind": "quota.release", "second": "money"}],
    "twice": [{"kind": "quota.release", "second": "person"}] * 2, "none": [], "reversals of money": [{"kind": "entry.reverse", "second": "money"}],
}.items():  # fmt: skip

    def _policy(f: Forge, rows: Any = _rows) -> None:
        f.bad(ROOT, "policy.set", "pol-2", {"policy": rows})
        f.bad(ROOT2, "entry.confirm", "ok-pol-2", {"entry": f.ref("pol-2")})
        f.bad(QIAN, "quota.release", "r9", {"from": "990000", "to": "999901", "legs": legs(Q2=1)})
        f.bad(LI, "entry.reverse", "x9", {"entry": f.ref("n1"), "reason": "x"})

    CASES[f"policy {_name}"] = _policy

_simple("a recovery by one who is no root", ZHAO, "ledger.recover", {"size": 9, "root": "A" * 43 + "=", "reason": "x"})
_simple("a recovery said twice", ROOT, "ledger.recover", {"size": 3, "root": "A" * 43 + "=", "reason": "x"})
_simple("a recovery of another head", ROOT, "ledger.recover", {"size": 4, "root": "A" * 43 + "=", "reason": "x"})
_simple("a recovery of no root hash", ROOT, "ledger.recover", {"size": 4, "root": "AAAA", "reason": "x"})


def _erased(f: Forge, person: str) -> None:
    f.bad(ROOT, "person.erase", "er", {"person": person, "reason": "x"} | ({"holder": "999901001"} if person == "H-1" else {}))
    f.bad(ZHAO, "entry.confirm", "ok-er", {"entry": f.ref("er")})
    f.bad(LI, "payment.request", "bad", request(payee=person, payee_type="person", account="0" * 64))
    f.bad(LI, "payment.request", "bad-2", request("bad-2", payee=person, payee_type="person"))
    f.bad(LI, "payment.request", "bad-3", request("bad-3", payee=person, account="0" * 64))


for _person in ("H-1", "H-7", "H-2", "nobody", "示例公司"):
    CASES[f"erase {_person}"] = lambda f, person=_person: _erased(f, person)


@case("sealed values of a void entry")
def _sealed_void(f: Forge) -> None:
    f.bad(LI, "household.enroll", "bad", {"household": "H-9", "place": "no", "head": "0" * 64})
    f.bad(ROOT, "person.erase", "er", {"person": "H-9", "reason": "x"})
    f.bad(ZHAO, "entry.confirm", "ok-er", {"entry": f.ref("er")})
    f.bad(LI, "household.enroll", "bad-2", {"household": "H-9", "place": "999901", "head": "0" * 64})


@case("a name that is a person and a body")
def _both(f: Forge) -> None:
    f.bad(LI, "payment.request", "b1", request("b1", payee="X1", account="0" * 64))
    f.bad(LI, "payment.request", "b2", request("b2", payee="X1", payee_type="person", account="0" * 64))
    f.bad(LI, "payment.request", "b3", request("b3", payee="X1", payee_type="organisation", account="0" * 64))


for _since in (0, 5, 40, 10**6):

    def _suspects(f: Forge, since: int = _since) -> None:
        f.bad(ROOT, "officer.revoke", "rv", {"officer": "li", "reason": "x", "since": since})
        if f.state.get("waiting", str(len(f.rows) - 1)):
            f.bad(ROOT2, "entry.confirm", "ok-rv", {"entry": f.ref("rv")})
        f.bad(ZHAO, "entry.confirm", "vouch-n1", {"entry": f.ref("n1")})
        f.bad(ROOT, "entry.confirm", "vouch-p2", {"entry": f.ref("p2")})
        f.bad(LI, "entry.confirm", "vouch-n2", {"entry": f.ref("n2")})
        f.bad(ZHAO, "entry.reverse", "back-n2", {"entry": f.ref("n2"), "reason": "x"})
        f.bad(NEW_WANG, "payment.approve", "pa-4", {"payment": "PAY-4"})

    CASES[f"suspect since {_since}"] = _suspects


@case("puppets of a stolen key")
def _puppets(f: Forge) -> None:
    roles, since = ["administrator", "reviewer", "finance"], 0
    for n, by in ((49, ROOT), (50, 49), (51, 50), (52, ROOT)):
        f.bad(by, "officer.enroll", f"e-{n}", {"officer": f"p{n}", "name": "x", "authority": "999901", "roles": roles, **held(n, f"p{n}")})
        f.bad(ROOT2, "entry.confirm", f"ok-{n}", {"entry": f.ref(f"e-{n}")})
        since = since or len(f.rows)
    f.bad(49, "quota.receive", "Q9", {"quota": "Q9", "holder": "999901", "amount": 5, "year": 2026, "source_level": "county"},
          moves=[{"from": "world:outside", "n": 5, "quota": "Q9", "to": "999901:available", "unit": "CNY"}])  # fmt: skip
    f.bad(51, "entry.reverse", "back", {"entry": f.ref("Q9"), "reason": "x"},
          moves=[{"from": "999901:available", "n": 5, "quota": "Q9", "to": "world:outside", "unit": "CNY"}] * (f.state.ledger.mode == "observe"))
    f.bad(ROOT, "officer.revoke", "rv", {"officer": "p49", "reason": "x", "since": since})
    f.bad(ROOT2, "entry.confirm", "ok-rv", {"entry": f.ref("rv")})
    f.bad(ZHAO, "entry.confirm", "ok-back", {"entry": f.ref("back")})
    for n in (50, 51, 52):
        f.bad(n, "entry.confirm", f"vouch-{n}", {"entry": f.ref("e-50")})
        f.bad(n, "entry.reverse", f"back-{n}", {"entry": f.ref("Q9"), "reason": "x"})
        f.bad(ROOT, "officer.rotate", f"rot-{n}", {"officer": f"p{n}", **held(n + 3, f"p{n}")})
        f.bad(ROOT2, "entry.confirm", f"ok-rot-{n}", {"entry": f.ref(f"rot-{n}")})
    f.bad(54, "entry.confirm", "again", {"entry": f.ref("Q9")})


@case("every administrator revoked")
def _none_left(f: Forge) -> None:
    for n, name in enumerate(("zhao", "root-2", "root")):
        f.bad(ROOT, "officer.revoke", f"rv{n}", {"officer": name, "reason": "x"})
        f.bad(ROOT2, "entry.confirm", f"ok{n}", {"entry": f.ref(f"rv{n}")})


@case("a key sealed before its confirmation")
def _unconfirmed(f: Forge) -> None:
    f.bad(ROOT, "officer.enroll", "e9", {"officer": "neu", "name": "x", "authority": "999901", "roles": ["handler"], **held(41, "neu")})
    f.bad(41, "payment.request", "bad", request())


for _count, _wrong in ((0, False), (1, False), (-1, False), (0, True)):

    def _state(f: Forge, count: int = _count, wrong: bool = _wrong) -> None:
        true = statement(f.state, "999901/money")
        found = true["totals"]
        stated = [{**found[0], "n": found[0]["n"] + 1}, *found[1:]] if wrong else found
        f.bad(QIAN, "book.state", "bad", true | {"count": true["count"] + count, "totals": stated})

    CASES[f"a state off by {_count}{' in its totals' if _wrong else ''}"] = _state

for _name in ("void", "rules"):
    for _change, _make in {"without": lambda seqs: None, "with one more": lambda seqs: [0, *seqs], "with one less": lambda seqs: seqs[1:],
                           "twice": lambda seqs: [*seqs, *seqs], "empty": lambda seqs: []}.items():  # fmt: skip

        def _beyond(f: Forge, name: str = _name, make: Callable[[list[int]], list[int] | None] = _make) -> None:
            true = statement(f.state, "999901/money")
            made = make(true.get(name, []))
            f.bad(QIAN, "book.state", "bad", {key: value for key, value in (true | {name: made}).items() if value is not None})

        CASES[f"a state {_change} {_name}"] = _beyond

_simple("void entries in a book without money", QIAN, "book.state", {"book": "999902/open", "count": 0, "totals": [], "void": [1]})

_simple("a state of an unknown body", QIAN, "book.state", {"book": "no/money", "count": 0, "totals": []})
_simple("a state of a strange stream", QIAN, "book.state", {"book": "999901/else", "count": 0, "totals": []})
_simple("totals of a book without money", QIAN, "book.state",
        {"book": "999902/open", "count": 0, "totals": [{"account": "a:b", "n": 1, "unit": "CNY"}]})
_simple("a second opening", ROOT, "ledger.open", {"name": "x"})
_simple("a code in use", ROOT, "authority.register", {"code": "P1", "name": "x", "level": "county"})
_simple("the code world", ROOT, "authority.register", {"code": "world", "name": "x", "level": "county"})
_simple("a county below a county", ROOT, "authority.register", {"code": "c9", "name": "x", "level": "county", "parent": "999901"})
_simple("a department of another level", ROOT, "authority.register",
        {"code": "c9", "name": "x", "level": "city", "parent": "999901", "type": "department"})
_simple("a department without parent", ROOT, "authority.register", {"code": "c9", "name": "x", "level": "county", "type": "unit"})
_simple("a project of a province", QIAN, "project.propose", {"project": "P8", "county": "990000", "name": "x"})
_simple("a township of another county", LI, "project.propose", {"project": "P8", "county": "999901", "township": "999902", "name": "x"})


# Evidence.
_simple("another version", LI, "payment.request", request(), more={"v": 2})
_simple("a tenth key", LI, "payment.request", request(), more={"memo": 1})
_simple("another origin", LI, "payment.request", request(), origin="other.example")
_simple("white space", LI, "payment.request", request(), raw=b'{"author": 1}')
_simple("no JSON", LI, "payment.request", request(), raw=b"\xc3\xa9")
_simple("data as a list", LI, "payment.request", request(), more={"data": []})
_simple("a float", LI, "payment.request", request(line=1.5))
_simple("null", LI, "payment.request", request(reason=None))
_simple("an integer beyond 2^53", LI, "payment.request", request(line=2**53))
_simple("a key in capitals", LI, "payment.request", request(Memo=1))
_simple("too deep", LI, "payment.request", request(memo=[[[[[[[1]]]]]]]))
_simple("deep", LI, "payment.request", request(memo=[[[[[[1]]]]]]))
_simple("too long", LI, "payment.request", request(memo="x" * 262_144))
for _at in ("2026-13-45T99:99:99Z", "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "2026-11-24T02:00:60Z", "2026-11-24T02:00:00"):
    _simple(f"time {_at}", LI, "payment.request", request(), at=_at)
for _at in ("2026-11-24T02:00:01Z", "2026-11-24T03:10:00Z", "2026-11-24T03:10:01Z", "2036-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
            "2000-01-01T00:00:00Z", "0001-01-01T00:00:00Z"):  # fmt: skip
    _simple(f"time {_at}", LI, "payment.request", request(), at=_at, occurred_on="2000-01-01")


@case("a time ahead, acknowledged")
def _ahead(f: Forge) -> None:
    f.bad(LI, "payment.request", "bad", request(), at="2036-01-01T00:00:00Z")
    f.bad(ZHAO, "entry.void", "v", {"entry": f.ref("bad"), "finding": "ahead", "reason": "x"})
    f.bad(ROOT, "entry.confirm", "c", {"entry": f.ref("v")})
    f.bad(LI, "payment.request", "more", request("more"))


@case("a key never enrolled")
def _stranger(f: Forge) -> None:
    f.bad(50, "payment.request", "bad", request())


@case("the ledger key")
def _ledger_key(f: Forge) -> None:
    f.bad(4, "payment.request", "bad", request())


@case("a key enrolled within the seal")
def _within(f: Forge) -> None:
    item = Item(of(42), "officer.enroll", "e9", {"officer": "neu", "name": "x", "authority": "999901", "roles": ["handler"], **held(42, "neu")})
    f.put(item, seal=False)
    f.put(Item(of(42), "payment.request", "bad", request()))


@case("a key that stands in a void enrolment")
def _void_key(f: Forge) -> None:
    f.bad(LI, "officer.enroll", "e9", {"officer": "neu", "name": "x", "authority": "999901", "roles": ["handler"], **held(43, "other")})
    f.bad(43, "payment.request", "bad", request())


@case("a key that stands in an enrolment of another form")
def _formless(f: Forge) -> None:
    f.bad(ROOT, "officer.enroll", "e9", {"officer": "neu", "authority": "999901", "roles": ["handler"], **held(44, "neu")})
    f.bad(44, "payment.request", "bad", request())


@case("two authors under one seal")
def _two_authors(f: Forge) -> None:
    f.put(Item(of(LI), "payment.request", "bad", request()), seal=False)
    f.put(Item(of(QIAN), "book.state", "bad-2", {"book": "999902/open", "count": 0, "totals": []}))


@case("a seal by another key")
def _other_key(f: Forge) -> None:
    f.put(Item(of(LI), "payment.request", "bad", request()), sealed_by=private(QIAN))


@case("no seal")
def _no_seal(f: Forge) -> None:
    f.put(Item(of(LI), "payment.request", "bad", request()), seal=False)


@case("a header of another form")
def _header(f: Forge) -> None:
    f.put(Item(of(LI), "payment.request", "bad", request(), header=b"sunledger/entry/v1\nseq 13\n"))
