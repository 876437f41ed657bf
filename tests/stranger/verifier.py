"""A verifier of sunledger bundles, written by someone who has read docs/format.md and nothing else.

It shares no line with the program it judges. The sections follow the page; `§` numbers are the page's. What the
page leaves open is read leniently, and never so that broken evidence passes.

    python verifier.py BUNDLE [--ledger-id HEX] [--ledger-key VKEY] [--checkpoint FILE]
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Broken(ValueError):
    """Evidence that cannot be read as the page says; the message is the problem."""


@contextmanager
def about(what: object) -> Iterator[None]:
    """Say of what a problem is one."""
    try:
        yield
    except ValueError as error:
        raise Broken(f"{what}: {error}") from None


@dataclass
class Verdict:
    """What a check found; `trust` says what the reader's own knowledge ties the bundle to."""

    ok: bool
    problems: list[str]
    balances: dict[tuple[str, str, str], int]
    entries: int
    root: str
    trust: str


# --- §1 the bundle ----------------------------------------------------------------------------------------

MEMBERS = ("entries.jsonl", "seals.jsonl", "checkpoint.note")
CAP = 1 << 28  # bytes a bundle may unpack to


def unpack(bundle: bytes) -> dict[str, bytes]:
    """The three members of the zip, no more and no fewer, each read within the cap and against its checksum."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            members = archive.infolist()
            if sorted(m.filename for m in members) != sorted(MEMBERS):
                raise Broken("bundle: not exactly the three members")
            if any(m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members):
                raise Broken("bundle: a member is neither stored nor deflated")
            if sum(m.file_size for m in members) > CAP:
                raise Broken("bundle: larger than this verifier reads")
            return {m.filename: archive.read(m) for m in members}
    except Broken:
        raise
    except Exception as error:  # a hostile archive can raise almost anything
        raise Broken(f"bundle: not a readable zip ({type(error).__name__})") from None


def parse(text: str) -> Any:
    """One JSON value without duplicate keys, floats or integers too long to be lawful."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(found := dict(items)) != len(items):
            raise Broken("a key stands twice")
        return found

    def integer(digits: str) -> int:
        if len(digits) > 17:
            raise Broken("an integer is too large")
        return int(digits)

    def refuse(what: str) -> Any:
        raise Broken(f"{what[:20]} is not an integer")

    try:
        return json.loads(
            text, object_pairs_hook=pairs, parse_int=integer, parse_float=refuse, parse_constant=refuse
        )
    except RecursionError:
        raise Broken("nested too deep") from None
    except json.JSONDecodeError:
        raise Broken("not JSON") from None


def read_lines(name: str, data: bytes, keys: set[str]) -> Iterator[dict[str, Any]]:
    """The objects of a jsonl member, lazily; every line ends in LF and has exactly these keys."""
    for number, line in enumerate(io.BytesIO(data)):
        with about(f"{name} line {number}"):
            if not line.endswith(b"\n"):
                raise Broken("the line has no end")
            value = parse(line.decode())
            if not isinstance(value, dict) or set(value) != keys:
                raise Broken("not exactly its keys")
        yield value


def unbase64(value: object, length: int | None = None) -> bytes:
    """Bytes from their one spelling in padded standard base64."""
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        raise Broken("not base64") from None
    if len(raw) != (len(raw) if length is None else length) or base64.b64encode(raw).decode() != value:
        raise Broken(f"not {length or 'some'} bytes in base64")
    return raw


# --- §2 content -------------------------------------------------------------------------------------------

HEX64 = r"[0-9a-f]{64}"
ID = r"(?![0-9]+\Z)[A-Za-z0-9._/-]{1,64}"
STAGES = "outside|available|pooled|advanced|budget|reserved|paid|retained|suspense"
TEXTS = {
    "author": HEX64,
    "id": ID,
    "kind": r"[a-z_]+\.[a-z_]+",
    "occurred_on": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "origin": r"(?=.{1,128}\Z)[a-z0-9.-]+(/[a-z0-9._-]+)*",
    "salt": r"[0-9a-f]{32}",
}
ACCOUNT = rf"[A-Za-z0-9.-]{{1,32}}:({STAGES})"
MOVE = {"from": ACCOUNT, "quota": rf"\??{ID}", "to": ACCOUNT, "unit": "CNY|MU|PERSON|VILLAGE"}
ESCAPES = {c: f"\\u{c:04x}" for c in range(32)} | {
    8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\",
}  # fmt: skip


