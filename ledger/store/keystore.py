"""The key store: a private folder with one file a key, and what its officers remember of each ledger's head.

NAME.pem           private key, PKCS #8, encrypted where a passphrase was given; mode 0600
NAME.pub           `ed25519 BASE64` and a line feed
heads/ID.json      the last head of a ledger, see `ledger.store.memory`
checkpoints/…      every checkpoint ever signed here
"""

import re
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.keys import b64, key_id, public_bytes, unb64
from ledger.errors import InputRejected, NotFound, NotPermitted, Refused
from ledger.store.files import private_folder, read_limited, write_whole
from ledger.words import Long

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_MAX_KEY_FILE = 16 * 1024


class Signer(msgspec.Struct, frozen=True):
    """A private key that can sign, and the id of its public half."""

    key: str
    private: Ed25519PrivateKey


class KeyStore:
    """The keys of one folder."""

    def __init__(
        self, folder: Path, passphrase: bytes | None = None, ask: Callable[[str], bytes] | None = None
    ) -> None:
        """`ask` is called with a key's name where its passphrase is needed and none was given."""
        self.folder = folder
        self._passphrase = passphrase
        self._ask = ask

    def create(self, name: str, private: Ed25519PrivateKey) -> str:
        """Keep a new key under a name; returns its key id.

        Raises:
            Refused: the name is taken. InputRejected: it is no name.
        """
        self.require_free(name)
        path = self._path(name, "pem")
        private_folder(self.folder)
        from cryptography.hazmat.primitives.serialization import (
            BestAvailableEncryption,
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        encryption = BestAvailableEncryption(self._passphrase) if self._passphrase else NoEncryption()
        public = public_bytes(private)
        write_whole(path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption), mode=0o600)
        write_whole(self._path(name, "pub"), f"ed25519 {b64(public)}\n".encode())
        return key_id(public)

    def require_free(self, name: str) -> None:
        """Check that a new key may have a name. Raises Refused where it is taken, InputRejected where it is no name."""
        if self._path(name, "pem").exists():
            raise Refused("REFUSED.KEY_EXISTS", name=name, folder=self.folder)

    def has(self, name: str) -> bool:
        """Whether there is a private key of this name."""
        return self._path(name, "pem").exists()

    def public(self, name: str) -> bytes:
        """The public half of a key. Raises NotFound."""
        path = self._path(name, "pub")
        if not path.exists():
            raise NotFound("NOT_FOUND.KEY", name=name, folder=self.folder)
        text = read_limited(path, _MAX_KEY_FILE, "key file").decode("ascii", "replace")
        algorithm, _, rest = text.rstrip("\n").partition(" ")
        try:
            if algorithm != "ed25519":
                raise ValueError(algorithm)
            return unb64(rest, 32)
        except ValueError:
            raise InputRejected("INPUT.KEY_FILE:public", path=path) from None

    def signer(self, name: str) -> Signer:
        """The private key of this name.

        Raises:
            NotFound: there is none. NotPermitted: others may read it, or the passphrase is wrong or missing.
        """
        path = self._path(name, "pem")
        if not path.exists():
            raise NotFound("NOT_FOUND.KEY", name=name, folder=self.folder)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise NotPermitted("RIGHTS.KEY_FILE", path=Long(path))
        raw = read_limited(path, _MAX_KEY_FILE, "key file")
        if raw.count(b"-----BEGIN") > 1:
            raise InputRejected("INPUT.KEY_FILE:several", path=path)
        private = self._opened(name, raw)
        if not isinstance(private, Ed25519PrivateKey):
            raise InputRejected("INPUT.KEY_FILE", path=path)
        return Signer(key_id(public_bytes(private)), private)

    def _opened(self, name: str, raw: bytes) -> object:
        """The key in a PEM file, by the passphrase that is known, else by its own, which is asked for."""
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        encrypted = b"ENCRYPTED" in raw
        with suppress(ValueError, TypeError):
            return load_pem_private_key(raw, self._passphrase if encrypted else None)
        if encrypted and self._ask is not None:
            said = self._ask(name)
            with suppress(ValueError, TypeError):
                key = load_pem_private_key(raw, said)
                self._passphrase = self._passphrase or said
                return key
        needed = encrypted and self._passphrase is None and self._ask is None
        raise NotPermitted("RIGHTS.PASSPHRASE" if needed else "RIGHTS.PASSPHRASE:wrong", name=name) from None

    def is_encrypted(self, name: str) -> bool:
        """Whether the private key is encrypted on disk."""
        return b"ENCRYPTED" in read_limited(self._path(name, "pem"), _MAX_KEY_FILE, "key file")

    def names(self) -> Iterator[str]:
        """The names of all private keys, sorted."""
        if self.folder.is_dir():
            yield from sorted(path.stem for path in self.folder.glob("*.pem") if _NAME.fullmatch(path.stem))

    def _path(self, name: str, suffix: str) -> Path:
        if not _NAME.fullmatch(name):
            raise InputRejected("INPUT.KEY_NAME", name=name)
        return self.folder / f"{name}.{suffix}"


def ledger_key_name(ledger_id: str) -> str:
    """The name under which a ledger's own key is kept."""
    return f"ledger.{ledger_id[:16]}"
