"""Whether two PDFs are the same paper: the same objects with the same decoded streams, however they are numbered and packed."""

import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream

_PACKING = frozenset({"/Length", "/Filter", "/DecodeParms"})
Marks = dict[tuple[int, int], tuple[int, int]]


def same(found: Pdf, drawn: Pdf) -> Marks | None:
    """Which object of the one is which of the other, by (number, generation); None where they are not the same paper.

    What is compared is all that the catalogue and the information dictionary lead to.
    """
    pairs: Marks = {}
    ahead: list[tuple[Any, Any]] = [(found.trailer.get(name), drawn.trailer.get(name)) for name in ("/Root", "/Info")]
    while ahead:
        one, other = ahead.pop()
        if isinstance(one, Object) and isinstance(other, Object):
            if one.is_indirect and other.is_indirect:
                if one.objgen in pairs:
                    if pairs[one.objgen] != other.objgen:
                        return None
                    continue
                pairs[one.objgen] = other.objgen
            if one._type_code != other._type_code:
                return None
            inside = _inside(one, other)
            if inside is None:
                return None
            ahead += inside
        elif type(one) is not type(other) or one != other:
            return None
    return pairs


def _inside(one: Object, other: Object) -> list[tuple[Any, Any]] | None:
    """The pairs that two objects of one type hold, or None where they differ by themselves."""
    if isinstance(one, Stream) and isinstance(other, Stream):
        if not _same_bytes(one, other):
            return None
        return _members(one.stream_dict, other.stream_dict, _PACKING)
    if isinstance(one, Dictionary):
        return _members(one, other, frozenset())
    if isinstance(one, Array):
        return list(zip(one, other, strict=True)) if len(one) == len(other) else None
    return [] if one == other else None


def _members(one: Any, other: Any, but: frozenset[str]) -> list[tuple[Any, Any]] | None:
    keys = set(one.keys()) - but
    return [(one[key], other[key]) for key in keys] if keys == set(other.keys()) - but else None


def _same_bytes(one: Stream, other: Stream) -> bool:
    """Whether two streams hold the same bytes; of the first no more is unpacked than the second has."""
    expected, raw = other.read_bytes(), bytes(one.read_raw_bytes())
    words = one.stream_dict
    if "/Filter" not in words:
        return raw == expected
    if words["/Filter"] not in (pikepdf.Name.FlateDecode, [pikepdf.Name.FlateDecode]) or "/DecodeParms" in words:
        return False
    inflater = zlib.decompressobj()
    try:
        return inflater.decompress(raw, len(expected) + 1) == expected and inflater.eof
    except zlib.error:
        return False
