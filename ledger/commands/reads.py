"""Commands that answer questions: log, show, balance, trace."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.audit.balances import DIMENSIONS, account_rows, grouped
from ledger.audit.entries import describe, find
from ledger.audit.sealed import masked, sealed_values
from ledger.audit.trace import trace as trace_money
from ledger.book.state import Breach
from ledger.chain.note import parse_checkpoint, parse_note
from ledger.commands.fields import day_of, find_entry
from ledger.commands.options import Options, current
from ledger.commands.output import Output, csv_text, document
from ledger.commands.proof import write_output
from ledger.commands.readable import data_lines
from ledger.commands.reading import CHECKED, reading
from ledger.errors import InputRejected, NotFound, Usage
from ledger.kinds.declare import KINDS
from ledger.money import wan_yuan, yuan
from ledger.store.files import read_limited
from ledger.store.session import Session

At = Annotated[
    str | None, typer.Option("--at", help="当时所载：序号或检查点文件 / position or checkpoint file")
]
Csv = Annotated[bool, typer.Option("--csv", help="CSV")]
Into = Annotated[
    str | None, typer.Option("-o", "--output", help="写入文件（.csv 或 .json） / into a file (.csv or .json)")
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="截至业务日期 / business date")]
def position(session: Session, at: str | None) -> int | None:
    """How many entries `--at` counts: those before a position, or those of a checkpoint file."""
    if at is None:
        return None
    if at.isascii() and at.isdigit():
        if len(at) > 18 or int(at) > session.size:
            raise NotFound(
                f"--at {at[:30]}: the ledger has {session.size} entries", code="NOT_FOUND.POSITION"
            )
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
    return None if text is None else day_of(name, text)


def give_table(options: Options, command: str, payload: dict[str, Any], key: str, columns: dict[str, str], *,
               csv: bool, into: str | None, rows: list[dict[str, Any]] | None = None) -> None:  # fmt: skip
    """Rows on stdout, or into a file of the kind its name ends with; `rows` are the same in a person's words."""
    out = options.output
    if into is None:
        out.csv_rows = csv
        out.table(command, payload, key, columns, rows=rows)
        return
    if into.endswith(".csv"):
        text = csv_text(payload[key], columns)
    elif into.endswith(".json"):
        text = document(command, payload)
    else:
        raise Usage(f"-o {into[-60:]!r} ends neither with .csv nor with .json")
    write_output(options, into, text.encode())
    count = len(payload[key])
    out.answer(command, {"file": into, **payload},
               [out.words(f"已写入 {into}：{count} 行", f"written {into}: {count} rows")])  # fmt: skip


def needed_entry(session: Session, word: str) -> int:
    """The entry a read names. Raises NotFound (5)."""
    seq = find_entry(session.state, word)
    if seq is None:
        raise NotFound(f"no entry {word[:70]!r}", code="NOT_FOUND.ENTRY", hint="see: sunledger log")
    return seq


_WHERE_LISTED = {
    "project": ("project", "log --kind project.propose"), "quota": ("quota", "log --kind quota.receive"),
    "authority": ("body", "authority list"), "officer": ("officer", "officer list"),
}  # fmt: skip


def needed_object(session: Session, sort: str, id: str | None) -> None:
    """What a filter names must exist. Raises NotFound (5)."""
    if id is not None and session.state.get(sort, id) is None:
        what, listed = _WHERE_LISTED[sort]
        raise NotFound(
            f"no {what} {id[:70]!r}", code=f"NOT_FOUND.{what.upper()}", hint=f"see: sunledger {listed}"
        )


