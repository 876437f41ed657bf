"""The state of a ledger before an entry: objects, balances, ids; the same over memory and over a database.

Every change goes through `put` or `add` and is written to an undo log, which serves both refusal (`undo`) and the
write set of the projections (`changes`).
"""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from ledger import words
from ledger.book.index import Index
from ledger.book.objects import (
    Administrators,
    Authority,
    Key,
    Ledger,
    Object,
    Officer,
    Payment,
    Project,
    Quota,
)

ObjectKey = tuple[str, str]  # (sort, id)
BalanceKey = tuple[str, str, str]  # (account, unit, quota)


class Breach(Exception):
    """Why an entry has no effect: a key of `ledger.words` and facts. The first part of the code says which promise it breaks."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.code = key.partition(":")[0]
        self.facts: dict[str, Any] = facts

    @property
    def message(self) -> str:
        """The sentence, made when it is asked for: most breaches are never told."""
        return words.say(self.key, self.facts)

    @property
    def hint(self) -> str:
        """What to do, or ''."""
        return words.hint(self.key, self.facts)

    def __str__(self) -> str:
        return self.message


class History(Protocol):
    """Earlier entries of one ledger, by position and by id."""

    origin: str

    def entry(self, seq: int) -> tuple[bytes, bytes, bytes]:
        """Header, content and leaf of an entry."""

    def seq_of(self, id: str) -> int | None:
        """The first entry of that id."""

    def last_mover(self, account: str, quota: str) -> int | None:
        """The last entry that moved a quota out of an account, where that is known; only for words."""


class Backing(Protocol):
    """Where a state over a database finds what it has not touched."""

    def object(self, key: ObjectKey) -> Object | None:
        """One object."""

    def prefetch(self, keys: list[ObjectKey]) -> None:
        """Look many objects up at once."""

    def balance(self, key: BalanceKey) -> int:
        """One balance."""

    def objects(self, sort: str) -> Iterator[tuple[str, Object]]:
        """All objects of a sort."""

    def balances(self) -> Iterator[tuple[BalanceKey, int]]:
        """All balances."""


class _Lazy(dict[Any, Any]):
    """A dict that fetches what it does not hold."""

    def __init__(self, fetch: Callable[[Any], Any]) -> None:
        super().__init__()
        self._fetch = fetch

    def __missing__(self, key: Any) -> Any:
        value = self[key] = self._fetch(key)
        return value


class _Zero(dict[Any, Any]):
    """Balances in memory: what is not there is 0, and is not stored by asking."""

    def __missing__(self, key: Any) -> int:
        return 0


class _Absent(dict[Any, Any]):
    def __missing__(self, key: Any) -> None:
        return None


class State:
    """Objects and balances, with an undo log."""

    def __init__(self, history: History, backing: Backing | None = None) -> None:
        self.history = history
        self.position = 0  # of the entry that is judged; what it names stands before
        self._backing = backing
        self._objects: dict[ObjectKey, Any] = _Lazy(backing.object) if backing else _Absent()
        self._balances: dict[BalanceKey, int] = _Lazy(backing.balance) if backing else _Zero()
        self._log: list[tuple[dict[Any, Any], Any, Any]] = []
        self._ids: dict[str, dict[str, None]] = {}  # of each sort, of objects made here; some may be taken back
        self.index = Index(self)
        self.acknowledging: tuple[str, int, int] | None = None  # finding, first and last position that the entry that is judged acknowledges
        self.suspecting: tuple[str, str, int] | None = None  # officer, person, and from where the entry that is judged makes suspect

    def prefetch(self, keys: list[ObjectKey]) -> None:
        """Get ready for many objects."""
        if self._backing:
            self._backing.prefetch(keys)

    def get(self, sort: str, id: str) -> Any:
        """The object, or None."""
        return self._objects[sort, id]

    def put(self, sort: str, id: str, value: Object) -> None:
        """Make or replace an object."""
        key = (sort, id)
        old = self._objects[key]
        self._log.append((self._objects, key, old))
        self._objects[key] = value
        self._ids.setdefault(sort, {})[id] = None
        self.index.changed(sort, id, old, value)

    def balance(self, key: BalanceKey) -> int:
        """What an account holds of a unit under a quota."""
        return self._balances[key]

    def add(self, key: BalanceKey, n: int) -> int:
        """Add to a balance; returns what it is now."""
        old = self._balances[key]
        self._log.append((self._balances, key, old))
        self._balances[key] = now = old + n
        self.index.moved(key, n)
        return now

    def mark(self) -> int:
        """A point to undo to."""
        return len(self._log)

    def undo(self, mark: int) -> None:
        """Take back every change since `mark`."""
        while len(self._log) > mark:
            table, key, old = self._log.pop()
            now, table[key] = table[key], old
            if table is self._objects:
                self.index.changed(key[0], key[1], now, old)
            else:
                self.index.moved(key, old - now)

    def forget_log(self) -> None:
        """Accept every change so far; nothing before this can be undone."""
        self._log.clear()

    def changes(self) -> tuple[dict[ObjectKey, Object], dict[BalanceKey, int]]:
        """What the log says has changed, as it is now."""
        objects, balances = {}, {}
        for table, key, _ in self._log:
            if table is self._objects:
                objects[key] = table[key]
            else:
                balances[key] = table[key]
        return objects, balances

    def objects(self, sort: str) -> Iterator[tuple[str, Any]]:
        """All objects of a sort, in no order."""
        held = {id: self._objects[sort, id] for id in self._ids.get(sort, ())}
        if self._backing:
            for id, value in self._backing.objects(sort):
                if id not in held:
                    yield id, value
        for id, value in held.items():
            if value is not None:
                yield id, value

    def balances(self) -> Iterator[tuple[BalanceKey, int]]:
        """All balances that are not zero, in no order."""
        if self._backing:
            for key, n in self._backing.balances():
                if key not in self._balances and n:
                    yield key, n
        for key, n in list(self._balances.items()):
            if n:
                yield key, n

    def all_objects(self) -> dict[ObjectKey, Any]:
        """Every object held in memory; for a state without a database behind it."""
        return {key: value for key, value in self._objects.items() if value is not None}

    # The typed reads that rules use; each breach names what is missing.

    @property
    def ledger(self) -> Ledger:
        """The rules fixed in entry 0."""
        found = self._objects["ledger", ""]
        if found is None:
            raise Breach("REFERENCE.LEDGER:closed")
        return found  # type: ignore[no-any-return]

    def authority(self, code: str) -> Authority:
        """A registered body."""
        return self._need("authority", code, "REFERENCE.AUTHORITY")  # type: ignore[no-any-return]

    def officer(self, id: str) -> Officer:
        """An enrolled officer."""
        return self._need("officer", id, "REFERENCE.OFFICER")  # type: ignore[no-any-return]

    def key(self, id: str) -> Key | None:
        """A key ever seen."""
        return self._objects["key", id]  # type: ignore[no-any-return]

    def quota(self, id: str) -> Quota:
        """A quota that is not taken back."""
        return self._need("quota", id, "REFERENCE.QUOTA")  # type: ignore[no-any-return]

    def project(self, id: str) -> Project:
        """A project that is not taken back."""
        return self._need("project", id, "REFERENCE.PROJECT")  # type: ignore[no-any-return]

    def payment(self, id: str) -> Payment:
        """A payment request that is not taken back."""
        return self._need("payment", id, "REFERENCE.PAYMENT")  # type: ignore[no-any-return]

    def administrators(self) -> tuple[str, ...]:
        """The persons who are administrators."""
        found: Administrators | None = self._objects["administrators", ""]
        return found.persons if found else ()

    def _need(self, sort: str, id: str, key: str) -> Any:
        found = self._objects[sort, id]
        if found is None:
            raise Breach(key, id=id)
        if getattr(found, "reversed", False):
            raise Breach(f"{key}:reversed", id=id)
        return found
