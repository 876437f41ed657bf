"""Nothing without a test: invariants, errors, codes, kinds, commands and modules are each named by one."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache

import click
import pytest

import ledger.errors
from ledger.book.invariants import INVARIANTS, invariant_of
from ledger.commands import main as command_line
from ledger.errors import LedgerError
from ledger.kinds.declare import KINDS
from reports import tree as papers
from tests.commands.shell import children
from tests.tidy.source import MODULES, ROOT, TREES, files_of_tests, imports

TEXTS = {path: path.read_text("utf-8", "replace") for path in files_of_tests() if path.name != "test_completeness.py"}
CHINESE = re.compile("[\u4e00-\u9fff]")
ALL = "\n".join(TEXTS.values())
ERRORS = {
    name: error
    for name, error in inspect.getmembers(ledger.errors, inspect.isclass)
    if issubclass(error, LedgerError) and error is not LedgerError
}


@pytest.mark.parametrize("id", [invariant.id for invariant in INVARIANTS])
def test_every_invariant_has_a_test_that_names_it(id: str) -> None:
    """Each promise that `verify` prints is held to."""
    assert re.search(rf"\b{id}\b", ALL), id


def test_invariants_are_numbered_named_and_said_in_both_languages() -> None:
    """The list of verify, design §9."""
    assert [invariant.id for invariant in INVARIANTS] == [f"INV-{n:02d}" for n in range(1, 17)]
    assert len({invariant.name for invariant in INVARIANTS}) == 16
    assert all(re.search("[\u4e00-\u9fff]", invariant.zh) and not re.search("[\u4e00-\u9fff]", invariant.en) for invariant in INVARIANTS)


def breach_codes() -> set[str]:
    """The codes of all breaches that the rules can give."""
    found = set()
    for name, tree in TREES.items():
        if name.startswith("ledger.book"):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "Breach":
                    first = node.args[0]
                    found |= {part.value for part in ast.walk(first) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return {code.partition(":")[0] for code in found if re.fullmatch(r"[A-Z_]+\.[A-Z_]+(:[a-z_]+)?", code)}


@pytest.mark.parametrize("code", sorted(breach_codes()))
def test_every_breach_has_a_test_that_names_it(code: str) -> None:
    """And a promise it breaks."""
    assert code in ALL, code
    assert invariant_of(code) in {invariant.id for invariant in INVARIANTS}


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_every_error_class_has_a_test_that_names_it(name: str) -> None:
    """Each has its own exit code, and words about itself."""
    assert re.search(rf"\b{name}\b", ALL), name
    assert ERRORS[name].__doc__


def test_exit_codes_are_those_of_the_manual_and_no_two_share_one() -> None:
    """2 usage … 14 version; 0, 1, 12 and 130 belong to the command line."""
    codes = {error.exit_code for error in ERRORS.values()}
    assert codes == {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14}
    assert len(ERRORS) == len(codes)


def leaves(words: tuple[str, ...], command: click.Command) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below a command, by its words."""
    if isinstance(command, click.Group):
        for name, below in children(command):
            yield from leaves((*words, name), below)
    else:
        yield words, command


@pytest.mark.parametrize("chinese", [True, False])
def test_every_command_has_help_in_the_language_asked_for(chinese: bool) -> None:
    """Each command and each of its options says what it is, in one language at a time."""
    root = command_line.build([command_line.register, papers.register], chinese=chinese)
    every = dict(leaves((), root))
    assert {("quota", "receive"), ("entry", "confirm"), ("verify",)} <= set(every)
    for words, command in every.items():
        assert command.help, words
        if chinese:
            assert CHINESE.search(command.help), words
        else:
            assert not CHINESE.search(command.help), words
        for param in command.params:
            if isinstance(param, click.Option) and not param.hidden and param.name != "help":
                assert param.help, (words, param.name)
                assert " / " not in param.help, (words, param.name, param.help)


def test_every_kind_is_reached_by_a_command() -> None:
    """`noun verb` for each, but for those that other commands make."""
    root = command_line.build([command_line.register, papers.register], chinese=False)
    words = {" ".join(words) for words, _ in leaves((), root)}
    for name, info in KINDS.items():
        assert (info.through or name.replace(".", " ")) in words, name


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_help_and_an_example_in_both_languages(kind: str) -> None:
    """The declaration is the help: labels, docstring, and an example for each field a person must type."""
    info = KINDS[kind]
    assert re.search("[\u4e00-\u9fff]", info.zh)
    assert info.en
    assert info.doc
    typed = [field for field in info.fields.values() if field.required and not (field.client or field.completed)]
    assert all(field.zh and field.en and (field.example is not None or field.name == "legs") for field in typed)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_recorded_by_some_test(kind: str) -> None:
    """By its name, outside the tests that go over all kinds."""
    assert f'"{kind}"' in ALL or kind.replace(".", " ") in ALL, kind


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith(("ledger", "reports")) and TREES[name].body))
def test_every_module_is_used_by_a_test_or_a_command(name: str) -> None:
    """Reached from the tests or from the program; nothing lies about."""
    assert name in _reached(), name


@cache
def _reached() -> set[str]:
    """Modules that tests or the program import, and what those import in turn."""
    direct = {name for name in MODULES if re.search(rf"\b(from|import) {re.escape(name)}\b", ALL)}
    for package, modules in re.findall(r"^from ((?:ledger|reports)[\w.]*) import ([^(\n]+|\([^)]*\))", ALL, re.MULTILINE):
        direct |= {f"{package}.{word}" for word in re.findall(r"\w+", modules)} & set(MODULES)
    found, ahead = set(), {"cli"} | direct
    while ahead:
        name = ahead.pop()
        found.add(name)
        parents = {".".join(name.split(".")[:length]) for length in range(1, name.count(".") + 1)}
        ahead |= ((imports(name) | parents) & set(MODULES)) - found
    return found


def test_format_page_carries_a_vector_for_every_section_that_states_bytes() -> None:
    """A page of bytes without facts is a page of opinions."""
    text = (ROOT / "docs" / "format.md").read_text("utf-8")
    for fact in ("ledger_id", "root_key_id", "ledger_key", "leaves", "seals", "checkpoint", "balances", "header", "content"):
        assert f'"{fact}"' in text


def test_no_test_is_skipped_or_weakened_without_a_reason() -> None:
    """Every expected failure is strict, and says what was reported."""
    for path, text in TEXTS.items():
        if path.suffix == ".py":
            assert "pytest.mark.skip(" not in text, path
            assert text.count("mark.skipif(") <= len(re.findall(r"mark\.skipif\(.*reason=", text)), path
            for mark in re.findall(r"pytest\.mark\.xfail\(.*", text):
                assert "strict=True" in mark, path
                assert 'reason="' in mark, path
