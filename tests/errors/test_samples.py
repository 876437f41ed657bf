"""Every bad call: its exit code, one clear line a finding, the same as JSON, and nothing recorded."""

import os
import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.intake.divisions import bundled_notices
from tests.commands.shell import MONEY, OFFICERS, Done, Shell
from tests.errors.samples import ELSEWHERE, SAMPLES, SHORT, WORLD

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"error\[[A-Z][A-Z0-9_-]*(?:\.[A-Z_]+)?\].*")
# What a terminal would obey or a person could not see.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
INNARDS = re.compile(r"Traceback|\bSELECT\b(?! 1--)|INSERT INTO|sqlite3|psycopg|sqlalchemy|object at 0x|regex|Expected `")


def assert_clear(done: Done) -> None:
    """Check the shape of what was said: one line a finding, nothing of the program's inside."""
    lines = done.err.splitlines()
    assert lines, "nothing was said"
    for line in lines:
        assert LINE.fullmatch(line), line
        assert len(line) <= 400, line
        assert not UNSEEN.search(line), line
        assert not INNARDS.search(line), line


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger with all that the samples need, and odd files beside it."""
    shell = Shell(tmp_path_factory.mktemp("errors"), SUNLEDGER_LANG="en")
    (shell.folder / "personal").write_text("李某\n", "utf-8")
    (shell.folder / "tabbed").write_text("a\tb")
    shell.all(OFFICERS.format(policy="small") + MONEY.strip() + WORLD)
    odd_files(shell.folder)
    return shell


def odd_files(folder: Path) -> None:
    """Files of every sort that is not what is asked for."""
    os.mkfifo(folder / "fifo")
    (folder / "dangling").symlink_to("nowhere")
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "text").write_text("not a ledger, not a checkpoint\n")
    (folder / "nil").write_bytes(b"")
    (folder / "null").write_text("null")
    (folder / "deep").write_text("[" * 100_000)
    (folder / "good.json").write_bytes(bundled_notices())
    with (folder / "huge").open("wb") as file:
        file.truncate(20_000_001)
    with closing(sqlite3.connect(folder / "foreign.db")) as connection:
        connection.execute("CREATE TABLE other (a)")


def typed(line: str) -> list[str]:
    """The words of a sample."""
    return shlex.split(re.sub(r"\{(\w+)\}", lambda found: SHORT[found[1]], line))


@pytest.mark.parametrize(("exit_code", "code", "line", "words"), SAMPLES, ids=lambda value: str(value)[:60].encode("unicode_escape").decode())
def test_bad_call_is_told_and_leaves_nothing(shell: Shell, exit_code: int, code: str, line: str, words: str) -> None:
    """A bad call ends with its code and words, on stderr and as JSON, and the head and the folder stay as they were."""
    before = shell.head(), sorted(os.listdir(shell.folder)), sorted(os.listdir(shell.folder / "keys"))
    done = shell.run(*typed(line))
    assert (done.code, done.out) == (exit_code, ""), done
    assert f"error[{code}]" in done.err, done
    assert words in done.err, done
    assert_clear(done)
    told = shell.run("--json", *typed(line))
    assert told.code == exit_code, told
    assert told.json["format"] == "sunledger.error/1"
    assert told.json["code"] == code
    assert len(told.json["problems"]) == len(done.err.splitlines())
    assert words in told.json["message"] + told.json["hint"]
    assert before == (shell.head(), sorted(os.listdir(shell.folder)), sorted(os.listdir(shell.folder / "keys")))


# In a Chinese line, what is no English sentence: codes, options, command lines, names of files and of what a database reports.
NO_SENTENCE = re.compile(r"error\[[^\]]*\]|sunledger [a-z][a-z0-9 -]*[a-z0-9,]*|--[a-z][a-z-]*|[A-Z0-9_]{2,}|[A-Za-z0-9./_-]*[./_][A-Za-z0-9./_-]*|[A-Z]-[A-Z]|[a-z]-[a-z]")
CHINESE = re.compile("[\u4e00-\u9fff]")
UNITS = re.compile("[万亿]?元|2025年3月1日")


def without(text: str, data: list[str]) -> str:
    """A line without what was typed, and the parts of it, which may be in any language."""
    parts = {part for word in data for part in (word, *re.split(r"[=,:]", word), *CHINESE.findall(word), word.replace("\n", "\\n"), word[:69]) if part}
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "·")
    return text


@pytest.mark.parametrize(("exit_code", "code", "line", "words"), SAMPLES, ids=lambda value: str(value)[:60].encode("unicode_escape").decode())
def test_bad_call_is_told_in_one_language(shell: Shell, exit_code: int, code: str, line: str, words: str) -> None:
    """Under zh each line is Chinese, with no English sentence in it; under en there is no Chinese but in what was typed."""
    data = [*typed(line), str(shell.folder), "示例县", "示例项目", "示例公司"]
    done = shell.run("--lang", "zh", *typed(line))
    assert done.code == exit_code
    assert_clear(done)
    for told in done.err.splitlines():
        assert told.startswith(f"error[{code}]"), told
        plain = without(NO_SENTENCE.sub("·", told), data)
        assert CHINESE.search(plain.partition("。")[0]), told
        assert not re.search(r"[A-Za-z]{2,}[ ,']+[A-Za-z]{2,}", plain), (told, plain)
    if "--lang" not in line:
        for told in shell.run(*typed(line)).err.splitlines():
            assert not CHINESE.search(without(UNITS.sub("", told), data)), told


EDGES = (
    "{ask} --amount 995.00",
    "{fund} --quota Q1 --amount 999000.00",
    "--as wang quota release --quota Q1 --to 990000 --amount 99.9万元",
    "{quota} --amount 0.01",
    "{quota} --amount 90071992547409.91元",
    "{pay} --quota Q1=0.99",
    "{pay} --amount 1.00元",
    "{pay} --payment PAY-B",
    "{money} --id -x",
    "{money} --id=--help",
    "{money} --id " + "x" * 64,
    "{money} --occurred-on 2024-02-29",
)


@pytest.mark.parametrize("line", EDGES)
def test_exact_edge_is_taken(shell: Shell, line: str) -> None:
    """What is just allowed passes, and a dry run of it records nothing."""
    before = shell.head()
    done = shell.run(*typed(line), "--dry-run")
    assert done.code == 0, done
    assert shell.head() == before


def test_f10_reversal_of_a_reversal_is_refused(shell: Shell) -> None:
    """A reversal is not reversed, whoever asks."""
    for officer in ("root", "wang", "li", "zhao"):
        done = shell.line(f"--as {officer} entry reverse --entry REV --reason 再冲 --yes")
        assert done.code in (4, 6), done  # 4 where the officer could not even reverse the first entry
        assert_clear(done)


def test_all_wrong_fields_are_told_at_once(shell: Shell) -> None:
    """One line a wrong field."""
    done = shell.line("--as li project propose --project 'a b' --county 中 --name '\x1b' --starts-on 2026-02-30 --households x --planned-amount 1e3")
    assert done.code == 3
    assert len(done.err.splitlines()) == 6
    assert_clear(done)


def test_every_error_code_has_a_sample() -> None:
    """A code that the commands can draw stands in the table, or is named as tested elsewhere."""
    raised = set()
    for path in [*ROOT.glob("ledger/**/*.py"), *ROOT.glob("reports/**/*.py")]:
        found = re.findall(r'(?:Breach|Problem|[a-z](?:Rejected|Permitted|Found)|Usage|Refused|Busy|Failed|Undecided|Trouble|Mismatch)\(\s*"([A-Z_.]+)', path.read_text("utf-8"))
        raised |= {code for code in found if re.fullmatch(r"[A-Z_]+\.[A-Z_]+", code)}
    elsewhere = [path for folder in ("outside", "disclosure", "reports", "vault") for path in ROOT.glob(f"tests/{folder}/*.py")]
    files = "".join(path.read_text("utf-8") for path in [Path(__file__).parent / "test_files.py", *elsewhere])
    sampled = {code for _, code, _, _ in SAMPLES} | set(re.findall(r'["\[]([A-Z_]+\.[A-Z_]+)["\]]', files))
    assert raised - sampled - ELSEWHERE == set()
