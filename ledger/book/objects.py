"""What the state remembers, one frozen record a sort of object; all are replaced whole, never changed."""

import msgspec


class Object(msgspec.Struct, frozen=True, gc=False):
    """The base of all objects of the state."""


class Ledger(Object, frozen=True):
    """The rules fixed in entry 0."""

    name: str
    mode: str
    roles: dict[str, frozenset[str]]
    policy: dict[str, str]
    roots: tuple[str, ...]
    quorum: int
    policies: tuple[int, ...] = ()  # where another policy took effect


class Clock(Object, frozen=True):
    """What time a person claims: that of the last of his entries that counts ('' where none does any more), and who doubts it.

    `first` is not after the first of his entries that counts; `doubted_at` is the time that the doubter says.
    """

    at: str
    seq: int
    first: int
    doubter: str = ""
    doubted_at: str = ""


class Authority(Object, frozen=True):
    """A registered body."""

    name: str
    level: str
    parent: str
    type: str


class Officer(Object, frozen=True):
    """An enrolled officer; `active` until revoked."""

    id: str
    person: str
    authority: str
    roles: tuple[str, ...]
    key: str
    name: str
    active: bool = True


class Key(Object, frozen=True):
    """A public key ever seen (base64), the officer who signs with it ('' for a ledger key), and where it stands."""

    officer: str
    public_key: str
    seq: int


class LedgerKeys(Object, frozen=True):
    """The keys that sign checkpoints (base64), each with the size from which on it does."""

    keys: tuple[tuple[int, str], ...]


class Administrators(Object, frozen=True):
    """The persons who hold the role of administrator."""

    persons: tuple[str, ...]


class Quota(Object, frozen=True):
    """A quota received from outside."""

    holder: str
    amount: int
    year: int
    source_level: str
    seq: int
    reversed: bool = False


class Project(Object, frozen=True):
    """A project; `approved` counts the unreversed approvals, `uses` the unreversed entries that build on it."""

    county: str
    township: str
    name: str
    seq: int
    approved: int = 0
    uses: int = 0
    reversed: bool = False


class Payment(Object, frozen=True):
    """A payment request; its own account `reserved` holds what is neither paid nor rejected, under some of `quotas`.

    `uses` counts the unreversed decisions on it.
    """

    project: str
    person: str
    payee: str
    quotas: tuple[str, ...]  # ascending
    seq: int
    uses: int = 0
    reversed: bool = False


class Paper(Object, frozen=True):
    """A recorded paper."""

    holder: str
    title: str
    year: int
    mirror: bool
    seq: int
    reversed: bool = False


class Waiting(Object, frozen=True):
    """An entry that waits, or waited, for a second person; `by` is the entry that ended the wait."""

    kind: str
    person: str
    status: str  # waiting, confirmed, cancelled
    by: int = -1


class Void(Object, frozen=True):
    """An entry without effect, and why."""

    code: str
    acknowledged: bool = False


class Ahead(Object, frozen=True):
    """An entry whose time does not fit: its person says an earlier one later on, or two others say one over ten minutes away."""

    at: str
    acknowledged: bool = False


class Suspect(Object, frozen=True):
    """An entry by a key that was compromised; `by` is the entry that settled it."""

    person: str
    by: int = -1


class Recovery(Object, frozen=True):
    """A lost head and the roots who said so; `by` is the entry with which they were a quorum."""

    size: int
    root: str
    persons: tuple[str, ...]
    by: int = -1


class Household(Object, frozen=True):
    """An enrolled household, by pseudonym."""

    place: str
    seq: int
    reversed: bool = False


class Subject(Object, frozen=True):
    """Whom sealed values are about, and the body it belongs to; `erased` is the entry that erased them."""

    person: bool
    holder: str
    erased: int = -1


class Reversed(Object, frozen=True):
    """An entry taken back by another."""

    by: int


class Book(Object, frozen=True):
    """How many entries a book of a stream holds."""

    count: int


TYPES: dict[str, type[Object]] = {
    "ledger": Ledger,
    "clock": Clock,
    "authority": Authority,
    "officer": Officer,
    "key": Key,
    "ledger_keys": LedgerKeys,
    "administrators": Administrators,
    "quota": Quota,
    "project": Project,
    "payment": Payment,
    "paper": Paper,
    "waiting": Waiting,
    "void": Void,
    "ahead": Ahead,
    "suspect": Suspect,
    "recovery": Recovery,
    "household": Household,
    "subject": Subject,
    "reversed": Reversed,
    "book": Book,
}

_decoders = {name: msgspec.json.Decoder(struct) for name, struct in TYPES.items()}
_encoder = msgspec.json.Encoder(order="sorted")


def to_text(value: Object) -> str:
    """An object as one line of JSON with sorted keys."""
    return _encoder.encode(value).decode()


def from_text(sort: str, text: str) -> Object:
    """The object of a line written by `to_text`. Raises msgspec.DecodeError or ValidationError."""
    value: Object = _decoders[sort].decode(text)
    return value
