"""Whose hand signs: the key that is meant, whether somebody was asked, and how the signer is told."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ledger.book.objects import Officer
from ledger.book.state import State
from ledger.chain.keys import key_id
from ledger.commands.options import Options
from ledger.commands.output import Output
from ledger.errors import NotPermitted, Usage
from ledger.kinds.codec import decode_content
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


def hands_told(state: State, store: KeyStore, out: Output) -> dict[str, Any]:
    """What two signatures are worth here, said plainly: whose keys one store opens, and whether one person brought in everybody's.

    `lines` are sentences; neither finding changes a verdict, for both are lawful.
    """
    officers = [officer for _, officer in state.objects("officer") if officer.active]
    held = {key for key, _ in keys_held(store)}
    here = sorted(officer.id for officer in officers if officer.key in held)
    persons = {officer.person for officer in officers if officer.id in here}
    enrollers = {_brought_in_by(state, officer) for officer in officers}
    alone = next(iter(enrollers)) if len(enrollers) == 1 and len({officer.person for officer in officers}) > 1 else ""
    lines = []
    if len(persons) > 1:
        lines.append(out.words(f"此密钥库能以 {len(persons)} 人的名义签名（{'、'.join(here)}）：谁拿到它，就能一人代几人签名",
                               f"this key store signs for {len(persons)} persons ({', '.join(here)}): whoever has it can sign as each of them"))  # fmt: skip
    if alone:
        lines.append(out.words(f"全部人员的密钥都由 {alone} 一人登记：是否确为不同的人，本台账不能证明",
                               f"{alone} alone brought in the keys of all officers: this ledger does not show that they are different persons"))  # fmt: skip
    return {"store_opens": here if len(persons) > 1 else [], "enrolled_by_one": alone, "lines": lines}


def _brought_in_by(state: State, officer: Officer) -> str:
    """The person who enrolled an officer's key; of keys that a person replaced himself, who enrolled the first."""
    key = state.get("key", officer.key)
    while key is not None:
        author = decode_content(state.history.entry(key.seq)[1], state.history.origin).author
        by = state.get("key", author)
        signer = state.get("officer", by.officer) if by and by.officer else None
        if signer is None:
            return author
        if signer.person != officer.person or key.seq == 0 or by.seq >= key.seq:
            return str(signer.person)
        key = by
    return officer.person
