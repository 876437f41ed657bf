"""The stand-alone verifier's verdict on a bundle, in the few words that these tests compare."""

from __future__ import annotations

from dataclasses import dataclass

from verifier import verify

NOW = "2026-12-01T00:00:00Z"


@dataclass
class Verdict:
    """What a check found; `ok` is exit code 0, or 11 for nothing but that nothing was brought."""

    ok: bool
    problems: list[str]
    balances: dict[tuple[str, str, str], int]
    entries: int
    root: str
    trust: list[str]
    cannot_exclude: list[str]
    verdict: str


def judge(bundle: bytes, *, ledger_id: str | None = None, ledger_key: str | None = None,
          earlier_checkpoint: str | None = None, now: str = NOW) -> Verdict:  # fmt: skip
    """Check a bundle with what the reader brings."""
    try:
        keys = [] if ledger_key is None else [verify.read_vkey(ledger_key)]
        notes = [] if earlier_checkpoint is None else [("the note", verify.read_note(earlier_checkpoint))]
    except ValueError as error:
        return Verdict(False, [str(error)], {}, 0, "", [], [], "usage")
    result = verify.check_bundle(bundle, verify.Trust(ledger_id, keys, notes, now))
    side, replay = result.side, result.replay
    found = [*result.problems, *(doubt for doubt in result.doubts if doubt.code != "NO_TRUST")]
    return Verdict(
        ok=result.exit_code in (0, 11) and not found,
        problems=[problem.words for problem in found],
        balances=replay.balances() if replay else {},
        entries=side.size if side else 0,
        root=verify.b64(side.root) if side else "",
        trust=result.trust,
        cannot_exclude=result.cannot_exclude,
        verdict=result.verdict,
    )
