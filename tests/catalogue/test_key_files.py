"""K-18: every sort of bad key file, and where a passphrase is never seen: in no argument, variable, output, traceback or file."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x25519

from tests.catalogue.sealed_shell import of_process
from tests.commands.shell import MONEY, OFFICERS, Done, Shell
from tests.commands.test_terminal import Terminal

WRITE = "--as {name} project propose --project PX --county 999901 --name 名称 --yes"
PROGRAM = Path(sys.executable).parent / "sunledger"
SECRET = "芝麻开门-open-sesame-8d1f"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A sound ledger; zhao's key has a passphrase, in `good`."""
    shell = Shell(tmp_path_factory.mktemp("keys"), SUNLEDGER_LANG="en")
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    (shell.folder / "good").write_text(f"{SECRET}\n")
    shell.all("""officer new-key zhao --passphrase-file good
--as root officer enroll --officer zhao --name 赵某 --authority 999901 --roles programme --public-key zhao --yes --passphrase-file good""")
    return shell


@pytest.fixture
def shell(original: Shell, tmp_path: Path) -> Shell:
    """A copy to spoil."""
    copy = original.copy(tmp_path / "copy")
    copy.environment["SUNLEDGER_LANG"] = "en"
    return copy


def pem(key: object, *, passphrase: bytes | None = None, form: object = serialization.PrivateFormat.PKCS8) -> bytes:
    """A private key as PEM."""
    hidden = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    raw: bytes = key.private_bytes(serialization.Encoding.PEM, form, hidden)  # type: ignore[attr-defined]
    return raw


def public_pem() -> bytes:
    """A public key where a private one belongs."""
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def other(length: int = 32) -> bytes:
    """Another officer's sound key."""
    return pem(ed25519.Ed25519PrivateKey.from_private_bytes(bytes([length]) * 32))


def unknown_kdf(path: Path) -> bytes:
    """zhao's own encrypted key, its key derivation named by an identifier nobody knows."""
    import base64

    lines = path.read_text("ascii").splitlines()
    raw = base64.b64decode("".join(lines[1:-1]))
    kdf = bytes.fromhex("06092a864886f70d01050c")  # PBKDF2
    scrypt = bytes.fromhex("06092b06010401da47040b")  # scrypt
    found = kdf if kdf in raw else scrypt
    assert found in raw
    return armoured("ENCRYPTED PRIVATE KEY", raw.replace(found, found[:-1] + b"\x7f"))


def armoured(label: str, raw: bytes) -> bytes:
    """Bytes under a PEM label."""
    import base64

    body = base64.encodebytes(raw).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


