"""Ed25519, strictly: every verifier gives the same answer."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.keys import (
    b64,
    is_sound_point,
    key_id,
    possession_message,
    public_bytes,
    seal_message,
    unb64,
    verify_signature,
)
from tests.properties.strategies import modest

WYCHEPROOF = Path(__file__).parents[3] / "shared" / "vectors" / "ed25519" / "wycheproof_ed25519_test.json"
L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
PUBLIC = public_bytes(PRIVATE)
MESSAGE = b"sunledger"
SIGNATURE = PRIVATE.sign(MESSAGE)

# RFC 8032 §7.1: secret key, public key, message, signature.
RFC_8032 = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip

SMALL_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]
SMALL_ORDER += [(bytes.fromhex(text)[:31] + bytes([bytes.fromhex(text)[31] | 0x80])).hex() for text in SMALL_ORDER]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_signature_of_rfc_8032_verifies(secret: str, public: str, message: str, signature: str) -> None:
    """The standard's own vectors, made and verified."""
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert public_bytes(private).hex() == public
    assert private.sign(bytes.fromhex(message)).hex() == signature
    assert verify_signature(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))


def wycheproof() -> list[tuple[str, str, str, str, bool]]:
    """The public vectors, where they are at hand."""
    if not WYCHEPROOF.exists():
        return []
    return [
        (f"tc{test['tcId']}", group["publicKey"]["pk"], test["msg"], test["sig"], test["result"] == "valid")
        for group in json.loads(WYCHEPROOF.read_text())["testGroups"]
        for test in group["tests"]
    ]


def test_every_public_case_has_the_answer_of_its_makers() -> None:
    """K-11: C2SP/wycheproof, with what lies beside this repository."""
    wrong = [
        name for name, public, message, signature, valid in wycheproof()
        if verify_signature(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message)) is not valid
    ]  # fmt: skip
    assert wrong == []


def test_signature_with_the_group_order_added_is_refused() -> None:
    """K-11: S + L verifies under a lax reading, so that one signature has two spellings."""
    s = int.from_bytes(SIGNATURE[32:], "little")
    assert verify_signature(PUBLIC, SIGNATURE, MESSAGE)
    for added in range(1, 8):
        if s + added * L < 2**256:
            assert not verify_signature(PUBLIC, SIGNATURE[:32] + (s + added * L).to_bytes(32, "little"), MESSAGE)
    assert not verify_signature(PUBLIC, SIGNATURE[:32] + L.to_bytes(32, "little"), MESSAGE)


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_point_of_small_order_is_neither_key_nor_commitment(point: str) -> None:
    """K-11: under a key of small order the zero signature verifies for some message; here it never does."""
    raw = bytes.fromhex(point)
    assert not is_sound_point(raw)
    for message in (b"", b"a", b"b", b"c", MESSAGE):
        assert not verify_signature(raw, raw + bytes(32), message)
        assert not verify_signature(raw, SIGNATURE, message)
        assert not verify_signature(PUBLIC, raw + SIGNATURE[32:], message)


@pytest.mark.parametrize("y", [P, P + 1, P + 2, P + 18, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_y_not_below_the_prime_is_refused(y: int, sign: int) -> None:
    """K-11: a second spelling of a point is no spelling."""
    raw = (y | sign << 255).to_bytes(32, "little")
    assert not is_sound_point(raw)
    assert not verify_signature(raw, SIGNATURE, MESSAGE)
    assert not verify_signature(PUBLIC, raw + SIGNATURE[32:], MESSAGE)


@pytest.mark.parametrize("length", [0, 1, 32, 63, 65, 128])
def test_signature_of_another_length_is_refused(length: int) -> None:
    """K-11: 64 bytes or none."""
    assert not verify_signature(PUBLIC, (SIGNATURE + SIGNATURE)[:length], MESSAGE)
    assert not verify_signature((PUBLIC * 4)[: 31 if length < 33 else 33], SIGNATURE, MESSAGE)


def test_zero_signature_is_refused() -> None:
    """K-11: 64 zero bytes."""
    assert not verify_signature(PUBLIC, bytes(64), MESSAGE)


def test_y_that_is_on_no_curve_is_refused() -> None:
    """A key that is no point at all gives an answer, not an exception."""
    assert not verify_signature((2).to_bytes(32, "little"), SIGNATURE, MESSAGE)


@modest(100)
@given(st.integers(0, 64 * 8 - 1), st.binary(max_size=40))
def test_signature_with_one_bit_turned_is_refused(bit: int, message: bytes) -> None:
    """INV-04: no bit of a signature is free."""
    signature = bytearray(PRIVATE.sign(message))
    assert verify_signature(PUBLIC, bytes(signature), message)
    signature[bit // 8] ^= 1 << bit % 8
    assert not verify_signature(PUBLIC, bytes(signature), message)


def test_messages_of_different_purposes_never_agree() -> None:
    """K-10: a seal, a possession and a checkpoint cannot be read as one another."""
    seal = seal_message(5, "demo.example/county", 6, bytes(32))
    held = possession_message("demo.example/county", "li", "a" * 64)
    assert seal == b"sunledger/seal/v1\nfrom 5\ndemo.example/county\n6\n" + b64encode(bytes(32)) + b"\n"
    assert held == b"sunledger/possession/v1\ndemo.example/county\nli\n" + b"a" * 64 + b"\n"
    assert not verify_signature(PUBLIC, PRIVATE.sign(seal), held)


def test_key_id_is_bound_to_the_algorithm() -> None:
    """docs/format.md §5, against the hash written out."""
    from hashlib import sha256

    assert key_id(PUBLIC) == sha256(b"sunledger/key/v1\n\x01" + PUBLIC).hexdigest()


@modest(60)
@given(st.binary(max_size=70))
def test_base64_has_one_spelling(raw: bytes) -> None:
    """Padding, alphabet and trailing bits are fixed."""
    text = b64(raw)
    assert unb64(text, len(raw)) == raw
    for other in (text + "=", text.rstrip("=") if "=" in text else text + "A", text + "\n", " " + text, text.replace("+", "-")):
        if other != text:
            with pytest.raises(ValueError, match=r"\w"):
                unb64(other, len(raw))
    with pytest.raises(ValueError, match="length"):
        unb64(text, len(raw) + 1)


def test_base64_with_loose_trailing_bits_is_refused() -> None:
    """`AB==` and `AA==` decode to the same byte; only one is taken."""
    assert unb64("AA==", 1) == b"\0"
    with pytest.raises(ValueError, match="base64"):
        unb64("AB==", 1)
