"""`make bench`: full verify against RAW chain, append against RAW insert, at 100,000 entries; a table and JSON."""

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.county import Bench
from bench.peers import check_seconds
from bench.raw import chain_seconds, insert_seconds, stored_entries
from ledger.calendar import format_at
from ledger.verify.run import verify

OUT = Path(__file__).parent / "out"


def verify_seconds(bench: Bench) -> float:
    """One full verify."""
    started = time.perf_counter()
    with bench.ledger.database.reading() as connection:
        result = verify(bench.ledger.database, connection, now=format_at(bench.ledger.clock()), heads=[])
    seconds = time.perf_counter() - started
    if not result.ok:
        raise SystemExit(f"the measured ledger does not verify: {result.problems[0]}")
    return seconds


def append_seconds(bench: Bench, batch: int, rounds: int) -> float:
    """`rounds` appends of `batch` payments."""
    drafts = [bench.payments(batch) for _ in range(rounds)]
    started = time.perf_counter()
    for part in drafts:
        bench.append_drafts(part)
    return time.perf_counter() - started


def measure(entries: int, rounds: int, folder: Path) -> list[dict[str, Any]]:
    """All rows of the table."""
    bench = Bench(folder / "bench.db")
    while (size := bench.size()) < entries:
        bench.append(min(5000, entries - size))
    rows = stored_entries(folder / "bench.db")
    verifies, chains = [], []
    for _ in range(rounds):
        verifies.append(verify_seconds(bench))
        chains.append(chain_seconds(rows))
    table = [_row("full verify against RAW chain", entries, verifies, chains, higher_is_ours=False)]
    for batch, times in ((1000, 10), (1, 200)):
        ours, raws = [], []
        for n in range(rounds):
            ours.append(append_seconds(bench, batch, times))
            sample = stored_entries(folder / "bench.db")[-batch * times :]
            raws.append(insert_seconds(sample, folder / f"raw{batch}-{n}.db", batch))
        table.append(
            _row(
                f"append by {batch} against RAW insert, wall", batch * times, ours, raws, higher_is_ours=True
            )
        )
    for name, seconds in check_seconds(folder, rows).items():
        table.append({"what": f"full verify against {name}", "ratio": "not run" if seconds is None else
                      round(seconds / statistics.median(verifies), 2)})  # fmt: skip
    bench.ledger.close()
    return table


def _row(
    what: str, n: int, ours: list[float], theirs: list[float], *, higher_is_ours: bool
) -> dict[str, Any]:
    pairs = [a / b if higher_is_ours else b / a for a, b in zip(ours, theirs, strict=True)]
    return {
        "what": what, "entries": n, "ours_per_s": round(n / statistics.median(ours)),
        "yardstick_per_s": round(n / statistics.median(theirs)), "ratio": round(statistics.median(pairs), 4),
        "ratio_min": round(min(pairs), 4), "ratio_max": round(max(pairs), 4),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = measure(chosen.entries, chosen.rounds, Path(folder))
    for row in table:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    OUT.mkdir(exist_ok=True)
    (OUT / "bench.json").write_text(
        json.dumps({"python": platform.python_version(), "rows": table}, indent=1) + "\n", "utf-8"
    )
    print(f"also in {OUT / 'bench.json'}", file=sys.stderr)


if __name__ == "__main__":
    main()
