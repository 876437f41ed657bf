"""A-28: verify is lied to. No word in its surroundings weakens it, it says which version it is, and it has a second opinion.

What cannot be excluded from inside: whoever can put code into the same Python (`sitecustomize`, a changed package, another
`sunledger` in the path) can make this program say anything. So a check that matters is made by another program on another
machine: `verifier/verify.py`, which imports nothing of the product, under `python -I`, which looks
at no path or word of its surroundings.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledger import __version__
from ledger.bundle import build_bundle
from ledger.chain.merkle import Frontier
from ledger.chain.note import Checkpoint, checkpoint_text, sign_note
from ledger.service import Ledger
from tests.outside.office import Office
from tests.tidy.source import MODULES, TREES

PROGRAM = Path(sys.executable).parent / "sunledger"
VERIFIER = Path(__file__).parents[2] / "verifier" / "verify.py"
SURROUNDINGS = {
    "words of the ledger's name": {"LEDGER_SKIP": "1", "SUNLEDGER_SKIP": "1", "SUNLEDGER_SKIP_VERIFY": "1", "SUNLEDGER_TRUST": "1",
                                   "SUNLEDGER_UNSAFE": "1", "SUNLEDGER_FAST": "1", "SUNLEDGER_EVEN_IF_UNVERIFIED": "1", "SKIP_VERIFY": "1"},
    "assertions off": {"PYTHONOPTIMIZE": "2"},
    "debugging": {"SUNLEDGER_DEBUG": "1", "PYTHONVERBOSE": ""},
    "another day": {"TZ": "America/St_Johns", "SOURCE_DATE_EPOCH": "1"},
    "other hashes": {"PYTHONHASHSEED": "7"},
}  # fmt: skip
READ = {
    "SUNLEDGER_LEDGER", "SUNLEDGER_AS", "SUNLEDGER_KEYS", "SUNLEDGER_VAULT", "SUNLEDGER_LANG", "SUNLEDGER_DEBUG",  # ours
    "LC_ALL", "LC_MESSAGES", "LANG", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "NO_COLOR",  # everybody's
}  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A ledger whose entry 9 was rewritten without a key, and a sound copy's bundle."""
    made = Office.founded(tmp_path, str(tmp_path / "ledger.db"), None)
    made.all("export bundle -o sound.zip\ncheckpoint -o kept.note")
    made.rewrite(9, [])
    return made


def verify(office: Office, *words: str, **surroundings: str) -> "subprocess.CompletedProcess[str]":
    """A verify in a process of its own."""
    return subprocess.run(
        [PROGRAM, "--lang", "en", "verify", *words], cwd=office.folder, env=office.shell.environment | surroundings, capture_output=True,
        text=True, timeout=600, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("what", SURROUNDINGS)
def test_a28_nothing_in_the_environment_weakens_verify(office: Office, what: str) -> None:
    """The same verdict, the same findings, and the version that gave them."""
    plain, told = verify(office), verify(office, **SURROUNDINGS[what])
    assert (plain.returncode, told.returncode) == (10, 10)
    assert told.stderr.splitlines() == plain.stderr.splitlines()
    assert f"sunledger {__version__};" in told.stdout


def test_a28_settings_beside_the_ledger_cannot_weaken_verify(office: Office) -> None:
    """The folder is the administrator's: a file there names places and a language, nothing else."""
    for words in ("skip = 'yes'", "verify = 'fast'", "even_if_unverified = 'true'", "trust = 'all'"):
        (office.folder / "sunledger.toml").write_text(words)
        done = verify(office, SUNLEDGER_KEYS="")
        assert (done.returncode, "INPUT.SETTINGS" in done.stderr) == (3, True), done
    (office.folder / "sunledger.toml").write_text("lang = 'en'\n")
    assert verify(office).returncode == 10


def test_a28_the_words_read_from_the_environment_are_these() -> None:
    """A list: a new one is looked at before it is added here."""
    found = set()
    for tree in TREES.values():
        for node in ast.walk(tree):
            of = node.func if isinstance(node, ast.Call) else node.value if isinstance(node, ast.Subscript) else None
            text = ast.unparse(of) if isinstance(of, ast.Attribute | ast.Name) else ""
            if text.startswith(("os.environ", "os.getenv", "environ.")):
                found |= {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("SUNLEDGER_"):
                found.add(node.value)
    assert {"SUNLEDGER_KEYS", "SUNLEDGER_DEBUG"} <= found
    assert {word for word in found if word.isupper() and "_" in word and not word.startswith(("LC_", "XDG_", "NO_"))} <= READ, found - READ
    assert found


def test_a28_no_module_judges_by_an_assertion() -> None:
    """`python -O` takes assertions away: none stands in what verifies but of constants, and no option switches a check off."""
    for name, tree in TREES.items():
        if name.startswith("ledger.verify"):
            for node in ast.walk(tree):
                if isinstance(node, ast.Assert):
                    names = {part.id for part in ast.walk(node.test) if isinstance(part, ast.Name)}
                    assert all(word.isupper() or word in ("isinstance", "ED25519") for word in names) or "isinstance" in names, ast.unparse(node)
    assert any(name.startswith("ledger.verify") for name in MODULES)


def test_a28_code_in_the_same_python_can_lie_and_a_second_program_does_not(office: Office) -> None:
    """A `sitecustomize` makes the product say yes: shown, because it cannot be prevented. The second verifier says no."""
    lies = office.folder / "lies"
    lies.mkdir()
    (lies / "sitecustomize.py").write_text(
        "import sys, importlib.abc\n"
        "class Lie(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'ledger.verify.run':\n"
        "            sys.meta_path.remove(self)\n"
        "            import ledger.verify.findings as found\n"
        "            found.Findings.add = lambda *a, **k: None\n"
        "sys.meta_path.insert(0, Lie())\n"
    )
    assert verify(office).returncode == 10
    assert verify(office, PYTHONPATH=str(lies)).returncode == 0
    bundle = forged_bundle(office)
    for raw, code in ((office.path("sound.zip"), 0), (bundle, 10)):
        words = [sys.executable, "-I", VERIFIER, raw, "--ledger-id", office.json("verify", 10)["ledger_id"]]
        done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False, env={"PYTHONPATH": str(lies)})
        assert done.returncode == code, done


def forged_bundle(office: Office) -> Path:
    """What the lying product would export of the rewritten ledger."""
    ledger = Ledger.open(office.target)
    with ledger.reading() as session:
        tree = Frontier()
        tree.extend(session.history.entry(seq)[2] for seq in range(session.size))
        (name,) = [path.stem for path in (office.folder / "keys").glob("ledger.*.pem")]
        note = sign_note(checkpoint_text(Checkpoint(session.origin, tree.size, tree.root())), session.origin, office.signer(name).private)
        raw = build_bundle(session, tree.size, note)
    ledger.close()
    path = office.path("forged.zip")
    path.write_bytes(raw)
    return path


def test_a28_the_second_verifier_imports_nothing_of_the_product() -> None:
    """Another code base: the standard library, and one for Ed25519."""
    names = set()
    for node in ast.walk(ast.parse(VERIFIER.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level
            names.add(str(node.module).partition(".")[0])
    assert names <= set(sys.stdlib_module_names) | {"cryptography"}, names
    assert os.access(VERIFIER, os.R_OK)
