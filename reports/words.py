"""The Chinese of findings on public paper: what is missing or does not add up, said of the figures and of nobody."""

import re

# Remarks for whoever keeps the ledger; a reader of the paper has no use for them.
HIDDEN = frozenset({"further_columns", "field_unknown", "line_number_differs", "level_differs", "code_unknown",
                    "name_abbreviated", "document_number_unusual", "derived_column", "level_unknown"})  # fmt: skip

_WORDS = {
    "sum_differs": "明细之和与公布合计不符",
    "sources_differ": "资金来源之和与公布合计不符",
    "within_rounding": "差额在公布数字的进位误差之内",
    "amount_blank": "原文未载金额",
    "amount_zero": "原文所载金额为零",
    "amount_unreadable": "原文所载金额不能读作数字，照录不计",
    "unit_unknown": "原文金额单位不明，照录不计",
    "total_blank": "原文未载合计",
    "total_unreadable": "原文合计不能读作数字，照录不计",
    "source_unstated": "原文未载所用资金来源",
    "unsorted": "原文此行性质不明，照录不计入变动",
    "date_unreadable": "原文日期不能读出",
    "document_year_differs": "同一文号所载年份不一致",
    "mirror_source": "转录自非政府网址的镜像页面，引用前应核对原件",
    "incomplete": "转录为节选，明细不全",
    "derived_source": "转录人按合计推算，原文未载",
    "derived_line": "转录人推算，原文未载",
    "duplicate_line": "与前面一行完全相同",
    "split_differs": "分项之和与该行金额不符",
    "subtotal_line": "原文小计行，不重复计算",
    "window_reversed": "公示起止日期先后颠倒",
}
_LINE = re.compile(r"(line|source)s? ([0-9]+)(?: \((.*?)\))?(?::.*)?", re.DOTALL)
_PLACES = {
    "lines": "明细",
    "sources": "资金来源",
    "total": "合计",
    "date": "日期",
    "title": "标题",
    "unit": "单位",
}


def finding_words(code: str, where: str) -> str:
    """The sentence of a finding; a code without one is printed as it is."""
    words = _WORDS.get(code, code)
    if code == "document_year_differs":
        return f"{words}：{where.partition(': ')[2].replace(' and ', '、')}"
    return words


def place_words(where: str) -> str:
    """Where a finding belongs, in Chinese: 第3行（睢县）."""
    match = _LINE.fullmatch(where)
    if match:
        return f"第{match[2]}{'行' if match[1] == 'line' else '项来源'}" + (
            f"（{match[3]}）" if match[3] else ""
        )
    return _PLACES.get(where.partition(":")[0], "")
