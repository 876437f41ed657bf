"""Which key signed what, and from where to where it was good."""

from itertools import pairwise
from typing import Any

import msgspec

from ledger.audit.page import stored
from ledger.store.session import Session


class Range(msgspec.Struct):
    """Entries `first` … `last` under seals of one key that follow each other."""

    first: int
    last: int
    seals: int


def signers(session: Session) -> list[dict[str, Any]]:
    """Each officer's key, in the order of their entries: whose it is, how long it is good, and which entries it sealed."""
    ranges = _ranges(session)
    keys = {id: key for id, key in session.state.objects("key") if key.officer}
    ends = {id: end for officer in {key.officer for key in keys.values()} for id, end in _ends(session, officer, keys).items()}
    found = []
    for id, key in sorted(keys.items(), key=lambda item: (item[1].seq, item[1].officer)):
        officer, sealed = session.state.get("officer", key.officer), ranges.get(id, [])
        found.append({
            "key_id": id, "officer": key.officer, "name": officer.name, "person": officer.person, "authority": officer.authority,
            "enrolled_in": key.seq, "enrolled_by": _author(session, key.seq), "since": _in_effect(session, key.seq),
            "until": ends.get(id, {}).get("seq"), "ended_by": ends.get(id, {}).get("kind"), "in_force": is_in_force(session, id),
            "seals": sum(part.seals for part in sealed), "entries": sum(part.last - part.first + 1 for part in sealed),
            "ranges": [{"first": part.first, "last": part.last, "seals": part.seals} for part in sealed],
        })  # fmt: skip
    return found


def sealed_by(session: Session, seq: int) -> dict[str, Any]:
    """The key under whose seal an entry stands: the seal's range, whose key it is, and whether it signs still."""
    row = session.database.one(
        session.connection, "SELECT first, size, author FROM seals WHERE size > ? ORDER BY size LIMIT 1", (seq,)
    )
    first, size, author = row
    key = session.state.key(author)
    officer = session.state.get("officer", key.officer) if key else None
    return {"key_id": author, "officer": key.officer if key else "", "name": officer.name if officer else "",
            "first": first, "last": size - 1, "in_force": is_in_force(session, author)}  # fmt: skip


def is_in_force(session: Session, key_id: str) -> bool:
    """Whether an officer signs with this key today."""
    key = session.state.key(key_id)
    officer = session.state.get("officer", key.officer) if key else None
    return bool(officer and officer.active and officer.key == key_id)


def _ranges(session: Session) -> dict[str, list[Range]]:
    """What each author's seals cover, seals that follow each other put together."""
    found: dict[str, list[Range]] = {}
    last, position = "", -1
    while True:
        rows = session.database.all(
            session.connection, "SELECT first, size, author FROM seals WHERE size > ? ORDER BY size LIMIT 5000", (position,)
        )
        for first, size, author in rows:
            if author == last:
                part = found[author][-1]
                part.last, part.seals = size - 1, part.seals + 1
            else:
                found.setdefault(author, []).append(Range(first, size - 1, 1))
            last, position = author, size
        if not rows:
            return found


def _ends(session: Session, officer: str, keys: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Where each replaced or revoked key of an officer ends: the position from which on it signs nothing."""
    own = sorted((key.seq, id) for id, key in keys.items() if key.officer == officer)
    ends: dict[str, dict[str, Any]] = {}
    for (_, id), (following, _) in pairwise(own):
        ends[id] = {"kind": "officer.rotate", "seq": _in_effect(session, following)}
    state = session.state.get("officer", officer)
    if state is not None and not state.active:
        rows = session.database.all(
            session.connection, "SELECT seq FROM facts WHERE subject = ? AND kind = 'officer.revoke' ORDER BY seq", (officer,)
        )
        took_effect = [seq for (entry,) in rows if (seq := _in_effect(session, entry)) is not None]
        if took_effect:
            ends[state.key] = {"kind": "officer.revoke", "seq": min(took_effect)}
    return ends


def _in_effect(session: Session, seq: int) -> int | None:
    """The entry with which an entry took effect: its own, that of the second person, or none."""
    key = str(seq)
    waiting = session.state.get("waiting", key)
    if session.state.get("void", key) is not None or (waiting and waiting.status != "confirmed"):
        return None
    return waiting.by if waiting else seq


def _author(session: Session, seq: int) -> str:
    """The officer who recorded an entry; '' for the founding."""
    of = stored(session, [seq])[seq]
    key = session.state.key(of.author)
    return key.officer if key and seq else ""
