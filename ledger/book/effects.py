"""What each kind does to the state, and what taking it back does; registered by kind, called by `apply` alone."""

from collections.abc import Callable
from typing import Any

import msgspec

from ledger.book.context import Context, require_legs
from ledger.book.objects import (
    Administrators,
    Authority,
    Book,
    Key,
    Ledger,
    LedgerKeys,
    Object,
    Officer,
    Paper,
    Project,
    Quota,
    Recovery,
)
from ledger.book.rights import within
from ledger.book.state import Breach, State
from ledger.chain.keys import is_sound_point, key_id, possession_message, unb64, verify_signature
from ledger.kinds import keys, money, papers, projects
from ledger.kinds.keys import LEVELS
from ledger.kinds.types import Total

Effect = Callable[[Context, Any], None]
EFFECTS: dict[str, Effect] = {}
REVERSALS: dict[str, Effect] = {}
RESERVED = ("world",)
HOLDERS = ("authority", "project", "payment")  # what holds accounts; their ids are of one namespace
LEDGER_KEY_HOLDER = "ledger"  # the officer that the possession of a ledger key names
CARRIED_BY_PARENT = ("department", "unit", "bank", "audit")


def effect(kind: str) -> Callable[[Effect], Effect]:
    """Register the effect of a kind."""

    def register(function: Effect) -> Effect:
        EFFECTS[kind] = function
        return function

    return register


def reversal(*kinds: str) -> Callable[[Effect], Effect]:
    """Register what taking a kind back does beside swapping its moves."""

    def register(function: Effect) -> Effect:
        REVERSALS.update(dict.fromkeys(kinds, function))
        return function

    return register


def change(value: Object, **fields: Any) -> Any:
    """The object with other field values."""
    return msgspec.structs.replace(value, **fields)


# --- keys -----------------------------------------------------------------------------------------------------------


@effect("ledger.open")
def ledger_open(c: Context, e: keys.LedgerOpen) -> None:
    """Fix the rules, enrol the roots and take note of the ledger key."""
    if c.seq != 0:
        raise Breach("REFERENCE.LEDGER:open")
    if not 1 <= e.root_quorum <= len(e.roots):
        raise Breach("INPUT.FIELD:quorum", roots=len(e.roots))
    c.put("ledger", "", Ledger(
        name=e.name, mode=e.mode, roles={row.kind: frozenset(row.roles) for row in e.roles},
        policy={row.kind: row.second for row in e.policy}, roots=tuple(root.person for root in e.roots),
        quorum=e.root_quorum,
    ))  # fmt: skip
    for root in e.roots:
        _enroll(c, root.person, root.person, root.person, "", ("administrator",), root)
    if e.ledger_key.algorithm != "ed25519":
        raise Breach("INPUT.KEY:algorithm", algorithm=e.ledger_key.algorithm)
    _note_key(c, e.ledger_key.public_key, "")
    c.put("ledger_keys", "", LedgerKeys(keys=((0, e.ledger_key.public_key),)))


def _note_key(c: Context, public_key: str, officer: str) -> str:
    try:
        raw = unb64(public_key, 32)
    except ValueError:
        raise Breach("INPUT.KEY:base64") from None
    if not is_sound_point(raw):
        raise Breach("INPUT.KEY:point")
    name = key_id(raw)
    if c.state.key(name) is not None:
        raise Breach("RIGHTS.KEY_REUSED", key_id=name[:16])
    c.put("key", name, Key(officer=officer, public_key=public_key, seq=entry_of(c)))
    return name


def entry_of(c: Context) -> int:
    """The entry that says what takes effect; another than the one that carries it when a second person confirms."""
    seq = c.state.history.seq_of(c.id)
    return c.seq if seq is None else seq


def _enroll(
    c: Context, officer: str, person: str, name: str, authority: str, roles: tuple[str, ...], key: Any
) -> None:
    if c.state.get("officer", officer) is not None:
        raise Breach("REFERENCE.OFFICER:enrolled", id=officer)
    if officer == LEDGER_KEY_HOLDER:
        raise Breach("REFERENCE.OFFICER:holder", id=officer)
    held = _held_key(c, officer, officer, key)
    c.put(
        "officer",
        officer,
        Officer(id=officer, person=person, authority=authority, roles=roles, key=held, name=name),
    )
    if "administrator" in roles:
        _count_administrators(c)


