"""The commands of proof as scripts call them: JSON keys, usage, where files go (B-40)."""

import os
from pathlib import Path

import pytest

from tests.commands.shell import MONEY, OFFICERS, Shell

KEYS = {
    "checkpoint": "size root note signers file key",
    "checkpoint -o a.note": "size root note",
    "--keys w1 officer new-key w1": "name",
    "--keys w1 witness a.note --first-time -o seen.note": "size root note witness key ledger_id checked",
    "checkpoint add-signature a.note seen.note -o all.note": "size root note signers",
    "verify --against all.note --policy policy": "ok verdict size root origin checks problems entries_per_s heads policy",
    "prove 9 -o one.proof": "file size root entries verified",
    "prove 9 8 -o many.json": "file size root entries verified",
    "prove --consistency a.note -o grown.json": "file size root from verified",
    "export bundle -o b.zip": "file rows",
    "check a.note one.proof many.json b.zip --trust {key}": "ok verdict lines problems trusted",
    "compare a.note b.zip": "relation evidence detail a b",
}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger of ten entries, and a policy of one witness."""
    shell = Shell(tmp_path_factory.mktemp("proofs"), SUNLEDGER_LANG="en")
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    return shell


def test_every_command_of_proof_answers_with_its_keys(shell: Shell) -> None:
    """One document, named after the command; stderr is silent."""
    key = shell.line("--json checkpoint").json["key"]
    for line, keys in KEYS.items():
        done = shell.line("--json " + line.format(key=key))
        assert (done.code, done.err) == (0, ""), (line, done)
        words = [word for word in line.split() if not word.startswith("-") and word not in ("w1",)]
        name = {"checkpoint add-signature": "checkpoint.add-signature", "officer new-key": "officer.new-key"}.get(" ".join(words[:2]), words[0])
        assert done.json["format"] == f"sunledger.{name}/1", line
        assert set(keys.split()) <= set(done.json), line
        if "witness" in line:
            (shell.folder / "policy").write_text(f"witness w1 {done.json['key']}\nquorum w1\n")
    assert shell.line(f"--json check a.note --trust {key}").json["lines"][0]["verdict"] == "signed"


def test_checkpoint_is_a_command_and_a_group(shell: Shell) -> None:
    """Bare it signs; its verb puts copies together; what is neither is a usage error."""
    assert shell.line("checkpoint").out.startswith("demo.example/county\n10\n")
    assert "add-signature" in shell.line("checkpoint --help").out
    assert shell.line("checkpoint nonsense").code == 2
    assert shell.line("checkpoint add-signature").code == 2
    assert shell.line("checkpoint add-signature a.note").code == 2
    assert shell.line("--json checkpoint").json["note"].startswith("demo.example/county\n10\n")


def test_usage_of_the_commands_of_proof(shell: Shell) -> None:
    """Missing arguments, unknown options, a trust that is none: 2."""
    for line in ("check", "compare a.note", "witness", "prove", "prove 9", "check a.note --trust x+y"):
        done = shell.line(line)
        assert (done.code, done.out) == (2, ""), (line, done)


@pytest.mark.parametrize("line", ["checkpoint", "prove 9", "checkpoint add-signature a.note a.note", "compare a.note a.note", "--keys w2 witness a.note --first-time"])
def test_b40_answers_never_go_over_the_ledger_or_into_the_keys(shell: Shell, line: str) -> None:
    """A folder, a pipe, nothing, NUL, the ledger, the key store."""
    shell.all("checkpoint -o a.note")
    shell.line("--keys w2 officer new-key w2")
    before = shell.head()
    keys = "w2" if "w2" in line else "keys"
    if not (shell.folder / "fifo").exists():
        os.mkfifo(shell.folder / "fifo")
    for path, code in (("county.db", 6), (f"{keys}/x", 6), (keys, 3), ("fifo", 3), ("", 3), ("no/such/x", 13)):
        done = shell.line(f"{line} -o '{path}'")
        assert done.code == code or (line.startswith("compare") and path == "no/such/x"), (path, done)
    assert shell.head() == before
    assert shell.line("verify").code == 0


def test_files_of_every_odd_sort_are_refused_at_once(shell: Shell) -> None:
    """B-10: nothing hangs, nothing is read to the end."""
    folder: Path = shell.folder
    if not (folder / "pipe").exists():
        os.mkfifo(folder / "pipe")
    (folder / "dangling").symlink_to("nowhere")
    (folder / "nil").write_bytes(b"")
    with (folder / "huge").open("wb") as file:
        file.write(b"x" * 100)
        file.truncate(10_000_000_000)
    with (folder / "huge.zip").open("wb") as file:
        file.write(b"PK")
        file.truncate(10_000_000_000)
    for name, codes in (("pipe", {3}), ("dangling", {5}), ("nil", {3}), ("huge", {3}), ("huge.zip", {3}), ("/dev/zero", {3}), ("/etc/passwd", {3}), ("keys", {3})):
        for line in (f"check {name}", f"compare {name} {name}", f"verify --against {name}", f"witness {name} --as wang", f"check a.note --trust {name}",
                     f"checkpoint add-signature {name} {name} -o x", f"prove --consistency {name} -o x", f"witness a.note --as wang --from {name}"):  # fmt: skip
            done = shell.line(line)
            assert done.code in codes, (line, done)
            assert "Traceback" not in done.err
