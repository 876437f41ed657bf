"""A witness's cosignature of a checkpoint (C2SP tlog-cosignature, cosignature/v1), unchanged.

    — witness.example <base64 of 4 bytes key hash ‖ 8 bytes seconds, big-endian ‖ 64 bytes Ed25519 signature>

The signature is over `cosignature/v1` LF `time SECONDS` LF ‖ the note's text. The key's type byte is 0x04, so that its
hash is never that of the same key as a signer of notes. A witness is to use a key of its own: the message has no name.
So a witness of growth alone has another key than one that verifies, under a name that ends in `.growth`.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.keys import b64, public_bytes
from ledger.chain.note import (
    MAX_SECONDS,
    WITNESS_TYPE,
    Note,
    VerifierKey,
    cosigned_message,
    is_signed_by_key,
    key_hash,
    signatures_of,
)

__all__ = ["GROWTH", "WITNESS_TYPE", "cosign", "cosigned_at", "witness_key"]

GROWTH = ".growth"  # ends the name of a witness that may have looked at growth alone


def witness_key(name: str, public: bytes) -> str:
    """The C2SP spelling of a witness's public key: `name+hash+base64(0x04 ‖ key)`."""
    return str(VerifierKey(name, WITNESS_TYPE, public))


def cosign(note_text: str, name: str, private: Ed25519PrivateKey, seconds: int) -> str:
    """The signature line, ending in LF, by which a witness cosigns a note's text at `seconds` since 1970."""
    assert note_text.endswith("\n")
    assert 0 <= seconds <= MAX_SECONDS
    signature = seconds.to_bytes(8, "big") + private.sign(cosigned_message(note_text, seconds))
    return f"— {name} {b64(key_hash(name, public_bytes(private), WITNESS_TYPE) + signature)}\n"


def cosigned_at(note: Note, name: str, public: bytes) -> int | None:
    """The seconds since 1970 at which this witness cosigned the note; None if it did not.

    Of several cosignatures by one witness it is the latest; if one of them is false, none counts.
    """
    key = VerifierKey(name, WITNESS_TYPE, public)
    if not is_signed_by_key(note, key):
        return None
    return max(int.from_bytes(signature[:8], "big") for signature in signatures_of(note, key))
