"""What a file of a ledger is, told by its first bytes."""

from ledger.chain.tlog_proof import FIRST_LINE

BEGINNINGS = {b"SQLite format 3\0": "ledger", b"%PDF": "paper", b"PK": "bundle",
              b'{"format":"sunledger.evidence/': "evidence", b'{"format":"sunledger.seen/': "seen", b"{": "disclosure", FIRST_LINE.encode(): "tlog-proof"}  # fmt: skip
_SIGNED = "\n\n\u2014 ".encode()  # before the first signature of a note


def sort_of(start: bytes) -> str:
    """What a file is that a reader names: one of those that are known by their beginning, else it must be a checkpoint."""
    return known_sort(start) or "checkpoint"


def known_sort(start: bytes) -> str:
    """What a file is, '' where its beginning does not tell."""
    found = next((sort for beginning, sort in BEGINNINGS.items() if start.startswith(beginning)), "")
    return found or ("checkpoint" if _SIGNED in start else "")
