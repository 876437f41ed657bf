"""Several roots: how entry 0 names them, how a quorum of them gives up a lost head, and who may touch their keys."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import IntegrityFailed, NotPermitted, Refused
from ledger.service import Ledger
from ledger.store.append import as_source
from ledger.store.memory import Memory
from tests.book.desk import LOST, Desk, enrolment, rotation
from tests.book.roots import ANNA, BORIS, CHEN, RootedWorld, root_row, rooted
from tests.verify.modified_client import Bad, ModifiedClient
from tests.world import LEDGER_KEY, LI, ROOT, WANG, Clock, codes, counting, draft, first_yuan, signer
from tests.world import enrolment as enrol

NEW, OTHER = signer(51), signer(52)
OTHER_HEAD = LOST | {"root": "B" * 42 + "A="}


def by(desk: Desk, head: dict[str, Any] | None = None) -> int:
    """The entry with which a quorum gave a head up, or -1."""
    head = head or LOST
    return int(desk.state.get("recovery", f"{head['size']}:{head['root']}").by)


def revoke(desk: Desk, officer: str, **more: Any) -> None:
    """Revoke a root by another, a third confirming where that is needed."""
    if desk.do(ROOT, "officer.revoke", "rev", officer=officer, reason="失窃", **more).waits:
        desk.do(BORIS, "entry.confirm", "ok-rev", entry=desk.ref("rev"))


# --- entry 0 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("quorum", "code"), [(0, "INPUT.FIELD"), (1, ""), (2, ""), (3, ""), (4, "INPUT.FIELD"), (2**53 - 1, "INPUT.FIELD")])
def test_quorum_lies_between_one_and_the_number_of_roots(quorum: int, code: str) -> None:
    """INV-08: else a ledger could be recovered by nobody, or by nobody's word."""
    desk = Desk(open=False)
    desk.genesis |= {"roots": [*desk.genesis["roots"], root_row("anna", ANNA), root_row("boris", BORIS)], "root_quorum": quorum}
    assert desk.tried(ROOT, "ledger.open", "ledger.open", **desk.genesis) == code


ROOTS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "none": ([], "INPUT.FIELD"),
    "one person twice": ([root_row("anna", ANNA), root_row("anna", BORIS)], "REFERENCE.OFFICER"),
    "one key twice": ([root_row("anna", ANNA), root_row("boris", ANNA)], "RIGHTS.KEY_REUSED"),
    "the ledger key": ([root_row("anna", LEDGER_KEY)], "RIGHTS.KEY_REUSED"),
    "another's possession": ([root_row("anna", ANNA) | {"person": "chen"}], "RIGHTS.POSSESSION"),
    "no sound key": ([root_row("anna", ANNA) | {"public_key": "AQ" + "A" * 41 + "="}], "INPUT.KEY"),
}


@pytest.mark.parametrize("name", ROOTS)
def test_k06_roots_are_as_many_persons_with_as_many_keys(name: str) -> None:
    """INV-05, K-06: a quorum counts persons, so entry 0 names each once, each with a key of its own."""
    roots, code = ROOTS[name]
    desk = Desk(open=False)
    desk.genesis |= {"roots": roots, "root_quorum": 1}
    assert desk.tried(ANNA, "ledger.open", "ledger.open", **desk.genesis) == code


def test_roots_are_administrators_without_an_authority() -> None:
    """INV-05, INV-06: two of them are two persons from the start, so an enrolment waits under standard."""
    desk = rooted(policy="standard")
    assert desk.state.administrators() == ("anna", "boris", "root")
    assert desk.do(ANNA, "officer.enroll", "e", **enrolment("li", LI, ["clerk"])).waits
    assert desk.tried(ANNA, "entry.confirm", "ok", entry=desk.ref("e")) == "RIGHTS.SAME_PERSON"
    desk.do(BORIS, "entry.confirm", "ok", entry=desk.ref("e"))


# --- giving a head up ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quorum", [1, 2, 3])
def test_head_is_lost_once_a_quorum_of_persons_says_so(quorum: int) -> None:
    """INV-05: not one entry before; a further root may say so too, and the entry that counted stays."""
    desk = rooted(quorum)
    for place, key in enumerate((ROOT, ANNA, BORIS)):
        outcome = desk.do(key, "ledger.recover", f"r{place}", **LOST | {"reason": f"理由{place}"})
        assert (outcome.moves, outcome.waits) == ([], False)
        assert (by(desk) >= 0) is (place + 1 >= quorum)
    assert by(desk) == desk.history.ids[f"r{quorum - 1}"]
    assert desk.state.get("recovery", f"{LOST['size']}:{LOST['root']}").persons == ("root", "anna", "boris")


def test_each_root_says_so_once_for_one_head() -> None:
    """INV-08: and a word for one head is none for another of another size or root."""
    desk = rooted(2)
    desk.do(ANNA, "ledger.recover", "r1", **LOST)
    assert desk.tried(ANNA, "ledger.recover", "r2", **LOST) == "REFERENCE.RECOVERY"
    assert desk.tried(ANNA, "ledger.recover", "r2", **LOST | {"reason": "又一次"}) == "REFERENCE.RECOVERY"
    desk.do(BORIS, "ledger.recover", "r3", **OTHER_HEAD)
    desk.do(BORIS, "ledger.recover", "r4", **LOST | {"size": 121})
    assert (by(desk), by(desk, OTHER_HEAD), by(desk, LOST | {"size": 121})) == (-1, -1, -1)


