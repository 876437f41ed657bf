"""What a person types of `--quota Q`, `--quota Q=AMOUNT` and `--amount`: the quotas an event draws on, or the only one there is."""

from typing import Any, NamedTuple

from ledger.commands.fields import amount_of, in_form
from ledger.errors import InputRejected, Usage
from ledger.kinds.types import QuotaRef
from ledger.money import yuan


class TypedLegs(NamedTuple):
    """Quotas with amounts; or an `amount` in fen of one quota, '' for the only one; or neither, for the whole rest."""

    legs: list[dict[str, Any]]
    amount: int | None = None
    quota: str = ""

    def agrees(self, recorded: list[dict[str, Any]] | None) -> bool:
        """Whether recorded legs are what was typed; which quota was the only one is theirs to say."""
        if self.legs:
            return _sorted(self.legs) == _sorted(recorded or [])
        if self.amount is None:
            return recorded is None
        if self.quota:
            return recorded == [{"amount": self.amount, "quota": self.quota}]
        return recorded is not None and [leg["amount"] for leg in recorded] == [self.amount]

    def text(self) -> str:
        """What was typed, for a person."""
        if self.legs or self.amount is None:
            return legs_text(self.legs)
        return f"{self.quota} {yuan(self.amount)}".strip()


def typed_legs(kind: str, quotas: list[str], amount: str | None) -> TypedLegs:
    """The options `--quota` and `--amount` of a kind. Raises Usage, InputRejected."""
    named = [quota.replace("＝", "=").partition("=") for quota in quotas]
    for quota, _, _ in named:
        in_form(QuotaRef, quota, "--quota")
    total = amount_of("--amount", amount) if amount is not None else None
    if named and all(sign for _, sign, _ in named):
        legs: list[dict[str, Any]] = [{"amount": amount_of("--quota", part), "quota": quota} for quota, _, part in named]
        whole = sum(leg["amount"] for leg in legs)
        if total is not None and total != whole:
            raise InputRejected("INPUT.SUM", amount_fen=total, sum_fen=whole)
        return TypedLegs(legs)
    if len(named) > 1:
        raise Usage("USAGE:several_quotas")
    if total is None and named:
        raise Usage("USAGE:amount_of_quota", quota=quotas[0])
    if total is None and kind != "payment.approve":
        raise Usage("USAGE:amount")
    return TypedLegs([], total, named[0][0] if named else "")


def legs_text(legs: list[dict[str, Any]] | None) -> str:
    """Recorded legs for a person; '' where the whole rest is meant."""
    return " + ".join(f"{leg['quota']} {yuan(leg['amount'])}" for leg in legs or [])


def _sorted(legs: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return sorted((leg["quota"], leg["amount"]) for leg in legs)
