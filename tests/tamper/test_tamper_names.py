"""A-16, A-18, A-26: payments moved by a key or a name they point to, texts that look alike, rows hidden from who verifies."""

import unicodedata
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from ledger.chain import canonical
from ledger.chain.header import build_header, content_digest, parse_header
from ledger.chain.merkle import leaf_hash
from ledger.errors import LedgerError, StorageTrouble
from ledger.verify.run import verify
from tests.tamper.benches import LATER, Bench, Edit, Postgres, told, verified
from tests.tamper.test_tamper_history import rewrite
from tests.verify.modified_client import Bad, ModifiedClient
from tests.world import LI, World, draft, first_yuan

# Where a payment points, and what it points to: another value in one row of a derived table.
POINTERS = {
    "the project of a payment": "UPDATE objects SET value = REPLACE(value, '\"project\":\"P1\"', '\"project\":\"P2\"') WHERE sort = 'payment' AND id = 'PAY-1'",
    "the payee of a payment": "UPDATE objects SET value = REPLACE(value, '示例公司', '另一公司') WHERE sort = 'payment' AND id = 'PAY-1'",
    "the name of a project": "UPDATE objects SET value = REPLACE(value, '示例项目1', '另一项目') WHERE sort = 'project' AND id = 'P1'",
    "the county of a project": "UPDATE objects SET value = REPLACE(value, '999901', '990000') WHERE sort = 'project' AND id = 'P1'",
    "the name of a body": "UPDATE objects SET value = REPLACE(value, '示例县', '另一县') WHERE sort = 'authority' AND id = '999901'",
    "the body of an officer": "UPDATE objects SET value = REPLACE(value, '999901', '990000') WHERE sort = 'officer' AND id = 'wang'",
    "the holder of a quota": "UPDATE objects SET value = REPLACE(value, '999901', '990000') WHERE sort = 'quota' AND id = 'Q2'",
    "one project in the place of another": "UPDATE objects SET value = (SELECT o.value FROM objects o WHERE o.sort = 'project' AND o.id = 'P3') WHERE sort = 'project' AND id = 'P2'",
    "the account a move goes to": "UPDATE moves SET target = 'PAY-2:reserved' WHERE target = 'PAY-1:reserved'",
    "the quota of a move": "UPDATE moves SET quota = 'Q2' WHERE quota = 'Q1' AND seq = 24",
    "what an entry is about": "UPDATE facts SET subject = 'P2' WHERE id = 'PAY-1'",
    "who wrote an entry": "UPDATE facts SET officer = 'zhao' WHERE id = 'PAY-1'",
    "the household of a person": "UPDATE objects SET value = REPLACE(value, '999901', '990000') WHERE sort = 'subject' AND id = 'H-1'",
}


@pytest.mark.parametrize("what", POINTERS)
def test_a16_what_a_payment_points_to_is_derived_and_compared(bench: Bench, what: str) -> None:
    """Names and keys are made from the entries: a changed one differs from what they give."""
    before: list[Any] = []

    def edit(session: Edit) -> None:
        tables = ("objects", "moves", "facts")
        before.extend(session.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables)
        session(POINTERS[what])
        before.extend(session.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables)

    found = bench.tampered(edit)
    assert before[:3] != before[3:], "the edit changed nothing"
    assert {p["code"] for p in found.problems} <= {"INV-13.OBJECTS", "INV-13.MOVES", "INV-13.FACTS"}, told(found)
    assert found.verdict == "failed"


@pytest.mark.parametrize("field", ["payee", "project"])
def test_a16_the_reference_itself_is_under_the_hash(bench: Bench, field: str) -> None:
    """In the content of the request: its digest, and if that is made anew its seal."""
    value = {"payee": "另一公司", "project": "P2"}[field]

    def change(content: dict[str, Any]) -> None:
        content["data"][field] = value

    def plainly(edit: Edit) -> None:
        ((raw,),) = edit.rows("SELECT content FROM entries WHERE seq = 24")
        content = canonical.decode(raw)
        change(content)
        edit("UPDATE entries SET content = ? WHERE seq = 24", canonical.encode(content))

    found = bench.tampered(plainly)
    assert any(p["code"] == "INV-01.DIGEST" and p["seq"] == 24 for p in found.problems), told(found)
    found = bench.tampered(lambda edit: rewrite(edit, 24, lambda *_: None, change))
    assert any(p["code"] == "INV-04.SIGNATURE" and p["seq"] == 24 for p in found.problems), told(found)


