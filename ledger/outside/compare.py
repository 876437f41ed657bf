"""What two sources say of each other: the same history, one extends the other, a fork, or not to be decided from them."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from ledger.chain.header import content_digest, parse_books, parse_header
from ledger.chain.merkle import Hash, leaf_hash
from ledger.chain.note import parse_note
from ledger.disclosure.source import Source, first_differing, two_roots
from ledger.errors import IntegrityFailed, IntegrityUndecided
from ledger.outside.evidence import FORMAT, Evidence, side_of
from ledger.words import Fault

SAME, EXTENDS, FORK, UNDECIDED = "same", "extends", "fork", "undecided"


@dataclass
class Comparison:
    """The relation of `a` to `b`; of a fork, what is said differently, and the evidence where both sides are signed."""

    relation: str
    detail: Fault  # a sentence in both languages
    a: Source
    b: Source
    seq: int | None = None  # the first entry that is known to differ
    size: int | None = None  # or the size with two roots
    book: tuple[str, int] | None = None  # where undecided, a book position with two entries
    entries: list[dict[str, Any]] = field(default_factory=list)  # the two that differ
    evidence: Evidence | None = None


def compare(a: Source, b: Source, third: Source | None = None) -> Comparison:
    """How `a` and `b` stand to each other; `third` is a source that may know more than either.

    Raises:
        IntegrityFailed: they are of two ledgers, or a note is not signed by the key that the entries name.
        IntegrityUndecided: a note is not signed by that key, and not all entries are here.
    """
    sources = [a, b] if third is None else [a, b, third]
    for other in sources[1:]:
        _require_one_ledger(a, other)
    _require_one_ledger(b, sources[-1])
    _require_signed(sources)
    found = _contradiction(a, b) or _agreement(a, b)
    if found is None and third is not None:
        found = _contradiction(a, third) or _contradiction(b, third) or _by_third(a, b, third)
    found = found or _book_contradiction(a, b)
    if found is None:
        return Comparison(UNDECIDED, Fault("COMPARE.UNDECIDED"), a, b)
    if found.relation == FORK:
        found.evidence = _evidence(found)
    return found


def _require_one_ledger(a: Source, b: Source) -> None:
    if a.head.origin != b.head.origin:
        raise IntegrityFailed("INV-16.ORIGIN:two", a=a.where, b=b.where, a_origin=a.head.origin, b_origin=b.head.origin)
    if a.ledger_id and b.ledger_id and a.ledger_id != b.ledger_id:
        raise IntegrityFailed("INV-16.LEDGER:two", a=a.where, b=b.where, a_id=a.ledger_id, b_id=b.ledger_id)


def _require_signed(sources: list[Source]) -> None:
    """Where the files name the ledger's keys, one of these signed each note; a key that replaced them may be unseen.

    A whole history knows which keys signed by right; another may name what it likes.
    """
    keys = [key for source in sources if source.is_whole or not any(other.is_whole for other in sources) for key in source.keys]
    for source in sources:
        if keys and source.note and not source.is_signed(keys):
            if any(other.is_whole for other in sources):
                raise IntegrityFailed("INV-16.SIGNATURE:not_its_key", where=source.where)
            raise IntegrityUndecided("UNDECIDED.SIGNATURE", where=source.where)


def _contradiction(a: Source, b: Source) -> Comparison | None:
    """The first thing both speak of and say differently: an entry, or a root."""
    seq = first_differing(a, b)
    if seq is not None:
        return Comparison(FORK, Fault("COMPARE.FORK:entry", seq=seq), a, b, seq=seq, entries=[_told(a, seq), _told(b, seq)])
    size = two_roots(a, b)
    return None if size is None else Comparison(FORK, Fault("COMPARE.FORK:root", size=size), a, b, size=size)


def _book_contradiction(a: Source, b: Source) -> Comparison | None:
    """Two entries at one position of a book: a fork, or one of them is void and names a position that is not its own."""
    one, two = _positions(a), _positions(b)
    for name, position in sorted(one.keys() & two.keys()):
        if leaf_hash(a.headers[one[name, position]]) != leaf_hash(b.headers[two[name, position]]):
            found = Comparison(UNDECIDED, Fault("COMPARE.UNDECIDED:book", book=name, position=position), a, b, book=(name, position))
            found.entries = [_told(a, one[name, position]), _told(b, two[name, position])]
            return found
    return None


def _positions(source: Source) -> dict[tuple[str, int], int]:
    return {book: seq for seq, header in source.headers.items() for book in parse_books(parse_header(header).books)}


def _agreement(a: Source, b: Source) -> Comparison | None:
    """Same, or that the smaller head lies on the way to the greater one."""
    if a.head.size == b.head.size:
        return Comparison(SAME, Fault("COMPARE.SAME", size=a.head.size), a, b)
    small, great = (a, b) if a.head.size < b.head.size else (b, a)
    if great.root_at(small.head.size) != small.head.root:
        return None
    return Comparison(EXTENDS, Fault("COMPARE.EXTENDS", **_ends(small, great)), a, b)


def _by_third(a: Source, b: Source, third: Source) -> Comparison | None:
    """Both heads lie in the third history: so one extends the other."""
    if any(third.root_at(source.head.size) != source.head.root for source in (a, b)):
        return None
    small, great = (a, b) if a.head.size < b.head.size else (b, a)
    return Comparison(EXTENDS, Fault("COMPARE.EXTENDS:by_third", third=third.where, **_ends(small, great)), a, b)


def _ends(small: Source, great: Source) -> dict[str, Any]:
    return {"great": great.where, "size": great.head.size, "small": small.where, "before": small.head.size}


class _Peek(msgspec.Struct):
    id: str
    kind: str


def _told(source: Source, seq: int) -> dict[str, Any]:
    """An entry in a few words; its kind and id where its content is here."""
    header, content = parse_header(source.headers[seq]), source.content(seq)
    said: dict[str, Any] = {"where": source.where, "seq": seq, "at": header.at}
    try:
        if content is not None and content_digest(content) == header.content:
            said |= msgspec.to_builtins(msgspec.json.decode(content, type=_Peek))
    except msgspec.DecodeError:
        pass
    return said


def _evidence(found: Comparison) -> Evidence | None:
    a, b = found.a, found.b
    sides = [side_of(source, seq=found.seq, size=found.size) for source in (a, b)]
    if sides[0] is None or sides[1] is None or not _one_signer(a, b):
        return None
    return Evidence(FORMAT, FORK, a.head.origin, a.ledger_id or b.ledger_id, sides[0], sides[1])


def _one_signer(a: Source, b: Source) -> bool:
    """Whether both notes bear a line of the ledger under one key; whether it is true needs the key."""

    def hashes(source: Source) -> set[Hash]:
        return {s.key_hash for s in parse_note(source.note).signatures if s.name == source.head.origin}

    return bool(hashes(a) & hashes(b))
