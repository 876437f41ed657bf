"""The passphrase of a key store in the system's keyring, under the name of the key store's folder."""

import secrets
from pathlib import Path

from ledger.errors import NotPermitted, StorageTrouble, Usage

SERVICE = "sunledger"


def is_plain() -> bool:
    """Whether the system's keyring is one that keeps its secrets in a readable file."""
    try:
        import keyring
    except ImportError:
        return False
    return "Plaintext" in type(keyring.get_keyring()).__name__


def kept_passphrase(folder: Path, *, make: bool = False) -> bytes:
    """The passphrase kept for a key store; with `make`, a new random one where none is kept.

    Raises:
        Usage: the package `keyring` is not installed. NotPermitted: none is kept. StorageTrouble: the keyring is locked.
    """
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise Usage("USAGE:keyring") from None
    name = str(folder.resolve())
    try:
        kept = keyring.get_password(SERVICE, name)
        if kept is None and make:
            kept = secrets.token_hex(32)
            keyring.set_password(SERVICE, name, kept)
    except KeyringError as error:
        raise StorageTrouble("STORAGE.KEYRING", type=type(error).__name__) from None
    if kept is None:
        raise NotPermitted("RIGHTS.PASSPHRASE:keyring", folder=folder)
    return kept.encode()