def canonical(value: Any, level: int = 1) -> str:
    """The one spelling of a value in the page's profile of RFC 8785."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise Broken("an integer is too large")
        return str(value)
    if isinstance(value, str):
        return f'"{value.translate(ESCAPES)}"'
    if value is None or level > 8:
        raise Broken("null" if value is None else "nested too deep")
    if isinstance(value, float):
        raise Broken("a float")
    if isinstance(value, list):
        return f"[{','.join(canonical(item, level + 1) for item in value)}]"
    if not all(re.fullmatch("[a-z0-9_]+", key) for key in value):
        raise Broken("a key is not [a-z0-9_]+")
    return "{" + ",".join(f'"{key}":{canonical(value[key], level + 1)}' for key in sorted(value)) + "}"


def is_text(value: object, pattern: str) -> bool:
    """Whether a value is a string of this grammar, to its last character."""
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def read_content(text: str) -> dict[str, Any]:
    """A content that is canonical and has exactly nine keys of the right types."""
    if len(text.encode()) > 262_144:
        raise Broken("content larger than 262,144 bytes")
    value = parse(text)
    if canonical(value) != text:
        raise Broken("content is not canonical")
    if not isinstance(value, dict) or set(value) != {*TEXTS, "data", "moves", "v"}:
        raise Broken("content has not exactly its nine keys")
    if not all(isinstance(value[key], str) for key in TEXTS) or not isinstance(value["moves"], list):
        raise Broken("a key of the content has the wrong type")
    for key in ("origin", "author"):
        if not is_text(value[key], TEXTS[key]):
            raise Broken(f"{key} is malformed")
    if type(value["v"]) is not int or value["v"] != 1 or not isinstance(value["data"], dict):
        raise Broken("v is not 1 or data is no object")
    return value


def content_faults(value: dict[str, Any]) -> Iterator[str]:
    """What of a content is not as the page says, though it is evidence: the entry is wrong, and void at best."""
    for key, pattern in TEXTS.items():
        if not is_text(value[key], pattern) or (key == "id" and value[key].isdigit()):
            yield f"{key} is malformed"
    try:
        date.fromisoformat(value["occurred_on"])
    except ValueError:
        yield "occurred_on is no day"
    if not moves_are_sound(value["moves"]):
        yield "a move is malformed"


def moves_are_sound(moves: list[Any]) -> bool:
    """Whether each move has exactly its five keys, written as the page says."""
    return all(
        isinstance(move, dict)
        and set(move) == {*MOVE, "n"}
        and all(is_text(move[key], pattern) for key, pattern in MOVE.items())
        and type(move["n"]) is int
        and move["n"] >= 1
        for move in moves
    )


# --- §3 header, leaf, chain -------------------------------------------------------------------------------

HEADER = re.compile(
    rf"sunledger/entry/v1\nseq (0|[1-9][0-9]*)\nprev ({HEX64})\n"
    r"at ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n"
    rf"books (.+)\ncontent ({HEX64})\n"
)
BOOK = re.compile(r"([A-Za-z0-9._-]+/(?:keys|open|money))=(0|[1-9][0-9]{0,15})")


@dataclass
class Entry:
    """One entry as read; `signer` is the key of the seal over it, once the seals are checked."""

    seq: int
    day: date  # in Shanghai, when it was recorded
    books: dict[str, int]
    content: dict[str, Any]
    leaf: bytes
    kind: str
    data: dict[str, Any]
    signer: Key | None = None

    def __str__(self) -> str:
        return f"entry {self.seq} ({self.content['id']})"


def sha256(*parts: bytes) -> bytes:
    """SHA-256 over the parts joined."""
    return hashlib.sha256(b"".join(parts)).digest()


def read_books(text: str) -> dict[str, int]:
    """The positions a header names, in the order of their bytes, each book once."""
    if text == "-":
        return {}
    matches = [BOOK.fullmatch(word) for word in text.split(" ")]
    books = {match[1]: int(match[2]) for match in matches if match}
    if len(books) != len(matches) or text.split(" ") != sorted(text.split(" ")):
        raise Broken("books are malformed")
    return books


def read_entry(line: dict[str, Any], seq: int, before: Entry | None) -> Entry:
    """The entry of a line, bound to the one before it."""
    header, text = line["header"], line["content"]
    if type(line["seq"]) is not int or line["seq"] != seq:
        raise Broken("seq is not dense")
    if not isinstance(header, str) or not isinstance(text, str):
        raise Broken("a text is no string")
    if not (match := HEADER.fullmatch(header)) or match[1] != str(seq):
        raise Broken("header is malformed")
    content = read_content(text)
    if before and content["origin"] != before.content["origin"]:
        raise Broken("another origin than entry 0")
    genesis = sha256(b"sunledger/genesis/v1\n", content["origin"].encode(), b"\n")
    if match[2] != (before.leaf if before else genesis).hex():
        raise Broken("prev is not the leaf before")
    if match[5] != sha256(b"sunledger/content/v1\n", text.encode()).hex():
        raise Broken("content is not what the header names")
    at = datetime.strptime(match[3], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if at.year > 9998:
        raise Broken("its time has no date in Shanghai")
    day = at.astimezone(timezone(timedelta(hours=8))).date()
    books, leaf = read_books(match[4]), sha256(b"\x00", header.encode())
    return Entry(seq, day, books, content, leaf, content["kind"], content["data"])


def read_entries(data: bytes) -> list[Entry]:
    """Every entry, up to the first that is broken."""
    entries: list[Entry] = []
    for line in read_lines("entries.jsonl", data, {"seq", "header", "content"}):
        with about(f"entry {len(entries)}"):
            entry = read_entry(line, len(entries), entries[-1] if entries else None)
        entries.append(entry)
    if not entries:
        raise Broken("no entries")
    return entries


# --- §4 tree and seals ------------------------------------------------------------------------------------


def roots_of(leaves: list[bytes]) -> list[bytes]:
    """The root of the first n leaves, for every n from 0."""
    roots = [sha256()]
    perfect: list[tuple[int, bytes]] = []  # the perfect subtrees from the left: size, hash
    for leaf in leaves:
        size, node = 1, leaf
        while perfect and perfect[-1][0] == size:
            size, node = size * 2, sha256(b"\x01", perfect.pop()[1], node)
        perfect.append((size, node))
        for _, left in reversed(perfect[:-1]):
            node = sha256(b"\x01", left, node)
        roots.append(node)
    return roots


def check_seal(
    seal: dict[str, Any], sealed: int, entries: list[Entry], roots: list[bytes], key: Key | None
) -> int:
    """The size of a seal that begins where the one before ended and is by this key; sets the signer of its entries."""
    start, size, root, signature = seal["from"], seal["size"], unbase64(seal["root"], 32), seal["signature"]
    if type(start) is not int or type(size) is not int or start != sealed:
        raise Broken("does not begin where the one before ended")
    if not start < size <= len(entries):
        raise Broken("its size is not that of any entries")
    if key is None:
        raise Broken("by a key that stands in no entry before")
    if root != roots[size]:
        raise Broken("its root is not that of the tree at its size")
    text = f"sunledger/seal/v1\nfrom {start}\n{entries[0].content['origin']}\n{size}\n{seal['root']}\n"
    if not verifies(key.public, text.encode(), unbase64(signature, 64)):
        raise Broken("not signed by its author")
    for entry in entries[start:size]:
        if entry.content["author"] != key.id:
            raise Broken(f"the author of {entry} is another")
        entry.signer = key
    return size


def check_seals(entries: list[Entry], roots: list[bytes], data: bytes) -> None:
    """The seals tile the entries, each by a key known before it."""
    sealed, keys = 0, root_keys(entries[0])
    for seal in read_lines("seals.jsonl", data, {"from", "size", "root", "author", "signature"}):
        with about(f"seal from {sealed}"):
            size = check_seal(seal, sealed, entries, roots, keys.get(str(seal["author"])))
        for entry in entries[sealed:size]:
            if entry.kind == "officer.enroll" and (enrolled := enrolled_key(entry)):
                keys[enrolled.id] = enrolled
        sealed = size
    if sealed != len(entries):
        raise Broken(f"entries from {sealed} on are under no seal")


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


@dataclass(frozen=True)
class Key:
    """A public key and who holds it; a root belongs to no authority and its roles are not on the page."""

    id: str
    public: bytes
    officer: str
    person: str
    authority: str | None = None
    roles: frozenset[str] | None = None


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Strict Ed25519: one spelling of every number, no point of small order."""
    if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= L:
        return False
    for point in (public, signature[:32]):
        y = int.from_bytes(point, "little") % 2**255
        if y >= P or y in SMALL_ORDER:
            return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key(value: object) -> bytes:
    """The 32 bytes of an `algorithm`, `public_key` pair."""
    if not isinstance(value, dict) or value.get("algorithm") != "ed25519":
        raise Broken("not an ed25519 key")
    return unbase64(value.get("public_key"), 32)


