"""Ed25519 keys, and the three things an officer's key ever signs.

seal         "sunledger/seal/v1\\nfrom <first seq>\\n" ‖ origin "\\n" ‖ size "\\n" ‖ base64 root "\\n"
possession   "sunledger/possession/v1\\n" ‖ origin "\\n" ‖ officer "\\n" ‖ key id "\\n"
key id       hex of SHA-256("sunledger/key/v1\\n" ‖ algorithm byte ‖ public key); 0x01 is Ed25519

Verification is strict: canonical S, canonical A and R, and no point of small order (RFC 8032 §5.1.7 and the
cases of "Taming the many EdDSAs", 2020), so that every verifier gives the same answer.
"""

from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.words import Fault

ED25519 = b"\x01"
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_SMALL_ORDER_Y = frozenset(
    int.from_bytes(bytes.fromhex(text), "little")
    for text in (
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
)


def key_id(public_key: bytes) -> str:
    """The name of an Ed25519 public key: 64 hex."""
    return sha256(b"sunledger/key/v1\n" + ED25519 + public_key).hexdigest()


def seal_message(first: int, origin: str, size: int, root: bytes) -> bytes:
    """What an officer signs over an append of the entries first … size−1."""
    return f"sunledger/seal/v1\nfrom {first}\n{origin}\n{size}\n{b64encode(root).decode()}\n".encode()


def possession_message(origin: str, officer: str, key: str) -> bytes:
    """What a key signs to show that its officer holds it."""
    return f"sunledger/possession/v1\n{origin}\n{officer}\n{key}\n".encode()


def is_sound_point(encoded: bytes) -> bool:
    """Whether 32 bytes are a canonical encoding of a y below p that is not of small order."""
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    return len(encoded) == 32 and y < _P and y not in _SMALL_ORDER_Y


def verify_signature(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is the strict Ed25519 signature of `message` by `public_key`."""
    if len(signature) != 64 or not is_sound_point(public_key) or not is_sound_point(signature[:32]):
        return False
    if int.from_bytes(signature[32:], "little") >= _L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_bytes(private: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of a private key's public half."""
    return private.public_key().public_bytes_raw()


def b64(raw: bytes) -> str:
    """Standard base64 with padding."""
    return b64encode(raw).decode()


def unb64(text: str, length: int) -> bytes:
    """The bytes of standard base64 in its one spelling. Raises ValueError otherwise."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != length or b64(raw) != text:
        raise Fault("BASE64:length")
    return raw
