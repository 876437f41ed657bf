"""`prove` and `check`: the reader brings the trust; every byte of a proof counts (B-32, B-33)."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.header import Header, build_header, content_digest, genesis_prev
from ledger.chain.merkle import leaf_hash
from ledger.chain.note import (
    Checkpoint,
    checkpoint_text,
    parse_checkpoint,
    parse_note,
    parse_verifier_key,
    sign_note,
)
from ledger.chain.tlog_proof import TlogProof, parse_tlog_proof
from ledger.commands.check import check_file
from ledger.commands.sources import File, sort_of
from ledger.disclosure.trust import Trust
from ledger.errors import IntegrityFailed, LedgerError
from tests.outside.office import PAPER, PAY, STATE, WITNESS, Office
from tests.outside.test_compare import ALL_SORTS, MORE

ORIGIN = "demo.example/county"
VERIFIER = Path(__file__).parents[2] / "verifier" / "verify.py"

OFFLINE = "--ledger nothing.db --keys nothing"
FILES = ("f.note", "f.zip", "f.json", "f.proof", "f.pdf")


def proofs(office: Office) -> str:
    """One file of every sort, at the same head; returns their names."""
    office.all(f"{PAY.format(id='PAID')}\n{STATE}\n{PAPER.format(file='f.pdf')}\n{ALL_SORTS.format(name='f')}")
    return " ".join(FILES)


def test_without_trust_a_check_is_of_consistency_only(office: Office) -> None:
    """Exit 11, in words, for each sort and for all at once; never ok, whatever the file says of itself."""
    names = proofs(office)
    for name in (*FILES, names):
        found = office.json(f"check {name} {OFFLINE}", 11)
        assert (found["ok"], found["verdict"]) == (False, "consistency only")
        assert all(line["verdict"] == "consistency only" for line in found["lines"])
    office.refused(f"check {names} {OFFLINE}", 11, "without --trust a check is of consistency only")
    assert "仅自洽" in office.run(f"check {names} {OFFLINE} --lang zh").out


def test_no_file_vouches_for_itself(office: Office) -> None:
    """Under its own name or another; beside it a key, an id or a head still vouches."""
    names = proofs(office).split()
    for name in names:
        office.path(f"copy-{name}").write_bytes(office.path(name).read_bytes())
        for brought in (name, f"copy-{name}"):
            found = office.json(f"check {name} {OFFLINE} --trust {brought}", 11)
            assert (found["ok"], found["problems"][0]["code"]) == (False, "CHECK.NOT_VOUCHED"), found
        if name != "f.note":
            office.refused(f"check {name} {OFFLINE} --trust {name}", 11, "does not vouch for itself")
            assert office.json(f"check {name} {OFFLINE} --trust {name} --trust {office.key}")["ok"]
            assert office.json(f"check {name} {OFFLINE} --trust {name} --trust f.note")["ok"]


def test_a_key_an_id_or_a_head_from_elsewhere_vouches(office: Office, fork: Callable[[Office], Office]) -> None:
    """The ledger's key for all; its id where entry 0 is shown; an equal or older head where it can be compared."""
    office.all("checkpoint -o old.note")
    other = office.copy(office.folder.parent / "elsewhere")
    names, key = proofs(office), office.key
    found = office.json(f"check {names} {OFFLINE} --trust {key}")
    assert found["ok"]
    verdicts = [line["verdict"] for line in found["lines"] if "sort" in line]
    assert verdicts[:4] == ["signed", "verified", "proved", "proved"]
    assert verdicts[4].startswith("complete as stated by ")
    assert {"file", "seq", "verdict"} <= set(next(line for line in found["lines"] if "seq" in line))
    assert office.json(f"check f.zip f.json f.pdf {OFFLINE} --trust {office.ledger_id}")["ok"]
    office.refused(f"check f.note {OFFLINE} --trust {office.ledger_id}", 11, "nobody you trust vouches for it")
    assert office.json(f"check {names.replace('f.note ', '')} {OFFLINE} --trust f.note")["ok"]
    office.refused(f"check f.note {OFFLINE} --trust f.note", 11, "no key is known that could check the signature of f.note")
    assert office.json(f"check f.zip {OFFLINE} --trust old.note")["ok"]
    office.refused(f"check f.note {OFFLINE} --trust old.note", 11, "nothing leads from old.note (10) to f.note (14)")
    other.all(f"{MORE.format(id='P7')}\ncheckpoint -o false.note")
    for trust, words in (
        ("0" * 64, "not"), (str(other.path("false.note")), "histor"),
        ("demo.example/county+4f3c76a4+AdajRbxD7J+sP4RjUVvwsjKl+oQyYlWfDxI7qRkNwmNf", "not a verifier key"),
    ):  # fmt: skip
        done = office.run(f"check f.zip f.json f.pdf {OFFLINE} --trust {trust}") if "+" not in trust else None
        assert done is None or (done.code, words in done.err) == (10, True), done
    assert office.shell.line("check f.zip --trust nonsense+x").code == 2


