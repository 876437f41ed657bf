"""What rules would otherwise look for in the whole state again and again: void entries, suspects' authors, totals, seats.

All of it follows from the objects and balances of the state and from earlier entries. A part is made when it is first asked
for, in one walk, and kept by every change from then on, those taken back included; nothing of it is stored.
"""

import heapq
from bisect import bisect_left, bisect_right, insort
from collections import deque
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.chain.header import parse_books, parse_header

if TYPE_CHECKING:
    from ledger.book.state import BalanceKey, State

Cell = tuple[str, str]  # account, unit


class _Author(msgspec.Struct):
    author: str


def author_of(state: "State", seq: int) -> str:
    """The key that signed an entry."""
    return msgspec.json.decode(state.history.entry(seq)[1], type=_Author).author


def person_of(state: "State", key: str) -> str:
    """The person behind an officer's key, replaced or not; of a key that is nobody's, as under a forged entry 0, the key itself."""
    known = state.get("key", key)
    officer = state.get("officer", known.officer) if known is not None else None
    return key if officer is None else str(officer.person)


class Voids:
    """The void entries of a ledger, and by body the first that nobody acknowledged and whose line claims a book of it."""

    def __init__(self, state: "State") -> None:
        self._state = state
        self.positions: list[int] = []  # of all of them, ascending
        self._open: set[int] = set()
        self._bodies: dict[int, frozenset[str]] = {}  # whose books an open one claims, once that was looked up
        self._unread: list[int] = []
        self._books: dict[int, frozenset[str]] = {}
        self._claims: dict[str, list[int]] = {}  # heaps; what is not open any more is dropped when it comes to the top
        for id, void in state.objects("void"):
            self.changed(id, None, void)

    def changed(self, id: str, old: Any, new: Any) -> None:
        """An entry became void, was acknowledged, or neither after all."""
        seq = int(id)
        if new is None:
            self.positions.remove(seq)
            self._open.discard(seq)
            self._bodies.pop(seq, None)
            return
        if old is None:
            insort(self.positions, seq)
        if new.acknowledged:
            self._open.discard(seq)
        elif seq not in self._open:
            self._open.add(seq)
            self._unread.append(seq)

    def first_sound(self, first: int, last: int) -> int | None:
        """The first position of a range whose entry is not void."""
        place, count = bisect_left(self.positions, first), last - first + 1
        there = bisect_left(range(count), True, key=lambda n: place + n >= len(self.positions) or self.positions[place + n] != first + n)
        return first + there if there < count else None

    def books(self, first: int, last: int) -> set[str]:
        """The books that the lines of a range of entries name, each of which is read once."""
        for seq in [seq for seq in range(first, last + 1) if seq not in self._books]:
            self._books[seq] = frozenset(name for name, _ in parse_books(parse_header(self._state.history.entry(seq)[0]).books))
        return set[str]().union(*map(self._books.__getitem__, range(first, last + 1)))

    def first_claim(self, code: str) -> int | None:
        """The first open void entry that claims a book of a body."""
        for seq in self._unread:
            if seq in self._open:
                self._claim(seq)
        self._unread.clear()
        heap = self._claims.get(code, [])
        while heap and (heap[0] not in self._open or code not in self._bodies.get(heap[0], ())):
            heapq.heappop(heap)
        return heap[0] if heap else None

    def _claim(self, seq: int) -> None:
        self._bodies[seq] = frozenset(name.partition("/")[0] for name in self.books(seq, seq))
        for code in self._bodies[seq]:
            heapq.heappush(self._claims.setdefault(code, []), seq)


