"""What scripts call: the JSON keys of every command, exit codes, one language at a time, options anywhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from ledger.commands import main as command_line
from ledger.commands.options import COMMON
from ledger.intake.divisions import bundled_notices
from ledger.kinds.declare import KINDS
from tests.commands.shell import MONEY, OFFICERS, REGISTERS, Shell, children

RECORDED = "seq id leaf size root already"
KEYS = {
    "--ledger new.db --keys new init --origin a.b/c --yes": "origin size root officer key_id",
    "status": "origin size root",
    "doctor": "checks",
    "kinds": "kinds",
    "kinds quota.release": "kinds",
    "--as root authority register --code 7 --name 县 --level county --yes": RECORDED,
    "authority list": "authorities",
    "officer new-key zhao": "name key_id public_key",
    "--as root officer enroll --officer zhao --name 赵 --authority 999901 --roles finance,reviewer --public-key zhao --yes": RECORDED,
    "officer list": "officers",
    "--as wang quota receive --quota Q2 --holder 999901 --amount 9 --year 2025 --source-level city --yes --id R2": RECORDED,
    "--as wang quota release --quota Q2 --to 7 --amount 1 --yes": RECORDED,
    "--as li project propose --project P2 --county 999901 --name 名 --yes": RECORDED,
    "--as wang project approve --project P2 --document-number 1 --yes": RECORDED,
    "--as wang project fund --project P2 --quota Q2=5元 --yes": RECORDED,
    "--as li payment request --payment X --project P2 --amount 1 --payee 某 --yes": RECORDED,
    "--as wang payment reject --payment X --reason 不全 --yes": RECORDED,
    "--as wang payment approve --payment PAY-1 --yes": RECORDED,
    "--as li payment request --payment Y --project P2 --amount 1 --payee 某 --yes": RECORDED,
    "--as li payment request --payment Z --project P2 --amount 1 --payee 某 --yes": RECORDED,
    "--as wang payment approve --payment Y --payment Z --yes": RECORDED + " entries",
    "--as li entry reverse --entry P2 --reason 错 --yes --dry-run": None,
    "--as wang entry reverse --entry R2 --reason 错 --yes --dry-run": None,
    "--as wang quota receive --quota Q4 --holder 999901 --amount 9 --year 2025 --source-level city --yes --id R4": RECORDED,
    "--as wang entry reverse --entry R4 --reason 错 --yes --id V4": RECORDED + " waits",
    "--as zhao entry confirm --entry V4 --yes": RECORDED,
    "--as wang book state --book 999901 --yes --id B1": RECORDED + " entries",
    "--as root officer revoke --officer zhao --reason 调离 --yes": RECORDED,
    "log": "entries",
    "show PAY-1": "entries",
    "todo": "todo",
    "signers": "signers",
    "balance": "rows",
    "balance --project P1": "rows available_fen reserved_fen paid_fen",
    "balance --quota Q1": "rows available_fen reserved_fen paid_fen",
    "trace PAY-1 --up": "paths",
    "trace Q1 --down": "paths",
    "checkpoint": "size root note",
    "checkpoint -o head.note": "size root note",
    "verify --against head.note": "ok verdict size root origin checks problems entries_per_s",
    "rebuild": "size",
    "migrate": "from to",
    "export bundle -o bundle.zip": "file rows",
    "report allocation --book 999901 --year 2025 -o 公告.pdf": "file sha256 pages size root rows",
}  # fmt: skip


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger with money."""
    shell = Shell(tmp_path_factory.mktemp("contract"))
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    return shell


def test_every_command_answers_with_one_document_and_its_keys(shell: Shell) -> None:
    """`--json`: one document with its format; nothing else on stdout; money in keys ending `_fen`."""
    for line, keys in KEYS.items():
        done = shell.line(f"--json {line}")
        if keys is None:
            assert done.code in (0, 6), (line, done)
            continue
        assert (done.code, done.err) == (0, ""), (line, done)
        assert re.fullmatch(r"sunledger\.[a-z.-]+/1", done.json["format"]), line
        assert set(keys.split()) <= set(done.json), (line, sorted(done.json))
    assert shell.line("verify").code == 0


