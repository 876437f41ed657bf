"""Valid data for any kind, made from its declared types alone."""

import types
import typing
from typing import Any

import msgspec
from hypothesis import strategies as st

from ledger.kinds import codec  # noqa: F401  (declares the kinds)
from ledger.kinds.declare import KINDS, KindInfo
from ledger.kinds.text import text_fault

clean_text = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"]), min_size=1, max_size=12
).filter(lambda text: not text_fault(text))
ids = st.from_regex(r"[A-Za-z0-9._/-]{1,64}", fullmatch=True).filter(lambda id: not id.isdigit())
days = st.dates().map(lambda day: f"{day:%Y-%m-%d}".rjust(10, "0"))


def valid_data(info: KindInfo) -> st.SearchStrategy[dict[str, Any]]:
    """JSON values that fit the fields of a kind."""
    required = {f.name: _of(f.type, f.choices, f.is_date) for f in info.fields.values() if f.required}
    optional = {f.name: _of(f.type, f.choices, f.is_date) for f in info.fields.values() if not f.required}
    return st.fixed_dictionaries(required, optional=optional)


def _of(annotation: Any, choices: tuple[str, ...] = (), is_date: bool = False) -> st.SearchStrategy[Any]:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (part for part in typing.get_args(annotation) if part is not type(None))
        return _of(inner, choices, is_date)
    if is_date:
        return days
    if origin is list:
        (inner,) = typing.get_args(annotation)
        if choices:
            return st.lists(st.sampled_from(choices), min_size=1, max_size=3, unique=True)
        return st.lists(_of(inner), max_size=2)
    if choices:
        return st.sampled_from(choices)
    if origin is typing.Annotated:
        base, *metas = typing.get_args(annotation)
        return _limited(base, metas)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        fields = msgspec.structs.fields(annotation)
        required = {f.encode_name: _of(f.type) for f in fields if f.required}
        optional = {f.encode_name: _of(f.type) for f in fields if not f.required}
        return st.fixed_dictionaries(required, optional=optional).map(lambda row: _without_defaults(annotation, row))
    if annotation is bool:
        return st.booleans()
    assert annotation is int, annotation
    return st.integers(-(2**53) + 1, 2**53 - 1)


def _limited(base: Any, metas: list[Any]) -> st.SearchStrategy[Any]:
    limits: dict[str, Any] = {}
    for meta in metas:
        for name in ("ge", "le", "min_length", "max_length", "pattern"):
            value = getattr(meta, name)
            if value is not None:
                limits[name] = value
    if base is int:
        low, high = limits["ge"], limits["le"]
        return st.one_of(st.integers(low, high), st.sampled_from([low, high]))
    if "pattern" in limits:
        return st.from_regex(limits["pattern"], fullmatch=True)
    return clean_text


def _without_defaults(struct: type, row: dict[str, Any]) -> dict[str, Any]:
    """A row as it is written: a value that is the default stays away."""
    defaults = {f.encode_name: f.default for f in msgspec.structs.fields(struct) if not f.required}
    return {name: value for name, value in row.items() if defaults.get(name, ...) != value}


ALL = sorted(KINDS)
