"""What all entries of one notice share: the beginning of their ids, the date with its precision, the year."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from ledger.calendar import is_date
from ledger.errors import InputRejected
from ledger.intake.findings import OURS, Finding, finding
from ledger.intake.notice_format import Notice
from ledger.intake.places import Body
from ledger.kinds.draft import Draft

_SLUG = re.compile(r"[A-Za-z0-9.-]{1,24}", re.ASCII)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_TITLE_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})年")


@dataclass(frozen=True, slots=True)
class Stamp:
    """`slug` begins every id; `date` is as printed (year, month or day); `occurred_on` its first day."""

    slug: str
    date: str
    occurred_on: str
    precision: str
    year: int

    def entry_id(self, part: str) -> str:
        """The id of an entry of this notice: `notice/<slug>/l3`."""
        return f"notice/{self.slug}/{part}"

    def draft(self, kind: str, part: str, data: dict[str, Any], *, of_paper: bool = True) -> Draft:
        """An entry of this notice, with what all of them carry."""
        return self._draft(kind, self.entry_id(part), {"paper": self.slug, **data} if of_paper else data)

    def registration(self, body: Body) -> Draft:
        """The registration of a body this notice needs."""
        data = {"code": body.code, "name": body.name, "level": body.level}
        if body.parent:
            data["parent"] = body.parent
        if body.type:
            data["type"] = body.type
        return self._draft("authority.register", f"authority/{body.code}", data)

    def _draft(self, kind: str, id: str, data: dict[str, Any]) -> Draft:
        common = {"capacity": "transcribed"}
        if self.precision:
            common["date_precision"] = self.precision
        return Draft(kind, id, self.occurred_on, {**data, **common})


def stamp(notice: Notice, edition: int = 1) -> tuple[Stamp, list[Finding]]:
    """The stamp of a notice, of its second `edition` where it was reversed once. A date that cannot be read gives way to the year of the title, with a finding.

    Raises:
        InputRejected: INPUT.NOTICE, neither the date nor the title has a year.
    """
    title_year = _TITLE_YEAR.search(notice.title)
    found: list[Finding] = []
    date = notice.date if is_partial_date(notice.date) else ""
    if not date:
        if not title_year:
            raise InputRejected("INPUT.NOTICE:date", id=notice.id, date=notice.date, field="date")
        date = title_year[1]
        found.append(
            finding("date_unreadable", OURS, "date: the title's year is taken", printed=notice.date)
        )
    year = int(title_year[1]) if title_year else int(date[:4])
    precision = {4: "year", 7: "month"}.get(len(date), "")
    return Stamp(
        slug_of(notice.id, edition), date, date + "-01-01"[len(date) - 10 :] if precision else date, precision, year
    ), found


def is_partial_date(text: str) -> bool:
    """Whether `text` is a year, a month or a day that exists: `2025`, `2025-03`, `2025-03-14`."""
    match = _DATE.fullmatch(text)
    return (
        bool(match)
        and "1949" <= text[:4] <= "2199"
        and is_date(text + "-01-01"[len(text) - 10 :] if len(text) < 10 else text)
    )


def slug_of(notice_id: str, edition: int = 1) -> str:
    """The notice's id where it fits into ids of entries, else `n-` and the beginning of its hash; `x.2` from edition 2 on."""
    name = notice_id if edition == 1 else f"{notice_id}.{edition}"
    if _SLUG.fullmatch(name):
        return name
    return f"n-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
