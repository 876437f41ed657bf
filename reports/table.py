"""A table of plain text with a repeated header: rules between rows, amounts to the right, any number of rows.

A table is one list of set rows and the part of it that is still to be drawn; cutting it at a page's end moves two
numbers and copies nothing, so ten thousand rows cost ten thousand times one.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from reports.block import BOLD, INK, RULE, Block
from reports.page import FRAME_HEIGHT, FRAME_WIDTH
from reports.text import Align, Style, draw_lines, set_lines
from reports.typeface import measure

BODY = Style(size=8.5, leading=12.5)
_HEAD = Style(size=8, leading=11.5, face=BOLD)
_PAD_X, _PAD_Y = 4.0, 2.6
_NARROWEST = 24.0
# A column short by this little is given the rest: better one wide text in three lines than many with one last character.
_NEARLY = 1.25
# A row of more lines than this, half a page, is set in parts that may stand on different pages.
_MOST_LINES = int(FRAME_HEIGHT / 2 / BODY.leading)


@dataclass(frozen=True)
class Column:
    """A column's heading; `weight` 0 takes the width its content needs, others share what is left by weight."""

    title: str
    weight: float = 0
    align: Align = "left"


@dataclass(frozen=True)
class Row:
    """One line of a table; `strong` is for totals, set bold under a rule and kept with the row before."""

    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True)
class _SetRow:
    lines: tuple[Sequence[str], ...]
    height: float
    strong: bool
    continued: bool = False  # a later part of the row before


