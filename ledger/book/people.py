"""The effects of kinds about people: a household enters the register, personal data is erased."""

from ledger.book.context import Context
from ledger.book.effects import change, effect, reversal
from ledger.book.objects import Household, Subject
from ledger.book.state import Breach
from ledger.kinds import people


@effect("household.enroll")
def household_enroll(c: Context, e: people.HouseholdEnroll) -> None:
    """A pseudonym enters the register."""
    if c.state.get("household", e.household) is not None:
        raise Breach("REFERENCE.TAKEN:household", id=e.household)
    c.state.authority(e.place)
    c.put("household", e.household, Household(place=e.place, seq=c.seq))


@reversal("household.enroll")
def household_enroll_back(c: Context, e: people.HouseholdEnroll) -> None:
    """Out of the register; the pseudonym is not used again."""
    c.put("household", e.household, change(c.state.get("household", e.household), reversed=True))


@effect("person.erase")
def person_erase(c: Context, e: people.PersonErase) -> None:
    """The sealed values of a person count as erased by this entry."""
    subject: Subject | None = c.state.get("subject", e.person)
    if subject is None or not subject.person:
        raise Breach("REFERENCE.SUBJECT:none", person=e.person)
    if subject.erased >= 0:
        raise Breach("REFERENCE.ERASED", person=e.person, seq=subject.erased)
    if subject.holder and e.holder != subject.holder:
        raise Breach("REFERENCE.SUBJECT:holder", person=e.person, holder=subject.holder)
    if e.holder is not None:
        c.state.authority(e.holder)
    c.put("subject", e.person, change(subject, erased=c.seq))
