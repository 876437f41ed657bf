"""Findings: what an importer says about a paper's own figures and names, and about what it could not make of them.

| level | is |
|---|---|
| defect | of the printed paper: a sum that does not come out, an amount that is nowhere stated |
| rounding | a gap that the printed rounding explains |
| ours | what our rules cannot sort, read or match; the paper may well be in order |
| information | anything else worth knowing: what was left out, worked out, or seems to contradict itself |

Our own doubt is never told as the paper's fault.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

DEFECT, ROUNDING, OURS, INFORMATION = "defect", "rounding", "ours", "information"
LEVELS = (DEFECT, ROUNDING, OURS, INFORMATION)
_PRINTED_LIMIT = 500

Finding = dict[str, Any]


def finding(
    code: str, level: str, where: str, *, printed: str | None = None, computed_fen: int | None = None
) -> Finding:
    """One finding: its code, its level, where it stands, what is printed there, and what comes out instead."""
    found: Finding = {"code": code, "level": level, "where": where}
    if printed:
        found["printed"] = printed if len(printed) <= _PRINTED_LIMIT else printed[:_PRINTED_LIMIT] + "…"
    if computed_fen is not None:
        found["computed_fen"] = computed_fen
    return found


def at(row: str, number: int, name: str | None) -> str:
    """Where a row stands: `line 3 (梁园区)`."""
    return f"{row} {number} ({name[:40]})" if name else f"{row} {number}"


def counted(findings: Sequence[Finding]) -> dict[str, int]:
    """How many there are of each level."""
    counts = Counter(found["level"] for found in findings)
    return {level: counts[level] for level in LEVELS}


def folded(findings: Sequence[Finding], keep: int) -> list[Finding]:
    """The findings with at most `keep` of each code; the rest of a code is one finding that counts them."""
    counts: Counter[str] = Counter()
    shown = []
    for found in findings:
        counts[found["code"]] += 1
        if counts[found["code"]] <= keep:
            shown.append(found)
    gravest = {found["code"]: found["level"] for found in sorted(findings, key=lambda f: -LEVELS.index(f["level"]))}
    for code, count in counts.items():
        if count > keep:
            shown.append(finding(code, gravest[code], f"{count - keep} more, not listed one by one"))
    return shown