def test_a_newer_file_vouches_for_an_older_one(office: Office) -> None:
    """A villager who trusts today's paper checks last year's; what no head leads to stays undecided, another history fails."""
    office.all("checkpoint -o first.note")
    fork = office.copy(office.folder.parent / "elsewhere")
    names = proofs(office)
    later = "later.pdf later.zip later.note"
    for place in (office, fork):
        place.all(f"{MORE.format(id='P8')}\n{STATE}\n{PAPER.format(file='later.pdf')}\nexport bundle -o later.zip\ncheckpoint -o later.note")
    for trust in ("later.pdf", "later.zip", office.target):
        assert office.json(f"check {names} --trust {trust}")["ok"], trust
    for name in names.split():
        assert office.run(f"check {name} {OFFLINE} --trust later.note").code == 11
        for trust in later.split()[:2]:
            assert office.run(f"check {name} {OFFLINE} --trust {fork.path(trust)}").code == 10, (name, trust)


def test_a_witness_vouches_and_makes_a_paper_complete(office: Office) -> None:
    """A head that a trusted witness cosigned; by another witness it is not."""
    names = proofs(office)
    office.all(WITNESS.format(name="w1"))
    key = office.json("witness f.note --keys w1 --first-time -o seen.note")["key"]
    assert office.json(f"check seen.note {OFFLINE} --trust {key}")["lines"][0]["vouched_by"] == [f"witness {key}"]
    office.refused(f"check f.note {OFFLINE} --trust {key}", 11, "no witness you trust cosigned f.note")
    assert office.json(f"check {names} {OFFLINE} --trust seen.note --trust {key}")["ok"]


def test_prove_one_is_a_tlog_proof_and_many_a_disclosure(office: Office) -> None:
    """By seq or entry id; the same entry once; the whole ledger is verified before, and that is said."""
    office.all(PAY.format(id="PAID"))
    told = office.json("prove 9 -o one.proof")
    assert (told["entries"], told["size"], told["verified"]) == ([9], 11, True)
    proof = parse_tlog_proof(office.path("one.proof").read_text("utf-8"))
    assert set(json.loads(proof.extra or b"")) == {"header", "content"}
    assert parse_checkpoint(parse_note(proof.checkpoint).text).size == 11
    assert office.json("prove PAID PAY-1 9 Q1 -o many.json")["entries"] == [5, 9, 10]
    assert [entry["seq"] for entry in json.loads(office.path("many.json").read_bytes())["entries"]] == [0, 5, 9, 10]
    assert "the whole ledger verified" in office.run("prove 9 -o one.proof").out
    office.refused("prove 99 -o x", 5, "error[NOT_FOUND.ENTRY]")
    assert office.shell.line("prove -o x").code == 2
    assert not office.path("x").exists()


