"""What a command loads, and what a Ctrl-C does at any moment: commands run as processes of their own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.commands import register as declared
from ledger.commands import tree
from ledger.commands.register import SECTIONS
from reports import tree as papers
from tests.commands.shell import MONEY, OFFICERS, Shell

PAPERS = {"reportlab", "pikepdf", "PIL", "segno"}
DATABASES = {"sqlalchemy", "psycopg", "alembic"}
READING = ["status", "log", "show 0", "balance", "trace PAY-1 --up", "doctor", "kinds", "officer list", "authority list", "verify", "prove PAY-1 -o p"]
_RUN = """
import sys
{before}
sys.argv = ["sunledger", *sys.argv[1:]]
import cli
try:
    cli.main()
finally:
    {after}
"""


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger of a dozen entries."""
    made = Shell(tmp_path_factory.mktemp("startup"))
    made.all(OFFICERS.format(policy="small"))
    made.all(MONEY)
    return made


def run(shell: Shell, words: list[str], *, before: str = "", after: str = "pass") -> subprocess.CompletedProcess[str]:
    """A command line in a process of its own, with what is done before and after it."""
    return subprocess.run([sys.executable, "-c", _RUN.format(before=before, after=after), *words], cwd=shell.folder, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False, env=shell.environment | {"PYTHONPATH": str(Path(__file__).parents[2])})  # fmt: skip


def loaded(shell: Shell, *words: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    done = run(shell, list(words), after="print('LOADED', *sys.modules)")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("LOADED ")[2].split())


@pytest.mark.parametrize("line", READING)
def test_a_reading_command_loads_no_paper_and_no_database_but_its_own(shell: Shell, line: str) -> None:
    """Neither what draws, nor SQLAlchemy, nor psycopg; the doctor looks at the typefaces' bytes alone."""
    tops = {name.partition(".")[0] for name in loaded(shell, *line.split())}
    assert not tops & DATABASES
    assert not tops & PAPERS


def test_version_loads_next_to_nothing(shell: Shell) -> None:
    """The command line alone."""
    found = loaded(shell, "--version")
    assert not {name.partition(".")[0] for name in found} & (PAPERS | DATABASES | {"typer", "msgspec", "cryptography", "sqlite3", "tomllib", "tempfile"})
    assert not {name for name in found if name.startswith(("ledger.store", "ledger.kinds", "ledger.book", "reports.c"))}


@pytest.mark.parametrize("line", ["--help", "help options", "status --help", "quota receive --help", "report allocation --help", "demo --help", "check --help"])
def test_a_help_page_loads_no_database(shell: Shell, line: str) -> None:
    """And asks for no ledger."""
    assert not {name.partition(".")[0] for name in loaded(shell, *line.split(), "--ledger", "/no/such/ledger")} & DATABASES


def every_command() -> list[tuple[str, tree.Leaf]]:
    """The commands written by hand, by their paths."""
    made = tree.Tree(declared.NOUNS)
    declared.register(made)
    papers.register(made)
    return list(made.leaves.items())


@pytest.mark.parametrize(("path", "leaf"), every_command(), ids=lambda value: value if isinstance(value, str) else "")
def test_the_words_of_a_command_are_those_of_its_function(path: str, leaf: tree.Leaf) -> None:
    """Written twice, because one of the two is read without the other being loaded."""
    assert (leaf.load().__doc__ or "").strip().removesuffix(".") == leaf.words


def test_the_first_page_has_every_command_once() -> None:
    """In one of its sections."""
    named = [name for _, names in SECTIONS for name in names]
    assert len(named) == len(set(named))
    assert set(named) == {path for path, _ in every_command() if " " not in path} | set(declared.NOUNS)


# --- Ctrl-C

AT_IMPORT = """
import os, signal
count = 0
def press(event, _arguments):
    global count
    count += event == "import"
    if event == "import" and count == {number}:
        os.kill(os.getpid(), signal.{signal})
sys.addaudithook(press)
"""
MOMENTS = [1, 2, 3, 5, 8, 13, 21, 34, 55, 80, 110, 140, 170, 200, 230, 260]


@pytest.mark.parametrize("line", ["status", "verify", "--as wang quota receive --quota QX --holder 999901 --amount 1元 --year 2025 --source-level city --yes --dry-run"])
def test_a_ctrl_c_while_loading_is_130_without_innards(shell: Shell, line: str) -> None:
    """A10: at the n-th import, from the first one of `cli.main` on; one line, and nothing is recorded."""
    before = shell.head()
    for number in MOMENTS:
        pressed = AT_IMPORT.format(number=number, signal="SIGINT")
        done = run(shell, line.split(), before="import cli, _signal, signal, ledger.commands.interrupts as held; held.hold()\n" + pressed)
        assert "Traceback" not in done.stderr, (number, done.stderr)
        assert "KeyboardInterrupt" not in done.stderr, (number, done.stderr)
        if done.returncode:  # else fewer imports than that were made
            assert done.returncode == 130, (number, done)
            assert done.stderr.strip().startswith("error[INTERRUPTED]"), (number, done.stderr)
            assert len(done.stderr.strip().splitlines()) == 1
            assert done.stdout == ""
    assert shell.head() == before


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_after_any_delay_shows_no_innards(shell: Shell, sent: signal.Signals) -> None:
    """A10: from the first line of the program on; whatever it had answered by then, it is the whole answer or none."""
    for delay in range(0, 400, 40):
        ready, told = os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN.format(before=f"import cli, os; from ledger.commands.interrupts import hold; hold(); os.write({told}, b'.')", after="pass"), "status"],
            cwd=shell.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, pass_fds=[told],
            env=shell.environment | {"PYTHONPATH": str(Path(__file__).parents[2])})  # fmt: skip
        os.close(told)
        os.read(ready, 1)
        os.close(ready)
        try:
            process.wait(delay / 1000)
        except subprocess.TimeoutExpired:
            process.send_signal(sent)
        out, err = process.communicate()
        assert "Traceback" not in out + err, (delay, err)
        assert process.returncode in (0, 130 if sent == signal.SIGINT else -signal.SIGTERM), (delay, err)


def test_a_ctrl_c_after_the_answer_does_not_change_the_exit_code(shell: Shell) -> None:
    """Pressed where the interpreter has taken back its handlers already: the last things to go are the modules."""
    last = "import cli, os, signal\nclass Last:\n    def __del__(self, kill=os.kill, pid=os.getpid(), number=signal.SIGINT): kill(pid, number)\ncli.last = Last()\n"
    done = run(shell, ["status"], before=last)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run(shell, ["status"]).stdout


def test_an_ignored_ctrl_c_stays_ignored(shell: Shell) -> None:
    """A job that a script put into the background is not ended by a key pressed for another."""
    done = run(shell, ["status"], before="import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + AT_IMPORT.format(number=40, signal="SIGINT"))
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
