"""What an effect works with: the entry it is for, who acts, and the moves it makes."""

from typing import Any

from ledger.book.objects import Object
from ledger.book.rights import Actor
from ledger.book.state import Breach, State
from ledger.kinds.codec import Move
from ledger.kinds.types import Leg

UNBOUNDED = ("outside",)  # stages that may be below zero; `suspense` too in an observing ledger


class Context:
    """One entry on its way into the state.

    `seq` and `at` are those of the entry that takes effect; `id` and `actor` are those of the entry that says what
    happens, which is another one when a second person confirms.
    """

    __slots__ = ("actor", "at", "id", "lowered", "moves", "observing", "seq", "state")

    def __init__(self, state: State, seq: int, at: str, id: str, actor: Actor) -> None:
        self.state = state
        self.seq = seq
        self.at = at
        self.id = id
        self.actor = actor
        self.moves: list[Move] = []
        self.lowered: list[tuple[str, str, str]] = []
        ledger = state.get("ledger", "")
        self.observing = ledger is not None and ledger.mode == "observe"

    def put(self, sort: str, id: str, value: Object) -> None:
        """Make or replace an object."""
        self.state.put(sort, id, value)

    def move(self, source: str, target: str, quota: str, n: int, unit: str = "CNY") -> None:
        """Move `n` of a unit; in an observing ledger what the source lacks comes from its holder's `suspense`."""
        holder, _, stage = source.partition(":")
        if self.observing and stage not in ("outside", "suspense"):
            held = max(self.state.balance((source, unit, quota)), 0)
            if held < n:
                if held:
                    self.move_exactly(source, target, quota, held, unit)
                self.move_exactly(f"{holder}:suspense", target, f"?{self.id}", n - held, unit)
                return
        self.move_exactly(source, target, quota, n, unit)

    def move_exactly(self, source: str, target: str, quota: str, n: int, unit: str) -> None:
        """Move `n` from just that account."""
        self.moves.append(Move(source, n, quota, target, unit))
        self.state.add((source, unit, quota), -n)
        self.state.add((target, unit, quota), n)
        self.lowered.append((source, unit, quota))

    def move_legs(self, source: str, target: str, legs: Any) -> None:
        """Move each leg under its quota."""
        for leg in legs:
            self.move(source, target, leg.quota, leg.amount)

    def require_funds(self) -> None:
        """Check that no account that was lowered is below zero, but those that may be."""
        for key in self.lowered:
            account, unit, quota = key
            n = self.state.balance(key)
            stage = account.rpartition(":")[2]
            if n < 0 and stage not in UNBOUNDED and not (self.observing and stage == "suspense"):
                raise (
                    Breach("BALANCE.SHORT", account=account, lacks_fen=-n, quota=quota)
                    if unit == "CNY"
                    else Breach("BALANCE.SHORT:unit", account=account, lacks=-n, unit=unit, quota=quota)
                )


def require_legs(legs: tuple[Leg, ...] | list[Leg], own_id: str, state: State, observing: bool) -> None:
    """Check that legs are there, that each quota is named once and known."""
    if not legs:
        raise Breach("INPUT.LEGS:none")
    if len({leg.quota for leg in legs}) != len(legs):
        raise Breach("INPUT.LEGS:twice")
    for leg in legs:
        if leg.quota.startswith("?"):
            if not observing or leg.quota != f"?{own_id}":
                raise Breach("REFERENCE.QUOTA", id=leg.quota)
        else:
            state.quota(leg.quota)
