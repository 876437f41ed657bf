"""The header: six lines, one reading."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.calendar import parse_at
from ledger.chain.header import (
    Header,
    books_line,
    build_header,
    content_digest,
    genesis_prev,
    is_origin,
    parse_books,
    parse_header,
)
from tests.properties.strategies import modest

HEX = "0f" * 32
GOOD = Header(123, HEX, "2026-11-24T02:00:00Z", "999900/money=4 999901/money=17", "a" * 64)
TEXT = (
    f"sunledger/entry/v1\nseq 123\nprev {HEX}\nat 2026-11-24T02:00:00Z\n"
    f"books 999900/money=4 999901/money=17\ncontent {'a' * 64}\n"
)

hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)
names = st.from_regex(r"[A-Za-z0-9.-]{1,32}/[a-z]{1,16}", fullmatch=True)
positions = st.one_of(st.integers(0, 20), st.integers(0, 10**16 - 1))
headers = st.builds(
    Header,
    st.integers(0, 10**16 - 1),
    hexes,
    st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0")),
    st.dictionaries(names, positions, max_size=4).map(lambda books: books_line(list(books.items()))),
    hexes,
)


def test_header_is_the_six_lines_of_the_format() -> None:
    """INV-01: the bytes of docs/format.md §3."""
    assert build_header(GOOD) == TEXT.encode()
    assert parse_header(TEXT.encode()) == GOOD


@modest(200)
@given(headers)
def test_header_round_trips(header: Header) -> None:
    """INV-01: building and reading are each other's inverse."""
    assert parse_header(build_header(header)) == header
    assert books_line(parse_books(header.books)) == header.books


@modest(400)
@given(headers, st.data())
def test_header_with_one_byte_altered_is_refused_or_reads_as_just_those_bytes(header: Header, data: st.DataObject) -> None:
    """INV-01: no two byte strings read as one header."""
    raw = bytearray(build_header(header))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.sampled_from([*b"0a9f zZ\n\r\t=/-", 0, 255, raw[place] ^ 1, raw[place] ^ 32]))
    try:
        again = parse_header(bytes(raw))
    except ValueError:
        return
    assert build_header(again) == raw


def test_every_single_byte_of_a_header_is_fixed_or_means_itself() -> None:
    """INV-01: each of the 256 values at each place of one header."""
    raw = TEXT.encode()
    for place in range(len(raw)):
        for value in range(256):
            altered = raw[:place] + bytes([value]) + raw[place + 1 :]
            try:
                again = parse_header(altered)
            except ValueError:
                continue
            assert build_header(again) == altered


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT[:-1],
        TEXT + "\n",
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("seq 123", "seq 0123"),
        TEXT.replace("seq 123", "seq +1"),
        TEXT.replace("seq 123", "seq -1"),
        TEXT.replace("seq 123", "seq １"),
        TEXT.replace("seq 123", "seq " + "9" * 17),
        TEXT.replace("seq 123", "seq  123"),
        TEXT.replace("v1", "v2"),
        TEXT.replace(HEX, HEX.upper()),
        TEXT.replace(HEX, HEX[:-2]),
        TEXT.replace("02:00:00Z", "02:00:00+00:00"),
        TEXT.replace("02:00:00Z", "02:00:00.0Z"),
        TEXT.replace("T02", " 02"),
        TEXT.replace("books 999900/money=4 999901/money=17", "books "),
        TEXT.replace("books 999900/money=4 999901/money=17", "books"),
        TEXT.replace("999900/money=4 999901/money=17", "999901/money=17 999900/money=4"),
        TEXT.replace("999900/money=4 999901/money=17", "999900/money=4 999900/money=5"),
        TEXT.replace("999900/money=4 999901/money=17", "999900/money=4 999900/money=4"),
        TEXT.replace("999900/money=4", "999900/money=04"),
        TEXT.replace("999900/money=4", "999900/Money=4"),
        TEXT.replace("999900/money=4 ", "999900/money=4  "),
        TEXT.replace("999900/money=4", "999900=4"),
        TEXT.replace("999900/money", "县/money"),
        TEXT.replace("at ", "at\t"),
        "\ufeff" + TEXT,
    ],
)
def test_header_of_another_spelling_is_refused(text: str) -> None:
    """INV-01: not six lines, other order, other case, padded numbers, unsorted or repeated books."""
    with pytest.raises(ValueError, match=r"header|books"):
        parse_header(text.encode())


TIMES = [
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:60Z",
    "0000-01-01T00:00:00Z",
]


@pytest.mark.parametrize("at", TIMES)
def test_time_that_does_not_exist_is_no_time(at: str) -> None:
    """K-17: no thirteenth month, no leap second, no hour 24."""
    with pytest.raises(ValueError, match=r"\w"):
        parse_at(at)


@pytest.mark.parametrize("at", TIMES)
def test_header_with_a_time_that_does_not_exist_is_malformed(at: str) -> None:
    """INV-01: a header's time is a second that exists."""
    with pytest.raises(ValueError, match=r"\w"):
        parse_header(TEXT.replace(GOOD.at, at).encode())


def test_books_are_sorted_by_bytes_and_none_is_a_dash() -> None:
    """INV-07: whatever order they are given in."""
    assert books_line([("b/money", 1), ("B/money", 0), ("a/open", 12)]) == "B/money=0 a/open=12 b/money=1"
    assert books_line([]) == "-"
    assert parse_books("-") == []


def test_genesis_and_content_digest_are_bound_to_their_words() -> None:
    """INV-02: the prefix words keep a content from being read as a genesis (docs/format.md §3)."""
    assert genesis_prev("demo.example/county") == sha256(b"sunledger/genesis/v1\ndemo.example/county\n").hexdigest()
    assert content_digest(b"{}") == sha256(b"sunledger/content/v1\n{}").hexdigest()


@pytest.mark.parametrize("text", ["a", "demo.example/county", "a/b_c-d.e/f", "0", "a" * 128])
def test_origin_of_the_right_form_names_a_ledger(text: str) -> None:
    """Small letters, digits, dots, dashes, parts after slashes, at most 128."""
    assert is_origin(text)


@pytest.mark.parametrize("text", ["", "A", "a/", "/a", "a//b", "a b", "县", "a_b", "a\n", "a" * 129, "a+b", "a/B"])
def test_origin_of_another_form_is_refused(text: str) -> None:
    """No upper case, no spaces, no empty part, no line feed, no plus (it would break a verifier key)."""
    assert not is_origin(text)
