"""What the program says of errors and findings: one sentence and one hint a key, in `zh.toml` and `en.toml`.

    ["BALANCE.SHORT"]                     # the code; variants of one code are "CODE:variant"
    says = "{account} lacks {lacks_fen} yuan of quota {quota}"
    hint = "see: sunledger balance --holder {account}"

A fact fills the place of its name: a text is cut to 70 characters, an integer whose name ends in `_fen` is shown in yuan,
a list is joined, and whatever has words of its own (a `Fault`, a `Problem`) is said in the same language.
"""

import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

LANGUAGES = ("zh", "en")
_MAX_TEXT = 70
_spoken: ContextVar[str] = ContextVar("spoken", default="en")


def speak(language: str) -> None:
    """Say everything from here on in `zh` or `en`."""
    assert language in LANGUAGES
    _spoken.set(language)


def spoken() -> str:
    """The language that is spoken: `zh` or `en`."""
    return _spoken.get()


@cache
def table(language: str) -> Mapping[str, Mapping[str, str]]:
    """Every key with its `says` and, where there is one, its `hint`."""
    return tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text("utf-8"))


def is_key(text: str) -> bool:
    """Whether a text is a key of the table."""
    return text in table("en")


def say(key: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a key. Raises KeyError for a key or a fact that is missing, a programmer's error."""
    return _FORMATTER.vformat(table(spoken())[key]["says"], (), facts)


def hint(key: str, facts: Mapping[str, Any]) -> str:
    """What to do, or ''."""
    template = table(spoken())[key].get("hint", "")
    return _FORMATTER.vformat(template, (), facts)


class Fault(ValueError):
    """Why a parser refuses what it was given, as a key and facts; its text is in the language that is spoken."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        return say(self.key, self.facts)


class _Formatter(Formatter):
    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        value = kwargs[field_name]
        if field_name.endswith("_fen") and isinstance(value, int):
            from ledger.money import yuan

            return yuan(value), field_name
        return _shown(value), field_name


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ("、" if spoken() == "zh" else ", ").join(_shown(item) for item in value)
    if isinstance(value, bool):
        return {"zh": "否是", "en": ("no", "yes")}[spoken()][value]
    text = str(value)
    # A sentence with facts of its own cut them already; only bare data is cut here.
    return text if isinstance(value, Exception) or len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


_FORMATTER = _Formatter()
