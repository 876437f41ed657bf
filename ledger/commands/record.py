"""Recording: who signs, what is shown before, what is said after. All kinds go through here."""

import secrets
from collections.abc import Callable, Iterable
from typing import Any

import click

from ledger.book.rights import actor_of
from ledger.book.state import Breach, State
from ledger.calendar import format_at, is_date
from ledger.commands.fields import Completer, find_entry
from ledger.commands.options import Options
from ledger.errors import Declined, InputRejected, NotPermitted, Usage
from ledger.kinds.codec import decode_content
from ledger.kinds.declare import KINDS, KindInfo
from ledger.kinds.draft import Draft
from ledger.money import capitals, yuan
from ledger.service import Ledger
from ledger.store.append import Receipt
from ledger.store.keystore import KeyStore
from ledger.store.memory import Memory

Build = Callable[[Completer], Iterable[Draft]]
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WRITE_PARAMS = ("yes", "dry_run", "id", "occurred_on", "first_time")


def write_params() -> list[click.Parameter]:
    """The options every write takes."""
    return [
        click.Option(["--yes"], is_flag=True, help="不再询问 / do not ask"),
        click.Option(["--dry-run"], is_flag=True, help="只看结果，不登记 / record nothing"),
        click.Option(["--id"], metavar="ID", help="条目编号，重试安全 / entry id, for safe retry"),
        click.Option(["--occurred-on"], metavar="DATE", help="业务日期，默认今天 / business date"),
        click.Option(["--first-time"], is_flag=True, help="首次见到此台账 / first sight of this ledger"),
    ]


def ulid(ledger: Ledger) -> str:
    """A new id: 48 bits of milliseconds, 80 random bits, in Crockford's base 32."""
    value = int(ledger.clock().timestamp() * 1000) << 80 | int.from_bytes(ledger.entropy(10), "big")
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


def key_store(options: Options) -> KeyStore:
    """The key store, with the passphrase where there is one."""
    return KeyStore(options.keys, options.passphrase)


def record(options: Options, kinds: list[str], build: Build, *, yes: bool, dry_run: bool, first_time: bool = False,
           about: str | None = None, as_officer: str | None = None) -> Receipt:  # fmt: skip
    """Record what `build` makes, signed by the officer said or the only one who may.

    `kinds` are those that may come; `about` is the entry a confirmation or reversal names.
    """
    ledger = Ledger.open(options.ledger)
    try:
        store = key_store(options)
        with ledger.reading() as session:
            session.require_guards()
            name = as_officer or options.officer or only_signer(session.state, store, kinds, about)
            ledger_id = session.id
        signer = store.signer(name)
        memory = Memory(store.folder, ledger_id)

        def drafts(state: State) -> Iterable[Draft]:
            try:
                actor = actor_of(state, signer.key)
            except Breach:
                raise NotPermitted(
                    f"key {name!r} is not enrolled in this ledger", code="RIGHTS.KEY"
                ) from None
            return build(Completer(state, actor, store))

        if options.interactive and not yes and not dry_run:
            preview = ledger.append(signer, drafts, memory=memory, first_time=first_time, dry_run=True)
            _ask(options, ledger, drafts, preview)
        return ledger.append(signer, drafts, memory=memory, first_time=first_time, dry_run=dry_run)
    finally:
        ledger.close()


def _ask(
    options: Options, ledger: Ledger, drafts: Callable[[State], Iterable[Draft]], preview: Receipt
) -> None:
    """Show what will be recorded, with the amount in 元 and 大写, and ask."""
    with ledger.reading() as session:
        for draft in drafts(session.state):
            info = KINDS[draft.kind]
            options.output.say(f"{info.zh}（{draft.kind}）{draft.id}", f"{info.en} ({draft.kind}) {draft.id}")
            for name, value in draft.data.items():
                field = info.fields.get(name)
                label = field.zh if field and options.chinese else name
                options.output.say(f"  {label}：{value}", f"  {label}: {value}")
            total = total_of(draft.data)
            if total:
                options.output.say(
                    f"  合计 {yuan(total)} 元（{capitals(total)}）",
                    f"  total {yuan(total)} yuan ({capitals(total)})",
                )
    if not click.confirm("登记吗？" if options.chinese else "Record?", default=False, err=True):
        raise Declined("declined at the prompt")


def total_of(data: dict[str, Any]) -> int:
    """The amount an event is about, in fen."""
    if data.get("legs"):
        return sum(leg["amount"] for leg in data["legs"])
    amount = data.get("amount", 0)
    return amount if isinstance(amount, int) else 0


