"""The journal: the command `log`, and an entry as a row that a person reads."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Annotated, Any

import msgspec
import typer

from ledger.audit.entries import Wanted, count, entries, page
from ledger.calendar import SHANGHAI, format_at, is_date, parse_at
from ledger.commands.fields import amount_of, day_of
from ledger.commands.naming import kind_named
from ledger.commands.options import Options, current
from ledger.commands.output import document_lines, json_line
from ledger.commands.readable import local_time
from ledger.commands.reading import CHECKED, reading
from ledger.commands.reads import AsOf, At, Csv, Into, day, needed_object, position
from ledger.commands.tables import GAP, MEASURED, csv_lines
from ledger.commands.written import write_output
from ledger.errors import InputRejected, Usage
from ledger.kinds.declare import KINDS
from ledger.money import yuan
from ledger.store.session import Session

NARROW = 100  # columns below which a line of the journal saves what it can
PAGE = 50  # entries that a person is shown unless more are asked for
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(Z?)", re.ASCII)
TABLE = {"seq": "序号 / seq", "occurred_on": "业务日期 / date", "kind": "事项 / kind", "officer": "登记人 / by", "about": "摘要 / about",
         "amount_fen": "金额 / amount", "status": "状态 / status"}  # fmt: skip
SHEET = {"seq": "序号 / seq", "occurred_on": "业务日期 / occurred on", "at": "登记时间 / recorded at", "kind": "事项 / kind",
         "kind_code": "事项代码 / kind code", "officer": "登记人 / officer", "officer_code": "登记人代号 / officer code",
         "about": "摘要 / about", "payee": "收款人 / payee", "project": "项目编码 / project", "project_name": "项目名称 / project name",
         "amount_fen": "金额 / amount", "status": "状态 / status", "second": "复核 / second person", "id": "条目编号 / id"}  # fmt: skip


def log(
    book: Annotated[str | None, typer.Option("--book", help="机构代码或账册 / body or book")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="事项 / kind")] = None,
    project: Annotated[str | None, typer.Option("--project", help="项目编码 / project")] = None,
    officer: Annotated[str | None, typer.Option("--officer", help="登记人 / officer")] = None,
    payee: Annotated[str | None, typer.Option("--payee", help="收款人（部分即可） / payee, or a part of it")] = None,
    text: Annotated[str | None, typer.Option("--text", help="任何字段中的文字 / words in any field")] = None,
    amount_over: Annotated[str | None, typer.Option("--amount-over", help="金额大于 / amount above")] = None,
    amount_under: Annotated[str | None, typer.Option("--amount-under", help="金额小于 / amount below")] = None,
    waiting: Annotated[bool, typer.Option("--waiting", help="只看待复核 / only what waits for a second person")] = False,
    since: Annotated[str | None, typer.Option("--since", help="业务日期起 / from, business date")] = None,
    until: Annotated[str | None, typer.Option("--until", help="业务日期止 / to, business date")] = None,
    recorded_since: Annotated[
        str | None, typer.Option("--recorded-since", help="登记时间起：日期或 2026-11-24T09:00 / recorded from, a date or a time")
    ] = None,
    recorded_until: Annotated[
        str | None, typer.Option("--recorded-until", help="登记时间止（含） / recorded to, included")
    ] = None,
    at: At = None,
    as_of: AsOf = None,
    before: Annotated[int | None, typer.Option("--before", min=0, help="此序号之前 / before this seq")] = None,
    after: Annotated[int | None, typer.Option("--after", min=0, help="此序号之后 / after this seq")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="至多几条，取最新的 / at most so many, the newest")] = None,
    every: Annotated[bool, typer.Option("--all", help="全部条目 / every entry")] = False,
    reverse: Annotated[bool, typer.Option("--reverse", help="新的在前 / newest first")] = False,
    ids: Annotated[bool, typer.Option("--ids", help="列出条目编号 / with entry ids")] = False,
    ndjson: Annotated[bool, typer.Option("--ndjson", help="每行一个 JSON / one JSON document a line")] = False,
    csv: Csv = False,
    output: Into = None,
) -> None:
    """流水：最新 50 条，或按条件查找 / the journal: the newest 50 entries, or those you ask for."""
    options = current()
    if every and limit is not None:
        raise Usage("USAGE:exclusive", one="--all", other="--limit")
    kind = None if kind is None else kind_named(kind)
    with reading(options) as (session, _):
        for sort, id in (
            ("project", project),
            ("officer", officer),
            ("authority", book and book.partition("/")[0]),
        ):
            needed_object(session, sort, id)
        wanted = Wanted(
            kind=kind, subject=project, officer=officer, since=day("--since", since), until=day("--until", until),
            recorded_since=moment("--recorded-since", recorded_since), recorded_before=moment("--recorded-until", recorded_until, end=True),
            book=book, at=position(session, at), as_of=day("--as-of", as_of), before=before, after=after, text=text, payee=payee,
            over=fen("--amount-over", amount_over), under=fen("--amount-under", amount_under), waiting=waiting,
        )  # fmt: skip
        whole = options.as_json or ndjson or csv or output is not None
        if limit is None and not every and not whole:
            limit = PAGE
        found = (page(session, wanted, limit, newest_first=reverse) if limit is not None
                 else entries(session, wanted, newest_first=reverse))  # fmt: skip
        if ndjson and output is None:
            options.output.lines(found)
        elif whole:
            _give(options, found, csv=csv, into=output)
        else:
            _show(options, session, wanted, found, limit, ids=ids)


def _give(options: Options, found: Iterator[dict[str, Any]], *, csv: bool, into: str | None) -> None:
    """All entries as they come: one JSON document, CSV, or a file of the kind its name ends with."""
    out = options.output
    head = {"checked": CHECKED}
    if into is None:
        if options.as_json:
            out.stream("log", head, "entries", found)
        else:
            out.rows(rows(found, out.chinese, sheet=True), SHEET, as_csv=csv)
        return
    counted = _Counted(found)
    if into.endswith(".csv"):
        pieces = csv_lines(rows(counted, out.chinese, sheet=True), SHEET, out.chinese)
    elif into.endswith(".ndjson"):
        pieces = (json_line(entry) + "\n" for entry in counted)
    elif into.endswith(".json"):
        pieces = document_lines("log", head, "entries", counted)
    else:
        raise Usage("USAGE:output-name", name=into, endings=".csv .json .ndjson")
    write_output(options, into, (piece.encode() for piece in pieces))
    out.answer("log", {"file": into, "rows": counted.count, "checked": CHECKED},
               [out.words(f"已写入 {into}：{counted.count} 行", f"written {into}: {counted.count} rows")])  # fmt: skip


class _Counted:
    """Passes rows on and counts them."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            self.count += 1
            yield row


