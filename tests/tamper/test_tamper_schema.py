"""A-12, A-25: guards dropped, hollowed, disabled or added to; tables that lie."""

import sqlite3
from pathlib import Path

import pytest

from ledger.errors import IntegrityFailed
from ledger.service import Ledger
from tests.tamper.benches import Edit, Postgres, Sqlite, told

GUARDS = ("entries_no_update", "entries_no_delete", "seals_no_update", "seals_no_delete")


def run(target: str, script: str) -> None:
    """A script of an administrator, on SQLite."""
    with sqlite3.connect(target, isolation_level=None) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.executescript(script)
        (version,) = raw.execute("PRAGMA schema_version").fetchone()
        raw.execute(f"PRAGMA schema_version = {version + 1}")
    raw.close()


def hollow(name: str) -> str:
    """The guard with nothing in it."""
    verb, table = name.rpartition("_")[2].upper(), name.partition("_")[0]
    return f"DROP TRIGGER {name}; CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT 1; END;"


SQLITE = {
    **{f"{name} dropped": f"DROP TRIGGER {name};" for name in GUARDS},
    **{f"{name} hollow": hollow(name) for name in GUARDS},
    "guard only sometimes": hollow("entries_no_update").replace("ON entries", "ON entries WHEN OLD.seq < 0"),
    "guard on one column": hollow("entries_no_update").replace("UPDATE ON", "UPDATE OF leaf ON"),
    "a trigger more": "CREATE TRIGGER more AFTER INSERT ON entries BEGIN UPDATE balances SET n = n; END;",
    "a trigger that hides behind a name": "CREATE TRIGGER sqlitex AFTER INSERT ON entries BEGIN UPDATE balances SET n = n; END;",
    "a trigger that hides behind a reserved name": "CREATE TRIGGER more AFTER INSERT ON entries BEGIN UPDATE balances SET n = n; END;"
    "UPDATE sqlite_master SET name = 'sqlite_more', sql = replace(sql, 'TRIGGER more', 'TRIGGER sqlite_more') WHERE name = 'more';",
    "a table more": "CREATE TABLE more (a);",
    "a view more": "CREATE VIEW more AS SELECT * FROM entries;",
    "a unique index more": "CREATE UNIQUE INDEX more ON facts (id);",
    "a column more": "ALTER TABLE facts ADD COLUMN memo TEXT;",
    "a computed column": "ALTER TABLE balances ADD COLUMN m INTEGER GENERATED ALWAYS AS (n + 1) VIRTUAL;",
    "a table behind a view": "ALTER TABLE facts RENAME TO facts0; CREATE VIEW facts AS SELECT * FROM facts0;",
    "another collation": "UPDATE sqlite_master SET sql = replace(sql, 'id TEXT NOT NULL', 'id TEXT NOT NULL COLLATE NOCASE') WHERE name = 'facts';",
    "no STRICT": "UPDATE sqlite_master SET sql = replace(sql, ' STRICT', '') WHERE name = 'entries';",
    "a table in lower case": "UPDATE sqlite_master SET sql = replace(sql, 'BLOB', 'blob') WHERE name = 'entries';",
    "an index gone": "DROP INDEX facts_by_id;",
}


@pytest.mark.parametrize("name", SQLITE)
def test_a12_a_changed_guard_or_schema_is_named_on_sqlite(sqlite_bench: Sqlite, name: str) -> None:
    """Every difference from the schema of this release is a finding of INV-15."""
    target = sqlite_bench.copy()
    run(target, SQLITE[name])
    found = sqlite_bench.verified(target)
    assert any(str(p["code"]).startswith("INV-15") for p in found.problems), (name, told(found))


def test_a12_a_plain_index_more_is_only_a_warning(sqlite_bench: Sqlite) -> None:
    """It changes no answer; the verdict stands, with a warning."""
    target = sqlite_bench.copy()
    run(target, "CREATE INDEX more ON facts (kind);")
    found = sqlite_bench.verified(target)
    assert found.ok
    assert found.warnings


