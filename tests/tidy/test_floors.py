"""A lower floor never imports a higher one (design: chain below kinds below book below store below verify below faces)."""

import ast
import sys

import pytest

from tests.tidy.source import MODULES, TREES, calls, imports, outside_imports

FLOORS = [
    {"ledger", "ledger.words", "ledger.errors", "ledger.money", "ledger.calendar", "ledger.fullwidth", "ledger.spreadsheet", "ledger.bulk", "migrations"},
    {"ledger.chain"},
    {"ledger.kinds"},
    {"ledger.book"},
    {"ledger.store", "ledger.intake", "ledger.audit"},
    {"ledger.verify"},
    {"ledger.service", "ledger.bundle"},
    {"ledger.disclosure"},
    {"ledger.outside"},
    {"reports.model", "reports.words", "reports.figures"},
    {"reports"},
    {"ledger.commands", "reports.commands", "reports.demo", "reports.demo_county", "reports.tree"},
    {"cli"},
]


def floor(module: str) -> int:
    """The floor of a module: that of the longest name it lies under."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        for height, names in enumerate(FLOORS):
            if name in names and not (name in ("ledger",) and length < len(parts)):
                return height
    raise AssertionError(f"{module} stands on no floor: give it one")


@pytest.mark.parametrize("name", sorted(MODULES))
def test_module_imports_only_its_own_floor_and_below(name: str) -> None:
    """Function-level imports included."""
    above = {other for other in imports(name) if floor(other) > floor(name)}
    assert not above, f"{name} imports {sorted(above)}"


def test_side_doors_stay_shut() -> None:
    """What floors alone do not say: neighbours that must not know each other."""
    for name in MODULES:
        for other in imports(name):
            if name.startswith("ledger."):
                assert not other.startswith("reports"), f"{name} imports {other}"
            if name.startswith("ledger.intake"):
                assert not other.startswith(("ledger.store", "ledger.audit")), f"{name} imports {other}"
            if name.startswith("ledger.store"):
                assert not other.startswith(("ledger.intake", "ledger.audit")), f"{name} imports {other}"
            if name.startswith("ledger.audit") and other.startswith("ledger.store"):
                assert other in ("ledger.store.session", "ledger.store.sealing", "ledger.store.vault"), f"{name} imports {other}"
            if other == "ledger.commands" or other.startswith("ledger.commands."):
                assert name == "cli" or name.startswith(("ledger.commands", "reports.commands", "reports.demo", "reports.tree")), name


def test_chain_knows_bytes_alone() -> None:
    """No kind, no database, no error of ours; how a time is written, the standard library, cryptography and one JSON encoder."""
    for name in MODULES:
        if name.startswith("ledger.chain."):
            assert all(other.startswith("ledger.chain") or other in ("ledger.calendar", "ledger.words") for other in imports(name)), name
            assert outside_imports(name) <= set(sys.stdlib_module_names) | {"cryptography", "msgspec"}, name


def test_kinds_and_book_know_no_database_no_command_line_no_paper() -> None:
    """And no clock, no randomness, no file: they are pure."""
    impure = {"sqlalchemy", "sqlite3", "psycopg", "alembic", "click", "typer", "reportlab", "pikepdf", "os", "pathlib", "random", "secrets",
              "time", "socket", "subprocess", "threading", "tempfile"}  # fmt: skip
    for name in MODULES:
        if name.startswith(("ledger.kinds", "ledger.book", "ledger.chain")) or name == "ledger.money":
            assert not outside_imports(name) & impure, name
            assert "open" not in calls(name), name


def test_only_the_store_knows_the_database() -> None:
    """SQLAlchemy's connection is a type elsewhere, SQL is sent by audit, verify, bundle and figures through the store."""
    for name in MODULES:
        drivers = outside_imports(name) & {"sqlite3", "psycopg", "alembic"}
        if not name.startswith(("ledger.store", "migrations", "reports.demo")):  # the demo tampers with a copy
            assert not drivers, f"{name} imports {drivers}"


def test_two_halves_of_verify_do_not_talk() -> None:
    """INV-01 to INV-04 need no replay, the replay needs no hash."""
    assert "ledger.verify.meaning" not in imports("ledger.verify.evidence")
    assert "ledger.verify.evidence" not in imports("ledger.verify.meaning")
    assert not {other for other in imports("ledger.verify.evidence") if other.startswith("ledger.book")}


def test_nothing_is_imported_by_a_star_or_by_a_made_up_name() -> None:
    """What is imported can be read off the page."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert all(alias.name != "*" for alias in node.names), name
        assert not calls(name) & {"__import__", "importlib.import_module", "import_module"}, name
