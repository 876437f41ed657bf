"""Which characters may stand in recorded text, and the other rules a field's type cannot say.

Judged for ever, so the list is fixed here and does not follow a Unicode version: no C0, DEL, C1, U+2028/9, no
surrogate, no noncharacter, and none of the format characters (Cf) of Unicode 14. Two further rules bind only what is
taken in, because they depend on tables that grow: text is NFC, and every code point is assigned.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec

from ledger.calendar import is_date
from ledger.kinds.declare import Kind, KindInfo, attribute

_FORBIDDEN = (
    "\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U00013438\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
)
FORBIDDEN = re.compile(f"[{_FORBIDDEN}]")
_SUSPECT = re.compile(f"[{_FORBIDDEN}]|\\\\[bfnrtu]")


def may_hold_forbidden(content: str) -> bool:
    """Whether canonical JSON text might hold a forbidden character; False is certain, True wants a closer look."""
    return _SUSPECT.search(content) is not None


def strings(value: Any) -> Iterator[str]:
    """Every string inside an event or a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from strings(getattr(value, name))


def text_fault(text: str) -> str:
    """Why `text` may not be recorded, by the rules of intake, or ''."""
    found = FORBIDDEN.search(text)
    if found:
        return f"character U+{ord(found[0]):04X} may not be recorded"
    if not unicodedata.is_normalized("NFC", text):
        return "text is not in Unicode normal form C"
    for character in text:
        if unicodedata.category(character) in ("Cn", "Cf", "Cs"):
            return f"character U+{ord(character):04X} is not assigned"
    return ""


def characters_fault(event: Kind) -> str:
    """Why the text of an event may not stand in a ledger, by the rules that hold for ever, or ''."""
    for text in strings(event):
        found = FORBIDDEN.search(text)
        if found:
            return f"character U+{ord(found[0]):04X} may not be recorded"
    return ""


def event_fault(info: KindInfo, event: Kind) -> str:
    """Why the fields of a decoded event are wrong whatever the ledger holds, or ''."""
    for field in info.checked:
        value = getattr(event, attribute(field.name))
        if value is None:
            continue
        if field.choices and not _chosen(value, field.choices):
            return f"{field.name}: {str(value)[:60]!r} is not one of {', '.join(field.choices)}"
        if field.is_date and not is_date(value):
            return f"{field.name}: {value!r} is not a day that exists"
    return ""


def _chosen(value: Any, choices: tuple[str, ...]) -> bool:
    if isinstance(value, list):
        return bool(value) and all(item in choices for item in value) and len(set(value)) == len(value)
    return value in choices
