"""From what a person types to the fields of an event: each by its declared type, and which entry a word names."""

import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from ledger.book.state import State
from ledger.calendar import parse_day
from ledger.commands.nearest import meant
from ledger.errors import InputRejected, LedgerError, Refused, Usage
from ledger.fullwidth import plain_width
from ledger.kinds.declare import Field
from ledger.kinds.form import title_of
from ledger.kinds.text import text_fault
from ledger.money import parse_amount
from ledger.store.files import read_limited
from ledger.words import Fault, spoken

COMMAS = re.compile("[,，、]")
_NUMBER = re.compile("#([0-9]+)|第([0-9]+)条", re.ASCII)
_TRUE, _FALSE = ("true", "yes", "y", "是", "1"), ("false", "no", "n", "否", "0")


def base_of(field: Field) -> Any:
    """What msgspec says of a field's type, None left out."""
    info = msgspec.inspect.type_info(field.type)
    if isinstance(info, msgspec.inspect.UnionType):
        info = next(part for part in info.types if not isinstance(part, msgspec.inspect.NoneType))
    if isinstance(info, msgspec.inspect.Metadata):
        info = info.type
    return info


def is_amount(field: Field) -> bool:
    """Whether a field is an amount of money."""
    return title_of(field.type) == "amount"


def holds(field: Field, struct: type) -> bool:
    """Whether a field is a `struct`, or a list of them."""
    info = base_of(field)
    if isinstance(info, msgspec.inspect.ListType):
        info = info.item_type
    return isinstance(info, msgspec.inspect.StructType) and info.cls is struct


def has_option(field: Field) -> bool:
    """Whether a person types this field as an option of its own."""
    if field.client:
        return False
    return field.name in ("roles", "policy") or not isinstance(base_of(field), msgspec.inspect.ListType)


def parse_field(field: Field, text: str) -> Any:
    """The JSON value of what was typed for a field, blanks around it left out. Raises InputRejected with the option named."""
    info, option, text = base_of(field), f"--{field.name.replace('_', '-')}", text.strip(" \t\u3000\u00a0")
    if field.name == "policy":
        return text  # the name of a policy or of a file, see `ledger.commands.policy`
    if is_amount(field):
        return amount_of(option, text)
    if isinstance(info, msgspec.inspect.IntType):
        text = text.removesuffix("年") if title_of(field.type) == "year" else text
        if not (text.isascii() and text.isdigit() and len(text) <= 15):
            raise InputRejected("INPUT.NUMBER", option=option, text=text)
        return in_form(field.type, int(text), option)
    if isinstance(info, msgspec.inspect.BoolType):
        if text.lower() not in (*_TRUE, *_FALSE):
            raise InputRejected("INPUT.FIELD:boolean", option=option, text=text)
        return text.lower() in _TRUE
    if field.is_date:
        return day_of(option, text)
    if isinstance(info, msgspec.inspect.ListType):
        parts = [part.strip() for part in COMMAS.split(text)]
        return in_form(field.type, [_chosen(field, option, part) for part in parts], option)
    if isinstance(info, msgspec.inspect.StrType) and field.name != "public_key":
        return in_form(field.type, _chosen(field, option, text), option)
    return text


def amount_of(option: str, text: str) -> int:
    """Fen of an amount as typed. Raises InputRejected with the option named."""
    try:
        return parse_amount(text)
    except Fault as fault:
        raise InputRejected("INPUT.AMOUNT", option=option, why=fault) from None


def day_of(option: str, text: str) -> str:
    """The day typed for an option, as YYYY-MM-DD. Raises InputRejected with the option named."""
    try:
        return parse_day(text)
    except Fault as fault:
        raise InputRejected("INPUT.DATE", option=option, why=fault) from None


def choices_of(field: Field, chinese: bool) -> list[str]:
    """The choices of a field as a person is shown them: `province 省级`, in English the word alone."""
    if not chinese:
        return list(field.choices)
    return [f"{word} {zh}" for word, zh in zip(field.choices, field.choices_zh, strict=True)]


def _chosen(field: Field, option: str, text: str) -> str:
    """The text without what may not be recorded; of a field with choices, the word recorded for it, also where it is said in Chinese."""
    fault = text_fault(text)
    if fault:
        raise InputRejected("INPUT.TEXT:option", option=option, why=fault)
    if not field.choices:
        return text
    word = word_of(field, text)
    if word is None:
        raise InputRejected("INPUT.FIELD:typed", option=option, text=text, choices=choices_of(field, spoken() == "zh"),
                            meant=meant(text, (*field.choices, *field.choices_zh)))  # fmt: skip
    return word


def word_of(field: Field, text: str) -> str | None:
    """The choice of a field that a text names, as its word or in Chinese; a level also without 级. None where it names none."""
    said = plain_width(text).strip()
    if said in field.choices:
        return said
    zh = [word.removesuffix("级") for word in field.choices_zh]
    plain = said.removesuffix("级")
    return field.choices[zh.index(plain)] if plain in zh else None


def read_sealed(field: Field, text: str) -> str:
    """The value of a sealed field, from `@FILE` or, for `-`, standard input; never from the command line, which others can read and shells keep.

    Raises Usage for a bare value, which is not repeated.
    """
    if text == "-":
        text = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    elif text.startswith("@"):
        text = read_limited(Path(text[1:]), 64 * 1024, f"--{field.name}").decode("utf-8", "replace").rstrip("\r\n")
    else:
        raise Usage("USAGE:personal", option=f"--{field.name}")
    fault = text_fault(text) or ("" if text else Fault("TEXT:empty"))
    if fault:
        raise InputRejected("INPUT.TEXT:option", option=f"--{field.name}", why=fault)
    return text


_FORMS = ("text", "word", "code", "id", "officer", "quota", "date", "year")


def in_form(type: Any, value: Any, option: str) -> Any:
    """A value of a declared type. Raises InputRejected with the option and the form in words."""
    try:
        msgspec.convert(value, type)
    except msgspec.ValidationError:
        title = title_of(type)
        raise InputRejected(f"INPUT.FIELD:{title if title in _FORMS else 'other'}", option=option, text=value) from None
    return value


def find_entry(state: State, word: str) -> int | None:
    """The entry that a seq, an entry id, or the id of a quota, project, payment, paper or household names. Raises Refused when ambiguous."""
    number = _NUMBER.fullmatch(plain_width(word).strip())
    word = (number[1] or number[2]) if number else word
    if word.isascii() and word.isdigit() and len(word) < 19:
        try:
            state.history.entry(int(word))
        except OverflowError:
            return None
        except LedgerError as error:
            if error.code != "INV-02.MISSING":
                raise
            return None
        return int(word)
    seq = state.history.seq_of(word)
    if seq is not None:
        return seq
    made = {
        state.get(sort, word).seq
        for sort in ("quota", "project", "payment", "paper", "household")
        if state.get(sort, word)
    }
    if len(made) > 1:
        raise Refused("REFERENCE.AMBIGUOUS", id=word, entries=[f"#{seq}" for seq in sorted(made)], first=min(made))
    return made.pop() if made else None
