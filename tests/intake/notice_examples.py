"""Helpers of the notice tests: the published notices by id, and a small notice to change."""

from functools import cache
from typing import Any

from ledger.intake.divisions import bundled_notices
from ledger.intake.notice import NoticePlan, plan_notice, read_notices
from ledger.kinds.draft import Draft

WAN = 1_000_000  # fen in one 万元


@cache
def published() -> dict[str, dict[str, Any]]:
    return {notice["id"]: notice for notice in read_notices(bundled_notices())}


def nothing_known(code: str) -> bool:
    return False


def plan(notice: dict[str, Any]) -> NoticePlan:
    return plan_notice(notice, known=nothing_known)


def small(**changes: Any) -> dict[str, Any]:
    """A notice of 睢县 with one source and no lines."""
    return {
        "id": "small",
        "title": "睢县2024年资金安排",
        "place": "河南省商丘市睢县",
        "level": "county",
        "url": "https://example.gov.cn/1",
        "date": "2024-03-15",
        "unit": "万元",
        "total": "100",
        "doc_nos": [],
        "complete": True,
        "sources": [{"name": "中央衔接资金", "level": "central", "amount": "100"}],
        "lines": [],
        **changes,
    }


def line(name: str, amount: str | None, **columns: Any) -> dict[str, Any]:
    return {"name": name, "amount": amount, **columns}


def paper(plan: NoticePlan) -> dict[str, Any]:
    return next(draft.data for draft in plan.drafts if draft.kind == "paper.record")


def codes(plan: NoticePlan) -> list[str]:
    return [finding["code"] for finding in plan.findings]


def of_kind(plan: NoticePlan, kind: str) -> list[Draft]:
    return [draft for draft in plan.drafts if draft.kind == kind]


def legs(plan: NoticePlan, entry: str) -> list[tuple[str, int]]:
    """(quota, fen) of the entry `l3`, without the notice's own name before the quota."""
    found = next(draft for draft in plan.drafts if draft.id == f"notice/{plan.id}/{entry}")
    return [(leg["quota"].removeprefix(f"{plan.id}."), leg["amount"]) for leg in found.data["legs"]]


def sorts(plan: NoticePlan) -> dict[int, str]:
    """What became of each line: `release`, `project`, or the sort it stays on the paper with."""
    found = {row["no"]: row["sort"] for row in paper(plan).get("lines", [])}
    found |= {draft.data["line"]: "release" for draft in of_kind(plan, "quota.release")}
    return found | {draft.data["line"]: "project" for draft in of_kind(plan, "project.propose")}
