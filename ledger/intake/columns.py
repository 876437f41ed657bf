"""Further columns of a table, by what their headings mean: what was paid, settled, left over, and which source is named.

Headings are those of published tables (已支付（万元）, 审定金额) and the transcription's own words (settled, surplus_recovered).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ledger.intake.notice_format import Line
from ledger.intake.place_names import compact
from ledger.intake.printed_amounts import Cell, read_cell
from ledger.money import FEN_PER

PAID, SETTLED, COMPLETED, SURPLUS, FEE = "paid", "settled", "completed", "surplus", "fee"
_MEANINGS = (
    (PAID, re.compile(r"(?:累计|实际|已)?(?:支付|拨付|支出|报账)(?:资金|金额|数额|数|额)?|实拨(?:资金|金额)?|paid|disbursed")),
    (SETTLED, re.compile(r"(?:工程)?(?:结算|审定|决算)(?:审定)?(?:资金|金额|价款|价|额)?|settled")),
    (COMPLETED, re.compile(r"(?:实际|已|累计)?完成(?:投资|资金|金额|总投资)(?:额)?|completed")),
    (SURPLUS, re.compile(r"(?:项目|资金|收回)*(?:结余|剩余)(?:资金|金额|收回|数)*|收回(?:资金|金额)|surplus|surplus_recovered")),
    (FEE, re.compile(r"(?:项目)?管理费(?:用)?|mgmt_fee")),
)
_SOURCE = re.compile(r"备\s*注|说\s*明|(?:资金|经费)?来源|资金(?:渠道|名称|类别|性质|级次)|(?:指标)?文号|source|remarks?|notes?|doc_no|fund")
_TELLS_OF_PAYMENT = re.compile(r"支付|拨付|支出|报账|拨款")
_NO_AMOUNT = re.compile(r"率|比例|占比|进度|时间|日期|单位|方式|凭证|文号|科目|方向|内容|标准|%|％")
_DIGIT = re.compile(r"[0-9]")
_UNIT_ASIDE = re.compile(r"[(（]\s*(?:单位[:：])?\s*([^()（）]{1,4})\s*[)）]$")
_AMOUNT = re.compile(r"([0-9][0-9.]*)\s*(万元|亿元|元)?")
_IN_TEXT = re.compile(r"(?:已|累计|实际)(?:支付|拨付|支出|报账)(?:资金|金额)?\s*([0-9][0-9.]*)\s*(万元|亿元|元)")


@dataclass(frozen=True, slots=True)
class Money:
    """A further amount of a line: what it means, where it was read, and the amount."""

    meaning: str
    printed: str
    cell: Cell


def money_columns(line: Line, unit: str) -> Iterator[Money]:
    """Every further amount of a line whose heading tells what it is; what was worked out by the transcriber is left out."""
    if line.extra_derived:
        return
    for heading, text in line.extra:
        title, own = _titled(heading, unit)
        meaning = next((name for name, words in _MEANINGS if words.fullmatch(title)), "")
        shown = f"{heading} {text}".strip()
        if meaning:
            yield Money(meaning, shown, _cell(text, own))
        elif found := _IN_TEXT.search(text):
            yield Money(PAID, shown, read_cell(found[1], found[2]))
        elif _TELLS_OF_PAYMENT.search(f"{heading}{text}") and _DIGIT.search(text) and not _NO_AMOUNT.search(heading):
            yield Money(PAID, shown, Cell(text, None, "amount_unreadable"))


def remarks(line: Line) -> Iterator[tuple[str, str]]:
    """The further columns that are remarks, or that name a source, as (heading, text)."""
    if not line.extra_derived:
        yield from ((heading, text) for heading, text in line.extra if not heading or _SOURCE.fullmatch(compact(heading)))


def _titled(heading: str, unit: str) -> tuple[str, str]:
    """A heading without blanks and the unit in its brackets, and that unit, else the notice's."""
    title = compact(heading)
    aside = _UNIT_ASIDE.search(title)
    if aside and aside[1] in FEN_PER:
        return title[: aside.start()], aside[1]
    return title, unit


def _cell(text: str, unit: str) -> Cell:
    match = _AMOUNT.fullmatch(text.strip())
    return read_cell(match[1], match[2] or unit) if match else Cell(text, None, "amount_unreadable")
