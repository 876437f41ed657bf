"""The only module that prints: answers on stdout, words on stderr, nothing from data that a terminal would obey."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from ledger import words
from ledger.commands.shown import shown
from ledger.errors import LedgerError, Problem

Row = dict[str, Any]

MAX_LINE = 400
PIECES = 1 << 16  # characters held back before they are written
NOT_BOOKS = "管理台账，不是会计账簿，不替代预算管理一体化系统"
NOT_BOOKS_EN = (
    "a ledger for management, not a set of accounts; it does not replace the state's budget systems"
)


class Output:
    """Where answers and words go."""

    def __init__(
        self, *, as_json: bool = False, quiet: bool = False, chinese: bool = True
    ) -> None:
        self.as_json = as_json
        self.quiet = quiet
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

    def table(self, command: str, payload: dict[str, Any], key: str, columns: dict[str, str], *, rows: list[Row] | None = None,
              flexible: tuple[str, ...] = ()) -> None:  # fmt: skip
        """Rows under headings, see `tables`; `rows` are the same rows in a person's words."""
        if self.as_json:
            self.answer(command, payload, [])
        else:
            found = payload[key] if rows is None else rows
            self.rows(found, columns, flexible=flexible)
            if not found:
                self.none()

    def none(self) -> None:
        """Say that a table is empty."""
        self.say("没有符合的记录", "none")

    def rows(self, rows: Iterable[Row], columns: dict[str, str], *, flexible: tuple[str, ...] = (), as_csv: bool = False) -> None:
        """Rows for a person, or as CSV, as they come."""
        from ledger.commands.tables import aligned, csv_lines

        if as_csv:
            _write_all(csv_lines(rows, columns, self.chinese))
        else:
            lines = aligned(rows, columns, self.chinese, flexible=flexible, columns_there=self.columns)
            _write_all(line + "\n" for line in lines)

    def stream(self, command: str, payload: dict[str, Any], key: str, rows: Iterable[Row]) -> None:
        """The answer as one JSON document, the rows written as they come, one a line.

        What goes wrong meanwhile is told on stderr alone: the document has begun.
        """
        try:
            _write_all(document_lines(command, payload, key, rows))
        except LedgerError as error:
            error.after_answer()
            raise

    def lines(self, rows: Iterable[Row]) -> None:
        """The rows alone, one JSON document a line."""
        _write_all(json_line(row) + "\n" for row in rows)

    @property
    def columns(self) -> int | None:
        """How wide a line may be; None where it may be of any width, as in a pipe."""
        said = os.environ.get("COLUMNS", "")
        if said.isascii() and said.isdigit() and int(said) > 0:
            return int(said)
        try:
            return os.get_terminal_size(sys.stdout.fileno()).columns or None
        except (OSError, ValueError, AttributeError):
            return None

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


def document_lines(command: str, payload: dict[str, Any], key: str, rows: Iterable[Row]) -> Iterator[str]:
    """The same document in pieces, `key` last with its rows one a line."""
    yield document(command, payload).removesuffix("\n}\n") + f',\n "{key}": ['
    comma = ""
    for row in rows:
        yield f"{comma}\n  {json_line(row)}"
        comma = ","
    yield "\n ]\n}\n"


def json_line(row: Row) -> str:
    """A row as JSON on one line."""
    import msgspec

    return msgspec.json.encode(row).decode()


def _shown_problem(problem: Problem) -> dict[str, Any]:
    return {key: shown(value) if isinstance(value, str) else value for key, value in problem.items()}


def _line(problem: Problem, fate: str) -> str:
    """A finding on one line: its code, where it is, what it is, what became of the entries, what to do."""
    chinese = words.spoken() == "zh"
    places = [
        words.say(f"PLACE:{name}", {name: problem[name]})
        for name in ("sheet", "row", "column", "seq", "entry", "payment", "notice")
        if name in problem and name not in problem.said
    ]
    where = " " + ("，" if chinese else ", ").join(places) if places else ""
    sentences = [part.rstrip(".?。？") for part in (str(problem["message"]), fate) if part]
    told = "".join(f"{part}。" for part in sentences) if chinese else " ".join(f"{part}." for part in sentences)
    hint = str(problem.get("hint", ""))
    line = shown(f"error[{problem['code']}]{where}{'：' if chinese else ': '}{told}{'' if chinese or not hint else ' '}{hint}")
    return line if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…"


def _write_all(pieces: Iterable[str]) -> None:
    """Write pieces as they come, some at a time."""
    held, size = [], 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > PIECES:
            _write(sys.stdout, "".join(held))
            held, size = [], 0
    _write(sys.stdout, "".join(held))


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
