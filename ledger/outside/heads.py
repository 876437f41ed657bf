"""What a file, or a ledger, says of a history: its head, who signed it, and what is proved to lie under it.

A `Source` has been checked against itself: its proofs lead to its head. Whether the head is to be believed is another
question, and the reader's: see `ledger.outside.check`.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from ledger.book.objects import LedgerKeys
from ledger.book.state import State
from ledger.calendar import format_at, system_clock
from ledger.chain.header import binds, content_digest, parse_header
from ledger.chain.keys import unb64
from ledger.chain.merkle import Hash, leaf_hash, node_hash
from ledger.chain.note import Checkpoint, is_signed_by, parse_checkpoint, parse_note
from ledger.chain.proofs import Tree, split, verify_inclusion
from ledger.chain.tlog_proof import parse_tlog_proof
from ledger.disclosure.check import check
from ledger.disclosure.shape import Disclosure
from ledger.disclosure.trust import ledger_keys
from ledger.errors import InputRejected, IntegrityFailed
from ledger.kinds.codec import decode_content
from ledger.outside.bundles import Bundle, judge

Path = Callable[[int], list[Hash]]
MAX_EXTRA = 1024 * 1024


def _nothing(seq: int) -> None:
    return None


def _no_path(seq: int) -> list[Hash]:
    raise ValueError(f"no proof of entry {seq}")


@dataclass
class Source:
    """One history as a file or a ledger tells it. `where` names it for people; `sort` is what it is."""

    where: str
    sort: str
    head: Checkpoint
    note: str = ""  # the signed checkpoint, '' where there is none
    noted: Checkpoint | None = None  # what the note says; the head itself but where a ledger has grown since
    ledger_id: str = ""
    keys: list[bytes] = field(default_factory=list)  # of entry 0; of a whole history, those that ever signed by right
    headers: Mapping[int, bytes] = field(default_factory=dict)
    heads: Mapping[int, tuple[Hash, list[Hash]]] = field(default_factory=dict)  # size → root, consistency proof
    tree: Tree | None = None  # where the whole history is known
    path: Path = _no_path
    content: Callable[[int], bytes | None] = _nothing

    @property
    def is_whole(self) -> bool:
        """Whether every entry of the history is here."""
        return self.tree is not None

    def root_at(self, size: int) -> Hash | None:
        """The root of the first `size` entries, where it is known."""
        if size == self.head.size:
            return self.head.root
        if self.tree is not None:
            return self.tree.root(size) if size <= self.head.size else None
        return self.heads[size][0] if size in self.heads else None

    def leaf_at(self, seq: int) -> Hash | None:
        """The leaf of an entry, where it is known."""
        return leaf_hash(self.headers[seq]) if seq in self.headers else None

    def is_signed(self, keys: Iterable[bytes]) -> bool:
        """Whether one of the keys signed the note as the ledger."""
        note = parse_note(self.note) if self.note else None
        return note is not None and any(is_signed_by(note, self.head.origin, key) for key in keys)


def parse_head(text: str, where: str) -> Checkpoint:
    """What a signed checkpoint says. Raises InputRejected."""
    try:
        return parse_checkpoint(parse_note(text).text)
    except ValueError as error:
        raise InputRejected(f"{where} is not a checkpoint: {error}", code="INPUT.CHECKPOINT") from None


def of_checkpoint(text: str, where: str) -> Source:
    """What a checkpoint file says: its head, and no more."""
    head = parse_head(text, where)
    return Source(where, "checkpoint", head, text, head)


class _Extra(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    header: str
    content: str = ""


def of_tlog_proof(text: str, where: str) -> Source:
    """What the proof of one entry says.

    Raises:
        InputRejected: it cannot be read. IntegrityFailed: it does not lead from the entry to the checkpoint.
    """
    try:
        proof = parse_tlog_proof(text)
        extra = _extra(proof.extra or b"")
        header, raw = parse_header(extra.header.encode()), extra.header.encode()
    except (ValueError, msgspec.DecodeError) as error:
        raise InputRejected(f"{where} is not a proof: {str(error)[:160]}", code="INPUT.PROOF") from None
    head = parse_head(proof.checkpoint, where)
    if header.seq != proof.index or not verify_inclusion(
        leaf_hash(raw), proof.index, head.size, proof.hashes, head.root
    ):
        raise IntegrityFailed(f"{where}: entry {header.seq} is not in the tree of its checkpoint", code="PROOF.INCLUSION",
                              seq=header.seq)  # fmt: skip
    contents = {header.seq: extra.content.encode()} if extra.content else {}
    source = Source(where, "tlog-proof", head, proof.checkpoint, head, headers={header.seq: raw},
                    path=lambda seq: proof.hashes, content=contents.get)  # fmt: skip
    with_founding(source, contents)
    for seq, content in contents.items():
        try:
            decode_content(content, head.origin)
        except ValueError as error:
            raise IntegrityFailed(f"{where}: content of entry {seq} is malformed: {str(error)[:120]}", code="INV-01.CONTENT",
                                  seq=seq) from None  # fmt: skip
    return source


def _extra(raw: bytes) -> _Extra:
    if not raw:
        raise ValueError("it has no header")
    extra = msgspec.json.decode(raw, type=_Extra)
    spellings = [msgspec.json.encode(extra)]
    if extra.content:
        spellings.append(msgspec.json.encode({"content": extra.content, "header": extra.header}))
    if raw not in spellings or len(raw) > MAX_EXTRA:
        raise ValueError("its extra is not in its one spelling")
    return extra


def of_bundle(raw: bytes, where: str) -> Source:
    """What a bundle says: the whole history. Its seals and rules are not looked at: see `ledger.outside.bundles`."""
    bundle = Bundle(raw, where)
    head = parse_head(bundle.note, where)
    headers: list[bytes] = []
    rotated = False
    telling: dict[int, bytes] = {}
    for seq, header, content in bundle.entries():
        if seq != len(headers):
            raise IntegrityFailed(f"{where}: entry {len(headers)} missing", code="INV-02.MISSING", seq=len(headers))
        if seq >= head.size:  # told at once: what comes may be endless
            raise IntegrityFailed(f"{where}: it has more entries than its checkpoint, which has {head.size}", code="INV-03.ROOT", seq=seq)
        try:
            parse_header(header)
        except ValueError as error:
            raise IntegrityFailed(f"{where}: header of entry {seq} is malformed: {error}", code="INV-01.HEADER", seq=seq) from None
        if not binds(header, content):
            raise IntegrityFailed(f"{where}: content of entry {seq} is not what its header binds", code="INV-01.DIGEST", seq=seq)
        headers.append(header)
        if seq == 0:
            telling[seq] = content
        rotated |= b'"kind":"ledger.rotate"' in content
    tree = Tree([leaf_hash(header) for header in headers])
    if (tree.size, tree.root()) != (head.size, head.root):
        raise IntegrityFailed(f"{where}: its entries are not those of its checkpoint", code="INV-03.ROOT")
    source = of_history(where, "bundle", head, headers, tree, bundle.content)
    source.note, source.noted = bundle.note, head
    source = with_founding(source, telling)
    if rotated:  # whether by right takes all that was before
        source.keys = signing_keys(judge(bundle, head.origin, format_at(system_clock())).state)
    return source


def signing_keys(state: State) -> list[bytes]:
    """The keys that ever sign checkpoints of a ledger, as a replay of it says."""
    known: LedgerKeys | None = state.get("ledger_keys", "")
    return [unb64(key, 32) for _, key in known.keys] if known else []


def of_disclosure(disclosure: Disclosure, where: str, sort: str = "disclosure") -> Source:
    """What a disclosure says, which must hold by itself. Raises IntegrityFailed with every finding."""
    checked = check(disclosure)
    if checked.problems or checked.checkpoint is None or checked.listing is None:
        first = checked.problems[0]
        raise IntegrityFailed(f"{where}: {first['message']}", code=str(first["code"]), problems=checked.problems)
    head, entries = checked.checkpoint, disclosure.entries
    headers = {listed.seq: listed.header.encode() for listed in entries}
    contents = {listed.seq: listed.content.encode() for listed in entries if listed.content is not None}
    leaves = {seq: leaf_hash(header) for seq, header in headers.items()}
    return Source(
        where, sort, head, disclosure.checkpoint, head, disclosure.ledger_id,
        [ledger_keys(checked.listing, disclosure.origin)[0][1].public_key], headers,
        {old.size: (unb64(old.root, 32), _hashes(old.proof)) for old in disclosure.heads},
        path=lambda seq: audit_path(seq, leaves, head.size, _hashes(disclosure.proof)), content=contents.get,
    )  # fmt: skip


def _hashes(texts: list[str]) -> list[Hash]:
    return [unb64(text, 32) for text in texts]


def of_history(
    where: str, sort: str, head: Checkpoint, headers: Sequence[bytes], tree: Tree, content: Callable[[int], bytes | None]
) -> Source:
    """A whole history, without a note."""
    return Source(where, sort, head, headers=dict(enumerate(headers)), tree=tree, content=content)


def with_founding(source: Source, contents: Mapping[int, bytes]) -> Source:
    """The source with its ledger id and the ledger key of entry 0, as far as the contents of proved entries tell.

    Raises IntegrityFailed where a content is not what its header binds.
    """
    for seq, content in sorted(contents.items()):
        header = parse_header(source.headers[seq])
        if content_digest(content) != header.content:
            raise IntegrityFailed(f"{source.where}: content of entry {seq} is not what its header binds", code="INV-01.DIGEST",
                                  seq=seq)  # fmt: skip
        try:
            said = msgspec.json.decode(content, type=_Said)
        except (msgspec.DecodeError, UnicodeError):
            continue
        if said.origin != source.head.origin:
            raise IntegrityFailed(f"{source.where}: entry {seq} is of another ledger, {said.origin}", code="INV-16.ORIGIN",
                                  seq=seq)  # fmt: skip
        if seq == 0 and said.data.ledger_key is not None:
            source.keys.append(_sound(said.data.ledger_key, source.where))
    if 0 in source.headers:
        source.ledger_id = leaf_hash(source.headers[0]).hex()
    return source


class _Key(msgspec.Struct):
    public_key: str = ""


class _Data(msgspec.Struct):
    ledger_key: _Key | None = None


class _Said(msgspec.Struct):
    origin: str
    data: _Data


def _sound(key: _Key, where: str) -> bytes:
    try:
        return unb64(key.public_key, 32)
    except ValueError:
        raise IntegrityFailed(f"{where}: a ledger key is malformed", code="INV-01.CONTENT") from None


def audit_path(seq: int, leaves: Mapping[int, Hash], size: int, hashes: Sequence[Hash]) -> list[Hash]:
    """The audit path of one leaf of a multi-proof that was verified."""
    listed, rest = sorted(leaves), iter(hashes)
    place, path = listed.index(seq), []

    def walk(start: int, end: int, low: int, high: int) -> Hash:
        if low == high:
            return next(rest)
        if end - start == 1:
            return leaves[start]
        middle = start + split(end - start)
        cut = bisect_left(listed, middle, low, high)
        left, right = walk(start, middle, low, cut), walk(middle, end, cut, high)
        if low <= place < high:
            path.append(right if place < cut else left)
        return node_hash(left, right)

    walk(0, size, 0, len(listed))
    return path
