"""Files: whole or absent, private where they must be."""

import os
import stat
from pathlib import Path

import pytest

from ledger.errors import InputRejected, NotFound, NotPermitted, Refused, StorageTrouble, VersionMismatch
from ledger.service import Ledger
from ledger.store.database import open_database
from ledger.store.files import read_limited, write_whole
from ledger.store.keystore import KeyStore, ledger_key_name
from ledger.store.memory import Memory
from tests.world import LI, WANG, first_yuan


def mode(path: Path) -> int:
    """The permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_ledger_and_keys_are_private(tmp_path: Path) -> None:
    """0600 for the ledger, private keys and memory, 0700 for their folder, whatever the umask says."""
    old = os.umask(0)
    try:
        world = first_yuan(str(tmp_path / "l.db"))
        keys = KeyStore(tmp_path / "keys")
        keys.create("li", LI.private)
        with world.ledger.reading() as session:
            Memory(tmp_path / "keys", session.id).confirm(session.tree())
    finally:
        os.umask(old)
    assert mode(tmp_path / "l.db") == 0o600
    assert mode(tmp_path / "keys") == 0o700
    assert mode(tmp_path / "keys" / "li.pem") == 0o600
    assert mode(next((tmp_path / "keys" / "heads").iterdir())) == 0o600
    assert mode(tmp_path / "keys" / "heads") == 0o700
    assert not mode(tmp_path / "keys" / "li.pub") & 0o022


def test_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk or a lost folder leaves the old file and no stray one beside it."""
    path = tmp_path / "x"
    write_whole(path, b"old")
    for name in ("fsync", "replace", "fchmod"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
            with pytest.raises(StorageTrouble) as caught:
                write_whole(path, b"new")
        assert caught.value.exit_code == 13
        if name != "fsync":
            assert path.read_bytes() == b"old"
        assert os.listdir(tmp_path) == ["x"]
    write_whole(path, b"new", mode=0o600)
    assert (path.read_bytes(), mode(path), os.listdir(tmp_path)) == (b"new", 0o600, ["x"])
    with pytest.raises(StorageTrouble):
        write_whole(tmp_path / "none" / "x", b"")


def test_interruption_leaves_no_stray_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of a write is as clean as an error."""
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "x", b"new")
    assert os.listdir(tmp_path) == []


def test_file_is_read_within_a_limit(tmp_path: Path) -> None:
    """Missing, a folder, a device, too large: each its own answer."""
    (tmp_path / "x").write_bytes(b"12345")
    assert read_limited(tmp_path / "x", 5, "file") == b"12345"
    with pytest.raises(InputRejected) as large:
        read_limited(tmp_path / "x", 4, "file")
    assert large.value.code == "INPUT.SIZE"
    with pytest.raises(NotFound):
        read_limited(tmp_path / "none", 4, "file")
    with pytest.raises(InputRejected):
        read_limited(tmp_path, 4, "file")
    with pytest.raises(InputRejected):
        read_limited(Path("/dev/zero"), 4, "file")
    with pytest.raises((InputRejected, NotFound)):
        read_limited(tmp_path / "a\0b", 4, "file")


def test_key_store_keeps_keys_under_plain_names(tmp_path: Path) -> None:
    """A key is found again, taken once, and never under a path."""
    keys = KeyStore(tmp_path / "keys")
    assert keys.create("li", LI.private) == LI.key
    assert (keys.signer("li").key, list(keys.names()), keys.has("wang")) == (LI.key, ["li"], False)
    with pytest.raises(Refused) as taken:
        keys.create("li", WANG.private)
    assert taken.value.code == "REFUSED.KEY_EXISTS"
    for name in ("", "../li", "a/b", "A", ".x", "x" * 65, "李", "li\n"):
        with pytest.raises(InputRejected) as caught:
            keys.create(name, WANG.private)
        assert caught.value.code == "INPUT.KEY_NAME"
    with pytest.raises(NotFound):
        keys.signer("wang")
    with pytest.raises(NotFound):
        keys.public("wang")


def test_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    """K-05: the file's own permissions are looked at each time."""
    keys = KeyStore(tmp_path)
    keys.create("li", LI.private)
    (tmp_path / "li.pem").chmod(0o640)
    with pytest.raises(NotPermitted) as caught:
        keys.signer("li")
    assert (caught.value.code, caught.value.exit_code) == ("RIGHTS.KEY_FILE", 4)


def test_passphrase_is_needed_right_and_asked_for_once(tmp_path: Path) -> None:
    """Wrong, missing or right; a plain key needs none."""
    KeyStore(tmp_path, b"secret").create("li", LI.private)
    assert KeyStore(tmp_path).is_encrypted("li")
    assert b"ENCRYPTED" in (tmp_path / "li.pem").read_bytes()
    for store in (KeyStore(tmp_path), KeyStore(tmp_path, b"wrong"), KeyStore(tmp_path, ask=lambda _: b"wrong")):
        with pytest.raises(NotPermitted) as caught:
            store.signer("li")
        assert caught.value.code == "RIGHTS.PASSPHRASE"
    assert KeyStore(tmp_path, b"secret").signer("li").key == LI.key
    assert KeyStore(tmp_path, ask=lambda name: b"secret" if name == "li" else b"").signer("li").key == LI.key


def test_damaged_key_files_are_told(tmp_path: Path) -> None:
    """Neither a crash nor another key."""
    keys = KeyStore(tmp_path)
    keys.create("li", LI.private)
    (tmp_path / "li.pub").write_text("ed25519 AAAA\n")
    with pytest.raises(InputRejected):
        keys.public("li")
    (tmp_path / "li.pem").write_bytes(b"garbage")
    with pytest.raises(NotPermitted):
        keys.signer("li")
    assert ledger_key_name("ab" * 32) == "ledger." + "ab" * 8


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b'{"confirmed":{"size":3,"root":"","frontier":""}}', b'{"confirmed":{"frontier":"","root":"AAAA","size":0}}', b"\xff"])
def test_damaged_memory_is_told_and_never_taken_for_none(tmp_path: Path, text: bytes) -> None:
    """A-21: an altered memory is not a first sight."""
    (tmp_path / "heads").mkdir()
    (tmp_path / "heads" / "x.json").write_bytes(text)
    with pytest.raises(InputRejected) as caught:
        Memory(tmp_path, "x")
    assert caught.value.code == "INPUT.MEMORY"


