"""One JSON object read field by field: each reader gives the typed value, or notes a problem that names the cell."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from ledger.errors import Problem
from ledger.intake.strict_json import NumberText, printable
from ledger.kinds.text import text_fault
from ledger.words import Fault

MAX_TEXT = 1000
MAX_PARAGRAPHS = 200
MAX_COLUMNS = 60


class Row:
    """An object at `path` (`lines[2]`, '' for the notice itself) with the list its problems go to."""

    def __init__(self, value: dict[str, Any], path: str, problems: list[Problem]) -> None:
        self.value = value
        self._path = path
        self._problems = problems

    @classmethod
    def of(cls, value: object, path: str, problems: list[Problem]) -> "Row | None":
        """A row, or None with a problem where the value is not an object with text keys."""
        if not isinstance(value, dict):
            problems.append(_problem(path, _other(value, "object")))
            return None
        row = cls(value, path, problems)
        for key in value:
            if not isinstance(key, str):
                row._wrong(str(key)[:60], Fault("CELL:key"))
            elif fault := text_fault(unicodedata.normalize("NFC", key)) or _too_long(key):
                row._wrong(printable(key), Fault("CELL:key_text", why=fault))
        return row

    def text(self, key: str) -> str | None:
        """A single line of text, in normal form C; None for null, a missing field and an empty cell."""
        return self._text(self.value.get(key), key)

    def required(self, key: str) -> str:
        """A single line of text that must stand; '' beside a problem."""
        before = len(self._problems)
        text = self.text(key)
        if (text is None or not text.strip()) and len(self._problems) == before:
            self._wrong(key, Fault("CELL:missing"))
        return text or ""

    def amount(self, key: str) -> str | None:
        """An amount as printed: text or null. A JSON number has lost how it was printed, and is refused."""
        value = self.value.get(key)
        if isinstance(value, NumberText | int | float) and not isinstance(value, bool):
            self._wrong(key, Fault("CELL:number"))
            return None
        return self._text(value, key)

    def number_or_text(self, key: str) -> str | None:
        """A running number: a small integer or text."""
        value = self.value.get(key)
        return str(value) if type(value) is int and abs(value) < 10**15 else self._text(value, key)

    def flag(self, key: str) -> bool:
        """true or false; a missing field or null is false."""
        value = self.value.get(key)
        if value is not None and type(value) is not bool:
            self._wrong(key, _other(value, "flag"))
        return value is True

    def address(self, key: str) -> str | None:
        """A web address of scheme http or https."""
        text = self.text(key)
        if text and not text.startswith(("https://", "http://")):
            self._wrong(key, Fault("CELL:address"))
        return text

    def texts(self, key: str, limit: int) -> tuple[str, ...]:
        """A list of single lines of text; null and a missing list are empty."""
        found = (self._text(value, f"{key}[{index}]") for index, value in self._items(key, limit))
        return tuple(text for text in found if text is not None)

    def paragraphs(self, key: str) -> tuple[str, ...]:
        """Longer text, line by line."""
        value = self.value.get(key)
        if not isinstance(value, str):
            text = self._text(value, key)
            return (text,) if text else ()
        parts = value.replace("\r\n", "\n").split("\n")
        if len(parts) > MAX_PARAGRAPHS:
            self._wrong(key, Fault("CELL:lines", limit=MAX_PARAGRAPHS))
            return ()
        return tuple(text for part in parts if (text := self._text(part, key)))

    def rows(self, key: str, limit: int) -> Iterator["Row"]:
        """The objects of a list that must stand, though it may be empty."""
        if key not in self.value:
            self._wrong(key, Fault("CELL:missing"))
        for index, value in self._items(key, limit):
            row = Row.of(value, self._at(f"{key}[{index}]"), self._problems)
            if row:
                yield row

    def columns(self, key: str) -> tuple[tuple[str, str], ...]:
        """Further columns: text, or an object of texts."""
        value = self.value.get(key)
        if not isinstance(value, dict):
            text = self._text(value, key)
            return (("", text),) if text else ()
        row = Row.of(value, self._at(key), self._problems)
        if row is None or len(value) > MAX_COLUMNS:
            self._wrong(key, Fault("CELL:columns", limit=MAX_COLUMNS))
            return ()
        named = [(unicodedata.normalize("NFC", str(name)), row.amount(name)) for name in value]
        return tuple((name, text) for name, text in named if text is not None)

    def _items(self, key: str, limit: int) -> list[tuple[int, object]]:
        value = self.value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self._wrong(key, _other(value, "list"))
            return []
        if len(value) > limit:
            self._wrong(key, Fault("CELL:items", count=len(value), limit=limit))
            return []
        return list(enumerate(value))

    def _text(self, value: object, key: str) -> str | None:
        if value is None:
            return None
        if isinstance(value, NumberText) or not isinstance(value, str):
            self._wrong(key, _other(value, "text"))
            return None
        text = unicodedata.normalize("NFC", value)
        if fault := _too_long(text) or text_fault(text):
            self._wrong(key, fault)
            return None
        return text or None

    def _wrong(self, key: str, fault: Fault) -> None:
        self._problems.append(_problem(self._at(printable(key)), fault))

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def _problem(path: str, fault: Fault) -> Problem:
    return Problem("INPUT.NOTICE:cell" if path else "INPUT.NOTICE:whole", field=path, why=fault)


def _too_long(text: str) -> Fault | None:
    return Fault("CELL:long", count=len(text), limit=MAX_TEXT) if len(text) > MAX_TEXT else None


def _other(value: object, expected: str) -> Fault:
    """What stands in a cell is of another sort than what is expected there."""
    return Fault("CELL:sort", found=Fault(f"SORT:{_sort(value)}"), expected=Fault(f"SORT:{expected}"))


def _sort(value: object) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, NumberText | int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return "list"
    return "null" if value is None else "object"
