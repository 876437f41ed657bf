"""A witness cosigns only what extends what it cosigned before, and remembers before it answers."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.bundle import zip_of
from ledger.chain.canonical import encode
from ledger.chain.cosignature import cosigned_at
from ledger.chain.keys import b64, unb64
from ledger.chain.note import parse_note, parse_verifier_key, sign_note
from ledger.commands import proof
from ledger.commands import witness as command
from ledger.outside import witness as memory
from tests.outside.office import PAY, STATE, WITNESS, Office
from tests.outside.test_compare import MORE, evidence_holds

W = "--keys w1"


def witnessed(office: Office, note: str = "head.note", more: str = "", name: str = "w1") -> str:
    """The office's head, signed and cosigned by a new witness, whose keys are in w1."""
    office.all(f"officer new-key {name} {W}\ncheckpoint -o {note}\nwitness {note} {W} --first-time -o seen-{note} {more}")
    return f"seen-{note}"


def memory_of(office: Office) -> Path:
    """The one file in which w1 remembers."""
    (path,) = office.path("w1/witnessed").glob("*.json")
    return path


def test_witness_adds_one_line_and_is_asked_again_in_vain(office: Office) -> None:
    """The note stands as it was; the cosignature is by the key it says; again gives the same head and a new time."""
    office.all(WITNESS.format(name="w1") + "\ncheckpoint -o head.note")
    told = office.json(f"witness head.note {W} --first-time")
    assert (told["size"], told["witness"], told["checked"], told["signers"]) == (10, "w1", "full verify", ["demo.example/county", "w1"])
    key = parse_verifier_key(told["key"])
    assert told["note"].startswith(office.path("head.note").read_text("utf-8"))
    first = cosigned_at(parse_note(told["note"]), "w1", key.public_key)
    again = office.json(f"witness head.note {W}")
    assert first is not None
    assert (cosigned_at(parse_note(again["note"]), "w1", key.public_key) or 0) >= first
    office.path("seen.note").write_text(told["note"], "utf-8")
    twice = office.json(f"witness seen.note {W}")  # a note that bears the own line already
    assert set(twice["signers"]) == {"demo.example/county", "w1"}
    assert office.json(f"check seen.note --trust {told['key']}")["ok"]
    assert "after a full verify" in office.run(f"witness head.note {W}").err
    assert "已完整核验" in office.run(f"witness head.note {W} --lang zh").err


@pytest.mark.parametrize("source", ["ledger", "bundle", "proof", "paper"])
def test_witness_follows_a_growing_ledger_by_every_source(office: Office, source: str) -> None:
    """The ledger, a bundle, a proof of growth, a paper whose older heads reach back; the proof is kept."""
    office.all(STATE)
    seen = witnessed(office, name="w1.growth" if source in ("proof", "paper") else "w1")
    office.all(f"{PAY.format(id='PAID')}\n{STATE}\nreport allocation --book 999901 --year 2025 -o new.pdf\ncheckpoint -o new.note\n"
               f"export bundle -o new.zip\nprove --consistency {seen} -o new.json")  # fmt: skip
    files = {"ledger": "", "bundle": "--ledger nothing.db --from new.zip", "proof": "--ledger nothing.db --from new.json",
             "paper": "--ledger nothing.db --from new.pdf"}  # fmt: skip
    told = office.json(f"witness new.note {W} {files[source]}")
    assert told["checked"] == {"ledger": "full verify", "bundle": "full replay"}.get(source, "consistency")
    kept = memory_of(office).read_text("utf-8")
    assert '"proof":["' in kept
    assert f'"before":{{"size":{13}' in kept
    said = office.run(f"witness new.note {W} {files[source]}").err
    assert ("contents were not verified" in said) == (source in ("proof", "paper"))
    office.refused(f"witness head.note {W}", 10, "a head never goes back")


