"""A trace is exact both ways, sums equal their parts, and a view of the past is a replay of its prefix."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.audit.balances import DIMENSIONS, account_rows, grouped
from ledger.audit.entries import describe, find, status_of
from ledger.audit.trace import trace
from ledger.book.apply import apply
from ledger.book.state import State
from ledger.chain.header import parse_header
from ledger.kinds.codec import decode_content
from ledger.store.session import Session
from tests.audit.plain import by_project
from tests.properties.histories import DAYS, History, steps
from tests.properties.strategies import modest
from tests.world import ORIGIN


def entries_of(session: Session, kind: str) -> list[int]:
    """Positions of effective entries of a kind."""
    return [entry["seq"] for entry in find(session, kind=kind) if not status_of(session, entry["seq"]).startswith(("void", "reversed"))]


@modest(30)
@given(steps)
def test_inv10_trace_down_sums_to_what_was_received_to_the_fen(plan: list[Any]) -> None:
    """INV-10: from each receipt: payments and what still lies somewhere make the whole, each path at most once."""
    with History(plan) as history, history.world.ledger.reading() as session:
        for seq in entries_of(session, "quota.receive"):
            data = describe(session, seq)["data"]
            paths = trace(session, seq, up=False)
            assert sum(path["amount_fen"] for path in paths) == data["amount"]
            assert all(path["quota"] == data["quota"] and path["amount_fen"] > 0 for path in paths)
            resting = {path["rests_on"]: path["amount_fen"] for path in paths if "rests_on" in path}
            held = {account: n for (account, _, quota), n in session.state.balances()
                    if quota == data["quota"] and not account.endswith((":outside", ":paid"))}  # fmt: skip
            assert resting == held


@modest(30)
@given(steps)
def test_inv10_trace_up_of_a_payment_is_what_was_paid_by_quota(plan: list[Any]) -> None:
    """INV-10: up from any payment: its paths sum to the money paid for it, and all of them end outside."""
    with History(plan, policy="standard") as history, history.world.ledger.reading() as session:
        paid: Counter[str] = Counter()
        for id, payment in list(session.state.objects("payment")):
            if payment.reversed:
                continue
            for path in trace(session, payment.seq, up=True):
                steps = [(step["from"], step["to"]) for step in path["steps"]]
                assert any(source == "world:outside" for source, _ in steps)
                reached = {target for _, target in steps}
                assert all(source == "world:outside" or source in reached for source, _ in steps)
                if (f"{id}:reserved", f"{payment.project}:paid") in steps:
                    paid[payment.project, path["quota"]] += path["amount_fen"]  # type: ignore[index]
            assert id.startswith("Y")
        stored = {(account.partition(":")[0], quota): n for (account, _, quota), n in session.state.balances() if account.endswith(":paid")}
        assert dict(paid) == stored


@modest(30)
@given(steps)
def test_balances_grouped_any_way_sum_to_the_same(plan: list[Any]) -> None:
    """INV-09: over any set of dimensions the total is that of all accounts: nought, because every move has two ends."""
    with History(plan) as history, history.world.ledger.reading() as session:
        all_rows = account_rows(session)
        assert {(f"{r['holder']}:{r['stage']}", r["unit"], r["quota"]): r["n"] for r in all_rows} == by_project(session.state.balances(), session.state)
        for by in ([], ["quota"], ["holder"], ["stage", "quota"], ["project"], list(DIMENSIONS)):
            sums = grouped(all_rows, by)
            assert sum(row["n"] for row in sums) == sum(row["n"] for row in all_rows) == 0
            for row in sums:
                parts = [r["n"] for r in all_rows if all(r[name] == row[name] for name in (*by, "unit"))]
                assert row["n"] == row["amount_fen"] == sum(parts)
        for row in grouped(all_rows, ["quota"]):
            assert row["n"] == 0  # INV-10: received equals the sum over its stages
        for project in ("P1", "P2"):
            assert account_rows(session, project=project) == [r for r in all_rows if r["project"] == project]


def replayed(session: Session, size: int) -> State:
    """The state after the first `size` entries, from their bytes alone."""
    history = Prefix(session)
    state = State(history)
    for seq in range(size):
        raw_header, raw, _ = session.history.entry(seq)
        header, content = parse_header(raw_header), decode_content(raw, ORIGIN)
        outcome = apply(state, seq, header.at, content, header.books)
        assert outcome.breach is None
        history.ids.setdefault(content.id, seq)
    return state


class Prefix:
    """Entries of a session, ids only as far as they were replayed."""

    def __init__(self, session: Session) -> None:
        self.origin = ORIGIN
        self.ids: dict[str, int] = {}
        self._session = session

    def entry(self, seq: int) -> tuple[bytes, bytes, bytes]:
        """Header, content and leaf."""
        return self._session.history.entry(seq)

    def seq_of(self, id: str) -> int | None:
        """The first entry of that id."""
        return self.ids.get(id)

    def last_mover(self, account: str, quota: str) -> int | None:
        """Only words."""
        return None


@modest(20)
@given(steps, st.data())
def test_view_at_a_position_is_the_replay_of_the_prefix(plan: list[Any], data: st.DataObject) -> None:
    """INV-13: `--at` shows what the ledger showed then."""
    with History(plan) as history, history.world.ledger.reading() as session:
        at = data.draw(st.integers(1, session.size))
        rows = {(f"{r['holder']}:{r['stage']}", r["unit"], r["quota"]): r["n"] for r in account_rows(session, at=at)}
        assert rows == by_project(replayed(session, at).balances(), session.state)
        assert [entry["seq"] for entry in find(session, at=at)] == list(range(at))


@modest(20)
@given(steps, st.sampled_from(DAYS))
def test_view_as_of_a_day_is_the_sum_of_what_had_happened(plan: list[Any], day: str) -> None:
    """The business clock: entries dated by that day, whenever they were recorded."""
    with History(plan) as history, history.world.ledger.reading() as session:
        sums: Counter[Any] = Counter()
        for entry in find(session):
            if entry["occurred_on"] <= day:
                for move in entry["moves"]:
                    sums[move["from"], move["unit"], move["quota"]] -= move["n"]
                    sums[move["to"], move["unit"], move["quota"]] += move["n"]
        rows = {(f"{r['holder']}:{r['stage']}", r["unit"], r["quota"]): r["n"] for r in account_rows(session, as_of=day)}
        assert rows == by_project(sums.items(), session.state)


@modest(12)
@given(steps, st.sampled_from(["control", "observe"]))
def test_whole_verify_agrees_with_every_random_history(plan: list[Any], mode: str) -> None:
    """INV-01 to INV-16: what honest clients wrote verifies, and rebuild changes nothing."""
    with History(plan, mode=mode) as history:
        verification = history.world.verify()
        assert verification.problems == []
        assert verification.ok
        history.world.ledger.rebuild()
        assert history.world.verify().root == verification.root
