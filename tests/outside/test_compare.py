"""`compare`: same, extends, fork with evidence, or undecided (A-09); two papers of a forked copy convict it offline."""

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.keys import public_bytes
from ledger.chain.note import verifier_key
from ledger.disclosure.shape import read
from ledger.errors import InputRejected
from ledger.outside.compare import compare
from ledger.outside.evidence import parse_evidence, statements
from ledger.outside.heads import Source, of_bundle, of_checkpoint, of_disclosure, of_tlog_proof
from tests.outside.office import PAPER, PAY, STATE, Office
from verifier import verify

MORE = "--as li project propose --project {id} --county 999901 --name 名 --yes --id {id}"
ALL_SORTS = "checkpoint -o {name}.note\nexport bundle -o {name}.zip\nprove 9 10 -o {name}.json\nprove 10 -o {name}.proof"


def evidence_holds(office: Office, name: str, key: str) -> None:
    """The evidence is judged offline by the ledger's key alone; by another it is not."""
    nobody = "--ledger nothing.db --keys nothing"
    found = office.json(f"check {name} {nobody} --trust {key}")
    assert found["verdict"].startswith("fork proved: two ")
    office.refused(f"check {name} {nobody}", 11, "without --trust a check is of consistency only")
    other = verifier_key("demo.example/county", public_bytes(Ed25519PrivateKey.generate()))
    office.refused(f"check {name} {nobody} --trust {other}", 10, "no key you trust signed both")


def test_a09_a_fork_of_one_backup_is_named_by_every_pair_of_sources(office: Office, fork: Callable[[Office], Office]) -> None:
    """Checkpoint, proof, disclosure, bundle, database on either side: relation fork, and evidence where both are signed."""
    other, key = fork(office), office.key
    for place in (office, other):
        place.all(ALL_SORTS.format(name="new"))
    sorts = ["note", "zip", "json", "proof", "db"]
    for one, two in itertools.product(sorts, sorts):
        a = office.target if one == "db" else f"new.{one}"
        b = other.target if two == "db" else str(other.path(f"new.{two}"))
        found = office.json(f"compare {a} {b}", 10)
        assert found["relation"] == "fork", (one, two)
        if "note" in (one, two):  # a checkpoint knows no entries
            assert found["size"] == 11
        else:
            assert found["seq"] == 10
            assert [entry["id"] for entry in found["entries"]] == ["PAID-here", "PAID-there"]
        assert (found["evidence"] is None) == (two == "db"), (one, two)  # of the copy no signed checkpoint is at hand
        if found["evidence"]:
            evidence_holds(office, found["evidence"], key)


def test_a09_two_checkpoints_of_one_size_are_evidence(office: Office, fork: Callable[[Office], Office]) -> None:
    """With -o where it was said, without it beside, under a name of its bytes; said again, the same file."""
    other = fork(office)
    office.all("checkpoint -o a.note")
    other.all("checkpoint -o b.note")
    b = other.path("b.note")
    done = office.run(f"compare a.note {b}")
    assert done.code == 10
    (saved,) = office.folder.glob("fork-*.json")
    assert saved.name in done.out
    assert office.json(f"compare a.note {b}", 10)["evidence"] == saved.name
    assert office.json(f"compare a.note {b} -o named.json", 10)["evidence"] == "named.json"
    assert office.path("named.json").read_bytes() == saved.read_bytes()
    office.refused(f"compare a.note {b} -o keys/x.json", 6, "lies in the key store")
    if office.cluster is None:
        office.refused(f"compare a.note {b} -o ledger.db", 6, "is the ledger itself")


def test_two_papers_of_a_forked_copy_convict_it_offline(office: Office, fork: Callable[[Office], Office]) -> None:
    """Of one size or of two, without ledger and keys: the entry both show is another."""
    other, key = fork(office), office.key
    other.all(MORE.format(id="P7"))
    for place, name in ((office, "a.pdf"), (other, "b.pdf")):
        place.all(f"{STATE}\n{PAPER.format(file=name)}")
    found = office.json(f"compare a.pdf {other.path('b.pdf')} --ledger nothing.db --keys nothing", 10)
    assert (found["relation"], found["seq"], found["a"]["size"], found["b"]["size"]) == ("fork", 10, 14, 15)
    evidence_holds(office, found["evidence"], key)
    office.all(f"{MORE.format(id='P8')}\n{STATE}\n{PAPER.format(file='c.pdf')}")
    assert office.json("compare a.pdf c.pdf")["relation"] == "extends"  # by the older head that the later paper bears
    assert office.json("compare a.pdf a.pdf")["relation"] == "same"


