"""A ledger in which every kind and every sort of object stands: some entries wait, some are taken back, void, ahead or suspect."""

from pathlib import Path
from typing import Any

from ledger.book.effects import statement
from ledger.book.rights import POLICIES, policy_table
from ledger.chain.keys import b64, possession_message, public_bytes
from ledger.kinds.declare import KINDS
from ledger.kinds.draft import Draft
from ledger.store.keystore import Signer
from ledger.store.vault import Vault
from tests.verify.modified_client import Bad, ModifiedClient, move
from tests.world import LI, ORIGIN, QIAN, ROOT, TODAY, WANG, ZHAO, World, draft, enrolment, signer

SUN, CHEN, CHEN_AGAIN, NEXT_LEDGER_KEY, STOLEN, STRANGER = (signer(n) for n in (7, 8, 9, 10, 11, 99))
SIZE = 80
UNDECIDED = "r4"  # the release that still waits at the end
SEALED = {"head": "示例户主甲", "identity": "99990119000101999X", "phone": "19900000001", "account": "6200000000000012345"}  # invented


def template(target: str, vaults: Path) -> World:
    """A world with eighty entries under the standard policy, the keys of its sealed values in a vault below `vaults`."""
    made = World(target, policy="standard")
    made.bodies()
    _officers(made)
    _quotas(made)
    _projects(made)
    _payments(made)
    _corrections(made)
    _people(made, vaults)
    _life_of_keys(made)
    _bad_client(made)
    _ending(made)
    return made


def vault_of(made: World, vaults: Path) -> Vault:
    """The vault of a world, opened anew."""
    with made.ledger.reading() as session:
        return Vault(vaults, session.id)


def step(made: World, key: Any, kind: str, id: str, **data: Any) -> None:
    """One entry, a minute after the one before."""
    made.clock.forward(minutes=1)
    made.record(key, draft(kind, id, **data))


def sealed_step(made: World, vaults: Path, kind: str, id: str, data: dict[str, Any], *fields: str) -> None:
    """One entry of LI's with sealed values."""
    made.clock.forward(minutes=1)
    values = {field: SEALED[field] for field in fields}
    made.record(LI, Draft(kind, id, TODAY, data, values), vault=vault_of(made, vaults))


def confirm(made: World, key: Any, id: str) -> None:
    """A second person confirms entry `id`."""
    step(made, key, "entry.confirm", f"c-{id}", entry=made.ref(id))


def legs(**amounts: int) -> list[dict[str, Any]]:
    """The legs of an amount, by quota."""
    return [{"amount": n, "quota": quota} for quota, n in amounts.items()]


def _officers(made: World) -> None:
    made.record(
        ROOT,
        enrolment("zhao", ZHAO, ["reviewer", "auditor", "finance"], authority="990000"),
        enrolment("qian", QIAN, ["finance", "approver", "publisher"], authority="990000"),
        enrolment("sun", SUN, ["handler", "clerk"]),
    )


def _quotas(made: World) -> None:
    step(made, QIAN, "quota.receive", "q1", quota="Q1", holder="990000", amount=90_000_000, year=2025,
         source_level="central", document_number="示财农〔2025〕1号")  # fmt: skip
    step(made, WANG, "quota.receive", "q2", quota="Q2", holder="999901", amount=40_000_000, year=2025,
         source_level="county")  # fmt: skip
    step(made, WANG, "quota.receive", "q3", quota="Q3", holder="999901", amount=700, year=2025, source_level="county")
    step(made, QIAN, "quota.release", "r1", **{"from": "990000"}, to="999901", legs=legs(Q1=60_000_000))
    confirm(made, ZHAO, "r1")
    step(made, QIAN, "quota.release", "r2", **{"from": "990000"}, to="999901", legs=legs(Q1=1_000))
    step(made, QIAN, "entry.reverse", "x-r2", entry=made.ref("r2"), reason="不再下达")


