"""Whether a notice's figures agree: the declared total with its lines, and with its sources."""

from collections.abc import Sequence

from ledger.intake.findings import DEFECT, INFORMATION, Finding, at, finding
from ledger.intake.notice_format import Notice
from ledger.intake.printed_amounts import Cell, is_within_rounding
from ledger.money import FEN_PER, Fen


def readable_sum(cells: Sequence[Cell]) -> Fen:
    """The sum of the cells that can be read."""
    return sum(cell.moves for cell in cells)


def total_findings(notice: Notice, total: Cell) -> list[Finding]:
    """What is wrong with the declared total itself, and with its unit."""
    if notice.unit not in FEN_PER:
        return [finding("unit_unknown", DEFECT, "unit", printed=notice.unit)]
    if not total.fault:
        return []
    codes = {
        "amount_blank": "total_blank",
        "amount_unreadable": "total_unreadable",
        "amount_zero": "amount_zero",
    }
    return [finding(codes[total.fault], DEFECT, "total", printed=total.printed)]


def cell_findings(row: str, number: int, name: str | None, cell: Cell, *, excerpt: bool) -> list[Finding]:
    """What is wrong with one amount cell; a blank in an excerpt is information only."""
    if cell.fault in ("", "unit_unknown"):
        return []
    level = INFORMATION if excerpt and cell.fault == "amount_blank" else DEFECT
    return [finding(cell.fault, level, at(row, number, name), printed=cell.printed)]


def tie_out(notice: Notice, total: Cell, sources: Sequence[Cell], lines: Sequence[Cell]) -> list[Finding]:
    """Findings about sums; where nothing can be compared there are none.

    An excerpt (`complete` false) may hold less than its total, never more.
    """
    found: list[Finding] = []
    if not notice.complete:
        known = readable_sum(lines) if _any_read(lines) else None
        found.append(finding("incomplete", INFORMATION, "lines", printed=total.printed, computed_fen=known))
    derived = [cell for source, cell in zip(notice.sources, sources, strict=True) if source.derived]
    if derived:
        where = "sources: worked out by the transcriber, not printed"
        found.append(finding("derived_source", INFORMATION, where, computed_fen=readable_sum(derived)))
    found += _against_total("sources_differ", "sources", total, sources, notice, excerpt=False)
    found += _against_total("sum_differs", "lines", total, lines, notice, excerpt=not notice.complete)
    if total.fen is None and _any_read(sources) and _any_read(lines):
        gap = readable_sum(sources) - readable_sum(lines)
        if gap < 0 or (gap and notice.complete):
            found.append(
                finding(
                    "sum_differs",
                    DEFECT,
                    "lines: not the sum of the sources",
                    computed_fen=readable_sum(lines),
                )
            )
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
    if is_within_rounding(gap, read, total, notice.unit):
        return [finding("within_rounding", INFORMATION, where, printed=total.printed, computed_fen=computed)]
    unread = len(terms) - len(read)
    if unread:
        where += f": {unread} of {len(terms)} amounts cannot be read"
    return [finding(code, DEFECT, where, printed=total.printed, computed_fen=computed)]


def _any_read(cells: Sequence[Cell]) -> bool:
    return any(cell.fen is not None for cell in cells)
