"""Two small ledgers that use every kind: one that controls, with the policy `standard`, and one that observes."""

import random
from functools import cache
from typing import Any

from ledger.book.effects import statement
from ledger.calendar import shifted
from tests.verifier.forge import AT, Forge, Item, held, of, opened

# Who is who, by the byte of the private key: two roots, and officers of the county but where it says otherwise.
ROOT, LI, WANG, ZHAO, QIAN, ROOT2, SUN, ZHOU = 1, 2, 3, 5, 6, 9, 11, 12
OFFICERS = {
    LI: ("li", ["programme", "handler", "clerk"], "999901"),
    WANG: ("wang", ["finance", "treasury", "approver"], "999901"),
    ZHAO: ("zhao", ["reviewer", "auditor", "administrator"], "990000"),
    QIAN: ("qian", ["finance", "publisher", "approver"], "990000"),
    SUN: ("sun", ["handler", "programme", "finance"], "999901001"),
    ZHOU: ("zhou", ["handler", "finance", "approver"], "999901-CZ"),
}
COMMITMENT = "5a" * 32


def legs(**amounts: int) -> list[dict[str, Any]]:
    """Legs as data has them."""
    return [{"amount": n, "quota": quota} for quota, n in amounts.items()]


def confirmed(forge: Forge, byte: int, kind: str, id: str, by: int, **data: Any) -> None:
    """An entry that waits, and its confirmation."""
    forge.add(byte, kind, id, **data)
    forge.add(by, "entry.confirm", f"ok-{id}", entry=forge.ref(id))


def founded(mode: str, policy: str) -> Forge:
    """Bodies and officers; the second person is needed as soon as there are two administrators."""
    forge = opened(mode, policy)
    body = {"level": "county", "parent": "990000"}
    forge.add(ROOT, "authority.register", "a1", code="990000", name="某省", level="province", seal=False)
    forge.add(ROOT, "authority.register", "a2", code="999901", name="示例县", seal=False, **body)
    forge.add(ROOT, "authority.register", "a3", code="999902", name="另一县", seal=False, **body)
    forge.add(ROOT, "authority.register", "a4", code="999901001", name="某乡", level="township", parent="999901", seal=False)
    forge.add(ROOT, "authority.register", "a5", code="999901-CZ", name="财政局", level="county", parent="999901", type="department")
    for byte, (officer, roles, authority) in OFFICERS.items():
        id = f"enroll-{officer}"
        forge.add(ROOT, "officer.enroll", id, officer=officer, name=f"{officer}某", authority=authority, roles=roles, **held(byte, officer))
        if mode == "control":
            forge.add(ROOT2, "entry.confirm", f"ok-{id}", entry=forge.ref(id))
    return forge


