"""Who may record what: role by the table of entry 0, jurisdiction by the tree of bodies, both by position."""

from typing import Any

from ledger.book.objects import Authority, Officer
from ledger.book.state import Breach, State
from ledger.kinds.declare import Kind, KindInfo

AGENTS = ("department", "unit", "bank", "audit")


Actor = Officer  # who signs an entry, in the state before it


def actor_of(state: State, author: str) -> Actor:
    """The officer behind a key, revoked or not; the key may have been replaced since."""
    key = state.key(author)
    if key is None or not key.officer:
        raise Breach("RIGHTS.KEY:nobody", key_id=author[:16])
    return state.officer(key.officer)


def require_current(actor: Actor, author: str) -> None:
    """Check that an officer still signs with this key, and signs at all."""
    if not actor.active:
        raise Breach("RIGHTS.REVOKED", officer=actor.id)
    if actor.key != author:
        raise Breach("RIGHTS.REVOKED:replaced", key_id=author[:16], officer=actor.id)


def require_right(
    state: State, actor: Actor, info: KindInfo, event: Kind, *, reviewing: bool = False, reversing: bool = False
) -> None:
    """Check that `actor` may record this event (or, `reviewing`, confirm it; `reversing`, take it back)."""
    if state.ledger.mode == "observe" and "administrator" in actor.roles:
        return
    allowed = state.ledger.roles.get(info.name, frozenset())
    if allowed.isdisjoint(actor.roles) and not (reviewing and "reviewer" in actor.roles):
        act = "RIGHTS.ROLE:confirm" if reviewing else "RIGHTS.ROLE:reverse" if reversing else "RIGHTS.ROLE"
        raise Breach(act if allowed else "RIGHTS.ROLE:nobody", officer=actor.id, roles=actor.roles, kind=info.name, allowed=allowed)
    if "administrator" in actor.roles and not actor.authority:
        return
    named = [(field.sort, getattr(event, field.attribute)) for field in info.scopes]
    outside = [
        value for sort, value in named if value is not None and not in_scope(state, actor, sort, value)
    ]
    for sort, value in named:
        if sort == "authority" and value in outside:
            state.authority(value)  # what nobody registered is out of nobody's reach
    if outside and len(outside) == sum(value is not None for _, value in named):
        # of a project's county and township it is enough that one lies within the seat
        key = "RIGHTS.JURISDICTION" if actor.authority else "RIGHTS.JURISDICTION:nobody"
        raise Breach(key, body=outside[0], authority=actor.authority)


def in_scope(state: State, actor: Actor, sort: str, value: str) -> bool:
    """Whether a body, project or payment lies at or below the seat of the actor's authority."""
    if sort == "payment":
        sort, value = "project", state.payment(value).project
    if sort == "project":
        project = state.project(value)
        if within(state, actor.authority, project.county):
            return True
        return bool(project.township) and within(state, actor.authority, project.township)
    return within(state, actor.authority, value)


def within(state: State, authority: str, body: str) -> bool:
    """Whether `body` is the seat of `authority` or below it; a department or unit acts for the body it belongs to."""
    if body == authority:
        return True
    seat = _seat_of(state, authority)
    while body:
        body = _seat_of(state, body)
        if body == seat:
            return True
        found: Authority | None = state.get("authority", body)
        body = found.parent if found else ""
    return False


def _seat_of(state: State, body: str) -> str:
    """The nearest body above, or itself, that acts for itself; looked up once, however many departments lie between."""
    passed, seats = [], state.index.seats
    while body not in seats:
        found: Authority | None = state.get("authority", body)
        if found is None or found.type not in AGENTS or not found.parent:
            break
        passed.append(body)
        body = found.parent
    seat = seats.get(body, body)
    seats.update(dict.fromkeys(passed, seat))
    return seat


def second_needed(state: State, info: KindInfo, stream: str) -> bool:
    """Whether an entry of this kind waits for a second person, by the policy of entry 0.

    `stream` is that of the entry itself, or of the one it reverses.
    """
    if info.second == "always":
        return True
    ledger = state.ledger
    if ledger.mode == "observe":
        return False
    second = ledger.policy.get(info.name, "none")
    if info.second in ("enrolment", "registration", "policy") and len(state.administrators()) < 2:
        return False
    return second == "person" or (second == "money" and stream == "money")


def roles_table(kinds: dict[str, KindInfo]) -> list[dict[str, Any]]:
    """The role table that entry 0 carries, made from the declarations."""
    return [{"kind": name, "roles": list(info.by)} for name, info in sorted(kinds.items()) if info.by]


POLICIES = {
    "standard": {"release": "person", "funding": "person", "correction": "person", "enrolment": "person",
                 "policy": "person", "household": "person"},
    "small": {"correction": "money", "policy": "person"},
}  # fmt: skip


def policy_table(kinds: dict[str, KindInfo], groups: dict[str, str]) -> list[dict[str, Any]]:
    """The policy table that entry 0 carries, from what each group of kinds asks for."""
    return [
        {"kind": name, "second": groups[info.second]}
        for name, info in sorted(kinds.items())
        if info.second in groups
    ]
