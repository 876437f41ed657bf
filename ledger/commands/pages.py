"""Help pages: what a command does, its options by how often they are wanted, an example; in one language, in the width of the terminal."""

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import Annotated

import click
import typer

from ledger.commands.language import one_of, place
from ledger.commands.options import COMMON
from ledger.commands.register import SECTIONS
from ledger.commands.tables import width
from ledger.commands.tree import LazyGroup, Root, no_command

_WIDEST, _LEFT = 100, 24
# A run of ASCII is not torn, and no line begins with a closing mark or ends with an opening one.
_PIECE = re.compile("\\s+|[（《〔“]*(?:[!-~…×]+|[^\\s])[，。、；：）》〕”！？]*")
_PAUSES = "，。、；：）》〕”！？"
_OPTIONS = "options"
_WRITE = {"yes", "dry_run", "id", "occurred_on", "against", "first_time"}

Row = tuple[str, str]


def help_page(context: click.Context) -> str:
    """The page of a command."""
    command, chinese = context.command, speaks_chinese(context)
    return "\n".join(_top(context, chinese) if isinstance(command, Root) else _page(context, chinese))


def speaks_chinese(context: click.Context) -> bool:
    """The language of the tree that a context is of."""
    root = context.find_root().command
    return root.chinese if isinstance(root, LazyGroup) else True


def columns() -> int:
    """How wide a page may be: 80 where no terminal says otherwise."""
    if not (sys.stdout.isatty() or os.environ.get("COLUMNS")):
        return 80
    return min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)


def wrap(text: str, room: int) -> list[str]:
    """A text in lines of at most `room` columns, ended after a Chinese mark where one stands in their last third; what cannot be torn and is longer has a line of its own."""
    lines, line = [], list[str]()
    for piece in _PIECE.findall(text):
        if line and width("".join([*line, piece]).rstrip()) > room:
            end = _pause(line, room)
            lines.append("".join(line[:end]).rstrip())
            line = line[end:]
        if line or not piece.isspace():
            line.append(piece)
    return [*lines, "".join(line).rstrip()] if line else lines or [""]


def _pause(line: list[str], room: int) -> int:
    """How many pieces stay on a line that is full: to its last mark, unless that leaves too much of it empty."""
    for end in range(len(line), 0, -1):
        if width("".join(line[:end])) * 3 < room * 2:
            break
        if line[end - 1][-1] in _PAUSES:
            return end
    return len(line)


def example_lines(example: str, room: int) -> list[str]:
    """A command line, continued by a backslash where it is longer than a line; it is broken before an option alone."""
    lines, line = [], ""
    for part in re.split(" (?=-)", example):
        if line and width(f"{line} {part} \\") > room:
            lines.append(line + " \\")
            line = "    " + part
        else:
            line = f"{line} {part}" if line else part
    return [*lines, line]


def _top(context: click.Context, chinese: bool) -> Iterator[str]:
    root = context.command
    assert isinstance(root, Root)
    yield _usage("sunledger [选项] 命令 …" if chinese else "sunledger [OPTIONS] COMMAND …", chinese)
    yield from _paragraph(root.help or "")
    shorts = root.shorts()
    for title, names in SECTIONS:
        yield from _section(one_of(title, chinese), [(name, shorts[name]) for name in names])
    yield from _section(*_general(root, chinese))
    yield ""
    yield from wrap("一条命令的说明：sunledger help 命令" if chinese else "The page of a command: sunledger help COMMAND", columns())


def _page(context: click.Context, chinese: bool) -> Iterator[str]:
    command = context.command
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    options = [param for param in command.params if isinstance(param, click.Option) and param.name not in (*COMMON, "help")]
    names = " ".join(_argument(param, chinese) for param in arguments)
    words = [context.command_path, names, ("[选项]" if chinese else "[OPTIONS]") if options else ""]
    if isinstance(command, LazyGroup):
        optional = command.invoke_without_command
        words.append(("[命令]" if optional else "命令 …") if chinese else ("[COMMAND]" if optional else "COMMAND …"))
    yield _usage(" ".join(word for word in words if word), chinese)
    yield from _paragraph(command.help or "")
    if arguments:
        yield from _section("参数" if chinese else "Arguments", [(_argument(param, chinese), getattr(param, "help", "") or "") for param in arguments])
    for title, group in _grouped(options, chinese):
        yield from _section(title, [_row(param, chinese) for param in group])
    if isinstance(command, LazyGroup):
        yield from _section("命令" if chinese else "Commands", list(command.shorts().items()))
    examples: Iterable[str] = getattr(command, "examples", ())
    if examples:
        yield from ["", "例：" if chinese else "Example:", *(f"  {line}" for text in examples for line in example_lines(text, columns() - 2))]
    yield ""
    if isinstance(command, LazyGroup):
        path = context.command_path.removeprefix("sunledger ")
        yield from wrap(f"一条命令的说明和示例：sunledger help {path} 命令" if chinese
                        else f"The page and example of a command: sunledger help {path} COMMAND", columns())  # fmt: skip
    yield from wrap("通用选项（--ledger、--as、--keys、--json、--lang 等）：sunledger help options" if chinese
                    else "General options (--ledger, --as, --keys, --json, --lang …): sunledger help options", columns())  # fmt: skip


