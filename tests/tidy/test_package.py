"""What people install: the wheel, looked into and run, and the two locks."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from reports.faces import FOLDER, SHA256
from tests.tidy.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = {name: (ROOT / name).read_text("utf-8") for name in ("requirements.lock", "requirements-dev.lock")}
_PINNED = re.compile(r"^([a-z0-9.\-]+)(?:\[[a-z0-9,\-]+\])?==([^\s;\\]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of a copy of the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("ledger", "reports", "migrations", "verifier", "docs", "cli.py", "pyproject.toml", "README.md", "LICENSE"):
        subprocess.run(["cp", "-a", ROOT / name, source / name], check=True)
    done = subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_carries_the_verifier_and_the_format_page(wheel: zipfile.ZipFile) -> None:
    """The same bytes as in the repository, and both can be handed out."""
    assert wheel.read("ledger/data/verify.txt") == (ROOT / "verifier" / "verify.py").read_bytes()
    assert wheel.read("ledger/data/format.md") == (ROOT / "docs" / "format.md").read_bytes()


def test_the_wheel_claims_four_names_and_carries_what_it_reads(wheel: zipfile.ZipFile) -> None:
    """Nothing of tests; typefaces with their licence; words; notices."""
    names = set(wheel.namelist())
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"cli.py", "ledger", "reports", "migrations"}
    assert {f"reports/fonts/{name}.ttf" for name in SHA256} | {"reports/fonts/OFL.txt"} <= names
    assert {"ledger/words/zh.toml", "ledger/words/en.toml", "ledger/data/notices.json", "ledger/data/schema-sqlite.txt", "migrations/versions/r0001_first.py"} <= names
    assert {path.name for path in FOLDER.glob("*.ttf")} == {f"{name}.ttf" for name in SHA256}


def test_the_wheel_unpacked_runs_and_hands_out_a_verifier_that_verifies(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """A ledger made by it, a bundle exported by it, judged by the verifier it hands out."""
    wheel.extractall(tmp_path / "site")
    environment = {"PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path), "PATH": "", "SUNLEDGER_LANG": "en"}

    def run(*words: str) -> str:
        done = subprocess.run([sys.executable, "-P", *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    run("-m", "cli", "init", "--origin", "demo.example/county", "--name", "示例县台账", "--yes")
    run("-m", "cli", "checkpoint", "-o", "county.note")
    run("-m", "cli", "export", "verifier", "-o", "verify.py")
    run("-m", "cli", "export", "format", "-o", "format.md")
    assert "verdict: ok" in run("verify.py", "sunledger.db", "--checkpoint", "county.note")


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    """Whoever installs from it gets these bytes, from wherever he gets his packages."""
    assert len(_PINNED.findall(LOCKS[name])) > 15
    for block in re.split(r"\n(?=[a-z])", LOCKS[name].strip()):
        assert "--hash=sha256:" in block, block[:80]
    assert "http" not in LOCKS[name]
    assert "--index-url" not in LOCKS[name]
    assert "file://" not in LOCKS[name]


def test_the_users_lock_has_what_the_program_needs_and_no_more() -> None:
    """No test, lint or server tool; and developers have the same versions."""
    users, developers = (dict(_PINNED.findall(LOCKS[name])) for name in ("requirements.lock", "requirements-dev.lock"))
    wanted = {re.split(r"[\[>=<;]", line)[0] for line in PROJECT["dependencies"]}
    assert wanted <= set(users)
    assert not {"pytest", "mypy", "ruff", "sigstore", "hypothesis", "pgserver", "psycopg", "fonttools"} & set(users)
    assert len(users) <= 25
    assert users.items() <= developers.items()


def test_no_dependency_is_held_back_without_a_date_and_a_reason() -> None:
    """An upper bound or an exact version has a date beside it or above it."""
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r'\s*"[a-z0-9.\-]+(\[[a-z,]+\])?[^"]*(<|==)[0-9]', line):
            assert re.search(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", "\n".join(lines[max(0, number - 2) : number + 1])), line
