"""Journal, balances and traces equal a plain recomputation from all entries, on random histories."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.audit.balances import account_rows
from ledger.audit.entries import Wanted, between, count, describe, entries, find, page
from ledger.audit.signers import signers
from ledger.audit.todo import todo
from ledger.audit.trace import trace, trace_body, trace_project
from ledger.store.session import Session
from tests.audit import plain
from tests.properties.histories import DAYS, History, steps
from tests.properties.strategies import modest

MODES = st.sampled_from([("control", "small"), ("control", "standard"), ("observe", "small")])


def session_of(history: History) -> Any:
    """A look at a history's ledger."""
    return history.world.ledger.reading()


@modest(25)
@given(steps, MODES)
def test_balances_stored_are_those_of_the_entries(plan: list[Any], mode: tuple[str, str]) -> None:
    """INV-09: what `balance` reads is what the moves sum up to, whole and for each holder, quota and stage."""
    with History(plan, mode=mode[0], policy=mode[1]) as history, session_of(history) as session:
        expected = plain.by_project(plain.balances(find(session)).items(), session.state)
        stored = {(f"{row['holder']}:{row['stage']}", row["unit"], row["quota"]): row["n"] for row in account_rows(session)}
        assert stored == expected
        for holder in {account.partition(":")[0] for account, _, _ in expected}:
            rows = account_rows(session, holder=holder)
            assert {(f"{holder}:{row['stage']}", row["unit"], row["quota"]): row["n"] for row in rows} == {
                key: n for key, n in expected.items() if key[0].partition(":")[0] == holder
            }


@modest(25)
@given(steps, MODES)
def test_trace_of_a_payment_is_what_it_was_paid(plan: list[Any], mode: tuple[str, str]) -> None:
    """INV-10: up from a payment and down from its project say the same sums, and each step is one that the entries make."""
    with History(plan, mode=mode[0], policy=mode[1]) as history, session_of(history) as session:
        every = find(session)
        expected = plain.paid(every)
        for id, payment in session.state.objects("payment"):
            if payment.reversed:
                continue
            for path in trace(session, payment.seq, up=True):
                if path["steps"] and path["steps"][-1]["stage"] == "paid":
                    assert path["amount_fen"] == expected[id, path["quota"]]
                for step in path["steps"]:
                    if step["stage"] not in ("reserved", "paid") and not step["from"].endswith((":reserved", ":suspense")):
                        assert step["step_fen"] == plain.steps(every, path["quota"])[step["from"], step["to"]]
        for project in ("P1", "P2"):
            down = [path for path in trace_project(session, project, up=False) if "payee" in path]
            of_project = {key: n for key, n in expected.items() if n and session.state.get("payment", key[0]).project == project}
            assert sorted(path["amount_fen"] for path in down) == sorted(of_project.values())


@modest(25)
@given(steps, MODES)
def test_trace_of_a_project_or_body_balances_to_the_fen(plan: list[Any], mode: tuple[str, str]) -> None:
    """What came equals what went and what is left, quota by quota; what is left is what the accounts hold."""
    with History(plan, mode=mode[0], policy=mode[1]) as history, session_of(history) as session:
        held = plain.balances(find(session))
        for tracing, codes in ((trace_project, ("P1", "P2")), (trace_body, ("990000", "999901", "999901001"))):
            for code in codes:
                sums: dict[str, dict[bool, int]] = {}
                for up in (True, False):
                    for path in tracing(session, code, up=up):
                        of = sums.setdefault(path["quota"], {True: 0, False: 0})
                        of[up] += path["amount_fen"]
                        assert path["amount_fen"] > 0
                assert all(of[True] == of[False] for of in sums.values()), (code, sums)
                resting = {(path["rests_on"], path["quota"]): path["amount_fen"] for path in tracing(session, code, up=False)
                           if path.get("rests_on", "").startswith(f"{code}:")}  # fmt: skip
                assert resting == {(account, quota): n for (account, _, quota), n in held.items()
                                   if account.startswith(f"{code}:") and not account.endswith((":paid", ":suspense"))}  # fmt: skip


@modest(25)
@given(steps, st.integers(1, 9), MODES)
def test_pages_tile_the_journal(plan: list[Any], size: int, mode: tuple[str, str]) -> None:
    """Page by page, from either end and in either order, each entry comes once, as `describe` says it."""
    with History(plan, mode=mode[0], policy=mode[1]) as history, session_of(history) as session:
        whole = [describe(session, seq) for seq in range(session.size)]
        assert list(entries(session)) == whole
        assert list(entries(session, newest_first=True)) == whole[::-1]
        for reverse in (False, True):
            backward: list[Any] = []
            before = session.size
            while part := list(page(session, Wanted(before=before), size, newest_first=reverse)):
                assert count(session, Wanted(before=before)) == before
                backward = (part[::-1] if reverse else part) + backward
                before = backward[0]["seq"]
            assert backward == whole
        forward: list[Any] = []
        while part := list(page(session, Wanted(after=forward[-1]["seq"]), size)) if forward else whole[:1]:
            forward += part
        assert forward == whole
        assert list(between(session, size, session.size)) == whole[size:]


