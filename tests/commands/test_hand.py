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


def test_doctor_and_verify_say_first_whose_keys_lie_together(shell: Shell, tmp_path: Path) -> None:
    """One store for three persons, one enroller for all: said at the top, in both languages; the verdict stays, and whoever stands alone is told nothing."""
    told = shell.line("--json verify").json
    assert (told["ok"], told["hands"]["store_opens"], told["hands"]["enrolled_by_one"]) == (True, ["li", "root", "wang"], "root")
    for language, words in (("zh", ("此密钥库能以 3 人的名义签名", "都由 root 一人登记")), ("en", ("signs for 3 persons", "root alone brought in"))):
        for line, skip in ((f"--lang {language} verify", 1), (f"--lang {language} doctor", 0)):
            done = shell.line(line)
            assert done.code == 0, done
            for row, said in zip(done.out.splitlines()[skip:], words, strict=False):
                assert said in row
    own = shell.copy(tmp_path / "own")
    for path in (own.folder / "keys").glob("*.*"):
        if path.stem != "li":
            path.unlink()
    assert own.line("--json verify").json["hands"]["store_opens"] == []
    assert [check["name"] for check in own.line("--json doctor").json["checks"]][:2] == ["hands", "version"]
    alone = Shell(tmp_path)
    alone.all("init --origin a.b/c --yes")
    assert alone.line("--json verify").json["hands"] == {"store_opens": [], "enrolled_by_one": "", "lines": []}


def test_officers_whom_others_brought_in_are_not_one_hand(shell: Shell, tmp_path: Path) -> None:
    """A second administrator who enrols somebody: no longer one; a key that an officer replaced himself counts as from who enrolled him."""
    here = shell.copy(tmp_path / "here")
    here.all("""officer new-key li-2
officer new-key boss
officer new-key zhao
--as li officer rotate --officer li --public-key li-2 --yes""")
    assert here.line("--json verify").json["hands"]["enrolled_by_one"] == "root"
    here.all("--as root officer enroll --officer boss --name 某某 --authority 999901 --roles administrator --public-key boss --yes")
    here.all("--as boss officer enroll --officer zhao --name 赵某 --authority 999901 --roles programme --public-key zhao --yes")
    assert here.line("--json verify").json["hands"]["enrolled_by_one"] == ""
