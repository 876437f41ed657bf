"""Errors that only a person at a terminal or a cut line can make."""

import threading
from types import SimpleNamespace
from typing import Any

import click
import pytest

from ledger.commands import main as command_line
from ledger.commands.asking import confirm
from ledger.errors import Declined, OutcomeUnknown, Usage
from reports import tree as papers
from tests.store.test_append import receive
from tests.world import WANG, first_yuan


@pytest.mark.parametrize("words", [["--nonsense"], ["nonsense"], ["quota"], ["quota", "receive", "--nonsense"], ["balance", "--by", "moon"], ["x\ud800"]])
def test_command_line_that_is_wrong_itself_is_two(words: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Usage: exit 2, words on stderr, nothing on stdout, no file."""
    monkeypatch.chdir(tmp_path)
    first_yuan("sunledger.db").ledger.close()
    before = {path.name for path in tmp_path.iterdir()}
    assert command_line.run([command_line.register, papers.register], words) == Usage.exit_code == 2
    said = capsys.readouterr()
    assert said.err
    assert "Traceback" not in said.err + said.out
    assert {path.name for path in tmp_path.iterdir()} - before <= {"sunledger.db-wal", "sunledger.db-shm"}


@pytest.mark.parametrize("answer", ["n", "否", ""])
def test_person_who_says_no_declines(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Declined: exit 7."""
    monkeypatch.setattr(click, "prompt", lambda *_, **__: answer)
    options: Any = SimpleNamespace(output=SimpleNamespace(words=lambda zh, en: en))
    with pytest.raises(Declined) as caught:
        confirm(options)
    assert caught.value.exit_code == 7


def test_line_that_is_cut_while_committing_leaves_the_outcome_unknown(postgres_target: str) -> None:
    """OutcomeUnknown: exit 9, and the same id tried again tells what became of it."""
    world = first_yuan(postgres_target)
    database = world.ledger.database

    def write() -> None:
        with database.writing() as connection:
            (process,) = database.one(connection, "SELECT pg_backend_pid()")
            killer = threading.Thread(target=end, args=(process,))
            killer.start()
            killer.join()

    def end(process: int) -> None:
        with database.engine.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({process}, 5000)")

    with pytest.raises(OutcomeUnknown) as caught:
        write()
    assert caught.value.exit_code == 9
    database.engine.dispose()
    assert world.record(WANG, receive("n1")).size == 12
