"""The README says only what runs."""

import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ledger.errors
from ledger.commands.interrupts import EXIT_CODE
from ledger.intake.divisions import bundled_notices
from tests import docs_blocks

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
_BLOCK = re.compile(r"<!-- run: executed by tests/docs -->\n```sh\n(.*?)```", re.DOTALL)
_DEMO = re.compile(r"<!-- demo output: compared by tests/docs -->\n```\n(.*?)```", re.DOTALL)


def _run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LANG": "zh_CN.UTF-8",
    }
    return subprocess.run(
        ["bash", "-euc", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def _without_chance(text: str) -> str:
    """Output without what differs from run to run: digests, and where chance drew the changed byte."""
    text = re.sub(r"[0-9a-f]{16,64}", "#", text)
    return "\n".join(
        line
        for line in text.splitlines()
        if "副本第" not in line and "核验：不通过" not in line and "种子" not in line
    )


def test_the_readme_has_its_scripts() -> None:
    """Each marked to be run."""
    assert len(_BLOCK.findall(README)) == 4


@pytest.mark.parametrize("block", _BLOCK.findall(README), ids=lambda block: str(block.splitlines()[0])[:40])
def test_every_script_of_the_readme_runs_as_written(block: str, tmp_path: Path) -> None:
    """In an empty folder, off a terminal."""
    (tmp_path / "notices.json").write_bytes(bundled_notices())
    done = _run(block.replace("VERIFIER", str(ROOT / "verifier" / "verify.py")), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "通过" in done.stdout or "verdict: ok" in done.stdout
    for paper in re.findall(r"^sunledger report .* -o (\S+)", block, re.MULTILINE):
        assert (tmp_path / paper).read_bytes().startswith(b"%PDF-")


def test_the_table_of_exit_codes_is_that_of_the_errors() -> None:
    """Each class of error has its line, and 0, 1 and 130 theirs."""
    rows = re.findall(r"^\| ([0-9]+) \| ", README.partition("## Exit codes")[2].partition("\n## ")[0], re.MULTILINE)
    classes = {error.exit_code for _, error in inspect.getmembers(ledger.errors, inspect.isclass) if issubclass(error, ledger.errors.LedgerError)}
    assert [int(code) for code in rows] == sorted({0, EXIT_CODE} | classes)


def test_the_reference_of_kinds_is_made_from_the_declarations() -> None:
    """`make docs` would change nothing."""
    assert docs_blocks.KINDS_PAGE.read_text("utf-8") == docs_blocks.kinds_page()


def test_the_demo_prints_what_the_readme_shows_and_the_same_in_json(tmp_path: Path) -> None:
    """One JSON document; a second run replaces the first and prints what the README shows; a folder of someone else's is left alone."""
    done = _run("sunledger demo demo --seed 3 --json", tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["format"] == "sunledger.demo/1"
    assert answer["verified"] is True
    assert answer["tampering_found"] is True
    assert answer["fork_found"] is True
    assert all(Path(tmp_path, report).exists() for report in answer["reports"])
    shown = _DEMO.search(README)
    assert shown
    done = _run("sunledger demo demo", tmp_path)
    assert done.returncode == 0, done.stderr
    assert _without_chance(shown[1]) == _without_chance(done.stdout)
    assert "核验：不通过" in done.stdout
    assert len(list((tmp_path / "demo").glob("*.pdf"))) == 7
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    assert _run("sunledger demo mine", tmp_path).returncode == 6
    assert (tmp_path / "mine" / "letter.txt").read_text() == "mine"
