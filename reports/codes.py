"""Two codes a telephone can read: a plain sentence, and the signed checkpoint for a verifier."""

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from segno.encoder import DataOverflowError

from reports.block import BOLD, MM, QUIET, Block
from reports.page import FRAME_WIDTH
from reports.text import Style, draw_lines, set_lines

_QUIET_ZONE = 4  # modules, ISO/IEC 18004
_SMALLEST = 30 * MM
_MODULE = 0.45 * MM  # read from paper at 150 dpi and up
_LARGEST_VERSION = 20
_GAP = 5 * MM
_HEADING = Style(size=9, leading=14, face=BOLD)
_CAPTION = Style(size=8, leading=12, colour=QUIET)

TOO_LONG = "内容过长，未印二维码；内容见附件。"


def matrix(text: str) -> list[list[bool]] | None:
    """The dark modules of the code of `text` (UTF-8 bytes, correction level M), or None above version 20."""
    try:
        # As bytes: a telephone takes a byte code for UTF-8, and half a surrogate is left to the glyph gate to report.
        code = segno.make_qr(text.encode("utf-8", "replace"), error="m", mode="byte", boost_error=False)
    except DataOverflowError:
        return None
    if int(code.version) > _LARGEST_VERSION:
        return None
    return [[bool(module) for module in row] for row in code.matrix]


@dataclass(frozen=True)
class Code:
    """What a code holds and what is printed beside it."""

    content: str
    heading: str
    caption: str


class Codes(Block):
    """Codes beside each other, each with its caption to the right; never cut."""

    def __init__(self, codes: Sequence[Code]) -> None:
        super().__init__()
        self.codes = codes
        self.spaceBefore, self.spaceAfter = 6, 6
        self._slot = (FRAME_WIDTH - _GAP * (len(codes) - 1)) / len(codes)
        self._matrices = [matrix(code.content) for code in codes]
        self._sizes = [max(_SMALLEST, (len(m) + 2 * _QUIET_ZONE) * _MODULE) if m else 0.0 for m in self._matrices]
        self._captions = [set_lines(code.caption if m else code.caption + TOO_LONG, self._slot - size - 4, _CAPTION)
                          for code, m, size in zip(codes, self._matrices, self._sizes, strict=True)]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As high as the highest code or caption."""
        captions = (len(lines) * _CAPTION.leading + _HEADING.leading for lines in self._captions)
        self.height = max(*self._sizes, *captions)
        return FRAME_WIDTH, self.height

    def draw(self) -> None:
        """Modules as black runs without gaps, on the paper's white."""
        for index, (code, dark, size) in enumerate(zip(self.codes, self._matrices, self._sizes, strict=True)):
            left = index * (self._slot + _GAP)
            if dark:
                self._draw_modules(dark, left, size)
            room = self._slot - size - 4
            draw_lines(self.canv, [code.heading], _HEADING, x=left + size + 4, top=self.height - 2, width=room)
            draw_lines(self.canv, self._captions[index], _CAPTION, x=left + size + 4,
                       top=self.height - 2 - _HEADING.leading, width=room)

    def _draw_modules(self, dark: list[list[bool]], left: float, size: float) -> None:
        module = size / (len(dark) + 2 * _QUIET_ZONE)
        path = self.canv.beginPath()
        for y, row in enumerate(dark):
            x = 0
            while x < len(row):
                end = x
                while end < len(row) and row[end]:
                    end += 1
                if end > x:
                    path.rect(left + (x + _QUIET_ZONE) * module, self.height - (y + 1 + _QUIET_ZONE) * module,
                              (end - x) * module, module)
                x = end + 1
        self.canv.setFillColorRGB(0, 0, 0)
        self.canv.drawPath(path, stroke=0, fill=1)
