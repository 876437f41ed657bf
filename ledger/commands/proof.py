"""Commands about proof: verify, export bundle, book state; how a checkpoint is signed, and where answers may be written."""

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger import __version__
from ledger.book.books import STREAMS
from ledger.book.effects import statement
from ledger.book.state import State
from ledger.bundle import build_bundle
from ledger.calendar import format_at
from ledger.chain.keys import unb64
from ledger.chain.note import (
    Checkpoint,
    is_signed_by,
    parse_note,
)
from ledger.chain.policy import Policy, parse_policy
from ledger.commands.asking import key_store
from ledger.commands.completer import Completer
from ledger.commands.hand import hands_told
from ledger.commands.options import Options, current
from ledger.commands.output import Output
from ledger.commands.reading import reading
from ledger.commands.record import business_date, new_id, record, report_recorded, today
from ledger.commands.retry import Typed
from ledger.commands.signing import signed_checkpoint
from ledger.commands.sources import read_source
from ledger.commands.written import require_output, write_output
from ledger.errors import (
    InputRejected,
    IntegrityFailed,
    IntegrityUndecided,
    LedgerError,
    Problem,
    Refused,
    Usage,
)
from ledger.kinds.declare import KINDS
from ledger.kinds.draft import Draft
from ledger.service import Ledger
from ledger.store.files import read_limited
from ledger.store.memory import Memory
from ledger.store.session import Session
from ledger.verify.run import OutsideHead, Verification, ledger_key
from ledger.verify.run import verify as run_verify
from ledger.words import Fault, Said, say


def verify(
    against: Annotated[
        list[str] | None,
        typer.Option("--against", metavar="FILE", help="外部检查点、公告或证据包，可多次 / a checkpoint, paper, disclosure or bundle; repeatable"),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="CHECKPOINT", help="只查此检查点之后的签名（此前的您已核验） / signatures from this head on: before it you verified")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="签名只查最新一个，其余照查 / of the signatures the newest alone; all else as ever")] = False,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="FILE", help="见证规则：至少一个检查点须满足 / which witnesses one head must bear")
    ] = None,
) -> None:
    """完整核验：逐字节、逐规则、逐派生行 / the whole proof."""
    options = current()
    demanded = read_policy(policy) if policy is not None else None
    if fast and since is not None:
        raise Usage("USAGE:two_ways", one="--from", other="--fast")
    heads = [head_in(options, word) for word in [*([since] if since is not None else []), *(against or [])]]
    signed_from = None if fast else heads[0].checkpoint.size if since is not None else 0
    ledger = Ledger.open(options.ledger)
    try:
        result = verified(options, ledger, heads, signed_from)
        hands = _hands(options, ledger)
    finally:
        ledger.close()
    payload: dict[str, Any] = {"heads": [{"where": head.where, "size": head.checkpoint.size} for head in heads]}
    if demanded is not None:
        payload["policy"] = _require_policy(result, demanded, heads)
    payload["hands"] = hands
    payload = as_json(result) | payload | {"where": ledger.database.where, "version": __version__}
    options.output.answer("verify", payload, verify_lines(options.output, payload))
    if not result.ok:
        kind = IntegrityFailed if result.verdict == "failed" else IntegrityUndecided
        told = result.problems if options.as_json else root_causes(result.problems)
        raise kind.of(told).after_answer()


def _hands(options: Options, ledger: Ledger) -> dict[str, Any]:
    """Whose keys are here, and who brought them in; nothing where the ledger is too broken to say."""
    with suppress(LedgerError, ValueError, KeyError), ledger.reading() as session:
        return hands_told(session.state, key_store(options), options.output)
    return {"store_opens": [], "enrolled_by_one": "", "lines": []}


def root_causes(problems: list[Problem]) -> list[Problem]:
    """The findings for a person: where stored bytes are broken, what may only follow from that is counted and not listed."""
    broken = [problem for problem in problems if problem["invariant"] in _BYTES]
    if not broken:
        return problems
    others = Counter(str(problem["invariant"]) for problem in problems if problem["invariant"] not in (*_BYTES, *_APART))
    return [problem for problem in problems if problem["invariant"] not in others] + [
        Problem("VERIFY:more", as_code=f"{invariant}.MORE", count=count)
        for invariant, count in sorted(others.items())
    ]  # fmt: skip


_BYTES = ("INV-01", "INV-02", "INV-03", "INV-04")
_APART = ("INV-15", "INV-16")  # the schema, and outside heads


def read_policy(path: str) -> Policy:
    """The witness policy of a file. Raises InputRejected."""
    try:
        return parse_policy(read_limited(Path(path), 64 * 1024, "policy").decode())
    except ValueError as error:
        raise InputRejected("INPUT.POLICY_FILE", path=path, why=Fault("POLICY:utf8") if isinstance(error, UnicodeDecodeError) else error) from None


