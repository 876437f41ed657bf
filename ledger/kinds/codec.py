"""Between content bytes and typed events.

The content of an entry is canonical JSON of exactly nine keys:

    {"author":…,"data":{…},"id":…,"kind":…,"moves":[…],"occurred_on":…,"origin":…,"salt":…,"v":1}

A content that decodes into its kind's declared types and encodes back to the same bytes is canonical; only where
that fails is it looked at generically, to tell broken evidence from a void meaning.
"""

import re
from typing import Any

import msgspec

from ledger.chain import canonical
from ledger.kinds import keys, money, papers, payments, people, projects  # noqa: F401  (declare the kinds)
from ledger.kinds.declare import KINDS, Kind
from ledger.kinds.form import form_fault
from ledger.kinds.text import characters_fault, may_hold_forbidden
from ledger.kinds.types import Amount
from ledger.words import Fault

VERSION = 1
_ID = re.compile(r"[A-Za-z0-9._/-]{1,64}", re.ASCII)
_SALT = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """`n` units leave an account for another, under a quota; accounts are `holder:stage`.

    Its texts need no pattern: moves are those that `apply` gives, or the entry is void.
    """

    source: str = msgspec.field(name="from")
    n: Amount
    quota: str
    target: str = msgspec.field(name="to")
    unit: str


class Envelope(msgspec.Struct, forbid_unknown_fields=True, frozen=True, gc=False):
    """The nine keys; `data` and `moves` still raw on the way in, typed on the way out."""

    author: str
    data: Any
    id: str
    kind: str
    moves: Any
    occurred_on: str
    origin: str
    salt: str
    v: int


class _RawEnvelope(msgspec.Struct, forbid_unknown_fields=True, frozen=True, gc=False):
    author: str
    data: msgspec.Raw
    id: str
    kind: str
    moves: list[Move]
    occurred_on: str
    origin: str
    salt: str
    v: int


class Content(msgspec.Struct, frozen=True, gc=False):
    """A decoded content: its envelope, and its event or why it has none.

    `moves` is None in a draft whose moves are still to be computed.
    """

    author: str
    event: Kind | None
    id: str
    kind: str
    moves: list[Move] | None
    occurred_on: str
    fault: Fault | None = None


_envelopes = msgspec.json.Decoder(_RawEnvelope)
_encoder = msgspec.json.Encoder()
_events: dict[str, msgspec.json.Decoder[Any]] = {}


def _event_decoder(kind: str) -> msgspec.json.Decoder[Any] | None:
    decoder = _events.get(kind)
    if decoder is None and kind in KINDS:
        decoder = _events[kind] = msgspec.json.Decoder(KINDS[kind].struct)
    return decoder


def encode_event(event: Kind) -> bytes:
    """The canonical bytes of an event's data."""
    return _encoder.encode(event)


def encode_content(
    *,
    author: str,
    event: Kind,
    id: str,
    kind: str,
    moves: list[Move],
    occurred_on: str,
    origin: str,
    salt: str,
) -> bytes:
    """The content bytes of an entry."""
    return _encoder.encode(Envelope(author, event, id, kind, moves, occurred_on, origin, salt, VERSION))


def decode_content(raw: bytes, origin: str, *, clean: bool = False) -> Content:
    """A content from its bytes; `clean` where its characters are known to be allowed.

    Raises:
        ValueError: the evidence is broken: not canonical, not exactly the nine keys, another origin or version.
    """
    try:
        envelope = _envelopes.decode(raw)
        decoder = _event_decoder(envelope.kind)
        if decoder is None:
            return _decode_slowly(raw, origin)
        event = decoder.decode(envelope.data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _decode_slowly(raw, origin)
    again = _encoder.encode(
        Envelope(
            envelope.author,
            event,
            envelope.id,
            envelope.kind,
            envelope.moves,
            envelope.occurred_on,
            envelope.origin,
            envelope.salt,
            envelope.v,
        )
    )
    if again != raw:
        return _decode_slowly(raw, origin)
    if envelope.origin != origin or envelope.v != VERSION:
        raise Fault("CONTENT:origin")
    if len(raw) > canonical.MAX_BYTES:
        raise Fault("CONTENT:long", limit=canonical.MAX_BYTES)
    fault = envelope_fault(envelope.id, envelope.salt)
    if not fault and not clean and may_hold_forbidden(raw):
        fault = characters_fault(event)
    return Content(
        envelope.author,
        event,
        envelope.id,
        envelope.kind,
        envelope.moves,
        envelope.occurred_on,
        fault=fault,
    )


def envelope_fault(id: str, salt: str) -> Fault | None:
    """Why an id or a salt is malformed."""
    if not _ID.fullmatch(id) or id.isdigit():
        return Fault("CONTENT:id", id=id)
    return None if _SALT.fullmatch(salt) else Fault("CONTENT:salt")


_KEYS = ("author", "data", "id", "kind", "moves", "occurred_on", "origin", "salt", "v")


def _decode_slowly(raw: bytes, origin: str) -> Content:
    value = canonical.decode(raw)
    if not isinstance(value, dict) or tuple(value) != _KEYS:
        raise Fault("CONTENT:keys")
    texts = ("author", "id", "kind", "occurred_on", "origin", "salt")
    if not all(isinstance(value[key], str) for key in texts) or not isinstance(value["data"], dict):
        raise Fault("CONTENT:type")
    if not isinstance(value["moves"], list) or type(value["v"]) is not int or value["v"] != VERSION:
        raise Fault("CONTENT:type")
    if value["origin"] != origin:
        raise Fault("CONTENT:origin")
    try:
        moves: list[Move] | None = msgspec.convert(value["moves"], list[Move])
    except msgspec.ValidationError:
        moves = None
    return Content(
        value["author"],
        None,
        value["id"],
        value["kind"],
        moves or [],
        value["occurred_on"],
        fault=_why_no_event(value["kind"], value["data"]),
    )


def _why_no_event(kind: str, data: dict[str, Any]) -> Fault:
    if kind not in KINDS:
        return Fault("CONTENT:kind", kind=kind)
    return form_fault(KINDS[kind], data) or Fault("CONTENT:spelling")


def convert_event(kind: str, data: dict[str, Any]) -> Kind:
    """A typed event from JSON values. Raises msgspec.ValidationError; `form_fault` says why."""
    event: Kind = msgspec.convert(data, KINDS[kind].struct)
    return event
