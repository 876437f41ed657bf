"""One layout of a bundle (docs/format.md §1): every other is unreadable, and both programs say so in one word."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from ledger.bundle import zip_of
from ledger.errors import InputRejected, LedgerError
from ledger.outside.bundles import Bundle
from ledger.outside.heads import of_bundle
from tests.verifier.forge import NOW
from tests.verifier.worlds import control
from verifier import verify as v

GOOD = control().bundle()


def members() -> dict[str, bytes]:
    """Name and bytes of each member."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class OneWay(io.BytesIO):
    """A pipe."""

    def seek(self, *_: int) -> int:
        """Not to be done."""
        raise OSError

    def tell(self) -> int:
        """Not to be asked."""
        raise OSError


def packed(**how: object) -> bytes:
    """The members by a zip writer of any kind: `stream` cannot seek, `extra`, `comment` and `name` are put on each, `more` is added."""
    raw = OneWay() if how.get("stream") else io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*members().items(), *dict(how.get("more", {})).items()]:  # type: ignore[call-overload]
            info = zipfile.ZipInfo(str(how.get("folder", "")) + name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.extra, info.comment = how.get("extra", b""), how.get("comment", b"")  # type: ignore[assignment]
            with archive.open(info, "w", force_zip64=bool(how.get("zip64"))) as file:
                file.write(data)
        archive.comment = how.get("note", b"")  # type: ignore[assignment]
    return raw.getvalue()


def lying(field: str, change: int, where: str = "both", raw: bytes = b"") -> bytes:
    """The first member's header saying another size, sum or flag; in the directory, in the local header, or in both."""
    data = bytearray(raw or packed())
    offset, form = {"flags": (2, "<H"), "method": (4, "<H"), "crc": (10, "<L"), "packed": (14, "<L"), "size": (18, "<L")}[field]
    for mark, start in ((b"PK\1\2", 6), (b"PK\3\4", 4)):
        if where in ("both", {"PK\1\2": "directory", "PK\3\4": "local"}[mark.decode()]):
            place = data.find(mark) + start + offset
            struct.pack_into(form, data, place, (struct.unpack_from(form, data, place)[0] + change) % (1 << 8 * struct.calcsize(form)))
    return bytes(data)


def moved(data: bytes, by: int) -> bytes:
    """Bytes put before it, with every offset set right: a directory reader notices nothing."""
    out = bytearray(b"\0" * by + data)
    end = len(out) - 22
    start = struct.unpack_from("<L", out, end + 16)[0]
    struct.pack_into("<L", out, end + 16, start + by)
    place = start + by
    while out[place : place + 4] == b"PK\1\2":
        struct.pack_into("<L", out, place + 42, struct.unpack_from("<L", out, place + 42)[0] + by)
        place += 46 + struct.unpack_from("<H", out, place + 28)[0]
    return bytes(out)


def shorter() -> bytes:
    """A stream that goes on behind the size and the sum that its header says."""
    first, *rest = members().items()
    more = zip_of({name: data.decode() for name, data in [(first[0], first[1] + b"x\n"), *rest]})
    size, crc = len(first[1]), zlib.crc32(first[1])
    data = bytearray(more)
    for mark, start in ((b"PK\1\2", 6), (b"PK\3\4", 4)):
        struct.pack_into("<L", data, data.find(mark) + start + 10, crc)
        struct.pack_into("<L", data, data.find(mark) + start + 18, size)
    return bytes(data)


SHAPES: dict[str, Callable[[], bytes]] = {
    "a byte before": lambda: b"\0" + GOOD, "a program before": lambda: moved(GOOD, 512), "a byte behind": lambda: GOOD + b"\0",
    "two, one behind the other": lambda: GOOD + GOOD, "two, offsets right": lambda: GOOD + moved(GOOD, len(GOOD))[len(GOOD) :],
    "a note of the zip": lambda: packed(note=b"hello"), "a note of a member": lambda: packed(comment=b"x"),
    "an extra field": lambda: packed(extra=b"UT\5\0\1\0\0\0\0"), "another name in an extra field": lambda: packed(extra=b"up\6\0\1\0\0\0\0x"),
    "sizes behind": lambda: packed(stream=True), "zip64": lambda: packed(zip64=True), "a folder": lambda: packed(folder="x/"),
    "a member too many": lambda: packed(more={"more": b""}), "a member twice": lambda: packed(more={"seals.jsonl": members()["seals.jsonl"]}),
    "another size in both": lambda: lying("size", 1), "a smaller size in both": lambda: lying("size", -1),
    "another size in the directory": lambda: lying("size", 1, "directory"), "another size before the member": lambda: lying("size", 1, "local"),
    "another sum": lambda: lying("crc", 1), "a sum of the directory": lambda: lying("crc", 1, "directory"),
    "a packed size": lambda: lying("packed", -1), "encrypted": lambda: lying("flags", 1), "strongly encrypted": lambda: lying("flags", 65),
    "encrypted by the directory": lambda: lying("flags", 1, "directory"), "a descriptor": lambda: lying("flags", 8), "bzip2": lambda: lying("method", 4),
    "stored, says one": lambda: lying("method", -8, "directory"), "goes on": shorter, "cut": lambda: GOOD[:-1], "the end alone": lambda: GOOD[-22:],
    "nothing": lambda: b"PK", "a gap": lambda: GOOD[: GOOD.index(b"PK\1\2")] + b"\0" + GOOD[GOOD.index(b"PK\1\2") :],
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_another_layout_is_unreadable_to_both(shape: Callable[[], bytes]) -> None:
    """Whatever a lenient reader would make of it."""
    raw = shape()
    assert v.check_bytes(raw if raw.startswith(b"PK") else b"PK" + raw, v.Trust(now=NOW)).verdict == "unreadable"
    assert v.check_bytes(raw, v.Trust(now=NOW)).exit_code == 3
    with pytest.raises(InputRejected) as caught:
        of_bundle(raw, "b")
    assert caught.value.code == "INPUT.BUNDLE"


def test_the_layout_of_the_page_is_read_stored_or_deflated_in_any_order() -> None:
    """However hard it was deflated, whatever the day of a member."""
    plain = members()
    names = list(plain)
    for order in (names, names[::-1]):
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raw = io.BytesIO()
            with zipfile.ZipFile(raw, "w", method, compresslevel=1) as archive:
                for name in order:
                    archive.writestr(zipfile.ZipInfo(name, (2026, 11, 24, 3, 4, 6)), plain[name], method)
            for data in (raw.getvalue(), zip_of({name: plain[name].decode() for name in order})):
                assert v.unpack(data, v.Budget(len(data))) == plain
                assert [Bundle(data, "b").note, len(list(Bundle(data, "b").entries()))] == [plain["checkpoint.note"].decode(), len(control().rows)]


def test_every_bit_of_the_headers_and_the_directory_is_judged_alike() -> None:
    """What one reads the other reads, with the same members; all else is unreadable to both."""
    raw = zip_of({name: data.decode() for name, data in members().items()})
    start = raw.index(b"PK\1\2")
    places = [*range(30), *range(start, len(raw))]
    for place in places:
        for bit in (1, 16, 128):
            mutant = raw[:place] + bytes([raw[place] ^ bit]) + raw[place + 1 :]
            try:
                product: object = v.sha256(*(b"%d%b%b" % row for row in Bundle(mutant, "b").entries()))
            except LedgerError:
                product = None
            try:
                own: object = v.unpack(mutant, v.Budget(len(mutant)))["entries.jsonl"]
            except v.Unreadable:
                own = None
            assert (product is None) == (own is None), (place, bit)
