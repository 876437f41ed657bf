"""Kinds that keep what was published, as it was printed."""

from ledger.kinds.declare import Kind, field
from ledger.kinds.types import (
    Code,
    Finding,
    Id,
    PaperLine,
    PaperSource,
    PartialDate,
    PrintedNumber,
    SignedAmount,
    Text,
    Word,
    Year,
)


class PaperRecord(
    Kind,
    kind="paper.record",
    zh="登记公开文件",
    en="record a published paper as printed",
    stream="open",
    by=("clerk", "publisher", "programme", "finance"),
    reversible=True,
    through="import notice",
):
    """A published paper: where it stands, what it declares, its lines that move nothing, its own defects. Moves nothing."""

    paper: Id = field(zh="文件编号", en="paper", new="paper", example="example-2025")
    title: Text = field(zh="标题", en="title", example="示例县2025年资金分配公告")
    holder: Code = field(zh="所属机构", en="holder", ref="authority", book=True, scope=True, example="999901")
    place: Text | None = field(zh="地点原文", en="place as printed")
    level: Text | None = field(zh="层级原文", en="level as printed")
    url: Text | None = field(zh="网址", en="address")
    year: Year = field(zh="年度", en="year", example=2025)
    date: PartialDate = field(zh="日期原文", en="date as printed", example="2025-01")
    unit: Text = field(zh="单位", en="unit", example="万元")
    declared_fen: SignedAmount | None = field(zh="公布合计", en="declared total")
    declared_printed: Text | None = field(zh="公布合计原文", en="declared total as printed")
    complete: bool = field(zh="全文", en="whether all lines are here", example=True)
    mirror: bool = field(zh="镜像来源", en="whether the address is not the government's own", example=False)
    window_from: PartialDate | None = field(zh="公示起", en="window from")
    window_to: PartialDate | None = field(zh="公示止", en="window to")
    document_numbers: list[PrintedNumber] | None = field(zh="文号", en="document numbers")
    sources: list[PaperSource] | None = field(zh="资金来源", en="sources as printed")
    lines: list[PaperLine] | None = field(zh="明细", en="lines that move nothing")
    findings: list[Finding] | None = field(zh="发现", en="defects and remarks about its figures")
    notes: list[Text] | None = field(zh="转录说明", en="the transcriber's notes")
    sort: Word | None = field(zh="类别", en="sort of paper")