def test_a_payments_id_proves_its_request_and_what_became_of_it(office: Office) -> None:
    """One file of many entries, and it says of which; together with that the history grew since an older head."""
    office.all("checkpoint -o old.note")
    told = office.json("prove PAY-1 -o asked.json")
    assert (told["entries"], told["chains"]) == ([9], {"PAY-1": [9]})
    office.all(PAY.format(id="PAID"))
    said = office.run("prove PAY-1 -o paid.json --consistency old.note").out
    assert "2 of 11 entries, grown from 10" in said
    assert "all that was recorded of PAY-1: #9 payment.request, #10 payment.approve" in said
    assert "PAY-1 的全部登记：#9 用款申请（payment.request）、#10 批准支付（payment.approve）" in office.run("--lang zh prove PAY-1 -o again.json").out
    shown = office.json(f"check paid.json --trust old.note --trust {office.key}")
    assert (shown["ok"], [line["seq"] for line in shown["lines"] if "seq" in line]) == (True, [0, 9, 10])
    assert office.json("compare old.note paid.json")["relation"] == "extends"
    assert office.json("prove PAID -o one.proof")["chains"] == {}


def test_a_sealed_value_is_opened_for_whom_it_concerns(office: Office) -> None:
    """With the vault alone, in words that say it is private; check and the stand-alone verifier say what it is."""
    pay = "--as li payment request --project P1 --amount 1 --payee 某公司 --yes"
    (office.folder / "account").write_text("6200-0001")
    office.all(f"--vault vault {pay} --payment PAY-S --account @account\n{pay} --payment PAY-T")
    told = office.run("--vault vault prove PAY-S -o open.json --open")
    assert "holds 1 personal values in clear: for whom it concerns, not to be published" in told.out
    (line,) = [line for line in office.json(f"check open.json --trust {office.key}")["lines"] if line.get("seq") == 10]
    assert (line["verdict"], line["opened"]) == ("proved", {"account": "6200-0001"})
    assert "account  6200-0001  (opens its commitment)" in office.run(f"check open.json --trust {office.key}").out
    alone = subprocess.run([sys.executable, VERIFIER, office.path("open.json")], capture_output=True, text=True, check=False)
    assert "account is 6200-0001" in alone.stdout
    assert "as commitments" not in alone.stdout
    assert "6200-0001" not in office.run("--vault vault prove PAY-S -o closed.json").out + office.path("closed.json").read_text("utf-8")
    office.refused("prove PAY-S -o x --open", 6, "error[REFUSED.VAULT]: account of entry 10 cannot be opened: not opened")
    assert office.json("--vault vault prove PAY-T -o x --open", 5)["code"] == "NOT_FOUND.SEALED"
    assert office.shell.line("prove --consistency open.json -o x --open").code == 2
    assert not office.path("x").exists()


def test_prove_refuses_a_ledger_that_does_not_verify(office: Office) -> None:
    """10, unless it is asked for in so many words; then with a banner."""
    with office.edited() as edit:
        (content,) = edit("SELECT content FROM entries WHERE seq = 2")[0]
        edit("UPDATE entries SET content = ? WHERE seq = 2", content.replace("示例县".encode(), "示范县".encode()))
    office.refused("prove 9 -o p", 10, "content of entry 2 is not what its header binds")
    assert not office.path("p").exists()
    done = office.run("prove 9 -o p --even-if-unverified")
    assert (done.code, "does not verify; do not rely on this proof" in done.out) == (0, True)
    assert office.json("prove 9 -o p --even-if-unverified")["verified"] is False


