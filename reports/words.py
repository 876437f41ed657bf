"""The Chinese of findings and columns on public paper: what is missing or does not add up, said of the figures and of nobody."""

import re
from collections.abc import Iterable, Sequence

# Remarks for whoever keeps the ledger, or that stand in the table itself; a reader of the paper has no other use for them.
HIDDEN = frozenset({"further_columns", "field_unknown", "line_number_differs", "level_differs", "code_unknown", "name_abbreviated",
                    "document_number_unusual", "derived_column", "level_unknown", "line_paid", "line_amount", "line_remark"})  # fmt: skip
NOT_STATED = "原文未载"
# Codes whose computed amount is the gap itself, not a sum.
GAPS = frozenset({"paid_above_settled", "paid_above_arranged", "surplus_beside_excess"})

_WORDS = {
    "sum_differs": "明细之和与公布合计不符",
    "sources_differ": "资金来源之和与公布合计不符",
    "sum_undecided": "有金额未载或未能读出，所列之和不能与公布合计比对",
    "subtotal_differs": "合计行（小计行）与所列各行之和不符",
    "nothing_listed": "原文只载合计，未载资金来源与明细",
    "within_rounding": "差额在公布数字的进位误差之内",
    "amount_blank": "原文未载金额",
    "amount_zero": "原文所载金额为零",
    "amount_unreadable": "所载金额本台账未能读作数字，照录不计",
    "unit_unknown": "所载金额单位本台账不识，照录不计",
    "total_blank": "原文未载合计",
    "total_unreadable": "所载合计本台账未能读作数字，照录不计",
    "source_unstated": "原文未载所用资金来源",
    "source_unmatched": "所载资金来源本台账未能与所列来源对应",
    "source_level_differs": "该行所载资金级次与所列唯一来源不同",
    "unsorted": "本台账未能归类，照录不计入变动",
    "date_unreadable": "所载日期本台账未能读出",
    "document_year_differs": "同一文号所载年份不一致",
    "mirror_source": "转录自非政府网址的镜像页面，引用前应核对原件",
    "incomplete": "转录为节选，明细不全",
    "derived_source": "转录人按合计推算，原文未载",
    "derived_line": "转录人推算，原文未载",
    "duplicate_line": "与前面一行完全相同",
    "split_differs": "分项之和与该行金额不符",
    "subtotal_line": "原文合计或小计行，不重复计算",
    "window_reversed": "公示起止日期先后颠倒",
    "posted_late": "公布日期晚于公示期",
    "paid_above_settled": "已支付金额多于结算金额",
    "paid_above_arranged": "已支付金额多于安排金额",
    "surplus_beside_excess": "完成或结算金额多于安排金额，同时列有结余",
}
# What an excerpt leaves out may stand in the rest of the paper: that is said of the part that is here.
_OF_EXCERPTS = {
    "amount_blank": "所转录的部分未载金额",
    "total_blank": "所转录的部分未载合计",
    "source_unstated": "所转录的部分未载所用资金来源",
}
_COLUMNS = {
    "paid": "已支付",
    "settled": "结算",
    "completed": "完成",
    "surplus": "结余",
    "surplus_recovered": "收回结余",
    "mgmt_fee": "管理费",
    "central": "中央资金",
    "province": "省级资金",
    "city": "市级资金",
    "county": "县级资金",
}
# What stands on no public paper: few households or persons, reasons for aid, long numbers.
PRIVATE = re.compile(r"[0-9一二两三四五六七八九十百]+\s*[户人名]|残疾|患病|大病|重病|[0-9]{7,}")
_PARTS = re.compile(r"；|; ")
_COLUMN = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:[= ：](.*))?", re.DOTALL)
_LINE = re.compile(r"(line|source)s? ([0-9]+)(?: \((.*?)\))?(?::.*)?", re.DOTALL)
_MORE = re.compile(r"([0-9]+) more, not listed one by one")
_DAY = re.compile(r"notice_window: (dated|its address bears) (.*)")
_PLACES = {"title": "标题", "notice_window": "公示期"}  # other sentences say themselves what they are about


def finding_words(code: str, where: str, level: str = "") -> str:
    """The sentence of a finding; no code is ever printed."""
    words = (_OF_EXCERPTS.get(code) if level == "information" else "") or _WORDS.get(code, "本台账另有说明，见所附证据")
    if code == "document_year_differs":
        return f"{words}：{where.partition(': ')[2].replace(' and ', '、')}"
    if match := _DAY.fullmatch(where):
        return f"{'所署日期' if match[1] == 'dated' else '网址所含日期'}{match[2]}晚于公示期"
    if match := _MORE.fullmatch(where):
        return f"{words}：另有{match[1]}处，未逐一列出"
    return words


def column_words(heading: str) -> str:
    """A column's heading on paper: as printed, a word of the transcription in Chinese, '' where there is no such word."""
    return _COLUMNS.get(heading, "" if heading.isascii() else heading)


def columns_words(printed: str) -> str:
    """Columns as a finding keeps them, `settled 51；surplus_recovered 2` or `central=90; 户数=74`, as paper may show them.

    Words of the transcription are said in Chinese, or left out; so is what stands on no public paper.
    """
    shown = []
    for part in _PARTS.split(printed):
        match = _COLUMN.fullmatch(part)
        words = f"{column_words(match[1])} {match[2] or ''}".strip() if match and column_words(match[1]) else ""
        shown.append(words if match else part.replace("=", " ", 1))
    return "；".join(part for part in shown if part and not PRIVATE.search(part))


def line_number(where: str) -> tuple[str, int] | None:
    """("line", 3) or ("source", 2), where a finding is about one row."""
    match = _LINE.fullmatch(where)
    return (match[1], int(match[2])) if match else None


def place_words(where: str) -> str:
    """Where a finding belongs, in Chinese: 第3行（睢县）."""
    match = _LINE.fullmatch(where)
    if match:
        return rows_words(match[1], [int(match[2])]) + (f"（{match[3]}）" if match[3] else "")
    return _PLACES.get(where.partition(":")[0], "")


def rows_words(row: str, numbers: Sequence[int]) -> str:
    """Several rows at once: 第1–3、5行."""
    return f"第{'、'.join(_spans(numbers))}{'行' if row == 'line' else '项来源'}"


def _spans(numbers: Iterable[int]) -> list[str]:
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return [str(first) if first == last else f"{first}{'–' if last > first + 1 else '、'}{last}" for first, last in spans]
