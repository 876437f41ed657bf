"""The sheet: A4, one column, a mark and a title at the head, what this paper is and is not at the foot of each page."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from reports.block import MM, QUIET, REGULAR, RULE, Block
from reports.text import Align, Style, draw_lines, set_lines
from reports.typeface import drawable, measure, register

PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
SIDE, TOP, BOTTOM = 20 * MM, 22 * MM, 24 * MM
FRAME_WIDTH = PAGE_WIDTH - 2 * SIDE
FRAME_HEIGHT = PAGE_HEIGHT - TOP - BOTTOM

_SMALL = Style(size=7.5, leading=11, colour=QUIET)
_NUMBER_WIDTH = 100.0
_TITLE_WIDTH = FRAME_WIDTH * 0.6


@dataclass(frozen=True)
class Margins:
    """What stands at the head and the foot of every page."""

    title: str
    marks: str
    statement: str
    evidence: str


def draw_pages(story: Sequence[Block], margins: Margins) -> bytes:
    """The raw PDF of a story, the same bytes for the same story; finished by `reports.pdf`.

    Raises StorageTrouble: PAPER.FONT.
    """
    register()
    buffer = BytesIO()
    document = BaseDocTemplate(buffer, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=0, invariant=1,
                               initialFontName=REGULAR, initialFontSize=10, title=margins.title, lang="zh-CN")
    fitted = _fitted(margins)
    frame = Frame(SIDE, BOTTOM, FRAME_WIDTH, FRAME_HEIGHT, 0, 0, 0, 0)
    document.addPageTemplates(
        PageTemplate("page", [frame], onPage=lambda canvas, _: _draw_margins(canvas, fitted)))
    document.build(list(story), canvasmaker=_Canvas)
    return buffer.getvalue()


class _Canvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A canvas that numbers its sections and, at the end, says how many pages it had."""

    _sections = 0

    def mark_section(self, title: str) -> None:
        self._sections += 1
        key = f"section-{self._sections}"
        self.bookmarkPage(key)
        self.addOutlineEntry(drawable(title), key, level=0)

    def save(self) -> None:
        # The number of pages is known only now; each page already refers to a form of its own by name.
        pages = self.getPageNumber() - 1
        for page in range(1, pages + 1):
            self.beginForm(_number_form(page), lowerx=0, lowery=-4, upperx=_NUMBER_WIDTH, uppery=12)
            draw_lines(self, [f"第 {page} 页　共 {pages} 页"], _SMALL, align="right", x=0, top=_SMALL.leading,
                       width=_NUMBER_WIDTH)
            self.endForm()
        super().save()


def _number_form(page: int) -> str:
    return f"page-{page}"


def _fitted(margins: Margins) -> Margins:
    """The margins cut to one line each; what is too long stands in full on the first page."""
    return Margins(_one_line(margins.title, _TITLE_WIDTH), _one_line(margins.marks, FRAME_WIDTH - _TITLE_WIDTH),
                   _one_line(margins.statement, FRAME_WIDTH - _NUMBER_WIDTH), _one_line(margins.evidence, FRAME_WIDTH))


def _one_line(text: str, width: float) -> str:
    lines = set_lines(text[:500], width, _SMALL)
    if len(lines) == 1 and len(text) <= 500:
        return text
    shown = lines[0].rstrip()
    while shown and measure(shown + "…", _SMALL.face, _SMALL.size) > width:
        shown = shown[:-1]
    return shown + "…"


def _draw_margins(canvas: Any, margins: Margins) -> None:
    canvas.saveState()
    canvas.setStrokeColorRGB(*RULE)
    canvas.setLineWidth(0.4)
    head, foot = PAGE_HEIGHT - TOP + 10, BOTTOM - 12
    canvas.line(SIDE, head, SIDE + FRAME_WIDTH, head)
    canvas.line(SIDE, foot, SIDE + FRAME_WIDTH, foot)
    _line(canvas, margins.title, head + 14)
    _line(canvas, margins.marks, head + 14, "right")
    _line(canvas, margins.statement, foot - 3)
    _line(canvas, margins.evidence, foot - 3 - _SMALL.leading)
    canvas.translate(SIDE + FRAME_WIDTH - _NUMBER_WIDTH, foot - 3 - _SMALL.leading)
    canvas.doForm(_number_form(canvas.getPageNumber()))
    canvas.restoreState()


def _line(canvas: Any, text: str, top: float, align: Align = "left") -> None:
    draw_lines(canvas, [text], _SMALL, align=align, x=SIDE, top=top, width=FRAME_WIDTH)
