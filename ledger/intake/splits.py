"""Which sources a line's amount comes from: its own split, the source it names, the only source, or all sources where it equals their sum.

Where none of these holds there are no legs, and it is told why: the line names a level that is not the only source's, it
names a source that our rules cannot match, or it states none. Sources are never assigned by guess.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.intake.columns import remarks
from ledger.intake.document_numbers import read_document_numbers
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
_PART = re.compile(r"([^0-9+＋、,，;；:：]{2,30})[:：]?\s*([0-9]+(?:\.[0-9]+)?)(万元|元)?")
_AMONG = re.compile(r"^其中[:：]?")
_ASIDE = re.compile(r"[(（]([^()（）]{2,30})[)）]$")
# 省级衔接资金, 使用中央资金, 列支市级: a level in a remark, where it speaks of money
_LEVEL_OF_MONEY = re.compile(
    r"(中央|自治区|(?<![小社园片景灾牧林山库湖])[省市州盟县区旗](?=级|本级|财政|配套|衔接|补助|专项|扶贫))"
    r"[^，,。；;、()（）]{0,12}?(?:资金|经费|指标|财政|配套|列支|安排|承担|补助)"
)
_LEVEL_LETTERS = {"中央": "central", "自治区": "province", "省": "province", "市": "city", "州": "city", "盟": "city",
                  "县": "county", "区": "county", "旗": "county"}  # fmt: skip
_JOIN = re.compile(r"[+＋、,，;；]")


@dataclass(frozen=True, slots=True)
class Money:
    """A source that became a quota; `amount` is 0 where the source moved nothing. `numbers` are its document numbers."""

    quota: str
    name: str
    level: str
    amount: Fen
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The legs of a line as (quota, amount); None where its source is not known, for the reason that `fault` tells.

    `fault` is the code of a finding: split_differs, source_level_differs, source_unmatched, source_unstated; or ''.
    """

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


def take(line: Line, amount: Fen, unit: str, sources: Sequence[Money], *, county_city: bool = False) -> Taken:
    """The legs of a line's `amount` over the notice's sources; their sum is the amount.

    `county_city`: the notice is of a county that is called a city, whose 市级 may mean the county.
    """
    usable = [source for source in sources if source.amount]
    own = (
        _by_columns(line, amount, unit, usable)
        or _by_text(line, amount, unit, usable)
        or _by_name(line, amount, usable, county_city)
    )
    if own:
        if own.legs is None and own.fault == "source_unmatched" and len(sources) == 1 and usable:
            named = {level for text in _said(line) for level in _levels_in(text)}
            words = [line.category, *_said(line), *(heading for heading, text in line.extra if text.strip("0. "))]
            named |= {level for word in words if (level := level_word(word))}
            if named and not _fits(named, usable[0].level, county_city):
                return Taken(None, "source_level_differs")
            return Taken(((usable[0].quota, amount),))
        return own
    if len(sources) == 1 and usable:
        return Taken(((usable[0].quota, amount),))
    if usable and len(usable) == len(sources) and amount == sum(source.amount for source in usable):
        return Taken(tuple((source.quota, source.amount) for source in usable))
    return Taken(None, "source_unstated")


def _fits(named: set[str], level: str, county_city: bool) -> bool:
    """Whether the levels a line names may be that of its source: a mixed source, and one of no level, contradicts nothing."""
    if level not in _LEVEL_WORDS or named == {level}:
        return True
    return county_city and named == {"city"} and level == "county"


def _by_columns(line: Line, amount: Fen, unit: str, sources: Sequence[Money]) -> Taken | None:
    parts = []
    for heading, text in line.extra:
        level, named = level_word(heading), _named(heading, sources) if len(heading) > 3 else None
        if level or named:
            parts.append((named or _at_level(level, sources), read_cell(text, unit)))
    if not parts or not any(cell.fen is not None for _, cell in parts):
        return None
    if not _adds_up([cell for _, cell in parts], amount):
        return Taken(None, "split_differs")
    return _legs([(source, cell.moves) for source, cell in parts if cell.moves])


