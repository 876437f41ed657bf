"""The paper of a notice as it is recorded, and its sources as quotas."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.intake.document_numbers import normal_form, read_document_numbers
from ledger.intake.findings import DEFECT, INFORMATION, OURS, Finding, at, finding
from ledger.intake.notice_format import Notice, Source
from ledger.intake.place_names import compact
from ledger.intake.places import Body
from ledger.intake.printed_amounts import Cell, read_cell
from ledger.intake.sorting import is_subtotal
from ledger.intake.splits import Money, level_word
from ledger.intake.stamp import Stamp, is_partial_date
from ledger.intake.tie_out import cell_findings
from ledger.kinds.draft import Draft

# what a notice calls the level of a source → the level of the quota; bonds, surplus and gifts state none
_SOURCE_LEVELS = {
    "central": "central",
    "province": "province",
    "city": "city",
    "county": "county",
    "central_province": "mixed",
    "city_county": "mixed",
    "province_city": "mixed",
    "province_county": "mixed",
    "mixed": "mixed",
    "county_reclaimed": "county",
    "bond": "none",
    "surplus": "none",
    "counterpart": "none",
    "cooperation": "none",
    "east_west": "none",
    "donation": "none",
    "loan": "none",
    "adjust": "none",
    "other": "none",
    "none": "none",
}
_LEVEL_NATURES = {
    "bond": "bond",
    "surplus": "surplus",
    "county_reclaimed": "surplus",
    "counterpart": "cooperation",
    "cooperation": "cooperation",
    "east_west": "cooperation",
    "donation": "donation",
    "loan": "loan",
}
_NATURES = (
    (re.compile(r"(?<![含中])(?:专项|地方政府|一般)?债券"), "bond"),
    (re.compile(r"结余|盘活"), "surplus"),
    (re.compile(r"对口|东西部|东西协作|帮扶协作|扶贫协作|协作(?:帮扶|扶贫)?资金"), "cooperation"),
    (re.compile(r"捐赠|捐款"), "donation"),
    (re.compile(r"衔接"), "transition"),
    (re.compile(r"常态化"), "regular"),
    (re.compile(r"专项扶贫|扶贫专项"), "special"),
    (re.compile(r"涉农"), "agri"),
)
_TITLE_NATURES = frozenset({"transition", "regular", "special"})


@dataclass(slots=True)
class Sources:
    """The sources of a notice, sums left out: their cells, the money behind lines, rows of the paper, drafts and findings."""

    derived: list[Cell] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    money: list[Money] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def source_drafts(notice: Notice, stamp: Stamp, holder: Body) -> Sources:
    """Each source with a readable amount above zero becomes a quota of its own, `<slug>.S1`."""
    found = Sources()
    for source in notice.sources:
        cell = read_cell(source.amount, notice.unit)
        quota = f"{stamp.slug}.S{source.no}"
        where = at("source", source.no, source.name)
        if is_subtotal(compact(source.name or "")):
            found.findings.append(finding("subtotal_line", INFORMATION, where, printed=cell.printed))
            continue
        found.cells.append(cell)
        found.derived += [cell] if source.derived else []
        level = level_of(source.level)
        numbers = read_document_numbers(source.document_number) if source.document_number else []
        found.money.append(
            Money(quota, source.name or "", level, cell.moves, tuple(number.number for number in numbers))
        )
        found.rows.append(_source_row(source, cell, quota))
        found.findings += cell_findings("source", source.no, source.name, cell, excerpt=not notice.complete)
        if source.level is not None and level not in _SOURCE_LEVELS:
            found.findings.append(finding("level_unknown", OURS, where, printed=source.level))
        if cell.moves:
            data = _receive(notice, source, cell, quota, stamp, holder)
            found.drafts.append(stamp.draft("quota.receive", f"s{source.no}", data))
    return found


def level_of(word: str | None) -> str:
    """The level a source is said to be of, in the transcription's words; a printed 省级 or 中央资金 is read."""
    if word in _SOURCE_LEVELS:
        return word
    return level_word(word) or word or ""


def _receive(
    notice: Notice, source: Source, cell: Cell, quota: str, stamp: Stamp, holder: Body
) -> dict[str, Any]:
    number = normal_form(source.document_number) if source.document_number else None
    return _present(
        quota=quota,
        holder=holder.code,
        amount=cell.moves,
        year=stamp.year,
        source_level=_SOURCE_LEVELS.get(level_of(source.level), "none"),
        fund_name=source.name,
        fund_nature=_nature(source, notice.title),
        notice_type="advance" if "提前下达" in f"{source.name} {notice.title}" else None,
        document_number=number,
        document_number_printed=source.document_number if source.document_number != number else None,
        derived=source.derived or None,
    )


def _nature(source: Source, title: str) -> str | None:
    """The fund's nature where its name says so, else its level, else the one nature the title names."""
    for pattern, nature in _NATURES:
        if pattern.search(source.name or ""):
            return nature
    if source.level in _LEVEL_NATURES:
        return _LEVEL_NATURES[source.level]
    if source.level == "other":
        return None
    titled = [nature for pattern, nature in _NATURES if pattern.search(title)]
    return titled[0] if len(titled) == 1 and titled[0] in _TITLE_NATURES else None


def _source_row(source: Source, cell: Cell, quota: str) -> dict[str, Any]:
    return _present(
        no=source.no,
        name=source.name,
        level=source.level,
        amount_fen=cell.fen,
        printed=cell.printed,
        document_number=normal_form(source.document_number) if source.document_number else None,
        quota=quota if cell.moves else None,
        derived=source.derived or None,
    )


def paper_data(
    notice: Notice,
    stamp: Stamp,
    holder: Body,
    total: Cell,
    sources: Sources,
    stay: Sequence[dict[str, Any]],
    findings: Sequence[Finding],
) -> dict[str, Any]:
    """The fields of `paper.record`: the notice as printed, without what its other entries hold."""
    window_from, window_to = _window(notice)
    numbers = [
        {"printed": number.printed, "number": number.number}
        for text in notice.document_numbers
        for number in read_document_numbers(text)
    ]
    return _present(
        paper=stamp.slug,
        title=notice.title,
        holder=holder.code,
        place=notice.place,
        level=notice.level,
        url=notice.url,
        year=stamp.year,
        date=stamp.date,
        unit=notice.unit,
        declared_fen=total.fen,
        declared_printed=total.printed,
        complete=notice.complete,
        mirror=notice.mirror,
        window_from=window_from,
        window_to=window_to,
        document_numbers=numbers or None,
        sources=sources.rows or None,
        lines=list(stay) or None,
        findings=list(findings) or None,
        notes=list(notice.notes) or None,
    )


def _window(notice: Notice) -> tuple[str | None, str | None]:
    if window_findings(notice) or not notice.window:
        return None, None
    return notice.window[0], notice.window[-1] if len(notice.window) == 2 else None


def window_findings(notice: Notice) -> list[Finding]:
    """What is wrong with the notice window; one that cannot be read, or ends before it begins, is left out of the paper's fields."""
    printed = " – ".join(notice.window)
    if not all(map(is_partial_date, notice.window)):
        return [finding("date_unreadable", OURS, "notice_window", printed=printed)]
    if len(notice.window) == 2 and notice.window[1] < notice.window[0]:
        return [finding("window_reversed", DEFECT, "notice_window", printed=printed)]
    return []


def _present(**fields: Any) -> dict[str, Any]:
    """The fields that have a value; an absent value is an absent key."""
    return {name: value for name, value in fields.items() if value is not None}
