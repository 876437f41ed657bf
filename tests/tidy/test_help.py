"""Every help page, in both languages, as a terminal of 80 columns shows it."""

import re
import shlex

import click
import pytest

from ledger.commands import main as command_line
from ledger.commands.pages import help_page
from ledger.commands.tables import width
from ledger.commands.tree import LazyGroup
from tests.commands.shell import REGISTERS, children

CHINESE = re.compile("[\u4e00-\u9fff]")
# What stands in a Chinese sentence as it is: options, commands, codes, files, and the names of formats.
_AS_IT_IS = re.compile(r"sunledger [a-z -]+|--?[a-z][\w-]*|SUNLEDGER_[A-Z]+|[a-z]+://…|[\w.-]+\.[a-z]+\b|[A-Z]{2,4}\d?|@FILE|KEY:[A-Z]+|NAME=KEY:[A-Z]+")
_PLACES = re.compile(r"\b(TEXT|FILE|DIR|PATH|OFFICER|DATE|AMOUNT|QUOTA|INTEGER|OPTIONS|COMMAND|ARGS|default|required|Usage|Options|Example)\b")


def pages(chinese: bool) -> list[tuple[str, click.Context, str]]:
    """Every page, with the context of its command."""
    found = []

    def below(context: click.Context) -> None:
        found.append((context.command_path, context, help_page(context)))
        for name, command in children(context.command):
            below(click.Context(command, info_name=name, parent=context))

    below(click.Context(command_line.build(REGISTERS, chinese=chinese), info_name="sunledger"))
    return found


ALL = {chinese: pages(chinese) for chinese in (True, False)}
EVERY = pytest.mark.parametrize(("path", "context", "page", "chinese"), [(*page, chinese) for chinese, found in ALL.items() for page in found],
                                ids=lambda value: value if isinstance(value, str) and value.startswith("sunledger") else "")  # fmt: skip


def example_of(page: str) -> list[str]:
    """The command lines below 例 or Example."""
    found = re.search(r"^(?:例：|Example:)\n((?:  .*\n?)+)", page, re.MULTILINE)
    return [line.strip() for line in re.sub(r" \\\n +", " ", found[1]).splitlines()] if found else []


@EVERY
def test_a_page_fits_80_columns(path: str, context: click.Context, page: str, chinese: bool) -> None:
    """Counted as a terminal counts; no word is cut in two."""
    assert [line for line in page.splitlines() if width(line) > 80] == []
    whole = set(re.findall(r"[a-z_]{3,}", " ".join(str(getattr(param, "help", "")) for param in context.command.params)))
    assert whole <= set(re.findall(r"[a-z_]{3,}", page + " ".join(str(getattr(param, "help", "")) for param in context.command.params if param.name in GENERAL)))


GENERAL = {param.name for param in ALL[True][0][1].command.params}


@EVERY
def test_a_page_speaks_one_language(path: str, context: click.Context, page: str, chinese: bool) -> None:
    """No English words in a row, no English placeholder on a Chinese page; no Chinese on an English one but 元 and the examples' names."""
    text = page.partition("\n例：" if chinese else "\nExample:")[0]
    if chinese:
        assert not _PLACES.search(text), text
        rest = _AS_IT_IS.sub("，", text.partition("\n")[2])
        assert not re.search(r"[A-Za-z]{3,} [A-Za-z]{2,} [A-Za-z]{2,}", rest), rest
    else:
        rest = re.sub(r"[\d=,]*万?元", "", text)
        listed = re.sub(r"\([^()]*\)", "", rest)  # the Chinese words of a choice may be typed, too
        assert not CHINESE.search(listed), listed


@EVERY
def test_general_options_stand_on_the_first_page_alone(path: str, context: click.Context, page: str, chinese: bool) -> None:
    """The others point there."""
    if path == "sunledger":
        assert all(f"  {option} " in page for option in ("--ledger", "--as", "--keys", "--json", "--lang"))
    else:
        assert "\n  --keyring" not in page
        assert "sunledger help options" in page.replace("\n", " ")


@EVERY
def test_a_command_has_an_example_whose_options_exist(path: str, context: click.Context, page: str, chinese: bool) -> None:
    """One that begins with what is typed, and parses down to its command."""
    if isinstance(context.command, LazyGroup) and not context.command.invoke_without_command:
        return
    examples = example_of(page)
    assert examples, path
    root = context.find_root().command
    assert isinstance(root, LazyGroup)
    for example in examples:
        words = shlex.split(example)
        assert words[0] == "sunledger", example
        at = click.Context(root, info_name="sunledger")
        rest = words[1:]
        while isinstance(at.command, LazyGroup):
            parsed = at.command.make_context("x", rest, parent=at.parent, resilient_parsing=True)
            rest = [*parsed._protected_args, *parsed.args]
            if not rest:
                break
            name, command, rest = at.command.resolve_command(parsed, rest)
            assert command is not None, example
            at = click.Context(command, info_name=name, parent=at)
        assert at.command_path == path, (example, at.command_path)
        if not isinstance(at.command, LazyGroup):
            known = {option for param in at.command.params for option in param.opts}
            assert {word for word in rest if re.match("--?[a-z]", word)} <= known, example
