"""What a file, or a ledger, says of a history: its head, who signed it, and what is proved to lie under it.

A `Source` has been checked against itself: its proofs lead to its head. Whether the head is to be believed is another
question, and the reader's: see `ledger.disclosure.trust`.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ledger.chain.keys import unb64
from ledger.chain.merkle import Hash, leaf_hash, node_hash
from ledger.chain.note import Checkpoint, is_signed_by, parse_note
from ledger.chain.proofs import Tree, split
from ledger.disclosure.shape import Disclosure

Path = Callable[[int], list[Hash]]
# How far the entries that are here show which ledger key signs: not at all; the key of entry 0, which may have been replaced
# unseen; the keys that a block of `book.state` states; those of a whole history that was judged.
Knows = Literal["", "opening", "stated", "whole"]


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
    signing: list[tuple[int, bytes]] = field(default_factory=list)  # ledger keys its entries name, each with the size from which on it signs
    knows: Knows = ""
    headers: Mapping[int, bytes] = field(default_factory=dict)
    heads: Mapping[int, tuple[Hash, list[Hash]]] = field(default_factory=dict)  # size → root, consistency proof
    tree: Tree | None = None  # where the whole history is known
    path: Path = _no_path
    content: Callable[[int], bytes | None] = _nothing

    @property
    def is_whole(self) -> bool:
        """Whether every entry of the history is here."""
        return self.tree is not None

    @property
    def keys(self) -> list[bytes]:
        """The key of entry 0; of a whole history, all that ever signed by right. What a block states shows no right."""
        return [key for since, key in self.signing if self.is_whole or not since]

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

    def holds_the_same(self, other: "Source") -> bool:
        """Whether another file is this one again, however it is packed: the same note, and the same entries beside it."""
        return (self.sort, self.note, dict(self.headers)) == (other.sort, other.note, dict(other.headers))

    def is_signed(self, keys: Iterable[bytes]) -> bool:
        """Whether one of the keys signed the note as the ledger."""
        note = parse_note(self.note) if self.note else None
        return note is not None and any(is_signed_by(note, self.head.origin, key) for key in keys)


def first_differing(a: Source, b: Source) -> int | None:
    """The first entry that both hold and hold differently."""
    common = range(min(a.head.size, b.head.size)) if a.is_whole and b.is_whole else sorted(a.headers.keys() & b.headers.keys())
    return next((seq for seq in common if a.headers[seq] != b.headers[seq]), None)


def two_roots(a: Source, b: Source) -> int | None:
    """The least size of which both know the root, and know another."""
    for size in sorted({a.head.size, b.head.size, *a.heads, *b.heads}):
        one, two = a.root_at(size), b.root_at(size)
        if one is not None and two is not None and one != two:
            return size
    return None


def source_of(disclosure: Disclosure, head: Checkpoint, heads: Mapping[int, tuple[Hash, list[Hash]]], where: str, sort: str) -> Source:
    """What a disclosure says, without the keys it names; `heads` are those earlier ones that are proved to lead to its own."""
    headers = {listed.seq: listed.header.encode() for listed in disclosure.entries}
    contents = {listed.seq: listed.content.encode() for listed in disclosure.entries if listed.content is not None}

    def path(seq: int) -> list[Hash]:
        return audit_path(seq, {seq: leaf_hash(header) for seq, header in headers.items()}, head.size, [unb64(part, 32) for part in disclosure.proof])

    return Source(where, sort, head, disclosure.checkpoint, head, disclosure.ledger_id, headers=headers, heads=heads, path=path, content=contents.get)


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
