"""Where money came from and where it went, to the fen, by quota.

A step is (from, to, quota) with all the entries that made it: within one account and quota yuan are alike, and no
first-in-first-out is pretended. What went back the same way is taken off its step; reversed entries make no step.
"""

from typing import Any

import msgspec

from ledger.audit.entries import describe
from ledger.book.objects import Payment
from ledger.store.session import Session

_CLAIMED = (":reserved", ":paid")


class Edge(msgspec.Struct):
    """A step: `n` is what went, less what came back, over all its entries."""

    source: str
    target: str
    n: int
    entries: list[int]


def trace(session: Session, seq: int, *, up: bool) -> list[dict[str, Any]]:
    """The paths of the money an entry moves: up to its sources, or down to payments and what is left.

    A path is `{amount_fen, quota, steps}`. A payment, whichever of its entries is named, is traced up whole.
    """
    entry = describe(session, seq)
    paths = []
    for quota in dict.fromkeys(move["quota"] for move in entry["moves"] if move["unit"] == "CNY"):
        edges = _edges(session, quota)
        moves = [move for move in entry["moves"] if move["quota"] == quota]
        payment = entry["data"].get("payment")
        if not up:
            paths += _downward(session, quota, edges, {move["to"] for move in moves})
        elif payment and session.state.get("payment", payment):
            paths.append(_payment_path(session, quota, edges, payment))
        else:
            feeding = _upward(edges, {move["to"] for move in moves})
            paths.append(_path(session, sum(move["n"] for move in moves), quota, feeding))
    return paths


def _edges(session: Session, quota: str) -> list[Edge]:
    """The steps of a quota, each way netted against the other."""
    state = session.state
    gone: set[int] = set()
    for key, taken in state.objects("reversed"):
        waiting = state.get("waiting", key)
        gone |= {waiting.by if waiting else int(key), taken.by}
    edges: dict[tuple[str, str], Edge] = {}
    for seq, source, target, n in session.database.all(
        session.connection,
        "SELECT seq, source, target, n FROM moves WHERE quota = ? AND unit = 'CNY' ORDER BY seq, i",
        (quota,),
    ):
        if seq in gone:
            continue
        back = edges.get((target, source))
        edge = back if back else edges.setdefault((source, target), Edge(source, target, 0, []))
        edge.n += -n if back else n
        edge.entries.append(seq)
    return [edge for edge in edges.values() if edge.n > 0]


def _upward(edges: list[Edge], start: set[str]) -> list[Edge]:
    """Every step that feeds the accounts in `start`, the earliest first."""
    found: list[Edge] = []
    seen, frontier = set(start), list(start)
    while frontier:
        account = frontier.pop()
        for edge in edges:
            if edge.target == account and edge not in found:
                found.append(edge)
                if edge.source not in seen:
                    seen.add(edge.source)
                    frontier.append(edge.source)
    return sorted(found, key=lambda edge: edge.entries[0])


def _payment_path(session: Session, quota: str, edges: list[Edge], id: str) -> dict[str, Any]:
    """The path of one payment's leg: what feeds its project, then its own request and decisions."""
    payment: Payment = session.state.get("payment", id)
    project = payment.project
    own = {
        entry["seq"]: entry
        for entry in (describe(session, seq) for seq in _seqs(session, project))
        if entry["data"].get("payment") == id
    }
    steps = [edge for edge in _upward(edges, {f"{project}:budget"}) if not edge.target.endswith(_CLAIMED)]
    amount = 0
    for source, target in (
        (f"{project}:budget", f"{project}:reserved"),
        (f"{project}:reserved", f"{project}:paid"),
    ):
        entries = [seq for seq, n in _moved(session, quota, source, target) if seq in own]
        gone = [seq for seq, n in _moved(session, quota, target, source) if seq in own]
        n = sum(n for seq, n in _moved(session, quota, source, target) if seq in own)
        n -= sum(n for seq, n in _moved(session, quota, target, source) if seq in own)
        if n > 0:
            steps.append(Edge(source, target, n, sorted(entries + gone)))
            amount = n
    return _path(session, amount, quota, steps, payee=payment.payee)


def _seqs(session: Session, project: str) -> list[int]:
    return [seq for (seq,) in session.database.all(
        session.connection, "SELECT seq FROM facts WHERE subject = ? ORDER BY seq", (project,)
    )]  # fmt: skip


def _moved(session: Session, quota: str, source: str, target: str) -> list[tuple[int, int]]:
    """The unreversed moves of one step, as (seq, n)."""
    edges = session.database.all(
        session.connection,
        "SELECT seq, n FROM moves WHERE quota = ? AND source = ? AND target = ? ORDER BY seq",
        (quota, source, target),
    )
    return [(seq, n) for seq, n in edges if session.state.get("reversed", str(seq)) is None]


def _downward(session: Session, quota: str, edges: list[Edge], start: set[str]) -> list[dict[str, Any]]:
    """One path a payment, and one an account where money of the quota still lies, at or below `start`."""
    below, frontier = set(start), list(start)
    while frontier:
        account = frontier.pop()
        for edge in edges:
            if edge.source == account and edge.target not in below and not edge.target.startswith("world:"):
                below.add(edge.target)
                frontier.append(edge.target)
    paths = []
    payments = [
        (id, payment) for id, payment in session.state.objects("payment")
        if f"{payment.project}:paid" in below and not payment.reversed and any(leg.quota == quota for leg in payment.asked)
    ]  # fmt: skip
    for id, _ in sorted(payments, key=lambda item: item[1].seq):
        path = _payment_path(session, quota, edges, id)
        if path["steps"] and path["steps"][-1]["stage"] == "paid":
            paths.append(path)
    for account in sorted(below):
        left = session.state.balance((account, "CNY", quota))
        if left and not account.endswith(":paid"):
            paths.append(_path(session, left, quota, _upward(edges, {account}), rests_on=account))
    return paths


def _path(session: Session, amount: int, quota: str, edges: list[Edge], **more: str) -> dict[str, Any]:
    steps = [_step(session, quota, edge, more.get("payee", "")) for edge in edges]
    return {"amount_fen": amount, "quota": quota, "steps": steps, **more}


def _step(session: Session, quota: str, edge: Edge, payee: str) -> dict[str, Any]:
    holder, _, stage = edge.target.partition(":")
    project = session.state.get("project", holder)
    return {
        "seq": edge.entries[0], "kind": describe(session, edge.entries[0])["kind"], "from": edge.source,
        "to": edge.target, "holder": project.county if project else holder, "project": holder if project else "",
        "stage": stage, "quota": quota, "step_fen": edge.n, "entries": edge.entries,
        "payee": payee if edge.target.endswith(_CLAIMED) else "",
    }  # fmt: skip
