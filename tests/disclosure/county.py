"""A county's year in small: two reports, a reversal, an acknowledged void entry; and what a forger makes of it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ledger.chain.note import Checkpoint, checkpoint_text, parse_checkpoint, parse_note, sign_note
from ledger.disclosure.build import Choice, Point, build, build_book, choose, newest_point, report_heads
from ledger.disclosure.shape import BookClaim, Disclosure, read
from ledger.disclosure.source import Source
from ledger.disclosure.trust import Trust
from ledger.errors import LedgerError
from ledger.outside.heads import of_checkpoint
from tests.verify.modified_client import Bad, ModifiedClient, move
from tests.world import LEDGER_KEY, LI, ORIGIN, QIAN, ROOT, WANG, ZHAO, World, draft, enrolment, signer

SUN = signer(7)
COUNTY, PROVINCE, TOWNSHIP = "999901", "990000", "999901001"
YEAR = 2025


def leg(quota: str, amount: int) -> dict[str, Any]:
    """A part of an amount."""
    return {"amount": amount, "quota": quota}


def note_of(size: int, root: bytes, key: Any = LEDGER_KEY) -> str:
    """A signed checkpoint."""
    return sign_note(checkpoint_text(Checkpoint(ORIGIN, size, root)), ORIGIN, key.private)


class County:
    """A world that plays its steps by name, leaving out those to be hidden and what they alone made possible."""

    def __init__(self, folder: Path, *, hidden: Iterable[str] = (), second_report: bool = True, instead: bool = False) -> None:
        folder.mkdir(exist_ok=True)
        self.world = World(str(folder / "ledger.db"), policy="standard")
        self.hidden, self._instead = set(hidden), instead
        self.steps: dict[int, str] = {}  # entry → the step that recorded it
        self.first: Checkpoint | None = None
        self._founded()
        self._before_the_first_report()
        self.state(PROVINCE, "province")
        self.first = self.state(COUNTY, "first")
        if second_report:
            self._before_the_second_report()
            self.state(COUNTY, "second")

    def step(self, name: str, key: Any, kind: str, /, **data: Any) -> None:
        """Record one entry, unless it is hidden or can no longer be recorded."""
        self._try(name, lambda: self.world.record(key, draft(kind, name, **data)))

    def about(self, name: str, key: Any, kind: str, of: str, /, **data: Any) -> None:
        """Record one entry about an earlier one."""
        self._try(name, lambda: self.world.record(key, draft(kind, name, entry=self.world.ref(of), **data)))

    def _try(self, name: str, record: Callable[[], Any]) -> None:
        if name in self.hidden:
            return
        before = self.size()
        try:
            record()
        except (LedgerError, AssertionError):  # what it builds on is hidden
            assert self.hidden, name
            return
        self.steps.update(dict.fromkeys(range(before, self.size()), name))

    def size(self) -> int:
        """How many entries there are."""
        with self.world.ledger.reading() as session:
            return session.size

    def _founded(self) -> None:
        self.world.bodies()
        self.world.record(
            ROOT,
            draft("authority.register", "a3", code=TOWNSHIP, name="示例镇", level="township", parent=COUNTY),
            enrolment("zhao", ZHAO, ["finance", "reviewer"], PROVINCE),
            enrolment("sun", SUN, ["reviewer"], PROVINCE),
            enrolment("qian", QIAN, ["approver", "treasury", "reviewer", "auditor"]),
        )

    def _before_the_first_report(self) -> None:
        self.step("q1", ZHAO, "quota.receive", quota="Q1", holder=PROVINCE, amount=50_000_000, year=YEAR, source_level="central",
                  fund_name="中央衔接资金", document_number="财农〔2024〕1号", issued_on="2024-12-20")  # fmt: skip
        self.step("rel1", ZHAO, "quota.release", legs=[leg("Q1", 30_000_000)], **{"from": PROVINCE}, to=COUNTY,
                  document_number="示省财农〔2025〕6号")  # fmt: skip
        self.about("rel1c", SUN, "entry.confirm", "rel1")
        self.step("q2", WANG, "quota.receive", quota="Q2", holder=COUNTY, amount=10_000_000, year=YEAR, source_level="county")
        self.step("q0", WANG, "quota.receive", quota="Q0", holder=COUNTY, amount=777, year=YEAR - 1, source_level="county")
        for project in ("P1", "P2", "P3"):
            self.step(f"p-{project}", LI, "project.propose", project=project, county=COUNTY, name=f"示例项目{project}", place="示例村")
        if self._instead:
            self.step("other", LI, "project.propose", project="P9", county=COUNTY, name="另一项目")
        self.step("ap-P1", QIAN, "project.approve", project="P1", document_number="示批〔2025〕1号")
        self.step("f1", WANG, "project.fund", project="P1", legs=[leg("Q1", 20_000_000), leg("Q2", 5_000_000)])
        self.about("f1c", QIAN, "entry.confirm", "f1")
        self.step("f2", WANG, "project.fund", project="P2", legs=[leg("Q2", 3_000_000)])
        self.about("f2c", QIAN, "entry.confirm", "f2")
        self.step("rel2", WANG, "quota.release", legs=[leg("Q2", 1_000_000)], **{"from": COUNTY}, to=TOWNSHIP)
        self.about("rel2c", QIAN, "entry.confirm", "rel2")
        self.step("f3", WANG, "project.fund", project="P2", legs=[leg("Q1", 1_000_000)])  # waits for ever
        self.step("PAY-1", LI, "payment.request", payment="PAY-1", project="P1", legs=[leg("Q1", 1_000_000)], payee="示例公司")
        self.step("pa1", QIAN, "payment.approve", payment="PAY-1")

    def _before_the_second_report(self) -> None:
        self._try("bad", self._void_entry)
        self.about("void", QIAN, "entry.void", "bad", finding="void", reason="由不合规的客户端写入")
        self.about("voidc", SUN, "entry.confirm", "void")
        self.step("PAY-2", LI, "payment.request", payment="PAY-2", project="P1", legs=[leg("Q2", 500_000)], payee="示例公司")
        self.step("pa2", QIAN, "payment.approve", payment="PAY-2")
        self.about("rev", QIAN, "entry.reverse", "pa2", reason="审批金额有误")
        self.about("revc", SUN, "entry.confirm", "rev")
        self.about("back", WANG, "entry.reverse", "f3", reason="不再安排")  # calls off what waits
        self.about("gone", LI, "entry.reverse", "p-P3", reason="重复入库")
        self.about("gonec", SUN, "entry.confirm", "gone")
        self.step("PAY-3", LI, "payment.request", payment="PAY-3", project="P2", legs=[leg("Q2", 700_000)], payee="示例农场")

    def _void_entry(self) -> None:
        """An arrangement of more than there is, sealed by a client that keeps no rule."""
        client = ModifiedClient(self.world.target, WANG.private)
        client.seal(Bad("project.fund", "bad", {"legs": [leg("Q2", 99_000_000)], "project": "P2"},
                        [move(f"{COUNTY}:available", "P2:budget", 99_000_000, "Q2")], {f"{COUNTY}/money": None}))  # fmt: skip
        client.close()
        self.world.ledger.rebuild()

    def header(self, seq: int) -> str:
        """The header of an entry."""
        with self.world.ledger.reading() as session:
            return session.history.entry(seq)[0].decode()

    def state(self, code: str, name: str) -> Checkpoint:
        """Append a block of `book.state`."""
        from ledger.book.books import STREAMS
        from ledger.book.effects import statement

        def drafts(state: Any) -> Any:
            for stream in STREAMS:
                if state.get("book", f"{code}/{stream}") is not None or stream == "money":
                    yield draft("book.state", f"{name}/{stream}", **statement(state, f"{code}/{stream}"))

        before = self.size()
        self.world.ledger.append(QIAN if code == COUNTY else ROOT, drafts)
        self.steps.update(dict.fromkeys(range(before, self.size()), name))
        with self.world.ledger.reading() as session:
            tree = session.tree()
            return Checkpoint(ORIGIN, tree.size, tree.root())

    # --- what is published ------------------------------------------------------------------------------------------

    @property
    def ledger_id(self) -> str:
        """The id to trust."""
        with self.world.ledger.reading() as session:
            return session.id

    def point(self, code: str = COUNTY) -> Point:
        """Where the newest report stands."""
        with self.world.ledger.reading() as session:
            return newest_point(session, code)

    def choice(self, code: str = COUNTY) -> Choice:
        """What the newest report lists."""
        with self.world.ledger.reading() as session:
            return choose(session, code, newest_point(session, code))

    def disclosure(self, code: str = COUNTY) -> bytes:
        """The newest report's disclosure, as the product makes it."""
        with self.world.ledger.reading() as session:
            point = newest_point(session, code)
            return build_book(session, code, YEAR, point, note_of(point.size, point.root))

    def forged(self, whole: Iterable[int], bare: Iterable[int]) -> Disclosure:
        """The report with other entries listed: proofs and signatures made anew by the product's own code, all true."""
        with self.world.ledger.reading() as session:
            point = newest_point(session, COUNTY)
            claim = BookClaim(code=COUNTY, year=YEAR, streams=["money", "open"])
            return read(build(session, size=point.size, note=note_of(point.size, point.root), seqs=whole, bare=bare, book=claim,
                              heads=report_heads(session, point.size)))  # fmt: skip


def checkpoint_of(disclosure: Disclosure) -> Checkpoint:
    """The checkpoint of a disclosure."""
    return parse_checkpoint(parse_note(disclosure.checkpoint).text)


def trust_in(*parts: Any) -> Trust:
    """What a reader brings: ids, and checkpoints that the ledger key signed."""
    return Trust(ledger_ids=tuple(p for p in parts if isinstance(p, str)),
                 heads=tuple(head_of(sign_note(checkpoint_text(p), p.origin, LEDGER_KEY.private)) for p in parts if isinstance(p, Checkpoint)))  # fmt: skip


def head_of(note: str) -> Source:
    """A checkpoint as a file that a reader brings."""
    return of_checkpoint(note, "kept.note")
