"""The stand-alone verifier by itself: checkpoints, proofs, disclosures, papers, two heads, hostile files, the command."""

from __future__ import annotations

import ast
import json
import random
import sqlite3
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.canonical import encode
from ledger.chain.cosignature import cosign
from ledger.chain.keys import b64, public_bytes
from ledger.chain.note import Checkpoint, checkpoint_text, sign_note, verifier_key
from ledger.chain.proofs import Tree
from ledger.chain.tlog_proof import TlogProof, parse_tlog_proof
from ledger.disclosure.check import check as product_check
from ledger.disclosure.shape import read
from ledger.errors import InputRejected, LedgerError
from ledger.kinds.declare import KINDS
from ledger.kinds.text import FORBIDDEN
from ledger.outside.evidence import parse_evidence
from ledger.outside.heads import of_tlog_proof
from tests.disclosure.county import COUNTY, YEAR, County
from tests.properties.strategies import modest
from tests.verifier import papers
from tests.verifier.forge import LEDGER_KEY, NOW, ORIGIN, Forge, private
from tests.verifier.judges import is_sound
from tests.verifier.mutants import POOL, changed, paths
from tests.verifier.worlds import LI, control, legs, observe
from verifier import verify as v

SOURCE = Path(v.__file__)
TRUST = v.Trust(now=NOW)
KEY = v.read_vkey(verifier_key(ORIGIN, public_bytes(private(22))))
OLD_KEY = v.read_vkey(verifier_key(ORIGIN, public_bytes(LEDGER_KEY)))
WITNESS = v.VKey("w.example", 4, public_bytes(private(51)))


def vkey(key: v.VKey) -> str:
    """A key as handed on."""
    return f"{key.name}+{key.hash().hex()}+{b64(bytes([key.type]) + key.public)}"


def trust(*keys: v.VKey, **more: Any) -> v.Trust:
    """What a reader brings."""
    return v.Trust(keys=list(keys), now=NOW, **more)


def head(forge: Forge, size: int, key: Any = None) -> str:
    """A checkpoint of the first `size` entries of a forge."""
    root = Tree([row[3] for row in forge.rows]).root(size)
    return sign_note(checkpoint_text(Checkpoint(ORIGIN, size, root)), ORIGIN, key or private(22))


# --- it stands alone -------------------------------------------------------------------------------------------------


def test_it_imports_nothing_but_the_standard_library_and_cryptography() -> None:
    """And says no word of the product's modules."""
    tree = ast.parse(SOURCE.read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.add(str(node.module).partition(".")[0])
        elif isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in ("__import__", "importlib.import_module", "exec", "eval", "compile")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ast.get_docstring(tree):
            assert "ledger/" not in node.value.replace("sunledger/", "").replace("docs/", "")
    assert found - {"cryptography"} <= set(sys.stdlib_module_names)
    assert not found & {"os", "subprocess", "socket", "urllib.request", "pickle", "importlib"}
    assert [path.name for path in SOURCE.parent.iterdir() if path.suffix == ".py"] == ["verify.py"]


def test_it_runs_alone_in_an_empty_folder(tmp_path: Path) -> None:
    """As a journalist would: the file, a bundle, nothing else."""
    import subprocess

    (tmp_path / "verify.py").write_bytes(SOURCE.read_bytes())
    (tmp_path / "bundle.zip").write_bytes(control().bundle())
    command = [sys.executable, "-I", "verify.py", "bundle.zip", "--json", "--now", NOW]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr, told["verdict"], told["size"]) == (11, "", "undecided", len(control().rows))
    assert [doubt["code"] for doubt in told["doubts"]] == ["NO_TRUST", "SEALED"]


def test_its_tables_are_those_of_the_declarations() -> None:
    """Kinds, streams, groups, fields, book fields, jurisdiction, choices, characters: two lists of one thing."""
    assert set(v.KINDS) == set(KINDS)
    for name, info in KINDS.items():
        own = v.KINDS[name]
        assert {f for f, (_, required) in own.fields.items() if required} == {f for f, field in info.fields.items() if field.required}
        assert set(own.fields) == set(info.fields), name
        assert (own.stream, own.group or "none", own.reversible) == (info.stream, info.second, info.reversible), name
        assert sorted(own.books) == sorted(field.name for field in info.books)
        assert sorted(own.scopes) == sorted(field.name for field in info.scopes)
        for field in info.fields.values():
            choices = v.CHOICES.get(f"{name} {field.name}") or v.CHOICES.get(field.name) or ""
            if own.fields[field.name][0] in (v.WORD, "[word]"):
                assert tuple(choices.split()) == field.choices, (name, field.name)
            assert (own.fields[field.name][0] == "date") == field.is_date
            assert (own.fields[field.name][0] == "sealed") == bool(field.sealed)
    assert {chr(point) for point in range(0x110000) if v.FORBIDDEN.match(chr(point))} == FORBIDDEN


