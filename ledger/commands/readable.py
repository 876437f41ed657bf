"""What stands in a ledger as a person reads it: fields with labels, amounts in 元, accounts by name and stage, times of the place."""

from collections.abc import Callable
from typing import Any

from ledger.book.state import State
from ledger.calendar import SHANGHAI, parse_at
from ledger.commands.fields import is_amount
from ledger.commands.shown import in_yuan, plain, row_text
from ledger.kinds.declare import KINDS, Field, KindInfo
from ledger.money import yuan

Named = Callable[[str, str], str]  # (sort of object, id) → its name, or ''
NAMED_SORTS = ("authority", "project", "officer")
STAGES = {
    "outside": ("来源外", "outside"), "available": ("可用", "available"), "budget": ("预算", "budget"),
    "reserved": ("已申请", "requested"), "paid": ("已支付", "paid"), "retained": ("质保金", "retained"),
    "suspense": ("来源待查", "source unknown"),
}  # fmt: skip


def names_in(state: State) -> Named:
    """The names that bodies, projects and officers have in a ledger."""

    def named(sort: str, id: str) -> str:
        found = state.get(sort, id) if sort in NAMED_SORTS else None
        return str(getattr(found, "name", ""))

    return named


def mode_words(mode: str, chinese: bool) -> str:
    """The mode of a ledger."""
    return str(in_words(KINDS["ledger.open"].fields["mode"], mode, chinese))


def with_code(name: str, code: str, chinese: bool) -> str:
    """A name with its code in brackets; the code alone where it has no name."""
    return (f"{name}〔{code}〕" if chinese else f"{name} [{code}]") if name and code and name != code else code


def stage_words(stage: str, chinese: bool) -> str:
    """A stage in words, its code in brackets."""
    if chinese:
        return f"{STAGES[stage][0]}〔{stage}〕" if stage in STAGES else stage
    word = STAGES.get(stage, ("", stage))[1]
    return stage if word == stage else f"{word} [{stage}]"


def account_words(account: str, named: Named, chinese: bool) -> str:
    """An account by its holder's name and its stage, itself in brackets: `示例县·可用〔999901:available〕`."""
    holder, _, stage = account.partition(":")
    zh, en = STAGES.get(stage, (stage, stage))
    name = "" if holder == "world" else named("project", holder) or named("authority", holder)
    if chinese:
        return f"{name}·{zh}〔{account}〕" if name else f"{zh}〔{account}〕"
    return f"{name} {en} [{account}]" if name else f"{en} [{account}]"


def local_time(at: str, chinese: bool) -> str:
    """A header's time as clocks in China showed it, the zone said."""
    try:
        local = parse_at(at).astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return at
    return f"{local:%Y-%m-%d %H:%M:%S}" + ("（北京时间）" if chinese else " +08:00")


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
        text = f"{yuan(value)} {in_yuan(chinese)}" if field and is_amount(field) else plain(in_words(field, value, chinese), chinese)
        known = named(field.ref, str(value)) if field and field.ref else ""
        lines.append(f"  {label}{colon}{text}{' ' + known if known else ''}")
    return lines


def in_words(field: Field | None, value: Any, chinese: bool) -> Any:
    """A choice, or a list of them, in Chinese; any other value as it is."""
    if not chinese or field is None or not field.choices:
        return value
    said = dict(zip(field.choices, field.choices_zh, strict=True))
    return [said.get(word, word) for word in value] if isinstance(value, list | tuple) else said.get(value, value)
