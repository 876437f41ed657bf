"""A ledger of an older release is brought to this one's schema; what was recorded stays as it was."""

import pytest

from ledger.errors import VersionMismatch
from ledger.service import Ledger
from ledger.store import guards, migrate, projections
from ledger.store.database import open_database
from ledger.store.schema import REVISION
from tests.store.test_append import everything
from tests.world import WANG, World, draft, first_yuan


def made_old(world: World, revision: str = "0001") -> None:
    """Take away what revision 0002 brought."""
    with world.ledger.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE vault")
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


def test_an_older_ledger_goes_on_with_the_same_entries(target: str) -> None:
    """Refused before, verified after; run again it changes nothing."""
    world = first_yuan(target)
    before = everything(world)
    made_old(world)
    with pytest.raises(VersionMismatch, match="schema 0001") as refused, world.ledger.reading():
        pass
    assert "sunledger migrate" in refused.value.hint
    assert [world.ledger.migrate(), world.ledger.migrate()] == ["0001", REVISION]
    assert everything(world) == before
    assert world.verify().ok
    with world.ledger.database.reading() as connection:
        assert guards.check_guards(connection, world.ledger.database) == ([], [])
    world.record(WANG, draft("quota.receive", "q2", quota="Q2", holder="999901", amount=1, year=2025, source_level="county"))


def test_a_migration_cut_short_leaves_the_old_ledger(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All in one transaction."""
    world = first_yuan(target)
    made_old(world)

    def cut(*_: object) -> None:
        raise RuntimeError("cut short")

    with monkeypatch.context() as patched:
        patched.setattr(projections, "replay", cut)
        with pytest.raises(RuntimeError, match="cut short"):
            world.ledger.migrate()
    with world.ledger.database.reading() as connection:
        assert migrate.revision_of(connection, world.ledger.database) == "0001"
    assert world.ledger.migrate() == "0001"
    assert world.verify().ok


@pytest.mark.parametrize("revision", ["9999", "0000", "x", "0002"])
def test_a_schema_that_no_step_leads_from_is_named(target: str, revision: str) -> None:
    """A newer release's, none of ours, or one whose entries were judged by other rules."""
    world = first_yuan(target)
    made_old(world, revision)
    with pytest.raises(VersionMismatch, match=f"schema {revision}, from which no step leads to {REVISION}"):
        world.ledger.migrate()


def test_an_empty_database_is_no_ledger(postgres_target: str) -> None:
    """Nothing is made in it."""
    with pytest.raises(VersionMismatch):
        Ledger.open(postgres_target).migrate()
    database = open_database(postgres_target)
    with database.reading() as connection:
        assert migrate.revision_of(connection, database) is None
