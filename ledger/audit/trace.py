"""Where money came from and where it went, to the fen, by quota: of an entry, a payment, a project, a body."""

from typing import Any

from ledger.audit.decisions import decisions, payments_of
from ledger.audit.entries import describe
from ledger.audit.flows import (
    CLAIMED,
    Edge,
    Moves,
    bodies_moves,
    edges,
    is_claim,
    moves_of,
    project_moves,
    projects_with,
)
from ledger.audit.objects import marks, objects_of, projects_of
from ledger.book.objects import Payment
from ledger.store.session import Session

Path = dict[str, Any]  # {amount_fen, quota, steps} and perhaps payee, rests_on


def trace(session: Session, seq: int, *, up: bool) -> list[Path]:
    """The paths of the money an entry moves: up to its sources, or down to payments and what is left.

    A path is `{amount_fen, quota, steps}`. A payment, whichever of its entries is named, is traced up whole.
    """
    entry = describe(session, seq)
    paths: list[Path] = []
    for quota in dict.fromkeys(move["quota"] for move in entry["moves"] if move["unit"] == "CNY"):
        moves = [move for move in entry["moves"] if move["quota"] == quota]
        id = str(entry["data"].get("payment", ""))
        payment: Payment | None = session.state.get("payment", id)
        targets = {move["to"] for move in moves}
        if not up:
            paths += _downward(session, quota, targets)
        elif payment:
            own = _own_moves(session, payment, id, quota)
            paths.append(_payment_path(session, quota, _feeding(session, quota, payment.project), own, payment))
        else:
            feeding = _upward(edges(_moves_above(session, quota, targets)), targets)
            paths.append(_path(session, sum(move["n"] for move in moves), quota, feeding))
    return paths


def trace_project(session: Session, id: str, *, up: bool) -> list[Path]:
    """The paths of a project's money: up to the sources of each quota, or down to its payments and what is left."""
    paths: list[Path] = []
    for quota in sorted({*_quotas_of(session, id, "budget", "paid", "suspense"), *_reserved(session).get(id, ())}):
        if not up:
            paths += _downward(session, quota, {f"{id}:budget", f"{id}:suspense"})
            continue
        for edge in edges(project_moves(session, id, quota)):
            if edge.source == f"{id}:suspense":
                paths.append(_path(session, edge.n, quota, [edge]))
            elif not is_claim(edge) and not edge.source.startswith(f"{id}:"):
                feeding = [step for step in _feeding(session, quota, id) if step.target != edge.target]
                paths.append(_path(session, edge.n, quota, [*feeding, edge]))
    return paths


def trace_body(session: Session, code: str, *, up: bool) -> list[Path]:
    """The paths of a body's own money: up to whom it came from, or down to where it lies now: body, project and stage.

    The amounts up and those down are equal; what an observing ledger passed on without knowing its source stands on both sides.
    """
    own = (f"{code}:available", f"{code}:suspense")
    paths: list[Path] = []
    reserved = _reserved(session)
    for quota, projects in sorted(_quotas_of_body(session, code, reserved).items()):
        between = bodies_moves(session, quota)
        if up:
            steps = edges(between)
            for edge in steps:
                if edge.target in own and edge.source not in own:
                    feeding = [step for step in _upward(steps, {edge.source}) if step.source not in own]
                    paths.append(_path(session, edge.n, quota, [*feeding, edge]))
            owed = -session.state.balance((own[1], "CNY", quota))
            if owed > 0:
                paths.append(_path(session, owed, quota, [], rests_on=own[1]))
            continue
        for project in projects:
            between |= project_moves(session, project, quota, funding_only=True)
        for edge in edges(between):
            if edge.source in own and edge.target not in own:
                paths += _where_it_lies(session, quota, edge, reserved)
        left = session.state.balance((own[0], "CNY", quota))
        if left:
            paths.append(_path(session, left, quota, [], rests_on=own[0]))
    return paths


