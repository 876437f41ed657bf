"""Which sources a line's amount comes from: its own split, the only source, or all sources where it equals their sum.

Where none of these holds the source is unstated, and the answer is None; sources are never assigned by guess.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.intake.notice_format import Line
from ledger.intake.printed_amounts import Cell, read_cell
from ledger.money import Fen

_LEVEL_WORDS = {
    "central": ("central", "中央", "中央级"),
    "province": ("province", "provincial", "省", "省级", "省本级", "自治区", "自治区级"),
    "city": ("city", "市", "市级", "市本级", "州级", "盟级"),
    "county": ("county", "县", "县级", "县本级", "区级", "区本级", "旗级"),
}
_FUND_ENDING = re.compile(r"(?:财政)?(?:衔接|专项|扶贫|补助|配套)*(?:资金)?$")
_PART = re.compile(r"([^0-9+＋、,，;；]{2,30})([0-9]+(?:\.[0-9]+)?)(?:万元|元)?")
_JOIN = re.compile(r"[+＋、,，;；]")


@dataclass(frozen=True, slots=True)
class Money:
    """A source that became a quota; `amount` is 0 where the source moved nothing."""

    quota: str
    name: str
    level: str
    amount: Fen


@dataclass(frozen=True, slots=True)
class Taken:
    """The legs of a line as (quota, amount); None where its source is unstated. `fault` is the code of a bad split."""

    legs: tuple[tuple[str, Fen], ...] | None
    fault: str = ""


def level_word(text: str | None) -> str:
    """The source level a word names, or ''.

    >>> level_word("central"), level_word("省级资金"), level_word("产业发展")
    ('central', 'province', '')
    """
    if not text:
        return ""
    words = {text, _FUND_ENDING.sub("", text)}
    return next((level for level, names in _LEVEL_WORDS.items() if words & set(names)), "")


def names_levels(extra: Sequence[tuple[str, str]]) -> bool:
    """Whether further columns split a line over source levels."""
    return any(level_word(heading) for heading, _ in extra)


def take(line: Line, amount: Fen, unit: str, sources: Sequence[Money]) -> Taken:
    """The legs of a line's `amount` over the notice's sources; their sum is the amount."""
    usable = [source for source in sources if source.amount]
    own = (
        _by_columns(line, amount, unit, usable)
        or _by_text(line, amount, unit, usable)
        or _by_word(line, amount, usable)
    )
    if own:
        return own
    if len(sources) == 1 and usable:
        return Taken(((usable[0].quota, amount),))
    if usable and len(usable) == len(sources) and amount == sum(source.amount for source in usable):
        return Taken(tuple((source.quota, source.amount) for source in usable))
    return Taken(None)


def _by_columns(line: Line, amount: Fen, unit: str, sources: Sequence[Money]) -> Taken | None:
    parts = [(level_word(head), read_cell(text, unit)) for head, text in line.extra if level_word(head)]
    if not parts:
        return None
    if not _adds_up([cell for _, cell in parts], amount):
        return Taken(None, "split_differs")
    return _legs([(_at_level(level, sources), cell.moves) for level, cell in parts if cell.moves])


def _by_text(line: Line, amount: Fen, unit: str, sources: Sequence[Money]) -> Taken | None:
    for text in (text for heading, text in line.extra if not heading):
        matches = [_PART.fullmatch(part.strip()) for part in _JOIN.split(text)]
        parts = [(_named(match[1], sources), read_cell(match[2], unit)) for match in matches if match]
        if len(parts) < len(matches) or not all(source for source, _ in parts):
            continue
        if not _adds_up([cell for _, cell in parts], amount):
            return Taken(None, "split_differs")
        return _legs([(source, cell.moves) for source, cell in parts if cell.moves])
    return None


def _by_word(line: Line, amount: Fen, sources: Sequence[Money]) -> Taken | None:
    words = [line.category, *(text for heading, text in line.extra if not heading)]
    level = next((level for word in words if (level := level_word(word))), "")
    return _legs([(_at_level(level, sources), amount)]) if level else None


def _adds_up(cells: Sequence[Cell], amount: Fen) -> bool:
    readable = all(cell.fault in ("", "amount_zero", "amount_blank") for cell in cells)
    return readable and sum(cell.moves for cell in cells) == amount


def _legs(parts: Sequence[tuple[Money | None, Fen]]) -> Taken:
    quotas = [source.quota for source, _ in parts if source]
    if len(quotas) < len(parts) or len(set(quotas)) < len(quotas):
        return Taken(None)
    return Taken(tuple((source.quota, amount) for source, amount in parts if source))


def _at_level(level: str, sources: Sequence[Money]) -> Money | None:
    found = [source for source in sources if source.level == level]
    return found[0] if len(found) == 1 else None


def _named(words: str, sources: Sequence[Money]) -> Money | None:
    found = [source for source in sources if words.strip() in source.name]
    return found[0] if len(found) == 1 else None
