"""Appending on both databases: all or nothing, once per id, the same bytes from the same input."""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.calendar import format_at
from ledger.chain.keys import b64, unb64
from ledger.errors import InputRejected, IntegrityFailed, IntegrityUndecided, NotPermitted, Refused
from ledger.kinds.draft import Draft
from ledger.service import Founding, Ledger
from ledger.store import projections
from ledger.store.append import MAX_PROBLEMS
from ledger.store.memory import Memory
from tests.docs_blocks import FORMAT
from tests.world import LI, ROOT, ROOT_OF_ELEVEN, WANG, World, draft, enrolment, first_yuan, signer

FACTS: dict[str, Any] = json.loads(FORMAT.read_text("utf-8").rpartition("```json\n")[2].partition("\n```")[0])


def receive(id: str, **more: Any) -> Draft:
    """A quota of 5 fen."""
    return draft("quota.receive", id, **{"quota": id, "holder": "999901", "amount": 5, "year": 2025, "source_level": "city"} | more)


def everything(world: World) -> dict[str, list[Any]]:
    """Every row of every table."""
    tables = ("entries", "seals", "facts", "moves", "objects", "balances", "projections")
    with world.ledger.database.reading() as connection:
        return {
            table: sorted(tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)
                          for row in world.ledger.database.all(connection, f"SELECT * FROM {table}"))
            for table in tables
        }  # fmt: skip


def memory_of(world: World, folder: Path) -> Memory:
    """What a key store in that folder remembers."""
    with world.ledger.reading() as session:
        return Memory(folder, session.id)


def test_same_input_gives_the_same_bytes_and_root_on_both_databases(sqlite_target: str, postgres_target: str) -> None:
    """INV-03, design §7: leaves, seals and projections are equal row by row, and those of the format page."""
    one, other = first_yuan(sqlite_target), first_yuan(postgres_target)
    assert everything(one) == everything(other)
    with one.ledger.reading() as session:
        assert session.tree().root() == ROOT_OF_ELEVEN
        assert [session.history.entry(seq)[2].hex() for seq in range(11)] == FACTS["leaves"]
        assert session.id == FACTS["ledger_id"]
    assert [b64(row[4]) for row in sorted(everything(other)["seals"])] == [seal["signature"] for seal in FACTS["seals"]]


def test_append_is_all_or_nothing_and_says_every_problem(target: str) -> None:
    """INV-08: a batch with two bad drafts names both, with their codes, and records nothing at all."""
    world = first_yuan(target)
    before = everything(world)
    with pytest.raises(InputRejected) as caught:
        world.record(WANG, receive("ok1"), receive("bad1", amount=-1), receive("ok2"), receive("ok1", amount=6))
    found = {(problem["entry"], problem["code"]) for problem in caught.value.problems}
    assert found == {("bad1", "INPUT.FIELD"), ("ok1", "ID.TAKEN")}
    assert everything(world) == before
    assert world.verify().ok


def test_worst_of_several_errors_gives_the_exit_code(target: str) -> None:
    """The order of judgement: rights, then input, then rules; all are told."""
    world = first_yuan(target)
    with pytest.raises(NotPermitted) as caught:
        world.record(WANG, receive("q1"), receive("bad1", amount=0), receive("bad2", holder="990000"))
    assert list(dict.fromkeys((problem["entry"], problem["code"]) for problem in caught.value.problems)) == [
        ("q1", "ID.TAKEN"), ("bad1", "INPUT.FIELD"), ("bad2", "RIGHTS.JURISDICTION"),
    ]  # fmt: skip


def test_problems_end_at_a_hundred(target: str) -> None:
    """A file of a thousand bad rows gives a report a person can read."""
    world = first_yuan(target)
    with pytest.raises(InputRejected) as caught:
        world.record(WANG, *(receive(f"bad{n}", amount=0) for n in range(MAX_PROBLEMS + 50)))
    assert len(caught.value.problems) == MAX_PROBLEMS


def test_same_id_and_fields_are_recorded_once(target: str) -> None:
    """K-08: the id is the caller's retry key; the old entry comes back, also inside one batch and by another day."""
    world = first_yuan(target)
    first = world.record(WANG, receive("n1"), receive("n2"))
    before = everything(world)
    again = world.record(WANG, receive("n2"), Draft("quota.receive", "n1", "2026-01-01", receive("n1").data))
    assert [(r.seq, r.already) for r in again.entries] == [(first.entries[1].seq, True), (first.entries[0].seq, True)]
    assert (again.size, again.root) == (first.size, first.root)
    assert everything(world) == before
    mixed = world.record(WANG, receive("n1"), receive("n3"), receive("n3"))
    assert [r.already for r in mixed.entries] == [True, False, True]
    assert mixed.size == first.size + 1


