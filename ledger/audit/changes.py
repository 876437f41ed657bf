"""What came between two heads of one ledger, each entry with how late it was recorded."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from ledger.audit.entries import between
from ledger.calendar import is_date, shanghai_date
from ledger.chain.header import parse_header
from ledger.chain.merkle import Frontier, Hash
from ledger.store.session import Session


def roots_at(session: Session, sizes: Iterable[int]) -> dict[int, Hash]:
    """The roots that the stored leaves give at these sizes; sizes beyond the ledger's are left out."""
    tree, found = Frontier(), {}
    for size in sorted(set(sizes)):
        if size > session.size:
            break
        tree.extend(session.leaves(tree.size, size))
        found[size] = tree.root()
    return found


def changes(session: Session, first: int, size: int) -> Iterator[dict[str, Any]]:
    """The entries that a head of `first` entries did not hold and one of `size` does, in order, as `describe` says them, and

    - `recorded_on`: the date in Shanghai on which it was recorded,
    - `late_days`: how many days after its business date that was,
    - `backdated`: its business date lies before the day on which the last entry of the earlier head was recorded, so that whoever
      kept that head had seen that day without it.

    Raises IntegrityFailed where an entry is not what its leaf binds.
    """
    seen_until = shanghai_date(parse_header(session.history.entry(first - 1)[0]).at) if first else ""
    for entry in between(session, first, size):
        session.history.entry(entry["seq"])  # header, content and leaf fit, or it says so
        recorded_on, occurred_on = shanghai_date(entry["at"]), entry["occurred_on"]
        late = (date.fromisoformat(recorded_on) - date.fromisoformat(occurred_on)).days if is_date(occurred_on) else 0
        yield entry | {"recorded_on": recorded_on, "late_days": max(late, 0), "backdated": occurred_on < seen_until}
