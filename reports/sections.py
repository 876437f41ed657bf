"""The tables of an allocation announcement, each with its gaps and missing elements directly beneath it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from ledger.money import Fen, wan_yuan, yuan
from reports.block import BOLD, MM, QUIET, Block, Room
from reports.model import Allocation, Finding, Line, Notice, Source, lines_fen, sources_fen, stated
from reports.table import Column, Row, Table
from reports.text import Heading, Style, Text
from reports.words import GAPS, NOT_STATED

SECTION = Style(size=13, leading=20, face=BOLD, before=12, after=4)
SUBSECTION = Style(size=10.5, leading=16, face=BOLD, before=6, after=2)
NOTE = Style(size=8.5, leading=13, colour=QUIET, after=2)
FINDING = Style(size=8.5, leading=13, after=2)

_Item = TypeVar("_Item")

_AMOUNTS = (Column("金额（万元）", align="right"), Column("精确（元）", align="right"))
_TOGETHER = 32 * MM  # a heading, a table's header and its first rows
_TABLES = ("", "sources", "lines", "total", "notice")  # places that need no naming beneath their own table
_FINDING_LEVELS = {"defect": "待说明", "rounding": "进位", "ours": "未能归类", "information": "说明"}


def sources_section(sources: Sequence[Source], findings: Iterable[Finding], *, transcribed: bool,
                    numbers: Sequence[str] = ()) -> Iterator[Block]:
    """资金来源: what is stated first, what was worked out apart, one total; `numbers` are those of the paper as a whole."""
    yield from _headed("资金来源")
    stated_sources = [source for source in sources if not source.derived]
    numbered = [source for source in stated_sources if source.document_numbers]
    if sources:
        shown = (True, True, bool(numbered), True, True)
        columns = (Column("来源", weight=3), Column("级次"), Column("文号", weight=2), *_AMOUNTS)
        yield Table(_chosen(columns, shown), [Row(_chosen(row.cells, shown), row.strong) for row in _source_rows(sources)])
    else:
        yield Text(f"{NOT_STATED}资金来源。" if transcribed else "本台账未登记资金来源。", NOTE)
    missing = NOT_STATED if transcribed else "本台账未登记"
    if numbers:
        yield Text(f"公告所载文号：{'、'.join(numbers)}。", NOTE)
        if len(numbered) < len(stated_sources):
            yield Text("未列文号的来源，原文未注明与上列文号的对应。", NOTE)
    elif stated_sources and not numbered:
        yield Text(f"{missing}：文号。", NOTE)
    elif len(numbered) < len(stated_sources):
        yield Text(f"文号一栏空白的，{missing}文号。", NOTE)
    yield from findings_blocks(findings)


def _source_rows(sources: Sequence[Source]) -> Iterator[Row]:
    stated_sources = [source for source in sources if not source.derived]
    derived = [source for source in sources if source.derived]
    for source in stated_sources:
        yield _source_row(source)
    if derived:
        yield _known_total("原文载明小计", stated_sources, sources_fen(stated_sources), before=0, after=2)
        for source in derived:
            yield _source_row(source)
    yield _known_total("合计", sources, sources_fen(sources), before=0, after=2, unit="项")


def _known_total(name: str, parts: Sequence[Source] | Sequence[Line], amount: Fen, *, before: int, after: int, unit: str = "行",
                 whole: bool = True) -> Row:
    """The total of parts: under its own name where each amount is known, else that of so many whose amount is."""
    known = stated(parts)
    if not known:
        return _strong("合计", (NOT_STATED, NOT_STATED), before=before, after=after)
    if known < len(parts) or not whole:
        name = f"已载明的{known}{unit}合计"
    return _strong(name, _amount(amount), before=before, after=after)


def _source_row(source: Source) -> Row:
    name = source.name + ("（据合计推出，原文未载）" if source.derived else "")
    received = f"\n{source.received} 收到" if source.received else ""
    return Row((name + received, source.level_name, "\n".join(source.document_numbers), *_amount(source.amount_fen, source.printed)))


def lines_section(lines: Sequence[Line], findings: Iterable[Finding], *, transcribed: bool,
                  notice: Notice | None = None) -> Iterator[Block]:
    """资金安排: every line, their sum, and beside it what the paper itself declares."""
    yield from _headed("资金安排")
    works = [line for line in lines if line.kind != "release"]  # who is given money by release is the place itself
    blank = [name for name, values in (("地点", [line.place for line in works]), ("责任单位", [line.unit for line in works]))
             if works and not any(values)]
    if lines:
        remarks = [_remark(line) for line in lines]
        paid = [line.paid_fen is not None or bool(line.paid_printed) for line in lines]
        shown = (True, True, any(line.place for line in lines), any(line.unit for line in lines), True, True, any(paid), any(remarks))
        columns = (Column("序号"), Column("项目或单位", weight=4), Column("地点", weight=2), Column("责任单位", weight=2),
                   *_AMOUNTS, Column("已支付\n（万元）", align="right"), Column("说明", weight=1.6))
        rows = [Row((str(line.number), line.name, *_of_works(line), *_amount(line.amount_fen, line.printed), _paid(line), remark))
                for line, remark in zip(lines, remarks, strict=True)]
        rows.extend(_line_totals(lines, notice))
        yield Table(_chosen(columns, shown), [Row(_chosen(row.cells, shown), row.strong) for row in rows])
    elif notice and notice.foreign:
        yield Text("本公告是上级的公告，只载明下达到本地方的资金；本地方如何安排，本台账未转录。", NOTE)
    else:
        yield Text(f"{NOT_STATED}资金安排。" if transcribed else "本台账未登记资金安排。", NOTE)
    if blank:
        yield Text(f"{NOT_STATED if transcribed else '本台账未登记'}：{'、'.join(blank)}。", NOTE)
    without = [line for line in lines if line.amount_fen is None]
    unread = sum(bool(line.printed) for line in without)
    if len(without) > unread:
        yield Text(f"{len(without) - unread} 行{NOT_STATED}金额，未计入合计。", NOTE)
    if unread:
        yield Text(f"{unread} 行的金额照录，本台账未能读作数字，未计入合计。", NOTE)
    if notice and not notice.complete:
        yield Text(f"本公告只转录了部分条目：“{NOT_STATED}”指所转录的部分未载，不说明原文没有；所列各行之和不等于原文合计，不说明原文有误。", NOTE)
    yield from findings_blocks(findings)


def _of_works(line: Line) -> tuple[str, str]:
    """Place and responsible body; a release has neither, it is given to a body."""
    return ("—", "—") if line.kind == "release" else (line.place, line.unit)


def _line_totals(lines: Sequence[Line], notice: Notice | None) -> Iterator[Row]:
    total, whole = lines_fen(lines), notice is None or notice.arranged_whole
    yield _known_total("合计（所列各项相加）", lines, total, before=1, after=4, whole=whole)
    if notice and notice.declared_fen is not None:
        yield _strong("原文合计", _amount(notice.declared_fen), before=1, after=4)
        if whole and notice.declared_fen != total:
            yield _strong("差额（原文合计减所列各项）", _amount(notice.declared_fen - total), before=1, after=4)


def _strong(name: str, amounts: tuple[str, str], *, before: int, after: int) -> Row:
    """A strong row of a table whose amounts stand after `before` + 1 + `after` cells; two more cells may follow."""
    last = ("", "") if before else ()
    middle = after - len(last)
    return Row((*[""] * before, name, *[""] * middle, *amounts, *last), strong=True)


def _amount(amount: Fen | None, printed: str = "") -> tuple[str, str]:
    """An amount in 万元 and 元; where it cannot be read, what is printed there."""
    if amount is None:
        return printed or NOT_STATED, "未能读出" if printed else NOT_STATED
    return wan_yuan(amount), yuan(amount)


def _paid(line: Line) -> str:
    return line.paid_printed or (NOT_STATED if line.paid_fen is None else wan_yuan(line.paid_fen))


def _remark(line: Line) -> str:
    return "；".join(filter(None, ("下达" if line.kind == "release" else "", line.source_remark, line.remark)))


def _chosen(items: Sequence[_Item], shown: Sequence[bool]) -> tuple[_Item, ...]:
    return tuple(item for item, keep in zip(items, shown, strict=True) if keep)


def findings_blocks(findings: Iterable[Finding]) -> Iterator[Block]:
    """Each finding in one paragraph: what is printed and what the parts make; it accuses nobody."""
    for finding in findings:
        computed = "" if finding.computed_fen is None else yuan(finding.computed_fen)
        facts = [f"原文：{finding.printed}" if finding.printed else "",
                 f"{'多' if finding.code in GAPS else '按所列各项计算：'}{computed}元" if computed else ""]
        aside = f"（{'；'.join(filter(None, facts))}）" if any(facts) else ""
        place = "" if finding.where in _TABLES else f"{finding.where}："
        yield Text(f"【{_FINDING_LEVELS[finding.level]}】{place}{finding.message}{aside}", FINDING)


def split_findings(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Those of the table of sources, and all others."""
    every = list(findings)
    return [f for f in every if f.where == "sources"], [f for f in every if f.where != "sources"]


