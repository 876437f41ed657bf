"""From a disclosure of a body's books to the figures of a paper, so that the two cannot say different things."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ledger.disclosure.books import WHOLE, payments_of, projects_of
from ledger.disclosure.check import Checked
from ledger.disclosure.listing import Line as Entry
from ledger.disclosure.listing import Listing
from ledger.disclosure.shape import Disclosure
from ledger.errors import Refused
from reports.model import (
    LEVELS,
    Allocation,
    Finding,
    Head,
    Line,
    Notice,
    Range,
    Source,
    lines_fen,
    sources_fen,
)
from reports.words import (
    GAPS,
    HIDDEN,
    NOT_STATED,
    PRIVATE,
    column_words,
    columns_words,
    finding_words,
    line_number,
    place_words,
    rows_words,
)

INVENTED = "99"  # no province has this code (GB/T 2260); what stands under it is made up
NATURES = {"bond": "债券", "surplus": "结余", "cooperation": "协作帮扶", "donation": "捐赠", "loan": "贷款"}  # stand in place of a level
SOURCE_WORDS = {"source_unstated": "来源未载", "source_unmatched": "来源未能对应", "source_level_differs": "所载级次与来源不同",
                "split_differs": "分项之和不符"}  # fmt: skip
_OF_COLUMNS = frozenset(SOURCE_WORDS) - {"source_unstated"}  # codes that keep the columns of a line as what is printed
_PHONE_KEY = re.compile(r"(?:监督|举报|投诉|咨询)?(?:电话|热线)|hotline|phone|tel", re.IGNORECASE)
_PHONE = re.compile(r"[0-9][0-9 ()（）、,;；-]{3,60}")
DOCUMENT_NUMBERS = ("document_number", "upper_document_number", "own_document_number", "plan_document_number")


@dataclass
class _Told:
    """What a paper's findings say of one line, beside its amount."""

    source: str = ""
    paid_fen: int | None = None
    paid_printed: str = ""
    remarks: list[str] = field(default_factory=list)


@dataclass
class _Notes:
    """What a paper's findings say of its lines, by number, and of itself; `folded` holds the codes not listed one by one."""

    lines: dict[int, _Told] = field(default_factory=dict)
    folded: set[str] = field(default_factory=set)
    phone: str | None = None

    @classmethod
    def of(cls, paper: dict[str, Any]) -> "_Notes":
        """Read from the findings of a recorded paper."""
        notes = cls()
        for row in paper.get("findings", ()):
            code, printed = row["code"], row.get("printed", "")
            place = line_number(row["where"])
            if place and place[0] == "line":
                _tell(notes.lines.setdefault(place[1], _Told()), code, printed, row.get("computed_fen"))
            elif row["where"].endswith("not listed one by one"):
                notes.folded.add(code)
            elif code == "field_unknown" and row["where"] == "notice":
                notes.phone = notes.phone or _phone_in(printed)
        return notes

    def at(self, number: int) -> _Told:
        """What is told of a line."""
        return self.lines.get(number, _Told())


def _tell(told: _Told, code: str, printed: str, computed: int | None) -> None:
    if code in SOURCE_WORDS:
        told.source = code
    elif code == "line_paid" and computed is not None and not told.paid_printed and told.paid_fen is None:
        told.paid_fen = computed
    elif code == "line_paid":
        told.paid_fen, told.paid_printed = None, "；".join(filter(None, (told.paid_printed, columns_words(printed)))) or "见原文"
    elif code == "line_amount":
        told.remarks += [words] if (words := columns_words(printed)) else []
    elif code == "line_remark" and not PRIVATE.search(printed):
        heading, _, text = printed.partition("：")
        told.remarks.append(text if text and heading.isascii() else printed)


def _phone_in(printed: str) -> str | None:
    """The telephone that stands in a field of that name."""
    try:
        fields = json.loads(printed)
    except ValueError:
        return None
    for key, value in fields.items() if isinstance(fields, dict) else ():
        if _PHONE_KEY.fullmatch(key) and isinstance(value, str | int) and _PHONE.fullmatch(str(value)):
            return str(value)
    return None