def log(
    book: Annotated[str | None, typer.Option("--book", help="机构代码或账册 / body or book")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="事项 / kind")] = None,
    project: Annotated[str | None, typer.Option("--project", help="项目编码 / project")] = None,
    officer: Annotated[str | None, typer.Option("--officer", help="登记人 / officer")] = None,
    since: Annotated[str | None, typer.Option("--since", help="业务日期起 / from")] = None,
    until: Annotated[str | None, typer.Option("--until", help="业务日期止 / to")] = None,
    at: At = None,
    as_of: AsOf = None,
    csv: Csv = False,
    output: Into = None,
) -> None:
    """条目清单 / entries."""
    options = current()
    if kind is not None and kind not in KINDS:
        raise NotFound(f"no kind {kind[:60]!r}", code="NOT_FOUND.KIND", hint="see: sunledger kinds")
    with reading(options) as (session, _):
        for sort, id in (
            ("project", project),
            ("officer", officer),
            ("authority", book and book.partition("/")[0]),
        ):
            needed_object(session, sort, id)
        entries = find(session, kind=kind, subject=project, officer=officer, since=day("--since", since),
                       until=day("--until", until), book=book, at=position(session, at), as_of=day("--as-of", as_of))  # fmt: skip
    columns = {"seq": "序号", "occurred_on": "业务日期", "kind": "事项", "officer": "登记人", "amount_fen": "金额",
               "id": "条目编号", "status": "状态"}  # fmt: skip
    said = [entry | {"status": status_words(entry["status"], options.chinese)} for entry in entries]
    give_table(options, "log", {"entries": entries, "checked": CHECKED}, "entries", columns, csv=csv, into=output,
               rows=said)  # fmt: skip


_STATUS = {"effective": "生效", "waiting": "待复核", "confirmed": "已复核", "cancelled": "已撤回", "reversed": "已冲销",
           "suspect": "存疑", "void": "无效", "void, acknowledged": "无效（已确认）"}  # fmt: skip


def status_words(status: str, chinese: bool) -> str:
    """What has become of an entry, in a person's words."""
    word, _, by = status.partition(" by ")
    return f"{_STATUS[word]}{' ' + by if by else ''}" if chinese and word in _STATUS else status


def show(
    entry: Annotated[str, typer.Argument(help="序号、条目编号或业务编号 / seq, entry id or business id")],
    raw: Annotated[bool, typer.Option("--bytes", help="原始字节 / the exact bytes")] = False,
) -> None:
    """一条条目的全部内容 / one entry whole."""
    options = current()
    with reading(options) as (session, _):
        seq = needed_entry(session, entry)
        found = describe(session, seq)
        found["sealed"] = [_shown_sealed(row) for row in sealed_values(session, seq, options.vault(session.id))]
        header, content, _ = session.history.entry(seq)
        if raw:
            found |= {"header": header.decode(), "content": content.decode()}
    lines = show_lines(options.output, found)
    options.output.answer("show", {"entries": [found], **found}, lines)


def _shown_sealed(row: dict[str, Any]) -> dict[str, Any]:
    """A sealed value's verdict, and its value masked where it was proved."""
    shown = {name: row[name] for name in ("field", "subject", "verdict")}
    return shown | ({"masked": masked(row["field"], row["value"])} if "value" in row else {})


def show_lines(out: Output, found: dict[str, Any]) -> list[str]:
    """One entry for a person."""
    words, info = out.words, KINDS.get(found["kind"])
    title = (info.zh if out.chinese else info.en) if info else ""
    lines = [
        f"#{found['seq']} {found['kind']} {title}  {status_words(found['status'], out.chinese)}",
        words(f"条目编号 {found['id']}　业务日期 {found['occurred_on']}　登记 {found['at']}　登记人 {found['officer']}",
              f"entry id {found['id']}  occurred on {found['occurred_on']}  recorded {found['at']}  by {found['officer']}"),
        words(f"账册 {'、'.join(found['books']) or '—'}", f"books {', '.join(found['books']) or '-'}"),
        words(f"叶值 {found['leaf']}", f"leaf {found['leaf']}"),
        *data_lines(info, found["data"], out.chinese),
    ]  # fmt: skip
    lines += [f"  {words('密封', 'sealed')} {row['field']}  {row['verdict']}  {row.get('masked', '')}".rstrip()
              for row in found["sealed"]]  # fmt: skip
    for move in found["moves"]:
        amount = (
            f"{yuan(move['n'])} {words('元', 'yuan')}"
            if move["unit"] == "CNY"
            else f"{move['n']} {move['unit']}"
        )
        lines.append(f"  {move['from']} → {move['to']}  {amount}  {words('指标', 'quota')} {move['quota']}")
    if "content" in found:
        lines += ["", *found["header"].rstrip("\n").split("\n"), "", found["content"]]
    return lines


