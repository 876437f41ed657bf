"""Entries by a key that was compromised: they keep their effect, and are doubtful until another person vouches for them."""

import msgspec

from ledger.book.context import Context
from ledger.book.objects import Key, Suspect


class _Author(msgspec.Struct):
    author: str


def mark_suspect(c: Context, officer: str, person: str, since: int) -> None:
    """Every entry of an officer from `since` to this one is suspect, but void ones and those settled before."""
    for seq in range(since, c.seq):
        author = msgspec.json.decode(c.state.history.entry(seq)[1], type=_Author).author
        key: Key | None = c.state.key(author)
        known = c.state.get("suspect", str(seq)) is not None or c.state.get("void", str(seq)) is not None
        if key is not None and key.officer == officer and not known:
            c.put("suspect", str(seq), Suspect(person=person))


def settle(c: Context, seq: int) -> None:
    """A suspect entry was vouched for, or taken back."""
    suspect: Suspect | None = c.state.get("suspect", str(seq))
    if suspect is not None and suspect.by < 0:
        c.put("suspect", str(seq), Suspect(person=suspect.person, by=c.seq))
