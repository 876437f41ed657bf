"""INV-16, A-07, A-09, A-21: what an officer's key store remembers, and what it does not let pass."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ledger.chain.merkle import Frontier, leaf_hash
from ledger.errors import InputRejected, IntegrityFailed, IntegrityUndecided, LedgerError
from ledger.service import Ledger
from ledger.store.append import as_source
from ledger.store.memory import Memory
from tests.world import LI, Clock, counting, draft, first_yuan

SIZE = 11


@pytest.fixture
def copied(sqlite_target: str) -> str:
    """The eleven entries, in a file that can be copied."""
    first_yuan(sqlite_target).ledger.close()
    return sqlite_target


def opened(target: str) -> Ledger:
    return Ledger.open(target, clock=Clock(), entropy=counting())


def memory_of(target: str, folder: Path) -> Memory:
    """The memory as a command opens it, anew each time."""
    ledger = opened(target)
    with ledger.reading() as session:
        id = session.id
    ledger.close()
    return Memory(folder, id)


def propose(target: str, folder: Path, id: str, *, first_time: bool = False, dry_run: bool = False) -> None:
    """An append with memory, as `sunledger` makes it."""
    memory, ledger = memory_of(target, folder), opened(target)
    source = as_source([draft("project.propose", id, project=id.upper(), county="999901", name="示例项目")])
    try:
        ledger.append(LI, source, memory=memory, first_time=first_time, dry_run=dry_run)
    finally:
        ledger.close()


def kept(folder: Path) -> dict[str, Any]:
    """The file of the memory."""
    (path,) = (folder / "heads").glob("*.json")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_a21_first_sight_is_undecided_until_it_is_accepted(copied: str, tmp_path: Path) -> None:
    """Nothing is trusted silently: exit 11 and nothing recorded, then with `first_time` it goes on."""
    with pytest.raises(IntegrityUndecided) as caught:
        propose(copied, tmp_path, "p2")
    assert caught.value.exit_code == 11
    assert caught.value.code == "UNDECIDED.FIRST_SIGHT"
    assert "--first-time" in caught.value.hint
    assert memory_of(copied, tmp_path).confirmed is None
    propose(copied, tmp_path, "p2", first_time=True)
    assert kept(tmp_path)["confirmed"]["size"] == SIZE + 1
    propose(copied, tmp_path, "p3")
    assert kept(tmp_path)["confirmed"]["size"] == SIZE + 2


def test_a21_a_lost_memory_is_first_sight_again(copied: str, tmp_path: Path) -> None:
    """A deleted file does not re-pin by itself."""
    propose(copied, tmp_path, "p2", first_time=True)
    shutil.rmtree(tmp_path / "heads")
    with pytest.raises(IntegrityUndecided):
        propose(copied, tmp_path, "p3")


def test_a07_an_older_copy_is_refused_for_writing(copied: str, tmp_path: Path) -> None:
    """The whole file from before the last entry: exit 10, the tail is cut."""
    older = f"{copied}.older"
    shutil.copyfile(copied, older)
    propose(copied, tmp_path, "p2", first_time=True)
    with pytest.raises(IntegrityFailed) as caught:
        propose(older, tmp_path, "p3")
    assert (caught.value.exit_code, caught.value.code) == (10, "INV-16.SHORTER")
    propose(copied, tmp_path, "p3")


def test_a07_first_time_does_not_excuse_an_older_copy(copied: str, tmp_path: Path) -> None:
    """`--first-time` is for first sight alone."""
    older = f"{copied}.older"
    shutil.copyfile(copied, older)
    propose(copied, tmp_path, "p2", first_time=True)
    with pytest.raises(IntegrityFailed):
        propose(older, tmp_path, "p3", first_time=True)


@pytest.mark.parametrize("more", [0, 1, 5])
def test_a09_a_fork_is_refused_however_long(copied: str, tmp_path: Path, more: int) -> None:
    """Another history from the same backup, as long or longer than what was seen: exit 10."""
    fork = f"{copied}.fork"
    shutil.copyfile(copied, fork)
    propose(copied, tmp_path, "p2", first_time=True)
    other = tmp_path / "other"
    propose(fork, other, "q2", first_time=True)
    for n in range(more):
        propose(fork, other, f"q{n + 3}")
    with pytest.raises(IntegrityFailed) as caught:
        propose(fork, tmp_path, "p3")
    assert caught.value.code == "INV-16.FORK"


def test_a_refused_entry_and_a_dry_run_leave_the_memory(copied: str, tmp_path: Path) -> None:
    """Only a head that the ledger holds is confirmed."""
    propose(copied, tmp_path, "p2", first_time=True)
    before = kept(tmp_path)
    propose(copied, tmp_path, "p3", dry_run=True)
    with pytest.raises(LedgerError):
        propose(copied, tmp_path, "P1")
    assert kept(tmp_path) == before


class Cut(Exception):
    """The machine stops."""


def test_pending_is_kept_before_a_signature_leaves(copied: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between the promise and the commit: the head stands as pending, and is dropped at the next append."""
    from ledger.store import evidence

    propose(copied, tmp_path, "p2", first_time=True)

    def stop(*_: object) -> None:
        assert kept(tmp_path)["pending"]["size"] == SIZE + 2
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(evidence, "insert", stop)
        with pytest.raises(Cut):
            propose(copied, tmp_path, "p3")
    assert kept(tmp_path)["pending"]["size"] == SIZE + 2
    assert kept(tmp_path)["confirmed"]["size"] == SIZE + 1
    propose(copied, tmp_path, "p4")
    assert kept(tmp_path)["confirmed"]["size"] == SIZE + 2
    assert "pending" not in kept(tmp_path)


