"""An id that stands in the ledger already: in which fields what is recorded under it differs from what comes now."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from ledger import words
from ledger.errors import Problem, Refused
from ledger.kinds.declare import KINDS, KindInfo
from ledger.money import yuan

SIGNER, KIND, DATE = "signed_by", "kind", "occurred_on"  # what differs need not be a field of the event
_LABELS = {SIGNER: "签名人", KIND: "事项", DATE: "业务日期"}
_MAX_ROWS = 20  # of one field


class Difference(NamedTuple):
    """Where two entries of one id differ, a field or a path into one; either value as a text, '' for nothing."""

    path: str
    recorded: str
    typed: str


def differences(info: KindInfo, recorded: dict[str, Any], wanted: dict[str, Any]) -> list[Difference]:
    """Where two events of one kind differ, as JSON values; of rows, each figure that does."""
    found: list[Difference] = []
    for name, field in info.fields.items():
        if recorded.get(name) != wanted.get(name):
            if field.sealed:
                found.append(Difference(name, sealed_text(recorded.get(name)), sealed_text(wanted.get(name), other=True)))
            else:
                found += list(_walk(name, recorded.get(name), wanted.get(name)))[:_MAX_ROWS]
    return found


def _walk(path: str, old: Any, new: Any) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                yield from _walk(f"{path}.{name}", old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True), 1):
            if one != other:
                yield from _walk(f"{path}.{number}", one, other)
    else:
        yield Difference(path, value_text(path, old), value_text(path, new))


def value_text(path: str, value: Any) -> str:
    """A value of a field for a person: amounts in yuan, rows counted; '' for nothing."""
    chinese = words.spoken() == "zh"
    if value is None:
        return ""
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if isinstance(value, int) and path.rpartition(".")[2].endswith(("amount", "_fen")):
        return f"{yuan(value)} {'元' if chinese else 'yuan'}"
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return f"{len(value)} 行" if chinese else f"{len(value)} rows"
    if isinstance(value, list):
        return ("、" if chinese else ", ").join(str(item) for item in value)
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else str(value)


def sealed_text(value: Any, *, other: bool = False) -> str:
    """What is said of a sealed value: that it is there, never what it is."""
    if value is None:
        return ""
    said = ("另一个密封值", "another sealed value") if other else ("密封值", "a sealed value")
    return said[0] if words.spoken() == "zh" else said[1]


def kind_text(kind: str) -> str:
    """The name of a kind for a person."""
    return KINDS[kind].zh if kind in KINDS and words.spoken() == "zh" else kind


def taken(id: str, seq: int, kind: str, found: list[Difference]) -> Refused:
    """The refusal of an entry whose id stands for another one: a finding a difference."""
    info = KINDS.get(kind)
    key = "ID.TAKEN" if info is not None and info.reversible else "ID.TAKEN:kept"
    nothing = "（无）" if words.spoken() == "zh" else "nothing"
    facts: list[dict[str, Any]] = [{"id": id, "stands_at": seq, "field": one.path, "label": _label(info, one.path),
              "recorded": one.recorded or nothing, "typed": one.typed or nothing} for one in found]  # fmt: skip
    return Refused(key, problems=[Problem(key, **each) for each in facts], **facts[0])


def _label(info: KindInfo | None, path: str) -> str:
    name, _, rest = path.partition(".")
    if words.spoken() != "zh":
        return path.replace("_", " ")
    field = info.fields.get(name) if info else None
    return (_LABELS.get(name) or (field.zh if field else name)) + (f"（{rest}）" if rest else "")
