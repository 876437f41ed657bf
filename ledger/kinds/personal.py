"""Personal numbers in free text: identity number, mobile phone, bank card; refused at intake, because content is for ever.

Identity numbers by GB 11643 (17 digits and a check character, a day that exists), phones by their eleven digits, cards of
China UnionPay by their check digit (ISO/IEC 7812). Full-width digits, spaces and hyphens do not hide one. What was published
already, and is transcribed as printed, is not judged here.
"""

import re
import unicodedata
from typing import Any

from ledger.calendar import is_date
from ledger.kinds.declare import KindInfo

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_RUNS = tuple(
    re.compile(rf"(?<![0-9])[0-9](?:{between}[0-9Xx]){{10,23}}(?![0-9])", re.ASCII) for between in ("", "[ -]?")
)  # as one word, and in groups
_NUMBERS = ("invoice", "voucher", "contract", "uscc", "url", "function_code")  # fields that hold other numbers
MAX_LOOKED_AT = 4000


def personal_number(text: str) -> str:
    """What personal number stands in a text: `an identity number`, `a phone number`, `a bank card number`, or ''."""
    plain = unicodedata.normalize("NFKC", text[:MAX_LOOKED_AT]).replace("–", "-").replace("—", "-")
    for run in (run for runs in _RUNS for run in runs.finditer(plain)):
        digits = re.sub(r"[ -]", "", run[0]).upper()
        for size, what, holds in _SORTS:
            if len(digits) in size and holds(digits):
                return what
    return ""


def personal_fault(info: KindInfo, data: dict[str, Any]) -> str:
    """Why a draft's free text may not be recorded, or ''."""
    if info.name == "paper.record" or data.get("capacity") == "transcribed":
        return ""
    for name, value in data.items():
        field = info.fields.get(name)
        if field is None or field.sealed or name in _NUMBERS or name.endswith("_number") or not isinstance(value, str):
            continue
        found = personal_number(value)
        if found:
            return f"{name}: holds {found}; personal data is sealed, never written in the open"
    return ""


def _is_identity(digits: str) -> bool:
    if not digits[:17].isdigit() or not is_date(f"{digits[6:10]}-{digits[10:12]}-{digits[12:14]}"):
        return False
    return _CHECKS[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False)) % 11] == digits[17]


def _is_phone(digits: str) -> bool:
    return digits.isdigit() and digits[0] == "1" and digits[1] in "3456789"


def _is_card(digits: str) -> bool:
    if not digits.isdigit() or not digits.startswith("62"):
        return False
    return sum(int(d) if i % 2 == 0 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(digits))) % 10 == 0


_SORTS = (
    ((18,), "an identity number", _is_identity),
    ((11,), "a phone number", _is_phone),
    ((16, 17, 18, 19), "a bank card number", _is_card),
)
