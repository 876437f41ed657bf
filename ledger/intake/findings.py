"""Findings: what an importer says about a paper's own figures and names."""

from typing import Any

INFORMATION, DEFECT = "information", "defect"
_PRINTED_LIMIT = 500

Finding = dict[str, Any]


def finding(
    code: str, level: str, where: str, *, printed: str | None = None, computed_fen: int | None = None
) -> Finding:
    """One remark or defect: its code, how grave, where it stands, what is printed there, and what comes out instead."""
    found: Finding = {"code": code, "level": level, "where": where}
    if printed:
        found["printed"] = printed if len(printed) <= _PRINTED_LIMIT else printed[:_PRINTED_LIMIT] + "…"
    if computed_fen is not None:
        found["computed_fen"] = computed_fen
    return found


def at(row: str, number: int, name: str | None) -> str:
    """Where a row stands: `line 3 (梁园区)`."""
    return f"{row} {number} ({name[:40]})" if name else f"{row} {number}"
