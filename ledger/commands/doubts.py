"""What is worth a second question before it stands for ever; judged by the client alone, and never a reason for verify."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from ledger.audit.page import stored
from ledger.book.state import State
from ledger.intake.divisions import bundled_divisions
from ledger.intake.registration import registration_doubts
from ledger.kinds.declare import KINDS
from ledger.kinds.draft import Draft
from ledger.kinds.personal import personal_doubts
from ledger.store.session import Session
from ledger.words import Fault

_LOOKED_AT = 100  # of the newest entries of a kind
_REPEATED = ("book.state", "entry.confirm", "ledger.recover")  # say the same again by right, or are refused


class Earlier(NamedTuple):
    """What an entry that stands says, as far as a draft can say the same."""

    seq: int
    kind: str
    occurred_on: str
    data: str


def earlier_of(session: Session, kinds: set[str]) -> list[Earlier]:
    """The newest entries of some kinds that nobody took back, the newest first."""
    found = []
    for kind in kinds - set(_REPEATED):
        rows = session.database.all(
            session.connection,
            "SELECT seq FROM facts WHERE kind = ? AND status IN ('effective', 'waiting') ORDER BY seq DESC LIMIT ?", (kind, _LOOKED_AT),
        )  # fmt: skip
        for seq, of in stored(session, [seq for (seq,) in rows]).items():
            if session.state.get("reversed", str(seq)) is None:
                found.append(Earlier(seq, of.kind, of.occurred_on, _text(of.data)))
    return sorted(found, reverse=True)


def _text(data: object) -> str:
    return json.dumps(data, sort_keys=True)


def doubts_of(state: State, draft: Draft, earlier: Sequence[Earlier] = ()) -> list[Fault]:
    """Doubts about what was typed: division codes, digits that are almost an identity number, and what was recorded a while ago.

    None about what is transcribed.
    """
    if draft.data.get("capacity") == "transcribed":
        return []
    found = personal_doubts(KINDS[draft.kind], draft.id, draft.data)
    if draft.kind == "authority.register":
        of = draft.data
        found += registration_doubts(bundled_divisions(), code=of["code"], name=of["name"], level=of["level"],
                                     parent=of.get("parent"), sort=of.get("type"))  # fmt: skip
    same = next((of.seq for of in earlier if (of.kind, of.occurred_on, of.data) == (draft.kind, draft.occurred_on, _text(draft.data))), None)
    if same is not None:
        found.append(Fault("SAME", seq=same))
    return found if found and state.history.seq_of(draft.id) is None else []
