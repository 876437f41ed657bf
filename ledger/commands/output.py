"""The only module that prints: answers on stdout, words on stderr, nothing from data that a terminal would obey."""

import csv
import io
import json
import os
import re
import sys
import unicodedata
from contextlib import suppress
from typing import Any

from ledger import words
from ledger.errors import LedgerError, Problem

MAX_LINE = 400
_OBEYED = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
NOT_BOOKS = "管理台账，不是会计账簿，不替代预算管理一体化系统"
NOT_BOOKS_EN = (
    "a ledger for management, not a set of accounts; it does not replace the state's budget systems"
)


def shown(text: object) -> str:
    """Text from data as a terminal may see it: control and direction characters are written out."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", str(text).replace("\n", "\\n"))


def width(text: str) -> int:
    """How many columns a terminal gives to a text."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


class Output:
    """Where answers and words go."""

    def __init__(
        self, *, as_json: bool = False, quiet: bool = False, csv_rows: bool = False, chinese: bool = True
    ) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self.csv_rows = csv_rows
        self.chinese = chinese

    def words(self, zh: str, en: str) -> str:
        """The one of two wordings that is asked for."""
        return zh if self.chinese else en

    def say(self, zh: str, en: str) -> None:
        """Words for a person, on stderr; `--quiet` and `--json` leave them out."""
        if not self.quiet and not self.as_json:
            self.tell(self.words(zh, en))

    def tell(self, line: str) -> None:
        """A line a person must see, on stderr."""
        _write(sys.stderr, shown(line) + "\n")

    def answer(self, command: str, payload: dict[str, Any], lines: list[str]) -> None:
        """The answer, on stdout: one JSON document, or lines for a person."""
        if self.as_json:
            _write(sys.stdout, document(command, payload))
        else:
            _write(sys.stdout, "".join(shown(line) + "\n" for line in lines))

    def table(self, command: str, payload: dict[str, Any], key: str, columns: dict[str, str], *, rows: list[dict[str, Any]] | None = None) -> None:  # fmt: skip
        """Rows under headings; `columns` maps keys of a row to its heading. Keys ending `_fen` are shown in 元.

        `rows` are the same rows in a person's words.
        """
        if self.as_json:
            self.answer(command, payload, [])
        elif self.csv_rows:
            _write(sys.stdout, csv_text(payload[key], columns))
        else:
            self.answer(
                command, payload, aligned(payload[key] if rows is None else rows, columns, self.chinese)
            )

    def error(self, error: LedgerError, fate: str = "") -> None:
        """An error: one line a finding on stderr, and one JSON document on stdout where asked for.

        `fate` says what was recorded, '' where nothing could have been.
        """
        if self.as_json:
            document = {
                "format": "sunledger.error/1",
                "code": error.code,
                "message": shown(error.message),
                "hint": shown(error.hint),
                "fate": fate,
                "problems": [_shown_problem(problem) for problem in error.problems],
            }
            _write(sys.stdout, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        for problem in error.problems:
            _write(sys.stderr, _line(problem, fate) + "\n")


def document(command: str, payload: dict[str, Any]) -> str:
    """An answer as one JSON document."""
    return json.dumps({"format": f"sunledger.{command}/1", **payload}, ensure_ascii=False, indent=1) + "\n"


def _shown_problem(problem: Problem) -> dict[str, Any]:
    return {key: shown(value) if isinstance(value, str) else value for key, value in problem.items()}


def _line(problem: Problem, fate: str) -> str:
    """A finding on one line: its code, where it is, what it is, what became of the entries, what to do."""
    chinese = words.spoken() == "zh"
    places = [
        words.say(f"PLACE:{name}", {name: problem[name]})
        for name in ("sheet", "row", "column", "seq", "entry", "payment", "notice")
        if name in problem and name not in problem.said and f"{name} {problem[name]}" not in str(problem["message"])
    ]
    where = " " + ("，" if chinese else ", ").join(places) if places else ""
    sentences = [part.rstrip(".?。？") for part in (str(problem["message"]), fate) if part]
    told = "".join(f"{part}。" for part in sentences) if chinese else " ".join(f"{part}." for part in sentences)
    hint = str(problem.get("hint", ""))
    line = shown(f"error[{problem['code']}]{where}{'：' if chinese else ': '}{told}{'' if chinese or not hint else ' '}{hint}")
    return line if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…"


def aligned(rows: list[dict[str, Any]], columns: dict[str, str], chinese: bool = True) -> list[str]:
    """Rows as lines of columns: numbers to the right, Chinese counted as two columns; English headings are the keys."""
    from ledger.commands.readable import plain
    from ledger.money import yuan

    def cell(row: dict[str, Any], key: str) -> str:
        value = row.get(key)
        return yuan(value) if key.endswith("_fen") and value is not None else shown(plain(value, chinese))

    cells = [[heading + ("(元)" if key.endswith("_fen") else "") if chinese
              else key.replace("_fen", " (yuan)").replace("_", " ") for key, heading in columns.items()]]  # fmt: skip
    cells += [[cell(row, key) for key in columns] for row in rows]
    right = [key.endswith("_fen") or key in ("seq", "n") for key in columns]
    widths = [max(width(line[i]) for line in cells) for i in range(len(columns))]
    lines = []
    for line in cells:
        parts = [
            " " * (widths[i] - width(cell)) + cell if right[i] else cell + " " * (widths[i] - width(cell))
            for i, cell in enumerate(line)
        ]
        lines.append("  ".join(parts).rstrip())
    return lines


def csv_text(rows: list[dict[str, Any]], columns: dict[str, str]) -> str:
    """Rows as CSV with a byte-order mark; cells a spreadsheet would compute are neutralised."""
    raw = io.StringIO()
    writer = csv.writer(raw, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutral(_cell(row.get(key))) for key in columns])
    return "\ufeff" + raw.getvalue()


def _cell(value: Any) -> Any:
    return " ".join(str(item) for item in value) if isinstance(value, list) else value


def neutral(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"):
        return "'" + cell
    return "" if cell is None else cell


def _write(stream: Any, text: str) -> None:
    if stream is None:  # closed before the program began
        return
    try:
        stream.write(text)
        stream.flush()
    except UnicodeEncodeError:
        stream.buffer.write(text.encode("utf-8", "backslashreplace"))
        stream.flush()


def use_utf8() -> None:
    """Write UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def close_quietly() -> None:
    """Leave no trace on a pipe that closed, or a file that is full."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
            continue
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(devnull, stream.fileno())
