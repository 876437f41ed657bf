"""From a disclosure of a body's books to the figures of a paper, so that the two cannot say different things."""

from collections.abc import Iterator
from typing import Any

from ledger.disclosure.books import WHOLE, projects_of
from ledger.disclosure.check import Checked
from ledger.disclosure.listing import Line as Entry
from ledger.disclosure.listing import Listing
from ledger.disclosure.shape import Disclosure
from ledger.errors import Refused
from reports.model import Allocation, Finding, Head, Line, Notice, Range, Source, lines_fen, sources_fen
from reports.words import HIDDEN, finding_words, place_words

FOLD = 4  # so many findings of one sort are told in one line
INVENTED = "99"  # no province has this code (GB/T 2260); what stands under it is made up
DOCUMENT_NUMBERS = ("document_number", "upper_document_number", "own_document_number", "plan_document_number")


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
        """What the body and its projects hold at a stage for quotas of some years, in fen; no source stated is this year."""
        total = 0
        for line in self.book:
            for move in line.moves:
                if move.unit == "CNY" and self.quotas.get(move.quota, {}).get("year", self.year) in years:
                    total += move.n * (self._at(move.target, stage) - self._at(move.source, stage))
        return total

    def _at(self, account: str, wanted: str) -> bool:
        holder, _, stage = account.partition(":")
        return stage == wanted and (holder == self.code or holder in self.projects)