# how → what stands in zhao.pem, from its path, and the codes that fit
FILES: dict[str, tuple[Callable[[Path], bytes], tuple[str, ...]]] = {
    "cut in half": (lambda path: path.read_bytes()[: path.stat().st_size // 2], ("RIGHTS.PASSPHRASE",)),
    "a letter changed": (lambda path: path.read_bytes().replace(b"M", b"N", 1), ("RIGHTS.PASSPHRASE",)),
    "an unknown key derivation": (unknown_kdf, ("RIGHTS.PASSPHRASE",)),
    "RSA": (lambda _: pem(rsa.generate_private_key(65537, 2048)), ("INPUT.KEY_FILE",)),
    "an elliptic curve": (lambda _: pem(ec.generate_private_key(ec.SECP256K1())), ("INPUT.KEY_FILE",)),
    "Ed448": (lambda _: pem(ed448.Ed448PrivateKey.generate()), ("INPUT.KEY_FILE",)),
    "X25519": (lambda _: pem(x25519.X25519PrivateKey.generate()), ("INPUT.KEY_FILE",)),
    "RSA under a passphrase": (lambda _: pem(rsa.generate_private_key(65537, 2048), passphrase=SECRET.encode()), ("INPUT.KEY_FILE",)),
    "an OpenSSH file": (lambda _: pem(ed25519.Ed25519PrivateKey.generate(), form=serialization.PrivateFormat.OpenSSH), ("RIGHTS.KEY", "RIGHTS.PASSPHRASE")),
    "a public key": (lambda _: public_pem(), ("RIGHTS.PASSPHRASE",)),
    "a certificate": (lambda _: armoured("CERTIFICATE", b"x" * 99), ("RIGHTS.PASSPHRASE",)),
    "raw bytes": (lambda _: b"\x01" * 32, ("RIGHTS.PASSPHRASE",)),
    "NULs": (lambda _: b"\0" * 500, ("RIGHTS.PASSPHRASE",)),
    "10 MB": (lambda _: b"x" * 10_000_000, ("INPUT.SIZE",)),
    "10 MB of a key": (lambda path: path.read_bytes() + b"\n" * 10_000_000, ("INPUT.SIZE",)),
    "another's key": (lambda _: other(), ("RIGHTS.KEY",)),
}  # fmt: skip


def expect_refused(shell: Shell, done: Done, codes: tuple[str, ...], before: object) -> None:
    """One clear line, exit 3 or 4, no secret, nothing recorded."""
    assert done.code in (3, 4), done
    assert any(f"error[{code}]" in done.err for code in codes), done
    assert "Traceback" not in done.err
    assert SECRET not in done.err + done.out
    assert all(len(line) <= 400 for line in done.err.splitlines())
    assert shell.head() == before


@pytest.mark.parametrize("how", FILES)
def test_k18_a_file_that_is_no_key_of_zhaos_signs_nothing(shell: Shell, how: str) -> None:
    """Damaged, of another type, of unknown making, too large, somebody else's."""
    make, codes = FILES[how]
    path, before = shell.folder / "keys" / "zhao.pem", shell.head()
    path.write_bytes(make(path))
    done = shell.line(WRITE.format(name="zhao") + " --passphrase-file good")
    expect_refused(shell, done, codes, before)


def test_k18_the_right_file_and_passphrase_sign(shell: Shell) -> None:
    """So that the refusals above are about the file."""
    assert shell.line(WRITE.format(name="zhao") + " --passphrase-file good").code == 0


def test_k18_two_keys_in_one_file_sign_nothing(shell: Shell) -> None:
    """Which of them was meant nobody can say, in whatever order they stand."""
    path, before = shell.folder / "keys" / "li.pem", shell.head()
    own = path.read_bytes()
    for raw in (other() + own, own + other(), own + own):
        path.write_bytes(raw)
        expect_refused(shell, shell.line(WRITE.format(name="li")), ("INPUT.KEY_FILE",), before)


def test_k18_a_key_that_is_a_directory_signs_nothing(shell: Shell) -> None:
    """Exit 3 or 4, whatever its mode."""
    path, before = shell.folder / "keys" / "li.pem", shell.head()
    for mode in (0o700, 0o755):
        path.unlink(missing_ok=True) if path.is_file() else path.is_dir() and path.rmdir()
        path.mkdir(mode=mode)
        expect_refused(shell, shell.line(WRITE.format(name="li")), ("INPUT.FILE", "RIGHTS.KEY_FILE"), before)


@pytest.mark.parametrize("to", ["a private file", "a world-readable file", "nothing", "a device", "itself"])
def test_k18_a_link_is_judged_by_what_it_leads_to(shell: Shell, to: str, tmp_path: Path) -> None:
    """To a private file it is that file; to one that others read, to nothing, to a device it signs nothing."""
    path, before = shell.folder / "keys" / "li.pem", shell.head()
    elsewhere = tmp_path / "li.pem"
    shutil.copy(path, elsewhere)
    elsewhere.chmod(0o644 if "world" in to else 0o600)
    path.unlink()
    path.symlink_to({"nothing": tmp_path / "gone", "a device": Path("/dev/zero"), "itself": path}.get(to, elsewhere))
    done = shell.line(WRITE.format(name="li"))
    if to == "a private file":
        assert done.code == 0, done
    else:
        expect_refused(shell, done, ("RIGHTS.KEY", "RIGHTS.KEY_FILE", "INPUT.FILE"), before)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o602, 0o777, 0o610])
