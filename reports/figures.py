"""From the ledger at a book's newest state to the figures of a paper; reads only, and ties every sum out."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ledger.audit.entries import find
from ledger.errors import NotFound, Refused
from ledger.store.rows import last_seal
from ledger.store.session import Session
from reports.model import Allocation, Finding, Head, Line, Notice, Source, lines_fen, sources_fen
from reports.words import HIDDEN, finding_words, place_words

FOLD = 4  # so many findings of one sort are told in one line
INVENTED = "99"  # no province has this code (GB/T 2260); what stands under it is made up


class Point(NamedTuple):
    """Where a report of a body is drawn: the number of entries, their root, and the time of the last."""

    size: int
    root: bytes
    at: str


def newest_point(session: Session, code: str) -> Point:
    """The end of the newest block of `book.state` of a body.

    Raises:
        NotFound: the body is not registered. Refused: no state of its books was recorded, or it ends at no seal.
    """
    if session.state.get("authority", code) is None:
        raise NotFound(
            f"no body {code[:40]!r} in this ledger",
            code="NOT_FOUND.BODY",
            hint="see: sunledger authority list",
        )
    stated = [
        entry for entry in find(session, kind="book.state") if entry["data"]["book"].partition("/")[0] == code
    ]
    if not stated:
        raise Refused(f"the books of {code} were never stated", code="REFUSED.NO_BOOK_STATE",
                      hint=f"sunledger book state --book {code}")  # fmt: skip
    size = stated[-1]["seq"] + 1
    seal = last_seal(session.database, session.connection, size + 1)
    if seal is None or seal.size != size:
        raise Refused(f"the state of {code} at entry #{size - 1} is not the end of an append", code="REFUSED.NO_BOOK_STATE",
                      hint=f"sunledger book state --book {code}")  # fmt: skip
    return Point(size, seal.root, stated[-1]["at"])


class _Reader:
    """The entries of one body and year below a size, without what was taken back by then."""

    def __init__(self, session: Session, code: str, year: int, size: int) -> None:
        self.session = session
        self.state = session.state
        self.code = code
        self.year = year
        self.size = size
        self.gone = {int(key) for key, taken in self.state.objects("reversed") if taken.by < size}
        self.quotas: dict[str, dict[str, Any]] = {
            entry["data"]["quota"]: entry["data"] for entry in self._standing("quota.receive")
        }
        self.papers: dict[str, dict[str, Any]] = {
            entry["data"]["paper"]: entry["data"] for entry in self._standing("paper.record")
        }

    def _standing(self, kind: str) -> Iterator[dict[str, Any]]:
        for entry in find(self.session, kind=kind, at=self.size):
            if entry["status"] != "void" and entry["seq"] not in self.gone:
                yield entry

    def _took_effect(self, entry: dict[str, Any]) -> bool:
        waiting = self.state.get("waiting", str(entry["seq"]))
        return waiting is None or (waiting.status == "confirmed" and waiting.by < self.size)

    def effective(self, kind: str) -> Iterator[dict[str, Any]]:
        """Standing entries of a kind that took effect."""
        return (entry for entry in self._standing(kind) if self._took_effect(entry))

    def legs(self, entry: dict[str, Any]) -> int:
        """What of an entry's legs belongs to the year, in fen."""
        return sum(
            leg["amount"] for leg in entry["data"]["legs"] if self.year_of(leg["quota"], entry) == self.year
        )

    def year_of(self, quota: str, entry: dict[str, Any]) -> int:
        """A quota's budget year; where no source is stated, the paper's year or that of the entry."""
        if quota in self.quotas:
            return int(self.quotas[quota]["year"])
        paper = self.papers.get(entry["data"].get("paper", ""))
        return int(paper["year"]) if paper else int(entry["occurred_on"][:4])

    def own_papers(self) -> list[dict[str, Any]]:
        """The papers of this body and year."""
        return [
            data for data in self.papers.values() if data["holder"] == self.code and data["year"] == self.year
        ]


def allocation(session: Session, code: str, year: int, point: Point, note: str) -> Allocation:
    """The figures of a body's year at `point`; `note` is the signed checkpoint of that size.

    Raises:
        Refused: REFUSED.MIRROR: a paper of this place and year was not taken from the government's own address.
    """
    reader = _Reader(session, code, year, point.size)
    papers = reader.own_papers()
    for paper in papers:
        if paper["mirror"]:
            raise Refused(
                f"paper {paper['paper']} of this place and year was transcribed from a copy of the government's page",
                code="REFUSED.MIRROR", hint="check the government's original first",
            )  # fmt: skip
    sources = sorted(_sources(reader), key=lambda pair: pair[0].received)
    lines = list(_lines(reader, papers))
    notices = _notices(reader, papers, sources, lines)
    received, arranged = sources_fen(s for s, _ in sources), lines_fen(line for line, _ in lines)
    if papers:  # which source paid a line may be unstated; only what no source covers is 来源未载
        suspense = max(0, arranged - received)
    else:
        suspense = _from_suspense(reader, [line.seq for line, _ in lines])
    held = _held(reader)
    body = session.state.authority(code)
    return Allocation(
        ledger_name=session.genesis.name, place=body.name, book=code, year=year,
        sources=tuple(source for source, _ in sources), lines=tuple(line for line, _ in lines), findings=(),
        received_fen=received, arranged_fen=arranged, unarranged_fen=received + suspense - arranged,
        paid_fen=held["paid"], reserved_fen=held["reserved"], from_suspense_fen=suspense, notices=notices,
        transcribed=bool(papers), invented=code.startswith(INVENTED), phone=None, objection=_window(papers),
        head=Head(
            origin=session.origin, ledger_id=session.id, size=point.size, root=point.root.hex(), note=note, at=point.at,
            void_entries=sum(int(key) < point.size for key, _ in session.state.objects("void")),
        ),
    )  # fmt: skip


