"""The two faces of every paper: checked, registered once, measured, and asked what they can draw."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from ledger.errors import InputRejected, StorageTrouble
from ledger.words import Said
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
    """Widths by code point; what the face lacks is taken as an em and never drawn (see `require_glyphs`)."""

    def __missing__(self, code: int) -> int:
        return 1000


@cache
def _advances(name: str) -> _Advances:
    advances = _Advances(face(name).face.charWidths)
    advances[ord("\t")] = advances[ord(" ")]
    return advances


def measure(text: str, name: str, size: float) -> float:
    """Width of one line of `text` in points, the sum of its advances; a tab is as wide as a space."""
    return sum(map(_advances(name).__getitem__, map(ord, text))) * size / 1000


def missing_glyphs(texts: Iterable[str]) -> list[str]:
    """The characters no face can draw, each once, in code order."""
    wanted = set().union(*texts) - LAYOUT_CHARACTERS
    drawable = face(REGULAR).face.charToGlyph, face(BOLD).face.charToGlyph
    return sorted(char for char in wanted if any(ord(char) not in glyphs for glyphs in drawable))


def require_glyphs(texts: Iterable[str]) -> None:
    """Pass only when every character can be drawn; called before the first stroke.

    Raises:
        InputRejected: REPORT.GLYPH with all characters that cannot; a blank box never stands in a paper.
    """
    missing = missing_glyphs(texts)
    if missing:
        listed = "、".join(map(_described, missing[:40])) + " …" * (len(missing) > 40)
        raise InputRejected("REPORT.GLYPH", listed=Said(listed), characters=[f"U+{ord(char):04X}" for char in missing])


def _described(char: str) -> str:
    shown = f"{char} " if char.isprintable() and not unicodedata.combining(char) else ""
    return f"{shown}(U+{ord(char):04X} {unicodedata.name(char, '–')})"
