"""What likely comes next, once something is recorded: said as a command line, by the kind and by what stands."""

from collections import defaultdict
from typing import Any

from ledger.book.state import State
from ledger.commands.readable import with_code
from ledger.store.append import Recorded
from ledger.store.session import Session

NEXT = {
    "quota.receive": "sunledger project propose …",
    "quota.release": "sunledger balance --by holder,quota",
    "project.propose": "sunledger project approve --project {project} --document-number …",
    "project.approve": "sunledger project fund --project {project} --quota … --amount …",
    "project.fund": "sunledger payment request --project {project} …",
    "payment.request": "sunledger payment approve --payment {payment}",
    "payment.approve": "sunledger trace {seq} --up",
    "payment.reject": "sunledger balance --by project,stage",
    "officer.revoke": "sunledger status",
    "officer.rotate": "sunledger officer list",
    "ledger.rotate": "sunledger checkpoint -o …",
    "ledger.recover": "sunledger status",
    "policy.set": "sunledger kinds",
    "household.enroll": "sunledger payment request --payee {household} --payee-type person …",
    "person.erase": "sunledger verify",
    "entry.reverse": "sunledger verify",
    "entry.confirm": "sunledger verify",
    "entry.void": "sunledger verify",
}
NAMED = 6  # so many colleagues are named
SETTING_UP = ("authority.register", "officer.enroll")  # where it takes a look at the ledger
_NEEDED = (("finance",), ("programme", "clerk"), ("handler",), ("approver", "treasury"))  # to bring in money and pay it


def next_step(kind: str, entry: Recorded, data: dict[str, Any]) -> str:
    """The command that likely comes next, or ''."""
    if entry.waits:
        return f"sunledger entry confirm --entry {entry.seq}"
    if entry.already:
        return f"sunledger show {entry.seq}"  # what came of it since, only the ledger knows
    known = {name: value if isinstance(value, str) else "…" for name, value in data.items()}
    return NEXT.get(kind, "").format_map(defaultdict(lambda: "…", known, seq=entry.seq))


def step_in_setting_up(state: State, kind: str, data: dict[str, Any]) -> str:
    """The same while a ledger is set up: a body below the provinces first, then officers until every needed role is held, then money."""
    if kind == "authority.register" and all(body.level == "province" for _, body in state.objects("authority")):
        return f"sunledger authority register --code … --name … --level county --parent {data['code']}"
    held = {role for _, officer in state.objects("officer") if officer.active for role in officer.roles}
    if not all(held & set(roles) for roles in _NEEDED):
        return "sunledger officer new-key …"
    return "sunledger quota receive …" if kind == "officer.enroll" else "sunledger authority list"


def who_confirms(session: Session, seq: int, chinese: bool) -> str:
    """Who could confirm an entry that waits, or that nobody could as yet."""
    from ledger.audit.todo import confirmation, could_do

    work = confirmation(session, "second", seq)
    able = [officer for _, officer in sorted(session.state.objects("officer")) if could_do(session, officer, work)]
    if not able:
        return ("目前无人有权复核此条：请管理员登记有相应角色的另一人（sunledger officer enroll）" if chinese
                else "nobody may confirm this as yet: an administrator enrols another person with such a role (sunledger officer enroll)")  # fmt: skip
    names = [with_code(officer.name, officer.id, chinese) for officer in able[:NAMED]] + ["…"] * (len(able) > NAMED)
    return f"可复核的人员：{'、'.join(names)}" if chinese else f"who may: {', '.join(names)}"