@modest(25)
@given(steps, st.data())
def test_journal_finds_what_a_plain_look_finds(plan: list[Any], data: st.DataObject) -> None:
    """Every filter alone and together, against the list of all entries."""
    with History(plan, policy="standard") as history, session_of(history) as session:
        whole = find(session)
        wanted = Wanted(
            kind=data.draw(st.sampled_from([None, None, "payment.request", "project.fund", "entry.confirm"])),
            officer=data.draw(st.sampled_from([None, None, "li", "wang"])), since=data.draw(st.sampled_from([None, *DAYS])),
            until=data.draw(st.sampled_from([None, *DAYS])), payee=data.draw(st.sampled_from([None, None, "公司1", "司"])),
            text=data.draw(st.sampled_from([None, None, "缺件", "公司", "P1"])), over=data.draw(st.sampled_from([None, 0, 50])),
            under=data.draw(st.sampled_from([None, 90])), waiting=data.draw(st.booleans()), book=data.draw(st.sampled_from([None, "999901", "990000/money"])),
        )  # fmt: skip
        expected = [entry for entry in whole if suits(entry, wanted)]
        assert list(entries(session, wanted)) == expected
        assert count(session, wanted) in (None, len(expected))


def suits(entry: dict[str, Any], wanted: Wanted) -> bool:
    """Whether an entry is wanted, said plainly."""
    amount = entry["amount_fen"]
    texts = str(entry["data"]) + entry["id"] + entry["payee"] + entry["project"] + entry["project_name"] + entry["officer"] + entry["officer_name"]
    return (
        wanted.kind in (None, entry["kind"]) and wanted.officer in (None, entry["officer"])
        and (wanted.since is None or entry["occurred_on"] >= wanted.since) and (wanted.until is None or entry["occurred_on"] <= wanted.until)
        and (wanted.payee is None or wanted.payee in entry["payee"]) and (wanted.text is None or wanted.text in texts)
        and (wanted.over is None or (amount is not None and abs(amount) > wanted.over))
        and (wanted.under is None or (amount is not None and abs(amount) < wanted.under))
        and (not wanted.waiting or entry["status"] == "waiting")
        and (wanted.book is None or any(wanted.book in (book, book.partition("/")[0]) for book in entry["books"]))
    )  # fmt: skip


@modest(25)
@given(steps, st.sampled_from(["small", "standard"]))
def test_amounts_of_the_journal_sum_to_what_projects_hold(plan: list[Any], policy: str) -> None:
    """A12: over the rows of a kind and its reversals the sum is the money that moved, whoever confirmed it."""
    with History(plan, policy=policy) as history, session_of(history) as session:
        whole = find(session)
        held = plain.by_project(plain.balances(whole).items(), session.state)
        for project in ("P1", "P2"):
            funded = sum(entry["amount_fen"] for entry in whole if entry["kind"] == "project.fund" and entry["project"] == project
                         and not entry["status"].startswith(("waiting", "cancelled", "reversed")))  # fmt: skip
            assert funded == sum(n for (account, _, _), n in held.items() if account.partition(":")[0] == project)
        taken = sum(entry["amount_fen"] or 0 for entry in whole if entry["kind"] == "entry.reverse")
        assert taken == -sum(signed(entry) for entry in whole if entry["status"].startswith(("reversed", "cancelled")) and entry["kind"] != "entry.reverse")
        assert all(entry["amount_fen"] is None for entry in whole if entry["kind"] == "entry.confirm")


def signed(entry: dict[str, Any]) -> int:
    """The amount of an entry as its row shows it."""
    return int(entry["amount_fen"] or 0)


@modest(15)
@given(steps)
def test_open_work_is_what_nobody_settled(plan: list[Any]) -> None:
    """The requests with something left, and their sum; nothing else."""
    with History(plan) as history, session_of(history) as session:
        work = todo(session)
        rest = plain.asked(plain.balances(find(session)))
        assert {of.more["payment"]: of.more["amount_fen"] for of in work["payment"]} == rest
        assert (work["reserved_fen"], work["payments"]) == (sum(rest.values()), len(rest))
        sealed = [seq for key in signers(session) for part in key["ranges"] for seq in range(part["first"], part["last"] + 1)]
        assert sorted(sealed) == list(range(session.size))
        assert isinstance(session, Session)


@pytest.mark.parametrize("at", [6, 9, 10])
def test_journal_at_a_position_says_what_was_known_then(tmp_path: Any, at: int) -> None:
    """`--at`: an entry confirmed or reversed later still waits, or holds."""
    with History([], policy="standard") as history:
        folder = history.world
        with folder.ledger.reading() as session:
            then = find(session, at=at)
            assert [entry["seq"] for entry in then] == list(range(at))
            for entry in then:
                now = describe(session, entry["seq"])
                later = now["second"] is not None and now["second"]["seq"] >= at
                assert entry["status"] == ("waiting" if later else now["status"])