def test_what_is_no_ledger_is_told_apart(tmp_path: Path) -> None:
    """A missing file, a folder, a text file, an empty one, another scheme."""
    (tmp_path / "text").write_text("hello, this is no database at all")
    (tmp_path / "empty").write_bytes(b"")
    for target, kind in (("none", NotFound), ("", InputRejected), ("text", VersionMismatch), ("empty", VersionMismatch)):
        with pytest.raises(kind):
            open_database(str(tmp_path / target))
    with pytest.raises(InputRejected):
        open_database("mysql://x")
    with pytest.raises(NotFound):
        open_database(str(tmp_path / "no" / "x.db"), create=True)


@pytest.mark.parametrize("name", ["a b.db", "a?mode=ro.db", "a#b.db", "a%20b.db", "账.db", "a&b=c.db"])
def test_path_with_strange_characters_is_one_file(tmp_path: Path, name: str) -> None:
    """A name is a name, never a part of an address."""
    first_yuan(str(tmp_path / name)).ledger.close()
    assert {path.name for path in tmp_path.iterdir()} - {f"{name}-wal", f"{name}-shm"} == {name}
    with Ledger.open(str(tmp_path / name)).reading() as session:
        assert session.size == 11


def test_password_of_a_database_is_never_in_a_message() -> None:
    """Errors name the place without its secret."""
    from ledger.errors import LedgerError

    with pytest.raises(LedgerError) as caught, Ledger.open("postgresql://u:sesame@127.0.0.1:1/x").reading():
        pass
    assert "sesame" not in str(caught.value) + str(caught.value.problems)
    assert caught.value.exit_code == 13
