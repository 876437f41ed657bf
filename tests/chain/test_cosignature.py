"""Cosignatures of witnesses: C2SP tlog-cosignature, and never to be taken for anything else."""

from base64 import b64decode, b64encode
from itertools import permutations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.cosignature import WITNESS_TYPE, cosign, cosigned_at, witness_key
from ledger.chain.keys import key_id, possession_message, public_bytes, seal_message, verify_signature
from ledger.chain.note import (
    Checkpoint,
    add_signatures,
    checkpoint_text,
    cosigned_message,
    is_signed_by,
    is_signed_by_key,
    key_hash,
    parse_note,
    parse_verifier_key,
    sign_note,
    verifier_key,
)
from tests.properties.strategies import modest

ORIGIN, NAME = "demo.example/county", "witness.example/w1"
LOG = Ed25519PrivateKey.from_private_bytes(b"\x04" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
PUBLIC = public_bytes(WITNESS)
TEXT = checkpoint_text(Checkpoint(ORIGIN, 7, bytes(range(32))))
HEAD = sign_note(TEXT, ORIGIN, LOG)
SECONDS = 1_795_500_000


def cosigned(*lines: str) -> str:
    """The checkpoint with more signature lines."""
    return add_signatures(HEAD, *lines)


def line(raw: bytes, name: str = NAME) -> str:
    """A signature line of any bytes."""
    return f"— {name} {b64encode(raw).decode()}\n"


# transparency-dev/formats, note/note_cosigv1_test.go
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
STAMPED = "ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA=="


def test_key_of_another_makers_witness_is_read_and_spelt() -> None:
    """A fact: name, hash over the type byte 0x04, key."""
    key = parse_verifier_key(REMORA)
    assert (key.name, key.type_byte) == ("remora.n621.de", WITNESS_TYPE)
    assert witness_key(key.name, key.public_key) == REMORA == str(key)
    assert key_hash(key.name, key.public_key, WITNESS_TYPE).hex() == "da77ade7"


def test_time_of_another_makers_cosignature_stands_after_the_key_hash() -> None:
    """A fact: 4 bytes of hash, 8 bytes of seconds, 64 bytes of signature."""
    note = parse_note(cosigned(f"— remora.n621.de {STAMPED}\n"))
    raw = note.signatures[1].signature
    assert (len(raw), int.from_bytes(raw[:8], "big")) == (72, 1727964367)
    assert raw == b64decode(STAMPED)[4:]


def test_cosignature_is_what_the_page_says_byte_by_byte() -> None:
    """docs/format.md §6, written out."""
    made = cosign(TEXT, NAME, WITNESS, SECONDS)
    name, raw = made.removeprefix("— ").removesuffix("\n").split(" ")
    body = b64decode(raw)
    assert name == NAME
    from hashlib import sha256

    assert body[:4] == sha256(NAME.encode() + b"\n\x04" + PUBLIC).digest()[:4]
    assert body[4:12] == SECONDS.to_bytes(8, "big")
    message = b"cosignature/v1\ntime 1795500000\n" + TEXT.encode()
    WITNESS.public_key().verify(body[12:], message)
    assert cosigned_message(TEXT, SECONDS) == message


@modest(60)
@given(st.integers(0, 2**63 - 1))
def test_cosignature_stands_with_its_time(seconds: int) -> None:
    """Made and read back, at any second; the log's signature stands beside it."""
    note = parse_note(cosigned(cosign(TEXT, NAME, WITNESS, seconds)))
    assert cosigned_at(note, NAME, PUBLIC) == seconds
    assert is_signed_by(note, ORIGIN, public_bytes(LOG))
    assert is_signed_by_key(note, parse_verifier_key(witness_key(NAME, PUBLIC)))


def test_k24_cosigning_twice_gives_the_same_bytes() -> None:
    """Ed25519 needs no randomness: no nonce can repeat by accident."""
    assert cosign(TEXT, NAME, WITNESS, SECONDS) == cosign(TEXT, NAME, WITNESS, SECONDS)
    assert sign_note(TEXT, ORIGIN, LOG) == HEAD


def test_cosignature_is_of_this_text_name_key_and_time() -> None:
    """Another text, name, key or second: none."""
    made = cosign(TEXT, NAME, WITNESS, SECONDS)
    note = parse_note(cosigned(made))
    assert cosigned_at(note._replace(text=note.text.replace("\n7\n", "\n8\n")), NAME, PUBLIC) is None
    assert cosigned_at(note, "witness.example/w2", PUBLIC) is None
    assert cosigned_at(note, ORIGIN, PUBLIC) is None
    assert cosigned_at(note, NAME, public_bytes(LOG)) is None
    assert cosigned_at(parse_note(HEAD), NAME, PUBLIC) is None
    raw = b64decode(made.split(" ")[2])
    for other in (SECONDS + 1, SECONDS - 1, 0, 2**63 - 1, 2**64 - 1):
        moved = line(raw[:4] + other.to_bytes(8, "big") + raw[12:])
        assert cosigned_at(parse_note(cosigned(moved)), NAME, PUBLIC) is None


def test_time_beyond_the_standard_is_refused() -> None:
    """Seconds go to 2^63−1; a signature over more is none."""
    seconds = 2**63
    message = f"cosignature/v1\ntime {seconds}\n{TEXT}".encode()
    raw = key_hash(NAME, PUBLIC, WITNESS_TYPE) + seconds.to_bytes(8, "big") + WITNESS.sign(message)
    assert cosigned_at(parse_note(cosigned(line(raw))), NAME, PUBLIC) is None
    with pytest.raises(AssertionError):
        cosign(TEXT, NAME, WITNESS, seconds)
    with pytest.raises(AssertionError):
        cosign(TEXT, NAME, WITNESS, -1)


@pytest.mark.parametrize("length", [1, 8, 9, 63, 64, 71, 73, 136])
def test_k11_cosignature_of_another_length_is_refused(length: int) -> None:
    """72 bytes after the key hash, or none."""
    raw = b64decode(cosign(TEXT, NAME, WITNESS, SECONDS).split(" ")[2])
    other = parse_note(cosigned(line(raw[:4] + (raw[4:] * 2)[:length])))
    assert cosigned_at(other, NAME, PUBLIC) is None


@modest(80)
@given(st.integers(4 * 8, 76 * 8 - 1))
def test_cosignature_with_one_bit_turned_is_refused(bit: int) -> None:
    """No bit of time or signature is free."""
    raw = bytearray(b64decode(cosign(TEXT, NAME, WITNESS, SECONDS).split(" ")[2]))
    raw[bit // 8] ^= 1 << bit % 8
    assert cosigned_at(parse_note(cosigned(line(bytes(raw)))), NAME, PUBLIC) is None


def test_latest_of_several_cosignatures_counts_and_a_false_one_spoils_them() -> None:
    """C2SP signed-note: a false signature under a known name and hash is no reason to look for a better one."""
    early, late = (cosign(TEXT, NAME, WITNESS, SECONDS + added) for added in (0, 60))
    for lines in permutations((early, late)):
        assert cosigned_at(parse_note(cosigned(*lines)), NAME, PUBLIC) == SECONDS + 60
    raw = b64decode(late.split(" ")[2])
    false = line(raw[:12] + bytes(64))
    for lines in permutations((early, false)):
        assert cosigned_at(parse_note(cosigned(*lines)), NAME, PUBLIC) is None
    # of another name or hash it is a stranger's, and does not matter
    strange = [line(raw[:12] + bytes(64), "other.example"), line(bytes(4) + raw[4:])]
    assert cosigned_at(parse_note(cosigned(early, *strange)), NAME, PUBLIC) == SECONDS


def test_k10_no_signature_serves_for_another_purpose() -> None:
    """All pairs of seal, possession, checkpoint and cosignature, by one key: each verifies as itself alone."""
    messages = {
        "seal": seal_message(5, ORIGIN, 7, bytes(range(32))),
        "possession": possession_message(ORIGIN, "li", key_id(PUBLIC)),
        "checkpoint": TEXT.encode(),
        "cosignature": cosigned_message(TEXT, SECONDS),
        "cosignature a second later": cosigned_message(TEXT, SECONDS + 1),
    }
    for made, message in messages.items():
        signature = WITNESS.sign(message)
        assert [read for read, other in messages.items() if verify_signature(PUBLIC, signature, other)] == [made]


def test_k10_signature_of_a_note_is_no_cosignature_nor_the_other_way() -> None:
    """One key in both roles: its lines have different hashes, and exchanged hashes do not help."""
    signed = parse_note(sign_note(TEXT, NAME, WITNESS)).signatures[0].signature
    stamped = b64decode(cosign(TEXT, NAME, WITNESS, SECONDS).split(" ")[2])[4:]
    as_note, as_witness = key_hash(NAME, PUBLIC), key_hash(NAME, PUBLIC, WITNESS_TYPE)
    assert as_note != as_witness
    assert verifier_key(NAME, PUBLIC) != witness_key(NAME, PUBLIC)
    for raw in (as_witness + signed, as_witness + bytes(8) + signed):
        assert cosigned_at(parse_note(cosigned(line(raw))), NAME, PUBLIC) is None
    for raw in (as_note + stamped, as_note + stamped[8:]):
        assert not is_signed_by(parse_note(cosigned(line(raw))), NAME, PUBLIC)


def test_k10_note_that_begins_like_a_cosignature_is_no_checkpoint() -> None:
    """A log that signs only checkpoints can never have signed what a witness signs."""
    from ledger.chain.note import parse_checkpoint

    with pytest.raises(ValueError, match=r"\w"):
        parse_checkpoint(cosigned_message(TEXT, SECONDS).decode())