@pytest.mark.parametrize(
    ("key", "other"),
    [(WANG, receive("n1", amount=6)), (LI, receive("n1")), (WANG, draft("project.approve", "n1", project="P1", document_number="一"))],
)
def test_same_id_with_other_words_is_refused(target: str, key: Any, other: Draft) -> None:
    """K-08: another field, another author, another kind."""
    world = first_yuan(target)
    world.record(WANG, receive("n1"))
    with pytest.raises(Refused) as caught:
        world.record(key, other)
    assert (caught.value.code, caught.value.exit_code) == ("ID.TAKEN", 6)


@pytest.mark.parametrize("id", ["", "123", "a b", "x" * 65, "县", "a\n", "../x y"])
def test_malformed_id_is_refused(sqlite_target: str, id: str) -> None:
    """INV-08: an id of digits alone could be taken for a position."""
    world = first_yuan(sqlite_target)
    with pytest.raises(InputRejected) as caught:
        world.record(WANG, Draft("quota.receive", id, "2026-11-24", receive("n").data))
    assert caught.value.code == "INPUT.ID"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (draft("quota.magic", "n"), "INPUT.KIND"),
        (draft("quota.receive", "n"), "INPUT.FIELD"),
        (receive("n", year="2025"), "INPUT.FIELD"),
        (receive("n", amount=1.0), "INPUT.FIELD"),
        (receive("n", amount=2**53), "INPUT.FIELD"),
        (receive("n", purpose="甲\u200b"), "INPUT.TEXT"),
        (receive("n", purpose="e\u0301"), "INPUT.TEXT"),
        (receive("n", purpose="\ud800"), "INPUT.TEXT"),
        (receive("n", purpose="x" * 4001), "INPUT.FIELD"),
        (receive("n", issued_on="2025-02-30"), "INPUT.FIELD"),
        (draft("paper.record", "n", paper="N", title="x", holder="999901", year=2025, date="2025", unit="元", complete=True, mirror=False,
               notes=["长" * 4000] * 30), "INPUT.SIZE"),
    ],
)  # fmt: skip
def test_input_that_is_wrong_whatever_the_ledger_holds_is_rejected(sqlite_target: str, bad: Draft, code: str) -> None:
    """INV-08: nothing is recorded, and a good draft goes on from the same head."""
    world = first_yuan(sqlite_target)
    with pytest.raises(InputRejected) as caught:
        world.record(WANG, bad)
    assert (caught.value.code, caught.value.exit_code) == (code, 3)
    assert world.record(WANG, receive("n")).size == 12


def test_dry_run_says_what_would_be_and_records_nothing(target: str) -> None:
    """The receipt is that of the real append that follows it."""
    world = first_yuan(target)
    before = everything(world)
    receipt = world.record(WANG, receive("n1"), dry_run=True)
    assert everything(world) == before
    assert (receipt.size, receipt.entries[0].seq, receipt.entries[0].id) == (12, 11, "n1")
    with pytest.raises(NotPermitted):
        world.record(LI, receive("n1"), dry_run=True)


class Cut(Exception):
    """The power goes."""


