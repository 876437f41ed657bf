"""The figures of an allocation announcement: frozen, complete, and tied out before anything is drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEVELS = {"central": "中央", "province": "省级", "city": "市级", "county": "县级", "mixed": "多级合计", "none": "未载"}


@dataclass(frozen=True)
class Source:
    """A quota received, or a source that a paper names; `derived` was worked out by the transcriber and is printed apart.

    `amount_fen` is None where the paper prints none that can be read; `printed` is then what stands there.
    """

    name: str
    level: str  # a key of LEVELS
    document_numbers: tuple[str, ...]
    amount_fen: int | None
    received: str  # a date, or "" where the paper gives none
    quota: str
    seq: int
    derived: bool = False
    level_words: str = ""  # what stands in place of a level: 债券, or the paper's own word
    printed: str = ""

    @property
    def level_name(self) -> str:
        """The level in Chinese; 未载 where none is stated."""
        return self.level_words or LEVELS[self.level]


@dataclass(frozen=True)
class Line:
    """What money was arranged for; `amount_fen` None where the paper prints none that can be read.

    `source_words` is what the table says of the line's source where that is not known; `source_stated` is false where the
    paper states none. `paid_fen` is what a further column says was paid; `paid_printed` is that column where it cannot be read.
    """

    number: int
    name: str
    place: str
    unit: str
    kind: str  # project | release | paper
    amount_fen: int | None
    source_stated: bool = True
    remark: str = ""
    seq: int = 0
    source_words: str = ""
    paid_fen: int | None = None
    paid_printed: str = ""
    printed: str = ""

    @property
    def source_remark(self) -> str:
        """What stands beside the line of its source, where that is not known."""
        return self.source_words or ("" if self.source_stated else "来源未载")


@dataclass(frozen=True)
class Finding:
    """An arithmetic gap or a missing element, printed beside the figures it touches.

    `where` is "sources" for the table of sources; all else is printed beneath the table of lines: "lines", "total",
    "notice", or the place in words (第7行), which is then printed.
    """

    code: str
    level: str  # defect | rounding | ours | information
    where: str
    message: str
    printed: str = ""
    computed_fen: int | None = None


@dataclass(frozen=True)
class Notice:
    """One published paper this was transcribed from, with what it states."""

    title: str
    url: str
    date: str
    declared_fen: int | None
    complete: bool  # False where only a part of the paper's lines was transcribed
    sources: tuple[Source, ...]
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    window: tuple[str, str] | None
    document_numbers: tuple[str, ...] = ()  # of the paper as a whole
    window_printed: str = ""  # a window that has no two days in order, as printed
    own: bool = False  # what was recorded beside all papers; nothing of it is unstated
    foreign: bool = False  # a paper of another body, that says what this one was given and nothing of what it did with it

    @property
    def received_whole(self) -> bool:
        """Whether what was received is known: there are sources, and each has its amount."""
        enough = self.complete or self.declared_fen is None or sources_fen(self.sources) >= self.declared_fen
        return self.own or (bool(self.sources) and enough and stated(self.sources) == len(self.sources))

    @property
    def arranged_whole(self) -> bool:
        """Whether what was arranged is known: all lines are here, and each has its amount."""
        all_here = self.complete or lines_fen(self.lines) == self.declared_fen
        return self.own or (bool(self.lines) and not self.foreign and all_here and stated(self.lines) == len(self.lines))

    @property
    def suspense_fen(self) -> int:
        """What was arranged by lines that state no source, beyond all sources; 0 where a source's amount is not known."""
        if any(source.amount_fen is None for source in self.sources):
            return 0
        return max(0, lines_fen(line for line in self.lines if not line.source_words or not line.source_stated) - sources_fen(self.sources))


@dataclass(frozen=True)
class Head:
    """The checkpoint the paper stands on; `at` is ISO 8601 and the paper's only clock."""

    origin: str
    ledger_id: str
    size: int
    root: str  # hex
    note: str  # the signed checkpoint, a C2SP signed note
    at: str