def test_relations_of_one_history(office: Office) -> None:
    """Same and extends leave with 0, undecided with 11 until somebody who knows more is asked."""
    office.all("checkpoint -o old.note\nexport bundle -o old.zip")
    office.all(PAY.format(id="PAID") + "\n" + ALL_SORTS.format(name="new") + "\nprove --consistency old.note -o grown.json")
    for a, b in (("old.note", "new.zip"), ("new.zip", "old.note"), ("old.zip", "new.note"), ("old.zip", office.target), ("old.note", "grown.json"),
                 ("old.note", office.target)):  # fmt: skip
        found = office.json(f"compare {a} {b}", 11 if (a, b) == ("old.zip", "new.note") else 0)
        assert found["relation"] == ("undecided" if (a, b) == ("old.zip", "new.note") else "extends"), (a, b)
        assert found["evidence"] is None
    for a, b in (("new.note", "new.zip"), ("new.proof", "new.json"), ("new.zip", office.target), ("old.note", "old.zip")):
        assert office.json(f"compare {a} {b}")["relation"] == "same"
    office.refused("compare old.note new.note", 11, "nothing in them leads from one head to the other")
    for third in ("new.zip", office.target):
        assert office.json(f"compare old.note new.note --with {third}")["relation"] == "extends"
    assert "new.note (11) extends old.note (10)" in office.run("compare old.note new.note --with new.zip").out
    assert "延续" in office.run("compare old.note new.zip --lang zh").out


def test_a_third_source_convicts_the_one_that_is_not_of_its_history(office: Office, fork: Callable[[Office], Office]) -> None:
    """Two heads alone do not tell; the ledger tells which of them is not its own."""
    office.all("checkpoint -o old.note")
    other = fork(office)
    office.all(MORE.format(id="P7"))
    other.all("checkpoint -o b.note")
    b = other.path("b.note")
    office.refused(f"compare old.note {b}", 11, "nothing in them")
    found = office.json(f"compare old.note {b} --with {office.target}", 10)
    assert (found["relation"], found["size"], found["a"]["where"]) == ("fork", 11, str(b)[-59:] if len(str(b)) < 60 else "…" + str(b)[-59:])


def test_compare_refuses_what_is_no_history(sqlite_office: Office) -> None:
    """Unreadable 3, not there 5, evidence of a fork is no source, another origin 10."""
    office = sqlite_office
    office.all("checkpoint -o a.note\n--ledger second.db --keys second init --origin other.example/x --yes")
    office.all("--ledger second.db --keys second checkpoint -o b.note")
    office.refused("compare a.note b.note", 10, "b.note is of another ledger, other.example/x")
    office.refused("compare a.note nothing", 5, "does not exist")
    office.path("junk").write_text("junk\n")
    office.refused("compare a.note junk", 3, "junk is not a checkpoint")
    office.path("junk").write_text('{"format":"sunledger.evidence/1"}')
    office.refused("compare a.note junk", 3, "is an evidence file")
    office.path("empty.db").write_bytes(b"SQLite format 3\0")
    assert office.run("compare a.note empty.db").code in (13, 14)
    office.refused("compare a.note ledger.db --with junk", 3, "is an evidence file")
    office.all("checkpoint -o a2.note")
    text = office.path("a.note").read_text("utf-8")
    office.path("false.note").write_text(text.replace("\n10\n", "\n9\n"), "utf-8")
    office.refused("compare false.note ledger.db", 10, "is not signed by the key of this ledger")


# --- the logic alone


def source_of(office: Office, name: str) -> Source:
    """A file of the office as a source."""
    raw = office.path(name).read_bytes()
    match name.rpartition(".")[2]:
        case "note":
            return of_checkpoint(raw.decode(), name)
        case "zip":
            return of_bundle(raw, name)
        case "proof":
            return of_tlog_proof(raw.decode(), name)
    return of_disclosure(read(raw), name)


