"""Tables, guards and projections on both databases."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from ledger.errors import Busy, IntegrityFailed, NotFound, Refused, StorageTrouble, VersionMismatch
from ledger.service import Ledger
from ledger.store import database as module
from ledger.store import guards, migrate, projections
from ledger.store.database import open_database
from ledger.store.schema import EVIDENCE, PROJECTIONS, REVISION
from tests.store.test_append import everything, receive
from tests.world import NOW, ROOT, WANG, World, counting, draft, enrolment, first_yuan, signer

GUARDED = [f"UPDATE {table} SET {column} = {column}" for table, column in (("entries", "content"), ("entries", "seq"), ("seals", "author"))]
GUARDED += [f"DELETE FROM {table}" for table in EVIDENCE] + ["DELETE FROM entries WHERE seq = 10"]
WORDS = "evidence is append-only"


@pytest.mark.parametrize("statement", [*GUARDED, "TRUNCATE entries", "TRUNCATE seals CASCADE"])
def test_guards_refuse_to_change_evidence(target: str, statement: str) -> None:
    """INV-15, A-12: UPDATE, DELETE and TRUNCATE of evidence are refused by the database itself."""
    world = first_yuan(target)
    if statement.startswith("TRUNCATE") and world.ledger.database.dialect == "sqlite":
        statement = statement.replace("TRUNCATE", "DELETE FROM").replace(" CASCADE", "")  # SQLite's truncation is a DELETE
    before = everything(world)
    with pytest.raises(DBAPIError, match=WORDS), world.ledger.database.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert everything(world) == before


@pytest.mark.parametrize("table", EVIDENCE)
def test_guards_refuse_replace(sqlite_target: str, table: str) -> None:
    """INV-15: REPLACE is a DELETE under another name."""
    world = first_yuan(sqlite_target)
    with pytest.raises(DBAPIError, match=WORDS), world.ledger.database.engine.begin() as connection:
        connection.exec_driver_sql(f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")


def test_new_database_has_the_schema_of_this_release(target: str) -> None:
    """INV-15: the kept facts are those of a freshly migrated database, on each dialect, and its revision is named."""
    world = World(target)
    with world.ledger.database.reading() as connection:
        dialect = world.ledger.database.dialect
        assert guards.schema_facts(connection, dialect) == guards.expected_facts(dialect)
        assert migrate.revision_of(connection, world.ledger.database) == REVISION
        assert guards.check_guards(connection, world.ledger.database) == ([], [])


@pytest.mark.parametrize(
    ("sqlite", "postgresql", "code"),
    [
        ("DROP TRIGGER entries_no_update", "DROP TRIGGER entries_no_update ON entries", "INV-15.MISSING"),
        ("CREATE TABLE lies (x)", "CREATE TABLE lies (x int)", "INV-15.FOREIGN"),
        ("CREATE VIEW lies AS SELECT 1", "CREATE VIEW lies AS SELECT 1", "INV-15.FOREIGN"),
        ("CREATE TRIGGER t AFTER INSERT ON entries BEGIN SELECT 1; END", "ALTER TABLE entries DISABLE TRIGGER entries_no_update", "INV-15.FOREIGN"),
        ("CREATE UNIQUE INDEX u ON facts (id, seq)", "CREATE UNIQUE INDEX u ON facts (id, seq)", "INV-15.FOREIGN"),
    ],
)
def test_altered_schema_is_found_and_a_plain_index_only_warned_of(target: str, sqlite: str, postgresql: str, code: str) -> None:
    """INV-15, A-12: what is missing, altered or added, by name."""
    world = World(target)
    is_sqlite = world.ledger.database.dialect == "sqlite"
    with world.ledger.database.engine.begin() as connection:
        connection.exec_driver_sql(sqlite if is_sqlite else postgresql)
        connection.exec_driver_sql("CREATE INDEX fast ON facts (kind)")
    with world.ledger.reading() as session:
        with pytest.raises(IntegrityFailed) as caught:
            session.require_guards()
        assert code in {problem["code"] for problem in caught.value.problems}
        assert len(guards.check_guards(session.connection, session.database)[1]) == 1
    assert not world.verify().ok


def corrected(target: str) -> World:
    """A world with a reversal, so that projections hold more than what was added."""
    world = first_yuan(target)
    world.record(WANG, receive("n1"))
    world.record(WANG, draft("entry.reverse", "b", entry=world.ref("n1"), reason="错"))
    return world


def restored(world: World, rows: dict[str, list[Any]], *tables: str) -> None:
    """Put other rows into projections, as another's client or an administrator might."""
    with world.ledger.database.engine.begin() as connection:
        for table in tables:
            connection.exec_driver_sql(f"DELETE FROM {table}")
            marks = ", ".join("?" * len(rows[table][0])) if rows[table] else ""
            if rows[table]:
                world.ledger.database.many(connection, f"INSERT INTO {table} VALUES ({marks})", rows[table])


