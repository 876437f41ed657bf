"""A shell for tests: runs `sunledger` lines in this process, with its own folder, environment and streams."""

import io
import os
import shlex
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click
import msgspec

from ledger.commands import main as command_line
from reports import tree as papers

REGISTERS = [command_line.register, papers.register]
OFFICERS = """
init --origin demo.example/county --name 示例县台账 --policy {policy} --yes
--as root authority register --code 990000 --name 某省 --level province --yes
--as root authority register --code 999901 --name 示例县 --level county --parent 990000 --yes
officer new-key li
officer new-key wang
--as root officer enroll --officer li --name 李某 --authority 999901 --roles programme,handler --public-key li --yes
--as root officer enroll --officer wang --name 王某 --authority 999901 --roles finance,treasury,approver --public-key wang --yes
"""
MONEY = """
--as wang quota receive --quota Q1 --holder 999901 --amount 1000000元 --year 2025 --source-level province --yes
--as li project propose --project P1 --county 999901 --name 示例项目 --yes
--as wang project approve --project P1 --document-number 示批〔2025〕1号 --yes
--as wang project fund --project P1 --quota Q1 --amount 1000元 --yes
--as li payment request --payment PAY-1 --project P1 --amount 1.00元 --payee 示例公司 --yes --id PAY-1
"""


def children(command: click.Command) -> list[tuple[str, click.Command]]:
    """The commands below a command, each made as it is when it is called."""
    if not isinstance(command, click.Group):
        return []
    context = click.Context(command)
    found = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [(name, below) for name, below in found if below is not None]


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return msgspec.json.decode(self.out)


class Shell:
    """A folder with `county.db` and `keys/`, and a way to run commands there."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self._own = environment
        self.environment = {
            "SUNLEDGER_LEDGER": str(folder / "county.db"),
            "SUNLEDGER_KEYS": str(folder / "keys"),
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
        } | environment

    @property
    def database(self) -> Path:
        """The ledger's file."""
        return self.folder / "county.db"

    def run(self, *words: str, stdin: str = "") -> Done:
        """Run one command line."""
        with self._streams(stdin) as (out, err):
            code = command_line.run(REGISTERS, list(words))
        return Done(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())  # type: ignore[attr-defined]

    def line(self, line: str) -> Done:
        """Run the words of a line."""
        return self.run(*shlex.split(line))

    def all(self, lines: str) -> None:
        """Run lines, each of which must succeed."""
        for line in lines.strip().splitlines():
            done = self.line(line)
            assert done.code == 0, (line, done)

    def head(self) -> tuple[int, Any]:
        """How many entries the file holds, and its last seal; (0, None) where there is no ledger."""
        if not self.database.exists():
            return 0, None
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            try:
                (size,) = connection.execute("SELECT count(*) FROM entries").fetchone()
                return size, connection.execute("SELECT size, root FROM seals ORDER BY size DESC").fetchone()
            except sqlite3.DatabaseError:
                return 0, None

    def copy(self, folder: Path) -> "Shell":
        """The same ledger and keys in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Shell(folder, **self._own)

    @contextmanager
    def _streams(self, stdin: str) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
        kept = sys.stdin, sys.stdout, sys.stderr, dict(os.environ), os.getcwd()
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(stdin), out, err
        os.environ.clear()
        os.environ.update(self.environment)
        os.chdir(self.folder)
        try:
            yield out, err
        finally:
            out.flush()
            err.flush()
            sys.stdin, sys.stdout, sys.stderr = kept[:3]
            os.environ.clear()
            os.environ.update(kept[3])
            os.chdir(kept[4])
