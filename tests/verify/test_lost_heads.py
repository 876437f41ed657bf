"""INV-16, A-07, A-09, A-29, A-30: an older copy, another history, a new machine, and how a restored ledger goes on."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ledger.chain.keys import b64, possession_message, public_bytes, unb64
from ledger.chain.note import Checkpoint
from ledger.errors import IntegrityFailed, IntegrityUndecided, LedgerError, Refused
from ledger.kinds.draft import Draft
from ledger.service import Founding, FurtherRoot, Ledger
from ledger.store.append import Receipt, as_source
from ledger.store.keystore import Signer
from ledger.store.memory import Memory
from tests.world import LEDGER_KEY, LI, ORIGIN, QIAN, ROOT, TODAY, ZHAO, Clock, counting, draft, enrolment


def further(person: str, key: Signer) -> FurtherRoot:
    """A root whose key is held elsewhere."""
    held = key.private.sign(possession_message(ORIGIN, person, key.key))
    return FurtherRoot(person, b64(public_bytes(key.private)), b64(held))


class Desk:
    """An officer's machine: a key, a key store, and a ledger file that may be one or another."""

    def __init__(self, folder: Path, key: Signer) -> None:
        self.folder = folder
        self.key = key

    def memory(self, target: str) -> Memory:
        ledger = Ledger.open(target)
        with ledger.reading() as session:
            id = session.id
        ledger.close()
        return Memory(self.folder, id)

    def record(self, target: str, *drafts: Draft, **options: Any) -> Receipt:
        """An append with memory, as a command makes it."""
        ledger = Ledger.open(target, clock=Clock(), entropy=counting())
        try:
            return ledger.append(self.key, as_source(list(drafts)), memory=self.memory(target), **options)
        finally:
            ledger.close()

    def evidence(self) -> list[dict[str, Any]]:
        """What was kept of heads that do not fit."""
        return [json.loads(path.read_text("utf-8")) for path in sorted((self.folder / "evidence").glob("*.json"))]


class Lost:
    """A ledger of three roots, two of whom recover it; a backup, and what was recorded after it and is lost."""

    def __init__(self, target: str, folder: Path, quorum: int = 2) -> None:
        self.root, self.zhao, self.qian = (Desk(folder / name, key) for name, key in (("root", ROOT), ("zhao", ZHAO), ("qian", QIAN)))
        self.li = Desk(folder / "li", LI)
        founding = Founding(origin=ORIGIN, name="示例县台账", root=ROOT, ledger_key=public_bytes(LEDGER_KEY.private), policy="small",
                            further=[further("zhao", ZHAO), further("qian", QIAN)], quorum=quorum)
        Ledger.create(target, founding, clock=Clock(), entropy=counting()).close()
        body = draft("authority.register", "a1", code="999901", name="示例县", level="county")
        self.root.record(target, body, enrolment("li", LI, ["programme"]), first_time=True)
        self.lost = target
        self.restored = f"{target}.restored"
        shutil.copyfile(target, self.restored)
        for n in range(3):
            self.li.record(target, self.project(n), first_time=True)
        self.zhao.record(target, draft("authority.register", "a2", code="999902", name="示例县二", level="county"), first_time=True)
        self.head = self.checkpoint(target)

    @staticmethod
    def project(n: int) -> Draft:
        return draft("project.propose", f"p{n}", project=f"P{n}", county="999901", name="示例项目")

    @staticmethod
    def checkpoint(target: str) -> Checkpoint:
        ledger = Ledger.open(target)
        with ledger.reading() as session:
            tree = session.tree()
        ledger.close()
        return Checkpoint(ORIGIN, tree.size, tree.root())

    def recover(self, **data: Any) -> Draft:
        """That the lost head is lost, in words."""
        said = {"size": self.head.size, "root": b64(self.head.root), "reason": "硬盘损坏，由备份恢复"} | data
        return Draft("ledger.recover", f"recover/{len(said)}/{said['size']}/{said.pop('by', '')}", TODAY, said)


@pytest.fixture
def lost(sqlite_target: str, tmp_path: Path) -> Lost:
    return Lost(sqlite_target, tmp_path)


def test_a07_an_older_copy_is_refused_and_kept_as_evidence(lost: Lost) -> None:
    with pytest.raises(IntegrityFailed) as caught:
        lost.li.record(lost.restored, lost.project(7))
    assert caught.value.code == "INV-16.SHORTER"
    (kept,) = lost.li.evidence()
    assert kept["relation"] == "shorter"
    assert kept["remembered"]["size"] == 6
    assert kept["found"] == {"size": 3, "root": b64(lost.checkpoint(lost.restored).root)}
    assert str(lost.li.folder / "evidence") in caught.value.hint


