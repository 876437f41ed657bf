"""Which kinds are commands of a noun."""

from ledger.kinds import codec  # noqa: F401  # declares them all
from ledger.kinds.declare import KINDS, KindInfo

BUILT_IN = ("book.state",)  # written by hand, because what they hold is computed


def kinds_of(noun: str) -> dict[str, KindInfo]:
    """The kinds that a person records by `noun verb`, by their verbs as typed."""
    return {name.partition(".")[2].replace("_", "-"): info for name, info in KINDS.items()
            if name.startswith(f"{noun}.") and not info.through and name not in BUILT_IN}  # fmt: skip