def _projects(made: World) -> None:
    made.clock.forward(minutes=1)
    made.record(LI, *(draft("project.propose", f"p{n}", project=f"P{n}", county="999901", name=f"示例项目{n}") for n in (1, 2, 3)))
    step(made, WANG, "project.approve", "ap1", project="P1", document_number="示批〔2025〕1号")
    step(made, WANG, "project.approve", "ap2", project="P2", document_number="示批〔2025〕2号")
    step(made, WANG, "project.fund", "f1", project="P1", legs=legs(Q1=50_000_000, Q2=20_000_000))
    confirm(made, ZHAO, "f1")
    step(made, WANG, "project.fund", "f2", project="P2", legs=legs(Q2=10_000_000))
    confirm(made, ZHAO, "f2")


def _payments(made: World) -> None:
    for n, (key, project, parts) in enumerate(
        ((LI, "P1", legs(Q1=1_000_000, Q2=500_000)), (SUN, "P1", legs(Q1=70_000)), (LI, "P2", legs(Q2=9_999)),
         (LI, "P2", legs(Q2=5))), 1,
    ):  # fmt: skip
        step(made, key, "payment.request", f"PAY-{n}", payment=f"PAY-{n}", project=project, legs=parts, payee="示例公司")
    step(made, WANG, "payment.approve", "pa1", payment="PAY-1", legs=legs(Q1=400_000))
    step(made, WANG, "payment.approve", "pa2", payment="PAY-1")
    step(made, WANG, "payment.approve", "pa3", payment="PAY-2")
    step(made, WANG, "payment.reject", "pr1", payment="PAY-3", reason="附件不全")


def _corrections(made: World) -> None:
    step(made, WANG, "entry.reverse", "x-pa3", entry=made.ref("pa3"), reason="录入有误")
    confirm(made, QIAN, "x-pa3")
    step(made, WANG, "entry.reverse", "x-q3", entry=made.ref("q3"), reason="重复登记")
    confirm(made, ZHAO, "x-q3")
    step(made, LI, "paper.record", "paper1", paper="example-2025", title="示例县2025年公告", holder="999901", year=2025,
         date="2025-01", unit="万元", complete=True, mirror=False,
         lines=[{"amount_fen": 100, "name": "示例项目", "no": 1, "printed": "0.0001", "sort": "project"}])  # fmt: skip
    step(made, ROOT, "authority.register", "a3", code="999901001", name="示例镇", level="township", parent="999901")
    made.record(ROOT, enrolment("chen", CHEN, ["administrator", "auditor"]))
    step(made, ROOT, "officer.revoke", "rev-sun", officer="sun", reason="调离")
    confirm(made, CHEN, "rev-sun")


def _people(made: World, vaults: Path) -> None:
    """Two households with sealed values, a payment to the first; the second is erased by law."""
    enrol = {"household": "H-1", "place": "999901", "persons": 4, "type": "registered"}
    sealed_step(made, vaults, "household.enroll", "h1", enrol, *SEALED)
    confirm(made, ZHAO, "h1")
    sealed_step(made, vaults, "household.enroll", "h2", enrol | {"household": "H-2"}, "identity", "phone")
    confirm(made, ZHAO, "h2")
    asked = {"payment": "PAY-H", "project": "P1", "legs": legs(Q1=300), "payee": "H-1", "payee_type": "person"}
    sealed_step(made, vaults, "payment.request", "PAY-H", asked, "account")
    step(made, ROOT, "person.erase", "erase-h2", person="H-2", holder="999901", reason="本人申请")
    confirm(made, ZHAO, "erase-h2")
    assert made.ledger.shred(vault_of(made, vaults)) == ["H-2"]


def key_data(key: Signer, officer: str) -> dict[str, str]:
    """A key and its signature that it is held, as data has them."""
    possession = key.private.sign(possession_message(ORIGIN, officer, key.key))
    return {"algorithm": "ed25519", "public_key": b64(public_bytes(key.private)), "possession": b64(possession)}


