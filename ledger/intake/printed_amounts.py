"""Amount cells as printed: each becomes whole fen, or a named fault; nothing is guessed, rounded or repaired."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.money import FEN_PER, MAX_FEN, Fen, scaled


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed amount: `fen` where it can be read, else `fault`, the code of the finding it makes."""

    printed: str | None
    fen: Fen | None = None
    fault: str = ""

    @property
    def moves(self) -> Fen:
        """What may move: the amount if it is read and above zero, else 0."""
        return 0 if self.fault or self.fen is None else self.fen


def read_cell(printed: str | None, unit: str) -> Cell:
    """An amount cell of a table in `unit`.

    >>> read_cell("724.712484", "万元"), read_cell("10(其中6万元)", "万元").fault
    (Cell(printed='724.712484', fen=724712484, fault=''), 'amount_unreadable')
    """
    if printed is None or not printed.strip():
        return Cell(printed or None, None, "amount_blank")
    if unit not in FEN_PER:
        return Cell(printed, None, "unit_unknown")
    amount = scaled(printed, FEN_PER[unit])
    if amount is None or not 0 <= amount <= MAX_FEN or printed.startswith("-"):
        return Cell(printed, None, "amount_unreadable")
    return Cell(printed, amount, "" if amount else "amount_zero")


def is_within_rounding(gap: Fen, terms: Sequence[Cell], total: Cell, unit: str, *, told: bool) -> bool:
    """Whether printed rounding explains a gap between the terms' sum and their printed total.

    It may where the terms are printed with fewer decimals than the total, or where the notice says that it rounds
    (`told`): then up to half a unit of the terms' last printed digit for each term, or of the total's last printed digit.
    Whole numbers that nobody says were rounded add up exactly.
    """
    finest = max((_decimals(term) for term in terms), default=0)
    if not (told or finest < _decimals(total)):
        return False
    return 2 * abs(gap) <= max(len(terms) * _step(unit, finest), _step(unit, _decimals(total)))


def _step(unit: str, decimals: int) -> Fen:
    """One unit of the last printed digit: 10,000 fen for two decimals of 万元."""
    return int(FEN_PER[unit] // 10**decimals)


def _decimals(cell: Cell) -> int:
    return len((cell.printed or "").partition(".")[2])
