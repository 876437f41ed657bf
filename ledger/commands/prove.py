"""The command `prove`: proofs of entries, and that the history only grew since an older head."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
import typer

from ledger.audit.sealed import MISSING, NOT_OPENED, sealed_values
from ledger.chain.note import Checkpoint
from ledger.chain.proofs import Tree
from ledger.chain.tlog_proof import TlogProof
from ledger.commands.asking import key_store
from ledger.commands.options import current
from ledger.commands.proof import head_in, require_verified
from ledger.commands.reads import needed_entry
from ledger.commands.signing import signed_checkpoint
from ledger.commands.written import require_output, write_output
from ledger.disclosure.build import prove_many
from ledger.disclosure.chain import chain_of, made_by
from ledger.disclosure.shape import Opened
from ledger.errors import IntegrityFailed, NotFound, Refused, Usage
from ledger.kinds.declare import KINDS
from ledger.service import Ledger
from ledger.store import rows
from ledger.store.session import Session
from ledger.store.vault import Vault
from ledger.words import Fault, Label, say


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
    """出具条目证明：一条为 tlog-proof，多条或一笔支付的全部条目为披露文件 / prove entries, or all of one payment by its id: one as a tlog-proof, more as a disclosure."""
    options = current()
    if not entries and consistency is None:
        raise Usage("USAGE.PROVE")
    if with_sealed and not entries:
        raise Usage("USAGE.PROVE:open")
    require_output(options, output, consistency)
    opened: dict[int, dict[str, Opened]] = {}
    old = head_in(options, consistency).checkpoint if consistency is not None else None
    ledger = Ledger.open(options.ledger)
    try:
        sound = require_verified(options, ledger, even_if_unverified)
        with ledger.reading() as session:
            tree = session.tree()
            note = signed_checkpoint(key_store(options), session, tree.size, tree.root())
            chains = {word: named(session, word) for word in entries or []}
            seqs = sorted({seq for chain in chains.values() for seq in chain})
            opened = opened_values(session, seqs, options.vault(session.id)) if with_sealed else {}
            if old is not None:
                _require_extended(session, old)
            if old is None and len(seqs) == 1 and not opened and "payment.request" not in _whole(chains, seqs):
                data = one_entry(session, seqs[0], note).encode()
            else:
                heads = [old.size] if old is not None and old.size < tree.size else []
                data = prove_many(session, seqs, note, tree.size, opened, heads)
    finally:
        ledger.close()
    write_output(options, output, data, mode=0o600 if opened else 0o644)
    payload: dict[str, Any] = {"file": output, "size": tree.size, "root": tree.root().hex(), "entries": seqs, "verified": sound,
                               "opened": sum(map(len, opened.values())), "from": old.size if old else None,
                               "chains": {word: sorted(chain) for word, chain in chains.items() if "" not in chain.values()}}  # fmt: skip
    lines = [] if sound else [say("PROVE:unsound", {})]
    lines.append(say("PROVE" if sound else "PROVE:written", {"file": output, "what": Fault(
        "PROVE.WHAT:both" if old and seqs else "PROVE.WHAT:grown" if old else "PROVE.WHAT", count=len(seqs), size=tree.size, before=old.size if old else 0)}))
    lines += [say("PROVE.CHAIN", {"id": word, "entries": [Fault("PROVE.CHAIN:entry", seq=seq, kind=Label(KINDS[kind].zh, kind)) for seq, kind in chain.items()]})
              for word, chain in chains.items() if "" not in chain.values()]  # fmt: skip
    if payload["opened"]:
        lines.append(say("PROVE:opened", {"count": payload["opened"]}))
    options.output.answer("prove", payload, lines)
    options.output.say(f"检查：sunledger check {output} --trust 台账公钥", f"check it: sunledger check {output} --trust KEY")


def named(session: Session, word: str) -> dict[int, str]:
    """What a word names: one entry by its seq or id, its kind left ''; by the id of a payment, quota, project or paper all that was recorded of it.

    Raises NotFound (5), Refused where a word names several.
    """
    made = made_by(session, word)
    return {needed_entry(session, word): ""} if made is None else chain_of(session, made)


def _whole(chains: dict[str, dict[int, str]], seqs: list[int]) -> set[str]:
    """The kinds of entries that a business id named."""
    return {kind for chain in chains.values() for seq, kind in chain.items() if seq in seqs}


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
                raise Refused("REFUSED.VAULT:closed", field=row["field"], seq=seq, verdict=row["verdict"])
    if not found:
        raise NotFound("NOT_FOUND.SEALED:open")
    return found


def _require_extended(session: Session, old: Checkpoint) -> None:
    """Check that the ledger goes on from an older head. Raises NotFound, IntegrityFailed."""
    if old.origin != session.origin:
        raise IntegrityFailed("INV-16.ORIGIN:checkpoint", origin=old.origin)
    if old.size > session.size:
        raise NotFound("NOT_FOUND.POSITION:checkpoint", size=session.size, asked=old.size)
    leaves = list(rows.leaves(session.database, session.connection, 0, old.size))
    if Tree(leaves).root() != old.root:
        raise IntegrityFailed("INV-16.FORK:checkpoint", size=old.size)
