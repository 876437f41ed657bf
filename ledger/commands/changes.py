"""The command `changes`: each entry that came between two heads, late and back-dated ones marked."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from ledger.audit.changes import changes as changes_between
from ledger.audit.changes import roots_at
from ledger.commands.journal import SHEET, TABLE, rows
from ledger.commands.options import current
from ledger.commands.reading import CHECKED, reading
from ledger.commands.reads import Csv, Into, give_table
from ledger.commands.sources import read_source
from ledger.disclosure.source import Source
from ledger.errors import IntegrityFailed
from ledger.store.session import Session

_MARKS = {"mark": "迟登 / late"}
_COLUMNS = {name: head for name, head in TABLE.items() if name != "status"} | _MARKS | {"status": TABLE["status"]}
_SHEET = SHEET | {"late_days": "迟登天数 / days late", "backdated": "业务日期在前一检查点之内 / within the earlier head"}


def changes(
    a: Annotated[str, typer.Argument(metavar="A", help="较早的检查点、公告、证据包或台账 / the earlier checkpoint, paper, bundle or ledger")],
    b: Annotated[str | None, typer.Argument(metavar="B", help="较晚的一份，默认台账现状 / the later one; the ledger as it is now")] = None,
    csv: Csv = False,
    output: Into = None,
) -> None:
    """两个检查点之间新增的每一条，迟登、补登旧日期的标出 / each entry that came between two heads; late and back-dated ones are marked."""
    options = current()
    words = [word for word in (a, b) if word is not None]
    heads = [read_source(options, word) for word in words]
    ledgers = [(source.head.size, word) for word, source in zip(words, heads, strict=True) if source.sort == "ledger"]
    with reading(options, max(ledgers)[1] if ledgers and b is not None else None) as (session, _):
        first, last = _ends(session, heads)
        found = list(changes_between(session, first, last))
    between = {"from": {"size": first}, "to": {"size": last}}
    payload: dict[str, Any] = between | {"entries": found, "checked": [*CHECKED, "heads"]}
    out = options.output
    plain = not (csv or output or options.as_json)
    said = list(_rows(found, out.chinese, sheet=not plain))
    if plain and not found:
        out.answer("changes", payload, [out.words(f"没有新条目：两者都是 {first} 条", f"nothing new: both are of {first} entries")])
        return
    give_table(options, "changes", payload, "entries", _COLUMNS, csv=csv, into=output, rows=said, sheet=_SHEET,
               flexible=("about", "status", "officer", "kind"))  # fmt: skip
    late, back = sum(entry["late_days"] > 0 for entry in found), sum(entry["backdated"] for entry in found)
    out.say(f"{first} 条 → {last} 条，新增 {len(found)} 条；其中 {late} 条登记晚于业务日期，{back} 条补登到前一份截止日之前（标“旧”）",
            f"{first} → {last} entries, {len(found)} new; {late} recorded after their business date, {back} dated in days that the earlier"
            " head had closed (marked old)")  # fmt: skip


def _ends(session: Session, heads: list[Source]) -> tuple[int, int]:
    """The sizes between which to look. Raises IntegrityFailed where a head is not one of this ledger."""
    roots = roots_at(session, (source.head.size for source in heads))
    for source in heads:
        head = source.head
        if head.origin != session.origin or source.ledger_id not in ("", session.id):
            raise IntegrityFailed("INV-16.ORIGIN", where=source.where, origin=head.origin)
        if head.size not in roots:
            raise IntegrityFailed("INV-16.SHORTER", where=source.where, size=head.size)
        if roots[head.size] != head.root:
            raise IntegrityFailed("INV-16.FORK", where=source.where, size=head.size)
    sizes = sorted([*roots, session.size] if len(heads) == 1 else roots)
    return sizes[0], sizes[-1]


def _rows(found: Iterable[dict[str, Any]], chinese: bool, *, sheet: bool) -> Iterator[dict[str, Any]]:
    """Rows of the journal with how late each was recorded."""
    entries = list(found)
    for entry, row in zip(entries, rows(entries, chinese, sheet=sheet), strict=True):
        late = (f"{entry['late_days']}天" if chinese else f"{entry['late_days']} d") if entry["late_days"] else ""
        old = ("旧" if chinese else "old") if entry["backdated"] else ""
        yield row | {"mark": " ".join(part for part in (late, old) if part), "late_days": entry["late_days"], "backdated": entry["backdated"]}