class Authors:
    """By officer, the entries that are neither void nor suspect yet: each becomes suspect once, and is not looked at again."""

    def __init__(self, state: "State") -> None:
        self._state = state
        self._authors: list[str] = []
        self._unmarked: dict[str, list[int]] = {}
        self._keys: dict[str, set[str]] = {}
        for id, key in state.objects("key"):
            self.key_changed(id, None, key)

    def key_changed(self, id: str, old: Any, new: Any) -> None:
        """A key was noted, or not after all."""
        if old is not None:
            self._keys[old.officer].discard(id)
        if new is not None:
            self._keys.setdefault(new.officer, set()).add(id)

    def suspect_changed(self, id: str, old: Any, new: Any) -> None:
        """An entry became suspect, or not after all."""
        seq = int(id)
        if seq < len(self._authors) and (old is None) != (new is None):
            entries = self._unmarked.setdefault(self._authors[seq], [])
            place = bisect_left(entries, seq)
            if new is None:
                entries.insert(place, seq)
            elif place < len(entries) and entries[place] == seq:
                del entries[place]  # the newest first: the last of its list

    def of(self, officer: str, since: int) -> list[int]:
        """The positions of an officer's entries from `since` on that are neither void nor suspect, the newest first."""
        self.forget(self._state.position)
        self._reach(self._state.position)
        lists = [self._unmarked.get(key, []) for key in self._keys.get(officer, ())]
        return sorted((seq for entries in lists for seq in entries[bisect_left(entries, since) :]), reverse=True)

    def forget(self, size: int) -> None:
        """Know no author beyond the first `size` entries: others may be recorded there now."""
        for author in set(self._authors[size:]):
            entries = self._unmarked.get(author, [])
            del entries[bisect_left(entries, size) :]
        del self._authors[size:]

    def _reach(self, size: int) -> None:
        for seq in range(len(self._authors), size):
            author = author_of(self._state, seq)
            self._authors.append(author)
            if self._state.get("void", str(seq)) is None and self._state.get("suspect", str(seq)) is None:
                self._unmarked.setdefault(author, []).append(seq)


class Totals:
    """By body and holder what each account holds over all quotas, without zeros; holders of a body are itself, its projects and their payments."""

    def __init__(self, state: "State") -> None:
        self._above: dict[str, str] = {}  # of a project its county, of a payment its project
        self._held: dict[str, dict[str, dict[Cell, int]]] = {}
        self._count: dict[str, int] = {}
        for sort in ("project", "payment"):
            for id, value in state.objects(sort):
                self.holder_changed(sort, id, value)
        for key, n in state.balances():
            self.moved(key, n)

    def holder_changed(self, sort: str, id: str, new: Any) -> None:
        """A project was proposed or a payment asked for, or not after all; neither ever goes elsewhere, and it holds nothing before."""
        if new is None:
            self._above.pop(id, None)
        else:
            self._above[id] = new.county if sort == "project" else new.project

    def moved(self, key: "BalanceKey", n: int) -> None:
        """A balance became greater by n."""
        account, unit, _ = key
        body = holder = account.partition(":")[0]
        while body in self._above:
            body = self._above[body]
        holders = self._held.setdefault(body, {})
        cells = holders.setdefault(holder, {})
        before, now = len(cells), cells.get((account, unit), 0) + n
        if now:
            cells[account, unit] = now
        else:
            cells.pop((account, unit), None)
        if not cells:
            del holders[holder]
        self._count[body] = self._count.get(body, 0) + len(cells) - before

    def count(self, code: str) -> int:
        """How many accounts of a body, of its projects and of their payments hold something."""
        return self._count.get(code, 0)

    def of(self, code: str) -> list[tuple[str, str, int]]:
        """Account, unit and what it holds, of all these, sorted."""
        return sorted((account, unit, n) for cells in self._held.get(code, {}).values() for (account, unit), n in cells.items())