def test_rebuild_reproduces_every_projection_exactly(target: str) -> None:
    """INV-13, A-10: thrown away, damaged or lying, projections come back row by row from the entries."""
    world = corrected(target)
    before = everything(world)
    restored(world, {"facts": [], "moves": [], "balances": [("P1:paid", "CNY", "Q1", 7)]}, "facts", "moves", "balances")
    assert not world.verify().ok
    assert world.ledger.rebuild() == 13
    assert everything(world) == before
    assert world.verify().ok


def test_rebuild_needs_no_projection_at_all(target: str) -> None:
    """INV-13: also where objects are gone, keys among them: the entries are enough."""
    world = corrected(target)
    before = everything(world)
    restored(world, {table: [] for table in PROJECTIONS} | {"projections": [("all", 0)]}, *PROJECTIONS)
    assert world.ledger.rebuild() == 13
    assert everything(world) == before


def test_append_first_applies_what_lies_beyond_the_projections(target: str) -> None:
    """INV-13: projections that another client left behind are brought up before anything is built on them."""
    world = first_yuan(target)
    behind = everything(world)
    world.record(WANG, receive("n1"))
    restored(world, behind, *PROJECTIONS)
    with pytest.raises(Refused, match="taken"):
        world.record(WANG, receive("again", quota="n1"))  # what lies beyond is known before anything is judged
    world.record(WANG, receive("n2"))
    assert world.verify().ok


def test_append_applies_the_enrolment_of_the_key_that_sealed_last(target: str) -> None:
    """INV-13: also where the newest key lies beyond what the projections know."""
    world = first_yuan(target)
    behind = everything(world)
    sun = signer(92)
    world.record(ROOT, enrolment("sun", sun, ["finance"]))
    world.record(sun, receive("n1"))
    restored(world, behind, *PROJECTIONS)
    world.record(WANG, receive("n2"))
    assert world.verify().ok


@pytest.mark.parametrize("size", [-1, 12, 99])
def test_projections_that_claim_to_stand_elsewhere_are_not_built_on(target: str, size: int) -> None:
    """INV-13."""
    world = first_yuan(target)
    with world.ledger.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE projections SET size = {size}")
    with pytest.raises(IntegrityFailed) as caught:
        world.record(WANG, receive("n1"))
    assert caught.value.code == "INV-13.STANDING"
    world.ledger.rebuild()
    assert world.record(WANG, receive("n1")).size == 12


