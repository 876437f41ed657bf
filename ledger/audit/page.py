"""A page of entries, with all that is needed to say them looked up together."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ledger.audit.objects import chunks, marks, objects_of, seqs_of
from ledger.chain.header import parse_books, parse_header
from ledger.errors import IntegrityFailed
from ledger.kinds.declare import KINDS
from ledger.store.session import Session

MAX_STEPS = 8  # a confirmation of a reversal of an approval names its payment in three
ABOUT_ENTRIES = ("entry.confirm", "entry.reverse", "entry.void")


class Stored(msgspec.Struct):
    """What is stored of one entry, decoded as far as anything well-formed is."""

    seq: int
    header: bytes
    leaf: bytes
    author: str
    id: str
    kind: str
    occurred_on: str
    data: dict[str, Any]
    moves: list[Any]


class _Content(msgspec.Struct):
    author: str
    id: str
    kind: str
    occurred_on: str
    data: dict[str, Any]
    moves: list[Any]


_contents = msgspec.json.Decoder(_Content)


def stored(session: Session, seqs: Iterable[int]) -> dict[int, Stored]:
    """Entries as they are stored. Raises IntegrityFailed for one that is not there or is no content."""
    found: dict[int, Stored] = {}
    wanted = list(seqs)
    for part in chunks(wanted):
        sql = f"SELECT seq, header, content, leaf FROM entries WHERE seq IN ({marks(part)})"
        for seq, header, content, leaf in session.database.all(session.connection, sql, tuple(part)):
            try:
                c = _contents.decode(content)
            except (msgspec.DecodeError, TypeError, ValueError):
                raise IntegrityFailed("INV-01.CONTENT:unreadable", seq=seq) from None
            found[seq] = Stored(seq, header, leaf, c.author, c.id, c.kind, c.occurred_on, c.data, c.moves)
    for seq in wanted:
        if seq not in found:
            raise IntegrityFailed("INV-02.MISSING:entry", seq=seq)
    return found


class Page:
    """Some entries, the earlier ones that they name, and the objects of both, as of `at` entries."""

    def __init__(self, session: Session, seqs: list[int], at: int | None = None) -> None:
        self._session = session
        self._seqs = seqs
        self._size = session.size if at is None else at
        self._all = stored(session, seqs)
        self._named: dict[int, int] = {}
        self._follow(seqs)
        keys = [str(seq) for seq in seqs]
        self._suspect, self._void, self._reversed, self._waiting = (
            objects_of(session, sort, keys) for sort in ("suspect", "void", "reversed", "waiting")
        )
        self._payments = objects_of(session, "payment", self._texts("payment"))
        projects = [*self._texts("project"), *(found.project for found in self._payments.values())]
        self._projects = objects_of(session, "project", projects)
        seconds = [found.by for found in self._waiting.values() if found.by >= 0]
        self._seconds = stored(session, [seq for seq in seconds if seq not in self._all])
        self._takers = _reversals(session, {found.by for found in self._reversed.values()})

    def entries(self) -> Iterator[dict[str, Any]]:
        """Each entry of the page, in the page's order."""
        for seq in self._seqs:
            yield self._said(self._all[seq])

    def _said(self, of: Stored) -> dict[str, Any]:
        try:
            header = parse_header(of.header)
        except (ValueError, TypeError):
            raise IntegrityFailed("INV-01.HEADER:unreadable", seq=of.seq) from None
        officer, name = self._officer(of.author)
        status = self._status(of.seq)
        payee, project = self._about(of)
        return {
            "seq": of.seq, "id": of.id, "kind": of.kind, "occurred_on": of.occurred_on, "at": header.at,
            "officer": officer, "officer_name": name, "status": status,
            "books": [name for name, _ in parse_books(header.books)], "data": of.data, "moves": of.moves,
            "amount_fen": None if status.startswith("void") else self._amount(of), "payee": payee, "project": project,
            "project_name": self._projects[project].name if project in self._projects else "",
            "second": self._second(of.seq), "names": self._names(of.seq), "about": self._about_words(of, payee, project),
            "leaf": of.leaf.hex(),
        }  # fmt: skip

    def _follow(self, seqs: list[int]) -> None:
        """Load the earlier entries that entries about entries name, and those that these name."""
        fresh = seqs
        for _ in range(MAX_STEPS):
            words = {seq: self._all[seq].data["entry"]["entry"] for seq in fresh if _names_an_entry(self._all[seq])}
            if not words:
                return
            known = seqs_of(self._session, (word for word in words.values() if not word.isdigit()))
            found = {seq: int(word) if word.isdigit() and len(word) < 19 else known.get(word) for seq, word in words.items()}
            self._named |= {seq: named for seq, named in found.items() if named is not None and named < seq}
            fresh = [seq for seq in {self._named[seq] for seq in words if seq in self._named} if seq not in self._all]
            self._all |= stored(self._session, fresh)

    def _texts(self, field: str) -> list[str]:
        """What the entries of the page, and those they name, hold in a field."""
        values = (of.data.get(field) for of in self._all.values())
        return [value for value in values if isinstance(value, str)]

    def _officer(self, author: str) -> tuple[str, str]:
        key = self._session.state.key(author)
        officer = self._session.state.get("officer", key.officer) if key else None
        return (key.officer, officer.name if officer else "") if key else ("", "")

    def _status(self, seq: int) -> str:
        key = str(seq)
        suspect, void, waiting = self._suspect.get(key), self._void.get(key), self._waiting.get(key)
        taken = self._reversed.get(key)
        if suspect and suspect.by < 0:
            return "suspect"
        if void:
            return "void, acknowledged" if void.acknowledged else "void"
        if taken and taken.by < self._size:
            return f"reversed by #{self._takers[taken.by]}"
        if waiting:
            return f"{waiting.status} by #{waiting.by}" if 0 <= waiting.by < self._size else "waiting"
        return "effective"

    def _second(self, seq: int) -> dict[str, Any] | None:
        """Who confirmed an entry that waited, and where."""
        waiting = self._waiting.get(str(seq))
        if waiting is None or waiting.status != "confirmed" or waiting.by >= self._size:
            return None
        by = self._all.get(waiting.by) or self._seconds[waiting.by]
        officer, name = self._officer(by.author)
        return {"seq": waiting.by, "officer": officer, "name": name}

    def _names(self, seq: int) -> dict[str, Any] | None:
        """The earlier entry that an entry about an entry names."""
        earlier = self._named.get(seq)
        return None if earlier is None else {"seq": earlier, "kind": self._all[earlier].kind}

    def _last_named(self, of: Stored) -> Stored:
        """What an entry about an entry about an entry … is about in the end."""
        for _ in range(MAX_STEPS):
            earlier = self._named.get(of.seq)
            if earlier is None:
                break
            of = self._all[earlier]
        return of

    def _about_words(self, of: Stored, payee: str, project: str) -> list[str]:
        """Names and codes of what an entry is about, the one that matters most first."""
        of = self._last_named(of)
        if of.kind in ABOUT_ENTRIES:
            return []
        if payee:
            return [payee, project] if project else [payee]
        data = {name: value for name, value in of.data.items() if isinstance(value, str)}
        if project:
            name = self._projects[project].name if project in self._projects else data.get("name", "")
            return [name, project] if name else [project]
        if of.kind == "quota.release":
            quotas = dict.fromkeys(str(leg.get("quota")) for leg in of.data.get("legs") or [] if isinstance(leg, dict))
            return [f"{self._body(data.get('from', ''))} → {self._body(data.get('to', ''))}", *quotas]
        if of.kind == "quota.receive":
            words = data.get("fund_name", ""), data.get("quota", ""), self._body(data.get("holder", ""))
            return [word for word in words if word]
        info = KINDS.get(of.kind)
        chief = data.get(info.subject.name, "") if info and info.subject else ""
        officer = self._session.state.get("officer", chief) if of.kind.startswith("officer.") else None
        name = data.get("name") or data.get("title") or (officer.name if officer else "")
        return [word for word in (name, chief) if word]

    def _body(self, code: str) -> str:
        found = self._session.state.get("authority", code)
        return found.name if found else code

    def _about(self, of: Stored) -> tuple[str, str]:
        """The payee and the project of an entry, or of the one that it is about."""
        of = self._last_named(of)
        payment = self._payments.get(str(of.data.get("payment", "")))
        payee, project = of.data.get("payee"), of.data.get("project")
        if payment and KINDS.get(of.kind) and of.kind.startswith("payment."):
            payee, project = payee or payment.payee, project or payment.project
        return (payee if isinstance(payee, str) else ""), (project if isinstance(project, str) else "")

    def _amount(self, of: Stored, steps: int = MAX_STEPS) -> int | None:
        info = KINDS.get(of.kind)
        if info is None or of.kind in ("entry.confirm", "entry.void") or not steps:
            return None
        if of.kind == "entry.reverse":
            earlier = self._named.get(of.seq)
            amount = self._amount(self._all[earlier], steps - 1) if earlier is not None else None
            return None if amount is None else -amount
        amount = _sum(of)
        return -amount if amount and of.kind == "payment.reject" else amount


def _reversals(session: Session, seqs: Iterable[int]) -> dict[int, int]:
    """By the entry that took something back, the reversal: itself, or what it confirmed."""
    found = stored(session, seqs)
    words = {seq: of.data["entry"]["entry"] for seq, of in found.items() if of.kind == "entry.confirm" and _names_an_entry(of)}
    known = seqs_of(session, (word for word in words.values() if not word.isdigit()))
    return {seq: int(words[seq]) if words.get(seq, "").isdigit() else known.get(words.get(seq, ""), seq) for seq in found}


def _names_an_entry(of: Stored) -> bool:
    reference = of.data.get("entry")
    return of.kind in ABOUT_ENTRIES and isinstance(reference, dict) and isinstance(reference.get("entry"), str)


def _sum(of: Stored) -> int | None:
    """The yuan that an entry moves; of one that waits, what it asks to move."""
    try:
        moved = sum(move["n"] for move in of.moves if move["unit"] == "CNY")
        asked = sum(leg["amount"] for leg in of.data.get("legs") or [])
    except (TypeError, KeyError):  # only a void entry is so malformed
        return None
    return moved or asked or None
