"""The command tree, and the one place where errors become exit codes."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ledger import __version__
from ledger.commands import interrupts
from ledger.commands.language import settle
from ledger.commands.options import (
    APPLICATION,
    COMMON,
    Options,
    common_params,
    current,
    fate_of,
    forget_current,
    set_current,
    speaks_chinese,
)
from ledger.commands.output import Output, close_quietly, use_utf8
from ledger.commands.register import NOUNS
from ledger.commands.register import register as register
from ledger.commands.sensible import require_sensible
from ledger.commands.tree import Root, Tree
from ledger.errors import LedgerError, NotFound, StorageTrouble, Usage
from ledger.words import os_fault, speak, speaking

Register = Callable[[Tree], None]
_HELP = (
    "阳光台账 sunledger：只增不改、哈希相链的资金台账。管理台账，不是会计账簿，不替代预算管理一体化系统。"
    " / sunledger: an append-only, hash-chained ledger of public money. It manages, it is not a set of accounts, and it"
    " does not replace the state's budget systems."
)


def build(registers: list[Register], *, chinese: bool) -> Root:
    """The top of the command tree: names and short words; a command below is made when it is asked for."""
    tree = Tree(NOUNS)
    for declare in registers:
        declare(tree)

    def finish(command: click.Command) -> None:
        _adorn(command, chinese)

    root = Root(APPLICATION, tree, finish, chinese=chinese, help=_HELP, no_args_is_help=True)
    root.params += [
        click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help="版本 / version"),
        click.Option(["--install-completion"], is_flag=True, is_eager=True, expose_value=False, callback=_completion,
                     help="为当前 shell 安装命令补全 / install completion for the current shell"),
        click.Option(["--show-completion"], is_flag=True, is_eager=True, expose_value=False, callback=_completion,
                     help="显示补全脚本 / show the completion script"),
    ]  # fmt: skip
    finish(root)
    return root


def _version(context: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"sunledger {__version__}")
        context.exit(0)


def _completion(context: click.Context, param: click.Parameter, value: bool) -> None:
    """Completion is typer's: its scripts know the shells."""
    if value:
        from typer.completion import install_callback, show_callback

        (install_callback if param.name == "install_completion" else show_callback)(context, param, value)


def _adorn(command: click.Command, chinese: bool) -> None:
    """Give every command the common options, and one language; a value said nearer to the command wins."""
    command.params += common_params()
    settle(command, chinese)
    inner = command.callback

    def run(**values: Any) -> Any:
        context = click.get_current_context()
        own = {name: values.pop(name) for name in COMMON}
        above = context.parent.obj if context.parent and context.parent.obj else {}
        context.obj = {name: above.get(name) if own[name] in (None, False) else own[name] for name in COMMON}
        set_current(Options(context.obj, may_record=_records(command)))
        if context.args and not isinstance(command, click.Group):
            raise Usage("USAGE:extra", words=context.args, path=context.command_path)
        return inner(**values) if inner else None

    command.callback = run
    parse = command.parse_args

    def look_over_and_parse(context: click.Context, args: list[str]) -> list[str]:
        if not context.resilient_parsing:
            require_sensible(command, context.command_path, args)
        return parse(context, args)

    command.parse_args = look_over_and_parse  # type: ignore[assignment, method-assign]
    if not isinstance(command, click.Group):
        command.context_settings = {**command.context_settings, "allow_extra_args": True}  # told by `run`, in words