def test_a09_another_history_is_refused_and_kept_as_evidence(lost: Lost) -> None:
    for n in range(10, 16):
        Desk(lost.li.folder / "elsewhere", LI).record(lost.restored, lost.project(n), first_time=True)
    with pytest.raises(IntegrityFailed) as caught:
        lost.li.record(lost.restored, lost.project(20))
    assert caught.value.code == "INV-16.FORK"
    assert [kept["relation"] for kept in lost.li.evidence()] == ["fork"]
    with pytest.raises(IntegrityFailed):
        lost.li.record(lost.restored, lost.project(20))
    assert len(lost.li.evidence()) == 1, "the same two heads are kept once"


def test_a21_a_new_machine_needs_a_head_it_trusts(lost: Lost, tmp_path: Path) -> None:
    new = Desk(tmp_path / "new", LI)
    with pytest.raises(IntegrityUndecided) as caught:
        new.record(lost.lost, lost.project(7))
    assert caught.value.code == "UNDECIDED.FIRST_SIGHT"
    new.record(lost.lost, lost.project(7), against=lost.head)
    new.record(lost.lost, lost.project(8))


def test_a21_the_head_given_decides_at_first_sight(lost: Lost, tmp_path: Path) -> None:
    """Against the lost head, the restored copy is too short; against another root of its own size, another history."""
    new = Desk(tmp_path / "new", LI)
    with pytest.raises(IntegrityFailed) as caught:
        new.record(lost.restored, lost.project(7), against=lost.head)
    assert caught.value.code == "INV-16.SHORTER"
    with pytest.raises(IntegrityFailed) as caught:
        new.record(lost.lost, lost.project(7), against=Checkpoint(ORIGIN, 5, b"\0" * 32))
    assert caught.value.code == "INV-16.FORK"
    assert len(new.evidence()) == 2
    assert new.memory(lost.lost).confirmed is None


def test_a07_a_trusted_head_is_no_excuse_for_what_is_remembered(lost: Lost) -> None:
    """`against` an early head that both copies share does not let an older copy pass."""
    with pytest.raises(IntegrityFailed):
        lost.li.record(lost.restored, lost.project(7), against=lost.checkpoint(lost.restored))


def test_a30_a_quorum_of_roots_goes_on_and_everybody_follows(lost: Lost) -> None:
    """zhao remembers the lost head, li one below it, root one before the backup, qian nothing."""
    with pytest.raises(IntegrityFailed):
        lost.zhao.record(lost.restored, lost.project(9))
    lost.zhao.record(lost.restored, lost.recover(by="zhao"))
    with pytest.raises(IntegrityFailed):
        lost.li.record(lost.restored, lost.project(9))
    lost.root.record(lost.restored, lost.recover(by="root"))
    lost.li.record(lost.restored, lost.project(9))
    lost.zhao.record(lost.restored, draft("authority.register", "a3", code="999903", name="示例县三", level="county"))
    lost.qian.record(lost.restored, draft("authority.register", "a4", code="999904", name="示例县四", level="county"), first_time=True)
    result = verified(lost.restored)
    assert result.ok, result.problems
    assert result.lost == [(7, 4)]


def verified(target: str) -> Any:
    from ledger.verify.run import verify

    ledger = Ledger.open(target)
    with ledger.database.reading() as connection:
        result = verify(ledger.database, connection, now="2026-11-24T02:00:00Z", heads=[])
    ledger.close()
    return result


def test_a30_after_recovery_the_new_history_is_guarded_like_the_old(lost: Lost) -> None:
    """One recovery excuses one head, once: a copy from before it, or a fork of what follows, is refused again."""
    lost.zhao.record(lost.restored, lost.recover(by="zhao"))
    lost.root.record(lost.restored, lost.recover(by="root"))
    older = f"{lost.restored}.older"
    shutil.copyfile(lost.restored, older)
    lost.li.record(lost.restored, lost.project(9))
    lost.li.record(lost.restored, lost.project(10))
    with pytest.raises(IntegrityFailed) as caught:
        lost.li.record(older, lost.project(11))
    assert caught.value.code == "INV-16.SHORTER"
    with pytest.raises(IntegrityFailed):
        lost.li.record(lost.lost, lost.project(11))