def _require_policy(result: Verification, policy: Policy, heads: list[OutsideHead]) -> dict[str, Any]:
    """Take note in the result where no head satisfies the policy; returns what each lacks."""
    missing = {head.where: policy.missing(head.note) for head in heads if head.note is not None}
    satisfied = any(not lacks for lacks in missing.values())
    if not satisfied:
        what = "; ".join(f"{where}: {', '.join(lacks)}" for where, lacks in missing.items())
        key = "UNDECIDED.POLICY" if missing else "UNDECIDED.POLICY:none"
        result.problems.append(Problem(key, what=Said(what), invariant="INV-16"))
        result.problems_total += 1
        result.verdict = "undecided" if result.ok else result.verdict
        result.ok = False
    return {"satisfied": satisfied, "missing": missing}


def verify_lines(out: Output, result: dict[str, Any]) -> list[str]:
    """The answer of a verify for a person."""
    words, counts = out.words, result["counts"]
    verdict = {"verified": words("通过", "verified"), "failed": words("不通过", "FAILED"),
               "undecided": words("未能判定", "UNDECIDED")}[result["verdict"]]  # fmt: skip
    # What a missing tail would look like is said in the first words, where a person reads.
    is_open = result["verdict"] == "verified" and not any(head["size"] >= result["size"] for head in result["heads"])
    open_tail = words("（末尾未证）", " (its tail is not proved)") if is_open else ""
    lines = [
        words(f"{verdict}{open_tail}：{result['origin']}，{result['size']} 条，树根 {result['root']}",
              f"{verdict}{open_tail}: {result['origin']}, {result['size']} entries, root {result['root']}"),
        *(words(f"注意：{line}", f"mind: {line}") for line in result.get("hands", {}).get("lines", ())),
        words(f"台账编号 {result['ledger_id']}　位置 {result['where']}",
              f"ledger id {result['ledger_id']}  at {result['where']}"),
    ]  # fmt: skip
    for check in result["checks"]:
        passed = say("VERIFY:ok" if check["ok"] else "VERIFY:undecided" if check["undecided"] else "VERIFY:failed", {})
        detail = (out.words("：", "  ") + check["detail"]) if check["detail"] else ""
        lines.append(words(f"  {check['id']} {passed}{'　' * (3 - len(passed))} {check['says']}{detail}",
                           f"  {check['id']} {check['name']:<14} {passed}{detail}"))  # fmt: skip
    lines.append(words(
        f"无效条目 {counts['void']}（已确认 {counts['void_acknowledged']}）　超前条目 {counts['ahead']}（已确认 {counts['ahead_acknowledged']}）",
        f"void entries: {counts['void']}, acknowledged {counts['void_acknowledged']}; "
        f"ahead: {counts['ahead']}, acknowledged {counts['ahead_acknowledged']}",
    ))  # fmt: skip
    lines += [words(f"根密钥（已达法定数）在第 {lost['by']} 条宣告：曾有 {lost['size']} 条的末端遗失，台账由此继续",
                    f"a head of {lost['size']} entries was lost; a quorum of roots went on at entry {lost['by']}")
              for lost in result["lost"]]  # fmt: skip
    lines += [words(f"外部检查点 {head['where']}：{head['size']} 条", f"outside head {head['where']}: {head['size']} entries")
              for head in result["heads"]]  # fmt: skip
    lines += [words(f"警告：{warning}", f"warning: {warning}") for warning in result["warnings"]]
    lines += result["cannot_exclude"]
    lines.append(words(
        f"{result['entries_per_s']} 条/秒，sunledger {result['version']}；不能证明条目内容属实，也不能发现从未登记的事项",
        f"{result['entries_per_s']} entries/s, sunledger {result['version']}; this does not prove that what was recorded "
        "is true, nor find what was never recorded",
    ))  # fmt: skip
    return lines


def as_json(result: Verification) -> dict[str, Any]:
    """The answer of a verify as JSON values."""
    return {name: getattr(result, name) for name in result.__struct_fields__ if name not in ("lost", "roots")} | {
        "lost": [lost._asdict() for lost in result.lost]}  # fmt: skip


def verified(options: Options, ledger: Ledger, heads: list[OutsideHead], signed_from: int | None = 0) -> Verification:
    """A full verify, against heads given and the head this key store remembers."""
    vault = remembered = None
    with suppress(IntegrityFailed), ledger.reading() as session:
        vault = options.vault(session.id)
        remembered = Memory(key_store(options).folder, session.id).confirmed
    with ledger.database.reading() as connection:
        now, sizes = format_at(ledger.clock()), [remembered.size] if remembered else []
        result = run_verify(ledger.database, connection, now=now, heads=heads, vault=vault, sizes=sizes, signed_from=signed_from)
        memory = Memory(key_store(options).folder, result.ledger_id) if result.ledger_id else None
        remembered = memory.confirmed if memory else None
        root = unb64(remembered.root, 32) if remembered else b""
        if remembered is None or result.roots.get(remembered.size) == root:
            return result
        if memory and result.verdict != "failed" and memory.given_up(result.lost) >= 0:
            return result  # a quorum of roots gave up what is remembered
        again = [*heads, OutsideHead(Checkpoint(result.origin, remembered.size, root), say("WHERE:memory", {}))]
        told = result.cannot_exclude
        result = run_verify(ledger.database, connection, now=now, heads=again, vault=vault, signed_from=signed_from)
        result.cannot_exclude = told
    return result


