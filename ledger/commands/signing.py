"""How a checkpoint is signed: by whoever holds the ledger key, and never of two histories."""

from hashlib import sha256

from ledger.calendar import format_at, system_clock
from ledger.chain.note import Checkpoint, checkpoint_text, sign_note
from ledger.commands.setup import checkpoint_folder
from ledger.errors import LedgerError, NotPermitted
from ledger.service import unlike_seen
from ledger.store.files import private_folder, write_whole
from ledger.store.keystore import KeyStore, ledger_key_name
from ledger.store.memory import Memory
from ledger.store.session import Session
from ledger.verify.run import ledger_key


def signed_checkpoint(store: KeyStore, session: Session, size: int, root: bytes) -> str:
    """The signed checkpoint of a head: by the ledger key if it is here, else one that was kept.

    Raises:
        NotPermitted: neither is at hand. IntegrityFailed: the ledger does not extend what this key store has seen or signed.
    """
    text = checkpoint_text(Checkpoint(session.origin, size, root))
    kept = checkpoint_folder(store, session.id) / f"{size}.note"
    public = ledger_key(session.state, size)
    name = next((name for name in _ledger_key_first(store, session.id) if _public(store, name) == public), None)
    if name is None:
        if kept.exists() and kept.read_text("utf-8").startswith(text + "\n"):
            return kept.read_text("utf-8")
        raise NotPermitted("RIGHTS.LEDGER_KEY", name=ledger_key_name(session.id), folder=store.folder)
    private = store.signer(name).private
    memory = Memory(store.folder, session.id)
    with memory.locked():
        _remember(memory, session)
        note = sign_note(text, session.origin, private)
        private_folder(kept.parent)
        if kept.exists() and kept.read_text("utf-8") != note:  # of a history that a quorum of roots gave up
            kept.rename(kept.with_name(f"{size}-{sha256(kept.read_bytes()).hexdigest()[:16]}.note"))
        write_whole(kept, note.encode(), mode=0o600)
    return note


def _remember(memory: Memory, session: Session) -> None:
    """Note the ledger's head before a signature leaves: who signed one history signs no other, and no older one."""
    tree = session.tree()
    trouble = unlike_seen(session, tree, memory, format_at(system_clock()), first_time=True)
    if trouble is not None:
        raise trouble
    memory.confirm(tree)


def _ledger_key_first(store: KeyStore, ledger_id: str) -> list[str]:
    founding = ledger_key_name(ledger_id)
    return sorted(store.names(), key=lambda name: name != founding)


def _public(store: KeyStore, name: str) -> bytes | None:
    try:
        return store.public(name)
    except LedgerError:
        return None
