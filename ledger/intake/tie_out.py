"""Whether a notice's figures agree: the declared total with its lines and with its sources, and each sum row with its lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.intake.findings import DEFECT, INFORMATION, OURS, ROUNDING, Finding, at, finding
from ledger.intake.notice_format import Line, Notice
from ledger.intake.printed_amounts import Cell, is_within_rounding
from ledger.money import FEN_PER, Fen

_ROUNDS = re.compile(r"(?<![未不无])(?:四舍五入|尾差|取整|进位)|小数点?(?:后)?.{0,6}(?:省略|舍去|保留)|保留(?:到|至)?.{0,4}(?:整数|小数)")
_WHOLE = re.compile(r"(?:合|总|共)\s*计")


def readable_sum(cells: Sequence[Cell]) -> Fen:
    """The sum of the cells that can be read."""
    return sum(cell.moves for cell in cells)


def says_it_rounds(notice: Notice) -> bool:
    """Whether the notice says somewhere that its figures are rounded."""
    texts = [notice.title, *notice.notes]
    for line in notice.lines:
        texts += [line.name or "", line.content or "", *(text for _, text in line.extra)]
    return any(_ROUNDS.search(text) for text in texts)


def total_findings(notice: Notice, total: Cell) -> list[Finding]:
    """What is wrong with the declared total itself, and with its unit; what an excerpt leaves out is information."""
    if notice.unit not in FEN_PER:
        return [finding("unit_unknown", OURS, "unit", printed=notice.unit)]
    told = {
        "amount_blank": ("total_blank", DEFECT if notice.complete else INFORMATION),
        "amount_unreadable": ("total_unreadable", OURS),
        "amount_zero": ("amount_zero", INFORMATION),
    }
    if not total.fault:
        return []
    code, level = told[total.fault]
    return [finding(code, level, "total", printed=total.printed)]


def cell_findings(row: str, number: int, name: str | None, cell: Cell, *, excerpt: bool) -> list[Finding]:
    """What is wrong with one amount cell; a blank is a defect of a paper that is here whole, what cannot be read is ours."""
    levels = {"amount_blank": INFORMATION if excerpt else DEFECT, "amount_unreadable": OURS, "amount_zero": INFORMATION}
    if cell.fault not in levels:
        return []
    return [finding(cell.fault, levels[cell.fault], at(row, number, name), printed=cell.printed)]


def tie_out(
    notice: Notice, total: Cell, sources: Sequence[Cell], lines: Sequence[Cell], derived: Sequence[Cell]
) -> list[Finding]:
    """Findings about sums; where nothing can be compared there are none.

    An excerpt (`complete` false) may hold less than its total, never more.
    """
    found: list[Finding] = []
    if not notice.complete:
        known = readable_sum(lines) if _any_read(lines) else None
        found.append(finding("incomplete", INFORMATION, "lines", printed=total.printed, computed_fen=known))
    if derived:
        where = "sources: worked out by the transcriber, not printed"
        found.append(finding("derived_source", INFORMATION, where, computed_fen=readable_sum(derived)))
    if notice.complete and total.moves and not (notice.sources or notice.lines):
        found.append(finding("nothing_listed", DEFECT, "lines", printed=total.printed))
    found += _against_total("sources_differ", "sources", total, sources, notice, excerpt=not notice.complete)
    found += _against_total("sum_differs", "lines", total, lines, notice, excerpt=not notice.complete)
    if total.fen is None and _any_read(sources) and _any_read(lines):
        gap = readable_sum(sources) - readable_sum(lines)
        whole = notice.complete and all(cell.fen is not None for cell in (*sources, *lines))
        if (gap < 0 and all(cell.fen is not None for cell in sources)) or (gap and whole):
            where = "lines: not the sum of the sources"
            found.append(finding("sum_differs", DEFECT, where, computed_fen=readable_sum(lines)))
    return found


def _against_total(
    code: str, where: str, total: Cell, terms: Sequence[Cell], notice: Notice, *, excerpt: bool
) -> list[Finding]:
    read = [cell for cell in terms if cell.fen is not None]
    if total.fen is None or not read:
        return []
    computed = readable_sum(read)
    gap = total.fen - computed
    if not gap or (excerpt and gap > 0):
        return []
    if gap > 0 and len(read) < len(terms):
        where += f": {len(terms) - len(read)} of {len(terms)} amounts are not known"
        return [finding("sum_undecided", INFORMATION, where, printed=total.printed, computed_fen=computed)]
    if is_within_rounding(gap, read, total, notice.unit, told=says_it_rounds(notice)):
        return [finding("within_rounding", ROUNDING, where, printed=total.printed, computed_fen=computed)]
    return [finding(code, DEFECT, where, printed=total.printed, computed_fen=computed)]


def _any_read(cells: Sequence[Cell]) -> bool:
    return any(cell.fen is not None for cell in cells)


@dataclass(frozen=True, slots=True)
class SumRow:
    """A row of a table with its amount; `is_sum` where it is a 合计 or 小计 of others."""

    line: Line
    cell: Cell
    is_sum: bool


def sum_row_findings(notice: Notice, rows: Sequence[SumRow]) -> Iterator[Finding]:
    """Each sum row: that it is left out of the sum, and whether it is what lines next to it make.

    A row may sum up what stands before it, down to any sum row above, or what stands after it; the only 合计 of a table
    sums up all of it. An excerpt may lack lines, so that there only too much is told.
    """
    sums = [place for place, row in enumerate(rows) if row.is_sum]
    wholes = [place for place in sums if _WHOLE.fullmatch(rows[place].line.name or "")]
    told = says_it_rounds(notice)
    for place in sums:
        row = rows[place]
        where = at("line", row.line.no, row.line.name)
        groups = [_details(rows)] if wholes == [place] else _groups(rows, place, sums)
        said = f"{where}: left out of the sum; beside it the sum of its lines"
        computed = readable_sum(groups[0])
        yield finding("subtotal_line", INFORMATION, said, printed=row.cell.printed, computed_fen=computed)
        if row.cell.fen is None or any(cell.fen is None for group in groups for cell in group):
            continue
        gaps = [row.cell.fen - readable_sum(group) for group in groups]
        if 0 in gaps or (not notice.complete and max(gaps) > 0):
            continue
        rounded = any(is_within_rounding(gap, group, row.cell, notice.unit, told=told) for gap, group in zip(gaps, groups, strict=True))
        code, level = ("within_rounding", ROUNDING) if rounded else ("subtotal_differs", DEFECT)
        yield finding(code, level, where, printed=row.cell.printed, computed_fen=computed)


def _details(rows: Sequence[SumRow]) -> list[Cell]:
    return [row.cell for row in rows if not row.is_sum]


def _groups(rows: Sequence[SumRow], place: int, sums: Sequence[int]) -> list[list[Cell]]:
    """The lines that a sum row may be the sum of, the nearest before it first; empty groups are left out."""
    starts = [above + 1 for above in reversed(sums) if above < place] + [0]
    ends = [below for below in sums if below > place] + [len(rows)]
    groups = [_details(rows[start:place]) for start in starts] + [_details(rows[place + 1 : end]) for end in ends]
    return [group for group in groups if group] or [[]]
