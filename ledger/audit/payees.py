"""Payees whose names look alike: told to who asks and to who approves, judged by nobody."""

import re
import unicodedata

from ledger.book.state import State


def alike(state: State, payee: str) -> list[tuple[str, str]]:
    """Payments, each with its payee, whose payee differs from this one in width, case, brackets or spaces alone."""
    look = _look(payee)
    told: dict[str, str] = {}
    for id, other in state.objects("payment"):
        if other.payee != payee and _look(other.payee) == look:
            told.setdefault(other.payee, id)
    return sorted((id, payee) for payee, id in told.items())


def _look(name: str) -> str:
    return re.sub(r"[\s()\[\]{}<>〈〉《》「」『』【】〔〕·.・-]", "", unicodedata.normalize("NFKC", name)).casefold()