def _held_key(c: Context, officer: str, holder: str, key: Any) -> str:
    """Take note of a new key whose holder signed that it is held; returns its id."""
    if key.algorithm != "ed25519":
        raise Breach("INPUT.KEY:algorithm", algorithm=key.algorithm)
    name = _note_key(c, key.public_key, officer)
    try:
        signature = unb64(key.possession, 64)
    except ValueError:
        signature = b""
    message = possession_message(c.state.history.origin, holder, name)
    if not verify_signature(unb64(key.public_key, 32), signature, message):
        raise Breach("RIGHTS.POSSESSION", holder=holder)
    return name


def _count_administrators(c: Context) -> None:
    persons = {o.person for _, o in c.state.objects("officer") if o.active and "administrator" in o.roles}
    if not persons:
        raise Breach("REFERENCE.OFFICER:last")
    c.put("administrators", "", Administrators(persons=tuple(sorted(persons))))


@effect("authority.register")
def authority_register(c: Context, e: keys.AuthorityRegister) -> None:
    """Add a body; its level lies below its parent's, or is its parent's where it is only a part of it."""
    require_new_holder(c, e.code)
    sort = e.type or "government"
    if e.parent is not None:
        above, level = list(LEVELS).index(c.state.authority(e.parent).level), list(LEVELS).index(e.level)
        if (level != above) if sort in CARRIED_BY_PARENT else (level <= above):
            raise Breach("INPUT.LEVEL:body", level=e.level, parent=e.parent, sort=sort)
    elif sort in CARRIED_BY_PARENT:
        raise Breach("INPUT.LEVEL:parent", sort=sort)
    c.put("authority", e.code, Authority(name=e.name, level=e.level, parent=e.parent or "", type=sort))


def require_new_holder(c: Context, code: str) -> None:
    """Check that neither a body, a project nor a payment has this code: they all hold accounts."""
    if code in RESERVED or any(c.state.get(sort, code) is not None for sort in HOLDERS):
        raise Breach("REFERENCE.TAKEN:code", id=code)


@effect("officer.enroll")
def officer_enroll(c: Context, e: keys.OfficerEnroll) -> None:
    """Add an officer; nobody enrols a second key of their own person."""
    c.state.authority(e.authority)
    person = e.person or e.officer
    if person == c.actor.person:
        raise Breach("RIGHTS.SAME_PERSON:enrol")
    _enroll(c, e.officer, person, e.name, e.authority, tuple(e.roles), e)


@effect("officer.revoke")
def officer_revoke(c: Context, e: keys.OfficerRevoke) -> None:
    """The officer signs no more."""
    officer = c.state.officer(e.officer)
    if not officer.active and e.since is None:
        raise Breach("REFERENCE.OFFICER:revoked_already", id=e.officer)
    if e.since is not None and e.since > c.seq:
        raise Breach("INPUT.FIELD:since")
    c.put("officer", e.officer, change(officer, active=False))
    if e.since is not None:
        c.state.suspecting = e.officer, officer.person, e.since
    if officer.active and "administrator" in officer.roles:
        _count_administrators(c)


@effect("officer.rotate")
def officer_rotate(c: Context, e: keys.OfficerRotate) -> None:
    """The officer signs with the new key from here on."""
    officer = c.state.officer(e.officer)
    if not officer.active:
        raise Breach("REFERENCE.OFFICER:revoked", id=e.officer)
    if e.officer in c.state.ledger.roots and c.actor.id != e.officer:
        raise Breach("RIGHTS.ROOT:own", officer=e.officer)
    c.put("officer", e.officer, change(officer, key=_held_key(c, e.officer, e.officer, e)))