# --- checkpoints -----------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_ok_by_the_key_brought_and_undecided_without_one() -> None:
    """Its signature is all it has."""
    note = control().note()
    assert v.check_bytes(note.encode(), trust(KEY)).verdict == "ok"
    alone = v.check_bytes(note.encode(), TRUST)
    assert (alone.verdict, [p.code for p in alone.doubts]) == ("undecided", ["NO_TRUST"])
    assert [p.code for p in v.check_bytes(note.encode(), trust(ledger_id="0" * 64)).doubts] == ["NO_KEY"]
    assert v.check_bytes(note.encode(), trust(OLD_KEY)).verdict == "failed"
    assert v.check_bytes(note.encode(), trust(v.VKey("other.example", 1, KEY.public))).verdict == "failed"
    assert v.check_bytes(note.encode(), trust(KEY, ledger_id="0" * 64)).verdict == "ok"  # it names no ledger id to compare


def test_a_witness_brought_must_have_cosigned() -> None:
    """C2SP cosignature/v1: the seconds are part of what is signed; a false one spoils the note, a missing one leaves it open."""
    note = control().note()
    body = note.split("\n\n")[0] + "\n"
    line = cosign(body, WITNESS.name, private(51), 1_795_485_600)
    found = v.check_bytes((note + line).encode(), trust(KEY, WITNESS))
    assert (found.verdict, found.trust) == ("ok", [f"ledger key {KEY.hash().hex()}", "witness w.example, 2026-11-24T02:00:00Z"])
    assert v.check_bytes((note + line).encode(), trust(WITNESS)).verdict == "ok"
    assert v.check_bytes(note.encode(), trust(KEY, WITNESS)).verdict == "undecided"
    for bad in (cosign(body, WITNESS.name, private(52), 5), cosign(body + "x\n", WITNESS.name, private(51), 5)):
        assert v.check_bytes((note + bad).encode(), trust(KEY)).verdict == "ok"  # of a witness nobody asked about
    assert v.check_bytes((note + line + cosign(body + "x\n", WITNESS.name, private(51), 5)).encode(), trust(WITNESS)).verdict == "failed"
    alone = v.check_bundle(control().bundle(), trust(WITNESS))
    assert (alone.verdict, alone.doubts[0].code) == ("undecided", "CHECKPOINT.WITNESS")


def test_an_earlier_checkpoint_ties_a_history_down() -> None:
    """B-33, §10.7: the same root at its size, by a key that is known; a longer one shows a missing tail."""
    forge = control()
    bundle = forge.bundle()
    early = v.read_note(head(forge, 9, LEDGER_KEY))
    assert "checkpoint of 9 entries" in v.check_bundle(bundle, trust(notes=[("kept", early)])).trust
    wrong = v.read_note(sign_note(checkpoint_text(Checkpoint(ORIGIN, 9, bytes(32))), ORIGIN, LEDGER_KEY))
    longer = v.read_note(sign_note(checkpoint_text(Checkpoint(ORIGIN, 999, bytes(32))), ORIGIN, LEDGER_KEY))
    strange = v.read_note(head(forge, 9, private(50)))
    for note in (wrong, strange):
        assert v.check_bundle(bundle, trust(notes=[("kept", note)])).verdict == "failed"
    assert v.check_bundle(bundle, trust(notes=[("kept", longer)])).verdict == "undecided"  # a bundle too is of its day


def test_a_newer_checkpoint_fails_no_older_file(county: County) -> None:
    """A paper, a proof and a checkpoint are of their day: what leads to a newer head is not in them, and no tail is missing."""
    forge = control()
    old, newer = head(forge, len(forge.rows) - 1), v.read_note(forge.note())
    later = v.read_note(sign_note(checkpoint_text(Checkpoint(ORIGIN, 9999, bytes(32))), ORIGIN, private(22)))
    raw = county.disclosure()
    own = v.read_note(json.loads(raw)["checkpoint"])
    after = v.Note("", own.origin, own.size + 1, bytes(32), ())
    for data, note in ((old.encode(), newer), (proof_of(forge, 5).encode(), later), (forge.note().encode(), later), (raw, after)):
        found = v.check_bytes(data, trust(*([KEY] if data != raw else []), notes=[("kept", note)]))
        assert (found.verdict, {p.code for p in found.doubts}) == ("undecided", {"BROUGHT.CHECKPOINT"}), found.problems
        assert any("nothing leads from kept" in doubt.words for doubt in found.doubts)
    behind = v.check_bundle(forge.bundle(), trust(notes=[("kept", later)]))
    assert (behind.verdict, "nothing leads from kept" in behind.doubts[0].words) == ("undecided", True)