def test_formats_are_named_after_the_commands(shell: Shell) -> None:
    """`sunledger.<command>/1`."""
    for line, name in (("log", "log"), ("officer list", "officer.list"), ("balance", "balance"), ("verify", "verify")):
        assert shell.line(f"{line} --json").json["format"] == f"sunledger.{name}/1"


def test_rows_of_answers_have_their_keys(shell: Shell) -> None:
    """The keys of rows that the contract names."""
    rows = shell.line("--json balance").json["rows"]
    assert all({"holder", "quota", "stage", "project", "unit", "amount_fen"} <= set(row) for row in rows)
    (path,) = shell.line("--json trace PAY-1 --up").json["paths"]
    assert path["amount_fen"] == 100
    assert {"seq", "kind", "holder", "quota", "project", "payee"} <= set(path["steps"][-1])
    checks = shell.line("--json verify").json["checks"]
    assert all({"name", "ok", "detail"} <= set(check) for check in checks)
    (asked,) = (entry for entry in shell.line("--json log --kind payment.request").json["entries"] if entry["id"] == "PAY-1")
    assert asked["data"]["payee"] == "示例公司"


def test_notices_are_imported_once(tmp_path: Path) -> None:
    """`import notice`: its keys; again, all is there already."""
    shell = Shell(tmp_path)
    (tmp_path / "notices.json").write_bytes(bundled_notices())
    shell.all("init --origin demo.example/notices --mode observe --yes")
    dry = shell.line("--json import notice notices.json --dry-run").json
    assert shell.head()[0] == 1
    told = shell.line("--json import notice notices.json --yes").json
    assert told["recorded"] == dry["recorded"] == shell.head()[0] - 1
    assert {"id", "sources_fen", "lines_fen", "declared_fen", "findings"} <= set(told["notices"][0])
    again = shell.line("--json import notice notices.json --yes").json
    assert again["recorded"] == 0
    assert again["already"] > 200
    assert "all 35 notices were recorded before; nothing new" in shell.line("--lang en import notice notices.json --yes").out


def test_b31_retry_and_dry_run_are_safe(shell: Shell) -> None:
    """The same `--id` again is `already`; a dry run has the same keys, and what would be, and records nothing."""
    line = "--as li project propose --project R1 --county 999901 --name 名 --yes --id R1 --json"
    dry = shell.line(f"{line} --dry-run").json
    first = shell.line(line).json
    again = shell.line(line).json
    assert set(dry) - {"preview", "remains"} == set(first) == set(again)
    assert (dry["already"], first["already"], again["already"]) == (False, False, True)
    assert (first["seq"], first["leaf"], first["size"]) == (again["seq"], again["leaf"], again["size"])
    assert dry["seq"] == first["seq"]
    block = "--as wang book state --book 999901 --yes --id B2 --json"
    assert shell.line(block).json["seq"] == shell.line(block).json["seq"]


def test_common_options_stand_anywhere(shell: Shell) -> None:
    """Before the noun, after it, after the verb; the nearest wins; flags win over the environment."""
    for line in ("--json officer list", "officer --json list", "officer list --json"):
        assert shell.line(line).json["format"] == "sunledger.officer.list/1"
    assert shell.line("--as nobody project --as li propose --project X1 --county 999901 --name x --dry-run").code == 0
    moved = Shell(shell.folder, SUNLEDGER_LEDGER="nothing.db", SUNLEDGER_AS="nobody", NO_COLOR="1")
    assert moved.line("status").code == 5
    assert moved.line("status --ledger county.db").code == 0
    assert moved.line("--ledger county.db project propose --project X1 --county 999901 --name x --dry-run").code == 4
    moved.environment["SUNLEDGER_AS"] = "li"
    assert moved.line("--ledger county.db project propose --project X1 --county 999901 --name x --dry-run").code == 0