def possessed(entry: Entry, data: object, officer_field: str) -> Key:
    """A key as it stands in data, whose holder has shown to possess it."""
    public = public_key(data)
    assert isinstance(data, dict)
    officer, person = data.get(officer_field), data.get("person", data.get(officer_field))
    if not isinstance(officer, str) or not isinstance(person, str):
        raise Broken("a key without its officer")
    key_id = sha256(b"sunledger/key/v1\n\x01", public).hex()
    text = f"sunledger/possession/v1\n{entry.content['origin']}\n{officer}\n{key_id}\n"
    if not verifies(public, text.encode(), unbase64(data.get("possession"), 64)):
        raise Broken("possession of a key is not shown")
    return Key(key_id, public, officer, person)


def root_keys(entry: Entry) -> dict[str, Key]:
    """The roots that entry 0 names."""
    roots = entry.data.get("roots")
    if entry.kind != "ledger.open" or not isinstance(roots, list):
        raise Broken("entry 0: does not open a ledger")
    with about("entry 0"):
        return {key.id: key for key in (possessed(entry, root, "person") for root in roots)}


def enrolled_key(entry: Entry) -> Key | None:
    """The key that an enrolment makes known, if it shows its possession; a bad enrolment makes none known."""
    authority, roles = entry.data.get("authority"), entry.data.get("roles")
    try:
        key = possessed(entry, entry.data, "officer")
    except Broken:
        return None
    if not isinstance(authority, str) or not isinstance(roles, list):
        return None
    return replace(key, authority=authority, roles=frozenset(role for role in roles if isinstance(role, str)))


