"""What a person sees before a write: every field with its name, and the amount in 元 and 大写."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from ledger.audit.payees import alike
from ledger.audit.sealed import masked
from ledger.book.payments import rest_of
from ledger.book.state import State
from ledger.commands.doubts import Earlier, doubts_of
from ledger.commands.fields import is_amount
from ledger.commands.readable import Named, account_words, data_lines, names_in
from ledger.kinds.codec import Move
from ledger.kinds.declare import KINDS, KindInfo
from ledger.kinds.draft import Draft
from ledger.money import capitals, yuan
from ledger.store.append import DraftSource, Receipt
from ledger.words import Fault

OUTSIDE = "world:outside"
WHOLE = 20  # more entries than this are shown as a count a kind


class Preview:
    """What drafts say and would do, seen one by one, each before it is in the state."""

    def __init__(self, chinese: bool, *, shows: bool = True, earlier: Sequence[Earlier] = ()) -> None:
        """`shows` is False where only the doubts will be told; `earlier` are entries that a draft may repeat."""
        self.chinese = chinese
        self.earlier = earlier
        self.shows = shows
        self.drafts: list[Draft] = []
        self.doubts: list[Fault] = []
        self.total = 0
        self._lines: list[str] = []

    def see(self, state: State, draft: Draft) -> None:
        """Take in one draft, as the ledger stands before it."""
        self.drafts.append(draft)
        self.doubts += doubts_of(state, draft, self.earlier)
        if not self.shows:
            return
        self.total += amount_of(state, draft)
        if len(self.drafts) <= WHOLE:
            self._lines += draft_lines(state, draft, self.chinese)

    def lines(self) -> list[str]:
        """Lines about all drafts, the count and the total last."""
        lines = list(self._lines)
        if len(self.drafts) > WHOLE:
            counts = Counter(draft.kind for draft in self.drafts)
            lines = [f"{_title(KINDS[kind], self.chinese)} × {count}" for kind, count in counts.items()]
        if self.total:
            several = len(self.drafts) > 1
            of = (f" {len(self.drafts)} 条，" if self.chinese else f" of {len(self.drafts)} entries") if several else ""
            lines.append(f"  合计{of or ' '}{yuan(self.total)} 元（{capitals(self.total)}）" if self.chinese
                         else f"  total{of} {yuan(self.total)} yuan ({capitals(self.total)})")  # fmt: skip
        return lines


class Trial(Preview):
    """Drafts on their way into an append, and what was seen of them; afterwards the moves, and what remains."""

    def __init__(self, make: DraftSource, chinese: bool, *, shows: bool = True, earlier: Sequence[Earlier] = ()) -> None:
        super().__init__(chinese, shows=shows, earlier=earlier)
        self._make = make
        self._state: State | None = None

    def __call__(self, state: State) -> Iterable[Draft]:
        """The drafts for this state."""
        super().__init__(self.chinese, shows=self.shows, earlier=self.earlier)
        self._state = state
        found = self._make(state)
        if not isinstance(found, list):
            return self._each(state, found)
        for draft in found:
            self.see(state, draft)
        return found

    def _each(self, state: State, drafts: Iterable[Draft]) -> Iterator[Draft]:
        for draft in drafts:
            self.see(state, draft)
            yield draft

    def effect(self, receipt: Receipt, named: Named) -> "Effect":
        """What the append moved, or would move; the state still knows each account that was touched, and nothing else."""
        assert self._state is not None
        state, moves = self._state, [move for entry in receipt.entries for move in entry.moves]
        changed: dict[tuple[str, str, str], int] = {}
        for move in moves:
            for account, n in ((move.source, -move.n), (move.target, move.n)):
                key = (account, move.unit, move.quota)
                changed[key] = changed.get(key, 0) + n
        remains = [Remains(account, quota, unit, state.balance((account, unit, quota)))
                   for account, unit, quota in changed if account != OUTSIDE]  # fmt: skip
        return Effect(moves, remains, any(entry.waits for entry in receipt.entries), named)


    def told(self, receipt: Receipt, named: Named) -> "Foreseen":
        """What a person is shown before the question, and a dry run instead of it."""
        effect = self.effect(receipt, named)
        lines = self.lines()
        facts = {"lines": [line.strip() for line in lines], "total_fen": self.total, "capitals": capitals(self.total),
                 "doubts": [str(doubt) for doubt in self.doubts], "moves": effect.as_json()["moves"]}  # fmt: skip
        return Foreseen([*lines, *effect.lines(self.chinese)], {"preview": facts, "remains": effect.as_json()["remains"]})

    def doubt_lines(self) -> list[str]:
        """One line a doubt."""
        return [f"  {'请核对' if self.chinese else 'mind'}{'：' if self.chinese else ': '}{doubt}" for doubt in self.doubts]


class Foreseen(NamedTuple):
    """What a command would do: lines for a person, keys for a program."""

    lines: list[str]
    facts: dict[str, Any]

    @classmethod
    def nothing(cls) -> "Foreseen":
        """Of a command whose entries stand already."""
        return cls([], {"preview": {"lines": [], "total_fen": 0, "capitals": capitals(0), "doubts": [], "moves": []}, "remains": []})


class Remains(NamedTuple):
    """What an account holds of a quota afterwards."""

    account: str
    quota: str
    unit: str
    n: int


class Effect(NamedTuple):
    """What drafts move and what remains; `waits` where a second person decides first."""

    moves: list[Move]
    remains: list[Remains]
    waits: bool
    named: Named

    def lines(self, chinese: bool) -> list[str]:
        """A line a move and one an account; of very many, how many."""
        lines = []
        if self.waits:
            lines.append("  须第二人复核后生效，此前资金不动" if chinese else "  takes effect when a second person confirms; no money moves before")
        if len(self.moves) > WHOLE:
            lines.append(f"  资金变动 {len(self.moves)} 笔" if chinese else f"  {len(self.moves)} moves of money")
        else:
            lines += [_move_line(move, self.named, chinese) for move in self.moves]
        if len(self.remains) > WHOLE:
            lines.append(f"  此后有变动的账户 {len(self.remains)} 个（--json 逐一列出）" if chinese
                         else f"  {len(self.remains)} accounts change (--json lists them)")  # fmt: skip
        else:
            lines += [_remains_line(row, self.named, chinese) for row in self.remains]
        return lines

    def as_json(self) -> dict[str, Any]:
        """Moves and remains; an account is `holder:stage`."""
        moves = [{"from": move.source, "to": move.target, "quota": move.quota, "unit": move.unit, **_counted(move.unit, move.n)}
                 for move in self.moves]  # fmt: skip
        remains = [{"holder": row.account.partition(":")[0], "stage": row.account.partition(":")[2], "quota": row.quota,
                    "unit": row.unit, **_counted(row.unit, row.n)} for row in self.remains]  # fmt: skip
        return {"moves": moves, "remains": remains}


def _counted(unit: str, n: int) -> dict[str, int]:
    return {"amount_fen": n} if unit == "CNY" else {"n": n}


def _said(unit: str, n: int, chinese: bool) -> str:
    return f"{yuan(n)} {'元' if chinese else 'yuan'}" if unit == "CNY" else f"{n} {unit}"


def _move_line(move: Move, named: Named, chinese: bool) -> str:
    # The accounts stand with their codes in the lines of what remains.
    source, target = (account_words(account, named, chinese).partition("〔" if chinese else " [")[0] for account in (move.source, move.target))
    amount = _said(move.unit, move.n, chinese)
    return (f"  资金：{source} → {target}　{amount}　指标 {move.quota}" if chinese
            else f"  moves: {source} → {target}  {amount}  quota {move.quota}")  # fmt: skip


def _remains_line(row: Remains, named: Named, chinese: bool) -> str:
    account, amount = account_words(row.account, named, chinese), _said(row.unit, row.n, chinese)
    spent = row.account.endswith(":paid")
    if chinese:
        return f"  此后：{row.quota} 在 {account} {'累计' if spent else '尚余'} {amount}"
    return f"  afterwards: {row.quota} in {account} {'comes to' if spent else 'still has'} {amount}"


def preview_lines(state: State, drafts: Iterable[Draft], chinese: bool) -> list[str]:
    """Lines about all drafts, the count and the total last."""
    preview = Preview(chinese)
    for draft in drafts:
        preview.see(state, draft)
    return preview.lines()


def draft_lines(state: State, draft: Draft, chinese: bool) -> list[str]:
    """One draft: its kind, its date, its fields; of what it decides on, what that says."""
    info = KINDS[draft.kind]
    named = names_in(state)
    lines = [f"{_title(info, chinese)}  {draft.occurred_on}"]
    lines += data_lines(info, draft.data, chinese, named)
    for name, value in draft.data.items():
        if name != "amount" and is_amount(info.fields[name]):  # that of the money itself stands at the end, in both forms
            lines.append(f"  {info.fields[name].zh}（大写）：{capitals(value)}" if chinese else f"  {name} in capitals: {capitals(value)}")
    for name, value in draft.sealed.items():
        label, mark = (f"{info.fields[name].zh}：", "（密封）") if chinese else (f"{name}: ", " (sealed)")
        lines.append(f"  {label}{masked(name, value)}{mark}")
    payment = (
        state.get("payment", str(draft.data.get("payment"))) if draft.kind != "payment.request" else None
    )
    if payment:
        rest = yuan(_rest(state, draft.data["payment"]))
        lines.append(f"  → {payment.project}，{payment.payee}，{rest} 元" if chinese else f"  → {payment.project}, {payment.payee}, {rest} yuan")
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
        return _rest(state, draft.data["payment"])
    *_, (_, _, data) = [(0, "", draft.data), *named_entries(state, draft)]
    if data.get("legs"):
        return sum(leg["amount"] for leg in data["legs"])
    amount = data.get("amount", 0)
    return amount if isinstance(amount, int) else 0


def _title(info: KindInfo, chinese: bool) -> str:
    return f"{info.zh}（{info.name}）" if chinese else f"{info.en} ({info.name})"


def _rest(state: State, id: str) -> int:
    """What of a payment's request is open, in fen."""
    payment = state.get("payment", id)
    return sum(leg.amount for leg in rest_of(state, id, payment)) if payment else 0