@pytest.mark.parametrize("source", ["proof", "paper"])
def test_growth_alone_is_cosigned_by_a_key_of_its_own(office: Office, source: str) -> None:
    """The cosigned message does not hold the name: a key that verifies signs nothing it did not read."""
    office.all(f"{WITNESS.format(name='w1')}\n{STATE}\nreport allocation --book 999901 --year 2025 -o a.pdf\ncheckpoint -o head.note\nprove 0 1 -o a.json")
    name = {"proof": "a.json", "paper": "a.pdf"}[source]
    said = office.refused(f"witness head.note {W} --first-time --from {name}", 6, "error[REFUSED.GROWTH]")
    assert "officer new-key w1.growth" in said
    assert not list(office.path("w1/witnessed").glob("*.json"))
    office.all("officer new-key w1.growth --keys w2")
    told = office.json(f"witness head.note --keys w2 --first-time --from {name}")
    assert told["checked"] == "consistency"
    office.path("seen.note").write_text(told["note"], "utf-8")
    assert office.json(f"check seen.note --trust {told['key']}")["ok"]
    assert office.json("witness head.note --keys w2")["checked"] == "full verify"  # it may do more than its name says


def _forget_key(office: Office) -> None:
    """Make the memory one of an older release, which named no key."""
    kept = json.loads(memory_of(office).read_bytes())
    del kept["key"]
    memory_of(office).write_text(json.dumps(kept), "utf-8")


@pytest.mark.parametrize("older", [False, True])
def test_growth_is_by_the_ledger_key_that_signed_the_last_head(sqlite_office: Office, older: bool) -> None:
    """A ledger key that was replaced and stolen signs what it likes after the head; growth does not show whose it is."""
    office = sqlite_office
    old = office.signer(f"ledger.{office.ledger_id[:16]}").private
    office.all("officer new-key ledger-2\n--as root ledger rotate --public-key ledger-2 --reason 失窃 --yes")
    seen = witnessed(office, name="w1.growth")
    office.all(f"{PAY.format(id='PAID')}\ncheckpoint -o new.note\nexport bundle -o new.zip\nprove --consistency {seen} -o new.json")
    note = office.path("new.note").read_text("utf-8").partition("\n\n")[0] + "\n"
    office.path("thief.note").write_text(sign_note(note, "demo.example/county", old), "utf-8")
    grown = json.loads(office.path("new.json").read_bytes()) | {"checkpoint": office.path("thief.note").read_text("utf-8")}
    office.path("thief.json").write_bytes(encode(grown))
    if older:
        _forget_key(office)
    before = memory_of(office).read_bytes()
    said = office.refused(f"witness thief.note {W} --ledger no.db --from thief.json", 11, "error[UNDECIDED.KEY]")
    assert "Give the ledger or a bundle" in said
    assert memory_of(office).read_bytes() == before
    office.all(f"witness new.note {W} --ledger no.db --from new.zip")
    office.refused(f"witness thief.note {W} --ledger no.db --from thief.json", 11, "error[UNDECIDED.KEY]")


def test_memory_of_an_older_release_is_read_and_learns_the_key(sqlite_office: Office) -> None:
    """Without a key in it, the one that signed the last head counts, and is remembered from then on."""
    office = sqlite_office
    seen = witnessed(office, name="w1.growth")
    key = json.loads(memory_of(office).read_bytes())["key"]
    assert office.key.endswith(b64(b"\x01" + unb64(key, 32)))
    _forget_key(office)
    office.all(f"{PAY.format(id='PAID')}\ncheckpoint -o new.note\nprove --consistency {seen} -o new.json\nwitness new.note {W} --from new.json")
    assert json.loads(memory_of(office).read_bytes())["key"] == key


def test_witness_refuses_first_sight_until_it_is_said(office: Office) -> None:
    """11, naming the ledger id to compare; nothing is remembered."""
    office.all(WITNESS.format(name="w1") + "\ncheckpoint -o head.note")
    said = office.refused(f"witness head.note {W}", 11, "never seen this ledger")
    assert office.ledger_id in said
    assert not list(office.path("w1/witnessed").glob("*.json"))