@effect("ledger.rotate")
def ledger_rotate(c: Context, e: keys.LedgerRotate) -> None:
    """Heads that hold this entry are signed by the new key."""
    _held_key(c, "", LEDGER_KEY_HOLDER, e)
    found: LedgerKeys = c.state.get("ledger_keys", "")
    c.put("ledger_keys", "", LedgerKeys(keys=(*found.keys, (c.seq + 1, e.public_key))))


@effect("policy.set")
def policy_set(c: Context, e: keys.PolicySet) -> None:
    """From the next entry on other kinds wait for a second person."""
    policy = {row.kind: row.second for row in e.policy}
    ledger = c.state.ledger
    c.put("ledger", "", change(ledger, policy=policy, policies=(*ledger.policies, c.seq)))


@effect("ledger.recover")
def ledger_recover(c: Context, e: keys.LedgerRecover) -> None:
    """One root more says that a head is lost; with the last of a quorum the history goes on from here."""
    ledger = c.state.ledger
    if c.actor.id not in ledger.roots:
        raise Breach("RIGHTS.ROOT", officer=c.actor.id, roots=ledger.roots)
    try:
        unb64(e.root, 32)
    except ValueError:
        raise Breach("INPUT.FIELD:root") from None
    id = f"{e.size}:{e.root}"
    found = c.state.get("recovery", id) or Recovery(size=e.size, root=e.root, persons=())
    if c.actor.person in found.persons:
        raise Breach("REFERENCE.RECOVERY", person=c.actor.person)
    persons = (*found.persons, c.actor.person)
    counted = [person for person in persons if c.state.officer(person).active]
    by = c.seq if found.by < 0 and len(counted) >= ledger.quorum else found.by
    c.put("recovery", id, change(found, persons=persons, by=by))


@effect("book.state")
def book_state(c: Context, e: keys.BookState) -> None:
    """State a book; the count and the totals must be what the history gives."""
    code, _, stream = e.book.partition("/")
    c.state.authority(code)
    void = c.state.index.voids.first_claim(code)
    if void is not None:
        raise Breach("BOOKS.VOID", seq=void, body=code)
    if e.count != book_count(c.state, e.book):
        raise Breach("BOOKS.COUNT", book=e.book, count=book_count(c.state, e.book), said=e.count)
    held = c.state.index.totals.count(code) if stream == "money" else 0  # first: a false statement is short, and must not cost what a true one does
    if len(e.totals) != held or (stream == "money" and e.totals != body_totals(c.state, code)):
        raise Breach("BALANCE.TOTALS", body=code)
    if {"void": e.void, "rules": e.rules} != {"void": None, "rules": None} | (beyond_books(c.state) if stream == "money" else {}):
        raise Breach("BOOKS.STATED")


def statement(state: State, book: str) -> dict[str, Any]:
    """The fields of the `book.state` that is true of a book now."""
    code, _, stream = book.partition("/")
    totals = body_totals(state, code) if stream == "money" else []
    return {
        "book": book, "count": book_count(state, book),
        "totals": [{"account": total.account, "n": total.n, "unit": total.unit} for total in totals],
    } | (beyond_books(state) if stream == "money" else {})  # fmt: skip


def beyond_books(state: State) -> dict[str, list[int]]:
    """What the money of a body is stated with beside its books, and left out where there is none.

    `void` are the void entries of the whole ledger, `rules` where another policy or another ledger key took effect.
    """
    known: LedgerKeys = state.get("ledger_keys", "")
    void = list(state.index.voids.positions)
    rules = sorted({*state.ledger.policies, *(start - 1 for start, _ in known.keys[1:])})
    return {name: seqs for name, seqs in (("void", void), ("rules", rules)) if seqs}


def book_count(state: State, book: str) -> int:
    """How many entries a book holds so far."""
    found: Book | None = state.get("book", book)
    return found.count if found else 0


def body_totals(state: State, code: str) -> list[Total]:
    """What the accounts of a body, its projects and their payments hold, over quotas; sorted, no zeros."""
    return [Total(account=account, n=n, unit=unit) for account, unit, n in state.index.totals.of(code)]


# --- money and projects ---------------------------------------------------------------------------------------------


