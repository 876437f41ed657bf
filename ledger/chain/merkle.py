"""The Merkle tree of RFC 6962 over the leaves of a ledger.

leaf = SHA-256(0x00 ‖ header) · node = SHA-256(0x01 ‖ left ‖ right) · the root of nothing is SHA-256 of nothing.
A frontier is the list of roots of the perfect subtrees that tile a tree from the left, largest first: as many
hashes as the size has one-bits. It is all that is needed to go on.
"""

from collections.abc import Iterable
from hashlib import sha256

from ledger.words import Fault

EMPTY_ROOT = sha256(b"").digest()
Hash = bytes


def leaf_hash(header: bytes) -> Hash:
    """The leaf of a header."""
    return sha256(b"\x00" + header).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """The parent of two nodes."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree, kept as its frontier."""

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: Iterable[Hash] = ()) -> None:
        """Raises ValueError when the number of hashes does not fit the size."""
        self.size = size
        self.hashes = list(hashes)
        if size < 0 or len(self.hashes) != size.bit_count() or any(len(part) != 32 for part in self.hashes):
            raise Fault("MERKLE:frontier")

    @classmethod
    def from_bytes(cls, size: int, raw: bytes) -> "Frontier":
        """The frontier stored as its hashes one after the other."""
        if len(raw) % 32:
            raise Fault("MERKLE:cut")
        return cls(size, [raw[i : i + 32] for i in range(0, len(raw), 32)])

    def to_bytes(self) -> bytes:
        """The hashes one after the other, largest subtree first."""
        return b"".join(self.hashes)

    def copy(self) -> "Frontier":
        """A tree that grows on its own from here."""
        return Frontier(self.size, self.hashes)

    def append(self, leaf: Hash) -> None:
        """Add the next leaf."""
        hashes, size = self.hashes, self.size
        while size & 1:
            leaf = sha256(b"\x01" + hashes.pop() + leaf).digest()
            size >>= 1
        hashes.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[Hash]) -> None:
        """Add many leaves."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> Hash:
        """The root of the leaves so far."""
        if not self.hashes:
            return EMPTY_ROOT
        result = self.hashes[-1]
        for left in self.hashes[-2::-1]:
            result = node_hash(left, result)
        return result