def test_witness_refuses_a_fork_and_keeps_the_evidence(office: Office, fork: Callable[[Office], Office]) -> None:
    """The same size with another root; or a later head of the other history: evidence that convicts by the ledger's key."""
    witnessed(office, "ten.note")
    key, other = office.key, fork(office)
    office.all(f"checkpoint -o here.note\nwitness here.note {W}")
    other.all("checkpoint -o there.note")
    state = f"{W} --state {office.path('w1/witnessed')}"
    before = memory_of(office).read_bytes()
    for line, words in (
        (f"witness there.note {state}", "another root of 11 entries"),
        (f"checkpoint -o later.note && witness later.note {state}", "does not extend the head of 11 entries"),
    ):
        if "later" in line:
            other.all(MORE.format(id="P7") + "\ncheckpoint -o later.note")
        other.refused(line.rpartition(" && ")[2], 10, words)
        (saved,) = other.folder.glob("fork-*.json")
        assert saved.name in other.run(line.rpartition(" && ")[2]).err
        evidence_holds(other, saved.name, key)
        saved.unlink()
    other.all("export bundle -o there.zip\nprove --consistency later.note -o there.json")
    there = f"witness {other.path('later.note')} {W}"
    office.refused(f"{there} --from {other.path('there.zip')}", 10, "does not extend the head of 11 entries")
    office.refused(there, 11, "does not reach the checkpoint's 12 entries")
    office.all(f"{MORE.format(id='P8')}\nexport bundle -o here.zip")
    for saved in office.folder.glob("fork-*.json"):
        saved.unlink()
    office.refused(there, 10, "is not of the history in")
    assert not list(office.folder.glob("fork-*.json"))
    office.refused(f"{there} --from here.zip", 10, "is not of the history in")  # the bundle is signed, too: that convicts
    assert len(list(office.folder.glob("fork-*.json"))) == 1
    for saved in office.folder.glob("fork-*.json"):
        evidence_holds(office, saved.name, key)
    assert memory_of(office).read_bytes() == before


def test_witness_refuses_what_the_ledger_did_not_sign(office: Office) -> None:
    """No signature, another's, an officer's, an edited text: 10, and nothing is remembered."""
    office.all(WITNESS.format(name="w1") + "\ncheckpoint -o head.note")
    true = office.path("head.note").read_text("utf-8")
    text = true.partition("\n\n")[0] + "\n"
    for name, note in (
        ("officer", sign_note(text, "demo.example/county", office.signer("wang").private)),
        ("stranger", sign_note(text, "demo.example/county", Ed25519PrivateKey.generate())),
        ("other-name", sign_note(text, "other", office.signer("wang").private)),
        ("edited", true.replace("\n10\n", "\n9\n")),
    ):
        office.path(name).write_text(note, "utf-8")
        office.refused(f"witness {name} {W} --first-time", 10, "not signed by the key of this ledger")
    office.path("bare").write_text(text, "utf-8")
    office.refused(f"witness bare {W} --first-time", 3, "is not a checkpoint")
    assert not list(office.path("w1/witnessed").glob("*.json"))


def test_witness_refuses_another_ledger(sqlite_office: Office, tmp_path: Path) -> None:
    """Of another origin, or of the same name and another id than the one pinned."""
    office = sqlite_office
    witnessed(office)
    office.all("--ledger second.db --keys second init --origin other.example/x --yes\n--ledger second.db --keys second checkpoint -o second.note")
    office.refused(f"witness second.note {W}", 10, "is of another ledger, other.example/x")
    (tmp_path / "third").mkdir()
    third = Office.founded(tmp_path / "third", str(tmp_path / "third.db"), None)
    third.all("checkpoint -o third.note")
    third.refused(f"witness third.note --keys {office.path('w1')}", 10, "differs from the pinned one")
    third.refused(f"witness third.note --keys {office.path('w1')} --first-time", 10, "differs from the pinned one")


@pytest.mark.parametrize("name", ["wang", "root", "ledger"])
def test_witness_has_a_key_of_its_own(office: Office, name: str) -> None:
    """An officer's or the ledger's is refused, by the ledger and by a bundle; several keys are asked about."""
    office.all("checkpoint -o head.note\nexport bundle -o b.zip\nprove --consistency head.note -o g.json")
    key = f"ledger.{office.ledger_id[:16]}" if name == "ledger" else name
    office.refused(f"witness head.note --as {key} --first-time", 4, "a witness's key is its own")
    office.refused(f"witness head.note --as {key} --first-time --ledger no.db --from b.zip", 4, "a witness's key is its own")
    if name == "ledger":
        office.refused(f"witness head.note --as {key} --first-time --ledger no.db --from g.json", 4, "a witness's key is its own")
    assert office.shell.line("witness head.note --first-time").code == 2
    office.refused("witness head.note --as nobody --first-time", 5, "no key 'nobody'")


