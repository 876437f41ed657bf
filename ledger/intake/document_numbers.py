"""Document numbers (文号) as printed and in their one normal form, 〔〕: 豫财农﹝2017﹞191号 → 豫财农〔2017〕191号.

A document number is an attribute, never an id: a source may have none, two, or one it shares with another source.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_OPEN, _CLOSE = r"[〔﹝\[（(]", r"[〕﹞\]）)]"
_NUMBER = re.compile(
    rf"([^\s〔﹝\[（(〕﹞\]）)、，,;；。号《》]{{1,40}})\s*{_OPEN}\s*([0-9]{{4}})\s*{_CLOSE}\s*第?\s*([0-9]{{1,6}})\s*号?"
)
_JOINING = "和及与"


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

    >>> [n.number for n in read_document_numbers("豫财农(2017)191号、郑财预[2017] 814号")]
    ['豫财农〔2017〕191号', '郑财预〔2017〕814号']
    """
    found = [_number(match) for match in _NUMBER.finditer(printed)]
    return found or [DocumentNumber(printed, printed)]


def _number(match: re.Match[str]) -> DocumentNumber:
    issuer = match[1].lstrip(_JOINING)
    year, serial = match[2], match[3]
    return DocumentNumber(match[0].lstrip(_JOINING), f"{issuer}〔{year}〕{serial}号", issuer, year, serial)


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
