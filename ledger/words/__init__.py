"""What the program says of errors and findings: one sentence and one hint a key, in `zh.toml` and `en.toml`.

    ["BALANCE.SHORT"]                     # the code; variants of one code are "CODE:variant"
    says = "{account:account} lacks {lacks_fen} 元 of quota {quota}"
    hint = "see: sunledger balance"

A fact fills the place of its name: a text is cut to 70 characters, an integer whose name ends in `_fen` is shown in yuan,
a list is joined up to 12 items, and whatever has words of its own (a `Fault`, a breach) is said in the same language. A word of the
program's own (a kind, a role) names its vocabulary behind a colon: `{kind:kind}` is 用款申请（payment.request） in Chinese.
"""

import errno
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path, PurePath
from string import Formatter
from typing import Any, NamedTuple

LANGUAGES = ("zh", "en")
MAX_FACT = 70
MAX_LONG = 120
MAX_ITEMS = 12
_MAX_KEPT = 200
_spoken: ContextVar[str] = ContextVar("spoken", default="en")
_declared: dict[tuple[str, str], str] = {}  # (vocabulary, word) → Chinese, of what declares itself elsewhere


def speak(language: str) -> None:
    """Say everything from here on in `zh` or `en`."""
    assert language in LANGUAGES
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in `zh` or `en` until the end."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language that is spoken: `zh` or `en`."""
    return _spoken.get()


def _read(name: str) -> dict[str, Any]:
    import tomllib  # a command that goes well says nothing from here

    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))


@cache
def table(language: str) -> Mapping[str, Mapping[str, str]]:
    """Every key with its `says` and, where there is one, its `hint`."""
    return _read(f"{language}.toml")


@cache
def _terms() -> Mapping[str, Mapping[str, str]]:
    return _read("terms.toml")


def is_key(text: object) -> bool:
    """Whether a text is a key of the table."""
    return text in table("en")


def say(key: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a key. Raises KeyError for a key or a fact that is missing, a programmer's error."""
    return _FORMATTER.vformat(table(spoken())[key]["says"], (), facts)


def hint(key: str, facts: Mapping[str, Any]) -> str:
    """What to do, or ''."""
    template = table(spoken())[key].get("hint", "")
    return _FORMATTER.vformat(template, (), facts)


def facts_in(key: str, part: str = "says") -> set[str]:
    """The names of the facts that a sentence, or its hint, needs."""
    return {name for _, name, _, _ in _FORMATTER.parse(table(spoken())[key].get(part, "")) if name}


def declare(vocabulary: str, word: str, zh: str) -> None:
    """Let a word of the program be said in Chinese."""
    _declared[vocabulary, word] = zh


def term(vocabulary: str, word: str) -> str:
    """A word of the program's own in the language spoken, itself in brackets: 财务（finance）; in English, itself.

    An `account` is said by its holder and its stage: P1·预算（P1:budget）.
    """
    if vocabulary == "account":
        holder, _, stage = word.partition(":")
        plain = chinese("stage", stage)
        name = f"{holder}·{plain}" if plain and holder != "world" else plain
    else:
        name = chinese(vocabulary, word)
    if not name or spoken() == "en":
        return word
    return name if vocabulary == "file" else f"{name}（{word}）"  # what a file is for is no word that anybody types


def chinese(vocabulary: str, word: str) -> str:
    """The Chinese of a word of the program, or ''."""
    return _declared.get((vocabulary, word)) or _terms().get(vocabulary, {}).get(word, "")


def kept(fact: Any) -> Any:
    """A fact as JSON keeps it: numbers and truth as they are, everything else as a text that is cut."""
    if fact is None or isinstance(fact, bool | int):
        return fact
    if isinstance(fact, list | tuple | set | frozenset) and not isinstance(fact, Label):
        return [kept(item) for item in fact]
    text = str(getattr(fact, "name", fact)) if hasattr(fact, "zh") else str(fact)
    return text if len(text) <= _MAX_KEPT else text[: _MAX_KEPT - 1] + "…"


class Label(NamedTuple):
    """A word of the program, a field or a path in it, with its Chinese: 省级（province）."""

    zh: str
    name: str


class Long(str):
    """A text that is cut to 120 characters only: the end of it tells one from another."""

    __slots__ = ()


class Fault(ValueError):
    """Why a parser refuses what it was given, as a key and facts; its text is in the language that is spoken."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        return say(self.key, self.facts)


class Said(str):
    """A sentence, or a key, that is said within another sentence and not cut."""

    __slots__ = ()


def os_fault(error: OSError) -> Fault:
    """What the operating system says of a file, by its number."""
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return Fault(f"OS:{name}") if is_key(f"OS:{name}") else Fault("OS:other", name=name)


def toml_fault(error: ValueError) -> Fault:
    """Where a text stops being TOML; the reader's own English is not for people."""
    if isinstance(error, UnicodeDecodeError):
        return Fault("TOML:text")
    line = re.search(r"line (\d+)", str(error))
    return Fault("TOML:form", line=line[1]) if line else Fault("TOML:other")


class _Formatter(Formatter):
    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        value = kwargs[field_name]
        if field_name.endswith("_fen") and isinstance(value, int):
            from ledger.money import yuan

            return yuan(value), field_name
        return value, field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list | tuple | set | frozenset) and not isinstance(value, Label):
            items = sorted(value) if isinstance(value, set | frozenset) else list(value)
            said = [self.format_field(item, format_spec) for item in items[:MAX_ITEMS]] + ["…"] * (len(items) > MAX_ITEMS)
            return ("、" if spoken() == "zh" else ", ").join(said)
        return term(format_spec, _shown(value)) if format_spec else _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return {"zh": "否是", "en": ("no", "yes")}[spoken()][value]
    if hasattr(value, "zh") and hasattr(value, "name"):  # a declaration
        return f"{value.zh}（{value.name}）" if spoken() == "zh" else str(value.name)
    text = str(value)
    # A sentence with facts of its own cut them already; only bare data is cut here, of a path its beginning.
    limit = MAX_LONG if isinstance(value, Long) else MAX_FACT
    if isinstance(value, Exception | Said) or len(text) <= limit:
        return text
    return "…" + text[1 - limit :] if isinstance(value, PurePath) else text[: limit - 1] + "…"


_FORMATTER = _Formatter()
