"""The command `witness`: cosign a checkpoint that extends the last one cosigned."""

from pathlib import Path
from typing import Annotated

import typer

from ledger import words
from ledger.book.state import State
from ledger.bundle import build_bundle
from ledger.calendar import format_at, system_clock
from ledger.chain.cosignature import GROWTH, witness_key
from ledger.chain.keys import public_bytes
from ledger.chain.note import Checkpoint
from ledger.commands.asking import key_store
from ledger.commands.checkpoint import answer_note
from ledger.commands.compare import save_evidence
from ledger.commands.options import Options, current
from ledger.commands.proof import verified
from ledger.commands.sources import papers, read_file
from ledger.commands.written import require_output
from ledger.disclosure.shape import read
from ledger.disclosure.source import Source
from ledger.errors import (
    Busy,
    InputRejected,
    IntegrityFailed,
    NotPermitted,
    Problem,
    Refused,
    Usage,
)
from ledger.outside.bundles import Bundle, judge
from ledger.outside.heads import of_bundle, of_disclosure, parse_head
from ledger.outside.ledgers import of_ledger
from ledger.outside.witness import Forked, Witness
from ledger.service import Ledger
from ledger.store.keystore import KeyStore, Signer
from ledger.verify.run import ledger_key


def witness(
    checkpoint: Annotated[str, typer.Argument(metavar="CHECKPOINT", help="待见证的检查点 / the checkpoint to cosign")],
    output: Annotated[str | None, typer.Option("-o", "--output", help="加签后的检查点 / file with the cosignature")] = None,
    first_time: Annotated[bool, typer.Option("--first-time", help="首次见证此台账 / first sight of this ledger")] = False,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="FILE", help="依据：证据包或延续证明，不给则读台账 / a bundle or a proof of growth; else the ledger is read")
    ] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="DIR", help="见证记忆目录，默认在密钥库内 / what was cosigned before")] = None,
) -> None:
    """见证：核对历史只增未改，再加签检查点 / cosign a head that extends the last one."""
    options = current()
    if output is not None:
        require_output(options, output)
    note = read_file(checkpoint).text
    head = parse_head(note, checkpoint)
    store = key_store(options)
    name = options.officer or _only_key(store)
    signer = store.signer(name)
    known, keys, checked = _known(options, from_, note, head, name, signer)
    own = Witness(Path(state) if state is not None else store.folder / "witnessed", name, signer.private)
    try:
        cosigned = own.take(note, known, keys, int(system_clock().timestamp()), first_time=first_time)
    except Forked as error:
        saved = save_evidence(options, error.evidence, None)
        if saved is not None:
            error.problems[0]["hint"] = words.say("WITNESS:evidence", {"file": words.Long(saved)})
        raise
    public = witness_key(name, public_bytes(signer.private))
    answer_note(options, "witness", cosigned, output, {
        "size": head.size, "root": head.root.hex(), "witness": name, "key": public, "ledger_id": known.ledger_id, "checked": checked,
    })  # fmt: skip
    said = {"full verify": ("已完整核验", "after a full verify"), "full replay": ("已完整复核证据包", "after a full replay of the bundle"),
             "consistency": ("仅核对了延续证明，未核验内容", "by the proof of growth alone: contents were not verified")}[checked]  # fmt: skip
    options.output.say(f"{said[0]}；见证公钥 {public}", f"{said[1]}; the witness's key: {public}")


def _only_key(store: KeyStore) -> str:
    names = list(store.names())
    if len(names) != 1:
        raise Usage("USAGE:witness_key", count=len(names), folder=store.folder)
    return names[0]


def _known(options: Options, from_: str | None, note: str, head: Checkpoint, name: str, signer: Signer) -> tuple[Source, list[bytes], str]:
    """Where the proof comes from, judged; the keys that may sign a head of this size; and how it was judged."""
    if from_ is None:
        ledger = Ledger.open(options.ledger)
        try:
            result = verified(options, ledger, [])
            if result.verdict == "failed":
                raise _unsound(ledger.database.where, result.problems)
            source = of_ledger(options.ledger, None)
            if (source.head.size, source.head.root.hex()) != (result.size, result.root):
                raise Busy("BUSY:changed", where=source.where)
            with ledger.reading() as session:
                _require_own_key(session.state, signer)
                if head.size < source.head.size and head.origin == source.head.origin:
                    _require_sound_at(Bundle(build_bundle(session, head.size, note), source.where), head)
                return source, _keys_at(session.state, head.size), "full verify"
        finally:
            ledger.close()
    file = read_file(from_)
    if file.sort == "bundle":
        source = of_bundle(file.raw, file.where)
        judged = judge(Bundle(file.raw, file.where), source.head.origin, format_at(system_clock()))
        if judged.findings.verdict == "failed":
            raise _unsound(file.where, judged.findings.in_order())
        _require_own_key(judged.state, signer)
        keys = _keys_at(judged.state, source.head.size)
        if not source.is_signed(keys):
            raise IntegrityFailed("INV-16.SIGNATURE:named", where=file.where)
        if head.size < source.head.size and head.origin == source.head.origin:
            _require_sound_at(Bundle(file.raw, file.where), head)
        return source, _keys_at(judged.state, head.size), "full replay"
    if file.sort in ("disclosure", "paper"):
        source = of_disclosure(papers().disclosure(file.raw) if file.sort == "paper" else read(file.raw), file.where, file.sort)
        if public_bytes(signer.private) in source.keys:
            raise _same_key()
        if not name.endswith(GROWTH):
            raise Refused("REFUSED.GROWTH", file=from_, name=name, own=f"{name}{GROWTH}")
        return source, source.keys, "consistency"
    raise InputRejected("INPUT.FILE:no_proof", file=from_)


def _require_sound_at(bundle: Bundle, head: Checkpoint) -> None:
    """Check that a history verified when it ended at `head`: what two persons acknowledged later was not acknowledged then."""
    judged = judge(bundle, head.origin, format_at(system_clock()), head.size)
    if judged.findings.verdict == "failed":
        raise _unsound(words.say("WITNESS:as_of", {"where": bundle.where, "size": head.size}), judged.findings.in_order())


def _unsound(where: str, problems: list[Problem]) -> IntegrityFailed:
    return IntegrityFailed.of(problems).because("WITNESS:unsound", where=words.Long(where))


def _keys_at(state: State, size: int) -> list[bytes]:
    key = ledger_key(state, size)
    return [] if key is None else [key]


def _require_own_key(state: State, signer: Signer) -> None:
    if state.get("key", signer.key) is not None:
        raise _same_key()


def _same_key() -> NotPermitted:
    return NotPermitted("RIGHTS.WITNESS_KEY")
