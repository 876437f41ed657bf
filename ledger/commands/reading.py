"""How a command looks at a ledger: guards, last seal and frontier checked, compared with what was seen before."""

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.chain.merkle import Frontier
from ledger.commands.asking import key_store
from ledger.commands.options import Options
from ledger.errors import LedgerError
from ledger.service import Ledger
from ledger.store import rows
from ledger.store.memory import Memory
from ledger.store.session import Session

CHECKED = ["guards", "last seal", "frontier"]


@contextmanager
def reading(options: Options, target: str | None = None) -> Iterator[tuple[Session, Frontier]]:
    """A session and its checked tree, of `target` or the ledger of the options; warns where it is not what was seen before."""
    ledger = Ledger.open(target or options.ledger)
    try:
        with ledger.reading() as session:
            for warning in session.require_guards():
                options.output.say(warning, warning)
            tree = session.tree()
            trouble = memory_trouble(options, session, tree)
            if trouble is not None and trouble.exit_code == 10:
                options.output.say(f"警告：{trouble.message}", f"warning: {trouble.message}")
            yield session, tree
    finally:
        ledger.close()


def memory_trouble(options: Options, session: Session, tree: Frontier) -> LedgerError | None:
    """Why a ledger's head does not extend what the key store remembers, or None where it does."""
    try:
        Memory(key_store(options).folder, session.id).require_extended(
            tree.size,
            tree.root(),
            lambda first, size: rows.leaves(session.database, session.connection, first, size),
        )
    except LedgerError as error:
        return error
    return None


def memory_words(options: Options, session: Session, tree: Frontier, *, chinese: bool) -> str:
    """How the head stands to what this key store saw before."""
    trouble = memory_trouble(options, session, tree)
    if trouble:
        return trouble.message
    confirmed = Memory(options.keys, session.id).confirmed
    if confirmed is None:
        return "无" if chinese else "none"
    return f"延续所见的 {confirmed.size} 条" if chinese else f"extends {confirmed.size}"
