"""A ledger on a desk: the state and its entries in memory, without a database; for what `apply` alone decides."""

from datetime import UTC, datetime
from typing import Any

from ledger.book.apply import Outcome, apply
from ledger.book.state import State
from ledger.chain.header import Header, build_header, content_digest, genesis_prev
from ledger.chain.keys import b64, possession_message, public_bytes
from ledger.chain.merkle import leaf_hash
from ledger.kinds.codec import Content, Move, convert_event, encode_content
from ledger.service import Founding
from ledger.store.keystore import Signer
from tests.world import LEDGER_KEY, LI, ORIGIN, QIAN, ROOT, TODAY, WANG, ZHAO, counting

AT = "2026-11-24T02:00:00Z"


class DeskHistory:
    """Entries in a list."""

    def __init__(self) -> None:
        self.origin = ORIGIN
        self.rows: list[tuple[bytes, bytes, bytes]] = []
        self.ids: dict[str, int] = {}
        self.moves: list[tuple[int, Move]] = []

    def entry(self, seq: int) -> tuple[bytes, bytes, bytes]:
        """Header, content and leaf."""
        return self.rows[seq]

    def seq_of(self, id: str) -> int | None:
        """The first entry of that id."""
        return self.ids.get(id)

    def last_mover(self, account: str, quota: str) -> int | None:
        """The last entry that moved a quota out of an account."""
        return next((seq for seq, move in reversed(self.moves) if (move.source, move.quota) == (account, quota)), None)


Snapshot = tuple[dict[Any, Any], dict[Any, int]]


class Desk:
    """Records drafts as append does, and bad entries as a bad client would."""

    def __init__(self, *, mode: str = "control", policy: str = "small", open: bool = True) -> None:
        self.history = DeskHistory()
        self.state = State(self.history)
        self.at = AT
        self.entropy = counting()
        founding = Founding(
            origin=ORIGIN, name="示例县台账", root=ROOT, ledger_key=public_bytes(LEDGER_KEY.private), mode=mode, policy=policy
        )
        self.genesis = founding.draft(TODAY, self.entropy).data
        if open:
            self.do(ROOT, "ledger.open", "ledger.open", **self.genesis)

    @property
    def size(self) -> int:
        """How many entries lie on the desk."""
        return len(self.history.rows)

    def snapshot(self) -> Snapshot:
        """The whole state, to compare with."""
        return self.state.all_objects(), dict(self.state.balances())

    def tried(self, key: Signer | str, kind: str, id: str, *, on: str = TODAY, at: str = "", moves: Any = None,
              books: str | None = None, **data: Any) -> str:  # fmt: skip
        """The code of the breach, or ''; the state is as it was, which is checked."""
        before, mark = self.snapshot(), self.state.mark()
        outcome = self._apply(key, kind, id, on, at or self.at, moves, books, data)[0]
        self.state.undo(mark)
        assert self.snapshot() == before
        return outcome.breach.code if outcome.breach else ""

    def do(self, key: Signer | str, kind: str, id: str, *, on: str = TODAY, at: str = "", **data: Any) -> Outcome:
        """Record what must be taken."""
        self.at = at or self.at
        outcome, content = self._apply(key, kind, id, on, self.at, None, None, data)
        assert outcome.breach is None, (outcome.breach.code, outcome.breach.message)
        self._keep(content, outcome, outcome.books, outcome.moves)
        return outcome

    def void(self, key: Signer | str, kind: str, id: str, *, on: str = TODAY, at: str = "", moves: Any = (),
             books: str = "-", **data: Any) -> Outcome:  # fmt: skip
        """Record what a bad client wrote; it must be void."""
        self.at = at or self.at
        outcome, content = self._apply(key, kind, id, on, self.at, list(moves), books, data)
        assert outcome.breach is not None
        self._keep(content, outcome, books, list(moves))
        return outcome

    def _apply(
        self, key: Signer | str, kind: str, id: str, on: str, at: str, moves: Any, books: str | None, data: dict[str, Any]
    ) -> tuple[Outcome, Content]:
        author = key if isinstance(key, str) else key.key
        content = Content(author, convert_event(kind, data), id, kind, moves, on)
        return apply(self.state, self.size, at, content, books), content

    def _keep(self, content: Content, outcome: Outcome, books: str, moves: list[Move]) -> None:
        assert content.event is not None
        raw = encode_content(
            author=content.author, event=content.event, id=content.id, kind=content.kind, moves=moves,
            occurred_on=content.occurred_on, origin=ORIGIN, salt=self.entropy(16).hex(),
        )  # fmt: skip
        prev = self.history.rows[-1][2].hex() if self.history.rows else genesis_prev(ORIGIN)
        header = build_header(Header(self.size, prev, self.at, books, content_digest(raw)))
        self.history.moves += [(self.size, move) for move in outcome.moves]
        self.history.ids.setdefault(content.id, self.size)
        self.history.rows.append((header, raw, leaf_hash(header)))

    def ref(self, id: str) -> dict[str, str]:
        """How a later entry names an earlier one."""
        seq = self.history.ids[id]
        return {"entry": id, "leaf": self.history.rows[seq][2].hex()}

    def balance(self, account: str, quota: str = "Q1") -> int:
        """What an account holds."""
        return self.state.balance((account, "CNY", quota))

    def books(self, id: str) -> list[str]:
        """The books of an entry, without positions."""
        line = self.history.rows[self.history.ids[id]][0].decode().split("\n")[4][6:]
        return [] if line == "-" else [part.partition("=")[0] for part in line.split(" ")]

    def body(self, code: str, level: str, parent: str | None = None, **more: Any) -> None:
        """Register a body."""
        more |= {"parent": parent} if parent else {}
        self.do(ROOT, "authority.register", f"body-{code}", code=code, name=f"机构{code}", level=level, **more)

    def officer(self, id: str, key: Signer, roles: list[str], authority: str = "999901", **more: Any) -> Outcome:
        """Enrol an officer."""
        return self.do(ROOT, "officer.enroll", f"enroll-{id}", **enrolment(id, key, roles, authority, **more))