def allocation(disclosure: Disclosure, checked: Checked) -> Allocation:
    """The figures of the body and year that a disclosure is about; `checked` is its check, with its lines.

    Raises:
        Refused: REFUSED.MIRROR: a paper of this place and year was not taken from the government's own address.
    """
    claim, listing, checkpoint = disclosure.book, checked.listing, checked.checkpoint
    assert claim is not None, "figures are those of a body's books"
    assert listing is not None, "what cannot be read gives no figures"
    assert checkpoint is not None, "figures stand at a checkpoint"
    reader = _Reader(listing, claim.code, claim.year)
    papers = reader.own_papers()
    for paper in papers:
        if paper["mirror"]:
            raise Refused(
                f"paper {paper['paper']} of this place and year was transcribed from a copy of the government's page",
                code="REFUSED.MIRROR", hint="check the government's original first",
            )  # fmt: skip
    sources = sorted(_sources(reader), key=lambda pair: pair[0].received)
    lines = list(_lines(reader, papers))
    received, arranged = sources_fen(s for s, _ in sources), lines_fen(line for line, _ in lines)
    if papers:  # which source paid a line may be unstated; only what no source covers is 来源未载
        suspense = max(0, arranged - received)
    else:
        suspense = _from_suspense(reader, [line.seq for line, _ in lines])
    this_year = range(claim.year, claim.year + 1)
    return Allocation(
        ledger_name=listing.lines[0].data["name"], place=reader.names.get(claim.code, claim.code), book=claim.code,
        year=claim.year, sources=tuple(source for source, _ in sources), lines=tuple(line for line, _ in lines),
        findings=(), received_fen=received, arranged_fen=arranged, unarranged_fen=received + suspense - arranged,
        paid_fen=reader.held("paid", years=this_year), reserved_fen=reader.held("reserved", years=this_year),
        from_suspense_fen=suspense, notices=_notices(reader, papers, sources, lines), transcribed=bool(papers),
        invented=claim.code.startswith(INVENTED), phone=None, objection=_window(papers),
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
            yield _source(data, data["amount"], data["quota"], entry), data.get("paper", "")
    for entry in reader.effective("quota.release"):
        if entry.data["to"] == reader.code:
            own = {k: v for k, v in entry.data.items() if k in ("document_number", "received_on")}
            for leg in entry.data["legs"]:
                if reader.year_of(leg["quota"], entry) == reader.year:
                    data = {**reader.quotas.get(leg["quota"], {}), **own}
                    yield _source(data, leg["amount"], leg["quota"], entry), entry.data.get("paper", "")


def _source(data: dict[str, Any], amount: int, quota: str, entry: Entry) -> Source:
    numbers = dict.fromkeys(data[name] for name in DOCUMENT_NUMBERS if name in data)
    return Source(
        name=data.get("fund_name", "") or quota, level=data.get("source_level", "none"), document_numbers=tuple(numbers),
        amount_fen=amount, received=data.get("received_on") or data.get("issued_on") or "", quota=quota, seq=entry.seq,
        derived=bool(data.get("derived")),
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
            yield (
                Line(data.get("line") or number, name, "", "", "release", amount, _source_stated(data), "", entry.seq),
                data.get("paper", ""),
            )
    for paper in papers:
        for row in paper.get("lines", ()):
            yield Line(row["no"], row.get("name", ""), row.get("place", ""), row.get("unit_responsible", ""), "paper",
                       row.get("amount_fen"), remark=row.get("category", "")), paper["paper"]  # fmt: skip


def _project_line(reader: _Reader, number: int, amount: int | None, entry: Entry) -> Line:
    project = entry.data["project"]
    proposed = reader.proposed.get(project, {})
    return Line(number, proposed.get("name", project), proposed.get("place", "") or proposed.get("village", ""),
                proposed.get("responsible_unit", ""), "project", amount, _source_stated(entry.data), proposed.get("type", ""), entry.seq)  # fmt: skip


def _source_stated(data: dict[str, Any]) -> bool:
    return not any(leg["quota"].startswith("?") for leg in data.get("legs", ()))


def _from_suspense(reader: _Reader, seqs: list[int]) -> int:
    """What the arranged lines took although no received source covers it."""
    wanted, account = set(seqs), f"{reader.code}:suspense"
    return sum(move.n for line in reader.book if line.seq in wanted for move in line.moves
               if move.source == account and move.unit == "CNY")  # fmt: skip


def _notices(reader: _Reader, papers: list[dict[str, Any]], sources: list[tuple[Source, str]],
             lines: list[tuple[Line, str]]) -> tuple[Notice, ...]:  # fmt: skip
    """Each paper as its own section; what came with none of them stands in a last one."""
    if not papers:
        return ()
    ids = [paper["paper"] for paper in papers]
    notices = [
        Notice(
            title=paper["title"], url=paper.get("url", ""), date=paper["date"], declared_fen=paper.get("declared_fen"),
            complete=paper["complete"], sources=tuple(s for s, of in sources if of == paper["paper"]),
            lines=tuple(sorted((line for line, of in lines if of == paper["paper"]), key=lambda line: line.number)),
            findings=_findings(paper),
            window=(paper["window_from"], paper["window_to"]) if "window_from" in paper and "window_to" in paper else None,
        )
        for paper in papers
    ]  # fmt: skip
    rest_sources = tuple(s for s, of in sources if of not in ids)
    rest_lines = tuple(line for line, of in lines if of not in ids)
    if rest_sources or rest_lines:
        notices.append(
            Notice("其他登记", "", str(reader.year), None, True, rest_sources, rest_lines, (), None)
        )
    return tuple(notices)


def _findings(paper: dict[str, Any]) -> tuple[Finding, ...]:
    """The paper's findings as printed; many of one sort about lines are told once."""
    findings = [_finding(row) for row in paper.get("findings", ()) if row["code"] not in HIDDEN]
    told: list[Finding] = []
    for finding in findings:
        alike = [
            f
            for f in findings
            if (f.code, f.message) == (finding.code, finding.message) and f.where.startswith("第")
        ]
        if len(alike) < FOLD or finding not in alike:
            told.append(finding)
        elif finding is alike[0]:
            lines = "、".join(f.where.partition("行")[0][1:] for f in alike)
            told.append(Finding(finding.code, finding.level, f"第{lines}行", finding.message))
    return tuple(told)


def _finding(row: dict[str, Any]) -> Finding:
    where = "sources" if row["where"].startswith("source") else place_words(row["where"])
    return Finding(row["code"], row["level"], where, finding_words(row["code"], row["where"]), row.get("printed", ""),
                   row.get("computed_fen"))  # fmt: skip


def _window(papers: list[dict[str, Any]]) -> str | None:
    spans = [
        f"{p['window_from']}至{p['window_to']}" for p in papers if "window_from" in p and "window_to" in p
    ]
    return f"原公告期 {'；'.join(spans)}" if spans else None