class _Reader:
    """The entries of one body and year, without what is void or was taken back."""

    def __init__(self, listing: Listing, code: str, year: int) -> None:
        self.listing = listing
        self.code = code
        self.year = year
        self.own = {line.seq for line in listing.lines if any(f"{code}/{stream}" in line.places for stream in WHOLE)}
        self.book = [line for line in listing.lines if f"{code}/money" in line.places and line.seq not in listing.void]
        self.quotas = self._standing("quota.receive", "quota")
        self.papers = self._standing("paper.record", "paper")
        self.proposed = self._standing("project.propose", "project")
        self.names = {code: data["name"] for code, data in self._standing("authority.register", "code").items()}
        self.projects = projects_of(listing, code)
        self.holders = {code, *self.projects, *payments_of(listing, self.projects)}
        self.notes = {id: _Notes.of(paper) for id, paper in self.papers.items()}

    def _standing(self, kind: str, key: str) -> dict[str, dict[str, Any]]:
        return {line.data[key]: line.data for line in reversed(self.listing.effective(kind)) if not line.fault}

    def effective(self, kind: str) -> list[Entry]:
        """Entries of a kind in the body's books that stand and took effect."""
        return [line for line in self.listing.effective(kind) if not line.fault and line.seq in self.own]

    def legs(self, entry: Entry) -> int:
        """What of an entry's legs belongs to the year, in fen."""
        return sum(leg["amount"] for leg in entry.data["legs"] if self.year_of(leg["quota"], entry) == self.year)

    def year_of(self, quota: str, entry: Entry) -> int:
        """A quota's budget year; where no source is stated, the paper's year or that of the entry."""
        if quota in self.quotas:
            return int(self.quotas[quota]["year"])
        paper = self.papers.get(entry.data.get("paper", ""))
        return int(paper["year"]) if paper else int(entry.occurred_on[:4])

    def own_papers(self) -> list[dict[str, Any]]:
        """The papers of this body and year, in the order of their record."""
        papers = (line.data for line in self.effective("paper.record"))
        return [data for data in papers if data["holder"] == self.code and data["year"] == self.year]

    def held(self, stage: str, *, years: range) -> int:
        """What the body, its projects and their payments hold at a stage for quotas of some years, in fen; no source stated is this year."""
        total = 0
        for line in self.book:
            for move in line.moves:
                if move.unit == "CNY" and self.quotas.get(move.quota, {}).get("year", self.year) in years:
                    total += move.n * (self._at(move.target, stage) - self._at(move.source, stage))
        return total

    def _at(self, account: str, wanted: str) -> bool:
        holder, _, stage = account.partition(":")
        return stage == wanted and holder in self.holders


