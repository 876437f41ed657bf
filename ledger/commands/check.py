"""The command `check`: files that prove something, judged offline by what the reader trusts."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from ledger import __version__, words
from ledger.calendar import format_at, system_clock
from ledger.commands.options import current
from ledger.commands.sources import File, papers, read_file, trust_of
from ledger.disclosure.check import check as judge_disclosure
from ledger.disclosure.shape import read
from ledger.disclosure.trust import Trust
from ledger.errors import InputRejected, IntegrityFailed, IntegrityUndecided, LedgerError, Problem
from ledger.kinds.declare import KINDS
from ledger.outside.check import (
    CONSISTENT,
    FAILED,
    OPEN,
    Entry,
    Report,
    check_bundle,
    check_disclosure,
    check_evidence,
    check_source,
    failed,
)
from ledger.outside.heads import of_checkpoint, of_tlog_proof


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="检查点、条目证明、披露文件、证据包、公告 / checkpoint, proof, disclosure, bundle, PDF")],
    trust: Annotated[
        list[str] | None,
        typer.Option("--trust", metavar="KEY|FILE|ID", help="您信任的密钥、检查点或台账编号，可多次 / a key, a checkpoint or a ledger id that you trust; repeatable"),
    ] = None,
) -> None:
    """离线检查证明文件，无需台账 / check proofs offline, without the ledger."""
    options = current()
    trusted = trust_of(options, trust or [])
    reports, errors = [], []
    for word in files:
        try:
            file = read_file(word)
            reports.append((word, check_file(file, trusted)))
        except IntegrityFailed as error:
            reports.append((word, failed(file.sort, error)))
        except LedgerError as error:
            errors.append(error)
            reports.append((word, Report("", "unreadable", problems=error.problems)))
    verdict = _worst([report.verdict for _, report in reports])
    problems = [problem for _, report in reports for problem in (*report.problems, *report.undecided)]
    if verdict == CONSISTENT:
        problems.append(Problem("UNDECIDED.NO_TRUST"))
    payload = {
        "ok": all(report.ok for _, report in reports) and not errors, "verdict": verdict,
        "lines": [line for word, report in reports for line in _lines(word, report)],
        "problems": problems,
        "trusted": trust or [], "version": __version__,
    }  # fmt: skip
    options.output.answer("check", payload, [line for word, report in reports for line in _told(word, report)])
    _leave(problems, verdict, errors)


def check_file(file: File, trust: Trust) -> Report:
    """The check of one file. Raises InputRejected where it cannot be read, IntegrityFailed where it contradicts itself."""
    match file.sort:
        case "ledger":
            raise InputRejected("INPUT.FILE:ledger", where=file.where)
        case "bundle":
            return check_bundle(file.raw, file.where, trust, format_at(system_clock()))
        case "evidence":
            return check_evidence(file.raw, file.where, trust)
        case "paper":
            paper = papers().check(file.raw, trust, file.where)
            return check_disclosure(paper.checked, "paper", paper.problems, paper.undecided)
        case "disclosure":
            return check_disclosure(judge_disclosure(read(file.raw), trust=trust, where=file.where), "disclosure")
        case "tlog-proof":
            return check_source(of_tlog_proof(file.text, file.where), trust)
    return check_source(of_checkpoint(file.text, file.where), trust)


def _worst(verdicts: list[str]) -> str:
    for verdict in (FAILED, OPEN, CONSISTENT, "unreadable"):
        if verdict in verdicts:
            return verdict
    return verdicts[0] if len(set(verdicts)) == 1 else "proved"


def _lines(word: str, report: Report) -> list[dict[str, Any]]:
    whole = {"file": word, "sort": report.sort, "origin": report.origin, "ledger_id": report.ledger_id, "size": report.size,
             "root": report.root, "vouched_by": report.vouched_by, "cannot_exclude": report.cannot_exclude, "verdict": report.verdict}  # fmt: skip
    if report.author:
        whole |= {"stated_by": report.author._asdict()}
    return [whole, *({"file": word, **entry.as_json()} for entry in report.entries)]


def _told(word: str, report: Report) -> Iterator[str]:
    """What is said of one file, for a person."""
    if report.verdict == "unreadable":
        yield words.say("CHECK.FILE:unreadable", {"file": word, "why": words.Said(report.problems[0]["message"])})
        return
    yield words.say("CHECK.FILE", {"file": word, "sort": words.say(f"CHECK.SORT:{report.sort or 'file'}", {}), "verdict": words.Said(_verdict(report))})
    if report.root:
        yield "  " + words.say("CHECK.FILE:head", {"origin": report.origin, "size": report.size, "root": report.root})
    if report.ledger_id:
        yield "  " + words.say("CHECK.FILE:id", {"id": report.ledger_id})
    yield from (f"  {words.say('CHECK.FILE:by', {})} {by}" for by in report.vouched_by)
    if report.author and report.ok:
        yield "  " + words.say("CHECK.AUTHOR" if report.author.officer else "CHECK.AUTHOR:unknown", report.author._asdict())
    if len(report.entries) <= 20:
        yield from (line for entry in report.entries for line in _entry_told(entry))
    else:
        yield "  " + words.say("CHECK.FILE:many", {"count": len(report.entries)})
    yield from (f"  {words.say('CHECK.FILE:open', {})}{told}" for told in report.cannot_exclude)


def _verdict(report: Report) -> str:
    """The verdict in words; what a verdict is about follows its first words as it stands."""
    for name in ("failed", "undecided", "consistency only", "proved", "signed", "verified", "complete"):
        if report.verdict == name:
            return words.say(f"CHECK.VERDICT:{name.replace(' ', '_')}", {})
    if report.author is not None:
        return words.say("CHECK.VERDICT:stated", {"key": report.author.key})
    return words.say("CHECK.VERDICT:fork", {"what": report.fork})


def _entry_told(entry: Entry) -> Iterator[str]:
    info = KINDS.get(entry.kind)
    chinese = words.spoken() == "zh"
    kind = info.zh if info and chinese else entry.kind
    status = ""
    if entry.status:
        status = words.say(f"CHECK.STATUS:{entry.status.word}", {"by": entry.status.by})
    yield " ".join(word for word in (f"  #{entry.seq}", kind, entry.id, status) if word)
    for name, value in entry.opened.items():
        label = next((field.zh for field in info.sealed if field.name == name and chinese), name) if info else name
        yield f"    {label}  {value}  " + words.say("CHECK.FILE:opens", {})


def _leave(problems: list[Any], verdict: str, errors: list[LedgerError]) -> None:
    """Leave with the exit code of the worst; the answer is on stdout."""
    if verdict == FAILED:
        raise IntegrityFailed.of(problems).after_answer()
    if verdict in (OPEN, CONSISTENT):
        raise IntegrityUndecided.of(problems).after_answer()
    if errors:
        errors[0].problems = problems
        raise errors[0].after_answer()
