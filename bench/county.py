"""The ledger that is measured: a province, counties, projects, and payments over them."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.keys import b64, key_id, possession_message, public_bytes
from ledger.kinds.draft import Draft
from ledger.service import Founding, Ledger
from ledger.store.append import as_source
from ledger.store.keystore import Signer
from ledger.store.memory import Memory

ORIGIN = "bench.example/county"
COUNTIES, PROJECTS = 20, 20
DAY = "2025-06-01"


def _signer() -> Signer:
    private = Ed25519PrivateKey.generate()
    return Signer(key_id(public_bytes(private)), private)


class Bench:
    """A ledger with bodies, officers, quotas and funded projects, ready for payments."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root, self.handler = _signer(), _signer()
        founding = Founding(
            origin=ORIGIN,
            name="基准",
            root=self.root,
            ledger_key=public_bytes(_signer().private),
            policy="small",
        )
        self.ledger = Ledger.create(str(path), founding)
        with self.ledger.reading() as session:
            self.memory = Memory(path.parent / "keys", session.id)
            self.memory.confirm(session.tree())
        today = self.ledger.today()
        possession = self.handler.private.sign(possession_message(ORIGIN, "h", self.handler.key))
        drafts = [
            Draft("authority.register", "p", today, {"code": "990000", "name": "某省", "level": "province"})
        ]
        drafts += [
            Draft("authority.register", f"c{c}", today, {"code": f"99{c:04d}", "name": f"县{c}", "level": "county", "parent": "990000"})
            for c in range(1, COUNTIES + 1)
        ]  # fmt: skip
        drafts.append(Draft("officer.enroll", "h", today, {
            "officer": "h", "name": "经办", "authority": "990000", "roles": ["programme", "handler", "finance"],
            "algorithm": "ed25519", "public_key": b64(public_bytes(self.handler.private)), "possession": b64(possession),
        }))  # fmt: skip
        self.ledger.append(self.root, as_source(drafts), memory=self.memory)
        self.append_drafts(list(self._projects()))
        self._next = 0

    def _projects(self) -> list[Draft]:
        drafts = []
        for c in range(1, COUNTIES + 1):
            code = f"99{c:04d}"
            drafts.append(Draft("quota.receive", f"q{c}", DAY, {
                "quota": f"Q{c}", "holder": code, "amount": 10**13, "year": 2025, "source_level": "province",
            }))  # fmt: skip
            for p in range(PROJECTS):
                project = f"P{c}-{p}"
                drafts.append(
                    Draft(
                        "project.propose",
                        f"pp{c}-{p}",
                        DAY,
                        {"project": project, "county": code, "name": f"项目{p}"},
                    )
                )
                drafts.append(
                    Draft(
                        "project.fund",
                        f"pf{c}-{p}",
                        DAY,
                        {"project": project, "legs": [{"amount": 10**11, "quota": f"Q{c}"}]},
                    )
                )
        return drafts

    def payments(self, count: int) -> list[Draft]:
        """The next `count` payment requests, over all projects in turn."""
        drafts = []
        for n in range(self._next, self._next + count):
            c, p = n % COUNTIES + 1, n // COUNTIES % PROJECTS
            drafts.append(Draft("payment.request", f"pay/{n:08d}", DAY, {
                "payment": f"pay/{n:08d}", "project": f"P{c}-{p}", "payee": "示例建设有限公司",
                "legs": [{"amount": 12345, "quota": f"Q{c}"}], "purpose": "工程进度款",
            }))  # fmt: skip
        self._next += count
        return drafts

    def append(self, count: int) -> None:
        """One append of `count` payments."""
        self.append_drafts(self.payments(count))

    def append_drafts(self, drafts: list[Draft]) -> None:
        """One append."""
        self.ledger.append(self.handler, as_source(drafts), memory=self.memory)

    def size(self) -> int:
        """How many entries there are."""
        with self.ledger.reading() as session:
            return session.size
