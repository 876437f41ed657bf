"""Peers checking the same transfers; one that is not installed prints "not run"."""

import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from bench.raw import Entry


def journal(entries: list[Entry], path: Path) -> int:
    """Write the payments as an hledger and ledger journal; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for seq, _, content, _ in entries:
            if b'"kind":"payment.request"' in content:
                file.write(
                    f"2025-06-01 pay {seq}\n    project:p{seq % 400}:reserved  CNY 123.45\n    project:p{seq % 400}:budget\n\n"
                )
                count += 1
    return count


def beancount_journal(count: int, path: Path) -> None:
    """The same number of transfers for beancount."""
    with path.open("w", encoding="utf-8") as file:
        for n in range(400):
            file.write(f"2025-01-01 open Assets:P{n}:Reserved CNY\n2025-01-01 open Assets:P{n}:Budget CNY\n")
        for n in range(count):
            p = n % 400
            file.write(
                f'2025-06-01 * "pay {n}"\n  Assets:P{p}:Reserved  123.45 CNY\n  Assets:P{p}:Budget  -123.45 CNY\n\n'
            )


def _timed(command: list[str]) -> float | None:
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started if done.returncode == 0 else None


def check_seconds(folder: Path, entries: list[Entry]) -> dict[str, float | None]:
    """Seconds each peer needs to read and check; None where it is not installed or failed."""
    count = journal(entries, folder / "peer.journal")
    found: dict[str, float | None] = {"hledger check": None, "bean-check": None}
    if shutil.which("hledger"):
        found["hledger check"] = _timed(["hledger", "-f", str(folder / "peer.journal"), "check"])
    if find_spec("beancount"):
        beancount_journal(count, folder / "peer.beancount")
        found["bean-check"] = _timed(
            [sys.executable, "-m", "beancount.scripts.check", "--no-cache", str(folder / "peer.beancount")]
        )
    return found
