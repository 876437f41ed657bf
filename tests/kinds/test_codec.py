"""Between bytes and events: one spelling each way, broken evidence told from a void meaning."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain import canonical
from ledger.chain.canonical import MAX_BYTES
from ledger.kinds.codec import Move, convert_event, decode_content, encode_content, encode_event
from ledger.kinds.declare import KINDS
from tests.kinds.data import ALL, ids, valid_data
from tests.properties.strategies import modest

ORIGIN = "demo.example/county"
VALUE: dict[str, Any] = {
    "author": "a" * 64,
    "data": {"legs": [{"amount": 100, "quota": "Q1"}], "payee": "示例公司", "payment": "PAY-1", "project": "P1"},
    "id": "PAY-1",
    "kind": "payment.request",
    "moves": [{"from": "P1:budget", "n": 100, "quota": "Q1", "to": "PAY-1:reserved", "unit": "CNY"}],
    "occurred_on": "2026-11-24",
    "origin": ORIGIN,
    "salt": "0" * 32,
    "v": 1,
}
RAW = rfc8785.dumps(VALUE)

moves = st.lists(
    st.builds(
        Move,
        st.just("P1:budget"),
        st.integers(1, 2**53 - 1),
        st.sampled_from(["Q1", "?x"]),
        st.just("PAY-1:reserved"),
        st.sampled_from(["CNY", "MU"]),
    ),
    max_size=3,
)


@pytest.mark.parametrize("kind", ALL)
def test_valid_data_of_a_kind_encodes_canonically_and_decodes_equal(kind: str) -> None:
    """INV-01: made from the declared types: convert, encode, decode; canonical JSON takes the bytes, so does the oracle."""

    @modest(25)
    @given(valid_data(KINDS[kind]), ids, moves)
    def holds(data: dict[str, Any], id: str, some: list[Move]) -> None:
        event = convert_event(kind, data)
        raw = encode_content(
            author="b" * 64, event=event, id=id, kind=kind, moves=some, occurred_on="2026-11-24", origin=ORIGIN, salt="0" * 32
        )
        value = canonical.decode(raw)
        assert rfc8785.dumps(value) == raw
        assert json.loads(encode_event(event)) == value["data"] == data
        content = decode_content(raw, ORIGIN)
        assert content.fault is None
        assert (content.event, content.moves, content.id) == (event, some, id)

    holds()


def test_content_of_the_format_page_decodes() -> None:
    """INV-01: nine keys, typed."""
    content = decode_content(RAW, ORIGIN)
    assert (content.kind, content.fault) == ("payment.request", None)
    assert content.moves == [Move("P1:budget", 100, "Q1", "PAY-1:reserved", "CNY")]


def altered(**changes: Any) -> bytes:
    """The content with some keys changed, still canonical; None takes a key away."""
    return rfc8785.dumps({name: value for name, value in (VALUE | changes).items() if value is not None})


BROKEN = {
    "a space": RAW.replace(b'":', b'": ', 1),
    "a line feed": RAW + b"\n",
    "an escaped letter": RAW.replace(b"PAY-1", b"\\u0050AY-1", 1),
    "keys out of order": b'{"data"' + RAW[10:],
    "a duplicate key": RAW.replace(b'"v":1', b'"v":1,"v":1'),
    "a duplicate key in data": RAW.replace(b'"payee":', b'"payee":"x","payee":'),
    "an unknown key": altered(extra=1),
    "a missing key": altered(salt=None),
    "another origin": altered(origin="demo.example/other"),
    "another version": altered(v=2),
    "a version of another type": altered(v=True),
    "null in data": RAW.replace(b'"project":"P1"', b'"project":null'),
    "a float in data": RAW.replace(b'"amount":100', b'"amount":100.0'),
    "a float in moves": RAW.replace(b'"n":100', b'"n":1e2'),
    "an integer beyond 2^53-1": RAW.replace(b'"amount":100', b'"amount":9007199254740992'),
    "an upper-case key in data": RAW.replace(b'"payee"', b'"Payee"'),
    "data of another type": altered(data=[]),
    "moves of another type": altered(moves={}),
    "an author of another type": altered(author=1),
    "nine levels": altered(data={"x": [[[[[[[1]]]]]]]}),
    "a lone surrogate": RAW.replace(b"PAY-1", b"\\ud800", 1),
    "broken UTF-8": RAW.replace(b"PAY-1", b"\xff", 1),
    "too long": altered(data={"x": "a" * MAX_BYTES}),
    "not an object": b"[]",
    "nothing": b"",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_evidence_is_an_error(name: str) -> None:
    """INV-01: another spelling, not the nine keys, another origin or version; never a void meaning."""
    assert BROKEN[name] != RAW
    with pytest.raises(ValueError, match=r"\w"):
        decode_content(BROKEN[name], ORIGIN)


VOID = {
    "an unknown kind": altered(kind="payment.magic"),
    "an empty kind": altered(kind=""),
    "an unknown field": altered(data=VALUE["data"] | {"zzz": 1}),
    "a missing field": altered(data={"payment": "PAY-1"}),
    "an amount of nought": altered(data=VALUE["data"] | {"legs": [{"amount": 0, "quota": "Q1"}]}),
    "an amount below nought": altered(data=VALUE["data"] | {"legs": [{"amount": -1, "quota": "Q1"}]}),
    "an amount as text": altered(data=VALUE["data"] | {"legs": [{"amount": "100", "quota": "Q1"}]}),
    "an empty payee": altered(data=VALUE["data"] | {"payee": ""}),
    "a default that is written": altered(
        kind="paper.record",
        data={"complete": True, "date": "2025", "holder": "999901", "lines": [{"derived": False, "no": 1, "sort": "x"}],
              "mirror": False, "paper": "x", "title": "x", "unit": "x", "year": 2025},
    ),
    "a move of nought": altered(moves=[VALUE["moves"][0] | {"n": 0}]),
    "a move with a strange key": altered(moves=[VALUE["moves"][0] | {"x": 1}]),
    "a move of a text": altered(moves=[VALUE["moves"][0] | {"n": "1"}]),
    "moves that are numbers": altered(moves=[1]),
}  # fmt: skip


@pytest.mark.parametrize("name", VOID)
def test_wrong_meaning_is_no_event_and_says_why(name: str) -> None:
    """INV-08: sound evidence without a meaning has a fault instead of an event."""
    content = decode_content(VOID[name], ORIGIN)
    assert content.event is None
    assert content.fault


@pytest.mark.parametrize(
    "change",
    [{"id": ""}, {"id": "123"}, {"id": "a b"}, {"id": "x" * 65}, {"id": "县"}, {"salt": "0" * 31}, {"salt": "A" * 32}, {"salt": ""}],
)
def test_malformed_id_or_salt_is_a_fault(change: dict[str, str]) -> None:
    """INV-08: an event with a fault has no effect."""
    assert decode_content(altered(**change), ORIGIN).fault


@pytest.mark.parametrize("character", ["\x00", "\n", "\x7f", "\x85", "\u2028", "\u200b", "\u202e", "\ufeff", "\u00ad", "\ufffe", "\U000e0041"])
def test_forbidden_character_inside_stored_text_is_a_fault(character: str) -> None:
    """INV-08, A-18: judged at verify by the list that holds for ever."""
    raw = altered(data=VALUE["data"] | {"payee": f"示{character}例"})
    assert "may not be recorded" in str(decode_content(raw, ORIGIN).fault)


def test_stored_text_is_never_normalised() -> None:
    """A-18: text in another normal form reads as what it is; only what is taken in must be NFC."""
    raw = altered(data=VALUE["data"] | {"payee": "e\u0301"})
    content = decode_content(raw, ORIGIN)
    assert content.fault is None
    assert content.event.payee == "e\u0301"  # type: ignore[union-attr]


@modest(300)
@given(st.data())
def test_altered_content_is_broken_or_re_encodes_to_its_own_bytes(data: st.DataObject) -> None:
    """INV-01: a single byte changed at any place; what is still taken is what it says."""
    raw = bytearray(RAW)
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.one_of(st.integers(0, 255), st.sampled_from(list(b'"0{}[],:a\\ '))))
    try:
        content = decode_content(bytes(raw), ORIGIN)
    except ValueError:
        return
    value = canonical.decode(bytes(raw))
    assert rfc8785.dumps(value) == raw
    assert content.id == value["id"]


@modest(60)
@given(st.binary(max_size=60))
def test_garbage_is_broken_and_nothing_else(raw: bytes) -> None:
    """INV-01: any bytes at all give a ValueError."""
    with pytest.raises(ValueError, match=r"\w"):
        decode_content(raw, ORIGIN)


@pytest.mark.parametrize("line", [2**53, -(2**53), 2**63 - 1])
def test_integer_beyond_the_profile_is_refused_in_every_field(line: int) -> None:
    """INV-01: |n| ≤ 2^53−1, so that every JSON reader reads the same number."""
    raw = RAW.replace(b'"payee"', b'"line":%d,"payee"' % line)
    with pytest.raises(ValueError, match=r"\w"):
        decode_content(raw, ORIGIN)