def test_a_rotated_ledger_key_signs_only_from_its_entry_on() -> None:
    """§6: the bundle's checkpoint is by the key in force at its size."""
    forge = control()
    old = forge.copy()
    for key, verdict in ((private(22), "undecided"), (LEDGER_KEY, "failed")):
        note = head(old, len(old.rows), key)
        from tests.verifier.forge import pack

        assert v.check_bundle(pack(old.rows, old.seals, note), TRUST).verdict == verdict


# --- proofs ----------------------------------------------------------------------------------------------------------


def proof_of(forge: Forge, seq: int, *, content: bool = True) -> str:
    """The proof of an entry as the product writes it."""
    tree = Tree([row[3] for row in forge.rows])
    extra = {"header": forge.rows[seq][1].decode(), **({"content": forge.rows[seq][2].decode()} if content else {})}
    raw = json.dumps(dict(sorted(extra.items())), ensure_ascii=False, separators=(",", ":")).encode()
    return TlogProof(seq, tree.inclusion(seq), forge.note(), raw).to_text()


def test_the_proof_of_one_entry_holds_and_every_change_of_it_is_refused() -> None:
    """B-32: cut anywhere, any byte changed, another position: never ok, never a traceback."""
    forge = control()
    for seq in (0, 1, 40, len(forge.rows) - 1):
        text = proof_of(forge, seq)
        assert v.check_bytes(text.encode(), trust(KEY)).verdict == "ok"
        assert v.check_bytes(text.encode(), TRUST).verdict == "undecided"
        assert v.check_bytes(proof_of(forge, seq, content=False).encode(), trust(KEY)).verdict == "ok"
    good = v.check_bytes(proof_of(forge, 0).encode(), trust(KEY, ledger_id=forge.rows[0][3].hex()))
    assert "ledger id" in good.trust
    text = proof_of(forge, 40).encode()
    for place in range(0, len(text), 3):
        for bad in (text[:place], text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :]):
            assert v.check_bytes(bad, trust(KEY)).verdict != "ok", place
    other = text.replace(b"index 40", b"index 41")
    assert v.check_bytes(other, trust(KEY)).verdict == "failed"


def test_proofs_of_every_size_are_those_of_the_product() -> None:
    """Inclusion and consistency, all positions of all trees to 18; every hash left out or added is refused."""
    leaves = [bytes([n + 1]) * 32 for n in range(18)]
    whole = Tree(leaves)
    for size in range(1, 19):
        root = whole.root(size)
        assert v.root_of(leaves[:size]) == root
        for seq in range(size):
            path = whole.inclusion(seq, size)
            assert v.inclusion_root(leaves[seq], seq, size, path) == root
            for bad in ([*path, root], path[:-1]) if path else ([root],):
                with pytest.raises(v.Broken):
                    v.inclusion_root(leaves[seq], seq, size, bad)
        for old in range(1, size + 1):
            path = whole.consistency(old, size)
            assert v.is_extension(old, whole.root(old), size, root, path)
            assert not v.is_extension(old, bytes(32), size, root, path)
            assert not v.is_extension(old, whole.root(old), size, bytes(32), path)
            assert not v.is_extension(old, whole.root(old), size, root, [*path, root])
            assert not path or not v.is_extension(old, whole.root(old), size, root, path[:-1])
    assert not v.is_extension(0, v.sha256(), 5, whole.root(5), [])


# --- disclosures and papers ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """A county's year in small, as the product records it."""
    return County(tmp_path_factory.mktemp("county"))


def test_a_whole_book_is_complete_as_stated_and_gives_the_figures_of_the_paper(county: County) -> None:
    """§12: the lines, the totals and the four figures, recomputed; the same as the product prints."""
    from reports.figures import allocation

    raw = county.disclosure()
    found = v.check_bytes(raw, v.Trust(ledger_id=county.ledger_id, now=NOW))
    assert found.verdict == "ok", found.problems
    figures = allocation(read(raw), product_check(read(raw)))
    own = found.facts["figures"][str(YEAR)]
    assert own == {name: getattr(figures, name) for name in ("received_fen", "arranged_fen", "reserved_fen", "paid_fen")}
    assert found.facts["complete"].startswith("complete as stated by ")
    assert found.facts["book"]["code"] == COUNTY
    note = json.loads(raw)["checkpoint"]
    for name, complete in (("w.growth", False), ("w", True)):
        line = cosign(note.split("\n\n")[0] + "\n", name, private(51), 5)
        seen = v.check_bytes(encode(json.loads(raw) | {"checkpoint": note + line}), trust(v.VKey(name, 4, WITNESS.public)))
        assert (seen.verdict, seen.facts["complete"] == "complete") == ("ok", complete)
        assert any("witness w" in word for word in seen.trust)
    assert any(line.startswith("arranged P1") for line in found.facts["lines"])
    assert found.trust == ["ledger id"]
    assert v.check_bytes(raw, v.Trust(ledger_id="0" * 64, now=NOW)).verdict == "failed"


