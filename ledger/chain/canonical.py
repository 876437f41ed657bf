"""Canonical JSON (RFC 8785) in the profile of an entry's content.

The profile has objects, arrays, strings, integers |n| ≤ 2^53−1 and booleans: no floats and no null. Keys are
`[a-z0-9_]+`, so sorting by bytes and by UTF-16 units is the same. At most 8 levels and 256 KB.

    {"a":[1,"中"],"b":{"c":true}}
"""

import re
from typing import Any

import msgspec

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
        raise ValueError(f"longer than {MAX_BYTES} bytes")
    try:
        value = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    _check(value, 0)
    if encode(value) != raw:
        raise ValueError("not in canonical form")
    return value


def _check(value: Any, depth: int) -> None:
    if isinstance(value, bool | str):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INT:
            raise ValueError("an integer beyond 2^53−1")
    elif isinstance(value, list | dict):
        if depth == MAX_DEPTH:
            raise ValueError(f"deeper than {MAX_DEPTH} levels")
        if isinstance(value, dict):
            for key in value:
                if not _KEY.fullmatch(key):
                    raise ValueError(f"key {key[:40]!r}")
        for item in value.values() if isinstance(value, dict) else value:
            _check(item, depth + 1)
    else:
        raise ValueError("null" if value is None else "a number that is not an integer")
