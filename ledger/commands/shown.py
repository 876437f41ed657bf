"""Values and texts from data as a person may see them on a terminal."""

import re
from typing import Any

from ledger.money import yuan

_OBEYED = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def shown(text: object) -> str:
    """A text with its control and direction characters written out, on one line."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", str(text).replace("\n", "\\n"))


def row_text(row: dict[str, Any], chinese: bool) -> str:
    """A row inside an entry on one line: a leg as `Q1 60,000.00 元`, any other as `name value` pairs."""
    if set(row) == {"amount", "quota"}:
        return f"{row['quota']} {yuan(row['amount'])} {in_yuan(chinese)}"
    if set(row) == {"account", "n", "unit"}:
        amount = f"{yuan(row['n'])} {in_yuan(chinese)}" if row["unit"] == "CNY" else f"{row['n']} {row['unit']}"
        return f"{row['account']} {amount}"
    parts = []
    for name, value in row.items():
        if name.endswith("_fen") and isinstance(value, int):
            parts.append(f"{name.removesuffix('_fen')} {yuan(value)} {in_yuan(chinese)}")
        else:
            parts.append(f"{name} {plain(value, chinese)}")
    return ("；" if chinese else "; ").join(parts)


def plain(value: Any, chinese: bool) -> str:
    """A value without any mark of the program's own language."""
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if isinstance(value, list | tuple):
        return ("、" if chinese else ", ").join(plain(item, chinese) for item in value)
    if isinstance(value, dict):
        if set(value) == {"entry", "leaf"}:
            return str(value["entry"])
        return row_text(value, chinese)
    return "" if value is None else str(value)


def in_yuan(chinese: bool) -> str:
    """The word for yuan."""
    return "元" if chinese else "yuan"
