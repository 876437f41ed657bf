"""A-06 at every entry: a small ledger written anew from k on, with no key, with each officer's, with all of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ledger.chain.cosignature import cosign, witness_key
from ledger.chain.keys import public_bytes
from ledger.chain.merkle import Frontier
from ledger.chain.note import (
    Checkpoint,
    add_signatures,
    checkpoint_text,
    parse_checkpoint,
    parse_note,
    sign_note,
)
from ledger.chain.policy import parse_policy
from ledger.errors import IntegrityFailed
from ledger.service import Ledger
from ledger.store import rows
from ledger.store.database import open_database
from ledger.store.memory import Memory
from ledger.verify.run import OutsideHead, Verification, verify
from tests.tamper.benches import LATER, Edit, told
from tests.tamper.test_tamper_history import rewrite
from tests.world import LEDGER_KEY, LI, ORIGIN, ROOT, WANG, Clock, counting, draft, first_yuan, signer

NO_HEAD = "no outside checkpoint given: a missing tail cannot be excluded"
SIZE = 11
OFFICERS = {"root": ROOT, "li": LI, "wang": WANG}
BY_KEY = {key.key: key for key in OFFICERS.values()}
AUTHORS = [*["root"] * 5, "wang", "li", "wang", "wang", "li", "wang"]  # of the entries of `first_yuan`
FIRST_OF_SEAL = [0, 1, 1, 1, 1, 5, 6, 7, 8, 9, 10]  # where the seal over each entry begins


def another(value: dict[str, Any]) -> None:
    """Other bytes that mean the same, so that nothing but the evidence can tell."""
    value["salt"] = "ee" * 16


def every_key(author: str, message: bytes) -> bytes:
    """What a thief of all operational keys signs."""
    return BY_KEY[author].private.sign(message)


class Small:
    """Eleven entries, written anew inside a transaction that is rolled back."""

    def __init__(self, target: str) -> None:
        first_yuan(target).ledger.close()
        self.target = target
        self.database = open_database(target)

    @contextmanager
    def rewritten(self, k: int, sign: Callable[[str, bytes], bytes | None]) -> Iterator[Any]:
        """A connection that sees the ledger written anew from k."""
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            if self.database.dialect == "sqlite":
                kept = [tuple(row) for row in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")]
                for name, _ in kept:
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            else:
                kept = []
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            edit = Edit(lambda sql, values: connection.exec_driver_sql(self.database.sql(sql), tuple(values) or None))
            rewrite(edit, k, sign, another)
            for _, words in kept:
                connection.exec_driver_sql(words)
            if not kept:
                connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")

    def verify(self, connection: Any, *heads: OutsideHead) -> Verification:
        """A full verify of what the connection sees."""
        return verify(self.database, connection, now=LATER, heads=list(heads))

    def tree(self) -> Frontier:
        """The true tree."""
        with self.database.reading() as connection:
            tree = Frontier()
            tree.extend(rows.leaves(self.database, connection, 0, SIZE))
        return tree


@pytest.fixture
def small(target: str) -> Iterator[Small]:
    """The small ledger on each of the two databases."""
    made = Small(target)
    yield made
    made.database.close()


def unsigned(found: Verification) -> list[Any]:
    """Where seals that nobody signed begin, in order."""
    return [p["seq"] for p in found.problems if p["code"] == "INV-04.SIGNATURE"]


def test_a06_the_small_ledger_is_as_these_tests_say(small: Small) -> None:
    """Who wrote which entry, and which entries are one append."""
    with small.database.reading() as connection:
        officers = [row[0] for row in small.database.all(connection, "SELECT officer FROM facts ORDER BY seq")]
        seals = small.database.all(connection, "SELECT first, size FROM seals ORDER BY size")
    assert officers == AUTHORS
    assert [first for first, size in seals for _ in range(first, size)] == FIRST_OF_SEAL


@pytest.mark.parametrize("k", range(SIZE))
def test_a06a_without_keys_the_seal_over_k_fails(small: Small, k: int) -> None:
    """Digests, chain, tree, roots and frontiers agree; every seal from k on is unsigned, and the first is named."""
    with small.rewritten(k, lambda *_: None) as connection:
        found = small.verify(connection)
    assert unsigned(found) == sorted({first for first in FIRST_OF_SEAL if first >= FIRST_OF_SEAL[k]}), told(found)


@pytest.mark.parametrize("stolen", OFFICERS)
def test_a06b_with_one_officers_key_the_next_seal_of_another_fails(small: Small, stolen: str) -> None:
    """Whatever k: just the seals of others fail. What that officer alone wrote since k is told only from outside."""
    key = OFFICERS[stolen]
    whole = OutsideHead(Checkpoint(ORIGIN, SIZE, small.tree().root()), "kept.note")
    for k in range(SIZE):
        with small.rewritten(k, lambda author, message: key.private.sign(message) if author == key.key else None) as connection:
            found = small.verify(connection)
            others = sorted({FIRST_OF_SEAL[n] for n in range(SIZE) if FIRST_OF_SEAL[n] >= FIRST_OF_SEAL[k] and AUTHORS[n] != stolen})
            assert unsigned(found) == others, (k, told(found))
            assert found.ok == (not others)
            if not others:
                assert found.cannot_exclude == [NO_HEAD]
                assert [p["code"] for p in small.verify(connection, whole).problems] == ["INV-16.FORK"]


def heads_kept(tree: Frontier) -> dict[str, OutsideHead]:
    """What people outside may have kept: the ledger's checkpoint, one that a witness cosigned."""
    head = Checkpoint(ORIGIN, tree.size, tree.root())
    note = sign_note(checkpoint_text(head), ORIGIN, LEDGER_KEY.private)
    seen = add_signatures(note, cosign(checkpoint_text(head), "witness.example", signer(70).private, 1_790_000_000))
    assert parse_checkpoint(parse_note(seen).text) == head
    return {name: OutsideHead(head, name, note=parse_note(text)) for name, text in (("kept.note", note), ("seen.note", seen))}


