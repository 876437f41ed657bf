"""The listed entries in order, and what has become of each, from them alone (docs/format.md §7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from ledger.chain.header import Header, content_digest, parse_books, parse_header
from ledger.chain.merkle import leaf_hash
from ledger.disclosure.shape import Listed, Opened
from ledger.errors import Problem
from ledger.kinds.codec import Move, decode_content
from ledger.kinds.declare import KINDS
from ledger.kinds.keys import LONGEST_RANGE
from ledger.kinds.text import event_fault


class Status(NamedTuple):
    """What has become of an entry, in a word, and by which entry."""

    word: str
    by: int | None = None

    def __str__(self) -> str:
        """As documents have it."""
        return self.word.replace("_", " ") + ("" if self.by is None else f" by #{self.by}")


@dataclass(frozen=True, slots=True)
class Line:
    """A listed entry, its header parsed; without its content it has no kind, no data and no moves."""

    seq: int
    header: Header
    leaf: str  # hex
    places: dict[str, int]  # CODE/STREAM → position
    kind: str
    id: str
    author: str
    occurred_on: str
    data: dict[str, Any]
    moves: list[Move]
    fault: str  # why what it says is malformed, or ''
    opened: dict[str, Opened]

    @property
    def is_whole(self) -> bool:
        """Whether its content is here."""
        return bool(self.kind or self.id)

    @property
    def is_strange(self) -> bool:
        """Whether its content is here and of a kind that this version does not know."""
        return self.is_whole and self.kind not in KINDS


def line_of(listed: Listed, origin: str) -> Line | Problem:
    """The line of a listed entry, or what of its evidence is broken."""
    seq, raw = listed.seq, listed.header.encode()
    try:
        header = parse_header(raw)
    except ValueError as error:
        return Problem("DISCLOSURE.HEADER", seq=seq, why=error)
    if header.seq != seq:
        return Problem("DISCLOSURE.HEADER:other", seq=seq, other=header.seq)
    leaf, places, opened = leaf_hash(raw).hex(), dict(parse_books(header.books)), listed.opened or {}
    if listed.content is None:
        return Line(seq, header, leaf, places, "", "", "", "", {}, [], "", opened)
    text = listed.content.encode()
    if content_digest(text) != header.content:
        return Problem("DISCLOSURE.CONTENT:digest", seq=seq)
    try:
        content = decode_content(text, origin)
    except ValueError as error:
        return Problem("DISCLOSURE.CONTENT", seq=seq, why=error)
    info, fault = KINDS.get(content.kind), content.fault
    if info is not None and content.event is not None:
        fault = fault or event_fault(info, content.event)
    data = msgspec.json.decode(text)["data"]
    return Line(seq, header, leaf, places, content.kind, content.id, content.author, content.occurred_on, data,
                content.moves or [], str(fault or ""), opened)  # fmt: skip


class Listing:
    """Lines by position, and which of them are void, confirmed or taken back.

    `stated` is what the money of the body is stated with at the end of its books: all void entries of the ledger, and where
    its policies and keys changed. Without it nobody can tell these from the lines alone. `confirmed` and `taken_back` have
    the position with which a confirmation or reversal took effect. An entry about an entry stands in all books of that one;
    one that does not says nothing of it.
    """

    def __init__(self, lines: Iterable[Line], stated: dict[str, Any] | None = None) -> None:
        """Lines in order, entry 0 first."""
        self.lines = list(lines)
        self.stated = stated
        self.by_seq = {line.seq: line for line in self.lines}
        self._by_leaf = {line.leaf: line for line in self.lines}
        self.void = {seq for seq in (stated or {}).get("void", ()) if seq in self.by_seq}
        self.confirmed: dict[int, int] = {}
        self.taken_back: dict[int, int] = {}
        for line in reversed(self.lines):  # what makes an entry void stands behind it
            named = self.named_by(line) if line.seq not in self.void else None
            if named is not None and line.kind == "entry.confirm" and not named.moves:  # else somebody vouches for it
                self.confirmed[named.seq] = line.seq
            elif named is not None and stated is None and self.acknowledges(line):
                last = self._by_leaf.get(line.data["to"]["leaf"], named).seq if "to" in line.data else named.seq
                self.void |= self.by_seq.keys() & range(named.seq, min(last, named.seq + LONGEST_RANGE - 1) + 1)
        self._observing = self.lines[0].data.get("mode") == "observe"
        self._policies = [(-1, self.lines[0]), *self.rules("policy.set")]
        for line in self.lines:
            named = self.named_by(line) if line.kind == "entry.reverse" and line.seq not in self.void else None
            if named is not None:
                by = line.seq if line.moves or not self._reversal_waits(line, named) else self.confirmed.get(line.seq)
                if by is not None:
                    self.taken_back[named.seq] = by

    def acknowledges(self, line: Line) -> bool:
        """Whether an entry says, of two persons, that another is void."""
        return line.kind == "entry.void" and not line.fault and line.data["finding"] == "void" and line.seq in self.confirmed

    def rules(self, kind: str) -> list[tuple[int, Line]]:
        """The entries of a kind that changed the ledger's rules, each with where it took effect, as the block states them."""
        found = []
        for seq in (self.stated or {}).get("rules", ()):
            line = self.by_seq.get(seq)
            said = self.named_by(line) if line is not None and line.kind == "entry.confirm" else line
            if said is not None and said.kind == kind and not said.fault:
                found.append((seq, said))
        return found

    def named_by(self, line: Line) -> Line | None:
        """The listed entry that an entry about an entry names, in whose books it stands."""
        if line.fault or line.kind not in ("entry.confirm", "entry.reverse", "entry.void"):
            return None
        named = self._by_leaf.get(line.data["entry"]["leaf"])
        if named is None or named.seq >= line.seq:
            return None
        if line.kind == "entry.void":  # of the books that a void entry claims, some may be none
            return named if not named.places or named.places.keys() & line.places.keys() else None
        return named if named.places.keys() <= line.places.keys() else None

    def stands(self, line: Line) -> bool:
        """Whether an entry is neither void nor taken back."""
        return line.seq not in self.void and line.seq not in self.taken_back

    def took_effect(self, line: Line) -> bool:
        """Whether an entry did not wait, or was confirmed; what waits for a second person has no moves."""
        return bool(line.moves) or line.seq in self.confirmed or not self._may_wait(line)

    def effective(self, *kinds: str) -> list[Line]:
        """The entries of some kinds that stand and took effect."""
        return [line for line in self.lines if line.kind in kinds and self.stands(line) and self.took_effect(line)]

    def status(self, line: Line) -> Status:
        """What has become of an entry, as a log says it; `recorded` where the lines cannot tell."""
        if not line.is_whole:
            return Status("header_only")
        if self.stated is None:
            return Status("unknown_kind" if line.is_strange else "malformed" if line.fault else "recorded")
        if line.seq in self.void:
            return Status("void")
        if line.seq in self.taken_back:
            return Status("reversed", self.taken_back[line.seq])
        if line.seq in self.confirmed:
            return Status("confirmed", self.confirmed[line.seq])
        if not self.took_effect(line):
            return Status("waiting")
        info = KINDS.get(line.kind)
        return Status("effective" if line.moves or (info is not None and (info.second == "none" or info.stream == "money")) else "recorded")

    def _may_wait(self, line: Line) -> bool:
        info = KINDS.get(line.kind)
        return info is not None and info.stream == "money" and info.second != "none" and not self._observing

    def _reversal_waits(self, line: Line, named: Line) -> bool:
        """Whether a reversal that moves nothing waits; what still waits itself is called off by one person."""
        still = self._may_wait(named) and not named.moves and self.confirmed.get(named.seq, line.seq) >= line.seq
        if still or self._observing:
            return False
        policy = [said for since, said in self._policies if since < line.seq][-1].data["policy"]
        second = {row["kind"]: row["second"] for row in policy}.get("entry.reverse")
        info = KINDS.get(named.kind)  # of an entry listed without its content nobody knows the stream: what may wait, waits
        return second == "person" or (second == "money" and (info is None or info.stream == "money"))
