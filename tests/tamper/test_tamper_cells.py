"""A-01, A-10, A-17, A-18, A-27: any one cell of any column of any table, on both databases; none may pass."""

import random
from typing import Any

import pytest

from ledger.book.objects import TYPES
from ledger.errors import VersionMismatch
from ledger.kinds.declare import KINDS
from ledger.verify.run import Verification
from tests.tamper.benches import COLUMNS, TABLES, Bench, Edit, Sqlite, Unchanged, told
from tests.tamper.mutations import mutations, type_games
from tests.tamper.template import SIZE

# Cells whose change verify does not see; every one with its reason. There is none.
UNDETECTED: dict[tuple[str, str], str] = {}


def chosen_rows(bench: Bench, table: str) -> list[tuple[Any, ...]]:
    """First, middle, last and a random row of a table, by key; each row is its key and then all its columns."""
    keys, rest = TABLES[table]
    rows = bench.rows(f"SELECT {', '.join((*keys, *rest))} FROM {table} ORDER BY {', '.join(keys)}")
    picked = {0, len(rows) // 2, len(rows) - 1, random.Random(table).randrange(len(rows))}
    return [rows[n] for n in sorted(picked)]


def update(edit: Edit, table: str, row: tuple[Any, ...], column: str, value: Any) -> None:
    """Put `value` into one cell."""
    keys, _ = TABLES[table]
    where = " AND ".join(f"{key} = ?" for key in keys)
    edit(f"UPDATE {table} SET {column} = ? WHERE {where}", value, *row[: len(keys)])


def names(found: Verification, table: str, row: tuple[Any, ...]) -> bool:
    """Whether a finding names the entry, the seal or the table that was changed."""
    if found.ok or not found.problems:
        return False
    if table == "entries":
        return any(p.get("seq") == row[0] for p in found.problems)
    if table == "seals":
        return any(str(p["code"]).startswith(("INV-03", "INV-04")) for p in found.problems)
    if table == "vault":
        return any(str(p["code"]).startswith("INV-14") or p["code"] == "INV-13.FILE" for p in found.problems)
    word = "INV-13.STANDING" if table == "projections" else f"INV-13.{table.upper()}"
    return any(p["code"] in (word, "INV-13.FILE") for p in found.problems)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a01_a_changed_cell_is_found_and_named(bench: Bench, table: str, column: str) -> None:
    """One cell of the first, a middle, the last and a random row, each changed in several ways."""
    tried, missed = 0, []
    rows = chosen_rows(bench, table)
    for n, row in enumerate(rows):
        value = row[(*TABLES[table][0], *TABLES[table][1]).index(column)]
        other = [(how, new) for how, new in mutations(value, bench.dialect, f"{table}{column}{n}") if new != value]
        if n != min(1, len(rows) - 1):  # one row gets them all
            other = random.Random(f"{table}{column}{n}").sample(other, min(2 if bench.dialect == "sqlite" else 1, len(other)))
        for how, new in other:
            try:
                found = bench.tampered(lambda edit, row=row, new=new: update(edit, table, row, column, new))
            except Unchanged:
                continue
            tried += 1
            if not names(found, table, row):
                missed.append((how, row[:2], found.ok, told(found)))
    assert tried >= 2
    assert not missed or (table, column) in UNDETECTED, missed


def every(bench: Bench, table: str, sort: str) -> list[tuple[Any, ...]]:
    """The first row of each sort in a table, its columns in order."""
    keys, rest = TABLES[table]
    found: dict[Any, tuple[Any, ...]] = {}
    for row in bench.rows(f"SELECT {sort}, {', '.join((*keys, *rest))} FROM {table} ORDER BY {', '.join(keys)}"):
        found.setdefault(row[0], row[1:])
    return [found[name] for name in sorted(found)]


def test_a01_every_kind_of_entry_and_sort_of_object_stands_in_the_template(bench: Bench) -> None:
    """What is not there is not attacked."""
    assert {row[2] for row in every(bench, "facts", "kind")} == set(KINDS)
    assert {row[0] for row in every(bench, "objects", "sort")} == set(TYPES)


@pytest.mark.parametrize(("table", "column"), [
    ("entries", "content"), ("entries", "leaf"), ("facts", "subject"), ("objects", "value"),
])  # fmt: skip
def test_a01_a_changed_cell_of_every_kind_and_sort_is_found(bench: Bench, table: str, column: str) -> None:
    """One entry of every kind, one object of every sort: a character, a bit, a value of its own."""
    source, sort = ("objects", "sort") if table == "objects" else ("facts", "kind")
    rows = every(bench, source, sort)
    if table == "entries":
        rows = [row for (seq, *_) in rows for row in bench.rows("SELECT seq, header, content, leaf FROM entries WHERE seq = ?", seq)]
    missed = []
    for row in rows:
        value = row[(*TABLES[table][0], *TABLES[table][1]).index(column)]
        other = [(how, new) for how, new in mutations(value, bench.dialect, f"{table}{column}{row[0]}") if new != value]
        how, new = random.Random(f"{table}{column}{row[:2]}").choice(other)
        found = bench.tampered(lambda edit, row=row, new=new: update(edit, table, row, column, new))
        if not names(found, table, row):
            missed.append((how, row[:2], found.ok, told(found)))
    assert not missed, missed


@pytest.mark.parametrize("change", ["a bit", "a box of another value", "another's box", "nothing", "gone", "moved"])
def test_a01_the_vault_without_its_keys_is_never_called_good(bench: Bench, change: str) -> None:
    """Who has no keys cannot tell an altered box: the verdict stays open; a value without a box fails for everybody."""
    assert bench.tampered(lambda edit: None, keys=False).verdict == "undecided"
    rows = all_boxes(bench)
    (one, two) = [row for row in rows if row[1] == "account"]
    first = f"WHERE seq = {one[0]} AND field = 'account'"
    edits: dict[str, tuple[str, tuple[Any, ...]]] = {
        "a bit": (f"UPDATE vault SET box = ? {first}", (bytes([one[2][0] ^ 1]) + one[2][1:],)),
        "a box of another value": (f"UPDATE vault SET box = ? {first}", (two[2],)),
        "another's box": (f"UPDATE vault SET box = ? {first}", (rows[1][2],)),
        "nothing": (f"UPDATE vault SET box = ? {first}", (b"",)),
        "gone": (f"DELETE FROM vault {first}", ()),
        "moved": (f"UPDATE vault SET field = 'accounts' {first}", ()),
    }
    sql, values = edits[change]
    blind = bench.tampered(lambda edit: edit(sql, *values), keys=False)
    assert blind.verdict == ("failed" if change in ("gone", "moved") else "undecided")
    seen = bench.tampered(lambda edit: edit(sql, *values))
    assert seen.verdict == "failed"
    assert any(str(p["code"]).startswith("INV-14") and p["seq"] == one[0] for p in seen.problems), told(seen)


def all_boxes(bench: Bench) -> list[tuple[Any, ...]]:
    """Every row of the table `vault`."""
    return bench.rows("SELECT seq, field, box FROM vault ORDER BY seq, field")


def test_p10_a01_a_box_put_back_for_an_erased_person_is_named(bench: Bench) -> None:
    """With the keys and without: what the law erased does not come back unseen."""
    (erased,) = [row[0] for row in facts_of(bench, "h2")]
    for keys in (True, False):
        found = bench.tampered(lambda edit: edit("INSERT INTO vault VALUES (?, 'identity', ?)", erased, b"x" * 80), keys=keys)
        assert [p["code"] for p in found.problems if p.get("seq") == erased] == ["INV-14.KEPT"], told(found)
        assert found.verdict == "undecided"


def facts_of(bench: Bench, id: str) -> list[tuple[Any, ...]]:
    """The rows of `facts` of an id."""
    return bench.rows("SELECT seq, id, kind FROM facts WHERE id = ?", id)


LOOSE = [(t, c) for t, c in COLUMNS if (t, c) not in {("entries", "seq"), ("facts", "seq"), ("seals", "size")}]


@pytest.mark.parametrize(("table", "column"), LOOSE)
def test_a17_a_cell_of_another_type_is_found_and_never_a_crash(sqlite_bench: Sqlite, table: str, column: str) -> None:
    """With STRICT taken off and put back: 100 as '100' and 100.0, text as a blob, NULL."""
    missed = []
    rows = chosen_rows(sqlite_bench, table)
    for row in rows[1:2] or rows:
        value = row[(*TABLES[table][0], *TABLES[table][1]).index(column)]
        for how, new in type_games(value):
            try:
                found = sqlite_bench.tampered(
                    lambda edit, row=row, new=new: update(edit, table, row, column, new), loose=True
                )
            except Unchanged:
                continue
            if not names(found, table, row):
                missed.append((how, row[:2], found.ok, told(found)))
    assert not missed, missed


@pytest.mark.parametrize("column", ["header", "content", "leaf"])
def test_a17_an_entry_of_another_type_is_found_wherever_it_stands(sqlite_bench: Sqlite, column: str) -> None:
    """Every seventh entry in turn, among them those that later entries name."""
    for seq in range(0, SIZE, 7):
        found = sqlite_bench.tampered(
            lambda edit, seq=seq: edit(f"UPDATE entries SET {column} = CAST({column} AS TEXT) WHERE seq = ?", seq), loose=True
        )
        assert not found.ok, seq
        assert any(p.get("seq") == seq for p in found.problems), (seq, told(found))


def test_a01_the_list_of_cells_that_pass_is_empty() -> None:
    """An entry of the list would need a written reason."""
    assert not UNDETECTED


def test_a13_another_revision_is_a_version_mismatch(bench: Bench) -> None:
    """The table of revisions is outside the tables of the ledger, and says so by its own error: exit 14."""
    for edit in (
        "UPDATE alembic_version SET version_num = '0001'", "UPDATE alembic_version SET version_num = '0002'", "UPDATE alembic_version SET version_num = '0004'", "UPDATE alembic_version SET version_num = ''",
        "DELETE FROM alembic_version", "INSERT INTO alembic_version VALUES ('0000')",
    ):  # fmt: skip
        with pytest.raises(VersionMismatch) as caught:
            bench.tampered(lambda session, edit=edit: session(edit))
        assert caught.value.exit_code == 14
