"""The whole sets of public vectors, where they lie beside this repository; the modules beside carry one of each family."""

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.canonical import decode, encode
from ledger.chain.cosignature import cosign, cosigned_at
from ledger.chain.keys import verify_signature
from ledger.chain.merkle import EMPTY_ROOT, leaf_hash, node_hash
from ledger.chain.note import (
    add_signatures,
    is_signed_by,
    is_signed_by_key,
    parse_checkpoint,
    parse_note,
    parse_verifier_key,
    sign_note,
    verifier_key,
)
from ledger.chain.policy import parse_policy
from ledger.chain.proofs import Tree, verify_consistency, verify_inclusion
from ledger.chain.tlog_proof import TlogProof, parse_tlog_proof

VECTORS = Path(__file__).parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="the public vectors do not lie beside this repository")


def read(name: str) -> Any:
    """One file of vectors."""
    return json.loads((VECTORS / name).read_text("utf-8"))


def lines(name: str) -> Iterator[dict[str, Any]]:
    """The vectors of a file, one a line."""
    yield from map(json.loads, (VECTORS / name).read_text("utf-8").splitlines())


def hashes(texts: list[str] | None) -> list[bytes]:
    """The hashes of a proof; none for null."""
    return [b64decode(text) for text in texts or []]


def test_k21_inclusion_proofs() -> None:
    """All cases, good and mutated."""
    cases = list(lines("merkle-rfc6962/inclusion.jsonl"))
    assert len(cases) >= 59
    for case in cases:
        leaf, root = b64decode(case["leafHash"] or ""), b64decode(case["root"] or "")
        answer = verify_inclusion(leaf, case["leafIdx"], case["treeSize"], hashes(case["proof"]), root)
        # their code takes hashes of any length; one that is none is refused here
        assert answer is (not case["wantErr"] and len(leaf) == len(root) == 32), case["_file"]


def test_k21_consistency_proofs() -> None:
    """All cases; nothing is consistent with size 0."""
    cases = list(lines("merkle-rfc6962/consistency.jsonl"))
    assert len(cases) >= 43
    for case in cases:
        old_root, root = b64decode(case["root1"] or ""), b64decode(case["root2"] or "")
        answer = verify_consistency(case["size1"], old_root, case["size2"], root, hashes(case["proof"]))
        assert answer is (not case["wantErr"] and case["size1"] > 0), case["_file"]


def test_known_hashes_and_the_reference_tree() -> None:
    """Leaf, node, nothing, and the roots of sizes 0 to 8."""
    known = read("merkle-rfc6962/known-hashes.json")
    assert EMPTY_ROOT.hex() == known["empty_root"]
    for case in known["leaf"]:
        assert leaf_hash(bytes.fromhex(case["data_hex"])).hex() == case["hash"]
    for case in known["node"]:
        assert node_hash(bytes.fromhex(case["left_hex"]), bytes.fromhex(case["right_hex"])).hex() == case["hash"]
    reference = read("merkle-rfc6962/reference-tree-8.json")
    tree = Tree([leaf_hash(bytes.fromhex(text)) for text in reference["leaf_inputs_hex"]])
    assert [tree.root(size).hex() for size in range(9)] == reference["roots_by_size_0_to_8"]


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "values"])
def test_canonical_json(name: str) -> None:
    """Each has null, a float or a key we do not take; what is left of it has their bytes."""
    with pytest.raises(ValueError, match=r"key|null|number|canonical"):
        decode((VECTORS / f"jcs-rfc8785/{name}.output.json").read_bytes().rstrip(b"\n"))
    kept = list(strings_of(read(f"jcs-rfc8785/{name}.input.json")))
    assert encode(kept) == rfc8785.dumps(kept)


def strings_of(value: Any) -> list[str]:
    """Every string inside, keys included."""
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in strings_of(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings_of(item)]
    return [value] if isinstance(value, str) else []


