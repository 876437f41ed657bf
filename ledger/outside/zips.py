"""A zip that is laid out in the one way of docs/format.md §1, read as a stream: whoever else reads it sees the same members.

What it unpacks to is counted as it comes, against the length of the file.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from ledger.words import Fault

MAX_UNPACKED = 512 * 1024 * 1024
_DIRECTORY_END, _DIRECTORY_ROW, _LOCAL = 22, 46, 30
_COMMON = struct.Struct("<5H3L2H")  # what a local header and a row of the directory both say: version … extra
_END = struct.Struct("<4s4H2LH")
_PLAIN_FLAGS = 0x806  # how hard it was deflated, and that the name is UTF-8
_PIECE = 1 << 20


def most_unpacked(length: int) -> int:
    """What a file of that length may unpack to, in bytes."""
    return min(MAX_UNPACKED, (1 << 20) + 16 * length)


class Member(NamedTuple):
    """Where a member lies, and what is said of it."""

    start: int
    packed: int
    size: int
    crc: int
    is_deflated: bool


def members_of(raw: bytes) -> dict[str, Member]:
    """The members by name. Raises Fault where the file is laid out in another way."""
    end = len(raw) - _DIRECTORY_END
    if end < 0:
        raise Fault("ZIP:layout")
    mark, disk, first, here, count, length, start, comment = _END.unpack_from(raw, end)
    if mark != b"PK\5\6" or disk or first or comment or here != count or start + length != end:
        raise Fault("ZIP:layout")
    found: dict[str, Member] = {}
    at, row = 0, start
    for _ in range(count):
        head, local = raw[row : row + _DIRECTORY_ROW], raw[at : at + _LOCAL]
        if len(head) + len(local) != _DIRECTORY_ROW + _LOCAL or (head[:4], local[:4]) != (b"PK\1\2", b"PK\3\4") or head[6:32] != local[4:]:
            raise Fault("ZIP:layout")
        _, flags, method, _, _, crc, packed, size, name_length, extra = _COMMON.unpack(local[4:])
        comment, disk, offset = struct.unpack("<2H6xL", head[32:])
        name = raw[at + _LOCAL : at + _LOCAL + name_length]
        if extra or comment or disk or offset != at or name != raw[row + _DIRECTORY_ROW : row + _DIRECTORY_ROW + name_length]:
            raise Fault("ZIP:layout")
        if flags & ~_PLAIN_FLAGS or method not in (0, 8):
            raise Fault("ZIP:method")
        body = at + _LOCAL + name_length
        found[name.decode("latin-1")] = Member(body, packed, size, crc, method == 8)
        at, row = body + packed, row + _DIRECTORY_ROW + name_length
    if at != start or row != end or len(found) != count:
        raise Fault("ZIP:layout")
    return found


def pieces(raw: bytes, member: Member, limit: int) -> Iterator[bytes]:
    """A member, piece by piece. Raises Fault where it is damaged, not what its header says, or larger than `limit`."""
    total = crc = 0
    for piece in _inflated(raw, member) if member.is_deflated else (raw[member.start : member.start + member.packed],):
        total, crc = total + len(piece), zlib.crc32(piece, crc)
        if total > limit:
            raise Fault("ZIP:large", limit=limit)
        yield piece
    if (total, crc) != (member.size, member.crc):
        raise Fault("ZIP:sum")


def _inflated(raw: bytes, member: Member) -> Iterator[bytes]:
    inflater, view = zlib.decompressobj(-15), memoryview(raw)[member.start : member.start + member.packed]
    try:
        for place in range(0, len(view), _PIECE):
            waiting: bytes | memoryview = view[place : place + _PIECE]
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, _PIECE)
                waiting = inflater.unconsumed_tail
    except zlib.error:
        raise Fault("ZIP:sum") from None
    yield inflater.flush()
    if not inflater.eof or inflater.unused_data:
        raise Fault("ZIP:sum")
