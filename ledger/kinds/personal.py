"""Personal numbers in free text: identity number, mobile phone, bank card; refused at intake, because content is for ever.

Identity numbers by GB 11643 (17 digits and a check character, a day that exists), phones by their eleven digits, cards of
China UnionPay by their check digit (ISO/IEC 7812). Full-width digits, spaces, dashes, dots and slashes do not hide one. What was
published already, and is transcribed as printed, is not judged here. A number that would be an identity number but for a digit is still
somebody's: it is a doubt, told before it is recorded.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from ledger.calendar import is_date
from ledger.kinds.declare import KindInfo
from ledger.words import Fault

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_BETWEEN = r"[ ./·\-\u2010-\u2015\u2212]{0,3}"
_PHONE = re.compile(rf"(?<![0-9])(?:86{_BETWEEN})?1[3-9][0-9]{_BETWEEN}[0-9]{{4}}{_BETWEEN}[0-9]{{4}}(?![0-9])", re.ASCII)
_RUNS = tuple(
    re.compile(rf"(?<![0-9])[0-9](?:{between}[0-9Xx]){{15,18}}(?![0-9])", re.ASCII) for between in ("", _BETWEEN)
)  # as one word, and in groups
_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)  # an id that nobody typed
_OTHER = ("entry", "leaf", "sha256")  # of the rows inside a field
_NUMBERS = ("invoice", "voucher", "contract", "uscc", "url", "function_code")  # fields that hold other numbers
MAX_LOOKED_AT = 4000


def personal_number(text: str) -> str:
    """What personal number stands in a text: `identity`, `phone`, `card`, or ''."""
    plain = unicodedata.normalize("NFKC", text[:MAX_LOOKED_AT])
    if _PHONE.search(plain):
        return "phone"
    for run in (run for runs in _RUNS for run in runs.finditer(plain)):
        digits = "".join(character for character in run[0].upper() if character.isalnum())
        if len(digits) == 18 and _is_identity(digits):
            return "identity"
        if _is_card(digits):
            return "card"
    return ""


def is_almost_identity(text: str) -> bool:
    """Whether a text holds 16 to 18 characters of the shape of an identity number: a birth date where it stands, the check wrong or digits left out."""
    plain = unicodedata.normalize("NFKC", text[:MAX_LOOKED_AT])
    for run in (run for runs in _RUNS for run in runs.finditer(plain)):
        digits = "".join(character for character in run[0].upper() if character.isalnum())
        sound = _is_card(digits) or (len(digits) == 18 and _is_identity(digits))
        if 16 <= len(digits) <= 18 and digits[:-1].isdigit() and not sound:
            places = range(6 - (18 - len(digits)), 7)  # a digit left out before the date moves it
            if any(_is_birth(digits[place : place + 8]) for place in places):
                return True
    return False


def personal_fault(info: KindInfo, id: str, data: dict[str, Any]) -> Fault | None:
    """Why the free text or the id of a draft may not be recorded, or None."""
    for name, text in _free_texts(info, id, data):
        found = personal_number(text)
        if found:
            return Fault(f"PERSONAL:{found}", field=info.fields.get(name, name))
    return None


def personal_doubts(info: KindInfo, id: str, data: dict[str, Any]) -> list[Fault]:
    """What free text of a draft may be a mistyped identity number; ids are left alone, because many are made of a division code and a date."""
    return [Fault("PERSONAL:almost", field=info.fields[name]) for name, text in _free_texts(info, id, data)
            if name in info.fields and not info.fields[name].sort and is_almost_identity(text)]  # fmt: skip


def _free_texts(info: KindInfo, id: str, data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and text of whatever a person may type freely; nothing of what is transcribed from a paper."""
    if info.name == "paper.record" or data.get("capacity") == "transcribed":
        return
    if not _ULID.fullmatch(id):
        yield "id", id
    for name, value in data.items():
        field = info.fields.get(name)
        if field is not None and not (field.sealed or field.client or name in _NUMBERS or name.endswith("_number")):
            yield from ((name, text) for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    """The texts of a field, and of its rows what is no digest and no reference."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in _OTHER:
                yield from _texts(item)


def _is_identity(digits: str) -> bool:
    if not digits[:17].isdigit() or not is_date(f"{digits[6:10]}-{digits[10:12]}-{digits[12:14]}"):
        return False
    return _CHECKS[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False)) % 11] == digits[17]


def _is_birth(digits: str) -> bool:
    return digits[:2] in ("19", "20") and is_date(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")


def _is_card(digits: str) -> bool:
    if not digits.isdigit() or not digits.startswith("62"):
        return False
    return sum(int(d) if i % 2 == 0 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(digits))) % 10 == 0