def run(registers: list[Register], arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code; never raises, never shows a traceback."""
    handler = interrupts.hold()
    try:
        with speaking("zh" if speaks_chinese() else "en"):  # until the command line has said otherwise
            return _run(registers, sys.argv[1:] if arguments is None else arguments)
    finally:
        interrupts.restore(handler)


def _run(registers: list[Register], words: list[str]) -> int:
    use_utf8()
    forget_current()
    try:
        try:
            return _answer(registers, words)
        except SystemExit as leaving:  # the completion script was shown or installed
            return leaving.code if isinstance(leaving.code, int) else 0
        except (Exception, KeyboardInterrupt) as error:
            interrupts.hold()
            if isinstance(error, BrokenPipeError):
                raise
            return _tell(error, words)
    except BrokenPipeError:
        close_quietly()
        return 0
    except OSError:  # the streams themselves are in trouble: there is nowhere to say so
        close_quietly()
        return StorageTrouble.exit_code


def _answer(registers: list[Register], words: list[str]) -> int:
    chinese = wants_chinese(words)
    speak("zh" if chinese else "en")
    _refuse_broken_text(words)
    root = build(registers, chinese=chinese)
    try:
        interrupts.release()
        result = root.main(args=list(words), prog_name=APPLICATION, standalone_mode=False)
    finally:
        interrupts.hold()
    return result if isinstance(result, int) else 0


def _tell(error: BaseException, words: list[str]) -> int:
    """Say what went wrong, and what became of the entries; returns the exit code."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and "--json" not in words:
        from ledger.commands.pages import help_page

        click.echo(help_page(error.ctx), err=True)
        return Usage.exit_code
    known = _as_ledger_error(error)
    if known.exit_code == 1 and os.environ.get("SUNLEDGER_DEBUG"):
        raise error
    output = Output(as_json="--json" in words and not known.answered)
    command = error.ctx.command if isinstance(error, click.UsageError) and error.ctx else None
    output.error(known, fate_of(known, may_record=current().may_record or (command is not None and _records(command))))
    if isinstance(error, OSError):
        close_quietly()  # it may have been stdout that is full; it would complain again at the end
    return known.exit_code


def _records(command: click.Command) -> bool:
    """Whether a command can record: those that can be tried without it, by `--dry-run`."""
    return any(param.name == "dry_run" for param in command.params)


def _as_ledger_error(error: BaseException) -> LedgerError:
    if isinstance(error, LedgerError):
        return error
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return Interrupted("INTERRUPTED")
    if isinstance(error, click.ClickException):
        return _usage_error(error)
    if isinstance(error, OSError):
        return _os_error(error)
    if isinstance(error, MemoryError):
        return StorageTrouble("STORAGE.MEMORY")
    # The last resort: a bug is named, its innards are not shown.
    return LedgerError("BUG", type=type(error).__name__)


def _usage_error(error: click.ClickException) -> Usage:
    """What is wrong with a command line, by the class of click's error and what it holds; its English is not for people."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else APPLICATION
    param = error.param if isinstance(error, click.BadParameter) else None
    option = max(param.opts, key=len) if param is not None and param.opts else ""
    label = (getattr(param, "help", None) or (param.name if param is not None else None) or "").rstrip("。. ")
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return Usage("USAGE:no_subcommand", path=path)
    from ledger.commands.nearest import meant

    if isinstance(error, click.NoSuchOption):
        known = [opt for other in context.command.params for opt in other.opts] if context else []
        return Usage("USAGE:no_option", option=error.option_name, meant=meant(error.option_name, known), path=path)
    if isinstance(error, click.BadOptionUsage):
        found = [other for other in context.command.params if error.option_name in other.opts] if context else []
        flag = any(getattr(other, "is_flag", False) for other in found)
        return Usage("USAGE:takes_no_value" if flag else "USAGE:needs_value", option=error.option_name, path=path)
    if isinstance(error, click.MissingParameter) and isinstance(param, click.Option):
        return Usage("USAGE:missing_option", option=option, label=label, path=path)
    if isinstance(error, click.MissingParameter):
        return Usage("USAGE:missing_argument", label=label, path=path)
    if option:
        return Usage("USAGE:bad_value", option=option, path=path)
    return Usage("USAGE:other", path=path)


class Interrupted(LedgerError):
    """The person, or the system, broke off."""

    exit_code = 130


def _os_error(error: OSError) -> LedgerError:
    if not error.filename:  # no file was named: of the system's own, such as the folder for temporary ones
        temporary = isinstance(error, FileNotFoundError)
        return StorageTrouble("STORAGE:temporary") if temporary else StorageTrouble("STORAGE:system", why=os_fault(error))
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else error.filename
    if isinstance(error, FileNotFoundError):
        return NotFound("NOT_FOUND.FILE:system", path=path, why=os_fault(error))
    return StorageTrouble("STORAGE:file", path=path, why=os_fault(error))


def _refuse_broken_text(words: list[str]) -> None:
    for word in words:
        if any("\ud800" <= character <= "\udfff" for character in word):
            raise Usage("USAGE.ENCODING")
        if len(word) > 128 * 1024:
            raise Usage("USAGE.LENGTH")


def wants_chinese(words: list[str]) -> bool:
    """The language of the help, found before the command line is read: flag > environment > settings > locale."""
    given: dict[str, str] = {}
    for word, following in zip(words, [*words[1:], ""], strict=False):
        flag, sign, value = word.partition("=")
        if flag in ("--lang", "--ledger"):
            given[flag[2:]] = value if sign else following
    try:
        return Options(given).chinese
    except LedgerError:
        return speaks_chinese()