def test_k11_signatures() -> None:
    """All cases of the Ed25519 set."""
    wrong, count = [], 0
    for group in read("ed25519/wycheproof_ed25519_test.json")["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for test in group["tests"]:
            count += 1
            answer = verify_signature(public, bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
            if answer is not (test["result"] == "valid"):
                wrong.append(test["tcId"])
    assert (wrong, count >= 151) == ([], True)


def test_signed_notes() -> None:
    """Good ones by the keys that are known, malformed ones, and a signing key that makes the known bytes."""
    example = read("signed-note/c2sp-example.json")
    assert is_signed_by_key(parse_note(example["note"]), parse_verifier_key(example["vkey"])) is example["valid"]
    go = read("signed-note/go-note.json")
    for case in go["cases"]:
        note = parse_note(case["note"])
        keys = [name for name in case["keys"] if is_signed_by_key(note, parse_verifier_key(go["vkeys"][name]))]
        assert (keys, bool(keys)) == (case.get("verified", []), case["ok"])
    for text in go["malformed"]:
        with pytest.raises(ValueError, match=r"\w"):
            parse_note(text)
    private = Ed25519PrivateKey.from_private_bytes(b64decode(go["skey"].split("+", 4)[4])[1:])
    text = parse_note(go["cases"][0]["note"]).text
    made = sign_note(text, "PeterNeumann", private)
    assert go["cases"][0]["note"].startswith(made)


def test_checkpoints() -> None:
    """Heads of real logs, and a laxer parser's refusals."""
    for case in read("checkpoint/rekor-unmarshal-cases.json")["cases"]:
        # each has a root that is not of 32 bytes, an origin with spaces, or further lines
        with pytest.raises(ValueError, match=r"\w"):
            parse_checkpoint(case["text"])
    for item in read("checkpoint/real-checkpoints.json")["items"]:
        note = parse_note(item["note"])
        if "vkey" in item:
            answer = is_signed_by_key(note, parse_verifier_key(item["vkey"]))
        else:
            origin = parse_checkpoint(note.text).origin
            answer = is_signed_by(note, origin, b64decode(item["spki"])[-32:])
        assert answer is item["valid"]


def test_growth_of_a_log() -> None:
    """Nine signed heads: each root ours, each pair consistent by our proof, each leaf included."""
    log = read("log-growth/tessera-testlog-0-8.json")
    key, tree = parse_verifier_key(log["vkey"]), Tree([leaf_hash(text.encode()) for text in log["leaves_utf8"]])
    heads = {}
    for item in log["checkpoints"]:
        note = parse_note(item["note"])
        assert is_signed_by_key(note, key)
        head = parse_checkpoint(note.text)
        assert (head.size, head.root) == (item["size"], tree.root(item["size"]))
        heads[head.size] = head.root
    for size in range(1, 9):
        for old in range(1, size + 1):
            assert verify_consistency(old, heads[old], size, heads[size], tree.consistency(old, size))
        for seq in range(size):
            leaf = leaf_hash(log["leaves_utf8"][seq].encode())
            assert verify_inclusion(leaf, seq, size, tree.inclusion(seq, size), heads[size])
    tile = b64decode((VECTORS / "log-growth/tile_0_000.p_8.base64").read_text()) if tile_is_text() else b""
    assert not tile or tile == b"".join(leaf_hash(text.encode()) for text in log["leaves_utf8"])


def tile_is_text() -> bool:
    """Whether the tile of leaf hashes is there in base64."""
    return (VECTORS / "log-growth/tile_0_000.p_8.base64").exists()


def test_cosignatures() -> None:
    """The key of a witness, the time of a cosignature, and what is none."""
    facts = read("cosignature/timestamps-and-vkeys.json")
    key = parse_verifier_key(facts["vkey_type_0x04"])
    head = read("log-growth/tessera-testlog-0-8.json")["checkpoints"][8]["note"]
    stamped = parse_note(add_signatures(head, f"— {key.name} {facts['timestamp']['sig_base64']}\n"))
    assert int.from_bytes(stamped.signatures[-1].signature[:8], "big") == facts["timestamp"]["posix"]
    for text in facts["not_a_cosignature"]:
        try:
            note = parse_note(add_signatures(head, f"— {key.name} {text}\n"))
        except ValueError:
            continue
        assert cosigned_at(note, key.name, key.public_key) is None


def test_proof_texts() -> None:
    """Written and read."""
    for case in read("tlog-proof/format.json")["marshal"]:
        extra = b64decode(case["extra_base64"]) if case.get("extra_base64") else None
        proof = TlogProof(case["index"], hashes(case["hashes"]), case["checkpoint"], extra)
        assert proof.to_text() == case["text"]
        assert parse_tlog_proof(case["text"]) == proof


def test_policies() -> None:
    """Those accepted, those refused, and a quorum met by the key given for it."""
    cases = read("tlog-policy/cases.json")
    for case in cases["accept"]:
        parse_policy(case["policy"])
    for case in cases["refuse"]:
        with pytest.raises(ValueError, match=r"\w"):
            parse_policy(case["policy"])
    private = Ed25519PrivateKey.from_private_bytes(b64decode(cases["test_seeds"]["Wit1"].split("+", 4)[4])[1:])
    assert verifier_key("Wit1", private.public_key().public_bytes_raw()).split("+")[1] == "55ee4561"
    head = read("log-growth/tessera-testlog-0-8.json")["checkpoints"][8]["note"]
    policy = parse_policy(cases["accept"][1]["policy"])
    assert policy.missing(parse_note(head)) == ["no cosignature of witness w1"]
    line = cosign(parse_note(head).text, "Wit1", private, 5)
    assert policy.satisfied_by(parse_note(add_signatures(head, line)))