def test_k06_rotated_key_is_no_second_root() -> None:
    """K-06: the person who said so by the old key has said so."""
    desk = rooted(2)
    desk.do(ANNA, "ledger.recover", "r1", **LOST)
    desk.do(ANNA, "officer.rotate", "rot", **rotation("anna", NEW))
    assert desk.tried(NEW, "ledger.recover", "r2", **LOST) == "REFERENCE.RECOVERY"
    assert desk.tried(ANNA, "ledger.recover", "r2", **LOST) == "RIGHTS.REVOKED"
    assert by(desk) == -1


def test_k06_second_id_of_a_root_is_no_root() -> None:
    """K-06: only those whom entry 0 names by id; an administrator of a root's person is none."""
    desk = rooted(2)
    desk.do(ANNA, "officer.enroll", "e1", **enrolment("boris2", NEW, ["administrator"], person="boris"))
    desk.do(BORIS, "officer.enroll", "e2", **enrolment("chen", CHEN, ["administrator"]))
    for key in (NEW, CHEN):
        assert desk.tried(key, "ledger.recover", "r", **LOST) == "RIGHTS.ROOT"


@pytest.mark.parametrize("mode", ["control", "observe"])
def test_k05_who_is_no_root_gives_no_head_up(mode: str) -> None:
    """K-05: an administrator is told who may; another officer lacks the role; the ledger key is nobody."""
    desk = rooted(1, mode=mode)
    desk.officer("admin", CHEN, ["administrator"])
    desk.officer("li", LI, ["programme"])
    for key, code in ((CHEN, "RIGHTS.ROOT"), (LI, "RIGHTS.ROLE"), (LEDGER_KEY, "RIGHTS.KEY"), (BORIS, "")):
        assert desk.tried(key, "ledger.recover", "r", **LOST) == code


def test_k02_revoked_root_gives_no_head_up() -> None:
    """K-02: from the next entry on."""
    desk = rooted(2)
    revoke(desk, "anna")
    assert desk.tried(ANNA, "ledger.recover", "r", **LOST) == "RIGHTS.REVOKED"


@pytest.mark.parametrize("root", ["AA==", "A" * 44, "A" * 43, "A" * 42 + "B="])
def test_root_of_a_lost_head_is_32_bytes_in_one_spelling(root: str) -> None:
    """INV-08: two spellings would be two heads, and two counts."""
    assert rooted(1).tried(ROOT, "ledger.recover", "r", **LOST | {"root": root}) == "INPUT.FIELD"


def test_word_of_a_root_is_not_reversed() -> None:
    """INV-11: a head given up does not come back."""
    desk = rooted(1)
    desk.do(ROOT, "ledger.recover", "r", **LOST)
    assert desk.tried(ANNA, "entry.reverse", "back", entry=desk.ref("r"), reason="错") == "REVERSAL.KIND"


# --- taking over the roots ----------------------------------------------------------------------------------------------


def test_root_rotates_the_own_key_and_is_a_root_still() -> None:
    """INV-05: with the new key alone."""
    desk = rooted(2)
    desk.do(ANNA, "officer.rotate", "rot", **rotation("anna", NEW))
    desk.do(NEW, "ledger.recover", "r1", **LOST)
    desk.do(BORIS, "ledger.recover", "r2", **LOST)
    assert by(desk) == desk.size - 1


@pytest.mark.parametrize("thief", [ROOT, CHEN], ids=["a root", "an administrator"])
def test_nobody_rotates_the_key_of_another_root(thief: Any) -> None:
    """INV-05, design §3: k roots are k persons, whatever an administrator may do with other officers' keys."""
    desk = rooted(2)
    desk.officer("chen", CHEN, ["administrator"])
    assert desk.tried(thief, "officer.rotate", "rot", **rotation("anna", NEW)) == "RIGHTS.ROOT"


def test_two_persons_do_not_rotate_the_key_of_another_root_either() -> None:
    """INV-05: a quorum of three is not had by two."""
    desk = rooted(3, policy="standard")
    assert desk.tried(ROOT, "officer.rotate", "rot", **rotation("anna", NEW)) == "RIGHTS.ROOT"


def test_one_person_does_not_leave_fewer_roots_than_a_quorum() -> None:
    """Design §3: a restored ledger goes on only by its roots; to take them away is at least two persons' work."""
    desk = rooted(2)
    desk.do(ROOT, "officer.revoke", "rev1", officer="anna", reason="调离")
    alone = desk.tried(ROOT, "officer.revoke", "rev2", officer="boris", reason="调离")
    assert alone != "" or desk.do(ROOT, "officer.revoke", "rev2", officer="boris", reason="调离").waits


