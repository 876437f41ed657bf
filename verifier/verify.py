"""Check what a sunledger ledger gives out, with one file that shares nothing with the program it judges.

    python verify.py FILE [FILE2] [--ledger-id HEX] [--key VKEY]… [--checkpoint FILE]… [--json]

FILE is a bundle (.zip), a ledger file (SQLite), a checkpoint, a proof of one entry, a disclosure (JSON, or the PDF that
carries it), or evidence of a fork. With FILE2 the two are compared: same, extends, fork or undecided. It needs Python
3.11 and `cryptography`, and is written from docs/format.md alone; § numbers are that page's.

What you bring (--ledger-id, --key, --checkpoint) must come from elsewhere than the file. Without any of it a check is of
consistency only, and undecided; a ledger file by itself is ok, with what cannot be excluded. The pages of a PDF are not
read: it is never ok here, at best "evidence ok, pages not read". Exit codes: 0 ok, 10 failed, or findings that two persons
have not acknowledged, 11 undecided, 2 usage, 3 unreadable.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import sqlite3
import stat
import struct
import sys
import zlib
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERSION = "1"
CAP = 1 << 29  # bytes of a file, and of all that it unpacks to
MAX_DISCLOSURE = 1 << 26
MAX_VALUES = 1 << 22  # of one JSON text; a disclosure of 64 MiB holds fewer
MAX_INT = 2**53 - 1
Json = Any
Balances = dict[tuple[str, str, str], int]  # (account, unit, quota): n


class Broken(ValueError):
    """Evidence that is not as the page says: a code, words, and the entry where there is one."""

    def __init__(self, code: str, words: str, seq: int | None = None) -> None:
        super().__init__(words)
        self.code, self.words, self.seq = code, words, seq


class Unreadable(ValueError):
    """A file that is none of those this program reads."""


class Void(Exception):
    """Why an entry has no effect."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


class Problem(NamedTuple):
    """What is wrong, and where."""

    code: str
    seq: int | None
    words: str


# --- what one file may cost, and how its words are shown --------------------------------------------------


class Budget:
    """What a file of some length may cost in all (§1): no honest one comes near, and no small one fills a machine."""

    def __init__(self, length: int) -> None:
        self.left = {
            "bytes unpacked": min(CAP, (1 << 20) + 16 * length),
            "entries": length // 64,  # two hashes each, which nothing packs
            "JSON values": (1 << 16) + length // 2,
            "PDF objects": 64 + length // 32,
            "bytes of PDF objects": (1 << 18) + length,
        }

    def spend(self, what: str, n: int) -> None:
        """Take n off. Raises Unreadable where no more is left."""
        self.left[what] -= n
        if self.left[what] < 0:
            raise Unreadable(f"it holds more {what} than a file of its length can")

    def inflate(self, packed: bytes, window: int) -> bytes:
        """The bytes of one whole deflated stream; `window` as of zlib."""
        inflater, limit = zlib.decompressobj(window), self.left["bytes unpacked"]
        try:
            data = inflater.decompress(packed, limit + 1)
        except zlib.error:
            raise Unreadable("what it packs is damaged") from None
        self.spend("bytes unpacked", len(data))
        if not inflater.eof or inflater.unused_data.strip(b"\r\n"):
            raise Unreadable("what it packs is cut, or followed by more")
        return data


INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_SPACES = re.compile("(?<=[ \u3000])[ \u3000]")


def shown(text: object) -> str:
    """Words from a file as a terminal may see them: on one line, whatever it would obey or hide written as its code."""
    return _SPACES.sub(_code, "".join(c if is_seen(c) else _code(c) for c in str(text)))


def is_seen(char: str) -> bool:
    """Whether a character stands in a line as itself."""
    return (char.isprintable() or char == "\u3000") and char not in INVISIBLE


def _code(char: str | re.Match[str]) -> str:
    return "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in (char if isinstance(char, str) else char[0]))


# --- bytes, hashes, JSON ----------------------------------------------------------------------------------


def sha256(*parts: bytes) -> bytes:
    """SHA-256 over the parts joined."""
    return hashlib.sha256(b"".join(parts)).digest()


def b64(raw: bytes) -> str:
    """Standard base64."""
    return base64.b64encode(raw).decode()


def unbase64(value: object, length: int | None = None) -> bytes:
    """Bytes from their one spelling in padded standard base64."""
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        raise Broken("BASE64", "not base64") from None
    if len(raw) != (len(raw) if length is None else length) or b64(raw) != value:
        raise Broken("BASE64", f"not {length or 'some'} bytes in base64")
    return raw


def _once(items: list[tuple[str, Json]]) -> dict[str, Json]:
    if len(found := dict(items)) != len(items):
        raise Broken("JSON", "a key stands twice")
    return found


def _integer(digits: str) -> int:
    if len(digits) > 17:
        raise Broken("JSON", "an integer is too large")
    return int(digits)


def _refuse(what: str) -> Json:
    raise Broken("JSON", f"{what[:20]} is not an integer")


def parse(text: str, budget: Budget | None = None) -> Json:
    """One JSON value without duplicate keys, floats, or integers too long to be lawful; no more of them than the budget has."""
    if (values := sum(map(text.count, "[{,"))) > MAX_VALUES:
        raise Unreadable("more values than this verifier reads")
    if budget:
        budget.spend("JSON values", values)
    try:
        return json.loads(
            text, object_pairs_hook=_once, parse_int=_integer, parse_float=_refuse, parse_constant=_refuse
        )
    except RecursionError:
        raise Broken("JSON", "nested too deep") from None
    except json.JSONDecodeError:
        raise Broken("JSON", "not JSON") from None


def decode(raw: bytes) -> str:
    """Text from UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Broken("TEXT", "not UTF-8") from None


ESCAPES = {c: f"\\u{c:04x}" for c in range(32)} | {
    8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\",
}  # fmt: skip


def canonical(value: Json, level: int = 1) -> str:
    """The one spelling of a value in the profile of RFC 8785 (§2)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > MAX_INT:
            raise Broken("CONTENT", "an integer is too large")
        return str(value)
    if isinstance(value, str):
        return f'"{value.translate(ESCAPES)}"'
    if value is None or isinstance(value, float) or level > 8:
        raise Broken("CONTENT", "null, a float, or nested too deep")
    if isinstance(value, list):
        return f"[{','.join(canonical(item, level + 1) for item in value)}]"
    if not all(re.fullmatch("[a-z0-9_]+", key) for key in value):
        raise Broken("CONTENT", "a key is not [a-z0-9_]+")
    return "{" + ",".join(f'"{key}":{canonical(value[key], level + 1)}' for key in sorted(value)) + "}"


# --- §4 the tree ------------------------------------------------------------------------------------------


def node(left: bytes, right: bytes) -> bytes:
    """The parent of two nodes."""
    return sha256(b"\x01", left, right)


