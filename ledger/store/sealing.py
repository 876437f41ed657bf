"""Sealing and opening the personal values of entries: between drafts, the table `vault` and the vault key store."""

from collections.abc import Iterator
from typing import Any

import msgspec

from ledger.chain.sealed import commitment
from ledger.errors import InputRejected, Refused
from ledger.kinds.codec import Content, decode_content
from ledger.kinds.declare import KINDS, Field
from ledger.kinds.draft import Draft
from ledger.kinds.text import text_fault
from ledger.store.connection import Connection
from ledger.store.database import Database
from ledger.store.session import Session
from ledger.store.vault import Entropy, Vault

MAX_VALUE = 4000


class Sealer:
    """Seals the values of one append."""

    def __init__(self, database: Database, connection: Connection, origin: str, vault: Vault | None) -> None:
        self.database = database
        self.connection = connection
        self.origin = origin
        self.vault = vault
        self._rows: list[tuple[int, str, bytes]] = []

    def data_of(self, draft: Draft, seq: int, entropy: Entropy) -> dict[str, Any]:
        """The data of a draft with commitments in place of its sealed values, whose boxes wait for `store`."""
        data = dict(draft.data)
        for field, subject, value in _sealed_values(draft):
            sealed = self._require_vault().seal(subject, (self.origin, draft.id, field.name), value, entropy)
            data[field.name] = sealed.commitment
            self._rows.append((seq, field.name, sealed.box))
        return data

    def data_as_recorded(self, draft: Draft, seq: int) -> dict[str, Any]:
        """The data of a draft with the salts of entry `seq`: the same bytes if it says the same. Raises Refused."""
        data = dict(draft.data)
        for field, subject, value in _sealed_values(draft):
            waiting = (box for at, name, box in self._rows if (at, name) == (seq, field.name))
            box = next(waiting, None) or box_of(self.database, self.connection, seq, field.name)
            place = (self.origin, draft.id, field.name)
            opened = self._require_vault().open(subject, place, box) if box is not None else None
            if opened is not None:
                data[field.name] = commitment(*place, opened.salt, value)
        return data

    def store(self) -> None:
        """Keep the keys, then the boxes; before the entries are stored, so that nothing acknowledged is without its key."""
        if self._rows:
            self._require_vault().keep()
            self.database.many(
                self.connection, "INSERT INTO vault (seq, field, box) VALUES (?, ?, ?)", list(self._rows)
            )

    def _require_vault(self) -> Vault:
        if self.vault is None:
            raise Refused("REFUSED.VAULT")
        if not self.vault.exists and self.database.one(self.connection, "SELECT seq FROM vault LIMIT 1") is not None:
            raise Refused("REFUSED.VAULT:absent", path=self.vault.path)
        return self.vault


def box_of(database: Database, connection: Connection, seq: int, field: str) -> bytes | None:
    """The box of a sealed value, or None where there is none."""
    row = database.one(connection, "SELECT box FROM vault WHERE seq = ? AND field = ?", (seq, field))
    return row[0] if row else None


def _sealed_values(draft: Draft) -> list[tuple[Field, str, str]]:
    """Field, subject and value of each sealed value of a draft. Raises InputRejected."""
    info = KINDS.get(draft.kind)
    if info is None:
        return []
    found = []
    for field in info.sealed:
        if field.name in draft.data:
            raise InputRejected("INPUT.SEALED", field=field)
        value = draft.sealed.get(field.name)
        if value is None:
            continue
        fault = text_fault(value)
        if fault:
            raise InputRejected("INPUT.TEXT:sealed", field=field, why=fault)
        if not 0 < len(value) <= MAX_VALUE:
            raise InputRejected("INPUT.TEXT:length", field=field, limit=MAX_VALUE)
        found.append((field, str(draft.data.get(info.fields[field.sealed].name, "")), value))
    return found


class Place(msgspec.Struct, frozen=True):
    """Where a sealed value stands, whom it is about, what the entry commits to, and its box."""

    seq: int
    id: str
    field: str
    subject: str
    commitment: str
    box: bytes | None = None


def places_in(seq: int, content: Content) -> list[Place]:
    """The sealed values of a decoded entry."""
    info, event = KINDS.get(content.kind), content.event
    if info is None or event is None:
        return []
    return [
        Place(seq, content.id, field.name, str(getattr(event, info.fields[field.sealed].attribute)), committed)
        for field in info.sealed
        if (committed := getattr(event, field.attribute)) is not None
    ]


def sealed_places(session: Session) -> Iterator[Place]:
    """Every sealed value whose box is stored."""
    found: dict[int, dict[str, bytes]] = {}
    for seq, field, box in session.database.all(session.connection, "SELECT seq, field, box FROM vault"):
        found.setdefault(seq, {})[field] = box
    for seq, boxes in sorted(found.items()):
        for place in places_in(seq, decode_content(session.history.entry(seq)[1], session.origin)):
            if place.field in boxes:
                yield msgspec.structs.replace(place, box=boxes[place.field])
