"""Rows as columns on a terminal and as CSV: widths by East Asian width, what is too wide cut where a reader misses it least.

A table is described by a dict from a row's key to its heading, `中文 / english`; without the mark the English heading is the
key. Keys ending `_fen` hold money and are shown in yuan.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from ledger import spreadsheet
from ledger.commands.language import one_of
from ledger.commands.shown import plain, shown
from ledger.money import yuan

Row = dict[str, Any]
GAP = "  "
LEAST = 8  # columns that a cell is cut down to at most
LEFT = 3  # columns of a name that stand before its code at least
SHORT = 6  # columns that a part of a cell is cut down to, before the last part is left out
MEASURED = 200  # rows by which the columns of a long table are measured


def width(text: str) -> int:
    """How many columns a terminal gives to a text; ambiguous characters one, marks that combine none."""
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 0 if unicodedata.combining(character) else 1
        for character in text
    )


def cut(text: str, columns: int) -> str:
    """A text in at most so many columns, `…` at the end of what is left out; of parts set apart by two spaces, of the longest first."""
    parts = text.split(GAP)
    while (over := width(GAP.join(parts)) - columns) > 0:
        longest = max(range(len(parts)), key=lambda i: width(parts[i]))
        long, next_long = [*sorted((width(part) for part in parts), reverse=True), 0][:2]
        if long <= SHORT and len(parts) > 1:
            parts.pop()
            continue
        parts[longest] = _shortened(parts[longest], max(long - over, min(next_long, long - 1), SHORT if len(parts) > 1 else 1))
    return GAP.join(parts)


def _shortened(text: str, columns: int) -> str:
    """A text cut at its end; a code in brackets there is kept, and the name before it cut."""
    for left, right in (("〔", "〕"), (" [", "]")):
        name, bracket, code = text.rpartition(left)
        room = columns - width(bracket + code)
        if text.endswith(right) and name and room >= LEFT:
            return _shortened(name, room) + bracket + code
    used = 0
    for place, character in enumerate(text):
        used += width(character)
        if used > columns - 1:
            return text[:place].rstrip() + "…" if width(text) > columns else text
    return text


def aligned(rows: Iterable[Row], columns: dict[str, str], chinese: bool = True, *, flexible: tuple[str, ...] = (),
            columns_there: int | None = None) -> Iterator[str]:  # fmt: skip
    """Rows as lines of columns: numbers to the right; the `flexible` ones are cut, in turn, where a line is too wide."""
    cells = ([_cell(row.get(key), key, chinese) for key in columns] for row in rows)
    first = list(islice(cells, MEASURED))
    heads = [_heading(key, heading, chinese) for key, heading in columns.items()]
    widths = [max(width(line[i]) for line in [heads, *first]) for i in range(len(columns))]
    if columns_there is not None:
        _narrow(widths, [list(columns).index(key) for key in flexible if key in columns], columns_there)
    right = [key.endswith("_fen") or key in ("seq", "n") for key in columns]
    for line in chain([heads], first, cells):
        parts = []
        for cell, to_the_right, columns_of in zip(line, right, widths, strict=True):
            text = cell if to_the_right else cut(cell, columns_of)
            pad = " " * (columns_of - width(text))
            parts.append(pad + text if to_the_right else text + pad)
        yield GAP.join(parts).rstrip()


def _narrow(widths: list[int], flexible: list[int], columns_there: int) -> None:
    """Take what a line is too wide from the flexible columns, always from the widest of them."""
    over = sum(widths) + len(GAP) * (len(widths) - 1) - columns_there
    while over > 0:
        widest = max(flexible, key=lambda i: widths[i], default=None)
        if widest is None or widths[widest] <= LEAST:
            return
        widths[widest] -= 1
        over -= 1


def _heading(key: str, heading: str, chinese: bool) -> str:
    unit = ("(元)" if chinese else " (yuan)") if key.endswith("_fen") else ""
    if chinese or " / " in heading:
        return one_of(heading, chinese) + unit
    return key.removesuffix("_fen").replace("_", " ") + unit


def _cell(value: Any, key: str, chinese: bool) -> str:
    if key.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    return shown(plain(value, chinese))


def csv_lines(rows: Iterable[Row], columns: dict[str, str], chinese: bool) -> Iterator[str]:
    """Rows as CSV that Excel and WPS open: a byte-order mark, headings in words, money in yuan, no cell that would be computed."""
    yield "\ufeff" + _csv_line([_heading(key, heading, chinese) for key, heading in columns.items()])
    for row in rows:
        yield _csv_line([neutral(_csv_cell(row.get(key), key, chinese)) for key in columns])


def _csv_line(cells: list[Any]) -> str:
    raw = io.StringIO()
    csv.writer(raw, lineterminator="\r\n").writerow(cells)
    return raw.getvalue()


def _csv_cell(value: Any, key: str, chinese: bool) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return _Number(yuan(value).replace(",", "")) if key.endswith("_fen") else value
    return plain(value, chinese)


class _Number(str):
    """Digits that stay a number in a spreadsheet."""


def neutral(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(cell, str) and not isinstance(cell, _Number):
        return spreadsheet.neutral(cell)
    return "" if cell is None else cell