def only_signer(state: State, store: KeyStore, kinds: list[str], about: str | None) -> str:
    """The one key of the store whose officer may record these kinds."""
    enrolled = {officer.key: (id, officer) for id, officer in state.objects("officer") if officer.active}
    barred = ""
    if about is not None:
        seq = find_entry(state, about)
        if seq is not None:
            named = decode_content(state.history.entry(seq)[1], state.history.origin)
            if "entry.confirm" in kinds or "entry.reverse" in kinds:
                waiting = state.get("waiting", str(seq))
                barred = waiting.person if waiting and "entry.confirm" in kinds else ""
                kinds = [named.kind] if named.kind in KINDS else kinds
    allowed = {role for kind in kinds for role in _roles(state, kind)}
    names, seen = [], 0
    for name in store.names():
        found = enrolled.get(_key_id(store, name))
        if found is None:
            continue
        seen += 1
        officer = found[1]
        if officer.person != barred and allowed & set(officer.roles):
            names.append(name)
    if len(names) == 1:
        return names[0]
    if names:
        raise Usage(f"several keys may record this: {', '.join(names)}", hint="say which: --as NAME")
    if not seen:
        raise NotPermitted(
            f"no key of this ledger in {store.folder}", code="RIGHTS.KEY", hint="--keys DIR, --as NAME"
        )
    raise NotPermitted(f"no key in {store.folder} may record {', '.join(kinds)}", code="RIGHTS.ROLE",
                       hint=f"it takes one of: {', '.join(sorted(allowed)) or 'nobody'}")  # fmt: skip


def _key_id(store: KeyStore, name: str) -> str:
    from ledger.chain.keys import key_id

    return key_id(store.public(name))


def _roles(state: State, kind: str) -> set[str]:
    roles = set(state.ledger.roles.get(kind, ()))
    if state.ledger.mode == "observe":
        roles.add("administrator")
    return roles


def business_date(ledger_today: str, said: str | None) -> str:
    """`--occurred-on`, or today."""
    if said is None:
        return ledger_today
    if not is_date(said):
        raise InputRejected(
            f"--occurred-on: {said[:40]!r} is not a day that exists (YYYY-MM-DD)", code="INPUT.DATE"
        )
    return said


def today() -> str:
    """The date in Shanghai."""
    from ledger.calendar import shanghai_date, system_clock

    return shanghai_date(format_at(system_clock()))


def new_id() -> str:
    """A default entry id."""
    from ledger.calendar import system_clock

    value = int(system_clock().timestamp() * 1000) << 80 | int.from_bytes(secrets.token_bytes(10), "big")
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


def report_recorded(options: Options, info: KindInfo, receipt: Receipt, *, dry_run: bool) -> None:
    """Say what was recorded, and the next likely step."""
    first = receipt.entries[0]
    payload = {
        "seq": first.seq, "id": first.id, "leaf": first.leaf, "size": receipt.size, "root": receipt.root,
        "already": first.already, "waits": first.waits, "dry_run": dry_run,
    }  # fmt: skip
    if len(receipt.entries) > 1:
        payload["entries"] = [
            {"seq": e.seq, "id": e.id, "leaf": e.leaf, "already": e.already, "waits": e.waits}
            for e in receipt.entries
        ]
    numbers = "、".join(f"#{entry.seq}" for entry in receipt.entries)
    if dry_run:
        lines = [
            f"试运行，未登记：将为 {numbers}"
            if options.chinese
            else f"dry run, nothing recorded: would be {numbers}"
        ]
    elif first.already:
        lines = [f"此前已登记 {numbers}" if options.chinese else f"recorded before: {numbers}"]
    else:
        lines = [f"已登记 {numbers}" if options.chinese else f"recorded {numbers}"]
    options.output.answer(info.name, payload, lines)
    if not dry_run:
        step = f"sunledger entry confirm --entry {first.seq}" if first.waits else NEXT.get(info.name, "")
        if step:
            why = "（等待第二人复核）" if first.waits else ""
            options.output.say(f"下一步{why}：{step}", f"next: {step}")


NEXT = {
    "authority.register": "sunledger officer new-key NAME",
    "officer.enroll": "sunledger quota receive …",
    "quota.receive": "sunledger project propose …",
    "quota.release": "sunledger balance --by holder,quota",
    "project.propose": "sunledger project approve …",
    "project.approve": "sunledger project fund …",
    "project.fund": "sunledger payment request …",
    "payment.request": "sunledger payment approve --payment …",
    "payment.approve": "sunledger trace … --up",
    "payment.reject": "sunledger balance --project …",
    "entry.reverse": "sunledger verify",
    "entry.confirm": "sunledger verify",
    "entry.void": "sunledger verify",
}
