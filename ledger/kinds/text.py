"""Which characters may stand in recorded text, and the other rules a field's type cannot say.

Judged for ever, so the list is fixed here and does not follow a Unicode version: no C0, DEL, C1, U+2028/9, no
surrogate, no noncharacter, and none of the format characters (Cf) of Unicode 14. Two further rules bind only what is
taken in, because they depend on tables that grow: text is NFC, and every code point is assigned.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from ledger.calendar import is_date
from ledger.kinds.declare import KINDS, Kind, KindInfo
from ledger.words import Fault, Label

_RANGES = (
    (0x0000, 0x001F), (0x007F, 0x009F), (0x00AD, 0x00AD), (0x0600, 0x0605), (0x061C, 0x061C), (0x06DD, 0x06DD),
    (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2), (0x180E, 0x180E), (0x200B, 0x200F), (0x2028, 0x202E),
    (0x2060, 0x2064), (0x2066, 0x206F), (0xD800, 0xDFFF), (0xFDD0, 0xFDEF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB),
    (0xFFFE, 0xFFFF), (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x13438), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0001, 0xE0001), (0xE0020, 0xE007F),
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0x10000, 0x110000, 0x10000)),
)  # fmt: skip
SECONDS = ("person", "money")  # for which entries of a kind a row of a policy asks for a second person
FORBIDDEN = frozenset(chr(point) for first, last in _RANGES for point in range(first, last + 1))
_HARMLESS = bytes(byte for byte in range(0x20, 0x7F) if byte != ord("\\"))


def may_hold_forbidden(content: bytes) -> bool:
    """Whether canonical JSON might hold a forbidden character; False is certain, True wants a closer look.

    A control character stands in JSON only behind a backslash, so plain ASCII is dropped before anything is looked at.
    """
    rest = set(content.translate(None, _HARMLESS).decode())
    return "\\" in rest or not FORBIDDEN.isdisjoint(rest)


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


def text_fault(text: str) -> Fault | None:
    """Why `text` may not be recorded, by the rules of intake."""
    fault = _forbidden(text)
    if fault or text.isascii():
        return fault
    if not unicodedata.is_normalized("NFC", text):
        return Fault("TEXT:normal")
    for character in "" if text.isprintable() else text:
        if unicodedata.category(character) in ("Cn", "Cf", "Cs"):
            return Fault("TEXT:unassigned", point=f"{ord(character):04X}")
    return None


def data_fault(data: Any) -> Fault | None:
    """Why a text inside JSON values may not be recorded, by the rules of intake; one look where all is well."""
    try:
        raw = msgspec.json.encode(data)
        whole = raw.decode()
        if not may_hold_forbidden(raw) and whole.isprintable() and unicodedata.is_normalized("NFC", whole):
            return None
    except (UnicodeError, TypeError, RecursionError):
        pass  # half a surrogate, or no JSON: looked at text by text
    return next((fault for text in strings(data) if (fault := text_fault(text))), None)


def characters_fault(event: Kind) -> Fault | None:
    """Why the text of an event may not stand in a ledger, by the rules that hold for ever."""
    for text in strings(event):
        fault = _forbidden(text)
        if fault:
            return fault
    return None


def _forbidden(text: str) -> Fault | None:
    if FORBIDDEN.isdisjoint(text):
        return None
    found = next(character for character in text if character in FORBIDDEN)
    return Fault("TEXT:forbidden", point=f"{ord(found):04X}")


def event_fault(info: KindInfo, event: Kind) -> Fault | None:
    """Why the fields of a decoded event are wrong whatever the ledger holds."""
    for field in info.checked:
        value = getattr(event, field.attribute)
        if value is None:
            continue
        if field.choices and not _chosen(value, field.choices):
            return Fault("INPUT.FIELD:choice", field=field, value=value, choices=[Label(zh, word) for word, zh in zip(field.choices, field.choices_zh, strict=True)])
        if field.is_date and not is_date(value):
            return Fault("INPUT.FIELD:day", field=field, value=value)
    return _policy_fault(getattr(event, "policy", ()))


def _policy_fault(rows: Sequence[Any]) -> Fault | None:
    """Why the rows of a policy, in entry 0 or later, are none: each is of a kind that its group lets wait, and stands once."""
    for row in rows:
        group = KINDS[row.kind].second if row.kind in KINDS else "none"
        if group in ("none", "always"):
            return Fault("INPUT.POLICY:undecided", kind=row.kind)
        if row.second not in SECONDS or (row.second == "money" and group != "correction"):
            return Fault("INPUT.POLICY:second", kind=row.kind, second=row.second, choices=SECONDS)
    return Fault("INPUT.POLICY:twice") if len({row.kind for row in rows}) != len(rows) else None


def _chosen(value: Any, choices: tuple[str, ...]) -> bool:
    if isinstance(value, list):
        return bool(value) and all(item in choices for item in value) and len(set(value)) == len(value)
    return value in choices