def _where_it_lies(session: Session, quota: str, edge: Edge, reserved: dict[str, dict[str, list[str]]]) -> list[Path]:
    """What a body gave another body, as one path; what it gave a project, a path for each account of it or of its payments where it lies."""
    holder, _, stage = edge.target.partition(":")
    if stage != "budget":
        return [_path(session, edge.n, quota, [edge], rests_on=edge.target)]
    accounts = [f"{holder}:paid", *(f"{id}:reserved" for id in reserved.get(holder, {}).get(quota, ())), f"{holder}:budget"]
    held = ((account, session.state.balance((account, "CNY", quota))) for account in accounts)
    return [_path(session, n, quota, [edge], rests_on=account) for account, n in held if n]


def _reserved(session: Session) -> dict[str, dict[str, list[str]]]:
    """By project and quota the payments that hold some of it."""
    rows = session.database.all(
        session.connection, "SELECT account, quota FROM balances WHERE unit = 'CNY' AND account LIKE ? ORDER BY account, quota", ("%:reserved",)
    )
    ids = [(account.partition(":")[0], quota) for account, quota in rows]
    projects = projects_of(session, (id for id, _ in ids))
    found: dict[str, dict[str, list[str]]] = {}
    for id, quota in ids:
        found.setdefault(projects.get(id, id), {}).setdefault(quota, []).append(id)
    return found


def _quotas_of(session: Session, holder: str, *stages: str) -> list[str]:
    """The quotas of which something lies on a holder's accounts."""
    rows = session.database.all(
        session.connection,
        f"SELECT DISTINCT quota FROM balances WHERE unit = 'CNY' AND account IN ({marks(list(stages))})",
        tuple(f"{holder}:{stage}" for stage in stages),
    )
    return sorted(quota for (quota,) in rows)


def _quotas_of_body(session: Session, code: str, reserved: dict[str, dict[str, list[str]]]) -> dict[str, set[str]]:
    """Every quota that a body held, each with the body's projects that some of it lies in."""
    found: dict[str, set[str]] = {quota: set() for quota in _quotas_of(session, code, "available", "suspense")}
    for id, quota in session.state.objects("quota"):
        if quota.holder == code and not quota.reversed:
            found.setdefault(id, set())
    released = "SELECT DISTINCT m.quota FROM facts f JOIN moves m ON m.seq = f.seq WHERE f.subject = ? AND m.unit = 'CNY'"
    for (id,) in session.database.all(session.connection, released, (code,)):
        found.setdefault(id, set())
    for project, of in session.state.objects("project"):
        if of.county == code:
            for id in {*_quotas_of(session, project, "budget", "paid"), *reserved.get(project, ())}:
                found.setdefault(id, set()).add(project)
    return found


def _moves_above(session: Session, quota: str, targets: set[str]) -> Moves:
    """The moves that may have fed some accounts."""
    moves = bodies_moves(session, quota)
    for account in targets:
        holder, _, stage = account.partition(":")
        if session.state.get("project", holder):
            moves |= project_moves(session, holder, quota, funding_only=stage == "budget")
    return moves


def _upward(steps: list[Edge], start: set[str]) -> list[Edge]:
    """Every step that feeds the accounts in `start`, the earliest first."""
    found: dict[tuple[str, str], Edge] = {}
    seen, frontier = set(start), list(start)
    while frontier:
        account = frontier.pop()
        for edge in steps:
            if edge.target == account:
                found[edge.source, edge.target] = edge
                if edge.source not in seen:
                    seen.add(edge.source)
                    frontier.append(edge.source)
    return sorted(found.values(), key=lambda edge: edge.entries[0])


def _feeding(session: Session, quota: str, project: str) -> list[Edge]:
    """The steps that brought a quota to a project, its payments left out."""
    budget = {f"{project}:budget"}
    return [edge for edge in _upward(edges(_moves_above(session, quota, budget)), budget) if not is_claim(edge)]