def test_quiet_leaves_the_answer(shell: Shell) -> None:
    """`--quiet` drops the next step, not what was recorded."""
    done = shell.line("--quiet --as li project propose --project X2 --county 999901 --name x --yes")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("已登记 #")


def test_views_of_the_past(shell: Shell) -> None:
    """`--at` a position or a checkpoint, `--as-of` a date."""
    assert shell.line("balance --json --at 5").json["rows"] == []
    assert shell.line("balance --json --as-of 2000-01-01").json["rows"] == []
    assert len(shell.line("log --json --at 5").json["entries"]) == 5
    shell.all("checkpoint -o then.note")
    then = shell.line("balance --json").json["rows"]
    shell.all("--as wang quota receive --quota LATER --holder 999901 --amount 9 --year 2025 --source-level city --yes")
    assert shell.line("balance --json --at then.note").json["rows"] == then
    assert shell.line("balance --json").json["rows"] != then


def test_tables_go_into_files(shell: Shell) -> None:
    """`--csv`, `-o FILE.csv|.json`."""
    csv = shell.line("log --csv").out
    assert shell.line("log -o log.csv").code == 0
    assert (shell.folder / "log.csv").read_text("utf-8") == csv.replace("\r\n", "\n")
    assert shell.line("balance -o balance.json").code == 0
    assert '"format": "sunledger.balance/1"' in (shell.folder / "balance.json").read_text("utf-8")


def test_a_printed_checkpoint_is_a_checkpoint(shell: Shell) -> None:
    """`sunledger checkpoint > FILE` works."""
    (shell.folder / "printed.note").write_text(shell.line("checkpoint").out, "utf-8")
    assert shell.line("verify --against printed.note").code == 0


# --- help


def commands(chinese: bool) -> Iterator[tuple[str, click.Command]]:
    """Every command with its path."""

    def below(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield path, command
        for name, child in children(command):
            yield from below(f"{path} {name}", child)

    return below("sunledger", command_line.build(REGISTERS, chinese=chinese))


@pytest.mark.parametrize("chinese", [True, False])
def test_help_is_there_and_in_one_language(chinese: bool) -> None:
    """Every command and option has words in the language asked for, and takes the common options."""
    for path, command in commands(chinese):
        assert command.help, path
        assert set(COMMON) <= {param.name for param in command.params}, path
        for words in (command.help, *(getattr(param, "help", "") for param in command.params)):
            assert words, (path, [param.name for param in command.params if not getattr(param, "help", "")])
            assert "/ " not in words, (path, words)
            if not chinese:
                assert not re.search("[\u4e00-\u9fff]", words.replace("万元", "").replace("元", "").replace("公告.pdf", "")), (path, words)


def test_every_kind_has_its_command() -> None:
    """A command a kind, but for those that come through another."""
    paths = {path.removeprefix("sunledger ").replace(" ", ".").replace("-", "_") for path, _ in commands(False)}
    assert {name for name, info in KINDS.items() if not info.through} <= paths


def test_every_command_refuses_what_it_does_not_know(shell: Shell) -> None:
    """An unknown option is a usage error of one line, as JSON too; `--help` answers."""
    before = shell.head()
    for path, command in commands(False):
        words = path.split()[1:]
        done = shell.run(*words, "--no-such-option")
        assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1), (path, done)
        told: Any = shell.run("--json", *words, "--no-such-option")
        assert (told.code, told.json["code"]) == (2, "USAGE"), path
        helped = shell.run(*words, "--help", "--lang", "en")
        assert (helped.code, helped.err) == (0, ""), path
        if any(param.required for param in command.params):
            assert shell.run(*words).code == 2, path
    assert shell.head() == before


def test_completion_is_offered(shell: Shell) -> None:
    """The usual options print a script for the shell."""
    assert "--install-completion" in shell.line("--help").out
    done = shell.line("--show-completion bash")
    assert (done.code, "complete" in done.out) == (0, True)
