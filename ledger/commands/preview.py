"""What a person sees before a write: every field with its name, and the amount in 元 and 大写."""

from collections.abc import Iterator
from typing import Any

import msgspec

from ledger.audit.payees import alike
from ledger.audit.sealed import masked
from ledger.book.state import State
from ledger.commands.readable import data_lines
from ledger.kinds.declare import KINDS, KindInfo
from ledger.kinds.draft import Draft
from ledger.money import capitals, yuan

WHOLE = 20  # more entries than this are shown as a count a kind


def preview_lines(state: State, drafts: list[Draft], chinese: bool) -> list[str]:
    """Lines about all drafts, the count and the total last."""
    lines: list[str] = []
    if len(drafts) <= WHOLE:
        for draft in drafts:
            lines += draft_lines(state, draft, chinese)
    else:
        for kind in dict.fromkeys(draft.kind for draft in drafts):
            count = sum(draft.kind == kind for draft in drafts)
            lines.append(f"{_title(KINDS[kind], chinese)} × {count}")
    total = sum(amount_of(state, draft) for draft in drafts)
    if total:
        several = len(drafts) > 1
        of = (f" {len(drafts)} 笔，" if chinese else f" of {len(drafts)} entries") if several else ""
        lines.append(f"  合计{of or ' '}{yuan(total)} 元（{capitals(total)}）" if chinese
                     else f"  total{of} {yuan(total)} yuan ({capitals(total)})")  # fmt: skip
    return lines


def draft_lines(state: State, draft: Draft, chinese: bool) -> list[str]:
    """One draft: its kind, its date, its fields; of what it decides on, what that says."""
    info = KINDS[draft.kind]

    def named(sort: str, id: str) -> str:
        found = state.get(sort, id) if sort in ("authority", "project", "officer") else None
        return str(getattr(found, "name", ""))

    lines = [f"{_title(info, chinese)}  {draft.occurred_on}"]
    lines += data_lines(info, draft.data, chinese, named)
    for name, value in draft.sealed.items():
        label, mark = (f"{info.fields[name].zh}：", "（密封）") if chinese else (f"{name}: ", " (sealed)")
        lines.append(f"  {label}{masked(name, value)}{mark}")
    payment = (
        state.get("payment", str(draft.data.get("payment"))) if draft.kind != "payment.request" else None
    )
    if payment:
        lines.append(f"  → {payment.project}，{payment.payee}，{yuan(sum(leg.amount for leg in payment.rest))} 元"
                     if chinese else f"  → {payment.project}, {payment.payee}, {yuan(sum(leg.amount for leg in payment.rest))} yuan")  # fmt: skip
    payee = payment.payee if payment else draft.data.get("payee")
    lines += alike_lines(state, payee, chinese) if isinstance(payee, str) else []
    named_kinds = [draft.kind, *(kind for _, kind, _ in named_entries(state, draft))]
    if "person.erase" in named_kinds and draft.kind in ("person.erase", "entry.confirm"):
        lines.append("  注意：销毁密钥后不可恢复，此人的密封信息从此无人能见" if chinese
                     else "  mind: it cannot be undone; once the key is destroyed nobody can read this person's sealed values again")  # fmt: skip
    if draft.kind == "officer.revoke" and "since" in draft.data:
        since = draft.data["since"]
        lines.append(f"  注意：此人自 #{since} 起登记的条目全部存疑，逐条由他人复核或冲销为止" if chinese
                     else f"  mind: all that this officer recorded from #{since} on is suspect until another person confirms or reverses each")  # fmt: skip
    for seq, kind, data in named_entries(state, draft):
        lines.append(f"  → #{seq} {_title(KINDS[kind], chinese) if kind in KINDS else kind}")
        lines += [f"  {line}" for line in data_lines(KINDS.get(kind), data, chinese, named)]
    return lines


def alike_lines(state: State, payee: str, chinese: bool) -> list[str]:
    """A line for each payee that looks like this one and is another."""
    return [f"  注意：收款人与 {id} 的“{other}”相似而不相同" if chinese else f"  mind: the payee looks like {other!r} of {id}, and is not the same"
            for id, other in alike(state, payee)]  # fmt: skip


def named_entries(state: State, draft: Draft) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Position, kind and data of the entry that a draft names, then of the one that this names, and so on."""
    reference = draft.data.get("entry")
    while isinstance(reference, dict):
        seq = state.history.seq_of(reference["entry"])
        if seq is None:
            return
        content = msgspec.json.decode(state.history.entry(seq)[1])
        yield seq, content["kind"], content["data"]
        reference = content["data"].get("entry")


def amount_of(state: State, draft: Draft) -> int:
    """The money an entry is about, in fen: its own, that of the payment it decides on, or that of the entry it names."""
    if draft.kind in ("payment.approve", "payment.reject") and not draft.data.get("legs"):
        payment = state.get("payment", draft.data["payment"])
        return sum(leg.amount for leg in payment.rest) if payment else 0
    *_, (_, _, data) = [(0, "", draft.data), *named_entries(state, draft)]
    if data.get("legs"):
        return sum(leg["amount"] for leg in data["legs"])
    amount = data.get("amount", 0)
    return amount if isinstance(amount, int) else 0


def _title(info: KindInfo, chinese: bool) -> str:
    return f"{info.zh}（{info.name}）" if chinese else f"{info.en} ({info.name})"
