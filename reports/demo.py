"""The whole tour: real notices, an invented county's year, proofs, traces, a tampered copy, papers."""

import random
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from copy import copy
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.audit.trace import trace
from ledger.book.rights import actor_of
from ledger.book.state import State
from ledger.bundle import build_bundle
from ledger.calendar import format_at
from ledger.chain.keys import b64, key_id, possession_message, public_bytes
from ledger.commands.completer import Completer
from ledger.commands.options import current
from ledger.commands.proof import states
from ledger.commands.readable import account_words, names_in
from ledger.commands.signing import signed_checkpoint
from ledger.commands.tables import width
from ledger.disclosure.trust import Trust
from ledger.errors import InputRejected, Refused
from ledger.intake.divisions import bundled_notices
from ledger.intake.findings import counted
from ledger.intake.notice import plan_notice
from ledger.intake.notice_format import read_notices
from ledger.kinds.draft import Draft
from ledger.money import yuan
from ledger.outside.compare import FORK, compare
from ledger.outside.heads import of_disclosure
from ledger.service import Founding, Ledger
from ledger.store.append import DraftSource, as_source
from ledger.store.files import write_whole
from ledger.store.keystore import KeyStore, Signer, ledger_key_name
from ledger.store.memory import Memory
from ledger.store.vault import Vault
from ledger.verify.run import Verification, verify
from reports import demo_county as county
from reports.check import open_pdf
from reports.commands import sums_words

MARKER = ".sunledger-demo"
# Of the bundled notices: places whose own page was transcribed whole, with different shapes.
PAPERS = (("430281", 2019), ("632323", 2023), ("150823", 2026), ("410503", 2018))


class Office:
    """One ledger of the tour, its keys, and a short way to record."""

    def __init__(self, folder: Path, file: str, origin: str, name: str, mode: str) -> None:
        self.store = KeyStore(folder / f"keys-{Path(file).stem}")
        self.origin = origin
        self.signers = {"root": self._new_key("root")}
        ledger_key = Ed25519PrivateKey.generate()
        founding = Founding(
            origin=origin,
            name=name,
            root=self.signers["root"],
            ledger_key=public_bytes(ledger_key),
            mode=mode,
        )
        self.ledger = Ledger.create(
            str(folder / file), founding, keep_keys=lambda id: self._keep(ledger_key_name(id), ledger_key)
        )
        with self.ledger.reading() as session:
            self.memory: Memory | None = Memory(self.store.folder, session.id)
            self.memory.confirm(session.tree())
            self.vault = Vault(folder / f"vault-{Path(file).stem}", session.id)

    def _keep(self, name: str, key: Ed25519PrivateKey) -> None:
        self.store.create(name, key)

    def _new_key(self, name: str) -> Signer:
        private = Ed25519PrivateKey.generate()
        self.store.create(name, private)
        return Signer(key_id(public_bytes(private)), private)

    def record(self, officer: str, drafts: DraftSource | list[Draft]) -> int:
        """Append by an officer; returns the size."""
        source = as_source(drafts) if isinstance(drafts, list) else drafts
        return self.ledger.append(self.signers[officer], source, memory=self.memory, vault=self.vault).size

    def enroll(self, officer: str, name: str, authority: str, roles: list[str]) -> None:
        """Make a key and enrol it."""
        signer = self.signers[officer] = self._new_key(officer)
        possession = signer.private.sign(possession_message(self.origin, officer, signer.key))
        self.record("root", [Draft("officer.enroll", f"enroll/{officer}", self.ledger.today(), {
            "officer": officer, "name": name, "authority": authority, "roles": roles, "algorithm": "ed25519",
            "public_key": b64(public_bytes(signer.private)), "possession": b64(possession),
        })])  # fmt: skip

    def confirm(self, officer: str, id: str, day: str) -> None:
        """A second person lets an entry take effect."""

        def drafts(state: State) -> Iterable[Draft]:
            completer = Completer(state, actor_of(state, self.signers[officer].key), self.store)
            yield Draft("entry.confirm", f"confirm/{id}", day, {"entry": completer.reference(id)})

        self.record(officer, drafts)

    def reverse(self, officer: str, id: str, reason: str, day: str) -> None:
        """Take an entry back."""

        def drafts(state: State) -> Iterable[Draft]:
            completer = Completer(state, actor_of(state, self.signers[officer].key), self.store)
            yield Draft(
                "entry.reverse", f"reverse/{id}", day, {"entry": completer.reference(id), "reason": reason}
            )

        self.record(officer, drafts)

    def state_books(self, officer: str, code: str) -> None:
        """Append a block of `book.state`."""

        def drafts(state: State) -> Iterable[Draft]:
            completer = Completer(state, actor_of(state, self.signers[officer].key), self.store)
            yield from states(completer, code, self.ledger.today())

        self.record(officer, drafts)

    def verify(self) -> Verification:
        """A full verify, with the keys of the sealed values."""
        with self.ledger.database.reading() as connection:
            return verify(self.ledger.database, connection, now=format_at(self.ledger.clock()), heads=[], vault=self.vault)

    def paper(self, code: str, year: int) -> tuple[bytes, Any]:
        """The allocation announcement of a body and its figures."""
        from reports.commands import draw_allocation

        with self.ledger.reading() as session:
            return draw_allocation(session, self.store, code, year)

    def copied(self, path: Path, keys: Path) -> "Office":
        """The same keys over a copy of the ledger, without the memory that would refuse it: what a forger has."""
        copy_ledger(self.ledger, path)
        shutil.copytree(self.store.folder, keys, ignore=shutil.ignore_patterns("heads"))
        other = copy(self)
        other.ledger, other.memory, other.store = Ledger.open(str(path)), None, KeyStore(keys)
        return other


