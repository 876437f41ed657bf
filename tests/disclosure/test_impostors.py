"""No hidden line ★: what stands beside a body's books cannot be another than the ledger went by, before both judges.

Each case is a history that verifies whole; its paper lists what the forger would rather show. No fork is made, and every key
but the witness's is the forger's.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from ledger.book.effects import statement
from ledger.chain import canonical
from ledger.chain.header import build_header, content_digest, parse_header
from ledger.chain.keys import b64
from ledger.chain.merkle import leaf_hash
from ledger.chain.note import Checkpoint, checkpoint_text, sign_note
from ledger.chain.proofs import Tree
from ledger.disclosure.check import check
from ledger.disclosure.shape import BookClaim, Disclosure, EarlierHead, Listed, encode, read
from ledger.disclosure.trust import Trust
from reports.figures import allocation
from tests.commands.shell import Shell
from tests.disclosure.county import head_of
from tests.verifier.forge import NOW, ORIGIN, Forge, held, private
from tests.verifier.worlds import LI, QIAN, ROOT, ROOT2, WANG, ZHAO, ZHOU, founded, legs
from tests.world import codes

COUNTY, REVIEWER = "999901", 40
VERIFIER = Path(__file__).parents[2] / "verifier" / "verify.py"
RECEIVED = {"quota": "Q1", "amount": 100_000_00, "source_level": "central"}


def two(forge: Forge, byte: int, kind: str, id: str, by: int, **data: object) -> None:
    """An entry, and its confirmation by another person."""
    forge.add(byte, kind, id, **data)
    forge.add(by, "entry.confirm", f"ok-{id}", entry=forge.ref(id))


def acknowledged(forge: Forge, id: str) -> None:
    """Two persons say that an entry is void."""
    two(forge, ZHAO, "entry.void", f"void-{id}", ROOT, entry=forge.ref(id), finding="void", reason="不合规")


def county() -> Forge:
    """A county with a second reviewer of the province."""
    forge = founded("control", "standard")
    two(forge, ROOT, "officer.enroll", "rev", ROOT2, officer="rev", name="某", authority="990000",
        roles=["reviewer", "auditor", "administrator"], **held(REVIEWER, "rev"))  # fmt: skip
    return forge


def stated(forge: Forge, code: str = COUNTY, name: str = "st") -> None:
    """The block of a body's books."""
    for stream in ("money", "open", "people", "keys"):
        forge.add(QIAN, "book.state", f"{name}-{stream}", **statement(forge.state, f"{code}/{stream}"), seal=stream == "keys")


def seq_of(forge: Forge, id: str) -> int:
    """Where an entry stands."""
    return next(seq for seq, item in enumerate(forge.items) if item.id == id)


def books(forge: Forge, code: str = COUNTY) -> set[int]:
    """What an honest paper of a body lists, but for what its figures need beside."""
    void = {int(seq) for seq, _ in forge.state.objects("void")}
    own = {seq for seq, header, _, _ in forge.rows if seq not in void and f" {code}/".encode() in header}
    return own | {seq_of(forge, "a1"), seq_of(forge, "a2")}


def paper(forge: Forge, seqs: set[int], code: str = COUNTY, note: str = "", heads: tuple[int, ...] = ()) -> Disclosure:
    """The disclosure of some entries as the whole of a body's books."""
    listed, tree = sorted({0, *seqs}), Tree([row[3] for row in forge.rows])
    return Disclosure(
        book=BookClaim(code=code, year=2026, streams=["money", "open"]), checkpoint=note or forge.note(), format="sunledger.disclosure/1",
        entries=[Listed(seq=seq, header=forge.rows[seq][1].decode(), content=forge.rows[seq][2].decode()) for seq in listed],
        heads=[EarlierHead(size=n, root=b64(tree.root(n)), proof=[b64(part) for part in tree.consistency(n)]) for n in heads],
        ledger_id=forge.rows[0][3].hex(), origin=ORIGIN, proof=[b64(part) for part in tree.multi(listed)],
    )  # fmt: skip


