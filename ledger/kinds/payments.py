"""Kinds that pay: a request reserves, another person's approval pays, a rejection releases."""

from ledger.kinds.declare import Kind, field
from ledger.kinds.types import Code, Id, Leg, Sealed, Text, Word

PAYMENT_TYPES = {
    "advance": "预付款",
    "progress": "进度款",
    "settlement": "结算款",
    "retention": "质保金",
    "household": "到户资金",
    "fee": "费用",
    "subsidy": "补助",
    "wage": "劳务报酬",
}


class PaymentRequest(
    Kind,
    kind="payment.request",
    zh="用款申请",
    en="ask for a payment",
    stream="money",
    by=("handler",),
    reversible=True,
):
    """A claim on a project's money: its `budget` → `reserved` of the payment, until it is approved or rejected."""

    payment: Id = field(zh="支付编号", en="payment", new="payment", example="PAY-1")
    project: Code = field(zh="项目编码", en="project", ref="project", book=True, scope=True, example="P1")
    legs: list[Leg] = field(zh="资金来源及金额", en="quotas and amounts", ref="quota")
    payee: Text = field(zh="收款人", en="payee; of a person a pseudonym", example="示例公司")
    payment_type: Word | None = field(zh="支付类型", en="type", choices=PAYMENT_TYPES)
    payee_type: Word | None = field(
        zh="收款人类型", en="organisation or person", choices={"organisation": "单位", "person": "个人"}
    )
    account: Sealed | None = field(
        zh="收款账号", en="the payee's account, sealed", sealed="payee", example="6200000000000000001"
    )
    contract: Text | None = field(zh="合同号", en="contract")
    invoice: Text | None = field(zh="发票号", en="invoice")
    voucher: Text | None = field(zh="凭证号", en="voucher")
    purpose: Text | None = field(zh="用途", en="purpose")
    account_type: Text | None = field(zh="账户类型", en="type of account")


class PaymentApprove(
    Kind,
    kind="payment.approve",
    zh="批准支付",
    en="approve and pay a request, whole or part",
    stream="money",
    by=("approver", "treasury"),
    reversible=True,
):
    """`reserved` of the payment → `paid` of its project, by another person than the one who asked."""

    payment: Id = field(zh="支付编号", en="payment", ref="payment", book=True, scope=True, example="PAY-1")
    legs: list[Leg] | None = field(zh="资金来源及金额", en="a part; the whole rest if absent", ref="quota")
    voucher: Text | None = field(zh="凭证号", en="voucher")
    reason: Text | None = field(zh="说明", en="reason")


class PaymentReject(
    Kind,
    kind="payment.reject",
    zh="驳回支付",
    en="reject the rest of a request",
    stream="money",
    by=("approver", "treasury"),
    reversible=True,
):
    """`reserved` of the payment → `budget` of its project: the whole rest of the request is released."""

    payment: Id = field(zh="支付编号", en="payment", ref="payment", book=True, scope=True, example="PAY-1")
    reason: Text = field(zh="原因", en="reason", example="附件不全")
