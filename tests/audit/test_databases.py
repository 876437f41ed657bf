"""The answers are those of the ledger, not of the database it lies in."""

from collections.abc import Callable
from typing import Any

from ledger.audit.balances import account_rows, with_names
from ledger.audit.entries import Wanted, count, entries
from ledger.audit.signers import sealed_by, signers
from ledger.audit.todo import todo
from ledger.audit.trace import trace, trace_body, trace_project
from tests.world import LI, ROOT, WANG, ZHAO, World, draft, enrolment


def answers(target: str) -> dict[str, Any]:
    """What every question gives in a ledger where something waits, is open and is taken back."""
    world = World(target, policy="standard")
    world.bodies()
    world.record(ROOT, enrolment("zhao", ZHAO, ["finance", "approver"]))
    world.record(WANG, draft("quota.receive", "q1", quota="Q1", holder="999901", amount=1000, year=2025, source_level="city"))
    world.record(LI, draft("project.propose", "p1", project="P1", county="999901", name="示例项目"))
    world.record(WANG, draft("project.fund", "f1", project="P1", legs=[{"amount": 600, "quota": "Q1"}]))
    world.record(ZHAO, draft("entry.confirm", "ok1", entry=world.ref("f1")))
    world.record(WANG, draft("project.fund", "f2", project="P1", legs=[{"amount": 100, "quota": "Q1"}]))
    for id in ("Y1", "Y2"):
        world.record(LI, draft("payment.request", id, payment=id, project="P1", payee="示例公司", legs=[{"amount": 50, "quota": "Q1"}]))
    world.record(ZHAO, draft("payment.approve", "pa1", payment="Y1"))
    try:
        with world.ledger.reading() as session:
            work = todo(session)
            return {
                "log": list(entries(session)), "waiting": list(entries(session, Wanted(waiting=True))),
                "text": list(entries(session, Wanted(text="示例公司"), newest_first=True, limit=2)), "count": count(session, Wanted(kind="project.fund")),
                "balance": with_names(session, account_rows(session)), "then": account_rows(session, at=9), "day": account_rows(session, as_of="2026-11-24"),
                "of": account_rows(session, holder="P1", quota="Q1"), "trace": [trace(session, seq, up=up) for seq in range(session.size) for up in (True, False)],
                "body": trace_body(session, "999901", up=False), "project": trace_project(session, "P1", up=True),
                "signers": signers(session), "seal": sealed_by(session, 3), "todo": [work["reserved_fen"], work["payments"], work["second"], work["payment"]],
            }  # fmt: skip
    finally:
        world.ledger.close()


def test_both_databases_give_the_same_answers(sqlite_target: str, postgres_target: str) -> None:
    """Pages, filters, balances, traces, keys and open work; and each says something."""
    here, there = answers(sqlite_target), answers(postgres_target)
    assert here == there
    assert all(here.values())
    assert [entry["id"] for entry in here["waiting"]] == ["f2"]
    assert here["todo"][:2] == [50, 1]


def test_a_later_word_reaches_the_journal(targets: Callable[[], str]) -> None:
    """A reversal that waits leaves what it takes back in effect, and shows its sum below zero."""
    world = World(targets())
    world.bodies()
    world.first_yuan()
    world.record(WANG, draft("entry.reverse", "r1", entry=world.ref("pa1"), reason="错"))
    with world.ledger.reading() as session:
        status = {entry["id"]: (entry["status"], entry["amount_fen"]) for entry in entries(session)}
        assert status["pa1"] == ("effective", 100)
        assert status["r1"] == ("waiting", -100)
    world.ledger.close()
