"""The evidence half: canonical bytes, digests, chain, tree, seals. Knows no rights and no balances."""

from typing import TYPE_CHECKING, Any

from ledger.chain.header import Header, content_digest, expected_header, genesis_prev, is_origin, parse_header
from ledger.chain.keys import ED25519, key_id, seal_message, unb64, verify_signature
from ledger.chain.merkle import Frontier, leaf_hash
from ledger.kinds.codec import Content, decode_content
from ledger.kinds.keys import ENROLLING
from ledger.store.rows import Seal
from ledger.verify.findings import Findings

if TYPE_CHECKING:
    from concurrent.futures import Future

assert ED25519 == b"\x01"
_BATCH = 128


class Evidence:
    """Takes the rows of a ledger in order and says what of them is not evidence."""

    def __init__(self, origin: str, seals: list[Any], findings: Findings, sizes: set[int], signed_from: int | None = 0) -> None:
        """`seals` are rows in order of `first`; `sizes` are those whose roots are wanted.

        Seals that end at or below `signed_from` are not checked by signature, with None all but the last.
        """
        if not is_origin(origin):
            findings.add("INV-01.ORIGIN", origin=origin, seq=0)
        self.origin = origin
        self.findings = findings
        self.tree = Frontier()
        self.roots: dict[int, bytes] = {0: self.tree.root()}
        self._sizes = sizes
        self._prev = genesis_prev(origin)
        self._next = 0
        self._keys: dict[str, tuple[bytes, int]] = {}  # and the entry each stands in
        self._seals = self._sound(seals)
        newest = self._seals[-1].first if self._seals else 0
        self.signed_from = newest if signed_from is None else min(signed_from, newest)
        self._at = 0
        from concurrent.futures import ThreadPoolExecutor

        self._pool = ThreadPoolExecutor(2)
        self._waiting: list[tuple[int, bytes, bytes, bytes]] = []
        self._results: list[Future[list[int]]] = []

    def _sound(self, rows: list[Any]) -> list[Seal]:
        """The seals of the right types, in order, checked to tile the history."""
        seals, end = [], 0
        for row in rows:
            if [type(cell) for cell in row] != [int, int, bytes, str, bytes, bytes]:
                self.findings.add("INV-04.TYPE", size=row[1])
                continue
            seal = Seal(*row)
            if seal.first != end or seal.size <= seal.first:
                self.findings.add("INV-04.TILES", end=end, first=seal.first, seq=end)
            seals.append(seal)
            end = seal.size
        return seals

    def take(self, row: Any, *, clean: bool) -> tuple[int, Header, Content] | None:
        """The header and content of the next row, or None where there is nothing to replay."""
        if [type(cell) for cell in row] != [int, bytes, bytes, bytes]:
            self.findings.add("INV-01.TYPE", seq=self._next)
            return None
        seq, raw_header, raw, leaf = row
        if seq != self._next:
            if seq > self._next:
                self.findings.add("INV-02.MISSING", seq=self._next)
            else:
                self.findings.add("INV-02.MISSING:order", seq=seq)
            self._next = seq
        self._next += 1
        computed = leaf_hash(raw_header)
        if computed != leaf:
            self.findings.add("INV-03.LEAF", seq=seq)
        prev, self._prev = self._prev, computed.hex()
        self.tree.append(computed)
        if self.tree.size in self._sizes:
            self.roots[self.tree.size] = self.tree.root()
        digest = content_digest(raw)
        header = expected_header(raw_header, seq, prev, digest) or self._odd_header(
            raw_header, seq, prev, digest
        )
        if header is None:
            return None
        try:
            content = decode_content(raw, self.origin, clean=clean)
        except ValueError as error:
            self.findings.add("INV-01.CONTENT", seq=seq, why=error)
            self._check_seal(seq, None)
            return None
        self._check_seal(seq, content.author)
        self._learn_keys(seq, content)
        return seq, header, content

    def _odd_header(self, raw: bytes, seq: int, prev: str, digest: str) -> Header | None:
        """A header that is not what the entries around it make of it, with a finding for each difference."""
        try:
            header = parse_header(raw)
        except ValueError as error:
            self.findings.add("INV-01.HEADER", seq=seq, why=error)
            return None
        if header.seq != seq or header.prev != prev:
            self.findings.add("INV-02.PREV", seq=seq)
        if header.content != digest:
            self.findings.add("INV-01.DIGEST", seq=seq)
        return header

    def _learn_keys(self, seq: int, content: Content) -> None:
        """Keys name themselves: an author is the hash of a public key that stands in an earlier entry."""
        if content.kind not in ENROLLING or content.event is None:
            return
        event: Any = content.event
        for holder in event.roots if content.kind == "ledger.open" else [event]:
            try:
                public = unb64(holder.public_key, 32)
            except ValueError:
                continue
            self._keys.setdefault(key_id(public), (public, seq))

    def _check_seal(self, seq: int, author: str | None) -> None:
        while self._at < len(self._seals) and self._seals[self._at].size <= seq:
            self._at += 1
        if self._at == len(self._seals) or self._seals[self._at].first > seq:
            self.findings.add("INV-04.UNSEALED", seq=seq)
            return
        seal = self._seals[self._at]
        if author is not None and author != seal.author:
            self.findings.add("INV-04.AUTHOR", seq=seq)
        if seal.size == seq + 1:
            self._end_of_seal(seal)

    def _end_of_seal(self, seal: Seal) -> None:
        if self.tree.size != seal.size or self.tree.root() != seal.root:
            self.findings.add("INV-03.ROOT", size=seal.size, seq=seal.first)
        elif self.tree.to_bytes() != seal.frontier:
            self.findings.add("INV-03.FRONTIER", size=seal.size, seq=seal.first)
        if seal.first == 0:
            self._first = seal  # its key stands in entry 0 itself, and is known once that was read
        else:
            self._submit(seal, self._key_before(seal))

    def _key_before(self, seal: Seal) -> bytes | None:
        """The author's key, if it stands in an entry before the seal; a root's, for the first seal."""
        public, seq = self._keys.get(seal.author, (None, -1))
        return public if seq < max(seal.first, 1) else None

    def _submit(self, seal: Seal, public: bytes | None) -> None:
        if public is None:
            self.findings.add("INV-04.KEY", size=seal.size, seq=seal.first)
            return
        if seal.size <= self.signed_from:
            return
        message = seal_message(seal.first, self.origin, seal.size, seal.root)
        self._waiting.append((seal.first, public, seal.signature, message))
        if len(self._waiting) >= _BATCH:
            self._results.append(self._pool.submit(_unsigned, self._waiting))
            self._waiting = []

    _first: Seal | None = None

    def finish(self, size: int | None = None) -> None:
        """Settle what waits, and check that the last seal ends where the history does."""
        if self._first is not None:
            self._submit(self._first, self._key_before(self._first))
        self._results.append(self._pool.submit(_unsigned, self._waiting))
        for result in self._results:
            for first in result.result():
                self.findings.add("INV-04.SIGNATURE", seq=first)
        self._pool.shutdown()
        end = self._seals[-1].size if self._seals else 0
        if end != self.tree.size:
            self.findings.add("INV-04.END", end=end, size=self.tree.size, seq=min(end, self.tree.size))


def _unsigned(seals: list[tuple[int, bytes, bytes, bytes]]) -> list[int]:
    """The positions of seals whose signature does not verify."""
    return [
        first
        for first, public, signature, message in seals
        if not verify_signature(public, signature, message)
    ]