def money(forge: Forge, *, second: bool) -> None:
    """From quotas to payments, a paper, a household, corrections of each sort."""

    def two(byte: int, kind: str, id: str, by: int, **data: Any) -> None:
        forge.add(byte, kind, id, **data)
        if second:
            forge.add(by, "entry.confirm", f"ok-{id}", entry=forge.ref(id))

    for quota, holder in (("Q1", "999901"), ("Q2", "990000")):
        forge.add(QIAN, "quota.receive", quota, quota=quota, holder=holder, amount=1000, year=2026, source_level="province")
    forge.add(WANG, "quota.receive", "Q3", quota="Q3", holder="999901", amount=5, year=2026, source_level="county")
    two(WANG, "entry.reverse", "rev-Q3", ZHAO, entry=forge.ref("Q3"), reason="录入错误")
    two(QIAN, "quota.release", "rel-1", ZHAO, **{"from": "990000"}, to="999901", legs=legs(Q2=600))
    forge.add(LI, "project.propose", "p1", project="P1", county="999901", township="999901001", name="产业路", line=1)
    forge.add(LI, "project.propose", "p2", project="P2", county="999901", name="水渠")
    forge.add(WANG, "project.approve", "ap1", project="P1", document_number="示批〔2026〕1号", approval_type="plan")
    two(WANG, "project.fund", "f1", ZHAO, project="P1", legs=legs(Q1=700, Q2=500))
    forge.add(WANG, "project.fund", "f2", project="P1", legs=legs(Q1=1))
    if second:
        forge.add(WANG, "entry.reverse", "off-f2", entry=forge.ref("f2"), reason="未批准")
    else:
        forge.add(WANG, "entry.reverse", "rev-f2", entry=forge.ref("f2"), reason="未批准")
    forge.add(LI, "payment.request", "PAY-1", payment="PAY-1", project="P1", legs=legs(Q1=300, Q2=200), payee="示例公司")
    forge.add(WANG, "payment.approve", "pa1", payment="PAY-1", legs=legs(Q1=100))
    forge.add(WANG, "payment.approve", "pa2", payment="PAY-1")
    two(WANG, "entry.reverse", "rev-pa2", ZHAO, entry=forge.ref("pa2"), reason="退汇")
    forge.add(QIAN, "payment.reject", "rej1", payment="PAY-1", reason="附件不全")
    forge.add(SUN, "payment.request", "PAY-2", payment="PAY-2", project="P1", legs=legs(Q1=50), payee="H-7", payee_type="person",
              payment_type="household", account=COMMITMENT)  # fmt: skip
    forge.add(LI, "payment.request", "PAY-3", payment="PAY-3", project="P1", legs=legs(Q2=20), payee="另一公司")
    two(LI, "entry.reverse", "rev-PAY-3", ZHAO, entry=forge.ref("PAY-3"), reason="重复")
    two(LI, "household.enroll", "h1", ZHAO, household="H-1", place="999901001", type="registered", persons=4, head=COMMITMENT,
        identity="6b" * 32)  # fmt: skip
    forge.add(LI, "household.enroll", "h2", household="H-2", place="999901")
    forge.add(LI, "paper.record", "n1", paper="n1", title="公告", holder="999901", year=2026, date="2026-01", unit="万元", complete=True,
              mirror=False, lines=[{"no": 1, "sort": "project", "amount_fen": 5, "derived": True}])  # fmt: skip
    forge.add(LI, "paper.record", "n2", paper="n2", title="公告", holder="999901", year=2025, date="2025", unit="元", complete=False,
              mirror=True, documents=[{"number": "示〔2025〕2号", "issued_on": "2025-03"}])  # fmt: skip


def keys(forge: Forge, *, second: bool) -> None:
    """Rotation, revocation since a position, what is suspect and settled, recovery, policy, erasure."""

    def two(byte: int, kind: str, id: str, by: int, **data: Any) -> None:
        forge.add(byte, kind, id, **data)
        if second:
            forge.add(by, "entry.confirm", f"ok-{id}", entry=forge.ref(id))

    two(WANG, "officer.rotate", "rot-wang", ROOT, officer="wang", **held(21, "wang"))
    two(ROOT, "ledger.rotate", "rot-ledger", ROOT2, reason="定期更换", **held(22, "ledger"))
    forge.add(21, "payment.approve", "pa3", payment="PAY-2", legs=legs(Q1=20))
    confirmed(forge, ROOT, "person.erase", "erase-1", ZHAO, person="H-1", holder="999901001", reason="本人申请")
    two(ROOT, "policy.set", "pol-1", ROOT2, policy=[{"kind": "entry.reverse", "second": "money"}, {"kind": "quota.release", "second": "person"},
                                                    {"kind": "officer.enroll", "second": "person"}])  # fmt: skip
    forge.add(ROOT, "ledger.recover", "rec-1", size=3, root="A" * 43 + "=", reason="由备份恢复")
    forge.add(ROOT2, "ledger.recover", "rec-2", size=3, root="A" * 43 + "=", reason="由备份恢复")
    since = len(forge.rows)
    for n in (4, 5, 6):
        forge.add(SUN, "payment.request", f"PAY-{n}", payment=f"PAY-{n}", project="P1", legs=legs(Q1=10), payee="某店")
    forge.add(ROOT, "officer.revoke", "revoke-sun", officer="sun", reason="密钥遗失", since=since)
    forge.add(ZHAO, "entry.confirm", "vouch-4", entry=forge.ref("PAY-4"), reason="核对原件")
    two(LI, "entry.reverse", "rev-5", ZHAO, entry=forge.ref("PAY-5"), reason="存疑")
    forge.add(ZHAO, "entry.confirm", "vouch-6", entry=forge.ref("PAY-6"))
    forge.bad(LI, "payment.request", "over", {"legs": legs(Q1=99999), "payee": "x", "payment": "over", "project": "P1"},
              moves=[{"from": "P1:budget", "n": 99999, "quota": "Q1", "to": "over:reserved", "unit": "CNY"}])  # fmt: skip
    confirmed(forge, ZHAO, "entry.void", "void-over", ROOT, entry=forge.ref("over"), finding="void", reason="超支")
    for stream in ("money", "open", "people", "keys"):
        forge.add(QIAN, "book.state", f"state-{stream}", **statement(forge.state, f"999901/{stream}"), seal=stream == "keys")