def agrees(raw: bytes, what: object) -> bool:
    """Whether both find a disclosure sound; they must say the same."""
    result = v.check_bytes(raw, TRUST)
    assert not any("Error)" in p.words for p in result.problems), (what, result.problems)
    try:
        found = product_check(read(raw))
        product, why = not found.problems, [p["message"] for p in found.problems]
    except LedgerError as error:
        product, why = False, [error.message]
    assert product == is_sound(result), (what, why, result.problems)
    return product


def test_every_entry_left_out_or_without_its_content_is_judged_as_by_the_product(county: County) -> None:
    """No hidden line: what belongs to the books is missed, whoever else is told."""
    value = json.loads(county.disclosure())
    for place in range(len(value["entries"])):
        dropped = {**value, "entries": value["entries"][:place] + value["entries"][place + 1 :]}
        assert not agrees(told(dropped), place)
        bare = [{key: one[key] for key in one if key != "content" or n != place} for n, one in enumerate(value["entries"])]
        agrees(told({**value, "entries": bare}), place)


def told(value: Any) -> bytes:
    """A disclosure in its one spelling."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def test_one_value_of_a_disclosure_changed_anywhere_is_judged_as_by_the_product(county: County) -> None:
    """Random values in random places; whoever made it has no key."""
    value = json.loads(county.disclosure())
    rng = random.Random(7)
    places = list(paths(value))
    sound = 0
    for _ in range(150):
        place, new = rng.choice(places), rng.choice([..., *POOL])
        try:
            sound += agrees(told(changed(value, place, new)), (place, new))
        except (TypeError, ValueError):
            continue
    assert sound <= 3


def test_opened_values_must_open_their_commitments() -> None:
    """§11: PROVED where value and salt give the commitment."""
    salt = bytes(range(32))
    committed = v.sha256(f"sunledger/sealed/v1\n{ORIGIN}\nh9\nhead\n".encode(), salt, '"李某"'.encode()).hex()
    forge = control().copy()
    forge.add(LI, "household.enroll", "h9", household="H-9", place="999901", head=committed)
    seqs, tree = [0, len(forge.rows) - 1], Tree([row[3] for row in forge.rows])
    for value, ok in (("李某", True), ("王某", False), (1, False)):
        entries = [{"seq": seq, "header": forge.rows[seq][1].decode(), "content": forge.rows[seq][2].decode()} for seq in seqs]
        entries[1]["opened"] = {"head": {"value": value, "salt": b64(salt)}}  # type: ignore[assignment]
        made = {"format": "sunledger.disclosure/1", "origin": ORIGIN, "ledger_id": forge.rows[0][3].hex(), "checkpoint": forge.note(),
                "entries": entries, "proof": [b64(part) for part in tree.multi(seqs)], "heads": []}  # fmt: skip
        assert (v.check_bytes(told(made), trust(KEY)).verdict == "ok") == ok
        del entries[1]["content"]
        assert v.check_bytes(told(made), trust(KEY)).verdict == "failed"


@pytest.fixture(scope="module")
def paper(county: County) -> bytes:
    """The product's paper."""
    from reports.allocation import draw
    from reports.figures import allocation

    raw = county.disclosure()
    return draw(allocation(read(raw), product_check(read(raw))), raw)


def test_a_paper_of_the_product_gives_its_disclosure_however_it_is_saved(county: County, paper: bytes) -> None:
    """As made, with object streams, linearised, uncompressed: by the own small reader."""
    raw = county.disclosure()
    assert v.attached(paper).encode() == raw
    assert is_sound(v.check_bytes(paper, TRUST))
    for options in ({"object_stream_mode": pikepdf.ObjectStreamMode.generate}, {"linearize": True}, {"compress_streams": False},
                    {"object_stream_mode": pikepdf.ObjectStreamMode.disable}, {"qdf": True}):  # fmt: skip
        saved = BytesIO()
        with pikepdf.open(BytesIO(paper)) as pdf:
            pdf.save(saved, **options)  # type: ignore[arg-type]
        assert v.attached(saved.getvalue()).encode() == raw, options


