"""What was decided on a payment: approvals, rejections, what confirms them and what takes them back."""

from ledger.audit.flows import named
from ledger.audit.objects import marks
from ledger.audit.page import ABOUT_ENTRIES, stored
from ledger.book.objects import Payment
from ledger.store.session import Session

DECIDING = ("payment.approve", "payment.reject", *ABOUT_ENTRIES)


def decisions(session: Session, payment: Payment, id: str) -> list[int]:
    """The entries that decide on a payment, and those about them; nothing is read where none ever counted."""
    if not payment.uses:
        return []
    rows = session.database.all(
        session.connection,
        f"SELECT seq FROM facts WHERE subject = ? AND seq > ? AND kind IN ({marks(list(DECIDING))})",
        (payment.project, payment.seq, *DECIDING),
    )
    return sorted(seq for seq, of in payments_of(session, [seq for (seq,) in rows]).items() if of == id)


def payments_of(session: Session, seqs: list[int]) -> dict[int, str]:
    """Which payment each entry is about, '' for none; a confirmation is about what it confirms."""
    found = stored(session, seqs)
    meant = named(session, (seq for seq, of in found.items() if of.kind in ABOUT_ENTRIES))
    earlier = stored(session, set(meant.values()))
    return {seq: str((earlier[meant[seq]] if seq in meant else of).data.get("payment", "")) for seq, of in found.items()}
