"""The meaning half: rights, second persons, books, references, balances by replay; projections against it."""

from collections.abc import Callable, Iterator
from typing import Any

from ledger.book.apply import apply
from ledger.book.objects import to_text
from ledger.book.state import Breach, State
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
            raise IntegrityFailed("INV-02.MISSING", seq=seq)
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
        self.breaches: dict[int, Breach] = {}

    def take(self, seq: int, header: Header, content: Content) -> None:
        """Replay one entry."""
        try:
            outcome = apply(self.state, seq, header.at, content, header.books)
        except (IntegrityFailed, ValueError) as error:
            self.findings.add("INV-08.REPLAY", seq=seq, why=error)
            return
        self.history.ids.setdefault(content.id, seq)
        if outcome.breach:
            self.breaches[seq] = outcome.breach
            if seq == 0:
                self.findings.add("INV-08.GENESIS", why=outcome.breach, seq=0)
        fact, moves = projections.rows_of(self.state, seq, header.at, content, outcome)
        self.facts.append(fact)
        self.moves += moves
        self.state.forget_log()
        if header.at > self._latest and not outcome.breach:
            self._late.append(seq)

    def compare(self, table: str, expected: list[Any], stored: list[Any], count: int) -> None:
        """Compare stored rows with expected ones; the first `count` cells of a row are its place."""
        if expected == stored:
            return
        code = f"INV-13.{table.upper()}"
        wanted = {row[:count]: row for row in expected}
        found = {row[:count]: row for row in stored}
        if len(found) != len(stored):
            self.findings.add("DERIVED:twice", as_code=code, table=table)
        for place in sorted(wanted.keys() | found.keys(), key=str):
            a, b = wanted.get(place), found.get(place)
            if a != b:
                facts = {"table": table, "place": _text(place)} | ({"seq": place[0]} if isinstance(place[0], int) else {})
                if b is None:
                    self.findings.add("DERIVED:missing", as_code=code, **facts)
                elif a is None:
                    self.findings.add("DERIVED:foreign", as_code=code, **facts)
                else:
                    self.findings.add("DERIVED:differs", as_code=code, found=_text(b), expected=_text(a), **facts)

    def finish(self) -> None:
        """Name void and ahead entries that nobody acknowledged, and check the quotas."""
        for seq, breach in self.breaches.items():
            if seq and not self.state.get("void", str(seq)).acknowledged:
                self.findings.add("VOID", as_code=breach.code, seq=seq, why=breach)
        ahead = dict(self.state.objects("ahead"))
        for key, found in ahead.items():
            if not found.acknowledged:
                self.findings.add("INV-12.AHEAD", seq=int(key), at=found.at)
        for seq in self._late:
            if str(seq) not in ahead:
                self.findings.add("INV-12.AHEAD:clock", seq=seq)
        for key, suspect in self.state.objects("suspect"):
            if suspect.by < 0:
                self.findings.doubt("RIGHTS.SUSPECT:entry", seq=int(key))
        self._check_quotas()

    def _check_quotas(self) -> None:
        totals: dict[tuple[str, str], int] = {}
        for (_, unit, quota), n in self.state.balances():
            totals[unit, quota] = totals.get((unit, quota), 0) + n
        for (unit, quota), n in totals.items():
            if n:
                self.findings.add("INV-10.SUM", quota=quota, n=n, unit=unit)
        for id, quota in self.state.objects("quota"):
            received = -self.state.balance(("world:outside", "CNY", id))
            if received != (0 if quota.reversed else quota.amount):
                self.findings.add("INV-10.RECEIVED", quota=id, received_fen=received, amount_fen=quota.amount, seq=quota.seq)

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


def _text(row: Any) -> str:
    return " ".join(str(cell) for cell in row)