# --- A-18 -----------------------------------------------------------------------------------------------------------

NAME = "示例基金Café路（一期）"
ALIKE = {
    "NFD": unicodedata.normalize("NFD", NAME),
    "a compatibility ideograph": NAME.replace("金", "\uf90a"),
    "full width": NAME.replace("Caf", "Ｃａｆ"),
    "half width brackets": NAME.replace("（", "(").replace("）", ")"),
    "a zero width space": NAME.replace("基金", "基\u200b金"),
    "a joiner": NAME.replace("基金", "基\u2060金"),
    "a variation selector": NAME.replace("金", "金\ufe00"),
    "another case": NAME.replace("C", "c"),
    "a Cyrillic letter": NAME.replace("a", "\u0430"),
    "a radical": NAME.replace("示", "\u2f70"),
    "a space after": NAME + " ",
    "a direction mark": "\u202d" + NAME,
}
CANONICAL = ("NFD", "a compatibility ideograph")  # equal by Unicode's own canonical equivalence


def named(target: str) -> World:
    """Eleven entries and a project of that name."""
    made = first_yuan(target)
    made.record(LI, draft("project.propose", "p9", project="P9", county="999901", name=NAME))
    return made


def alter(made: World, edit: Callable[[Edit], None]) -> Any:
    """Edit behind the guards in a transaction that is rolled back; what verify says meanwhile."""
    database = made.ledger.database
    with database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        kept = []
        if database.dialect == "sqlite":
            kept = [tuple(row) for row in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")]
            for name, _ in kept:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        edit(Edit(lambda sql, values: connection.exec_driver_sql(database.sql(sql), tuple(values) or None)))
        for _, words in kept:
            connection.exec_driver_sql(words)
        if not kept:
            connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
        try:
            return verify(database, connection, now=LATER, heads=[])
        finally:
            connection.exec_driver_sql("ROLLBACK")


def test_a18_text_that_looks_alike_is_other_text(target: str) -> None:
    """In the content, in the content with its digest, leaf and header made anew, and in the derived table."""
    made = named(target)
    for how, text in ALIKE.items():
        assert text != NAME
        assert (unicodedata.normalize("NFC", text) == NAME) == (how in CANONICAL)

        def content(edit: Edit, text: str = text) -> None:
            ((raw,),) = edit.rows("SELECT content FROM entries WHERE seq = 11")
            edit("UPDATE entries SET content = ? WHERE seq = 11", raw.replace(NAME.encode(), text.encode()))

        def hashes(edit: Edit, content: Callable[[Edit], None] = content) -> None:
            content(edit)
            ((header, raw),) = edit.rows("SELECT header, content FROM entries WHERE seq = 11")
            header = build_header(parse_header(header)._replace(content=content_digest(raw)))
            edit("UPDATE entries SET header = ?, leaf = ? WHERE seq = 11", header, leaf_hash(header))

        def derived(edit: Edit, text: str = text) -> None:
            edit("UPDATE objects SET value = REPLACE(value, ?, ?) WHERE sort = 'project'", NAME, text)

        for edit, code in ((content, "INV-01.DIGEST"), (hashes, "INV-03.ROOT"), (derived, "INV-13.OBJECTS")):
            found = alter(made, edit)
            assert any(p["code"] == code for p in found.problems), (how, code, told(found))
    assert made.verify().ok
    made.ledger.close()


def test_a18_nothing_is_normalised_when_verified(target: str) -> None:
    """A client that sealed NFD text sealed just those bytes: they verify as they stand, and the NFC form in their place fails."""
    made = first_yuan(target)
    bad = ModifiedClient(target, LI.private)
    bad.seal(Bad("project.propose", "p9", {"county": "999901", "name": ALIKE["NFD"], "project": "P9"}, [], {"999901/open": None}))
    bad.close()
    made.ledger.rebuild()
    assert made.verify().ok

    def edit(session: Edit) -> None:
        ((raw,),) = session.rows("SELECT content FROM entries WHERE seq = 11")
        session("UPDATE entries SET content = ? WHERE seq = 11", unicodedata.normalize("NFC", raw.decode()).encode())

    assert any(p["code"] == "INV-01.DIGEST" for p in alter(made, edit).problems)
    made.ledger.close()


# --- A-26 -----------------------------------------------------------------------------------------------------------

HIDING = {
    "row security hides the tail": [
        "ALTER TABLE entries ENABLE ROW LEVEL SECURITY", "CREATE POLICY few ON entries USING (seq < 40)",
        "ALTER TABLE seals ENABLE ROW LEVEL SECURITY", "CREATE POLICY few ON seals USING (size <= 40)"],
    "row security hides one entry": ["ALTER TABLE entries ENABLE ROW LEVEL SECURITY", "CREATE POLICY few ON entries USING (seq <> 5)"],
    "row security hides every row": ["ALTER TABLE entries ENABLE ROW LEVEL SECURITY"],
    "row security hides a balance": ["ALTER TABLE balances ENABLE ROW LEVEL SECURITY", "CREATE POLICY few ON balances USING (n > 0)"],
    "row security hides sealed values": ["ALTER TABLE vault ENABLE ROW LEVEL SECURITY", "CREATE POLICY few ON vault USING (field <> 'identity')"],
    "row security that hides nothing yet": ["ALTER TABLE facts ENABLE ROW LEVEL SECURITY", "CREATE POLICY few ON facts USING (true)"],
}  # fmt: skip


def as_reader(bench: Postgres, statements: list[str]) -> str:
    """A copy with a role that may only read, after an administrator's statements; as that role reaches it."""
    target = bench.copy()
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
        for statement in statements:
            connection.execute(statement)
    return target.replace("postgres@", "reader@")


def test_a26_a_role_that_only_reads_can_verify(postgres_bench: Postgres) -> None:
    """Who audits need not be able to write."""
    target = as_reader(postgres_bench, [])
    found = postgres_bench.verified(target)
    assert found.ok, told(found)


@pytest.mark.parametrize("how", HIDING)
def test_a26_rows_hidden_from_the_verifying_role_are_found(postgres_bench: Postgres, how: str) -> None:
    """The guard itself is named; and what it hides is missed."""
    target = as_reader(postgres_bench, HIDING[how])
    found = verified(target, vault=postgres_bench.vault)
    assert not found.ok
    assert found.verdict != "undecided", told(found)
    if "every row" not in how:
        assert any(str(p["code"]).startswith("INV-15") and "row security" in str(p["message"]) for p in found.problems), told(found)


@pytest.mark.parametrize("statement", [
    "REVOKE SELECT ON entries FROM reader", "REVOKE SELECT ON balances FROM reader", "REVOKE SELECT ON vault FROM reader",
    "REVOKE SELECT ON entries FROM reader; GRANT SELECT (seq, header, leaf) ON entries TO reader",
    "REVOKE SELECT ON seals FROM reader; GRANT SELECT (size, first, root) ON seals TO reader",
])  # fmt: skip
def test_a26_columns_withheld_from_the_verifying_role_are_storage_trouble(postgres_bench: Postgres, statement: str) -> None:
    """What may not be read is not called good: exit 13, with the server's words."""
    target = as_reader(postgres_bench, statement.split("; "))
    with pytest.raises(StorageTrouble) as caught:
        verified(target, vault=postgres_bench.vault)
    assert "may not do this" in str(caught.value)
    assert isinstance(caught.value, LedgerError)
    assert caught.value.exit_code == 13
