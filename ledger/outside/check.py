"""The check of one file, offline: what it says, whether that holds by itself, and whether somebody the reader trusts vouches for it.

A file is never its own judge: without a key, a ledger id or a checkpoint from elsewhere, a check is of consistency only. Who
vouches is decided in `ledger.disclosure.trust` alone; what is cheap to look at is looked at before a history is replayed.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from ledger.chain.note import parse_checkpoint, parse_note
from ledger.disclosure.check import Checked
from ledger.disclosure.listing import Status
from ledger.disclosure.people import Author
from ledger.disclosure.source import Source
from ledger.disclosure.trust import Trust, Vouching, vouch, vouch_for_both
from ledger.errors import IntegrityFailed, LedgerError, Problem
from ledger.outside.bundles import Bundle, judge
from ledger.outside.evidence import contradiction, parse_evidence, statements
from ledger.outside.heads import of_bundle, signing_keys
from ledger.words import Fault

FAILED, CONSISTENT, OPEN = "failed", "consistency only", "undecided"


class Entry(msgspec.Struct, frozen=True):
    """What is said of one entry: what it is, what has become of it, and the sealed values that are opened."""

    seq: int
    verdict: str
    id: str = ""
    kind: str = ""
    status: Status | None = None
    opened: dict[str, str] = {}

    def as_json(self) -> dict[str, Any]:
        """As documents have it."""
        named = {"id": self.id, "kind": self.kind} if self.id or self.kind or self.status else {}
        status = {"status": str(self.status)} if self.status else {}
        return {"seq": self.seq, **named, **status, "verdict": self.verdict, **({"opened": self.opened} if self.opened else {})}


class Report(msgspec.Struct):
    """What the check of a file found: `failed`, `undecided`, `consistency only`, or what is proved by whom."""

    sort: str
    verdict: str
    origin: str = ""
    ledger_id: str = ""
    size: int = 0
    root: str = ""
    vouched_by: list[str] = []
    problems: list[Problem] = []
    undecided: list[Problem] = []
    entries: list[Entry] = []
    cannot_exclude: list[str] = []
    author: Author | None = None  # who states that books are whole, where nobody else does
    fork: Fault | None = None  # what two histories say differently

    @property
    def ok(self) -> bool:
        """Whether it holds, and somebody the reader trusts vouches for it."""
        return self.word == "ok"

    @property
    def word(self) -> str:
        """One of the four words of docs/format.md §15: `ok`, `failed`, `undecided`, `unreadable`."""
        return {FAILED: "failed", CONSISTENT: "undecided", OPEN: "undecided", "unreadable": "unreadable"}.get(self.verdict, "ok")


def failed(sort: str, error: LedgerError) -> Report:
    """The report of a file that contradicts itself."""
    return Report(sort, FAILED, problems=error.problems)


def report(source: Source, found: Vouching, proved: str) -> Report:
    """The report of a source, as it was vouched for."""
    verdict = FAILED if found.problems else OPEN if found.undecided else proved if found.by else CONSISTENT
    head = source.head
    return Report(source.sort, verdict, head.origin, source.ledger_id, head.size, head.root.hex(), found.by, found.problems,
                  found.undecided)  # fmt: skip


def check_source(source: Source, trust: Trust) -> Report:
    """The check of a checkpoint, or of the proof of one entry."""
    found = report(source, vouch(source, trust), "proved" if source.headers else "signed")
    found.entries = [_entry(seq, source.content(seq), found.verdict) for seq in source.headers]
    return found


class _Peek(msgspec.Struct):
    id: str
    kind: str


def _entry(seq: int, content: bytes | None, verdict: str) -> Entry:
    try:
        told = None if content is None else msgspec.json.decode(content, type=_Peek)
    except msgspec.DecodeError:
        told = None
    return Entry(seq, verdict, told.id, told.kind) if told else Entry(seq, verdict)


def check_bundle(raw: bytes, where: str, trust: Trust, now: str) -> Report:
    """The check of a bundle: the whole of `verify`, but for a database.

    Its history is replayed only where it is not refuted without: by its ledger id, its signature, another history.
    """
    source = of_bundle(raw, where, judged=False)
    found = vouch(source, trust)
    may_be_replaced = source.knows != "whole" and {str(problem["code"]) for problem in found.problems} <= {"CHECK.KEY", "CHECK.BROUGHT"} and _is_named(source, trust)
    if found.problems and not may_be_replaced:
        return report(source, found, "verified")
    judged = judge(Bundle(raw, where), source.head.origin, now)
    if source.knows != "whole":  # its ledger key was replaced: by what right is known now
        source.signing, source.knows = signing_keys(judged.state), "whole"
        found = vouch(source, trust)
    told = judged.findings.in_order()
    if judged.findings.verdict == "failed":
        found.problems += told
    else:
        found.undecided += told
    return report(source, found, "verified")


def _is_named(source: Source, trust: Trust) -> bool:
    """Whether the reader brought more of this ledger than keys: an id, or a file."""
    return source.ledger_id in trust.ledger_ids or any(head.head.origin == source.head.origin for head in trust.heads)


def check_disclosure(checked: Checked, sort: str, problems: Sequence[Problem] = (), undecided: Sequence[Problem] = ()) -> Report:
    """The report of a disclosure that was checked; `problems` and `undecided` are those of the paper around it."""
    every, opened = list(problems) or checked.problems, list(undecided) or checked.undecided
    verdict = FAILED if every else OPEN if opened else checked.verdict if checked.vouched_by else CONSISTENT
    head, source, listing = checked.checkpoint, checked.source, checked.listing
    each = verdict if verdict in (FAILED, OPEN, CONSISTENT) else "proved"
    entries = [Entry(line.seq, each, line.id, line.kind, checked.statuses[line.seq], {} if every else {name: part.value for name, part in line.opened.items()})
               for line in listing.lines] if listing else []  # fmt: skip
    return Report(sort, verdict, head.origin if head else "", source.ledger_id if source else "", head.size if head else 0, head.root.hex() if head else "",
                  checked.vouched_by, every, opened, entries, checked.cannot_exclude, checked.stated_by)  # fmt: skip


def check_evidence(raw: bytes, where: str, trust: Trust) -> Report:
    """The check of the evidence of a fork: both sides hold, contradict each other, and are signed by one key the reader trusts."""
    evidence = parse_evidence(raw, where)
    a, b = statements(evidence.a, where), statements(evidence.b, where)
    notes = [evidence.a.checkpoint, evidence.b.checkpoint]
    heads = [parse_checkpoint(parse_note(note).text) for note in notes]
    said = contradiction(a, b)
    if not said:
        raise IntegrityFailed("PROOF.NO_FORK", where=where)
    if {head.origin for head in heads} != {evidence.origin}:
        raise IntegrityFailed("INV-16.ORIGIN:side", where=where)
    found = vouch_for_both(where, evidence.origin, notes, trust)
    ids = {leaf.hex() for side in (a, b) for seq, leaf in side.leaves.items() if seq == 0}
    if (ids - {evidence.ledger_id}) or (trust.ledger_ids and evidence.ledger_id not in ("", *trust.ledger_ids)):
        found.problems.append(Problem("CHECK.LEDGER_ID", where=where, id=evidence.ledger_id))
    source = Source(where, "evidence", heads[1], ledger_id=evidence.ledger_id if ids else "")  # proved by entry 0 alone
    made = report(source, found, f"fork proved: {said}")
    made.fork = said
    return made
