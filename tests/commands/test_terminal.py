"""At a terminal: what a person sees before a write, and what each answer does."""

import os
import pty
import select
import signal
import sys
from pathlib import Path

import pytest

from tests.commands.shell import MONEY, OFFICERS, Shell

PROGRAM = str(Path(sys.executable).parent / "sunledger")
PATIENCE = 60  # seconds
PAY = "--as wang payment approve --payment PAY-1"
RECEIVE = "--as wang quota receive --quota Q2 --holder 999901 --amount 1200万元 --year 2025 --source-level province"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A ledger with a payment that was asked for."""
    shell = Shell(tmp_path)
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    return shell


class Terminal:
    """`sunledger` on a pseudo-terminal."""

    def __init__(self, shell: Shell, line: str) -> None:
        self.seen = ""
        self.child, self.master = pty.fork()
        if self.child == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell lets what it starts in the background ignore it
            os.chdir(shell.folder)
            os.execve(PROGRAM, [PROGRAM, *line.split()], shell.environment | {"TERM": "xterm", "LANG": "C.UTF-8"})

    def wait_for(self, words: str) -> str:
        """Read until some words stand on the screen."""
        while words not in self.seen:
            assert self._read(), self.seen
        return self.seen

    def type(self, text: str) -> None:
        """Type."""
        os.write(self.master, text.encode())

    def interrupt(self) -> int:
        """Press Ctrl-C, again where the first fell between two system calls; the exit code."""
        for _ in range(PATIENCE // 5):
            self.type("\x03")
            while select.select([self.master], [], [], 5)[0]:
                if not self._read():
                    return self.end()
        os.kill(self.child, signal.SIGKILL)
        raise AssertionError(f"Ctrl-C ends nothing: {self.seen}")

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        os.close(self.master)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])

    def _read(self) -> bool:
        """Take in what stands there; False at the end. A program that says nothing for long is ended."""
        if not select.select([self.master], [], [], PATIENCE)[0]:
            os.kill(self.child, signal.SIGKILL)
            raise AssertionError(f"nothing came: {self.seen}")
        try:
            raw = os.read(self.master, 65536)
        except OSError:
            return False
        self.seen += raw.decode("utf-8", "replace")
        return bool(raw)


def test_preview_says_the_amount_in_yuan_and_capitals_and_no_records_nothing(shell: Shell) -> None:
    """`n` ends with 7 and leaves the ledger as it was."""
    before = shell.head()
    terminal = Terminal(shell, PAY)
    seen = terminal.wait_for("登记吗？")
    assert "示例公司" in seen
    assert "签名：wang" in seen
    assert "1.00 元（壹元整）" in seen
    terminal.type("n\n")
    assert terminal.end() == 7
    assert "error[DECLINED]" in terminal.seen
    assert "未登记任何内容" in terminal.seen
    assert shell.head() == before


def test_yes_records_and_names_the_next_step(shell: Shell) -> None:
    """`y` records; in English the preview is English, 大写 stays."""
    terminal = Terminal(shell, f"--lang en {RECEIVE}")
    seen = terminal.wait_for("Record? [y/N]")
    assert "12,000,000.00 yuan (壹仟贰佰万元整)" in seen
    assert "999901 示例县" in seen
    terminal.type("y\n")
    assert terminal.end() == 0
    assert "recorded #10" in terminal.seen
    assert "next: sunledger project propose" in terminal.seen
    assert shell.head()[0] == 11


def test_ctrl_c_ends_with_130(shell: Shell) -> None:
    """A broken-off prompt records nothing and shows no traceback; `--quiet` does not hide the preview."""
    before = shell.head()
    for option in ("", " --quiet"):
        terminal = Terminal(shell, RECEIVE + option)
        assert "壹仟贰佰万元整" in terminal.wait_for("登记吗？")
        assert terminal.interrupt() == 130
        assert "error[INTERRUPTED]" in terminal.seen
        assert "Traceback" not in terminal.seen
    assert shell.head() == before


def test_yes_and_dry_run_ask_nothing(shell: Shell) -> None:
    """`--dry-run` says what would be; `--yes` records."""
    terminal = Terminal(shell, f"{RECEIVE} --dry-run")
    assert terminal.end() == 0
    assert "登记吗" not in terminal.seen
    assert shell.head()[0] == 10
    terminal = Terminal(shell, f"{RECEIVE} --yes")
    assert terminal.end() == 0
    assert shell.head()[0] == 11


def test_a_refusal_comes_before_the_question(shell: Shell) -> None:
    """What cannot be recorded is told at once."""
    terminal = Terminal(shell, "--as li payment approve --payment PAY-1")
    assert terminal.end() == 4
    assert "登记吗" not in terminal.seen


def test_a_passphrase_is_asked_for_and_not_shown(shell: Shell) -> None:
    """A new key gets one, typed twice; a wrong one signs nothing."""
    terminal = Terminal(shell, "officer new-key zhao")
    for prompt in ("新密钥的口令", "再输一次"):
        terminal.wait_for(prompt)
        terminal.type("open sesame\n")
    assert terminal.end() == 0
    assert "sesame" not in terminal.seen
    (shell.folder / "word").write_text("open sesame\n")
    shell.all("--as root officer enroll --officer zhao --name 赵某 --authority 999901 --roles programme --public-key zhao --yes --passphrase-file word")
    terminal = Terminal(shell, "--as zhao project propose --project P2 --county 999901 --name 名称 --yes")
    terminal.wait_for("口令")
    terminal.type("open barley\n")
    assert terminal.end() == 4
    assert "barley" not in terminal.seen
    assert shell.head()[0] == 11


def test_only_yes_or_no_is_an_answer(shell: Shell) -> None:
    """In either language and at any width; whatever else is typed is asked again, and Enter is no."""
    terminal = Terminal(shell, PAY)
    terminal.wait_for("登记吗？")
    for typed in ("也许", "ok", "1", "yess"):
        terminal.type(f"{typed}\n")
        terminal.wait_for(f"“{typed}”")
    assert "invalid input" not in terminal.seen
    terminal.type("ｙ\n")
    assert terminal.end() == 0
    assert "已登记 #10" in terminal.seen
    for typed, code in (("否", 7), ("", 7), ("是", 0)):
        terminal = Terminal(shell, f"{RECEIVE} --id R{code}")
        terminal.wait_for("登记吗？")
        terminal.type(f"{typed}\n")
        assert terminal.end() == code, typed


def test_the_question_shows_what_remains(shell: Shell) -> None:
    """As the dry run does."""
    line = "--as wang project fund --project P1 --quota Q1 --amount 12万"
    told = shell.line(f"{line} --dry-run").out.splitlines()[:-2]
    terminal = Terminal(shell, line)
    seen = terminal.wait_for("登记吗？")
    for row in told:
        assert row in seen
    assert "尚余 879,000.00 元" in seen
    terminal.type("n\n")
    assert terminal.end() == 7


def test_a_doubt_is_asked_twice(shell: Shell) -> None:
    """The doubt stands beside the question; each of the two may be declined."""
    line = "--as root authority register --code 99990 --name 示例乙县 --level county --parent 990000"
    for answers, code in ((["n"], 7), (["y", "n"], 7), (["y", "y"], 0)):
        terminal = Terminal(shell, line)
        assert "99990 有 5 位" in terminal.wait_for("登记吗？")
        terminal.type(f"{answers[0]}\n")
        if len(answers) > 1:
            terminal.wait_for("仍要登记吗？")
            terminal.type(f"{answers[1]}\n")
        assert terminal.end() == code, answers
