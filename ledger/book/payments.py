"""The effects of payments: reserve, pay or release, always by two persons; what is reserved lies on the payment's own account."""

from ledger.book.context import Context, require_legs
from ledger.book.effects import change, effect, require_new_holder, reversal, use_project
from ledger.book.objects import Payment
from ledger.book.state import Breach, State
from ledger.kinds import payments
from ledger.kinds.types import Leg


def rest_of(state: State, id: str, payment: Payment) -> list[Leg]:
    """What of a request is neither paid nor rejected, its quotas ascending."""
    held = ((quota, state.balance((f"{id}:reserved", "CNY", quota))) for quota in payment.quotas)
    return [Leg(amount=n, quota=quota) for quota, n in held if n]


@effect("payment.request")
def payment_request(c: Context, e: payments.PaymentRequest) -> None:
    """`budget` of the project → `reserved` of the payment."""
    if c.state.get("payment", e.payment) is not None:
        raise Breach("REFERENCE.TAKEN:payment", id=e.payment)
    require_new_holder(c, e.payment)
    require_legs(e.legs, c.id, c.state, c.observing)
    use_project(c, e.project)
    quotas = {leg.quota for leg in e.legs} | ({f"?{c.id}"} if c.observing else set())  # a part perhaps from suspense
    c.put("payment", e.payment, Payment(
        project=e.project, person=c.actor.person, payee=e.payee, quotas=tuple(sorted(quotas)), seq=c.seq
    ))  # fmt: skip
    c.move_legs(f"{e.project}:budget", f"{e.payment}:reserved", e.legs)


@reversal("payment.request")
def payment_request_back(c: Context, e: payments.PaymentRequest) -> None:
    """The request is gone, if no decision on it stands."""
    payment = c.state.payment(e.payment)
    if payment.uses:
        raise Breach("REVERSAL.BUILT_UPON:payment", uses=payment.uses, id=e.payment)
    c.put("payment", e.payment, change(payment, reversed=True))
    use_project(c, payment.project, -1)


@effect("payment.approve")
def payment_approve(c: Context, e: payments.PaymentApprove) -> None:
    """`reserved` of the payment → `paid` of its project, the whole rest or the legs named."""
    _decide(c, e.payment, None if e.legs is None else list(e.legs), "paid")


@effect("payment.reject")
def payment_reject(c: Context, e: payments.PaymentReject) -> None:
    """`reserved` of the payment → `budget` of its project, the whole rest."""
    _decide(c, e.payment, None, "budget")


@reversal("payment.approve", "payment.reject")
def payment_decision_back(c: Context, e: payments.PaymentApprove | payments.PaymentReject) -> None:
    """What was decided is open again."""
    payment = c.state.payment(e.payment)
    c.put("payment", e.payment, change(payment, uses=payment.uses - 1))


def _decide(c: Context, id: str, legs: list[Leg] | None, stage: str) -> None:
    payment = c.state.payment(id)
    if c.actor.person == payment.person:
        raise Breach("RIGHTS.SAME_PERSON:payment", person=c.actor.person, payment=id)
    rest = rest_of(c.state, id, payment)
    if not rest:
        raise Breach("REFERENCE.SETTLED", id=id)
    if legs is not None:
        _require_within(rest, legs)
    c.put("payment", id, change(payment, uses=payment.uses + 1))
    for leg in rest if legs is None else legs:
        c.move_exactly(f"{id}:reserved", f"{payment.project}:{stage}", leg.quota, leg.amount, "CNY")


def _require_within(rest: list[Leg], legs: list[Leg]) -> None:
    if not legs or len({leg.quota for leg in legs}) != len(legs):
        raise Breach("INPUT.LEGS:decision")
    left = {leg.quota: leg.amount for leg in rest}
    for leg in legs:
        if left.get(leg.quota, 0) < leg.amount:
            raise Breach("BALANCE.REQUEST", quota=leg.quota, asked_fen=leg.amount, rest_fen=left.get(leg.quota, 0))
