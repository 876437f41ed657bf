"""The command `check`: files that prove something, judged offline by what the reader trusts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

import typer

from ledger import __version__
from ledger.calendar import format_at, system_clock
from ledger.commands.options import current
from ledger.commands.output import Output
from ledger.commands.proof import answered
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
    Report,
    check_bundle,
    check_disclosure,
    check_evidence,
    check_source,
    failed,
    trusted_heads,
)
from ledger.outside.heads import Source, of_checkpoint, of_tlog_proof

NO_TRUST = "the trust root is the reader's to bring: without --trust a check is of consistency only"
_SORTS = {"checkpoint": "检查点", "tlog-proof": "条目证明", "disclosure": "披露文件", "paper": "公告", "bundle": "证据包",
          "evidence": "分叉证据", "": "文件"}  # fmt: skip
_VERDICTS = {FAILED: "不通过", CONSISTENT: "仅自洽", OPEN: "未能判定", "proved": "已证实", "signed": "签名相符", "verified": "通过",
             "complete": "完整"}  # fmt: skip


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="检查点、条目证明、披露文件、证据包、公告 / checkpoint, proof, disclosure, bundle, PDF")],
    trust: Annotated[
        list[str] | None,
        typer.Option("--trust", metavar="KEY|FILE|ID", help="所信的密钥、检查点或台账编号，可多次 / a key, a checkpoint or a ledger id that you trust; repeatable"),
    ] = None,
) -> None:
    """离线检查证明文件，无需台账 / check proofs offline, without the ledger."""
    options = current()
    trusted, heads = trust_of(options, trust or [])
    reports, errors = [], []
    for word in files:
        try:
            file = read_file(word)
            reports.append((word, check_file(file, trusted, heads)))
        except IntegrityFailed as error:
            reports.append((word, failed(file.sort, error)))
        except LedgerError as error:
            errors.append(error)
            reports.append((word, Report("", "unreadable", problems=error.problems)))
    verdict = _worst([report.verdict for _, report in reports])
    problems = [problem for _, report in reports for problem in (*report.problems, *report.undecided)]
    if verdict == CONSISTENT:
        problems.append(Problem("UNDECIDED.NO_TRUST", NO_TRUST, hint="--trust KEY, a checkpoint from elsewhere, or a ledger id"))
    payload = {
        "ok": all(report.ok for _, report in reports) and not errors, "verdict": verdict,
        "lines": [line for word, report in reports for line in _lines(word, report)],
        "problems": problems,
        "trusted": trust or [], "version": __version__,
    }  # fmt: skip
    options.output.answer("check", payload, [line for word, report in reports for line in _told(options.output, word, report)])
    if trusted.is_empty and options.chinese:
        options.output.say("信任的依据须由读者自备：未给 --trust，只检查了文件是否自洽", "")
    _leave(problems, verdict, errors)


def check_file(file: File, trust: Trust, heads: list[Source]) -> Report:
    """The check of one file. Raises InputRejected where it cannot be read, IntegrityFailed where it contradicts itself."""
    match file.sort:
        case "ledger":
            raise InputRejected(f"{file.where} is a ledger", code="INPUT.FILE", hint="see: sunledger verify")
        case "bundle":
            return check_bundle(file.raw, file.where, trust, heads, format_at(system_clock()))
        case "evidence":
            return check_evidence(file.raw, file.where, trust)
        case "paper":
            trust = replace(trust, checkpoints=trusted_heads(papers().disclosure(file.raw), file.where, heads))
            paper = papers().check(file.raw, trust)
            listing = paper.checked.listing
            return check_disclosure(paper.checked, "paper", listing.lines[0].leaf if listing else "", paper.problems, paper.undecided)
        case "disclosure":
            disclosure = read(file.raw)
            trust = replace(trust, checkpoints=trusted_heads(disclosure, file.where, heads))
            return check_disclosure(judge_disclosure(disclosure, trust=trust), "disclosure", disclosure.ledger_id)
        case "tlog-proof":
            return check_source(of_tlog_proof(file.text, file.where), trust, heads)
    return check_source(of_checkpoint(file.text, file.where), trust, heads)


_IN_CHINESE = (
    ("whether what was recorded is true, and what was never recorded", "所登记的是否属实，及从未登记的事项"),
    ("a wrong statement of the books: no witness you trust cosigned the checkpoint", "账册结点有误：您所信的见证人未见证此检查点"),
    ("entries of stream open: the block does not state it", "公开类条目：账册结点未载"),
    ("complete as stated by ", "完整，依所述者 "), ("fork proved: ", "分叉属实："), ("ledger key ", "台账密钥 "), ("ledger id ", "台账编号 "),
    (", by its key ", "，及其密钥 "), ("your file ", "您的文件 "), ("your checkpoint of ", "您的检查点，条目数 "), (" entries", " 条"),
    ("witness ", "见证 "), ("key ", "密钥 "), (", which signed both", "，两侧均由其签名"),
)  # fmt: skip


def _plain(out: Output, text: str) -> str:
    if out.chinese:
        for english, chinese in _IN_CHINESE:
            text = text.replace(english, chinese)
    return text


def _worst(verdicts: list[str]) -> str:
    for verdict in (FAILED, OPEN, CONSISTENT, "unreadable"):
        if verdict in verdicts:
            return verdict
    return verdicts[0] if len(set(verdicts)) == 1 else "proved"


def _lines(word: str, report: Report) -> list[dict[str, Any]]:
    whole = {"file": word, "sort": report.sort, "origin": report.origin, "ledger_id": report.ledger_id, "size": report.size,
             "root": report.root, "vouched_by": report.vouched_by, "cannot_exclude": report.cannot_exclude, "verdict": report.verdict}  # fmt: skip
    return [whole, *({"file": word, **entry} for entry in report.entries)]


def _told(out: Output, word: str, report: Report) -> list[str]:
    shown = _VERDICTS.get(report.verdict) or _plain(out, report.verdict)
    if report.verdict == "unreadable":
        why = str(report.problems[0]["message"])
        return [out.words(f"{word}：无法读取：{why}", f"{word}: unreadable: {why}")]
    lines = [out.words(f"{word}：{_SORTS[report.sort]}，{shown}", f"{word}: {report.sort}, {report.verdict}")]
    if report.root:
        lines.append(out.words(f"  {report.origin}，{report.size} 条，树根 {report.root}", f"  {report.origin}, {report.size} entries, root {report.root}"))
    lines += [out.words(f"  台账编号 {report.ledger_id}", f"  ledger id {report.ledger_id}")] if report.ledger_id else []
    lines += [out.words(f"  依据 {_plain(out, by)}", f"  vouched for by {by}") for by in report.vouched_by]
    if len(report.entries) <= 20:
        lines += [line for entry in report.entries for line in _entry_told(out, entry)]
    else:
        lines.append(out.words(f"  {len(report.entries)} 条，见 --json", f"  {len(report.entries)} entries, see --json"))
    return lines + [out.words(f"  未能排除：{_plain(out, told)}", f"  cannot exclude: {told}") for told in report.cannot_exclude]


_STATUSES = (("void, acknowledged", "无效，已确认"), ("effective", "有效"), ("header only", "仅条目头"), ("waiting", "待复核"),
             ("confirmed by", "已复核，见"), ("reversed by", "已冲销，见"))  # fmt: skip


def _entry_told(out: Output, entry: dict[str, Any]) -> Iterator[str]:
    kind, status = entry.get("kind", ""), entry.get("status", "")
    if out.chinese:
        kind = KINDS[kind].zh if kind in KINDS else kind
        for english, chinese in _STATUSES:
            status = status.replace(english, chinese)
    yield " ".join(word for word in (f"  #{entry['seq']}", kind, entry.get("id", ""), status) if word)
    for name, value in entry.get("opened", {}).items():
        label = next((field.zh for field in KINDS[entry["kind"]].sealed if field.name == name and out.chinese), name)
        yield out.words(f"    {label}　{value}（与承诺相符）", f"    {label}  {value}  (opens its commitment)")


def _leave(problems: list[Any], verdict: str, errors: list[LedgerError]) -> None:
    """Leave with the exit code of the worst; the answer is on stdout."""
    if verdict == FAILED:
        raise answered(IntegrityFailed(str(problems[0]["message"]), code=str(problems[0]["code"]), problems=problems))
    if verdict in (OPEN, CONSISTENT):
        raise answered(IntegrityUndecided(str(problems[0]["message"]), code=str(problems[0]["code"]), problems=problems))
    if errors:
        errors[0].problems = problems
        raise answered(errors[0])
