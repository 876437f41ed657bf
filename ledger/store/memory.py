"""What a key store remembers of a ledger: the head its officers have seen, so that no older or other one passes.

    {"confirmed":{"frontier":B64,"root":B64,"size":N},"pending":{…}}

`confirmed` only grows, but that a head which a quorum of roots gave up as lost makes way, once, for the history in which
they say so; `recovered` is the entry with which they did. `pending` is written and synced before a signature leaves; the
next look promotes it if the ledger holds it, and drops it otherwise. A head that does not fit is kept in `evidence/`.

Whoever signs holds `heads/ID.lock` from reading the memory to after what is signed is noted, so that no two processes with one
key store sign two histories, each before it could read of the other's. Whoever only looks waits for nobody.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from ledger.chain.keys import b64, unb64
from ledger.chain.merkle import Frontier
from ledger.chain.note import Checkpoint
from ledger.errors import Busy, InputRejected, IntegrityFailed, IntegrityUndecided
from ledger.store.files import locked, private_folder, read_limited, write_whole
from ledger.words import Fault, Long

WAIT_SECONDS = 10
_PLAIN = str.maketrans("+/", "-_")
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
    recovered: int = -1


class Lost(NamedTuple):
    """A head size that a quorum of roots gave up, and the entry with which they were one."""

    size: int
    by: int


class Memory:
    """The memory of one ledger in one key store."""

    def __init__(self, folder: Path, ledger_id: str) -> None:
        self._path = folder / "heads" / f"{ledger_id}.json"
        self._evidence = folder / "evidence"
        self._held = False
        self._file = self._load()

    @contextmanager
    def locked(self, wait: float = WAIT_SECONDS) -> Iterator[None]:
        """Nobody else signs by this memory meanwhile; what it says is read again. Raises Busy after `wait` seconds."""
        if self._held:
            yield
            return
        private_folder(self._path.parent)
        with locked(self._path.with_suffix(".lock"), wait):
            self._held = True
            try:
                self._file = self._load()
                yield
            finally:
                self._held = False

    def _load(self) -> _File | None:
        if not self._path.exists():
            return None
        try:
            raw = read_limited(self._path, 64 * 1024, "memory of heads")
            file = msgspec.json.decode(raw, type=_File)
            if msgspec.json.encode(file) + b"\n" != raw:
                raise ValueError("not as it was written")
            for head in (file.confirmed, file.pending):
                if head and b64(head.tree().root()) != head.root:
                    raise ValueError("root")
            return file
        except (msgspec.DecodeError, ValueError):
            raise InputRejected("INPUT.MEMORY", path=self._path) from None

    @property
    def confirmed(self) -> Remembered | None:
        """The greatest head known to be part of the ledger."""
        return self._file.confirmed if self._file else None

    @property
    def since(self) -> int:
        """The size up to which this key store has seen the ledger; 0 where it has not."""
        return self._file.confirmed.size if self._file else 0

    def require_extended(self, size: int, root: bytes, leaves: Leaves, *, first_time: bool = False,
                         against: Checkpoint | None = None) -> None:  # fmt: skip
        """Check that the ledger's head (size, root) extends what is remembered, and settle what is pending.

        `against` is a head that the reader trusts; on first sight it stands for the memory there is not.

        Raises:
            IntegrityFailed: it does not: another history, or an older one. What was seen is kept as evidence.
            IntegrityUndecided: nothing is remembered, and neither `against` nor `first_time` was said.
        """
        if against is not None:
            self._require_prefix(size, root, leaves, Frontier(), against.size, against.root, Fault("SEEN:relied"))
        if self._file is None:
            if first_time or against is not None:
                return
            raise IntegrityUndecided("UNDECIDED.FIRST_SIGHT")
        confirmed, pending, promoted = self._file.confirmed, self._file.pending, None
        seen = self._require_prefix(size, root, leaves, confirmed.tree(), confirmed.size,
                                    unb64(confirmed.root, 32), Fault("SEEN:before"), pending)  # fmt: skip
        read = self._file
        if pending:
            promoted = pending if seen else None
            with suppress(Busy), self.locked(0):  # whoever is at work settles it
                if self._file == read:
                    self._write(_File(promoted or confirmed, recovered=read.recovered))

    def _require_prefix(self, size: int, root: bytes, leaves: Leaves, tree: Frontier, known: int, known_root: bytes,
                        what: Fault, pending: Remembered | None = None) -> bool:  # fmt: skip
        """Grow `tree` to the ledger's head, past a head known; says whether `pending` was on the way."""
        if size < known:
            kept = self._keep("shorter", known, known_root, size, root)
            raise IntegrityFailed("INV-16.SHORTER:seen", size=size, known=known, what=what, kept=kept)
        on_the_way = at_known = False
        for leaf in (*leaves(tree.size, size), None):
            on_the_way |= bool(pending and tree.size == pending.size and b64(tree.root()) == pending.root)
            at_known |= tree.size == known and tree.root() == known_root
            if leaf is not None:
                tree.append(leaf)
        if not at_known or tree.size != size or tree.root() != root:
            kept = self._keep("fork", known, known_root, size, root)
            raise IntegrityFailed("INV-16.FORK:seen", known=known, what=what, kept=kept)
        return on_the_way

    def _keep(self, relation: str, known: int, known_root: bytes, size: int, root: bytes) -> Long:
        """Keep the two heads that do not fit; returns where."""
        path = self._evidence / f"{self._path.stem[:16]}-{known}-{size}-{b64(root)[:8].translate(_PLAIN)}.json"
        if not path.exists():
            private_folder(path.parent)
            heads = {"remembered": {"size": known, "root": b64(known_root)}, "found": {"size": size, "root": b64(root)}}
            found = {"format": "sunledger.seen/1", "ledger_id": self._path.stem, "relation": relation, **heads}
            write_whole(path, msgspec.json.encode(found) + b"\n", mode=0o600)
        return Long(path)

    def given_up(self, lost: Iterable[Lost]) -> int:
        """The last entry with which a quorum of roots gave up what is remembered, −1 where none did; each counts once."""
        known = self._file.recovered if self._file else 0
        return max((head.by for head in lost if head.size >= self.since and head.by > known), default=-1)

    def accept(self, lost: Iterable[Lost], tree: Frontier) -> bool:
        """Go on in the history `tree`, if a quorum of roots says there that what is remembered is lost; says whether."""
        with self.locked():
            by = self.given_up(lost)
            if self._file is None or by < 0:
                return False
            self._write(_File(Remembered.of(tree), recovered=by))
        return True

    def promise(self, tree: Frontier, confirmed: Frontier) -> None:
        """Note a head about to be signed; synced when this returns."""
        with self.locked():
            file = self._file or _File(Remembered.of(confirmed))
            self._write(_File(file.confirmed, Remembered.of(tree), file.recovered))

    def confirm(self, tree: Frontier, seen: int = -1) -> None:
        """Note a head that the ledger holds; a smaller one than known changes nothing."""
        with self.locked():
            known = self.confirmed
            if known is not None and tree.size < known.size:
                return
            self._write(_File(Remembered.of(tree), recovered=max(seen, self._file.recovered if self._file else -1)))

    def _write(self, file: _File) -> None:
        private_folder(self._path.parent)
        write_whole(self._path, msgspec.json.encode(file) + b"\n", mode=0o600)
        self._file = file