@cache
def control() -> Forge:
    """Every kind, where nothing passes without its second person."""
    forge = founded("control", "standard")
    money(forge, second=True)
    keys(forge, second=True)
    return forge


@cache
def observe() -> Forge:
    """Every kind where what is lacking comes from suspense."""
    forge = founded("observe", "standard")
    money(forge, second=False)
    forge.add(WANG, "project.fund", "f9", project="P2", legs=[{"amount": 5000, "quota": "Q1"}])
    forge.add(LI, "payment.request", "PAY-9", payment="PAY-9", project="P2", legs=[{"amount": 30, "quota": "?PAY-9"}, {"amount": 40, "quota": "Q1"}],
              payee="未载")  # fmt: skip
    forge.add(WANG, "payment.approve", "pa9", payment="PAY-9")
    keys(forge, second=False)
    return forge


NEW_WANG = 21  # the key that replaced WANG's, as `keys` has it
TIMES = (0, 0, 0, 1, -1, 300, 599, 601, 700, -601, 1300, 3000, 10_000, 2_000_000_000, -30_000)


def paper(forge: Forge, byte: int, at: str, id: str = "") -> int:
    """A harmless entry at a time, by whomever, properly sealed; its position."""
    id = id or f"at-{len(forge.rows)}"
    data = {"paper": id, "title": "x", "holder": "999901", "year": 2025, "date": "2025", "unit": "元", "complete": True, "mirror": False}
    return forge.put(Item(of(byte), "paper.record", id, data, at=at, occurred_on="2025-01-01"))


def acknowledge(forge: Forge, finding: str, first: int, last: int, *, at: str = AT) -> None:
    """Two persons acknowledge an entry, or a range; by its rules, or as given where it is wrong."""
    named = [forge.at_seq(seq) if forge.state.history.seq_of(forge.items[seq].id) != seq else forge.ref(forge.items[seq].id) for seq in (first, last)]
    data = {"entry": named[0], "finding": finding, "reason": "x"} | ({"to": named[1]} if last != first else {})
    id = f"ack-{len(forge.rows)}"
    forge.put(Item(of(ZHAO), "entry.void", id, data, at=at))
    forge.put(Item(of(ROOT), "entry.confirm", f"ok-{id}", {"entry": forge.ref(id)}, at=at))


def restless(rng: random.Random, forge: Forge, steps: int) -> None:
    """Entries at false times by officers new and old, revoked, or with a second key, and acknowledgements of what is named or is not."""
    authors, start, spare = [LI, QIAN, NEW_WANG, ZHOU, ROOT, WANG, SUN], len(forge.rows), iter(range(40, 56))
    for step in range(steps):
        at, what = shifted(AT, rng.choice(TIMES) + 20 * step), rng.random()
        if what < 0.66:
            paper(forge, rng.choice(authors), at)
        elif what < 0.72:
            byte, officer = next(spare), rng.choice(["li", "wang", "qian"])
            forge.put(Item(of(ROOT), "officer.rotate", f"rot-{step}", {"officer": officer, **held(byte, officer)}, at=at))
            forge.put(Item(of(9), "entry.confirm", f"ok-rot-{step}", {"entry": forge.ref(f"rot-{step}")}, at=at))
            authors.append(byte)
        elif what < 0.75:
            data = {"officer": rng.choice(["qian", "zhou"]), "reason": "x", "since": rng.randrange(start, len(forge.rows) + 1)}
            forge.put(Item(of(ROOT), "officer.revoke", f"off-{step}", data, at=at))
            forge.put(Item(of(9), "entry.confirm", f"ok-off-{step}", {"entry": forge.ref(f"off-{step}")}, at=at))
        elif len(forge.rows) > start:
            finding = rng.choice(["void", "ahead", "ahead"])
            named = [int(id) for id, found in forge.state.objects(finding) if not found.acknowledged and int(id) >= start]
            first = rng.choice(named if named and rng.random() < 0.9 else range(start, len(forge.rows)))
            after = [seq for seq in named if first <= seq <= first + 30]
            last = rng.choice(after if after and rng.random() < 0.9 else range(start, len(forge.rows)))
            acknowledge(forge, finding, first, last, at=at)
