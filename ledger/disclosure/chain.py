"""All that was recorded of one thing: a payment from its request to what became of it, a quota or project with what was said of its entry."""

import msgspec

from ledger.chain.merkle import leaf_hash
from ledger.store.session import Session

_DECISIONS = ("payment.approve", "payment.reject")
_ABOUT = ("entry.confirm", "entry.reverse", "entry.void")


class _Entry(msgspec.Struct):
    entry: str
    leaf: str


class _Data(msgspec.Struct):
    payment: str = ""
    entry: _Entry | None = None


class _Content(msgspec.Struct):
    data: _Data


def made_by(session: Session, id: str) -> int | None:
    """The entry that made the one quota, project, payment or paper of an id; None where an entry of that id stands for itself."""
    made = {found.seq for sort in ("quota", "project", "payment", "paper") if (found := session.state.get(sort, id))}
    named = session.history.seq_of(id)
    return made.pop() if len(made) == 1 and named in (None, *made) else None


def chain_of(session: Session, seq: int) -> dict[int, str]:
    """An entry and, of a payment's request, every decision on it; with each, what confirms, takes back or acknowledges it: seq → kind.

    Void entries are left out. One pass over the entries about the same subject, in order.
    """
    database, connection = session.database, session.connection
    ((kind, subject),) = database.all(connection, "SELECT kind, subject FROM facts WHERE seq = ?", (seq,))
    payment = _data(session, seq).payment if kind == "payment.request" else ""
    chain: dict[int, str] = {seq: kind}
    leaves = {_leaf(session, seq)}
    for later, what in database.all(
        connection, "SELECT seq, kind FROM facts WHERE subject = ? AND seq > ? AND status <> 'void' AND kind IN (?, ?, ?, ?, ?) ORDER BY seq",
        (subject, seq, *_DECISIONS, *_ABOUT),
    ):  # fmt: skip
        data = _data(session, later)
        is_about = data.entry is not None and data.entry.leaf in leaves
        if is_about or (what in _DECISIONS and payment and data.payment == payment):
            chain[int(later)] = str(what)
            leaves.add(_leaf(session, later))
    return chain


def _data(session: Session, seq: int) -> _Data:
    return msgspec.json.decode(session.history.entry(seq)[1], type=_Content).data


def _leaf(session: Session, seq: int) -> str:
    return leaf_hash(session.history.entry(seq)[0]).hex()