def test_word_of_a_root_revoked_since_does_not_count() -> None:
    """INV-05: the thief of one root's key needs a quorum of others still."""
    desk = rooted(2)
    desk.do(ANNA, "ledger.recover", "stolen", **LOST)
    revoke(desk, "anna", since=desk.history.ids["stolen"])
    desk.do(BORIS, "ledger.recover", "r2", **LOST)
    assert by(desk) == -1


def test_head_that_this_history_has_outgrown_can_be_given_up() -> None:
    """A restored copy went on past what was lost before anybody noticed: the roots can still say so."""
    desk = rooted(1)
    assert desk.tried(ROOT, "ledger.recover", "r", **LOST | {"size": desk.size - 1}) == ""


# --- whole ledgers ------------------------------------------------------------------------------------------------------


def test_quorum_of_roots_on_both_databases(target: str) -> None:
    """INV-05, INV-13: two persons of three, one of them twice; verify and a rebuild agree on what is lost."""
    made = RootedWorld(target)
    made.bodies()
    made.record(ANNA, draft("ledger.recover", "r1", **LOST))
    with pytest.raises(Refused) as caught:
        made.record(ANNA, draft("ledger.recover", "r2", **LOST))
    assert (caught.value.exit_code, caught.value.code) == (6, "REFERENCE.RECOVERY")
    with pytest.raises(NotPermitted) as denied:
        made.record(LI, draft("ledger.recover", "r2", **LOST))
    assert (denied.value.exit_code, denied.value.code) == (4, "RIGHTS.ROLE")
    assert made.verify().ok
    size = made.record(BORIS, draft("ledger.recover", "r3", **LOST)).size
    found = made.verify()
    assert found.ok
    assert [(lost.size, lost.by) for lost in found.lost] == [(LOST["size"], size - 1)]
    made.ledger.rebuild()
    assert made.verify().lost == found.lost
    made.ledger.close()


def test_bad_client_of_one_root_is_no_quorum(target: str) -> None:
    """INV-05: however many times it seals its word, and by whatever key that is no root's."""
    made = RootedWorld(target)
    made.bodies()
    made.record(ANNA, enrol("chen", CHEN, ["administrator"]))
    client = ModifiedClient(made.target, ANNA.private)
    client.seal(*(Bad("ledger.recover", f"bad-{n}", LOST) for n in range(3)))
    client.seal(Bad("ledger.recover", "bad-4", LOST), private=CHEN.private)
    client.seal(Bad("ledger.recover", "bad-5", LOST), private=WANG.private)
    client.close()
    made.ledger.rebuild()
    found = made.verify()
    assert codes(found.problems) == ["REFERENCE.RECOVERY", "REFERENCE.RECOVERY", "RIGHTS.ROOT", "RIGHTS.ROLE"]
    assert found.lost == []
    made.ledger.close()


def test_entry_zero_with_a_bad_root_opens_no_ledger(target: str) -> None:
    """INV-08: a founding client that lies is told so, and nothing is left."""
    from ledger.chain.keys import public_bytes
    from ledger.errors import LedgerError
    from ledger.service import Founding, FurtherRoot
    from tests.world import ORIGIN

    row = root_row("anna", ANNA)
    for person, code in (("boris", "RIGHTS.POSSESSION"), ("root", "REFERENCE.OFFICER")):
        founding = Founding(origin=ORIGIN, name="x", root=ROOT, ledger_key=public_bytes(LEDGER_KEY.private),
                            further=[FurtherRoot(person, row["public_key"], row["possession"])])  # fmt: skip
        with pytest.raises(LedgerError) as caught:
            Ledger.create(target, founding, clock=Clock())
        assert caught.value.code == code


@pytest.mark.parametrize("size", [30, 2**53 - 1])
def test_recovery_already_built_upon_excuses_no_later_fork(sqlite_target: str, tmp_path: Path, size: int) -> None:
    """INV-16: who remembers the recovery itself as part of the history has lost nothing by it; a rollback behind that is a fork."""
    made = first_yuan(sqlite_target)
    made.record(ROOT, draft("ledger.recover", "r", **LOST | {"size": size}))
    made.ledger.close()
    shutil.copy(sqlite_target, tmp_path / "older.db")
    propose(sqlite_target, tmp_path, "P-2", first_time=True)
    propose(sqlite_target, tmp_path, "P-3")
    shutil.copy(tmp_path / "older.db", sqlite_target)  # the recovery stands in it, what li saw after it does not
    other = Ledger.open(sqlite_target, clock=Clock(), entropy=counting())
    for n in range(4):
        other.append(WANG, as_source([draft("project.approve", f"ap-{n}", project="P1", document_number="x")]))
    other.close()
    with pytest.raises(IntegrityFailed):
        propose(sqlite_target, tmp_path, "P-4")


def propose(target: str, folder: Path, project: str, *, first_time: bool = False) -> None:
    """An append by li with the memory that li's key store keeps."""
    ledger = Ledger.open(target, clock=Clock(), entropy=counting())
    with ledger.reading() as session:
        memory = Memory(folder, session.id)
    source = as_source([draft("project.propose", project, project=project, county="999901", name="示例项目")])
    try:
        ledger.append(LI, source, memory=memory, first_time=first_time)
    finally:
        ledger.close()
