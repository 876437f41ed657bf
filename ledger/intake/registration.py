"""Whether the code, level, parent and name of a body to be registered can be those of one administrative division (GB/T 2260).

The bundled table is of one year and divisions are merged and renamed, so what differs from it is a doubt, never a refusal. A code that
holds a letter or a dash, or has fewer than five digits, is the user's own and is not judged; nor are departments, units and banks.
"""

from collections.abc import Iterator

from ledger.intake.divisions import Divisions, level_of
from ledger.words import Fault

_LENGTHS = {6, 9, 12}
_OWN = 4  # so many digits and fewer are a code of the user's own
_SIGNIFICANT = {"province": 2, "city": 4, "county": 6, "township": 9, "village": 12}
_NOT_DIVISIONS = ("department", "unit", "bank", "audit")


def is_division_code(code: str) -> bool:
    """Whether a code is meant for one of the state's: digits alone, and too many for a code of one's own."""
    return code.isascii() and code.isdigit() and len(code) > _OWN


def registration_doubts(table: Divisions, *, code: str, name: str, level: str, parent: str | None, sort: str | None) -> Iterator[Fault]:
    """What does not fit, each as a question worth asking before it stands for ever."""
    if not is_division_code(code) or sort in _NOT_DIVISIONS:
        return
    if len(code) not in _LENGTHS:
        yield Fault("DIVISION:length", code=code, digits=len(code))
        return
    of = level_of_code(code)
    if of != level:
        yield Fault(f"DIVISION:{of}", code=code)
    if parent is not None and is_division_code(parent) and len(parent) in _LENGTHS:
        above = level_of_code(parent)
        if not code.startswith(parent[: _SIGNIFICANT[above]]):
            yield Fault("DIVISION:parent", code=code, parent=parent)
    yield from _unlike_the_table(table, code, name)


def _unlike_the_table(table: Divisions, code: str, name: str) -> Iterator[Fault]:
    known = table.get(code)
    if known is not None:
        if known.name not in name and name not in known.name:
            other = table.named(name)
            yield Fault("DIVISION:name_elsewhere" if other else "DIVISION:name", code=code, name=name, listed=known.name,
                        other=other.code if other else "")  # fmt: skip
    elif len(code) == 6 and table.get(code[:2] + "0000") is not None:
        yield Fault("DIVISION:unlisted", code=code)


def level_of_code(code: str) -> str:
    """The level that a division code of 6, 9 or 12 digits says; zeros behind stand for nothing below.

    >>> level_of_code("999901"), level_of_code("999901001"), level_of_code("999901001203"), level_of_code("999901000000")
    ('county', 'township', 'village', 'county')
    """
    if len(code) == 12:
        if not code.endswith("000"):
            return "village"
        code = code[:9]
    if len(code) == 9 and code.endswith("000"):
        code = code[:6]
    return level_of(code)
