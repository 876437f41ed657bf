"""Commands about money, balance and trace, and what reading commands share: positions, dates, tables into files."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from ledger.audit.balances import DIMENSIONS, account_rows, fund_names, grouped, with_names
from ledger.audit.entries import describe
from ledger.audit.trace import trace as trace_entry
from ledger.audit.trace import trace_body, trace_project
from ledger.chain.note import parse_checkpoint, parse_note
from ledger.commands.fields import COMMAS, day_of, find_entry
from ledger.commands.naming import dimension_named, stage_named
from ledger.commands.nearest import meant_id, with_meant
from ledger.commands.options import Options, current
from ledger.commands.output import document
from ledger.commands.readable import Named, account_words, names_in, stage_words, with_code
from ledger.commands.reading import CHECKED, reading
from ledger.commands.sources import read_file
from ledger.commands.tables import csv_lines
from ledger.commands.written import write_output
from ledger.errors import InputRejected, NotFound, Usage
from ledger.kinds.declare import KINDS
from ledger.money import wan_yuan, yuan
from ledger.store.session import Session

At = Annotated[
    str | None, typer.Option("--at", help="当时所载：序号或检查点文件 / position or checkpoint file")
]
Csv = Annotated[bool, typer.Option("--csv", help="CSV，供 Excel 打开 / CSV, for a spreadsheet")]
Into = Annotated[
    str | None, typer.Option("-o", "--output", help="写入文件（.csv 或 .json） / into a file (.csv or .json)")
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="截至业务日期 / business date")]
MONEY_KEYS = {"available_fen": "available", "reserved_fen": "reserved", "paid_fen": "paid"}
PATHS_SHOWN = 50


def position(session: Session, at: str | None) -> int | None:
    """How many entries `--at` counts: those before a position, or those of a checkpoint file."""
    if at is None:
        return None
    if at.isascii() and at.isdigit():
        if len(at) > 18 or int(at) > session.size:
            raise NotFound("NOT_FOUND.POSITION:beyond", at=at, size=session.size)
        return int(at)
    try:
        checkpoint = parse_checkpoint(parse_note(read_file(at).text).text)
    except ValueError as error:
        raise InputRejected("INPUT.CHECKPOINT:at", at=at, reason=error) from None
    if checkpoint.origin != session.origin or checkpoint.size > session.size:
        raise NotFound("NOT_FOUND.POSITION:other", at=at)
    return checkpoint.size


def day(name: str, text: str | None) -> str | None:
    """A date option."""
    return None if text is None else day_of(name, text)


def give_table(options: Options, command: str, payload: dict[str, Any], key: str, columns: dict[str, str], *,
               csv: bool, into: str | None, rows: list[dict[str, Any]], sheet: dict[str, str],
               flexible: tuple[str, ...] = ()) -> None:  # fmt: skip
    """Rows on stdout, or into a file of the kind its name ends with; `rows` are the same in a person's words, `sheet` their columns in CSV."""
    out = options.output
    if into is None and not (csv and not out.as_json):
        out.table(command, payload, key, columns, rows=rows, flexible=flexible)
        return
    if into is None:
        out.rows(rows, sheet, as_csv=True)
        return
    if into.endswith(".csv"):
        text = "".join(csv_lines(rows, sheet, out.chinese))
    elif into.endswith(".json"):
        text = document(command, payload)
    else:
        raise Usage("USAGE:output-name", name=into, endings=".csv .json")
    write_output(options, into, text.encode())
    out.answer(command, {"file": into, **payload},
               [out.words(f"已写入 {into}：{len(rows)} 行", f"written {into}: {len(rows)} rows")])  # fmt: skip


def needed_entry(session: Session, word: str) -> int:
    """The entry a read names. Raises NotFound (5)."""
    seq = find_entry(session.state, word)
    if seq is None:
        raise with_meant(NotFound("NOT_FOUND.ENTRY", word=word), meant_id(session.state, "entry", word))
    return seq


_NOT_FOUND = {"project": "NOT_FOUND.PROJECT", "quota": "NOT_FOUND.QUOTA", "authority": "NOT_FOUND.BODY", "officer": "NOT_FOUND.OFFICER"}