@effect("quota.receive")
def quota_receive(c: Context, e: money.QuotaReceive) -> None:
    """`world:outside` → the holder's `available`."""
    if c.state.get("quota", e.quota) is not None or e.quota.startswith("?"):
        raise Breach("REFERENCE.TAKEN:quota", id=e.quota)
    c.state.authority(e.holder)
    c.put(
        "quota",
        e.quota,
        Quota(holder=e.holder, amount=e.amount, year=e.year, source_level=e.source_level, seq=c.seq),
    )
    c.move("world:outside", f"{e.holder}:available", e.quota, e.amount)


@reversal("quota.receive")
def quota_receive_back(c: Context, e: money.QuotaReceive) -> None:
    """The quota is gone; its number is not used again."""
    c.put("quota", e.quota, change(c.state.quota(e.quota), reversed=True))


@effect("quota.release")
def quota_release(c: Context, e: money.QuotaRelease) -> None:
    """`available` of one body → `available` of another."""
    require_legs(e.legs, c.id, c.state, c.observing)
    c.state.authority(e.from_)
    c.state.authority(e.to)
    if e.from_ == e.to:
        raise Breach("INPUT.SAME", body=e.to)
    c.move_legs(f"{e.from_}:available", f"{e.to}:available", e.legs)


@effect("project.propose")
def project_propose(c: Context, e: projects.ProjectPropose) -> None:
    """A project enters the county's library."""
    require_new_holder(c, e.project)
    if c.state.authority(e.county).level != "county" and not c.observing:
        raise Breach("INPUT.LEVEL:county", body=e.county)
    if e.township is not None:
        c.state.authority(e.township)
        if not c.observing and not within(c.state, e.county, e.township):
            raise Breach("INPUT.LEVEL:township", township=e.township, county=e.county)
    c.put("project", e.project, Project(county=e.county, township=e.township or "", name=e.name, seq=c.seq))


@reversal("project.propose")
def project_propose_back(c: Context, e: projects.ProjectPropose) -> None:
    """Out of the library, if nothing builds on it."""
    project = c.state.project(e.project)
    if project.uses:
        raise Breach("REVERSAL.BUILT_UPON:project", uses=project.uses, id=e.project)
    c.put("project", e.project, change(project, reversed=True))


def use_project(c: Context, id: str, by: int = 1) -> None:
    """Count an entry that builds on a project, or take it off."""
    project = c.state.project(id)
    c.put("project", id, change(project, uses=project.uses + by))


@effect("project.approve")
def project_approve(c: Context, e: projects.ProjectApprove) -> None:
    """The project may start; approved by so many papers."""
    project = c.state.project(e.project)
    c.put("project", e.project, change(project, approved=project.approved + 1, uses=project.uses + 1))


@reversal("project.approve")
def project_approve_back(c: Context, e: projects.ProjectApprove) -> None:
    """Approved by one paper less."""
    project = c.state.project(e.project)
    c.put("project", e.project, change(project, approved=project.approved - 1, uses=project.uses - 1))


@effect("project.fund")
def project_fund(c: Context, e: projects.ProjectFund) -> None:
    """`available` of the county → `budget` of the project."""
    require_legs(e.legs, c.id, c.state, c.observing)
    project = c.state.project(e.project)
    use_project(c, e.project)
    c.move_legs(f"{project.county}:available", f"{e.project}:budget", e.legs)


@reversal("project.fund")
def project_fund_back(c: Context, e: projects.ProjectFund) -> None:
    """The project is built upon by one less."""
    use_project(c, e.project, -1)


@effect("paper.record")
def paper_record(c: Context, e: papers.PaperRecord) -> None:
    """Keep a paper; moves nothing."""
    if c.state.get("paper", e.paper) is not None:
        raise Breach("REFERENCE.TAKEN:paper", id=e.paper)
    c.state.authority(e.holder)
    c.put("paper", e.paper, Paper(holder=e.holder, title=e.title, year=e.year, mirror=e.mirror, seq=c.seq))


@reversal("paper.record")
def paper_record_back(c: Context, e: papers.PaperRecord) -> None:
    """The transcription is taken back."""
    c.put("paper", e.paper, change(c.state.get("paper", e.paper), reversed=True))
