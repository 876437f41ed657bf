"""The command `checkpoint`, and its verb that puts the signatures of copies together."""

from typing import Annotated, Any

import typer

from ledger.chain.keys import b64
from ledger.chain.note import Checkpoint, add_signatures, parse_note, verifier_key
from ledger.commands.asking import key_store
from ledger.commands.options import Options, current
from ledger.commands.reading import reading
from ledger.commands.signing import signed_checkpoint
from ledger.commands.sources import read_file
from ledger.commands.written import require_output, write_output
from ledger.errors import InputRejected, IntegrityFailed
from ledger.outside.heads import parse_head
from ledger.verify.run import ledger_key


def checkpoint(
    context: typer.Context,
    output: Annotated[str | None, typer.Option("-o", "--output", help="检查点文件 / file")] = None,
) -> None:
    """签发检查点，交外部保存 / sign a head for others to keep."""
    if context.invoked_subcommand is not None:
        return
    options = current()
    if output is not None:
        require_output(options, output)
    with reading(options) as (session, tree):
        note = signed_checkpoint(key_store(options), session, tree.size, tree.root())
        key = verifier_key(session.origin, ledger_key(session.state, tree.size) or b"")
    answer_note(options, "checkpoint", note, output, {"size": tree.size, "root": tree.root().hex(), "key": key})
    if output is None:
        return
    options.output.say(f"台账公钥 {key}", f"the ledger's public key: {key}")
    options.output.say(
        "把它交给台账之外的人保存；核对：sunledger verify --against 文件",
        "give it to someone outside; check: sunledger verify --against FILE",
    )


def add_signature(
    checkpoint: Annotated[str, typer.Argument(metavar="CHECKPOINT", help="检查点文件 / the checkpoint")],
    cosigned: Annotated[list[str], typer.Argument(metavar="COSIGNED…", help="同一检查点的见证副本 / copies that witnesses cosigned")],
    output: Annotated[str, typer.Option("-o", "--output", help="合并后的检查点文件 / file with all signatures")],
) -> None:
    """合并同一检查点各副本的签名 / put the signatures of copies of one checkpoint together."""
    options = current()
    require_output(options, output)
    note = read_file(checkpoint).text
    head = parse_head(note, checkpoint)
    for word in cosigned:
        note = _merged(note, head, read_file(word).text, word)
    answer_note(options, "checkpoint.add-signature", note, output, {"size": head.size, "root": head.root.hex()})


def _merged(note: str, head: Checkpoint, copy: str, where: str) -> str:
    """The note with the signature lines of a copy. Raises InputRejected, IntegrityFailed."""
    other = parse_head(copy, where)
    if other != head:
        facts: dict[str, Any] = {"where": where, "origin": other.origin, "size": other.size, "root": b64(other.root)}
        if (other.origin, other.size) == (head.origin, head.size):
            raise IntegrityFailed("INV-16.FORK:copy", **facts)
        raise InputRejected("INPUT.CHECKPOINT:another", **facts)
    standing = {(s.name, s.key_hash): s.signature for s in parse_note(note).signatures}
    for line, signature in zip(copy.rpartition("\n\n")[2].splitlines(), parse_note(copy).signatures, strict=True):
        known = standing.get((signature.name, signature.key_hash))
        if known is not None and known != signature.signature and len(known) == 64:
            raise IntegrityFailed("INV-16.SIGNATURE:two", where=where, name=signature.name)
        try:
            note = add_signatures(note, line + "\n")
        except ValueError as error:
            raise InputRejected("INPUT.CHECKPOINT:line", where=where, why=error) from None
    return note


def answer_note(options: Options, command: str, note: str, output: str | None, more: dict[str, Any]) -> None:
    """Give out a note, on stdout or into a file."""
    if output is not None:
        write_output(options, output, note.encode())
    signers = [signature.name for signature in parse_note(note).signatures]
    written = options.output.words(f"已写入 {output}：{more['size']} 条，签名 {'、'.join(signers)}",
                                   f"written {output}: {more['size']} entries, signed by {', '.join(signers)}")  # fmt: skip
    options.output.answer(command, more | {"note": note, "signers": signers, "file": output},
                          [written] if output is not None else note.rstrip("\n").split("\n"))  # fmt: skip
