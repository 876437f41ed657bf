"""One language at a time: help is written `中文 / english`, and one side is kept when a command is made."""

import re

import click

# What stands for a value on a help page; a word that is not here is not translated.
PLACES = {
    "ADDRESS": "地址", "AMOUNT": "金额", "BOOLEAN": "是否", "CHECKPOINT": "检查点", "COMMAND": "命令", "COSIGNED": "见证副本", "DATE": "日期", "DIR": "目录",
    "ENTRY": "条目", "EVIDENCE": "证据文件", "FILE": "文件", "FLOAT": "数", "ID": "编号", "INTEGER": "整数", "KEY": "密钥", "KIND": "事项",
    "NAME": "名称", "NUMBER": "数", "OFFICER": "人员", "PATH": "文件", "QUOTA": "指标", "SEQ": "序号", "TEXT": "文本", "URL": "网址", "WHAT": "对象",
}  # fmt: skip
_PLACE = re.compile(r"\b[A-Z]{2,}\b")


def one_of(text: str, chinese: bool) -> str:
    """The side of `中文 / english` that is asked for; a text without the mark is kept whole."""
    zh, *en = re.split(" ?/ ", text, maxsplit=1)
    return zh if chinese or not en else en[0]


def place(metavar: str, chinese: bool) -> str:
    """What stands for a value, in the language asked for."""
    return _PLACE.sub(lambda word: PLACES.get(word[0], word[0]), metavar) if chinese else metavar


def settle(command: click.Command, chinese: bool) -> None:
    """Keep one language in the help of a command and of its options, and give it a help option of its own."""
    for words in ("help", "short_help"):
        text = getattr(command, words)
        if text:
            setattr(command, words, one_of(text.removesuffix("."), chinese))
    for param in command.params:
        text = getattr(param, "help", None) or _declared(command, param.name or "")
        if text:
            param.help = one_of(text, chinese)
    command.add_help_option = False
    command.params.append(
        click.Option(["--help"], is_flag=True, is_eager=True, expose_value=False, callback=_show,
                     help="显示本页" if chinese else "show this page")
    )  # fmt: skip


def _declared(command: click.Command, name: str) -> str:
    """The help of an argument as its function declares it; click from 8.5 on loses what typer hands over."""
    annotation = getattr(command.callback, "__annotations__", {}).get(name)
    return next(
        (word.help for word in getattr(annotation, "__metadata__", ()) if getattr(word, "help", None)), ""
    )


def _show(context: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        from ledger.commands.pages import help_page

        click.echo(help_page(context))
        context.exit(0)
