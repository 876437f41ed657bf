"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint), unchanged.

    demo.example/county
    50
    <base64 root>

    — demo.example/county <base64 of 4 bytes key hash ‖ signature>

The key hash is the first 4 bytes of SHA-256(name ‖ "\\n" ‖ type byte ‖ public key); type 0x01 is Ed25519, 0x04 is a
witness (`ledger.chain.cosignature`), whose signature is 8 bytes of seconds ‖ Ed25519 signature.
"""

import re
from base64 import b64decode
from hashlib import sha256
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.header import is_origin
from ledger.chain.keys import b64, is_sound_point, public_bytes, unb64, verify_signature
from ledger.words import Fault

ED25519_NOTE = b"\x01"
WITNESS_TYPE = b"\x04"
MAX_NOTE = 64 * 1024
MAX_SIGNATURES = 100
MAX_SECONDS = 2**63 - 1
_SIGNATURE = re.compile(r"— ([^\s+]{1,128}) ([A-Za-z0-9+/]+=*)")
_VERIFIER_KEY = re.compile(r"([^\s+\x00-\x1f\ufffd]{1,128})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


class Signature(NamedTuple):
    """One signature line: the signer's name, its key hash and the bytes after it."""

    name: str
    key_hash: bytes
    signature: bytes


class Note(NamedTuple):
    """A signed note: its text, ending in LF, and its signatures, not yet verified."""

    text: str
    signatures: list[Signature]


class VerifierKey(NamedTuple):
    """A signer's public key as handed on: 0x01 signs notes, 0x04 cosigns them as a witness."""

    name: str
    type_byte: bytes
    public_key: bytes

    def __str__(self) -> str:
        """The C2SP spelling: `name+hash+base64(type ‖ key)`."""
        digest = key_hash(self.name, self.public_key, self.type_byte).hex()
        return f"{self.name}+{digest}+{b64(self.type_byte + self.public_key)}"


class Checkpoint(NamedTuple):
    """The head of a history: origin, number of entries, root of their tree."""

    origin: str
    size: int
    root: bytes


def key_hash(name: str, public_key: bytes, type_byte: bytes = ED25519_NOTE) -> bytes:
    """The 4 bytes that point at a signer's key."""
    return sha256(name.encode() + b"\n" + type_byte + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """The C2SP spelling of a public key that signs notes."""
    return str(VerifierKey(name, ED25519_NOTE, public_key))


def parse_verifier_key(text: str) -> VerifierKey:
    """The key of its one C2SP spelling. Raises ValueError for another, a wrong hash, an unknown type or an unsound key."""
    match = _VERIFIER_KEY.fullmatch(text)
    if not match:
        raise Fault("NOTE:verifier")
    raw = unb64(match[3], 33)
    key = VerifierKey(match[1], raw[:1], raw[1:])
    if key.type_byte not in (ED25519_NOTE, WITNESS_TYPE):
        raise Fault("NOTE:type")
    if str(key) != text:
        raise Fault("NOTE:hash")
    if not is_sound_point(key.public_key):
        raise Fault("NOTE:point")
    return key


def sign_note(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """The note of `text` signed by `name`."""
    assert text.endswith("\n")
    signature = key_hash(name, public_bytes(private)) + private.sign(text.encode())
    return f"{text}\n— {name} {b64(signature)}\n"


def parse_note(note: str) -> Note:
    """The text and signatures of a note. Raises ValueError for any other shape."""
    if len(note) > MAX_NOTE or not note.endswith("\n"):
        raise Fault("NOTE:signed")
    if any((character < " " and character != "\n") or "\ud800" <= character <= "\udfff" for character in note) or "\ufffd" in note:
        raise Fault("NOTE:control")
    text, separator, tail = note.rpartition("\n\n")
    if not separator or not tail:
        raise Fault("NOTE:blank")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise Fault("NOTE:many", limit=MAX_SIGNATURES)
    signatures = []
    for line in lines:
        match = _SIGNATURE.fullmatch(line)
        raw = _base64(match[2]) if match else b""
        if not match or len(raw) < 5:
            raise Fault("NOTE:signature")
        signatures.append(Signature(match[1], raw[:4], raw[4:]))
    return Note(text + "\n", signatures)


def _base64(text: str) -> bytes:
    """The bytes of base64 in its one spelling, or none."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return b""
    return raw if b64(raw) == text else b""


def add_signatures(note: str, *lines: str) -> str:
    """The note with more signature lines, each ending in LF; a line that stands already is not added again.

    Raises ValueError where `note` or what would come out is not a signed note.
    """
    parse_note(note)
    for line in lines:
        if not line.endswith("\n") or line.count("\n") != 1:
            raise Fault("NOTE:signature")
        if f"\n{line}" not in note[note.rindex("\n\n") + 1 :]:
            note += line
    parse_note(note)
    return note


def signatures_of(note: Note, key: VerifierKey) -> list[bytes]:
    """What stands in the note under a key's name and hash, not yet verified."""
    expected = key_hash(key.name, key.public_key, key.type_byte)
    return [s.signature for s in note.signatures if s.name == key.name and s.key_hash == expected]


def is_signed_by_key(note: Note, key: VerifierKey) -> bool:
    """Whether the key signed the note (0x01) or cosigned it (0x04).

    Signatures of others do not matter. One that claims to be by this key and is not makes the note no note of this key,
    whatever stands beside it (C2SP signed-note, "Signatures").
    """
    signatures = signatures_of(note, key)
    return bool(signatures) and all(_is_signature(key, signature, note.text) for signature in signatures)


def is_signed_by(note: Note, name: str, public_key: bytes) -> bool:
    """Whether the note is signed by this key under this name, as `is_signed_by_key` has it."""
    return is_signed_by_key(note, VerifierKey(name, ED25519_NOTE, public_key))


def cosigned_message(text: str, seconds: int) -> bytes:
    """What a witness signs: two lines and the note's text (C2SP tlog-cosignature)."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _is_signature(key: VerifierKey, signature: bytes, text: str) -> bool:
    if key.type_byte == ED25519_NOTE:
        return verify_signature(key.public_key, signature, text.encode())
    seconds = int.from_bytes(signature[:8], "big")
    message = cosigned_message(text, seconds)
    return seconds <= MAX_SECONDS and verify_signature(key.public_key, signature[8:], message)


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """The three lines a checkpoint signs."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{b64(checkpoint.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint's text, without extension lines. Raises ValueError."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise Fault("CHECKPOINT:lines")
    origin, size, root = lines[:3]
    if not is_origin(origin) or not _SIZE.fullmatch(size):
        raise Fault("CHECKPOINT:origin")
    return Checkpoint(origin, int(size), unb64(root, 32))
