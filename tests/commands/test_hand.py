"""Whose hand: no key is chosen for anybody, nothing is recorded unasked, and every append says who signed."""

import shlex
from pathlib import Path

import pytest

from ledger.commands.generated import example_of
from ledger.commands.kind_names import BUILT_IN
from ledger.intake.divisions import bundled_notices
from ledger.kinds.declare import KINDS
from tests.commands.shell import MONEY, OFFICERS, Shell

EXAMPLES = {name: example_of(info).removeprefix("sunledger ") for name, info in KINDS.items() if not info.through and name not in BUILT_IN}
EXAMPLES |= {"book.state": "book state --book 999901", "import.notice": "import notice good.json", "init": "--ledger new.db --keys new init --origin a.b/c"}
MINE = "project propose --project P2 --county 999901 --name 名称 --yes"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger whose key store holds the keys of three officers."""
    shell = Shell(tmp_path_factory.mktemp("hand"))
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    (shell.folder / "good.json").write_bytes(bundled_notices())
    return shell


def test_every_kind_with_a_command_has_an_example_here() -> None:
    """So that the two matrices below are whole."""
    assert len(EXAMPLES) >= 20


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_without_yes_and_without_a_terminal_nothing_is_recorded(shell: Shell, kind: str) -> None:
    """A pipe, a timer or an editor never records in silence: a usage error, whoever signs."""
    before = shell.head(), (shell.folder / "new").exists()
    for who in ("", "--as root ", "--as wang "):
        done = shell.run("--lang", "en", *shlex.split(who + EXAMPLES[kind]))
        assert done.code == 2, done
        assert "error[USAGE]" in done.err
        assert "--yes" in done.err
    assert before == (shell.head(), (shell.folder / "new").exists())


@pytest.mark.parametrize("kind", sorted(set(EXAMPLES) - {"init"}))
def test_no_key_is_chosen_where_a_store_opens_several(shell: Shell, kind: str) -> None:
    """Whatever is to be recorded, and whoever alone may: a usage error that names them all."""
    before = shell.head()
    for asked in ("--yes", "--dry-run"):
        done = shell.run("--lang", "en", *shlex.split(EXAMPLES[kind]), asked)
        assert done.code == 2, done
        assert "li, root, wang" in done.err
        assert "--as NAME" in done.err
    assert shell.head() == before


def test_one_enrolled_key_signs_and_others_do_not_count(shell: Shell, tmp_path: Path) -> None:
    """The only officer of a store need not be named; keys of nobody, and of who was revoked, are not his."""
    own = shell.copy(tmp_path / "own")
    for path in (own.folder / "keys").glob("*.*"):
        if path.stem not in ("li", "wang"):
            path.unlink()
    assert own.line(MINE).code == 2
    for path in (own.folder / "keys").glob("wang.*"):
        path.unlink()
    own.all("officer new-key stranger")
    told = own.line(f"--json {MINE}")
    assert told.code == 0, told
    assert told.json["signed_by"] == "li"
    assert told.json["signer"] == {"name": "李某", "authority": "999901", "body": "示例县"}


def test_the_officer_is_said_by_option_environment_or_settings(shell: Shell, tmp_path: Path) -> None:
    """Each names the hand; the nearer wins; a dry run says who would sign."""
    here = shell.copy(tmp_path / "here")
    assert here.line(f"--as li {MINE.replace('P2', 'P3')}").out == "已登记 #10\n签名：li 李某（示例县）\n"
    here.environment["SUNLEDGER_AS"] = "li"
    assert here.line(f"--json {MINE.replace('P2', 'P4')}").json["signed_by"] == "li"
    del here.environment["SUNLEDGER_AS"]
    (here.folder / "sunledger.toml").write_text('as = "li"\n')
    assert here.line(f"--json {MINE.replace('P2', 'P5')}").json["signed_by"] == "li"
    assert here.line(f"--lang en {MINE.replace('P2', 'P6')} --dry-run").out.endswith("would be signed by li, 李某 (示例县)\n")
    assert here.line("--json --as wang project approve --project P3 --document-number 1 --yes").json["signed_by"] == "wang"


def test_a_ledger_is_made_by_its_root_and_says_so(tmp_path: Path) -> None:
    """Entry 0 is signed too."""
    told = Shell(tmp_path).line("--json init --origin a.b/c --yes").json
    assert (told["signed_by"], told["officer"]) == ("root", "root")