@pytest.mark.parametrize("said", [{"size": 6}, {"size": 1}])
def test_a30_a_smaller_head_given_up_does_not_excuse_a_greater_one(lost: Lost, said: dict[str, int]) -> None:
    """zhao remembers 7: neither may zhao record that 6 is lost, nor does it count for zhao when others do."""
    with pytest.raises(IntegrityFailed):
        lost.zhao.record(lost.restored, lost.recover(**said))
    lost.root.record(lost.restored, lost.recover(**said, by="root"))
    lost.qian.record(lost.restored, lost.recover(**said, by="qian"), first_time=True)
    with pytest.raises(IntegrityFailed):
        lost.zhao.record(lost.restored, lost.project(9))


def test_a30_only_recovery_goes_on_and_nothing_rides_along(lost: Lost) -> None:
    with pytest.raises(IntegrityFailed):
        lost.zhao.record(lost.restored, lost.recover(), draft("authority.register", "a3", code="999903", name="三", level="county"))
    assert lost.checkpoint(lost.restored).size == 3


def test_a30_one_person_is_no_quorum_even_twice(lost: Lost) -> None:
    lost.zhao.record(lost.restored, lost.recover(by="zhao"))
    with pytest.raises(LedgerError) as caught:
        lost.zhao.record(lost.restored, lost.recover(by="zhao again"))
    assert caught.value.code in ("REFERENCE.RECOVERY", "INV-16.FORK", "INV-16.SHORTER")
    with pytest.raises(IntegrityFailed):
        lost.zhao.record(lost.restored, lost.project(9))


def test_a30_a_recovery_that_a_database_administrator_wrote_is_not_believed(lost: Lost) -> None:
    """The state says that a quorum spoke; no entry does."""
    import sqlite3

    with sqlite3.connect(lost.restored) as raw:
        row = json.dumps({"by": 2, "persons": ["qian", "root"], "root": b64(lost.head.root), "size": 7}, separators=(",", ":"))
        raw.execute("INSERT INTO objects (sort, id, value) VALUES ('recovery', ?, ?)", (f"7:{b64(lost.head.root)}", row))
    raw.close()
    with pytest.raises(IntegrityFailed):
        lost.li.record(lost.restored, lost.project(9))


def test_a30_one_root_alone_recovers_where_that_is_the_quorum(sqlite_target: str, tmp_path: Path) -> None:
    lost = Lost(sqlite_target, tmp_path, quorum=1)
    lost.zhao.record(lost.restored, lost.recover())
    lost.zhao.record(lost.restored, draft("authority.register", "a3", code="999903", name="示例县三", level="county"))
    lost.li.record(lost.restored, lost.project(9))
    assert verified(lost.restored).ok


def test_a30_the_documented_steps_after_a_fork_that_went_on(lost: Lost) -> None:
    """Somebody went on in the restored copy before anyone noticed, until it was longer than what was lost."""
    elsewhere = Desk(lost.li.folder / "elsewhere", LI)
    for n in range(10, 16):
        elsewhere.record(lost.restored, lost.project(n), first_time=True)
    lost.zhao.record(lost.restored, lost.recover(by="zhao"))
    assert lost.zhao.memory(lost.restored).since == 7, "one root is no quorum: the memory stands"
    lost.root.record(lost.restored, lost.recover(by="root"))
    lost.li.record(lost.restored, lost.project(20))
    assert lost.li.memory(lost.restored).since == lost.checkpoint(lost.restored).size


def test_pending_is_promoted_when_the_ledger_holds_it_and_dropped_otherwise(lost: Lost, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed commit is no fork: the promised head is given up, the confirmed one stays."""
    from ledger.store import evidence

    class Cut(Exception):
        pass

    def stop(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(evidence, "insert", stop)
        with pytest.raises(Cut):
            lost.zhao.record(lost.lost, draft("authority.register", "a9", code="999909", name="示例县九", level="county"))
    lost.zhao.record(lost.lost, draft("authority.register", "a8", code="999908", name="示例县八", level="county"))
    assert lost.zhao.memory(lost.lost).since == 8
    assert lost.zhao.evidence() == []


def test_the_key_of_a_root_in_genesis_is_seen_once(sqlite_target: str) -> None:
    """Two roots with one key are refused before anything is made."""
    founding = Founding(origin=ORIGIN, name="示例", root=ROOT, ledger_key=public_bytes(LEDGER_KEY.private),
                        further=[further("zhao", ROOT)])
    with pytest.raises(LedgerError) as caught:
        Ledger.create(sqlite_target, founding, clock=Clock(), entropy=counting())
    assert caught.value.exit_code in (3, 4, 6)
    assert not Path(sqlite_target).exists()
    assert unb64(founding.further[0].public_key, 32)


def test_a_recovery_by_one_who_is_no_root_is_refused(lost: Lost) -> None:
    with pytest.raises((IntegrityFailed, Refused, LedgerError)):
        lost.li.record(lost.restored, lost.recover())
