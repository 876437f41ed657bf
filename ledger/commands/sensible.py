"""What is wrong with a command line that its parser would take, and mean something else by it."""

from collections.abc import Sequence

import click

from ledger.errors import Usage

DASHES = "—–－―"  # what an editor makes of two hyphens


def require_sensible(command: click.Command, path: str, words: Sequence[str]) -> None:
    """Check that no option is given twice where one value counts, and that none takes the next option for its value.

    What begins with another command is that one's to check. Raises Usage.
    """
    options = {name: param for param in command.params if isinstance(param, click.Option) for name in (*param.opts, *param.secondary_opts)}
    seen: set[str | None] = set()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, sign, _ = word.partition("=") if word.startswith("--") else (word, "", "")
        param = options.get(name)
        if word == "--" or (isinstance(command, click.Group) and not word.startswith("-")):
            return
        if param is None and word[:1] in DASHES:
            raise Usage("USAGE:dash", word=word, option=f"--{word.lstrip(DASHES + '-')}")
        if param is None or param.is_flag:
            continue
        if param.name in seen and not param.multiple:
            raise Usage("USAGE:twice", option=name, path=path)
        seen.add(param.name)
        if not sign:
            if not rest or rest[0].partition("=")[0] in options:
                raise Usage("USAGE:needs_value", option=name, path=path)
            rest.pop(0)