def allocation(disclosure: Disclosure, checked: Checked) -> Allocation:
    """The figures of the body and year that a disclosure is about; `checked` is its check, with its lines.

    Raises:
        Refused: REFUSED.MIRROR: a paper it rests on was not taken from the government's own address.
    """
    claim, listing, checkpoint = disclosure.book, checked.listing, checked.checkpoint
    assert claim is not None, "figures are those of a body's books"
    assert listing is not None, "what cannot be read gives no figures"
    assert checkpoint is not None, "figures stand at a checkpoint"
    reader = _Reader(listing, claim.code, claim.year)
    papers = reader.own_papers()
    sources = sorted(_sources(reader), key=lambda pair: pair[0].received)
    sources += [(source, paper["paper"]) for paper in papers for source in _unread_sources(paper)]
    lines = list(_lines(reader, papers))
    ids = [paper["paper"] for paper in papers]
    foreign = [reader.papers[of] for of in dict.fromkeys(of for _, of in [*sources, *lines]) if of in reader.papers and of not in ids]
    for paper in (*papers, *foreign):
        if paper["mirror"]:
            raise Refused("REFUSED.MIRROR", paper=paper["paper"])
    received, arranged = sources_fen(s for s, _ in sources), lines_fen(line for line, _ in lines)
    notices = _notices(reader, papers, foreign, sources, lines)
    if notices:  # which source paid a line may be unstated; only what no source covers is 来源未载
        suspense = sum(notice.suspense_fen for notice in notices)
    else:
        suspense = _from_suspense(reader, [line.seq for line, _ in lines])
    is_known = all(notice.received_whole and notice.arranged_whole for notice in notices)
    phones = dict.fromkeys(phone for paper in papers if (phone := reader.notes[paper["paper"]].phone))
    this_year = range(claim.year, claim.year + 1)
    return Allocation(
        ledger_name=listing.lines[0].data["name"], place=reader.names.get(claim.code, claim.code), book=claim.code,
        year=claim.year, sources=tuple(source for source, _ in sources), lines=tuple(line for line, _ in lines),
        findings=(), received_fen=received, arranged_fen=arranged, unarranged_fen=received + suspense - arranged if is_known else None,
        paid_fen=reader.held("paid", years=this_year), reserved_fen=reader.held("reserved", years=this_year),
        from_suspense_fen=suspense, notices=notices, transcribed=bool(notices),
        invented=claim.code.startswith(INVENTED), phone="、".join(phones) or None, objection=_window(papers),
        range=Range(
            entries=tuple((f"{claim.code}/{stream}", count) for stream, count in checked.counts.items() if stream in claim.streams),
            earlier_fen=reader.held("available", years=range(claim.year)),
            taken_back=sum(line.seq in listing.taken_back for line in reader.book),
            void=sum(line.seq in reader.own and listing.acknowledges(line) for line in listing.lines),
        ),
        head=Head(
            origin=checkpoint.origin, ledger_id=disclosure.ledger_id, size=checkpoint.size, root=checkpoint.root.hex(),
            note=disclosure.checkpoint, at=listing.lines[-1].header.at,
        ),
    )  # fmt: skip


def _sources(reader: _Reader) -> Iterator[tuple[Source, str]]:
    """What the body received: from outside, and from an upper level; with the paper it was transcribed from."""
    for entry in reader.effective("quota.receive"):
        data = entry.data
        if data["holder"] == reader.code and data["year"] == reader.year:
            yield _source(reader, data, data["amount"], data["quota"], entry), data.get("paper", "")
    for entry in reader.effective("quota.release"):
        if entry.data["to"] == reader.code:
            own = {k: v for k, v in entry.data.items() if k in ("document_number", "received_on")}
            for leg in entry.data["legs"]:
                if reader.year_of(leg["quota"], entry) == reader.year:
                    data = {**reader.quotas.get(leg["quota"], {}), **own}
                    yield _source(reader, data, leg["amount"], leg["quota"], entry), entry.data.get("paper", "")


def _source(reader: _Reader, data: dict[str, Any], amount: int, quota: str, entry: Entry) -> Source:
    numbers = dict.fromkeys(data[name] for name in DOCUMENT_NUMBERS if name in data)
    level = data.get("source_level", "none")
    printed = next((row.get("level", "") for row in reader.papers.get(data.get("paper", ""), {}).get("sources", ())
                    if row.get("quota") == quota), "")  # fmt: skip
    return Source(
        name=data.get("fund_name", "") or _named_by_quota(data, level, quota), level=level, document_numbers=tuple(numbers),
        amount_fen=amount, received=data.get("received_on") or data.get("issued_on") or "", quota=quota, seq=entry.seq,
        derived=bool(data.get("derived")), level_words=_level_words(level, printed, data.get("fund_nature", "")),
    )  # fmt: skip


def _named_by_quota(data: dict[str, Any], level: str, quota: str) -> str:
    """A source whose fund has no name: 2025年省级资金，指标 Q1."""
    words = LEVELS[level] if level not in ("none", "mixed") else "多级" if level == "mixed" else ""
    year = f"{data['year']}年" if "year" in data else ""
    return f"{year}{words}资金，指标 {quota}"


def _level_words(level: str, printed: str, nature: str) -> str:
    """What stands in place of a level that is none of ours: the paper's own word, or the sort of money."""
    if level != "none":
        return ""
    return printed if printed and not printed.isascii() else NATURES.get(nature, "")


