"""The check of one file, offline: what it says, whether that holds by itself, and whether somebody the reader trusts vouches for it.

A file is never its own judge: without a key, a ledger id or a checkpoint from elsewhere, a check is of consistency only.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from ledger.book.objects import LedgerKeys
from ledger.chain.keys import unb64
from ledger.chain.note import (
    ED25519_NOTE,
    WITNESS_TYPE,
    Checkpoint,
    VerifierKey,
    is_signed_by_key,
    parse_checkpoint,
    parse_note,
)
from ledger.disclosure.check import Checked
from ledger.disclosure.shape import Disclosure
from ledger.disclosure.trust import Trust, Vouching, take_witnesses
from ledger.errors import IntegrityFailed, LedgerError, Problem
from ledger.outside.bundles import Bundle, judge
from ledger.outside.compare import EXTENDS, FORK, UNDECIDED, compare
from ledger.outside.evidence import contradiction, parse_evidence, statements
from ledger.outside.heads import Source, of_bundle, of_disclosure, parse_head

FAILED, CONSISTENT, OPEN = "failed", "consistency only", "undecided"


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
    entries: list[dict[str, Any]] = []
    cannot_exclude: list[str] = []

    @property
    def ok(self) -> bool:
        """Whether it holds, and somebody the reader trusts vouches for it."""
        return self.verdict not in (FAILED, CONSISTENT, OPEN)


def failed(sort: str, error: LedgerError) -> Report:
    """The report of a file that contradicts itself."""
    return Report(sort, FAILED, problems=error.problems)


def report(source: Source, found: Vouching, proved: str) -> Report:
    """The report of a source, as it was vouched for."""
    verdict = FAILED if found.problems else OPEN if found.undecided else proved if found.by else CONSISTENT
    head = source.head
    return Report(source.sort, verdict, head.origin, source.ledger_id, head.size, head.root.hex(), found.by, found.problems,
                  found.undecided)  # fmt: skip


def check_source(source: Source, trust: Trust, others: Sequence[Source]) -> Report:
    """The check of a checkpoint, or of the proof of one entry; `others` are files whose heads are trusted."""
    keys = [(0, VerifierKey(source.head.origin, ED25519_NOTE, key)) for key in source.keys]
    found = report(source, vouch(source, trust, others, keys, whole=False), "proved" if source.headers else "signed")
    found.entries = [{"seq": seq, **_told(source.content(seq)), "verdict": found.verdict} for seq in source.headers]
    return found


class _Peek(msgspec.Struct):
    id: str
    kind: str


def _told(content: bytes | None) -> dict[str, str]:
    try:
        return {} if content is None else msgspec.to_builtins(msgspec.json.decode(content, type=_Peek))
    except msgspec.DecodeError:
        return {}


def check_bundle(raw: bytes, where: str, trust: Trust, others: Sequence[Source], now: str) -> Report:
    """The check of a bundle: the whole of `verify`, but for a database."""
    source = of_bundle(raw, where)
    judged = judge(Bundle(raw, where), source.head.origin, now)
    known: LedgerKeys | None = judged.state.get("ledger_keys", "")
    keys = [(start, VerifierKey(source.head.origin, ED25519_NOTE, unb64(key, 32))) for start, key in known.keys] if known else []
    found = vouch(source, trust, others, keys, whole=True)
    told = judged.findings.in_order()
    if judged.findings.verdict == "failed":
        found.problems += told
    else:
        found.undecided += told
    return report(source, found, "verified")


def check_disclosure(checked: Checked, sort: str, ledger_id: str, problems: Sequence[Problem] = (),
                     undecided: Sequence[Problem] = ()) -> Report:  # fmt: skip
    """The report of a disclosure that was checked; `problems` and `undecided` are those of the paper around it."""
    every, opened = list(problems) or checked.problems, list(undecided) or checked.undecided
    verdict = FAILED if every else OPEN if opened else checked.verdict if checked.vouched_by else CONSISTENT
    head, listing = checked.checkpoint, checked.listing
    each = verdict if verdict in (FAILED, OPEN, CONSISTENT) else "proved"
    entries = [{"seq": line.seq, "id": line.id, "kind": line.kind, "status": checked.statuses[line.seq], "verdict": each}
               | ({"opened": {name: part.value for name, part in line.opened.items()}} if line.opened and not every else {})
               for line in listing.lines] if listing else []  # fmt: skip
    return Report(sort, verdict, head.origin if head else "", ledger_id, head.size if head else 0, head.root.hex() if head else "",
                  checked.vouched_by, every, opened, entries, checked.cannot_exclude)  # fmt: skip


def trusted_heads(disclosure: Disclosure, where: str, others: Sequence[Source]) -> tuple[Checkpoint, ...]:
    """The heads that a check of a disclosure may trust: those of `others`, and its own where one of them leads back to it.

    Raises IntegrityFailed where one of them shows that it is of another history.
    """
    heads = []
    for other in others:
        own = parse_head(disclosure.checkpoint, where)
        head = other.head
        if other.sort != "checkpoint" and own.size < head.size:
            found = compare(of_disclosure(disclosure, where), other)
            if found.relation == FORK:
                raise IntegrityFailed(f"{where} is of another history than {other.where}: {found.detail}", code="CHECK.FORK")
            head = own if found.relation == EXTENDS else head
        heads.append(head)
    return tuple(heads)


def check_evidence(raw: bytes, where: str, trust: Trust) -> Report:
    """The check of the evidence of a fork: both sides hold, contradict each other, and are signed by one key the reader trusts."""
    evidence = parse_evidence(raw, where)
    a, b = statements(evidence.a, where), statements(evidence.b, where)
    notes = [parse_note(side.checkpoint) for side in (evidence.a, evidence.b)]
    heads = [parse_checkpoint(note.text) for note in notes]
    said = contradiction(a, b)
    if not said:
        raise IntegrityFailed(f"{where}: its two sides do not contradict each other", code="PROOF.NO_FORK")
    if {head.origin for head in heads} != {evidence.origin}:
        raise IntegrityFailed(f"{where}: a side is of another ledger", code="INV-16.ORIGIN")
    found = Vouching()
    ids = {leaf.hex() for side in (a, b) for seq, leaf in side.leaves.items() if seq == 0}
    if (ids - {evidence.ledger_id}) or (trust.ledger_ids and evidence.ledger_id not in ("", *trust.ledger_ids)):
        found.problems.append(Problem("CHECK.LEDGER_ID", f"{where} is of ledger {evidence.ledger_id}, not of the one you trust"))
    brought = [key for key in trust.keys if key.type_byte == WITNESS_TYPE or key.name == evidence.origin]
    signers = [key for key in brought if all(is_signed_by_key(note, key) for note in notes)]
    if brought and not signers:
        found.problems.append(Problem("CHECK.SIGNATURE", f"{where}: no key you trust signed both of its checkpoints"))
    found.by += [f"key {key}, which signed both" for key in signers]
    if not (found.by or found.problems or trust.is_empty):
        found.undecided.append(_nobody(where))
    source = Source(where, "evidence", heads[1], ledger_id=evidence.ledger_id if ids else "")  # proved by entry 0 alone
    return report(source, found, f"fork proved: {said}")


def _nobody(where: str) -> Problem:
    return Problem("CHECK.NOT_VOUCHED", f"nobody you trust vouches for {where}",
                   hint="bring the ledger's key, or a file that leads from your checkpoint to this one")  # fmt: skip


def vouch(source: Source, trust: Trust, others: Sequence[Source], keys: Sequence[tuple[int, VerifierKey]], *,
          whole: bool) -> Vouching:  # fmt: skip
    """Who of those the reader trusts vouches for a source's checkpoint.

    `keys` are the ledger keys that its entries name, each with the size from which on it signs; `whole` where the entries
    are all there and were judged, so that there can be no others.
    """
    found, note = Vouching(), parse_note(source.note)
    standing = [key for since, key in keys if since <= source.head.size]
    is_signed = bool(standing) and is_signed_by_key(note, standing[-1])
    brought = [key for key in trust.keys if key.type_byte == ED25519_NOTE and key.name == source.head.origin]
    signers = [key for key in brought if is_signed_by_key(note, key)]
    is_known = _compare(source, others, found)
    if trust.ledger_ids and source.ledger_id and source.ledger_id not in trust.ledger_ids:
        found.problems.append(Problem("CHECK.LEDGER_ID", f"{source.where} is of ledger {source.ledger_id}, not of the one you trust"))
    is_named = source.ledger_id in trust.ledger_ids or is_known or (whole and any(key in standing for key in brought))
    if brought and not signers and not (whole and is_named):
        found.problems.append(Problem("CHECK.SIGNATURE", f"{source.where} is not signed by the ledger key you trust"))
    elif whole and not is_signed:
        found.problems.append(Problem("CHECK.SIGNATURE", f"{source.where} is not signed by the ledger key that its entries name"))
    elif standing and not is_signed and not signers and not found.by:
        found.undecided.append(Problem("CHECK.SIGNATURE", f"{source.where} is not signed by the key of entry 0: it is false, or the key was replaced",
                                       hint="bring the ledger's present key, or a bundle"))  # fmt: skip
    found.by += [f"ledger key {key}" for key in signers]
    if is_signed and is_named and not signers:
        found.by.append(f"ledger id {source.ledger_id}, by its key {standing[-1]}")
    take_witnesses(trust, parse_note(source.note), found, "CHECK.SIGNATURE", f"{source.where}: ")
    if not (trust.is_empty or found.by or found.problems or found.undecided):
        if any(key.type_byte == ED25519_NOTE for key in trust.keys):
            found.problems.append(Problem("CHECK.SIGNATURE", f"{source.where} is of {source.head.origin}, of which you trust no key"))
        else:
            found.undecided.append(_nobody(source.where))
    return found


def _compare(source: Source, others: Sequence[Source], found: Vouching) -> bool:
    """Compare with the files whose heads are trusted; says whether the source begins with such a head."""
    is_known = False
    for other in others:
        try:
            relation = compare(source, other)
        except LedgerError as error:
            found.problems += error.problems
            continue
        if relation.relation == FORK:
            found.problems.append(Problem("CHECK.FORK", f"{source.where} is of another history than {other.where}: {relation.detail}"))
        elif relation.relation == UNDECIDED:
            found.undecided.append(Problem("CHECK.NOT_COMPARED", f"nothing leads from {other.where} ({other.head.size}) to {source.where} ({source.head.size})",
                                           hint="bring a file that proves it: sunledger prove --consistency"))  # fmt: skip
        elif source.head.size <= other.head.size:
            found.by.append(f"your file {other.where}")
        else:
            is_known = True
    return is_known

