"""Why JSON values are not the data of a kind: which field, and in what form it is wanted, in words instead of patterns."""

from typing import Any

import msgspec

from ledger.kinds.declare import KindInfo
from ledger.kinds.types import PartialDate, SignedAmount
from ledger.words import Fault, Label

_FORMS = frozenset((
    "account", "amount", "base64", "book", "code", "count", "date", "hex32", "hex64", "id", "officer", "quota", "sealed", "text",
    "unit", "word", "year",
))  # fmt: skip


def form_fault(info: KindInfo, data: Any) -> Fault | None:
    """The first field of a kind's data that is missing, unknown or not of its type, as a `FORM` fault."""
    if not isinstance(data, dict):
        return Fault("FORM:object", where=Label(info.zh, info.name))
    for name in data:
        if name not in info.fields:
            return Fault("FORM:unknown", where=str(name))
    for name, field in info.fields.items():
        place = Label(field.zh, name)
        if name not in data:
            if field.required:
                return Fault("FORM:missing", where=place)
        elif found := value_fault(field.type, data[name], place):
            return found
    return None


def value_fault(type: Any, value: Any, place: Label) -> Fault | None:
    """Why a value is not of a declared type; `place` names it."""
    try:
        msgspec.convert(value, type)
    except (msgspec.ValidationError, RecursionError):
        return _located(type, value, place)
    return None


def _located(type: Any, value: Any, place: Label) -> Fault:
    """The fault of a value that is not of its type, as deep inside as it lies."""
    info = _plain(msgspec.inspect.type_info(type))
    if isinstance(info, msgspec.inspect.ListType):
        if not isinstance(value, list | tuple):
            return Fault("FORM:list", where=place)
        item = _item_of(type)
        inside = (value_fault(item, part, Label(place.zh, f"{place.name}[{i}]")) for i, part in enumerate(value))
        return next((found for found in inside if found), Fault("FORM:other", where=place))
    if isinstance(info, msgspec.inspect.StructType):
        return _in_struct(info.cls, value, place)
    return Fault(_form_key(type, info), where=place)


def _in_struct(struct: Any, value: Any, place: Label) -> Fault:
    if not isinstance(value, dict):
        return Fault("FORM:object", where=place)
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for name in value:
        if name not in fields:
            return Fault("FORM:unknown", where=Label(place.zh, f"{place.name}.{name}"))
    for name, field in fields.items():
        inner = Label(place.zh, f"{place.name}.{name}")
        if name not in value:
            if field.required:
                return Fault("FORM:missing", where=inner)
        elif found := value_fault(field.type, value[name], inner):
            return found
    return Fault("FORM:other", where=place)


def _plain(info: Any) -> Any:
    """What msgspec says of a type, None and descriptions left out."""
    if isinstance(info, msgspec.inspect.UnionType):
        info = next(part for part in info.types if not isinstance(part, msgspec.inspect.NoneType))
    return info.type if isinstance(info, msgspec.inspect.Metadata) else info


def _item_of(type: Any) -> Any:
    """The type of a list's items."""
    parts = getattr(type, "__args__", ())
    return next((_item_of(part) for part in parts if getattr(part, "__origin__", None) is list), parts[0] if parts else Any)


def _form_key(type: Any, info: Any) -> str:
    parts = (type, *getattr(type, "__args__", ()))
    if PartialDate in parts:
        return "FORM:partial"
    if SignedAmount in parts:
        return "FORM:signed"
    if isinstance(info, msgspec.inspect.BoolType):
        return "FORM:bool"
    title = title_of(type)
    return f"FORM:{title}" if title in _FORMS else "FORM:other"


def title_of(type: Any) -> str:
    """The title that a declared type bears, None left out, or ''."""
    info = msgspec.inspect.type_info(type)
    parts = info.types if isinstance(info, msgspec.inspect.UnionType) else (info,)
    titles = [part.extra_json_schema["title"] for part in parts
              if isinstance(part, msgspec.inspect.Metadata) and part.extra_json_schema]  # fmt: skip
    return str(titles[0]) if titles else ""