def _unread_sources(paper: dict[str, Any]) -> Iterator[Source]:
    """The sources of a paper that became no quota: it prints no amount, none that can be read, or zero."""
    for row in paper.get("sources", ()):
        if "quota" not in row:
            level = row.get("level", "")
            yield Source(
                name=row.get("name", "") or f"第{row['no']}项来源", level=level if level in LEVELS else "none",
                document_numbers=tuple(filter(None, (row.get("document_number"),))), amount_fen=row.get("amount_fen"), received="",
                quota="", seq=0, derived=bool(row.get("derived")), level_words=_level_words("none", level, "") if level not in LEVELS else "",
                printed=row.get("printed", ""),
            )  # fmt: skip


def _lines(reader: _Reader, papers: list[dict[str, Any]]) -> Iterator[tuple[Line, str]]:
    """What money was arranged for: projects, releases, and lines of papers that move nothing; numbered as they stand."""
    number = 0
    funded: set[str] = set()
    for entry in reader.effective("project.fund"):
        data = entry.data
        amount = reader.legs(entry)
        if data["project"] in reader.projects and amount:
            number += 1
            funded.add(data["project"])
            yield _project_line(reader, data.get("line") or number, amount, entry), data.get("paper", "")
    for entry in reader.effective("project.propose"):
        data = entry.data
        paper = reader.papers.get(data.get("paper", ""))
        if data["county"] == reader.code and data["project"] not in funded and paper and paper["year"] == reader.year:
            yield _project_line(reader, data.get("line") or 0, None, entry), data["paper"]
    for entry in reader.effective("quota.release"):
        data = entry.data
        amount = reader.legs(entry)
        if data["from"] == reader.code and amount:
            number += 1
            name = reader.names.get(data["to"], data["to"])
            line = Line(data.get("line") or number, name, "", "", "release", amount, seq=entry.seq)
            yield _with_notes(reader, line, data), data.get("paper", "")
    for paper in papers:
        for row in paper.get("lines", ()):
            line = Line(row["no"], row.get("name", ""), row.get("place", ""), row.get("unit_responsible", ""), "paper",
                        row.get("amount_fen"), remark=_category(row.get("category", "")), printed=row.get("printed", ""))  # fmt: skip
            yield _with_notes(reader, line, {"paper": paper["paper"], "line": row["no"]}), paper["paper"]


def _project_line(reader: _Reader, number: int, amount: int | None, entry: Entry) -> Line:
    project = entry.data["project"]
    proposed = reader.proposed.get(project, {})
    line = Line(number, proposed.get("name", project), proposed.get("place", "") or proposed.get("village", ""),
                proposed.get("responsible_unit", ""), "project", amount, remark=_category(proposed.get("type", "")), seq=entry.seq)  # fmt: skip
    return _with_notes(reader, line, entry.data)


def _category(word: str) -> str:
    """A category as printed; a level in the transcription's words is said in Chinese, any other such word not at all."""
    return column_words(word) if word.isascii() and not word.isdigit() else word


def _with_notes(reader: _Reader, line: Line, data: dict[str, Any]) -> Line:
    """The line with what its paper says of its source, of payments and in remarks."""
    legs = data.get("legs", ())
    unknown = any(leg["quota"].startswith("?") for leg in legs)
    notes = reader.notes.get(data.get("paper", ""))
    if notes is None:
        return replace(line, source_stated=not unknown, source_words="来源未载" if unknown else "")
    told = notes.at(line.number)
    folded = bool(set(SOURCE_WORDS) & notes.folded)  # the findings say so then, and not every line does
    source = told.source or ("source_unstated" if unknown and not folded else "")
    if told.source == "split_differs" and not unknown:
        source = ""
    return replace(
        line, source_stated=source != "source_unstated", source_words=SOURCE_WORDS.get(source, ""), paid_fen=told.paid_fen,
        paid_printed="见原文" if "line_paid" in notes.folded and told.paid_fen is None else told.paid_printed,
        remark="；".join(dict.fromkeys(filter(None, (line.remark, *told.remarks)))),
    )  # fmt: skip


