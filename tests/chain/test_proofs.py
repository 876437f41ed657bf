"""Proofs over the tree: exactly the valid ones are accepted, exhaustively on small trees and by property on large."""

from collections.abc import Iterable
from hashlib import sha256
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain import proofs
from ledger.chain.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash
from ledger.chain.proofs import MAX_SIZE, Tree, multi_root, verify_consistency, verify_inclusion
from tests.chain.test_merkle import INPUTS, LEAVES, ROOTS, naive_root
from tests.properties.strategies import modest

SMALL = 64
TREE = Tree(LEAVES[:SMALL])
ROOT = [TREE.root(size) for size in range(SMALL + 1)]
ZERO = bytes(32)


def cut(leaves: list[bytes]) -> int:
    """Where a tree splits: the largest power of two below its size, found by doubling."""
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return middle


def naive_path(seq: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 §2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    middle = cut(leaves)
    if seq < middle:
        return [*naive_path(seq, leaves[:middle]), naive_root(leaves[middle:])]
    return [*naive_path(seq - middle, leaves[middle:]), naive_root(leaves[:middle])]


def naive_consistency(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 §2.1.2, word for word."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    middle = cut(leaves)
    if old <= middle:
        return [*naive_consistency(old, leaves[:middle], whole), naive_root(leaves[middle:])]
    return [*naive_consistency(old - middle, leaves[middle:], False), naive_root(leaves[:middle])]


def naive_multi(seqs: Iterable[int], leaves: list[bytes]) -> list[bytes]:
    """The multi-proof of docs/format.md §12, word for word."""
    listed = set(seqs)
    if not listed:
        return [naive_root(leaves)]
    if len(leaves) == 1:
        return []
    middle = cut(leaves)
    left = naive_multi([seq for seq in listed if seq < middle], leaves[:middle])
    return left + naive_multi([seq - middle for seq in listed if seq >= middle], leaves[middle:])


def altered(path: list[bytes]) -> Iterable[list[bytes]]:
    """Every list of hashes one step away: one bit, one hash less, more or moved, another length."""
    for place, part in enumerate(path):
        yield [*path[:place], bytes([part[0] ^ 1]) + part[1:], *path[place + 1 :]]
        yield [*path[:place], part[:31] + bytes([part[31] ^ 128]), *path[place + 1 :]]
        yield [*path[:place], *path[place + 1 :]]
        yield [*path[:place], part, *path[place:]]
        yield [*path[:place], part[:31], *path[place + 1 :]]
        yield [*path[:place], part + b"\0", *path[place + 1 :]]
        if place and path[place - 1] != part:
            yield [*path[: place - 1], part, path[place - 1], *path[place + 1 :]]
    for extra in (ZERO, b"", LEAVES[0], ROOT[SMALL]):
        yield [extra, *path]
        yield [*path, extra]


def test_tree_has_the_roots_of_the_reference_tree_and_of_a_frontier() -> None:
    """INV-03: at every size, from one tree, the roots of sizes 0 to 8 known and the others those of a frontier."""
    tree = Tree([leaf_hash(bytes.fromhex(text)) for text in INPUTS])
    assert [tree.root(size).hex() for size in range(9)] == ROOTS
    tree, frontier = Tree(LEAVES), Frontier()
    for size, leaf in enumerate(LEAVES):
        assert tree.root(size) == frontier.root()
        frontier.append(leaf)
    assert (tree.root(), tree.size) == (frontier.root(), 300)
    assert (Tree([]).root(), Tree([]).size) == (EMPTY_ROOT, 0)


def test_k21_proofs_are_the_ones_the_standard_defines() -> None:
    """At every size to 64, from one tree of 64: RFC 6962 §2.1.1 and §2.1.2."""
    for size in range(1, SMALL + 1):
        leaves = LEAVES[:size]
        assert [TREE.inclusion(seq, size) for seq in range(size)] == [naive_path(seq, leaves) for seq in range(size)]
        olds = range(1, size + 1)
        assert [TREE.consistency(old, size) for old in olds] == [naive_consistency(old, leaves) for old in olds]


def test_k21_inclusion_holds_for_exactly_its_place() -> None:
    """Every leaf at every size to 64: at its own place, and at no other one, nor beyond the tree."""
    for size in range(1, SMALL + 1):
        for seq in range(size):
            path = TREE.inclusion(seq, size)
            places = [
                place for place in range(-1, size + 2)
                if verify_inclusion(LEAVES[seq], place, size, path, ROOT[size])
            ]  # fmt: skip
            assert places == [seq]


def test_k21_inclusion_holds_for_no_other_tree() -> None:
    """The path of one size proves nothing against the root of another, and no other leaf stands in its place."""
    for size in range(1, SMALL + 1):
        for seq in range(size):
            path = TREE.inclusion(seq, size)
            for other in range(SMALL + 1):
                assert verify_inclusion(LEAVES[seq], seq, other, path, ROOT[other]) is (other == size)
            assert not verify_inclusion(LEAVES[seq + 1], seq, size, path, ROOT[size])
            assert not verify_inclusion(LEAVES[seq], seq, size, path, LEAVES[seq + 1])


def test_k21_altered_path_is_refused() -> None:
    """Longer, shorter, empty, one bit, two hashes exchanged, a hash of another length: at every place of every size to 64."""
    for size in range(1, SMALL + 1):
        for seq in range(size):
            path = TREE.inclusion(seq, size)
            for other in altered(path):
                assert not verify_inclusion(LEAVES[seq], seq, size, other, ROOT[size])
            assert verify_inclusion(LEAVES[seq], seq, size, [], ROOT[size]) is (size == 1)


def test_k21_inner_node_is_no_leaf() -> None:
    """K-22: a node of the path, given as the leaf with what is above it, is refused at each place it might claim."""
    for size in range(2, SMALL + 1):
        for seq in range(size):
            path, node, start, end = TREE.inclusion(seq, size), LEAVES[seq], seq, seq + 1
            for depth, part in enumerate(path, 1):
                node = node_hash(part, node) if is_left(part, start, end, size) else node_hash(node, part)
                start, end = widened(start, end, size)
                for place in {seq, seq >> depth, start, end - 1, 0, size - 1}:
                    assert not verify_inclusion(node, place, size, path[depth:], ROOT[size])
            assert node == ROOT[size]


def widened(start: int, end: int, size: int) -> tuple[int, int]:
    """The leaves under the parent of the node over start … end−1."""
    low, high = 0, size
    while True:
        middle = low + cut(LEAVES[low:high])
        part = (low, middle) if start < middle else (middle, high)
        if part == (start, end):
            return low, high
        low, high = part


def is_left(part: bytes, start: int, end: int, size: int) -> bool:
    """Whether a sibling stands to the left."""
    return widened(start, end, size)[0] < start and part == naive_root(LEAVES[widened(start, end, size)[0] : start])


def test_k21_size_is_bound_by_the_checkpoint_and_not_by_the_path() -> None:
    """What the standard does not promise: a path may fit a size of the same shape, so root and size are taken together."""
    path = TREE.inclusion(0, 3)
    assert verify_inclusion(LEAVES[0], 0, 4, path, ROOT[3])
    assert not verify_inclusion(LEAVES[0], 0, 4, path, ROOT[4])


def test_k21_consistency_holds_for_exactly_its_two_trees() -> None:
    """Every pair of sizes to 64; the same path proves no other earlier tree, no other later one, and nothing backwards."""
    for size in range(1, SMALL + 1):
        for old in range(1, size + 1):
            path = TREE.consistency(old, size)
            accepted = [
                other for other in range(SMALL + 1)
                if verify_consistency(other, ROOT[other], size, ROOT[size], path)
            ]  # fmt: skip
            # from a tree to itself nothing is to be shown: an empty path, and none else
            assert accepted == [old]
            assert verify_consistency(size, ROOT[size], old, ROOT[old], path) is (old == size)
            for later in range(old, SMALL + 1):
                expected = later == size or (later == old and not path)
                assert verify_consistency(old, ROOT[old], later, ROOT[later], path) is expected


def test_k21_altered_consistency_is_refused() -> None:
    """Longer, shorter, empty, one bit, exchanged hashes, exchanged or other roots: every pair of sizes to 64."""
    for size in range(1, SMALL + 1):
        for old in range(1, size + 1):
            path = TREE.consistency(old, size)
            for other in altered(path):
                assert not verify_consistency(old, ROOT[old], size, ROOT[size], other)
            assert verify_consistency(old, ROOT[old], size, ROOT[size], []) is (old == size)
            assert not verify_consistency(old, ZERO, size, ROOT[size], path)
            assert not verify_consistency(old, ROOT[old], size, ZERO, path)
            assert old == size or not verify_consistency(old, ROOT[size], size, ROOT[old], path)


@pytest.mark.parametrize("path", [[], [ZERO], [ROOT[8]], TREE.consistency(1, 8)])
def test_k21_first_sight_is_no_consistency(path: list[bytes]) -> None:
    """From the empty tree nothing is proved, whatever the roots."""
    for root in (EMPTY_ROOT, ZERO, ROOT[8]):
        assert not verify_consistency(0, root, 8, ROOT[8], path)
        assert not verify_consistency(0, root, 0, EMPTY_ROOT, path)
        assert not verify_consistency(-1, root, 8, ROOT[8], path)


def test_k21_empty_and_single_tree() -> None:
    """Nothing is in the tree of no leaves; the one leaf of a tree is its root."""
    assert not verify_inclusion(EMPTY_ROOT, 0, 0, [], EMPTY_ROOT)
    assert verify_inclusion(LEAVES[0], 0, 1, [], LEAVES[0])
    assert not verify_inclusion(LEAVES[0], 0, 1, [LEAVES[0]], LEAVES[0])
    assert multi_root({0: LEAVES[0]}, 1, []) == LEAVES[0]
    assert (Tree(LEAVES[:1]).inclusion(0), Tree(LEAVES[:1]).consistency(1), Tree(LEAVES[:1]).multi([0])) == ([], [], [])


@pytest.mark.parametrize("length", [0, 1, 4, 20, 31, 33, 64])
def test_k20_truncated_or_padded_digest_is_refused(length: int) -> None:
    """A digest is compared whole: no prefix of a root, leaf or old root passes for it."""
    path, between = TREE.inclusion(5), TREE.consistency(5)
    for raw in (ROOT[SMALL], LEAVES[5], ROOT[5]):
        short = (raw + raw)[:length]
        assert not verify_inclusion(LEAVES[5], 5, SMALL, path, short)
        assert not verify_inclusion(short, 5, SMALL, path, ROOT[SMALL])
        assert not verify_consistency(5, short, SMALL, ROOT[SMALL], between)
        assert not verify_consistency(5, ROOT[5], SMALL, short, between)
        assert not verify_consistency(5, short, 5, short, [])
        with pytest.raises(ValueError, match="32 bytes"):
            multi_root({5: short}, SMALL, path)


def test_k20_bytes_moved_between_two_hashes_are_refused() -> None:
    """A node is the hash of its children's bytes end to end: where a byte goes from one to the other, only the length tells."""
    left, right = LEAVES[:2]
    longer, shorter = left + right[:1], right[1:]
    assert node_hash(longer, shorter) == ROOT[2]
    assert not verify_inclusion(longer, 0, 2, [shorter], ROOT[2])
    assert not verify_inclusion(shorter, 1, 2, [longer], ROOT[2])
    assert not verify_consistency(1, longer, 2, ROOT[2], [shorter])
    one, two = TREE.multi([0], 4)
    third, fourth = LEAVES[2:4]
    assert multi_root({0: left}, 4, [one, two]) == ROOT[4]
    for leaves, hashes in (
        ({0: longer}, [shorter, two]),
        ({1: shorter}, [longer, two]),
        ({0: left, 2: third + fourth[:1]}, [one, fourth[1:]]),
    ):
        with pytest.raises(ValueError, match="32 bytes"):
            multi_root(leaves, 4, hashes)
    for hashes in ([one[:31], two], [one, two + b"\0"], [one + two[:1], two[1:]]):
        with pytest.raises(ValueError, match="32 bytes"):
            multi_root({0: left}, 4, hashes)


def test_k22_entry_that_looks_like_a_node_is_not_that_node() -> None:
    """The prefixes 0x00 and 0x01 keep entries and nodes apart, so two leaves' hashes as an entry give another tree."""
    left, right = LEAVES[:2]
    node = node_hash(left, right)
    for header in (left + right, b"\x01" + left + right, b"\x00" + left + right, node):
        assert leaf_hash(header) != node
        assert Tree([leaf_hash(header), LEAVES[2]]).root() != ROOT[3]
    assert sha256(b"\x01" + left + right).digest() == node == ROOT[2]


def test_multi_proof_is_the_one_of_the_format_for_every_set_of_leaves() -> None:
    """docs/format.md §12: all sets of leaves of all trees to 10, against the page's words."""
    for size in range(1, 11):
        leaves = LEAVES[:size]
        for count in range(1, size + 1):
            for seqs in combinations(range(size), count):
                hashes = TREE.multi(reversed(seqs), size)
                assert hashes == naive_multi(seqs, leaves)
                assert multi_root({seq: leaves[seq] for seq in reversed(seqs)}, size, hashes) == ROOT[size]
                if count == size:
                    assert hashes == []


def test_multi_proof_of_one_leaf_is_its_audit_path() -> None:
    """As a set: the order differs, the hashes do not."""
    for size in range(1, SMALL + 1):
        for seq in range(size):
            assert sorted(TREE.multi([seq], size)) == sorted(TREE.inclusion(seq, size))


def fails(leaves: dict[int, bytes], size: int, hashes: list[bytes]) -> bool:
    """Whether a multi-proof is refused or gives another root."""
    try:
        return multi_root(leaves, size, hashes) != ROOT[size]
    except ValueError:
        return True


def test_k21_altered_multi_proof_is_refused() -> None:
    """Every set of leaves of every tree to 8: hashes altered, a leaf altered, moved, left out or added."""
    for size in range(1, 9):
        for count in range(1, size + 1):
            for seqs in combinations(range(size), count):
                leaves = {seq: LEAVES[seq] for seq in seqs}
                hashes = TREE.multi(seqs, size)
                assert all(fails(leaves, size, other) for other in altered(hashes))
                for seq in seqs:
                    rest = {other: leaf for other, leaf in leaves.items() if other != seq}
                    assert fails({**rest, seq: LEAVES[99]}, size, hashes)
                    assert fails(rest, size, hashes)
                    for place in set(range(-1, size + 1)) - set(seqs):
                        assert fails({**rest, place: LEAVES[seq]}, size, hashes)
                        assert fails({**leaves, place: LEAVES[place]}, size, hashes)
                    for other in seqs:
                        assert other == seq or fails({**leaves, seq: leaves[other], other: leaves[seq]}, size, hashes)


@modest(60)
@given(st.integers(1, 3000), st.integers(0, 2**32), st.data())
def test_proofs_of_a_large_tree_hold(size: int, seed: int, data: st.DataObject) -> None:
    """One tree of any size: every kind of proof leads to the root of a frontier, at that size and at an earlier one."""
    random = Random(seed)
    leaves = [random.randbytes(32) for _ in range(size)]
    tree, frontier = Tree(leaves), Frontier()
    old = data.draw(st.integers(1, size))
    frontier.extend(leaves[:old])
    before = frontier.root()
    frontier.extend(leaves[old:])
    root = frontier.root()
    assert (tree.root(old), tree.root()) == (before, root)
    assert verify_consistency(old, before, size, root, tree.consistency(old))
    seq = data.draw(st.integers(0, old - 1))
    assert verify_inclusion(leaves[seq], seq, size, tree.inclusion(seq), root)
    assert verify_inclusion(leaves[seq], seq, old, tree.inclusion(seq, old), before)
    seqs = data.draw(st.lists(st.integers(0, old - 1), min_size=1, max_size=40))
    listed = {seq: leaves[seq] for seq in seqs}
    for total, head in ((size, root), (old, before)):
        hashes = tree.multi(seqs, total)
        assert multi_root(listed, total, hashes) == head
        assert hashes == tree.multi(sorted(set(seqs)), total)
        assert len(hashes) <= len(listed) * total.bit_length()
        if hashes:
            place = data.draw(st.integers(0, len(hashes) - 1))
            wrong = [*hashes[:place], random.randbytes(32), *hashes[place + 1 :]]
            assert multi_root(listed, total, wrong) != head
            with pytest.raises(ValueError, match="missing"):
                multi_root(listed, total, hashes[:-1])
        with pytest.raises(ValueError, match="too many"):
            multi_root(listed, total, [*hashes, ZERO])


def test_k21_hostile_size_costs_no_more_than_its_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 2^53−1 leaves every answer comes after at most 53 steps a leaf; beyond, and with endless paths, at once."""
    steps = 0

    def counted(left: bytes, right: bytes) -> bytes:
        nonlocal steps
        steps += 1
        return node_hash(left, right)

    monkeypatch.setattr(proofs, "node_hash", counted)
    path = [sha256(bytes([n])).digest() for n in range(53)]
    root = multi_root({0: ZERO}, MAX_SIZE, path)
    assert verify_inclusion(ZERO, 0, MAX_SIZE, path, root)
    assert steps == 106
    assert not verify_inclusion(ZERO, MAX_SIZE - 1, MAX_SIZE, path, root)
    assert not verify_consistency(1, ZERO, MAX_SIZE, root, path[:-1])
    assert verify_consistency(1, ZERO, MAX_SIZE, root, path)
    many = {seq * 2**40: ZERO for seq in range(1000)}
    with pytest.raises(ValueError, match="missing"):
        multi_root(many, MAX_SIZE, path)
    assert steps < 1000
    for size in (MAX_SIZE + 1, 2**64, 10**30):
        assert not verify_inclusion(ZERO, 0, size, path, root)
        assert not verify_consistency(1, ZERO, size, root, path)
        with pytest.raises(ValueError, match="position"):
            multi_root({0: ZERO}, size, path)
    assert not verify_inclusion(ZERO, 0, MAX_SIZE, path * 100_000, root)
    assert not verify_consistency(1, ZERO, MAX_SIZE, root, path * 100_000)
    assert steps < 1000


def test_tree_hashes_each_node_once_and_a_proof_no_more_than_its_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes a hundred thousand proofs cheap."""
    calls = 0

    def counted(left: bytes, right: bytes) -> bytes:
        nonlocal calls
        calls += 1
        return node_hash(left, right)

    monkeypatch.setattr(proofs, "node_hash", counted)
    tree = Tree(LEAVES * 40)
    assert calls < tree.size == 12_000
    calls = 0
    tree.inclusion(11_999, 11_999 + 1)
    tree.consistency(4097, 11_001)
    tree.root(11_111)
    assert calls <= 3 * 14


@pytest.mark.parametrize(
    "ask",
    [
        lambda tree: tree.root(-1),
        lambda tree: tree.root(65),
        lambda tree: tree.inclusion(64),
        lambda tree: tree.inclusion(-1),
        lambda tree: tree.inclusion(5, 5),
        lambda tree: tree.inclusion(0, 0),
        lambda tree: tree.inclusion(0, 65),
        lambda tree: tree.consistency(0),
        lambda tree: tree.consistency(65),
        lambda tree: tree.consistency(6, 5),
        lambda tree: tree.multi([]),
        lambda tree: tree.multi([64]),
        lambda tree: tree.multi([-1, 3]),
        lambda tree: tree.multi([5], 5),
        lambda tree: Tree([ZERO[:31]]),
        lambda tree: multi_root({}, 1, [ZERO]),
        lambda tree: multi_root({0: ZERO}, 0, []),
        lambda tree: multi_root({1: ZERO}, 1, []),
        lambda tree: multi_root({-1: ZERO}, 1, []),
    ],
)
def test_proof_of_what_is_not_there_is_refused(ask) -> None:  # type: ignore[no-untyped-def]
    """No place beyond the tree, before it, or in an empty list; no leaf that is not a hash."""
    with pytest.raises(ValueError, match=r"\w"):
        ask(TREE)


# transparency-dev/merkle, testdata: over the reference tree of eight; leaf, place, size, path, root.
PATH_5 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
# RFC 6962 §2.1.3 and the same testdata: from 6 to 8, from 1 to 8.
FROM_6 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
FROM_1 = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]


def test_k21_known_proofs_of_the_reference_tree() -> None:
    """Facts of another maker, made and verified."""
    leaves = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]
    tree, root = Tree(leaves), bytes.fromhex(ROOTS[8])
    assert [part.hex() for part in tree.inclusion(0)] == FROM_1  # a tree of one leaf is that leaf
    assert [part.hex() for part in tree.inclusion(5)] == PATH_5
    assert [part.hex() for part in tree.consistency(6)] == FROM_6
    assert [part.hex() for part in tree.consistency(1)] == FROM_1
    assert verify_inclusion(leaves[5], 5, 8, [bytes.fromhex(text) for text in PATH_5], root)
    assert verify_consistency(6, bytes.fromhex(ROOTS[6]), 8, root, [bytes.fromhex(text) for text in FROM_6])
    assert verify_consistency(1, leaves[0], 8, root, [bytes.fromhex(text) for text in FROM_1])
    # each of the makers' alterations
    path = [bytes.fromhex(text) for text in PATH_5]
    for place, size in ((7, 8), (6, 8), (4, 8), (5, 4), (5, 16)):
        assert not verify_inclusion(leaves[5], place, size, path, root)
    for old, size in ((4, 8), (7, 8), (5, 8), (6, 4), (6, 16)):
        old_root = bytes.fromhex(ROOTS[6])
        assert not verify_consistency(old, old_root, size, root, [bytes.fromhex(text) for text in FROM_6])
