"""Whether the schema and its guards are those of this release: normalised facts, compared with a kept list."""

from pathlib import Path

from ledger import words
from ledger.errors import Problem
from ledger.store.connection import Connection
from ledger.store.database import Database

_SQLITE = (
    "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master "
    "WHERE NOT (type = 'index' AND name GLOB 'sqlite_autoindex_*' AND sql IS NULL) "
    "AND NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))"
)
_POSTGRES = (
    """SELECT 'column', c.relname || '.' || a.attname,
              format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
              || CASE WHEN a.attcollation NOT IN (0, 100) THEN ' collated' ELSE '' END
              || CASE WHEN a.atthasdef OR a.attgenerated <> '' THEN ' computed' ELSE '' END
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    """SELECT 'relation', relname, relkind::text || CASE WHEN relrowsecurity THEN ' row security' ELSE '' END
         FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('i', 'I', 'c')""",
    """SELECT 'index', c.relname, pg_get_indexdef(c.oid) FROM pg_class c
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'i'""",
    """SELECT 'trigger', t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal""",
    """SELECT 'function', proname, md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    """SELECT 'child', inhrelid::regclass::text, inhparent::regclass::text FROM pg_inherits i
         JOIN pg_class c ON c.oid = i.inhparent WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'""",
    """SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype NOT IN ('p', 'n')""",
    """SELECT 'setting', r.rolname, s FROM pg_db_role_setting d LEFT JOIN pg_roles r ON r.oid = d.setrole,
              unnest(d.setconfig) s
        WHERE starts_with(s, 'session_replication_role') AND d.setdatabase IN
              (0, (SELECT oid FROM pg_database WHERE datname = current_database()))""",
    """SELECT 'rule', rulename, tablename FROM pg_rules WHERE schemaname = 'public'""",
    """SELECT 'setting', name, setting FROM pg_settings WHERE name = 'session_replication_role'""",
)


def schema_facts(connection: Connection, dialect: str) -> list[str]:
    """What the schema is, one fact a line, sorted; the same for every server that holds this release's schema."""
    facts = []
    for query in (_SQLITE,) if dialect == "sqlite" else _POSTGRES:
        for row in connection.exec_driver_sql(query):
            facts.append(" | ".join(" ".join(str(cell).split()) for cell in row))
    return sorted(facts)


def expected_facts(dialect: str) -> list[str]:
    """The facts of this release."""
    return (Path(__file__).parents[1] / "data" / f"schema-{dialect}.txt").read_text("utf-8").splitlines()


def check_guards(connection: Connection, database: Database) -> tuple[list[Problem], list[str]]:
    """Problems (a guard, table or column missing, altered or added), and warnings (an extra plain index)."""
    found, expected = set(schema_facts(connection, database.dialect)), set(expected_facts(database.dialect))
    problems, warnings = [], []
    for fact in sorted(expected - found):
        problems.append(Problem("INV-15.MISSING", schema=_short(fact)))
    for fact in sorted(found - expected):
        if fact.startswith("index |") and "UNIQUE" not in fact.upper():
            warnings.append(words.say("INV-15.INDEX", {"schema": _short(fact)}))
        else:
            problems.append(Problem("INV-15.FOREIGN", schema=_short(fact)))
    return problems, warnings


def _short(fact: str) -> words.Long:
    return words.Long(fact)
