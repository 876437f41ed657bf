"""Who vouches: the tables of docs/format.md §15, cell by cell; the product and the stand-alone verifier give the word that stands there."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

import ledger.commands.sources
import ledger.outside.check
import reports.check
from ledger.chain.note import parse_checkpoint, parse_note
from ledger.commands.check import check_file
from ledger.commands.sources import File, trust_of
from ledger.commands.tree import Papers
from ledger.disclosure.check import check
from ledger.disclosure.shape import read
from ledger.disclosure.trust import Trust
from ledger.errors import LedgerError, Usage
from ledger.outside.compare import compare
from ledger.outside.heads import of_checkpoint, of_disclosure
from ledger.store import rows
from ledger.store.database import open_database
from ledger.verify.run import OutsideHead
from ledger.verify.run import verify as full_verify
from reports.allocation import draw
from reports.figures import allocation
from tests.outside.world import (
    LEDGER,
    ROTATED,
    SIGNATURES,
    Brought,
    History,
    brought,
    claim,
    cosigned,
    evidence,
    history,
    ledger_key,
    note,
)
from tests.verifier.forge import NOW, of
from tests.world import first_yuan
from verifier import verify as v

PAGE = (Path(__file__).parents[2] / "docs" / "format.md").read_text("utf-8").partition("## 15. ")[2]
WORDS = {"o": "ok", "f": "failed", "u": "undecided", "–": ""}
SORTS = {"checkpoint": "checkpoint", "proof": "tlog-proof", "proof of 0": "tlog-proof", "disclosure": "disclosure", "paper": "paper", "bundle": "bundle"}


def table(name: str) -> dict[str, dict[str, str]]:
    """A table of the page, by the name that stands in its corner: row → column → letters, one a signature."""
    lines = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("|")]
    start = next(n for n, cells in enumerate(lines) if cells[0].strip() == name)
    columns = [cell.strip() for cell in lines[start][1:]]
    found = {}
    for cells in lines[start + 2 :]:
        if len(cells) != len(columns) + 1 or cells[0].strip().startswith("brought"):
            break
        found[cells[0].strip()] = dict(zip(columns, (cell.replace(" ", "") for cell in cells[1:]), strict=True))
    return found


def pairs(name: str, signatures: tuple[str, ...]) -> Iterator[tuple[str, str, str, str]]:
    """Every cell: the claim, what is brought, the signature, the word."""
    for row, columns in table(name).items():
        for sort, letters in columns.items():
            assert len(letters) == len(signatures), (row, sort)
            for signature, letter in zip(signatures, letters, strict=True):
                if WORDS[letter]:
                    yield sort, row, signature, WORDS[letter]


@cache
def paper(disclosure: bytes) -> bytes:
    """The paper that a disclosure gives."""
    found = read(disclosure)
    return draw(allocation(found, check(found)), disclosure)


def made(sort: str, signature: str, row: str) -> tuple[bytes, Brought]:
    """A claim, and what is brought for it."""
    told = history(rotated=signature in ROTATED)
    found = brought(row, told, signature, sort)
    signed = note(told.forge, len(told.forge.rows), signature, told.keys[1])
    signed = cosigned(signed, found.line) if found.line else signed
    return claim("book" if sort == "paper" else sort, told, signed), found


def by_product(raw: bytes, sort: str, found: Brought) -> str:
    """The word of the functions behind `sunledger check`."""
    heads = tuple(of_checkpoint(text, "kept.note") for text in found.notes)
    try:
        return check_file(File(raw, sort, "claim"), Trust(tuple(found.ids), tuple(found.keys), heads)).word
    except LedgerError as error:
        return {10: "failed", 11: "undecided", 3: "unreadable"}[error.exit_code]


def by_verifier(raw: bytes, found: Brought) -> str:
    """The word of the stand-alone verifier; of a paper, that of its evidence, for it does not read pages."""
    keys = [v.VKey(key.name, key.type_byte[0], key.public_key) for key in found.keys]
    trust = v.Trust(found.ids[0] if found.ids else None, keys, [("kept.note", v.read_note(text)) for text in found.notes], NOW)
    result = v.check_bytes(raw, trust)
    assert not any("Error)" in problem.words for problem in result.problems), result.problems
    if result.verdict == "undecided" and {doubt.code for doubt in result.doubts} == {"PAGES"}:
        return "ok"
    return {0: "ok", 10: "failed", 11: "undecided", 3: "unreadable"}[result.exit_code]


@pytest.fixture(autouse=True)
def _drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are read as the program reads them; pages of one evidence are the same each time, and are drawn once."""
    monkeypatch.setattr(ledger.commands.sources, "PAPERS", [Papers(lambda data: reports.check.open_pdf(data).disclosure, reports.check.check_pdf)])
    monkeypatch.setattr(reports.check, "draw", lambda figures, raw, **_: paper(raw))


