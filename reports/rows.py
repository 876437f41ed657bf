"""The paper's tables as a spreadsheet file: every row, exact in 元, safe to open."""

import csv
from collections.abc import Iterator
from io import StringIO

from ledger.money import Fen
from ledger.spreadsheet import neutral
from reports.model import Allocation, Line, Source

HEADER = ("表", "公告", "序号", "名称", "级次", "文号", "日期", "地点", "责任单位", "金额(元)", "说明", "条目")


def rows_csv(figures: Allocation) -> bytes:
    """UTF-8 with BOM, CRLF, one header: sources, then lines, in the order of the paper.

    Amounts are plain decimals of 元, empty where the paper has none. A text that a spreadsheet would run as a formula
    begins with an apostrophe.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_rows(figures))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _rows(figures: Allocation) -> Iterator[tuple[str, ...]]:
    parts = [(n.title, n.sources, n.lines) for n in figures.notices] or [("", figures.sources, figures.lines)]
    for title, sources, _ in parts:
        yield from (_source(title, source) for source in sources)
    for title, _, lines in parts:
        yield from (_line(title, line) for line in lines)


def _source(title: str, source: Source) -> tuple[str, ...]:
    notes = ["据合计推出，原文未载" if source.derived else "", _no_amount(source)]
    return ("资金来源", neutral(title), "", neutral(source.name), neutral(source.level_name),
            neutral("、".join(source.document_numbers)), neutral(source.received), "", "", _decimal(source.amount_fen),
            neutral("；".join(filter(None, notes))), str(source.seq) if source.seq else "")


def _line(title: str, line: Line) -> tuple[str, ...]:
    paid = line.paid_printed or ("" if line.paid_fen is None else f"已支付{_decimal(line.paid_fen)}元")
    notes = [line.remark, line.source_remark, paid, _no_amount(line)]
    return ("资金安排", neutral(title), str(line.number), neutral(line.name), "", "", "", neutral(line.place),
            neutral(line.unit), _decimal(line.amount_fen),
            neutral("；".join(filter(None, notes))), str(line.seq))


def _no_amount(part: Source | Line) -> str:
    if part.amount_fen is not None:
        return ""
    return f"金额未能读出：{part.printed}" if part.printed else "原文未载金额"


def _decimal(amount: Fen | None) -> str:
    return "" if amount is None else f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"