def _sources(reader: _Reader) -> Iterator[tuple[Source, str]]:
    """What the body received: from outside, and from an upper level; with the paper it was transcribed from."""
    for entry in reader.effective("quota.receive"):
        data = entry["data"]
        if data["holder"] == reader.code and data["year"] == reader.year:
            yield _source(data, data["amount"], data["quota"], entry), data.get("paper", "")
    for entry in reader.effective("quota.release"):
        if entry["data"]["to"] == reader.code:
            for leg in entry["data"]["legs"]:
                if reader.year_of(leg["quota"], entry) == reader.year:
                    of = reader.quotas.get(leg["quota"], {})
                    own = {
                        **of,
                        **{k: v for k, v in entry["data"].items() if k in ("document_number", "received_on")},
                    }
                    yield _source(own, leg["amount"], leg["quota"], entry), entry["data"].get("paper", "")


def _source(data: dict[str, Any], amount: int, quota: str, entry: dict[str, Any]) -> Source:
    numbers = dict.fromkeys(
        data[name]
        for name in (
            "document_number",
            "upper_document_number",
            "own_document_number",
            "plan_document_number",
        )
        if name in data
    )
    return Source(
        name=data.get("fund_name", "") or quota, level=data.get("source_level", "none"), document_numbers=tuple(numbers),
        amount_fen=amount, received=data.get("received_on") or data.get("issued_on") or "", quota=quota, seq=entry["seq"],
        derived=bool(data.get("derived")),
    )  # fmt: skip


def _lines(reader: _Reader, papers: list[dict[str, Any]]) -> Iterator[tuple[Line, str]]:
    """What money was arranged for: projects, releases, and lines of papers that move nothing; numbered as they stand."""
    number = 0
    funded: set[str] = set()
    for entry in reader.effective("project.fund"):
        data = entry["data"]
        project = reader.state.get("project", data["project"])
        amount = reader.legs(entry)
        if project is None or project.county != reader.code or not amount:
            continue
        number += 1
        funded.add(data["project"])
        yield (
            _project_line(reader, data.get("line") or number, data["project"], amount, entry),
            data.get("paper", ""),
        )
    for entry in reader.effective("project.propose"):
        data = entry["data"]
        paper = reader.papers.get(data.get("paper", ""))
        if (
            data["county"] == reader.code
            and data["project"] not in funded
            and paper
            and paper["year"] == reader.year
        ):
            yield _project_line(reader, data["line"], data["project"], None, entry), data["paper"]
    for entry in reader.effective("quota.release"):
        data = entry["data"]
        amount = reader.legs(entry)
        if data["from"] == reader.code and amount:
            number += 1
            name = reader.state.authority(data["to"]).name
            stated = not any(leg["quota"].startswith("?") for leg in data["legs"])
            yield (
                Line(data.get("line") or number, name, "", "", "release", amount, stated, "", entry["seq"]),
                data.get("paper", ""),
            )
    for paper in papers:
        for row in paper.get("lines", ()):
            yield Line(row["no"], row.get("name", ""), row.get("place", ""), row.get("unit_responsible", ""), "paper",
                       row.get("amount_fen"), remark=row.get("category", "")), paper["paper"]  # fmt: skip


def _project_line(
    reader: _Reader, number: int, project: str, amount: int | None, entry: dict[str, Any]
) -> Line:
    proposed: dict[str, Any] = next(
        (e["data"] for e in find(reader.session, kind="project.propose", subject=project)), {}
    )
    stated = not any(leg["quota"].startswith("?") for leg in entry["data"].get("legs", ()))
    return Line(number, proposed.get("name", project), proposed.get("place", "") or proposed.get("village", ""),
                proposed.get("responsible_unit", ""), "project", amount, stated, proposed.get("type", ""), entry["seq"])  # fmt: skip


def _from_suspense(reader: _Reader, seqs: list[int]) -> int:
    """What the arranged lines took although no received source covers it."""
    wanted, account = set(seqs), f"{reader.code}:suspense"
    rows = reader.session.database.all(
        reader.session.connection,
        "SELECT seq, n FROM moves WHERE source = ? AND seq < ? AND unit = 'CNY'",
        (account, reader.size),
    )
    return sum(n for seq, n in rows if seq in wanted)


def _held(reader: _Reader) -> dict[str, int]:
    """What stands paid and reserved on the body's projects for quotas of the year."""
    held = {"paid": 0, "reserved": 0}
    projects = {id for id, project in reader.state.objects("project") if project.county == reader.code}
    for sign, side in ((1, "target"), (-1, "source")):
        for account, quota, n in reader.session.database.all(
            reader.session.connection,
            f"SELECT {side}, quota, n FROM moves WHERE seq < ? AND unit = 'CNY'",  # noqa: S608  (side is one of two words)
            (reader.size,),
        ):
            holder, _, stage = account.partition(":")
            if (
                stage in held
                and holder in projects
                and reader.quotas.get(quota, {}).get("year", reader.year) == reader.year
            ):
                held[stage] += sign * n
    return held


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
