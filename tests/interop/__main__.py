"""The interchange with Go's notes and trees, both ways: `python -m tests.interop`.

What is made here is verified there and the other way, byte for byte where both make the same thing. The other side is
golang.org/x/mod/sumdb (note, tlog), which the public checksums of Go modules stand on; cosignatures go through its notes
with a signer written in Go from the standard. Needs Go and that library, on Debian `golang-go` and
`golang-golang-x-mod-dev`; elsewhere GOPATH says where its source lies.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.cosignature import cosign, cosigned_at, witness_key
from ledger.chain.keys import public_bytes
from ledger.chain.note import (
    Checkpoint,
    add_signatures,
    checkpoint_text,
    is_signed_by_key,
    parse_note,
    parse_verifier_key,
    sign_note,
    verifier_key,
)
from ledger.chain.proofs import Tree, verify_consistency, verify_inclusion
from tests.chain.test_merkle import LEAVES
from tests.chain.test_note import (
    C2SP_KEY,
    C2SP_NOTE,
    ENOCH,
    GO_NOTE,
    GROWING,
    GROWING_KEY,
    PETER,
    SUMDB_KEY,
    SUMDB_NOTE,
)
from tests.chain.test_proofs import altered

HERE = Path(__file__).parent
ORIGIN, NAME = "demo.example/county", "witness.example/w1"
SEEDS = {ORIGIN: b"\x04" * 32, NAME: b"\x08" * 32}
LOG, WITNESS = (Ed25519PrivateKey.from_private_bytes(seed) for seed in SEEDS.values())
LOG_KEY, WITNESS_KEY = verifier_key(ORIGIN, public_bytes(LOG)), witness_key(NAME, public_bytes(WITNESS))
SECONDS = 1_795_500_000
SIZE = 40
TEXT = checkpoint_text(Checkpoint(ORIGIN, SIZE, Tree(LEAVES[:SIZE]).root()))
Ask = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def b64(raw: bytes) -> str:
    """Base64 as JSON of the other side has it."""
    return b64encode(raw).decode()


def build(folder: str) -> str:
    """The other side, built; the words that end the run where it cannot be."""
    go = shutil.which("go")
    if not go:
        sys.exit("interop: Go is not installed. On Debian: apt-get install golang-go golang-golang-x-mod-dev")
    path = os.environ.get("GOPATH", "/usr/share/gocode")
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": path, "GOCACHE": f"{folder}/cache", "GOFLAGS": ""}
    binary = f"{folder}/interop"
    done = subprocess.run([go, "build", "-o", binary, "main.go"], cwd=HERE, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"interop: the Go side does not build; is golang-golang-x-mod-dev installed?\n{done.stderr}")
    return binary


def proofs_agree(ask: Ask) -> int:
    """Every root, audit path and consistency proof to 40 leaves is the same, and verifies here."""
    (made,) = ask([{"op": "prove", "leaves": [b64(leaf) for leaf in LEAVES[:SIZE]]}])
    tree, count = Tree(LEAVES[:SIZE]), 0
    for size in range(1, SIZE + 1):
        root = tree.root(size)
        assert made["roots"][size - 1] == b64(root)
        for place in range(size):
            inclusion, consistency = tree.inclusion(place, size), tree.consistency(place + 1, size)
            assert (made["inclusion"][size - 1][place] or []) == [b64(part) for part in inclusion]
            assert (made["consistency"][size - 1][place] or []) == [b64(part) for part in consistency]
            assert verify_inclusion(LEAVES[place], place, size, inclusion, root)
            assert verify_consistency(place + 1, tree.root(place + 1), size, root, consistency)
            count += 2
    return count


def verdicts_agree(ask: Ask) -> int:
    """Our proofs, and each altered, moved or resized: the other side's answer is ours."""
    tree, jobs, ours = Tree(LEAVES[:SIZE]), [], []
    for size in (1, 2, 3, 7, 8, 13, 32, SIZE):
        root = tree.root(size)
        for place in range(size):
            path = tree.inclusion(place, size)
            tries = [(place, size, other) for other in (path, *altered(path)) if all(len(part) == 32 for part in other)]
            tries += [(other, size, path) for other in range(SIZE)] + [(place, other, path) for other in range(1, SIZE)]
            for seq, total, other in tries:
                job = {"op": "record", "seq": seq, "size": total, "root": b64(root), "leaf": b64(LEAVES[place])}
                jobs.append({**job, "path": [b64(part) for part in other]})
                ours.append(verify_inclusion(LEAVES[place], seq, total, other, root))
            old = place + 1
            between = tree.consistency(old, size)
            tries = [(old, size, other) for other in (between, *altered(between)) if all(len(p) == 32 for p in other)]
            tries += [(other, size, between) for other in range(1, SIZE)]
            for before, total, other in tries:
                job = {"op": "tree", "old": before, "oldRoot": b64(tree.root(before)), "size": total, "root": b64(root)}
                jobs.append({**job, "path": [b64(part) for part in other]})
                ours.append(verify_consistency(before, tree.root(before), total, root, other))
    theirs = [not answer["error"] for answer in ask(jobs)]
    differing = [(job, mine, other) for job, mine, other in zip(jobs, ours, theirs, strict=True) if mine is not other]
    assert not differing, differing[:3]
    assert {True, False} <= set(ours)
    return len(jobs)


