"""Recording: who signs, what is shown before, what is said after. All kinds go through here."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import click

from ledger.book.rights import actor_of
from ledger.book.state import Breach, State
from ledger.calendar import format_at, shanghai_date, system_clock
from ledger.chain.note import Checkpoint
from ledger.commands.asking import confirm, key_store
from ledger.commands.completer import Completer
from ledger.commands.doubts import earlier_of
from ledger.commands.fields import day_of, find_entry
from ledger.commands.hand import Hand, hand_of, only_officer, require_answerable
from ledger.commands.nearest import meant, with_meant
from ledger.commands.next_steps import SETTING_UP, next_step, step_in_setting_up, who_confirms
from ledger.commands.options import Options
from ledger.commands.preview import Foreseen, Trial, alike_lines, preview_lines
from ledger.commands.readable import names_in
from ledger.commands.retry import Comparison, Typed
from ledger.errors import IntegrityFailed, NotPermitted, Refused
from ledger.kinds.codec import decode_content
from ledger.kinds.declare import KindInfo
from ledger.kinds.draft import Draft
from ledger.kinds.keys import EntryConfirm, EntryReverse
from ledger.kinds.payments import PaymentApprove, PaymentRequest
from ledger.service import Ledger, unlike_seen
from ledger.store.append import Receipt
from ledger.store.memory import Memory
from ledger.store.sealing import box_of
from ledger.store.session import Session
from ledger.store.vault import Vault

Build = Callable[[Completer], Iterable[Draft]]
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WRITE_PARAMS = ("yes", "dry_run", "id", "occurred_on", "first_time", "against")


def write_params() -> list[click.Parameter]:
    """The options every write takes."""
    return [
        click.Option(["--yes"], is_flag=True, help="不再询问 / do not ask"),
        click.Option(["--dry-run"], is_flag=True, help="只看结果，不登记 / record nothing"),
        click.Option(["--id"], metavar="ID", help="条目编号，重试安全 / entry id, for safe retry"),
        click.Option(["--occurred-on"], metavar="DATE", help="业务日期，默认今天 / business date"),
        click.Option(["--against"], metavar="FILE", help="您信任的检查点 / a checkpoint you trust"),
        click.Option(["--first-time"], is_flag=True, help="首次见到此台账 / first sight of this ledger"),
    ]


class Done(NamedTuple):
    """What a recording command did: the receipt, whose hand signed, and which sealed fields of a retry could not be compared."""

    receipt: Receipt
    hand: Hand
    unlike: tuple[str, ...] = ()


class _Stands(Exception):
    """Leaves an append whose entries another process recorded a moment ago."""


def record(options: Options, build: Build, *, yes: bool, dry_run: bool, first_time: bool = False, typed: list[Typed] | None = None,
           about: str | None = None, against: str | None = None) -> Done:  # fmt: skip
    """Record what `build` makes, signed by the officer said, else by the only one whose key is here.

    What stands already of the entries `typed` is compared and not recorded again. `about` is the entry a confirmation or
    reversal names; `against` is a file with a head that the officer trusts.
    """
    options.may_record = True
    require_answerable(options, yes=yes, dry_run=dry_run)
    ledger = Ledger.open(options.ledger)
    try:
        desk = _Desk(options, ledger, first_time=first_time, typed=typed or [], about=about, against=against)
        try:
            found = desk.standing() or desk.append(build, yes=yes, dry_run=dry_run)
        except _Stands:
            again = desk.standing()
            assert again is not None, "an entry that stood is gone"
            found = again
        if dry_run and options.foreseen is None:
            options.foreseen = Foreseen.nothing()
        return found
    finally:
        ledger.close()


class _Desk:
    """One command at work on one ledger."""

    def __init__(self, options: Options, ledger: Ledger, *, first_time: bool, typed: list[Typed], about: str | None,
                 against: str | None) -> None:  # fmt: skip
        self.options = options
        self.ledger = ledger
        self.store = key_store(options)
        self.first_time = first_time
        self.typed = typed
        self.about = about
        self.against = against

    def standing(self) -> Done | None:
        """The answer to a command that was recorded before, or None."""
        options, ledger = self.options, self.ledger
        with ledger.reading() as session:
            session.require_guards()
            vault = options.vault(session.id)
            found = Comparison(session.state, self.store, vault, partial(box_of, session.database, session.connection)).standing(
                self.typed, options.officer)  # fmt: skip
            if found is None:
                return None
            tree = session.tree()
            head = trusted_head(options, session, self.against) if self.against is not None else None
            trouble = unlike_seen(session, tree, Memory(self.store.folder, session.id), format_at(ledger.clock()),
                                  first_time=self.first_time, against=head)  # fmt: skip
            if trouble is not None and any(one.kind != "ledger.recover" for one in self.typed):
                raise trouble
            erases = any(erases_person(session.state, entry.seq) for entry in found.entries if entry.kind == "entry.confirm")
        if erases:
            _shred(options, ledger, vault)
        return Done(Receipt([entry.recorded for entry in found.entries], tree.size, tree.root().hex()), found.hand, tuple(found.unlike))

    def append(self, build: Build, *, yes: bool, dry_run: bool) -> Done:
        """Record it now, after a person said yes or was not to be asked."""
        options, ledger, store = self.options, self.ledger, self.store
        with ledger.reading() as session:
            name = options.officer or only_officer(session.state, store)
            ledger_id = session.id
            head = trusted_head(options, session, self.against) if self.against is not None else None
            seq = find_entry(session.state, self.about) if self.about is not None else None
            earlier = earlier_of(session, {one.kind for one in self.typed})
            erases = seq is not None and erases_person(session.state, seq)
        if not store.has(name):
            key = "RIGHTS.KEY:not_held" if store.folder.is_dir() else "RIGHTS.KEY:no_store"
            raise with_meant(NotPermitted(key, name=name, folder=str(store.folder)), meant(name, store.names()))
        signer = store.signer(name)
        hands: list[Hand] = []
        memory = Memory(store.folder, ledger_id)
        vault = options.vault(ledger_id)

        def drafts(state: State) -> Iterable[Draft]:
            if any(state.history.seq_of(one.id) is not None for one in self.typed):
                raise _Stands
            try:
                actor = actor_of(state, signer.key)
            except Breach:
                raise NotPermitted("RIGHTS.KEY:not_enrolled", name=name) from None
            hands[:] = [hand_of(state, actor)]
            return build(Completer(state, actor, store))

        asks = options.interactive and not yes and not dry_run
        source: Callable[[State], Iterable[Draft]]
        source = trial = Trial(drafts, options.chinese, shows=asks or dry_run, earlier=earlier)
        if asks:
            preview = ledger.append(signer, trial, memory=memory, first_time=self.first_time, dry_run=True, vault=vault,
                                    against=head)  # fmt: skip
            head, shown = _ask(options, ledger, drafts, preview, hands, trial)

            def source(state: State) -> Iterable[Draft]:
                if preview_lines(state, list(drafts(state)), options.chinese) != shown:
                    raise Refused("REFUSED.CHANGED")
                return drafts(state)

        receipt = ledger.append(signer, source, memory=memory, first_time=self.first_time, dry_run=dry_run, vault=vault,
                                against=head)  # fmt: skip
        if dry_run:
            with ledger.reading() as session:
                options.foreseen = trial.told(receipt, names_in(session.state))
        else:
            options.recorded = numbers_of(receipt)
        if not asks:
            for line in trial.doubt_lines():
                options.output.tell(line)
        if not dry_run:
            _tell_alike(options, ledger, receipt)
            if erases:
                _shred(options, ledger, vault)
        return Done(receipt, hands[0])


def trusted_head(options: Options, session: Session, path: str) -> Checkpoint:
    """The head of a checkpoint file, signed by the key of this ledger. Raises IntegrityFailed."""
    from ledger.commands.proof import outside_head

    head = outside_head(options, path, session)
    if head.checkpoint.origin != session.origin or not head.signed:
        raise IntegrityFailed("INV-16.SIGNATURE:not_ours", path=path)
    return head.checkpoint


def erases_person(state: State, seq: int) -> bool:
    """Whether an entry is, or confirms, the erasure of a person's data."""
    return judged_kind(state, seq) == "person.erase"


