"""Text that tries to be something else is kept as it is, shown harmless, and steers nothing."""

import json
import shlex
from pathlib import Path

import pytest

from tests.commands.shell import MONEY, OFFICERS, Shell
from tests.errors.test_samples import INNARDS, UNSEEN

LITERAL = (
    "[bold]x[/]", "[/]", "[link=http://a.b]x[/link]", "{0.__class__}", "{seq}", "%(x)s", "%s%n", "{{7*7}}", "${HOME}", "$(id)", "`id`",
    "<script>alert(1)</script>", "'; DROP TABLE entries;--", "' OR '1'='1", "x\\u001b[31m", "\\n", "=1+1", "+1", "@SUM(A1)", "-1", "--help",
    "--json", "-", "--", "..", "../../etc/passwd", "C:\\con", "﷽", "𠮷野家", "１２３", "元" * 4000,
)  # fmt: skip


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger in which the texts stand as names of projects."""
    shell = Shell(tmp_path_factory.mktemp("texts"))
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    for number, text in enumerate(LITERAL):
        done = shell.run("--as", "li", "project", "propose", "--project", f"T{number}", "--county", "999901", f"--name={text}", "--yes")
        assert done.code == 0, (text, done)
    return shell


def test_b42_b44_b45_texts_stand_as_they_were_typed(shell: Shell) -> None:
    """In show, in the log, as JSON and in its bytes; the ledger verifies."""
    names = [entry["data"]["name"] for entry in shell.line("log --kind project.propose --json").json["entries"]]
    assert names[1:] == list(LITERAL)
    for number, text in enumerate(LITERAL):
        shown = shell.run("show", f"T{number}")
        assert (shown.code, shown.err) == (0, "")
        assert f"项目名称：{text}" in shown.out
    for line in ("log", "balance", "verify", "status"):
        done = shell.line(line)
        assert done.code == 0, done
        assert not UNSEEN.search(done.out.replace("\n", "")), line


def test_b44_every_option_that_takes_text_binds_it(shell: Shell) -> None:
    """SQL, markup and templates in every free text and filter of every command: told or taken, and nothing is lost."""
    before = shell.head()
    attack = "x'; DROP TABLE entries;--{0.__class__}[/]%s"
    lines = [
        *(f"log --{name}" for name in ("book", "kind", "project", "officer", "since", "until", "at", "as-of", "output")),
        *(f"balance --{name}" for name in ("by", "holder", "project", "quota", "stage", "at", "as-of")),
        "show", "trace", "kinds", "verify --against", "import notice", "officer new-key", "--as", "--lang",
        "--as li project propose --project TX --county 999901 --dry-run --name",
        *(f"--as li project propose --project TX --county 999901 --name x --dry-run --{name}"
          for name in ("type", "village", "content", "grant-mode", "responsible-unit", "decided-by", "township", "paper")),
        *(f"--as li payment request --payment PX --project P1 --amount 1 --payee x --dry-run --{name}"
          for name in ("payee", "purpose", "contract", "invoice", "voucher", "account-type", "payment-type", "id", "occurred-on", "quota")),
        *(f"--as wang payment approve --dry-run --payment PAY-1 --{name}" for name in ("payment", "reason", "voucher")),
        "--as wang entry reverse --reason x --entry", "entry confirm --entry", "--as root officer revoke --reason x --officer",
        "report allocation --year 2025 -o x.pdf --book", "report allocation --book 999901 -o x.pdf --year",
    ]  # fmt: skip
    for line in lines:
        done = shell.run(*shlex.split(line), attack)
        assert done.code in (0, 2, 3, 4, 5, 6), (line, done)
        assert not INNARDS.search(done.err.replace(attack, "")), (line, done)
        assert not UNSEEN.search(done.err.replace("\n", "")), (line, done)
    assert shell.head() == before


def test_b42_escapes_in_arguments_are_written_out(shell: Shell) -> None:
    """OSC 52, clear screen, bidi: an error shows them as text, on stderr and as JSON."""
    for text in ("\x1b]52;c;aGk=\x07", "\x1b[2J", "\x9b31m", "\u202egnp.exe", "a\r\nerror[FAKE]: x"):
        for line in (("show", text), ("balance", "--by", text), ("kinds", text), (text,), ("--ledger", text, "status"),
                     ("import", "notice", text), ("verify", "--against", text)):  # fmt: skip
            done = shell.run(*line)
            assert done.code in (2, 3, 5), (line, done)
            assert len(done.err.splitlines()) == 1
            assert not UNSEEN.search(done.err.replace("\n", ""))
            assert not UNSEEN.search(json.dumps(shell.run("--json", *line).json, ensure_ascii=False))


def test_b40_files_named_by_data_stay_inside(shell: Shell) -> None:
    """A key name or a project id makes no path."""
    for name in ("../x", "/tmp/x", "..", ".", "x/y", "x\\y", "CON/x"):
        assert shell.run("officer", "new-key", name).code == 3
    assert not (Path(shell.folder).parent / "x.pem").exists()


def test_csv_is_neutral(shell: Shell) -> None:
    """Cells that a spreadsheet would compute are text."""
    assert shell.run("--as", "wang", "quota", "receive", "--quota", "-1", "--holder", "999901", "--amount", "1",
                     "--year", "2025", "--source-level", "city", "--yes").code == 0  # fmt: skip
    done = shell.line("balance --csv")
    assert done.out.startswith("\ufeff")
    assert ",'-1," in done.out
