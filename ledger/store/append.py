"""Appending: 1..n entries of one author, all or nothing, sealed, under the writer's lock."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from ledger.book.apply import apply
from ledger.book.clock import next_at
from ledger.book.state import Breach, State
from ledger.chain.canonical import MAX_BYTES
from ledger.chain.header import Header, build_header, content_digest, genesis_prev
from ledger.chain.keys import seal_message
from ledger.chain.merkle import Frontier, leaf_hash
from ledger.errors import InputRejected, LedgerError, NotPermitted, Problem, Refused
from ledger.kinds.codec import (
    Content,
    Move,
    convert_event,
    decode_content,
    encode_content,
    encode_event,
    envelope_fault,
)
from ledger.kinds.declare import KINDS, Kind
from ledger.kinds.draft import Draft
from ledger.kinds.form import form_fault
from ledger.kinds.personal import personal_fault
from ledger.kinds.text import data_fault
from ledger.store import evidence, projections
from ledger.store.connection import Connection
from ledger.store.database import Database
from ledger.store.keystore import Signer
from ledger.store.memory import Memory
from ledger.store.projections import Rows
from ledger.store.repeated import KIND, SIGNER, Difference, differences, kind_text, taken
from ledger.store.rows import Seal, StoredBacking, StoredHistory, last_seal
from ledger.store.sealing import Sealer
from ledger.store.session import Session
from ledger.store.vault import Vault
from ledger.words import Fault

Entropy = Callable[[int], bytes]
DraftSource = Callable[[State], Iterable[Draft]]
MAX_PROBLEMS = 100
PREFETCH = 20  # from so many drafts on, look-ups are done in bulk


class Recorded(msgspec.Struct, frozen=True):
    """Where a draft stands in the ledger; `already` if it stood there before."""

    seq: int
    id: str
    leaf: str
    already: bool = False
    waits: bool = False
    moves: tuple[Move, ...] = ()


class Receipt(msgspec.Struct, frozen=True):
    """What an append did, and the head after it."""

    entries: list[Recorded]
    size: int
    root: str


def as_source(drafts: list[Draft]) -> DraftSource:
    """Drafts that do not depend on the state."""
    return lambda _state: drafts


class Appender:
    """One append on its way: built on a head, recorded by `run`, stored by `seal`."""

    def __init__(self, database: Database, connection: Connection, origin: str, state: State,
                 history: StoredHistory, tree: Frontier, prev: str, vault: Vault | None = None) -> None:  # fmt: skip
        self.database = database
        self.connection = connection
        self.origin = origin
        self.state = state
        self.history = history
        self.tree = tree
        self.before = tree.copy()
        self.size = tree.size
        self.prev = prev
        self.sealer = Sealer(database, connection, origin, vault)
        self.recorded: list[Recorded] = []
        self._entries: list[evidence.EntryRow] = []
        self._rows = Rows([], [])

    @classmethod
    def on(cls, session: Session, since: int | None = None, vault: Vault | None = None) -> "Appender":
        """On the checked head of a ledger, its projections brought up to it.

        Entries beyond `since` are checked one by one; where nothing was seen before, those under the last seal.
        """
        if since is None:
            newest = last_seal(session.database, session.connection)
            since = newest.first if newest else 0
        tree = session.tree(since)
        prev = session.history.entry(session.size - 1)[2].hex()
        projections.catch_up(session)
        return cls(
            session.database, session.connection, session.origin, session.state, session.history, tree, prev, vault
        )

    @classmethod
    def founding(cls, database: Database, connection: Connection, origin: str) -> "Appender":
        """On nothing: entry 0 comes next."""
        history = StoredHistory(database, connection, origin)
        state = State(history, StoredBacking(database, connection))
        return cls(database, connection, origin, state, history, Frontier(), genesis_prev(origin))

    def run(self, signer: Signer, drafts: DraftSource, *, now: str, entropy: Entropy) -> None:
        """Bring all drafts into the state, or raise with every finding; nothing is stored yet."""
        at = next_at(self.state, signer.key, now)
        problems: list[Problem] = []
        worst: LedgerError | None = None
        for draft in self._prefetched(drafts(self.state)):
            try:
                self.recorded.append(self._already(signer, draft) or self._record(signer, draft, at, entropy))
            except LedgerError as error:
                for problem in error.problems:
                    problem.setdefault("entry", draft.id)
                    problems.append(problem)
                worst = error if worst is None or rank(error) < rank(worst) else worst
                if len(problems) >= MAX_PROBLEMS:
                    break
        if worst is not None:
            if len(problems) > 1:
                worst = worst.among(problems)
            raise worst

    def _prefetched(self, drafts: Iterable[Draft]) -> Iterable[Draft]:
        """The drafts; of a list, everything they name is looked up at once."""
        if not isinstance(drafts, list) or len(drafts) < PREFETCH:
            return drafts
        self.history.prefetch([draft.id for draft in drafts])
        keys = []
        for draft in drafts:
            info = KINDS.get(draft.kind)
            for field in (*info.refs, *info.news) if info else ():
                value = draft.data.get(field.name)
                if isinstance(value, str):
                    keys.append((field.sort, value))
        self.state.prefetch(keys)
        return drafts

    def _already(self, signer: Signer, draft: Draft) -> Recorded | None:
        seq = self.history.seq_of(draft.id)
        if seq is None:
            return None
        _, raw, leaf = self.history.entry(seq)
        old = decode_content(raw, self.origin)
        found = self._unlike(signer, draft, seq, old)
        if found:
            raise taken(draft.id, seq, old.kind, found)
        return Recorded(seq, draft.id, leaf.hex(), already=True)

    def _unlike(self, signer: Signer, draft: Draft, seq: int, old: Content) -> list[Difference]:
        """In what a draft differs from the entry that has its id; a draft's day may be only that of the retry."""
        if old.kind != draft.kind or old.event is None:
            return [Difference(KIND, kind_text(old.kind), kind_text(draft.kind))]
        recorded, wanted = encode_event(old.event), encode_event(event_of(draft, self.sealer.data_as_recorded(draft, seq)))
        found = []
        if recorded != wanted:
            found += differences(KINDS[draft.kind], msgspec.json.decode(recorded), msgspec.json.decode(wanted))
        before, now = self._officer(old.author), self._officer(signer.key)
        if old.author != signer.key and before != now:
            found.append(Difference(SIGNER, before, now))
        return found

    def _officer(self, key: str) -> str:
        """Who signs with a key, replaced or not; the key itself where it is nobody's."""
        known = self.state.get("key", key)
        return known.officer if known and known.officer else key

    def _record(self, signer: Signer, draft: Draft, at: str, entropy: Entropy) -> Recorded:
        event = event_of(draft, self.sealer.data_of(draft, self.size, entropy))
        content = Content(
            signer.key, event, draft.id, draft.kind, None, draft.occurred_on, fault=id_fault(draft.id)
        )
        mark = self.state.mark()
        outcome = apply(self.state, self.size, at, content)
        if outcome.breach:
            self.state.undo(mark)
            raise as_error(outcome.breach)
        raw = encode_content(
            author=signer.key, event=event, id=draft.id, kind=draft.kind, moves=outcome.moves,
            occurred_on=draft.occurred_on, origin=self.origin, salt=entropy(16).hex(),
        )  # fmt: skip
        if len(raw) > MAX_BYTES:
            self.state.undo(mark)
            raise InputRejected("INPUT.SIZE:entry", limit=MAX_BYTES)
        header = build_header(Header(self.size, self.prev, at, outcome.books, content_digest(raw)))
        leaf = leaf_hash(header)
        fact, moves = projections.rows_of(self.state, self.size, at, content, outcome)
        self._rows.facts.append(fact)
        self._rows.moves += moves
        self._entries.append((self.size, header, raw, leaf))
        self.history.add(self.size, draft.id, header, raw, leaf)
        self.tree.append(leaf)
        self.prev = leaf.hex()
        self.size += 1
        return Recorded(self.size - 1, draft.id, self.prev, waits=outcome.waits, moves=tuple(outcome.moves))

    def receipt(self) -> Receipt:
        """What was recorded, and the head."""
        return Receipt(self.recorded, self.size, self.tree.root().hex())

    def seal(self, signer: Signer, memory: Memory | None) -> None:
        """Sign and store; the memory knows of the head before the signature exists."""
        if not self._entries:
            return
        if memory:
            memory.promise(self.tree, self.before)
        root, first = self.tree.root(), self.before.size
        signature = signer.private.sign(seal_message(first, self.origin, self.size, root))
        seal = Seal(first, self.size, root, signer.key, signature, self.tree.to_bytes())
        self.sealer.store()
        evidence.insert(self.database, self.connection, self._entries, seal)
        projections.write(self.database, self.connection, self.state, self._rows, self.size)