def judged(folder: Path, disclosure: Disclosure, *trust: str) -> int:
    """The exit code of the stand-alone verifier."""
    path = folder / "d.json"
    path.write_bytes(encode(disclosure))
    brought = trust or ("--ledger-id", disclosure.ledger_id)
    return subprocess.run([sys.executable, VERIFIER, path, *brought, "--now", NOW], capture_output=True, check=False).returncode


def refused(folder: Path, honest: Disclosure, forged: Disclosure) -> set[str]:
    """What is found of the forged paper; the honest one is complete, and both judges agree on both."""
    trust = Trust(ledger_ids=(honest.ledger_id,))
    assert check(read(encode(honest)), trust=trust).ok
    assert judged(folder, honest) == 0
    found = check(read(encode(forged)), trust=trust)
    assert not found.ok
    assert judged(folder, forged) == 10
    return set(codes(found.problems))


def test_a_void_receipt_does_not_give_a_quota_another_year(tmp_path: Path) -> None:
    """It stands in no book, and the entry that says so in none of the county's."""
    forge = county()
    forge.add(QIAN, "quota.receive", "Q1", holder="990000", year=2026, **RECEIVED)
    two(forge, QIAN, "quota.release", "rel", REVIEWER, **{"from": "990000"}, to=COUNTY, legs=legs(Q1=100_000_00))
    forge.bad(QIAN, "quota.receive", "Q1x", {"holder": "990000", "year": 2020, **RECEIVED}, moves=[], books="-")
    acknowledged(forge, "Q1x")
    stated(forge)
    own = books(forge)
    found = refused(tmp_path, paper(forge, own | {seq_of(forge, "Q1")}), paper(forge, own | {seq_of(forge, "Q1x")}))
    assert found == {"DISCLOSURE.BESIDE_MISSING"}


def test_a_void_entry_of_a_body_not_yet_registered_does_not_stand_for_its_first_line(tmp_path: Path) -> None:
    """It was acknowledged before the body had books."""
    forge, code = county(), "999903"
    moves = [{"from": "world:outside", "n": 100_000_00, "quota": "Q1", "to": f"{code}:available", "unit": "CNY"}]
    forge.bad(QIAN, "quota.receive", "V", {"holder": code, "year": 2020, **RECEIVED}, moves=moves, books=f"{code}/money=0")
    acknowledged(forge, "V")
    forge.add(ROOT, "authority.register", "reg", code=code, name="第三县", level="county", parent="990000")
    forge.add(QIAN, "quota.receive", "T", holder=code, year=2026, **RECEIVED)
    stated(forge, code)
    own = books(forge, code)
    found = refused(tmp_path, paper(forge, own, code), paper(forge, own - {seq_of(forge, "T")} | {seq_of(forge, "V")}, code))
    assert {"DISCLOSURE.LINE_EXTRA", "DISCLOSURE.LINE_MISSING"} <= found


def test_a_policy_that_only_waits_takes_no_paper_back(tmp_path: Path) -> None:
    """Listed or not, the figures are the same: a reversal that waits under the policy in force has taken nothing back."""
    forge = county()
    forge.add(LI, "paper.record", "N", paper="N", title="公告", holder=COUNTY, year=2026, date="2026-01", unit="元", complete=True, mirror=False,
              lines=[{"no": 1, "sort": "project", "name": "路", "amount_fen": 500_000_00, "printed": "50"}])  # fmt: skip
    forge.add(ROOT, "policy.set", "P", policy=[])
    forge.add(LI, "entry.reverse", "R", entry=forge.ref("N"), reason="不再")
    stated(forge)
    for seqs in (books(forge), books(forge) | {seq_of(forge, "P")}):
        found = paper(forge, seqs)
        checked = check(found, trust=Trust(ledger_ids=(found.ledger_id,)))
        assert (checked.ok, allocation(found, checked).arranged_fen) == (True, 500_000_00)
        assert judged(tmp_path, found) == 0