def head_in(options: Options, word: str) -> OutsideHead:
    """The head of a file from outside; whether the ledger signed it is judged by the ledger's entries. Raises InputRejected."""
    source = read_source(options, word)
    if source.noted is None or source.sort == "ledger":
        raise InputRejected("INPUT.CHECKPOINT:outside", where=source.where)
    return OutsideHead(source.noted, source.where, note=parse_note(source.note), ledger_id=source.ledger_id)


def outside_head(options: Options, word: str, session: Session) -> OutsideHead:
    """The head of a file from outside, and whether the ledger key in force at its size signed it."""
    head = head_in(options, word)
    key = ledger_key(session.state, head.checkpoint.size)
    signed = head.note is not None and key is not None and is_signed_by(head.note, session.origin, key)
    return OutsideHead(head.checkpoint, head.where, signed=signed)


def export_bundle(
    output: Annotated[str, typer.Option("-o", "--output", help="文件 / file")],
) -> None:
    """导出证据包：全部条目、封签、检查点 / everything a stranger needs."""
    options = current()
    require_output(options, output)
    with reading(options) as (session, tree):
        note = signed_checkpoint(key_store(options), session, tree.size, tree.root())
        data = build_bundle(session, tree.size, note)
    write_output(options, output, data)
    options.output.answer("export", {"file": output, "rows": tree.size, "size": tree.size, "root": tree.root().hex()},
                          [options.output.words(f"已写入 {output}：{tree.size} 条；格式见 docs/format.md",
                                                f"written {output}: {tree.size} entries; the format: docs/format.md")])  # fmt: skip


def book_state(
    book: Annotated[str, typer.Option("--book", help="机构代码 / body")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="不登记 / record nothing")] = False,
    occurred_on: Annotated[str | None, typer.Option("--occurred-on", help="业务日期 / date")] = None,
    id: Annotated[
        str | None, typer.Option("--id", help="条目编号，重试安全 / entry id, for safe retry")
    ] = None,
    first_time: Annotated[bool, typer.Option("--first-time", help="首次见到此台账 / first sight")] = False,
) -> None:
    """账册结点：登记一个机构各账册的条目数与余额，供公告使用 / state a body's books."""
    options = current()
    said = business_date(occurred_on)
    code = book.partition("/")[0]
    typed = [Typed("book.state", f"{id}/{stream}", said, {"book": f"{code}/{stream}"}, {}) for stream in STREAMS] if id is not None else []
    try:
        done = record(options, lambda completer: states(completer, code, said or today(), id), yes=yes, dry_run=dry_run,
                      first_time=first_time, typed=typed)  # fmt: skip
    except LedgerError as error:
        if id is None:  # ids that nobody gave say nothing, and without them each stream says the same
            for problem in error.problems:
                problem.pop("entry", None)
            error.problems = [problem for place, problem in enumerate(error.problems) if problem not in error.problems[:place]]
        raise
    report_recorded(options, KINDS["book.state"], done, dry_run=dry_run)
    if dry_run:
        return
    options.output.say(
        f"下一步：sunledger report allocation --book {code} --year … -o 公告.pdf",
        f"next: sunledger report allocation --book {code} --year … -o report.pdf",
    )


def states(completer: Completer, code: str, date: str, id: str | None = None) -> Any:
    """One `book.state` a stream of a body that holds entries, `keys` last, each as the state then is.

    `id` names the block: its entries are `ID/money`, `ID/open`, `ID/keys`.
    """
    state: State = completer.state
    if state.get("authority", code) is None:
        raise Refused("REFERENCE.AUTHORITY", id=code)
    for stream in STREAMS:
        book = f"{code}/{stream}"
        if state.get("book", book) is None and stream != "money":
            continue
        name = f"{id}/{stream}" if id is not None else new_id()
        yield Draft("book.state", name, date, statement(state, book))


def require_verified(options: Options, ledger: Ledger, even_if: bool) -> bool:
    """A full verify before something is given out; says whether it passed. Sealed values need not be opened for it.

    Raises IntegrityFailed, or IntegrityUndecided while an entry is suspect, unless `even_if`.
    """
    result = verified(options, ledger, [])
    suspect = result.counts["suspect"] - result.counts["suspect_settled"]
    if suspect and result.verdict == "undecided" and not even_if:
        raise IntegrityUndecided("UNDECIDED.SUSPECT", count=suspect)
    if result.verdict == "failed" and not even_if:
        raise IntegrityFailed.of(result.problems).because("UNVERIFIED")
    return result.verdict != "failed" and not suspect
