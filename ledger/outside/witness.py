"""What a witness remembers of each ledger, and how it takes the next head.

One file an origin, in the witness's own folder; the note bears the witness's own cosignature, so that the file is worth
nothing to whoever edits it:

    {"format":"sunledger.witnessed/1","ledger_id":HEX,"note":NOTE,"before":{"size":N,"root":BASE64},"proof":[BASE64],
     "key":BASE64}

`proof` is the consistency proof from the head `before` to the note's; `key` is the ledger key that signed the note. The file is written and synced before the
cosignature is given to anybody; while a head is judged the folder is locked.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.cosignature import cosign, cosigned_at
from ledger.chain.keys import b64, public_bytes, unb64
from ledger.chain.note import Checkpoint, add_signatures, is_signed_by, parse_checkpoint, parse_note
from ledger.chain.proofs import verify_consistency
from ledger.disclosure.source import Source
from ledger.errors import Busy, InputRejected, IntegrityFailed, IntegrityUndecided, StorageTrouble
from ledger.outside.evidence import FORMAT, Evidence, Side, side_of
from ledger.outside.heads import of_checkpoint
from ledger.store.files import private_folder, read_limited, write_whole
from ledger.words import os_fault

WAIT_SECONDS = 10


class Before(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The head that was cosigned before."""

    size: int
    root: str


