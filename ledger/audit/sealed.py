"""What the sealed values of an entry are worth, and what may be shown of them."""

from typing import Any

from ledger.chain.keys import b64
from ledger.chain.sealed import opens
from ledger.kinds.codec import decode_content
from ledger.store.sealing import box_of, places_in
from ledger.store.session import Session
from ledger.store.vault import Vault

PROVED, ERASED, MISSING, NOT_OPENED = "PROVED", "ERASED BY LAW (entry {})", "EVIDENCE MISSING", "not opened"


def sealed_values(session: Session, seq: int, vault: Vault | None) -> list[dict[str, Any]]:
    """Field, subject and verdict of each sealed value of an entry; where proved, `value` and `salt` (base64)."""
    found = []
    for place in places_in(seq, decode_content(session.history.entry(seq)[1], session.origin)):
        row: dict[str, Any] = {"field": place.field, "subject": place.subject}
        subject = session.state.get("subject", place.subject)
        box = box_of(session.database, session.connection, seq, place.field)
        if subject is not None and subject.erased >= 0:
            row["verdict"] = ERASED.format(subject.erased)
        elif box is None:
            row["verdict"] = MISSING
        else:
            row |= _opened(session.origin, place.id, place, box, vault)
        found.append(row)
    return found


def _opened(origin: str, id: str, place: Any, box: bytes, vault: Vault | None) -> dict[str, Any]:
    where = (origin, id, place.field)
    try:
        opened = vault.open(place.subject, where, box) if vault else None
    except ValueError:
        return {"verdict": MISSING}
    if opened is None:
        return {"verdict": NOT_OPENED}
    if not opens(place.commitment, *where, opened.salt, opened.value):
        return {"verdict": MISSING}
    return {"verdict": PROVED, "value": opened.value, "salt": b64(opened.salt)}


def masked(field: str, value: str) -> str:
    """A personal value as it may be shown: of an account the last four, of an identity the place and the last one."""
    if field == "account":
        return f"尾号{value[-4:]}" if len(value) > 8 else "*" * len(value)
    if field == "identity":
        return value[:4] + "*" * max(len(value) - 8, 4) + value[-4:] if len(value) > 10 else "*" * len(value)
    if field == "phone":
        return value[:3] + "****" + value[-4:] if len(value) > 8 else "*" * len(value)
    return value[:1] + "*" * (len(value) - 1)