def opens(ask: Ask, note: str, *keys: str) -> list[str] | None:
    """The names that the other side finds to have signed, in order; None where it refuses."""
    (answer,) = ask([{"op": "open", "note": note, "keys": keys}])
    return None if answer["error"] else answer["names"]


def our_notes_open_there(ask: Ask) -> int:
    """Signed and cosigned here, opened there; altered, refused there as here."""
    head = sign_note(TEXT, ORIGIN, LOG)
    line = cosign(TEXT, NAME, WITNESS, SECONDS)
    both = add_signatures(head, line)
    assert opens(ask, head, LOG_KEY) == [ORIGIN]
    assert opens(ask, both, LOG_KEY) == [ORIGIN]
    assert opens(ask, both, WITNESS_KEY) == [NAME]
    assert opens(ask, both, LOG_KEY, WITNESS_KEY) == [ORIGIN, NAME]
    assert opens(ask, head, WITNESS_KEY) is None
    altered_notes = [both.replace(f"\n{SIZE}\n", "\n41\n"), f"{TEXT}\n{line}".replace("cosign", ""), both[:-1]]
    altered_notes += [both.replace("— ", "- "), both.replace("\n\n", "\n"), both + "words\n", "\x01" + both]
    for note in altered_notes:
        theirs = opens(ask, note, LOG_KEY, WITNESS_KEY)
        assert (theirs or []) == signers(note), note
    return 5 + len(altered_notes)


def signers(note: str) -> list[str]:
    """The names found here, in the same order."""
    try:
        parsed = parse_note(note)
    except ValueError:
        return []
    keys = [parse_verifier_key(key) for key in (LOG_KEY, WITNESS_KEY)]
    return [key.name for key in keys if is_signed_by_key(parsed, key)]


def their_notes_open_here(ask: Ask) -> int:
    """Signed and cosigned there: the same bytes as here, the same keys, and verified here."""
    signed, stamped = ask(
        [
            {"op": "sign", "text": TEXT, "name": ORIGIN, "seed": b64(SEEDS[ORIGIN])},
            {"op": "cosign", "text": TEXT, "name": NAME, "seed": b64(SEEDS[NAME]), "seconds": SECONDS},
        ]
    )
    assert (signed["note"], signed["key"]) == (sign_note(TEXT, ORIGIN, LOG), LOG_KEY)
    assert (stamped["note"], stamped["key"]) == (f"{TEXT}\n{cosign(TEXT, NAME, WITNESS, SECONDS)}", WITNESS_KEY)
    assert is_signed_by_key(parse_note(signed["note"]), parse_verifier_key(signed["key"]))
    assert cosigned_at(parse_note(stamped["note"]), NAME, public_bytes(WITNESS)) == SECONDS
    return 4


def known_notes_open_in_both(ask: Ask) -> int:
    """The facts typed into the tests are facts there too."""
    known = [(C2SP_NOTE, C2SP_KEY), (GO_NOTE, PETER), (GO_NOTE, ENOCH), (SUMDB_NOTE, SUMDB_KEY)]
    known += [(note, GROWING_KEY) for note in GROWING.values()]
    for note, key in known:
        assert opens(ask, note, key) == [parse_verifier_key(key).name]
        assert is_signed_by_key(parse_note(note), parse_verifier_key(key))
    return len(known)


def main() -> None:
    """Build the other side, hold each part against it, and say how many comparisons there were."""
    with tempfile.TemporaryDirectory() as folder:
        binary = build(folder)

        def ask(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
            done = subprocess.run([binary], input=json.dumps(jobs), capture_output=True, text=True, check=True)
            answers: list[dict[str, Any]] = json.loads(done.stdout)
            return answers

        total = 0
        for part in (proofs_agree, verdicts_agree, our_notes_open_there, their_notes_open_here, known_notes_open_in_both):
            count = part(ask)
            total += count
            print(f"{part.__name__.replace('_', ' ')}: {count}")
    print(f"{total} passed, 0 failed")


if __name__ == "__main__":
    main()