def id_fault(id: str) -> Fault | None:
    """Why an id is malformed."""
    return envelope_fault(id, "0" * 32)


def event_of(draft: Draft, data: dict[str, Any]) -> Kind:
    """The typed event of a draft, whose sealed values stand in `data` as commitments.

    Raises:
        InputRejected: a field is missing, unknown, of the wrong form, or holds text that may not be recorded.
    """
    if draft.kind not in KINDS:
        raise InputRejected("INPUT.KIND", kind=draft.kind)
    fault = data_fault(data)
    if fault:
        raise InputRejected("INPUT.TEXT", why=fault)
    personal = personal_fault(KINDS[draft.kind], draft.id, data)
    if personal:
        raise InputRejected("INPUT.PERSONAL", why=personal)
    try:
        return convert_event(draft.kind, data)
    except msgspec.ValidationError:
        raise InputRejected("INPUT.FIELD:form", why=form_fault(KINDS[draft.kind], data), kind=draft.kind) from None


_ORDER = (14, 13, 10, 11, 4, 3, 6)


def rank(error: LedgerError) -> int:
    """Which error's exit code wins when several fit: the smaller rank."""
    return _ORDER.index(error.exit_code) if error.exit_code in _ORDER else len(_ORDER)


def as_error(breach: Breach) -> LedgerError:
    """The operating error that a breach is when something is to be recorded."""
    family = breach.code.partition(".")[0]
    kind = {"RIGHTS": NotPermitted, "INPUT": InputRejected}.get(family, Refused)
    return kind(breach.key, **breach.facts)
