"""Ledgers, keys and settings in trouble: the exit code, one clear line, bounded time, nothing recorded."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ledger.chain.merkle import Frontier
from ledger.store import database
from ledger.store.schema import REVISION
from ledger.store.session import Session
from tests.commands.shell import MONEY, OFFICERS, Done, Shell
from tests.errors.test_samples import assert_clear

WRITE = "--as li project propose --project PX --county 999901 --name 名称 --yes"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A sound ledger to copy."""
    shell = Shell(tmp_path_factory.mktemp("files"), SUNLEDGER_LANG="en")
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    return shell


@pytest.fixture
def shell(original: Shell) -> Iterator[Shell]:
    """A copy to spoil, in a folder of its own: pytest shuts its own ones to other users whenever another run begins."""
    with tempfile.TemporaryDirectory() as folder:
        yield original.copy(Path(folder) / "copy")


def expect(done: Done, exit_code: int, code: str) -> None:
    """Check an exit code and an error code."""
    assert done.code == exit_code, done
    assert f"error[{code}]" in done.err, done
    assert_clear(done)


def sql(shell: Shell, statement: str) -> None:
    """Change the database behind the program's back."""
    with closing(sqlite3.connect(shell.database)) as connection:
        connection.execute(statement)
        connection.commit()


# --- roots


def test_administrator_who_is_no_root_gives_no_head_up(shell: Shell) -> None:
    """Exit 4, and the roots are named; a root may."""
    shell.all("""officer new-key boss
--as root officer enroll --officer boss --name 某某 --authority 999901 --roles administrator --public-key boss --yes""")
    before = shell.head()
    lost = "ledger recover --size 120 --root " + "A" * 43 + "= --reason 由备份恢复 --yes"
    done = shell.line(f"--as boss {lost}")
    expect(done, 4, "RIGHTS.ROOT")
    assert "The roots are: root" in done.err
    assert shell.head() == before
    assert shell.line(f"--as root {lost}").code == 0


# --- the vault


def test_vault_of_another_sort_takes_no_value(shell: Shell) -> None:
    """Exit 3 for a file that is no vault; the entry is not recorded, and a sound vault goes on."""
    (shell.folder / "head").write_text("李某", "utf-8")
    house = "--as li household enroll --place 999901 --head @head --vault vault --yes --household"
    shell.all(f"{house} H-1")
    (vault,) = (shell.folder / "vault").glob("*.vault")
    sound, before = vault.read_bytes(), shell.head()
    for damaged in (b"{}", b"\0" * 64, b"not a vault", b"\xff" + sound[1:]):
        vault.write_bytes(damaged)
        expect(shell.line(f"{house} H-2"), 3, "INPUT.VAULT")
        assert shell.head() == before
    vault.write_bytes(sound)
    assert shell.line(f"{house} H-2").code == 0


# --- versions and damage


@pytest.mark.parametrize("line", ["status", "verify", "log", "doctor", "rebuild", "migrate", "checkpoint", WRITE])
def test_d25_newer_schema_is_named_with_both_versions(shell: Shell, line: str) -> None:
    """A database of a newer release is not touched."""
    sql(shell, "UPDATE alembic_version SET version_num = '9999'")
    before = shell.head()
    done = shell.line(line)
    expect(done, 14, "VERSION.SCHEMA")
    assert "9999" in done.err
    assert REVISION in done.err
    assert shell.head() == before