def judged(sort: str, row: str, signature: str) -> tuple[str, str]:
    """Both words on one pair."""
    raw, found = made(sort, signature, row)
    data = paper(raw) if sort == "paper" else raw
    return by_product(data, SORTS[sort], found), by_verifier(data, found)


@pytest.mark.parametrize("sort", SORTS)
def test_the_two_judges_give_the_word_of_the_table(sort: str) -> None:
    """Every row, every signature; of a ledger that kept its key, and of one that replaced it."""
    wrong = {}
    count = 0
    for name, signatures in (("brought, key kept", SIGNATURES), ("brought, key replaced", ROTATED)):
        for claimed, row, signature, word in pairs(name, signatures):
            if claimed == sort:
                count += 1
                found = judged(sort, row, signature)
                if found != (word, word):
                    wrong[row, signature] = (word, *found)
    assert not wrong, "\n".join(f"{pair}: the page {word}, product {a}, verifier {b}" for pair, (word, a, b) in wrong.items())
    assert count >= 60


EVIDENCE = {"both": ("right", "right"), "one strange": ("right", "strange"), "one false": ("right", "false")}


def test_evidence_of_a_fork_is_judged_by_the_table() -> None:
    """One key signed both of its checkpoints, or none that is known, or falsely."""
    count = 0
    for _, row, how, word in pairs("brought, of evidence", tuple(EVIDENCE)):
        found = brought(row, history(), "right", "evidence")
        signed = EVIDENCE[how]
        raw = evidence(tuple(f"{one} cosigned" for one in signed) if found.line else signed)  # type: ignore[arg-type]
        assert (by_product(raw, "evidence", found), by_verifier(raw, found)) == (word, word), (row, how)
        count += 1
    assert count >= 25


def test_a_ledger_is_judged_by_the_table(tmp_path: Path) -> None:
    """Whoever holds it needs nobody to vouch; a head from outside must be signed by its key, and be of its history."""
    world = first_yuan(str(tmp_path / "l.db"))
    with world.ledger.reading() as session:
        forge = SimpleNamespace(rows=[(0, b"", b"", leaf) for leaf in rows.leaves(session.database, session.connection, 0, session.size)])
    world.ledger.close()
    count = 0
    for _, row, _, word in pairs("brought, of a ledger", ("",)):
        found = brought(row, History(forge, 6, (LEDGER, LEDGER)), "right", "ledger")  # type: ignore[arg-type]
        heads = [OutsideHead(parse_checkpoint(parse_note(text).text), "kept.note", note=parse_note(text)) for text in found.notes]
        database = open_database(world.target)
        with database.reading() as connection:
            product = full_verify(database, connection, now=NOW, heads=heads)
        database.close()
        trust = v.Trust(notes=[("kept.note", v.read_note(text)) for text in found.notes], now=NOW)
        verifier = v.check_ledger(Path(world.target), trust)
        words = {"verified": "ok"}.get(product.verdict, product.verdict), verifier.verdict
        assert words == (word, word), (row, product.problems, verifier.problems)
        count += 1
    assert count >= 9


# --- one by one ------------------------------------------------------------------------------------------------------


def words_of(sort: str, row: str, signature: str) -> set[str]:
    """What both say of a pair."""
    return set(judged(sort, row, signature))


