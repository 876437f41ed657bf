"""Ed25519, strictly: every verifier gives the same answer."""

from base64 import b64encode

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


# C2SP/wycheproof, ed25519_test.json: one of each family that is refused; public key, message, signature.
JUNK = "7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa"
S_OF_TEST = "7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab07a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b30d"
WYCHEPROOF = {
    "special values for r and s": (JUNK, "3f", "00" * 64),
    "signature too short": (JUNK, "54657374", S_OF_TEST[:-4]),
    "signature too long": (JUNK, "54657374", S_OF_TEST + "2020"),
    "public key behind the signature": (JUNK, "54657374", S_OF_TEST + JUNK),
    "a byte before the signature": (JUNK, "54657374", "00" + S_OF_TEST),
    "a byte before S": (JUNK, "54657374", S_OF_TEST[:64] + "00" + S_OF_TEST[64:]),
    "a byte after": (JUNK, "54657374", S_OF_TEST + "00"),
    "a byte dropped": (JUNK, "54657374313337", "93de3ca252426c95f735cb9edd92e83321ac62372d5aa5b379786bae111ab6b17251330e8f9a7c30d6993137c596007d7b001409287535ac4804e662bc58a3"),
    "a bit of R": (JUNK, "313233343030", "647c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281c2b1d125e5538f38afbcc1c84e489521083041d24bc6240767029da063271a1ff0c"),
    "the sign of R": (JUNK, "313233343030", "657c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281cab227aedf259f910f0f3a759a335062665217925d019173b88917eae294f75d40f"),
    "R zero": (JUNK, "313233343030", "00" * 32 + "e0b8e7770d51c7a36375d006c5bffd6af43ff54aaf47e4330dc118c71d61ec02"),
    "R of ones": (JUNK, "313233343030", "ff" * 32 + "463a1908382e7eb7693acef9884f7cf931a215e0791876be22c631a59881fd0e"),
    "S + L": (JUNK, "54657374", S_OF_TEST[:64] + "67654bce3832c2d76f8f6f5dafc08d9339d4eef676573336a5c51eb6f946b31d"),
    "S + 8L": (JUNK, "54657374", S_OF_TEST[:64] + "e2300459f1e742404cd934d2c595a6253ad4eef676573336a5c51eb6f946b38d"),
    "S + 2^255": (JUNK, "54657374", S_OF_TEST[:64] + "7a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b38d"),
    "S just above the bound": ("100fdf47fb94f1536a4f7c3fda27383fa03375a8f527c537e6f1703c47f94f86", "6a0bc2b0057cedfc0fa2e3f7f7d39279b30f454a69dfd1117c758d86b19d", "0971f86d2c9c78582524a103cb9cf949522ae528f8054dc20107d999be673ff4e25ebf2f2928766b1248bec6e91697775f8446639ede46ad4df4053000000010"),
    "R one with a sign": ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "313233343030", "0100000000000000000000000000000000000000000000000000000000000080c803ee1f2342aa96ff698a393d1ab5e66f3eda101d6d120b394c3fd32c117d0a"),
}  # fmt: skip

# "Taming the many EdDSAs" (2020), Table 6a: where verifiers that are all called Ed25519 disagree.
EDGES = [
    ("8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0000000000000000000000000000000000000000000000000000000000000000"),
    ("9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04"),
    ("aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab", "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e"),
    ("9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79", "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d", "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009"),
    ("e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c", "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d", "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09"),
    ("e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c", "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d", "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405"),
    ("85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40", "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623", "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514"),
    ("85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40", "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623", "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22"),
    ("fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a", "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607"),
    ("84b698d39be126ff55fe45079e6c8bf64a0d7db6994560b4e96b7021eb39c1a1", "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f084d5b99c2a9463d9c8bd5026916996984eeec87ddf1d3be329006ace1b37b09"),
]  # fmt: skip


@pytest.mark.parametrize("name", WYCHEPROOF)
def test_k11_public_case_is_refused(name: str) -> None:
    """One of each family; the signature they are made from verifies."""
    public, message, signature = (bytes.fromhex(text) for text in WYCHEPROOF[name])
    assert not verify_signature(public, signature, message)
    assert verify_signature(bytes.fromhex(JUNK), bytes.fromhex(S_OF_TEST), b"Test")


def test_k12_where_verifiers_disagree_the_strict_answer_is_given() -> None:
    """Small order, cofactor, S above L, an encoding above p: of the ten only the fourth, which all accept."""
    answers = [verify_signature(*(bytes.fromhex(text) for text in (public, signature, message))) for message, public, signature in EDGES]
    assert answers == [False, False, False, True, False, False, False, False, False, False]


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
