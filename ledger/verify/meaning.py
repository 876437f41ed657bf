"""The meaning half: rights, second persons, books, references, balances by replay; projections against it."""

from collections.abc import Callable, Iterator
from typing import Any

from ledger.book.apply import apply
from ledger.book.objects import to_text
from ledger.book.state import State
from ledger.calendar import TOLERANCE_SECONDS, shifted
from ledger.chain.header import Header
from ledger.errors import IntegrityFailed
from ledger.kinds.codec import Content
from ledger.store import projections
from ledger.verify.findings import Findings

Fetch = Callable[[int], tuple[bytes, bytes, bytes] | None]
_WHAT = {"seq": 0, "i": 1}


class ReplayHistory:
    """Earlier entries of the ledger under verification."""

    def __init__(self, origin: str, fetch: Fetch) -> None:
        self.origin = origin
        self.ids: dict[str, int] = {}
        self._fetch = fetch

    def entry(self, seq: int) -> tuple[bytes, bytes, bytes]:
        """Header, content and leaf of an entry."""
        found = self._fetch(seq)
        if found is None:
            raise IntegrityFailed(f"entry {seq} missing", code="INV-02.MISSING", seq=seq)
        return found

    def seq_of(self, id: str) -> int | None:
        """The first entry of that id."""
        return self.ids.get(id)

    def last_mover(self, account: str, quota: str) -> int | None:
        """Only words; not known here."""
        return None


class Meaning:
    """Replays entries in order and compares what follows with what is stored."""

    def __init__(self, origin: str, fetch: Fetch, findings: Findings, now: str) -> None:
        self.history = ReplayHistory(origin, fetch)
        self.state = State(self.history)
        self.findings = findings
        self.facts: list[tuple[Any, ...]] = []
        self.moves: list[tuple[Any, ...]] = []
        self._latest = shifted(now, TOLERANCE_SECONDS)
        self._late: list[int] = []
        self.breaches: dict[int, tuple[str, str]] = {}

    def take(self, seq: int, header: Header, content: Content) -> None:
        """Replay one entry."""
        try:
            outcome = apply(self.state, seq, header.at, content, header.books)
        except (IntegrityFailed, ValueError) as error:
            self.findings.add("INV-08.REPLAY", f"entry {seq} cannot be replayed: {error}", seq)
            return
        self.history.ids.setdefault(content.id, seq)
        if outcome.breach:
            self.breaches[seq] = (outcome.breach.code, outcome.breach.message)
            if seq == 0:
                self.findings.add(
                    "INV-08.GENESIS", f"entry 0 does not open a ledger: {outcome.breach.message}", 0
                )
        fact, moves = projections.rows_of(self.state, seq, header.at, content, outcome)
        self.facts.append(fact)
        self.moves += moves
        self.state.forget_log()
        if header.at > self._latest:
            self._late.append(seq)

    def compare(self, table: str, expected: list[Any], stored: list[Any], count: int) -> None:
        """Compare stored rows with expected ones; the first `count` cells of a row are its place."""
        if expected == stored:
            return
        wanted = {row[:count]: row for row in expected}
        found = {row[:count]: row for row in stored}
        if len(found) != len(stored):
            self.findings.add(f"INV-13.{table.upper()}", f"derived table {table} holds a row twice")
        for place in sorted(wanted.keys() | found.keys(), key=str):
            a, b = wanted.get(place), found.get(place)
            if a != b:
                seq = place[0] if isinstance(place[0], int) else None
                words = (
                    "is missing"
                    if b is None
                    else "is not of the history"
                    if a is None
                    else f"holds {_cut(b)}, entries give {_cut(a)}"
                )
                self.findings.add(
                    f"INV-13.{table.upper()}", f"derived table {table} differs: row {_cut(place)} {words}", seq,
                    hint="sunledger rebuild makes projections again",
                )  # fmt: skip

    def finish(self) -> None:
        """Name void and ahead entries that nobody acknowledged, and check the quotas."""
        for seq, (code, message) in self.breaches.items():
            if seq and not self.state.get("void", str(seq)).acknowledged:
                self.findings.add(code, f"entry {seq} is void: {message}", seq,
                                  hint=f"two persons acknowledge it: sunledger entry void --entry {seq}")  # fmt: skip
        ahead = dict(self.state.objects("ahead"))
        for key, found in ahead.items():
            if not found.acknowledged:
                self.findings.add("INV-12.AHEAD", f"entry {key} is ahead: {found.at} lies after a later entry", int(key),
                                  hint=f"two persons acknowledge it: sunledger entry void --entry {key}")  # fmt: skip
        for seq in self._late:
            if str(seq) not in ahead:
                self.findings.add("INV-12.AHEAD", f"entry {seq} is ahead of this machine's clock", seq)
        for key, suspect in self.state.objects("suspect"):
            if suspect.by < 0:
                self.findings.doubt("RIGHTS.SUSPECT", f"entry {key} is suspect: a compromised key may have signed it", int(key),
                                    hint=f"another person confirms it (sunledger entry confirm --entry {key}) or reverses it")  # fmt: skip
        self._check_quotas()

    def _check_quotas(self) -> None:
        totals: dict[tuple[str, str], int] = {}
        for (_, unit, quota), n in self.state.balances():
            totals[unit, quota] = totals.get((unit, quota), 0) + n
        for (unit, quota), n in totals.items():
            if n:
                self.findings.add(
                    "INV-10.SUM", f"stages of quota {quota} sum to {n} {unit}, not to what was received"
                )
        for id, quota in self.state.objects("quota"):
            received = -self.state.balance(("world:outside", "CNY", id))
            if received != (0 if quota.reversed else quota.amount):
                self.findings.add("INV-10.RECEIVED", f"quota {id} received {received}, its entry says {quota.amount}",
                                  quota.seq)  # fmt: skip

    def objects(self) -> Iterator[tuple[str, str, str]]:
        """The rows the table `objects` must hold."""
        for (sort, id), value in self.state.all_objects().items():
            yield sort, id, to_text(value)

    def balances(self) -> Iterator[tuple[str, str, str, int]]:
        """The rows the table `balances` must hold."""
        for (account, unit, quota), n in self.state.balances():
            yield account, unit, quota, n

    def counts(self) -> dict[str, int]:
        """How many entries are void, ahead and suspect, and how many of them were acknowledged or settled."""
        void = [found for _, found in self.state.objects("void")]
        ahead = [found for _, found in self.state.objects("ahead")]
        suspect = [found for _, found in self.state.objects("suspect")]
        return {
            "suspect": len(suspect),
            "suspect_settled": sum(found.by >= 0 for found in suspect),
            "void": len(void),
            "void_acknowledged": sum(found.acknowledged for found in void),
            "ahead": len(ahead),
            "ahead_acknowledged": sum(found.acknowledged for found in ahead),
        }


def _cut(value: Any) -> str:
    text = " ".join(str(cell) for cell in value)
    return text if len(text) <= 90 else text[:87] + "…"
