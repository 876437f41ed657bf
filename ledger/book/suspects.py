"""Entries by a key that was compromised: they keep their effect, and are doubtful until another person vouches for them."""

from ledger.book.context import Context
from ledger.book.index import author_of
from ledger.book.objects import Key, Suspect
from ledger.book.state import Breach, State


def mark_suspects(state: State) -> None:
    """Every entry of the officer that this one makes suspect, but void ones and those settled before.

    Done when nothing can be refused any more: an entry that is void in the end must not have looked at all of them.
    """
    if state.suspecting:
        officer, person, since = state.suspecting
        for seq in state.index.authors.of(officer, since):
            state.put("suspect", str(seq), Suspect(person=person))


def suspect_of(state: State, seq: int) -> Suspect | None:
    """Whether an entry is suspect, or becomes it by the one that is judged."""
    found: Suspect | None = state.get("suspect", str(seq))
    if found is not None or not state.suspecting:
        return found
    officer, person, since = state.suspecting
    key = state.key(author_of(state, seq)) if since <= seq < state.position and state.get("void", str(seq)) is None else None
    return Suspect(person=person) if key is not None and key.officer == officer else None


def settle(c: Context, seq: int) -> None:
    """A suspect entry was vouched for, or taken back; by no key that hangs on a suspect entry."""
    suspect = suspect_of(c.state, seq)
    if suspect is not None and suspect.by < 0:
        _require_clean_key(c)
        c.put("suspect", str(seq), Suspect(person=suspect.person, by=c.seq))


def _require_clean_key(c: Context) -> None:
    """Follow the actor's key to the entry that brought it in, to its author's key and so on to a root: none was ever suspect."""
    key: Key | None = c.state.key(c.actor.key)
    while key is not None and key.seq:
        if suspect_of(c.state, key.seq) is not None:
            raise Breach("RIGHTS.SUSPECT", officer=c.actor.id, seq=key.seq)
        key = c.state.key(author_of(c.state, key.seq))
