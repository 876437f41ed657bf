"""Disclosures made from a ledger; the same history, size, checkpoint and choice give the same bytes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from ledger.book.objects import Waiting
from ledger.chain.header import parse_books
from ledger.chain.keys import b64
from ledger.chain.proofs import Tree
from ledger.disclosure.books import WHOLE, needed_beside
from ledger.disclosure.listing import Line, line_of
from ledger.disclosure.shape import FORMAT, BookClaim, Disclosure, EarlierHead, Listed, Opened, encode
from ledger.errors import NotFound, Refused
from ledger.store import rows
from ledger.store.session import Session

MAX_HEADS = 64
CHUNK = 500

OpenedValues = Mapping[int, Mapping[str, Opened]]  # entry → field


class Point(NamedTuple):
    """Where a report of a body is drawn: the number of entries, their root, and the streams that the block states."""

    size: int
    root: bytes
    streams: tuple[str, ...]


class Choice(NamedTuple):
    """Which entries a disclosure lists: whole, and by their headers alone."""

    whole: list[int]
    bare: list[int]


def build(session: Session, *, size: int, note: str, seqs: Iterable[int], bare: Iterable[int] = (),
          book: BookClaim | None = None, heads: Iterable[int] = (), opened: OpenedValues | None = None) -> bytes:  # fmt: skip
    """The disclosure of the entries `seqs` and, by their headers alone, `bare`; entry 0 is always there.

    `note` is the signed checkpoint of the first `size` entries, `heads` are sizes of earlier heads.
    """
    whole = {0, *seqs}
    listed = sorted(whole.union(bare))
    tree = Tree(list(rows.leaves(session.database, session.connection, 0, size)))
    return encode(Disclosure(
        book=book, checkpoint=note, entries=list(_entries(session, listed, whole, opened or {})), format=FORMAT,
        heads=[EarlierHead(size=old, root=b64(tree.root(old)), proof=[b64(part) for part in tree.consistency(old)])
               for old in sorted(set(heads))],
        ledger_id=session.id, origin=session.origin, proof=[b64(part) for part in tree.multi(listed)],
    ))  # fmt: skip


def prove_many(session: Session, seqs: Iterable[int], note: str, size: int, opened: OpenedValues | None = None, heads: Iterable[int] = ()) -> bytes:
    """The disclosure of single entries, whole, and that it grew from earlier heads; nothing is claimed to be complete."""
    return build(session, size=size, note=note, seqs=seqs, opened=opened, heads=heads)


def build_book(session: Session, code: str, year: int, point: Point, note: str) -> bytes:
    """The disclosure of the whole books of a body at the end of its block, with what its figures need beside them."""
    choice = choose(session, code, point)
    claim = BookClaim(code=code, year=year, streams=[stream for stream in WHOLE if stream in point.streams])
    return build(session, size=point.size, note=note, seqs=choice.whole, bare=choice.bare, book=claim,
                 heads=report_heads(session, point.size))  # fmt: skip


def _entries(session: Session, listed: list[int], whole: Collection[int], opened: OpenedValues) -> Iterator[Listed]:
    for seq, header, content in _rows(session, listed):
        values = dict(opened.get(seq, {})) or None
        yield Listed(seq=seq, header=header.decode(), content=content.decode() if seq in whole else None, opened=values)


def _rows(session: Session, seqs: list[int]) -> Iterator[tuple[int, bytes, bytes]]:
    for start in range(0, len(seqs), CHUNK):
        part = tuple(seqs[start : start + CHUNK])
        marks = ",".join("?" * len(part))
        yield from session.database.all(
            session.connection, f"SELECT seq, header, content FROM entries WHERE seq IN ({marks}) ORDER BY seq", part  # noqa: S608  (marks only)
        )  # fmt: skip


def newest_point(session: Session, code: str) -> Point:
    """The end of the newest block of `book.state` of a body.

    Raises:
        NotFound: the body is not registered. Refused: no state of its books was recorded, or it is not a whole block.
    """
    if session.state.get("authority", code) is None:
        raise NotFound("NOT_FOUND.BODY:ledger", id=code)
    stated = [(seq, book.partition("/")[2]) for seq, book in _states(session) if book.partition("/")[0] == code]
    if not stated:
        raise Refused("REFUSED.NO_BOOK_STATE", body=code)
    size = stated[-1][0] + 1
    streams: list[str] = []
    for distance, (seq, stream) in enumerate(reversed(stated)):
        if seq != size - 1 - distance or stream in streams:
            break
        streams.insert(0, stream)
        if stream == "money":
            break
    seal = rows.last_seal(session.database, session.connection, size + 1)
    if seal is None or seal.size != size or streams[0] != "money":
        raise Refused("REFUSED.NO_BOOK_STATE:end", body=code, seq=size - 1)
    return Point(size, seal.root, tuple(streams))


def _states(session: Session, below: int | None = None) -> Iterator[tuple[int, str]]:
    """Every `book.state` that is not void, with the book it states."""
    seqs = session.database.all(
        session.connection, "SELECT seq FROM facts WHERE kind = 'book.state' AND status <> 'void' AND seq < ? ORDER BY seq",
        (session.size if below is None else below,),
    )  # fmt: skip
    for seq, _, content in _rows(session, [seq for (seq,) in seqs]):
        yield seq, msgspec.json.decode(content)["data"]["book"]


def report_heads(session: Session, size: int) -> list[int]:
    """The newest earlier report points of all bodies: where a `book.state` ends an append."""
    found = session.database.all(
        session.connection,
        "SELECT seals.size FROM seals JOIN facts ON facts.seq = seals.size - 1 "
        "WHERE facts.kind = 'book.state' AND facts.status <> 'void' AND seals.size < ? ORDER BY seals.size DESC LIMIT ?",
        (size, MAX_HEADS),
    )  # fmt: skip
    return [end for (end,) in reversed(found)]


def choose(session: Session, code: str, point: Point) -> Choice:
    """The entries of a body's books that its block states, whole where they are for the public, and what figures need."""
    streams = {f"{code}/{stream}": stream in WHOLE for stream in point.streams}
    block = set(range(point.size - len(point.streams), point.size))
    whole, bare = {0} | block, set()
    for seq, places in _placed(session, code, point.size):
        named = [streams[name] for name, _ in places if name in streams]
        if any(named):
            whole.add(seq)
        elif named:
            bare.add(seq)
    listed = [line_of(part, session.origin) for part in _entries(session, sorted(whole), whole, {})]
    whole |= _beside(session, needed_beside((line for line in listed if isinstance(line, Line)), code), point.size)
    return Choice(sorted(whole), sorted(bare - whole))