def test_prove_consistency_leads_from_an_older_head(office: Office, fork: Callable[[Office], Office]) -> None:
    """From a checkpoint, proof, paper or bundle; of the same head an empty one; of another history or ledger 10."""
    office.all("checkpoint -o old.note\nexport bundle -o old.zip")
    other = fork(office)
    office.all("checkpoint -o new.note")
    for old in ("old.note", "old.zip"):
        assert office.json(f"prove --consistency {old} -o grown.json")["from"] == 10
        assert office.json(f"compare {old} grown.json")["relation"] == "extends"
    office.all("prove --consistency new.note -o same.json")
    assert json.loads(office.path("same.json").read_bytes())["heads"] == []
    other.all(f"{MORE.format(id='P7')}\ncheckpoint -o longer.note\nprove --consistency {office.path('old.note')} -o fine.json")
    office.refused(f"prove --consistency {other.path('longer.note')} -o x", 5, "the ledger has 11 entries, the checkpoint 12")
    other.refused(f"prove --consistency {office.path('new.note')} -o x", 10, "does not extend the checkpoint of 11 entries")
    office.all("--ledger second.db --keys second init --origin other.example/x --yes\n--ledger second.db --keys second checkpoint -o second.note")
    office.refused("prove --consistency second.note -o x", 10, "is of another ledger")


def test_check_tells_the_exit_code_of_the_worst(sqlite_office: Office) -> None:
    """Unreadable 3, not there 5, failing 10 before all; each file has its line."""
    office = sqlite_office
    proofs(office)
    key = office.key
    office.path("junk").write_text("junk\n")
    office.path("false.note").write_text(office.path("f.note").read_text("utf-8").replace("\n14\n", "\n13\n"), "utf-8")
    found = office.json(f"check f.note junk {OFFLINE} --trust {key}", 3)
    assert [line["verdict"] for line in found["lines"]] == ["signed", "unreadable"]
    office.refused(f"check nothing {OFFLINE} --trust {key}", 5, "does not exist")
    found = office.json(f"check junk false.note f.note {OFFLINE} --trust {key}", 10)
    assert [line["verdict"] for line in found["lines"]] == ["unreadable", "failed", "signed"]
    office.all("--ledger second.db --keys second init --origin other.example/x --yes\n--ledger second.db --keys second checkpoint -o second.note")
    office.refused(f"check second.note {OFFLINE} --trust {key}", 10, "is of other.example/x; all that you brought is of demo.example/county")
    assert office.json(f"check f.note false.note {OFFLINE}", 11)["verdict"] == "consistency only"
    office.refused("check ledger.db", 3, "is a ledger")
    office.refused("check keys", 3, "not a regular file")
    for name in ("/dev/zero", "/dev/null"):
        assert office.run(f"check {name}").code == 3


def proof_of_content(raw: bytes) -> bytes:
    """A proof of entry 0 of a ledger of one, whose content is any bytes that its header binds."""
    header = build_header(Header(0, genesis_prev(ORIGIN), "2026-11-24T02:00:00Z", "-", content_digest(raw)))
    private = Ed25519PrivateKey.from_private_bytes(bytes([4]) * 32)
    note = sign_note(checkpoint_text(Checkpoint(ORIGIN, 1, leaf_hash(header))), ORIGIN, private)
    return TlogProof(0, [], note, msgspec.json.encode({"content": raw.decode(), "header": header.decode()})).to_text().encode()


def test_the_content_of_a_proof_is_canonical_and_has_nine_keys() -> None:
    """docs/format.md §2: what its header binds and the page does not allow is broken evidence, though it stands in the tree."""
    sound = {"author": "0" * 64, "data": {}, "id": "X", "kind": "x.y", "moves": [], "occurred_on": "2026-11-24", "origin": ORIGIN, "salt": "0" * 32, "v": 1}

    def spelled(value: dict[str, object]) -> bytes:
        return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()

    assert code_of(proof_of_content(spelled(sound)), Trust()) == 11
    for bad in (b" " + spelled(sound), spelled({**sound, "salary": 1}), spelled({**sound, "data": {"n": 1.5}}), spelled({**sound, "v": 2}),
                spelled({key: sound[key] for key in sound if key != "moves"}), spelled({**sound, "origin": "other.example/x"}), b"[]", b"x"):  # fmt: skip
        assert code_of(proof_of_content(bad), Trust()) == 10, bad


