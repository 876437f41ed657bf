"""Findings: what an importer says about a paper's own figures and names."""

from collections import Counter
from collections.abc import Sequence
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


def folded(findings: Sequence[Finding], keep: int) -> list[Finding]:
    """The findings with at most `keep` of each code; the rest of a code is one finding that counts them."""
    counts: Counter[str] = Counter()
    shown = []
    for found in findings:
        counts[found["code"]] += 1
        if counts[found["code"]] <= keep:
            shown.append(found)
    rest = {code: count - keep for code, count in counts.items() if count > keep}
    for code, count in rest.items():
        grave = any(found["code"] == code and found["level"] == DEFECT for found in findings)
        shown.append(finding(code, DEFECT if grave else INFORMATION, f"{count} more, not listed one by one"))
    return shown
