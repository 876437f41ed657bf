"""The options every command takes, and where their values come from: flags > environment > sunledger.toml beside the ledger > user file."""

import os
import sys
from contextlib import suppress
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger import words
from ledger.commands.output import Output
from ledger.errors import InputRejected, LedgerError, NotFound, OutcomeUnknown, Usage

if TYPE_CHECKING:
    from ledger.store.vault import Vault

APPLICATION = "sunledger"
_SETTINGS = ("ledger", "as", "keys", "vault", "lang")


def common_params() -> list[click.Parameter]:
    """The options, made anew for each command."""
    return [
        click.Option(["--ledger"], metavar="PATH|URL", help="台账文件或 postgresql://… / the ledger"),
        click.Option(["--as", "as_"], metavar="OFFICER", help="以谁的密钥签名 / whose key signs"),
        click.Option(["--keys"], metavar="DIR", help="密钥库目录 / key store"),
        click.Option(["--vault"], metavar="DIR", help="保管库目录（密封信息的密钥） / vault of sealed values"),
        click.Option(["--lang"], metavar="zh|en", help="语言 / language"),
        click.Option(["--json", "as_json"], is_flag=True, help="输出一个 JSON 文档 / one JSON document"),
        click.Option(["--no-color"], is_flag=True, help="不用颜色 / no colour"),
        click.Option(["--quiet"], is_flag=True, help="精简输出 / fewer words"),
        click.Option(["--passphrase-file"], metavar="FILE", help="口令文件 / file with the passphrase"),
        click.Option(["--keyring"], is_flag=True, help="口令存于系统密钥环 / the passphrase is in the system's keyring"),
    ]


COMMON = ("ledger", "as_", "keys", "vault", "lang", "as_json", "no_color", "quiet", "passphrase_file", "keyring")


class Options:
    """The values of the common options for one command."""

    def __init__(self, given: dict[str, Any], *, may_record: bool = False) -> None:
        """`may_record` says whether the command can record entries at all."""
        self._given = given
        self.may_record = may_record
        self.as_json = bool(given.get("as_json"))
        self.quiet = bool(given.get("quiet"))
        self.keyring = bool(given.get("keyring"))
        self.recorded = ""  # which entries this command has committed
        self.foreseen: Any = None  # what a dry run would do: `ledger.commands.preview.Foreseen`

    @cached_property
    def ledger(self) -> str:
        """Path or URL of the ledger."""
        return self._value("ledger", "SUNLEDGER_LEDGER") or "./sunledger.db"

    @cached_property
    def officer(self) -> str | None:
        """The officer to sign as, if said."""
        return self._value("as", "SUNLEDGER_AS")

    @cached_property
    def keys(self) -> Path:
        """The key store's folder."""
        said = self._value("keys", "SUNLEDGER_KEYS")
        if said and "\0" in said:
            raise InputRejected("INPUT.PATH:option", option="--keys")
        return Path(said) if said else user_folder("XDG_DATA_HOME", ".local/share") / "keys"

    def vault(self, ledger_id: str) -> "Vault | None":
        """The vault of a ledger, where one is named: it stands on few machines."""
        said = self._value("vault", "SUNLEDGER_VAULT")
        if said and "\0" in said:
            raise InputRejected("INPUT.PATH:option", option="--vault")
        if not said:
            return None
        from ledger.store.vault import Vault

        return Vault(Path(said), ledger_id)

    @cached_property
    def chinese(self) -> bool:
        """Whether to speak Chinese."""
        said = self._value("lang", "SUNLEDGER_LANG") or ""
        if said and said not in ("zh", "en"):
            raise Usage("USAGE:language", said=said)
        return said == "zh" if said else speaks_chinese()

    @cached_property
    def passphrase(self) -> bytes | None:
        """The passphrase of the key store, from a file or the system's keyring."""
        said = self._given.get("passphrase_file")
        if self.keyring:
            if said:
                raise Usage("USAGE:two_ways", one="--keyring", other="--passphrase-file")
            from ledger.commands.system_keyring import kept_passphrase

            return kept_passphrase(self.keys)
        if not said:
            return None
        from ledger.store.files import read_limited

        try:
            raw = read_limited(Path(said), 4096, "passphrase file")
        except NotFound:
            raise InputRejected("INPUT.FILE:absent", what="passphrase file", path=said) from None
        if raw.startswith(b"\xef\xbb\xbf"):
            raise InputRejected("INPUT.FILE:mark", path=said)
        return raw.rstrip(b"\r\n") or None

    @cached_property
    def output(self) -> Output:
        """Where answers go."""
        return Output(
            as_json=self.as_json,
            quiet=self.quiet,
            chinese=self.chinese,
        )

    @cached_property
    def interactive(self) -> bool:
        """Whether a person sits at a terminal."""
        return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))

    def _value(self, name: str, variable: str) -> str | None:
        flag = self._given.get("as_" if name == "as" else name)
        if flag == "":
            raise Usage("USAGE:empty", option=f"--{name}")
        return flag or os.environ.get(variable) or self._settings.get(name)

    @cached_property
    def _settings(self) -> dict[str, str]:
        beside = self._given.get("ledger") or os.environ.get("SUNLEDGER_LEDGER") or "./sunledger.db"
        files = [user_folder("XDG_CONFIG_HOME", ".config") / "sunledger.toml"]
        if "://" not in beside:
            files.append(Path(beside).parent / "sunledger.toml")
        settings: dict[str, str] = {}
        for file in files:
            read = _read_settings(file)
            for folder in ("keys", "vault"):  # a relative folder is meant from where the file stands
                if folder in read:
                    read[folder] = str(file.parent / read[folder])
            settings |= read
        return settings


def _read_settings(file: Path) -> dict[str, str]:
    with suppress(OSError, ValueError):
        if not file.exists():  # by far the most: nothing is loaded to say so
            return {}
    import tomllib

    from ledger.store.files import read_limited

    try:
        raw = read_limited(file, 64 * 1024, "settings")
    except NotFound:
        return {}

    try:
        table = tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputRejected("INPUT.SETTINGS:toml", path=file, why=words.toml_fault(error)) from None
    for name, value in table.items():
        if name not in _SETTINGS or not isinstance(value, str):
            raise InputRejected("INPUT.SETTINGS", path=file, name=name, choices=_SETTINGS)
    return table


def user_folder(variable: str, default: str) -> Path:
    """This program's folder below the user's own."""
    base = os.environ.get(variable)
    if base:
        return Path(base) / APPLICATION
    try:
        return Path.home() / default / APPLICATION
    except RuntimeError:
        raise NotFound("NOT_FOUND.HOME") from None


def speaks_chinese() -> bool:
    """Whether the locale asks for Chinese; nothing said means Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value and value not in ("C", "POSIX", "C.UTF-8"):
            return value.startswith("zh")
    return True


_current: ContextVar[Options] = ContextVar("options")


def current() -> Options:
    """The options of the command that runs."""
    return _current.get()


def set_current(options: Options) -> None:
    """Begin a command."""
    _current.set(options)


def forget_current() -> None:
    """Begin a command line: no command runs yet."""
    _current.set(Options({}))


def fate_of(error: LedgerError, *, may_record: bool) -> str:
    """What became of the entries of the command that failed: the truth, also after the commit; '' where it records none."""
    recorded = current().recorded
    if recorded:
        return words.say("FATE:recorded", {"entries": recorded})
    if isinstance(error, OutcomeUnknown):
        return words.say("FATE:unknown", {})
    return words.say("FATE:none", {}) if may_record else ""
