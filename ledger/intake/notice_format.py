"""The format of a published notice: one JSON object, or a list of them.

    {"id": "ha-shangqiu-2019", "title": …, "place": "河南省商丘市", "level": "city", "url": "http…", "date": "2019-05-16",
     "unit": "万元", "total": "5000", "doc_nos": ["商财预[2019]148号"], "notice_window": null, "complete": true,
     "mirror_domain": true, "notes": "…",
     "sources": [{"name": "市级财政资金", "level": "city", "doc_no": "商财预[2019]148号", "amount": "5000"}],
     "lines": [{"no": 1, "name": "梁园区", "place": "梁园区", "content": null, "amount": "280", …}]}

`id title place date unit sources lines` must stand; the rest may be missing or null. Amounts are strings as printed.
"""

import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from ledger.errors import InputRejected, Problem
from ledger.intake import strict_json
from ledger.intake.cells import Row
from ledger.intake.findings import INFORMATION, Finding, at, finding
from ledger.kinds.text import text_fault
from ledger.words import say

MAX_LINES, MAX_SOURCES, MAX_PROBLEMS = 3000, 500, 200
_TOP = frozenset(
    [
        "id",
        "title",
        "place",
        "level",
        "url",
        "date",
        "unit",
        "total",
        "doc_nos",
        "notice_window",
        "complete",
        "mirror_domain",
        "notes",
        "sources",
        "lines",
    ]
)
_SOURCE = frozenset(["name", "level", "doc_no", "amount", "derived"])
_LINE = frozenset(
    [
        "no",
        "name",
        "place",
        "content",
        "amount",
        "unit_responsible",
        "category",
        "extra",
        "derived",
        "derived_extra",
    ]
)


@dataclass(frozen=True, slots=True)
class Source:
    """A source of money as printed; `no` counts from 1."""

    no: int
    name: str | None
    level: str | None
    document_number: str | None
    amount: str | None
    derived: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line as printed; `no` is its position from 1, `printed_no` the number in the table.

    `extra` holds further columns as (heading, text), with the heading '' for a text of its own.
    """

    no: int
    printed_no: str | None
    name: str | None
    place: str | None
    content: str | None
    amount: str | None
    unit_responsible: str | None
    category: str | None
    extra: tuple[tuple[str, str], ...]
    derived: bool
    extra_derived: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice whose shape is right; `remarks` are findings about fields this format does not know."""

    id: str
    title: str
    place: str
    level: str | None
    url: str | None
    date: str
    unit: str
    total: str | None
    document_numbers: tuple[str, ...]
    window: tuple[str, ...]
    complete: bool
    mirror: bool
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    lines: tuple[Line, ...]
    remarks: tuple[Finding, ...]


def read_notices(raw: bytes) -> list[dict[str, Any]]:
    """The notices of a file, text in Unicode normal form C, each of the right shape and with an id of its own.

    Raises:
        InputRejected: INPUT.JSON or INPUT.NOTICE; each problem names the notice (`notice` from 1, `id`) and the field.
    """
    value = strict_json.decode(raw)
    notices = value if isinstance(value, list) else [value]
    if not notices:
        raise InputRejected("INPUT.NOTICE:none", field="")
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, notice in enumerate(notices, 1):
        found = [strict_json.problem(path, fault) for path, fault in strict_json.faults(notice, "")]
        typed = parse_notice(notice, found)
        if typed and seen.setdefault(typed.id, number) != number:
            found.append(Problem("INPUT.NOTICE:twice", other=seen[typed.id], name=typed.id, field="id"))
        problems += [_placed(problem, number, notice) for problem in found]
        if len(problems) >= MAX_PROBLEMS:
            break
    refuse(problems)
    return [_plain(notice) for notice in notices]


def typed_notice(value: object) -> Notice:
    """A notice from its JSON value. Raises InputRejected (INPUT.NOTICE) with every problem of its shape."""
    problems: list[Problem] = []
    notice = parse_notice(value, problems)
    refuse(problems)
    assert notice, "a notice without problems has a shape"
    return notice


def refuse(problems: list[Problem]) -> None:
    """Raise InputRejected with these problems, if there are any."""
    if not problems:
        return
    shown = problems[:MAX_PROBLEMS]
    code = "INPUT.JSON" if any(problem["code"] == "INPUT.JSON" for problem in shown) else "INPUT.NOTICE"
    first = Exception(str(shown[0]["message"]))  # a sentence already: it is not cut again
    raise InputRejected(f"{code}:more" if len(shown) > 1 else f"{code}:one", first=first, more=len(shown) - 1, problems=shown)


def _placed(problem: Problem, number: int, notice: object) -> Problem:
    problem["notice"] = number
    name = notice.get("id") if isinstance(notice, dict) else None
    if isinstance(name, str):
        problem["id"] = name[:60].encode("utf-8", "replace").decode("utf-8")
    problem.said |= {"notice"}
    return problem.under(say("PLACE:notice", {"notice": number}))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def parse_notice(value: object, problems: list[Problem]) -> Notice | None:
    """A notice from its JSON value; what is wrong with its shape is added to `problems`."""
    row = Row.of(value, "", problems)
    if row is None:
        return None
    before = len(problems)
    remarks = _unknown(row, _TOP, "notice")
    sources = [_source(item, no, remarks) for no, item in enumerate(row.rows("sources", MAX_SOURCES), 1)]
    lines = [_line(item, no, remarks) for no, item in enumerate(row.rows("lines", MAX_LINES), 1)]
    notice = Notice(
        id=row.required("id"),
        title=row.required("title"),
        place=row.required("place"),
        level=row.text("level"),
        url=row.address("url"),
        date=row.required("date"),
        unit=row.required("unit"),
        total=row.amount("total"),
        document_numbers=row.texts("doc_nos", MAX_SOURCES),
        window=row.texts("notice_window", 2),
        complete=row.flag("complete"),
        mirror=row.flag("mirror_domain"),
        notes=row.paragraphs("notes"),
        sources=tuple(sources),
        lines=tuple(lines),
        remarks=tuple(remarks),
    )
    return notice if len(problems) == before else None


def _source(row: Row, no: int, remarks: list[Finding]) -> Source:
    remarks += _unknown(row, _SOURCE, at("source", no, None))
    return Source(
        no, row.text("name"), row.text("level"), row.text("doc_no"), row.amount("amount"), row.flag("derived")
    )


def _line(row: Row, no: int, remarks: list[Finding]) -> Line:
    remarks += _unknown(row, _LINE, at("line", no, None))
    return Line(
        no=no,
        printed_no=row.number_or_text("no"),
        name=row.text("name"),
        place=row.text("place"),
        content=row.text("content"),
        amount=row.amount("amount"),
        unit_responsible=row.text("unit_responsible"),
        category=row.text("category"),
        extra=row.columns("extra"),
        derived=row.flag("derived"),
        extra_derived=row.flag("derived_extra"),
    )


def _unknown(row: Row, known: frozenset[str], where: str) -> list[Finding]:
    """Findings that keep what stands in fields this format does not know."""
    keys = sorted(key for key in row.value if isinstance(key, str) and key not in known)
    return [finding("field_unknown", INFORMATION, where, printed=_json(key, row.value[key])) for key in keys]


def _json(key: str, value: object) -> str:
    try:
        text = json.dumps({key: value}, ensure_ascii=False)
        return text if not text_fault(text) else json.dumps({key: value})
    except (TypeError, ValueError, RecursionError):
        return key
