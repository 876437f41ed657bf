"""The steps of a quota: who passed how much of it to whom, found by what the entries are about, not by going through all moves.

A step is (from, to, quota) with all the entries that made it: within one account and quota yuan are alike, and no
first-in-first-out is pretended. What went back the same way is taken off its step; reversed entries make no step.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from ledger.audit.objects import chunks, marks, objects_of, projects_of, seqs_of
from ledger.audit.page import ABOUT_ENTRIES, stored
from ledger.store.session import Session

FUNDING = ("project.fund", *ABOUT_ENTRIES)
CLAIMED = (":reserved", ":paid")


class Edge(msgspec.Struct):
    """A step: `n` is what went, less what came back, over all its entries; `kind` is that of the first."""

    source: str
    target: str
    n: int
    entries: list[int]
    kind: str


class Move(msgspec.Struct, frozen=True):
    """A move that stands."""

    seq: int
    kind: str
    source: str
    target: str
    n: int


Moves = dict[tuple[int, int], Move]  # by position and place, so that none counts twice


def edges(moves: Moves) -> list[Edge]:
    """The steps that moves of one quota make, each way netted against the other."""
    found: dict[tuple[str, str], Edge] = {}
    for _, move in sorted(moves.items()):
        way = (move.source, move.target)
        back = found.get((move.target, move.source))
        edge = back or found.setdefault(way, Edge(*way, 0, [], move.kind))
        edge.n += -move.n if back else move.n
        edge.entries.append(move.seq)
    return [edge for edge in found.values() if edge.n > 0]


def bodies_moves(session: Session, quota: str) -> Moves:
    """How a quota came into the ledger and went from body to body.

    Of `?` and an entry's id, under which an observing ledger moves what nobody knows the quota of, all that entry moved.
    """
    known = session.state.get("quota", quota)
    fresh = {quota, known.holder} if known else _subject_of(session, quota.removeprefix("?"))
    moves: Moves = {}
    seen = {"world"}
    while fresh:
        seen |= fresh
        found = _moves(session, fresh, quota)
        moves |= found
        holders = {account.partition(":")[0] for move in found.values() for account in (move.source, move.target)} - seen
        fresh = holders - set(projects_of(session, holders))
    return moves


def project_moves(session: Session, project: str, quota: str, *, funding_only: bool = False) -> Moves:
    """What entries about a project moved of a quota; `funding_only` leaves its payments out."""
    moves = _moves(session, {project}, quota, FUNDING if funding_only else ())
    return {place: move for place, move in moves.items() if not (funding_only and is_claim(move))}


def is_claim(move: Move | Edge) -> bool:
    """Whether a move belongs to a payment."""
    return move.target.endswith(CLAIMED) or move.source.endswith(CLAIMED)


def projects_with(session: Session, quota: str) -> list[str]:
    """The projects that a quota went to and stayed with."""
    rows = session.database.all(
        session.connection, "SELECT account FROM balances WHERE quota = ? AND unit = 'CNY'", (quota,)
    )
    return sorted(set(projects_of(session, (account.partition(":")[0] for (account,) in rows)).values()))


def _subject_of(session: Session, id: str) -> set[str]:
    seq = session.history.seq_of(id)
    row = session.database.one(session.connection, "SELECT subject FROM facts WHERE seq = ?", (seq,)) if seq is not None else None
    return {str(row[0])} if row else set()


def moves_of(session: Session, seqs: Iterable[int], quota: str) -> Moves:
    """What some entries moved of a quota, as far as they stand."""
    return _standing(session, seqs, quota, "f.seq")


def _moves(session: Session, subjects: Iterable[str], quota: str, kinds: tuple[str, ...] = ()) -> Moves:
    """What the entries about some subjects moved of a quota, as far as they stand."""
    return _standing(session, sorted(subjects), quota, "f.subject", kinds)


def _standing(session: Session, keys: Iterable[Any], quota: str, column: str, kinds: tuple[str, ...] = ()) -> Moves:
    only = f" AND f.kind IN ({marks(list(kinds))})" if kinds else ""
    moves: Moves = {}
    for part in chunks(keys):
        rows = session.database.all(
            session.connection,
            "SELECT m.seq, m.i, f.kind, m.source, m.target, m.n FROM facts f JOIN moves m ON m.seq = f.seq "
            f"WHERE {column} IN ({marks(part)}) AND m.quota = ? AND m.unit = 'CNY'{only}",
            (*part, quota, *kinds),
        )
        gone = _taken_back(session, {seq: kind for seq, _, kind, _, _, _ in rows})
        moves |= {(seq, i): Move(seq, kind, source, target, int(n))
                  for seq, i, kind, source, target, n in rows if seq not in gone}  # fmt: skip
    return moves


def _taken_back(session: Session, kinds: dict[int, str]) -> set[int]:
    """Which entries, given with their kinds, no longer stand: reversed ones, and those that reverse."""
    gone = {seq for seq, kind in kinds.items() if kind == "entry.reverse"}
    meant = named(session, [seq for seq, kind in kinds.items() if kind == "entry.confirm"])
    of_named = {seq: of.kind for seq, of in stored(session, set(meant.values())).items()}
    gone |= {seq for seq, earlier in meant.items() if of_named[earlier] == "entry.reverse"}
    judged = {seq: meant.get(seq, seq) for seq in kinds if seq not in gone}
    reversed_ = objects_of(session, "reversed", (str(seq) for seq in judged.values()))
    return gone | {seq for seq, of in judged.items() if str(of) in reversed_}


def named(session: Session, seqs: Iterable[int]) -> dict[int, int]:
    """The earlier entry that each of some entries about entries names."""
    words = {seq: _reference(of.data) for seq, of in stored(session, seqs).items()}
    known = seqs_of(session, (word for word in words.values() if not word.isdigit()))
    found = {seq: int(word) if word.isdigit() else known.get(word) for seq, word in words.items()}
    return {seq: earlier for seq, earlier in found.items() if earlier is not None and earlier < seq}


def _reference(data: dict[str, Any]) -> str:
    reference = data.get("entry")
    return str(reference["entry"]) if isinstance(reference, dict) and "entry" in reference else ""