def test_a_paper_that_is_encrypted_or_carries_several_or_none_is_refused(paper: bytes) -> None:
    """Nobody chooses which of two is meant."""

    def changed_paper(change: Any, **options: Any) -> bytes:
        saved = BytesIO()
        with pikepdf.open(BytesIO(paper)) as pdf:
            change(pdf)
            pdf.save(saved, **options)
        return saved.getvalue()

    def second(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["other"] = pikepdf.AttachedFileSpec(pdf, b"{}", filename="disclosure.json")

    def without(pdf: pikepdf.Pdf) -> None:
        del pdf.attachments["disclosure.json"]
        del pdf.Root.AF

    encrypted = changed_paper(lambda pdf: None, encryption=pikepdf.Encryption(owner="x", user=""))
    for bad, words, verdict in ((encrypted, "encrypted", "unreadable"), (changed_paper(second), "several", "failed"),
                                (changed_paper(without), "no disclosure.json", "unreadable")):  # fmt: skip
        found = v.check_bytes(bad, TRUST)
        assert found.verdict == verdict
        assert words in found.problems[0].words


def test_no_update_of_a_paper_is_the_paper(county: County) -> None:
    """Whatever is added behind its end, even a signature: which of the two is shown is the reader's program's choice."""
    raw = county.disclosure()
    first = papers.written(papers.carrying(raw))
    assert is_sound(v.check_bytes(first, TRUST))
    prev = papers.start_of(first)
    signed = papers.written({7: b"<< /Type /Sig >>"}, before=first, prev=prev)
    assert v.check_bytes(signed, TRUST).verdict == "failed"
    for objects in (
        {5: papers.stream(b"{}")}, {4: papers.carrying(raw, b"(other.json)")[4]},
        {8: papers.stream(b"{}"), 4: papers.carrying(raw)[4].replace(b"5 0 R", b"8 0 R")},
        {3: b"<< /Names [(a) 4 0 R (b) 9 0 R] >>", 8: papers.stream(b"{}"), 9: papers.carrying(raw)[4].replace(b"5 0 R", b"8 0 R")},
        {1: b"<< /Type /Catalog >>"},
    ):  # fmt: skip
        assert v.check_bytes(papers.written(objects, before=first, prev=prev), TRUST).verdict == "failed"
    assert v.check_bytes(papers.written({}, before=first, prev=len(first) - 1), TRUST).verdict == "unreadable"
    assert v.check_bytes(papers.written({}, before=first, prev=len(first) + 0), TRUST).verdict == "unreadable"  # itself


def test_a_hostile_paper_is_unreadable_and_never_a_traceback(county: County) -> None:
    """Circles, depth, wrong lengths, unknown filters, cut anywhere, any byte changed."""
    raw = county.disclosure()
    good = papers.carrying(raw)
    bad: list[dict[int, bytes]] = [
        {**good, 2: b"<< /Kids [2 0 R] >>"}, {**good, 4: b"4 0 R"}, {**good, 2: b"[" * 9000}, {**good, 3: b"<< /Names [(x)] >>"},
        {**good, 5: good[5].replace(b"/Length ", b"/Length 9")}, {**good, 5: good[5].replace(b"Flate", b"LZW")}, {**good, 2: b"<< /A 1 /A 2 >>"},
        {**good, 5: good[5].replace(b"/Length", b"/DecodeParms << /Predictor 2 /Columns 1 >> /Length")}, {**good, 3: b"<< /Names 7 >>"},
        {**good, 4: b"<< /UF (disclosure.json) /EF << /F 3 0 R >> >>"}, {**good, 3: b"<< /Names [(disclosure.json) << /EF 9 >>] >>"},
    ]  # fmt: skip
    for objects in bad:
        assert v.check_bytes(papers.written(objects), TRUST).verdict in ("unreadable", "failed"), objects
    pdf = papers.written(good)
    for place in range(0, len(pdf), 23):
        for altered in (pdf[:place], pdf[:place] + bytes([pdf[place] ^ 4]) + pdf[place + 1 :]):
            found = v.check_bytes(altered, TRUST)
            assert not is_sound(found) or v.attached(altered).encode() == raw


@modest(150)
@given(st.binary(max_size=120), st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04", b"SQLite format 3\0", b"{", b"c2sp.org/tlog-proof@v1\n", b""]))
def test_no_bytes_raise_or_pass(data: bytes, start: bytes) -> None:
    """Any bytes behind any beginning."""
    assert v.check_bytes(start + data, trust(KEY)).verdict in ("unreadable", "failed")
    assert v.check_bytes(start + data + b"\nstartxref\n9\n%%EOF\n", TRUST).verdict in ("unreadable", "failed")


# --- two heads -------------------------------------------------------------------------------------------------------


def relation(one: v.Result, other: v.Result, brought: v.Trust) -> str:
    """Their relation, the same both ways."""
    found = {v.compare(a, b, brought).facts["relation"] for a, b in ((one, other), (other, one))}
    assert len(found) == 1
    return str(found.pop())


def test_any_two_files_of_one_history_are_same_or_extend() -> None:
    """Bundle, checkpoint, proof; by the key brought, or by the one that a whole history names itself."""
    forge = control()
    bundle, size = v.check_bundle(forge.bundle(), TRUST), len(forge.rows)
    for brought in (TRUST, trust(KEY)):
        assert relation(bundle, bundle, brought) == "same"
        assert relation(bundle, v.check_note(head(forge, size), brought), brought) == "same"
        assert relation(bundle, v.check_note(head(forge, size - 4), brought), brought) == "extends"
        assert relation(bundle, v.check_proof(proof_of(forge, 5), brought), brought) == "same"
    longer = forge.copy()
    longer.add(LI, "household.enroll", "h8", household="H-8", place="999901")
    assert relation(bundle, v.check_bundle(longer.bundle(), TRUST), TRUST) == "extends"
    notes = [v.check_note(head(forge, n), trust(KEY)) for n in (size, size - 4)]
    assert relation(*notes, trust(KEY)) == "undecided"  # nothing leads from one to the other
    assert relation(bundle, v.check_note(head(forge, size - 4, private(50)), TRUST), TRUST) == "undecided"


def forked() -> tuple[Forge, Forge]:
    """Two histories that one key signed."""
    one, other = control().copy(), control().copy()
    one.add(LI, "household.enroll", "h8", household="H-8", place="999901")
    other.add(LI, "household.enroll", "h8", household="H-8", place="999901001")
    other.add(LI, "household.enroll", "h9", household="H-9", place="999901001")
    return one, other


def test_two_histories_by_one_key_are_a_fork() -> None:
    """Whole against whole, checkpoint, or proof; exit 10."""
    one, other = forked()
    a, b = (v.check_bundle(forge.bundle(), TRUST) for forge in (one, other))
    assert relation(a, b, TRUST) == "fork"
    assert v.compare(a, b, TRUST).exit_code == 10
    assert relation(a, v.check_note(head(other, len(other.rows)), trust(KEY)), trust(KEY)) == "undecided"  # it may go on from here
    assert relation(b, v.check_note(head(one, len(one.rows)), trust(KEY)), trust(KEY)) == "fork"
    assert relation(a, v.check_proof(proof_of(other, len(one.rows) - 1), trust(KEY)), trust(KEY)) == "fork"
    strange = v.check_bundle(observe().bundle(), TRUST)
    assert relation(a, strange, TRUST) == "fork"  # two ledgers of one name, both signed by one key
    assert relation(v.check_note(head(one, 5, private(50)), TRUST), a, TRUST) == "undecided"


def test_json_that_would_fill_the_memory_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another beginning than a disclosure's, more than 64 MiB, millions of empty values: 3, by itself and in a paper."""
    parsed: list[str] = []
    whole = v.parse
    monkeypatch.setattr(v, "parse", lambda text: parsed.append(text) or whole(text))
    wide = v.MAX_DISCLOSURE - 100
    for start, end in (('{"a":["', '"]}'), ('{"format":"x","a":["', '"]}'), ('{"book":["' + "x" * wide, "x" * 200 + '"]}')):
        assert v.check_bytes(f"{start}{end}".encode(), TRUST).exit_code == 3
    assert parsed == []
    many = '{"book":[' + "[]," * v.MAX_VALUES + "[]]}"
    monkeypatch.setattr(v.json, "loads", lambda *_, **__: pytest.fail("it was read"))
    for data, words in ((many, "more values than this verifier reads"), (papers.written(papers.carrying(many.encode())), "it holds more bytes unpacked")):
        found = v.check_bytes(data.encode() if isinstance(data, str) else data, TRUST)
        assert (found.exit_code, found.problems[0].words[: len(words)]) == (3, words)


def test_damaged_files_have_no_relation() -> None:
    """A fork is no excuse, and no accusation, for broken evidence."""
    forge = control()
    good, bad = v.check_bundle(forge.bundle(), TRUST), v.check_bundle(forge.bundle()[:-9], TRUST)
    found = v.compare(good, bad, TRUST)
    assert (found.verdict, found.facts["relation"]) == ("unreadable", "undecided")


def evidence(one: Forge, other: Forge, seqs: tuple[int, int] | None = None, **changes: Any) -> bytes:
    """An evidence file of two histories."""
    sides = []
    for n, forge in enumerate((one, other)):
        side: dict[str, Any] = {"checkpoint": head(forge, len(forge.rows))}
        if seqs:
            tree = Tree([row[3] for row in forge.rows])
            path = [b64(part) for part in tree.inclusion(seqs[n])]
            side["entry"] = {"seq": seqs[n], "header": forge.rows[seqs[n]][1].decode(), "proof": path}
        sides.append(side)
    value = {"format": "sunledger.evidence/1", "relation": "fork", "origin": ORIGIN, "ledger_id": one.rows[0][3].hex(),
             "a": sides[0], "b": sides[1]}  # fmt: skip
    return json.dumps({**value, **changes}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def test_evidence_of_a_fork_is_accepted_by_a_trusted_key_alone() -> None:
    """§13: two leaves of one entry, or two roots of one size; signed twice by the key the reader brings."""
    one, other = forked()
    last = len(one.rows) - 1
    good = evidence(one, other, (last, last))
    assert v.check_bytes(good, trust(KEY)).verdict == "ok"
    assert v.check_bytes(good, TRUST).verdict == "undecided"
    strange = v.check_bytes(good, trust(OLD_KEY))
    assert (strange.verdict, strange.facts) == ("failed", {})
    assert v.check_bytes(evidence(one, one, (last, last)), trust(KEY)).verdict == "failed"
    assert v.check_bytes(evidence(one, other), trust(KEY)).verdict == "failed"
    assert v.check_bytes(evidence(one, other, (last, last), ledger_id="0" * 64), trust(KEY, ledger_id="1" * 64)).verdict == "failed"
    same_size = forked()[0].rewritten(last, lambda item: setattr(item, "salt", "cd" * 16))
    assert v.check_bytes(evidence(one, same_size), trust(KEY)).verdict == "ok"
    for place in range(0, len(good), 7):
        altered = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
        assert v.check_bytes(altered, trust(KEY)).verdict != "ok" or b"ledger_id" in good[place - 80 : place]


def test_evidence_a_proof_and_a_note_have_one_spelling() -> None:
    """Blank lines, white space, another order of keys, escapes, control characters: as the product has it, 3 or 10."""
    one, other = forked()
    last = len(one.rows) - 1
    good = evidence(one, other, (last, last))
    value = json.loads(good)
    turned = {**value, "a": dict(reversed(value["a"].items()))}
    for bad in (good + b"\n", good[:-1], b" " + good, json.dumps(value, ensure_ascii=False).encode() + b"\n", evidence(one, other, (last, last), more=1),
                json.dumps(turned, ensure_ascii=False, separators=(",", ":")).encode() + b"\n", good.replace("—".encode(), b"\\u2014")):  # fmt: skip
        assert v.check_bytes(bad, trust(KEY)).verdict in ("unreadable", "failed"), bad[:80]
        with pytest.raises(LedgerError):
            parse_evidence(bad, "e")
    note = one.note()
    for strange in ("ann\x01", "a\ufffd", "a\x7f"):
        bad_note, ok = f"{note}— {strange} {b64(bytes(12))}\n", strange == "a\x7f"
        assert (v.check_bytes(bad_note.encode(), trust(KEY)).verdict == "ok") == ok
    proof, tree = proof_of(one, 5), Tree([row[3] for row in one.rows])
    extra = json.loads(parse_tlog_proof(proof).extra or b"")
    for how, code in (({"separators": (",", ":"), "ensure_ascii": False}, 0), ({"ensure_ascii": False}, 3), ({"separators": (",", ":")}, 3)):
        for pairs in (extra, dict(reversed(extra.items()))):
            raw = json.dumps(pairs, **how).encode()  # type: ignore[arg-type]
            text = TlogProof(5, tree.inclusion(5), note, raw).to_text()
            assert v.check_bytes(text.encode(), trust(KEY)).exit_code == code, how
            if code == 0:
                assert of_tlog_proof(text, "p").head.size == len(one.rows)
                continue
            with pytest.raises(InputRejected):
                of_tlog_proof(text, "p")


def test_a_void_entry_at_anothers_position_convicts_nobody() -> None:
    """One history, two entries that claim one book position: the second is void, and there is no fork."""
    forge = control().copy()
    place = next(row[0] for row in forge.rows if b"999901/money=5\n" in row[1])
    data = {"legs": legs(Q1=1), "payee": "x", "payment": "bad", "project": "P1"}
    void = forge.bad(LI, "payment.request", "bad", data, books="999901/money=5")
    found = v.check_bytes(evidence(forge, forge, (place, void)), trust(KEY))
    assert (found.verdict, [p.code for p in found.problems], found.facts) == ("failed", ["EVIDENCE"], {})
    assert "fork" not in "\n".join(v.told(found, "x"))
    proofs = [v.check_proof(proof_of(forge, seq), trust(KEY)) for seq in (place, void)]
    assert relation(*proofs, trust(KEY)) == "same"


# --- ledger files and the command --------------------------------------------------------------------------------------


def test_a_ledger_file_is_read_and_not_touched(county: County, tmp_path: Path) -> None:
    """No -wal, no -shm, no change of a byte; what stands in a -wal beside is asked for."""
    county.world.ledger.close()
    target = tmp_path / "ledger ?#%.db"
    target.write_bytes(Path(county.world.target).read_bytes())
    before = target.read_bytes()
    found = v.check_file(target, v.Trust(ledger_id=county.ledger_id, now=NOW))
    assert found.verdict in ("ok", "undecided"), found.problems
    assert (target.read_bytes(), sorted(tmp_path.iterdir())) == (before, [target])
    Path(f"{target}-wal").write_bytes(b"x")
    assert v.check_file(target, TRUST).verdict == "unreadable"


def test_a_database_that_is_no_ledger_is_unreadable(tmp_path: Path) -> None:
    """No tables, views in their place, other columns, a file that only begins like one."""
    for n, script in enumerate(("", "CREATE TABLE entries (seq); CREATE TABLE seals (first);", "CREATE VIEW entries AS SELECT 1; CREATE VIEW seals AS SELECT 1;")):
        path = tmp_path / f"{n}.db"
        with sqlite3.connect(path) as raw:
            raw.executescript(f"CREATE TABLE other (x); {script}")
        raw.close()
        assert v.check_file(path, TRUST).verdict == "unreadable"
    (tmp_path / "cut.db").write_bytes(b"SQLite format 3\0" + bytes(50))
    assert v.check_file(tmp_path / "cut.db", TRUST).verdict == "unreadable"
    assert v.check_file(tmp_path / "none.db", TRUST).verdict == "unreadable"
    assert v.check_file(tmp_path, TRUST).verdict == "unreadable"


def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pipe, a device without end, a folder: 3, in words, as FILE and as a checkpoint brought."""
    import os

    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "n.note").write_text(control().note(), "utf-8")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        assert v.main([str(path)]) == 3
        assert "not a regular file" in capsys.readouterr().out
        with pytest.raises(SystemExit, match="3"):
            v.main([str(tmp_path / "n.note"), "--checkpoint", str(path)])
        assert "not a regular file" in capsys.readouterr().err


def test_the_command_answers_with_its_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0, 10, 11, 2, 3; in words and in JSON."""
    forge = control()
    one, other = forked()
    files = {"a.zip": one.bundle(), "b.zip": other.bundle(), "n.note": forge.note().encode(), "kept.note": head(forge, 5, LEDGER_KEY).encode(),
             "text": b"hello"}  # fmt: skip
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)

    def run(*words: str) -> int:
        return v.main([str(tmp_path / word) if word in files else word for word in words])

    for words, code in (
        (("n.note", "--key", vkey(KEY)), 0), (("n.note",), 11), (("n.note", "--key", vkey(OLD_KEY)), 10), (("text",), 10),
        (("a.zip", "n.note", "--checkpoint", "kept.note", "--key", vkey(KEY), "--key", vkey(OLD_KEY), "--now", NOW), 11),
        (("a.zip", "b.zip"), 10), (("a.zip", "--now", "tomorrow"), 2), (("none",), 3), (("a.zip", "text"), 10),
    ):  # fmt: skip
        assert run(*words) == code, words
        assert capsys.readouterr().out or code == 2
    for bad, code in ((("a.zip", "--key", "x"), 2), (("a.zip", "--ledger-id", "ABC"), 2), (("a.zip", "--checkpoint", "text"), 3), ((), 2)):
        with pytest.raises(SystemExit) as caught:
            run(*bad)
        assert caught.value.code == code
    capsys.readouterr()
    run("a.zip", "b.zip", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["relation"], answer["verdict"], answer["files"][0]["sort"]) == ("fork", "failed", "bundle")


def test_nothing_brought_leaves_every_file_but_a_ledger_undecided(county: County, paper: bytes, tmp_path: Path) -> None:
    """No file is its own judge: 11, whatever it says of itself; two files that are compared are judged by each other."""
    one, other = forked()
    last, raw = len(one.rows) - 1, county.disclosure()
    names = ("bundle", "note", "proof", "json", "pdf", "fork")
    files = (observe().bundle(), one.note().encode(), proof_of(one, 5).encode(), raw, paper, evidence(one, other, (last, last)))
    for name, data in zip(names, files, strict=True):
        (tmp_path / name).write_bytes(data)
        found = v.check_file(tmp_path / name, TRUST)
        assert (found.exit_code, found.doubts[0].code) == (11, "NO_TRUST"), name
        assert "undecided NO_TRUST: consistency only: nothing was brought" in "\n".join(v.told(found, name))
    assert v.check_bytes(raw, v.Trust(ledger_id=county.ledger_id)).exit_code == 0
    assert v.main([str(tmp_path / "json"), str(tmp_path / "pdf")]) == 0


def test_without_anything_brought_it_says_what_it_cannot_exclude() -> None:
    """A bundle is not its own judge (§1); a missing tail is excluded by an outside head alone."""
    words = "\n".join(v.told(v.check_bundle(control().bundle(), TRUST), "x"))
    assert "consistency only" in words
    assert "a missing tail" in words
    tied = "\n".join(v.told(v.check_bundle(control().bundle(), trust(ledger_id=control().rows[0][3].hex())), "x"))
    assert "consistency only" not in tied
    assert "a missing tail" in tied
