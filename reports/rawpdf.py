"""The bytes of a PDF by themselves: what they may unpack to, before anybody opens it, and that each of them belongs to something."""

import re
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Pdf

from ledger.outside.zips import most_unpacked
from ledger.words import Fault

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/?[^\s/\[\]<>()]+)")
_ODD_NAME = re.compile(rb"#(?!2f|2F|20)")
_PLAIN_FILTER = re.compile(rb"\[?\s*/FlateDecode\s*\]?")
_OBJECT = re.compile(rb"(\d{1,10})\s+(\d{1,5})\s+obj\b")
_BETWEEN = re.compile(rb"(?:[\0\t\n\x0c\r ]|%[^\r\n]*(?:[\r\n]|\Z))*")
_SECTION = re.compile(rb"xref\s[\d\snf]*trailer\s*<<[^%]*?>>\s*(?=startxref)")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
_PIECE = 1 << 16


def require_modest(data: bytes) -> None:
    """Raise Fault for a PDF that unpacks to more than its length can hold, or is packed in a way no paper is.

    Streams of objects and of cross-references, which a reader unpacks and takes apart, have a budget of their own.
    """
    left, structure, at = most_unpacked(len(data)), (1 << 18) + len(data), 0
    plain: list[bytes] = []
    for match in _STREAM.finditer(data):
        if match.start() < at:
            continue  # within the stream before
        words = data[at : match.start()]
        plain.append(words)
        size, at = _unpacked(data, match.end(), left)
        left -= size
        structure -= size if b"/ObjStm" in words or b"/XRef" in words else 0
        if left < 0 or structure < 0:
            raise Fault("ZIP:large", limit=most_unpacked(len(data)))
    plain.append(data[at:])
    for words in plain:
        if _ODD_NAME.search(words) or not all(_PLAIN_FILTER.fullmatch(found[1]) for found in _FILTER.finditer(words)):
            raise Fault("PDF:packed")


def _unpacked(data: bytes, start: int, limit: int) -> tuple[int, int]:
    """How many bytes a stream gives, at most one more than `limit`, and where it ends; one that is not deflated ends at its keyword."""
    inflater, size, at = zlib.decompressobj(), 0, start
    try:
        while at < len(data) and not inflater.eof and size <= limit:
            size += len(inflater.decompress(data[at : at + _PIECE], limit + 1 - size))
            at += _PIECE - len(inflater.unconsumed_tail)
    except zlib.error:
        size = 0
    if inflater.eof:
        return size, min(at, len(data)) - len(inflater.unused_data)
    end = data.find(b"endstream", start)
    return size, len(data) if end < 0 else end


def is_accounted_for(data: bytes, pdf: Pdf) -> bool:
    """Whether every byte belongs to an object, each of which stands once, or to a cross-reference section; an end, and nothing behind it."""
    at, seen, ends = 0, set[int](), 0
    while True:
        gap = _BETWEEN.match(data, at)
        assert gap
        if _OBJECT.search(gap[0]):
            return False
        at = gap.end()
        if at == len(data):
            return ends > 0
        if match := _OBJECT.match(data, at):
            number = int(match[1])
            end = _end_of(data, match.end(), pdf.get_object(number, int(match[2])))
            if number in seen or end < 0:
                return False
            seen.add(number)
            at = end
        elif match := _SECTION.match(data, at) or _END.match(data, at):
            ends += match[0].startswith(b"startxref")
            at = match.end()
        else:
            return False


def _end_of(data: bytes, at: int, item: object) -> int:
    """Where the object that begins before `at` ends, or -1."""
    if isinstance(item, pikepdf.Stream):
        raw, match = bytes(item.read_raw_bytes()), _STREAM.search(data, at)
        if not match or data[match.end() : match.end() + len(raw)] != raw:
            return -1
        at = match.end() + len(raw)
        ending = re.compile(rb"\s*endstream\s*endobj").match(data, at)
        return ending.end() if ending else -1
    end = data.find(b"endobj", at)
    return end + 6 if end >= 0 else -1


def unreached(pdf: Pdf, reached: set[tuple[int, int]]) -> Iterator[object]:
    """The objects that nothing of a paper points at, but for those that say how the file is packed."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Object) and item.objgen not in reached and not _is_packing(item):
            yield item


def _is_packing(item: pikepdf.Object) -> bool:
    if isinstance(item, pikepdf.Stream):
        is_hint = set(item.stream_dict.keys()) <= {"/S", "/Length", "/Filter"} and "/S" in item.stream_dict
        return is_hint or item.stream_dict.get("/Type") in (pikepdf.Name.ObjStm, pikepdf.Name.XRef)
    return isinstance(item, pikepdf.Dictionary) and "/Linearized" in item