@pytest.mark.parametrize("later", [0, 1])
def test_pending_is_promoted_where_the_ledger_holds_it(copied: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                       later: int) -> None:  # fmt: skip
    """Stopped after the commit, before the memory knew: the next look promotes it, so the older copy is found out."""
    propose(copied, tmp_path, "p2", first_time=True)
    older = f"{copied}.older"
    shutil.copyfile(copied, older)

    def stop(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(Memory, "confirm", stop)
        with pytest.raises(Cut):
            propose(copied, tmp_path, "p3")
    assert kept(tmp_path)["confirmed"]["size"] == SIZE + 1
    if later:
        propose(copied, tmp_path / "another", "p4", first_time=True)
    ledger, memory = opened(copied), memory_of(copied, tmp_path)
    with ledger.reading() as session:
        leaves = [session.history.entry(seq)[2] for seq in range(session.size)]
        memory.require_extended(session.size, session.tree().root(), lambda first, size: leaves[first:size])
    ledger.close()
    assert kept(tmp_path)["confirmed"]["size"] == SIZE + 2
    with pytest.raises(IntegrityFailed):
        propose(older, tmp_path, "p5")


def test_a_smaller_head_never_replaces_a_greater_one(tmp_path: Path) -> None:
    """`confirmed` only grows."""
    memory, tree = Memory(tmp_path, "ab"), Frontier()
    small = tree.copy()
    for n in range(9):
        tree.append(leaf_hash(bytes([n])))
        if n == 3:
            small = tree.copy()
    memory.confirm(tree)
    memory.confirm(small)
    assert Memory(tmp_path, "ab").confirmed.size == 9  # type: ignore[union-attr]


@pytest.mark.parametrize("damage", [
    b"", b"{", b"null", b"[]", b"{}", b'{"confirmed":{}}', b"\xff\xfe", b'{"confirmed":null}',
    b'{"confirmed":{"frontier":"","root":"","size":0}}', b'{"confirmed":{"frontier":"","root":"x","size":-1}}',
    b'{"confirmed":{"frontier":"AAAA","root":"AAAA","size":1}}', b'{"confirmed":{"frontier":"","root":"","size":1.0}}',
    b"x" * 70_000,
])  # fmt: skip
def test_a21_a_damaged_memory_is_rejected_input(copied: str, tmp_path: Path, damage: bytes) -> None:
    """Exit 3, never a silent first sight."""
    propose(copied, tmp_path, "p2", first_time=True)
    (path,) = (tmp_path / "heads").glob("*.json")
    path.write_bytes(damage)
    with pytest.raises(InputRejected) as caught:
        propose(copied, tmp_path, "p3", first_time=True)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("field", ["size", "root", "frontier"])
def test_a21_an_edited_memory_is_rejected_or_refused(copied: str, tmp_path: Path, field: str) -> None:
    """Root, size and frontier hold each other; a whole other head does not fit the ledger."""
    propose(copied, tmp_path, "p2", first_time=True)
    (path,) = (tmp_path / "heads").glob("*.json")
    value = json.loads(path.read_text())
    old = value["confirmed"][field]
    value["confirmed"][field] = old - 1 if field == "size" else "A" + old[1:] if old[0] != "A" else "B" + old[1:]
    path.write_text(json.dumps(value))
    with pytest.raises((InputRejected, IntegrityFailed)):
        propose(copied, tmp_path, "p3")


def test_a21_the_memory_is_private(copied: str, tmp_path: Path) -> None:
    """Mode 0600 in a folder of mode 0700."""
    propose(copied, tmp_path, "p2", first_time=True)
    (path,) = (tmp_path / "heads").glob("*.json")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    lock = path.with_suffix(".lock")
    assert lock.stat().st_mode & 0o777 == 0o600
    assert sorted(path.parent.iterdir()) == [path, lock]
