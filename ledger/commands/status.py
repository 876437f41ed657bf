"""How a ledger stands, and what is open: the commands `status` and `todo`."""

from typing import Any

from ledger.audit.todo import ORDER, Work, could_do, todo
from ledger.chain.keys import unb64
from ledger.chain.note import verifier_key
from ledger.commands.asking import key_store
from ledger.commands.journal import kind_word
from ledger.commands.nearest import meant_id, with_meant
from ledger.commands.options import current
from ledger.commands.output import Output
from ledger.commands.readable import mode_words
from ledger.commands.reading import CHECKED, memory_words, reading
from ledger.commands.setup import last_checkpoint
from ledger.errors import NotFound
from ledger.money import yuan
from ledger.store.session import Session

SHOWN = 10  # open things of one sort that `status` names; `todo` names all it knows
WORK = {"payment": ("用款申请", "payment requests", "待批准", "to be decided"),
        "second": ("待复核", "waiting for a second person", "须另一人复核", "another person confirms"),
        "suspect": ("存疑条目", "suspect entries", "须另一人复核或冲销", "another person confirms or reverses"),
        "void": ("无效条目", "void entries", "须二人确认", "two persons acknowledge")}  # fmt: skip


def status() -> None:
    """台账现状：末端、待办、检查点 / head, open work, last checkpoint."""
    options = current()
    store = key_store(options)
    with reading(options) as (session, tree):
        state = session.state
        work = todo(session)
        void = [value for _, value in state.objects("void")]
        recoveries = [{"size": found.size, "persons": list(found.persons), "by": found.by} for _, found in state.objects("recovery")]
        payload: dict[str, Any] = {
            "origin": session.origin, "name": session.genesis.name, "mode": session.genesis.mode,
            "ledger_id": session.id, "size": session.size, "root": tree.root().hex(), "verifier_key": _verifier_key(session),
            "where": session.database.where, "waiting": [of.seq for of in work["second"]],
            "suspect": [of.seq for of in work["suspect"]], "recoveries": recoveries, "root_quorum": session.genesis.root_quorum,
            "void": len(void), "void_acknowledged": sum(value.acknowledged for value in void),
            "last_checkpoint": last_checkpoint(store, session.id),
            "memory": memory_words(options, session, tree, chinese=False),
            **_work_json(work),
            "checked": CHECKED,
        }  # fmt: skip
        said = payload | {"memory": memory_words(options, session, tree, chinese=options.chinese)}
        lines = status_lines(options.output, said, work)
    options.output.answer("status", payload, lines)


def todo_command() -> None:
    """待办：谁可以做什么；加 --as 只看此人可办的 / open work; with --as, what that officer could do."""
    options = current()
    with reading(options) as (session, _):
        work = todo(session)
        officer = None
        if options.officer is not None:
            officer = session.state.get("officer", options.officer)
            if officer is None:
                raise with_meant(NotFound("NOT_FOUND.OFFICER", id=options.officer), meant_id(session.state, "officer", options.officer))
            work |= {name: [of for of in work[name] if could_do(session, officer, of)] for name in ORDER}
    out, payload = options.output, {**_work_json(work), "officer": options.officer, "checked": CHECKED}
    if officer is None:
        lines = work_lines(out, work, shown=None)
    else:
        found = sum(len(work[name]) for name in ORDER)
        name = officer.name or officer.id
        lines = [out.words(f"{name} 可办 {found} 件", f"{officer.id} could settle {found}"),
                 *(_work_line(out, of) for name in ORDER for of in work[name])]  # fmt: skip
    out.answer("todo", payload, lines)


def _work_json(work: dict[str, Any]) -> dict[str, Any]:
    rows = [{"work": of.work, "seq": of.seq, "settled_by": of.kind, **of.more} for name in ORDER for of in work[name]]
    return {"todo": rows, "open_payments": work["payments"], "open_payments_fen": work["reserved_fen"]}