@dataclass(frozen=True)
class Range:
    """What the figures are made of: whole books up to the checkpoint, and what stands in them beside the year."""

    entries: tuple[tuple[str, int], ...]  # CODE/STREAM and how many entries, from position 0 on
    earlier_fen: int  # of quotas of earlier years, received and not arranged
    taken_back: int  # entries of money reversed up to the checkpoint; in no figure
    void: int  # entries without effect; in no figure


@dataclass(frozen=True)
class Allocation:
    """One place's year: what was received, what it was arranged for, what was paid.

    `from_suspense_fen` was arranged although no received source covers it (来源未载), so
    received + from_suspense = arranged + unarranged. `reserved_fen` is asked for and not yet paid.
    `notices` is empty for the county's own records; else every source and line stands in exactly one notice.

    Where a paper does not state every amount, `received_fen` and `arranged_fen` are the sums of those it states,
    `received_whole` and `arranged_whole` say whether that is all, and what is not arranged is not known: None.
    """

    ledger_name: str
    place: str
    book: str
    year: int
    sources: tuple[Source, ...]
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    received_fen: int
    arranged_fen: int
    unarranged_fen: int | None
    paid_fen: int
    reserved_fen: int
    from_suspense_fen: int
    notices: tuple[Notice, ...]
    transcribed: bool
    invented: bool
    phone: str | None
    objection: str | None
    range: Range
    head: Head

    def __post_init__(self) -> None:
        """A total that is not the sum of its parts is a programmer's error and stops here."""
        assert self.received_fen == sources_fen(self.sources), "received is the sum of the sources"
        assert self.arranged_fen == lines_fen(self.lines), "arranged is the sum of the lines"
        assert self.from_suspense_fen >= 0, "suspense covers, it does not owe"
        assert all(source.level in LEVELS for source in self.sources), "a source's level is known"
        if self.notices:
            parts = [notice.sources for notice in self.notices], [notice.lines for notice in self.notices]
            assert sum(map(len, parts[0])) == len(self.sources), "each source stands in one notice"
            assert sum(map(len, parts[1])) == len(self.lines), "each line stands in one notice"
            assert self.received_fen == sum(map(sources_fen, parts[0])), "the notices' sources make the whole"
            assert self.arranged_fen == sum(map(lines_fen, parts[1])), "the notices' lines make the whole"
            suspense = sum(notice.suspense_fen for notice in self.notices)
            assert self.from_suspense_fen == suspense, "what no source covers is that of each notice"
        assert (self.unarranged_fen is not None) == (self.received_whole and self.arranged_whole), (
            "what is not arranged is known where both sides are")
        if self.unarranged_fen is not None:
            assert self.received_fen + self.from_suspense_fen == self.arranged_fen + self.unarranged_fen, (
                "what was received or is not stated is arranged or unarranged")

    @property
    def title(self) -> str:
        """The announcement's title; a fund's name is never made up."""
        return f"{self.place}{self.year}年资金分配公告" + ("（转录）" if self.transcribed else "")

    @property
    def received_whole(self) -> bool:
        """Whether every source is here with its amount; a body's own books are whole."""
        return all(notice.received_whole for notice in self.notices)

    @property
    def arranged_whole(self) -> bool:
        """Whether every line is here with its amount; a body's own books are whole."""
        return all(notice.arranged_whole for notice in self.notices)


def stated(parts: Sequence[Source] | Sequence[Line]) -> int:
    """How many of the parts have an amount."""
    return sum(part.amount_fen is not None for part in parts)


def sources_fen(sources: Iterable[Source]) -> int:
    """The sum of the sources that have an amount, derived ones included."""
    return sum(source.amount_fen or 0 for source in sources)


def lines_fen(lines: Iterable[Line]) -> int:
    """The sum of the lines that have an amount."""
    return sum(line.amount_fen or 0 for line in lines)