class Witnessed(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """The last head cosigned, with the proof that led there from the one before; `key` is '' in a file of an older release."""

    format: str
    ledger_id: str
    note: str
    before: Before | None = None
    proof: list[str] = []
    key: str = ""


class Forked(IntegrityFailed):
    """Two signed heads that cannot be of one history."""

    def __init__(self, key: str, evidence: Evidence | None, **facts: Any) -> None:
        super().__init__(key, as_code="INV-16.FORK", **facts)
        self.evidence = evidence


class Witness:
    """A witness's key and folder."""

    def __init__(self, folder: Path, name: str, private: Ed25519PrivateKey) -> None:
        self.folder = folder
        self.name = name
        self._private = private

    def take(self, note: str, known: Source, keys: list[bytes], seconds: int, *, first_time: bool = False) -> str:
        """Cosign a note's head, if it extends the last one; returns the note with the witness's line.

        `known` is where the proof comes from, already judged; `keys` are those that may sign a checkpoint of this size. Where
        `known` is not the whole history, it is the key that signed the last head, or the last head is the first.

        Raises:
            IntegrityFailed: the head is not of `known`, or does not extend the last one (Forked, with evidence).
            IntegrityUndecided: the ledger was never seen, and `first_time` was not said; or there is no proof, or another key.
        """
        head = of_checkpoint(note, "the checkpoint")
        if head.head.origin != known.head.origin:
            raise IntegrityFailed("INV-16.ORIGIN:checkpoint", origin=head.head.origin)
        signed = [key for key in keys if head.is_signed([key])]
        if not signed and known.is_whole:
            raise IntegrityFailed("INV-16.SIGNATURE:checkpoint")
        with self._locked():
            last = self._load(head.head.origin)
            if last is not None and not known.is_whole:
                signed = [_same_key(last, keys, head)]
            elif not signed:
                raise _replaced()
            proof = self._require_extended(last, head, known, first_time=first_time)
            line = cosign(parse_note(note).text, self.name, self._private, seconds)
            cosigned = add_signatures(note, line)
            before = None if last is None else _head(last.note)
            if before is not None and before.size == head.head.size:
                before, proof = None, []  # said again: what led here is kept
            self._keep(head.head.origin, Witnessed(
                "sunledger.witnessed/1", known.ledger_id, cosigned,
                Before(before.size, b64(before.root)) if before else last.before if last else None,
                [b64(part) for part in proof] if before else last.proof if last else [], b64(signed[0]),
            ))  # fmt: skip
        return cosigned

    def _require_extended(
        self, last: Witnessed | None, new: Source, known: Source, *, first_time: bool
    ) -> list[bytes]:
        head = new.head
        if last is not None and known.ledger_id != last.ledger_id:
            raise IntegrityFailed("INV-16.LEDGER:cosigned", ledger_id=known.ledger_id, pinned=last.ledger_id)
        old = of_checkpoint(last.note, "the head cosigned before") if last else None
        if old is not None and old.head.size == head.size and old.head.root != head.root:
            raise self._forked("WITNESS.FORK:root", old, new, known, size=head.size)
        if known.root_at(head.size) != head.root:
            if known.root_at(head.size) is None:
                raise IntegrityUndecided("UNDECIDED.PROOF:reach", where=known.where, size=head.size)
            evidence = _evidence(side_of(known, size=head.size), side_of(new), known)
            raise Forked("WITNESS.FORK:history", evidence, size=head.size, where=known.where)
        if old is None:
            if not first_time:
                raise IntegrityUndecided("UNDECIDED.FIRST_SIGHT:witness", ledger_id=known.ledger_id)
            return []
        if head.size < old.head.size:
            raise IntegrityFailed("INV-16.SHORTER:cosigned", size=head.size, old=old.head.size)
        return self._proof(old, new, known)

    def _proof(self, old: Source, new: Source, known: Source) -> list[bytes]:
        """The proof from the old head to the new one."""
        size = old.head.size
        if size == new.head.size:
            return []
        found = known.root_at(size)
        if found is None or (known.tree is None and new.head.size != known.head.size):
            raise IntegrityUndecided("UNDECIDED.PROOF:from", where=known.where, size=size)
        if found != old.head.root:
            raise self._forked("WITNESS.FORK:extends", old, new, known, size=size)
        proof = known.tree.consistency(size, new.head.size) if known.tree is not None else known.heads[size][1]
        assert verify_consistency(size, old.head.root, new.head.size, new.head.root, proof)
        return proof

    def _forked(self, key: str, old: Source, new: Source, known: Source, *, size: int) -> Forked:
        """Both heads are signed by the ledger: that convicts it, and is kept."""
        new.tree, new.heads = known.tree, known.heads
        return Forked(key, _evidence(side_of(old), side_of(new, size=old.head.size), known), size=size)

    def _load(self, origin: str) -> Witnessed | None:
        path = self._path(origin)
        if not path.exists():
            return None
        try:
            found = msgspec.json.decode(read_limited(path, 1 << 20, "witness's memory"), type=Witnessed)
            note = parse_note(found.note)
            if parse_checkpoint(note.text).origin != origin:
                raise ValueError("origin")
        except (msgspec.DecodeError, ValueError):
            raise InputRejected("INPUT.MEMORY:witness", path=path) from None
        if cosigned_at(note, self.name, public_bytes(self._private)) is None:
            raise IntegrityFailed("INV-16.MEMORY", path=path, name=self.name)
        return found

    def _keep(self, origin: str, witnessed: Witnessed) -> None:
        write_whole(self._path(origin), msgspec.json.encode(witnessed) + b"\n", mode=0o600)

    def _path(self, origin: str) -> Path:
        return self.folder / f"{origin.replace('/', '+')}.json"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Nobody else judges a head in this folder meanwhile. Raises Busy."""
        private_folder(self.folder)
        try:
            handle = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise StorageTrouble("STORAGE:file", path=self.folder, why=os_fault(error)) from None
        try:
            end = time.monotonic() + WAIT_SECONDS
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > end:
                        raise Busy("BUSY:witness", folder=self.folder) from None
                    time.sleep(0.05)
            yield
        finally:
            os.close(handle)


def _same_key(last: Witnessed, keys: list[bytes], head: Source) -> bytes:
    """The key that signed the last head, if it signed this one: growth alone does not show by what right a key was replaced.

    Raises IntegrityUndecided.
    """
    known = [unb64(last.key, 32)] if last.key else [key for key in keys if is_signed_by(parse_note(last.note), head.head.origin, key)]
    for key in known:
        if head.is_signed([key]):
            return key
    raise _replaced()


def _replaced() -> IntegrityUndecided:
    return IntegrityUndecided("UNDECIDED.KEY")


def _evidence(one: Side | None, two: Side | None, known: Source) -> Evidence | None:
    return Evidence(FORMAT, "fork", known.head.origin, known.ledger_id, one, two) if one and two else None


def _head(note: str) -> Checkpoint:
    return parse_checkpoint(parse_note(note).text)
