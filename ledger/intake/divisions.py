"""The bundled table of administrative divisions (行政区划): provinces, cities, counties, and some townships.

    code,name
    410000,河南省
    411422,睢县

Level and parent follow from the code (GB/T 2260). The table lists some counties below a city that does not exist
(市辖区, 县, 省直辖县级行政区划); such a row is left out, and its counties stand directly below the province.

A second table has the counties that were renamed, merged or moved since, each with the last year of its code:

    code,name,until,now
    410381,偃师市,2021,410307
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NOT_A_CITY = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass(frozen=True, slots=True)
class Division:
    """One place of the table; `parent` is '' for a province."""

    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True, slots=True)
class Former:
    """A division that stood up to the year `until`; since then `now` stands for it."""

    division: Division
    until: int
    now: str


class Divisions:
    """The tables, by code and by parent; what stood in an earlier year is asked for with that `year`."""

    def __init__(self, rows: Iterable[tuple[str, str]], former: Iterable[tuple[str, str, int, str]] = ()) -> None:
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
        self._former: dict[str, list[Former]] = {}
        for code, name, until, now in former:
            level = level_of(code)
            parent = _parent_of(code, level)
            parent = parent if parent in self._by_code else code[:2] + "0000"
            division = Division(code, name, level, parent)
            assert code not in self._by_code, "a code is not used again"
            self._by_code[code] = division
            self._former.setdefault(parent, []).append(Former(division, until, now))

    def get(self, code: str) -> Division | None:
        """The division of that code, of today or of an earlier year, if a table has it."""
        return self._by_code.get(code)

    def named(self, name: str) -> Division | None:
        """The only division of today of that name, or None."""
        found = [division for places in self._children.values() for division in places if division.name == name]
        return found[0] if len(found) == 1 else None

    def children(self, code: str, year: int | None = None) -> list[Division]:
        """The divisions directly below; the provinces for ''."""
        return self._as_of(self._children.get(code, []), self._former.get(code, []), year)

    def below(self, code: str, year: int | None = None) -> list[Division]:
        """The divisions two steps below: the counties of a province's cities."""
        cities = [city.code for city in self.children(code, year)]
        today = [county for city in cities for county in self._children.get(city, [])]
        return self._as_of(today, [former for city in cities for former in self._former.get(city, [])], year)

    @staticmethod
    def _as_of(today: list[Division], former: list[Former], year: int | None) -> list[Division]:
        """What stood in a year: what is no more beside what is, but for what took its name later.

        In the year of a change both stand, if their names differ.
        """
        if year is None or not former:
            return [*today]
        codes = {place.code: place.name for place in today}
        then = [f for f in former if year <= f.until and not (year == f.until and codes.get(f.now) == f.division.name)]
        taken = {f.now for f in then if year < f.until and bare(codes.get(f.now, "")) == bare(f.division.name)}
        return [*(place for place in today if place.code not in taken), *(f.division for f in then)]

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


def bare(name: str) -> str:
    """A name without its last letter where that only says what sort of division it is: 修武县 → 修武."""
    return name[:-1] if len(name) > 2 and name[-1] in "市县区旗" else name


@cache
def bundled_divisions() -> Divisions:
    """The tables that ship with the program."""
    former = ((code, name, int(until), now) for code, name, until, now in _rows("former_divisions.csv"))
    return Divisions(((code, name) for code, name in _rows("divisions.csv")), former)


def _rows(file: str) -> list[list[str]]:
    lines = (Path(__file__).parents[1] / "data" / file).read_text("utf-8").splitlines()
    return [line.split(",") for line in lines[1:]]


def bundled_notices() -> bytes:
    """The 35 published notices that ship with the program, as `import notice` takes them."""
    return (Path(__file__).parents[1] / "data" / "notices.json").read_bytes()
