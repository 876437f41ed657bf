"""Where a paper seems to contradict itself: told as information, for somebody to look at; it accuses nobody."""

import re
from collections.abc import Iterator

from ledger.calendar import is_date
from ledger.intake.columns import COMPLETED, PAID, SETTLED, SURPLUS, Money
from ledger.intake.findings import INFORMATION, Finding, at, finding
from ledger.intake.notice_format import Line, Notice
from ledger.intake.printed_amounts import Cell
from ledger.intake.stamp import is_partial_date

_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})([-/_]?)(0[1-9]|1[0-2])\2(0[1-9]|[12][0-9]|3[01])(?![0-9])")


def line_contradictions(line: Line, amount: Cell, columns: list[Money]) -> Iterator[Finding]:
    """Paid above settled or arranged; settled or completed above arranged although a surplus is named."""
    known = {column.meaning: column for column in reversed(columns) if column.cell.fen is not None}
    where = at("line", line.no, line.name)

    def fen(meaning: str) -> int | None:
        return known[meaning].cell.fen if meaning in known else None

    paid, settled, completed = fen(PAID), fen(SETTLED), fen(COMPLETED)
    if paid is not None and settled is not None and paid > settled:
        yield finding("paid_above_settled", INFORMATION, where, printed=_said(known, PAID, SETTLED), computed_fen=paid - settled)
    if paid is not None and amount.fen is not None and paid > amount.fen:
        yield finding("paid_above_arranged", INFORMATION, where, printed=_said(known, PAID), computed_fen=paid - amount.fen)
    for meaning, done in ((SETTLED, settled), (COMPLETED, completed)):
        if done is not None and amount.fen is not None and done > amount.fen and (fen(SURPLUS) or 0) > 0:
            printed = _said(known, meaning, SURPLUS)
            yield finding("surplus_beside_excess", INFORMATION, where, printed=printed, computed_fen=done - amount.fen)


def _said(known: dict[str, Money], *meanings: str) -> str:
    return "；".join(known[meaning].printed for meaning in meanings)


def posted_late(notice: Notice) -> Iterator[Finding]:
    """The paper's date, or a day in its address, lies after the window in which it was to hang."""
    if not notice.window or not all(map(is_partial_date, notice.window)):
        return
    end = notice.window[-1]
    last = end + "-12-31"[len(end) - 10 :] if len(end) < 10 else end
    first = notice.date + "-01-01"[len(notice.date) - 10 :] if len(notice.date) < 10 else notice.date
    if is_partial_date(notice.date) and first > last:
        yield finding("posted_late", INFORMATION, f"notice_window: dated {notice.date}", printed=" – ".join(notice.window))
    days = {"-".join(match.group(1, 3, 4)) for match in _DAY.finditer(notice.url or "")}
    for day in sorted(day for day in days if is_date(day) and day > last)[:1]:
        yield finding("posted_late", INFORMATION, f"notice_window: its address bears {day}", printed=" – ".join(notice.window))