def notice_section(number: int, notice: Notice) -> Iterator[Block]:
    """One transcribed paper: where it was published, its sources, its lines, its gaps."""
    yield Room(_TOGETHER + 35 * MM)
    yield Heading(f"公告 {number}　{notice.title}", SECTION)
    yield Text(f"原文地址：{notice.url or NOT_STATED}", NOTE)
    yield Text(f"发布日期：{notice.date or NOT_STATED}　公示期：{_window(notice)}", NOTE)
    of_sources, others = split_findings(notice.findings)
    yield from sources_section(notice.sources, of_sources, transcribed=True, numbers=notice.document_numbers)
    yield from lines_section(notice.lines, others, transcribed=True, notice=notice)


def _window(notice: Notice) -> str:
    if notice.window:
        return f"{notice.window[0]} 至 {notice.window[1]}" if notice.window[1] else f"{notice.window[0]} 起"
    return notice.window_printed or NOT_STATED


def overview_section(figures: Allocation) -> Iterator[Block]:
    """The transcribed papers beside each other; their totals are the key figures."""
    yield Room(_TOGETHER)
    yield Heading(f"转录的公告（{len(figures.notices)} 份）", SECTION)
    columns = (Column("序号"), Column("公告", weight=1), Column("发布日期"), Column("来源合计\n（万元）", align="right"),
               Column("安排合计\n（万元）", align="right"), Column("原文合计\n（万元）", align="right"))
    rows = [Row((str(number), notice.title, notice.date, _stated(sources_fen(notice.sources), notice.sources, notice.received_whole),
                 _stated(lines_fen(notice.lines), notice.lines, notice.arranged_whole),
                 _declared(notice)))
            for number, notice in enumerate(figures.notices, 1)]
    total = Row(("", "合计", "", _stated(figures.received_fen, figures.sources, figures.received_whole),
                 _stated(figures.arranged_fen, figures.lines, figures.arranged_whole), ""), strong=True)
    yield Table(columns, [*rows, total])
    yield from findings_blocks(figures.findings)


def _declared(notice: Notice) -> str:
    """The total a paper declares; that of another body's paper is not about this one."""
    if notice.declared_fen is None:
        return "—" if notice.foreign or notice.own else NOT_STATED
    return wan_yuan(notice.declared_fen)


def _stated(amount: Fen, parts: Sequence[Source] | Sequence[Line], whole: bool) -> str:
    """A sum where it is known; that of what is stated, and said so; or that nothing is."""
    if not stated(parts) and not (whole and not parts):
        return NOT_STATED
    return wan_yuan(amount) if whole else f"已载明\n{wan_yuan(amount)}"


def _headed(title: str) -> Iterator[Block]:
    yield Room(_TOGETHER)
    yield Text(title, SUBSECTION)