def test_void_entries_listed_beside_add_nothing_and_name_nothing(tmp_path: Path) -> None:
    """More arranged, more received, another name for a project: the figures stay those of the books."""
    forge = county()
    forge.bad(WANG, "project.propose", "px", {"project": "P1", "county": COUNTY, "name": "学校食堂"}, moves=[], books="-")
    acknowledged(forge, "px")
    forge.add(QIAN, "quota.receive", "Q1", holder=COUNTY, year=2026, **RECEIVED)
    forge.add(LI, "project.propose", "p1", project="P1", county=COUNTY, name="村道硬化")
    two(forge, WANG, "project.fund", "f1", REVIEWER, project="P1", legs=legs(Q1=60_000_00))
    forge.bad(WANG, "project.fund", "fx", {"project": "P1", "legs": legs(Q1=30_000_00)}, books="-",
              moves=[{"from": f"{COUNTY}:available", "n": 30_000_00, "quota": "Q1", "to": "P1:budget", "unit": "CNY"}])  # fmt: skip
    acknowledged(forge, "fx")
    stated(forge)
    shown = []
    for seqs in (books(forge), books(forge) | {seq_of(forge, "px"), seq_of(forge, "fx")}):
        found = paper(forge, seqs)
        checked = check(found, trust=Trust(ledger_ids=(found.ledger_id,)))
        assert checked.ok
        assert judged(tmp_path, found) == 0
        figures = allocation(found, checked)
        shown.append((figures.received_fen, figures.arranged_fen, [(line.name, line.amount_fen) for line in figures.lines]))
    assert shown == [(100_000_00, 60_000_00, [("村道硬化", 60_000_00)])] * 2


def test_what_was_suspect_vouched_for_and_taken_back_is_an_honest_paper(tmp_path: Path) -> None:
    """A vouching moves nothing; the reversal mirrors the entry itself."""
    forge = county()
    forge.add(QIAN, "quota.receive", "Q1", holder=COUNTY, year=2026, **RECEIVED)
    forge.add(LI, "project.propose", "p1", project="P1", county=COUNTY, name="村道硬化")
    two(forge, WANG, "project.fund", "f1", REVIEWER, project="P1", legs=legs(Q1=60_000_00))
    since = len(forge.rows)
    forge.add(ZHOU, "payment.request", "PAY-1", payment="PAY-1", project="P1", legs=legs(Q1=10_00), payee="某店")
    two(forge, ROOT, "officer.revoke", "rvk", ROOT2, officer="zhou", reason="遗失", since=since)
    forge.add(REVIEWER, "entry.confirm", "vouch", entry=forge.ref("PAY-1"))
    two(forge, LI, "entry.reverse", "back", REVIEWER, entry=forge.ref("PAY-1"), reason="重复")
    stated(forge)
    honest = paper(forge, books(forge))
    assert check(honest, trust=Trust(ledger_ids=(honest.ledger_id,))).ok
    assert judged(tmp_path, honest) == 0


def _told_otherwise(forge: Forge, changes: dict[str, object]) -> None:
    """Rewrite the block of a body's money at the end, without its void entries, and chain what follows to it."""
    first = next(seq for seq in range(len(forge.rows) - 1, 0, -1) if b'"book":"999901/money"' in forge.rows[seq][2])
    prev = ""
    for seq in range(first, len(forge.rows)):
        _, header, raw, _ = forge.rows[seq]
        if seq == first:
            content = json.loads(raw)
            content["data"] = {key: value for key, value in (content["data"] | changes).items() if key != "void"}
            raw = canonical.encode(content)
        parsed = parse_header(header)
        header = build_header(parsed._replace(prev=prev or parsed.prev, content=content_digest(raw)))
        forge.rows[seq] = (seq, header, raw, leaf_hash(header))
        prev = leaf_hash(header).hex()


