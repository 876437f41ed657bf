"""The header of an entry: six lines of text, each ending in LF.

    sunledger/entry/v1
    seq 123
    prev <64 hex: leaf hash of seq-1>
    at 2026-11-24T02:00:00Z
    books 999900/money=4 999901/money=17
    content <64 hex: SHA-256("sunledger/content/v1\\n" ‖ content)>

Books are sorted by bytes and have no repeats; none is written `books -`.
"""

import re
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

from ledger.calendar import parse_at
from ledger.words import Fault

CONTENT_PREFIX = b"sunledger/content/v1\n"
GENESIS_PREFIX = b"sunledger/genesis/v1\n"
_ORIGIN = re.compile(r"[a-z0-9.-]+(?:/[a-z0-9._-]+)*", re.ASCII)
_HEADER = re.compile(
    rb"sunledger/entry/v1\n"
    rb"seq (0|[1-9][0-9]{0,15})\n"
    rb"prev ([0-9a-f]{64})\n"
    rb"at ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n"
    rb"books (-|[A-Za-z0-9.-]{1,32}/[a-z]{1,16}=(?:0|[1-9][0-9]{0,15})"
    rb"(?: [A-Za-z0-9.-]{1,32}/[a-z]{1,16}=(?:0|[1-9][0-9]{0,15}))*)\n"
    rb"content ([0-9a-f]{64})\n"
)

_BOOKS = re.compile(
    r"[A-Za-z0-9.-]{1,32}/[a-z]{1,16}=(?:0|[1-9][0-9]{0,15})(?: [A-Za-z0-9.-]{1,32}/[a-z]{1,16}=(?:0|[1-9][0-9]{0,15}))*",
    re.ASCII,
)

Book = tuple[str, int]  # ("999901/money", position)


class Header(NamedTuple):
    """What a header says; `prev` and `content` are lower-case hex, `books` is the text after `books `."""

    seq: int
    prev: str
    at: str
    books: str
    content: str


def is_origin(text: str) -> bool:
    """Whether `text` can name a ledger: `demo.example/county`, at most 128 characters."""
    return len(text) <= 128 and _ORIGIN.fullmatch(text) is not None


def genesis_prev(origin: str) -> str:
    """The `prev` of entry 0."""
    return sha256(GENESIS_PREFIX + origin.encode() + b"\n").hexdigest()


def content_digest(content: bytes) -> str:
    """The digest by which a header binds its content."""
    return sha256(CONTENT_PREFIX + content).hexdigest()


def binds(header: bytes, content: bytes) -> bool:
    """Whether a header, well-formed or not, ends in the digest of a content."""
    return header.endswith(f"content {content_digest(content)}\n".encode())


def books_line(books: list[Book]) -> str:
    """The text after `books `; `books` in any order, without repeats."""
    return " ".join(sorted(f"{name}={position}" for name, position in books)) or "-"


def parse_books(line: str) -> list[Book]:
    """The books of a header's line, as `(CODE/STREAM, position)`."""
    if line == "-":
        return []
    return [(name, int(position)) for name, _, position in (part.partition("=") for part in line.split(" "))]


def build_header(header: Header) -> bytes:
    """The bytes of a header."""
    return (
        f"sunledger/entry/v1\nseq {header.seq}\nprev {header.prev}\nat {header.at}\n"
        f"books {header.books}\ncontent {header.content}\n"
    ).encode()


def expected_header(raw: bytes, seq: int, prev: str, content: str) -> Header | None:
    """What `parse_header` gives, where the header agrees with all that is known of it; None where it must be looked at."""
    parts = raw.split(b"\n", 5)
    if len(parts) != 6:
        return None
    at, books = parts[3][3:].decode("ascii", "replace"), parts[4][6:].decode("ascii", "replace")
    header = Header(seq, prev, at, books, content)
    if build_header(header) != raw or not _is_at(at) or (books != "-" and not _BOOKS.fullmatch(books)):
        return None
    return header if " " not in books or _is_ordered(books) else None


@lru_cache(maxsize=4096)
def _is_at(text: str) -> bool:
    try:
        parse_at(text)
    except ValueError:
        return False
    return True


def _is_ordered(line: str) -> bool:
    parts = line.split(" ")
    return not any(a.partition("=")[0] == b.partition("=")[0] or a >= b for a, b in pairwise(parts))


def parse_header(raw: bytes) -> Header:
    """The one reading of a header's bytes. Raises ValueError for any other spelling, books out of order included."""
    match = _HEADER.fullmatch(raw)
    if not match:
        raise Fault("HEADER:lines")
    seq, prev, at, books, content = match.groups()
    line = books.decode()
    if not _is_at(at.decode()):
        raise Fault("HEADER:time")
    if b" " in books and not _is_ordered(line):
        raise Fault("HEADER:books")
    return Header(int(seq), prev.decode(), at.decode(), line, content.decode())