def test_a12_a_partial_or_lying_index_is_damage(sqlite_bench: Sqlite) -> None:
    """An index whose rows differ from its table's is found by the file check."""
    target = sqlite_bench.copy()
    run(target, "DROP INDEX facts_by_id; CREATE INDEX facts_by_id ON facts (kind);"
        "UPDATE sqlite_master SET sql = 'CREATE INDEX facts_by_id ON facts (id)' WHERE name = 'facts_by_id';")  # fmt: skip
    found = sqlite_bench.verified(target)
    assert [p["code"] for p in found.problems] == ["INV-13.FILE"] * len(found.problems)
    assert not found.ok


def test_a12_guards_refuse_what_they_guard(sqlite_bench: Sqlite) -> None:
    """Evidence can be neither changed nor deleted while they stand."""
    with sqlite3.connect(sqlite_bench.copy()) as raw:
        for statement in (
            "UPDATE entries SET leaf = leaf", "DELETE FROM entries", "UPDATE seals SET root = root", "DELETE FROM seals",
        ):  # fmt: skip
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(statement)
    raw.close()


def test_a12_replace_does_not_slip_past_the_guards(sqlite_bench: Sqlite) -> None:
    """INSERT OR REPLACE deletes without firing a delete trigger unless it is told to; verify sees the new row."""
    target = sqlite_bench.copy()
    with sqlite3.connect(target, isolation_level=None) as raw:
        try:
            raw.execute("INSERT OR REPLACE INTO entries SELECT seq, header, content || x'20', leaf FROM entries WHERE seq = 5")
        except sqlite3.IntegrityError:
            return
    found = sqlite_bench.verified(target)
    assert any(p.get("seq") == 5 for p in found.problems)


