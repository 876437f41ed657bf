"""The data of an entry as lines a person reads: labels in words, amounts in 元, rows one a line."""

from collections.abc import Callable
from typing import Any

from ledger.commands.fields import is_amount
from ledger.kinds.declare import Field, KindInfo
from ledger.money import yuan

Named = Callable[[str, str], str]  # (sort of object, id) → its name, or ''


def data_lines(info: KindInfo | None, data: dict[str, Any], chinese: bool, named: Named = lambda _sort, _id: "") -> list[str]:  # fmt: skip
    """One line a field, further lines for its rows; `named` adds the name to a code."""
    lines = []
    for name, value in data.items():
        field = info.fields.get(name) if info else None
        label = field.zh if field and chinese else name
        colon = "：" if chinese else ": "
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = [row_text(row, chinese) for row in value]
            if len(rows) == 1:
                lines.append(f"  {label}{colon}{rows[0]}")
            else:
                lines += [f"  {label}{colon}{len(rows)}", *(f"    {row}" for row in rows)]
            continue
        text = f"{yuan(value)} {_yuan(chinese)}" if field and is_amount(field) else plain(in_words(field, value, chinese), chinese)
        known = named(field.ref, str(value)) if field and field.ref else ""
        lines.append(f"  {label}{colon}{text}{' ' + known if known else ''}")
    return lines


def in_words(field: Field | None, value: Any, chinese: bool) -> Any:
    """A choice, or a list of them, in Chinese; any other value as it is."""
    if not chinese or field is None or not field.choices:
        return value
    said = dict(zip(field.choices, field.choices_zh, strict=True))
    return [said.get(word, word) for word in value] if isinstance(value, list | tuple) else said.get(value, value)


def row_text(row: dict[str, Any], chinese: bool) -> str:
    """A row inside an entry on one line: a leg as `Q1 60,000.00 元`, any other as `name value` pairs."""
    if set(row) == {"amount", "quota"}:
        return f"{row['quota']} {yuan(row['amount'])} {_yuan(chinese)}"
    if set(row) == {"account", "n", "unit"}:
        amount = f"{yuan(row['n'])} {_yuan(chinese)}" if row["unit"] == "CNY" else f"{row['n']} {row['unit']}"
        return f"{row['account']} {amount}"
    parts = []
    for name, value in row.items():
        if name.endswith("_fen") and isinstance(value, int):
            parts.append(f"{name.removesuffix('_fen')} {yuan(value)} {_yuan(chinese)}")
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


def _yuan(chinese: bool) -> str:
    return "元" if chinese else "yuan"
