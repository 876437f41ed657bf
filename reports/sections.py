"""The tables of an allocation announcement, each with its gaps and missing elements directly beneath it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from ledger.money import Fen, wan_yuan, yuan
from reports.block import BOLD, MM, QUIET, Block, Room
from reports.model import LEVELS, Allocation, Finding, Line, Notice, Source, lines_fen, sources_fen
from reports.table import Column, Row, Table
from reports.text import Heading, Style, Text

SECTION = Style(size=13, leading=20, face=BOLD, before=12, after=4)
SUBSECTION = Style(size=10.5, leading=16, face=BOLD, before=6, after=2)
NOTE = Style(size=8.5, leading=13, colour=QUIET, after=2)
FINDING = Style(size=8.5, leading=13, after=2)

NOT_STATED = "原文未载"
_Item = TypeVar("_Item")

_AMOUNTS = (Column("金额（万元）", align="right"), Column("精确（元）", align="right"))
_TOGETHER = 32 * MM  # a heading, a table's header and its first rows
_TABLES = ("", "sources", "lines", "total", "notice")  # places that need no naming beneath their own table
_FINDING_LEVELS = {"defect": "待说明", "information": "说明"}


def sources_section(sources: Sequence[Source], findings: Iterable[Finding], *, transcribed: bool) -> Iterator[Block]:
    """资金来源: what is stated first, what was worked out apart, one total."""
    yield from _headed("资金来源")
    numbered = [source for source in sources if source.document_numbers]
    if sources:
        shown = (True, True, bool(numbered), True, True)
        columns = (Column("来源", weight=3), Column("级次"), Column("文号", weight=2), *_AMOUNTS)
        yield Table(_chosen(columns, shown), [Row(_chosen(row.cells, shown), row.strong) for row in _source_rows(sources)])
    else:
        yield Text(f"{NOT_STATED}资金来源。" if transcribed else "本台账未登记资金来源。", NOTE)
    missing = NOT_STATED if transcribed else "本台账未登记"
    if sources and not numbered:
        yield Text(f"{missing}：文号。", NOTE)
    elif len(numbered) < len(sources):
        yield Text(f"文号一栏空白的，{missing}文号。", NOTE)
    yield from findings_blocks(findings)


def _source_rows(sources: Sequence[Source]) -> Iterator[Row]:
    stated = [source for source in sources if not source.derived]
    derived = [source for source in sources if source.derived]
    for source in stated:
        yield _source_row(source)
    if derived:
        yield _total("原文载明小计", sources_fen(stated), before=0, after=2)
        for source in derived:
            yield _source_row(source)
    yield _total("合计", sources_fen(sources), before=0, after=2)


def _source_row(source: Source) -> Row:
    name = source.name + ("（据合计推出，原文未载）" if source.derived else "")
    received = f"\n{source.received} 收到" if source.received else ""
    return Row((name + received, LEVELS[source.level], "\n".join(source.document_numbers), *_amount(source.amount_fen)))


def lines_section(lines: Sequence[Line], findings: Iterable[Finding], *, transcribed: bool,
                  notice: Notice | None = None) -> Iterator[Block]:
    """资金安排: every line, their sum, and beside it what the paper itself declares."""
    yield from _headed("资金安排")
    blank = [name for name, values in (("地点", [line.place for line in lines]), ("责任单位", [line.unit for line in lines]))
             if lines and not any(values)]
    if lines:
        remarks = [_remark(line) for line in lines]
        shown = (True, True, "地点" not in blank, "责任单位" not in blank, True, True, any(remarks))
        columns = (Column("序号"), Column("项目或单位", weight=4), Column("地点", weight=2), Column("责任单位", weight=2),
                   *_AMOUNTS, Column("说明", weight=1.6))
        rows = [Row((str(line.number), line.name, line.place, line.unit, *_amount(line.amount_fen), remark))
                for line, remark in zip(lines, remarks, strict=True)]
        rows.extend(_line_totals(lines, notice))
        yield Table(_chosen(columns, shown), [Row(_chosen(row.cells, shown), row.strong) for row in rows])
    else:
        yield Text(f"{NOT_STATED}资金安排。" if transcribed else "本台账未登记资金安排。", NOTE)
    if blank:
        yield Text(f"{NOT_STATED if transcribed else '本台账未登记'}：{'、'.join(blank)}。", NOTE)
    without = sum(line.amount_fen is None for line in lines)
    if without:
        yield Text(f"{without} 项{NOT_STATED}金额，未计入合计。", NOTE)
    if notice and not notice.complete:
        yield Text("本公告只转录了部分条目：所列各项之和不等于原文合计，不说明原文有误。", NOTE)
    yield from findings_blocks(findings)


def _line_totals(lines: Sequence[Line], notice: Notice | None) -> Iterator[Row]:
    total = lines_fen(lines)
    if all(line.amount_fen is None for line in lines):
        yield Row(("", "合计（所列各项相加）", "", "", NOT_STATED, NOT_STATED, ""), strong=True)
    else:
        yield _total("合计（所列各项相加）", total, before=1, after=3)
    if notice and notice.declared_fen is not None:
        yield _total("原文合计", notice.declared_fen, before=1, after=3)
        if notice.declared_fen != total:
            yield _total("差额（原文合计减所列各项）", notice.declared_fen - total, before=1, after=3)


def _total(name: str, amount: Fen, *, before: int, after: int) -> Row:
    """A strong row of a table whose amounts stand after `before` + 1 + `after` cells; a remark cell may follow."""
    last = ("",) if before else ()
    middle = after - len(last)
    return Row((*[""] * before, name, *[""] * middle, *_amount(amount), *last), strong=True)


def _amount(amount: Fen | None) -> tuple[str, str]:
    return (NOT_STATED, NOT_STATED) if amount is None else (wan_yuan(amount), yuan(amount))


def _remark(line: Line) -> str:
    parts = ("下达" if line.kind == "release" else "", "" if line.source_stated else "来源未载", line.remark)
    return "；".join(filter(None, parts))


def _chosen(items: Sequence[_Item], shown: Sequence[bool]) -> tuple[_Item, ...]:
    return tuple(item for item, keep in zip(items, shown, strict=True) if keep)


def findings_blocks(findings: Iterable[Finding]) -> Iterator[Block]:
    """Each finding in one paragraph: what is printed and what the parts make; it accuses nobody."""
    for finding in findings:
        facts = [f"原文：{finding.printed}" if finding.printed else "",
                 "" if finding.computed_fen is None else f"按所列各项计算：{yuan(finding.computed_fen)}元"]
        aside = f"（{'；'.join(filter(None, facts))}）" if any(facts) else ""
        place = "" if finding.where in _TABLES else f"{finding.where}："
        yield Text(f"【{_FINDING_LEVELS[finding.level]}】{place}{finding.message}{aside}〔{finding.code}〕", FINDING)


def split_findings(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Those of the table of sources, and all others."""
    every = list(findings)
    return [f for f in every if f.where == "sources"], [f for f in every if f.where != "sources"]


