"""The evidence file of a fork (docs/format.md §13): two signed heads that cannot be of one history.

    {"format":"sunledger.evidence/1","relation":"fork","origin":…,"ledger_id":HEX,"a":SIDE,"b":SIDE}
    SIDE = {"checkpoint":NOTE,"entry":{"seq":N,"header":TEXT,"proof":[BASE64]},"head":{"size":N,"root":BASE64,"proof":[BASE64]}}

One line of JSON in just this order of keys, ending in LF; any other spelling is refused. `ledger_id` is '' where no
entry 0 was at hand.
"""

import re

import msgspec

from ledger.chain.header import Header, parse_header
from ledger.chain.keys import b64, unb64
from ledger.chain.merkle import Hash, leaf_hash
from ledger.chain.note import parse_checkpoint, parse_note
from ledger.chain.proofs import verify_consistency, verify_inclusion
from ledger.disclosure.source import Source
from ledger.errors import InputRejected, IntegrityFailed
from ledger.words import Fault

FORMAT = "sunledger.evidence/1"
MAX_BYTES = 1024 * 1024
_LEDGER_ID = re.compile(r"(?:[0-9a-f]{64})?")


class EntryProof(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An entry with its audit path in the side's tree."""

    seq: int
    header: str
    proof: list[str]


class HeadProof(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An earlier head with its consistency proof to the side's checkpoint."""

    size: int
    root: str
    proof: list[str]


class Side(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """One of the two histories."""

    checkpoint: str
    entry: EntryProof | None = None
    head: HeadProof | None = None


class Evidence(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Both sides."""

    format: str
    relation: str
    origin: str
    ledger_id: str
    a: Side
    b: Side

    def to_bytes(self) -> bytes:
        """The one spelling."""
        return msgspec.json.encode(self) + b"\n"


class Statements(msgspec.Struct):
    """What a side stands for: roots by size, leaves by position."""

    roots: dict[int, Hash]
    leaves: dict[int, Hash]


def parse_evidence(raw: bytes, where: str) -> Evidence:
    """The evidence of a file; nothing is verified. Raises InputRejected."""
    try:
        found = msgspec.json.decode(raw, type=Evidence)
        if found.to_bytes() != raw or (found.format, found.relation) != (FORMAT, "fork") or len(raw) > MAX_BYTES:
            raise Fault("EVIDENCE:spelling")
        if not _LEDGER_ID.fullmatch(found.ledger_id):
            raise Fault("EVIDENCE:ledger_id")
    except msgspec.DecodeError:
        raise InputRejected("INPUT.EVIDENCE", where=where, why=Fault("EVIDENCE:spelling")) from None
    except ValueError as error:
        raise InputRejected("INPUT.EVIDENCE", where=where, why=error) from None
    return found


def statements(side: Side, where: str) -> Statements:
    """What a side stands for, its proofs verified. Raises InputRejected, IntegrityFailed."""
    try:
        head = parse_checkpoint(parse_note(side.checkpoint).text)
        found = Statements({head.size: head.root}, {})
        if side.entry is not None:
            _take_entry(side.entry, head.size, head.root, found)
        if side.head is not None:
            root = unb64(side.head.root, 32)
            if not verify_consistency(side.head.size, root, head.size, head.root, _hashes(side.head.proof)):
                raise IntegrityFailed("PROOF.CONSISTENCY", where=where, size=side.head.size)
            if found.roots.setdefault(side.head.size, root) != root:
                raise IntegrityFailed("PROOF.CONSISTENCY:itself", where=where)
    except ValueError as error:
        raise InputRejected("INPUT.EVIDENCE:side", where=where, why=error) from None
    return found


def _take_entry(entry: EntryProof, size: int, root: Hash, found: Statements) -> None:
    raw = entry.header.encode()
    header: Header = parse_header(raw)
    if header.seq != entry.seq or not verify_inclusion(leaf_hash(raw), entry.seq, size, _hashes(entry.proof), root):
        raise IntegrityFailed("PROOF.INCLUSION:side", seq=entry.seq)
    found.leaves[entry.seq] = leaf_hash(raw)


def _hashes(texts: list[str]) -> list[Hash]:
    return [unb64(text, 32) for text in texts]


def contradiction(a: Statements, b: Statements) -> Fault | None:
    """The first thing that two sides say differently, in words."""
    for size in sorted(a.roots.keys() & b.roots.keys()):
        if a.roots[size] != b.roots[size]:
            return Fault("COMPARE.FORK:root", size=size)
    for seq in sorted(a.leaves.keys() & b.leaves.keys()):
        if a.leaves[seq] != b.leaves[seq]:
            return Fault("COMPARE.FORK:entries", seq=seq)
    return None


def side_of(source: Source, *, seq: int | None = None, size: int | None = None) -> Side | None:
    """A source's side: with its entry `seq`, or its head of `size` entries; None where its note does not reach them."""
    if source.noted is None:
        return None
    end = source.noted.size
    entry = head = None
    try:
        if seq is not None:
            path = source.tree.inclusion(seq, end) if source.tree is not None else source.path(seq)
            entry = EntryProof(seq, source.headers[seq].decode(), [b64(part) for part in path])
        if size is not None and size != end:
            root, proof = (source.tree.root(size), source.tree.consistency(size, end)) if source.tree else source.heads[size]
            head = HeadProof(size, b64(root), [b64(part) for part in proof])
    except (ValueError, KeyError):
        return None
    return Side(source.note, entry, head)