@pytest.mark.parametrize("told", [{}, {"rules": True}], ids=["as the ledger knows", "as the forger states it"])
def test_a_ledger_key_that_an_officer_brought_in_himself_makes_no_paper(tmp_path: Path, told: dict[str, bool]) -> None:
    """A void rotation, acknowledged; he invents a tail and signs it with his own key, behind a head that the reader knows."""
    forge = county()
    forge.add(QIAN, "quota.receive", "Q1", holder=COUNTY, year=2026, **RECEIVED)
    forge.bad(LI, "ledger.rotate", "rot", {"reason": "x", **held(55, "ledger")}, moves=[], books="-")
    acknowledged(forge, "rot")
    stated(forge)
    size, known = len(forge.rows), forge.note()
    tail = forge.copy()
    tail.add(QIAN, "quota.receive", "Q2", holder=COUNTY, year=2026, **RECEIVED | {"quota": "Q2", "amount": 999_000_00})
    for stream in ("money", "open", "people", "keys"):
        tail.add(QIAN, "book.state", f"s2-{stream}", **statement(tail.state, f"{COUNTY}/{stream}"), seal=False)
    if told:  # the last entries written anew, with what the forger would have the reader believe
        _told_otherwise(tail, {"rules": [seq_of(tail, "rot")]})
    tree = Tree([row[3] for row in tail.rows])
    own = sign_note(checkpoint_text(Checkpoint(ORIGIN, tree.size, tree.root())), ORIGIN, private(55))
    forged = paper(tail, books(tail) | {seq_of(tail, "rot")}, note=own, heads=(size,))
    (tmp_path / "known.note").write_text(known)
    for trust, brought in ((Trust(heads=(head_of(known),)), ("--checkpoint", str(tmp_path / "known.note"))),
                           (Trust(ledger_ids=(forged.ledger_id,)), ("--ledger-id", forged.ledger_id))):  # fmt: skip
        checked = check(forged, trust=trust)
        assert not checked.ok
        named = ["CHECK.BROUGHT"] if told and trust.heads else []  # the forger names a key that did not sign what the reader knows
        assert codes(checked.problems + checked.undecided) == [*named, *(["CHECK.ROTATED"] if told else ["CHECK.SIGNATURE"])]
        assert judged(tmp_path, forged, *brought) in (10, 11)


def test_a_witness_does_not_cosign_a_head_at_which_a_void_statement_stood_unacknowledged(tmp_path: Path) -> None:
    """Two persons acknowledge later that the block is void; the history verifies again, the head at the block never did."""
    forge = county()
    forge.add(QIAN, "quota.receive", "Q1", holder=COUNTY, year=2026, **RECEIVED)
    forge.bad(QIAN, "book.state", "lie", {"book": f"{COUNTY}/money", "count": 0, "totals": []}, moves=[], books="-")
    (tmp_path / "then.note").write_text(forge.note())
    acknowledged(forge, "lie")
    (tmp_path / "now.note").write_text(forge.note())
    (tmp_path / "b.zip").write_bytes(forge.bundle())
    shell = Shell(tmp_path, SUNLEDGER_LANG="en")
    shell.all("officer new-key w1")
    then = shell.line("witness then.note --from b.zip --first-time")
    assert (then.code, "error[BOOKS.COUNT]" in then.err) == (10, True), then
    assert shell.line("witness now.note --from b.zip --first-time").code == 0


def test_verdicts_do_not_hang_on_the_order_of_a_set(tmp_path: Path) -> None:
    """A void entry claims books of two streams; an honest body's reviewer confirms what is said of it."""
    forge = founded("control", "standard")
    two(forge, ROOT, "officer.enroll", "rev", ROOT2, officer="rev", name="某", authority="999902", roles=["reviewer", "auditor"], **held(REVIEWER, "rev"))
    forge.bad(QIAN, "money.print", "V", {"n": 1}, books="999901/money=0 999902/open=0")
    forge.add(ZHAO, "entry.void", "E", entry=forge.ref("V"), finding="void", reason="不合规")
    forge.add(REVIEWER, "entry.confirm", "K", entry=forge.ref("E"))
    path, id = tmp_path / "b.zip", forge.rows[0][3].hex()
    path.write_bytes(forge.bundle())
    program = Path(sys.executable).parent / "sunledger"
    for seed in range(6):
        environment = os.environ | {"PYTHONHASHSEED": str(seed)}
        for line in ([program, "check", path, "--trust", id], [sys.executable, VERIFIER, path, "--ledger-id", id, "--now", NOW]):
            done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, (seed, done.stdout, done.stderr)


def test_a_paper_is_still_one_when_read_again() -> None:
    """Encoded and read, it is the same."""
    forge = county()
    stated(forge)
    made = paper(forge, books(forge))
    assert msgspec.structs.asdict(read(encode(made))) == msgspec.structs.asdict(made)
