"""Retrying: an id that stands in the ledger is looked up before anything is filled in from what the ledger says today.

What was typed is compared with what is recorded; what the program filled in then is taken from the record. So the answer
to a command that was recorded once stays "already recorded", whatever came after, and a difference is one that was typed.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from ledger.book.references import position_of
from ledger.book.state import State
from ledger.chain.keys import b64, key_id, unb64
from ledger.chain.sealed import opens
from ledger.commands.fields import find_entry, holds
from ledger.commands.hand import Hand, signer_of
from ledger.commands.legs import TypedLegs, legs_text
from ledger.commands.policy import policy_rows
from ledger.errors import LedgerError, Refused
from ledger.kinds.codec import Content, decode_content, encode_event
from ledger.kinds.declare import KINDS, Field
from ledger.kinds.types import EntryRef
from ledger.store.append import Recorded
from ledger.store.keystore import KeyStore
from ledger.store.repeated import DATE, KIND, SIGNER, Difference, kind_text, sealed_text, taken, value_text
from ledger.store.vault import Vault

Boxes = Callable[[int, str], bytes | None]  # (seq, field) → the box of a sealed value


class Typed(NamedTuple):
    """What a person typed for one entry, before anything is filled in; None of a date or of legs is what was not typed."""

    kind: str
    id: str
    occurred_on: str | None
    data: dict[str, Any]
    sealed: dict[str, str]
    legs: TypedLegs | None = None


class Found(NamedTuple):
    """An entry that stands, and its kind."""

    recorded: Recorded
    kind: str

    @property
    def seq(self) -> int:
        """Where it stands."""
        return self.recorded.seq


class Standing(NamedTuple):
    """What stands under the ids that were typed; `unlike` are fields that could not be compared here."""

    entries: list[Found]
    hand: Hand
    unlike: list[str]


class Comparison:
    """Compares what was typed with what stands in a ledger."""

    def __init__(self, state: State, store: KeyStore, vault: Vault | None, boxes: Boxes) -> None:
        self._state = state
        self._store = store
        self._vault = vault
        self._boxes = boxes

    def standing(self, typed: list[Typed], officer: str | None) -> Standing | None:
        """What stands already of one command's entries, or None where nothing does.

        They were recorded together, so that those which stand are all there were. Raises Refused for what differs.
        """
        found = [(one, seq) for one in typed if (seq := self._state.history.seq_of(one.id)) is not None]
        if not found:
            return None
        entries: list[Found] = []
        unlike: list[str] = []
        author = ""
        for one, seq in found:
            _, raw, leaf = self._state.history.entry(seq)
            content = decode_content(raw, self._state.history.origin)
            differ = list(self._differences(one, seq, content, officer, unlike))
            if differ:
                raise taken(one.id, seq, content.kind, differ)
            entries.append(Found(Recorded(seq, one.id, leaf.hex(), already=True), content.kind))
            author = content.author
        return Standing(entries, signer_of(self._state, author), unlike)

    def _differences(self, typed: Typed, seq: int, content: Content, officer: str | None, unlike: list[str]) -> Iterator[Difference]:
        if content.kind != typed.kind or content.event is None:
            yield Difference(KIND, kind_text(content.kind), kind_text(typed.kind))
            return
        if officer is not None and not self._is_hand(officer, content.author):
            yield Difference(SIGNER, signer_of(self._state, content.author).officer, officer)
        if typed.occurred_on not in (None, content.occurred_on):
            yield Difference(DATE, content.occurred_on, str(typed.occurred_on))
        info = KINDS[typed.kind]
        recorded: dict[str, Any] = msgspec.json.decode(encode_event(content.event))
        for name, field in info.fields.items():
            there = recorded.get(name)
            if name == "legs":
                if typed.legs is not None and not typed.legs.agrees(there):
                    yield Difference(name, legs_text(there), typed.legs.text())
                continue
            given = typed.sealed.get(name) if field.sealed else typed.data.get(name)
            if given is None:
                if there is not None and not (field.client or field.completed):
                    yield Difference(name, _text(field, there), "")
                continue
            agrees = there is not None and self._agrees(field, typed, seq, given, there, recorded)
            if agrees is None:
                unlike.append(name)
            elif not agrees:
                yield Difference(name, _text(field, there), _text(field, given, other=True))

    def _is_hand(self, officer: str, author: str) -> bool:
        """Whether a name, of an officer or of a key in the store, is that of who signed."""
        signed = self._state.get("key", author)
        if signed is None or officer == signed.officer:
            return signed is not None
        try:
            named = self._state.get("key", key_id(self._store.public(officer)))
        except LedgerError:
            return False
        return named is not None and bool(named.officer) and named.officer == signed.officer

    def _agrees(self, field: Field, typed: Typed, seq: int, given: Any, there: Any, recorded: dict[str, Any]) -> bool | None:
        """Whether a field says the same; None where that cannot be told here."""
        if field.sealed:
            return self._opens(field, typed.id, seq, given, there, recorded)
        if holds(field, EntryRef):
            return self._names(given, there)
        if field.name == "policy":
            return bool(policy_rows(given) == there)
        if field.name == "public_key":
            return self._is_key(given, there)
        if isinstance(there, list):
            return sorted(given) == sorted(there)
        return bool(given == there)

    def _opens(self, field: Field, id: str, seq: int, given: str, there: str, recorded: dict[str, Any]) -> bool | None:
        """Whether a value is the sealed one; None without its box or its key."""
        box = self._boxes(seq, field.name)
        if self._vault is None or not self._vault.exists or box is None:
            return None
        place = (self._state.history.origin, id, field.name)
        opened = self._vault.open(str(recorded.get(field.sealed, "")), place, box)
        return None if opened is None else opens(there, *place, opened.salt, given)

    def _names(self, word: str, there: dict[str, str]) -> bool:
        """Whether a word names the entry that a reference names: by position, by id, or by the id of what it made."""
        seq = position_of(self._state, there["entry"])
        if seq is None:
            return False
        content = decode_content(self._state.history.entry(seq)[1], self._state.history.origin)
        made = {getattr(content.event, field.attribute) for field in KINDS[content.kind].news} if content.event is not None else set()
        if word in {str(seq), content.id, *made}:
            return True
        try:
            return find_entry(self._state, word) == seq
        except Refused:
            return False

    def _is_key(self, given: str, there: str) -> bool | None:
        """Whether a key, or the name of one in the store, is the recorded one; None where the store has none of that name."""
        word = given.removeprefix("ed25519 ").strip()
        try:
            return b64(unb64(word, 32)) == there
        except ValueError:
            pass
        try:
            return b64(self._store.public(word)) == there
        except LedgerError:
            return None


def _text(field: Field, value: Any, *, other: bool = False) -> str:
    """A value for a person; of a sealed one only that it is there."""
    if field.sealed:
        return sealed_text(value, other=other)
    return str(value["entry"]) if holds(field, EntryRef) and isinstance(value, dict) else value_text(field.name, value)
