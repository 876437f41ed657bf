"""One key store at work twice: whoever signs a head has read what the other signed."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from ledger.errors import Busy, IntegrityFailed
from ledger.service import Ledger
from ledger.store.append import as_source
from ledger.store.memory import Memory
from tests.world import LI, WANG, World, draft, first_yuan


def forked(tmp_path: Path) -> tuple[World, Ledger, str]:
    """A ledger, a copy of it that will go its own way, and the id of both."""
    world = first_yuan(str(tmp_path / "one.db"))
    with world.ledger.reading() as session:
        id, tree = session.id, session.tree()
        Memory(tmp_path / "keys", id).confirm(tree)
    with closing(sqlite3.connect(tmp_path / "one.db")) as source, closing(sqlite3.connect(tmp_path / "two.db")) as copy:
        source.backup(copy)
    return world, Ledger.open(str(tmp_path / "two.db"), clock=world.clock), id


class Slow(Memory):
    """A memory whose process is held up between its look at the head and its note."""

    at_work = threading.Event()

    def promise(self, tree: object, confirmed: object) -> None:
        """Wait, then note."""
        self.at_work.set()
        time.sleep(0.5)
        super().promise(tree, confirmed)  # type: ignore[arg-type]


def test_two_histories_are_never_both_signed(tmp_path: Path) -> None:
    """The second waits for the first, reads what it signed, and refuses the other history."""
    world, other, id = forked(tmp_path)
    Slow.at_work.clear()
    said: list[str] = []

    def first() -> None:
        world.record(LI, draft("project.propose", "p2", project="P2", county="999901", name="一"), memory=Slow(tmp_path / "keys", id))
        said.append("signed")

    slow = threading.Thread(target=first)
    memory = Memory(tmp_path / "keys", id)  # read before the first signs
    slow.start()
    assert Slow.at_work.wait(60)
    with pytest.raises(IntegrityFailed) as caught:
        other.append(WANG, as_source([draft("project.approve", "a9", project="P1", document_number="二")]), memory=memory)
    slow.join()
    assert caught.value.code in ("INV-16.FORK", "INV-16.SHORTER")
    assert said == ["signed"]
    with other.reading() as session:
        assert session.size == 11
    other.close()
    world.ledger.close()


def test_who_waits_too_long_is_told_and_who_looks_waits_for_nobody(tmp_path: Path) -> None:
    """Busy (8) at the end of a bounded wait; the memory is read by the others meanwhile, and kept as it is."""
    world, other, id = forked(tmp_path)
    here, there = (Memory(tmp_path / "keys", id) for _ in range(2))
    with here.locked():
        with pytest.raises(Busy) as caught, there.locked(0.05):
            pass
        assert (caught.value.code, caught.value.exit_code) == ("BUSY", 8)
        with world.ledger.reading() as session:
            tree = session.tree()
            there.require_extended(tree.size, tree.root(), lambda first, size: ())
        with here.locked():  # the one that holds it holds it
            assert here.since == 11
    with there.locked(0.05):
        assert there.since == 11
    other.close()
    world.ledger.close()