def demo(
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="写到哪里 / where to write")] = "demo",
    seed: Annotated[str, typer.Option("--seed", help="改动何处由它决定 / draws what is tampered with")] = "",
) -> None:
    """演示：真实公告入账、核验、追踪、查改动、出公告 / the whole tour on real notices."""
    options = current()
    out = options.output
    if seed and not (seed.isascii() and seed.isdigit() and len(seed) < 16):
        raise InputRejected("INPUT.NUMBER:seed", text=seed)
    chosen = int(seed) if seed else secrets.randbelow(10**6)
    target = prepare(Path(folder))
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        if not options.as_json:
            out.answer("demo", {}, [line])

    tell("一、真实公告（据公开文件转录·非官方文件）")
    notices = record_notices(target, tell)
    tell("二、示例县2025年（数据均为虚构）")
    office = record_county(target, tell)
    tell("三、核验")
    verdicts = [notices.verify(), office.verify()]
    for verdict in verdicts:
        tell(
            f"  {verdict.origin}：{'通过' if verdict.ok else '不通过'}，{verdict.size} 条，树根 {verdict.root[:16]}…"
        )
    tell("四、追踪")
    tell_traces(office, tell)
    tell(f"五、改动一份副本（种子 {chosen}）")
    caught = tamper(target, office, chosen, tell)
    tell("六、公告与证据")
    reports = draw_papers(target, notices, office, tell)
    tell("七、依法删除一户的个人信息")
    erase(target, office, reports[0], tell)
    tell("八、同一台账的两份历史")
    convicted = fork(target, office, tell)
    payload = {
        "dir": str(target), "entries": sum(verdict.size for verdict in verdicts), "reports": reports,
        "verified": all(verdict.ok for verdict in verdicts), "tampering_found": caught, "fork_found": convicted, "seed": chosen,
    }  # fmt: skip
    notices.ledger.close()
    office.ledger.close()
    if options.as_json:
        out.answer("demo", payload, [])
    else:
        out.answer("demo", payload, [
            f"文件都在 {target}/ 里。打开其中的 PDF，或核验一遍：",
            f"  sunledger --ledger {target}/county.db --keys {target}/keys-county verify",
        ])  # fmt: skip


