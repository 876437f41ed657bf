"""A model of the money: random histories over a real ledger in memory must keep the balances of a few dictionaries."""

from collections import Counter
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from ledger.errors import NotPermitted, Refused
from tests.properties.strategies import modest
from tests.world import LI, QIAN, ROOT, WANG, ZHAO, World, draft, enrolment

QUOTAS, BODIES = ("Q1", "Q2", "Q3"), ("990000", "999901", "999901001")
amounts = st.one_of(st.integers(1, 90), st.integers(1, 90), st.integers(1, 90), st.sampled_from([1, 300, 1000, 10**9]))


class Money(RuleBasedStateMachine):
    """The model: what each account holds, what waits, what can be taken back."""

    payments = Bundle("payments")
    entries = Bundle("entries")

    @initialize(policy=st.sampled_from(["small", "standard"]))
    def open(self, policy: str) -> None:
        """Bodies, officers and three quotas."""
        self.folder = TemporaryDirectory()
        self.world = World(f"{self.folder.name}/l.db", policy=policy)
        self.standard = policy == "standard"
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
        self.balances: Counter[tuple[str, str]] = Counter()
        self.received: Counter[str] = Counter()
        self.moved: dict[str, list[tuple[str, str, str, int]]] = {}
        self.waiting: dict[str, tuple[str, list[tuple[str, str, str, int]]]] = {}
        self.rest: dict[str, Counter[str]] = {}
        self.count = 0
        for quota in QUOTAS:
            self.record(WANG, "quota.receive", [("world:outside", "990000:available", quota, 1000)], quota=quota, holder="990000",
                        amount=1000, year=2025, source_level="central")  # fmt: skip
            self.received[quota] = 1000
        for project in ("P1", "P2"):
            self.record(LI, "project.propose", [], project=project, county="999901", name="项目")
        third = dict.fromkeys(QUOTAS, 300)
        for id, kind, source, target, data in (
            ("r", "quota.release", "990000:available", "999901:available", {"from": "990000", "to": "999901", "legs": rows(dict.fromkeys(QUOTAS, 600))}),
            ("f", "project.fund", "999901:available", "P1:budget", {"project": "P1", "legs": rows(third)}),
        ):
            self.world.record(WANG, draft(kind, id, **data))
            if self.standard:
                self.world.record(QIAN, draft("entry.confirm", f"ok-{id}", entry=self.world.ref(id)))
            self.take([(source, target, leg["quota"], leg["amount"]) for leg in data["legs"]])

    def teardown(self) -> None:
        """At the end everything verifies, and quotas are conserved."""
        if not hasattr(self, "world"):
            return
        verification = self.world.verify()
        assert verification.ok, verification.problems
        self.world.ledger.close()
        self.folder.cleanup()

    def fits(self, moves: list[tuple[str, str, str, int]]) -> bool:
        """Whether no account but the world's would be below zero at the end."""
        after = self.balances.copy()
        for source, target, quota, n in moves:
            after[source, quota] -= n
            after[target, quota] += n
        return all(n >= 0 for (account, _), n in after.items() if account != "world:outside")

    def take(self, moves: list[tuple[str, str, str, int]]) -> None:
        """Let moves take effect in the model."""
        for source, target, quota, n in moves:
            self.balances[source, quota] -= n
            self.balances[target, quota] += n

    def record(self, key: Any, kind: str, moves: list[tuple[str, str, str, int]], *, waits: bool = False, **data: Any) -> str | None:
        """Append one entry; it must be taken exactly when the model says so."""
        self.count += 1
        id = f"e{self.count}"
        try:
            recorded = self.world.record(key, draft(kind, id, **data)).entries[0]
        except Refused as error:
            if self.fits(moves) or not error.code.startswith(("BALANCE.", "REVERSAL.")):
                raise
            return None
        assert self.fits(moves)
        assert recorded.waits is waits
        if waits:
            self.waiting[id] = (kind, moves)
        else:
            self.take(moves)
            self.moved[id] = moves
        return id

    @rule(target=entries, places=st.permutations(BODIES), quota=st.sampled_from(QUOTAS), n=amounts)
    def release(self, places: list[str], quota: str, n: int) -> Any:
        """Between any two bodies."""
        moves = [(f"{places[0]}:available", f"{places[1]}:available", quota, n)]
        return self.kept(self.record(WANG, "quota.release", moves, waits=self.standard,
                                     **{"from": places[0], "to": places[1], "legs": [{"amount": n, "quota": quota}]}))  # fmt: skip

    @rule(target=entries, project=st.sampled_from(["P1", "P2"]), legs=st.dictionaries(st.sampled_from(QUOTAS), amounts, min_size=1))
    def fund(self, project: str, legs: dict[str, int]) -> Any:
        """Out of what the county has."""
        moves = [("999901:available", f"{project}:budget", quota, n) for quota, n in legs.items()]
        return self.kept(self.record(WANG, "project.fund", moves, waits=self.standard, project=project, legs=rows(legs)))

    @rule(target=payments, project=st.sampled_from(["P1", "P2"]), legs=st.dictionaries(st.sampled_from(QUOTAS), amounts, min_size=1))
    def request(self, project: str, legs: dict[str, int]) -> Any:
        """Out of what the project has."""
        payment = f"Y{self.count}"
        moves = [(f"{project}:budget", f"{payment}:reserved", quota, n) for quota, n in legs.items()]
        id = self.record(LI, "payment.request", moves, payment=payment, project=project, legs=rows(legs), payee="甲")
        if id is None:
            return multiple()
        self.rest[payment] = Counter(legs)
        return (payment, project)

    @rule(target=entries, request=payments, part=st.none() | st.dictionaries(st.sampled_from(QUOTAS), amounts, min_size=1))
    def approve(self, request: tuple[str, str], part: dict[str, int] | None) -> Any:
        """The whole rest, or a part of it."""
        payment, project = request
        left = self.rest[payment]
        legs = {quota: n for quota, n in sorted(left.items()) if n} if part is None else part
        moves = [(f"{payment}:reserved", f"{project}:paid", quota, n) for quota, n in legs.items()]
        more = {} if part is None else {"legs": rows(part)}
        if not +left or any(left[quota] < n for quota, n in legs.items()):
            self.refused(WANG, "payment.approve", payment=payment, **more)
            return multiple()
        id = self.record(WANG, "payment.approve", moves, payment=payment, **more)
        assert id is not None
        left.subtract(legs)
        return (id, payment)

    @rule(target=entries, request=payments)
    def reject(self, request: tuple[str, str]) -> Any:
        """The whole rest goes back."""
        payment, project = request
        left = +self.rest[payment]
        if not left:
            self.refused(WANG, "payment.reject", payment=payment, reason="缺件")
            return multiple()
        moves = [(f"{payment}:reserved", f"{project}:budget", quota, n) for quota, n in sorted(left.items())]
        id = self.record(WANG, "payment.reject", moves, payment=payment, reason="缺件")
        self.rest[payment].clear()
        return (id, payment)

    @rule(entry=entries)
    def reverse(self, entry: tuple[str, str | None]) -> None:
        """A second person confirms at once; the model says whether it can be."""
        id, payment = entry
        if id in self.waiting:
            self.world.record(WANG, draft("entry.reverse", f"off-{id}", entry=self.world.ref(id), reason="错"))
            del self.waiting[id]
            return
        if id not in self.moved:
            self.refused(WANG, "entry.reverse", entry=self.world.ref(id), reason="错")
            return
        back = [(target, source, quota, n) for source, target, quota, n in reversed(self.moved[id])]
        if not self.fits(back):
            self.refused(WANG, "entry.reverse", entry=self.world.ref(id), reason="错")
            return
        self.world.record(WANG, draft("entry.reverse", f"back-{id}", entry=self.world.ref(id), reason="错"))
        self.world.record(ZHAO, draft("entry.confirm", f"ok-back-{id}", entry=self.world.ref(f"back-{id}")))
        self.take(back)
        if payment:
            self.rest[payment].update({quota: n for _, _, quota, n in self.moved[id]})
        del self.moved[id]

    @rule(entry=entries, key=st.sampled_from([QIAN, ZHAO, WANG]))
    def confirm(self, entry: tuple[str, str | None], key: Any) -> None:
        """By another person, and only what waits and still fits."""
        id, _ = entry
        ref = self.world.ref(id)
        if id not in self.waiting or key is WANG or not self.fits(self.waiting[id][1]):
            self.refused(key, "entry.confirm", entry=ref)
            return
        self.world.record(key, draft("entry.confirm", f"ok-{id}", entry=ref))
        self.moved[id] = self.waiting.pop(id)[1]
        self.take(self.moved[id])

    def refused(self, key: Any, kind: str, **data: Any) -> None:
        """What the model does not allow must not be taken."""
        self.count += 1
        try:
            self.world.record(key, draft(kind, f"e{self.count}", **data))
        except (Refused, NotPermitted):
            return
        raise AssertionError(f"{kind} was taken")

    def kept(self, id: str | None) -> Any:
        """An entry for later rules, unless it was refused."""
        return multiple() if id is None else (id, None)

    @invariant()
    def balances_are_those_of_the_model_and_each_quota_is_conserved(self) -> None:
        """INV-09, INV-10."""
        if not hasattr(self, "rest"):
            return
        with self.world.ledger.reading() as session:
            real = {(account, quota): n for (account, _, quota), n in session.state.balances()}
        assert real == {key: n for key, n in self.balances.items() if n}
        for quota in QUOTAS:
            stages = sum(n for (account, of), n in real.items() if of == quota and account != "world:outside")
            assert stages == self.received[quota] == -real["world:outside", quota]
        assert all(n > 0 for (account, _), n in real.items() if account != "world:outside")


def rows(legs: dict[str, int]) -> list[dict[str, Any]]:
    """Legs as JSON values."""
    return [{"amount": n, "quota": quota} for quota, n in legs.items()]


TestMoney = Money.TestCase
TestMoney.settings = settings(modest(50), stateful_step_count=35)
