"""What a ledger in a database says of itself, with the newest signed checkpoint kept of it."""

from pathlib import Path

from ledger.chain.header import binds
from ledger.chain.merkle import leaf_hash
from ledger.chain.note import Checkpoint, is_signed_by, parse_checkpoint, parse_note
from ledger.chain.proofs import Tree
from ledger.disclosure.source import Source
from ledger.errors import IntegrityFailed
from ledger.outside.heads import of_history, signing_keys
from ledger.service import Ledger
from ledger.store.session import Session
from ledger.verify.run import ledger_key


def of_ledger(target: str, kept: Path | None) -> Source:
    """The whole history of the ledger at a path or URL; `kept` is the folder of checkpoints that were signed before.

    Leaves are made from the headers, not read; each content must be what its header binds, and the last seal is checked; for
    all else see `verify`. Nothing is signed here: whoever compares must not make the evidence.

    Raises:
        IntegrityFailed: the head is not a sealed one, or the stored entries are not those under it.
    """
    ledger = Ledger.open(target)
    try:
        with ledger.reading() as session:
            head = session.tree()
            headers: list[bytes] = []
            for seq, header, content in session.database.all(session.connection, "SELECT seq, header, content FROM entries ORDER BY seq"):
                if seq != len(headers):
                    raise IntegrityFailed("INV-02.MISSING:in", where=session.database.where, seq=len(headers))
                if not (isinstance(header, bytes) and isinstance(content, bytes)):
                    raise IntegrityFailed("INV-01.TYPE:in", where=session.database.where, seq=seq)
                if not binds(header, content):
                    raise IntegrityFailed("INV-01.DIGEST:in", where=session.database.where, seq=seq)
                headers.append(header)
            tree = Tree([leaf_hash(header) for header in headers])
            if tree.root() != head.root():
                raise IntegrityFailed("INV-03.ROOT:sealed", where=session.database.where)
            source = of_history(session.database.where, "ledger", Checkpoint(session.origin, tree.size, tree.root()),
                                headers, tree, lambda seq: _content(target, seq))  # fmt: skip
            source.ledger_id = session.id
            source.signing, source.knows = signing_keys(session.state), "whole"
            if kept is not None:
                _add_note(source, session, kept / session.id[:16])
            return source
    finally:
        ledger.close()


def _content(target: str, seq: int) -> bytes | None:
    ledger = Ledger.open(target)
    try:
        with ledger.reading() as session:
            return session.history.entry(seq)[1]
    finally:
        ledger.close()


def _add_note(source: Source, session: Session, folder: Path) -> None:
    """The greatest kept checkpoint that is of this history."""
    sizes = [int(path.stem) for path in folder.glob("*.note") if path.stem.isascii() and path.stem.isdigit()]
    for size in sorted(sizes, reverse=True):
        try:
            text = (folder / f"{size}.note").read_text("utf-8")
            note = parse_note(text)
            noted = parse_checkpoint(note.text)
        except (OSError, ValueError):
            continue
        key = ledger_key(session.state, noted.size)
        if source.root_at(noted.size) == noted.root and key is not None and is_signed_by(note, session.origin, key):
            source.note, source.noted = text, noted
            return