def test_crash_between_signature_and_commit_leaves_a_pending_head_and_the_next_append_goes_on(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """INV-16: the head was promised before it was signed; the ledger does not hold it, so it is dropped."""
    world = first_yuan(target)
    memory = memory_of(world, tmp_path)
    world.record(WANG, receive("n1"), memory=memory, first_time=True)
    before = everything(world)

    def cut(*_: Any) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(projections, "write", cut)
        with pytest.raises(Cut):
            world.record(WANG, receive("n2"), memory=memory)
    assert everything(world) == before
    file = json.loads(next(tmp_path.glob("heads/*.json")).read_text())
    assert (file["confirmed"]["size"], file["pending"]["size"]) == (12, 13)
    again = memory_of(world, tmp_path)
    receipt = world.record(WANG, receive("n2", amount=7), memory=again)
    file = json.loads(next(tmp_path.glob("heads/*.json")).read_text())
    assert (receipt.size, file["confirmed"]["size"], "pending" in file) == (13, 13, False)
    assert unb64(file["confirmed"]["root"], 32).hex() == receipt.root
    assert world.verify().ok


def test_crash_after_commit_is_healed_by_the_next_look(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """INV-16: the ledger holds the pending head, so it is promoted, and the retry with the same id records nothing new."""
    world = first_yuan(target)
    memory = memory_of(world, tmp_path)
    world.record(WANG, receive("n1"), memory=memory, first_time=True)

    def cut(*_: Any) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(Memory, "confirm", cut)
        with pytest.raises(Cut):
            world.record(WANG, receive("n2"), memory=memory)
    receipt = world.record(WANG, receive("n2"), memory=memory_of(world, tmp_path))
    assert receipt.entries[0].already
    file = json.loads(next(tmp_path.glob("heads/*.json")).read_text())
    assert (file["confirmed"]["size"], "pending" in file) == (13, False)


def test_first_sight_needs_a_word_and_an_older_copy_is_never_written_to(tmp_path: Path) -> None:
    """INV-16, A-07, A-09: a rolled-back or forked ledger is refused by who has seen more."""
    targets = [str(tmp_path / f"{n}.db") for n in range(3)]
    newer, older, fork = first_yuan(targets[0]), first_yuan(targets[1]), first_yuan(targets[2])
    memory = memory_of(newer, tmp_path / "keys")
    with pytest.raises(IntegrityUndecided) as unseen:
        newer.record(WANG, receive("n1"), memory=memory)
    assert (unseen.value.code, unseen.value.exit_code) == ("UNDECIDED.FIRST_SIGHT", 11)
    newer.record(WANG, receive("n1"), memory=memory, first_time=True)
    with pytest.raises(IntegrityFailed) as shorter:
        older.record(WANG, receive("n2"), memory=memory_of(older, tmp_path / "keys"))
    assert shorter.value.code == "INV-16.SHORTER"
    fork.record(WANG, receive("n9"))
    fork.record(WANG, receive("n10"))
    with pytest.raises(IntegrityFailed) as forked:
        fork.record(WANG, receive("n2"), memory=memory_of(fork, tmp_path / "keys"))
    assert (forked.value.code, forked.value.exit_code) == ("INV-16.FORK", 10)
    assert older.verify().size == 11


def test_founding_twice_at_one_place_is_refused(target: str) -> None:
    """One database, one ledger; what stands is not touched."""
    world = first_yuan(target)
    before = everything(world)
    with pytest.raises(Refused) as caught:
        World(target)
    assert (caught.value.code, caught.value.exit_code) == ("REFUSED.EXISTS", 6)
    assert everything(world) == before


@pytest.mark.parametrize(("words", "code"), [({"origin": "Demo"}, "INPUT.ORIGIN"), ({"origin": ""}, "INPUT.ORIGIN"), ({"policy": "lax"}, "INPUT.POLICY")])
def test_founding_of_what_cannot_be_is_rejected(words: dict[str, str], code: str) -> None:
    """Origins and policies are those of the format."""
    call: dict[str, Any] = {"origin": "demo.example/county", "name": "x", "root": ROOT, "ledger_key": bytes(32)} | words
    with pytest.raises(InputRejected) as caught:
        Founding(**call)
    assert caught.value.code == code


def founding_cut(target: str) -> None:
    """A founding that fails where its keys are kept."""

    def cut(_: str) -> None:
        raise Cut

    founding = Founding(origin="demo.example/county", name="x", root=ROOT, ledger_key=ROOT_OF_ELEVEN)
    with pytest.raises(Cut):
        Ledger.create(target, founding, keep_keys=cut)


def test_founding_that_fails_leaves_a_file_where_it_can_be_tried_again(sqlite_target: str) -> None:
    """Schema, guards and entry 0 are one transaction; keeping the keys is part of it."""
    founding_cut(sqlite_target)
    assert World(sqlite_target).verify().size == 1


def test_founding_that_fails_leaves_a_database_where_it_can_be_tried_again(postgres_target: str) -> None:
    """Schema, guards and entry 0 are one transaction; keeping the keys is part of it."""
    founding_cut(postgres_target)
    assert World(postgres_target).verify().size == 1


def test_each_append_is_sealed_with_the_clock_of_its_time(target: str) -> None:
    """INV-04, INV-12: entries of one append share one time; seals tile; a batch has one seal."""
    world = first_yuan(target)
    world.clock.forward(hours=1)
    world.record(WANG, receive("n1"), receive("n2"), receive("n3"))
    rows = everything(world)
    assert {row[5] for row in rows["facts"] if row[0] >= 11} == {format_at(world.clock())}
    assert sorted((row[1], row[0]) for row in rows["seals"])[-1] == (11, 14)
    world.clock.forward(minutes=-5)
    world.record(WANG, receive("n4"))
    assert world.verify().ok  # a clock set back a little writes no entry that makes another ahead


def test_officer_of_the_batch_before_may_sign_the_next(target: str) -> None:
    """INV-05: rights by position also across appends; the same batch is of one author."""
    world = first_yuan(target)
    sun = signer(91)
    with pytest.raises(NotPermitted):
        world.record(sun, receive("n1"))
    world.record(ROOT, enrolment("sun", sun, ["finance"]))
    assert world.record(sun, receive("n1")).size == 13
