"""`changes`: each entry that came between two heads, whatever files tell of them; late and back-dated ones are marked."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.calendar import format_at, shanghai_date, system_clock
from tests.commands.shell import MONEY, OFFICERS, Shell

PROPOSE = "--as li project propose --project {id} --county 999901 --name 示例项目 --yes --id {id}"


def days_ago(days: int) -> str:
    """A date so many days before today in Shanghai."""
    return shanghai_date(format_at(system_clock() - timedelta(days=days)))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A county with a head kept at ten entries, three more after it, and a head of all."""
    shell = Shell(tmp_path_factory.mktemp("changes"), SUNLEDGER_LANG="en")
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    shell.all("checkpoint -o monday.note\nexport bundle -o monday.zip")
    shutil.copyfile(shell.database, shell.folder / "monday.db")
    shell.all(f"""{PROPOSE.format(id='NOW')}
{PROPOSE.format(id='LATE')} --occurred-on {days_ago(3)}
--as wang quota receive --quota Q2 --holder 999901 --amount 2000元 --year 2025 --source-level province --occurred-on {days_ago(400)} --yes --id OLD
checkpoint -o friday.note""")
    return shell


@pytest.fixture
def shell(original: Shell, tmp_path: Path) -> Shell:
    """A copy of it."""
    return original.copy(tmp_path / "copy")


@pytest.mark.parametrize("words", [
    "monday.note", "monday.db", "monday.note friday.note", "friday.note monday.note", "monday.zip friday.note", "monday.db county.db", "monday.db friday.note",
    "monday.note county.db",
])  # fmt: skip
def test_every_entry_between_two_heads_is_shown(shell: Shell, words: str) -> None:
    """Whichever files name the heads, and in whichever order."""
    paths = " ".join(str(shell.folder / word) for word in words.split())
    if words == "monday.db friday.note":  # the ledger named is the one that is read; it has not grown so far
        done = shell.line(f"changes {paths}")
        assert (done.code, "INV-16.SHORTER" in done.err) == (10, True), done
        return
    found = shell.line(f"--json changes {paths}").json
    assert (found["from"], found["to"]) == ({"size": 10}, {"size": 13})
    told = [(entry["seq"], entry["id"], entry["late_days"], entry["backdated"]) for entry in found["entries"]]
    assert told == [(10, "NOW", 0, False), (11, "LATE", 3, True), (12, "OLD", 400, True)]


def test_a_ledger_named_alone_is_compared_with_the_one_at_hand(shell: Shell) -> None:
    """Not with itself; one of another origin is refused."""
    shell.all("init --origin demo.example/other --ledger other.db --yes")
    done = shell.line("changes other.db")
    assert (done.code, done.out) == (10, "")
    assert "is of another ledger" in done.err


def test_changes_are_told_to_a_person_and_in_a_sheet(shell: Shell) -> None:
    """The row says whom, what and how late; the sheet has the days as a number."""
    done = shell.line("--lang zh changes monday.note")
    assert done.code == 0
    rows = {line.split()[0]: line for line in done.out.splitlines()[1:]}
    assert "400天 旧" in rows["12"]
    assert "2,000.00" in rows["12"]
    assert "旧" not in rows["10"]
    assert "10 条 → 13 条，新增 3 条；其中 2 条" in done.err
    shell.all("changes monday.note -o changes.csv")
    sheet = (shell.folder / "changes.csv").read_text("utf-8-sig").splitlines()
    assert len(sheet) == 4
    assert sheet[0].endswith("days late,within the earlier head")
    assert shell.line("changes friday.note").out == "nothing new: both are of 13 entries\n"


def test_heads_of_other_histories_are_no_heads_of_this_one(shell: Shell, tmp_path: Path) -> None:
    """A fork, another ledger: exit 10, and no list."""
    fork = shell.copy(tmp_path / "fork")
    shutil.copyfile(fork.folder / "monday.db", fork.database)
    shutil.rmtree(fork.folder / "keys" / "heads")
    fork.all(PROPOSE.format(id="ELSE") + " --first-time\ncheckpoint -o fork.note")
    other = Shell(tmp_path / "other")
    other.folder.mkdir()
    other.all("init --origin demo.example/other --name 另一台账 --yes\ncheckpoint -o other.note")
    for note, code in ((fork.folder / "fork.note", "INV-16.FORK"), (other.folder / "other.note", "INV-16.ORIGIN")):
        done = shell.line(f"changes {note}")
        assert (done.code, done.out, code in done.err) == (10, "", True), done


def test_an_altered_entry_between_two_heads_is_not_shown_as_one(shell: Shell) -> None:
    """What is listed is what the leaves bind."""
    with closing(sqlite3.connect(shell.database)) as raw:
        (guard,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'entries_no_update'").fetchone()
        (content,) = raw.execute("SELECT content FROM entries WHERE seq = 11").fetchone()
        raw.execute("DROP TRIGGER entries_no_update")
        raw.execute("UPDATE entries SET content = ? WHERE seq = 11", (content.replace("示例项目".encode(), "别的项目".encode()),))
        raw.execute(guard)
        raw.commit()
    done = shell.line("changes monday.note")
    assert (done.code, done.out, "INV-01.DIGEST" in done.err) == (10, "", True), done
