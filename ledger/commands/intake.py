"""`import notice`: published notices into an observing ledger."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.commands.fields import Completer
from ledger.commands.options import current
from ledger.commands.record import record
from ledger.errors import InputRejected, NotFound, Refused
from ledger.intake.notice import NoticePlan, plan_notice
from ledger.intake.notice_format import read_notices
from ledger.intake.strict_json import MAX_BYTES
from ledger.kinds.draft import Draft
from ledger.money import wan_yuan
from ledger.store.files import read_limited


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
        raise InputRejected(error.message, code="INPUT.FILE") from None
    plans: list[NoticePlan] = []

    def build(completer: Completer) -> Iterator[Draft]:
        if completer.state.ledger.mode != "observe":
            raise Refused("notices go into an observing ledger, this one is in control mode", code="REFUSED.MODE",
                          hint="sunledger init --mode observe")  # fmt: skip
        plans.clear()
        yield from drafts_of(notices, completer, plans)

    receipt, hand = record(options, build, yes=yes, dry_run=dry_run, first_time=first_time)
    fresh = [entry for entry in receipt.entries if not entry.already]
    payload = {
        "file": file, "recorded": len(fresh), "already": len(receipt.entries) - len(fresh), "dry_run": dry_run,
        "first_seq": fresh[0].seq if fresh else None, "last_seq": fresh[-1].seq if fresh else None,
        "size": receipt.size, "root": receipt.root, "total_fen": sum(plan.sources_fen for plan in plans),
        "notices": [notice_json(plan) for plan in plans], "problems": [],
        **hand.as_json(),
    }  # fmt: skip
    words = options.output.words
    lines = [
        words(f"{'试运行：将' if dry_run else ''}登记 {len(fresh)} 条，此前已有 {payload['already']} 条（据公开文件转录·非官方文件）",
              f"{'dry run: would record' if dry_run else 'recorded'} {len(fresh)}, recorded before {payload['already']} (transcribed from published papers)")
    ]  # fmt: skip
    for plan in plans:
        defects = sum(found["level"] == "defect" for found in plan.findings)
        remarks = len(plan.findings) - defects
        sources, arranged = wan_yuan(plan.sources_fen), wan_yuan(plan.lines_fen)
        lines.append(words(
            f"  {plan.id}　来源 {sources} 万元　明细 {arranged} 万元　疑点 {defects}　提示 {remarks}",
            f"  {plan.id}  sources {sources}, lines {arranged} (ten thousand yuan); defects {defects}, remarks {remarks}",
        ))  # fmt: skip
    lines.append(hand.line(options.output, dry_run=dry_run))
    foreseen = options.foreseen
    options.output.answer("import.notice", payload | (foreseen.facts if foreseen else {}), [*(foreseen.lines if foreseen else []), *lines])


def drafts_of(
    notices: list[dict[str, Any]], completer: Completer, plans: list[NoticePlan]
) -> Iterator[Draft]:
    """The drafts of all notices, each planned when the ones before it are in the state."""
    for notice in notices:
        plan = plan_notice(notice, known=lambda code: completer.state.get("authority", code) is not None)
        plans.append(plan)
        yield from plan.drafts


def notice_json(plan: NoticePlan) -> dict[str, Any]:
    """What an import says of one notice."""
    return {"id": plan.id, "sources_fen": plan.sources_fen, "lines_fen": plan.lines_fen,
            "declared_fen": plan.declared_fen, "findings": plan.findings}  # fmt: skip
