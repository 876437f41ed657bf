"""Habits that the repository keeps: one inserter, one clock, one printer, no float near money, nothing executed from data."""

import ast
import re

import pytest

from tests.tidy.source import MODULES, ROOT, TREES, calls, outside_imports

SQL_WRITE = re.compile(r"\b(INSERT\s+(OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|DROP\s+TABLE|ALTER\s+TABLE)\s+(entries|seals)\b", re.IGNORECASE)


def strings(name: str) -> list[str]:
    """The string constants of a module, docstrings left out."""
    tree = TREES[name]
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs]


def test_one_module_inserts_evidence() -> None:
    """And none changes or deletes it; the demo, which shows what tampering looks like, says so in its name."""
    writers = {name for name in MODULES if any(SQL_WRITE.search(text) for text in strings(name))}
    assert writers - {"reports.demo"} == {"ledger.store.evidence"}
    assert all("INSERT" in SQL_WRITE.search(text)[0] for text in strings("ledger.store.evidence") if SQL_WRITE.search(text))  # type: ignore[index]


def test_one_module_reads_the_machines_clock() -> None:
    """F-08, K-17: everything else is given the time."""
    clocks = re.compile(r"(datetime|date)\.(now|today|utcnow)$|^time\.(time|time_ns|localtime|gmtime|strftime)$|fromtimestamp$")
    readers = {name for name in MODULES if any(clocks.search(call) for call in calls(name))}
    assert readers == {"ledger.calendar"}


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith(("ledger.kinds", "ledger.book", "ledger.intake", "ledger.audit")) or name == "ledger.money"))
def test_no_float_comes_near_money(name: str) -> None:
    """F-13: no float constant, no call of float, round or Decimal, no true division."""
    for node in ast.walk(TREES[name]):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex)), f"{name}:{getattr(node, 'lineno', 0)}"
        assert not (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div) and not _paths(node)), f"{name}:{node.lineno}"
    assert not calls(name) & {"float", "round", "Decimal", "decimal.Decimal"}


def _paths(node: ast.BinOp | ast.AugAssign) -> bool:
    """Whether a division joins a path."""
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node))


def test_one_module_prints() -> None:
    """Its words are cleaned of control characters there; help and version are click's own, beside the command tree."""
    for name in MODULES:
        if not name.startswith("ledger"):
            continue
        used = calls(name)
        writes = {call for call in used if call in ("print", "pprint") or re.search(r"(stdout|stderr)(\.buffer)?\.(write|writelines)$", call)}
        if name != "ledger.commands.output":
            assert not writes, f"{name} calls {sorted(writes)}"
        if {call for call in used if call.endswith(("click.echo", "typer.echo", "secho"))}:
            assert name in ("ledger.commands.main", "ledger.commands.language", "ledger.commands.pages"), name


def test_nothing_is_executed_from_data() -> None:
    """No eval, no exec, no pickle, no shell, no archive unpacked to where it says."""
    for name in MODULES:
        assert not calls(name) & {"eval", "exec", "compile", "os.system", "os.popen", "subprocess.run", "subprocess.Popen"}, name
        assert not outside_imports(name) & {"pickle", "marshal", "shelve", "subprocess", "ctypes", "code", "yaml"}, name
        for call in calls(name):
            assert not call.endswith((".extractall", ".extract")), f"{name} calls {call}"
        for node in ast.walk(TREES[name]):
            if isinstance(node, ast.keyword):
                assert not (node.arg == "shell" and getattr(node.value, "value", None)), name


def test_randomness_of_keys_and_salts_is_the_systems() -> None:
    """`random` may shape an example, never a key, a salt or an id."""
    users = {name for name in MODULES if "random" in outside_imports(name)}
    assert users <= {"reports.demo", "reports.demo_county"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_file_is_one_idea_with_a_docstring(name: str) -> None:
    """Under 500 lines; says at the top what it is."""
    text = MODULES[name].read_text("utf-8")
    assert text.count("\n") < 500
    assert ast.get_docstring(TREES[name]) or not text.strip(), f"{name} has no docstring"


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith(("ledger", "reports"))))
def test_public_names_have_a_docstring_and_typed_signatures(name: str) -> None:
    """Every public function and class of a module says what it promises."""
    for node in TREES[name].body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name}.{node.name}"
        if isinstance(node, ast.FunctionDef):
            every = [*node.args.args, *node.args.kwonlyargs]
            assert node.returns is not None, f"{name}.{node.name}"
            assert all(arg.annotation is not None for arg in every), f"{name}.{node.name}"


def test_no_module_hides_an_exception() -> None:
    """No bare except, and none that passes over everything in silence."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{name}:{node.lineno}"
                broad = ast.unparse(node.type) in ("Exception", "BaseException")
                assert not (broad and all(isinstance(step, ast.Pass) for step in node.body)), f"{name}:{node.lineno}"


def test_text_files_have_unix_ends_and_no_stray_bytes() -> None:
    """UTF-8, LF, no byte order mark, no tabs in Python, a line feed at the end."""
    for path in [*MODULES.values(), *sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]:
        raw = path.read_bytes() if path.exists() else b"\n"
        text = raw.decode("utf-8")
        assert b"\r" not in raw, path
        assert not text.startswith("\ufeff"), path
        assert not text or text.endswith("\n"), path
        assert path.suffix != ".py" or "\t" not in text, path