def _own_moves(session: Session, payment: Payment, id: str, quota: str) -> Moves:
    """What the request of a payment and the decisions on it moved of a quota; of an undecided one only its request is read."""
    return moves_of(session, [payment.seq, *decisions(session, payment, id)], quota)


def _payment_path(session: Session, quota: str, feeding: list[Edge], own: Moves, payment: Payment) -> Path:
    """The path of one payment's leg: what feeds its project, then its own request and decisions; what was paid, else what is asked."""
    steps = edges(own)
    paid = sum(edge.n for edge in steps if edge.target.endswith(":paid"))
    asked = sum(edge.n if edge.target.endswith(":reserved") else -edge.n for edge in steps if not edge.target.endswith(":paid"))
    return _path(session, paid or asked, quota, [*feeding, *steps], payee=payment.payee)


def _downward(session: Session, quota: str, start: set[str]) -> list[Path]:
    """One path a payment, and one an account where money of the quota still lies, at or below `start`."""
    moves = bodies_moves(session, quota)
    projects = projects_with(session, quota)
    for project in projects:
        moves |= project_moves(session, project, quota, funding_only=True)
    reached = {account.partition(":")[0] for account in _below(edges(moves), start)}
    projects = [project for project in projects if project in reached]
    claims = {project: project_moves(session, project, quota) for project in projects}
    for found in claims.values():
        moves |= found
    steps = edges(moves)
    below = _below(steps, start)
    paths: list[Path] = []
    for project in projects:
        if f"{project}:paid" in below:
            feeding = [edge for edge in _upward(steps, {f"{project}:budget"}) if not is_claim(edge)]
            paths += _payment_paths(session, quota, feeding, claims[project])
    for account in sorted(below):
        left = session.state.balance((account, "CNY", quota))
        if left > 0 and not account.endswith(":paid"):
            paths.append(_path(session, left, quota, _upward(steps, {account}), rests_on=account))
    return paths


def _below(steps: list[Edge], start: set[str]) -> set[str]:
    """The accounts in `start` and all that they feed, the world left out."""
    below, frontier = set(start), list(start)
    while frontier:
        account = frontier.pop()
        for edge in steps:
            if edge.source == account and edge.target not in below and not edge.target.startswith("world:"):
                below.add(edge.target)
                frontier.append(edge.target)
    return below


def _payment_paths(session: Session, quota: str, feeding: list[Edge], moves: Moves) -> list[Path]:
    """A path for each payment of a project that was paid, in whole or in part, in the order they were asked for."""
    claims = {place: move for place, move in moves.items() if is_claim(move)}
    about = payments_of(session, sorted({seq for seq, _ in claims}))
    own: dict[str, Moves] = {}
    for place, move in claims.items():
        own.setdefault(about[move.seq], {})[place] = move
    payments = objects_of(session, "payment", own)
    paths = []
    for id, payment in sorted(payments.items(), key=lambda item: item[1].seq):
        if any(move.target.endswith(":paid") for move in own[id].values()):
            path = _payment_path(session, quota, feeding, own[id], payment)
            if path["steps"][-1]["stage"] == "paid":
                paths.append(path)
    return paths


def _path(session: Session, amount: int, quota: str, steps: list[Edge], **more: str) -> Path:
    said = [_step(session, quota, edge, more.get("payee", "")) for edge in steps]
    return {"amount_fen": amount, "quota": quota, "steps": said, **more}


def _step(session: Session, quota: str, edge: Edge, payee: str) -> dict[str, Any]:
    holder, _, stage = edge.target.partition(":")
    payment = session.state.get("payment", holder)
    holder = payment.project if payment else holder
    project = session.state.get("project", holder)
    return {
        "seq": edge.entries[0], "kind": edge.kind, "from": edge.source, "to": edge.target,
        "holder": project.county if project else holder, "project": holder if project else "",
        "stage": stage, "quota": quota, "step_fen": edge.n, "entries": edge.entries,
        "payee": payee if edge.target.endswith(CLAIMED) else "",
    }  # fmt: skip
