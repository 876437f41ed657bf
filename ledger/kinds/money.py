"""Kinds of stream `money` that bring quotas to the county."""

from ledger.kinds.declare import Kind, field
from ledger.kinds.types import Amount, Code, Date, Id, Leg, Text, Word, Year

SOURCE_LEVELS = {"central": "中央", "province": "省级", "city": "市级", "county": "县级", "mixed": "多级合计", "none": "未载"}
FUND_NATURES = {
    "special": "专项资金",
    "transition": "衔接资金",
    "regular": "常规资金",
    "agri": "涉农整合",
    "bond": "债券",
    "donation": "捐赠",
    "cooperation": "东西部协作",
    "loan": "贷款",
    "surplus": "结余结转",
    "other": "其他",
}
NOTICE_TYPES = {"advance": "提前下达", "formal": "正式下达", "adjustment": "调整"}


class QuotaReceive(
    Kind,
    kind="quota.receive",
    zh="收到指标",
    en="receive a quota from outside the ledger",
    stream="money",
    by=("finance",),
    reversible=True,
):
    """Money enters the ledger: `world:outside` → `available` of the holder, under a quota of its own."""

    quota: Id = field(zh="指标编号", en="own id, not the document number", new="quota", example="2025-C-01")
    holder: Code = field(zh="持有机构", en="holder", ref="authority", book=True, scope=True, example="999901")
    amount: Amount = field(zh="金额", en="amount", example=100000000)
    year: Year = field(zh="预算年度", en="budget year", example=2025)
    source_level: Word = field(
        zh="资金级次", en="level of the source", choices=SOURCE_LEVELS, example="province"
    )
    fund_name: Text | None = field(zh="资金名称", en="fund name", example="财政衔接推进乡村振兴补助资金")
    fund_nature: Word | None = field(
        zh="资金性质", en="nature of the fund", choices=FUND_NATURES, example="transition"
    )
    regime: Word | None = field(zh="资金制度", en="fund regime")
    notice_type: Word | None = field(zh="下达类型", en="advance, formal or adjustment", choices=NOTICE_TYPES)
    document_number: Text | None = field(zh="文号", en="document number", example="示财农〔2025〕1号")
    document_number_printed: Text | None = field(zh="文号原文", en="document number as printed")
    upper_document_number: Text | None = field(zh="上级文号", en="upper level's document number")
    own_document_number: Text | None = field(zh="本级文号", en="own document number")
    plan_document_number: Text | None = field(zh="计划文号", en="plan document number")
    basis: Text | None = field(zh="依据", en="basis")
    issued_on: Date | None = field(zh="发文日期", en="issued on")
    received_on: Date | None = field(zh="收文日期", en="received on")
    function_code: Text | None = field(zh="功能科目", en="function code", example="21305")
    direct: bool | None = field(zh="直达资金", en="direct funds")
    purpose: Text | None = field(zh="任务方向", en="purpose")
    batch: Text | None = field(zh="批次", en="batch")


class QuotaRelease(
    Kind,
    kind="quota.release",
    zh="下达指标",
    en="release a quota to another body",
    stream="money",
    by=("finance",),
    second="release",
    reversible=True,
):
    """`available` of one body → `available` of another; the quota stays what it was."""

    legs: list[Leg] = field(zh="指标及金额", en="quotas and amounts", ref="quota")
    from_: Code = field(
        zh="下达机构",
        en="from; the author's authority if not given",
        ref="authority",
        book=True,
        scope=True,
        completed=True,
        example="990000",
    )
    to: Code = field(zh="接收机构", en="to", ref="authority", book=True, example="999901")
    document_number: Text | None = field(zh="文号", en="document number", example="示财农〔2025〕2号")
    received_on: Date | None = field(zh="收文日期", en="received on")
