"""The types of fields: each a JSON type with its one accepted spelling. Amounts are integer fen."""

from typing import Annotated

import msgspec
from msgspec import Meta

MAX_INT = 2**53 - 1

Amount = Annotated[int, Meta(ge=1, le=MAX_INT, title="amount", description="integer fen, above zero")]
SignedAmount = Annotated[int, Meta(ge=-MAX_INT, le=MAX_INT, title="amount", description="integer fen")]
Count = Annotated[int, Meta(ge=0, le=MAX_INT, title="count")]
Year = Annotated[int, Meta(ge=1949, le=2199, title="year")]
Text = Annotated[str, Meta(min_length=1, max_length=4000, title="text")]
Word = Annotated[str, Meta(pattern=r"^[a-z0-9_.-]{1,40}\Z", title="word")]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.-]{1,32}\Z", title="code")]
Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._/-]{1,64}\Z", title="id")]
QuotaRef = Annotated[str, Meta(pattern=r"^\??[A-Za-z0-9._/-]{1,64}\Z", title="quota")]
OfficerId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,31}\Z", title="officer")]
Book = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.-]{1,32}/[a-z]{1,16}\Z", title="book")]
Unit = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z]{2,8}\Z",
        title="unit",
        description="CNY in fen, MU in hundredths, PERSON, VILLAGE, or an ISO 4217 code",
    ),
]
Account = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._/-]{1,64}:[a-z]{1,16}\Z", title="account")]
Hex64 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", title="hex64")]
Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z", title="hex32")]
Sealed = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{64}\Z",
        title="sealed",
        description="the commitment to a personal value, which is kept in the vault",
    ),
]
Base64 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{1,120}={0,2}\Z", title="base64")]
Date = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", title="date")]
PartialDate = Annotated[str, Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z", title="date")]


class Part(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False
):
    """A row inside an event. Fields stand in alphabetical order, so that encoding is canonical."""


class Leg(Part, frozen=True, kw_only=True):
    """A part of an amount, by the quota it comes from."""

    amount: Amount
    quota: QuotaRef


class EntryRef(Part, frozen=True, kw_only=True):
    """An earlier entry, by id and leaf hash."""

    entry: Id
    leaf: Hex64


class Document(Part, frozen=True, kw_only=True):
    """A paper behind the entry."""

    issued_on: PartialDate | None = None
    number: Text | None = None
    sha256: Hex64 | None = None
    type: Text | None = None


class Root(Part, frozen=True, kw_only=True):
    """A founding key: the person is also the officer id; `possession` is its signature over that."""

    algorithm: Word
    person: OfficerId
    possession: Base64
    public_key: Base64


class PublicKey(Part, frozen=True, kw_only=True):
    """A public key by algorithm (`ed25519`) and base64 of its bytes."""

    algorithm: Word
    public_key: Base64


class RoleRow(Part, frozen=True, kw_only=True):
    """A kind and the roles that may record it."""

    kind: Text
    roles: list[Word]


class PolicyRow(Part, frozen=True, kw_only=True):
    """A kind and whom it needs beside its author: `person`."""

    kind: Text
    second: Word


class Total(Part, frozen=True, kw_only=True):
    """What an account holds of a unit, over all quotas."""

    account: Account
    n: SignedAmount
    unit: Text


class PrintedNumber(Part, frozen=True, kw_only=True):
    """A document number as printed, and in its normal form."""

    number: Text
    printed: Text


class PaperSource(Part, frozen=True, kw_only=True):
    """A source line of a published paper."""

    amount_fen: SignedAmount | None = None
    derived: bool = False
    document_number: Text | None = None
    level: Text | None = None
    name: Text | None = None
    no: Count
    printed: Text | None = None
    quota: Id | None = None


class PaperLine(Part, frozen=True, kw_only=True):
    """A line of a published paper that moves nothing."""

    amount_fen: SignedAmount | None = None
    category: Text | None = None
    content: Text | None = None
    derived: bool = False
    extra: list[Text] | None = None
    name: Text | None = None
    no: Count
    place: Text | None = None
    printed: Text | None = None
    sort: Word
    unit_responsible: Text | None = None


class Finding(Part, frozen=True, kw_only=True):
    """A defect or remark about a paper's own figures; `information` or `defect`."""

    code: Word
    computed_fen: SignedAmount | None = None
    level: Word
    printed: Text | None = None
    where: Text
