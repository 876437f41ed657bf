"""The effects of payments: reserve, pay or release, always by two persons."""

from ledger.book.context import Context, require_legs
from ledger.book.effects import change, effect, reversal, use_project
from ledger.book.objects import Payment
from ledger.book.state import Breach
from ledger.kinds import payments
from ledger.kinds.types import Leg


@effect("payment.request")
def payment_request(c: Context, e: payments.PaymentRequest) -> None:
    """`budget` → `reserved`."""
    if c.state.get("payment", e.payment) is not None:
        raise Breach("REFERENCE.TAKEN:payment", id=e.payment)
    require_legs(e.legs, c.id, c.state, c.observing)
    use_project(c, e.project)
    c.move_legs(f"{e.project}:budget", f"{e.project}:reserved", e.legs)
    reserved: dict[str, int] = {}  # a part perhaps from suspense, which several legs may draw on
    for move in c.moves:
        reserved[move.quota] = reserved.get(move.quota, 0) + move.n
    legs = tuple(Leg(amount=n, quota=quota) for quota, n in reserved.items())
    c.put("payment", e.payment, Payment(
        project=e.project, person=c.actor.person, payee=e.payee, asked=legs, rest=legs, seq=c.seq
    ))  # fmt: skip


@reversal("payment.request")
def payment_request_back(c: Context, e: payments.PaymentRequest) -> None:
    """The request is gone, if no decision on it stands."""
    payment = c.state.payment(e.payment)
    if payment.uses:
        raise Breach("REVERSAL.BUILT_UPON:payment", uses=payment.uses, id=e.payment)
    c.put("payment", e.payment, change(payment, reversed=True))
    use_project(c, payment.project, -1)


def _decide(c: Context, id: str) -> Payment:
    payment = c.state.payment(id)
    if c.actor.person == payment.person:
        raise Breach("RIGHTS.SAME_PERSON:payment", person=c.actor.person, payment=id)
    if not payment.rest:
        raise Breach("REFERENCE.SETTLED", id=id)
    return payment


@effect("payment.approve")
def payment_approve(c: Context, e: payments.PaymentApprove) -> None:
    """`reserved` → `paid`, the whole rest or the legs named."""
    payment = _decide(c, e.payment)
    legs = payment.rest if e.legs is None else tuple(e.legs)
    for leg in legs:
        if not leg.quota.startswith("?"):
            c.state.quota(leg.quota)
    c.put("payment", e.payment, change(payment, rest=_minus(payment.rest, legs), uses=payment.uses + 1))
    c.move_legs(f"{payment.project}:reserved", f"{payment.project}:paid", legs)


@reversal("payment.approve", "payment.reject")
def payment_decision_back(c: Context, e: payments.PaymentApprove | payments.PaymentReject) -> None:
    """What was decided is open again; the legs are those of the moves that were swapped."""
    payment = c.state.payment(e.payment)
    back = {move.quota: move.n for move in c.moves}
    rest = {leg.quota: leg.amount for leg in payment.rest}
    legs = tuple(
        Leg(amount=back.get(leg.quota, 0) + rest.get(leg.quota, 0), quota=leg.quota)
        for leg in payment.asked
        if leg.quota in back or leg.quota in rest
    )
    c.put("payment", e.payment, change(payment, rest=legs, uses=payment.uses - 1))


@effect("payment.reject")
def payment_reject(c: Context, e: payments.PaymentReject) -> None:
    """`reserved` → `budget`, the whole rest."""
    payment = _decide(c, e.payment)
    c.put("payment", e.payment, change(payment, rest=(), uses=payment.uses + 1))
    c.move_legs(f"{payment.project}:reserved", f"{payment.project}:budget", payment.rest)


def _minus(rest: tuple[Leg, ...], legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    if not legs or len({leg.quota for leg in legs}) != len(legs):
        raise Breach("INPUT.LEGS:decision")
    left = {leg.quota: leg.amount for leg in rest}
    for leg in legs:
        if left.get(leg.quota, 0) < leg.amount:
            raise Breach("BALANCE.REQUEST", quota=leg.quota, asked_fen=leg.amount, rest_fen=left.get(leg.quota, 0))
        left[leg.quota] -= leg.amount
    return tuple(Leg(amount=n, quota=quota) for quota, n in left.items() if n)
