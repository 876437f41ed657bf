"""Canonical JSON: one spelling, the same as RFC 8785 on our profile, and every other spelling refused."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain import canonical
from ledger.chain.canonical import MAX_BYTES, MAX_INT, decode, encode
from tests.properties.strategies import modest, profile_values

# RFC 8785 §3.2.2.2 and the test data of cyberphone/json-canonicalization, what of it lies in the profile.
VECTORS = [
    ({"string": "\u20ac$\u000f\nA'\u0042\"\\\\\"/"}, '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'),
    ({"literals": [True, False]}, '{"literals":[true,false]}'),
    ({"b": {"f": {"f": "hi", "e": 5}, "d": 56}, "a": {}}, '{"a":{},"b":{"d":56,"f":{"e":5,"f":"hi"}}}'),
    ({"peach": "This sorting order", "sin": "ignore locale"}, '{"peach":"This sorting order","sin":"ignore locale"}'),
    (["\b\t\n\f\r", "\x00\x1f\x7f", "\u2028", "😀"], '["\\b\\t\\n\\f\\r","\\u0000\\u001f\x7f","\u2028","😀"]'),
    ({"z": 0, "_": 1, "0": 2, "a0": 3, "a": 4}, '{"0":2,"_":1,"a":4,"a0":3,"z":0}'),
    ([MAX_INT, -MAX_INT, 0], "[9007199254740991,-9007199254740991,0]"),
]


@pytest.mark.parametrize(("value", "text"), VECTORS)
def test_encode_gives_the_bytes_of_rfc_8785(value: Any, text: str) -> None:
    """INV-01: typed facts of the standard."""
    assert encode(value) == text.encode() == rfc8785.dumps(value)
    assert decode(text.encode()) == value


@modest(300)
@given(profile_values)
def test_fast_encoder_is_rfc_8785_on_the_profile(value: Any) -> None:
    """INV-01: nested values, all escapes, astral characters: our bytes are the oracle's, and read back."""
    raw = encode(value)
    assert raw == rfc8785.dumps(value)
    again = decode(raw)
    assert again == value
    assert encode(again) == raw


def test_every_character_of_the_first_planes_is_spelt_as_the_oracle_spells_it() -> None:
    """Escapes are the five short ones, \\u00xx below U+0020, and nothing else."""
    for start in range(0, 0x11000, 64):
        text = "".join(chr(c) for c in range(start, start + 64) if not 0xD800 <= c <= 0xDFFF)
        assert encode([text]) == rfc8785.dumps([text])


REFUSED = {
    "a space": '{"a": 1}',
    "a line feed at the end": '{"a":1}\n',
    "a space in front": ' {"a":1}',
    "keys out of order": '{"b":1,"a":2}',
    "a duplicate key": '{"a":1,"a":1}',
    "a duplicate key further in": '[{"a":1,"b":2,"a":3}]',
    "an escaped letter": '["\\u0041"]',
    "an escaped solidus": '["\\/"]',
    "an upper-case escape": '["\\u000F"]',
    "a long escape for a short one": '["\\u000a"]',
    "an escaped astral pair": '["\\ud83d\\ude00"]',
    "a raw control character": '["\x01"]',
    "a lone high surrogate": '["\\ud800"]',
    "a lone low surrogate": '["\\udc00"]',
    "a float": "[1.5]",
    "a whole float": "[1.0]",
    "an exponent": "[1e2]",
    "minus zero": "[-0]",
    "a leading zero": "[01]",
    "a plus": "[+1]",
    "null": "[null]",
    "null as a value": '{"a":null}',
    "NaN": "[NaN]",
    "Infinity": "[-Infinity]",
    "an integer above 2^53-1": "[9007199254740992]",
    "an integer below -(2^53-1)": "[-9007199254740992]",
    "an integer above 2^64": "[18446744073709551616]",
    "an integer of 4400 digits": "[" + "9" * 4400 + "]",
    "an upper-case key": '{"A":1}',
    "an empty key": '{"":1}',
    "a key with a dash": '{"a-b":1}',
    "a Chinese key": '{"金额":1}',
    "a key with a line feed": '{"a\\n":1}',
    "a byte order mark": "\ufeff[1]",
    "two values": "[1][2]",
    "a trailing comma": "[1,]",
    "a comment": "[1]//",
    "single quotes": "['a']",
    "nothing": "",
    "nine levels": "[" * 9 + "]" * 9,
    "nine levels of objects": '{"a":' * 8 + "{}" + "}" * 8,
    "a hundred thousand levels": "[" * 100_000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_decode_refuses_every_other_spelling(name: str) -> None:
    """INV-01, K-12: white space, order, escapes, floats, null, duplicates, depth: ValueError and nothing else."""
    with pytest.raises(ValueError, match=r"\w"):
        decode(REFUSED[name].encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("raw", [b'["\xff"]', b'["\xed\xa0\x80"]', b'["\xc0\xaf"]', b"\xff\xfe[\x001\x00]\x00", b'["\xf4\x90\x80\x80"]'])
def test_decode_refuses_what_is_not_utf_8(raw: bytes) -> None:
    """Broken UTF-8, encoded surrogates, overlong forms and UTF-16 are not JSON here."""
    with pytest.raises(ValueError, match=r"\w"):
        decode(raw)


def test_decode_takes_eight_levels_and_the_largest_size_and_no_byte_more() -> None:
    """The caps hold at their borders."""
    assert decode(b"[" * 8 + b"]" * 8) is not None
    assert len(decode(b'["' + b"a" * (MAX_BYTES - 4) + b'"]')[0]) == MAX_BYTES - 4
    with pytest.raises(ValueError, match="longer"):
        decode(b'["' + b"a" * (MAX_BYTES - 3) + b'"]')


@modest(300)
@given(profile_values, st.data())
def test_decode_of_altered_bytes_is_an_error_or_another_value_in_its_one_spelling(value: Any, data: st.DataObject) -> None:
    """INV-01: no two byte strings mean the same."""
    raw = bytearray(encode(value))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 255))
    try:
        again = decode(bytes(raw))
    except ValueError:
        return
    assert encode(again) == raw == rfc8785.dumps(again)


def test_limits_are_those_of_the_format() -> None:
    """The numbers of docs/format.md §2."""
    assert (canonical.MAX_BYTES, canonical.MAX_DEPTH, canonical.MAX_INT) == (262_144, 8, 9_007_199_254_740_991)
