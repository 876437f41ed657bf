"""What is worth a second question before it stands for ever; judged by the client alone, and never a reason for verify."""

from ledger.book.state import State
from ledger.intake.divisions import bundled_divisions
from ledger.intake.registration import registration_doubts
from ledger.kinds.declare import KINDS
from ledger.kinds.draft import Draft
from ledger.kinds.personal import personal_doubts
from ledger.words import Fault


def doubts_of(state: State, draft: Draft) -> list[Fault]:
    """Doubts about what was typed: division codes, and digits that are almost an identity number; none about what is transcribed."""
    if draft.data.get("capacity") == "transcribed":
        return []
    found = personal_doubts(KINDS[draft.kind], draft.id, draft.data)
    if draft.kind == "authority.register":
        of = draft.data
        found += registration_doubts(bundled_divisions(), code=of["code"], name=of["name"], level=of["level"],
                                     parent=of.get("parent"), sort=of.get("type"))  # fmt: skip
    return found if found and state.history.seq_of(draft.id) is None else []
