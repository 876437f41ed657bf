"""The command tree, and the one place where errors become exit codes."""

import os
import sys
from collections.abc import Callable
from typing import Any

import click
import typer

from ledger import __version__
from ledger.commands.generated import add_kinds
from ledger.commands.options import COMMON, Options, common_params, set_current, speaks_chinese
from ledger.commands.output import Output, close_quietly, use_utf8
from ledger.errors import LedgerError, NotFound, StorageTrouble, Usage

Register = Callable[[typer.Typer, dict[str, typer.Typer]], None]
GROUPS = {
    "officer": "人员与密钥 / officers and keys",
    "authority": "机构 / bodies",
    "book": "账册 / books",
    "import": "导入 / bring in",
    "export": "导出 / take out",
    "report": "公告（PDF）/ papers",
}
_HELP = "阳光台账 sunledger：只增不改、哈希相链的资金台账。管理台账，不是会计账簿，不替代预算管理一体化系统。"


def build(registers: list[Register], *, chinese: bool) -> click.Group:
    """The whole command tree: what the registers add by hand, then a command a kind."""
    app = typer.Typer(
        name="sunledger",
        help=_HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=False,
    )
    app.callback()(lambda: None)
    groups = {name: typer.Typer(help=words, rich_markup_mode=None) for name, words in GROUPS.items()}
    for name, group in groups.items():
        group.callback()(lambda: None)
        app.add_typer(group, name=name)
    for register in registers:
        register(app, groups)
    root = typer.main.get_command(app)
    assert isinstance(root, click.Group)
    root.help = _HELP
    add_kinds(root, chinese)
    _adorn(root, {})
    root.params.append(click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version,
                                    help="版本 / version"))  # fmt: skip
    return root


def _version(context: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"sunledger {__version__}")
        context.exit(0)


def _adorn(command: click.Command, _seen: dict[str, Any]) -> None:
    """Give every command the common options; a value said nearer to the command wins."""
    command.params += common_params()
    inner = command.callback

    def run(**values: Any) -> Any:
        context = click.get_current_context()
        own = {name: values.pop(name) for name in COMMON}
        above = context.parent.obj if context.parent and context.parent.obj else {}
        context.obj = {name: own[name] or above.get(name) for name in COMMON}
        set_current(Options(context.obj))
        return inner(**values) if inner else None

    command.callback = run
    if isinstance(command, click.Group):
        for child in command.commands.values():
            _adorn(child, _seen)


def run(registers: list[Register], arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code; never raises, never shows a traceback."""
    use_utf8()
    words = sys.argv[1:] if arguments is None else arguments
    chinese, as_json = _wants_chinese(words), "--json" in words
    output = Output(as_json=as_json, chinese=chinese)
    try:
        _refuse_broken_text(words)
        root = build(registers, chinese=chinese)
        result = root.main(args=list(words), prog_name="sunledger", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except LedgerError as error:
        if getattr(error, "answered", False):
            output = Output(chinese=chinese)
        output.error(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        output.say("已中断，未登记", "interrupted, nothing recorded")
        return 130
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        hint = (
            f"see: {error.ctx.command_path} --help"
            if isinstance(error, click.UsageError) and error.ctx
            else ""
        )
        output.error(Usage(error.format_message(), hint=hint))
        return 2
    except BrokenPipeError:
        close_quietly()
        return 0
    except OSError as error:
        output.error(_os_error(error))
        return _os_error(error).exit_code
    except MemoryError:
        output.error(StorageTrouble("not enough memory", code="STORAGE.MEMORY"))
        return 13
    except Exception as error:  # the last resort: a bug is named, its innards are not shown
        if os.environ.get("SUNLEDGER_DEBUG"):
            raise
        output.error(LedgerError(f"a fault of this program: {type(error).__name__}", code="BUG",
                                 hint="set SUNLEDGER_DEBUG=1 and report what it prints"))  # fmt: skip
        return 1


def _os_error(error: OSError) -> LedgerError:
    where = f"{error.filename}: " if error.filename else ""
    if isinstance(error, FileNotFoundError):
        return NotFound(f"{where}not there", code="NOT_FOUND.FILE")
    return StorageTrouble(f"{where}{error.strerror or type(error).__name__}")


def _refuse_broken_text(words: list[str]) -> None:
    for word in words:
        if any("\ud800" <= character <= "\udfff" for character in word):
            raise Usage("an argument is not UTF-8", code="USAGE.ENCODING")
        if len(word) > 128 * 1024:
            raise Usage("an argument is too long", code="USAGE.LENGTH")


def _wants_chinese(words: list[str]) -> bool:
    for index, word in enumerate(words):
        if word == "--lang" and index + 1 < len(words):
            return words[index + 1] != "en"
        if word.startswith("--lang="):
            return word != "--lang=en"
    said = os.environ.get("SUNLEDGER_LANG")
    return said != "en" if said else speaks_chinese()


def register(app: typer.Typer, groups: dict[str, typer.Typer]) -> None:
    """The commands of the ledger itself."""
    from ledger.commands import intake, proof, reads, setup

    for function in (setup.init, setup.status, setup.doctor, setup.kinds, reads.log, reads.show, reads.balance,
                     reads.trace, proof.verify, proof.checkpoint, setup.rebuild):  # fmt: skip
        app.command()(function)
    groups["officer"].command("new-key")(setup.new_key)
    groups["officer"].command("list")(setup.officers)
    groups["authority"].command("list")(setup.authorities)
    groups["book"].command("state")(proof.book_state)
    groups["import"].command("notice")(intake.import_notice)
    groups["export"].command("bundle")(proof.export_bundle)