def test_c1_random_bytes_vouch_for_nothing() -> None:
    """A checkpoint given as its own trust is undecided, sound or not; beside the ledger's key the false one has failed."""
    for signature in SIGNATURES:
        assert words_of("checkpoint", "the same file", signature) == {"undecided"}
    for signature in ("false", "strange", "nobody"):
        assert words_of("checkpoint", "the key + the same file", signature) == {"failed"}


@pytest.mark.parametrize("sort", ["proof", "proof of 0", "disclosure", "paper", "bundle"])
def test_c2_a_true_key_beside_a_false_signature_vouches_for_nothing(sort: str) -> None:
    """Whether the false one stands in the file or under the head that is brought."""
    assert words_of(sort, "the key", "false") == words_of(sort, "the key", "strange") == {"failed"}
    for head in ("the same head, falsely signed", "the same head, by an unknown key"):
        assert words_of(sort, f"the key + {head}", "right") == {"failed"}


def test_c3_a_sound_proof_with_its_sound_checkpoint_is_proved() -> None:
    """Both judges; the reader's word stands for the head."""
    assert words_of("proof", "the same head", "right") == words_of("proof of 0", "the same head", "right") == {"ok"}


def test_c4_nobody_is_asked_twice_with_two_answers() -> None:
    """The page has more than 150 pairs, of every sort of claim."""
    told = [*pairs("brought, key kept", SIGNATURES), *pairs("brought, key replaced", ROTATED)]
    assert len(told) > 500
    assert {sort for sort, *_ in told} == set(SORTS)


def test_c5_a_key_stands_without_blanks_around_it() -> None:
    """One rule in both, and a line that says so."""
    key = str(ledger_key(LEDGER))
    for bad in (f" {key}", f"{key} ", f"{key}\n", f"\t{key}"):
        with pytest.raises(ValueError, match="without blanks around it"):
            v.read_vkey(bad)
        with pytest.raises(Usage, match="without blanks around it"):
            trust_of(None, [bad])  # type: ignore[arg-type]
    assert (v.read_vkey(key).public, str(trust_of(None, [key]).keys[0])) == (ledger_key(LEDGER).public_key, key)  # type: ignore[arg-type]


@pytest.mark.parametrize("sort", SORTS)
def test_a_key_of_this_origin_that_did_not_sign_is_failed_and_never_doubt(sort: str) -> None:
    """A made-up entry under a checkpoint of some key: whoever brings the ledger's own is told so, and asked for no other key."""
    raw, found = made(sort, "strange", "the key")
    data = paper(raw) if sort == "paper" else raw
    report = check_file(File(data, SORTS[sort], "claim"), Trust(keys=tuple(found.keys)))
    assert {str(problem["code"]) for problem in report.problems} <= {"CHECK.KEY", "CHECK.SIGNATURE"}
    assert (report.word, report.undecided) == ("failed", [])
    assert words_of(sort, "a key that did not sign", "right") == {"failed"}


def test_who_names_the_true_key_and_replaces_it_at_once_is_not_vouched_for_by_it() -> None:
    """Anybody can write a history that begins with a ledger's key, which is public: it takes the id, or a head of before."""
    assert words_of("bundle", "the replaced key", "new") == {"failed"}
    for more in ("ledger id", "an earlier head", "the same head"):
        assert words_of("bundle", f"the replaced key + {more}", "new") == {"ok"}


@pytest.mark.parametrize(("row", "signature"), [
    ("another ledger id", "right"), ("a key that did not sign", "right"), ("the key", "false"), ("a head of a fork", "right"), ("nothing", "nobody"),
])  # fmt: skip
def test_what_is_refuted_by_a_signature_is_not_replayed(monkeypatch: pytest.MonkeyPatch, row: str, signature: str) -> None:
    """Cheap checks come before dear ones, in both."""
    monkeypatch.setattr(ledger.outside.check, "judge", lambda *_: pytest.fail("it was replayed"))
    monkeypatch.setattr(v, "Replay", lambda *_: pytest.fail("it was replayed"))
    assert words_of("bundle", row, signature) == {"failed"}


