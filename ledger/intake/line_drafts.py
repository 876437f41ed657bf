"""What each line of a notice becomes: a release, a project and its money, or a line that stays on the paper."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.intake.columns import PAID, money_columns, remarks
from ledger.intake.columns import Money as Column
from ledger.intake.contradictions import line_contradictions
from ledger.intake.findings import DEFECT, INFORMATION, OURS, Finding, at, finding
from ledger.intake.notice_format import Line, Notice
from ledger.intake.places import Body, Places
from ledger.intake.printed_amounts import Cell, read_cell
from ledger.intake.sorting import RECIPIENTS, is_column, sort_line
from ledger.intake.splits import Money, level_word, take
from ledger.intake.stamp import Stamp
from ledger.intake.tie_out import SumRow, cell_findings, sum_row_findings
from ledger.kinds.draft import Draft
from ledger.money import FEN_PER, Fen

# why a line's source is not known → whose doubt that is
_FAULTS = {
    "split_differs": DEFECT,
    "source_unstated": DEFECT,
    "source_level_differs": INFORMATION,
    "source_unmatched": OURS,
}


@dataclass(slots=True)
class Lines:
    """The lines of a notice: cells that count into its sum, rows that stay on the paper, drafts and findings."""

    cells: list[Cell] = field(default_factory=list)
    stay: list[dict[str, Any]] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _Planner:
    def __init__(
        self, notice: Notice, stamp: Stamp, holder: Body, places: Places, money: Sequence[Money]
    ) -> None:
        self.notice = notice
        self.stamp = stamp
        self.holder = holder
        self.places = places
        self.money = money
        self.found = Lines()
        names = {holder.name, places.last_name}
        self._names = sorted(names | {name[:-1] for name in names if len(name) > 2})
        self._in_column = is_column(notice.lines, level=holder.level, is_division=self._is_division)
        self._county_city = holder.level == "county" and holder.name.endswith("市")
        self.rows: list[SumRow] = []

    def _is_division(self, name: str) -> bool:
        return self.places.division_below(self.holder, name) is not None

    def plan(self, line: Line) -> None:
        cell = read_cell(line.amount, self.notice.unit)
        sort = sort_line(
            line,
            level=self.holder.level,
            holder_names=self._names,
            is_division=self._is_division,
            in_column=self._in_column,
        )
        self.rows.append(SumRow(line, cell, sort == "subtotal"))
        self._tell(line, sort, cell)
        if sort != "subtotal":
            self.found.cells.append(cell)
        if line.derived or self.notice.unit not in FEN_PER or sort not in (*RECIPIENTS, "project"):
            self._stay(line, sort, cell)
        elif sort == "project" and (cell.moves or cell.fault == "amount_blank"):
            self._project(line, cell.moves)
        elif cell.moves:
            self._release(line, sort, cell.moves)
        else:
            self._stay(line, sort, cell)

    def _tell(self, line: Line, sort: str, cell: Cell) -> None:
        where = at("line", line.no, line.name)
        if sort == "subtotal":
            return
        self.found.findings += cell_findings(
            "line", line.no, line.name, cell, excerpt=not self.notice.complete
        )
        columns = list(money_columns(line, self.notice.unit))
        self._tell_columns(line, columns)
        self.found.findings += line_contradictions(line, cell, columns)
        if sort == "unsorted":
            self._add("unsorted", OURS, where, printed=line.name)
        if line.printed_no and line.printed_no != str(line.no):
            self._add("line_number_differs", INFORMATION, where, printed=line.printed_no)
        if line.derived:
            self._add(
                "derived_line", INFORMATION, f"{where}: worked out by the transcriber", printed=cell.printed
            )

    def _tell_columns(self, line: Line, columns: list[Column]) -> None:
        """Further amounts and remarks of a line, whatever becomes of it, so that the paper can print them."""
        where = at("line", line.no, line.name)
        for column in columns:
            code = "line_paid" if column.meaning == PAID else "line_amount"
            self._add(code, INFORMATION, where, printed=column.printed, computed_fen=column.cell.fen)
        for heading, text in remarks(line):
            self._add("line_remark", INFORMATION, where, printed=f"{heading}：{text}" if heading else text)

    def _stay(self, line: Line, sort: str, cell: Cell) -> None:
        row = {
            "no": line.no,
            "name": line.name,
            "sort": sort,
            "place": line.place,
            "content": line.content,
            "amount_fen": cell.fen,
            "printed": cell.printed,
            "unit_responsible": line.unit_responsible,
            "category": line.category,
            "extra": _columns(line) or None,
            "derived": line.derived or None,
        }
        if line.extra_derived:
            said = f"{at('line', line.no, line.name)}: further columns worked out by the transcriber"
            self._add("derived_column", INFORMATION, said)
        self.found.stay.append({key: value for key, value in row.items() if value is not None})

    def _release(self, line: Line, sort: str, amount: Fen) -> None:
        where = at("line", line.no, line.name)
        name = line.name or ""
        type, level = "", sort
        if sort in ("department", "unit"):
            type, level = sort, self.holder.level
        elif sort == "county" and self.holder.level == "province" and name[-1] in "市州盟":
            level = "city"
        to = self.places.recipient(self.holder, name, level, where, type=type)
        part = f"l{line.no}"
        data = {
            "from": self.holder.code,
            "to": to.code,
            "legs": self._legs(line, amount, part),
            "line": line.no,
        }
        self.found.drafts.append(self.stamp.draft("quota.release", part, data))
        self._keep(line, {"unit_responsible": line.unit_responsible, "category": line.category, "content": line.content})

    def _project(self, line: Line, amount: Fen) -> None:
        project = f"{self.stamp.slug}.L{line.no}"
        township = self._township(line)
        row = {
            "project": project,
            "county": self.holder.code,
            "name": line.name,
            "type": None if level_word(line.category) else line.category,
            "township": township.code if township else None,
            "place": line.place,
            "planned_amount": amount or None,
            "content": line.content,
            "responsible_unit": line.unit_responsible,
            "line": line.no,
        }
        part = f"l{line.no}"
        data = {key: value for key, value in row.items() if value is not None}
        self.found.drafts.append(self.stamp.draft("project.propose", f"{part}/propose", data))
        if amount:
            legs = self._legs(line, amount, part)
            funding: dict[str, Any] = {"project": project, "legs": legs, "line": line.no}
            self.found.drafts.append(self.stamp.draft("project.fund", part, funding))
        self._keep(line, {})

    def _township(self, line: Line) -> Body | None:
        if self.holder.level != "county":
            return None
        texts = [text for text in (line.place, line.name) if text]
        return next(
            (body for text in texts if (body := self.places.township_within(self.holder, text))), None
        )

    def _legs(self, line: Line, amount: Fen, part: str) -> list[dict[str, Any]]:
        taken = take(line, amount, self.notice.unit, self.money, county_city=self._county_city)
        where = at("line", line.no, line.name)
        if taken.legs is not None:
            return [{"amount": leg, "quota": quota} for quota, leg in taken.legs]
        printed = line.amount if taken.fault == "source_unstated" else "; ".join(filter(None, (line.category, *_columns(line))))
        level = _FAULTS[taken.fault]
        if taken.fault == "source_unstated" and not self.notice.complete:
            level = INFORMATION  # it may stand in the part that is not here
        self._add(taken.fault, level, where, printed=printed)
        return [{"amount": amount, "quota": "?" + self.stamp.entry_id(part)}]

    def _keep(self, line: Line, columns: dict[str, str | None]) -> None:
        """Columns of a line that moved which its entry has no field for, so that nothing printed is lost."""
        texts = [f"{key}={value}" for key, value in columns.items() if value] + _columns(line)
        if texts:
            own = ": worked out by the transcriber" if line.extra_derived else ""
            where = at("line", line.no, line.name) + own
            self._add("further_columns", INFORMATION, where, printed="; ".join(texts))

    def _add(
        self,
        code: str,
        level: str,
        where: str,
        *,
        printed: str | None = None,
        computed_fen: int | None = None,
    ) -> None:
        self.found.findings.append(finding(code, level, where, printed=printed, computed_fen=computed_fen))


def plan_lines(notice: Notice, stamp: Stamp, holder: Body, places: Places, money: Sequence[Money]) -> Lines:
    """All lines of a notice, in its order; bodies they need are added to `places`."""
    planner = _Planner(notice, stamp, holder, places, money)
    for line in notice.lines:
        planner.plan(line)
    planner.found.findings += sum_row_findings(notice, planner.rows)
    planner.found.findings += _repeated(notice.lines)
    return planner.found


def _columns(line: Line) -> list[str]:
    return [f"{heading}={text}" if heading else text for heading, text in line.extra]


def _repeated(lines: Sequence[Line]) -> list[Finding]:
    """Lines that say exactly what an earlier line says; both are recorded as they stand."""
    first: dict[tuple[object, ...], int] = {}
    found = []
    for line in lines:
        said = (
            line.name,
            line.place,
            line.content,
            line.amount,
            line.unit_responsible,
            line.category,
            line.extra,
        )
        earlier = first.setdefault(said, line.no)
        if earlier != line.no:
            where = f"{at('line', line.no, line.name)}: the same as line {earlier}"
            found.append(finding("duplicate_line", INFORMATION, where, printed=line.amount))
    return found