def needed_object(session: Session, sort: str, id: str | None) -> None:
    """What a filter names must exist. Raises NotFound (5)."""
    if id is not None and session.state.get(sort, id) is None:
        raise with_meant(NotFound(_NOT_FOUND[sort], id=id), meant_id(session.state, sort, id))


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
    dimensions = [dimension_named(name) for name in COMMAS.split(by)] if by else list(DIMENSIONS)
    stage = None if stage is None else stage_named(stage)
    with reading(options) as (session, _):
        needed_object(session, "project", project)
        needed_object(session, "quota", None if quota is not None and quota.startswith("?") else quota)
        needed_object(session, "authority", None if holder == "world" else holder)
        found = account_rows(session, at=position(session, at), as_of=day("--as-of", as_of), project=project,
                             quota=quota, holder=holder, stage=stage)  # fmt: skip
        if holder != "world" and stage != "outside":
            found = [row for row in found if row["stage"] != "outside"]
        rows = grouped(found, dimensions)
        named = with_names(session, rows)
    payload: dict[str, Any] = {"rows": [_named_row(row) for row in named], "checked": CHECKED}
    if project is not None or quota is not None:
        for name, where in (MONEY_KEYS | ({"available_fen": "budget"} if project is not None else {})).items():
            payload[name] = _money_on(found, where)
    if quota is not None:
        payload["budget_fen"] = _money_on(found, "budget")
    columns, sheet = _balance_columns(dimensions, units=any(row["unit"] != "CNY" for row in rows))
    said = [_balance_row(row, options.chinese) for row in named]
    columns = {name: head for name, head in columns.items() if name == "amount_fen" or any(row[name] not in ("", None) for row in said)}
    if not (csv or output or options.as_json):
        said += _total(said, dimensions, options.chinese)
    give_table(options, "balance", payload, "rows", columns, csv=csv, into=output, rows=said, sheet=sheet,
               flexible=("holder", "project", "quota"))  # fmt: skip


def _money_on(found: list[dict[str, Any]], stage: str) -> int:
    return sum(row["n"] for row in found if row["stage"] == stage and row["unit"] == "CNY")


def _named_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the answer: codes, names and amount."""
    return {name: value for name, value in row.items() if name not in ("county", "county_name")}


def _balance_columns(dimensions: list[str], *, units: bool) -> tuple[dict[str, str], dict[str, str]]:
    """The columns of the table, and those of the sheet, where codes and names stand apart."""
    heads = {"holder": "持有方 / holder", "project": "项目 / project", "quota": "指标 / quota", "stage": "环节 / stage"}
    names = {"holder": "持有方名称 / holder name", "project": "项目名称 / project name", "quota": "资金名称 / fund name"}
    columns, sheet = {}, {}
    for name, head in heads.items():
        if name in dimensions:
            columns[name] = head
            sheet[f"{name}_code" if name in names else name] = head
            if name in names:
                sheet[f"{name}_name"] = names[name]
    amount = {"amount_fen": "金额 / amount"} | ({"unit": "单位 / unit", "n": "数量 / n"} if units else {})
    return columns | amount, sheet | amount


def _balance_row(row: dict[str, Any], chinese: bool) -> dict[str, Any]:
    """A row for a person: names with their codes in brackets; a project's holder is its county."""
    holder = (row["county_name"], row["county"]) if row["project"] else (row["holder_name"], row["holder"])
    return row | {
        "holder": with_code(*holder, chinese), "project": with_code(row["project_name"], row["project"], chinese), "quota": with_code(row["quota_name"], row["quota"], chinese),
        "stage": stage_words(row["stage"], chinese) if row["stage"] else "", "holder_code": row["holder"],
        "project_code": row["project"], "quota_code": row["quota"], "n": None if row["unit"] == "CNY" else row["n"],
    }  # fmt: skip


def _total(rows: list[dict[str, Any]], dimensions: list[str], chinese: bool) -> list[dict[str, Any]]:
    """A line with the sum of what is money; nothing is summed over different units."""
    money = [row["amount_fen"] for row in rows if row["amount_fen"] is not None]
    first = next((name for name in ("holder", "project", "quota", "stage") if name in dimensions), "")
    return [{first: "合计" if chinese else "total", "amount_fen": sum(money)}] if len(money) > 1 and first else []


def trace(
    entry: Annotated[
        str, typer.Argument(help="序号、条目编号、业务编号，或机构、项目代码 / seq, entry id, business id, body or project")
    ],
    up: Annotated[bool, typer.Option("--up", help="查来源 / to the sources")] = False,
    down: Annotated[bool, typer.Option("--down", help="查去向 / to the payees")] = False,
    every: Annotated[bool, typer.Option("--all", help="列出每一条路径 / every path")] = False,
) -> None:
    """追踪资金：一笔支付、一个指标、项目或机构的钱从哪里来，到哪里去 / where money came from and went."""
    options = current()
    if up and down:
        raise Usage("USAGE:exclusive", one="--up", other="--down")
    with reading(options) as (session, _):
        payload, title = _traced(session, entry, up=up, down=down, chinese=options.chinese)
        lines = []
        if not options.as_json:
            funds = fund_names(session, {path["quota"] for path in payload["paths"]})
            lines = trace_lines(options, title, payload, names_in(session.state), funds, every=every)
    options.output.answer("trace", payload, lines)


