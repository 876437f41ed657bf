"""The first page's picture: four key figures, and two bars of the same money, by origin and by state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.block import BOLD, INK, QUIET, WARM, Block, Colour
from reports.page import FRAME_WIDTH
from reports.text import Style, draw_lines, set_lines
from reports.typeface import measure

_NAME = Style(size=9, leading=14, colour=QUIET)
_VALUE = Style(size=17, leading=25, face=BOLD)
_EXACT = Style(size=7.5, leading=11, colour=QUIET)
_LABEL = Style(size=8, leading=12)
_TILE_GAP = 6.0
_BAR = 15.0


@dataclass(frozen=True)
class KeyFigure:
    """A figure to be read from two metres; `open_end` sets it in the warm colour, with a bar at its left."""

    name: str
    value: str
    exact: str
    open_end: bool = False


class KeyFigures(Block):
    """Key figures in one row, each set as large as its place allows."""

    def __init__(self, figures: Sequence[KeyFigure]) -> None:
        super().__init__()
        self.figures = figures
        self.spaceBefore, self.spaceAfter = 8, 10
        self._width = (FRAME_WIDTH - _TILE_GAP * (len(figures) - 1)) / len(figures)
        room = self._width - 12
        widest = max(measure(figure.value, BOLD, _VALUE.size) for figure in figures)
        self._value = replace(_VALUE, size=min(_VALUE.size, _VALUE.size * room / widest))
        self._exacts = [set_lines(figure.exact, room, _EXACT) for figure in figures]
        self._height = 10 + _NAME.leading + _VALUE.leading + max(map(len, self._exacts)) * _EXACT.leading

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """One row."""
        return FRAME_WIDTH, self._height

    def draw(self) -> None:
        """A rule above each, the open one heavier and warm."""
        for index, figure in enumerate(self.figures):
            x, top = index * (self._width + _TILE_GAP), self._height
            colour = WARM if figure.open_end else INK
            self.canv.setFillColorRGB(*(colour if figure.open_end else QUIET))
            thick = 3.0 if figure.open_end else 1.0
            self.canv.rect(x, top - thick, self._width, thick, stroke=0, fill=1)
            top -= 7
            draw_lines(self.canv, [figure.name], _NAME, x=x, top=top, width=self._width)
            top -= _NAME.leading
            draw_lines(self.canv, [figure.value], replace(self._value, colour=colour), x=x, top=top, width=self._width)
            top -= _VALUE.leading
            draw_lines(self.canv, self._exacts[index], _EXACT, x=x, top=top, width=self._width)


@dataclass(frozen=True)
class Share:
    """A part of a bar; `fill` is a grey, or hatched in the warm colour for what is open."""

    name: str
    amount_fen: int
    label: str
    fill: Colour | None


@dataclass(frozen=True)
class Bar:
    """A name and its shares, which make the whole."""

    name: str
    shares: tuple[Share, ...]


GREYS: tuple[Colour, ...] = ((0.20, 0.23, 0.28), (0.42, 0.46, 0.52), (0.62, 0.66, 0.71), (0.80, 0.82, 0.85), (1, 1, 1))


class Bars(Block):
    """Bars of one length, each with its legend beneath: read by order and amount, not by colour alone."""

    def __init__(self, bars: Sequence[Bar]) -> None:
        super().__init__()
        self.bars = bars
        self.spaceBefore, self.spaceAfter = 4, 8
        self._legends = [_legend(bar.shares) for bar in bars]
        self._height = sum(_LABEL.leading + 3 + _BAR + 3 + (legend[-1][1] + 1) * _LABEL.leading + 8
                           for legend in self._legends)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """All bars under each other."""
        return FRAME_WIDTH, self._height

    def draw(self) -> None:
        """Name, bar, legend."""
        top = self._height
        for bar, legend in zip(self.bars, self._legends, strict=True):
            draw_lines(self.canv, [bar.name], replace(_LABEL, face=BOLD), x=0, top=top, width=FRAME_WIDTH)
            top -= _LABEL.leading + 3 + _BAR
            self._draw_bar(bar, top)
            top -= 3
            for share, (x, line) in zip(bar.shares, legend, strict=True):
                y = top - line * _LABEL.leading
                self._draw_share(share, x, y - 9.5, 8, 7)
                draw_lines(self.canv, [_entry(share)], _LABEL, x=x + 12, top=y, width=FRAME_WIDTH)
            top -= (legend[-1][1] + 1) * _LABEL.leading + 8

    def _draw_bar(self, bar: Bar, bottom: float) -> None:
        whole = sum(share.amount_fen for share in bar.shares)
        passed = 0
        for share in bar.shares:
            x = FRAME_WIDTH * passed / whole
            passed += share.amount_fen
            self._draw_share(share, x, bottom, FRAME_WIDTH * passed / whole - x, _BAR)

    def _draw_share(self, share: Share, x: float, y: float, width: float, height: float) -> None:
        canvas = self.canv
        canvas.saveState()
        if share.fill is None:
            path = canvas.beginPath()
            path.rect(x, y, width, height)
            canvas.clipPath(path, stroke=0, fill=0)
            canvas.setStrokeColorRGB(*WARM)
            canvas.setLineWidth(1.1)
            step = 4
            for start in range(-int(height) - step, int(width) + step, step):
                canvas.line(x + start, y, x + start + height, y + height)
        else:
            canvas.setFillColorRGB(*share.fill)
            canvas.rect(x, y, width, height, stroke=0, fill=1)
        canvas.restoreState()
        canvas.setStrokeColorRGB(*(WARM if share.fill is None else INK))
        canvas.setLineWidth(0.5)
        canvas.rect(x, y, width, height, stroke=1, fill=0)


def _entry(share: Share) -> str:
    return f"{share.name} {share.label}"


def _legend(shares: Sequence[Share]) -> list[tuple[float, int]]:
    """Where each legend entry stands: its x and its line."""
    places: list[tuple[float, int]] = []
    x, line = 0.0, 0
    for share in shares:
        width = 12 + measure(_entry(share), _LABEL.face, _LABEL.size) + 14
        if x and x + width > FRAME_WIDTH + 14:
            x, line = 0.0, line + 1
        places.append((x, line))
        x += width
    return places