# --- §6 checkpoint ----------------------------------------------------------------------------------------

NOTE = re.compile(r"(([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n)\n((?:— [^\s+]+ [A-Za-z0-9+/=]+\n)+)")


def read_verifier_key(vkey: str, origin: str) -> bytes:
    """The public key of the C2SP verifier key `NAME+HASH+BASE64` of an origin."""
    name, _, rest = vkey.strip().partition("+")
    hashed, _, encoded = rest.partition("+")
    raw = unbase64(encoded, 33)
    if name != origin or raw[0] != 1 or hashed != sha256(name.encode(), b"\n", raw)[:4].hex():
        raise Broken("no ledger key of this origin")
    return raw[1:]


def check_note(note: str, origin: str, roots: list[bytes], signers: set[bytes]) -> int:
    """The size of a checkpoint of this history that one of the signers signed under the origin."""
    if not (match := NOTE.fullmatch(note)):
        raise Broken("not a signed note of three lines")
    size = int(match[3])
    if match[2] != origin:
        raise Broken("of another origin")
    if size >= len(roots) or unbase64(match[4], 32) != roots[size]:
        raise Broken(f"its root is not that of the first {size} entries")
    found = False
    for _, name, encoded in (line.split(" ") for line in match[5].split("\n")[:-1]):
        raw = unbase64(encoded)
        for public in signers:
            if name == origin and raw[:4] == sha256(name.encode(), b"\n\x01", public)[:4]:
                found = True
                if not verifies(public, match[1].encode(), raw[4:]):
                    raise Broken("the ledger key's signature is wrong")
    if not found:
        raise Broken("not signed by the ledger key")
    return size


# --- §7 money, §8 books, §9 rights: what is wrong in meaning is excused once the entry is void ------------

