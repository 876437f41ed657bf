"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint), unchanged.

    demo.example/county
    50
    <base64 root>

    — demo.example/county <base64 of 4 bytes key hash ‖ signature>

The key hash is the first 4 bytes of SHA-256(name ‖ "\\n" ‖ type byte ‖ public key); type 0x01 is Ed25519.
"""

import re
from base64 import b64decode
from hashlib import sha256
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.header import is_origin
from ledger.chain.keys import b64, public_bytes, unb64, verify_signature

ED25519_NOTE = b"\x01"
MAX_NOTE = 64 * 1024
_SIGNATURE = re.compile(r"— ([^\s+]{1,128}) ([A-Za-z0-9+/]+=*)")
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


class Checkpoint(NamedTuple):
    """The head of a history: origin, number of entries, root of their tree."""

    origin: str
    size: int
    root: bytes


def key_hash(name: str, public_key: bytes) -> bytes:
    """The 4 bytes that point at a signer's key."""
    return sha256(name.encode() + b"\n" + ED25519_NOTE + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """The C2SP spelling of a public key: `name+hash+base64(type ‖ key)`."""
    return f"{name}+{key_hash(name, public_key).hex()}+{b64(ED25519_NOTE + public_key)}"


def sign_note(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """The note of `text` signed by `name`."""
    assert text.endswith("\n")
    signature = key_hash(name, public_bytes(private)) + private.sign(text.encode())
    return f"{text}\n— {name} {b64(signature)}\n"


def parse_note(note: str) -> Note:
    """The text and signatures of a note. Raises ValueError for any other shape."""
    if len(note) > MAX_NOTE or not note.endswith("\n"):
        raise ValueError("not a signed note")
    if any(character < " " and character != "\n" for character in note) or "\ufffd" in note:
        raise ValueError("a control character in the note")
    text, separator, tail = note.rpartition("\n\n")
    if not separator or not tail:
        raise ValueError("a note needs a blank line before its signatures")
    signatures = []
    for line in tail[:-1].split("\n"):
        match = _SIGNATURE.fullmatch(line)
        raw = b64decode(match[2], validate=True) if match else b""
        if not match or len(raw) < 5 or b64(raw) != match[2]:
            raise ValueError("a signature line is malformed")
        signatures.append(Signature(match[1], raw[:4], raw[4:]))
    return Note(text + "\n", signatures)


def is_signed_by(note: Note, name: str, public_key: bytes) -> bool:
    """Whether one of the note's signatures is by this key under this name."""
    expected = key_hash(name, public_key)
    return any(
        signature.name == name
        and signature.key_hash == expected
        and verify_signature(public_key, signature.signature, note.text.encode())
        for signature in note.signatures
    )


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """The three lines a checkpoint signs."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{b64(checkpoint.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint's text, without extension lines. Raises ValueError."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise ValueError("a checkpoint has three lines")
    origin, size, root = lines[:3]
    if not is_origin(origin) or not _SIZE.fullmatch(size):
        raise ValueError("origin or size of the checkpoint is malformed")
    return Checkpoint(origin, int(size), unb64(root, 32))