def prepare(folder: Path) -> Path:
    """An empty folder; one left by an earlier tour is emptied, any other with something in it is refused."""
    if folder.exists() and not folder.is_dir():
        raise Refused("REFUSED.EXISTS:file", path=folder)
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            raise Refused("REFUSED.EXISTS:full", path=folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("made by sunledger demo; may be deleted\n", "utf-8")
    return folder


def record_notices(folder: Path, tell: Any) -> Office:
    """All bundled notices, in an observing ledger."""
    office = Office(folder, "notices.db", "demo.example/notices", "公开文件转录台账", "observe")
    notices = read_notices(bundled_notices())
    defects = 0

    def drafts(state: State) -> Iterable[Draft]:
        nonlocal defects
        for notice in notices:
            plan = plan_notice(notice, known=lambda code: state.get("authority", code) is not None)
            defects += counted(plan.findings)["defect"]
            yield from plan.drafts

    size = office.record("root", drafts)
    tell(f"  {len(notices)} 份公告 → {size - 1} 条；原文疑点 {defects} 处照录，不改不补")
    return office


def record_county(folder: Path, tell: Any) -> Office:
    """The invented county's year."""
    office = Office(folder, "county.db", "demo.example/county", "示例县台账", "control")
    today = office.ledger.today()
    office.record(
        "root", [Draft("authority.register", f"body/{body['code']}", today, body) for body in county.BODIES]
    )
    for id, name, authority, roles in county.OFFICERS:
        office.enroll(id, name, authority, roles)
    play(office, county.STEPS)
    office.reverse("zhao", county.MISTAKE, "审批金额有误", "2025-09-05")
    office.confirm("wu", f"reverse/{county.MISTAKE}", "2025-09-05")
    play(office, [*county.AFTER_MISTAKE, *county.SUPPORT])
    with office.ledger.reading() as session:
        tell(
            f"  {len(county.OFFICERS)} 名人员，{session.size} 条；下达、安排经第二人复核，一笔误批已红字冲销"
        )
    return office


def play(office: Office, steps: list[county.Step]) -> None:
    """Record steps in order, each with its second person where it needs one."""
    for step in steps:
        office.record(step.officer, [Draft(step.kind, step.id, step.day, step.data, step.sealed or {})])
        if step.confirm:
            office.confirm(step.confirm, step.id, step.day)


def tell_traces(office: Office, tell: Any) -> None:
    """One payment up to its sources, one quota down to its payments."""
    with office.ledger.reading() as session:
        seq = session.history.seq_of("PAY-2025-02")
        assert seq is not None
        named = names_in(session.state)

        def place(account: str) -> str:
            return account_words(account, named, True).partition("〔")[0]

        tell(f"  支付 PAY-2025-02（#{seq}）从哪里来：")
        for path in trace(session, seq, up=True):
            accounts = [path["steps"][0]["from"], *(step["to"] for step in path["steps"])]
            same = [before.partition(":")[0] == account.partition(":")[0] for before, account in pairwise(["", *accounts])]
            tell(f"    {yuan(path['amount_fen'])} 元　指标 {path['quota']}")
            for line in folded([place(account).partition("·")[2] if known else place(account) for account, known in zip(accounts, same, strict=True)]):
                tell(f"      {line}")
        seq = session.history.seq_of("receive/2025-M-01")
        assert seq is not None
        tell(f"  指标 2025-M-01（#{seq}）到哪里去：")
        total = 0
        for path in trace(session, seq, up=False):
            total += path["amount_fen"]
            where = f"付 {path['payee']}" if path.get("payee") else f"尚在 {place(path['rests_on'])}"
            tell(f"    {yuan(path['amount_fen'])} 元　{where}")
        tell(f"    合计 {yuan(total)} 元")


def folded(places: list[str], room: int = 74) -> list[str]:
    """A way in lines no wider than a terminal, broken before an arrow."""
    lines = [places[0]]
    for place in places[1:]:
        if width(f"{lines[-1]} → {place}") <= room:
            lines[-1] += f" → {place}"
        else:
            lines.append(f"→ {place}")
    return lines


def copy_ledger(ledger: Ledger, path: Path) -> None:
    """A whole copy of a ledger's file, taken while it is in use."""
    with closing(sqlite3.connect(ledger.database.where)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)


def tamper(folder: Path, office: Office, seed: int, tell: Any) -> bool:
    """Change one byte of one column of one entry in a copy, and see whether verify names it."""
    draw = random.Random(seed)  # noqa: S311  (a draw for a show, not a secret)
    copied_to = folder / "tampered.db"
    copy_ledger(office.ledger, copied_to)
    with office.ledger.reading() as session:
        seq, column = draw.randrange(1, session.size), draw.choice(("header", "content", "leaf"))
    with closing(sqlite3.connect(copied_to)) as connection:
        guard = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'entries_no_update'"
        ).fetchone()[0]
        connection.execute("DROP TRIGGER entries_no_update")
        (cell,) = connection.execute(f"SELECT {column} FROM entries WHERE seq = ?", (seq,)).fetchone()  # noqa: S608
        place = draw.randrange(len(cell))
        changed = cell[:place] + bytes([cell[place] ^ 1 << draw.randrange(8)]) + cell[place + 1 :]
        connection.execute(f"UPDATE entries SET {column} = ? WHERE seq = ?", (changed, seq))  # noqa: S608
        connection.execute(guard)
        connection.commit()
    copied = Ledger.open(str(copied_to))
    try:
        with copied.database.reading() as connection:
            verdict = verify(copied.database, connection, now=format_at(copied.clock()), heads=[])
    finally:
        copied.close()
    tell(f"  副本第 {seq} 条 {column} 列第 {place} 字节被改了一位，触发器照旧")
    first: dict[str, object] = verdict.problems[0] if verdict.problems else {"code": "", "message": ""}
    named = not verdict.ok and first.get("seq") == seq
    tell(
        f"  核验：{'不通过' if not verdict.ok else '通过'}；{first['code']} {first['message']}（共 {verdict.problems_total} 处）"
    )
    return named


