"""Open work: what waits for somebody, and which of it an officer could do."""

from typing import Any

import msgspec

import ledger.book.apply  # noqa: F401  (registers every effect)
from ledger.audit.entries import describe
from ledger.audit.objects import decoded, objects_of
from ledger.book.context import Context
from ledger.book.corrections import require_right_for
from ledger.book.effects import EFFECTS
from ledger.book.objects import Officer
from ledger.book.state import Breach
from ledger.kinds.codec import convert_event
from ledger.kinds.declare import KINDS
from ledger.store.session import Session

LISTED = 200  # payments that are listed; of more, only their number and sum
ORDER = ("payment", "second", "suspect", "void")


class Work(msgspec.Struct, frozen=True):
    """One open thing: what kind of work, the entry it is about, and the event that would settle it."""

    work: str  # of ORDER
    seq: int
    kind: str
    data: dict[str, Any]
    more: dict[str, Any]


def waiting_seqs(session: Session, sort: str, open_mark: str) -> list[int]:
    """The entries of a sort of object whose stored line holds `open_mark`, in order."""
    rows = session.database.all(
        session.connection, "SELECT id, value FROM objects WHERE sort = ? AND value LIKE ?", (sort, f"%{open_mark}%")
    )
    return sorted(int(id) for id, value in rows if open_mark in value and decoded(sort, id, value))


def open_payments(session: Session) -> tuple[list[Work], int, int]:
    """Requests that nobody decided whole, the newest first; what they ask for in all; how many. Each is what lies on a payment's account."""
    reserved: dict[str, int] = {}
    for account, n in session.database.all(
        session.connection, "SELECT account, n FROM balances WHERE unit = 'CNY' AND account LIKE ?", ("%:reserved",)
    ):
        id = account.partition(":")[0]
        reserved[id] = reserved.get(id, 0) + int(n)
    payments = objects_of(session, "payment", reserved)
    newest = sorted(payments.items(), key=lambda item: -item[1].seq)[:LISTED]
    works = [Work("payment", of.seq, "payment.approve", {"payment": id},
                  {"payment": id, "project": of.project, "payee": of.payee, "amount_fen": reserved[id]}) for id, of in newest]  # fmt: skip
    return works, sum(reserved.values()), len(reserved)


def todo(session: Session) -> dict[str, Any]:
    """All open work: `payments` with their sum and count, `second` persons, `suspect` and `void` entries, each a list of `Work`."""
    payments, reserved, count = open_payments(session)
    return {
        "payment": payments, "reserved_fen": reserved, "payments": count,
        "second": [confirmation(session, "second", seq) for seq in waiting_seqs(session, "waiting", '"status":"waiting"')],
        "suspect": [confirmation(session, "suspect", seq) for seq in waiting_seqs(session, "suspect", '"by":-1')],
        "void": [confirmation(session, "void", seq, "entry.void") for seq in waiting_seqs(session, "void", '"acknowledged":false')],
    }  # fmt: skip


def confirmation(session: Session, work: str, seq: int, kind: str = "entry.confirm") -> Work:
    """What would settle an entry that waits, is suspect or void: `work` says which."""
    said = describe(session, seq)
    more = {"entry": seq, "of": said["kind"], "amount_fen": said["amount_fen"], "officer": said["officer"], "about": said["about"]}
    reference = {"entry": str(seq), "leaf": said["leaf"]}
    data = {"entry": reference} | ({"finding": "void", "reason": "-"} if kind == "entry.void" else {})
    return Work(work, seq, kind, data, more)


def could_do(session: Session, officer: Officer, work: Work) -> bool:
    """Whether the rules of today would let an officer settle this; asked of the rules themselves, and undone."""
    state = session.state
    mark = state.mark()
    try:
        event, info = convert_event(work.kind, work.data), KINDS[work.kind]
        require_right_for(state, officer, info, event)
        context = Context(state, session.size, "", "-", officer)
        EFFECTS[work.kind](context, event)
        context.require_funds()
    except (Breach, msgspec.ValidationError):
        return False
    finally:
        state.undo(mark)
    return officer.active
