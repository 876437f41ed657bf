"""The tree: known hashes of RFC 6962, and a frontier that is always the naive tree."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash
from tests.properties.strategies import modest

# The reference tree of Certificate Transparency: eight inputs, the roots of their first 0 to 8 leaves
# (transparency-dev/merkle, testonly/constants.go).
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [sha256(n.to_bytes(4, "big")).digest() for n in range(300)]


def naive_root(leaves: list[bytes]) -> bytes:
    """The root by the definition: split at the largest power of two below n."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + naive_root(leaves[:middle]) + naive_root(leaves[middle:])).digest()


def grown(leaves: list[bytes]) -> Frontier:
    """A tree grown leaf by leaf."""
    tree = Frontier()
    tree.extend(leaves)
    return tree


def test_leaf_and_node_are_prefixed_with_one_byte_each() -> None:
    """A leaf can never be read as a node (RFC 6962 §2.1); facts of transparency-dev/merkle."""
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert leaf_hash(b"").hex() == ROOTS[1]
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


@pytest.mark.parametrize("size", range(9))
def test_root_of_the_reference_tree_is_known_at_every_size(size: int) -> None:
    """INV-03: the roots of sizes 0 to 8 are those of the reference tree."""
    tree = grown([leaf_hash(bytes.fromhex(text)) for text in INPUTS[:size]])
    assert (tree.size, tree.root().hex()) == (size, ROOTS[size])
    assert size or tree.root() == EMPTY_ROOT


def test_frontier_is_the_naive_tree_at_every_size_to_300() -> None:
    """INV-03: at each size root, number of hashes and stored bytes are those of the whole tree."""
    tree = Frontier()
    for size, leaf in enumerate(LEAVES):
        if size < 70 or size % 16 in (15, 0, 1):
            assert tree.root() == naive_root(LEAVES[:size])
        assert len(tree.hashes) == size.bit_count() == len(tree.to_bytes()) // 32
        tree.append(leaf)
    assert tree.root() == naive_root(LEAVES)


@modest(60)
@given(st.integers(0, 300), st.integers(0, 300))
def test_frontier_goes_on_from_its_bytes(first: int, second: int) -> None:
    """Storing a frontier, reading it back and going on gives the tree that never stopped."""
    cut, size = sorted((first, second))
    before = grown(LEAVES[:cut])
    again = Frontier.from_bytes(cut, before.to_bytes())
    copy = again.copy()
    again.extend(LEAVES[cut:size])
    assert again.root() == grown(LEAVES[:size]).root()
    assert copy.root() == before.root() == grown(LEAVES[:cut]).root()  # a copy grows on its own


@modest(60)
@given(st.integers(1, 120), st.data())
def test_root_changes_with_any_leaf(size: int, data: st.DataObject) -> None:
    """INV-03: another leaf, two swapped leaves, one less or one more: another root."""
    leaves = LEAVES[:size]
    root = grown(leaves).root()
    place = data.draw(st.integers(0, size - 1))
    altered = [*leaves[:place], LEAVES[299], *leaves[place + 1 :]]
    roots = {grown(altered).root(), grown(leaves[:-1]).root(), grown([*leaves, LEAVES[299]]).root()}
    if size > 1:
        roots.add(grown([*leaves[:place], *reversed(leaves[place:])]).root() if place < size - 1 else b"")
    assert root not in roots


@pytest.mark.parametrize(
    ("size", "raw"), [(1, b""), (0, b"\0" * 32), (3, b"\0" * 32), (1, b"\0" * 31), (1, b"\0" * 33), (-1, b"")]
)
def test_frontier_refuses_bytes_that_do_not_fit_the_size(size: int, raw: bytes) -> None:
    """A cut or padded frontier is never gone on from."""
    with pytest.raises(ValueError, match="frontier"):
        Frontier.from_bytes(size, raw)
