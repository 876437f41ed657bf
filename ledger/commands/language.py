"""One language at a time: help is written `中文 / english`, and one side is kept when the command tree is built."""

import re

import click

_LABELS = (
    (re.compile(r"^Usage: "), "用法："),
    (re.compile(r"^Options:$", re.MULTILINE), "选项："),
    (re.compile(r"^Commands:$", re.MULTILINE), "命令："),
    (re.compile(r"^Arguments:$", re.MULTILINE), "参数："),
    (re.compile(r"\[required\]"), "[必填]"),
)
_COMPLETION = {
    "install_completion": "为当前 shell 安装命令补全 / install completion for the current shell",
    "show_completion": "显示补全脚本 / show the completion script",
}


def one_of(text: str, chinese: bool) -> str:
    """The side of `中文 / english` that is asked for; a text without the mark is kept whole."""
    zh, *en = re.split(" ?/ ", text, maxsplit=1)
    return zh if chinese or not en else en[0]


def settle(command: click.Command, chinese: bool) -> None:
    """Keep one language in the help of a command and of its options, and give it a help option of its own."""
    for words in ("help", "short_help"):
        text = getattr(command, words)
        if text:
            setattr(command, words, one_of(text.removesuffix("."), chinese))
    for param in command.params:
        written = getattr(param, "help", None) or _declared(command, param.name or "")
        text = _COMPLETION.get(param.name or "", written)
        if text:
            param.help = one_of(text, chinese)
    command.format_arguments = lambda _context, _formatter: None  # type: ignore[method-assign, assignment]  # typer lists them with the options
    command.add_help_option = False
    command.params.append(
        click.Option(["--help"], is_flag=True, is_eager=True, expose_value=False,
                     callback=lambda context, _param, value: _show(context, chinese) if value else None,
                     help="显示本页" if chinese else "show this page")
    )  # fmt: skip


def _declared(command: click.Command, name: str) -> str:
    """The help of an argument as its function declares it; click from 8.5 on loses what typer hands over."""
    annotation = getattr(command.callback, "__annotations__", {}).get(name)
    return next(
        (word.help for word in getattr(annotation, "__metadata__", ()) if getattr(word, "help", None)), ""
    )


def _show(context: click.Context, chinese: bool) -> None:
    click.echo(help_page(context, chinese))
    context.exit(0)


def help_page(context: click.Context, chinese: bool) -> str:
    """The help of a command, its headings in the language asked for."""
    page = context.get_help().replace("\\[", "[")  # typer escapes as if rich would print
    if chinese:
        for label, zh in _LABELS:
            page = label.sub(zh, page)
    return page
