"""The bodies a notice names: from printed places to division codes, or to codes of their own where no table knows them.

An unknown body gets `<parent>-x<8 hex of the SHA-256 of its name>`, so that the same name below the same parent is the
same body in every notice.
"""

import hashlib
import re
from dataclasses import dataclass

from ledger.intake import place_names
from ledger.intake.divisions import Division, Divisions
from ledger.intake.findings import INFORMATION, OURS, Finding, finding
from ledger.intake.place_names import compact

LEVELS = ("province", "city", "county", "township", "village")
_CODE_LIMIT = 32
_GOVERNMENT = "人民政府"
_ASIDE = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]$")


@dataclass(frozen=True, slots=True)
class Body:
    """A body to hold money; `parent` is '' at the top, `type` is '' for a government."""

    code: str
    name: str
    level: str
    parent: str
    type: str = ""


class Places:
    """The bodies of one notice in the order they are needed, parents first, and what was found about their names.

    `last_name` is the holder's own name as the place prints it: 喀左县.
    """

    def __init__(self, divisions: Divisions, year: int | None = None) -> None:
        """Names are met as they stood in `year`: a county merged since is found under its old code."""
        self._divisions = divisions
        self._year = year
        self._told: set[tuple[str, str]] = set()
        self.bodies: dict[str, Body] = {}
        self.findings: list[Finding] = []
        self.last_name = ""

    def holder(self, place: str, level: str) -> Body:
        """The body a paper belongs to: `place` walked from the province down; `level` is what the paper says it is."""
        rest = compact(place)
        if rest != place:
            self.findings.append(
                finding("name_abbreviated", INFORMATION, "place: spaces inside it", printed=place)
            )
        body, rest = self._top(rest, level, place)
        self.last_name = body.name
        while rest:
            body, after = self._step(body, rest, level)
            self.last_name, rest = rest[: len(rest) - len(after)], after
        return body

    def recipient(self, parent: Body, name: str, level: str, where: str, *, type: str = "") -> Body:
        """The body of that name below `parent`; an agency whose name begins with a division below is that division's."""
        text = _plain(name)
        if not type:
            division = self.division_below(parent, name)
            if division:
                self._tell_short(where, name, division)
                return self._add_division(division)
        else:
            owner = place_names.exactly(text, self._divisions.children(parent.code, self._year))
            if owner and owner.level in ("city", "county") and owner.name != text:
                parent = self._add_division(owner)
                level = parent.level
        return self._unknown(parent, text, level, where, type=type, printed=name)

    def township_within(self, county: Body, text: str) -> Body | None:
        """The township of the table that `text` begins with, if the table has it."""
        division = place_names.exactly(compact(text), self._divisions.children(county.code))
        return self._add_division(division) if division and division.level == "township" else None

    def division_below(self, parent: Body, name: str) -> Division | None:
        """The one division below `parent` that a name stands for, the nearer level first; None where none or several fit.

        The bare name of the parent itself (新乡 in a table of 新乡市) is unclear.
        """
        text = _plain(name)
        children = self._divisions.children(parent.code, self._year)
        below = self._divisions.below(parent.code, self._year) if parent.level == "province" else []
        for places in (children, below):
            found = [place for place in places if place.name in (text, _street(text))]
            if found:
                return found[0] if len(found) == 1 else None
        if place_names.left_out(text, parent.name):
            return None
        for places in (children, below):
            found = [p for p in places if place_names.stands_for(text, p.name) or place_names.left_out(text, p.name)]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _top(self, text: str, level: str, place: str) -> tuple[Body, str]:
        provinces = self._divisions.children("")
        division = place_names.exactly(text, provinces)
        token = division.name if division else ""
        if not division:
            short = place_names.shortened(text, provinces)
            division = short[0] if short else place_names.exactly(text, self._divisions.cities())
            token = short[1] if short else division.name if division else ""
        if division:
            body = self._add_division(division)
            if token != division.name or division.parent:
                self._tell_short("place", token if token != division.name else place, division)
            return body, text[len(token) :]
        code = f"x{_digest(text)}"
        body = self._add(Body(code, text, level if level in LEVELS else "county", ""))
        self._tell_unknown(body, "place", place)
        return body, ""

    def _step(self, parent: Body, text: str, level: str) -> tuple[Body, str]:
        children = self._divisions.children(parent.code, self._year)
        division = place_names.exactly(text, children)
        if division:
            return self._add_division(division), text[len(division.name) :]
        short = place_names.shortened(text, children) or self._skipping_city(parent, text)
        if short:
            division, token = short
            self._tell_short("place", token, division)
            return self._add_division(division), text[len(token) :]
        token = self._unknown_token(parent, text)
        below = _level_below(parent, level, token == text)
        body = self._unknown(parent, token, below, "place", printed=token)
        return body, text[len(token) :]

    def _skipping_city(self, parent: Body, text: str) -> tuple[Division, str] | None:
        """The one county of a province whose name begins `text`, where the place leaves out the city."""
        below = self._divisions.below(parent.code, self._year) if parent.level == "province" else []
        division = place_names.exactly(text, below)
        if division:
            same = [place for place in below if place.name == division.name]
            return (division, division.name) if len(same) == 1 else None
        found = [place for place in below if place_names.is_short_for(text, place.name)]
        return (found[0], text) if len(found) == 1 else None

    @staticmethod
    def _unknown_token(parent: Body, text: str) -> str:
        if parent.level == "village":
            return text
        if parent.level in ("county", "township"):
            return place_names.township_token(text) if parent.level == "county" else text
        return next(iter(place_names.tokens(text)), text)

    def _unknown(
        self, parent: Body, name: str, level: str, where: str, *, printed: str, type: str = ""
    ) -> Body:
        code = f"{parent.code}-x{_digest(name)}"
        if len(code) > _CODE_LIMIT:
            code = f"{parent.code[:6]}-x{_digest(f'{parent.code}/{name}')}"
        body = self._add(Body(code, name, level, parent.code, type))
        self._tell_unknown(body, where, printed)
        return body

    def _add_division(self, division: Division) -> Body:
        for above in self._divisions.line(division.code):
            self._add(Body(above.code, above.name, above.level, above.parent))
        return self.bodies[division.code]

    def _add(self, body: Body) -> Body:
        return self.bodies.setdefault(body.code, body)

    def _tell_short(self, where: str, printed: str, division: Division) -> None:
        if printed != division.name and ("short", printed) not in self._told:
            self._told.add(("short", printed))
            said = f"{where}: taken as {division.name} ({division.code})"
            self.findings.append(finding("name_abbreviated", INFORMATION, said, printed=printed))

    def _tell_unknown(self, body: Body, where: str, printed: str) -> None:
        if ("unknown", body.code) in self._told:
            return
        self._told.add(("unknown", body.code))
        level, why = OURS, "the table of divisions has no such place"
        if body.type:
            level, why = INFORMATION, f"a {body.type} has no public code"
        elif body.level in ("township", "village") and not self._divisions.children(body.parent):
            level, why = INFORMATION, "no public list of these townships is bundled"
        said = f"{where}: {why}; registered as {body.code}"
        self.findings.append(finding("code_unknown", level, said, printed=printed))


def _level_below(parent: Body, level: str, last: bool) -> str:
    """The level of an unknown place below `parent`: what the paper says if it is the last name, else one step down."""
    step = LEVELS.index(parent.level) + 1 if parent.level in LEVELS else len(LEVELS)
    if last and level in LEVELS[step:]:
        return level
    return LEVELS[min(step, len(LEVELS) - 1)]


def _plain(name: str) -> str:
    """A name without spaces, 人民政府 and a remark in brackets at its end."""
    text = compact(name)
    return _ASIDE.sub("", text.removesuffix(_GOVERNMENT)) or text


def _street(name: str) -> str:
    """`彰北办事处` and `彰北街道办事处` are offices of 彰北街道."""
    for ending in ("街道办事处", "办事处"):
        if name.endswith(ending):
            return name.removesuffix(ending) + "街道"
    return name


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]
