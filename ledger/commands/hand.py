"""Whose hand signs: the key that is meant, whether somebody was asked, and how the signer is told."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ledger.book.objects import Officer
from ledger.book.state import State
from ledger.chain.keys import key_id
from ledger.commands.options import Options
from ledger.commands.output import Output
from ledger.errors import NotPermitted, Usage
from ledger.store.keystore import KeyStore


class Hand(NamedTuple):
    """Who signed: the officer, by name and body where these are known."""

    officer: str
    name: str = ""
    authority: str = ""
    body: str = ""

    def as_json(self) -> dict[str, Any]:
        """The keys that each answer of an append carries."""
        return {"signed_by": self.officer, "signer": {"name": self.name, "authority": self.authority, "body": self.body}}

    def line(self, out: Output, *, dry_run: bool = False) -> str:
        """A line for a person."""
        named = self.name if self.name != self.officer else ""
        zh = self.officer + (f" {named}" if named else "") + (f"（{self.body}）" if self.body else "")
        en = self.officer + (f", {named}" if named else "") + (f" ({self.body})" if self.body else "")
        return out.words(f"将由 {zh} 签名", f"would be signed by {en}") if dry_run else out.words(f"签名：{zh}", f"signed by {en}")


def hand_of(state: State, officer: Officer) -> Hand:
    """An officer as the signer of an entry."""
    body = state.get("authority", officer.authority) if officer.authority else None
    return Hand(officer.id, officer.name, officer.authority, body.name if body else "")


def signer_of(state: State, author: str) -> Hand:
    """The officer behind a key that signed; the key itself where it belongs to nobody."""
    key = state.get("key", author)
    officer = state.get("officer", key.officer) if key and key.officer else None
    return hand_of(state, officer) if officer else Hand(f"{author[:16]}…")


def require_answerable(options: Options, *, yes: bool, dry_run: bool = False) -> None:
    """Check that somebody can be asked whether to record, or need not be. Raises Usage."""
    if not (yes or dry_run or options.interactive):
        raise Usage("USAGE:unasked")


def only_officer(state: State, store: KeyStore) -> str:
    """The one key of the store whose officer is enrolled here; never one chosen by what it may do.

    Raises:
        Usage: there are several. NotPermitted: there is none.
    """
    officers = list(state.objects("officer"))
    held = dict(keys_held(store))
    names = [held[officer.key] for _, officer in officers if officer.active and officer.key in held]
    if len(names) == 1:
        return names[0]
    if names:
        raise Usage("USAGE:several_hands", names=sorted(names))
    revoked = [id for id, officer in officers if officer.key in held]
    if revoked:
        raise NotPermitted("RIGHTS.KEY:all_revoked", officers=revoked)
    raise NotPermitted("RIGHTS.KEY:none_here", folder=str(store.folder))


def keys_held(store: KeyStore) -> Iterator[tuple[str, str]]:
    """Key id and name of every key of a store."""
    for name in store.names():
        yield key_id(store.public(name)), name
