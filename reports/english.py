"""The last page for readers of English: the same figures, the same limits; the Chinese text prevails."""

from collections.abc import Iterator, Sequence

from ledger.money import Fen, yuan
from reports.block import BOLD, QUIET, WARM, Block, Room
from reports.model import Allocation, Line, Source, stated
from reports.page import FRAME_HEIGHT
from reports.pdf import moment
from reports.table import Column, Row, Table
from reports.text import Heading, Style, Text

_NOT_STATED = "not stated"
_TITLE = Style(size=15, leading=22, face=BOLD, after=4)
_MARKS = Style(size=10, leading=16, face=BOLD, colour=WARM, after=4)
_BODY = Style(size=9.5, leading=15, indent=84, after=3)
_NOTE = Style(size=8.5, leading=13, colour=QUIET, before=4)


def english_page(figures: Allocation) -> Iterator[Block]:
    """A page of its own: totals, how to check, what cannot be shown, where to object."""
    at = moment(figures.head.at)
    yield Room(FRAME_HEIGHT - 1)
    yield Heading(f"Allocation of funds: {figures.place}, {figures.year}", _TITLE)
    marks = (("Transcribed from public papers; not an official document", figures.transcribed),
             ("Invented sample data", figures.invented))
    yield from (Text(mark, _MARKS) for mark, holds in marks if holds)
    yield Table((Column("Figure", weight=1), Column("Yuan (CNY)", align="right")), list(_totals(figures)))
    head = figures.head
    phone = figures.phone or ("none stated in the published paper" if figures.transcribed else "none recorded in this ledger")
    explained = {
        "Ledger": f"{figures.ledger_name}; {head.origin}; book {figures.book}; "
                  f"{head.size:,} entries on {at.date().isoformat()}.",
        "Root": " ".join(head.root[start:start + 4] for start in range(0, len(head.root), 4)),
        "Range": _range(figures),
        "To check": "The attached disclosure.json holds all entries of these books with their proof (docs/format.md, section "
                    "12), rows.csv the rows of this paper; anyone can compute the figures again, offline: sunledger check "
                    "FILE --trust WHAT. Take the ledger id, the keys or the checkpoint to compare with from elsewhere, never from this file.",
        "Limits": "The ledger shows that records were not altered after entry and that sums are right. It cannot show "
                  "that what was entered is true, or that everything was entered.",
        "Telephone": phone + ".",
        "Nature": "A management register: not books of account, and no substitute for the budget system.",
    }
    yield from (Text(text, _BODY, label=label) for label, text in explained.items())
    yield Text("The Chinese text prevails.", _NOTE)


def _range(figures: Allocation) -> str:
    shown = figures.range
    books = ", ".join(f"{name} ({count:,} entries)" for name, count in shown.entries)
    earlier = ("What is left of earlier years' quotas is not stated." if figures.transcribed else
               f"Of earlier years' quotas {yuan(shown.earlier_fen)} yuan are not arranged and in no figure.")
    return (f"Quotas of budget year {figures.year}; books {books}, whole up to the checkpoint. {earlier} Reversed: "
            f"{shown.taken_back:,}; void: {shown.void:,}; in no figure. What was recorded after the checkpoint is not in this paper.")


def _totals(figures: Allocation) -> Iterator[Row]:
    suspense = figures.from_suspense_fen
    yield Row(("Received", _known(figures.received_fen, figures.sources, figures.received_whole)))
    yield Row(("Arranged for projects and units", _known(figures.arranged_fen, figures.lines, figures.arranged_whole)))
    yield Row(("Arranged, source not stated", yuan(suspense) if suspense or figures.unarranged_fen is not None else _NOT_STATED))
    yield Row(("Not arranged", _NOT_STATED if figures.unarranged_fen is None else yuan(figures.unarranged_fen)))
    yield Row(("Paid", _paid(figures)))


def _known(amount: Fen, parts: Sequence[Source] | Sequence[Line], whole: bool) -> str:
    """A sum where it is known; that of the amounts which are stated; or that none is."""
    if whole:
        return yuan(amount)
    known = stated(parts)
    return f"{yuan(amount)} ({known} amounts stated; the rest not)" if known else _NOT_STATED


def _paid(figures: Allocation) -> str:
    """What was paid: as recorded, as the papers' own columns say, or not stated."""
    if figures.paid_fen or not figures.transcribed:
        return yuan(figures.paid_fen)
    known = [line.paid_fen for line in figures.lines if line.paid_fen is not None]
    if not known:
        return _NOT_STATED
    rest = "" if len(known) == len(figures.lines) and figures.arranged_whole else "; the rest not"
    return f"{yuan(sum(known))} (as {len(known)} lines state{rest})"