POSTGRES = {
    "a guard dropped": ["DROP TRIGGER entries_no_update ON entries"],
    "a truncate guard dropped": ["DROP TRIGGER seals_no_truncate ON seals"],
    "a guard disabled": ["ALTER TABLE entries DISABLE TRIGGER entries_no_delete"],
    "all guards disabled": ["ALTER TABLE seals DISABLE TRIGGER ALL"],
    "a guard for replicas only": ["ALTER TABLE entries ENABLE REPLICA TRIGGER entries_no_update"],
    "a hollow guard": ["CREATE OR REPLACE FUNCTION sunledger_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog "
                       "AS $$ BEGIN RETURN NEW; END $$"],
    "a guard of the same name in another schema": [
        "CREATE SCHEMA aside", "CREATE FUNCTION aside.sunledger_guard() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$", "DROP TRIGGER entries_no_update ON entries",
        "CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION aside.sunledger_guard()"],
    "a guard of the same name among the system's": [
        "CREATE FUNCTION pg_catalog.sunledger_guard() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$", "DROP TRIGGER entries_no_update ON entries",
        "CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION pg_catalog.sunledger_guard()"],
    "a trigger more": [
        "CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER more BEFORE INSERT ON facts FOR EACH ROW EXECUTE FUNCTION more()"],
    "a trigger more whose function stands elsewhere": [
        "CREATE SCHEMA aside", "CREATE FUNCTION aside.more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER more BEFORE INSERT ON facts FOR EACH ROW EXECUTE FUNCTION aside.more()"],
    "a rule": ["CREATE RULE more AS ON INSERT TO facts DO INSTEAD NOTHING"],
    "a rule on evidence": ["CREATE RULE more AS ON UPDATE TO entries DO INSTEAD NOTHING"],
    "a table more": ["CREATE TABLE more (a int)"],
    "a view more": ["CREATE VIEW more AS SELECT 1"],
    "a table behind a view": ["ALTER TABLE facts RENAME TO facts0", "CREATE VIEW facts AS SELECT * FROM facts0"],
    "a table moved behind a view": [
        "CREATE SCHEMA aside", "ALTER TABLE facts SET SCHEMA aside", "CREATE VIEW facts AS SELECT * FROM aside.facts"],
    "a materialized view": ["CREATE MATERIALIZED VIEW more AS SELECT 1 AS a"],
    "a column more": ["ALTER TABLE facts ADD COLUMN memo text"],
    "a computed column": ["ALTER TABLE balances ADD COLUMN m bigint GENERATED ALWAYS AS (n + 1) STORED"],
    "a default": ["ALTER TABLE moves ALTER COLUMN n SET DEFAULT 1"],
    "a type changed": ["ALTER TABLE moves ALTER COLUMN n TYPE numeric"],
    "NOT NULL gone": ["ALTER TABLE moves ALTER COLUMN n DROP NOT NULL"],
    "a primary key gone": ["ALTER TABLE balances DROP CONSTRAINT balances_pkey"],
    "row security": ["ALTER TABLE facts ENABLE ROW LEVEL SECURITY"],
    "a check more": ["ALTER TABLE entries ADD CONSTRAINT more CHECK (seq < 6000)"],
    "a foreign key more": ["ALTER TABLE facts ADD CONSTRAINT more FOREIGN KEY (seq) REFERENCES entries (seq) ON DELETE CASCADE"],
    "another collation": [
        "CREATE COLLATION aside (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "ALTER TABLE facts ALTER COLUMN id TYPE text COLLATE aside"],
    "an inheriting table elsewhere": ["CREATE SCHEMA aside", "CREATE TABLE aside.more () INHERITS (public.moves)"],
}  # fmt: skip


@pytest.mark.parametrize("name", POSTGRES)
def test_a12_a_changed_guard_or_schema_is_named_on_postgresql(postgres_bench: Postgres, name: str) -> None:
    """Every difference from the schema of this release is a finding of INV-15."""

    def edit(session: Edit) -> None:
        for statement in POSTGRES[name]:
            session(statement)

    found = postgres_bench.tampered(edit)
    assert any(str(p["code"]).startswith("INV-15") for p in found.problems), (name, told(found))


def test_a12_a_server_that_acts_as_a_replica_is_named(postgres_bench: Postgres) -> None:
    """`session_replication_role = replica` for the database switches every guard off."""
    target = postgres_bench.copy()
    name = target.partition("@/")[2].partition("?")[0]
    with postgres_bench.edited(target) as edit:
        edit(f"ALTER DATABASE {name} SET session_replication_role = replica")
    found = postgres_bench.verified(target)
    assert any("session_replication_role" in str(p["message"]) for p in found.problems), told(found)


def test_a12_a_guard_disabled_by_the_role_of_others_is_named(postgres_bench: Postgres) -> None:
    """The setting of another role than the one that verifies."""
    target = postgres_bench.copy()
    name = target.partition("@/")[2].partition("?")[0]
    with postgres_bench.edited(target) as edit:
        edit("DO $$ BEGIN CREATE ROLE clerk SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        edit(f"ALTER ROLE clerk IN DATABASE {name} SET session_replication_role = replica")
    found = postgres_bench.verified(target)
    assert any("session_replication_role" in str(p["message"]) for p in found.problems), told(found)


def test_a25_a_shadow_schema_is_not_looked_at(postgres_bench: Postgres) -> None:
    """`search_path` of the database points at lying tables; the ledger's own are still what verify reads."""
    target = postgres_bench.copy()
    name = target.partition("@/")[2].partition("?")[0]
    with postgres_bench.edited(target) as edit:
        edit("CREATE SCHEMA shadow")
        for table in ("entries", "facts", "balances"):
            edit(f"CREATE TABLE shadow.{table} AS SELECT * FROM public.{table}")
        edit("UPDATE shadow.balances SET n = n + 1")
        edit(f"ALTER DATABASE {name} SET search_path = shadow, public")
        edit("UPDATE public.balances SET n = n + 1 WHERE account = 'P1:budget' AND quota = 'Q1'")
    found = postgres_bench.verified(target)
    assert [p["code"] for p in found.problems] == ["INV-13.BALANCES"], told(found)


def test_a12_the_writers_check_can_be_asked_for(sqlite_bench: Sqlite) -> None:
    """What doctor and the reads ask: guards alone, all findings at once."""
    target = sqlite_bench.copy()
    run(target, "DROP TRIGGER entries_no_update; DROP TRIGGER seals_no_delete;")
    ledger = Ledger.open(target)
    with ledger.reading() as session, pytest.raises(IntegrityFailed) as caught:
        session.require_guards()
    ledger.close()
    assert len(caught.value.problems) == 2
    assert Path(target).exists()