def _usage(line: str, chinese: bool) -> str:
    return ("用法：" if chinese else "Usage: ") + line


def _paragraph(text: str) -> list[str]:
    return ["", *(f"  {line}" for part in text.split("\n\n") for line in wrap(" ".join(part.split()), columns() - 2))]


def _grouped(options: list[click.Option], chinese: bool) -> Iterator[tuple[str, list[click.Option]]]:
    """A command's own options by how often they are wanted; those that must be given come first."""
    origin = [param for param in options if getattr(param, "provenance", False)]
    write = [param for param in options if param.name in _WRITE and {"yes", "dry_run"} <= {other.name for other in options}]
    own = [param for param in options if param not in origin and param not in write]
    for title, group in (("选项" if chinese else "Options", sorted(own, key=lambda param: not param.required)),
                         ("登记时" if chinese else "When recording", write),
                         ("来历（转录、决定、推算时用）" if chinese else "Where it comes from (transcribed, decided, worked out)", origin)):  # fmt: skip
        if group:
            yield title, group


def _section(title: str, rows: list[Row]) -> Iterator[str]:
    """A heading, then names on the left and words on the right."""
    yield ""
    yield title + ("：" if re.search("[\u4e00-\u9fff]", title) else ":")
    left = min(max((width(name) for name, _ in rows), default=0), _LEFT) + 2
    for name, words in rows:
        lines = wrap(words, columns() - 2 - left)
        if width(name) > left - 2:
            yield f"  {name}"
        else:
            yield f"  {name}{' ' * (left - width(name))}{lines.pop(0)}".rstrip()
        yield from (f"{' ' * (left + 2)}{line}" for line in lines if line)


def _row(param: click.Option, chinese: bool) -> Row:
    names = ", ".join([*param.opts, *param.secondary_opts])
    words = [param.help or ""]
    if param.required:
        words.append("（必填）" if chinese else " (required)")
    elif isinstance(param.default, str | int) and not isinstance(param.default, bool) and param.default != "":
        words.append(f"（默认 {param.default}）" if chinese else f" (default {param.default})")
    value = "" if param.is_flag else place(param.metavar or param.type.name.upper().removesuffix(" RANGE"), chinese)
    return f"{names} {value}".rstrip(), "".join(words)


def _argument(param: click.Argument, chinese: bool) -> str:
    name = place((param.metavar or param.human_readable_name).upper() if not param.metavar else param.metavar, chinese)
    name += "…" if param.nargs == -1 and not name.endswith("…") else ""
    return name if param.required or name.startswith("[") else f"[{name}]"


def _general(command: click.Command, chinese: bool) -> tuple[str, list[Row]]:
    params = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    return ("通用选项" if chinese else "General options"), [_row(param, chinese) for param in params]


def help_command(
    words: Annotated[list[str] | None, typer.Argument(metavar="COMMAND…", help="命令，或 options / a command, or options")] = None,
) -> None:
    """一条命令的说明；通用选项 / the page of a command; general options."""
    context = click.get_current_context().find_root()
    if words == [_OPTIONS]:
        click.echo("\n".join(_options_page(context, speaks_chinese(context))))
        return
    for word in words or ():
        group = context.command
        if not isinstance(group, LazyGroup):
            raise no_command(context.command_path, word, [])
        _, below, _ = group.resolve_command(context, [word])
        assert below is not None
        context = click.Context(below, info_name=word, parent=context)
    click.echo(help_page(context))


def _options_page(context: click.Context, chinese: bool) -> Iterator[str]:
    root = context.command
    title, rows = _general(root, chinese)
    yield _usage("sunledger [通用选项] 命令 [选项]" if chinese else "sunledger [GENERAL OPTIONS] COMMAND [OPTIONS]", chinese)
    yield from _paragraph("每条命令都可用，写在命令前后均可。" if chinese else "Every command takes them, before its name or after it.")
    yield from _section(title, rows)
    yield from _paragraph(
        "未写时依次取：环境变量 SUNLEDGER_LEDGER、SUNLEDGER_AS、SUNLEDGER_KEYS、SUNLEDGER_VAULT、SUNLEDGER_LANG；台账旁的 sunledger.toml；"
        "用户目录的 sunledger.toml。" if chinese else
        "What is not said comes from the variables SUNLEDGER_LEDGER, SUNLEDGER_AS, SUNLEDGER_KEYS, SUNLEDGER_VAULT, SUNLEDGER_LANG, then from "
        "sunledger.toml beside the ledger, then from the user's own sunledger.toml.")  # fmt: skip
