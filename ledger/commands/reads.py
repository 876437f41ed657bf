"""Commands that answer questions: log, show, balance, trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.audit.balances import DIMENSIONS, account_rows, grouped
from ledger.audit.entries import describe, find
from ledger.audit.trace import trace as trace_money
from ledger.book.state import Breach
from ledger.calendar import is_date
from ledger.chain.note import parse_checkpoint, parse_note
from ledger.commands.fields import find_entry
from ledger.commands.options import Options, current
from ledger.commands.record import key_store
from ledger.errors import InputRejected, LedgerError, NotFound, Usage
from ledger.money import wan_yuan, yuan
from ledger.service import Ledger
from ledger.store import rows
from ledger.store.files import read_limited
from ledger.store.memory import Memory
from ledger.store.session import Session

At = Annotated[
    str | None, typer.Option("--at", help="当时所载：序号或检查点文件 / position or checkpoint file")
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="截至业务日期 / business date")]
CHECKED = ["guards", "last seal", "frontier"]


@contextmanager
def reading(options: Options) -> Iterator[Session]:
    """A session whose guards, last seal and frontier are checked; warns where it is not what was seen before."""
    ledger = Ledger.open(options.ledger)
    try:
        with ledger.reading() as session:
            for warning in session.require_guards():
                options.output.say(warning, warning)
            tree = session.tree()
            try:
                Memory(key_store(options).folder, session.id).require_extended(
                    tree.size,
                    tree.root(),
                    lambda first, size: rows.leaves(ledger.database, session.connection, first, size),
                )
            except LedgerError as error:
                if error.exit_code == 10:
                    options.output.say(f"警告：{error.message}", f"warning: {error.message}")
            yield session
    finally:
        ledger.close()


def position(session: Session, at: str | None) -> int | None:
    """How many entries `--at` counts: those before a position, or those of a checkpoint file."""
    if at is None:
        return None
    if at.isascii() and at.isdigit():
        if int(at) > session.size:
            raise NotFound(f"--at {at}: the ledger has {session.size} entries", code="NOT_FOUND.POSITION")
        return int(at)
    try:
        text = read_limited(Path(at), 64 * 1024, "checkpoint").decode()
        checkpoint = parse_checkpoint(parse_note(text).text)
    except ValueError as error:
        raise InputRejected(f"--at {at[:60]}: not a checkpoint: {error}", code="INPUT.CHECKPOINT") from None
    if checkpoint.origin != session.origin or checkpoint.size > session.size:
        raise NotFound(f"--at {at[:60]}: not a checkpoint of this ledger", code="NOT_FOUND.POSITION")
    return checkpoint.size


def day(name: str, text: str | None) -> str | None:
    """A date option."""
    if text is not None and not is_date(text):
        raise InputRejected(f"{name}: {text[:40]!r} is not a day that exists (YYYY-MM-DD)", code="INPUT.DATE")
    return text


def needed_entry(session: Session, word: str) -> int:
    """The entry a read names. Raises NotFound (5)."""
    seq = find_entry(session.state, word)
    if seq is None:
        raise NotFound(f"no entry {word[:70]!r}", code="NOT_FOUND.ENTRY", hint="see: sunledger log")
    return seq


def log(
    book: Annotated[str | None, typer.Option("--book", help="机构代码或账册 / body or book")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="事项 / kind")] = None,
    project: Annotated[str | None, typer.Option("--project", help="项目编码 / project")] = None,
    officer: Annotated[str | None, typer.Option("--officer", help="登记人 / officer")] = None,
    since: Annotated[str | None, typer.Option("--since", help="业务日期起 / from")] = None,
    until: Annotated[str | None, typer.Option("--until", help="业务日期止 / to")] = None,
    at: At = None,
    as_of: AsOf = None,
) -> None:
    """条目清单 / entries."""
    options = current()
    with reading(options) as session:
        entries = find(session, kind=kind, subject=project, officer=officer, since=day("--since", since),
                       until=day("--until", until), book=book, at=position(session, at), as_of=day("--as-of", as_of))  # fmt: skip
    columns = {"seq": "序号", "occurred_on": "业务日期", "kind": "事项", "officer": "登记人", "amount_fen": "金额",
               "id": "条目编号", "status": "状态"}  # fmt: skip
    options.output.table("log", {"entries": entries, "checked": CHECKED}, "entries", columns)


def show(
    entry: Annotated[str, typer.Argument(help="序号、条目编号或业务编号 / seq, entry id or business id")],
    raw: Annotated[bool, typer.Option("--bytes", help="原始字节 / the exact bytes")] = False,
) -> None:
    """一条条目的全部内容 / one entry whole."""
    options = current()
    with reading(options) as session:
        seq = needed_entry(session, entry)
        found = describe(session, seq)
        header, content, _ = session.history.entry(seq)
        if raw:
            found |= {"header": header.decode(), "content": content.decode()}
    lines = [f"#{found['seq']} {found['kind']}　{found['status']}",
             f"条目编号 {found['id']}　业务日期 {found['occurred_on']}　登记 {found['at']}　登记人 {found['officer']}",
             f"账册 {'、'.join(found['books']) or '—'}", f"叶值 {found['leaf']}"]  # fmt: skip
    lines += [f"  {name}：{value}" for name, value in found["data"].items()]
    for move in found["moves"]:
        amount = f"{yuan(move['n'])} 元" if move["unit"] == "CNY" else f"{move['n']} {move['unit']}"
        lines.append(f"  {move['from']} → {move['to']}　{amount}　指标 {move['quota']}")
    if raw:
        lines += ["", *found["header"].rstrip("\n").split("\n"), "", found["content"]]
    options.output.answer("show", {"entries": [found], **found}, lines)


def balance(
    by: Annotated[str | None, typer.Option("--by", help="分组：holder,quota,stage,project,unit")] = None,
    holder: Annotated[str | None, typer.Option("--holder", help="机构代码 / body")] = None,
    project: Annotated[str | None, typer.Option("--project", help="项目编码 / project")] = None,
    quota: Annotated[str | None, typer.Option("--quota", help="指标编号 / quota")] = None,
    stage: Annotated[str | None, typer.Option("--stage", help="环节 / stage")] = None,
    at: At = None,
    as_of: AsOf = None,
    csv: Annotated[bool, typer.Option("--csv", help="CSV")] = False,
) -> None:
    """余额：按机构、指标、环节、项目 / what accounts hold."""
    options = current()
    options.output.csv_rows = csv
    dimensions = [name.strip() for name in by.split(",")] if by else list(DIMENSIONS)
    for name in dimensions:
        if name not in DIMENSIONS:
            raise Usage(f"--by {name[:30]!r} is not one of {', '.join(DIMENSIONS)}")
    with reading(options) as session:
        state = session.state
        if project is not None and state.get("project", project) is None:
            raise NotFound(
                f"no project {project[:40]!r}",
                code="NOT_FOUND.PROJECT",
                hint="see: sunledger log --kind project.propose",
            )
        if quota is not None and not quota.startswith("?") and state.get("quota", quota) is None:
            raise NotFound(
                f"no quota {quota[:70]!r}",
                code="NOT_FOUND.QUOTA",
                hint="see: sunledger log --kind quota.receive",
            )
        if holder is not None and holder != "world" and state.get("authority", holder) is None:
            raise NotFound(
                f"no body {holder[:40]!r}", code="NOT_FOUND.BODY", hint="see: sunledger authority list"
            )
        found = account_rows(session, at=position(session, at), as_of=day("--as-of", as_of), project=project,
                             quota=quota, holder=holder, stage=stage)  # fmt: skip
    if holder != "world" and stage != "outside":
        found = [row for row in found if row["stage"] != "outside"]
    payload: dict[str, Any] = {"rows": grouped(found, dimensions), "checked": [*CHECKED, "accounts touched"]}
    if project is not None or quota is not None:
        for name, where in (("available_fen", "budget" if project is not None else "available"),
                            ("reserved_fen", "reserved"), ("paid_fen", "paid")):  # fmt: skip
            payload[name] = sum(row["n"] for row in found if row["stage"] == where and row["unit"] == "CNY")
    if quota is not None:
        payload["budget_fen"] = sum(
            row["n"] for row in found if row["stage"] == "budget" and row["unit"] == "CNY"
        )
    heads = {"holder": "机构", "quota": "指标", "stage": "环节", "project": "项目"}
    columns = {name: heads[name] for name in dimensions if name in heads} | {"amount_fen": "金额"}
    if any(row["unit"] != "CNY" for row in payload["rows"]):
        columns |= {"unit": "单位", "n": "数量"}
    options.output.table("balance", payload, "rows", columns)


def trace(
    entry: Annotated[str, typer.Argument(help="序号、条目编号或业务编号 / seq, entry id or business id")],
    up: Annotated[bool, typer.Option("--up", help="查来源 / to the sources")] = False,
    down: Annotated[bool, typer.Option("--down", help="查去向 / to the payees")] = False,
) -> None:
    """追踪一笔钱：从哪里来，到哪里去 / where the money came from and went."""
    options = current()
    if up and down:
        raise Usage("--up or --down, not both")
    with reading(options) as session:
        seq = needed_entry(session, entry)
        found = describe(session, seq)
        upward = up or (not down and found["kind"] != "quota.receive")
        try:
            paths = trace_money(session, seq, up=upward)
        except Breach as breach:
            raise NotFound(breach.message, code="NOT_FOUND.TRACE") from None
    payload = {"entry": seq, "direction": "up" if upward else "down", "paths": paths, "checked": CHECKED}
    lines = [f"#{seq} {found['kind']}　{'来源' if upward else '去向'}"]
    for path in paths:
        lines.append(f"{yuan(path['amount_fen'])} 元（{wan_yuan(path['amount_fen'])} 万元）　指标 {path['quota']}"
                     + (f"　尚在 {path['rests_on']}" if "rests_on" in path else "")
                     + (f"　收款人 {path['payee']}" if path.get("payee") else ""))  # fmt: skip
        for step in path["steps"]:
            lines.append(
                f"    {step['from']} → {step['to']}　{yuan(step['step_fen'])} 元　条目 {'、'.join(f'#{n}' for n in step['entries'])}"
            )
    if not paths:
        lines.append("此条目未变动资金")
    options.output.answer("trace", payload, lines)