@pytest.mark.parametrize("k", range(SIZE))
def test_a06c_with_every_key_only_what_was_kept_outside_tells(small: Small, k: int) -> None:
    """Verify alone is satisfied and says what it cannot exclude; a checkpoint and a witnessed head convict, each alone.

    The thief has the ledger key too: a checkpoint of the new history is good for itself, and does not save it.
    """
    kept = heads_kept(small.tree())
    with small.rewritten(k, every_key) as connection:
        alone = small.verify(connection)
        assert alone.ok, told(alone)
        assert alone.cannot_exclude == [NO_HEAD]
        forged = Checkpoint(ORIGIN, SIZE, bytes.fromhex(alone.root))
        note = parse_note(sign_note(checkpoint_text(forged), ORIGIN, LEDGER_KEY.private))
        assert small.verify(connection, OutsideHead(forged, "new.note", note=note)).ok
        for name, head in kept.items():
            found = small.verify(connection, head)
            assert [p["code"] for p in found.problems] == ["INV-16.FORK"], name
            assert f"not consistent with checkpoint {SIZE} of {name}" in str(found.problems[0]["message"])
            assert found.cannot_exclude == []


def test_a06c_a_policy_of_witnesses_is_not_met_by_the_thiefs_own_checkpoint(small: Small) -> None:
    """Who demands a witness's cosignature is not content with the ledger key alone."""
    tree = small.tree()
    note, seen = (head.note for head in heads_kept(tree).values())
    demanded = parse_policy(f"witness w {witness_key('witness.example', public_bytes(signer(70).private))}\nquorum w\n")
    assert note is not None
    assert seen is not None
    assert demanded.missing(note)
    assert not demanded.missing(seen)


@pytest.mark.parametrize("k", [0, 5, 9, 10])
def test_a06c_an_officers_memory_refuses_and_keeps_the_evidence(small: Small, tmp_path: Path, k: int) -> None:
    """The key store that saw the old head signs nothing more here, and keeps both heads; at k = 0 it is another ledger."""
    ledger = Ledger.open(small.target, clock=Clock(), entropy=counting())
    with ledger.reading() as session:
        known = Memory(tmp_path, session.id)
        known.confirm(session.tree())
        id = session.id
    if k:
        with small.rewritten(k, every_key) as connection:
            tree = Frontier()
            tree.extend(rows.leaves(small.database, connection, 0, SIZE))
            with pytest.raises(IntegrityFailed) as caught:
                Memory(tmp_path, id).require_extended(SIZE, tree.root(), lambda a, b: rows.leaves(small.database, connection, a, b))
        assert caught.value.code == "INV-16.FORK"
        assert len(list((tmp_path / "evidence").glob("*.json"))) == 1
    else:
        with small.rewritten(0, every_key) as connection:
            assert small.verify(connection).ledger_id != id
    assert ledger.append(LI, lambda _: [draft("project.propose", "p9", project="P9", county="999901", name="示例")],
                         memory=Memory(tmp_path, id)).size == SIZE + 1  # fmt: skip
    ledger.close()
