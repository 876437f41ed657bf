"""The command `prove`: proofs of entries, and that the history only grew since an older head."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
import typer

from ledger.audit.sealed import MISSING, NOT_OPENED, sealed_values
from ledger.chain.proofs import Tree
from ledger.chain.tlog_proof import TlogProof
from ledger.commands.asking import key_store
from ledger.commands.options import current
from ledger.commands.proof import head_in, require_output, require_verified, write_output
from ledger.commands.reads import needed_entry
from ledger.commands.signing import signed_checkpoint
from ledger.disclosure.build import build, prove_many
from ledger.disclosure.shape import Opened
from ledger.errors import IntegrityFailed, NotFound, Refused, Usage
from ledger.service import Ledger
from ledger.store import rows
from ledger.store.session import Session
from ledger.store.vault import Vault


def prove(
    output: Annotated[str, typer.Option("-o", "--output", help="证明文件 / file")],
    entries: Annotated[list[str] | None, typer.Argument(metavar="SEQ|ID…", help="条目 / entries")] = None,
    consistency: Annotated[
        str | None, typer.Option("--consistency", metavar="CHECKPOINT", help="证明历史自该检查点起只增未改 / prove that it only grew since this head")
    ] = None,
    with_sealed: Annotated[
        bool, typer.Option("--open", help="连同所列条目的密封值（个人信息，只交有关的人） / with their sealed values: personal, for whom it concerns")
    ] = False,
    even_if_unverified: Annotated[bool, typer.Option("--even-if-unverified", help="核验不通过也出具 / despite findings")] = False,
) -> None:
    """出具条目证明：一条为 tlog-proof，多条为披露文件 / prove entries: one as a tlog-proof, more, or with sealed values, as a disclosure."""
    options = current()
    if bool(entries) == (consistency is not None):
        raise Usage("say which entries, or --consistency CHECKPOINT", hint="one of the two")
    if with_sealed and not entries:
        raise Usage("--open needs the entries whose sealed values are to be opened")
    require_output(options, output, consistency)
    opened: dict[int, dict[str, Opened]] = {}
    old = head_in(options, consistency).checkpoint if consistency is not None else None
    ledger = Ledger.open(options.ledger)
    try:
        sound = require_verified(options, ledger, even_if_unverified)
        with ledger.reading() as session:
            tree = session.tree()
            note = signed_checkpoint(key_store(options), session, tree.size, tree.root())
            seqs = sorted({needed_entry(session, word) for word in entries or []})
            opened = opened_values(session, seqs, options.vault(session.id)) if with_sealed else {}
            if old is not None:
                data = _grown(session, old.origin, old.size, old.root, note)
            elif len(seqs) == 1 and not opened:
                data = one_entry(session, seqs[0], note).encode()
            else:
                data = prove_many(session, seqs, note, tree.size, opened)
    finally:
        ledger.close()
    write_output(options, output, data, mode=0o600 if opened else 0o644)
    words = options.output.words
    payload: dict[str, Any] = {"file": output, "size": tree.size, "root": tree.root().hex(), "entries": seqs, "verified": sound,
                               "opened": sum(map(len, opened.values())), "from": old.size if old else None}  # fmt: skip
    what = (words(f"自 {old.size} 条至 {tree.size} 条只增未改", f"grown from {old.size} to {tree.size} entries") if old
            else words(f"{len(seqs)} 条，台账 {tree.size} 条", f"{len(seqs)} of {tree.size} entries"))  # fmt: skip
    lines = [] if sound else [words("警告：此台账核验不通过，证明不可凭信", "WARNING: this ledger does not verify; do not rely on this proof")]
    lines.append(words(f"已核验整个台账；已写入 {output}：{what}" if sound else f"已写入 {output}：{what}",
                       f"the whole ledger verified; written {output}: {what}" if sound else f"written {output}: {what}"))  # fmt: skip
    if payload["opened"]:
        lines.append(words(f"含 {payload['opened']} 项个人信息的明文：只交有关的人，不得公开",
                           f"holds {payload['opened']} personal values in clear: for whom it concerns, not to be published"))  # fmt: skip
    options.output.answer("prove", payload, lines)
    options.output.say(f"检查：sunledger check {output} --trust 台账公钥", f"check it: sunledger check {output} --trust KEY")


def one_entry(session: Session, seq: int, note: str) -> str:
    """The C2SP tlog-proof of an entry in the tree of all, with its header and content."""
    header, content, _ = session.history.entry(seq)
    tree = Tree(list(rows.leaves(session.database, session.connection, 0, session.size)))
    extra = msgspec.json.encode({"content": content.decode(), "header": header.decode()})
    return TlogProof(seq, tree.inclusion(seq), note, extra).to_text()


def opened_values(session: Session, seqs: Iterable[int], vault: Vault | None) -> dict[int, dict[str, Opened]]:
    """Value and salt of each sealed value of some entries, as a disclosure opens them; what was erased is left out.

    Raises:
        Refused: a value cannot be opened. NotFound: there is none to open.
    """
    found: dict[int, dict[str, Opened]] = {}
    for seq in seqs:
        for row in sealed_values(session, seq, vault):
            if "value" in row:
                found.setdefault(seq, {})[row["field"]] = Opened(value=row["value"], salt=row["salt"])
            elif row["verdict"] in (NOT_OPENED, MISSING):
                raise Refused(f"{row['field']} of entry {seq} cannot be opened: {row['verdict']}", code="REFUSED.VAULT",
                              hint="name the vault that has its key: --vault DIR")  # fmt: skip
    if not found:
        raise NotFound("these entries hold no sealed value that could be opened", code="NOT_FOUND.SEALED",
                       hint="leave --open out; what was erased by law cannot be opened")  # fmt: skip
    return found


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
