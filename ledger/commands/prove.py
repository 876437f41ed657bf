"""The command `prove`: proofs of entries, and that the history only grew since an older head."""

from typing import Annotated, Any

import msgspec
import typer

from ledger.chain.proofs import Tree
from ledger.chain.tlog_proof import TlogProof
from ledger.commands.options import current
from ledger.commands.proof import head_in, require_output, require_verified, signed_checkpoint, write_output
from ledger.commands.reads import needed_entry
from ledger.commands.record import key_store
from ledger.disclosure.build import build, prove_many
from ledger.errors import IntegrityFailed, NotFound, Usage
from ledger.service import Ledger
from ledger.store import rows
from ledger.store.session import Session


def prove(
    output: Annotated[str, typer.Option("-o", "--output", help="证明文件 / file")],
    entries: Annotated[list[str] | None, typer.Argument(metavar="SEQ|ID…", help="条目 / entries")] = None,
    consistency: Annotated[
        str | None, typer.Option("--consistency", metavar="CHECKPOINT", help="证明历史自该检查点起只增未改 / prove that it only grew since this head")
    ] = None,
    even_if_unverified: Annotated[bool, typer.Option("--even-if-unverified", help="核验不通过也出具 / despite findings")] = False,
) -> None:
    """出具条目证明：一条为 tlog-proof，多条为披露文件 / prove entries: one as a tlog-proof, more as a disclosure."""
    options = current()
    if bool(entries) == (consistency is not None):
        raise Usage("say which entries, or --consistency CHECKPOINT", hint="one of the two")
    require_output(options, output)
    old = head_in(options, consistency).checkpoint if consistency is not None else None
    ledger = Ledger.open(options.ledger)
    try:
        sound = require_verified(options, ledger, even_if_unverified)
        with ledger.reading() as session:
            tree = session.tree()
            note = signed_checkpoint(key_store(options), session, tree.size, tree.root())
            seqs = sorted({needed_entry(session, word) for word in entries or []})
            if old is not None:
                data = _grown(session, old.origin, old.size, old.root, note)
            elif len(seqs) == 1:
                data = one_entry(session, seqs[0], note).encode()
            else:
                data = prove_many(session, seqs, note, tree.size)
    finally:
        ledger.close()
    write_output(options, output, data)
    words = options.output.words
    payload: dict[str, Any] = {"file": output, "size": tree.size, "root": tree.root().hex(), "entries": seqs, "verified": sound,
                               "from": old.size if old else None}  # fmt: skip
    what = (words(f"自 {old.size} 条至 {tree.size} 条只增未改", f"grown from {old.size} to {tree.size} entries") if old
            else words(f"{len(seqs)} 条，台账 {tree.size} 条", f"{len(seqs)} of {tree.size} entries"))  # fmt: skip
    lines = [] if sound else [words("警告：此台账核验不通过，证明不可凭信", "WARNING: this ledger does not verify; do not rely on this proof")]
    lines.append(words(f"已核验整个台账；已写入 {output}：{what}" if sound else f"已写入 {output}：{what}",
                       f"the whole ledger verified; written {output}: {what}" if sound else f"written {output}: {what}"))  # fmt: skip
    options.output.answer("prove", payload, lines)
    options.output.say(f"检查：sunledger check {output} --trust 台账公钥", f"check it: sunledger check {output} --trust KEY")


def one_entry(session: Session, seq: int, note: str) -> str:
    """The C2SP tlog-proof of an entry in the tree of all, with its header and content."""
    header, content, _ = session.history.entry(seq)
    tree = Tree(list(rows.leaves(session.database, session.connection, 0, session.size)))
    extra = msgspec.json.encode({"content": content.decode(), "header": header.decode()})
    return TlogProof(seq, tree.inclusion(seq), note, extra).to_text()


def _grown(session: Session, origin: str, size: int, root: bytes, note: str) -> bytes:
    """The disclosure of entry 0 alone, with the proof from an older head. Raises NotFound, IntegrityFailed."""
    if origin != session.origin:
        raise IntegrityFailed(f"the checkpoint is of another ledger, {origin}", code="INV-16.ORIGIN")
    if size > session.size:
        raise NotFound(f"the ledger has {session.size} entries, the checkpoint {size}", code="NOT_FOUND.POSITION")
    leaves = list(rows.leaves(session.database, session.connection, 0, size))
    if Tree(leaves).root() != root:
        raise IntegrityFailed(f"the ledger does not extend the checkpoint of {size} entries: another history", code="INV-16.FORK",
                              hint="keep both; see: sunledger compare")  # fmt: skip
    return build(session, size=session.size, note=note, seqs=[0], heads=[size] if size < session.size else [])