# --- B-32, B-33: every byte


def mutants(raw: bytes) -> Iterator[bytes]:
    """The file cut at every byte, and each byte changed in two ways."""
    for place in range(len(raw)):
        yield raw[:place]
        for change in (1, 0x20):
            yield raw[:place] + bytes([raw[place] ^ change]) + raw[place + 1 :]
    yield raw + b"\n"
    yield raw + raw
    yield b"\xef\xbb\xbf" + raw


def code_of(raw: bytes, trust: Trust) -> int:
    """The exit code that a check leaves with, by the same functions; anything but an operating error is a bug."""
    try:
        file = File(raw, sort_of(raw[:64]), "mutant")
        report = check_file(file, trust)
    except LedgerError as error:
        return error.exit_code
    return 0 if report.ok else IntegrityFailed.exit_code if report.verdict == "failed" else 11


@pytest.mark.parametrize("name", ["f.note", "f.proof", "fork.json"])
def test_b32_b33_no_byte_of_a_proof_may_change(sqlite_office: Office, fork: Callable[[Office], Office], name: str) -> None:
    """A checkpoint, the proof of an entry, the evidence of a fork: whatever is cut or changed, 3 or 10, never 0, 1 or 11."""
    office, other = sqlite_office, fork(sqlite_office)
    for place in (office, other):
        place.all("checkpoint -o f.note\nprove 10 -o f.proof")
    office.json(f"compare f.proof {other.path('f.proof')} -o fork.json", 10)
    trust = Trust((office.ledger_id,), (parse_verifier_key(office.key),))
    raw = office.path(name).read_bytes()
    assert code_of(raw, trust) == 0
    codes = [(code_of(mutant, trust), mutant) for mutant in mutants(raw)]
    assert {code for code, _ in codes} <= {3, 10}, [pair for pair in codes if pair[0] not in (3, 10)][:3]
    for _, mutant in codes[:: len(codes) // 12]:  # by the command line too
        office.path("mutant").write_bytes(mutant)
        assert office.run(f"check mutant {OFFLINE} --trust {office.key} --trust {office.ledger_id}").code in (3, 10)


def test_b33_no_byte_of_a_checkpoint_passes_verify_or_a_witness(sqlite_office: Office) -> None:
    """Through the commands: 3 or 10, and the witness remembers nothing."""
    office = sqlite_office
    office.all(f"checkpoint -o f.note\n{WITNESS.format(name='w1')}")
    raw = office.path("f.note").read_bytes()
    every = list(mutants(raw))
    for mutant in every[:: len(every) // 25]:
        office.path("mutant").write_bytes(mutant)
        for line in ("verify --against mutant", "witness mutant --keys w1 --first-time", "prove --consistency mutant -o x"):
            if line.startswith("prove") and mutant.partition(b"\n\n")[0] == raw.partition(b"\n\n")[0]:
                continue  # whoever asks for a proof says of what; a signature adds nothing to that
            assert office.run(line).code in (3, 5, 10), (line, mutant)
    assert not list(office.path("w1").glob("witnessed/*.json"))


def test_b32_a_proof_of_a_million_hashes_is_refused_at_once(sqlite_office: Office, tmp_path: Path) -> None:
    """Sizes are looked at before anything is computed."""
    office = sqlite_office
    office.all("prove 9 -o f.proof")
    text = office.path("f.proof").read_text("utf-8")
    line = text.splitlines()[3]
    office.path("long.proof").write_text(text.replace(line, "\n".join([line] * 1_000_000)), "utf-8")
    office.refused("check long.proof", 3, "the proof is too long")
    office.path("deep.json").write_text('{"format":"sunledger.evidence/1","a":' + "[" * 100_000)
    office.refused("check deep.json", 3, "is not an evidence file")
    office.path("deep.json").write_text("{" + '"a":{' * 100_000)
    office.refused("check deep.json", 3, "not a disclosure")
