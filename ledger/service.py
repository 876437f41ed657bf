"""The one door: a ledger that can be made, opened, read, appended to and rebuilt."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from ledger.book.rights import POLICIES, policy_table, roles_table
from ledger.book.state import State
from ledger.bulk import without_collector
from ledger.calendar import Clock, format_at, shanghai_date, system_clock
from ledger.chain.header import is_origin
from ledger.chain.keys import ED25519, b64, possession_message, public_bytes
from ledger.chain.merkle import Frontier
from ledger.chain.note import Checkpoint
from ledger.errors import InputRejected, IntegrityFailed, LedgerError
from ledger.kinds.declare import KINDS
from ledger.kinds.draft import Draft
from ledger.store import migrate, projections, rows
from ledger.store.append import Appender, DraftSource, Entropy, Receipt, as_source
from ledger.store.database import Database, open_database
from ledger.store.keystore import Signer
from ledger.store.memory import Memory
from ledger.store.schema import REVISION
from ledger.store.sealing import sealed_places
from ledger.store.session import Session
from ledger.store.vault import Vault

assert ED25519 == b"\x01"


class FurtherRoot(NamedTuple):
    """Another founding key: who holds it, the key and its signature over that, both in base64."""

    person: str
    public_key: str
    possession: str


class Founding:
    """What a new ledger starts with."""

    def __init__(self, *, origin: str, name: str, root: Signer, ledger_key: bytes, root_name: str = "root",
                 mode: str = "control", policy: str | list[dict[str, Any]] = "standard",
                 further: list[FurtherRoot] | None = None, quorum: int = 1) -> None:  # fmt: skip
        """`policy` is the name of one, or its rows; `quorum` of the roots, the `further` ones included, recover the ledger.

        Raises InputRejected for an origin, a policy or roots that cannot be.
        """
        if not is_origin(origin):
            raise InputRejected("INPUT.ORIGIN", origin=origin)
        if isinstance(policy, str) and policy not in POLICIES:
            raise InputRejected("INPUT.POLICY:unknown", name=policy, choices=list(POLICIES))
        self.further = further or []
        if not 1 <= quorum <= 1 + len(self.further):
            raise InputRejected("INPUT.ROOTS:quorum", quorum=quorum, roots=1 + len(self.further))
        self.origin, self.name, self.mode, self.quorum = origin, name, mode, quorum
        self.policy = policy_table(KINDS, POLICIES[policy]) if isinstance(policy, str) else policy
        self.root, self.root_name, self.ledger_key = root, root_name, ledger_key

    def draft(self, today: str, entropy: Entropy) -> Draft:
        """Entry 0."""
        possession = self.root.private.sign(possession_message(self.origin, self.root_name, self.root.key))
        first = FurtherRoot(self.root_name, b64(public_bytes(self.root.private)), b64(possession))
        data = {
            "name": self.name,
            "mode": self.mode,
            "nonce": entropy(16).hex(),
            "suite": "intl",
            "meaning": "1",
            "roots": [
                {"algorithm": "ed25519", "person": root.person, "possession": root.possession, "public_key": root.public_key}
                for root in (first, *self.further)
            ],
            "root_quorum": self.quorum,
            "ledger_key": {"algorithm": "ed25519", "public_key": b64(self.ledger_key)},
            "roles": roles_table(KINDS),
            "policy": self.policy,
        }
        return Draft("ledger.open", "ledger.open", today, data)


class Ledger:
    """One ledger in one database."""

    def __init__(
        self, database: Database, *, clock: Clock = system_clock, entropy: Entropy = secrets.token_bytes
    ) -> None:
        self.database = database
        self.clock = clock
        self.entropy = entropy

    @classmethod
    def open(cls, target: str, *, read_only: bool = False, clock: Clock = system_clock,
             entropy: Entropy = secrets.token_bytes) -> "Ledger":  # fmt: skip
        """The ledger at a path or URL; see `open_database` for errors."""
        return cls(open_database(target, read_only=read_only), clock=clock, entropy=entropy)

    @classmethod
    def create(cls, target: str, founding: Founding, *, clock: Clock = system_clock,
               entropy: Entropy = secrets.token_bytes,
               keep_keys: Callable[[str], None] = lambda ledger_id: None) -> "Ledger":  # fmt: skip
        """A new ledger, with its schema, its guards and entry 0; `keep_keys` is called before it is committed.

        Raises Refused where something stands already.
        """
        ledger = cls(open_database(target, create=True), clock=clock, entropy=entropy)
        now = format_at(clock())
        draft = founding.draft(shanghai_date(now), entropy)
        try:
            with ledger.database.founding() as connection:
                migrate.upgrade(connection)
                appender = Appender.founding(ledger.database, connection, founding.origin)
                appender.run(founding.root, as_source([draft]), now=now, entropy=entropy)
                appender.seal(founding.root, None)
                keep_keys(appender.recorded[0].leaf)
        except BaseException:
            ledger.database.discard()
            raise
        return ledger

    def close(self) -> None:
        """Give the database back."""
        self.database.close()

    def today(self) -> str:
        """The date in Shanghai now."""
        return shanghai_date(format_at(self.clock()))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One moment of the ledger."""
        with self.database.reading() as connection:
            yield Session(self.database, connection)

    def append(self, signer: Signer, drafts: DraftSource, *, memory: Memory | None = None, first_time: bool = False,
               dry_run: bool = False, vault: Vault | None = None, against: Checkpoint | None = None) -> Receipt:  # fmt: skip
        """Record drafts, all or none; `vault` keeps the keys of their sealed values, `against` is a head the author trusts.

        On a history that lost what `memory` has seen, only `ledger.recover` goes on.

        Raises:
            IntegrityFailed: the head cannot be built on, or is not what `memory` has seen.
            NotPermitted, InputRejected, Refused: the findings, all of them in `problems`.
        """
        named: list[Draft] = []

        def noted(state: State) -> Iterable[Draft]:
            found = drafts(state)
            if not isinstance(found, list):
                return _each_into(named, found)
            named.extend(found)
            return found

        with ExitStack() as held:
            try:
                with self.database.writing() as connection, without_collector():
                    session = Session(self.database, connection)
                    appender = Appender.on(session, memory.since if memory else None, vault)
                    now = format_at(self.clock())
                    self._require_recovered_well(session, now)
                    if memory and not dry_run:
                        held.enter_context(memory.locked())  # until what is signed is noted as recorded
                    trouble = unlike_seen(session, appender.tree, memory, now, first_time=first_time, against=against) if memory else None
                    try:
                        appender.run(signer, noted, now=now, entropy=self.entropy)
                    except LedgerError as error:
                        raise trouble or error from None
                    if trouble and not all(_gives_up(draft, memory) for draft in named):
                        raise trouble
                    if dry_run:
                        raise _DryRun
                    appender.seal(signer, memory)
                    seen = max((found.by for _, found in appender.state.objects("recovery")), default=-1)
            except _DryRun:
                return appender.receipt()
            finally:
                if vault:
                    vault.forget()
            if memory and not trouble:
                memory.confirm(appender.tree, seen)
        return appender.receipt()

    def _require_recovered_well(self, session: Session, now: str) -> None:
        """Compare the projections with the entries, once, where the database had something to recover when it was opened.

        A log or a journal that is not this ledger's own can bring back older derived rows beside whole evidence; what would
        be recorded on them would be void. Where the entries themselves are broken there is nothing to compare with: see `verify`.

        Raises IntegrityFailed.
        """
        if not self.database.recovered:
            return
        from ledger.verify.run import verify

        found = verify(self.database, session.connection, now=now, heads=[], signed_from=None)
        broken = Counter(str(problem["invariant"]) for problem in found.problems)
        stale = broken["INV-13"]
        if stale and not broken.keys() & {"INV-01", "INV-02", "INV-03", "INV-04"}:
            raise IntegrityFailed("INV-13.RECOVERED", where=self.database.where, count=stale)
        self.database.recovered = False

    def shred(self, vault: Vault) -> list[str]:
        """Destroy the keys and boxes of every subject that an entry erased; returns those who had any.

        Safe to run again: the keys go first, so that a run cut short leaves nothing that opens.
        """
        with self.reading() as session:
            session.tree()
            erased = {id for id, subject in session.state.objects("subject") if subject.erased >= 0}
        gone = vault.destroy(*sorted(erased))
        with self.database.writing() as connection:
            session = Session(self.database, connection)
            boxes = [box for box in sealed_places(session) if box.subject in erased]
            self.database.many(
                connection, "DELETE FROM vault WHERE seq = ? AND field = ?", [(box.seq, box.field) for box in boxes]
            )
        return sorted(gone | {box.subject for box in boxes})

    def migrate(self) -> str:
        """Bring a ledger of an older release to this one's schema, its projections made anew; returns the revision it had.

        Recorded bytes stay as they are. Raises VersionMismatch where no step leads to this release's schema.
        """
        with self.database.altering() as connection, without_collector():
            found = migrate.upgrade_ledger(connection, self.database)
            if found != REVISION:
                projections.clear(self.database, connection)
                projections.replay(Session(self.database, connection), 0)
        return found

    def rebuild(self) -> int:
        """Throw the projections away and make them again from the entries; returns how many entries they stand on."""
        with self.database.writing() as connection, without_collector():
            projections.clear(self.database, connection)
            projections.replay(Session(self.database, connection), 0)
            session = Session(self.database, connection)
            session.tree(0)
            return session.size