def _verifier_key(session: Session) -> str:
    """The key that signs checkpoints of this size, as others are told it."""
    keys = session.state.get("ledger_keys", "").keys
    return verifier_key(session.origin, unb64(keys[-1][1], 32))


def status_lines(out: Output, of: dict[str, Any], work: dict[str, Any]) -> list[str]:
    """The state of a ledger for a person."""
    words = out.words
    mode = mode_words(of["mode"], out.chinese)
    return [
        words(f"{of['name']}（{of['origin']}，{mode}）", f"{of['name']} ({of['origin']}, {mode})"),
        words(f"位置 {of['where']}", f"at {of['where']}"),
        words(f"条目 {of['size']}　树根 {of['root']}", f"entries {of['size']}  root {of['root']}"),
        words(f"台账编号 {of['ledger_id']}", f"ledger id {of['ledger_id']}"),
        words(f"台账公钥 {of['verifier_key']}", f"ledger key {of['verifier_key']}"),
        *work_lines(out, work, shown=SHOWN),
        *[words(f"曾有 {found['size']} 条的末端，已由 {len(found['persons'])}/{of['root_quorum']} 把根密钥宣告遗失",
                f"the head of {found['size']} entries said to be lost by {len(found['persons'])} of {of['root_quorum']} roots")
          for found in of["recoveries"]],
        words(f"无效条目 {of['void']}（已确认 {of['void_acknowledged']}）",
              f"void entries {of['void']}, acknowledged {of['void_acknowledged']}"),
        words(f"最近检查点 {of['last_checkpoint'] or '无'}　本机记忆 {of['memory']}",
              f"last checkpoint {of['last_checkpoint'] or 'none'}  memory of this key store: {of['memory']}"),
        words("已核：防改触发器、末端封签、前沿。完整核验：sunledger verify",
              "checked: guards, last seal, frontier. The whole proof: sunledger verify"),
    ]  # fmt: skip


def work_lines(out: Output, work: dict[str, Any], *, shown: int | None) -> list[str]:
    """Open work, a headline a sort and a line a thing; where there is none, that."""
    lines = []
    for name in ORDER:
        found: list[Work] = work[name]
        count = work["payments"] if name == "payment" else len(found)
        if not found:
            continue
        zh, en, zh_way, en_way = WORK[name]
        number = f"{count:,}"
        amount = work["reserved_fen"] if name == "payment" else None
        sum_zh, sum_en = (f" {yuan(amount)} 元", f", {yuan(amount)} yuan") if amount is not None else ("", "")
        lines.append(out.words(f"待办：{zh} {number} {'笔' if name == 'payment' else '条'}{sum_zh}，{zh_way}", f"open: {en} {number}{sum_en}, {en_way}"))
        listed = found if shown is None else found[:shown]
        lines += [_work_line(out, of) for of in listed]
        if len(listed) < count:
            lines.append(out.words("  …… 其余见 sunledger todo", "  … the rest: sunledger todo") if len(listed) < len(found)
                         else out.words("  …… 更早的见 sunledger log --kind payment.request", "  … older ones: sunledger log --kind payment.request"))  # fmt: skip
    return lines or [out.words("待办：无", "open work: none")]


def _work_line(out: Output, of: Work) -> str:
    """One open thing, and the command that settles it."""
    more = of.more
    if of.work == "payment":
        what = f"{more['payment']}  {more['payee']}  {more['project']}  {yuan(more['amount_fen'])}"
        return f"  #{of.seq} {what}{out.words(' 元', ' yuan')}  sunledger payment approve --payment {more['payment']}"
    amount = f"  {yuan(more['amount_fen'])}{out.words(' 元', ' yuan')}" if more["amount_fen"] is not None else ""
    about = "".join(f"  {word}" for word in more["about"])
    verb = "void" if of.work == "void" else "confirm"
    return f"  #{of.seq} {kind_word(more['of'], out.chinese)}{about}{amount}  {more['officer']}  sunledger entry {verb} --entry {of.seq}"
