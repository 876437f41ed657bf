"""Proofs over the tree of RFC 6962: one leaf, many leaves, and that a history only grew (RFC 9162 §2.1.3, §2.1.4).

A tree of n > 1 leaves splits at the largest power of two below n. Leaves are the hashes that `leaf_hash` gives. A proof
says nothing by itself of the size: size and root are taken together, from one signed checkpoint. Verifying costs at
most 53 steps a leaf, whatever the size claimed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from hmac import compare_digest

from ledger.chain.merkle import EMPTY_ROOT, Hash, node_hash
from ledger.words import Fault

MAX_SIZE = 2**53 - 1


def split(count: int) -> int:
    """How many leaves the left part of a tree of `count` > 1 leaves has."""
    return 1 << ((count - 1).bit_length() - 1)


class Tree:
    """A whole tree with the hashes of all its perfect subtrees, each made once.

    Every method takes a `size` up to that of the tree, and answers for the tree of the first `size` leaves; without it, for
    all. All raise ValueError where a position or a size is not of this tree.
    """

    __slots__ = ("_levels",)

    def __init__(self, leaves: Sequence[Hash]) -> None:
        """Over leaf hashes of 32 bytes, in order."""
        level = list(leaves)
        if any(len(leaf) != 32 for leaf in level):
            raise Fault("PROOF:leaf_size")
        self._levels = [level]
        while len(level) > 1:
            level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
            self._levels.append(level)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0])

    def root(self, size: int | None = None) -> Hash:
        """The root; that of no leaves is SHA-256 of nothing."""
        end = self._size(size)
        return self._node(0, end) if end else EMPTY_ROOT

    def inclusion(self, seq: int, size: int | None = None) -> list[Hash]:
        """The audit path of leaf `seq`, from its sibling up to a child of the root (RFC 9162 §2.1.3.1)."""
        start, end = 0, self._size(size)
        if not 0 <= seq < end:
            raise Fault("PROOF:leaf")
        path = []
        while end - start > 1:
            middle = start + split(end - start)
            if seq < middle:
                path.append(self._node(middle, end))
                end = middle
            else:
                path.append(self._node(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old: int, size: int | None = None) -> list[Hash]:
        """The proof that the tree of `old` ≥ 1 leaves begins this one (RFC 9162 §2.1.4.1); empty where they are the same."""
        start, end = 0, self._size(size)
        if not 1 <= old <= end:
            raise Fault("PROOF:earlier")
        path = []
        while old < end:
            middle = start + split(end - start)
            if old <= middle:
                path.append(self._node(middle, end))
                end = middle
            else:
                path.append(self._node(start, middle))
                start = middle
        return ([self._node(start, end)] if start else []) + path[::-1]

    def multi(self, seqs: Iterable[int], size: int | None = None) -> list[Hash]:
        """The proof of many leaves at once (docs/format.md §12); `seqs` in any order, at least one.

        Walks from the root, left before right; a subtree without any listed leaf gives its root.
        """
        listed, total = sorted(set(seqs)), self._size(size)
        if not listed or listed[0] < 0 or listed[-1] >= total:
            raise Fault("PROOF:leaf" if listed else "PROOF:none")
        hashes = []

        def walk(start: int, end: int, low: int, high: int) -> None:
            if low == high:
                hashes.append(self._node(start, end))
            elif end - start > 1:
                middle = start + split(end - start)
                cut = bisect_left(listed, middle, low, high)
                walk(start, middle, low, cut)
                walk(middle, end, cut, high)

        walk(0, total, 0, len(listed))
        return hashes

    def _size(self, size: int | None) -> int:
        if size is not None and not 0 <= size <= self.size:
            raise Fault("PROOF:size")
        return self.size if size is None else size

    def _node(self, start: int, end: int) -> Hash:
        """The root of the leaves start … end−1, a subtree of some size: its left parts are perfect and known."""
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._levels[level][start >> level]
        middle = start + split(count)
        return node_hash(self._node(start, middle), self._node(middle, end))


def _are_hashes(hashes: Sequence[Hash]) -> bool:
    return all(len(part) == 32 for part in hashes)


def verify_inclusion(leaf: Hash, seq: int, size: int, path: Sequence[Hash], root: Hash) -> bool:
    """Whether `leaf` is leaf `seq` of the tree of `size` leaves with this `root` (RFC 9162 §2.1.3.2)."""
    if not 0 <= seq < size <= MAX_SIZE or len(path) > 53 or not _are_hashes([leaf, root, *path]):
        return False
    place, last, result = seq, size - 1, leaf
    for part in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            result = node_hash(part, result)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            result = node_hash(result, part)
        place, last = place >> 1, last >> 1
    return last == 0 and compare_digest(result, root)


def verify_consistency(old: int, old_root: Hash, size: int, root: Hash, path: Sequence[Hash]) -> bool:
    """Whether the tree of `size` leaves begins with that of `old` leaves (RFC 9162 §2.1.4.2).

    False for `old` 0: whoever has seen nothing yet has nothing to compare with. Two trees of one size are consistent with
    an empty path and the same root, and not otherwise.
    """
    if not 1 <= old <= size <= MAX_SIZE or len(path) > 54 or not _are_hashes([old_root, root, *path]):
        return False
    if old == size:
        return not path and compare_digest(old_root, root)
    parts = list(path) if old & (old - 1) else [old_root, *path]
    if not parts:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(part, before), node_hash(part, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, part)
        place, last = place >> 1, last >> 1
    return last == 0 and compare_digest(before, old_root) and compare_digest(after, root)


def multi_root(leaves: Mapping[int, Hash], size: int, hashes: Sequence[Hash]) -> Hash:
    """The root that the leaves of a multi-proof (position → hash) and its hashes give (docs/format.md §12).

    The caller compares it with the root of a checkpoint of that `size`.

    Raises:
        ValueError: no leaf at all, a position out of range, a hash not of 32 bytes, or a hash too few or too many.
    """
    listed = sorted(leaves)
    if not listed or listed[0] < 0 or not listed[-1] < size <= MAX_SIZE:
        raise Fault("PROOF:position" if listed else "PROOF:none")
    if not _are_hashes(hashes) or not _are_hashes(list(leaves.values())):
        raise Fault("PROOF:hash")
    rest = iter(hashes)

    def walk(start: int, end: int, low: int, high: int) -> Hash:
        if low == high:
            part = next(rest, None)
            if part is None:
                raise Fault("PROOF:lacks")
            return part
        if end - start == 1:
            return leaves[start]
        middle = start + split(end - start)
        cut = bisect_left(listed, middle, low, high)
        left = walk(start, middle, low, cut)
        return node_hash(left, walk(middle, end, cut, high))

    result = walk(0, size, 0, len(listed))
    if next(rest, None) is not None:
        raise Fault("PROOF:beyond")
    return result