def unlike_seen(session: Session, tree: Frontier, memory: Memory, now: str, *, first_time: bool = False,
                against: Checkpoint | None = None) -> IntegrityFailed | None:  # fmt: skip
    """Why a head does not extend what `memory` has seen, unless a quorum of roots gave that up; only a proof of it counts.

    Raises IntegrityUndecided where nothing was seen yet, and neither `first_time` nor `against` was said.
    """
    database = session.database
    try:
        memory.require_extended(tree.size, tree.root(), lambda first, size: rows.leaves(database, session.connection, first, size),
                                first_time=first_time, against=against)  # fmt: skip
    except IntegrityFailed as error:
        from ledger.verify.run import verify

        result = verify(database, session.connection, now=now, heads=[])
        return None if memory.accept([] if result.verdict == "failed" else result.lost, tree) else error
    return None


def _each_into(named: list[Draft], drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Drafts one by one, each made when the one before is in the state."""
    for draft in drafts:
        named.append(draft)
        yield draft


def _gives_up(draft: Draft, memory: Memory | None) -> bool:
    """Whether a draft says that what is remembered is lost."""
    return draft.kind == "ledger.recover" and memory is not None and draft.data.get("size", -1) >= memory.since


class _DryRun(Exception):
    """Leaves the transaction so that nothing is recorded."""