def test_witness_wants_a_proof_that_reaches(office: Office) -> None:
    """A source that ends before the head, or a proof from elsewhere than the last one: undecided, with what to ask for."""
    office.all("export bundle -o old.zip\ncheckpoint -o ten.note")
    office.all(PAY.format(id="PAID"))
    seen = witnessed(office, "eleven.note", name="w1.growth")
    office.all(f"{MORE.format(id='P7')}\ncheckpoint -o new.note\nprove --consistency ten.note -o wrong.json\nprove 3 4 -o none.json")
    office.refused(f"witness new.note {W} --ledger no.db --from old.zip", 11, "does not reach the checkpoint's 12 entries")
    for name in ("wrong.json", "none.json"):
        said = office.refused(f"witness new.note {W} --ledger no.db --from {name}", 11, "has no proof from the head of 11 entries")
        assert "prove --consistency" in said
    office.refused(f"witness new.note {W} --from {seen}", 3, "has no proof")
    office.all(f"prove --consistency {seen} -o right.json\nwitness new.note {W} --ledger no.db --from right.json")


def test_witness_cosigns_no_ledger_that_does_not_verify(office: Office) -> None:
    """It runs the full verify, of the ledger or of the bundle."""
    witnessed(office)
    office.all("export bundle -o b.zip")
    with zipfile.ZipFile(office.path("b.zip")) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    seals = members["seals.jsonl"].splitlines(True)
    seals[-1] = seals[-1].replace(json.loads(seals[-1])["signature"], json.loads(seals[0])["signature"])
    office.path("b.zip").write_bytes(zip_of(members | {"seals.jsonl": "".join(seals)}))
    office.rewrite(9, [])
    for source in ("", "--ledger no.db --from b.zip"):
        office.refused(f"witness head.note {W} {source}", 10, "the seal over entry 9 on is not signed by its author")


class Crash(BaseException):
    """The power is gone."""


