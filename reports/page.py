"""The sheet: A4, one column, a mark and a title at the head, what this paper is and is not at the foot of each page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from reports.block import MM, QUIET, REGULAR, RULE, Block
from reports.text import Style, draw_lines, set_lines
from reports.typeface import measure, register, require_glyphs

PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
SIDE, TOP, BOTTOM = 20 * MM, 22 * MM, 24 * MM
FRAME_WIDTH = PAGE_WIDTH - 2 * SIDE
FRAME_HEIGHT = PAGE_HEIGHT - TOP - BOTTOM

_SMALL = Style(size=7.5, leading=11, colour=QUIET)
_NUMBER_WIDTH = 100.0


@dataclass(frozen=True)
class Margins:
    """What stands at the head and the foot of every page."""

    title: str
    marks: str
    statement: str
    evidence: str


def draw_pages(story: Sequence[Block], margins: Margins) -> bytes:
    """The raw PDF of a story, the same bytes for the same story; finished by `reports.pdf`.

    Raises:
        InputRejected: REPORT.GLYPH before anything is drawn.
        StorageTrouble: PAPER.FONT.
    """
    register()
    margin_texts = (margins.title, margins.marks, margins.statement, margins.evidence)
    require_glyphs([*margin_texts, *(text for block in story for text in block.texts())])
    buffer = BytesIO()
    document = BaseDocTemplate(buffer, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=0, invariant=1,
                               initialFontName=REGULAR, initialFontSize=10, title=margins.title, lang="zh-CN")
    frame = Frame(SIDE, BOTTOM, FRAME_WIDTH, FRAME_HEIGHT, 0, 0, 0, 0)
    document.addPageTemplates(
        PageTemplate("page", [frame], onPage=lambda canvas, _: _draw_margins(canvas, margins), pagesize=None))
    document.build(list(story), canvasmaker=_Canvas)
    return buffer.getvalue()


class _Canvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A canvas that numbers its sections and, at the end, says how many pages it had."""

    _sections = 0

    def mark_section(self, title: str) -> None:
        self._sections += 1
        key = f"section-{self._sections}"
        self.bookmarkPage(key)
        self.addOutlineEntry(title, key, level=0)

    def save(self) -> None:
        # The number of pages is known only now; each page already refers to a form of its own by name.
        pages = self.getPageNumber() - 1
        for page in range(1, pages + 1):
            self.beginForm(_number_form(page), lowerx=0, lowery=-4, upperx=_NUMBER_WIDTH, uppery=12)
            draw_lines(self, [f"第 {page} 页　共 {pages} 页"], replace(_SMALL, align="right"), x=0, top=_SMALL.leading,
                       width=_NUMBER_WIDTH)
            self.endForm()
        super().save()


def _number_form(page: int) -> str:
    return f"page-{page}"


def _draw_margins(canvas: Any, margins: Margins) -> None:
    canvas.saveState()
    canvas.setStrokeColorRGB(*RULE)
    canvas.setLineWidth(0.4)
    head, foot = PAGE_HEIGHT - TOP + 10, BOTTOM - 12
    canvas.line(SIDE, head, SIDE + FRAME_WIDTH, head)
    canvas.line(SIDE, foot, SIDE + FRAME_WIDTH, foot)
    _line(canvas, margins.title, SIDE, head + 14, FRAME_WIDTH * 0.6)
    _line(canvas, margins.marks, SIDE + FRAME_WIDTH * 0.6, head + 14, FRAME_WIDTH * 0.4, align="right")
    _line(canvas, margins.statement, SIDE, foot - 3, FRAME_WIDTH * 0.78)
    _line(canvas, margins.evidence, SIDE, foot - 3 - _SMALL.leading, FRAME_WIDTH)
    canvas.translate(SIDE + FRAME_WIDTH - _NUMBER_WIDTH, foot - 3 - _SMALL.leading)
    canvas.doForm(_number_form(canvas.getPageNumber()))
    canvas.restoreState()


def _line(canvas: Any, text: str, x: float, top: float, width: float, align: str = "left") -> None:
    """One line and no more: a longer text is cut with an ellipsis, it stands in full on the first page."""
    lines = set_lines(text, width, _SMALL)
    shown = lines[0].rstrip()
    if len(lines) > 1:
        while shown and measure(shown + "…", _SMALL.face, _SMALL.size) > width:
            shown = shown[:-1]
        shown += "…"
    slack = width - measure(shown, _SMALL.face, _SMALL.size) if align == "right" else 0
    draw_lines(canvas, [shown], _SMALL, x=x + slack, top=top, width=width)
