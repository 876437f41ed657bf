"""A small ledger for tests: four fixed keys, a clock that stands, randomness that counts."""

from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.keys import b64, key_id, possession_message, public_bytes
from ledger.errors import Problem
from ledger.kinds.draft import Draft
from ledger.service import Founding, Ledger
from ledger.store.append import Receipt, as_source
from ledger.store.keystore import Signer
from ledger.verify.run import OutsideHead, Verification, verify

ORIGIN = "demo.example/county"
NOW = datetime(2026, 11, 24, 2, 0, 0, tzinfo=UTC)
TODAY = "2026-11-24"
ROOT_OF_ELEVEN = b64decode("+lVt0a0OfmWnatkpLC1jIRCoeWKifd2GoSg0Rzrzh4c=")  # of the entries of `first_yuan`, docs/format.md §14


def signer(byte: int) -> Signer:
    """The key whose private bytes are all `byte`."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32)
    return Signer(key_id(public_bytes(private)), private)


ROOT, LI, WANG, LEDGER_KEY, ZHAO, QIAN = (signer(byte) for byte in range(1, 7))


class Clock:
    """A clock that stands until it is set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        """Move on, or back."""
        self.now += timedelta(**delta)


def counting() -> Callable[[int], bytes]:
    """Randomness that counts 1, 2, 3 …"""
    count = 0

    def entropy(size: int) -> bytes:
        nonlocal count
        count += 1
        return count.to_bytes(size, "big")

    return entropy


def draft(kind: str, id: str, **data: Any) -> Draft:
    """A draft dated today."""
    return Draft(kind, id, TODAY, data)


def enrolment(officer: str, key: Signer, roles: list[str], authority: str = "999901", **more: Any) -> Draft:
    """A draft that enrols a key, its possession signed."""
    possession = key.private.sign(possession_message(ORIGIN, officer, key.key))
    return draft(
        "officer.enroll", f"enroll-{officer}", officer=officer, name=f"{officer}某", authority=authority, roles=roles,
        algorithm="ed25519", public_key=b64(public_bytes(key.private)), possession=b64(possession), **more,
    )  # fmt: skip


class World:
    """A ledger with its clock, and short words for what tests do with it."""

    def __init__(self, target: str, *, mode: str = "control", policy: str = "small") -> None:
        self.target = target
        self.clock = Clock()
        founding = Founding(
            origin=ORIGIN, name="示例县台账", root=ROOT, ledger_key=public_bytes(LEDGER_KEY.private), mode=mode, policy=policy
        )
        self.ledger = Ledger.create(target, founding, clock=self.clock, entropy=counting())

    def record(self, key: Signer, *drafts: Draft, **options: Any) -> Receipt:
        """Append drafts by a key."""
        return self.ledger.append(key, as_source(list(drafts)), **options)

    def bodies(self) -> None:
        """A province, a county below it, and two officers of the county."""
        self.record(
            ROOT,
            draft("authority.register", "a1", code="990000", name="某省", level="province"),
            draft("authority.register", "a2", code="999901", name="示例县", level="county", parent="990000"),
            enrolment("li", LI, ["programme", "handler"]),
            enrolment("wang", WANG, ["finance", "treasury", "approver"]),
        )

    def first_yuan(self) -> None:
        """From a quota to a payment: entries 5 to 10."""
        self.record(WANG, draft("quota.receive", "q1", quota="Q1", holder="999901", amount=100000000, year=2025,
                                source_level="province"))  # fmt: skip
        self.record(LI, draft("project.propose", "p1", project="P1", county="999901", name="示例项目"))
        self.record(WANG, draft("project.approve", "ap1", project="P1", document_number="示批〔2025〕1号"))
        self.record(WANG, draft("project.fund", "f1", project="P1", legs=[{"amount": 100000000, "quota": "Q1"}]))
        self.record(LI, draft("payment.request", "PAY-1", payment="PAY-1", project="P1",
                              legs=[{"amount": 100, "quota": "Q1"}], payee="示例公司"))  # fmt: skip
        self.record(WANG, draft("payment.approve", "pa1", payment="PAY-1"))

    def ref(self, id: str) -> dict[str, str]:
        """How a later entry names an earlier one."""
        with self.ledger.reading() as session:
            seq = session.history.seq_of(id)
            assert seq is not None
            return {"entry": id, "leaf": session.history.entry(seq)[2].hex()}

    def verify(self, heads: list[OutsideHead] | None = None) -> Verification:
        """A full verify now."""
        with self.ledger.database.reading() as connection:
            return verify(
                self.ledger.database, connection, now=self.clock().strftime("%Y-%m-%dT%H:%M:%SZ"), heads=heads or []
            )

    def balance(self, account: str, quota: str = "Q1", unit: str = "CNY") -> int:
        """What an account holds."""
        with self.ledger.reading() as session:
            return session.state.balance((account, unit, quota))


def first_yuan(target: str) -> World:
    """A world with eleven entries."""
    world = World(target)
    world.bodies()
    world.first_yuan()
    return world


def codes(problems: list[Problem]) -> list[str]:
    """The codes of findings."""
    return [str(problem["code"]) for problem in problems]
