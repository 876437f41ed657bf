"""What accounts hold, now or at an earlier position or date, from the moves and checked against the stored balances."""

from typing import Any

from ledger.errors import IntegrityFailed
from ledger.store.session import Session

DIMENSIONS = ("holder", "quota", "stage", "project", "unit")


def account_rows(session: Session, *, at: int | None = None, as_of: str | None = None, project: str | None = None,
                 quota: str | None = None, holder: str | None = None, stage: str | None = None) -> list[dict[str, Any]]:  # fmt: skip
    """One row an account, unit and quota that is not zero: `{holder, stage, project, quota, unit, n}`.

    `at` counts only entries before that position, `as_of` only those that happened by that date.

    Raises:
        IntegrityFailed: a stored balance differs from the sum of its moves.
    """
    sums = _sums(session, at, as_of, project)
    if at is None and as_of is None:
        _require_equal(session, sums, project)
    rows = []
    for (account, unit, of), n in sorted(sums.items()):
        body, _, where = account.partition(":")
        is_project = session.state.get("project", body) is not None
        row = {
            "holder": body,
            "stage": where,
            "project": body if is_project else "",
            "quota": of,
            "unit": unit,
            "n": n,
        }
        wanted = (project in (None, row["project"]) and quota in (None, of) and holder in (None, body)
                  and stage in (None, where))  # fmt: skip
        if n and wanted:
            rows.append(row)
    return rows


def _sums(
    session: Session, at: int | None, as_of: str | None, project: str | None
) -> dict[tuple[str, str, str], int]:
    condition, parameters = "1 = 1", []
    if at is not None:
        condition += " AND moves.seq < ?"
        parameters.append(at)
    if as_of is not None:
        condition += " AND facts.occurred_on <= ?"
        parameters.append(as_of)  # type: ignore[arg-type]
    if project is not None:
        condition += " AND facts.subject = ?"
        parameters.append(project)  # type: ignore[arg-type]
    joined = (
        "moves JOIN facts ON facts.seq = moves.seq" if as_of is not None or project is not None else "moves"
    )
    sums: dict[tuple[str, str, str], int] = {}
    for side, sign in (("source", -1), ("target", 1)):
        for account, unit, quota, n in session.database.all(
            session.connection,
            f"SELECT {side}, unit, quota, CAST(SUM(n) AS BIGINT) FROM {joined} WHERE {condition} GROUP BY {side}, unit, quota",
            tuple(parameters),
        ):
            key = (account, unit, quota)
            sums[key] = sums.get(key, 0) + sign * int(n)
    return sums


def _require_equal(session: Session, sums: dict[tuple[str, str, str], int], project: str | None) -> None:
    if project is None:
        stored = dict(session.backing.balances())
    else:
        rows = session.database.all(
            session.connection,
            "SELECT account, unit, quota, n FROM balances WHERE account IN (?, ?, ?, ?, ?)",
            tuple(f"{project}:{stage}" for stage in ("budget", "reserved", "paid", "retained", "suspense")),
        )
        stored = {(account, unit, quota): n for account, unit, quota, n in rows}
        sums = {key: n for key, n in sums.items() if key[0].partition(":")[0] == project}
    for key in stored.keys() | sums.keys():
        if stored.get(key, 0) != sums.get(key, 0):
            raise IntegrityFailed(
                f"derived table differs: account {key[0]} shows {stored.get(key, 0)}, entries give {sums.get(key, 0)}",
                code="INV-13.BALANCES", hint="see: sunledger verify",
            )  # fmt: skip


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
