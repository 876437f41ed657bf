"""A run of plain text on the page, set by our own line breaker; no character in it is markup."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from reports.block import BOLD, INK, REGULAR, Block, Colour
from reports.linebreak import break_lines
from reports.typeface import drawable, measure

Align = Literal["left", "center", "right"]

_LEAST, _KEPT = 2, 12  # lines: on either side of a cut; of a labelled paragraph that is not cut
ASCENT = 0.88  # of the em box; ideographs stand in it evenly


@dataclass(frozen=True)
class Style:
    """How text looks; sizes in points."""

    size: float = 10.5
    leading: float = 17
    face: str = REGULAR
    colour: Colour = INK
    align: Align = "left"
    indent: float = 0  # of every line; the label stands in it
    before: float = 0
    after: float = 0


def set_lines(text: str, width: float, style: Style) -> list[str]:
    """The lines of `text` in a column of `width` points."""
    return break_lines(drawable(text), width, partial(measure, name=style.face, size=style.size))


def draw_lines(canvas: Any, lines: Sequence[str], style: Style, *, x: float, top: float, width: float,
               align: Align | None = None) -> None:
    """Draw lines downwards from `top`; each is placed in `width` by `align`, else by the style's alignment."""
    placed = align or style.align
    canvas.setFont(style.face, style.size)
    canvas.setFillColorRGB(*style.colour)
    baseline = top - (style.leading - style.size) / 2 - ASCENT * style.size
    for line in lines:
        shown = drawable(line).rstrip(" \u3000\t").replace("\t", " ")
        if shown:
            slack = 0.0 if placed == "left" else width - measure(shown, style.face, style.size)
            canvas.drawString(x + (slack / 2 if placed == "center" else slack), baseline, shown)
        baseline -= style.leading


class Text(Block):
    """A paragraph of plain text; a cut leaves two lines on either side. A label stands bold before its first line, and a labelled one of a few lines is kept whole."""

    def __init__(self, text: str, style: Style, *, label: str = "", lines: Sequence[str] | None = None) -> None:
        super().__init__()
        self.text = text
        self.style = style
        self.label = label
        self.spaceBefore = style.before
        self.spaceAfter = style.after
        self._lines = lines
        self._width = 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The whole width, and a leading for each line."""
        self._width = width - self.style.indent
        if self._lines is None:
            self._lines = set_lines(self.text, self._width, self.style)
        return width, len(self._lines) * self.style.leading

    def split(self, width: float, height: float) -> Sequence[Block]:
        """Two paragraphs, the first with as many lines as fit; none where it is better moved to the next page whole."""
        self.wrap(width, height)
        lines = self._lines or []
        fitting = min(int(height // self.style.leading), len(lines) - _LEAST)
        if fitting < _LEAST or (self.label and len(lines) <= _KEPT):
            return []
        return [Text("", replace(self.style, after=0), label=self.label, lines=lines[:fitting]),
                Text("", replace(self.style, before=0), lines=lines[fitting:])]

    def draw(self) -> None:
        """Set the label and the lines."""
        lines = self._lines or []
        top = len(lines) * self.style.leading
        draw_lines(self.canv, [self.label], replace(self.style, face=BOLD), x=0, top=top, width=self.style.indent)
        draw_lines(self.canv, lines, self.style, x=self.style.indent, top=top, width=self._width)


class Heading(Text):
    """A line that also stands in the reader's outline."""

    def draw(self) -> None:
        """Set the lines and mark the place."""
        super().draw()
        self.canv.mark_section(self.text.replace("\n", " ")[:80])