def _traced(session: Session, word: str, *, up: bool, down: bool, chinese: bool) -> tuple[dict[str, Any], str]:
    """The answer and its title: of a body or project both ways unless one is asked for, of an entry one way."""
    state = session.state
    for sort, tracing in (("authority", trace_body), ("project", trace_project)):
        of = state.get(sort, word)
        if of is None or (sort == "authority" and state.history.seq_of(word) is not None):
            continue
        ways = [way for way, unwanted in (("up", down), ("down", up)) if not unwanted]
        paths = [path | {"direction": way} for way in ways for path in tracing(session, word, up=way == "up")]
        direction = ways[0] if len(ways) == 1 else "both"
        return {sort: word, "direction": direction, "paths": paths, "checked": CHECKED}, f"{of.name}〔{word}〕" if chinese else f"{of.name} [{word}]"
    seq = needed_entry(session, word)
    found = describe(session, seq)
    upward = up or (not down and found["kind"] != "quota.receive")
    paths = trace_entry(session, seq, up=upward)
    title = KINDS[found["kind"]].zh if chinese and found["kind"] in KINDS else found["kind"]
    payload = {"entry": seq, "direction": "up" if upward else "down", "paths": paths, "checked": CHECKED}
    return payload, f"#{seq} {title}"


def trace_lines(options: Options, title: str, payload: dict[str, Any], named: Named, funds: dict[str, str], *, every: bool) -> list[str]:
    """The paths of the money for a person: the sources, then the uses, each with its sum."""
    out, lines = options.output, []
    for way, zh, en in (("up", "来源", "sources"), ("down", "去向", "uses")):
        if payload["direction"] not in (way, "both"):
            continue
        paths = [path for path in payload["paths"] if path.get("direction", way) == way]
        total = sum(path["amount_fen"] for path in paths)
        lines.append(f"{title}  {out.words(zh, en)}" + (out.words(f"　合计 {yuan(total)} 元", f"  total {yuan(total)} yuan") if len(paths) > 1 else ""))
        for path in paths if every else paths[:PATHS_SHOWN]:
            lines += _path_lines(path, named, funds, out.chinese)
        rest = paths[PATHS_SHOWN:] if not every else []
        if rest:
            left = sum(path["amount_fen"] for path in rest)
            lines.append(out.words(f"另有 {len(rest):,} 条路径，共 {yuan(left)} 元：加 --all", f"{len(rest):,} more paths, {yuan(left)} yuan: add --all"))
    if not payload["paths"]:
        lines.append(out.words("没有资金经过", "no money moved"))
    return lines


def _path_lines(path: dict[str, Any], named: Named, funds: dict[str, str], chinese: bool) -> Iterator[str]:
    fen, quota = path["amount_fen"], path["quota"]
    fund = funds.get(quota, "")
    if chinese:
        line = f"{yuan(fen)} 元（{wan_yuan(fen)} 万元）　指标 {quota}{f'（{fund}）' if fund else ''}"
    else:
        line = f"{yuan(fen)} yuan  quota {quota}{f' ({fund})' if fund else ''}"
    if "rests_on" in path:
        on = account_words(path["rests_on"], named, chinese)
        line += f"　在 {on}" if chinese else f"  on {on}"
    if path.get("payee"):
        line += f"　收款人 {path['payee']}" if chinese else f"  payee {path['payee']}"
    yield line
    reached = ""
    for step in path["steps"]:
        ends = ("to",) if step["from"] == reached else ("from", "to")  # a step that goes on from the one above says where to
        way = ("→ " if len(ends) == 1 else "") + " → ".join(account_words(step[end], named, chinese) for end in ends)
        reached = step["to"]
        entries = [f"#{seq}" for seq in step["entries"]]
        if len(entries) > 6:
            entries = [*entries[:3], "…", *entries[-2:]]
        shown = ("、" if chinese else ", ").join(entries)
        yield f"    {way}  {yuan(step['step_fen'])} " + (f"元  条目 {shown}" if chinese else f"yuan  entries {shown}")
