"""Whom sealed values are about: a person, by pseudonym, or an organisation that is paid."""

import re
from typing import Any

from ledger.book.objects import Subject
from ledger.book.state import Breach, State
from ledger.kinds.declare import Kind, KindInfo

_PSEUDONYM = re.compile(r"[A-Za-z0-9._/-]{1,64}", re.ASCII)


def subjects_of(info: KindInfo, event: Kind) -> set[str]:
    """The subjects of the sealed values that an event carries."""
    return {
        str(getattr(event, info.fields[field.sealed].attribute))
        for field in info.sealed
        if getattr(event, field.attribute) is not None
    }


def is_person(info: KindInfo, event: Any) -> bool:
    """Whether the subject of an event is a person: of a payee only where it says so."""
    return "payee_type" not in info.fields or event.payee_type == "person"


def require_pseudonym(info: KindInfo, event: Any) -> None:
    """Check that a payee who is a person is named by a pseudonym."""
    if "payee_type" in info.fields and event.payee_type == "person" and not _PSEUDONYM.fullmatch(event.payee):
        raise Breach("INPUT.PSEUDONYM")


def note_void_subjects(state: State, info: KindInfo, event: Kind) -> None:
    """Take note of a person whose sealed values a void entry holds, so that they can be erased."""
    for subject in sorted(subjects_of(info, event)):
        if is_person(info, event) and _PSEUDONYM.fullmatch(subject) and state.get("subject", subject) is None:
            state.put("subject", subject, Subject(person=True, holder=""))


def note_subjects(state: State, info: KindInfo, event: Kind, holder: str) -> None:
    """Take note of whom the sealed values of an entry are about."""
    for subject in sorted(subjects_of(info, event)):
        if len(subject) > 200:
            raise Breach("INPUT.FIELD:payee")
        known: Subject | None = state.get("subject", subject)
        if known is None or (known.erased < 0 and not known.holder and holder):  # what void entries say binds nobody
            state.put("subject", subject, Subject(person=is_person(info, event), holder=holder))
        elif known.erased >= 0:
            raise Breach("REFERENCE.ERASED", person=subject, seq=known.erased)
        elif known.person != is_person(info, event):
            raise Breach("REFERENCE.SUBJECT:person" if known.person else "REFERENCE.SUBJECT:body", subject=subject)
