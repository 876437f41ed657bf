"""From a published notice to what is recorded of it: bodies, the paper as printed, its sources as quotas, its lines.

    authority/411422 … notice/ha-shangqiu-2019/paper · /s1 · /l1 …

Nothing here reads a ledger or a clock: the same notice always gives the same drafts, so a second import adds nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.errors import InputRejected
from ledger.intake import line_drafts
from ledger.intake.contradictions import posted_late
from ledger.intake.divisions import Divisions, bundled_divisions
from ledger.intake.document_numbers import differing_years, read_document_numbers
from ledger.intake.findings import DEFECT, INFORMATION, OURS, Finding, finding, folded
from ledger.intake.notice_format import Notice, read_notices, typed_notice
from ledger.intake.paper import paper_data, source_drafts, window_findings
from ledger.intake.places import LEVELS, Body, Places
from ledger.intake.printed_amounts import read_cell
from ledger.intake.stamp import stamp
from ledger.intake.tie_out import readable_sum, tie_out, total_findings
from ledger.kinds.draft import Draft
from ledger.money import MAX_FEN, Fen

__all__ = ["NoticePlan", "plan_notice", "read_notices"]

MAX_PAPER_BYTES = 240_000  # an entry's content ends at 256 KB; the envelope takes the rest
FOLDED_FINDINGS = 20  # of each code, where the paper would be longer than that


@dataclass(frozen=True, slots=True)
class NoticePlan:
    """What a notice becomes. `findings` are all there are; a very long paper lists the first of each code.

    `drafts` stand in the order they are recorded; the sums are of readable amounts only.

    `declared_fen` is None where the total is blank or cannot be read.
    """

    id: str
    drafts: list[Draft]
    findings: list[Finding]
    sources_fen: Fen
    lines_fen: Fen
    declared_fen: Fen | None


def plan_notice(
    notice: Mapping[str, Any], *, known: Callable[[str], bool], divisions: Divisions | None = None, edition: int = 1
) -> NoticePlan:
    """The drafts and findings of one notice; `known(code)` says whether the ledger already has that body.

    `edition` counts from 1: a notice whose paper was reversed is recorded again under ids of its own (`x.2`).

    Raises:
        InputRejected: INPUT.NOTICE: its shape is wrong, it has no year at all, or it is larger than an entry may be.
    """
    typed = typed_notice(dict(notice) if isinstance(notice, Mapping) else notice)
    mark, date_findings = stamp(typed, edition)
    places = Places(divisions or bundled_divisions(), min(mark.year, int(mark.date[:4])))
    holder = places.holder(typed.place, typed.level or "")
    total = read_cell(typed.total, typed.unit)
    sources = source_drafts(typed, mark, holder)
    lines = line_drafts.plan_lines(typed, mark, holder, places, sources.money)
    _refuse_beyond_money(typed, readable_sum(sources.cells), readable_sum(lines.cells))
    findings = [
        *typed.remarks,
        *date_findings,
        *places.findings,
        *_paper_findings(typed, holder),
        *total_findings(typed, total),
        *sources.findings,
        *lines.findings,
        *tie_out(typed, total, sources.cells, lines.cells, sources.derived),
    ]
    paper = paper_data(typed, mark, holder, total, sources, lines.stay, findings)
    if _size(paper) > MAX_PAPER_BYTES:
        paper["findings"] = folded(findings, FOLDED_FINDINGS)
    _refuse_long(typed, _size(paper))
    drafts = [
        *(mark.registration(body) for body in places.bodies.values() if not known(body.code)),
        mark.draft("paper.record", "paper", paper, of_paper=False),
        *sources.drafts,
        *lines.drafts,
    ]
    declared = None if total.fault else total.fen
    return NoticePlan(
        mark.slug, drafts, findings, readable_sum(sources.cells), readable_sum(lines.cells), declared
    )


def _paper_findings(notice: Notice, holder: Body) -> list[Finding]:
    found = [*window_findings(notice), *posted_late(notice)]
    if notice.level not in LEVELS:
        found.append(finding("level_unknown", OURS, "level", printed=notice.level))
    elif notice.level != holder.level:
        where = f"level: the place is a {holder.level}"
        found.append(finding("level_differs", INFORMATION, where, printed=notice.level))
    if notice.mirror:
        where = "url: not the government's own address"
        found.append(finding("mirror_source", INFORMATION, where, printed=notice.url))
    printed = [*notice.document_numbers, *(s.document_number for s in notice.sources if s.document_number)]
    numbers = [number for text in printed for number in read_document_numbers(text)]
    for unusual in dict.fromkeys(number.printed for number in numbers if not number.issuer):
        found.append(finding("document_number_unusual", INFORMATION, "document numbers", printed=unusual))
    for one, other in differing_years(numbers):
        where = f"document numbers: {one.number} and {other.number}"
        found.append(finding("document_year_differs", DEFECT, where, printed=other.printed))
    return found


def _refuse_beyond_money(notice: Notice, *sums: Fen) -> None:
    if max(sums) > MAX_FEN:
        raise InputRejected("INPUT.NOTICE:money", id=notice.id, field="lines")


def _size(paper: dict[str, Any]) -> int:
    return len(json.dumps(paper, ensure_ascii=False).encode())


def _refuse_long(notice: Notice, size: int) -> None:
    if size > MAX_PAPER_BYTES:
        raise InputRejected(
            "INPUT.NOTICE:size", id=notice.id, size=f"{size:,}", limit=f"{MAX_PAPER_BYTES:,}", field="lines"
        )