def test_the_ledger_id_of_evidence_is_64_hex_or_empty(sqlite_office: Office, fork: Callable[[Office], Office]) -> None:
    """One spelling: no blank, no upper case, no other length; the stand-alone verifier says the same."""
    office, other = sqlite_office, fork(sqlite_office)
    for place in (office, other):
        place.all("checkpoint -o f.note")
    office.json(f"compare f.note {other.path('f.note')} -o fork.json", 10)
    text, key = office.path("fork.json").read_text("utf-8"), verify.read_vkey(office.key)
    id = json.loads(text)["ledger_id"]
    for said, good in ((office.ledger_id, True), ("", True), ("DE AD", False), ("dead", False), ("AB" * 32, False), ("ab " * 32, False), ("ab" * 32 + "\\n", False)):
        raw = text.replace(f'"ledger_id":"{id}"', f'"ledger_id":"{said}"').encode()
        assert verify.check_bytes(raw, verify.Trust(keys=[key])).exit_code == (0 if good else 3), said
        if good:
            assert parse_evidence(raw, "e")
            continue
        with pytest.raises(InputRejected):
            parse_evidence(raw, "e")


def test_evidence_of_every_pair_holds_and_names_one_statement(sqlite_office: Office, fork: Callable[[Office], Office]) -> None:
    """Both sides' proofs lead to their checkpoints; bytes are the one spelling; sides swap."""
    other = fork(sqlite_office)
    sqlite_office.all(MORE.format(id="P7"))
    for place in (sqlite_office, other):
        place.all(ALL_SORTS.format(name="new"))
    for one, two in itertools.product(("zip", "json", "proof"), ("zip", "json", "proof")):
        a, b = source_of(sqlite_office, f"new.{one}"), source_of(other, f"new.{two}")
        for found in (compare(a, b), compare(b, a)):
            assert (found.relation, found.seq) == ("fork", 10)
            assert found.evidence is not None
            again = parse_evidence(found.evidence.to_bytes(), "e")
            assert again == found.evidence
            assert statements(again.a, "e").leaves[10] != statements(again.b, "e").leaves[10]


def test_book_positions_alone_convict_nobody(sqlite_office: Office, fork: Callable[[Office], Office]) -> None:
    """Another body's entry came between: the same position of a book stands at two places."""
    other = fork(sqlite_office)
    a = of_disclosure(read(_disclosed(sqlite_office, "a.json")), "a.json")
    other.all(MORE.format(id="P7"))
    b = of_disclosure(read(_disclosed(other, "b.json")), "b.json")
    assert compare(a, b).seq == 10
    for source in (a, b):
        source.headers = {10 if source is a else 11: source.headers[10]}  # as if the other had come one later
    found = compare(a, b)
    assert (found.relation, found.book, found.evidence) == ("undecided", ("999901/money", 3), None)
    assert "unless one of them is void" in str(found.detail)
    sqlite_office.all(f"{MORE.format(id='P8')}\n{MORE.format(id='P9')}\nexport bundle -o whole.zip")
    assert compare(a, b, source_of(sqlite_office, "whole.zip")).book is None  # what the whole history says goes before


def _disclosed(office: Office, name: str) -> bytes:
    office.all(f"prove 9 10 -o {name}")
    return office.path(name).read_bytes()


def test_whole_histories_are_compared_leaf_by_leaf(sqlite_office: Office, tmp_path: Path) -> None:
    """The first differing entry of two bundles is exact, wherever it lies."""
    office, copies = sqlite_office, []
    for k in range(7, 10):
        copy = office.copy(tmp_path / f"copy{k}")
        copy.cut(k)
        shutil.rmtree(copy.path("keys/heads"))
        copy.all(f"--as wang quota receive --first-time --quota Z{k} --holder 999901 --amount 5 --year 2025 --source-level city --yes")
        copies.append((k, copy))
    for k, copy in copies:
        copy.all("export bundle -o b.zip")
        office.all("export bundle -o b.zip")
        assert office.json(f"compare b.zip {copy.path('b.zip')}", 10)["seq"] == k
    assert msgspec.json.decode(next(office.folder.glob("fork-*.json")).read_bytes())["relation"] == "fork"