@pytest.mark.parametrize("line", ["status", "verify", WRITE])
def test_damaged_file_is_storage_trouble(shell: Shell, line: str) -> None:
    """A file cut in the middle of its pages."""
    assert shell.line("status").code == 0
    raw = shell.database.read_bytes()
    for part in shell.folder.glob("county.db-*"):
        part.unlink()
    shell.database.write_bytes(raw[: len(raw) // 2 // 4096 * 4096])
    expect(shell.line(line), 13, "STORAGE.DAMAGED")


def test_altered_schema_makes_doctor_speak_once(shell: Shell) -> None:
    """Doctor answers with one document, and ends with 10."""
    sql(shell, "DROP TRIGGER entries_no_update")
    done = shell.line("--json doctor")
    assert done.code == 10
    assert done.json["format"] == "sunledger.doctor/1"
    assert not done.json["ok"]
    done = shell.line(WRITE)
    assert (done.code, "error[INV-15.MISSING]" in done.err, "Traceback" in done.err) == (10, True, False)


def test_failed_verify_gives_one_document(shell: Shell) -> None:
    """What verify found stands on stdout once, and its findings on stderr."""
    sql(shell, "DROP TRIGGER entries_no_update")
    done = shell.line("verify --json")
    assert (done.code, done.json["ok"], done.json["format"]) == (10, False, "sunledger.verify/1")
    assert done.err.startswith("error[INV-15.MISSING]")


# --- busy, read-only


@contextmanager
def held(shell: Shell) -> Iterator[None]:
    """Another program holds the ledger."""
    with closing(sqlite3.connect(shell.database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def test_busy_ledger_is_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers wait a little and give up; readers read."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    before = shell.head()
    with held(shell):
        for line in (WRITE, f"{WRITE} --dry-run", "rebuild"):
            expect(shell.line(line), 8, "BUSY")
        assert shell.line("status").code == 0
        assert shell.line("verify").code == 0
    assert shell.head() == before


@pytest.fixture
def unprivileged(shell: Shell) -> Iterator[Callable[[str], Done]]:
    """Runs a line as a user whom modes bind; root is not such a one."""
    if os.geteuid() != 0:
        yield shell.line
        return
    for path in (shell.folder, *shell.folder.rglob("*")):
        os.chown(path, 65534, 65534)
    folder = shell.folder
    while folder != folder.parent and not folder.stat().st_mode & 0o001:
        folder.chmod(folder.stat().st_mode | 0o011)
        folder = folder.parent

    def line(line: str) -> Done:
        os.seteuid(65534)
        try:
            return shell.line(line)
        finally:
            os.seteuid(0)

    yield line


def test_d08_read_only_file_is_read_and_not_written(shell: Shell, unprivileged: Callable[[str], Done]) -> None:
    """Reads and verify work on a file that may not be written; writes are storage trouble."""
    unprivileged("status")
    shell.database.chmod(0o400)
    for line in ("status", "log", "verify"):
        done = unprivileged(line)
        assert done.code == 0, done
    for line in (WRITE, "rebuild"):
        expect(unprivileged(line), 13, "STORAGE.READ_ONLY")


@pytest.fixture
def medium(shell: Shell, unprivileged: Callable[[str], Done]) -> Iterator[Callable[[str], Done]]:
    """Runs a line where neither the ledger nor its folder may be written, as on an auditor's disc."""
    unprivileged("status")
    shell.database.chmod(0o400)
    shell.folder.chmod(0o500)
    yield unprivileged
    shell.folder.chmod(0o700)


def test_d08_read_only_medium_is_read_and_not_written(shell: Shell, medium: Callable[[str], Done]) -> None:
    """No `-shm` can be made there; every reading command works all the same, and leaves nothing behind."""
    before = sorted(os.listdir(shell.folder))
    for line in ("status", "log", "balance", "trace PAY-1 --up", "show 3", "verify", "doctor"):
        done = medium(line)
        assert done.code == 0, (line, done)
    expect(medium(WRITE), 13, "STORAGE.READ_ONLY")
    assert sorted(os.listdir(shell.folder)) == before


def test_d08_log_on_a_read_only_medium_is_named(shell: Shell, medium: Callable[[str], Done]) -> None:
    """What stands in the log alone would be lost by reading without it."""
    shell.folder.chmod(0o700)
    (shell.folder / "county.db-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(60))
    shell.folder.chmod(0o500)
    for line in ("status", "log", "verify"):
        done = medium(line)
        expect(done, 13, "STORAGE.CANNOT_OPEN")
        assert "county.db-wal" in done.err


def test_file_written_while_it_is_read_as_still_is_told(shell: Shell, medium: Callable[[str], Done], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may only read cannot keep a writer out; what was read between two states is no answer."""
    read = Session.tree

    def written_meanwhile(session: Session, since: int | None = None) -> Frontier:
        os.utime(shell.database, ns=(1, 1))
        return read(session, since)

    monkeypatch.setattr(Session, "tree", written_meanwhile)
    expect(medium("checkpoint"), 8, "BUSY")


def test_unwritable_key_store_is_storage_trouble(shell: Shell, unprivileged: Callable[[str], Done]) -> None:
    """What the key store must remember cannot be written: nothing is signed."""
    before = shell.head()
    (shell.folder / "keys" / "heads").chmod(0o500)
    done = unprivileged(WRITE)
    assert done.code == 13, done
    assert_clear(done)
    assert shell.head() == before


# --- keys


def replaced(shell: Shell, raw: bytes) -> None:
    """Other bytes in li's key file."""
    (shell.folder / "keys" / "li.pem").write_bytes(raw)


def other_key() -> bytes:
    """A private key of another algorithm."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


K18: dict[str, tuple[int, str, Callable[[Path, Shell], None]]] = {
    "missing": (4, "RIGHTS.KEY", lambda key, _shell: key.unlink()),
    "world-readable": (4, "RIGHTS.KEY_FILE", lambda key, _shell: key.chmod(0o644)),
    "damaged": (4, "RIGHTS.PASSPHRASE", lambda _key, shell: replaced(shell, b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n")),
    "empty": (4, "RIGHTS.PASSPHRASE", lambda _key, shell: replaced(shell, b"")),
    "10 MB": (3, "INPUT.SIZE", lambda _key, shell: replaced(shell, b"x" * 10_000_000)),
    "another algorithm": (3, "INPUT.KEY_FILE", lambda _key, shell: replaced(shell, other_key())),
    "somebody else's": (4, "RIGHTS.ROLE", lambda key, _shell: shutil.copy(key.with_name("wang.pem"), key) and None),
    "a public half that is none": (3, "INPUT.KEY_FILE", lambda key, _shell: key.with_suffix(".pub").write_text("rsa x") and None),
}


@pytest.mark.parametrize("name", K18)
def test_k18_bad_key_file_signs_nothing(shell: Shell, name: str) -> None:
    """Each sort of bad key file is told."""
    exit_code, code, spoil = K18[name]
    before = shell.head()
    spoil(shell.folder / "keys" / "li.pem", shell)
    line = WRITE if "public" not in name else WRITE.replace("--as li ", "")
    done = shell.line(line)
    expect(done, exit_code, code)
    assert shell.head() == before


def test_k18_encrypted_key_needs_its_passphrase(shell: Shell) -> None:
    """No passphrase, an empty one, a wrong one: 4; the right one signs; it is never said."""
    for name, text in (("good", "open sesame\n"), ("bad", "open barley\n"), ("nil", "")):
        (shell.folder / name).write_text(text)
    shell.all("""officer new-key zhao --passphrase-file good
--as root officer enroll --officer zhao --name 赵某 --authority 999901 --roles programme --public-key zhao --yes --passphrase-file good""")
    before = shell.head()
    write = WRITE.replace("li", "zhao", 1)
    for option in ("", "--passphrase-file nil", "--passphrase-file bad"):
        done = shell.line(f"{write} {option}")
        expect(done, 4, "RIGHTS.PASSPHRASE")
        assert "sesame" not in done.err + done.out
    assert shell.head() == before
    assert shell.line(f"{write} --passphrase-file good").code == 0


def test_checkpoint_needs_the_ledger_key(shell: Shell) -> None:
    """Another key store holds no ledger key."""
    for path in (shell.folder / "keys").glob("ledger.*"):
        path.unlink()
    expect(shell.line("checkpoint"), 4, "RIGHTS.LEDGER_KEY")
    expect(shell.line("export bundle -o b.zip"), 4, "RIGHTS.LEDGER_KEY")


def test_first_sight_is_undecided_until_it_is_said(shell: Shell) -> None:
    """A key store that never saw the ledger signs nothing without `--first-time`."""
    shutil.rmtree(shell.folder / "keys" / "heads")
    expect(shell.line(WRITE), 11, "UNDECIDED.FIRST_SIGHT")
    assert shell.line(f"{WRITE} --first-time").code == 0


def test_damaged_memory_is_told(shell: Shell) -> None:
    """What the key store remembers is spoilt: nothing is signed."""
    (memory,) = (shell.folder / "keys" / "heads").glob("*.json")
    memory.write_text("{")
    expect(shell.line(WRITE), 3, "INPUT.MEMORY")


# --- settings


def test_settings_are_found_beside_the_ledger(shell: Shell) -> None:
    """Flags > environment > sunledger.toml beside the ledger; a relative folder is meant from there."""
    del shell.environment["SUNLEDGER_KEYS"], shell.environment["SUNLEDGER_LEDGER"]
    (shell.folder / "sunledger.toml").write_text('keys = "keys"\nledger = "county.db"\nas = "wang"\nlang = "en"\n')
    assert shell.line(WRITE.replace("--as li ", "")).code == 4
    assert shell.line(WRITE).code == 0
    assert "wang" in shell.line("officer list").out
    assert "Options:" in shell.line("log --help").out
    assert "选项：" in shell.line("--lang zh log --help").out
    shell.environment["SUNLEDGER_LANG"] = "zh"
    assert "选项：" in shell.line("log --help").out
    elsewhere = shell.folder / "elsewhere"
    elsewhere.mkdir()
    moved = Shell(elsewhere)
    moved.environment = shell.environment
    assert moved.line(f"--ledger ../county.db {WRITE}").code == 6  # the key was found, the project stands


@pytest.mark.parametrize("text", ["keys =", "password = 'x'", "keys = 1", "\udcff", "x" * 70_000])
def test_bad_settings_are_told(shell: Shell, text: str) -> None:
    """A file that is no settings stops the command, and says so."""
    (shell.folder / "sunledger.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    del shell.environment["SUNLEDGER_KEYS"]
    done = shell.line("status")
    assert done.code == 3, done
    assert "INPUT.SETTINGS" in done.err or "INPUT.SIZE" in done.err
    assert_clear(done)


def test_no_home_is_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a home there is no key store, unless one is named."""
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError))
    del shell.environment["HOME"]
    assert shell.line(f"--keys {shell.folder}/keys status").code in (0, 5)
    del shell.environment["SUNLEDGER_KEYS"]
    expect(shell.line("status"), 5, "NOT_FOUND.HOME")


@pytest.mark.parametrize("name", ["a b", "quote'\"", "percent%41?#", "县 台账", "x" * 200, "-dash"])
def test_d34_odd_paths_work(original: Shell, tmp_path: Path, name: str) -> None:
    """A ledger in a folder of an odd name."""
    shell = original.copy(tmp_path / name)
    assert shell.line(WRITE).code == 0
    assert shell.run("checkpoint", "-o", "head.note").code == 0
    assert shell.run("verify", "--against", "head.note").code == 0


# --- in a process of its own: what only a process has


def command(shell: Shell, line: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """A shell line with `sunledger` in it."""
    program = f"{Path(sys.executable).parent / 'sunledger'}"
    return subprocess.run(
        ["bash", "-c", line.replace("sunledger", program)], cwd=shell.folder, env=shell.environment | more,
        capture_output=True, timeout=600, check=False,
    )  # fmt: skip


def test_d30_streams_that_are_closed_full_or_broken(shell: Shell) -> None:
    """No traceback, the true exit code, and what was recorded is not denied."""
    first = command(shell, "sunledger --lang zh log | head -1; sunledger --json show 999 | head -c0; sunledger status >&-; sunledger status <&- >/dev/null")
    assert (first.stderr.count(b"Traceback"), first.returncode) == (0, 0)
    assert first.stdout.decode().startswith("序号")
    full = command(shell, f"sunledger {WRITE} >/dev/full")
    assert full.returncode == 13
    assert "Recorded before that: #10" in full.stderr.decode()
    assert shell.head()[0] == 11


def test_d30_chinese_is_whole_under_any_locale(shell: Shell) -> None:
    """LC_ALL=C, COLUMNS=1, no home."""
    bare = {"LC_ALL": "C", "COLUMNS": "1", "TERM": "dumb", "SUNLEDGER_LANG": "zh"}
    del shell.environment["HOME"]
    done = command(shell, "sunledger show P1", **bare)
    assert (done.returncode, "示例项目" in done.stdout.decode()) == (0, True)


def test_b41_arguments_that_are_no_text(shell: Shell) -> None:
    """Invalid UTF-8 is a usage error, as JSON too."""
    done = command(shell, "sunledger --json show $'\\xff\\xfe'")
    assert done.returncode == 2
    assert b"USAGE.ENCODING" in done.stdout
