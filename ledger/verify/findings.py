"""What verify finds, kept by promise: all are counted, the first hundreds are told."""

from collections import Counter
from typing import Any

from ledger.book.invariants import invariant_of
from ledger.errors import Problem

MAX_TOLD = 500


class Findings:
    """The findings of a run."""

    def __init__(self) -> None:
        self.told: list[Problem] = []
        self.count = 0
        self.undecided = 0
        self.by_invariant: Counter[str] = Counter()
        self.doubts: Counter[str] = Counter()

    def doubt(self, key: str, **facts: Any) -> None:
        """Take note of what is neither sound nor broken: evidence for a verdict is missing."""
        self.undecided += 1
        self.doubts[invariant_of(key)] += 1
        self.add(key, **facts)

    def add(self, key: str, *, as_code: str = "", **facts: Any) -> None:
        """Take note of a finding; its code begins with its promise, or is that of a breach. `seq` is where it stands."""
        invariant = invariant_of(as_code or key)
        self.count += 1
        self.by_invariant[invariant] += 1
        if len(self.told) < MAX_TOLD:
            self.told.append(Problem(key, as_code=as_code, invariant=invariant, **facts))

    def take(self, problem: Problem) -> None:
        """Take note of a finding of another's."""
        invariant = invariant_of(str(problem["code"]))
        self.count += 1
        self.by_invariant[invariant] += 1
        if len(self.told) < MAX_TOLD:
            problem["invariant"] = invariant
            self.told.append(problem)

    @property
    def verdict(self) -> str:
        """`verified`, `undecided` where nothing is broken and something is in doubt, or `failed`."""
        return "verified" if not self.count else "undecided" if self.count == self.undecided else "failed"

    def in_order(self) -> list[Problem]:
        """The findings told, by position in the ledger; those without one last."""
        last = 1 << 62
        return sorted(self.told, key=lambda problem: (problem.get("seq", last), str(problem["code"])))
