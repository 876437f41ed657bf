"""What a key store remembers of a ledger: the head its officers have seen, so that no older or other one passes.

    {"confirmed":{"frontier":B64,"root":B64,"size":N},"pending":{…}}

`confirmed` only grows. `pending` is written and synced before a signature leaves; the next look promotes it if the
ledger holds it, and drops it otherwise.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from ledger.chain.keys import b64, unb64
from ledger.chain.merkle import Frontier
from ledger.errors import InputRejected, IntegrityFailed, IntegrityUndecided
from ledger.store.files import read_limited, write_whole

Leaves = Callable[[int, int], Iterable[bytes]]  # (first, size) → the ledger's leaves


class Remembered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A head, with what is needed to go on from it."""

    size: int
    root: str
    frontier: str

    @classmethod
    def of(cls, tree: Frontier) -> "Remembered":
        """The head of a tree."""
        return cls(tree.size, b64(tree.root()), b64(tree.to_bytes()))

    def tree(self) -> Frontier:
        """The tree at this head."""
        return Frontier.from_bytes(self.size, unb64(self.frontier, 32 * self.size.bit_count()))


class _File(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    confirmed: Remembered
    pending: Remembered | None = None


class Memory:
    """The memory of one ledger in one key store."""

    def __init__(self, folder: Path, ledger_id: str) -> None:
        self._path = folder / "heads" / f"{ledger_id}.json"
        self._file = self._load()

    def _load(self) -> _File | None:
        if not self._path.exists():
            return None
        try:
            file = msgspec.json.decode(read_limited(self._path, 64 * 1024, "memory of heads"), type=_File)
            for head in (file.confirmed, file.pending):
                if head and b64(head.tree().root()) != head.root:
                    raise ValueError("root")
            return file
        except (msgspec.DecodeError, ValueError):
            raise InputRejected(f"{self._path} is damaged", code="INPUT.MEMORY",
                                hint="move it away, and name a head you trust: --against CHECKPOINT") from None  # fmt: skip

    @property
    def confirmed(self) -> Remembered | None:
        """The greatest head known to be part of the ledger."""
        return self._file.confirmed if self._file else None

    @property
    def since(self) -> int:
        """The size up to which this key store has seen the ledger; 0 where it has not."""
        return self._file.confirmed.size if self._file else 0

    def require_extended(self, size: int, root: bytes, leaves: Leaves, *, first_time: bool = False) -> None:
        """Check that the ledger's head (size, root) extends what is remembered, and settle what is pending.

        Raises:
            IntegrityFailed: it does not: another history, or an older one.
            IntegrityUndecided: nothing is remembered, and `first_time` was not said.
        """
        if self._file is None:
            if first_time:
                return
            raise IntegrityUndecided(
                "this key store has never seen this ledger", code="UNDECIDED.FIRST_SIGHT",
                hint="name a head you trust: --against CHECKPOINT; or accept this one: --first-time",
            )  # fmt: skip
        confirmed = self._file.confirmed
        if size < confirmed.size:
            raise IntegrityFailed(
                f"the ledger ends at {size}, but {confirmed.size} entries were seen before: its tail is cut, or it is an older copy",
                code="INV-16.SHORTER", hint="keep both; nothing is added to a history that lost entries",
            )  # fmt: skip
        tree = confirmed.tree()
        pending, promoted = self._file.pending, None
        for leaf in leaves(confirmed.size, size):
            if pending and tree.size == pending.size and b64(tree.root()) == pending.root:
                promoted = pending
            tree.append(leaf)
        if tree.size != size or tree.root() != root:
            raise IntegrityFailed(
                f"the ledger does not extend the head of {confirmed.size} entries seen before: another history",
                code="INV-16.FORK", hint="keep this copy as evidence; see: sunledger verify --against",
            )  # fmt: skip
        if pending and pending.size == size and pending.root == b64(root):
            promoted = pending
        if pending:
            self._write(_File(promoted or confirmed))

    def promise(self, tree: Frontier, confirmed: Frontier) -> None:
        """Note a head about to be signed; synced when this returns."""
        self._write(
            _File(self._file.confirmed if self._file else Remembered.of(confirmed), Remembered.of(tree))
        )

    def confirm(self, tree: Frontier) -> None:
        """Note a head that the ledger holds; a smaller one than known changes nothing."""
        known = self.confirmed
        if known is None or tree.size >= known.size:
            self._write(_File(Remembered.of(tree)))

    def _write(self, file: _File) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._path, msgspec.json.encode(file) + b"\n", mode=0o600)
        self._file = file
