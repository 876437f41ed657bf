"""Random histories: every operation tried, what is refused left out; small enough to look at by hand."""

from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from hypothesis import strategies as st

from ledger.errors import InputRejected, NotPermitted, Refused
from ledger.kinds.draft import Draft
from tests.world import LI, QIAN, ROOT, WANG, ZHAO, World, draft, enrolment

BODIES = ("990000", "999901", "999901001")
DAYS = ("2025-12-31", "2026-01-01", "2026-06-30", "2026-11-24")
legs = st.dictionaries(st.sampled_from(["Q1", "Q2"]), st.integers(1, 120), min_size=1)
steps = st.lists(
    st.tuples(
        st.sampled_from(["release", "fund", "request", "request", "approve", "approve", "reject", "reverse"]),
        legs,
        st.integers(0, 99),
        st.sampled_from(DAYS),
    ),
    max_size=14,
)


class History:
    """A ledger made of random steps, thrown away at the end."""

    def __init__(self, plan: list[Any], *, mode: str = "control", policy: str = "small") -> None:
        self.folder = TemporaryDirectory()
        self.world = World(str(Path(self.folder.name) / "l.db"), mode=mode, policy=policy)
        self.ids: list[str] = []
        self.payments: list[str] = []
        self.count = 0
        self.world.record(
            ROOT,
            draft("authority.register", "a1", code="990000", name="某省", level="province"),
            draft("authority.register", "a2", code="999901", name="示例县", level="county", parent="990000"),
            draft("authority.register", "a3", code="999901001", name="某乡", level="township", parent="999901"),
            enrolment("li", LI, ["programme", "handler"]),
            enrolment("wang", WANG, ["finance", "treasury", "approver"], "990000"),
            enrolment("zhao", ZHAO, ["reviewer"], "990000"),
            enrolment("qian", QIAN, ["approver", "finance"], "990000"),
        )
        for quota, holder in (("Q1", "999901"), ("Q2", "990000")):
            self.step(WANG, "quota.receive", DAYS[0], quota=quota, holder=holder, amount=400, year=2025, source_level="central")
        for project in ("P1", "P2"):
            self.step(LI, "project.propose", DAYS[0], project=project, county="999901", name="项目")
        self.step(WANG, "quota.release", DAYS[0], **{"from": "990000", "to": "999901", "legs": rows({"Q2": 300})})
        self.step(WANG, "project.fund", DAYS[0], project="P1", legs=rows({"Q1": 200, "Q2": 200}))
        for what, some, place, day in plan:
            self.one(what, some, place, day)

    def __enter__(self) -> "History":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.world.ledger.close()
        self.folder.cleanup()

    def one(self, what: str, some: dict[str, int], place: int, day: str) -> None:
        """One random step."""
        project = ("P1", "P1", "P1", "P2")[place % 4]
        if what == "release":
            self.step(WANG, "quota.release", day, **{"from": BODIES[place % 3], "to": BODIES[place // 3 % 3], "legs": rows(some)})
        elif what == "fund":
            self.step(WANG, "project.fund", day, project=project, legs=rows(some))
        elif what == "request":
            payment = f"Y{len(self.payments)}"
            if self.step(LI, "payment.request", day, payment=payment, project=project, legs=rows(some), payee=f"公司{place % 3}"):
                self.payments.append(payment)
        elif what == "approve" and self.payments:
            part = {"legs": rows({q: min(n, 30) for q, n in some.items()})} if place % 2 else {}
            self.step(WANG, "payment.approve", day, payment=self.payments[place % len(self.payments)], **part)
        elif what == "reject" and self.payments:
            self.step(WANG, "payment.reject", day, payment=self.payments[place % len(self.payments)], reason="缺件")
        elif what == "reverse":
            id = self.ids[-1 - place % len(self.ids)]
            if not self.step(WANG, "entry.reverse", day, entry=self.world.ref(id), reason="错"):
                self.step(LI, "entry.reverse", day, entry=self.world.ref(id), reason="错")

    def step(self, key: Any, kind: str, day: str, **data: Any) -> bool:
        """Record, and let a second person confirm; False where it was refused."""
        self.count += 1
        id = f"e{self.count}"
        try:
            done = self.world.record(key, Draft(kind, id, day, data)).entries[0]
            if done.waits:
                self.world.record(ZHAO, Draft("entry.confirm", f"ok-{id}", day, {"entry": self.world.ref(id)}))
        except (InputRejected, NotPermitted, Refused):
            return False
        if kind != "entry.reverse":
            self.ids.append(id)
        return True


def rows(amounts: dict[str, int]) -> list[dict[str, Any]]:
    """Legs as JSON values."""
    return [{"amount": n, "quota": quota} for quota, n in amounts.items()]