def test_k18_a_key_that_others_may_touch_signs_nothing(shell: Shell, mode: int) -> None:
    """Read, write or execute, for the group or for all; the hint says how to shut it, and doctor sees it too."""
    path, before = shell.folder / "keys" / "li.pem", shell.head()
    path.chmod(mode)
    done = shell.line(WRITE.format(name="li"))
    expect_refused(shell, done, ("RIGHTS.KEY_FILE",), before)
    assert f"chmod 600 {path}" in done.err
    assert "readable by others: li" in shell.line("doctor").out


@pytest.mark.parametrize("text", ["", "\n", SECRET[:-1] + "\n", SECRET.upper() + "\n", SECRET + " \n", "\ufeff" + SECRET, "x" * 5000])
def test_k18_a_wrong_passphrase_opens_nothing(shell: Shell, text: str) -> None:
    """Empty, nearly right, with a space or a mark more, too long."""
    before = shell.head()
    (shell.folder / "bad").write_text(text, "utf-8")
    done = shell.line(WRITE.format(name="zhao") + " --passphrase-file bad")
    expect_refused(shell, done, ("RIGHTS.PASSPHRASE", "INPUT.SIZE", "INPUT.FILE"), before)


@pytest.mark.parametrize("what", ["missing", "a folder", "a device", "a pipe"])
def test_k18_a_passphrase_file_that_is_none_is_refused(shell: Shell, what: str) -> None:
    """At once: a pipe does not hang."""
    path, before = shell.folder / "pass", shell.head()
    if what == "a folder":
        path.mkdir()
    elif what == "a pipe":
        os.mkfifo(path)
    word = "/dev/zero" if what == "a device" else "pass"
    expect_refused(shell, shell.line(WRITE.format(name="zhao") + f" --passphrase-file {word}"), ("INPUT.FILE",), before)


def everything(shell: Shell) -> bytes:
    """All bytes of all files, but for the passphrase's own."""
    return b"\n".join(path.read_bytes() for path in shell.folder.rglob("*") if path.is_file() and path.name != "good")