def _tell_alike(options: Options, ledger: Ledger, receipt: Receipt) -> None:
    """Tell who asks for a payment, and who decides on it, of payees that look like its payee."""
    with ledger.reading() as session:
        for entry in receipt.entries:
            event = decode_content(session.history.entry(entry.seq)[1], session.origin).event
            payment = session.state.get("payment", event.payment) if isinstance(event, PaymentRequest | PaymentApprove) else None
            for line in alike_lines(session.state, payment.payee, options.chinese) if payment else ():
                options.output.tell(line)


def _shred(options: Options, ledger: Ledger, vault: Vault | None) -> None:
    """Destroy the keys of those whose erasure has taken effect, or say who must."""
    if vault is None:
        options.output.say("请保管库的管理人执行：sunledger person shred --vault 目录",
                           "who keeps the vault now runs: sunledger person shred --vault DIR")  # fmt: skip
        return
    gone = ledger.shred(vault)
    options.output.say(f"已销毁密钥：{'、'.join(gone) or '无'}", f"keys destroyed: {', '.join(gone) or 'none'}")


def _ask(
    options: Options, ledger: Ledger, drafts: Callable[[State], Iterable[Draft]], preview: Receipt, hands: list[Hand], trial: Trial
) -> tuple[Checkpoint, list[str]]:
    """Show what will be recorded, with the amount in 元 and 大写, and ask; returns the head and the lines that were seen."""
    with ledger.reading() as session:
        tree = session.tree()
        seen = Checkpoint(session.origin, tree.size, tree.root())
        lines = preview_lines(session.state, list(drafts(session.state)), options.chinese)
        told = trial.told(preview, names_in(session.state)).lines
    for line in [*told, "  " + hands[0].line(options.output), *trial.doubt_lines()]:
        options.output.tell(line)
    if all(entry.already for entry in preview.entries):
        options.output.tell(
            options.output.words("此前已登记，不会重复登记", "recorded before; it will not be recorded twice")
        )
    confirm(options)
    if trial.doubts:
        confirm(options, again=True)
    return seen, lines


