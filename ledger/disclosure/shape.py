"""The shape of a disclosure (docs/format.md §12): one canonical JSON object, read strictly.

    {"book":{"code":…,"streams":[…],"year":…},"checkpoint":NOTE,"entries":[{"content":TEXT,"header":TEXT,
     "opened":{FIELD:{"salt":B64,"value":TEXT}},"seq":N}],"format":"sunledger.disclosure/1","heads":[{"proof":[B64],
     "root":B64,"size":N}],"ledger_id":HEX,"origin":…,"proof":[B64]}
"""

from itertools import pairwise

import msgspec

from ledger.errors import InputRejected
from ledger.kinds.types import Code, Count, Year

FORMAT = "sunledger.disclosure/1"
MAX_BYTES = 64 * 1024 * 1024


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A part of a disclosure."""


class Opened(_Part, frozen=True, kw_only=True):
    """A sealed value with its salt (base64), which together give the commitment in the content."""

    salt: str
    value: str


class Listed(_Part, frozen=True, kw_only=True):
    """An entry by its exact texts; the content may be left out."""

    content: str | None = None
    header: str
    opened: dict[str, Opened] | None = None
    seq: Count


class EarlierHead(_Part, frozen=True, kw_only=True):
    """An earlier head of the same history, with its consistency proof."""

    proof: list[str]
    root: str
    size: Count


class BookClaim(_Part, frozen=True, kw_only=True):
    """Whose books the entries are the whole of, and the year a paper is about."""

    code: Code
    streams: list[str]
    year: Year


class Disclosure(_Part, frozen=True, kw_only=True):
    """A disclosure as it was read; nothing in it is verified."""

    book: BookClaim | None = None
    checkpoint: str
    entries: list[Listed]
    format: str
    heads: list[EarlierHead]
    ledger_id: str
    origin: str
    proof: list[str]


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Disclosure)


def encode(disclosure: Disclosure) -> bytes:
    """The one spelling of a disclosure."""
    return _encoder.encode(disclosure)


def read(raw: bytes) -> Disclosure:
    """The disclosure of its bytes.

    Raises:
        InputRejected: INPUT.DISCLOSURE: too long, not JSON of this shape, or not in its one spelling.
    """
    if len(raw) > MAX_BYTES:
        raise InputRejected("INPUT.DISCLOSURE:long", limit=MAX_BYTES)
    try:
        found = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise InputRejected("INPUT.DISCLOSURE") from None
    if found.format != FORMAT:
        raise InputRejected("INPUT.DISCLOSURE:format", format=FORMAT)
    if encode(found) != raw:
        raise InputRejected("INPUT.DISCLOSURE:form")
    if not found.entries or found.entries[0].seq != 0 or found.entries[0].content is None:
        raise InputRejected("INPUT.DISCLOSURE:opening")
    if any(a.seq >= b.seq for a, b in pairwise(found.entries)):
        raise InputRejected("INPUT.DISCLOSURE:order")
    return found
