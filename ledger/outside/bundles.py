"""Reading a bundle (docs/format.md §1), and judging it as `verify` judges a ledger, without a database.

A bundle may be of any size and come from anybody: members are read as a stream, counted as they come.
"""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from ledger.book.state import State
from ledger.bulk import without_collector
from ledger.chain.header import content_digest, parse_header
from ledger.chain.keys import unb64
from ledger.chain.merkle import Frontier, leaf_hash
from ledger.errors import InputRejected
from ledger.kinds.text import may_hold_forbidden
from ledger.outside.zips import members_of, most_unpacked, pieces
from ledger.store.sealing import places_in
from ledger.verify.evidence import Evidence
from ledger.verify.findings import Findings
from ledger.verify.meaning import Meaning
from ledger.verify.run import SEALING
from ledger.words import Fault

MEMBERS = ("checkpoint.note", "entries.jsonl", "seals.jsonl")
MAX_FILE = 512 * 1024 * 1024
MAX_NOTE = 64 * 1024
BYTES_OF_AN_ENTRY = 64  # two hashes, which nothing packs


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    seq: int
    header: str
    content: str


class _Seal(msgspec.Struct, forbid_unknown_fields=True):
    first: int = msgspec.field(name="from")
    size: int
    root: str
    author: str
    signature: str


_encoder = msgspec.json.Encoder()
_entries = msgspec.json.Decoder(_Entry)
_seals = msgspec.json.Decoder(_Seal)
Row = tuple[int, bytes, bytes]  # seq, header, content


class Bundle:
    """A bundle's three members; entries are read anew each time they are asked for."""

    def __init__(self, raw: bytes, where: str) -> None:
        """Raises InputRejected where it is no bundle."""
        self.where = where
        self._raw = raw
        try:
            self._members = members_of(raw)
        except Fault as fault:
            raise self._broken(fault) from None
        if sorted(self._members) != sorted(MEMBERS):
            raise self._broken(Fault("BUNDLE:members", members=MEMBERS))
        if sum(member.size for member in self._members.values()) > most_unpacked(len(raw)):
            raise self._broken(Fault("ZIP:large", limit=most_unpacked(len(raw))))
        self.note = self._text("checkpoint.note", b"".join(self._pieces("checkpoint.note", MAX_NOTE)))

    def entries(self) -> Iterator[Row]:
        """The entries in order: texts as their bytes. Raises InputRejected at a line that is none."""
        for number, line in enumerate(self._lines("entries.jsonl")):
            if number * BYTES_OF_AN_ENTRY >= len(self._raw):
                raise self._broken(Fault("BUNDLE:entries", most=number))
            entry = self._decode(_entries, line, "entries.jsonl", number + 1)
            yield entry.seq, entry.header.encode(), entry.content.encode()

    def seals(self) -> Iterator[tuple[int, int, bytes, str, bytes]]:
        """The seals in order."""
        for number, line in enumerate(self._lines("seals.jsonl")):
            seal = self._decode(_seals, line, "seals.jsonl", number + 1)
            try:
                yield seal.first, seal.size, unb64(seal.root, 32), seal.author, unb64(seal.signature, 64)
            except ValueError:
                raise self._broken(Fault("BUNDLE:base64", member="seals.jsonl", number=number + 1)) from None

    def content(self, seq: int) -> bytes | None:
        """The content of one entry, if its header binds it."""
        for found, header, content in self.entries():
            if found == seq:
                try:
                    return content if parse_header(header).content == content_digest(content) else None
                except ValueError:
                    return None
        return None

    def _decode(self, decoder: msgspec.json.Decoder[Any], line: bytes, member: str, number: int) -> Any:
        try:
            value = decoder.decode(line)
            if _encoder.encode(value) != line:  # another spelling: see that no key stands twice
                json.loads(line, object_pairs_hook=_once)
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise self._broken(Fault("BUNDLE:line", member=member, number=number)) from None
        return value

    def _lines(self, member: str) -> Iterator[bytes]:
        rest: list[bytes] = []  # of a line that goes on: a client without rules may have sealed a header of any length
        for piece in self._pieces(member, most_unpacked(len(self._raw))):
            first, *lines = piece.split(b"\n")
            rest.append(first)
            if lines:
                yield b"".join(rest)
                *lines, last = lines
                yield from lines
                rest = [last]
        if any(rest):
            raise self._broken(Fault("BUNDLE:end", member=member))

    def _pieces(self, member: str, limit: int) -> Iterator[bytes]:
        try:
            yield from pieces(self._raw, self._members[member], limit)
        except Fault as fault:
            raise self._broken(Fault("BUNDLE:member", member=member, why=fault)) from None

    def _text(self, member: str, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise self._broken(Fault("BUNDLE:text", member=member)) from None

    def _broken(self, why: Fault) -> InputRejected:
        return InputRejected("INPUT.BUNDLE", where=self.where, why=why)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise Fault("BUNDLE:twice")
    return dict(pairs)


class Judged(NamedTuple):
    """What a replay of a bundle found: all that `verify` looks at but a database."""

    findings: Findings
    state: State


def judge(bundle: Bundle, origin: str, now: str, size: int | None = None) -> Judged:
    """Replay a bundle of `origin`, or its first `size` entries: bytes, chain, tree, seals, rights, references, balances.

    Raises InputRejected where a line is none. What is wrong with an entry or a seal is a finding.
    """
    rows: list[tuple[int, bytes, bytes, bytes]] = []
    findings = Findings()

    def fetch(seq: int) -> tuple[bytes, bytes, bytes] | None:
        return rows[seq][1:] if 0 <= seq < len(rows) else None

    with without_collector():
        tree, frontiers = Frontier(), {}
        sealed = [seal for seal in bundle.seals() if size is None or seal[1] <= size]
        sizes = {size for _, size, *_ in sealed}
        for seq, header, content in islice(bundle.entries(), size):
            rows.append((seq, header, content, leaf_hash(header)))
            tree.append(rows[-1][3])
            if tree.size in sizes:
                frontiers[tree.size] = tree.to_bytes()
        evidence = Evidence(origin, [(*seal, frontiers.get(seal[1], b"")) for seal in sealed], findings, set())
        meaning = Meaning(origin, fetch, findings, now)
        clean = not any(may_hold_forbidden(row[2]) for row in rows)
        unopened = []
        for row in rows:
            taken = evidence.take(row, clean=clean)
            if taken:
                meaning.take(*taken)
                if taken[2].kind in SEALING:
                    unopened += places_in(taken[0], taken[2])
            meaning.facts.clear()
            meaning.moves.clear()
        evidence.finish()
        meaning.finish()
    erased = {id for id, subject in meaning.state.objects("subject") if subject.erased >= 0}
    count = sum(place.subject not in erased for place in unopened)
    if count:
        findings.doubt("INV-14.NOT_OPENED:bundle", count=count)
    return Judged(findings, meaning.state)