def notice_section(number: int, notice: Notice) -> Iterator[Block]:
    """One transcribed paper: where it was published, its sources, its lines, its gaps."""
    yield Room(_TOGETHER + 35 * MM)
    yield Heading(f"公告 {number}　{notice.title}", SECTION)
    yield Text(f"原文地址：{notice.url or NOT_STATED}", NOTE)
    window = f"{notice.window[0]} 至 {notice.window[1]}" if notice.window else NOT_STATED
    yield Text(f"发布日期：{notice.date or NOT_STATED}　公示期：{window}", NOTE)
    of_sources, others = split_findings(notice.findings)
    yield from sources_section(notice.sources, of_sources, transcribed=True)
    yield from lines_section(notice.lines, others, transcribed=True, notice=notice)


def overview_section(figures: Allocation) -> Iterator[Block]:
    """The transcribed papers beside each other; their totals are the key figures."""
    yield Room(_TOGETHER)
    yield Heading(f"转录的公告（{len(figures.notices)} 份）", SECTION)
    columns = (Column("序号"), Column("公告", weight=1), Column("发布日期"), Column("来源合计\n（万元）", align="right"),
               Column("安排合计\n（万元）", align="right"), Column("原文合计\n（万元）", align="right"))
    rows = [Row((str(number), notice.title, notice.date, _stated(sources_fen(notice.sources), notice.sources),
                 _stated(lines_fen(notice.lines), [line for line in notice.lines if line.amount_fen is not None]),
                 NOT_STATED if notice.declared_fen is None else wan_yuan(notice.declared_fen)))
            for number, notice in enumerate(figures.notices, 1)]
    total = Row(("", "合计", "", wan_yuan(figures.received_fen), wan_yuan(figures.arranged_fen), ""), strong=True)
    yield Table(columns, [*rows, total])
    yield from findings_blocks(figures.findings)


def _stated(amount: Fen, parts: Sequence[object]) -> str:
    return wan_yuan(amount) if parts else NOT_STATED


def _headed(title: str) -> Iterator[Block]:
    yield Room(_TOGETHER)
    yield Text(title, SUBSECTION)
