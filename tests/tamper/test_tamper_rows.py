"""A-02, A-03, A-04, A-10, A-11, A-27: rows taken away, added, doubled and changed about, in every table."""

import random
from typing import Any

import pytest

from ledger.chain.header import Header, build_header, content_digest
from ledger.chain.keys import seal_message
from ledger.chain.merkle import Frontier, leaf_hash
from tests.tamper.benches import TABLES, Bench, Edit, Postgres, Sqlite, Unchanged, told
from tests.tamper.template import SIZE, STRANGER
from tests.tamper.test_tamper_cells import chosen_rows, names, update
from tests.world import ORIGIN

ALL = list(TABLES)


def all_rows(bench: Bench, table: str) -> list[tuple[Any, ...]]:
    """Every row of a table, its key first."""
    keys, rest = TABLES[table]
    return bench.rows(f"SELECT {', '.join((*keys, *rest))} FROM {table} ORDER BY {', '.join(keys)}")


def put(edit: Edit, table: str, row: tuple[Any, ...]) -> None:
    """Insert a row."""
    keys, rest = TABLES[table]
    columns = (*keys, *rest)
    edit(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", *row)


def take(edit: Edit, table: str, row: tuple[Any, ...]) -> None:
    """Delete a row."""
    keys, _ = TABLES[table]
    edit(f"DELETE FROM {table} WHERE {' AND '.join(f'{key} = ?' for key in keys)}", *row[: len(keys)])


@pytest.mark.parametrize("table", ALL)
def test_a02_a_deleted_row_is_missed_and_named(bench: Bench, table: str) -> None:
    """First, middle, last and random row of every table; of entries the position is named."""
    rows = chosen_rows(bench, table)
    for row in rows:
        found = bench.tampered(lambda edit, row=row: take(edit, table, row))
        if table == "entries" and row[0] == SIZE - 1:
            assert any(p["code"] == "INV-04.END" and p["seq"] == SIZE - 1 for p in found.problems), told(found)
        else:
            assert names(found, table, row), (row[:2], told(found))


@pytest.mark.parametrize("table", ALL)
def test_a02_an_emptied_table_is_found(bench: Bench, table: str) -> None:
    """All rows of one table gone."""
    found = bench.tampered(lambda edit: edit(f"DELETE FROM {table}"))
    assert not found.ok
    assert found.problems


FAR = (-(2**63), -(2**62) - 1, -1, SIZE, SIZE + 7, 2**62 + 1, 2**63 - 1)


@pytest.mark.parametrize("place", FAR)
@pytest.mark.parametrize("table", ["entries", "seals", "facts", "moves", "vault"])
def test_a03_a_row_doubled_to_any_place_is_found(bench: Bench, table: str, place: int) -> None:
    """A copy of a row stands at a position where none belongs, however far away."""
    row = all_rows(bench, table)[3]
    place += table == "seals" and place == SIZE  # a seal is kept by the size at which it ends
    found = bench.tampered(lambda edit: put(edit, table, (place, *row[1:])))
    assert not found.ok, f"a row of {table} at {place} passes"


@pytest.mark.parametrize("table", ["objects", "balances", "projections"])
def test_a10_a_derived_row_added_is_found(bench: Bench, table: str) -> None:
    """A copy of a row under another key."""
    row = all_rows(bench, table)[0]
    found = bench.tampered(lambda edit: put(edit, table, (f"{row[0]}x", *row[1:])))
    assert names(found, table, row), told(found)


@pytest.mark.parametrize("table", ALL)
def test_a04_two_rows_changed_about_are_found(bench: Bench, table: str) -> None:
    """All columns but the key, then each single column, of neighbours and of strangers."""
    rows = all_rows(bench, table)
    keys, rest = TABLES[table]
    if len(rows) < 2:
        pytest.skip("a table of one row")
    middle = len(rows) // 2
    choice = random.Random(table)
    pairs = [(0, 1), (middle, len(rows) - 1), tuple(choice.sample(range(len(rows)), 2))]
    for a, b in pairs:
        for columns in (rest, *((column,) for column in rest)):
            at = [(*keys, *rest).index(column) for column in columns]
            if all(rows[a][n] == rows[b][n] for n in at):
                continue

            def swap(edit: Edit, a: int = a, b: int = b, columns: Any = columns, at: list[int] = at) -> None:
                for column, n in zip(columns, at, strict=True):
                    update(edit, table, rows[a], column, rows[b][n])
                    update(edit, table, rows[b], column, rows[a][n])

            found = bench.tampered(swap)
            assert names(found, table, rows[a]) or names(found, table, rows[b]), (a, b, columns, told(found))


def forged(edit: Edit, *, signed: bool = False) -> int:
    """A row after the last, with right digest, chain and tree, made without any officer's key; returns its position."""
    (seq, content, leaf) = edit.rows("SELECT seq, content, leaf FROM entries ORDER BY seq DESC LIMIT 1")[0]
    (last,) = [row[0] for row in edit.rows("SELECT header FROM entries WHERE seq = ?", seq)]
    fields = dict(line.split(" ", 1) for line in last.decode().splitlines()[1:])
    raw = content.replace(b'"id":"r4"', b'"id":"r9"')
    books = " ".join(f"{n}={int(p) + 1}" for n, p in (part.split("=") for part in fields["books"].split()))
    header = build_header(Header(seq + 1, leaf.hex(), fields["at"], books, content_digest(raw)))
    put(edit, "entries", (seq + 1, header, raw, leaf_hash(header)))
    if signed:
        tree = Frontier()
        tree.extend(row[0] for row in edit.rows("SELECT leaf FROM entries ORDER BY seq"))
        (author,) = edit.rows("SELECT author FROM seals ORDER BY size DESC LIMIT 1")[0]
        message = seal_message(seq + 1, ORIGIN, seq + 2, tree.root())
        put(edit, "seals", (seq + 2, seq + 1, tree.root(), author, STRANGER.private.sign(message), tree.to_bytes()))
    return int(seq) + 1


def test_a03_a_forged_row_without_a_seal_is_found(bench: Bench) -> None:
    """Digest, chain and leaf are right; no seal covers it."""
    found = bench.tampered(lambda edit: forged(edit))
    assert any(p["code"] == "INV-04.UNSEALED" and p["seq"] == SIZE for p in found.problems), told(found)


def test_a03_a_forged_row_under_a_forged_seal_is_found(bench: Bench) -> None:
    """The seal names a true officer and is signed by a key that is not theirs."""
    found = bench.tampered(lambda edit: forged(edit, signed=True))
    assert any(p["code"] == "INV-04.SIGNATURE" and p["seq"] == SIZE for p in found.problems), told(found)


def test_a10_balances_are_found_by_account(bench: Bench) -> None:
    """The finding names the account, what it holds and what the entries give."""
    found = bench.tampered(
        lambda edit: edit("UPDATE balances SET n = n + 100 WHERE account = ? AND quota = ?", "P1:budget", "Q1")
    )
    (problem,) = found.problems
    assert problem["code"] == "INV-13.BALANCES"
    assert "P1:budget" in str(problem["message"])


def test_a11_balances_and_moves_changed_together_are_found(bench: Bench) -> None:
    """The sums of the derived tables agree with each other, not with the entries."""

    def edit(session: Edit) -> None:
        ((seq, n, to),) = session.rows("SELECT seq, n, target FROM moves WHERE source = 'P1:budget' AND quota = 'Q1' ORDER BY seq LIMIT 1")
        session("UPDATE moves SET n = ? WHERE seq = ? AND quota = 'Q1'", n + 5, seq)
        session("UPDATE balances SET n = n - 5 WHERE account = 'P1:budget' AND quota = 'Q1'")
        session("UPDATE balances SET n = n + 5 WHERE account = ? AND quota = 'Q1'", to)

    found = bench.tampered(edit)
    assert {p["code"] for p in found.problems} == {"INV-13.MOVES", "INV-13.BALANCES"}


def test_a27_numbers_come_from_the_chain(sqlite_bench: Sqlite) -> None:
    """There is no counter of the database to reset: no AUTOINCREMENT, so no sqlite_sequence."""
    target = sqlite_bench.copy()
    with sqlite_bench.edited(target) as edit:
        assert not edit.rows("SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'")


def test_a27_postgresql_has_no_sequence(postgres_bench: Postgres) -> None:
    """There is no sequence whose value could be set."""
    rows: list[Any] = []
    postgres_bench.tampered(lambda edit: rows.extend(edit.rows("SELECT relname FROM pg_class WHERE relkind = 'S'")))
    assert rows == []


@pytest.mark.parametrize("table", ["facts", "moves"])
def test_a03_rows_doubled_by_inheritance_are_found(postgres_bench: Postgres, table: str) -> None:
    """A child table in another schema gives a second copy of a row; sums over the table count it twice."""

    def edit(session: Edit) -> None:
        session("CREATE SCHEMA aside")
        session(f"CREATE TABLE aside.more () INHERITS (public.{table})")
        session(f"INSERT INTO aside.more SELECT * FROM ONLY public.{table} WHERE seq = 12")

    assert not postgres_bench.tampered(edit).ok


@pytest.mark.parametrize("table", ["entries", "seals", "objects", "balances", "projections", "vault"])
def test_a03_rows_doubled_by_inheritance_in_the_other_tables_are_found(postgres_bench: Postgres, table: str) -> None:
    """The same with one row of each other table."""

    def edit(session: Edit) -> None:
        session("CREATE SCHEMA aside")
        session(f"CREATE TABLE aside.more () INHERITS (public.{table})")
        session(f"INSERT INTO aside.more SELECT * FROM ONLY public.{table} LIMIT 1")

    assert not postgres_bench.tampered(edit).ok


@pytest.mark.parametrize(("table", "column"), [
    ("facts", "id"), ("facts", "subject"), ("objects", "value"), ("objects", "id"), ("balances", "account"),
    ("seals", "author"), ("moves", "source"), ("vault", "field"),
])  # fmt: skip
def test_a17_text_that_is_not_utf8_is_an_integrity_finding(sqlite_bench: Sqlite, table: str, column: str) -> None:
    """STRICT lets bytes stand in a text that no reader can decode; verify must answer, not stumble."""
    try:
        found = sqlite_bench.tampered(
            lambda edit: edit(f"UPDATE {table} SET {column} = CAST(x'ff41' AS TEXT) WHERE {column} = (SELECT MAX({column}) FROM {table})")
        )
    except Unchanged:
        pytest.fail("the edit was meant to be possible")
    assert not found.ok
