"""Small PDFs that carry a disclosure, written by hand so that every byte of them can be wrong."""

from __future__ import annotations

import zlib


def written(objects: dict[int, bytes], *, root: int = 1, before: bytes = b"", prev: int = -1, extra: bytes = b"") -> bytes:
    """A PDF of these objects with a classic table; `before` and `prev` make it an incremental update."""
    out, places = before or b"%PDF-1.7\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max([*objects, 9]) + 1
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()))
    more = b" /Prev %d" % prev if prev >= 0 else b""
    return out + b"xref\n0 1\n0000000000 65535 f \n%strailer\n<< /Size %d /Root %d 0 R%s%s >>\nstartxref\n%d\n%%%%EOF\n" % (
        rows, size, root, more, extra, start,
    )  # fmt: skip


def stream(data: bytes, words: bytes = b"") -> bytes:
    """A deflated stream."""
    raw = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode%s >>\nstream\n%s\nendstream" % (len(raw), words, raw)


def carrying(text: bytes, name: bytes = b"(disclosure.json)") -> dict[int, bytes]:
    """The objects of a PDF with one embedded file."""
    return {
        1: b"<< /Type /Catalog /Names << /EmbeddedFiles 2 0 R >> /AF [4 0 R] >>",
        2: b"<< /Kids [3 0 R] >>",
        3: b"<< /Names [%s 4 0 R] /Limits [%s %s] >>" % (name, name, name),
        4: b"<< /Type /Filespec /F %s /UF %s /EF << /F 5 0 R /UF 5 0 R >> >>" % (name, name),
        5: stream(text, b" /Type /EmbeddedFile"),
    }


def start_of(pdf: bytes) -> int:
    """Where the newest cross-reference section begins."""
    return int(pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
