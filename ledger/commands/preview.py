"""What a person sees before a write: every field with its name, and the amount in 元 and 大写."""

from typing import Any

import msgspec

from ledger.book.references import entry_at
from ledger.book.state import State
from ledger.commands.fields import find_entry
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
        count = len(drafts)
        lines.append(f"  合计 {count} 笔，{yuan(total)} 元（{capitals(total)}）" if chinese
                     else f"  total {yuan(total)} yuan ({capitals(total)}), {count} entries")  # fmt: skip
    return lines


def draft_lines(state: State, draft: Draft, chinese: bool) -> list[str]:
    """One draft: its kind, its date, its fields; of what it decides on, what that says."""
    info = KINDS[draft.kind]

    def named(sort: str, id: str) -> str:
        found = state.get(sort, id) if sort in ("authority", "project", "officer") else None
        return str(getattr(found, "name", ""))

    lines = [f"{_title(info, chinese)}　{draft.occurred_on}"]
    lines += data_lines(info, draft.data, chinese, named)
    payment = (
        state.get("payment", str(draft.data.get("payment"))) if draft.kind != "payment.request" else None
    )
    if payment:
        lines.append(f"  → {payment.project}，{payment.payee}，{yuan(sum(leg.amount for leg in payment.rest))} 元"
                     if chinese else f"  → {payment.project}, {payment.payee}, {yuan(sum(leg.amount for leg in payment.rest))} yuan")  # fmt: skip
    about = named_entry(state, draft)
    if about is not None:
        kind, data = about
        lines.append(f"  → {_title(KINDS[kind], chinese) if kind in KINDS else kind}")
        lines += [f"  {line}" for line in data_lines(KINDS.get(kind), data, chinese, named)]
    return lines


def named_entry(state: State, draft: Draft) -> tuple[str, dict[str, Any]] | None:
    """Kind and data of the entry that a confirmation, reversal or voiding names."""
    reference = draft.data.get("entry")
    seq = find_entry(state, reference["entry"]) if isinstance(reference, dict) else None
    if seq is None:
        return None
    content = msgspec.json.decode(state.history.entry(seq)[1])
    return entry_at(state, seq).content.kind, content["data"]


def amount_of(state: State, draft: Draft) -> int:
    """The money an entry is about, in fen: its own, that of the payment it decides on, or that of the entry it names."""
    if draft.kind in ("payment.approve", "payment.reject") and not draft.data.get("legs"):
        payment = state.get("payment", draft.data["payment"])
        return sum(leg.amount for leg in payment.rest) if payment else 0
    about = named_entry(state, draft)
    data = about[1] if about else draft.data
    if data.get("legs"):
        return sum(leg["amount"] for leg in data["legs"])
    amount = data.get("amount", 0)
    return amount if isinstance(amount, int) else 0


def _title(info: KindInfo, chinese: bool) -> str:
    return f"{info.zh}（{info.name}）" if chinese else f"{info.en} ({info.name})"