class Table(Block):
    """Rows under a header that is drawn again on each page.

    A row higher than half a page may be cut between its lines, so no content is too high for the paper. A total is
    never alone at the top of a page.
    """

    def __init__(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        super().__init__()
        assert all(len(row.cells) == len(columns) for row in rows), "a row has one cell a column"
        self.columns = columns
        self._aligns = [column.align for column in columns]
        self.spaceBefore, self.spaceAfter = 4, 4
        self._texts: Sequence[str] = [text for row in rows for text in row.cells]
        self.widths = column_widths(columns, rows)
        self._header, = _set(Row(tuple(column.title for column in columns)), self.widths, _HEAD)
        self._rows = [part for row in rows for part in _set(row, self.widths, _body(row.strong))]
        self._ends = list(accumulate((row.height for row in self._rows), initial=0.0))
        self._from, self._to = 0, len(self._rows)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As high as the header and the rows of this part."""
        return FRAME_WIDTH, self._header.height + self._ends[self._to] - self._ends[self._from]

    def split(self, width: float, height: float) -> Sequence[Block]:
        """As many rows as fit, and the rest."""
        room = height - self._header.height
        if room < 0:
            return []
        cut = bisect_right(self._ends, self._ends[self._from] + room + 1e-6) - 1
        while self._from < cut < self._to and self._rows[cut].strong:
            cut -= 1
        if cut == self._from and self.wrap(width, height)[1] > FRAME_HEIGHT:
            cut += 1  # nothing but totals, more of them than a page holds
        if cut == self._from or self._ends[cut] - self._ends[self._from] > room + 1e-6:
            return []
        return [self._part(start, stop) for start, stop in ((self._from, cut), (cut, self._to)) if start < stop]

    def _part(self, start: int, stop: int) -> "Table":
        part = Table(self.columns, ())
        part.spaceBefore, part.spaceAfter = 0, self.spaceAfter
        part.widths, part._header = self.widths, self._header
        part._rows, part._ends, part._texts = self._rows, self._ends, ()
        part._from, part._to = start, stop
        return part

    def draw(self) -> None:
        """Header, rows and rules, from the top."""
        canvas = self.canv
        top = self.wrap(0, 0)[1]
        self._rule(top, 0.9)
        self._draw_row(self._header, _HEAD, top)
        top -= self._header.height
        self._rule(top, 0.6)
        for index in range(self._from, self._to):
            row = self._rows[index]
            if index > self._from and not row.continued:
                canvas.setLineWidth(0.6 if row.strong and not self._rows[index - 1].strong else 0.25)
                canvas.setStrokeColorRGB(*(INK if row.strong else RULE))
                canvas.line(0, top, FRAME_WIDTH, top)
            self._draw_row(row, _body(row.strong), top)
            top -= row.height
        self._rule(top, 0.9 if self._to == len(self._rows) else 0.4)

    def _rule(self, y: float, width: float) -> None:
        self.canv.setStrokeColorRGB(*INK)
        self.canv.setLineWidth(width)
        self.canv.line(0, y, FRAME_WIDTH, y)

    def _draw_row(self, row: _SetRow, style: Style, top: float) -> None:
        x = 0.0
        for align, width, lines in zip(self._aligns, self.widths, row.lines, strict=True):
            draw_lines(self.canv, lines, style, align=align, x=x + _PAD_X, top=top - _PAD_Y, width=width - 2 * _PAD_X)
            x += width


def column_widths(columns: Sequence[Column], rows: Sequence[Row]) -> list[float]:
    """Widths in points that fill the frame: columns of `weight` 0 first, then the rest by weight and by need.

    Where the columns of weight 0 leave less than a third to the others, they are narrowed and their text is broken.
    """
    needs = [_natural(column, index, rows) for index, column in enumerate(columns)]
    widths = [0.0 if column.weight else need for column, need in zip(columns, needs, strict=True)]
    flexible = {index: column.weight for index, column in enumerate(columns) if column.weight}
    most = FRAME_WIDTH * 2 / 3 if flexible else FRAME_WIDTH
    asked = sum(widths)
    if asked > most or not flexible:
        widths = [width * most / asked for width in widths]
    rest = FRAME_WIDTH - sum(widths)
    content = _shared(rest, flexible, needs)
    return [content.get(index, width) for index, width in enumerate(widths)]


def _shared(rest: float, weights: dict[int, float], needs: Sequence[float]) -> dict[int, float]:
    """`rest` by weight, but no column gets more than it needs as long as another is short."""
    widths: dict[int, float] = {}
    short = dict(weights)
    while True:
        left = rest - sum(widths.values())
        share = {index: left * weight / sum(short.values()) for index, weight in short.items()}
        content = [index for index in short if needs[index] <= share[index]]
        if not content:
            near = [index for index in short if needs[index] <= share[index] * _NEARLY]
            content = near if len(near) < len(short) else []
        if not content:
            return widths | share
        if len(content) == len(short):
            surplus = left - sum(needs[index] for index in short)
            return widths | {index: needs[index] + surplus * weight / sum(short.values())
                             for index, weight in short.items()}
        for index in content:
            widths[index] = needs[index]
            del short[index]


def _natural(column: Column, index: int, rows: Sequence[Row]) -> float:
    cells = (measure(line, _body(row.strong).face, BODY.size) for row in rows for line in row.cells[index].split("\n"))
    heading = max(measure(line, _HEAD.face, _HEAD.size) for line in column.title.split("\n"))
    return max(max(cells, default=0), heading, _NARROWEST - 2 * _PAD_X) + 2 * _PAD_X + 0.1


def _body(strong: bool) -> Style:
    return _STRONG if strong else BODY


_STRONG = replace(BODY, face=BOLD)


def _set(row: Row, widths: Sequence[float], style: Style) -> list[_SetRow]:
    lines = [set_lines(cell, width - 2 * _PAD_X, style) for cell, width in zip(row.cells, widths, strict=True)]
    most = max(map(len, lines))
    return [_SetRow(tuple(cell[start:start + _MOST_LINES] for cell in lines),
                    min(_MOST_LINES, most - start) * style.leading + 2 * _PAD_Y, row.strong, start > 0)
            for start in range(0, most, _MOST_LINES)]
