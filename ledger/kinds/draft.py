"""A draft: what someone wants to record, before it has an author, moves, salt and a place in the ledger."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """One event to be recorded: its kind (`noun.verb`), its id, its business date, and its fields as JSON values.

    `sealed` are the values that the entry only commits to, by field.
    """

    kind: str
    id: str
    occurred_on: str
    data: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict, repr=False)
