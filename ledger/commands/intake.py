"""`import notice`: published notices into an observing ledger."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.commands.completer import Completer
from ledger.commands.options import current
from ledger.commands.record import record
from ledger.errors import InputRejected, NotFound, Problem, Refused
from ledger.intake.findings import DEFECT, INFORMATION, OURS, ROUNDING, counted
from ledger.intake.notice import NoticePlan, plan_notice
from ledger.intake.notice_format import MAX_LINES, MAX_SOURCES, read_notices
from ledger.intake.stamp import slug_of
from ledger.intake.strict_json import MAX_BYTES
from ledger.kinds.codec import convert_event, decode_content, encode_event
from ledger.kinds.declare import KINDS
from ledger.kinds.draft import Draft
from ledger.money import wan_yuan, yuan
from ledger.store.files import read_limited
from ledger.words import spoken

_TOLD = 6  # so many entries are named in a sentence
_ROWS = {"sources": "s", "lines": "l"}  # lists of a paper → the letter of their rows in ids
_CELLS = {
    "amount_fen": ("金额", "amount"), "printed": ("原文金额", "amount as printed"), "name": ("名称", "name"), "sort": ("类别", "sort"), "place": ("地点", "place"),
    "level": ("级次", "level"), "content": ("建设内容", "content"), "category": ("类别", "category"), "extra": ("其他各栏", "further columns"),
    "document_number": ("文号", "document number"), "unit_responsible": ("责任单位", "responsible unit"), "derived": ("推算", "derived"),
    "no": ("序号", "number"), "quota": ("指标", "quota"),
}  # fmt: skip


def import_notice(
    file: Annotated[str, typer.Argument(help="公告文件（JSON）/ notices, JSON")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看结果，不登记 / record nothing")] = False,
    first_time: Annotated[bool, typer.Option("--first-time", help="首次见到此台账 / first sight")] = False,
) -> None:
    """转录公开文件：来源、明细、文号、原文疑点；全部登记或全部不登记 / published notices, all or none."""
    options = current()
    try:
        notices = read_notices(read_limited(Path(file), MAX_BYTES, "notice file"))
    except NotFound as error:
        raise InputRejected("INPUT.FILE:notice", why=error) from None
    plans: list[NoticePlan] = []

    def build(completer: Completer) -> Iterator[Draft]:
        if completer.state.ledger.mode != "observe":
            raise Refused("REFUSED.MODE:notice")
        plans.clear()
        yield from drafts_of(notices, completer, plans)

    done = record(options, build, yes=yes, dry_run=dry_run, first_time=first_time)
    receipt = done.receipt
    fresh = [entry for entry in receipt.entries if not entry.already]
    payload = {
        "file": file, "recorded": len(fresh), "already": len(receipt.entries) - len(fresh), "dry_run": dry_run,
        "first_seq": fresh[0].seq if fresh else None, "last_seq": fresh[-1].seq if fresh else None,
        "size": receipt.size, "root": receipt.root, "total_fen": sum(plan.sources_fen for plan in plans),
        "notices": [notice_json(plan) for plan in plans], "problems": [],
        **done.hand.as_json(),
    }  # fmt: skip
    words, known = options.output.words, len(plans)
    lines = [
        words(f"{'试运行：' if dry_run else ''}所读 {known} 份公告此前都已登记，没有新条目", f"{'dry run: ' if dry_run else ''}all {known} notices were recorded before; nothing new")
    ] if not fresh else [
        words(f"{'试运行：将' if dry_run else ''}登记 {len(fresh)} 条，此前已有 {payload['already']} 条（据公开文件转录·非官方文件）",
              f"{'dry run: would record' if dry_run else 'recorded'} {len(fresh)}, recorded before {payload['already']} (transcribed from published papers)")
    ]  # fmt: skip
    lines += [words(*summary(plan)) for plan in plans]
    lines.append(done.hand.line(options.output, dry_run=dry_run))
    foreseen = options.foreseen
    options.output.answer("import.notice", payload | (foreseen.facts if foreseen else {}), [*(foreseen.lines if foreseen and fresh else []), *lines])


def summary(plan: NoticePlan) -> tuple[str, str]:
    """One line on a notice, in Chinese and English: its sums, and how many findings of each level."""
    count = counted(plan.findings)
    (sources_zh, sources), (arranged_zh, arranged) = (_sum_words(fen) for fen in (plan.sources_fen, plan.lines_fen))
    zh = {DEFECT: "疑点", ROUNDING: "进位", OURS: "未能归类", INFORMATION: "提示"}
    en = {DEFECT: "defects", ROUNDING: "roundings", OURS: "not sorted by our rules", INFORMATION: "remarks"}
    shown = [level for level in zh if count[level] or level in (DEFECT, INFORMATION)]
    return (
        f"  {plan.id}　来源{sources_zh}　明细{arranged_zh}　" + "　".join(f"{zh[level]} {count[level]}" for level in shown),
        f"  {plan.id}  sources {sources}, lines {arranged}; " + ", ".join(f"{en[level]} {count[level]}" for level in shown),
    )  # fmt: skip


def _sum_words(fen: int) -> tuple[str, str]:
    """A sum in Chinese and English; where no amount above zero can be read, nothing is said to be zero."""
    return (f" {wan_yuan(fen)} 万元", f"{yuan(fen)} yuan") if fen else ("金额未载", "not stated")


def drafts_of(
    notices: list[dict[str, Any]], completer: Completer, plans: list[NoticePlan]
) -> Iterator[Draft]:
    """The drafts of all notices, each planned when the ones before it are in the state.

    A notice whose paper was reversed is planned as its next edition, under ids of its own.

    Raises:
        Refused: ID.TAKEN: it is recorded with other figures, or was reversed in part only.
    """
    for notice in notices:
        edition = edition_of(str(notice["id"]), completer)
        plan = plan_notice(
            notice, known=lambda code: completer.state.get("authority", code) is not None, edition=edition
        )
        plans.append(plan)
        require_same(str(notice["id"]), plan, completer)
        yield from plan.drafts


def edition_of(notice_id: str, completer: Completer) -> int:
    """1, or one more than the editions that were reversed as a whole. Raises Refused where a part of one still stands."""
    edition = 1
    while (paper := completer.state.get("paper", slug_of(notice_id, edition))) is not None and paper.reversed:
        standing = _standing(slug_of(notice_id, edition), completer)
        if standing:
            raise Refused("ID.TAKEN:standing", notice=notice_id, entries=standing[:_TOLD], first=standing[0], count=len(standing))
        edition += 1
    return edition


def _standing(slug: str, completer: Completer) -> list[str]:
    """The entries of a notice that were not reversed, the last first: in this order they can be."""
    parts = ["paper", *(f"s{no}" for no in range(1, MAX_SOURCES + 1))]
    parts += [part for no in range(1, MAX_LINES + 1) for part in (f"l{no}/propose", f"l{no}")]
    ids = [f"notice/{slug}/{part}" for part in parts]
    history = completer.state.history
    seqs = [seq for id in ids if (seq := history.seq_of(id)) is not None]
    return [str(seq) for seq in sorted(seqs, reverse=True) if completer.state.get("reversed", str(seq)) is None]


def require_same(notice_id: str, plan: NoticePlan, completer: Completer) -> None:
    """Check that what is recorded of the notice already is what was read now. Raises Refused, with each difference."""
    problems = [problem for draft in plan.drafts for problem in _differences(plan.id, draft, completer)]
    if problems:
        paper = f"notice/{plan.id}/paper"
        problems.sort(key=lambda problem: problem["entry"] == paper)  # figures first, what follows from them after
        first = Problem("ID.TAKEN:notice", notice=notice_id, count=len(problems), first=_standing(plan.id, completer)[0])
        raise Refused("ID.TAKEN:notice", notice=notice_id, count=len(problems), first=first["first"], problems=[first, *problems])


def _differences(slug: str, draft: Draft, completer: Completer) -> Iterator[Problem]:
    seq = completer.state.history.seq_of(draft.id)
    if seq is None:
        return
    old = decode_content(completer.state.history.entry(seq)[1], completer.state.history.origin)
    if old.event is None or old.kind != draft.kind:
        return
    was = json.loads(encode_event(old.event))
    now = json.loads(encode_event(convert_event(draft.kind, draft.data)))
    part = draft.id.removeprefix(f"notice/{slug}/")
    for name in sorted(name for name in {*was, *now} if was.get(name) != now.get(name)):
        if name in _ROWS:
            yield from _rows_that_differ(draft.id, _ROWS[name], was.get(name, []), now.get(name, []))
            continue
        label = KINDS[draft.kind].fields[name]
        yield _difference(draft.id, _row(part), label.zh if spoken() == "zh" else label.en, name, was, now)


def _rows_that_differ(entry: str, letter: str, was: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[Problem]:
    """Each cell of a paper's own rows that differs; a source that became a quota is told as that quota."""
    before, after = ({row["no"]: row for row in rows} for rows in (was, now))
    for no in sorted({*before, *after}):
        old, new = before.get(no, {}), after.get(no, {})
        if "quota" in old and "quota" in new:
            continue
        for name in sorted(name for name in {*old, *new} if old.get(name) != new.get(name)):
            zh, en = _CELLS.get(name, (name, name))
            yield _difference(entry, _row(f"{letter}{no}"), zh if spoken() == "zh" else en, name, old, new)


