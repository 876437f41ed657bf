"""Entries by a key that was compromised: they keep their effect, and are doubtful until another person vouches for them."""

import msgspec

from ledger.book.context import Context
from ledger.book.objects import Key, Suspect
from ledger.book.state import Breach


class _Author(msgspec.Struct):
    author: str


def mark_suspect(c: Context, officer: str, person: str, since: int) -> None:
    """Every entry of an officer from `since` to this one is suspect, but void ones and those settled before."""
    for seq in range(since, c.seq):
        key = _key_of(c, seq)
        known = c.state.get("suspect", str(seq)) is not None or c.state.get("void", str(seq)) is not None
        if key is not None and key.officer == officer and not known:
            c.put("suspect", str(seq), Suspect(person=person))


def settle(c: Context, seq: int) -> None:
    """A suspect entry was vouched for, or taken back; by no key that hangs on a suspect entry."""
    suspect: Suspect | None = c.state.get("suspect", str(seq))
    if suspect is not None and suspect.by < 0:
        _require_clean_key(c)
        c.put("suspect", str(seq), Suspect(person=suspect.person, by=c.seq))


def _require_clean_key(c: Context) -> None:
    """Follow the actor's key to the entry that brought it in, to its author's key and so on to a root: none was ever suspect."""
    key: Key | None = c.state.key(c.actor.key)
    while key is not None and key.seq:
        if c.state.get("suspect", str(key.seq)) is not None:
            raise Breach("RIGHTS.SUSPECT", officer=c.actor.id, seq=key.seq)
        key = _key_of(c, key.seq)


def _key_of(c: Context, seq: int) -> Key | None:
    """The key that an entry's author signed with."""
    return c.state.key(msgspec.json.decode(c.state.history.entry(seq)[1], type=_Author).author)