def _placed(session: Session, code: str, size: int) -> Iterator[tuple[int, list[tuple[str, int]]]]:
    """The entries that stand in a book of a body; what is void stands in none."""
    mark = f" {code}/".encode()
    step = 5000
    void = {int(seq) for seq, _ in session.state.objects("void")}
    for start in range(0, size, step):
        for seq, header in session.database.all(
            session.connection, "SELECT seq, header FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq",
            (start, min(start + step, size)),
        ):  # fmt: skip
            if mark in header and seq not in void:
                yield seq, parse_books(header.split(b"\n")[4][6:].decode())


def _beside(session: Session, needed: set[tuple[str, str]], size: int) -> set[int]:
    """Entries of other books that figures and check need, and what changed the ledger's keys and policies."""
    found = {seq for kind, subject in needed if (seq := _maker(session, kind, subject, size)) is not None}
    for seq, status in session.database.all(
        session.connection,
        "SELECT seq, status FROM facts WHERE kind IN ('ledger.rotate', 'policy.set') AND status <> 'void' AND seq < ?", (size,),
    ):  # fmt: skip
        by = _effective_at(session, seq, status, size)
        found |= set() if by is None else {seq, by}
    return found


def _maker(session: Session, kind: str, subject: str, size: int) -> int | None:
    """The entry below a size that made an object."""
    for seq, status in session.database.all(
        session.connection,
        "SELECT seq, status FROM facts WHERE subject = ? AND kind = ? AND status <> 'void' AND seq < ? ORDER BY seq",
        (subject, kind, size),
    ):  # fmt: skip
        if _effective_at(session, seq, status, size) is not None:
            return int(seq)
    return None


def _effective_at(session: Session, seq: int, status: str, size: int) -> int | None:
    """The entry with which an entry took effect, below a size."""
    if status != "waiting":
        return seq
    waiting: Waiting | None = session.state.get("waiting", str(seq))
    return waiting.by if waiting is not None and waiting.status == "confirmed" and waiting.by < size else None