def enrolment(id: str, key: Signer, roles: list[str], authority: str = "999901", **more: Any) -> dict[str, Any]:
    """The data of an enrolment, its possession signed."""
    data = {
        "officer": id, "name": f"{id}某", "authority": authority, "roles": roles, "algorithm": "ed25519",
        "public_key": b64(public_bytes(key.private)),
        "possession": b64(key.private.sign(possession_message(ORIGIN, id, key.key))),
    }  # fmt: skip
    return data | more


def rotation(id: str, key: Signer, **more: Any) -> dict[str, Any]:
    """The data of a rotation to `key`, its possession signed; of the ledger key for the officer `ledger`."""
    data = enrolment(id, key, [])
    named = {} if id == "ledger" else {"officer": id}
    return named | {name: data[name] for name in ("algorithm", "public_key", "possession")} | more


LOST = {"size": 120, "root": "A" * 43 + "=", "reason": "由备份恢复"}


def legs(**amounts: int) -> list[dict[str, Any]]:
    """Legs by quota."""
    return [{"amount": n, "quota": quota} for quota, n in amounts.items()]


def staffed(*, mode: str = "control", policy: str = "small") -> Desk:
    """A province, a city, two counties, a township, a department and a unit; four officers of the county.

    li asks and proposes, wang holds the money, zhao reviews, qian approves too.
    """
    desk = Desk(mode=mode, policy=policy)
    desk.body("990000", "province")
    desk.body("999900", "city", "990000")
    desk.body("999901", "county", "999900")
    desk.body("999902", "county", "999900")
    desk.body("999901001", "township", "999901", type="township")
    desk.body("999901002", "township", "999901", type="township")
    desk.body("FIN", "county", "999901", type="department")
    desk.body("UNIT", "county", "FIN", type="unit")
    desk.officer("li", LI, ["programme", "handler"])
    desk.officer("wang", WANG, ["finance", "treasury", "approver"])
    desk.officer("zhao", ZHAO, ["reviewer"])
    desk.officer("qian", QIAN, ["approver", "finance"])
    return desk


def funded(*, mode: str = "control", policy: str = "small", amount: int = 1000, project: int = 600) -> Desk:
    """A staffed desk with quota Q1 at the county, some of it on project P1, and Q2 beside it."""
    desk = staffed(mode=mode, policy=policy)
    for quota in ("Q1", "Q2"):
        desk.do(WANG, "quota.receive", f"receive-{quota}", quota=quota, holder="999901", amount=amount, year=2025, source_level="province")
    desk.do(LI, "project.propose", "propose-P1", project="P1", county="999901", name="示例项目")
    fund = desk.do(WANG, "project.fund", "fund-P1", project="P1", legs=legs(Q1=project, Q2=project))
    if fund.waits:
        desk.do(QIAN, "entry.confirm", "confirm-fund-P1", entry=desk.ref("fund-P1"))
    return desk


def moment(text: str) -> datetime:
    """A header's time as a moment."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