def judged_kind(state: State, seq: int) -> str:
    """The kind whose rights count where an entry is confirmed or reversed: of a reversal, that of what it takes back."""
    content = decode_content(state.history.entry(seq)[1], state.history.origin)
    if isinstance(content.event, EntryReverse | EntryConfirm):
        named = state.history.seq_of(content.event.entry.entry)
        if named is not None and named < seq:
            return judged_kind(state, named)
    return content.kind


def business_date(said: str | None) -> str | None:
    """The day of `--occurred-on`, None where none was typed: of a new entry then today."""
    return None if said is None else day_of("--occurred-on", said)


def today() -> str:
    """The date in Shanghai."""
    return shanghai_date(format_at(system_clock()))


def new_id() -> str:
    """A default entry id, a ULID: 48 bits of milliseconds and 80 random bits in Crockford's base 32."""
    value = int(system_clock().timestamp() * 1000) << 80 | int.from_bytes(secrets.token_bytes(10), "big")
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


def numbers_of(receipt: Receipt) -> str:
    """The positions of what was recorded: `#9`, `#9、#10`, or `#9…#40`."""
    seqs = [entry.seq for entry in receipt.entries]
    return "、".join(f"#{seq}" for seq in seqs) if len(seqs) <= 8 else f"#{seqs[0]}…#{seqs[-1]}"


def report_recorded(options: Options, info: KindInfo, done: Done, *, dry_run: bool,
                    data: dict[str, Any] | None = None) -> None:  # fmt: skip
    """Say what was recorded, and the next likely step."""
    receipt, hand = done.receipt, done.hand
    first = receipt.entries[0]
    payload = {
        "seq": first.seq, "id": first.id, "leaf": first.leaf, "size": receipt.size, "root": receipt.root,
        "already": first.already, "waits": first.waits, "dry_run": dry_run, **hand.as_json(),
        "not_compared": list(done.unlike),
    }  # fmt: skip
    if len(receipt.entries) > 1:
        payload["entries"] = [
            {"seq": e.seq, "id": e.id, "leaf": e.leaf, "already": e.already, "waits": e.waits}
            for e in receipt.entries
        ]
    numbers, words = numbers_of(receipt), options.output.words
    if first.already:
        line = words(f"此前已登记 {numbers}", f"recorded before: {numbers}")
    elif dry_run:
        line = words(f"试运行，未登记：将为 {numbers}", f"dry run, nothing recorded: would be {numbers}")
    else:
        line = words(f"已登记 {numbers}", f"recorded {numbers}")
    foreseen = options.foreseen
    options.output.answer(info.name, payload | (foreseen.facts if foreseen else {}),
                          [*(foreseen.lines if foreseen else []), line, hand.line(options.output, dry_run=dry_run and not first.already)])  # fmt: skip
    if done.unlike:
        options.output.say(f"此处无从比对（未给出密钥库或密钥已销毁）：{'、'.join(info.fields[name].zh for name in done.unlike)}",
                           f"could not be compared here, for want of a key: {', '.join(done.unlike)}")  # fmt: skip
    if dry_run or options.quiet or options.as_json:
        return
    with _read(options) as session:
        step = step_in_setting_up(session.state, info.name, data or {}) if info.name in SETTING_UP and not first.waits else next_step(info.name, first, data or {})
        able = who_confirms(session, first.seq, options.chinese) if first.waits else ""
    if step:
        why = "（等待第二人复核）" if first.waits else ""
        options.output.say(
            f"下一步{why}：{step}", f"next{' (waits for a second person)' if why else ''}: {step}"
        )
    if able:
        options.output.tell(able)


@contextmanager
def _read(options: Options) -> Iterator[Session]:
    ledger = Ledger.open(options.ledger)
    try:
        with ledger.reading() as session:
            yield session
    finally:
        ledger.close()