class Tree:
    """A growing tree: the perfect subtrees from the left, as (size, hash)."""

    def __init__(self) -> None:
        self.parts: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """One leaf more."""
        size = 1
        while self.parts and self.parts[-1][0] == size:
            leaf = node(self.parts.pop()[1], leaf)
            size *= 2
        self.parts.append((size, leaf))

    def root(self) -> bytes:
        """The root of the leaves so far."""
        if not self.parts:
            return sha256()
        root = self.parts[-1][1]
        for _, left in reversed(self.parts[:-1]):
            root = node(left, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of some leaves."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def split(size: int) -> int:
    """Where a tree of n > 1 leaves splits: the largest power of two below n."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_root(leaf: bytes, seq: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root to which an audit path (leaf to root) leads."""

    def up(seq: int, size: int, path: Sequence[bytes]) -> bytes:
        if size == 1:
            if path:
                raise Broken("PROOF", "a hash too many in the path")
            return leaf
        if not path:
            raise Broken("PROOF", "a hash is missing from the path")
        middle = split(size)
        if seq < middle:
            return node(up(seq, middle, path[:-1]), path[-1])
        return node(path[-1], up(seq - middle, size - middle, path[:-1]))

    if not 0 <= seq < size <= MAX_INT or len(path) > 53:
        raise Broken("PROOF", "no such leaf in a tree of that size")
    return up(seq, size, path)


def is_extension(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether an RFC 6962 consistency proof shows that the tree of `size` leaves begins with that of `old`."""

    def both(old: int, size: int, path: Sequence[bytes], whole: bool) -> tuple[bytes, bytes]:
        if old == size:
            if whole:
                return (old_root, old_root) if not path else (b"", b"")
            return (path[0], path[0]) if len(path) == 1 else (b"", b"")
        if not path:
            return b"", b""
        middle = split(size)
        if old <= middle:
            before, after = both(old, middle, path[:-1], whole)
            return before, node(after, path[-1])
        before, after = both(old - middle, size - middle, path[:-1], False)
        return node(path[-1], before), node(path[-1], after)

    if not 1 <= old <= size <= MAX_INT or len(path) > 54:
        return False
    return both(old, size, path, True) == (old_root, root)


def multi_root(leaves: dict[int, bytes], size: int, hashes: Sequence[bytes]) -> bytes:
    """The root that a multi-proof gives (§12)."""
    listed, rest = sorted(leaves), iter(hashes)
    if not listed or listed[0] < 0 or not listed[-1] < size <= MAX_INT:
        raise Broken("PROOF", "a position that is not in the tree")

    def walk(start: int, end: int, low: int, high: int) -> bytes:
        if low == high:
            found = next(rest, None)
            if found is None:
                raise Broken("PROOF", "a hash is missing from the proof")
            return found
        if end - start == 1:
            return leaves[start]
        middle = start + split(end - start)
        cut = bisect_left(listed, middle, low, high)
        left = walk(start, middle, low, cut)
        return node(left, walk(middle, end, cut, high))

    root = walk(0, size, 0, len(listed))
    if next(rest, None) is not None:
        raise Broken("PROOF", "a hash too many in the proof")
    return root


# --- §5 keys ----------------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
SMALL_ORDER = {
    int.from_bytes(bytes.fromhex(point), "little")
    for point in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
}


def is_point(raw: bytes) -> bool:
    """Whether 32 bytes encode a y below p that is not of small order."""
    y = int.from_bytes(raw, "little") % 2**255
    return len(raw) == 32 and y < P and y not in SMALL_ORDER


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Strict Ed25519: one spelling of every number, no point of small order."""
    if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= L:
        return False
    if not is_point(public) or not is_point(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """The name of a key."""
    return sha256(b"sunledger/key/v1\n\x01", public).hex()


class VKey(NamedTuple):
    """A public key as handed on: type 1 signs checkpoints, type 4 cosigns them as a witness."""

    name: str
    type: int
    public: bytes

    def hash(self) -> bytes:
        """The four bytes that point at it."""
        return sha256(self.name.encode(), b"\n", bytes([self.type]), self.public)[:4]


def read_vkey(text: str) -> VKey:
    """The key of its one spelling `NAME+HEX8+BASE64`."""
    if text != text.strip():
        raise Broken("KEY", "a verifier key stands without blanks around it")
    match = re.fullmatch(r"([^\s+]{1,128})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})", text)
    raw = unbase64(match[3], 33) if match else b"\0"
    if not match or raw[0] not in (1, 4) or not is_point(raw[1:]):
        raise Broken("KEY", "not a verifier key NAME+HEX8+BASE64 of type 01 or 04")
    key = VKey(match[1], raw[0], raw[1:])
    if key.hash().hex() != match[2]:
        raise Broken("KEY", "the hash of the verifier key is not its own")
    return key


# --- §6 checkpoint ----------------------------------------------------------------------------------------

ORIGIN = r"(?=.{1,128}\Z)[a-z0-9.-]+(?:/[a-z0-9._-]+)*"
NOTE = re.compile(
    r"((?P<origin>(?=.{1,128}\n)[a-z0-9.-]+(?:/[a-z0-9._-]+)*)\n(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[^\n]{44})\n)\n"
    r"(?P<lines>(?:— [^\s+]{1,128} [A-Za-z0-9+/]+=*\n){1,100})"
)


@dataclass(frozen=True)
class Note:
    """A checkpoint as read; its signatures are not yet verified."""

    body: str
    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]  # name, key hash, signature

    def claims(self, key: VKey) -> bool:
        """Whether a line names this key as its signer, true or false."""
        return any((name, hashed) == (key.name, key.hash()) for name, hashed, _ in self.signatures)

    def signed_by(self, key: VKey) -> int | None:
        """Seconds at which a witness cosigned (0 for a key of type 1), None without a signature of this key.

        Raises Broken for a signature that claims to be by it and is not.
        """
        found = None
        for name, hashed, signature in self.signatures:
            if name != key.name or hashed != key.hash():
                continue
            seconds, message = 0, self.body.encode()
            if key.type == 4:
                seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                message = f"cosignature/v1\ntime {seconds}\n{self.body}".encode()
            if seconds >= 2**63 or not verifies(key.public, message, signature):
                raise Broken("CHECKPOINT.SIGNATURE", f"the signature under the name {name} is false")
            found = max(found or 0, seconds)
        return found


def line_of(note: Note, key: VKey) -> bool | None:
    """Whether the line of a key is true; None where there is none."""
    try:
        return None if note.signed_by(key) is None else True
    except Broken:
        return False


def read_note(text: str) -> Note:
    """A signed note of three lines."""
    match = NOTE.fullmatch(text) if len(text) <= 65536 else None
    if not match or re.search("[\x00-\x09\x0b-\x1f\ufffd]", text):
        raise Broken("CHECKPOINT.FORM", "not a signed checkpoint of three lines")
    signatures = []
    for _, name, encoded in (line.split(" ") for line in match["lines"].split("\n")[:-1]):
        raw = unbase64(encoded)
        if len(raw) < 5:
            raise Broken("CHECKPOINT.FORM", "a signature line is too short")
        signatures.append((name, raw[:4], raw[4:]))
    return Note(match[1], match["origin"], int(match["size"]), unbase64(match["root"], 32), tuple(signatures))


# --- §7–§9 the kinds: forms, fields, streams, groups -------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind as the page's table has it; fields are name → (form, required)."""

    name: str
    stream: str
    group: str  # of the policy; "" needs no second person, "always" needs one in every mode
    reversible: bool
    fields: dict[str, tuple[str, bool]]
    books: tuple[str, ...]
    scopes: tuple[str, ...]


TEXT, WORD, CODE, ID = "text", "word", "code", "id"
PATTERNS = {
    WORD: r"[a-z0-9_.-]{1,40}",
    CODE: r"[A-Za-z0-9.-]{1,32}",
    ID: r"[A-Za-z0-9._/-]{1,64}",
    "quota": r"\??[A-Za-z0-9._/-]{1,64}",
    "officer": r"[a-z0-9][a-z0-9._-]{0,31}",
    "book": r"[A-Za-z0-9.-]{1,32}/[a-z]{1,16}",
    "account": r"[A-Za-z0-9._/-]{1,64}:[a-z]{1,16}",
    "hex64": r"[0-9a-f]{64}",
    "sealed": r"[0-9a-f]{64}",
    "hex32": r"[0-9a-f]{32}",
    "base64": r"[A-Za-z0-9+/]{1,120}={0,2}",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "partial": r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?",
}
RANGES = {"amount": (1, MAX_INT), "signed": (-MAX_INT, MAX_INT), "count": (0, MAX_INT), "year": (1949, 2199)}
FORMS = {  # form: the fields that have it, where a kind says nothing else; all others are text
    WORD: "algorithm approval_type capacity date_precision finding fund_nature level meaning mode notice_type payee_type "
    "payment_type regime second sort source_level suite type",
    CODE: "authority code county from holder parent project to township",
    ID: "household paper payment quota",
    "officer": "officer person",
    "book": "book",
    "sealed": "account address head identity phone",
    "base64": "possession public_key root",
    "hex32": "nonce",
    "date": "decided_on ends_on enrolled_on issued_on received_on starts_on",
    "partial": "date window_from window_to",
    "amount": "amount approved_amount planned_amount",
    "signed": "amount_fen computed_fen declared_fen n",
    "count": "count households line no persons root_quorum since size",
    "year": "year",
    "bool": "complete derived direct mirror",
    "entry": "entry",
    "key": "ledger_key",
    "[leg]": "legs",
    "[document]": "documents",
    "[total]": "totals",
    "[root]": "roots",
    "[policy]": "policy",
    "[word]": "roles",
    "[count]": "rules void",
    "[line]": "lines",
    "[source]": "sources",
    "[finding]": "findings",
    "[printed]": "document_numbers",
    "[text]": "notes",
}
FORM_OF = {name: form for form, names in FORMS.items() for name in names.split()}
COMMON = "capacity? date_precision? decided_by? decided_on? derived? documents? line? paper?"


def _fields(words: str) -> dict[str, tuple[str, bool]]:
    """`name`, `name?` optional, `name~form` of another form than the name's usual one; @ book field, ^ jurisdiction."""
    found = {}
    for word in words.split():
        name, _, form = word.partition("~")
        plain = name.rstrip("@^?")
        found[plain] = (form or FORM_OF.get(plain, TEXT), "?" not in name)
    return found


PARTS = {
    name: _fields(words)
    for name, words in {
        "leg": "amount quota~quota",
        "entry": "entry~id leaf~hex64",
        "document": "issued_on?~partial number? sha256?~hex64 type?~text",
        "root": "algorithm person possession public_key",
        "key": "algorithm public_key",
        "role": "kind roles",
        "policy": "kind second",
        "total": "account~account n unit",
        "printed": "number printed",
        "source": "amount_fen? derived?~true document_number? level?~text name? no printed? quota?",
        "line": "amount_fen? category? content? derived?~true extra?~[text] name? no place? printed? sort unit_responsible?",
        "finding": "code~word computed_fen? level printed? where",
    }.items()
}


def _kind(name: str, stream: str, group: str, words: str) -> Kind:
    marked = [word.partition("~")[0] for word in words.split()]
    return Kind(
        name, stream, group.rstrip("*"), group.endswith("*"), _fields(f"{COMMON} {words}"),
        tuple(word.rstrip("@^?") for word in marked if "@" in word),
        tuple(word.rstrip("@^?") for word in marked if "^" in word),
    )  # fmt: skip


KINDS = {  # * can be reversed
    kind.name: kind
    for kind in (
        _kind("authority.register", "keys", "registration", "code@ function? level name parent? type? uscc?"),
        _kind("book.state", "keys", "", "book@ count totals void? rules?"),
        _kind("entry.confirm", "keys", "", "entry reason?"),
        _kind("entry.reverse", "keys", "correction", "entry reason"),
        _kind("entry.void", "keys", "always", "entry finding reason to?~entry"),
        _kind("household.enroll", "people", "household*",
              "account? address? enrolled_on? head? household identity? persons? phone? place@^~code type?"),
        _kind("ledger.open", "keys", "",
              "ledger_key meaning mode name nonce policy roles~[role] root_quorum roots suite"),
        _kind("ledger.recover", "keys", "", "reason root size"),
        _kind("ledger.rotate", "keys", "enrolment", "algorithm possession public_key reason"),
        _kind("officer.enroll", "keys", "enrolment",
              "algorithm authority@ name officer person? possession public_key roles"),
        _kind("officer.revoke", "keys", "enrolment", "officer reason since?"),
        _kind("officer.rotate", "keys", "enrolment", "algorithm officer possession public_key reason?"),
        _kind("paper.record", "open", "*",
              "complete date declared_fen? declared_printed? document_numbers? findings? holder@^ level?~text lines? mirror "
              "notes? paper place? sort? sources? title unit url? window_from? window_to? year"),
        _kind("payment.approve", "money", "*", "legs? payment@^ reason? voucher?"),
        _kind("payment.reject", "money", "*", "payment@^ reason"),
        _kind("payment.request", "money", "*",
              "account? account_type? contract? invoice? legs payee payee_type? payment payment_type? project@^ purpose? voucher?"),
        _kind("person.erase", "open", "always", "basis? holder?@^ person~id reason"),
        _kind("policy.set", "keys", "policy", "policy reason?"),
        _kind("project.approve", "open", "*", "approval_type? approved_amount? document_number project@^"),
        _kind("project.fund", "money", "funding*", "document_number? function_code? legs project@^"),
        _kind("project.propose", "open", "*",
              "construction_nature? content? county@^ ends_on? grant_mode? households? name performance_target? persons? place? "
              "planned_amount? project responsible_person? responsible_unit? starts_on? township?^ type?~text village?"),
        _kind("quota.receive", "money", "*",
              "amount basis? batch? direct? document_number? document_number_printed? function_code? fund_name? fund_nature? "
              "holder@^ issued_on? notice_type? own_document_number? plan_document_number? purpose? quota received_on? regime? "
              "source_level upper_document_number? year"),
        _kind("quota.release", "money", "release*", "document_number? from@^ legs received_on? to@"),
    )
}  # fmt: skip
ROLES = "administrator programme handler reviewer finance treasury approver auditor inspector clerk publisher"
LEVELS = ["province", "city", "county", "township", "village"]
CHOICES = {
    "capacity": "own transcribed",
    "date_precision": "month year",
    "payee_type": "organisation person",
    "payment_type": "advance progress settlement retention household fee subsidy wage",
    "approval_type": "plan design budget_review",
    "source_level": "central province city county mixed none",
    "fund_nature": "special transition regular agri bond donation cooperation loan surplus other",
    "notice_type": "advance formal adjustment",
    "finding": "void ahead",
    "mode": "control observe",
    "suite": "intl",
    "meaning": "1",
    "algorithm": "ed25519",
    "authority.register level": " ".join(LEVELS),
    "authority.register type": "government department township village unit bank audit",
    "household.enroll type": "registered lifted monitored other",
    "officer.enroll roles": ROLES,
}
AGENTS = ("department", "unit", "bank", "audit")  # bodies that act for the one they belong to
ENROLLING = ("ledger.open", "officer.enroll", "officer.rotate")
NAMING = ("entry.confirm", "entry.reverse", "entry.void")
SEALED = {"household.enroll": "household", "payment.request": "payee"}  # kind: the field that names the subject
_RANGES = "0-1F 7F-9F AD 600-605 61C 6DD 70F 890-891 8E2 180E 200B-200F 2028-202E 2060-2064 2066-206F D800-DFFF FDD0-FDEF FEFF FFF9-FFFB 110BD 110CD 13430-13438 1BCA0-1BCA3 1D173-1D17A E0001 E0020-E007F"
_RANGES += "".join(f" {plane:X}FFFE-{plane:X}FFFF" for plane in range(17))
FORBIDDEN = re.compile(
    "[" + "".join("-".join(f"\\U{int(end, 16):08x}" for end in part.split("-")) for part in _RANGES.split()) + "]"
)


def has_form(form: str, value: Json) -> bool:
    """Whether a value has a form of §9."""
    if form.startswith("["):
        return isinstance(value, list) and all(has_form(form[1:-1], item) for item in value)
    if form in PARTS:
        return not form_fault(PARTS[form], value)
    if form in RANGES:
        return type(value) is int and RANGES[form][0] <= value <= RANGES[form][1]
    if form in ("bool", "true"):
        return value is True or (form == "bool" and value is False)
    if not isinstance(value, str):
        return False
    return 1 <= len(value) <= 4000 if form == TEXT else re.fullmatch(PATTERNS[form], value) is not None


def form_fault(fields: dict[str, tuple[str, bool]], value: Json) -> str:
    """Which field of an object is missing, unknown or malformed, or ''."""
    if not isinstance(value, dict):
        return "not an object"
    for name, (form, required) in fields.items():
        if name not in value:
            if required:
                return f"field {name} is missing"
        elif not has_form(form, value[name]):
            return f"field {name} is not a {form}"
    return next((f"field {name[:40]} is unknown" for name in value if name not in fields), "")


def is_day(text: str) -> bool:
    """Whether a text is a day that exists."""
    try:
        return bool(re.fullmatch(PATTERNS["date"], text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def strings(value: Json) -> Iterator[str]:
    """Every string inside a value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def value_fault(kind: Kind, data: dict[str, Json]) -> str:
    """What of well-formed fields is wrong all the same: a choice, a day, a character; or ''."""
    for name, value in data.items():
        choices = CHOICES.get(f"{kind.name} {name}") or CHOICES.get(name)
        if choices and isinstance(value, list):
            if not value or len(set(value)) != len(value) or not set(value) <= set(choices.split()):
                return f"{name} is not of {choices}"
        elif choices and isinstance(value, str) and value not in choices.split():
            return f"{name} is not of {choices}"
        if kind.fields[name][0] == "date" and not is_day(value):
            return f"{name} is no day"
        if name == "policy" and (fault := policy_fault(value)):
            return fault
    return "a character that may not be recorded" if any(map(FORBIDDEN.search, strings(data))) else ""


def policy_fault(rows: list[Data]) -> str:
    """What of the rows of a policy, in entry 0 or later, is wrong; or ''."""
    for row in rows:
        group = KINDS[row["kind"]].group if row["kind"] in KINDS else ""
        if group in ("", "always") or row["second"] not in ("person", "money") or (row["second"] == "money" and group != "correction"):
            return f"no such policy for {row['kind'][:60]!r}"
    return "" if len({row["kind"] for row in rows}) == len(rows) else "a kind stands twice in the policy"


# --- §2, §3 content and header ----------------------------------------------------------------------------

HEADER = re.compile(
    r"sunledger/entry/v1\nseq (0|[1-9][0-9]{0,15})\nprev ([0-9a-f]{64})\n"
    r"at ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\nbooks (-|[^\n]+)\ncontent ([0-9a-f]{64})\n"
)
BOOK = re.compile(r"([A-Za-z0-9.-]{1,32}/[a-z]{1,16})=(0|[1-9][0-9]{0,15})")
TEXT_KEYS = ("author", "id", "kind", "occurred_on", "origin", "salt")


class Header(NamedTuple):
    """What a header says, and its leaf."""

    seq: int
    prev: str
    at: str
    line: str
    books: dict[str, int]
    content: str
    leaf: bytes


def read_header(text: Json) -> Header:
    """A header of exactly its six lines."""
    match = HEADER.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise Broken("HEADER.FORM", "not the six lines of a header")
    try:
        datetime.strptime(match[3], "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007  (only whether it exists)
    except ValueError:
        raise Broken("HEADER.FORM", "a time that does not exist") from None
    if len(match[4]) < 6 * match[4].count(" "):
        raise Broken("HEADER.FORM", "books are malformed")
    words = match[4].split(" ") if match[4] != "-" else []
    books = [BOOK.fullmatch(word) for word in words]
    found = {book[1]: int(book[2]) for book in books if book}
    if len(found) != len(words) or words != sorted(words):
        raise Broken("HEADER.FORM", "books are malformed, out of order, or repeated")
    return Header(int(match[1]), match[2], match[3], match[4], found, match[5], sha256(b"\0", text.encode()))


def read_content(text: Json, budget: Budget | None = None) -> dict[str, Json]:
    """A content that is canonical and has exactly nine keys of the right types."""
    if not isinstance(text, str) or len(text.encode(errors="surrogatepass")) > 262_144:
        raise Broken("CONTENT", "content is no text, or larger than 262,144 bytes")
    value = parse(text, budget)
    if canonical(value) != text:
        raise Broken("CONTENT", "content is not canonical")
    if not isinstance(value, dict) or set(value) != {*TEXT_KEYS, "data", "moves", "v"}:
        raise Broken("CONTENT", "not exactly the nine keys")
    if not all(isinstance(value[key], str) for key in TEXT_KEYS) or not isinstance(value["moves"], list):
        raise Broken("CONTENT", "a key has the wrong type")
    if not isinstance(value["data"], dict) or type(value["v"]) is not int or value["v"] != 1:
        raise Broken("CONTENT", "v is not 1 or data is no object")
    if not re.fullmatch(ORIGIN, value["origin"]):
        raise Broken("CONTENT", "the origin is malformed")
    return value


MOVE = _fields("from n~amount quota to unit")


@dataclass
class Entry:
    """One entry as read; `fault` says why kind, fields or moves have not their form."""

    header: Header
    content: dict[str, Json]
    fault: str = ""

    def __post_init__(self) -> None:
        self.seq, self.leaf, self.at = self.header.seq, self.header.leaf, self.header.at
        self.id, self.kind, self.author = (self.content[key] for key in ("id", "kind", "author"))
        self.data, self.moves = self.content["data"], self.content["moves"]
        kind = KINDS.get(self.kind)
        self.fault = form_fault(kind.fields, self.data) if kind else f"unknown kind {self.kind[:60]}"
        for move in self.moves:
            plain = isinstance(move, dict) and all(isinstance(move.get(k), str) for k in ("from", "to", "unit", "quota"))
            if not plain or set(move) != set(MOVE) or not has_form("amount", move["n"]):
                self.fault = self.fault or "a move is malformed"


def read_entry(header: Json, content: Json, budget: Budget | None = None) -> Entry:
    """An entry whose header binds its content."""
    found = read_header(header)
    value = read_content(content, budget)
    if found.content != sha256(b"sunledger/content/v1\n", content.encode()).hex():
        raise Broken("HEADER.CONTENT", "content is not what the header binds")
    return Entry(found, value)


# --- §4 seals: the evidence of a whole history ------------------------------------------------------------


@dataclass
class History:
    """Sound evidence: entries in order, and the roots at the seals."""

    entries: list[Entry] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    levels: list[list[bytes]] = field(default_factory=list)  # the perfect subtrees of 1, 2, 4 … leaves

    @property
    def origin(self) -> str:
        """The ledger's name."""
        return str(self.entries[0].content["origin"])

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves."""
        if size not in self.roots:
            if not self.levels:
                level = [entry.leaf for entry in self.entries]
                while level:
                    self.levels.append(level)
                    level = [node(*level[n : n + 2]) for n in range(0, len(level) - 1, 2)]
            tree, start = Tree(), 0
            for height in reversed(range(len(self.levels))):
                if size >> height & 1:
                    tree.parts.append((1 << height, self.levels[height][start >> height]))
                    start += 1 << height
            self.roots[size] = tree.root()
        return self.roots[size]


def keys_in(entry: Entry) -> Iterator[bytes]:
    """The officers' keys that stand in an entry whose fields have their form (§5), whatever it is worth."""
    if entry.kind in ENROLLING and not entry.fault:
        for held in entry.data["roots"] if entry.kind == "ledger.open" else [entry.data]:
            try:
                yield unbase64(held["public_key"], 32)
            except Broken:
                continue


Line = tuple[Json, Json, Json]  # seq, header, content


def read_history(lines: Iterable[Line], seals: Iterable[dict[str, Json]], budget: Budget) -> History:
    """§10, points 1 to 4: every line, header, content and seal, up to the first that is broken."""
    history, keys = History(), dict[str, tuple[bytes, int]]()
    entries, prev = history.entries, ""
    for seq, header, content in lines:
        place = len(entries)
        try:
            if type(seq) is not int or seq != place:
                raise Broken("ENTRY.SEQ", f"entry {place} is missing or out of order")
            entry = read_entry(header, content, budget)
            origin = entries[0].content["origin"] if entries else entry.content["origin"]
            prev = prev or sha256(b"sunledger/genesis/v1\n", origin.encode(), b"\n").hex()
            if entry.seq != place or entry.header.prev != prev:
                raise Broken("HEADER.PREV", "does not follow the entry before it")
            if entry.content["origin"] != origin:
                raise Broken("CONTENT", "another origin than entry 0")
        except Broken as error:
            raise Broken(error.code, f"entry {place}: {error.words}", place) from None
        except Unreadable:
            raise
        except ValueError as error:  # half a surrogate
            raise Broken("TEXT", f"entry {place}: {type(error).__name__}", place) from None
        if entry.fault:  # it can have no effect: nobody asks any more what it says
            entry.data, entry.moves = entry.content["data"], entry.content["moves"] = {}, []
        entries.append(entry)
        prev = entry.leaf.hex()
        for public in keys_in(entry):
            keys.setdefault(key_id(public), (public, place))
    if not entries:
        raise Broken("ENTRY.SEQ", "there are no entries", 0)
    _check_seals(history, seals, keys)
    return history


def _check_seals(history: History, seals: Iterable[dict[str, Json]], keys: dict[str, tuple[bytes, int]]) -> None:
    """The seals tile the entries, each by a key that stands in an entry before it, over the root at its size."""
    entries, end, tree = history.entries, 0, Tree()
    for seal in seals:
        try:
            first, size = seal["from"], seal["size"]
            if type(first) is not int or type(size) is not int or first != end or not first < size <= len(entries):
                raise Broken("SEAL.TILES", "does not begin where the one before ended, or ends beyond the entries")
            for entry in entries[first:size]:
                tree.add(entry.leaf)
            history.roots[size] = tree.root()
            public, place = keys.get(seal["author"], (b"", size)) if isinstance(seal["author"], str) else (b"", size)
            if place >= max(first, 1):
                raise Broken("SEAL.KEY", "by a key that stands in no entry before it")
            if unbase64(seal["root"], 32) != history.roots[size]:
                raise Broken("SEAL.ROOT", "its root is not that of the tree at its size")
            text = f"sunledger/seal/v1\nfrom {first}\n{history.origin}\n{size}\n{seal['root']}\n"
            if not verifies(public, text.encode(), unbase64(seal["signature"], 64)):
                raise Broken("SEAL.SIGNATURE", "not signed by its author")
            if any(entry.author != seal["author"] for entry in entries[first:size]):
                raise Broken("SEAL.AUTHOR", "an entry under it names another author")
        except Broken as error:
            raise Broken(error.code, f"seal from {end}: {error.words}", end) from None
        end = size
    if end != len(entries):
        raise Broken("SEAL.TILES", f"entries from {end} on are under no seal", end)


# --- §7–§9 the meaning ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Officer:
    """Who signs: `authority` is '' for a root."""

    id: str
    person: str
    authority: str
    roles: frozenset[str]
    key: str
    active: bool = True


@dataclass
class Act:
    """An event on its way to taking effect: who meant it, under which id, at which entry; and what it moves."""

    id: str
    actor: Officer
    seq: int
    at: str
    moves: list[dict[str, Json]] = field(default_factory=list)


Data = dict[str, Json]


def later(at: str, seconds: int) -> str:
    """A time of a header moved on, or itself where no such time can be written."""
    try:
        moved = datetime.fromisoformat(at.rstrip("Z")) + timedelta(seconds=seconds)
    except OverflowError:
        return at
    return moved.isoformat() + "Z"


class Replay:
    """One walk over sound evidence, entry by entry: every rule of §7 to §9 in the state before the entry."""

    def __init__(self, entries: list[Entry], now: str) -> None:
        self.entries = entries
        self.facts: dict[str, dict[Any, Any]] = {}
        self.log: list[tuple[str, Any, Any]] = []
        self.ids: dict[str, int] = {}
        self.mode, self.roles, self.roots, self.quorum = "", dict[str, set[str]](), list[str](), 0
        self.counted: dict[str, list[tuple[str, int]]] = {}  # person: at and seq of the entries that count; what is ahead goes when it is the last
        self.clocks: list[tuple[str, str]] = []  # at, person: what each claims; ascending
        self.clock: dict[str, tuple[str, int]] = {}  # person: the last that counts
        self.doubts: dict[str, tuple[str, str]] = {}  # person: who doubts the claim, and the time that he says
        self.left_out: list[int] = []  # what counted and is ahead by this entry's word
        self.acknowledging: tuple[str, int, int] | None = None  # finding, first and last position
        self.sealed: list[tuple[int, str, str]] = []  # seq, field, subject
        self.position = 0
        # What would otherwise be looked for in the whole history, again and again; each may name more than there is.
        self.voids: list[int] = []
        self.claims: dict[str, deque[int]] = {}  # body: the void entries whose line names a book of it
        self.unmarked: dict[str, list[int]] = {}  # author key: its entries that are neither void nor suspect
        self.marking: tuple[str, int] | None = None  # the officer whose entries from a position on this entry makes suspect
        self.accounts: dict[str, dict[tuple[str, str], None]] = {}  # body: (account, unit)
        for entry in entries:
            self._take(entry)
        self.late = [e.seq for e in entries if e.at > later(now, 600) and not self.get("ahead", e.seq) and not self.get("void", e.seq)]

    # State: one table of facts, with a log to take changes back.

    def get(self, sort: str, name: Any) -> Any:
        """A fact, or None."""
        return self.facts.setdefault(sort, {}).get(name)

    def put(self, sort: str, name: Any, value: Any) -> None:
        """Make or replace a fact."""
        self.log.append((sort, name, self.get(sort, name)))
        self.facts[sort][name] = value

    def change(self, sort: str, name: Any, **values: Any) -> None:
        """Replace some values of a fact."""
        self.put(sort, name, {**self.get(sort, name), **values})

    def undo(self, mark: int) -> None:
        """Take back every change since the log was so long."""
        while len(self.log) > mark:
            sort, name, old = self.log.pop()
            self.facts[sort][name] = old

    def all(self, sort: str) -> Iterator[tuple[Any, Any]]:
        """All facts of a sort."""
        return ((name, value) for name, value in self.facts.get(sort, {}).items() if value is not None)

    def need(self, sort: str, name: Any) -> Any:
        """A fact that must be there and not taken back."""
        found = self.get(sort, name)
        if found is None or (isinstance(found, dict) and found.get("reversed")):
            raise Void("REFERENCE", f"{sort} {str(name)[:60]!r} is not known, or was taken back")
        return found

    def balances(self) -> Balances:
        """What every account holds."""
        return {key: n for key, n in self.all("balance") if n}

    # One entry.

    def _take(self, e: Entry) -> None:
        self.position, self.marking, self.acknowledging, self.left_out = e.seq, None, None, []
        self.log.clear()
        self.actor: Officer | None = None
        try:
            self._judge(e)
            self._clock(e)
        except Void as why:
            self.undo(0)
            self._stand_void(e, why)
        self.ids.setdefault(e.id, e.seq)
        if not e.fault and e.kind in SEALED:
            names = [name for name, (form, _) in KINDS[e.kind].fields.items() if form == "sealed" and name in e.data]
            self.sealed += [(e.seq, name, e.data[SEALED[e.kind]]) for name in names]

    def _clock(self, e: Entry) -> None:
        """§3: which entries are ahead."""
        for seq in self.left_out:
            self._drop(self.person_of(seq), "a")
        person, bound, others, place = self.person_of(e.seq), later(e.at, 600), list[str](), len(self.clocks)
        while place and len(others) < 2 and self.clocks[place - 1][0] > bound:
            place -= 1
            others += [self.clocks[place][1]] if self.clocks[place][1] != person else []
        if len(others) == 2:
            self.put("ahead", e.seq, {"acknowledged": False})
            return
        self._drop(person, e.at)
        self.counted.setdefault(person, []).append((e.at, e.seq))
        self._drop(person, e.at)
        for other in others:
            doubter, at = self.doubts.get(other, (person, e.at))
            if doubter == person:
                self.doubts[other] = (person, e.at)
            else:
                self._drop(other, later(max(at, e.at), 600))

    def _drop(self, person: str, bound: str) -> None:
        """What a person says later than `bound` is ahead; he claims what the last of the others says."""
        counted = self.counted.setdefault(person, [])
        while counted and (counted[-1][0] > bound or self.get("ahead", counted[-1][1])):
            _, seq = counted.pop()
            if not self.get("ahead", seq):
                self.put("ahead", seq, {"acknowledged": False})
        old, new = self.clock.get(person, ("", -1)), counted[-1] if counted else ("", -1)
        if old != new:
            if old[0]:
                del self.clocks[bisect_left(self.clocks, (old[0], person))]
            if new[0]:
                insort(self.clocks, (new[0], person))
            self.clock[person] = new
            self.doubts.pop(person, None)

    def person_of(self, seq: int) -> str:
        """The person behind the key that signed an entry."""
        return str(self.need("officer", self.get("key", self.entries[seq].author)).person)

    def _judge(self, e: Entry) -> None:
        """Let an entry take effect, or wait, or raise Void."""
        if e.seq == 0:
            self.actor = Officer("", "", "", frozenset(["administrator"]), e.author)
        else:
            officer = self.get("key", e.author)
            if not officer:
                raise Void("RIGHTS", "its key belongs to no officer")
            self.actor = self.need("officer", officer)
        actor = self.actor
        if e.fault:
            raise Void("KIND", e.fault)
        kind, data = KINDS[e.kind], e.data
        self._form(e, kind)
        if (e.kind == "ledger.open") != (e.seq == 0):
            raise Void("REFERENCE", "a ledger is opened once, by entry 0")
        waits = False
        if e.seq:
            if not actor.active or actor.key != e.author:
                raise Void("RIGHTS", "its key was revoked or replaced")
            if e.kind != "entry.confirm" and not self._about_own_key(actor, kind, data):
                self.require_right(actor, *self.judged(kind, data))
            waits = self._waits(kind, data)
        act, mark = Act(e.id, actor, e.seq, e.at), len(self.log)
        EFFECTS[e.kind](self, act, data)
        self.require_funds(act)
        if waits:
            self.undo(mark)
            self.marking = self.acknowledging = None
            self.put("waiting", e.seq, {"person": actor.person, "status": "waiting", "by": -1})
            act.moves = []
        self._note_subject(kind, data)
        if e.moves != act.moves:
            raise Void("MOVES", "its moves are not those of the event")
        names = self.books_of(e, actor)
        if self.books_line(names) != e.header.line:
            raise Void("BOOKS", "its books are not those it stands in, or not at their next positions")
        self._take_positions(names)
        self._acknowledge(e.at)
        self._mark()
        self.unmarked.setdefault(e.author, []).append(e.seq)

    def finding(self, finding: str, seq: int, at: str) -> Data | None:
        """What an acknowledgement at a time finds at a position: of `ahead` also an entry that is not void and says a later time."""
        found: Data | None = self.get(finding, seq)
        if found is None and finding == "ahead" and self.entries[seq].at > at and not self.get("void", seq):
            return {"acknowledged": False}
        return found

    def _acknowledge(self, at: str) -> None:
        """What the entry acknowledges, others of its range passed over; nothing while it waits."""
        name, first, last = self.acknowledging or ("", 0, -1)
        for seq in range(first, last + 1):
            found, counted = self.finding(name, seq, at), self.get(name, seq) is None
            if found and not found["acknowledged"]:
                self.put(name, seq, {**found, "acknowledged": True})
                self.left_out += [seq] if counted else []

    def _form(self, e: Entry, kind: Kind) -> None:
        if not re.fullmatch(PATTERNS[ID], e.id) or e.id.isdigit():
            raise Void("ID", "its id is malformed")
        if not re.fullmatch(PATTERNS["hex32"], e.content["salt"]):
            raise Void("ID", "its salt is not 32 hex")
        if e.id in self.ids:
            raise Void("ID", "its id was used before")
        if fault := value_fault(kind, e.data):
            raise Void("FIELD", fault)
        if not is_day(e.content["occurred_on"]):
            raise Void("DATE", "occurred_on is no day")
        if e.content["occurred_on"] > later(e.at, 8 * 3600)[:10]:
            raise Void("DATE", "occurred after it was recorded")

    def _stand_void(self, e: Entry, why: Void) -> None:
        """A void entry: it takes its id and its subject's name, and no position."""
        if not e.fault:
            self._note_subject(KINDS[e.kind], e.data, void=True)
        self.put("void", e.seq, {"acknowledged": False, "code": why.code, "words": why.words})
        self.voids.append(e.seq)
        for code in {name.partition("/")[0] for name in e.header.books}:
            self.claims.setdefault(code, deque()).append(e.seq)

    # §8 books.

    def books_of(self, e: Entry, actor: Officer) -> list[str]:
        """The books an entry stands in."""
        kind, codes = KINDS[e.kind], {actor.authority}
        holders = {move[side].partition(":")[0] for move in e.moves for side in ("from", "to")}
        codes |= {self._body(holder) for holder in holders}
        for name in kind.books:
            value = e.data.get(name)
            if value is None or value in holders:
                continue
            if name == "payment":
                value = self._known("payment", value)["project"]
            codes.add(self._county(value) if name in ("payment", "project") else value.partition("/")[0])
        stream, names = kind.stream, set[str]()
        if kind.name in NAMING:
            named = self.named(e.data["entry"])
            names, own = set(named.header.books), KINDS[named.kind].stream if named.kind in KINDS else "keys"
            if self.get("void", named.seq):
                if kind.name == "entry.void":
                    for seq in range(*self.range_of(e.data)):
                        names |= set(self.entries[seq + 1].header.books)
                stream, names = own, {name for name in names if self._is_book(*name.split("/"))}
            else:
                stream = min(names).partition("/")[2] if names else own
        return sorted(names | {f"{code}/{stream}" for code in codes - {"", "world"}})

    def _is_book(self, code: str, stream: str) -> bool:
        return stream in ("money", "people", "open", "keys") and self.get("authority", code) is not None

    def claimed(self, code: str) -> bool:
        """Whether a void entry that nobody acknowledged names a book of a body."""
        claims = self.claims.get(code, deque())
        while claims and self.get("void", claims[0])["acknowledged"]:
            claims.popleft()
        return bool(claims)

    def _known(self, sort: str, name: str) -> Any:
        if (found := self.get(sort, name)) is None:
            raise Void("REFERENCE", f"{sort} {name[:60]!r} is not known")
        return found

    def _county(self, project: str) -> str:
        return str(self._known("project", project)["county"])

    def _body(self, holder: str) -> str:
        """The body in whose books a holder stands."""
        holder = self.project_of(holder)
        if self.get("project", holder):
            return self._county(holder)
        if holder != "world":
            self._known("authority", holder)
        return holder

    def project_of(self, holder: str) -> str:
        """The project that a payment is of; any other holder itself."""
        return str((self.get("payment", holder) or {"project": holder})["project"])

    def books_line(self, names: list[str]) -> str:
        """The line of a header that stands next in these books."""
        return " ".join(sorted(f"{name}={self.get('book', name) or 0}" for name in names)) or "-"

    def _take_positions(self, names: list[str]) -> None:
        for name in names:
            self.put("book", name, (self.get("book", name) or 0) + 1)

    # §9 rights.

    def range_of(self, data: Data) -> tuple[int, int]:
        """The first and the last position that an acknowledgement names."""
        first = self.named(data["entry"]).seq
        last = self.named(data["to"]).seq if "to" in data else first
        if "to" in data and not first < last < first + 1000:
            raise Void("REFERENCE", f"no range goes from entry {first} to {last}")
        return first, last

    def named(self, ref: Data) -> Entry:
        """The earlier entry that `{"entry", "leaf"}` names by id or, in digits, by position."""
        word, seq = ref["entry"], self.ids.get(ref["entry"])
        if word.isdigit():
            seq = int(word) if word == str(int(word)) else None
        if seq is None or seq >= self.position or self.entries[seq].leaf.hex() != ref["leaf"]:
            raise Void("REFERENCE", f"entry {word!r} is not known, or has another leaf")
        return self.entries[seq]

    def kind_of(self, entry: Entry) -> tuple[Kind, Data]:
        """Kind and fields of an entry that is named."""
        if entry.fault:
            raise Void("REFERENCE", f"entry {entry.seq} has no meaning")
        return KINDS[entry.kind], entry.data

    def _about_own_key(self, actor: Officer, kind: Kind, data: Data) -> bool:
        """§9: an officer replaces the own key, and calls off a replacement that the same officer recorded."""
        if kind.name == "officer.rotate" and data["officer"] == actor.id:
            return True
        if kind.name != "entry.reverse":
            return False
        named = self.named(data["entry"])
        return named.kind == "officer.rotate" and self.get("key", named.author) == actor.id

    def judged(self, kind: Kind, data: Data) -> tuple[Kind, Data]:
        """The event that decides who may record this one: of reversals and confirmations, what they are about."""
        while kind.name in ("entry.reverse", "entry.confirm"):
            kind, data = self.kind_of(self.named(data["entry"]))
        return kind, data

    def require_right(self, actor: Officer, kind: Kind, data: Data, *, confirming: bool = False) -> None:
        """Role and jurisdiction."""
        if self.mode == "observe" and "administrator" in actor.roles:
            return
        if not actor.roles & self.roles.get(kind.name, set()) and not (confirming and "reviewer" in actor.roles):
            raise Void("RIGHTS", f"officer {actor.id!r} has no role that may record {kind.name}")
        if "administrator" in actor.roles and not actor.authority:
            return
        named = [name for name in kind.scopes if name in data]
        if named and not any(self.in_scope(actor, name, data[name]) for name in named):
            raise Void("RIGHTS", f"{data[named[0]]!r} is outside the jurisdiction of {actor.authority!r}")

    def in_scope(self, actor: Officer, name: str, value: str) -> bool:
        """Whether a body, a project's county or township lies at or below the actor's seat."""
        if name == "payment":
            name, value = "project", self.need("payment", value)["project"]
        if name != "project":
            return self.within(actor.authority, value)
        project = self.need("project", value)
        return any(self.within(actor.authority, body) for body in (project["county"], project["township"]) if body)

    def within(self, authority: str, body: str) -> bool:
        """Whether a body is that of an authority, or below its seat."""
        if body == authority:
            return True
        seat = (self.get("authority", authority) or {"seat": authority})["seat"]
        while body and (mine := self.get("authority", body)) and mine["seat"] != seat:
            body = (self.get("authority", mine["seat"]) or {"parent": ""})["parent"]  # from seat to seat: few, however many agents lie between
        return bool(body) and (mine is not None or body == seat)

    def administrators(self) -> int:
        """How many persons are administrators."""
        return self.get("administrators", "") or 0

    def set_officer(self, officer: Officer) -> None:
        """Make or replace an officer, and count the persons who are administrators."""
        old: Officer | None = self.get("officer", officer.id)
        self.put("officer", officer.id, officer)
        for one, n in ((old, -1), (officer, 1)):
            if one and one.active and "administrator" in one.roles:
                held = self.get("administrates", one.person) or 0
                self.put("administrates", one.person, held + n)
                if (held == 0) != (held + n == 0):
                    self.put("administrators", "", self.administrators() + n)

    def _waits(self, kind: Kind, data: Data) -> bool:
        """Whether an event waits for a second person."""
        stream = kind.stream
        if kind.name == "officer.revoke" and data["officer"] in self.roots and self.administrators() > 1:
            return True
        if kind.name == "entry.reverse":
            named = self.named(data["entry"])
            if (self.get("waiting", named.seq) or {}).get("status") == "waiting":
                return False
            stream = self.kind_of(named)[0].stream
        if kind.group == "always":
            return True
        second = None if self.mode == "observe" else self.get("policy", "").get(kind.name)
        if kind.group in ("enrolment", "registration", "policy") and self.administrators() < 2:
            return False
        return second == "person" or (second == "money" and stream == "money")

    # §7 money.

    def held(self, account: str, quota: str) -> int:
        """What an account holds of a quota."""
        return int(self.get("balance", (account, "CNY", quota)) or 0)

    def shift(self, act: Act, source: str, to: str, quota: str, n: int, unit: str = "CNY") -> None:
        """Move n from just that account."""
        act.moves.append({"from": source, "n": n, "quota": quota, "to": to, "unit": unit})
        for account, m in ((source, -n), (to, n)):
            key = (account, unit, quota)
            self.put("balance", key, (self.get("balance", key) or 0) + m)
            self._sum(account, unit, m)

    def _sum(self, account: str, unit: str, n: int) -> None:
        """Add to what an account holds over all quotas, and count for its body the accounts that hold something."""
        holder = self.project_of(account.partition(":")[0])
        body = (self.get("project", holder) or {"county": holder})["county"]
        old, key = self.get("total", (account, unit)) or 0, (account, unit)
        self.put("total", key, old + n)
        self.accounts.setdefault(body, {})[key] = None
        if (old == 0) != (old + n == 0):
            self.put("holding", body, (self.get("holding", body) or 0) + (1 if old == 0 else -1))

    def totals(self, body: str) -> list[Data]:
        """What the accounts of a body, its projects and their payments hold over all quotas, sorted, no zeros.

        An account that holds nothing is looked at once, and again only after something moved.
        """
        accounts = self.accounts.get(body, {})
        for key in [key for key in accounts if not self.get("total", key)]:
            del accounts[key]
        return [{"account": account, "n": self.get("total", (account, unit)), "unit": unit} for account, unit in sorted(accounts)]

    def move(self, act: Act, source: str, to: str, quota: str, n: int) -> None:
        """Move n; in an observing ledger what the account lacks comes from its holder's `suspense`."""
        holder, _, stage = source.partition(":")
        lacks = n - max(self.held(source, quota), 0)
        if self.mode == "observe" and stage not in ("outside", "suspense") and lacks > 0:
            if n > lacks:
                self.shift(act, source, to, quota, n - lacks)
            source, quota, n = f"{holder}:suspense", f"?{act.id}", lacks
        self.shift(act, source, to, quota, n)

    def move_legs(self, act: Act, source: str, to: str, legs: Iterable[Data]) -> None:
        """Move each leg under its quota, in order."""
        for leg in legs:
            self.move(act, source, to, leg["quota"], leg["amount"])

    def require_funds(self, act: Act) -> None:
        """No account it took from is below zero, but those that may be."""
        free = ("outside", "suspense") if self.mode == "observe" else ("outside",)
        for move in act.moves:
            below = (self.get("balance", (move["from"], move["unit"], move["quota"])) or 0) < 0
            if below and move["from"].partition(":")[2] not in free:
                raise Void("BALANCE", f"takes from {move['from']} what it does not hold of {move['quota']}")

    def require_legs(self, act: Act, legs: list[Data]) -> None:
        """Legs are there, each quota once and known."""
        quotas = [leg["quota"] for leg in legs]
        if not legs or len(set(quotas)) != len(quotas):
            raise Void("FIELD", "no legs, or a quota named twice")
        for quota_id in quotas:
            if not (self.mode == "observe" and quota_id == f"?{act.id}"):
                self.need("quota", quota_id)

    # §11 subjects, suspects.

    def _note_subject(self, kind: Kind, data: Data, *, void: bool = False) -> None:
        """Take note of whom the sealed values of an entry are about; what a void entry says gives way to the first sound one."""
        person = data.get("payee_type") == "person" if kind.name == "payment.request" else True
        form = re.fullmatch(PATTERNS[ID], data["payee"]) if kind.name == "payment.request" else True
        if person and not form and not void:
            raise Void("FIELD", "a person stands under a pseudonym")
        if not any(form == "sealed" and name in data for name, (form, _) in kind.fields.items()):
            return
        name = data[SEALED[kind.name]]
        known = self.get("subject", name)
        if void:
            if person and form and known is None:
                self.put("subject", name, {"person": True, "erased": -1, "holder": ""})
            return
        if len(name) > 200:
            raise Void("FIELD", "a payee with a sealed account has at most 200 characters")
        holder = self.need("project", data["project"])["county"] if kind.name == "payment.request" else data["place"]
        if known is None or (known["erased"] < 0 and not known["holder"]):
            self.put("subject", name, {"person": person, "erased": -1, "holder": holder})
        elif known["erased"] >= 0 or known["person"] != person:
            raise Void("REFERENCE", f"the data of {name[:60]!r} was erased, or the name is another's")

    def suspect(self, seq: int) -> Data | None:
        """Whether an entry is suspect, or becomes it by this one: whose it is, and what settled it."""
        found: Data | None = self.get("suspect", seq)
        if found or not self.marking or seq < self.marking[1]:
            return found
        officer, author = self.marking[0], self.entries[seq].author
        is_new = self.get("key", author) == officer and not self.get("void", seq) and seq < self.position
        return {"person": self.get("officer", officer).person, "by": -1} if is_new else None

    def _mark(self) -> None:
        """The entries that this one makes suspect, each once and never looked at again: the newest first."""
        if self.marking:
            officer, since = self.marking
            for key in self.get("keys_of", officer):
                entries = self.unmarked.get(key, [])
                while entries and entries[-1] >= since:
                    seq = entries.pop()
                    if not self.get("suspect", seq):
                        self.put("suspect", seq, {"person": self.get("officer", officer).person, "by": -1})

    def settle(self, act: Act, seq: int) -> None:
        """A suspect entry was vouched for, or taken back; by no key that hangs on an entry ever suspect."""
        found = self.suspect(seq)
        if found and found["by"] == -1:
            at = self.get("brought", act.actor.key)
            while at:
                if self.suspect(at):
                    raise Void("SECOND", f"its key was brought in by suspect entry {at}, itself or by others")
                at = self.get("brought", self.entries[at].author)
            self.put("suspect", seq, {**found, "by": act.seq})

    def bring(self, act: Act, officer: str) -> None:
        """Note the entry that says which key an officer holds, be it another that lets it take effect."""
        self.put("brought", self.get("officer", officer).key, self.ids.get(act.id, act.seq))

    def hold_key(self, officer: str, holder: str, data: Data) -> str:
        """A new key whose holder has shown to possess it; returns its id."""
        name = self.note_key(officer, data["public_key"])
        origin = self.entries[0].content["origin"]
        text = f"sunledger/possession/v1\n{origin}\n{holder}\n{name}\n"
        try:
            signature = unbase64(data["possession"], 64)
        except Broken:
            signature = b""
        if data["algorithm"] != "ed25519" or not verifies(unbase64(data["public_key"]), text.encode(), signature):
            raise Void("KEY", f"the key of {holder!r} did not sign that it is held")
        return name

    def note_key(self, officer: str, encoded: str) -> str:
        """A sound key that was never seen before."""
        try:
            public = unbase64(encoded, 32)
        except Broken:
            public = b""
        name = key_id(public)
        if not is_point(public) or self.get("key", name) is not None:
            raise Void("KEY", "not a sound Ed25519 key, or one that was seen before")
        self.put("key", name, officer)
        self.put("keys_of", officer, (*(self.get("keys_of", officer) or ()), name))
        return name

    def enroll(self, officer: str, person: str, authority: str, roles: Iterable[str], data: Data) -> None:
        """A new officer with a new key."""
        if self.get("officer", officer) or officer == "ledger":
            raise Void("REFERENCE", f"officer {officer!r} is enrolled already, or the ledger key's own name")
        key = self.hold_key(officer, officer, data)
        self.set_officer(Officer(officer, person, authority, frozenset(roles), key))

    def new_holder(self, code: str) -> None:
        """No body, project or payment has this code: they all hold accounts."""
        if code == "world" or any(self.get(sort, code) for sort in ("authority", "project", "payment")):
            raise Void("REFERENCE", f"code {code!r} is taken")

    def fresh(self, sort: str, name: str) -> None:
        """No such thing was made before, taken back or not."""
        if self.get(sort, name) is not None:
            raise Void("REFERENCE", f"{sort} {name[:60]!r} is taken")

    def use(self, project: str, by: int = 1) -> None:
        """Count an entry that builds on a project, or take it off."""
        self.change("project", project, uses=self.need("project", project)["uses"] + by)

    def ledger_key_at(self, size: int) -> bytes:
        """The key that signs a checkpoint of this size."""
        keys: list[tuple[int, bytes]] = self.get("ledger_keys", "")
        return next(public for first, public in reversed(keys) if first <= size)


# Effects: what each kind requires and does (§9), and what taking it back does beside swapping its moves.


def _open(r: Replay, c: Act, d: Data) -> None:
    if not 1 <= d["root_quorum"] <= len(d["roots"]):
        raise Void("FIELD", "root_quorum is not between 1 and the number of roots")
    if d["ledger_key"]["algorithm"] != "ed25519":
        raise Void("KEY", "the ledger key is not of ed25519")
    r.mode, r.quorum = d["mode"], d["root_quorum"]
    r.roles = {row["kind"]: set(row["roles"]) for row in d["roles"]}
    r.put("policy", "", {row["kind"]: row["second"] for row in d["policy"]})
    for root in d["roots"]:
        r.enroll(root["person"], root["person"], "", ["administrator"], root)
    r.roots = [root["person"] for root in d["roots"]]
    r.note_key("", d["ledger_key"]["public_key"])
    r.put("ledger_keys", "", [(0, unbase64(d["ledger_key"]["public_key"]))])


def _register(r: Replay, c: Act, d: Data) -> None:
    r.new_holder(d["code"])
    sort, level = d.get("type", "government"), LEVELS.index(d["level"])
    if "parent" in d:
        above = LEVELS.index(r.need("authority", d["parent"])["level"])
        if level != above if sort in AGENTS else level <= above:
            raise Void("FIELD", "its level does not fit below its parent")
    elif sort in AGENTS:
        raise Void("FIELD", f"a {sort} needs its parent")
    seat = r.get("authority", d["parent"])["seat"] if sort in AGENTS else d["code"]
    r.put("authority", d["code"], {"level": d["level"], "parent": d.get("parent", ""), "type": sort, "seat": seat})


def _enroll(r: Replay, c: Act, d: Data) -> None:
    r.need("authority", d["authority"])
    person = str(d.get("person", d["officer"]))
    if person == c.actor.person:
        raise Void("SECOND", "nobody enrols a key of their own person")
    r.enroll(d["officer"], person, d["authority"], d["roles"], d)
    r.bring(c, d["officer"])


def _active(r: Replay, id: str) -> Officer:
    officer: Officer = r.need("officer", id)
    if not officer.active:
        raise Void("REFERENCE", f"officer {id!r} is revoked already")
    return officer


def _revoke(r: Replay, c: Act, d: Data) -> None:
    officer = r.need("officer", d["officer"]) if "since" in d else _active(r, d["officer"])
    if d.get("since", 0) > c.seq:
        raise Void("FIELD", "since lies after this entry")
    r.set_officer(replace(officer, active=False))
    if not r.administrators():
        raise Void("REFERENCE", "no administrator would be left")
    if "since" in d:
        r.marking = officer.id, d["since"]


def _rotate(r: Replay, c: Act, d: Data) -> None:
    officer = _active(r, d["officer"])
    if officer.id in r.roots and c.actor.id != officer.id:
        raise Void("RIGHTS", f"{officer.id!r} is a root, and replaces the own key alone")
    key = r.hold_key(officer.id, officer.id, d)
    r.set_officer(replace(officer, key=key))
    r.bring(c, officer.id)


def _rotate_ledger(r: Replay, c: Act, d: Data) -> None:
    r.hold_key("", "ledger", d)
    r.put("ledger_keys", "", [*r.get("ledger_keys", ""), (c.seq + 1, unbase64(d["public_key"]))])
    r.put("rules", "", [*(r.get("rules", "") or ()), c.seq])


def _set_policy(r: Replay, c: Act, d: Data) -> None:
    r.put("policy", "", {row["kind"]: row["second"] for row in d["policy"]})
    r.put("rules", "", [*(r.get("rules", "") or ()), c.seq])


def _recover(r: Replay, c: Act, d: Data) -> None:
    if c.actor.id not in r.roots:
        raise Void("RIGHTS", f"officer {c.actor.id!r} is not a root of this ledger")
    try:
        unbase64(d["root"], 32)
    except Broken:
        raise Void("FIELD", "root is not base64 of 32 bytes") from None
    head = (d["size"], d["root"])
    found = r.get("recovery", head) or {"persons": [], "by": -1}
    if c.actor.person in found["persons"]:
        raise Void("REFERENCE", f"{c.actor.person!r} has said already that this head is lost")
    persons = [*found["persons"], c.actor.person]
    by = c.seq if found["by"] < 0 and sum(r.need("officer", person).active for person in persons) >= r.quorum else found["by"]
    r.put("recovery", head, {"persons": persons, "by": by})


def _confirm(r: Replay, c: Act, d: Data) -> None:
    named = r.named(d["entry"])
    waiting, suspect = r.get("waiting", named.seq), r.get("suspect", named.seq)
    waits = waiting is not None and waiting["status"] == "waiting"
    if not waits and (suspect is None or suspect["by"] >= 0):
        raise Void("REFERENCE", f"entry {named.seq} does not wait for a second person")
    if c.actor.person in {found["person"] for found in (waiting if waits else None, suspect) if found} | _heard(r, named):
        raise Void("SECOND", f"entry {named.seq} is the person's own; another person must confirm")
    kind, data = r.kind_of(named)
    r.require_right(c.actor, *r.judged(kind, data), confirming=True)
    if waits:
        inner = Act(named.id, replace(r.need("officer", r.get("key", named.author)), key=named.author), c.seq, c.at)
        EFFECTS[kind.name](r, inner, data)
        c.moves = inner.moves
        r.change("waiting", named.seq, status="confirmed", by=c.seq)
    r.settle(c, named.seq)


def _heard(r: Replay, named: Entry) -> set[str]:
    """The persons whose word an entry is the second to."""
    persons: set[str] = set()
    kind, data = r.kind_of(named)
    while kind.name == "entry.confirm":
        named = r.named(data["entry"])
        persons.add(r.need("officer", r.get("key", named.author)).person)
        kind, data = r.kind_of(named)
    payment = r.get("payment", data["payment"]) if kind.name in ("payment.approve", "payment.reject") else None
    return persons | ({payment["person"]} if payment else set())


def _void(r: Replay, c: Act, d: Data) -> None:
    (first, last), finding = r.range_of(d), d["finding"]
    for seq in (first, last):
        if not (found := r.finding(finding, seq, c.at)) or found["acknowledged"]:
            raise Void("REFERENCE", f"entry {seq} is not {finding}, or is acknowledged already")
    if finding == "void" and bisect_right(r.voids, last) - bisect_left(r.voids, first) != last - first + 1:
        raise Void("REFERENCE", f"an entry between {first} and {last} is not void")
    r.acknowledging = finding, first, last


def _reverse(r: Replay, c: Act, d: Data) -> None:
    named = r.named(d["entry"])
    kind, data = r.kind_of(named)
    waiting = r.get("waiting", named.seq)
    if r.get("void", named.seq) or r.get("reversed", named.seq) or (waiting or {}).get("status") == "cancelled":
        raise Void("REVERSAL", f"entry {named.seq} is void, or was reversed already")
    if waiting and waiting["status"] == "waiting":  # called off
        if kind.name == "officer.revoke" and r.need("officer", data["officer"]).person == c.actor.person:
            raise Void("SECOND", "nobody calls off the own revocation")
        r.change("waiting", named.seq, status="cancelled", by=c.seq)
        r.settle(c, named.seq)
        return
    if not kind.reversible:
        raise Void("REVERSAL", f"{kind.name} cannot be reversed")
    for move in reversed(r.entries[waiting["by"]].moves if waiting else named.moves):
        r.shift(c, move["to"], move["from"], move["quota"], move["n"], move["unit"])
    if kind.name in BACK:
        BACK[kind.name](r, c, data)
    r.require_funds(c)
    r.put("reversed", named.seq, True)
    r.settle(c, named.seq)
    r.settle(c, waiting["by"] if waiting else named.seq)


def _state(r: Replay, c: Act, d: Data) -> None:
    code, _, stream = d["book"].partition("/")
    r.need("authority", code)
    if r.claimed(code):
        raise Void("BOOKS", f"a void entry that nobody acknowledged claims a place in the books of {code}")
    if d["count"] != (r.get("book", d["book"]) or 0):
        raise Void("BOOKS", f"states {d['count']} entries of {d['book']}, which holds {r.get('book', d['book']) or 0}")
    money = stream == "money"  # lengths first: a false statement is short, and must not cost what a true one does
    if len(d["totals"]) != (r.get("holding", code) or 0 if money else 0) or (money and d["totals"] != r.totals(code)):
        raise Void("BALANCE", f"states other totals of {code} than its accounts hold")
    if [d.get("void"), d.get("rules")] != ([r.voids or None, r.get("rules", "")] if money else [None, None]):
        raise Void("BOOKS", "states other void entries, or other changes of rules, than there are")


def totals_of(balances: Balances, holders: set[str]) -> list[Data]:
    """What the accounts of some holders hold over all quotas, sorted, no zeros."""
    totals: dict[tuple[str, str], int] = {}
    for (account, unit, _), n in balances.items():
        if account.partition(":")[0] in holders:
            totals[account, unit] = totals.get((account, unit), 0) + n
    return [{"account": account, "n": n, "unit": unit} for (account, unit), n in sorted(totals.items()) if n]


def _receive(r: Replay, c: Act, d: Data) -> None:
    r.fresh("quota", d["quota"])
    r.need("authority", d["holder"])
    r.put("quota", d["quota"], {"reversed": False})
    r.move(c, "world:outside", f"{d['holder']}:available", d["quota"], d["amount"])


def _release(r: Replay, c: Act, d: Data) -> None:
    r.require_legs(c, d["legs"])
    r.need("authority", d["from"])
    r.need("authority", d["to"])
    if d["from"] == d["to"]:
        raise Void("FIELD", "from and to are the same")
    r.move_legs(c, f"{d['from']}:available", f"{d['to']}:available", d["legs"])


def _propose(r: Replay, c: Act, d: Data) -> None:
    r.new_holder(d["project"])
    county = r.need("authority", d["county"])
    if county["level"] != "county" and r.mode != "observe":
        raise Void("FIELD", f"{d['county']!r} is not a county")
    if "township" in d:
        r.need("authority", d["township"])
        if r.mode != "observe" and not r.within(d["county"], d["township"]):
            raise Void("FIELD", f"{d['township']!r} does not lie in {d['county']!r}")
    project = {"county": d["county"], "township": d.get("township", ""), "uses": 0, "reversed": False}
    r.put("project", d["project"], project)


def _propose_back(r: Replay, c: Act, d: Data) -> None:
    if r.need("project", d["project"])["uses"]:
        raise Void("REVERSAL", f"later entries build on project {d['project']!r}")
    r.change("project", d["project"], reversed=True)


def _fund(r: Replay, c: Act, d: Data) -> None:
    r.require_legs(c, d["legs"])
    r.use(d["project"])
    r.move_legs(c, f"{r.need('project', d['project'])['county']}:available", f"{d['project']}:budget", d["legs"])


def _paper(r: Replay, c: Act, d: Data) -> None:
    r.fresh("paper", d["paper"])
    r.need("authority", d["holder"])
    r.put("paper", d["paper"], {})


def _household(r: Replay, c: Act, d: Data) -> None:
    r.fresh("household", d["household"])
    r.need("authority", d["place"])
    r.put("household", d["household"], {})


def _erase(r: Replay, c: Act, d: Data) -> None:
    subject = r.need("subject", d["person"])
    if not subject["person"] or subject["erased"] >= 0:
        raise Void("REFERENCE", f"no sealed data of a person {d['person']!r}, or erased already")
    if subject["holder"] and d.get("holder") != subject["holder"]:
        raise Void("REFERENCE", f"{d['person']!r} belongs to {subject['holder']!r}")
    if "holder" in d:
        r.need("authority", d["holder"])
    r.change("subject", d["person"], erased=c.seq)


def _request(r: Replay, c: Act, d: Data) -> None:
    r.fresh("payment", d["payment"])
    r.new_holder(d["payment"])
    r.require_legs(c, d["legs"])
    r.use(d["project"])
    quotas = {leg["quota"] for leg in d["legs"]} | ({f"?{c.id}"} if r.mode == "observe" else set())
    r.put("payment", d["payment"], {"project": d["project"], "person": c.actor.person, "quotas": sorted(quotas), "uses": 0, "reversed": False})
    r.move_legs(c, f"{d['project']}:budget", f"{d['payment']}:reserved", d["legs"])


def _request_back(r: Replay, c: Act, d: Data) -> None:
    payment = r.need("payment", d["payment"])
    if payment["uses"]:
        raise Void("REVERSAL", f"later entries decide on payment {d['payment']!r}")
    r.change("payment", d["payment"], reversed=True)
    r.use(payment["project"], -1)


def _decide(r: Replay, c: Act, d: Data, legs: list[Data] | None, to: str) -> None:
    """Pay or release the legs named, or the whole rest: what lies on the payment's own account."""
    payment = r.need("payment", d["payment"])
    if c.actor.person == payment["person"]:
        raise Void("SECOND", "who asked for a payment decides on it; another person must")
    account = f"{d['payment']}:reserved"
    rest = {quota_id: n for quota_id in payment["quotas"] if (n := r.held(account, quota_id))}
    if not rest:
        raise Void("REFERENCE", f"payment {d['payment']!r} has nothing left to decide")
    if legs is None:
        legs = [{"amount": n, "quota": quota_id} for quota_id, n in rest.items()]
    if not legs or len({leg["quota"] for leg in legs}) != len(legs):
        raise Void("FIELD", "no legs, or a quota named twice")
    if any(rest.get(leg["quota"], 0) < leg["amount"] for leg in legs):
        raise Void("BALANCE", "more than is left of the request")
    r.change("payment", d["payment"], uses=payment["uses"] + 1)
    for leg in legs:
        r.shift(c, account, f"{payment['project']}:{to}", leg["quota"], leg["amount"])


def _decide_back(r: Replay, _c: Act, d: Data) -> None:
    r.change("payment", d["payment"], uses=r.need("payment", d["payment"])["uses"] - 1)


Effect = Callable[[Replay, Act, Data], None]
EFFECTS: dict[str, Effect] = {
    "authority.register": _register,
    "book.state": _state,
    "entry.confirm": _confirm,
    "entry.reverse": _reverse,
    "entry.void": _void,
    "household.enroll": _household,
    "ledger.open": _open,
    "ledger.recover": _recover,
    "ledger.rotate": _rotate_ledger,
    "officer.enroll": _enroll,
    "officer.revoke": _revoke,
    "officer.rotate": _rotate,
    "paper.record": _paper,
    "payment.approve": lambda r, c, d: _decide(r, c, d, d.get("legs"), "paid"),
    "payment.reject": lambda r, c, d: _decide(r, c, d, None, "budget"),
    "payment.request": _request,
    "person.erase": _erase,
    "policy.set": _set_policy,
    "project.approve": lambda r, c, d: r.use(d["project"]),
    "project.fund": _fund,
    "project.propose": _propose,
    "quota.receive": _receive,
    "quota.release": _release,
}
BACK: dict[str, Effect] = {
    "payment.approve": _decide_back,
    "payment.reject": _decide_back,
    "payment.request": _request_back,
    "project.approve": lambda r, c, d: r.use(d["project"], -1),
    "project.fund": lambda r, c, d: r.use(d["project"], -1),
    "project.propose": _propose_back,
    "quota.receive": lambda r, c, d: r.put("quota", d["quota"], {**r.need("quota", d["quota"]), "reversed": True}),
}


# --- what the reader brings, and what a check answers ------------------------------------------------------

NO_TRUST = (
    "nothing was brought from elsewhere (ledger id, key or earlier checkpoint): this is a check of consistency only, and a "
    "whole ledger invented anew would pass it"
)
CONSISTENT = "consistency only: nothing was brought, and nobody else vouches for this file"
NO_HEAD = "no earlier or witnessed checkpoint was brought: a missing tail, entries cut off at the end, cannot be excluded"
NO_TRUTH = "that an entry is true, or that nothing happened which was never recorded, no verifier can show"


@dataclass
class Trust:
    """What the reader brought."""

    ledger_id: str | None = None
    keys: list[VKey] = field(default_factory=list)
    notes: list[tuple[str, Note]] = field(default_factory=list)  # with where each comes from
    now: str = ""

    def __bool__(self) -> bool:
        return bool(self.ledger_id or self.keys or self.notes)

    def ledger_keys(self, origin: str) -> list[VKey]:
        """The keys brought that sign checkpoints of this origin."""
        return [key for key in self.keys if key.type == 1 and key.name == origin]

    @property
    def witnesses(self) -> list[VKey]:
        """The witnesses brought."""
        return [key for key in self.keys if key.type == 4]

    def strangers(self, origin: str) -> list[str]:
        """The origins of what was brought of other ledgers."""
        names = {key.name for key in self.keys if key.type == 1} | {note.origin for _, note in self.notes}
        return sorted(names - {origin})


@dataclass
class Side:
    """What a file states of a history: heads, leaves and book positions; for the comparison of two (§13)."""

    origin: str
    ledger_id: str = ""
    size: int = 0
    root: bytes = b""
    note: Note | None = None
    heads: dict[int, bytes] = field(default_factory=dict)
    leaves: dict[int, bytes] = field(default_factory=dict)
    places: dict[tuple[str, int], bytes] = field(default_factory=dict)
    keys: list[VKey] = field(default_factory=list)  # ledger keys it names itself
    signing: list[tuple[int, VKey]] = field(default_factory=list)  # the same and those a block states, each with the size it signs from
    knows: str = ""  # how far these are all: "opening" (that of entry 0), "stated" (by a block), "whole" (a history that was replayed)
    history: History | None = None

    def key_at(self, size: int) -> VKey | None:
        """The ledger key in force at a size, as the entries name it."""
        standing = [key for since, key in self.signing if since <= size]
        return standing[-1] if standing else None

    def head(self, size: int) -> bytes | None:
        """The root at a size, where it is known."""
        if size == self.size:
            return self.root
        if self.history and size < self.size:
            return self.history.root(size)
        return self.heads.get(size)


@dataclass
class Result:
    """What a check found. `verdict` is ok, failed (broken evidence), findings, undecided or unreadable."""

    sort: str
    verdict: str = "ok"
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    trust: list[str] = field(default_factory=list)
    cannot_exclude: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    side: Side | None = None
    replay: Replay | None = None

    def fail(self, code: str, words: str, seq: int | None = None) -> None:
        """Evidence is broken, or not what the reader knows."""
        self.problems.append(Problem(code, seq, words))
        self.verdict = "failed"

    def settle(self) -> Result:
        """The verdict of what was noted."""
        if self.verdict == "ok":
            self.verdict = "findings" if self.problems else "undecided" if self.doubts else "ok"
        return self

    @property
    def exit_code(self) -> int:
        """0 ok, 10 failed or findings, 11 undecided, 3 unreadable."""
        return {"ok": 0, "undecided": 11, "unreadable": 3}.get(self.verdict, 10)

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON values."""
        head = {"origin": self.side.origin, "ledger_id": self.side.ledger_id, "size": self.side.size,
                "root": b64(self.side.root)} if self.side else {}  # fmt: skip
        named = {
            name: [{"code": p.code, "seq": p.seq, "words": p.words} for p in getattr(self, name)]
            for name in ("problems", "doubts")
        }
        return {"verifier": VERSION, "sort": self.sort, "verdict": self.verdict, **head, **named, "trust": self.trust,
                "cannot_exclude": self.cannot_exclude, "says": self.says, **self.facts}  # fmt: skip


def guarded(check: Callable[[Result], None], sort: str) -> Result:
    """The result of a check that may end early; whatever a hostile file provokes is a verdict and never ok."""
    result = Result(sort)
    try:
        check(result)
    except Broken as error:
        result.fail(error.code, error.words, error.seq)
    except Unreadable as error:
        result.verdict = "unreadable"
        result.problems.append(Problem("UNREADABLE", None, str(error)))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, MemoryError, OverflowError) as error:
        result.verdict = "unreadable"
        result.problems.append(Problem("UNREADABLE", None, f"cannot be read ({type(error).__name__})"))
    return result.settle()


def told_time(seconds: int) -> str:
    """Seconds since 1970 as a time, or as they are."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return f"{seconds} s"


# --- §15 who vouches -------------------------------------------------------------------------------------------


def vouch(result: Result, side: Side, trust: Trust, *, is_checkpoint: bool = False) -> None:
    """Who of those the reader brought vouches for the head of a side; a ledger file, without a note, needs nobody."""
    size, note = side.size, side.note
    begins = take_id(result, side, trust)
    same, begun, cosigned = take_notes(result, side, trust, is_checkpoint)
    begins = begins or begun
    if note:
        brought, own = trust.ledger_keys(side.origin), side.key_at(size)
        signers = [key for key in brought if line_of(note, key)]
        cosigners = [key for key in trust.witnesses if line_of(note, key)]
        is_signed = own is not None and bool(line_of(note, own))
        is_whole, is_first = side.knows == "whole", bool(side.signing) and own == side.signing[0][1]
        was_replaced = is_whole and is_signed and (begins or same) and any(key in brought for since, key in side.signing if since <= size)
        false = [key for key in [*brought, *trust.witnesses, *(key for _, key in side.signing)] if line_of(note, key) is False]
        if false:
            result.fail("CHECKPOINT.SIGNATURE", f"the signature under the name {false[0].name} is false")
        elif brought and not signers and not was_replaced:
            result.fail("CHECKPOINT.KEY", f"the checkpoint of {size} entries is not signed by the key brought")
        elif own and side.knows in ("stated", "whole") and not is_signed:
            result.fail("CHECKPOINT.SIGNATURE", f"the checkpoint of {size} entries is not signed by the key of the ledger at that size")
        elif own and not is_signed and not (signers or cosigners):
            doubt(result, "CHECKPOINT.KEY", "the checkpoint is not signed by the key of entry 0: it is false, or that key was replaced")
        elif own and side.knows == "stated" and not is_first and trust and not (signers or cosigners or same):
            doubt(result, "CHECKPOINT.KEY", "the checkpoint is signed by a key that replaced that of entry 0, and nothing here shows by what right")
        elif not own and not (brought or cosigners or any(name == side.origin for name, _, _ in note.signatures)):
            doubt(result, "CHECKPOINT.KEY", "the checkpoint bears no signature of its ledger")
        by = bool(signers or cosigners or same or (begins and is_signed and (is_whole or is_first)))
        tell_signers(result, note, signers, cosigners)
        settle_trust(result, side, trust, by=by, cosigned=bool(cosigners or cosigned))
    elif trust.notes and all(note.origin != side.origin for _, note in trust.notes):
        result.fail("BROUGHT.CHECKPOINT", f"it is of {side.origin}; all that was brought is of {', '.join(trust.strangers(side.origin)[:5])}")
    elif trust.keys:
        doubt(result, "BROUGHT.KEY", "a ledger file bears no checkpoint: the keys brought signed nothing in it")
    result.cannot_exclude += [] if trust else [NO_TRUST]
    result.cannot_exclude += [] if trust.witnesses or trust.notes else [NO_HEAD]
    result.cannot_exclude.append(NO_TRUTH)


def doubt(result: Result, code: str, words: str) -> None:
    """What is missing for a verdict."""
    result.doubts.append(Problem(code, None, words))


def tell_signers(result: Result, note: Note, signers: list[VKey], cosigners: list[VKey]) -> None:
    """The keys brought that signed, in words; a witness of growth alone makes nothing complete (§12)."""
    result.trust += [f"ledger key {key.hash().hex()}" for key in signers]
    for key in cosigners:
        growth = "growth alone, by " if key.name.endswith(".growth") else ""
        result.trust.append(f"{growth}witness {key.name}, {told_time(note.signed_by(key) or 0)}")


def settle_trust(result: Result, side: Side, trust: Trust, *, by: bool, cosigned: bool) -> None:
    """A witness who was brought and did not look; what was brought of other ledgers alone; and that nobody vouches."""
    strangers = trust.strangers(side.origin)
    named = trust.ledger_keys(side.origin) or any(note.origin == side.origin for _, note in trust.notes)
    if trust.witnesses and not cosigned:
        doubt(result, "CHECKPOINT.WITNESS", f"no witness that was brought cosigned the checkpoint of {side.size} entries")
    if strangers and not by and not named:
        result.fail("BROUGHT.KEY", f"it is of {side.origin}; all that was brought is of {', '.join(strangers[:5])}")
    if not trust:
        doubt(result, "NO_TRUST", CONSISTENT)
    elif not (by or result.problems or result.doubts):
        doubt(result, "NO_KEY", "nobody who was brought vouches for this file")


def take_id(result: Result, side: Side, trust: Trust) -> bool:
    """Whether the ledger id brought is that of the file."""
    if trust.ledger_id is None or not side.ledger_id:  # a file without entry 0 says nothing of it
        return False
    if side.ledger_id != trust.ledger_id:
        result.fail("BROUGHT.ID", "another ledger id than the one brought", 0)
        return False
    result.trust.append("ledger id")
    return True


def take_notes(result: Result, side: Side, trust: Trust, is_checkpoint: bool) -> tuple[bool, bool, bool]:
    """Judge each checkpoint brought of this origin: whether one is of this head, whether the history begins with one, and
    whether a witness cosigned one of this head."""
    same = begun = cosigned = False
    for where, note in trust.notes:
        if note.origin != side.origin:
            continue
        relation = relation_of(result, where, note, side)
        standing = standing_of(result, where, note, side, trust, is_proved=bool(relation))
        if not standing or not relation or not note.size:
            continue
        result.trust.append(f"checkpoint of {note.size} entries")
        if relation == "before":
            begun = True
            continue
        cosigned = cosigned or any(line_of(note, key) for key in trust.witnesses)
        same = same or standing == "signed" or not is_checkpoint  # a checkpoint claims its signature, and nothing else
    return same, begun, cosigned


def standing_of(result: Result, where: str, note: Note, side: Side, trust: Trust, *, is_proved: bool) -> str:
    """What a checkpoint brought is worth: `signed`, on the reader's `word` where no key is known that could check it, or ''."""
    brought, own = trust.ledger_keys(side.origin), side.key_at(note.size)
    every = [*brought, *trust.witnesses, *(key for _, key in side.signing)]
    false = [key for key in every if line_of(note, key) is False]
    if false:
        result.fail("BROUGHT.CHECKPOINT", f"{where} bears a signature under the name {false[0].name} that is false")
    elif any(line_of(note, key) for key in [*brought, *trust.witnesses, *([own] if own else [])]):
        return "signed"
    elif (brought and is_proved) or (own and side.knows in ("stated", "whole") and note.size <= side.size):
        result.fail("BROUGHT.CHECKPOINT", f"{where} is not signed by a key that is known")
    elif not (own or brought) and any(name == side.origin for name, _, _ in note.signatures):
        return "word"
    else:
        doubt(result, "BROUGHT.CHECKPOINT", f"nobody known signed {where}: it vouches for nothing")
    return ""


def relation_of(result: Result, where: str, note: Note, side: Side) -> str:
    """`same` or `before` where it is proved how a checkpoint brought stands to the file; '' with what is wrong or missing."""
    known = side.head(note.size) if note.size else sha256()
    if note.size > side.size and not side.note:
        words = f"history ends at {side.size} entries, before the {note.size} of {where}: its tail is missing"
        result.fail("BROUGHT.CHECKPOINT", words, side.size)
    elif note.size > side.size:
        doubt(result, "BROUGHT.CHECKPOINT", f"nothing leads from {where} ({note.size}) back to the {side.size} entries of this file")
    elif known is None:
        doubt(result, "BROUGHT.CHECKPOINT", f"{where} of {note.size} entries cannot be compared")
    elif known != note.root:
        result.fail("BROUGHT.CHECKPOINT", f"not the history of {where}: another root at {note.size} entries")
    else:
        return "same" if note.size == side.size else "before"
    return ""


# --- §10 a whole history: bundle or ledger file ------------------------------------------------------------

MEMBERS = ("entries.jsonl", "seals.jsonl", "checkpoint.note")


def unpack(bundle: bytes, budget: Budget) -> dict[str, bytes]:
    """The three members of a zip that is laid out in the one way of §1: whatever else reads it sees the same members."""
    end = len(bundle) - 22
    try:
        mark, disk, first, here, count, length, start, comment = struct.unpack("<4s4H2LH", bundle[max(end, 0) :])
        if mark != b"PK\5\6" or (disk, first, here, count, comment) != (0, 0, 3, 3, 0) or start + length != end:
            raise Unreadable("its directory is not that of three members, or does not end the file")
        members, at, row = dict[str, bytes](), 0, start
        while len(members) < count:
            head, local = bundle[row : row + 46], bundle[at : at + 30]
            _, flags, method, _, _, crc, packed, size, name_length, extra = struct.unpack("<5H3L2H", head[6:32])
            name = bundle[row + 46 : row + 46 + name_length]
            comment, disk, _, _, offset = struct.unpack("<3H2L", head[32:])
            if head[:4] + local[:4] != b"PK\1\2PK\3\4" or head[6:32] != local[4:] or (offset, extra, comment, disk) != (at, 0, 0, 0):
                raise Unreadable("a member does not begin where the one before it ended, or its header is not that of the directory")
            if flags & ~0x806 or method not in (0, 8) or name != bundle[at + 30 : at + 30 + name_length]:
                raise Unreadable("a member is not plainly stored or deflated under its name")
            body = bundle[at + 30 + name_length : at + 30 + name_length + packed]
            if method == 8:
                data = budget.inflate(body, -15)
            else:
                data = body
                budget.spend("bytes unpacked", len(body))
            if len(body) != packed or len(data) != size or zlib.crc32(data) != crc:
                raise Unreadable("a member is not of the size or sum that its header says")
            members[name.decode("latin-1")] = data
            at, row = at + 30 + name_length + packed, row + 46 + name_length
        if at != start or row != end or sorted(members) != sorted(MEMBERS):
            raise Unreadable(f"it has other members than {', '.join(MEMBERS)}, or bytes that belong to none")
        return members
    except struct.error:
        raise Unreadable("bundle: not a whole zip") from None
    except Unreadable as error:
        raise Unreadable(f"bundle: {error}") from None


def read_lines(name: str, data: bytes, keys: set[str], budget: Budget) -> Iterator[dict[str, Json]]:
    """The objects of a jsonl member, lazily; every line ends in LF and has exactly these keys."""
    for number, line in enumerate(io.BytesIO(data)):
        budget.spend("entries", name == "entries.jsonl")
        try:
            if not line.endswith(b"\n"):
                raise Broken("BUNDLE.LINE", "the line has no end")
            value = parse(decode(line))
            if not isinstance(value, dict) or set(value) != keys:
                raise Broken("BUNDLE.LINE", "not exactly its keys")
        except Broken as error:
            raise Broken("BUNDLE.LINE", f"{name} line {number}: {error.words}", number) from None
        yield value


def check_bundle(bundle: bytes, trust: Trust) -> Result:
    """A bundle, evidence and meaning."""

    def check(result: Result) -> None:
        budget = Budget(len(bundle))
        members = unpack(bundle, budget)
        lines = read_lines("entries.jsonl", members["entries.jsonl"], {"seq", "header", "content"}, budget)
        seals = read_lines("seals.jsonl", members["seals.jsonl"], {"from", "size", "root", "author", "signature"}, budget)
        history = read_history(((line["seq"], line["header"], line["content"]) for line in lines), seals, budget)
        note = read_note(decode(members["checkpoint.note"]))
        if (note.origin, note.size) != (history.origin, len(history.entries)) or note.root != history.root(note.size):
            raise Broken("CHECKPOINT.HEAD", "the checkpoint is not that of these entries")
        check_history(result, history, note, trust)

    return guarded(check, "bundle")


def check_ledger(path: Path, trust: Trust) -> Result:
    """A ledger file (SQLite), read without being touched; its derived tables are not looked at."""

    def check(result: Result) -> None:
        wal = path.with_name(path.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise Unreadable("beside the file stands a -wal that holds part of it: close the ledger first")
        entries, seals = read_database(path)
        leaves: list[bytes] = []
        history = read_history(_rows(entries, leaves), _seal_rows(seals), Budget(path.stat().st_size))
        tree, ends = Tree(), {size: frontier for _, size, *_, frontier in seals}
        for place, (entry, leaf) in enumerate(zip(history.entries, leaves, strict=True)):
            tree.add(entry.leaf)
            if leaf != entry.leaf:
                raise Broken("ENTRY.LEAF", f"the leaf kept with entry {place} is not that of its header", place)
            if place + 1 in ends and ends[place + 1] != b"".join(part for _, part in tree.parts):
                raise Broken("SEAL.FRONTIER", f"the frontier kept at {place + 1} is not that of the tree", place)
        check_history(result, history, None, trust)

    return guarded(check, "ledger")


ROWS = {
    "entries": "SELECT seq, header, content, leaf FROM entries NOT INDEXED",
    "seals": "SELECT first, size, root, author, signature, frontier FROM seals NOT INDEXED",
}
MAX_CELL = 1 << 20


def read_database(path: Path) -> tuple[list[Any], list[Any]]:
    """The rows of `entries`, as they lie, and of `seals`, in order: plain tables, whose rows are no more than the file holds."""
    length = path.stat().st_size
    budget, steps = Budget(length), iter(range(100 + length // 1000))
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CELL)
            connection.set_progress_handler(lambda: next(steps, None) is None, 1000)  # else its pages run in a circle
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            names = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('entries', 'seals') AND sql NOT LIKE '%virtual%'"
            if connection.execute(names).fetchone()[0] != 2:
                raise Unreadable("not a ledger: it has no tables `entries` and `seals`")
            entries, seals = (list(_cells(connection, table, budget, length)) for table in ROWS)
            return entries, sorted(seals, key=lambda seal: [cell if type(cell) is int else -1 for cell in seal[:2]])
        finally:
            connection.close()
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"not a readable ledger file ({error})") from None


def _cells(connection: sqlite3.Connection, table: str, budget: Budget, length: int) -> Iterator[Any]:
    """The rows of a table, each as it is read; what is made up while it is read, or read twice, comes to more than the file."""
    if any(hidden for *_, hidden in connection.execute(f"PRAGMA table_xinfo({table})")):
        raise Unreadable(f"not a ledger: the table `{table}` has columns that are computed")
    for row in connection.execute(ROWS[table]):
        budget.spend("entries", table == "entries")
        length -= sum(len(cell) for cell in row if isinstance(cell, bytes | str))
        if length < 0:
            raise Unreadable("not a ledger file: it reads as more than it holds")
        yield row


def _rows(rows: list[Any], leaves: list[bytes]) -> Iterator[Line]:
    for place, (seq, header, content, leaf) in enumerate(rows):
        if [type(cell) for cell in (seq, header, content, leaf)] != [int, bytes, bytes, bytes]:
            raise Broken("ENTRY.TYPE", f"entry {place} holds a value of the wrong type", place)
        leaves.append(leaf)
        try:
            yield seq, decode(header), decode(content)
        except Broken:
            raise Broken("TEXT", f"entry {place} is not UTF-8", place) from None


def _seal_rows(rows: list[Any]) -> Iterator[dict[str, Json]]:
    for first, size, root, author, signature, frontier in rows:
        if [type(cell) for cell in (first, size, root, author, signature, frontier)] != [int, int, bytes, str, bytes, bytes]:
            raise Broken("SEAL.TYPE", "a seal holds a value of the wrong type")
        yield {"from": first, "size": size, "root": b64(root), "author": author, "signature": b64(signature)}


def check_history(result: Result, history: History, note: Note | None, trust: Trust) -> None:
    """The checkpoint of sound evidence and what the reader brought, and its meaning; what a signature refutes is not replayed."""
    entries = history.entries
    origin, size, opening = history.origin, len(entries), entries[0]
    side = result.side = Side(origin, opening.leaf.hex(), size, history.root(size), note, history=history)
    side.leaves = {entry.seq: entry.leaf for entry in entries}
    if note and opening.kind == "ledger.open" and not opening.fault:
        early = Result("early")
        is_rotated = any(entry.kind == "ledger.rotate" for entry in entries)
        side.signing, side.knows = [(0, ledger_key_of(opening))], "opening" if is_rotated else "whole"
        vouch(early, side, trust)
        may_be_replaced = is_rotated and {p.code for p in early.problems} <= {"CHECKPOINT.KEY", "BROUGHT.CHECKPOINT"}
        if early.problems and not (may_be_replaced and (side.ledger_id == trust.ledger_id or any(n.origin == origin for _, n in trust.notes))):
            result.problems, result.trust, result.cannot_exclude, result.verdict = early.problems, early.trust, early.cannot_exclude, "failed"
            return
    replay = result.replay = Replay(entries, trust.now)
    if void := replay.get("void", 0):
        raise Broken("LEDGER.OPEN", f"entry 0 does not open a ledger: {void['words']}", 0)
    placed = (e for e in entries if not replay.get("void", e.seq))
    side.places = {(book, place): e.leaf for e in placed for book, place in e.header.books.items()}
    side.signing, side.knows = [(since, VKey(origin, 1, public)) for since, public in replay.get("ledger_keys", "")], "whole"
    side.keys = [key for _, key in side.signing]
    vouch(result, side, trust)
    _tell(result, replay)


def ledger_key_of(opening: Entry) -> VKey:
    """The ledger key that entry 0 names."""
    return VKey(str(opening.content["origin"]), 1, unbase64(opening.data["ledger_key"]["public_key"], 32))


def _tell(result: Result, replay: Replay) -> None:
    """What of the meaning must be named: void, ahead, suspect, sealed, recovered."""
    void, ahead, suspect = (dict(replay.all(sort)) for sort in ("void", "ahead", "suspect"))
    for seq, found in sorted(void.items()):
        if not found["acknowledged"]:
            words = f"entry {seq} is void ({found['words']}), and no two persons have acknowledged it"
            result.problems.append(Problem(found["code"], seq, words))
    for seq in sorted({*(seq for seq, found in ahead.items() if not found["acknowledged"]), *replay.late}):
        what = "this machine's clock" if seq in replay.late else "the entries around it"
        result.problems.append(Problem("AHEAD", seq, f"entry {seq} is ahead of {what}, and no two persons have acknowledged it"))
    for seq, found in sorted(suspect.items()):
        if found["by"] < 0:
            result.doubts.append(Problem("SUSPECT", seq, f"entry {seq} is suspect: a compromised key may have signed it"))
    closed = [(seq, name) for seq, name, subject in replay.sealed if (replay.get("subject", subject) or {"erased": -1})["erased"] < 0]
    if closed:
        words = f"{len(closed)} sealed values are not opened: here they are commitments only"
        result.doubts.append(Problem("SEALED", closed[0][0], words))
    recovered = [(size, found["by"]) for (size, _), found in replay.all("recovery") if found["by"] >= 0]
    result.says += [f"a head of {size} entries was lost; a quorum of roots went on at entry {by}" for size, by in recovered]
    result.facts |= {
        "counts": {
            "entries": len(replay.entries),
            "void": len(void), "void_acknowledged": sum(f["acknowledged"] for f in void.values()),
            "ahead": len(ahead), "ahead_acknowledged": sum(f["acknowledged"] for f in ahead.values()),
            "suspect": len(suspect), "suspect_settled": sum(f["by"] >= 0 for f in suspect.values()),
            "sealed": len(replay.sealed), "sealed_erased": len(replay.sealed) - len(closed),
        },
        "balances": [{"account": a, "unit": u, "quota": q, "n": n} for (a, u, q), n in sorted(replay.balances().items())],
    }  # fmt: skip


# --- §6 a checkpoint, §12 one entry -------------------------------------------------------------------------


def check_note(text: str, trust: Trust) -> Result:
    """A checkpoint by itself."""

    def check(result: Result) -> None:
        note = read_note(text)
        result.side = Side(note.origin, "", note.size, note.root, note)
        vouch(result, result.side, trust, is_checkpoint=True)

    return guarded(check, "checkpoint")


PROOF = "c2sp.org/tlog-proof@v1"


def check_proof(text: str, trust: Trust) -> Result:
    """The proof of one entry (C2SP tlog-proof)."""

    def check(result: Result) -> None:
        head, _, note_text = text.partition("\n\n")
        first, *lines = head.split("\n")
        if first != PROOF or len(text) > 1 << 21:
            raise Unreadable("not a proof of one entry")
        if not lines or not lines[0].startswith("extra "):
            raise Broken("PROOF", "it does not carry the header of its entry")
        raw = decode(unbase64(lines[0][6:]))
        extra = parse(raw)
        index = re.fullmatch(r"index (0|[1-9][0-9]{0,15})", lines[1]) if len(lines) > 1 else None
        if not index or not isinstance(extra, dict) or not {"header"} <= set(extra) <= {"header", "content"}:
            raise Broken("PROOF", "its index or its extra is malformed")
        if spelled(extra) != raw:
            raise Unreadable("the extra of the proof is not in its one spelling")
        header = read_header(extra["header"])
        entry = read_entry(extra["header"], extra["content"]) if "content" in extra else None
        note = read_note(note_text)
        seq = int(index[1])
        if header.seq != seq:
            raise Broken("PROOF", "the header is of another entry", seq)
        if entry and entry.content["origin"] != note.origin:
            raise Broken("PROOF", "the entry is of another origin than the checkpoint", seq)
        path = [unbase64(line, 32) for line in lines[2:]]
        if inclusion_root(header.leaf, seq, note.size, path) != note.root:
            raise Broken("PROOF", "the path does not lead to the root of the checkpoint", seq)
        ledger_id = header.leaf.hex() if seq == 0 else ""
        result.side = Side(note.origin, ledger_id, note.size, note.root, note, leaves={seq: header.leaf})
        result.side.places = dict.fromkeys(header.books.items(), header.leaf)
        result.says.append(f"entry {seq} stands in the history of {note.size} entries, recorded {header.at}")
        if entry:
            result.says.append(told_entry(entry))
        result.cannot_exclude.append("whether the entry took effect takes the whole history: void, reversed or waiting it looks the same")
        if seq == 0 and entry and isinstance(entry.data.get("ledger_key"), dict):
            result.side.signing, result.side.knows = [(0, ledger_key_of(entry))], "opening"
        vouch(result, result.side, trust)
        result.facts["entry"] = {"seq": seq, "header": extra["header"], **({"content": entry.content} if entry else {})}

    return guarded(check, "proof")


def spelled(value: Json) -> str:
    """JSON without white space, its keys in the order they stand."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def told_entry(entry: Entry) -> str:
    """An entry as one line."""
    whole = [] if entry.fault else entry.moves
    moves = ", ".join(f"{m['from']} → {m['to']} {told_amount(m['n'], m['unit'])} [{m['quota']}]" for m in whole)
    names = ("project", "name", "payee", "payment", "quota", "holder", "title", "document_number", "book")
    about = " ".join(f"{name}={entry.data[name]}" for name in names if isinstance(entry.data.get(name), str))
    return f"#{entry.seq} {entry.content['occurred_on']} {entry.kind} {about}{': ' if moves else ''}{moves}"


def told_amount(n: int, unit: str) -> str:
    """An amount with its unit."""
    return yuan(n) if unit == "CNY" else f"{n} {unit}"


def yuan(fen: int) -> str:
    """Fen as yuan."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d} 元"


# --- §12 a disclosure ---------------------------------------------------------------------------------------

ENTRY_KEYS = {"seq", "header"}


@dataclass
class Listed:
    """An entry of a disclosure; `entry` is None where the content is not given."""

    header: Header
    entry: Entry | None
    opened: dict[str, str]


def exactly(value: Json, needed: str, optional: str = "") -> dict[str, Json]:
    """An object of these keys and no others."""
    if not isinstance(value, dict) or not set(needed.split()) <= set(value) <= {*needed.split(), *optional.split()}:
        raise Broken("FORM", f"not an object of {needed} {optional}".rstrip())
    return value


def a_list(value: Json) -> list[Json]:
    """A list."""
    if not isinstance(value, list):
        raise Broken("FORM", "not a list")
    return value


def a_size(value: Json) -> int:
    """A number of entries."""
    if type(value) is not int or not 0 <= value <= MAX_INT:
        raise Broken("FORM", "not a number of entries")
    return value


def read_listed(value: Json, origin: str) -> Listed:
    """One entry of a disclosure, its header bound to its content, its opened values to their commitments."""
    value = exactly(value, "seq header", "content opened")
    seq = a_size(value["seq"])
    try:
        entry = read_entry(value["header"], value["content"]) if "content" in value else None
        header = entry.header if entry else read_header(value["header"])
        if header.seq != seq:
            raise Broken("HEADER.SEQ", "the header is of another entry")
        if entry and entry.content["origin"] != origin:
            raise Broken("CONTENT", "another origin")
        opened = value.get("opened", {})
        if opened and (not entry or entry.fault or not isinstance(opened, dict)):
            raise Broken("SEALED", "opens values of an entry whose content is not given")
        for name, pair in opened.items():
            pair = exactly(pair, "value salt")
            form, _ = KINDS[entry.kind].fields.get(name, ("", False))  # type: ignore[union-attr]
            if form != "sealed" or not isinstance(pair["value"], str) or name not in entry.data:  # type: ignore[union-attr]
                raise Broken("SEALED", f"{name[:40]} is no sealed field of it")
            text = f"sunledger/sealed/v1\n{origin}\n{entry.id}\n{name}\n"  # type: ignore[union-attr]
            found = sha256(text.encode(), unbase64(pair["salt"], 32), canonical(pair["value"]).encode())
            if found.hex() != entry.data[name]:  # type: ignore[union-attr]
                raise Broken("SEALED", f"{name} does not open its commitment")
    except Broken as error:
        raise Broken(error.code, f"entry {seq}: {error.words}", seq) from None
    return Listed(header, entry, {name: pair["value"] for name, pair in opened.items()})


def check_disclosure(text: str, trust: Trust, sort: str = "disclosure") -> Result:
    """A disclosure: its entries stand in one history, and are the whole of the books it says."""

    def check(result: Result) -> None:
        value = exactly(parse(text), "format origin ledger_id checkpoint entries proof heads", "book")
        origin = value["origin"]
        if canonical(value) != text or len(text) > MAX_DISCLOSURE:
            raise Broken("FORM", "not in canonical form, or larger than 64 MiB")
        if value["format"] != "sunledger.disclosure/1" or not isinstance(value["checkpoint"], str):
            raise Unreadable("not a disclosure of a format known here")
        if not isinstance(origin, str) or not re.fullmatch(ORIGIN, origin):
            raise Broken("FORM", "the origin is malformed")
        note = read_note(value["checkpoint"])
        if note.origin != origin:
            raise Broken("CHECKPOINT.HEAD", "the checkpoint is of another origin")
        listed = _read_all(a_list(value["entries"]), origin)
        entry_0 = listed[0].entry if listed else None
        if not listed or listed[0].header.seq != 0 or entry_0 is None or entry_0.kind != "ledger.open" or entry_0.fault:
            raise Broken("LEDGER.OPEN", "it does not begin with entry 0, which opens the ledger", 0)
        genesis = sha256(b"sunledger/genesis/v1\n", origin.encode(), b"\n").hex()
        if value["ledger_id"] != listed[0].header.leaf.hex() or listed[0].header.prev != genesis:
            raise Broken("LEDGER.ID", "the ledger id is not the leaf of entry 0", 0)
        leaves = {one.header.seq: one.header.leaf for one in listed}
        if multi_root(leaves, note.size, [unbase64(part, 32) for part in a_list(value["proof"])]) != note.root:
            raise Broken("PROOF", "the entries are not those of the checkpoint: its root is another")
        side = result.side = Side(origin, value["ledger_id"], note.size, note.root, note, leaves=leaves)
        side.heads = _read_heads(a_list(value["heads"]), note)
        side.places = {place: one.header.leaf for one in listed for place in one.header.books.items()}
        entries = [one.entry for one in listed if one.entry and not one.entry.fault]
        side.keys = [VKey(origin, 1, unbase64(entry_0.data["ledger_key"]["public_key"], 32))]
        side.signing, side.knows, key = [(0, side.keys[0])], "opening", None
        if "book" in value:
            key, rotated = _check_book(result, listed, exactly(value["book"], "code year streams"), note)
            side.signing += [(since, VKey(origin, 1, unbase64(held, 32))) for since, held in rotated]
            side.knows = "stated"
        else:
            result.says.append(f"{len(listed)} entries of a history of {note.size}; nothing is claimed to be complete")
            result.says += [f"entry {one.header.seq} is void: {one.entry.fault}" for one in listed if one.entry and one.entry.fault]
        vouch(result, side, trust)
        witnessed = [word for word in result.trust if word.startswith("witness ")]
        if key:
            result.facts["complete"] = "complete" if witnessed else f"complete as stated by {key}"
            known = f" ({', '.join(witnessed)})" if witnessed else "" if trust else " (consistency only: nothing was brought)"
            result.says.insert(0, result.facts["complete"] + known)
        closed = sum(form == "sealed" and name in e.data for e in entries for name, (form, _) in KINDS[e.kind].fields.items())
        closed -= sum(len(one.opened) for one in listed)
        result.says += [f"entry {one.header.seq}: {name} is {text}" for one in listed for name, text in one.opened.items()]
        result.cannot_exclude.append("rights, second persons and the kinds' rules take the whole history: check a bundle for them")
        if closed:
            result.says.append(f"{closed} sealed values stand here as commitments")

    return guarded(check, sort)


def _read_all(values: list[Json], origin: str) -> list[Listed]:
    """The entries, ascending; where two follow each other, chained."""
    listed: list[Listed] = []
    for value in values:
        one = read_listed(value, origin)
        if listed and one.header.seq <= listed[-1].header.seq:
            raise Broken("ENTRY.SEQ", "the entries do not ascend", one.header.seq)
        if listed and one.header.seq == listed[-1].header.seq + 1 and one.header.prev != listed[-1].header.leaf.hex():
            raise Broken("HEADER.PREV", f"entry {one.header.seq} does not follow the one before it", one.header.seq)
        listed.append(one)
    return listed


def _read_heads(values: list[Json], note: Note) -> dict[int, bytes]:
    """Earlier heads, each with its consistency proof to the checkpoint."""
    heads: dict[int, bytes] = {}
    for value in values:
        value = exactly(value, "size root proof")
        size, root = a_size(value["size"]), unbase64(value["root"], 32)
        if heads and size <= max(heads):
            raise Broken("FORM", "the heads do not ascend")
        path = [unbase64(part, 32) for part in a_list(value["proof"])]
        if size == note.size or not is_extension(size, root, note.size, note.root, path):
            raise Broken("PROOF", f"the checkpoint does not extend the head of {size} entries")
        heads[size] = root
    return heads


def _check_book(result: Result, listed: list[Listed], book: dict[str, Json], note: Note) -> tuple[str, list[tuple[int, str]]]:
    """That the listed entries are the whole of a body's books (§12); returns the key that states it, and later ledger keys."""
    code, year, streams = book["code"], book["year"], a_list(book["streams"])
    if not has_form(CODE, code) or not has_form("year", year) or not all(isinstance(name, str) for name in streams):
        raise Broken("FORM", "the book is malformed")
    block: dict[str, Entry] = {}
    for place, one in enumerate(reversed(listed)):
        e = one.entry
        if one.header.seq != note.size - 1 - place or not e or e.fault or e.kind != "book.state":
            break
        body, _, stream = e.data["book"].partition("/")
        if body != code or stream in block or any(e.author != other.author for other in block.values()):
            break
        block[stream] = e
        if stream == "money":
            break
    if list(block)[-1:] != ["money"] or streams != [name for name in ("money", "open") if name in block]:
        raise Broken("BOOK.BLOCK", f"it does not end with a block of book.state of {code} for {', '.join(streams)}")
    books = Books(listed, code, block["money"].data)
    void = books.void
    for stream, state in reversed(block.items()):
        name = f"{code}/{stream}"
        for one in listed:
            if name in one.header.books and one.header.seq in void:
                raise Broken("BOOK.LINES", f"entry {one.header.seq} is void and holds no position in {name}", one.header.seq)
        held = [one for one in listed if name in one.header.books and one.header.seq < state.seq]
        if [one.header.books[name] for one in held] != list(range(state.data["count"])):
            raise Broken("BOOK.LINES", f"{name} has {state.data['count']} entries; those listed are not each of them once", state.seq)
        if stream in streams and any(one.entry is None for one in held):
            raise Broken("BOOK.LINES", f"the content of an entry of {name} is missing", state.seq)
    _figure(result, books, block, code, year, [str(name) for name in streams])
    rotated = [(seq + 1, str(said.data["public_key"])) for seq, said in sorted(books.rules.items()) if said.kind == "ledger.rotate"]
    return str(next(iter(block.values())).author), rotated


FIGURES = ("received", "arranged", "reserved", "paid")
MAKERS = (("authority.register", "code"), ("quota.receive", "quota"), ("project.propose", "project"), ("paper.record", "paper"))


class Books:
    """The entries of a disclosure with their contents, as far as they can be judged without the rest of the history."""

    def __init__(self, listed: list[Listed], code: str, stated: Data) -> None:
        """`stated` is what the money of the body is stated with: every void entry, and where rules changed (§12)."""
        self.code = code
        self.entries = [one.entry for one in listed if one.entry and not one.entry.fault]
        self.by_id: dict[str, Entry] = {}
        for e in self.entries:
            self.by_id.setdefault(e.id, e)
        self.by_seq = {e.seq: e for e in self.entries}
        self.void, self.gone, confirmed = set(stated.get("void", ())), set[int](), dict[int, int]()
        self.rules: dict[int, Entry] = {}
        for e in reversed(self.entries):
            named = self.named(e) if e.kind == "entry.confirm" and e.seq not in self.void else None
            if named and not named.moves:  # else somebody vouches for it
                confirmed[named.seq] = e.seq
        for seq in stated.get("rules", ()):
            said = self.by_seq.get(seq)
            said = self.named(said) if said and said.kind == "entry.confirm" else said
            if said is None or said.kind not in ("policy.set", "ledger.rotate"):
                raise Broken("BOOK.BESIDE", f"entry {seq} is missing, with which a rule of the ledger changed")
            self.rules[seq] = said
        self.acknowledged = {e.seq for e in self.entries if e.kind == "entry.void" and e.data["finding"] == "void" and e.seq in confirmed}
        self.observing = self.entries[0].data["mode"] == "observe"
        for e in self.entries:
            named = self.named(e) if e.kind == "entry.reverse" and e.seq not in self.void else None
            if named and (e.moves or e.seq in confirmed or not self.waits(e, named, confirmed)):
                self.gone.add(named.seq)
        standing = [e for e in self.entries if e.seq not in self.void]
        self.money = [e for e in standing if f"{code}/money" in e.header.books]
        self.projects = {e.data["project"] for e in standing if e.kind == "project.propose" and e.data["county"] == code and self.is_own(e)}
        self.payments = {e.data["payment"]: e.data["project"] for e in reversed(standing) if e.kind == "payment.request" and e.data["project"] in self.projects}
        self.shown = [e for e in standing if self.is_own(e)]
        self.papers = {e.data["paper"]: e.data for e in standing if e.kind == "paper.record" and e.seq not in self.gone}
        self.made = {(e.kind, e.data[name]) for e in standing for kind, name in MAKERS
                     if e.kind == kind and (e.moves or e.seq in confirmed or not self.may_wait(e))}  # fmt: skip
        self.names = {e.data["project"]: e.data["name"] for e in standing if e.kind == "project.propose"}
        self.lines: dict[tuple[int, str, str], int] = {}  # (year, received…, of what): fen
        self.quotas = {e.data["quota"]: e.data["year"] for e in standing if e.kind == "quota.receive"}

    def is_own(self, e: Entry) -> bool:
        """Whether an entry stands in a book of the body that is shown."""
        return any(f"{self.code}/{stream}" in e.header.books for stream in ("money", "open"))

    def may_wait(self, e: Entry) -> bool:
        """Whether an entry of a kind of money that moves nothing may wait for a second person."""
        return not self.observing and e.kind in KINDS and KINDS[e.kind].stream == "money" and bool(KINDS[e.kind].group)

    def waits(self, e: Entry, named: Entry, confirmed: dict[int, int]) -> bool:
        """Whether a reversal that moves nothing waits; what still waits itself is called off by one person."""
        if self.observing or (self.may_wait(named) and not named.moves and confirmed.get(named.seq, e.seq) >= e.seq):
            return False
        rows = [said.data for seq, said in sorted(self.rules.items()) if seq < e.seq and said.kind == "policy.set"]
        policy = {row["kind"]: row["second"] for row in (rows[-1] if rows else self.entries[0].data)["policy"]}
        second = policy.get("entry.reverse")
        return second == "person" or (second == "money" and named.kind in KINDS and KINDS[named.kind].stream == "money")

    def missing(self) -> list[str]:
        """What the lines shown need beside them and is not here (§12)."""
        needed = {("authority.register", self.code)}
        for e in self.shown:
            quotas = {move["quota"] for move in e.moves} | {leg["quota"] for leg in e.data.get("legs", ())}
            needed |= {("quota.receive", quota_id) for quota_id in quotas if not quota_id.startswith("?")}
            needed |= {(kind, e.data[name]) for kind, name in MAKERS if name in ("paper", "project") and name in e.data}
            needed |= {("authority.register", e.data["to"])} if e.kind == "quota.release" else set()
        return [f"{kind} of {name}" for kind, name in sorted(needed - self.made)]

    def amount_fault(self, e: Entry) -> str:
        """Whether what an entry moves is not the amount it speaks of, where it says one; in words, or ''."""
        base, _ = self.about(e)
        legs = base.data.get("legs")
        stated = sum(leg["amount"] for leg in legs) if legs else base.data.get("amount") if base.kind == "quota.receive" else None
        moved = sum(move["n"] for move in e.moves)
        return f"entry {e.seq} moves {yuan(moved)}, its words say {yuan(stated)}" if e.moves and stated not in (None, moved) else ""

    def named(self, e: Entry) -> Entry | None:
        """The listed entry that another names, in whose books it stands."""
        word = e.data["entry"]["entry"]
        found = self.by_seq.get(int(word)) if word.isdigit() else self.by_id.get(word)
        if not found or found.seq >= e.seq or found.leaf.hex() != e.data["entry"]["leaf"]:
            return None
        own, its = set(e.header.books), set(found.header.books)
        return found if its <= own or (e.kind == "entry.void" and its & own) else None

    def about(self, e: Entry) -> tuple[Entry, int]:
        """The entry that says what moves, and −1 where its moves are taken back."""
        if e.kind == "entry.confirm" and (named := self.named(e)):
            e = named
        if e.kind == "entry.reverse" and (named := self.named(e)):
            return (self.about(named)[0] if named.kind == "entry.confirm" else named), -1
        return e, 1

    def year(self, quota_id: str, e: Entry) -> int:
        """A quota's budget year; where none is stated, its paper's or that of the business date."""
        if quota_id in self.quotas:
            return int(self.quotas[quota_id])
        paper = self.papers.get(e.data.get("paper", ""))
        return int(paper["year"]) if paper else int(e.content["occurred_on"][:4])

    def balances(self) -> Balances:
        """What the moves of the money book give."""
        held: Balances = {}
        for e in self.money:
            for move in e.moves:
                for side, n in (("from", -move["n"]), ("to", move["n"])):
                    key = (move[side], move["unit"], move["quota"])
                    held[key] = held.get(key, 0) + n
        return held

    def figures(self) -> dict[int, dict[str, int]]:
        """By budget year: received, arranged (projects, releases, lines of papers), reserved and paid, in fen."""
        found: dict[int, dict[str, int]] = {}

        def add(year: int, name: str, n: int, of: str) -> None:
            found.setdefault(year, dict.fromkeys(FIGURES, 0))[name] += n
            self.lines[year, name, of] = self.lines.get((year, name, of), 0) + n

        for e in self.money:
            base, sign = self.about(e)
            for move in e.moves:
                if move["unit"] != "CNY":
                    continue
                ends = (move["from"], move["to"])[::sign]
                (source, _, _), (to, _, stage) = (end.partition(":") for end in ends)
                year, n = self.year(move["quota"], base), sign * move["n"]
                if to == self.code and source != self.code and source not in self.projects:
                    add(year, "received", n, move["quota"])
                if source == self.code and to != self.code:
                    add(year, "arranged", n, to)
                if to in self.projects and stage == "paid":
                    add(year, stage, n, to)
                if to in self.payments and stage == "reserved":
                    add(year, stage, n, self.payments[to])
                if source in self.payments and ends[0].endswith(":reserved"):
                    add(year, "reserved", -n, self.payments[source])
        for paper in self.papers.values():
            for line in paper.get("lines", ()) if paper["holder"] == self.code else ():
                add(paper["year"], "arranged", line.get("amount_fen", 0), f"{paper['paper']}, line {line['no']}")
        return found


def _figure(result: Result, books: Books, block: dict[str, Entry], code: str, year: int, streams: list[str]) -> None:
    """Recompute the totals of the block, and tell the lines and figures that the paper must show."""
    if missing := books.missing():
        raise Broken("BOOK.BESIDE", f"what the lines need beside them is missing: {', '.join(missing[:5])}")
    if fault := next((fault for e in books.money if (fault := books.amount_fault(e))), ""):
        raise Broken("BOOK.AMOUNT", fault)
    for stream, state in block.items():
        expected = totals_of(books.balances(), {code} | books.projects | books.payments.keys()) if stream == "money" else []
        if state.data["totals"] != expected:
            raise Broken("BOOK.TOTALS", f"the totals stated of {code}/{stream} are not those of its entries", state.seq)
    figures = books.figures()
    row = figures.get(year, {})
    lines = [
        f"{name} {of}{' ' + books.names[of] if of in books.names else ''}: {yuan(n)}"
        for (of_year, name, of), n in sorted(books.lines.items(), key=lambda item: (FIGURES.index(item[0][1]), item[0][2]))
        if of_year == year and n
    ]
    stated = block["money"].data["totals"]
    held = [f"{t['account']} holds {told_amount(t['n'], t['unit'])}" for t in stated]
    void = sum(e.kind == "entry.void" and e.seq in books.acknowledged for e in books.shown)
    result.facts |= {
        "book": {"code": code, "year": year, "streams": streams},
        "figures": {str(of): {f"{name}_fen": n for name, n in row.items()} for of, row in sorted(figures.items())},
        "totals": stated,
        "lines": lines,
        "entries": [told_entry(e) for e in books.shown],
    }
    words = ", ".join(f"{name} {yuan(row.get(name, 0))}" for name in FIGURES)
    result.says += [f"the paper must show, for {code} and {year}: {words}", *lines, "at its end:", *held]
    result.says += [f"{void} times two persons acknowledged that entries are void"] if void else []


# --- a PDF that carries a disclosure ------------------------------------------------------------------------


class Name(str):
    """A PDF name, without its slash."""


class Ref(NamedTuple):
    """A PDF reference."""

    number: int
    generation: int


class Stream(NamedTuple):
    """A PDF stream: its dictionary, and its bytes as stored."""

    words: dict[str, Any]
    raw: bytes


SPACE, DELIMITERS = b"\0\t\n\x0c\r ", b"()<>[]{}/%"
_TOKEN = re.compile(rb"[^\0\t\n\x0c\r ()<>\[\]{}/%]+")
_SKIP = re.compile(rb"(?:[\0\t\n\x0c\r ]+|%[^\r\n]*)*")
_REF = re.compile(rb"(\d{1,10})[\0\t\n\x0c\r ]+(\d{1,5})[\0\t\n\x0c\r ]+R(?![^\0\t\n\x0c\r ()<>\[\]{}/%])")
_STRING_END = re.compile(rb"[()\\]")
_BETWEEN = re.compile(rb"(?:[\0\t\n\x0c\r ]|%[^\r\n]*(?:[\r\n]|\Z))*")  # what may stand between two objects
_OBJECT = re.compile(rb"\d\s+obj\b|\bstream\b|\bxref\b")


class Lexer:
    """Reads PDF objects from bytes."""

    def __init__(self, data: bytes, at: int, budget: Budget) -> None:
        self.data, self.at, self.budget = data, at, budget

    def skip(self) -> None:
        """Over white space and comments."""
        self.at = _SKIP.match(self.data, self.at).end()  # type: ignore[union-attr]

    def take(self, word: bytes) -> bool:
        """Whether this comes next; it is read if so."""
        self.skip()
        found = self.data.startswith(word, self.at)
        self.at += len(word) if found else 0
        return found

    def expect(self, word: bytes) -> None:
        """This comes next."""
        if not self.take(word):
            raise Unreadable(f"PDF: {word.decode()} is missing at {self.at}")

    def token(self) -> bytes:
        """The next regular characters."""
        self.skip()
        match = _TOKEN.match(self.data, self.at)
        if not match or match.end() - self.at > 4000:
            raise Unreadable(f"PDF: nothing that can be read at {self.at}")
        self.at = match.end()
        return match[0]

    def integer(self) -> int:
        """A whole number that is not negative."""
        word = self.token()
        if not word.isdigit() or len(word) > 12:
            raise Unreadable(f"PDF: no number at {self.at}")
        return int(word)

    def object(self) -> Any:
        """The next object, on the budget of its file."""
        self.skip()
        start = self.at
        found = self._value(0)
        self.budget.spend("bytes of PDF objects", self.at - start)
        return found

    def _value(self, depth: int) -> Any:
        if depth > 60:
            raise Unreadable("PDF: nested too deep")
        if self.take(b"<<"):
            words: dict[str, Any] = {}
            while not self.take(b">>"):
                self.expect(b"/")
                name = self._name()
                if name in words:
                    raise Unreadable(f"PDF: /{name[:40]} stands twice in a dictionary")
                words[name] = self._value(depth + 1)
            return words
        if self.take(b"["):
            items = []
            while not self.take(b"]"):
                items.append(self._value(depth + 1))
            return items
        if self.take(b"/"):
            return self._name()
        if self.take(b"("):
            return self._string()
        if self.take(b"<"):
            end = self.data.find(b">", self.at)
            digits = bytes(c for c in self.data[self.at : end] if c not in SPACE)
            self.at = end + 1
            if end < 0 or re.fullmatch(rb"[0-9A-Fa-f]*", digits) is None:
                raise Unreadable("PDF: a hex string is malformed")
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
        if match := _REF.match(self.data, self.at):
            self.at = match.end()
            return Ref(int(match[1]), int(match[2]))
        word = self.token()
        if word in (b"true", b"false", b"null"):
            return {b"true": True, b"false": False, b"null": None}[word]
        if re.fullmatch(rb"[+-]?\d{1,18}", word):
            return int(word)
        if re.fullmatch(rb"[+-]?(\d+\.\d*|\.\d+)", word):
            return float(word)
        raise Unreadable(f"PDF: {word[:20]!r} is no object")

    def _name(self) -> Name:
        match = _TOKEN.match(self.data, self.at)
        self.at = match.end() if match else self.at
        return Name(re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), match[0]).decode("latin-1") if match else "")

    def _string(self) -> bytes:
        found, level = bytearray(), 1
        escapes = {110: 10, 114: 13, 116: 9, 98: 8, 102: 12}
        while True:
            match = _STRING_END.search(self.data, self.at)
            if not match:
                raise Unreadable("PDF: a string has no end")
            found += self.data[self.at : match.start()]
            self.at = match.end()
            if match[0] == b"(":
                level += 1
            elif match[0] == b")":
                level -= 1
                if not level:
                    return bytes(found)
            else:
                octal = re.compile(rb"[0-7]{1,3}").match(self.data, self.at)
                following = self.data[self.at : self.at + 1]
                if octal:
                    found.append(int(octal[0], 8) & 255)
                    self.at = octal.end()
                elif following in (b"\r", b"\n"):
                    self.at += 2 if self.data[self.at : self.at + 2] == b"\r\n" else 1
                else:
                    found += bytes([escapes.get(c, c) for c in following])
                    self.at += 1
                continue
            found += match[0]


# What a paper never holds: all that a reader's program might do by itself or show instead of a page, lay over it, or hide of it.
NEVER = {"JavaScript", "JS", "OpenAction", "AA", "Launch", "SubmitForm", "GoToR", "GoToE", "RichMedia", "XFA", "AcroForm",
         "Annots", "OCProperties", "OCGs", "OC"}  # fmt: skip


class Pdf:
    """A PDF written in one go: the objects that its cross-reference sections name, none of them twice."""

    def __init__(self, data: bytes, start: int, budget: Budget) -> None:
        self.data, self.budget = data, budget
        self.places: dict[int, tuple[int, int, int] | None] = {}  # (0, offset, generation) or (1 + object stream, index, 0); None is free
        self.cache: dict[int, Any] = {}
        self.opened: dict[int, tuple[bytes, list[tuple[int, int]]]] = {}
        self.spans: list[tuple[int, int]] = []  # of the file, that are accounted for
        starts, self.trailer, at = list[int](), dict[str, Any](), start
        while at >= 0:
            if at in starts or not at < len(data):
                raise Unreadable("PDF: its cross-reference sections run in a circle, or out of the file")
            starts.append(at)
            trailer = self._section(at)
            self.trailer = self.trailer or trailer
            if "Encrypt" in trailer:
                raise Unreadable("PDF: it is encrypted")
            if "XRefStm" in trailer or any(trailer.get(name, self.trailer.get(name)) != self.trailer.get(name) for name in ("Root", "Info")):
                raise Broken("PDF.REVISIONS", "it has several revisions, of which a reader may show any")
            at = self.at(trailer.get("Prev", -1))
            if type(at) is not int:
                raise Unreadable("PDF: its cross-reference sections are malformed")
        if len(starts) > 2 or (starts[1:] and starts[0] > starts[1]):  # the two parts of a linearized file lie the other way round
            raise Broken("PDF.REVISIONS", "it has several revisions, of which a reader may show any")

    def _place(self, number: int, place: tuple[int, int, int] | None) -> None:
        if place is not None and self.places.get(number) is not None:
            raise Broken("PDF.REVISIONS", f"it has several revisions: object {number} stands twice")
        self.places[number] = place or self.places.get(number)

    def _section(self, at: int) -> dict[str, Any]:
        lexer = Lexer(self.data, at, self.budget)
        if lexer.take(b"xref"):
            words = self._table(lexer)
        else:
            number, _generation = lexer.integer(), lexer.integer()
            lexer.expect(b"obj")
            stream = self._body(lexer)
            if not isinstance(stream, Stream) or stream.words.get("Type") != "XRef":
                raise Unreadable("PDF: no cross-reference section where one must be")
            lexer.expect(b"endobj")
            self.cache[number], words = stream, stream.words
            self._rows(stream)
        if lexer.take(b"startxref"):
            lexer.integer()
        self.spans.append((at, lexer.at))
        return words

    def _rows(self, stream: Stream) -> None:
        words = stream.words
        widths = words.get("W")
        if not isinstance(widths, list) or len(widths) != 3 or not all(type(w) is int and 0 <= w <= 8 for w in widths) or not sum(widths):
            raise Unreadable("PDF: the widths of a cross-reference stream are malformed")
        index = words.get("Index", [0, words.get("Size")])
        if not isinstance(index, list) or not all(type(n) is int and n >= 0 for n in index) or len(index) % 2:
            raise Unreadable("PDF: the index of a cross-reference stream is malformed")
        self.budget.spend("PDF objects", sum(index[1::2]))
        rows, place = self.inflate(stream), 0
        for first, count in zip(index[::2], index[1::2], strict=True):
            for number in range(first, first + count):
                cells = []
                for width in widths:
                    cells.append(int.from_bytes(rows[place : place + width], "big"))
                    place += width
                if place > len(rows):
                    raise Unreadable("PDF: a cross-reference stream is too short")
                sort = cells[0] if widths[0] else 1
                self._place(number, (0, cells[1], cells[2]) if sort == 1 else (1 + cells[1], cells[2], 0) if sort == 2 else None)

    def _table(self, lexer: Lexer) -> dict[str, Any]:
        while not lexer.take(b"trailer"):
            first, count = lexer.integer(), lexer.integer()
            self.budget.spend("PDF objects", count)
            for number in range(first, first + count):
                offset, generation, sort = lexer.integer(), lexer.integer(), lexer.token()
                if sort not in (b"n", b"f"):
                    raise Unreadable("PDF: a cross-reference table is malformed")
                self._place(number, (0, offset, generation) if sort == b"n" else None)
        trailer = lexer.object()
        if not isinstance(trailer, dict):
            raise Unreadable("PDF: it has no trailer")
        return trailer

    def _body(self, lexer: Lexer) -> Any:
        value = lexer.object()
        if not isinstance(value, dict) or not lexer.take(b"stream"):
            return value
        lexer.at += 2 if self.data[lexer.at : lexer.at + 2] == b"\r\n" else 1
        length = self.at(value.get("Length"))
        if type(length) is not int or not 0 <= length <= len(self.data) - lexer.at:
            raise Unreadable("PDF: the length of a stream is wrong")
        self.budget.spend("bytes unpacked", length)
        raw = self.data[lexer.at : lexer.at + length]
        lexer.at += length
        lexer.expect(b"endstream")
        return Stream(value, raw)

    def everything(self) -> Iterator[dict[str, Any]]:
        """Every dictionary of every object, whether or not anything points at it."""
        ahead = [self.trailer, *(self.at(Ref(number, place[2])) for number, place in self.places.items() if place)]
        while ahead:
            item = ahead.pop()
            words = item.words if isinstance(item, Stream) else item
            if isinstance(words, dict):
                yield words
                ahead += [value for value in words.values() if isinstance(value, dict | list)]
            elif isinstance(words, list):
                ahead += [value for value in words if isinstance(value, dict | list)]

    def refuse_what_no_paper_holds(self) -> None:
        """Nothing lies over a page, is hidden, or acts; and no byte of the file belongs to nothing. Raises Broken."""
        for words in self.everything():
            if found := NEVER & words.keys():
                raise Broken("PDF.HIDDEN", f"it holds /{min(found)}, which no paper does: what is seen may not be the page")
        at = 0
        for start, end in [*sorted(self.spans), (len(self.data), len(self.data))]:
            if start < at or not _BETWEEN.fullmatch(self.data, at, start) or _OBJECT.search(self.data, at, start):
                raise Broken("PDF.BYTES", f"its bytes from {at} on belong to no object, or to two")
            at = end

    def at(self, value: Any, depth: int = 0) -> Any:
        """What a reference refers to, or the value itself."""
        if not isinstance(value, Ref):
            return value
        if depth > 20:
            raise Unreadable("PDF: references run in a circle")
        if value.number not in self.cache:
            self.cache[value.number] = None  # an object within itself is null
            self.cache[value.number] = self._load(value)
        return self.at(self.cache[value.number], depth + 1)

    def _load(self, ref: Ref) -> Any:
        place = self.places.get(ref.number)
        if place is None:
            return None
        if place[0] == 0:
            lexer = Lexer(self.data, place[1], self.budget)
            if (lexer.integer(), lexer.integer()) != (ref.number, ref.generation):
                raise Unreadable(f"PDF: object {ref.number} is not where it should be")
            lexer.expect(b"obj")
            found = self._body(lexer)
            lexer.expect(b"endobj")
            self.spans.append((place[1], lexer.at))
            return found
        number = place[0] - 1
        if number not in self.opened:
            stream = self.at(Ref(number, 0))
            if not isinstance(stream, Stream) or stream.words.get("Type") != "ObjStm":
                raise Unreadable("PDF: an object stream is missing")
            count, first = self.at(stream.words.get("N")), self.at(stream.words.get("First"))
            if type(count) is not int or type(first) is not int or count < 0 or first < 0:
                raise Unreadable("PDF: an object stream is malformed")
            self.budget.spend("PDF objects", count)
            lexer = Lexer(self.inflate(stream), 0, self.budget)
            heads = [(lexer.integer(), first + lexer.integer()) for _ in range(count)]
            self.opened[number] = lexer.data, heads
        data, heads = self.opened[number]
        if place[1] >= len(heads) or heads[place[1]][0] != ref.number:
            raise Unreadable(f"PDF: object {ref.number} is not in its object stream")
        return Lexer(data, heads[place[1]][1], self.budget).object()

    def inflate(self, stream: Stream) -> bytes:
        """The bytes of a stream that is stored or deflated."""
        filters, options = self.at(stream.words.get("Filter")), self.at(stream.words.get("DecodeParms"))
        filters = filters if isinstance(filters, list) else [filters] if filters else []
        options = options if isinstance(options, list) else [options]
        if not filters:
            return stream.raw
        if [self.at(name) for name in filters] != ["FlateDecode"]:
            raise Unreadable("PDF: a stream is packed in a way that is not read here")
        data = self.budget.inflate(stream.raw, 15)
        words = self.at(options[0]) if options else None
        predictor = words.get("Predictor", 1) if isinstance(words, dict) else 1
        return data if predictor == 1 or not isinstance(words, dict) else _unpredicted(data, predictor, words)

    def files(self) -> list[tuple[Any, bytes]]:
        """Every embedded file named disclosure.json: from the name tree, and of the associated files."""
        root = self.at(self.trailer.get("Root"))
        root = root if isinstance(root, dict) else {}
        names = self.at(root.get("Names"))
        tree = names.get("EmbeddedFiles") if isinstance(names, dict) else None
        found = [(key, spec) for key, spec in self._tree(tree, 0, set())]
        found += [(b"", spec) for spec in self.at(root.get("AF")) or []]
        return [(part, data) for key, spec in found for part, data in self._file(key, self.at(spec))]

    def _tree(self, at: Any, depth: int, seen: set[int]) -> Iterator[tuple[Any, Any]]:
        branch = self.at(at)
        if isinstance(at, Ref):
            if at.number in seen:
                raise Unreadable("PDF: the names run in a circle")
            seen.add(at.number)
        if branch is None:
            return
        if not isinstance(branch, dict) or depth > 30:
            raise Unreadable("PDF: the tree of names is malformed")
        pairs = self.at(branch.get("Names")) or []
        yield from ((self.at(key), spec) for key, spec in zip(pairs[::2], pairs[1::2], strict=True))
        for kid in self.at(branch.get("Kids")) or []:
            yield from self._tree(kid, depth + 1, seen)

    def _file(self, key: Any, spec: Any) -> Iterator[tuple[Any, bytes]]:
        if not isinstance(spec, dict):
            return
        names = {told_text(self.at(value)) for value in (key, spec.get("F"), spec.get("UF"))}
        streams = self.at(spec.get("EF"))
        if "disclosure.json" not in names:
            return
        if not isinstance(streams, dict):
            raise Unreadable("PDF: disclosure.json is no embedded file")
        for part in streams.values():
            stream = self.at(part)
            if not isinstance(stream, Stream):
                raise Unreadable("PDF: disclosure.json is no embedded file")
            yield (part if isinstance(part, Ref) else id(stream)), self.inflate(stream)


def _unpredicted(data: bytes, predictor: Any, words: dict[str, Any]) -> bytes:
    """Rows of PNG prediction taken back."""
    columns, colours, bits = (words.get(name, default) for name, default in (("Columns", 1), ("Colors", 1), ("BitsPerComponent", 8)))
    if predictor not in range(10, 16) or type(columns) is not int or not 0 < columns <= 10**6 or (colours, bits) != (1, 8):
        raise Unreadable("PDF: a stream is predicted in a way that is not read here")
    out, before = bytearray(), bytes(columns)
    for place in range(0, len(data), columns + 1):
        sort, row = data[place], bytearray(data[place + 1 : place + 1 + columns])
        for i, byte in enumerate(row):
            left, up, corner = (row[i - 1] if i else 0), before[i], (before[i - 1] if i else 0)
            if sort == 4:
                guess = left + up - corner
                nearest = min((left, up, corner), key=lambda value: abs(guess - value))
            else:
                nearest = (0, left, up, (left + up) // 2)[sort] if sort < 4 else 0
            row[i] = (byte + nearest) & 255
        out += row
        before = bytes(row).ljust(columns, b"\0")
    return bytes(out)


def told_text(value: Any) -> str:
    """A PDF text string."""
    if not isinstance(value, bytes):
        return ""
    return value[2:].decode("utf-16-be", "replace") if value[:2] == b"\xfe\xff" else value.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def attached(data: bytes) -> str:
    """The one disclosure.json of a PDF. Raises Broken where anything lies beside, over or under what it shows."""
    end = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF\s*\Z").search(data, max(0, len(data) - 4096))
    if not end:
        if b"startxref" in data:
            raise Broken("PDF.BYTES", "it does not end where its last cross-reference section does")
        raise Unreadable("PDF: it has no end that can be read")
    budget = Budget(len(data))
    pdf = Pdf(data, int(end[1]), budget)
    files = pdf.files()
    if not files:
        raise Unreadable("PDF: it carries no disclosure.json")
    if len({part for part, _ in files}) > 1 or sum(is_named(words) for words in pdf.everything()) != 1:
        raise Broken("PDF.FILES", "it carries several files named disclosure.json")
    pdf.refuse_what_no_paper_holds()
    text = decode(files[0][1])
    budget.spend("JSON values", sum(map(text.count, "[{,")))
    return text


def is_named(words: dict[str, Any]) -> bool:
    """Whether a dictionary is of an embedded file named disclosure.json."""
    return "EF" in words and any(told_text(words.get(key)) == "disclosure.json" for key in ("F", "UF"))


UNREAD = "the pages are not read here: compare them with the lines and figures told"


def check_pdf(data: bytes, trust: Trust) -> Result:
    """A PDF: the disclosure it carries; never ok, for what the pages show is for a person to compare."""
    found: list[str] = []
    result = guarded(lambda result: found.append(attached(data)), "pdf")
    if not found:
        return result
    result = check_json(found[0], trust, "pdf", MAX_DISCLOSURE, check_disclosure)
    if result.verdict in ("ok", "undecided"):
        result.doubts.append(Problem("PAGES", None, f"{'evidence ok, pages not read' if result.verdict == 'ok' else 'pages not read'}: {UNREAD}"))
        result.verdict = "undecided"
    return result


# --- §13 two heads ------------------------------------------------------------------------------------------


def signed_all(notes: Sequence[Note | None], key: VKey) -> bool:
    """Whether a key signed every one of these checkpoints."""
    return all(note is not None and line_of(note, key) is True for note in notes)


def contradiction(a: Side, b: Side) -> str:
    """What two sides state differently, or ''."""
    for size in sorted({a.size, b.size, *a.heads, *b.heads}):
        left, right = a.head(size), b.head(size)
        if left is not None and right is not None and left != right:
            return f"two roots at {size} entries"
    common = sorted(a.leaves.keys() & b.leaves.keys())
    return next((f"two leaves of entry {seq}" for seq in common if a.leaves[seq] != b.leaves[seq]), "")


def compare(one: Result, other: Result, trust: Trust) -> Result:
    """Two files: same, extends, fork or undecided."""
    result = Result("comparison", facts={"relation": "undecided", "files": [one.to_json(), other.to_json()]})
    result.trust = sorted({*one.trust, *other.trust})
    result.cannot_exclude = list(dict.fromkeys([*one.cannot_exclude, *other.cannot_exclude]))
    a, b = one.side, other.side
    for which, checked in (("first", one), ("second", other)):
        if checked.verdict in ("failed", "unreadable") or checked.side is None:
            result.verdict = checked.verdict if checked.verdict in ("failed", "unreadable") else "failed"
            result.problems += [p._replace(words=f"{which} file: {p.words}") for p in checked.problems]
    if result.verdict != "ok" or not a or not b:
        return result
    undecided = Problem("UNDECIDED", None, "")
    if a.origin != b.origin:
        result.doubts.append(undecided._replace(words=f"of two ledgers: {a.origin} and {b.origin}"))
        return result.settle()
    pool = trust.ledger_keys(a.origin) or [*a.keys, *b.keys]
    if any(line_of(s.note, key) is False for s in (a, b) if s.note for key in [*pool, *trust.witnesses]):
        result.fail("CHECKPOINT.SIGNATURE", "a signature under the name of a key that was brought, or that a file names, is false")
        return result.settle()
    signers = [{k for k in pool if line_of(s.note, k)} if s.note else set(s.keys) for s in (a, b)]
    held = [set(s.keys) or found for s, found in zip((a, b), signers, strict=True)]
    linked = all(signers) and bool(trust.ledger_keys(a.origin) or held[0] & held[1])
    linked = linked or any(key.type == 4 and signed_all([a.note, b.note], key) for key in trust.keys)
    doubts = [p for p in (*one.doubts, *other.doubts) if p.code != "PAGES" and (p.code not in ("NO_KEY", "NO_TRUST") or not all(signers))]
    small, large = sorted((a, b), key=lambda side: side.size)
    known = large.head(small.size)
    if words := contradiction(a, b):
        if linked:
            result.facts["relation"] = "fork"
            result.fail("FORK", f"fork: {words}, and one key stands behind both")
        else:
            result.doubts.append(undecided._replace(words=f"{words}, but no one key is known to stand behind both"))
    elif not linked:
        result.doubts.append(undecided._replace(words="no key is known that signed both: bring it with --key"))
    elif known is None:
        places = [place for place in a.places.keys() & b.places.keys() if a.places[place] != b.places[place]]
        words = f"two entries claim {places[0][0]}={places[0][1]}; one of them may be void" if places else "nothing leads from one to the other"
        result.doubts.append(undecided._replace(words=f"{words}: bring the whole history of one of them"))
    else:
        result.facts["relation"] = relation = "same" if a.size == b.size else "extends"
        longer = "second" if large is b else "first"
        result.says.append(relation if relation == "same" else f"the {longer} extends the other by {large.size - small.size} entries")
        result.problems += [*one.problems, *other.problems]
    result.doubts += doubts
    return result.settle()


def read_side(value: Json, origin: str, ledger_id: str) -> Side:
    """One side of evidence: its checkpoint, and an entry and an earlier head that are proved to belong to it."""
    value = exactly(value, "checkpoint", "entry head")
    if not isinstance(value["checkpoint"], str):
        raise Broken("FORM", "a checkpoint is a text")
    note = read_note(value["checkpoint"])
    if note.origin != origin:
        raise Broken("CHECKPOINT.HEAD", "a checkpoint is of another origin")
    side = Side(origin, ledger_id, note.size, note.root, note)
    if "entry" in value:
        entry = exactly(value["entry"], "seq header proof")
        header, path = read_header(entry["header"]), [unbase64(part, 32) for part in a_list(entry["proof"])]
        if header.seq != a_size(entry["seq"]) or inclusion_root(header.leaf, header.seq, note.size, path) != note.root:
            raise Broken("PROOF", "the entry does not belong to its checkpoint", header.seq)
        side.leaves[header.seq] = header.leaf
    if "head" in value:
        side.heads = _read_heads([value["head"]], note)
    return side


def side_of_evidence(side: dict[str, Json]) -> dict[str, Json]:
    """A side with its keys in the order of the page."""
    parts = (("entry", "seq header proof"), ("head", "size root proof"))
    return {"checkpoint": side["checkpoint"]} | {name: {key: side[name][key] for key in keys.split()} for name, keys in parts if name in side}


def check_evidence(text: str, trust: Trust, sort: str = "evidence") -> Result:
    """Evidence of a fork (§13): ok where it shows one, by a key the reader trusts."""

    def check(result: Result) -> None:
        value = exactly(parse(text), "format relation origin ledger_id a b")
        if value["format"] != "sunledger.evidence/1" or value["relation"] != "fork" or not isinstance(value["origin"], str):
            raise Unreadable("not evidence of a form known here")
        if value["ledger_id"] != "" and not has_form("hex64", value["ledger_id"]):  # '' where no entry 0 was at hand
            raise Unreadable("the ledger id of the evidence is malformed")
        sides = [read_side(value[name], value["origin"], value["ledger_id"]) for name in ("a", "b")]
        ordered = {key: value[key] for key in ("format", "relation", "origin", "ledger_id")} | {key: side_of_evidence(value[key]) for key in ("a", "b")}
        if spelled(ordered) + "\n" != text:
            raise Unreadable("evidence that is not in its one spelling")
        result.side = sides[0]
        words = contradiction(*sides)
        if not words:
            raise Broken("EVIDENCE", "the two sides do not contradict each other")
        if value["ledger_id"] and trust.ledger_id not in (None, value["ledger_id"]):
            result.fail("BROUGHT.ID", "of another ledger id than the one brought")
        notes = [side.note for side in sides if side.note]
        keys = [*trust.ledger_keys(value["origin"]), *trust.witnesses]
        both = [key for key in keys if all(line_of(note, key) for note in notes)]
        if any(line_of(note, key) is False for note in notes for key in keys):
            result.fail("CHECKPOINT.SIGNATURE", "a signature under the name of a key that was brought is false")
        elif trust.ledger_keys(value["origin"]) and not any(key.type == 1 for key in both):
            result.fail("CHECKPOINT.SIGNATURE", "no key that was brought signed both of its checkpoints")
        settle_trust(result, sides[0], trust, by=bool(both), cosigned=any(key.type == 4 for key in both))
        result.trust += [f"{'witness' if key.type == 4 else 'ledger key'} {key.name} {key.hash().hex()} signed both" for key in both]
        if not result.problems:
            result.says.append(f"fork: {words}")
            result.facts["relation"] = "fork"

    return guarded(check, sort)


# --- the command --------------------------------------------------------------------------------------------


def read_start(path: Path, limit: int) -> bytes:
    """The first bytes of a regular file, `limit` at most; nothing that has no end is opened. Raises Unreadable."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable("not a regular file")
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as error:
        raise Unreadable(error.strerror or "cannot be read") from None


def check_file(path: Path, trust: Trust) -> Result:
    """Check a file by what it begins with."""
    try:
        if read_start(path, 16) == b"SQLite format 3\0":
            return check_ledger(path, trust)
        data = read_start(path, CAP + 1)
    except Unreadable as error:
        words = str(error)
        return guarded(lambda result: _unreadable(words), "file")
    return check_bytes(data, trust)


def check_bytes(data: bytes, trust: Trust) -> Result:
    """Check anything but a ledger file."""
    if len(data) > CAP:
        return guarded(lambda result: _unreadable("larger than this verifier reads"), "file")
    if data.startswith(b"PK"):
        return check_bundle(data, trust)
    if data.startswith(b"%PDF-"):
        return check_pdf(data, trust)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return guarded(lambda result: _unreadable("neither bundle, ledger, PDF nor text"), "file")
    if text.startswith(PROOF):
        return check_proof(text, trust)
    if text.startswith('{"format":"sunledger.evidence/'):
        return check_json(text, trust, "evidence", 1 << 20, check_evidence)
    if text.lstrip(" \t\r\n").startswith("{"):
        return check_json(text, trust, "disclosure", MAX_DISCLOSURE, check_disclosure)
    return check_note(text, trust)


def check_json(text: str, trust: Trust, sort: str, limit: int, check: Callable[[str, Trust, str], Result]) -> Result:
    """Check a disclosure or evidence that is of its size, begins as its one spelling does, and is JSON."""
    words = ""
    if len(text.encode()) > limit:
        words = f"larger than the {limit} bytes that {sort} may have"
    elif sort != "evidence" and not text.startswith(('{"book":', '{"checkpoint":')):
        words = "neither a disclosure nor evidence in its one spelling"
    else:
        try:
            parse(text)
        except ValueError as error:
            words = str(error)
    return guarded(lambda result: _unreadable(words), sort) if words else check(text, trust, sort)


def _unreadable(words: str) -> None:
    raise Unreadable(words)


def told(result: Result, name: str) -> Iterator[str]:
    """A result in words."""
    head = f", {result.side.size} entries, root {b64(result.side.root)}" if result.side else ""
    ledger_id = f", ledger {result.side.ledger_id}" if result.side and result.side.ledger_id else ""
    yield f"{name}: {result.facts.get('relation', result.verdict)} ({result.sort}{head}{ledger_id})"
    for what, problems in (("problem", result.problems), ("undecided", result.doubts)):
        yield from (f"{what} {p.code}: {p.words}" for p in problems)
    yield from result.says
    yield from (f"trust: {what}" for what in result.trust)
    yield from (f"cannot be excluded: {what}" for what in result.cannot_exclude)
    yield f"verdict: {result.verdict}"


def brought(args: argparse.Namespace) -> Trust:
    """What the reader brings, read."""
    if args.ledger_id is not None and not re.fullmatch("[0-9a-f]{64}", args.ledger_id):
        raise SystemExit(usage("--ledger-id: not 64 lower-case hex"))
    try:
        keys = [read_vkey(text) for text in args.key]
    except ValueError as error:
        raise SystemExit(usage(f"--key: {error}")) from None
    notes = []
    for path in args.checkpoint:
        try:
            notes.append((path.name, read_note(decode(read_start(path, 70_000)))))
        except ValueError as error:
            sys.stderr.write(shown(f"--checkpoint {path}: {error}") + "\n")
            raise SystemExit(3) from None
    return Trust(args.ledger_id, keys, notes, args.now or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def usage(words: str) -> int:
    """Say what is wrong with the command."""
    sys.stderr.write(f"{shown(words)}\n")
    return 2


class Parser(argparse.ArgumentParser):
    """Says of a wrong command, which may hold a file's name, only what a terminal does not obey."""

    def error(self, message: str) -> NoReturn:
        """Leave with 2."""
        self.exit(usage(f"{self.prog}: {message}"))


def main(arguments: list[str] | None = None) -> int:
    """Check, tell, and answer with the exit code."""
    parser = Parser(
        description="Check what a sunledger ledger gives out.",
        epilog="With nothing brought from elsewhere a check is of consistency only, and undecided (11); a ledger file by itself may be ok (0).",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("other", type=Path, metavar="FILE2", nargs="?")
    parser.add_argument("--ledger-id", metavar="HEX", help="the ledger id, from elsewhere")
    parser.add_argument("--key", action="append", default=[], metavar="VKEY", help="a ledger's or a witness's key, from elsewhere")
    parser.add_argument("--checkpoint", action="append", default=[], type=Path, metavar="FILE", help="a checkpoint kept from before")
    parser.add_argument("--now", metavar="TIME", help="the time it is, where this machine's clock is not to be asked")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    args = parser.parse_args(arguments)
    try:
        datetime.strptime(args.now or "2000-01-01T00:00:00Z", "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007  (only whether it exists)
    except ValueError:
        return usage("--now: not a time like 2026-11-24T02:00:00Z")
    trust = brought(args)
    result, name = check_file(args.file, trust), args.file.name
    if args.other:
        result, name = compare(result, check_file(args.other, trust), trust), f"{args.file.name}, {args.other.name}"
    lines = json.dumps(result.to_json(), ensure_ascii=False, indent=1).split("\n") if args.json else map(shown, told(result, name))
    words = "\n".join("".join(c if is_seen(c) else json.dumps(c)[1:-1] for c in line) for line in lines)
    sys.stdout.buffer.write((words + "\n").encode("utf-8", "backslashreplace"))
    return result.exit_code


if __name__ == "__main__":
    sys.exit(main())
