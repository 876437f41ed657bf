"""Document numbers (文号) as printed and in their one normal form, 〔〕: 豫财农﹝2017﹞191号 → 豫财农〔2017〕191号.

A prefix may hold brackets of its own (某财(农)指〔2024〕17号), and one year may stand before several serial numbers
(某财预[2018]148、149、250号): each of them is a number for itself, and the printed form is the whole of what is printed.
A document number is an attribute, never an id: a source may have none, two, or one it shares with another source.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_OPEN, _CLOSE = r"〔﹝\[（(［【", r"〕﹞\]）)］】"
_WORD = rf"[^\s{_OPEN}{_CLOSE}、，,;；。:：号《》“”]"
_ASIDE = rf"\s*[{_OPEN}]\s*(?!\s*[0-9]{{4}}\s*[{_CLOSE}])[^\s{_OPEN}{_CLOSE}号《》]{{1,10}}\s*[{_CLOSE}]\s*"
_SERIAL = r"[0-9]{1,6}(?:\s*[-—–~～至]\s*[0-9]{1,6})?(?!\s*[0-9年月日个项家村镇乡户人万元%])"
_JOIN = r"\s*(?:[、，,;；]|和|及|与)\s*"
_NUMBER = re.compile(
    rf"((?:{_WORD}|(?<=[^\s])(?:{_ASIDE})){{1,60}})\s*[{_OPEN}]\s*([0-9]{{4}})\s*年?\s*[{_CLOSE}]\s*"
    rf"((?:第?\s*{_SERIAL}\s*号?{_JOIN})*第?\s*{_SERIAL}\s*号?)"
)
_EACH = re.compile(_SERIAL)
_JOINING = "和及与"
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """One number; `issuer` is '' where the printed text is not of the usual form, and `number` is then as printed."""

    printed: str
    number: str
    issuer: str = ""
    year: str = ""
    serial: str = ""


def read_document_numbers(printed: str) -> list[DocumentNumber]:
    """Every number that stands in `printed`; the text itself as one number where none is of the usual form.

    >>> [n.number for n in read_document_numbers("豫财农(2017)191号、郑财预[2017] 814、815号")]
    ['豫财农〔2017〕191号', '郑财预〔2017〕814号', '郑财预〔2017〕815号']
    """
    found = [number for match in _NUMBER.finditer(printed) for number in _numbers(match)]
    return found or [DocumentNumber(printed, printed)]


def _numbers(match: re.Match[str]) -> Iterator[DocumentNumber]:
    """The numbers of one issuer and year; the printed form of each is the whole."""
    issuer, year = _BLANKS.sub("", match[1]).lstrip(_JOINING), match[2]
    whole = match[0].lstrip(_JOINING).strip()
    for serial in (_BLANKS.sub("", part) for part in _EACH.findall(match[3])):
        yield DocumentNumber(whole, f"{issuer}〔{year}〕{serial}号", issuer, year, serial)


def normal_form(printed: str) -> str:
    """The numbers of `printed` in their normal form, joined by 、 where there are several."""
    return "、".join(number.number for number in read_document_numbers(printed))


def differing_years(numbers: Iterable[DocumentNumber]) -> Iterator[tuple[DocumentNumber, DocumentNumber]]:
    """Pairs of one issuer and serial whose years differ: one of the two is likely a misprint."""
    first: dict[tuple[str, str], DocumentNumber] = {}
    told: set[tuple[str, str]] = set()
    for number in numbers:
        if not number.issuer:
            continue
        earlier = first.setdefault((number.issuer, number.serial), number)
        if earlier.year != number.year and (earlier.number, number.number) not in told:
            told.add((earlier.number, number.number))
            yield earlier, number