def _by_text(line: Line, amount: Fen, unit: str, sources: Sequence[Money]) -> Taken | None:
    for _, text in remarks(line):
        among = bool(_AMONG.match(text))
        matches = [_PART.fullmatch(part.strip()) for part in _JOIN.split(_AMONG.sub("", text))]
        parts = [(_named(match[1], sources) or _at_level(level_word(match[1]), sources), read_cell(match[2], match[3] or unit))
                 for match in matches if match]  # fmt: skip
        if len(parts) < len(matches) or not all(source for source, _ in parts):
            continue
        cells = [cell for _, cell in parts]
        if not _adds_up(cells, amount):
            return Taken(None, "source_unmatched" if among and sum(c.moves for c in cells) < amount else "split_differs")
        return _legs([(source, cell.moves) for source, cell in parts if cell.moves])
    return None


def _by_name(line: Line, amount: Fen, sources: Sequence[Money], county_city: bool) -> Taken | None:
    """The one source that the line or its remark names: by document number, by name, or by level."""
    named: dict[str, Money] = {}
    speaks = False
    for text in (line.category or "", *_said(line)):
        found, spoke = _sources_in(text, sources, county_city)
        speaks = speaks or spoke
        named |= {source.quota: source for source in found}
    if len(sources) != 1:  # what is done may be paid by more than the line's own amount: it names a source, but not which part
        speaks = speaks or _sources_in(line.content or "", sources, county_city)[1]
    if len(named) == 1:
        return Taken(((next(iter(named)), amount),))
    return Taken(None, "source_unmatched") if speaks or named else None


def _said(line: Line) -> Iterator[str]:
    """What a line says beside its amount where a source may be named: its remarks, its name, and a word in brackets after it."""
    yield from (text for _, text in remarks(line))
    if "资金" in (line.name or ""):  # else 县财政局 would name a source
        yield line.name or ""
    aside = _ASIDE.search(line.name or "")
    if aside:
        yield aside[1]


def _sources_in(text: str, sources: Sequence[Money], county_city: bool) -> tuple[list[Money], bool]:
    """The sources a text names, and whether it speaks of a source at all."""
    numbers = {number.number for number in read_document_numbers(text) if number.issuer}
    if numbers:
        by_number = [source for source in sources if numbers & set(source.numbers)]
        if by_number:
            return by_number, True
    by_name = [s for s in sources if s.name and (s.name == text or (len(s.name) > 3 and s.name in text) or (len(text) > 3 and text in s.name))]
    if by_name:
        return by_name, True
    levels = {level} if (level := level_word(text)) else set(_levels_in(text))
    if levels == {"city"} and county_city and not any(source.level == "city" for source in sources):
        levels = {"county"}
    found = [source for level in levels if (source := _at_level(level, sources))]
    return (found if len(found) == len(levels) else []), bool(levels or numbers)


def _levels_in(text: str) -> Iterator[str]:
    for match in _LEVEL_OF_MONEY.finditer(text):
        yield _LEVEL_LETTERS[match[1]]


def _adds_up(cells: Sequence[Cell], amount: Fen) -> bool:
    readable = all(cell.fault in ("", "amount_zero", "amount_blank") for cell in cells)
    return readable and sum(cell.moves for cell in cells) == amount


def _legs(parts: Sequence[tuple[Money | None, Fen]]) -> Taken:
    quotas = [source.quota for source, _ in parts if source]
    if len(quotas) < len(parts) or len(set(quotas)) < len(quotas):
        return Taken(None, "source_unmatched")
    return Taken(tuple((source.quota, amount) for source, amount in parts if source))


def _at_level(level: str, sources: Sequence[Money]) -> Money | None:
    found = [source for source in sources if source.level == level]
    return found[0] if len(found) == 1 else None


def _named(words: str, sources: Sequence[Money]) -> Money | None:
    found = [source for source in sources if source.name and words.strip() in source.name]
    return found[0] if len(found) == 1 else None