def _from_suspense(reader: _Reader, seqs: list[int]) -> int:
    """What the arranged lines took although no received source covers it."""
    wanted, account = set(seqs), f"{reader.code}:suspense"
    return sum(move.n for line in reader.book if line.seq in wanted for move in line.moves
               if move.source == account and move.unit == "CNY")  # fmt: skip


def _notices(reader: _Reader, papers: list[dict[str, Any]], foreign: list[dict[str, Any]], sources: list[tuple[Source, str]],
             lines: list[tuple[Line, str]]) -> tuple[Notice, ...]:  # fmt: skip
    """Each paper as its own section, those of other bodies after its own; what came with none of them stands in a last one."""
    if not papers and not foreign:
        return ()

    def of(*ids: str) -> tuple[tuple[Source, ...], tuple[Line, ...]]:
        held = (line for line, of in lines if of in ids)
        return tuple(s for s, of in sources if of in ids), tuple(sorted(held, key=lambda line: line.number))

    notices = [_notice(paper, *of(paper["paper"]), foreign=False) for paper in papers]
    notices += [_notice(paper, *of(paper["paper"]), foreign=True) for paper in foreign]
    ids = {paper["paper"] for paper in (*papers, *foreign)}
    rest = of(*{of for _, of in [*sources, *lines]} - ids)
    if any(rest):
        notices.append(Notice("其他登记", "", str(reader.year), None, True, *rest, (), None, own=True))
    return tuple(notices)


def _notice(paper: dict[str, Any], sources: tuple[Source, ...], lines: tuple[Line, ...], *, foreign: bool) -> Notice:
    """One paper; of another body's paper only what it gave to this one, and none of its own sums and findings."""
    declared = None if foreign else paper.get("declared_fen")
    return Notice(
        title=paper["title"], url=paper.get("url", ""), date=paper["date"], declared_fen=declared, complete=paper["complete"],
        sources=sources, lines=lines, findings=() if foreign else _findings(paper),
        window=(paper["window_from"], paper.get("window_to", "")) if "window_from" in paper else None,
        document_numbers=tuple(dict.fromkeys(number["number"] for number in paper.get("document_numbers", ()))),
        window_printed=next((row.get("printed", "") for row in paper.get("findings", ())
                             if row["where"] == "notice_window" and row["code"] in ("date_unreadable", "window_reversed")), ""),
        foreign=foreign,
    )  # fmt: skip


def _findings(paper: dict[str, Any]) -> tuple[Finding, ...]:
    """The paper's findings in words; what is said alike of several rows is said once, with all their numbers."""
    rows = [row for row in paper.get("findings", ()) if row["code"] not in HIDDEN]
    alike: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        place = line_number(row["where"])
        key = place[0] if place else row["where"]
        alike.setdefault((row["code"], row["level"], key), []).append(row)
    return tuple(_finding(group) for group in alike.values())


def _finding(group: list[dict[str, Any]]) -> Finding:
    row = group[0]
    where, place = place_words(row["where"]), line_number(row["where"])
    words, printed, computed = finding_words(row["code"], row["where"], row["level"]), row.get("printed", ""), row.get("computed_fen")
    if row["code"] in GAPS or row["code"] in _OF_COLUMNS:
        printed = columns_words(printed)
    if place and len(group) > 1:
        numbers = [found[1] for other in group if (found := line_number(other["where"]))]
        where, printed, computed = rows_words(place[0], numbers), "", None
    if row["where"].startswith("source"):
        return Finding(row["code"], row["level"], "sources", f"{where}：{words}" if place else words, printed, computed)
    return Finding(row["code"], row["level"], where, words, printed, computed)


def _window(papers: list[dict[str, Any]]) -> str | None:
    """Until when the printed papers could be objected to, each paper's own; None where none says."""
    spans = [
        f"{p['window_from']}" + (f"至{p['window_to']}" if "window_to" in p else "起") if "window_from" in p else NOT_STATED for p in papers
    ]
    if all(span == NOT_STATED for span in spans):
        return None
    return f"公示期 {spans[0]}" if len(spans) == 1 else "；".join(f"公告{n} {span}" for n, span in enumerate(spans, 1))
