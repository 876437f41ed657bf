"""The commitment to a sealed value: what an entry's content holds in its place.

    SHA-256("sunledger/sealed/v1\\n" ‖ origin ‖ "\\n" ‖ id of the entry ‖ "\\n" ‖ field ‖ "\\n" ‖ salt ‖ JSON of the value)

With 32 random bytes of salt it tells nothing of the value, not even that two are the same.
"""

from hashlib import sha256
from hmac import compare_digest

from ledger.chain.canonical import encode
from ledger.words import Fault

SALT_BYTES = 32


def commitment(origin: str, id: str, field: str, salt: bytes, value: str) -> str:
    """The commitment of a value, 64 hex. Raises ValueError for a salt of another length."""
    if len(salt) != SALT_BYTES:
        raise Fault("SEALED:salt")
    place = f"sunledger/sealed/v1\n{origin}\n{id}\n{field}\n".encode()
    return sha256(place + salt + encode(value)).hexdigest()


def opens(committed: str, origin: str, id: str, field: str, salt: bytes, value: str) -> bool:
    """Whether salt and value give what was committed to."""
    if len(salt) != SALT_BYTES:
        return False
    return compare_digest(commitment(origin, id, field, salt, value), committed)
