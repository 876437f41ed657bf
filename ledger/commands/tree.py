"""The command tree: names and short words from constants; a command's own module is imported when it is called, or its help asked for."""

import os
import sys
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from ledger.commands.language import one_of
from ledger.errors import Usage

if TYPE_CHECKING:
    from ledger.commands.sources import CheckedPaper
    from ledger.disclosure.shape import Disclosure
    from ledger.disclosure.trust import Trust

Function = Callable[..., None]
Finish = Callable[[click.Command], None]


class Papers(NamedTuple):
    """How papers are read; `reports` knows."""

    disclosure: "Callable[[bytes], Disclosure]"
    check: "Callable[[bytes, Trust, str], CheckedPaper]"


PAPERS: list[Papers] = []
FURTHER_CHECKS: list[Callable[[], dict[str, Any]]] = []  # what other packages have to say to the doctor


class Leaf(NamedTuple):
    """A command written by hand."""

    words: str  # 中文 / english, the first line of its function's docstring
    load: Callable[[], Function]
    examples: tuple[str, ...]


class Tree:
    """What the packages declare of their commands."""

    def __init__(self, nouns: Mapping[str, str]) -> None:
        """`nouns` are the groups and what they are about."""
        self.nouns = nouns
        self.leaves: dict[str, Leaf] = {}

    def add(self, path: str, words: str, load: Callable[[], Function], *examples: str) -> None:
        """Declare the command at a path such as `officer new-key`; `load` imports its module and gives its function."""
        assert path not in self.leaves, f"two commands are named {path}"
        assert examples, f"{path} has no example"
        self.leaves[path] = Leaf(words, load, examples)


class LazyGroup(click.Group):
    """A group that makes a command when it is asked for by name."""

    def __init__(self, name: str, tree: Tree, finish: Finish, *, chinese: bool, **settings: Any) -> None:
        super().__init__(name, **settings)
        self.tree = tree
        self.finish = finish
        self.chinese = chinese

    def shorts(self) -> dict[str, str]:
        """What stands below: each name with its short words, nothing imported."""
        raise NotImplementedError

    def make(self, name: str) -> click.Command:
        """A command that stands below."""
        raise NotImplementedError

    def elsewhere(self, verb: str) -> list[str]:
        """The commands of that name below nouns."""
        from ledger.commands.kind_names import kinds_of

        word = verb.casefold().replace("_", "-")
        paths = [path for path in self.tree.leaves if path.endswith(f" {word}")]
        return paths + [f"{noun} {word}" for noun in self.tree.nouns if word in kinds_of(noun)]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names below."""
        return list(self.shorts())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, made once."""
        if cmd_name not in self.commands and cmd_name in self.shorts():
            command = self.make(cmd_name)
            self.finish(command)
            self.commands[cmd_name] = command
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is typed. Raises Usage with what may have been meant."""
        if not ctx.resilient_parsing and not args[0].startswith("-") and args[0] not in self.shorts():
            raise no_command(ctx.command_path, args[0], list(self.shorts()), self.elsewhere(args[0]))
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What may follow: commands by their short words, then options."""
        found = [CompletionItem(name, help=words) for name, words in self.shorts().items() if name.startswith(incomplete)]
        return found + click.Command.shell_complete(self, ctx, incomplete)


class Root(LazyGroup):
    """The top: nouns, and the commands that need none."""

    def shorts(self) -> dict[str, str]:
        alone = {path: leaf.words for path, leaf in self.tree.leaves.items() if " " not in path}
        return {name: one_of(words, self.chinese) for name, words in (alone | dict(self.tree.nouns)).items()}

    def _main_shell_completion(self, ctx_args: MutableMapping[str, Any], prog_name: str, complete_var: str | None = None) -> None:
        """Completion is typer's, whose scripts `--install-completion` installs."""
        asked_by = f"_{prog_name.upper()}_COMPLETE"
        instruction = os.environ.get(asked_by)
        if instruction:
            from typer import completion

            completion.get_completion_inspect_parameters()  # makes the shells known
            sys.exit(completion.shell_complete(self, ctx_args, prog_name, asked_by, instruction))

    def make(self, name: str) -> click.Command:
        leaf = self.tree.leaves.get(name)
        if name not in self.tree.nouns:
            assert leaf is not None
            return by_hand(name, leaf)
        group = Noun(name, self.tree, self.finish, chinese=self.chinese, help=self.tree.nouns[name], no_args_is_help=leaf is None)
        if leaf is not None:  # a noun that does something by itself
            alone = by_hand(name, leaf)
            group.params, group.callback, group.invoke_without_command = alone.params, alone.callback, True
            group.examples = leaf.examples  # type: ignore[attr-defined]
        return group


class Noun(LazyGroup):
    """A noun: its commands written by hand, then one a kind."""

    def shorts(self) -> dict[str, str]:
        from ledger.commands.kind_names import kinds_of

        by_hand = {path.partition(" ")[2]: leaf.words for path, leaf in self.tree.leaves.items() if path.startswith(f"{self.name} ")}
        kinds = {verb: f"{info.zh} / {info.en}" for verb, info in kinds_of(str(self.name)).items()}
        assert not by_hand.keys() & kinds.keys(), f"two commands of {self.name} have one name"
        return {name: one_of(words, self.chinese) for name, words in (by_hand | kinds).items()}

    def make(self, name: str) -> click.Command:
        leaf = self.tree.leaves.get(f"{self.name} {name}")
        if leaf is not None:
            return by_hand(name, leaf)
        from ledger.commands.generated import kind_command
        from ledger.commands.kind_names import kinds_of

        return kind_command(kinds_of(str(self.name))[name], self.chinese)


def no_command(path: str, typed: str, names: list[str], elsewhere: Sequence[str] = ()) -> Usage:
    """What is said of a command that is none; `elsewhere` are those of that name in other places."""
    from ledger.commands.nearest import meant
    from ledger.words import Fault

    near = Fault("MEANT", near=[f"sunledger {found}" for found in elsewhere]) if elsewhere else meant(typed, names)
    return Usage("USAGE:command", typed=typed, meant=near, path=path)


def by_hand(name: str, leaf: Leaf) -> click.Command:
    """The command of a function that declares its options by typer's annotations."""
    function = leaf.load()
    import typer

    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    app.command(name)(function)
    command = typer.main.get_command(app)
    command.examples = leaf.examples  # type: ignore[attr-defined]
    return command
