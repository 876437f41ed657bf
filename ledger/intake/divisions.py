"""The bundled table of administrative divisions (行政区划): provinces, cities, counties, and some townships.

    code,name
    410000,河南省
    411422,睢县

Level and parent follow from the code (GB/T 2260). The table lists some counties below a city that does not exist
(市辖区, 县, 省直辖县级行政区划); such a row is left out, and its counties stand directly below the province.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

NOT_A_CITY = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass(frozen=True, slots=True)
class Division:
    """One place of the table; `parent` is '' for a province."""

    code: str
    name: str
    level: str
    parent: str


class Divisions:
    """The table, by code and by parent."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        names = dict(rows)
        self._by_code: dict[str, Division] = {}
        self._children: dict[str, list[Division]] = {}
        for code, name in names.items():
            level = level_of(code)
            if level == "city" and name in NOT_A_CITY:
                continue
            parent = _parent_of(code, level)
            if level == "county" and names.get(parent) in NOT_A_CITY:
                parent = code[:2] + "0000"
            division = Division(code, name, level, parent)
            self._by_code[code] = division
            self._children.setdefault(parent, []).append(division)

    def get(self, code: str) -> Division | None:
        """The division of that code, if the table has it."""
        return self._by_code.get(code)

    def named(self, name: str) -> Division | None:
        """The only division of that name, or None."""
        found = [division for division in self._by_code.values() if division.name == name]
        return found[0] if len(found) == 1 else None

    def children(self, code: str) -> list[Division]:
        """The divisions directly below; the provinces for ''."""
        return self._children.get(code, [])

    def below(self, code: str) -> list[Division]:
        """The divisions two steps below: the counties of a province's cities."""
        return [county for city in self.children(code) for county in self.children(city.code)]

    def cities(self) -> list[Division]:
        """Every city of the table; their names are unique in the country."""
        return [division for division in self._by_code.values() if division.level == "city"]

    def line(self, code: str) -> list[Division]:
        """The division and those above it, from the province down."""
        found: list[Division] = []
        division = self.get(code)
        while division:
            found.insert(0, division)
            division = self.get(division.parent)
        return found


def level_of(code: str) -> str:
    """The level a division code of the table stands for.

    >>> level_of("410000"), level_of("411400"), level_of("411422"), level_of("210102001")
    ('province', 'city', 'county', 'township')
    """
    if len(code) > 6:
        return "township"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _parent_of(code: str, level: str) -> str:
    return {"province": "", "city": code[:2] + "0000", "county": code[:4] + "00", "township": code[:6]}[level]


@cache
def bundled_divisions() -> Divisions:
    """The table that ships with the program."""
    lines = files("ledger").joinpath("data/divisions.csv").read_text("utf-8").splitlines()
    pairs = (line.partition(",") for line in lines[1:])
    return Divisions((code, name) for code, _, name in pairs)


def bundled_notices() -> bytes:
    """The 35 published notices that ship with the program, as `import notice` takes them."""
    return files("ledger").joinpath("data/notices.json").read_bytes()