def test_migration_from_nothing_is_one_transaction(targets: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A-13: where the founding fails after the schema was made, no table is left."""
    target = targets()

    def cut(*_: Any) -> None:
        raise RuntimeError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(projections, "write", cut)
        with pytest.raises(RuntimeError, match="cut"):
            World(target)
    if "://" not in target and not Path(target).exists():
        return  # not even a file
    database = open_database(target)
    with database.engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


@pytest.mark.parametrize("found", ["DELETE FROM alembic_version", "UPDATE alembic_version SET version_num = '9999'", "INSERT INTO alembic_version VALUES ('9999')"])
def test_database_of_another_revision_is_not_read(target: str, found: str) -> None:
    """A-13: exit 14, whatever is asked."""
    world = first_yuan(target)
    with world.ledger.database.engine.begin() as connection:
        connection.exec_driver_sql(found)
    for ask in (lambda: world.record(WANG, receive("n1")), world.verify, world.ledger.rebuild):
        with pytest.raises(VersionMismatch) as caught:
            ask()
        assert caught.value.exit_code == 14


def test_two_writers_at_once_keep_one_chain(target: str) -> None:
    """INV-02, INV-04: threads with connections of their own; every append is whole, none is lost."""
    world = first_yuan(target)
    errors: list[BaseException] = []

    def write(name: str) -> None:
        ledger = Ledger.open(target, clock=lambda: NOW, entropy=counting())
        try:
            for n in range(5):
                ledger.append(WANG, lambda _state, n=n: [receive(f"{name}{n}a"), receive(f"{name}{n}b")])  # type: ignore[misc]
        except BaseException as error:
            errors.append(error)
        finally:
            ledger.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in "xyz"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    verification = world.verify()
    assert (verification.ok, verification.size) == (True, 11 + 30)
    with world.ledger.database.reading() as connection:
        seals = world.ledger.database.all(connection, "SELECT size - first FROM seals WHERE first >= 11")
    assert [n for (n,) in seals] == [2] * 15


def test_two_processes_at_once_keep_one_chain(target: str) -> None:
    """INV-02: the lock is the database's, not the program's."""
    import subprocess
    import sys

    world = first_yuan(target)
    code = (
        "import sys; from ledger.service import Ledger; from tests.world import *; from tests.store.test_append import receive\n"
        "l = Ledger.open(sys.argv[1], clock=lambda: NOW)\n"
        "for n in range(6): l.append(WANG, lambda s, n=n: [receive(f'{sys.argv[2]}{n}')])"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, target, name]) for name in ("x", "y")]
    assert [process.wait(120) for process in running] == [0, 0]
    verification = world.verify()
    assert (verification.ok, verification.size) == (True, 23)


def test_second_writer_waits_and_is_then_told_that_the_ledger_is_busy(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 8, nothing recorded, and the next try succeeds."""
    world = first_yuan(target)
    monkeypatch.setattr(module, "BUSY_SECONDS", 1)
    other = Ledger.open(target, clock=lambda: NOW, entropy=counting())
    with world.ledger.database.writing():
        with pytest.raises(Busy) as caught:
            other.append(WANG, lambda _state: [receive("n1")])
        assert caught.value.exit_code == 8
    assert other.append(WANG, lambda _state: [receive("n1")]).size == 12
    other.close()


def test_reader_sees_one_moment(target: str) -> None:
    """A read that has begun sees no append that came after."""
    world = first_yuan(target)
    with world.ledger.reading() as session:
        before = (session.size, session.state.balance(("999901:available", "CNY", "n1")))
        other = Ledger.open(target, clock=lambda: NOW, entropy=counting())
        other.append(WANG, lambda _state: [receive("n1")])
        other.close()
        assert before == (11, 0)
        assert session.state.balance(("999901:available", "CNY", "n1")) == 0
        assert session.backing.balance(("999901:available", "CNY", "n1")) == 0
        assert session.database.one(session.connection, "SELECT COUNT(*) FROM entries")[0] == 11
        assert session.tree().size == 11
    with world.ledger.reading() as session:
        assert session.size == 12


def test_reader_cannot_write(target: str) -> None:
    """A read-only look leaves no trace, whatever is tried on it."""
    first_yuan(target).ledger.close()
    ledger = Ledger.open(target, read_only=True)
    with ledger.reading() as session:
        assert session.size == 11
    if ledger.database.dialect == "postgresql":
        with pytest.raises(StorageTrouble, match="only be read"), ledger.reading() as session:
            session.connection.exec_driver_sql("DELETE FROM balances")
    else:
        with pytest.raises(StorageTrouble) as caught:
            ledger.append(WANG, lambda _state: [receive("n1")])
        assert caught.value.exit_code == 13


@pytest.mark.parametrize("statement", ["UPDATE entries SET leaf = content WHERE seq = 10", "UPDATE seals SET signature = root WHERE size = 11",
                                       "UPDATE seals SET frontier = root WHERE size = 10", "DELETE FROM seals WHERE size = 11",
                                       "DELETE FROM entries WHERE seq = 10", "UPDATE entries SET content = header WHERE seq = 10"])  # fmt: skip
def test_a29_nothing_is_added_to_an_unverified_head(target: str, statement: str) -> None:
    """A-29, INV-04: with guards off, a tampered last entry, seal or frontier stops the next append."""
    world = first_yuan(target)
    with world.ledger.database.engine.begin() as connection:
        for table in EVIDENCE:
            for verb in ("update", "delete"):
                on = "" if world.ledger.database.dialect == "sqlite" else f" ON {table}"
                connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}{on}")
        connection.exec_driver_sql(statement)
    with pytest.raises(IntegrityFailed) as caught:
        world.record(WANG, receive("n1"))
    assert caught.value.exit_code == 10


def test_empty_database_holds_no_ledger_of_this_version(postgres_target: str) -> None:
    """Exit 14: there is a database, and it is not ours."""
    with pytest.raises(VersionMismatch), Ledger.open(postgres_target).reading():
        pass


def test_missing_database_is_not_found(postgres_target: str) -> None:
    """Exit 5, as for a missing file."""
    with pytest.raises(NotFound), Ledger.open(postgres_target.replace("@/t", "@/none_t")).reading():
        pass


def test_missing_file_is_not_found(sqlite_target: str) -> None:
    """Exit 5, and no file is made."""
    with pytest.raises(NotFound) as caught:
        Ledger.open(sqlite_target)
    assert caught.value.exit_code == 5
    assert not Path(sqlite_target).exists()


def test_objects_of_a_sort_are_given_once_each(target: str) -> None:
    """INV-13: whatever is looked up while they are gone through."""
    world = first_yuan(target)
    with world.ledger.reading() as session:
        given = [(id, session.state.get("officer", id).id) for id, _ in session.state.objects("officer")]
    assert sorted(given) == [("li", "li"), ("root", "root"), ("wang", "wang")]


def test_verify_names_every_promise_and_what_it_cannot_exclude(target: str) -> None:
    """INV-01 to INV-16 in order; INV-14 says that this release has no sealed values."""
    verification = first_yuan(target).verify()
    assert [check["id"] for check in verification.checks] == [f"INV-{n:02d}" for n in range(1, 17)]
    assert all(check["ok"] for check in verification.checks)
    assert {check["id"]: check["detail"] for check in verification.checks}["INV-14"] == "no sealed values"
    assert verification.cannot_exclude == ["no outside checkpoint given: a missing tail cannot be excluded"]
