"""Canonical JSON (RFC 8785) in the profile of an entry's content.

The profile has objects, arrays, strings, integers |n| ≤ 2^53−1 and booleans: no floats and no null. Keys are
`[a-z0-9_]+`, so sorting by bytes and by UTF-16 units is the same. At most 8 levels and 256 KB.

    {"a":[1,"中"],"b":{"c":true}}
"""

import re
from typing import Any

import msgspec

from ledger.words import Fault

MAX_BYTES = 256 * 1024
MAX_DEPTH = 8
MAX_INT = 2**53 - 1
_KEY = re.compile(r"[a-z0-9_]+", re.ASCII)
_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder()


def encode(value: Any) -> bytes:
    """The one spelling of `value`; a programmer's error if the value is outside the profile."""
    return _encoder.encode(value)


def decode(raw: bytes) -> Any:
    """The value of canonical bytes.

    Raises:
        ValueError: the bytes are not the canonical spelling of a value of the profile; the message says why.
    """
    if len(raw) > MAX_BYTES:
        raise Fault("CANONICAL:long", limit=MAX_BYTES)
    try:
        value = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Fault("CANONICAL:json") from None
    _check(value, 0)
    if encode(value) != raw:
        raise Fault("CANONICAL:form")
    return value


def _check(value: Any, depth: int) -> None:
    if isinstance(value, bool | str):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INT:
            raise Fault("CANONICAL:integer")
    elif isinstance(value, list | dict):
        if depth == MAX_DEPTH:
            raise Fault("CANONICAL:deep", limit=MAX_DEPTH)
        if isinstance(value, dict):
            for key in value:
                if not _KEY.fullmatch(key):
                    raise Fault("CANONICAL:key", name=key)
        for item in value.values() if isinstance(value, dict) else value:
            _check(item, depth + 1)
    else:
        raise Fault("CANONICAL:null" if value is None else "CANONICAL:number")
