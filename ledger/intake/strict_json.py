"""JSON as one strict text: UTF-8 without BOM, keys once, no NaN, little nesting; numbers beyond small integers stay text.

What is wrong is told with its place: the line and column of a syntax error, the path (`lines[2].amount`) of a value.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ledger.errors import InputRejected, Problem
from ledger.words import Fault

MAX_BYTES = 20_000_000
MAX_DEPTH = 16
_TOKENS = re.compile(
    r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL
)  # an open string runs to the end


class NumberText(str):
    """A JSON number that is not a small integer, as its digits stand in the file."""


class Object(dict[str, Any]):
    """A JSON object that remembers which of its keys stood twice."""

    repeated: tuple[str, ...] = ()


def decode(raw: bytes) -> Any:
    """The value of a JSON text; objects are `Object`, floats and long integers `NumberText`.

    Raises:
        InputRejected: INPUT.JSON, naming the byte, or the line and column.
    """
    text = _text(raw)
    _refuse_deep(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=NumberText,
            parse_int=_integer,
            parse_constant=NumberText,
        )
    except json.JSONDecodeError as error:
        raise InputRejected("INPUT.JSON:syntax", line=error.lineno, column=error.colno) from None
    except (RecursionError, ValueError) as error:
        raise InputRejected("INPUT.JSON:unreadable", type=type(error).__name__) from None


def _text(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise InputRejected("INPUT.JSON:size", size=f"{len(raw):,}", limit=f"{MAX_BYTES:,}")
    if raw[:3] == b"\xef\xbb\xbf" or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputRejected("INPUT.JSON:bom")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRejected("INPUT.JSON:utf8", byte=error.start) from None


def _refuse_deep(text: str) -> None:
    depth = 0
    for match in _TOKENS.finditer(text):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, match.start()) + 1
            raise InputRejected("INPUT.JSON:deep", line=line, limit=MAX_DEPTH)


def _object(pairs: list[tuple[str, Any]]) -> Object:
    found = Object(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        found.repeated = tuple(sorted(key for key, count in counts.items() if count > 1))
    return found


def _integer(digits: str) -> int | NumberText:
    return int(digits) if len(digits) <= 15 else NumberText(digits)


def faults(value: Any, path: str) -> Iterator[tuple[str, Fault]]:
    """(path, fault) of every repeated key and every number that is none (NaN, Infinity), anywhere in a value."""
    if isinstance(value, NumberText) and value.lstrip("-")[:1].isalpha():
        yield path, Fault("INPUT.JSON:nan", text=str(value))
    elif isinstance(value, dict):
        for key in getattr(value, "repeated", ()):
            yield f"{path}.{printable(key)}".lstrip("."), Fault("INPUT.JSON:twice")
        for key, item in value.items():
            yield from faults(item, f"{path}.{printable(key)}".lstrip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults(item, f"{path}[{index}]")


def printable(key: str) -> str:
    """A key as a path may show it: at most 60 characters, none of them a control or a surrogate."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in key[:60])


def problem(path: str, fault: Fault) -> Problem:
    """One fault of the text as a problem that names its place."""
    return Problem("INPUT.JSON:at" if path else "INPUT.JSON:file", field=path, why=fault)