def test_k18_a_passphrase_stands_in_no_argument_variable_output_or_file(shell: Shell) -> None:
    """Given by file: neither the process's words nor its environment hold it; nor what it prints, with debugging on; nor any file."""
    words = [PROGRAM, *WRITE.format(name="zhao").split(), "--passphrase-file", "good", "--json"]
    environment = shell.environment | {"SUNLEDGER_DEBUG": "1"}
    with subprocess.Popen(words, cwd=shell.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        seen = [of_process(running.pid, name) for name in ("cmdline", "environ")]
        out, err = running.communicate(timeout=600)
    assert running.returncode == 0, err
    assert all(len(text) > 20 for text in seen)
    assert SECRET.encode() not in b"".join([*seen, out, err])
    assert SECRET.encode() not in everything(shell)


def test_k18_no_option_and_no_variable_takes_a_passphrase() -> None:
    """Only a file, the keyring, or a prompt that does not echo."""
    import click

    from ledger.commands import main as command_line
    from ledger.commands.options import _SETTINGS
    from tests.tidy.test_completeness import leaves

    root = command_line.build([command_line.register], chinese=False)
    options = {name for _, command in leaves((), root) for param in command.params if isinstance(param, click.Option) for name in param.opts}
    assert {name for name in options if "pass" in name or "secret" in name or "key" in name} == {
        "--passphrase-file", "--keyring", "--keys", "--public-key",
    }  # fmt: skip
    assert not any("pass" in name for name in _SETTINGS)


def test_k18_a_prompt_does_not_show_what_is_typed(shell: Shell) -> None:
    """At a terminal: asked for, not echoed, and a wrong one is refused."""
    line = "--lang zh " + WRITE.format(name="zhao")
    shown = Terminal(shell, line)
    shown.wait_for("口令")
    shown.type(SECRET + "\n")
    assert shown.end() == 0, shown.seen
    assert SECRET not in shown.seen
    shown = Terminal(shell, line.replace("PX", "PY"))
    shown.wait_for("口令")
    shown.type("wrong-" + SECRET + "\n")
    assert shown.end() == 4, shown.seen
    assert SECRET not in shown.seen


# --- the system's keyring -------------------------------------------------------------------------------------------


@pytest.fixture
def keyring(shell: Shell) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs a line in a process of its own, whose keyring is a file below the folder."""
    shell.environment |= {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring", "XDG_DATA_HOME": str(shell.folder / "data"),
                          "XDG_CONFIG_HOME": str(shell.folder / "config")}  # fmt: skip

    def run(line: str, **more: str) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run([PROGRAM, *line.split()], cwd=shell.folder, env=shell.environment | more, capture_output=True, text=True,
                              timeout=600, check=False)  # fmt: skip
        assert "Traceback" not in done.stderr
        return done

    return run


def kept(shell: Shell) -> str:
    """The passphrase in the keyring's file."""
    import base64
    import configparser

    (path,) = (shell.folder / "data").rglob("keyring_pass.cfg")
    config = configparser.RawConfigParser()
    config.read(path, "utf-8")
    (section,) = config.sections()
    ((_, value),) = config.items(section)
    return base64.decodebytes(value.encode()).decode()


def test_k18_a_passphrase_in_the_systems_keyring_signs(shell: Shell, keyring: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    """Made at random with the first key, found again for the next; it opens the key, and stands in no output and no other file."""
    assert keyring("officer new-key sun --keyring").returncode == 0
    secret = kept(shell)
    assert len(bytes.fromhex(secret)) == 32
    assert b"ENCRYPTED" in (shell.folder / "keys" / "sun.pem").read_bytes()
    enrol = "--as root officer enroll --officer sun --name 孙某 --authority 999901 --roles programme --public-key sun --yes --keyring"
    for line in (enrol, WRITE.format(name="sun") + " --keyring --json"):
        done = keyring(line)
        assert done.returncode == 0, done.stderr
        assert secret not in done.stdout + done.stderr
    assert kept(shell) == secret
    others = [path for path in shell.folder.rglob("*") if path.is_file() and path.name != "keyring_pass.cfg"]
    assert not [path for path in others if secret.encode() in path.read_bytes()]


def test_k18_a_keyring_in_trouble_signs_nothing(shell: Shell, keyring: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    """None kept, another key store's, said in two ways, no keyring at all: 4, 2, 13."""
    before = shell.head()
    done = keyring(WRITE.format(name="zhao") + " --keyring")
    assert (done.returncode, "error[RIGHTS.PASSPHRASE]" in done.stderr) == (4, True), done
    done = keyring(WRITE.format(name="zhao") + " --keyring --passphrase-file good")
    assert done.returncode == 2, done
    done = keyring(WRITE.format(name="zhao") + " --keyring", PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring")
    assert (done.returncode, "error[STORAGE.KEYRING]" in done.stderr) == (13, True), done
    assert keyring("officer new-key sun --keyring").returncode == 0
    shutil.copytree(shell.folder / "keys", shell.folder / "keys2")
    done = keyring("--keys keys2 " + WRITE.format(name="sun") + " --keyring")
    assert (done.returncode, "error[RIGHTS.PASSPHRASE]" in done.stderr) == (4, True), done
    assert shell.head() == before


def test_k18_the_keyring_of_another_key_does_not_open_this_one(shell: Shell, keyring: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    """zhao's key was made with another passphrase than the one the keyring holds."""
    assert keyring("officer new-key sun --keyring").returncode == 0
    done = keyring(WRITE.format(name="zhao") + " --keyring")
    assert (done.returncode, "error[RIGHTS.PASSPHRASE]" in done.stderr) == (4, True), done
    assert kept(shell) not in done.stderr + done.stdout