def _life_of_keys(made: World) -> None:
    """An officer's key and the ledger's key replaced, a policy set, a head given up, a stolen key's entries settled."""
    step(made, CHEN, "officer.rotate", "rot-chen", officer="chen", **key_data(CHEN_AGAIN, "chen"))
    confirm(made, ROOT, "rot-chen")
    step(made, ROOT, "ledger.rotate", "rot-ledger", reason="换岗", **key_data(NEXT_LEDGER_KEY, "ledger"))
    confirm(made, CHEN_AGAIN, "rot-ledger")
    step(made, ROOT, "policy.set", "pol", policy=policy_table(KINDS, POLICIES["standard"]), reason="重申")
    confirm(made, CHEN_AGAIN, "pol")
    step(made, ROOT, "ledger.recover", "rec", size=99, root=b64(b"\5" * 32), reason="硬盘损坏")
    made.record(ROOT, enrolment("wu", STOLEN, ["handler"]))
    confirm(made, CHEN_AGAIN, "enroll-wu")
    since = _size(made)
    for n in (1, 2):
        step(made, STOLEN, "payment.request", f"PAY-W{n}", payment=f"PAY-W{n}", project="P1", legs=legs(Q1=n), payee="示例公司")
    step(made, ROOT, "officer.revoke", "rev-wu", officer="wu", reason="失窃", since=since)
    confirm(made, CHEN_AGAIN, "rev-wu")
    confirm(made, ZHAO, "PAY-W1")
    confirm(made, LI, "PAY-W2")


def _bad_client(made: World) -> None:
    """An overdraft that LI's key sealed, and an entry of the future; two persons acknowledge each."""
    bad = ModifiedClient(made.target, LI.private)
    asked = {"legs": legs(Q1=10**12), "payee": "示例公司", "payment": "PAY-BAD", "project": "P1"}
    bad.seal(Bad("payment.request", "PAY-BAD", asked, [move("P1:budget", "P1:reserved", 10**12)], {"999901/money": None}))
    early = {"county": "999901", "name": "示例项目", "project": "P4"}
    bad.seal(Bad("project.propose", "p4", early, [], {"999901/open": None}, at="2026-11-24T04:30:00Z"))
    bad.close()
    step(made, LI, "payment.request", "PAY-after", payment="PAY-after", project="P1", legs=legs(Q2=1), payee="示例公司")
    for id, finding in (("PAY-BAD", "void"), ("p4", "ahead")):
        step(made, ZHAO, "entry.void", f"v-{id}", entry=made.ref(id), finding=finding, reason="由不合规的客户端写入")
        confirm(made, CHEN_AGAIN, f"v-{id}")


def _ending(made: World) -> None:
    step(made, QIAN, "book.state", "b1", book="990000/money", **state_of(made, "990000/money"))
    step(made, WANG, "book.state", "b2", book="999901/open", **state_of(made, "999901/open"))
    step(made, QIAN, "quota.release", "r3", **{"from": "990000"}, to="999901", legs=legs(Q1=30))
    confirm(made, ZHAO, "r3")
    while _size(made) < SIZE - 2:
        step(made, LI, "payment.request", f"PAY-x{_size(made)}", payment=f"PAY-x{_size(made)}", project="P1",
             legs=legs(Q1=_size(made)), payee="示例公司")  # fmt: skip
    step(made, WANG, "payment.approve", "pa-last", payment="PAY-4")
    step(made, QIAN, "quota.release", UNDECIDED, **{"from": "990000"}, to="999901", legs=legs(Q1=40))


def _size(made: World) -> int:
    with made.ledger.reading() as session:
        return session.size


def state_of(made: World, book: str) -> dict[str, Any]:
    """What a `book.state` of `book` must give beside its name."""
    with made.ledger.reading() as session:
        return {name: value for name, value in statement(session.state, book).items() if name != "book"}