KINDS = {  # kind: stream, book fields, the fields that are not optional
    "authority.register": ("keys", "code", "code level name"),
    "book.state": ("keys", "book", "book count totals"),
    "entry.confirm": ("keys", "", "entry"),
    "entry.reverse": ("keys", "", "entry reason"),
    "entry.void": ("keys", "", "entry finding reason"),
    "ledger.open": ("keys", "", "ledger_key meaning mode name nonce policy roles root_quorum roots suite"),
    "officer.enroll": ("keys", "authority", "algorithm authority name officer possession public_key roles"),
    "officer.revoke": ("keys", "", "officer reason"),
    "paper.record": ("open", "holder", "complete date holder mirror title unit"),
    "payment.approve": ("money", "payment", "payment"),
    "payment.reject": ("money", "payment", "payment reason"),
    "payment.request": ("money", "project", "legs payee payment project"),
    "project.approve": ("open", "project", "document_number project"),
    "project.fund": ("money", "project", "legs project"),
    "project.propose": ("open", "county", "county name project"),
    "quota.receive": ("money", "holder", "holder quota source_level year"),
    "quota.release": ("money", "from to", "from legs to"),
}
NAMING = ("entry.confirm", "entry.reverse", "entry.void")


class Meaning:
    """One walk over sound evidence: what it makes of the money, and what is wrong with it."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries, self.problems = entries, list[str]()
        self.by_id = {entry.content["id"]: entry for entry in reversed(entries)}  # the first of a repeated id
        opened = entries[0].data
        self.observing = opened.get("mode") == "observe"
        self.roles = self._listed(opened.get("roles"), "roles")
        self.policy = self._listed(opened.get("policy"), "second")
        self.balances: dict[tuple[str, str, str], int] = {}
        self.counts: dict[str, int] = {}
        self.streams: list[str | None] = []  # of each entry: its kind's, or that of the entry it names
        self.bodies: set[str] = set()
        self.projects: dict[str, str] = {}  # project: county
        self.payments: dict[str, str] = {}  # payment: project
        self.rights = root_keys(entries[0])
        self.confirmed: set[int] = set()
        self.void, self.ahead = self._acknowledged()
        for entry in entries:
            self._walk(entry)

    @staticmethod
    def _listed(listed: object, value: str) -> dict[str, Any]:
        """A list of `{kind, value}` as a mapping."""
        items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
        return {str(item.get("kind")): item.get(value) for item in items}

    def _named(self, entry: Entry) -> Entry | None:
        """The earlier entry that `data.entry` names by id and leaf."""
        named = entry.data.get("entry")
        if not isinstance(named, dict) or set(named) != {"entry", "leaf"}:
            return None
        word = str(named["entry"])
        found = self.by_id.get(word)
        if word.isascii() and word.isdigit() and len(word) < 16 and word == str(int(word)):  # a position
            found = self.entries[int(word)] if int(word) < len(self.entries) else None
        return found if found and found.seq < entry.seq and named["leaf"] == found.leaf.hex() else None

    def _acknowledged(self) -> tuple[set[int], set[int]]:
        """Who is void and whose time is acknowledged: backwards, since only later entries can say so."""
        void, ahead, confirmed = set[int](), set[int](), set[int]()
        for entry in reversed(self.entries):
            named = self._named(entry) if entry.kind in NAMING and entry.seq not in void else None
            if named is None:
                continue
            if entry.kind == "entry.confirm" and self._person(entry) != self._person(named):
                confirmed.add(named.seq)
            elif entry.kind == "entry.void" and entry.seq in confirmed:
                {"void": void, "ahead": ahead}.get(str(entry.data.get("finding")), set()).add(named.seq)
        return void, ahead

    @staticmethod
    def _person(entry: Entry) -> str:
        """Who stands behind the seal over an entry."""
        return entry.signer.person if entry.signer else ""

    def _waits(self, entry: Entry) -> bool:
        """Whether an entry waits for a second person (an enrolment may, so it is taken as one that can)."""
        if entry.kind == "entry.void":
            return True
        second = None if self.observing else self.policy.get(entry.kind)
        return second == "person" or (second == "money" and self.streams[entry.seq] == "money")

    def _body(self, holder: object) -> str | None:
        """The body whose book a holder or a project is in; `world` and the unknown have none."""
        if not isinstance(holder, str):
            return None
        return self.projects.get(holder, holder if holder in self.bodies else None)

    def _books(self, entry: Entry) -> set[str] | None:
        """The books an entry must name, or None where the page does not let a stranger tell."""
        stream, key = self.streams[entry.seq], self.rights.get(entry.content["author"])
        if stream is None or key is None:
            return None
        codes: set[str | None] = {key.authority} if key.authority else set()
        for account in (move[side] for move in entry.content["moves"] for side in ("from", "to")):
            if not account.startswith("world:"):
                codes.add(self._body(account.partition(":")[0]))
        for name in KINDS[entry.kind][1].split():
            value = entry.data.get(name)
            if name == "payment" and isinstance(value, str):
                value = self.payments.get(value)
            if name == "book" and isinstance(value, str):
                value = value.partition("/")[0]
            plain = name in ("code", "authority", "county") and isinstance(value, str)
            codes.add(value if plain else self._body(value))
        if entry.kind in NAMING:
            named = self._named(entry)
            codes |= {book.partition("/")[0] for book in named.books} if named else {None}
            codes |= {None} if named and named.seq in self.void else set()
        return None if None in codes else {f"{code}/{stream}" for code in codes}

    def _walk(self, entry: Entry) -> None:
        """Judge one entry in the state before it, then let it have its effect."""
        live = entry.seq not in self.void
        named = self._named(entry) if entry.kind in NAMING else None
        own = KINDS[entry.kind][0] if entry.kind in KINDS else None
        self.streams.append(self.streams[named.seq] if named else own)
        sound = moves_are_sound(entry.content["moves"])
        if not sound and live:
            self.problems.append(f"{entry}: a move is malformed")
            return
        expected, wrong = self._books(entry) if sound else None, list(self._wrong(entry)) if live else []
        right = (set(entry.books) == expected or (live and expected is None)) and all(
            position == self.counts.get(book, 0) for book, position in entry.books.items()
        )
        if not right:
            wrong.append("its books are not those it stands in, or not at their next positions")
        if right or live:
            self.counts |= {book: position + 1 for book, position in entry.books.items()}
        if not live:
            return
        for move in entry.content["moves"]:
            for side, n in (("from", -move["n"]), ("to", move["n"])):
                account = (move[side], move["unit"], move["quota"])
                self.balances[account] = self.balances.get(account, 0) + n
        for move in entry.content["moves"]:
            stage = move["from"].partition(":")[2]
            below = self.balances[move["from"], move["unit"], move["quota"]] < 0
            if below and stage != "outside" and not (stage == "suspense" and self.observing):
                wrong.append(f"takes from {move['from']} what it does not hold")
        self.problems += [f"{entry}: {what}" for what in wrong]
        self._learn(entry)

    def _wrong(self, entry: Entry) -> Iterator[str]:
        """What is wrong with an entry beside its books and balances."""
        kind, data, moves, author = entry.kind, entry.data, entry.content["moves"], entry.content["author"]
        yield from content_faults(entry.content)
        if self.by_id[entry.content["id"]].seq != entry.seq:
            yield "its id was used before"
        if (kind == "ledger.open") != (entry.seq == 0):
            yield "a ledger is opened once, by entry 0"
        if entry.seq == 0 and data.get("mode") not in ("control", "observe"):
            yield "a ledger controls or observes"
        if entry.seq not in self.ahead and entry.content["occurred_on"] > str(entry.day):
            yield "occurred after it was recorded"
        if kind in KINDS and not set(KINDS[kind][2].split()) <= set(data):
            yield "a field of its kind is missing"
        key, may = self.rights.get(author), self.roles.get(kind)
        if key is None:
            yield "by a key whose enrolment is void"
        elif isinstance(may, list) and key.roles is not None:
            may_record = {str(role) for role in may} | ({"administrator"} if self.observing else set())
            if not key.roles & may_record:
                yield "its author has no role that may record it"
        if kind == "officer.enroll" and enrolled_key(entry) is None:
            yield "enrols no key that is well formed and shown to be possessed"
        if self._waits(entry) and moves:
            yield "waits for a second person and moves all the same"
        if not self.observing and any(move["quota"].startswith("?") for move in moves):
            yield "a source that is not stated, in a ledger that controls"
        for holder, _, stage in (move[side].partition(":") for move in moves for side in ("from", "to")):
            if holder != "world" and self._body(holder) is None:
                yield f"moves an account of {holder}, which is no body and no project"
            if stage == "outside" and holder != "world":
                yield "money comes from world:outside only"
        if kind in NAMING and (named := self._named(entry)) is None:
            yield "names no earlier entry by its id and leaf"
        elif kind == "entry.confirm" and named:
            if not self._waits(named) or named.seq in self.confirmed:
                yield "confirms what does not wait"
            if self._person(entry) == self._person(named):
                yield "confirmed by the person who recorded"
        if kind == "entry.void" and data.get("finding") not in ("void", "ahead"):
            yield "a finding is void or ahead"
        book = data.get("book")
        if kind == "book.state" and isinstance(book, str) and data.get("count") != self.counts.get(book, 0):
            yield "states another count than the book has"

    def _learn(self, entry: Entry) -> None:
        """What later entries build on."""
        data = {key: value for key, value in entry.data.items() if isinstance(value, str)}
        if entry.kind == "authority.register":
            self.bodies.add(data.get("code", ""))
        elif entry.kind == "project.propose":
            self.projects.setdefault(data.get("project", ""), data.get("county", ""))
        elif entry.kind == "payment.request":
            self.payments.setdefault(data.get("payment", ""), data.get("project", ""))
        elif entry.kind == "officer.enroll" and (key := enrolled_key(entry)):
            self.rights[key.id] = key
        elif entry.kind == "entry.confirm" and (named := self._named(entry)):
            self.confirmed.add(named.seq)


# --- §10 what a verifier checks ---------------------------------------------------------------------------


def judge(
    bundle: bytes,
    *,
    ledger_id: str | None = None,
    ledger_key: str | None = None,
    earlier_checkpoint: str | None = None,
) -> Verdict:
    """Check a bundle, and that it is the one of which the reader knows the id, the key or an earlier checkpoint."""
    verdict, held = Verdict(False, [], {}, 0, "", "none: the evidence is broken"), list[str]()
    try:
        members = unpack(bundle)
        entries = read_entries(members["entries.jsonl"])
        roots = roots_of([entry.leaf for entry in entries])
        verdict.entries, verdict.root = len(entries), base64.b64encode(roots[-1]).decode()
        check_seals(entries, roots, members["seals.jsonl"])
        origin = entries[0].content["origin"]
        with about("entry 0"):
            own = trusted = public_key(entries[0].data.get("ledger_key"))
        if ledger_id is not None:
            held.append("ledger id")
            if ledger_id != entries[0].leaf.hex():
                raise Broken("brought: another ledger id")
        if ledger_key is not None:
            held.append("ledger key")
            with about("brought"):
                trusted = read_verifier_key(ledger_key, origin)
        with about("checkpoint"):
            if check_note(members["checkpoint.note"].decode(), origin, roots, {trusted}) != len(entries):
                raise Broken("not of the number of entries")
        if earlier_checkpoint is not None:
            with about("brought"):
                size = check_note(earlier_checkpoint, origin, roots, {own, trusted})
            held += [f"checkpoint of {size} entries"] * (size > 0)
        meaning = Meaning(entries)
    except ValueError as error:
        verdict.problems.append(str(error))
        return verdict
    verdict.problems, verdict.ok = meaning.problems, not meaning.problems
    verdict.balances = {account: n for account, n in meaning.balances.items() if n}
    verdict.trust = ", ".join(held) or "consistency only: nothing was brought from elsewhere"
    return verdict


def main(arguments: list[str] | None = None) -> int:
    """Print one line per problem; 0 when there is none, 10 otherwise."""
    parser = argparse.ArgumentParser(description="Check a sunledger bundle by its format page.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--ledger-id", metavar="HEX")
    parser.add_argument("--ledger-key", metavar="VKEY")
    parser.add_argument("--checkpoint", type=Path, metavar="FILE")
    args = parser.parse_args(arguments)
    note = args.checkpoint.read_bytes().decode(errors="replace") if args.checkpoint else None
    verdict = judge(
        args.bundle.read_bytes(),
        ledger_id=args.ledger_id,
        ledger_key=args.ledger_key,
        earlier_checkpoint=note,
    )
    for problem in verdict.problems:
        print(problem)
    if verdict.ok:
        print(f"sound: {verdict.entries} entries, root {verdict.root} ({verdict.trust})")
    return 0 if verdict.ok else 10


if __name__ == "__main__":
    sys.exit(main())
