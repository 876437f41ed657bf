"""Personal numbers in free text: identity number, mobile phone, bank card; refused at intake, because content is for ever.

Identity numbers by GB 11643 (17 digits and a check character, a day that exists), phones by their eleven digits, cards of
China UnionPay by their check digit (ISO/IEC 7812). Full-width digits, spaces, dashes, dots and slashes do not hide one. What was
published already, and is transcribed as printed, is not judged here.
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


def personal_fault(info: KindInfo, id: str, data: dict[str, Any]) -> Fault | None:
    """Why the free text or the id of a draft may not be recorded, or None."""
    if info.name == "paper.record" or data.get("capacity") == "transcribed":
        return None
    texts = [] if _ULID.fullmatch(id) else [("id", id)]
    for name, value in data.items():
        field = info.fields.get(name)
        if field is not None and not (field.sealed or field.client or name in _NUMBERS or name.endswith("_number")):
            texts += [(name, text) for text in _texts(value)]
    for name, text in texts:
        found = personal_number(text)
        if found:
            return Fault(f"PERSONAL:{found}", field=name)
    return None


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


def _is_card(digits: str) -> bool:
    if not digits.isdigit() or not digits.startswith("62"):
        return False
    return sum(int(d) if i % 2 == 0 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(digits))) % 10 == 0

