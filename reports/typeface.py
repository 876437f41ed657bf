"""The two faces of every paper: checked, registered once, measured, and asked what they can draw and how the rest is drawn."""

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from ledger.errors import StorageTrouble
from reports.faces import BOLD, FOLDER, REGULAR, SHA256, read_face

__all__ = ["BOLD", "FOLDER", "REGULAR", "SHA256", "read_face"]

# What the layout itself turns into a line end or a space; no glyph is asked for.
LAYOUT_CHARACTERS = frozenset("\n\t")


@cache
def face(name: str) -> Any:
    """The registered reportlab font of a name; read from the package's own folder and nowhere else.

    reportlab is given the checked bytes, not a path: what was hashed is what is embedded, and its search
    through system and temporary folders never starts.
    """
    try:
        font = TTFont(name, BytesIO(read_face(name, FOLDER)), asciiReadable=False, shapable=False)
    except TTFError:
        raise StorageTrouble("PAPER.FONT:unusable", name=name) from None
    pdfmetrics.registerFont(font)
    return font


def register() -> None:
    """Make both faces known to reportlab."""
    face(REGULAR)
    face(BOLD)


class _Advances(dict[int, int]):
    """Widths by code point; what the face lacks is as wide as the code that is drawn for it."""

    def __missing__(self, code: int) -> int:
        self[code] = width = sum(self[ord(char)] for char in _code_of(chr(code)))
        return width


@cache
def _advances(name: str) -> _Advances:
    advances = _Advances(face(name).face.charWidths)
    advances[ord("\t")] = advances[ord(" ")]
    return advances


def measure(text: str, name: str, size: float) -> float:
    """Width of one line of `text` in points, the sum of its advances; a tab is as wide as a space."""
    return sum(map(_advances(name).__getitem__, map(ord, text))) * size / 1000


def missing_glyphs(texts: Iterable[str]) -> list[str]:
    """The characters that not both faces can draw, each once, in code order."""
    return sorted(set().union(*texts) - _drawable())


def drawable(text: str) -> str:
    """A text as it is drawn: a character without a glyph stands as its code, so that no character keeps a paper from its readers."""
    if set(text) <= _drawable():
        return text
    return "".join(char if char in _drawable() else _code_of(char) for char in text)


@cache
def _drawable() -> frozenset[str]:
    regular, bold = (frozenset(face(name).face.charToGlyph) for name in (REGULAR, BOLD))
    return frozenset(map(chr, regular & bold)) | LAYOUT_CHARACTERS


def _code_of(char: str) -> str:
    return f"〔U+{ord(char):04X}〕"
