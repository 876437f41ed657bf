"""What accounts hold: now, as the projection says it; at an earlier position or date, from the moves."""

from collections.abc import Iterable
from typing import Any

from ledger.audit.objects import marks, objects_of, projects_of
from ledger.audit.page import stored
from ledger.store.session import Session

DIMENSIONS = ("holder", "quota", "stage", "project", "unit")
STAGES = ("outside", "available", "budget", "reserved", "paid", "retained", "suspense")
Key = tuple[str, str, str]  # account, unit, quota


def account_rows(session: Session, *, at: int | None = None, as_of: str | None = None, project: str | None = None,
                 quota: str | None = None, holder: str | None = None, stage: str | None = None) -> list[dict[str, Any]]:  # fmt: skip
    """One row a holder, stage, unit and quota that is not zero: `{holder, stage, project, quota, unit, n}`.

    What lies on the accounts of payments is told as their project's.

    `at` counts only entries before that position, `as_of` only those that happened by that date; both sum moves. What
    accounts hold now is read as it is stored: `verify` alone sums it up again.
    """
    of = project if project is not None else holder
    sums = _stored(session, of, quota) if at is None and as_of is None else _sums(session, at, as_of, project)
    projects = projects_of(session, {account.partition(":")[0] for account, _, _ in sums})
    found: dict[tuple[str, str, str, str, str], int] = {}
    for (account, unit, under), n in sums.items():
        body, _, where = account.partition(":")
        key = (projects.get(body, body), where, projects.get(body, ""), under, unit)
        found[key] = found.get(key, 0) + n
    return [
        {"holder": body, "stage": where, "project": of, "quota": under, "unit": unit, "n": n}
        for (body, where, of, under, unit), n in sorted(found.items())
        if n and project in (None, of) and quota in (None, under) and holder in (None, body) and stage in (None, where)
    ]


def _stored(session: Session, holder: str | None, quota: str | None) -> dict[Key, int]:
    """The balances that are stored, of all accounts or of a holder's, with those of all open payments."""
    condition, parameters = "1 = 1", []
    if holder is not None:  # each stage by its name: how a prefix sorts is each database's own affair
        condition += f" AND (account IN ({marks(list(STAGES))}) OR account LIKE ?)"
        parameters += [*(f"{holder}:{stage}" for stage in STAGES), "%:reserved"]
    if quota is not None:
        condition += " AND quota = ?"
        parameters.append(quota)
    rows = session.database.all(
        session.connection, f"SELECT account, unit, quota, n FROM balances WHERE {condition}", tuple(parameters)
    )
    return {(account, unit, under): int(n) for account, unit, under, n in rows}


def _sums(session: Session, at: int | None, as_of: str | None, project: str | None) -> dict[Key, int]:
    """The moves summed up, as they were at a position or by a date; with `project`, of the entries about it."""
    condition = "1 = 1"
    parameters: list[Any] = []
    for column, sign, value in (("moves.seq", "<", at), ("facts.occurred_on", "<=", as_of), ("facts.subject", "=", project)):
        if value is not None:
            condition += f" AND {column} {sign} ?"
            parameters.append(value)
    joined = "moves" if as_of is None and project is None else "moves JOIN facts ON facts.seq = moves.seq"
    sums: dict[Key, int] = {}
    for side, times in (("source", -1), ("target", 1)):
        for account, unit, quota, n in session.database.all(
            session.connection,
            f"SELECT {side}, unit, quota, CAST(SUM(n) AS BIGINT) FROM {joined} WHERE {condition} GROUP BY {side}, unit, quota",
            tuple(parameters),
        ):
            key = (account, unit, quota)
            sums[key] = sums.get(key, 0) + times * int(n)
    return sums


def grouped(rows: list[dict[str, Any]], by: list[str]) -> list[dict[str, Any]]:
    """Rows summed over everything but the dimensions `by` (the unit is always kept apart); `amount_fen` for money, else `n`."""
    sums: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = (*(row[name] if name in by else "" for name in DIMENSIONS[:-1]), row["unit"])
        sums[key] = sums.get(key, 0) + row["n"]
    result = []
    for key, n in sums.items():
        row = dict(zip(DIMENSIONS, key, strict=True))
        row |= {"amount_fen": n if row["unit"] == "CNY" else None, "n": n}
        result.append(row)
    return result


def with_names(session: Session, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the names of their holder, project and quota beside the codes, '' where there is none."""
    rows = list(rows)
    projects = objects_of(session, "project", [code for row in rows for code in (row["holder"], row["project"])])
    bodies = objects_of(session, "authority", [*(row["holder"] for row in rows), *(p.county for p in projects.values())])
    funds = fund_names(session, {row["quota"] for row in rows})
    named = []
    for row in rows:
        project, body = projects.get(row["holder"]), bodies.get(row["holder"])
        named.append(row | {
            "holder_name": project.name if project else body.name if body else "",
            "project_name": projects[row["project"]].name if row["project"] in projects else "",
            "quota_name": funds.get(row["quota"], ""),
            "county": project.county if project else "",
            "county_name": bodies[project.county].name if project and project.county in bodies else "",
        })  # fmt: skip
    return named


def fund_names(session: Session, quotas: Iterable[str]) -> dict[str, str]:
    """What each quota was called when it was received, where it was."""
    known = objects_of(session, "quota", quotas)
    made = stored(session, [quota.seq for quota in known.values()])
    return {id: str(made[quota.seq].data.get("fund_name") or "") for id, quota in known.items()}
