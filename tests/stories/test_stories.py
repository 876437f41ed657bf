"""Whole sessions: each file of this folder is a session as typed, with the output it must give.

A line `$ …` is typed, `! …` came on stderr, `=> N` is an exit code that is not 0. Hashes, ids, times and speeds are
written as their names. `SUNLEDGER_STORIES=write pytest tests/stories` writes the files anew; read the difference.
"""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.calendar import format_at, shanghai_date, system_clock
from tests.commands.shell import Shell

FOLDER = Path(__file__).parent
NAMES = (
    (re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z"), "TIME"),
    (re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\b"), "TIME"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "HASH"),
    (re.compile(r"\b[0-9a-f]{16}…"), "KEY"),
    (re.compile(r"\bledger\.[0-9a-f]{16}\b"), "LEDGER-KEY"),
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b"), "ULID"),
    (re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43,}={0,2}"), "BASE64"),
    (re.compile(r"\b[0-9]+ (条/秒|entries/s)"), r"N \1"),
    (re.compile(r'("entries_per_s": )[0-9]+'), r"\1N"),
)


def normal(text: str, folder: Path) -> str:
    """Output with what differs between runs named."""
    text = text.replace(str(folder), "$PWD")
    for pattern, name in NAMES:
        text = pattern.sub(name, text)
    return text.replace(shanghai_date(format_at(system_clock())), "TODAY")


def play(story: str, shell: Shell) -> Iterator[str]:
    """The lines of a story with the output that its commands give now."""
    lines = story.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("# ") or (not line and following.startswith("# ")):
            yield line
        if not line.startswith("$ "):
            continue
        yield line
        typed = line[2:].partition("   #")[0].replace("$PWD", str(shell.folder))
        for command in typed.split(" ; "):
            words = shlex.split(command)
            if words[0] == "export":
                shell.environment |= dict(word.split("=", 1) for word in words[1:])
                continue
            if words[0] == "write":  # write FILE TEXT
                (shell.folder / words[1]).write_text(words[2], "utf-8")
                continue
            assert words[0] == "sunledger", line
            done = shell.run(*words[1:])
            yield from normal(done.out, shell.folder).splitlines()
            yield from (f"! {said}" for said in normal(done.err, shell.folder).splitlines())
            if done.code:
                yield f"=> {done.code}"


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.story")))
def test_story_gives_the_output_it_shows(name: str, tmp_path: Path) -> None:
    """A session runs off a terminal, without a prompt, and says what its file says."""
    path = FOLDER / name
    told = path.read_text("utf-8")
    played = "\n".join(play(told, Shell(tmp_path))) + "\n"
    if os.environ.get("SUNLEDGER_STORIES") == "write":
        path.write_text(played, "utf-8")
    assert played == told