def test_a_crash_between_remembering_and_answering_leaves_it_able_to_answer_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered was not given out; the same head is cosigned when asked again, another one never."""
    witnessed(office)
    office.all(PAY.format(id="PAID") + "\ncheckpoint -o new.note")

    def crash(*_: Any) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(command, "answer_note", crash)
        with pytest.raises(Crash):
            office.shell.line(f"witness new.note {W} -o out.note")
    assert not office.path("out.note").exists()
    assert "\\n11\\n" in memory_of(office).read_text("utf-8")
    assert office.json(f"witness new.note {W} -o out.note")["size"] == 11
    office.refused(f"witness head.note {W}", 10, "a head never goes back")


def test_a_crash_before_it_is_remembered_gives_nothing_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """No memory, no cosignature; a disk that is full the same, with 13."""
    witnessed(office)
    before = memory_of(office).read_bytes()
    office.all(PAY.format(id="PAID") + "\ncheckpoint -o new.note")

    def crash(*_: Any, **__: Any) -> None:
        raise Crash

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(memory, "write_whole", crash)
        with pytest.raises(Crash):
            office.shell.line(f"witness new.note {W} -o out.note")
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        office.refused(f"witness new.note {W} -o out.note", 13, "the disk is full")
    assert not office.path("out.note").exists()
    assert memory_of(office).read_bytes() == before
    assert not list(memory_of(office).parent.glob(".*"))


def test_two_processes_never_cosign_two_histories(sqlite_office: Office, fork: Callable[[Office], Office]) -> None:
    """Forked heads of one size at once, to one witness: one is cosigned, the other refused, every time."""
    witnessed(sqlite_office)
    other = fork(sqlite_office)
    for place in (sqlite_office, other):
        place.all("checkpoint -o new.note")
    line = ["witness", "new.note", "--keys", str(sqlite_office.path("w1")), "-o", "out.note"]
    root = Path(proof.__file__).parents[2]
    kept = memory_of(sqlite_office).read_bytes()
    for _ in range(3):
        memory_of(sqlite_office).write_bytes(kept)
        running = [subprocess.Popen([sys.executable, str(root / "cli.py"), *line], cwd=place.folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                    env={**os.environ, **place.shell.environment, "PYTHONPATH": str(root)}) for place in (sqlite_office, other)]  # fmt: skip
        said = [process.communicate()[1].decode() for process in running]
        assert sorted(process.returncode for process in running) == [0, 10], said
        assert sum("another root of 11 entries" in text for text in said) == 1, said


def test_a_held_folder_is_busy_in_bounded_time(sqlite_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """8, and nothing else happens."""
    import fcntl

    witnessed(sqlite_office)
    monkeypatch.setattr(memory, "WAIT_SECONDS", 0.2)
    with (sqlite_office.path("w1/witnessed/lock")).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        sqlite_office.refused(f"witness head.note {W}", 8, "another witness process holds")


def test_a21_an_edited_memory_of_a_witness_is_found(sqlite_office: Office) -> None:
    """Damaged 3; another head, another id or another's cosignature 10; never first sight again."""
    office = sqlite_office
    witnessed(office)
    office.all(f"{PAY.format(id='PAID')}\ncheckpoint -o new.note\n{WITNESS.format(name='w2')}\nwitness head.note --keys w2 --first-time")
    path = memory_of(office)
    kept = path.read_text("utf-8")
    theirs = next(office.path("w2/witnessed").glob("*.json")).read_text("utf-8")
    for text, code, words in (
        ("", 3, "is damaged"), ("{}", 3, "is damaged"), (kept[:-20], 3, "is damaged"), (kept.replace("demo.example", "other.example"), 3, "is damaged"),
        (kept.replace("\\n10\\n", "\\n1\\n"), 10, "was altered"), (theirs, 10, "was altered"),
        (kept.replace(office.ledger_id, "0" * 64), 10, "differs from the pinned one"),
    ):  # fmt: skip
        path.write_text(text, "utf-8")
        office.refused(f"witness new.note {W} --first-time", code, words)
    path.write_text(kept, "utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    office.all(f"witness new.note {W}")


def test_copies_of_one_checkpoint_are_put_together(sqlite_office: Office, fork: Callable[[Office], Office]) -> None:
    """Lines of all; the same line once; another text is refused: 3, or 10 where it is a second root of one size."""
    office = sqlite_office
    witnessed(office)
    office.all(WITNESS.format(name="w2") + "\nwitness head.note --keys w2 --first-time -o two.note")
    told = office.json("checkpoint add-signature head.note seen-head.note two.note head.note -o all.note")
    assert told["signers"] == ["demo.example/county", "w1", "w2"]
    assert told["note"] == office.path("all.note").read_text("utf-8")
    assert office.json("verify --against all.note")["ok"]
    other = fork(office)
    office.all("checkpoint -o new.note")
    other.all("checkpoint -o new.note")
    office.refused("checkpoint add-signature head.note new.note -o x.note", 3, "is another checkpoint: demo.example/county, 11 entries")
    office.refused(f"checkpoint add-signature new.note {other.path('new.note')} -o x.note", 10, "two roots of 11 entries")
    office.path("false.note").write_text(sign_note(office.path("head.note").read_text("utf-8").partition("\n\n")[0] + "\n", "demo.example/county",
                                                   Ed25519PrivateKey.generate()), "utf-8")  # fmt: skip
    told = office.json("checkpoint add-signature head.note false.note -o more.note")  # another key: a line more, which counts for nothing
    assert office.json("verify --against more.note")["ok"]
    line = office.path("head.note").read_text("utf-8")
    office.path("spoilt.note").write_text(line[:-8] + ("AAAA" if line[-8:-4] != "AAAA" else "BBBB") + line[-4:], "utf-8")
    office.refused("checkpoint add-signature head.note spoilt.note -o x.note", 10, "one of the two is false")
    assert not office.path("x.note").exists()
    assert told["size"] == 10