def _show(options: Options, session: Session, wanted: Wanted, found: Iterator[dict[str, Any]], limit: int | None, *, ids: bool) -> None:
    """The journal for a person; says what is left out and how to see it."""
    out = options.output
    seen = _Totals(found)
    columns = TABLE | ({"id": "条目编号 / id"} if ids else {})
    said: Iterable[dict[str, Any]] = rows(seen, out.chinese)
    if out.columns is not None and out.columns < NARROW and limit is not None and limit <= MEASURED:
        columns, said = _narrow(columns, list(said))
    out.rows(said, columns, flexible=("about", "status", "officer", "kind"))
    if not seen.count:
        out.none()
    if wanted.kind is not None and seen.any_money:
        zh, en = seen.words()
        out.say(zh, en)
    if limit is None or seen.count < limit or seen.first is None or seen.last is None:
        return
    if wanted.after is not None and wanted.before is None:
        rest, more = msgspec.structs.replace(wanted, after=seen.last), f"--after {seen.last}"
    else:
        rest, more = msgspec.structs.replace(wanted, before=seen.first), f"--before {seen.first}"
    left = count(session, rest)
    if left is None:
        left_zh, left_en = "可能还有更多", "there may be more"
    elif left:
        left_zh, left_en = f"另有 {left:,} 条", f"{left:,} more"
    else:
        return
    out.say(f"以上 {seen.count} 条，{left_zh}：加 {more} 或 --all", f"{seen.count} shown, {left_en}: add {more}, or --all")


