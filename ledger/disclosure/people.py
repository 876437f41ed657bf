"""Whose key it is that states a body's books, as far as the listed entries tell: person and roles."""

from typing import Any, NamedTuple

from ledger.chain.keys import key_id, unb64
from ledger.disclosure.listing import Listing


class Author(NamedTuple):
    """The key that states the books; officer and roles as the enrolment that is listed has them, else ''."""

    key: str
    officer: str = ""
    roles: tuple[str, ...] = ()


def author_of(listing: Listing, key: str) -> Author:
    """Who holds a key: a root of entry 0, or whom a listed `officer.enroll` or `officer.rotate` names."""
    roles: dict[str, tuple[str, ...]] = {}
    for line in listing.lines:
        if line.fault or line.seq in listing.void:
            continue
        if line.kind == "ledger.open":
            for root in line.data["roots"]:
                if _is(root, key):
                    return Author(key, root["person"], ("administrator",))
        elif line.kind == "officer.enroll":
            roles[line.data["officer"]] = tuple(line.data["roles"])
        if line.kind in ("officer.enroll", "officer.rotate") and _is(line.data, key):
            return Author(key, line.data["officer"], roles.get(line.data["officer"], ()))
    return Author(key)


def _is(held: dict[str, Any], key: str) -> bool:
    try:
        return key_id(unb64(held["public_key"], 32)) == key
    except ValueError:
        return False
