"""Independent implementations as oracles, both ways: a verifier of public logs' heads, and another RFC 6962 tree.

`sigstore` verifies signed notes, heads and audit paths for the public software log; `tamperlog` makes and verifies both
kinds of proof. Neither shares code with this project. The interchange with Go is in tests/interop.
"""

from base64 import b64encode
from hashlib import sha256
from types import SimpleNamespace

import pytest
import tamperlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore._internal.trust import Keyring
from sigstore.errors import VerificationError
from sigstore_models.common.v1 import PublicKey, PublicKeyDetails

from ledger.chain.cosignature import cosign
from ledger.chain.keys import public_bytes
from ledger.chain.merkle import leaf_hash
from ledger.chain.note import (
    Checkpoint,
    add_signatures,
    checkpoint_text,
    is_signed_by,
    parse_checkpoint,
    parse_note,
    sign_note,
)
from ledger.chain.proofs import Tree, verify_consistency, verify_inclusion
from tests.chain.test_merkle import LEAVES
from tests.chain.test_note import GROWING, REKOR_NOTE, REKOR_ORIGIN, REKOR_PUBLIC
from tests.properties.strategies import modest

ORIGIN = "demo.example/county"
LOG = Ed25519PrivateKey.from_private_bytes(b"\x04" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
SIZES = 33


def oracle_accepts(note: str, name: str, public: bytes) -> bool:
    """Whether the other implementation takes the note as signed by this key."""
    key = Ed25519PublicKey.from_public_bytes(public)
    der = b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    keyring = Keyring([PublicKey(raw_bytes=der, key_details=PublicKeyDetails.PKIX_ED25519)])
    key_hash = sha256(name.encode() + b"\n\x01" + public).digest()
    try:
        SignedCheckpoint.from_text(note).signed_note.verify(keyring, key_hash)  # type: ignore[arg-type]
    except VerificationError:
        return False
    return True


def oracle_includes(entry: bytes, seq: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether the other implementation takes an entry as included."""
    proof = SimpleNamespace(log_index=seq, tree_size=size, hashes=path, root_hash=root)
    try:
        verify_merkle_inclusion(SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=entry)))  # type: ignore[arg-type]
    except VerificationError:
        return False
    return True


@modest(40)
@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32), st.integers(0, 2**40))
def test_oracle_verifies_our_heads(size: int, root: bytes, seconds: int) -> None:
    """Signed, with a cosignature beside; read as the same origin, size and root; and under another key by neither."""
    head = sign_note(checkpoint_text(Checkpoint(ORIGIN, size, root)), ORIGIN, LOG)
    for note in (head, add_signatures(head, cosign(parse_note(head).text, "w.example", WITNESS, seconds))):
        assert oracle_accepts(note, ORIGIN, public_bytes(LOG))
        assert not oracle_accepts(note, ORIGIN, public_bytes(WITNESS))
        read = SignedCheckpoint.from_text(note).checkpoint
        assert (read.origin, read.log_size, bytes.fromhex(read.log_hash), read.other_content) == (ORIGIN, size, root, [])
        assert parse_checkpoint(parse_note(note).text) == (ORIGIN, size, root)


@modest(150)
@given(st.data())
def test_what_we_accept_the_oracle_accepts(data: st.DataObject) -> None:
    """One character of a head altered: nothing passes here that does not pass there as well."""
    head = sign_note(checkpoint_text(Checkpoint(ORIGIN, 11, bytes(range(32)))), ORIGIN, LOG)
    place = data.draw(st.integers(0, len(head) - 1))
    other = head[:place] + data.draw(st.sampled_from(["", "\n", "A", "=", "+", " ", "—", "0"])) + head[place + 1 :]
    try:
        ours = is_signed_by(parse_note(other), ORIGIN, public_bytes(LOG))
    except ValueError:
        return
    assert not ours or (oracle_accepts(other, ORIGIN, public_bytes(LOG)) and other == head)


def test_head_of_a_public_log_verifies_in_both() -> None:
    """A fact of the oracle's own log."""
    assert oracle_accepts(REKOR_NOTE, REKOR_ORIGIN, REKOR_PUBLIC)
    assert is_signed_by(parse_note(REKOR_NOTE), REKOR_ORIGIN, REKOR_PUBLIC)
    for note in (REKOR_NOTE.replace("\n736\n", "\n737\n"), GROWING[8]):
        assert not oracle_accepts(note, REKOR_ORIGIN, REKOR_PUBLIC)
        assert not is_signed_by(parse_note(note), REKOR_ORIGIN, REKOR_PUBLIC)


def test_k21_inclusion_proofs_are_the_oracles_and_verify_in_each() -> None:
    """Every leaf of every tree to 33: two other makers, and each of the three verifiers at every place."""
    entries = [bytes([n]) * n for n in range(SIZES)]
    leaves = [leaf_hash(entry) for entry in entries]
    tree = Tree(leaves)
    for size in range(1, SIZES):
        root = tamperlog.merkle_root(leaves[:size])
        assert root == tree.root(size)
        for seq in range(size):
            path = tamperlog.inclusion_proof(seq, leaves[:size])
            assert path == tree.inclusion(seq, size)
            for place in range(size):
                ours = verify_inclusion(leaves[seq], place, size, path, root)
                assert ours is oracle_includes(entries[seq], place, size, path, root)
                assert ours is holds(tamperlog.verify_inclusion, place, size, leaves[seq], path, root)


def test_k21_consistency_proofs_are_the_oracles_and_verify_in_each() -> None:
    """Every pair of sizes to 33, and each pair's proof for every other earlier size."""
    tree = Tree(LEAVES[:SIZES])
    roots = [tree.root(size) for size in range(SIZES)]
    for size in range(1, SIZES):
        for old in range(1, size + 1):
            path = tamperlog.consistency_proof(old, LEAVES[:size])
            assert path == tree.consistency(old, size)
            for other in range(1, SIZES):
                ours = verify_consistency(other, roots[other], size, roots[size], path)
                theirs = holds(tamperlog.verify_consistency, other, roots[other], size, roots[size], path)
                assert ours is theirs is (other == old)


@modest(100)
@given(st.integers(2, 200), st.data())
def test_k21_altered_proofs_are_refused_in_each(size: int, data: st.DataObject) -> None:
    """One hash altered, dropped or repeated: the oracle's answer is ours, for both kinds."""
    tree, root = Tree(LEAVES[:size]), Tree(LEAVES[:size]).root()
    seq, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    for path in (tree.inclusion(seq), tree.consistency(old)):
        place = data.draw(st.integers(0, len(path) - 1))
        middle = data.draw(st.sampled_from([[], [path[place]] * 2, [LEAVES[299]], [path[place]]]))
        other = [*path[:place], *middle, *path[place + 1 :]]
        assert verify_inclusion(LEAVES[seq], seq, size, other, root) is holds(
            tamperlog.verify_inclusion, seq, size, LEAVES[seq], other, root
        )
        assert verify_consistency(old, tree.root(old), size, root, other) is holds(
            tamperlog.verify_consistency, old, tree.root(old), size, root, other
        )


def holds(verify, *arguments: object) -> bool:  # type: ignore[no-untyped-def]
    """Whether a verifier that raises does not."""
    try:
        verify(*arguments)
    except tamperlog.ProofError:
        return False
    return True


def test_oracle_is_less_strict_than_we_are() -> None:
    """Where the two part it is we who refuse: a loose line, and a signature that is false beside one that is true."""
    head = sign_note(checkpoint_text(Checkpoint(ORIGIN, 11, bytes(32))), ORIGIN, LOG)
    assert oracle_accepts(head + "a loose line\n", ORIGIN, public_bytes(LOG))
    with pytest.raises(ValueError, match="malformed"):
        parse_note(head + "a loose line\n")