def _narrow(columns: dict[str, str], said: list[dict[str, Any]]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The same in few columns: a year that all share stands in the heading, the status before what an entry is about, at the end."""
    columns = {name: head for name, head in columns.items() if name not in ("about", "status")} | {"about": columns["about"]}
    years = {row["occurred_on"][:4] for row in said}
    if len(years) == 1:
        columns["occurred_on"] = f"{min(years)}年 / {min(years)}"
        said = [row | {"occurred_on": row["occurred_on"][5:]} for row in said]
    return columns, [row | {"about": f"{row['status']}{GAP}{row['about'].partition(GAP)[0]}" if row["status"] else row["about"]} for row in said]


class _Totals:
    """Passes entries on, and keeps what is said below them."""

    def __init__(self, found: Iterable[dict[str, Any]]) -> None:
        self._found = found
        self.count = 0
        self.first: int | None = None
        self.last: int | None = None
        self.any_money = False
        self.effective = 0
        self.waiting = 0
        self.taken_back = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for entry in self._found:
            seq, amount, status = entry["seq"], entry["amount_fen"], entry["status"]
            self.count += 1
            self.first = seq if self.first is None else min(self.first, seq)
            self.last = seq if self.last is None else max(self.last, seq)
            if amount is not None:
                self.any_money = True
                if status == "waiting":
                    self.waiting += amount
                elif status.startswith(("reversed", "cancelled")):
                    self.taken_back += amount
                else:
                    self.effective += amount
            yield entry

    def words(self) -> tuple[str, str]:
        """The sums of the entries shown, by what has become of them."""
        zh, en = f"以上合计：生效 {yuan(self.effective)} 元", f"sum of these: in effect {yuan(self.effective)} yuan"
        if self.waiting:
            zh, en = f"{zh}；待复核 {yuan(self.waiting)} 元", f"{en}; waiting {yuan(self.waiting)} yuan"
        if self.taken_back:
            zh, en = f"{zh}；已冲销或撤回 {yuan(self.taken_back)} 元", f"{en}; reversed or called off {yuan(self.taken_back)} yuan"
        return zh, en


def rows(found: Iterable[dict[str, Any]], chinese: bool, *, sheet: bool = False) -> Iterator[dict[str, Any]]:
    """Entries as rows of the journal; for a `sheet` the codes stand in columns of their own."""
    for entry in found:
        second = entry["second"]
        row = {
            "seq": entry["seq"], "occurred_on": entry["occurred_on"], "kind": kind_word(entry["kind"], chinese),
            "officer": (entry["officer_name"] if chinese or sheet else "") or entry["officer"],
            "about": about(entry, chinese), "amount_fen": entry["amount_fen"], "id": entry["id"],
            "status": _journal_status(entry, chinese),
        }  # fmt: skip
        if sheet:
            row |= {"at": local_time(entry["at"], chinese).partition("（")[0], "kind_code": entry["kind"], "officer_code": entry["officer"],
                    "payee": entry["payee"], "project": entry["project"], "project_name": entry["project_name"],
                    "status": status_words(entry["status"], chinese),
                    "second": f"#{second['seq']} {second['name'] or second['officer']}" if second else ""}  # fmt: skip
        yield row


def kind_word(kind: str, chinese: bool) -> str:
    """What a kind is called in the journal."""
    return KINDS[kind].zh if chinese and kind in KINDS else kind


def about(entry: dict[str, Any], chinese: bool) -> str:
    """Whom and what an entry is about; of an entry about an earlier one, that one first."""
    names = entry["names"]
    earlier = [f"#{names['seq']} {kind_word(names['kind'], chinese)}"] if names else []
    return GAP.join([*earlier, *entry["about"]])


def _journal_status(entry: dict[str, Any], chinese: bool) -> str:
    """What is to be said of an entry beside it: nothing where it simply holds, who confirmed it where it waited."""
    if entry["status"] == "effective":
        return ""
    second = entry["second"]
    if second and entry["status"].startswith("confirmed"):
        return f"{'复核' if chinese else 'confirmed'} #{second['seq']} {(second['name'] if chinese else '') or second['officer']}"
    return status_words(entry["status"], chinese)


_STATUS = {"effective": "生效", "waiting": "待复核", "confirmed": "已复核", "cancelled": "已撤回", "reversed": "已冲销",
           "suspect": "存疑", "void": "无效", "void, acknowledged": "无效（已确认）"}  # fmt: skip


def status_words(status: str, chinese: bool) -> str:
    """What has become of an entry, in a person's words."""
    word, _, by = status.partition(" by ")
    return f"{_STATUS[word]}{' ' + by if by else ''}" if chinese and word in _STATUS else status


def moment(name: str, text: str | None, *, end: bool = False) -> str | None:
    """A local date or time as the UTC second from which on, or before which, an entry was recorded."""
    if text is None:
        return None
    match = _TIME.fullmatch(text)
    if match is None:
        at, span = f"{day_of(name, text)}T00:00:00Z", timedelta(days=1)
    elif is_date(match[1]):
        at, span = f"{match[1]}T{match[2]}{match[3] or ':00'}Z", timedelta(seconds=1) if match[3] else timedelta(minutes=1)
    else:
        raise InputRejected("INPUT.DATE:moment", option=name, text=text)
    try:
        start = parse_at(at)
        if not (match and match[4]):
            start = start.replace(tzinfo=SHANGHAI)
        return format_at(start + span if end else start)
    except (ValueError, OverflowError):
        raise InputRejected("INPUT.DATE:moment", option=name, text=text) from None


def fen(name: str, text: str | None) -> int | None:
    """An amount option in fen."""
    if text is None:
        return None
    return 0 if text in ("0", "0元") else amount_of(name, text)