def _difference(entry: str, row: str, label: str, name: str, was: dict[str, Any], now: dict[str, Any]) -> Problem:
    recorded, read = _shown(name, was.get(name)), _shown(name, now.get(name))
    return Problem("ID.TAKEN:figure", row=row, field=label, recorded=recorded, read=read, entry=entry)


def _row(part: str) -> str:
    """Which row of the notice an entry is of, from the end of its id: `l3`, `s1`, `paper`."""
    number = part[1:].partition("/")[0]
    if part[:1] not in "ls" or not number.isdigit():
        return "公告" if spoken() == "zh" else "the notice"
    if spoken() == "zh":
        return f"第{number}{'行' if part[0] == 'l' else '项来源'}"
    return f"{'line' if part[0] == 'l' else 'source'} {number}"


def _shown(name: str, value: Any) -> str:
    """A recorded value in words: amounts in 元, legs by their sum and their quotas, long lists by their length."""
    nothing = "无" if spoken() == "zh" else "nothing"
    if value is None:
        return nothing
    if name == "legs":
        return " + ".join(f"{yuan(leg['amount'])} 元 [{leg['quota']}]" for leg in value)
    if isinstance(value, int) and not isinstance(value, bool) and ("amount" in name or name.endswith("_fen")):
        return f"{yuan(value)} 元"
    if isinstance(value, list):
        return f"{len(value)} 项" if spoken() == "zh" else f"{len(value)} items"
    return str(value)


def notice_json(plan: NoticePlan) -> dict[str, Any]:
    """What an import says of one notice."""
    return {"id": plan.id, "sources_fen": plan.sources_fen, "lines_fen": plan.lines_fen,
            "declared_fen": plan.declared_fen, "findings": plan.findings}  # fmt: skip