def balance(
    by: Annotated[
        str | None,
        typer.Option(
            "--by", help="分组：holder,quota,stage,project,unit / group by holder,quota,stage,project,unit"
        ),
    ] = None,
    holder: Annotated[str | None, typer.Option("--holder", help="机构代码 / body")] = None,
    project: Annotated[str | None, typer.Option("--project", help="项目编码 / project")] = None,
    quota: Annotated[str | None, typer.Option("--quota", help="指标编号 / quota")] = None,
    stage: Annotated[str | None, typer.Option("--stage", help="环节 / stage")] = None,
    at: At = None,
    as_of: AsOf = None,
    csv: Csv = False,
    output: Into = None,
) -> None:
    """余额：按机构、指标、环节、项目 / what accounts hold."""
    options = current()
    dimensions = [name.strip() for name in by.split(",")] if by else list(DIMENSIONS)
    for name in dimensions:
        if name not in DIMENSIONS:
            raise Usage(f"--by {name[:30]!r} is not one of {', '.join(DIMENSIONS)}")
    with reading(options) as (session, _):
        needed_object(session, "project", project)
        needed_object(session, "quota", None if quota is not None and quota.startswith("?") else quota)
        needed_object(session, "authority", None if holder == "world" else holder)
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
    give_table(options, "balance", payload, "rows", columns, csv=csv, into=output)


def trace(
    entry: Annotated[str, typer.Argument(help="序号、条目编号或业务编号 / seq, entry id or business id")],
    up: Annotated[bool, typer.Option("--up", help="查来源 / to the sources")] = False,
    down: Annotated[bool, typer.Option("--down", help="查去向 / to the payees")] = False,
) -> None:
    """追踪一笔钱：从哪里来，到哪里去 / where the money came from and went."""
    options = current()
    if up and down:
        raise Usage("--up or --down, not both")
    with reading(options) as (session, _):
        seq = needed_entry(session, entry)
        found = describe(session, seq)
        upward = up or (not down and found["kind"] != "quota.receive")
        try:
            paths = trace_money(session, seq, up=upward)
        except Breach as breach:
            raise NotFound(breach.message, code="NOT_FOUND.TRACE") from None
    payload = {"entry": seq, "direction": "up" if upward else "down", "paths": paths, "checked": CHECKED}
    options.output.answer("trace", payload, trace_lines(options.output, f"#{seq} {found['kind']}", payload))


def trace_lines(out: Output, title: str, payload: dict[str, Any]) -> list[str]:
    """The paths of the money for a person."""
    words = out.words
    up = payload["direction"] == "up"
    lines = [f"{title}  {words('来源', 'sources') if up else words('去向', 'uses')}"]
    for path in payload["paths"]:
        fen = path["amount_fen"]
        line = words(
            f"{yuan(fen)} 元（{wan_yuan(fen)} 万元）　指标 {path['quota']}",
            f"{yuan(fen)} yuan  quota {path['quota']}",
        )
        if "rests_on" in path:
            line += words(f"　尚在 {path['rests_on']}", f"  still on {path['rests_on']}")
        if path.get("payee"):
            line += words(f"　收款人 {path['payee']}", f"  payee {path['payee']}")
        lines.append(line)
        for step in path["steps"]:
            entries = ", ".join(f"#{n}" for n in step["entries"])
            lines.append(
                f"    {step['from']} → {step['to']}  {yuan(step['step_fen'])} {words('元', 'yuan')}  {words('条目', 'entries')} {entries}"
            )
    if not payload["paths"]:
        lines.append(words("此条目未变动资金", "this entry moves no money"))
    return lines
