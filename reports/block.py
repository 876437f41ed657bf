"""What every piece of a paper is to the page: a height, a way to be cut, and a drawing."""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable

from reports.typeface import BOLD, REGULAR

Colour = tuple[float, float, float]

INK: Colour = (0.10, 0.10, 0.12)
QUIET: Colour = (0.34, 0.34, 0.37)  # 7.5:1 on white
RULE: Colour = (0.72, 0.72, 0.74)
WARM: Colour = (0.70, 0.26, 0.00)  # 5.9:1 on white; the single warm colour: money not yet at work
MM = 72 / 25.4

__all__ = ["BOLD", "INK", "MM", "QUIET", "REGULAR", "RULE", "WARM", "Block", "Colour"]


class Block(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A flowable that says its height, can be cut, and draws itself."""

    canv: Any

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size wanted in a frame of this width; the height is in points."""
        raise NotImplementedError

    def split(self, width: float, height: float) -> Sequence["Block"]:
        """Parts of which the first fits into `height`; none where the block cannot be cut there."""
        return []

    def draw(self) -> None:
        """Draw with the lower left corner at the origin."""
        raise NotImplementedError


class Gap(Block):
    """Empty height, dropped at a page's end by never being cut."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.height = height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Never higher than what is left, so that a gap alone opens no page."""
        return width, min(self.height, height)

    def draw(self) -> None:
        """Nothing."""


class Room(Block):
    """Go to the next page unless `height` points are left: keeps a heading with what follows it."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.height = height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Nothing where there is room, else all that is left of the page."""
        return width, 0 if height >= self.height else height

    def draw(self) -> None:
        """Nothing."""