class Times:
    """What each person claims, and by person the entries that counted for the clock, as far back as anybody looked; their times ascend."""

    def __init__(self, state: "State") -> None:
        self._state = state
        self._claims: list[tuple[str, str]] | None = None  # time, person; ascending
        self._entries: dict[str, deque[tuple[int, str]]] = {}  # position, time; what is ahead is dropped when it comes to the end
        self._order: deque[tuple[int, str]] = deque()  # position, person
        self._dropped: dict[int, tuple[str, str]] = {}  # person, time
        self._first = self._size = -1  # those from `_first` to below `_size` are known

    def claimed_above(self, bound: str, but: str) -> list[str]:
        """Up to two persons, without one of them, who claim a time later than `bound`."""
        found: list[str] = []
        for at, person in reversed(self._known_claims()):
            if at <= bound or len(found) > 1:
                break
            found += [person] if person != but else []
        return found

    def greatest_claim(self, bound: str) -> str:
        """The latest time claimed that is not later than `bound`, or ''."""
        claims = self._known_claims()
        place = bisect_right(claims, bound, key=_time)
        return claims[place - 1][0] if place else ""

    def last(self, person: str, first: int) -> tuple[int, str] | None:
        """Position and time of the last entry of a person that counts, none of which stands before `first`."""
        entries = self._entries.setdefault(person, deque())
        while entries or self._reach(person, first):
            seq, at = entries[-1]
            if self._state.get("ahead", str(seq)) is None:
                return seq, at
            entries.pop()
            self._dropped[seq] = person, at
        return None

    def begin(self, seq: int) -> None:
        """Entry `seq` comes next, perhaps in the place of another that was taken back."""
        if seq > self._size:
            self._entries.clear()
            self._order.clear()
            self._dropped.clear()
            self._first = seq
        while self._order and self._order[-1][0] >= seq:
            place, person = self._order.pop()
            if self._dropped.pop(place, None) is None:
                self._entries[person].pop()
        self._first, self._size = min(self._first, seq), seq + 1

    def note(self, seq: int, at: str, person: str) -> None:
        """Entry `seq` counts."""
        self._entries.setdefault(person, deque()).append((seq, at))
        self._order.append((seq, person))

    def changed(self, id: str, old: Any, new: Any) -> None:
        """An entry became ahead, or not after all."""
        found = self._dropped.pop(int(id), None) if new is None else None
        if found is not None:
            entries, later = self._entries[found[0]], deque[tuple[int, str]]()
            while entries and entries[-1][0] > int(id):
                later.appendleft(entries.pop())
            entries.append((int(id), found[1]))
            entries.extend(later)

    def claim_changed(self, person: str, old: Any, new: Any) -> None:
        """A person claims another time."""
        if self._claims is not None:
            if old is not None:
                del self._claims[bisect_left(self._claims, (old.at, person))]
            if new is not None:
                insort(self._claims, (new.at, person))

    def _known_claims(self) -> list[tuple[str, str]]:
        if self._claims is None:
            self._claims = sorted((claim.at, person) for person, claim in self._state.objects("clock"))
        return self._claims

    def _reach(self, person: str, first: int) -> bool:
        """Know entries further back, up to one of a person; False where there is none from `first` on."""
        while self._first > first:
            self._first -= 1
            if self._state.get("void", str(self._first)) is None:
                author = person_of(self._state, author_of(self._state, self._first))
                at = parse_header(self._state.history.entry(self._first)[0]).at
                self._entries.setdefault(author, deque()).appendleft((self._first, at))
                self._order.appendleft((self._first, author))
                if author == person:
                    return True
        return False


def _time(claim: tuple[str, str]) -> str:
    return claim[0]


class Index:
    """The parts that were asked for."""

    def __init__(self, state: "State") -> None:
        self._state = state
        self._voids: Voids | None = None
        self._authors: Authors | None = None
        self._totals: Totals | None = None
        self.times = Times(state)
        self.seats: dict[str, str] = {}  # body: the nearest above it that acts for itself

    @property
    def voids(self) -> Voids:
        """The void entries."""
        self._voids = self._voids or Voids(self._state)
        return self._voids

    @property
    def authors(self) -> Authors:
        """Who signed what is not suspect."""
        self._authors = self._authors or Authors(self._state)
        return self._authors

    @property
    def totals(self) -> Totals:
        """What bodies hold."""
        self._totals = self._totals or Totals(self._state)
        return self._totals

    def begin(self, seq: int) -> None:
        """Entry `seq` is judged, perhaps in the place of another that was taken back."""
        self.times.begin(seq)
        if self._authors:
            self._authors.forget(seq)

    def changed(self, sort: str, id: str, old: Any, new: Any) -> None:
        """An object was made or replaced, or that was taken back."""
        if sort == "void" and self._voids:
            self._voids.changed(id, old, new)
        elif sort in ("project", "payment") and self._totals:
            self._totals.holder_changed(sort, id, new)
        elif sort == "key" and self._authors:
            self._authors.key_changed(id, old, new)
        elif sort == "ahead":
            self.times.changed(id, old, new)
        elif sort == "clock":
            self.times.claim_changed(id, old, new)
        elif sort == "suspect" and self._authors:
            self._authors.suspect_changed(id, old, new)
        elif sort == "authority" and new is None:
            self.seats.clear()

    def moved(self, key: "BalanceKey", n: int) -> None:
        """A balance became greater by n, or that was taken back."""
        if self._totals:
            self._totals.moved(key, n)