def test_a_proof_of_an_entry_void_for_its_form_claims_nothing_of_effect() -> None:
    """An auditor shows it: its status is told, of a known kind and of an unknown one; it is no problem."""
    forge = history().forge.copy()
    forge.bad(6, "quota.receive", "bad", {"quota": "Q9"}, moves=[], books="-")
    forge.bad(6, "money.print", "odd", {"n": 1}, moves=[], books="-")
    told = History(forge, 5, (LEDGER, LEDGER))
    for seq, status in ((len(forge.rows) - 2, "malformed"), (len(forge.rows) - 1, "unknown kind")):
        raw = claim("disclosure", told, note(forge, len(forge.rows), "right"), seqs=[0, seq])
        found = Brought(keys=[ledger_key(LEDGER)])
        assert (by_product(raw, "disclosure", found), by_verifier(raw, found)) == ("ok", "ok")
        report = check_file(File(raw, "disclosure", "claim"), Trust(keys=tuple(found.keys)))
        assert [str(entry.status) for entry in report.entries] == ["recorded", status]


def test_a_reversal_of_an_entry_whose_content_is_not_here_waits() -> None:
    """Under a policy that asks for a second person where money is reversed, nobody can tell: no crash, and it is not taken back."""
    forge = history().forge.copy()
    forge.add(6, "entry.reverse", "rev-p1", entry=forge.ref("p1"), reason="重复")
    told = History(forge, 5, (LEDGER, LEDGER))
    named, size = next(seq for seq, item in enumerate(forge.items) if item.id == "p1"), len(forge.rows)
    raw = claim("disclosure", told, note(forge, size, "right"), seqs=[0, named, size - 1], bare=(named,))
    found = Brought(keys=[ledger_key(LEDGER)])
    assert (by_product(raw, "disclosure", found), by_verifier(raw, found)) == ("ok", "ok")
    assert compare(of_disclosure(read(raw), "a"), of_disclosure(read(raw), "b")).relation == "same"
    assert [str(entry.status) for entry in check_file(File(raw, "disclosure", "claim"), Trust()).entries][1] == "header only"


def test_a_paper_says_whose_key_states_its_books() -> None:
    """By person and role where the entries listed show it; else that they do not."""
    raw, _ = made("paper", "right", "the key")
    assert check(read(raw)).stated_by == (of(6), "qian", ("finance", "publisher", "programme"))
    listed = json.loads(raw)
    enrolled = next(n for n, entry in enumerate(listed["entries"]) if '"kind":"officer.enroll","moves"' in entry["content"])
    del listed["entries"][enrolled]["content"]
    bare = check(read(json.dumps(listed, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()))
    assert (bare.problems, bare.stated_by) == ([], (of(6), "", ()))


@pytest.mark.parametrize("brings_key", [True, False])
def test_evidence_that_names_no_ledger_id_is_not_of_another(brings_key: bool) -> None:
    """§15: an id that a file cannot show says nothing; the reader's own is no contradiction to it."""
    value = json.loads(evidence(("right", "right"))) | {"ledger_id": ""}
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    key, ledger_id = ledger_key(LEDGER), history().forge.rows[0][3].hex()
    product = check_file(File(raw, "evidence", "claim"), Trust((ledger_id,), (key,) if brings_key else (), ())).word
    own = v.check_bytes(raw, v.Trust(ledger_id, [v.VKey(key.name, 1, key.public_key)] if brings_key else [], [], NOW)).verdict
    assert (product, own) == (("ok", "ok") if brings_key else ("undecided", "undecided"))


@pytest.mark.parametrize("swapped", [False, True])
def test_a_false_line_beside_another_file_is_failed_by_the_verifier(tmp_path: Path, swapped: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Under the name of the key that the other file names; a verdict, not a traceback."""
    h = history()
    files = [tmp_path / "claim.json", tmp_path / "false.note"]
    files[0].write_bytes(claim("disclosure", h, note(h.forge, len(h.forge.rows), "right")))
    files[1].write_text(note(h.forge, len(h.forge.rows), "false"))
    assert v.main([str(file) for file in (files[::-1] if swapped else files)]) == 10
    assert "CHECKPOINT.SIGNATURE" in capsys.readouterr().out