def draw_papers(folder: Path, notices: Office, office: Office, tell: Any) -> list[str]:
    """Allocation announcements, checkpoints and bundles."""
    made = []
    jobs = [
        (office, county.COUNTY, county.YEAR, "sun"),
        *((notices, code, year, "root") for code, year in PAPERS),
    ]
    for desk, code, _, officer in jobs:
        desk.state_books(officer, code)
    for desk, code, year, _ in jobs:
        data, figures = desk.paper(code, year)
        path = folder / f"{figures.title}.pdf"
        write_whole(path, data)
        made.append(str(path))
        tell(f"  {path.name}　{sums_words(figures)}")
    for desk, name in ((notices, "notices"), (office, "county")):
        with desk.ledger.reading() as session:
            tree = session.tree()
            note = signed_checkpoint(desk.store, session, tree.size, tree.root())
            write_whole(folder / f"{name}.checkpoint", note.encode())
            write_whole(folder / f"{name}-bundle.zip", build_bundle(session, tree.size, note))
    tell("  检查点 notices.checkpoint、county.checkpoint，交外部保存")
    tell("  证据包 notices-bundle.zip、county-bundle.zip，格式见 docs/format.md")
    return made


def erase(folder: Path, office: Office, paper: str, tell: Any) -> None:
    """Erase a household's data by two persons; the paper drawn before still checks."""
    today, id = office.ledger.today(), f"erase/{county.HOUSEHOLD}"
    office.record("root", [Draft("person.erase", id, today, {
        "person": county.HOUSEHOLD, "holder": county.TOWNSHIP, "reason": "本人申请",
    })])  # fmt: skip
    office.confirm("zhao", id, today)
    gone = office.ledger.shred(office.vault)
    found = office.verify()
    tell(f"  {'、'.join(gone)}：两人办理，密钥已销毁；金额、日期、项目仍在；密封值 {found.counts['sealed_erased']} 项依法删除")
    tell(f"  核验：{'通过' if found.ok else '不通过'}；删除前出具的公告：{_checked(Path(paper), office)}")


def _checked(paper: Path, office: Office) -> str:
    from reports.check import check_pdf

    with office.ledger.reading() as session:
        trust = Trust(ledger_ids=(session.id,))
    return "检查通过" if check_pdf(paper.read_bytes(), trust).ok else "检查不通过"


def fork(folder: Path, office: Office, tell: Any) -> bool:
    """Somebody with every key goes on from a copy; a paper of each history, put side by side, tells."""
    hidden = tempfile.TemporaryDirectory()
    forger = office.copied(folder / "forked.db", Path(hidden.name) / "keys")
    sides = []
    for desk, name, steps in ((office, "一", county.AFTER_BOOKS), (forger, "另一", county.FORGED)):
        play(desk, steps)
        desk.state_books("sun", county.COUNTY)
        data, figures = desk.paper(county.COUNTY, county.YEAR)
        path = folder / f"{figures.title}（{name}份）.pdf"
        write_whole(path, data)
        sides.append(of_disclosure(open_pdf(data).disclosure, path.name, "paper"))
        tell(f"  {path.name}：各自核验{'通过' if desk.verify().ok else '不通过'}，{_checked(path, desk)}")
    forger.ledger.close()
    hidden.cleanup()
    found = compare(*sides)
    assert found.evidence is not None
    write_whole(folder / "fork.json", found.evidence.to_bytes())
    tell(f"  两份对照：{'分叉' if found.relation == FORK else found.relation}，第 {found.seq} 条起不同；证据 fork.json，离线可查")
    return found.relation == FORK
