"""The check of a disclosure, offline: nothing of a ledger is needed but what the reader trusts (docs/format.md §12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ledger.chain.header import genesis_prev
from ledger.chain.keys import unb64
from ledger.chain.merkle import leaf_hash
from ledger.chain.note import Checkpoint, Note, parse_checkpoint, parse_note
from ledger.chain.proofs import multi_root, verify_consistency
from ledger.chain.sealed import SALT_BYTES, opens
from ledger.disclosure.books import Stated, block_at_end, book_problems
from ledger.disclosure.listing import Line, Listing, line_of
from ledger.disclosure.shape import Disclosure
from ledger.disclosure.trust import Trust, Vouching, vouch
from ledger.errors import Problem
from ledger.kinds.declare import KINDS

COMPLETE, PROVED, FAILED, CONSISTENT = "complete", "proved", "FAILED", "consistency only: nobody you trust vouches for it"


@dataclass(frozen=True)
class Checked:
    """What a check found.

    `verdict` is FAILED where there are problems (exit 10); "complete" or "complete as stated by KEY" for the whole of a
    body's books and "proved" for single entries where `vouched_by` names somebody; else "consistency only". `undecided`
    lists what is missing for a verdict (exit 11). `statuses` says of each listed entry what has become of it, or
    "header only". `counts` has the entries of each stream that is proven whole, `cannot_exclude` what no check can.
    """

    verdict: str
    problems: list[Problem]
    undecided: list[Problem]
    vouched_by: list[str]
    checkpoint: Checkpoint | None
    listing: Listing | None
    author: str
    counts: dict[str, int]
    statuses: dict[int, str]
    cannot_exclude: list[str]

    @property
    def ok(self) -> bool:
        """Whether it holds, and somebody the reader trusts vouches for it."""
        return not self.problems and not self.undecided and bool(self.vouched_by)


def check(disclosure: Disclosure, *, trust: Trust = Trust()) -> Checked:  # noqa: B008  (frozen)
    """Check a disclosure against what the reader trusts; every finding is told, not the first alone."""
    problems, lines = _read_lines(disclosure)
    head = _head(disclosure, problems)
    if head is None or not lines or lines[0].seq != 0 or lines[0].fault or lines[0].kind != "ledger.open":
        if not problems:
            problems.append(Problem("DISCLOSURE.CONTENT", "entry 0 does not open a ledger", seq=0))
        return _answer(disclosure, problems, None, None, Vouching(), None)
    note, checkpoint = head
    stated = block_at_end(lines, disclosure.book.code, checkpoint.size) if disclosure.book is not None else None
    listing = Listing(lines, stated.statements["money"].data if stated else None)
    problems += _evidence_problems(disclosure, checkpoint, lines)
    roots = dict(_proven_heads(disclosure, checkpoint, problems))
    problems += _opening_problems(disclosure.origin, lines)
    problems += [Problem("DISCLOSURE.MEANING", f"entry {line.seq}: {line.fault}", seq=line.seq)
                 for line in lines if line.fault and line.kind in KINDS and line.seq not in listing.void]  # fmt: skip
    if disclosure.book is not None:
        if stated is None:
            problems.append(Problem("DISCLOSURE.BLOCK", f"the entries do not end with a statement of the books of {disclosure.book.code}"))
        else:
            problems += book_problems(listing, disclosure.book, stated)
    vouching = vouch(trust, note, checkpoint, listing, roots)
    vouching.undecided += [Problem("DISCLOSURE.KIND", f"entry {line.seq} is of a kind this version does not know", seq=line.seq)
                           for line in lines if line.is_whole and line.kind not in KINDS and line.seq not in listing.void]  # fmt: skip
    return _answer(disclosure, problems, checkpoint, listing, vouching, stated)


def _answer(disclosure: Disclosure, problems: list[Problem], checkpoint: Checkpoint | None, listing: Listing | None,
            vouching: Vouching, stated: Stated | None) -> Checked:  # fmt: skip
    problems = problems + vouching.problems
    if problems:
        verdict = FAILED
    elif not vouching.by:
        verdict = CONSISTENT
    elif stated is None:
        verdict = PROVED
    else:
        verdict = COMPLETE if vouching.witness else f"{COMPLETE} as stated by {stated.author}"
    statuses = {} if listing is None else {
        line.seq: listing.status(line) if line.is_whole else "header only" for line in listing.lines}  # fmt: skip
    open_ends = ["whether what was recorded is true, and what was never recorded"]
    if stated is None:
        open_ends.append("whether an entry took effect, waits or is void: that takes the whole history")
    if stated is not None and "open" not in stated.statements:
        open_ends.append("entries of stream open: the block does not state it")
    if stated is not None and not vouching.witness:
        open_ends.append("a wrong statement of the books: no witness you trust cosigned the checkpoint")
    counts = {} if stated is None or problems else stated.counts
    return Checked(verdict, problems, vouching.undecided, vouching.by, checkpoint, listing,
                   stated.author if stated else "", counts, statuses, open_ends)  # fmt: skip


def _read_lines(disclosure: Disclosure) -> tuple[list[Problem], list[Line]]:
    found = [line_of(listed, disclosure.origin) for listed in disclosure.entries]
    return [part for part in found if isinstance(part, Problem)], [part for part in found if isinstance(part, Line)]


def _head(disclosure: Disclosure, problems: list[Problem]) -> tuple[Note, Checkpoint] | None:
    try:
        note = parse_note(disclosure.checkpoint)
        checkpoint = parse_checkpoint(note.text)
    except ValueError as error:
        problems.append(Problem("DISCLOSURE.CHECKPOINT", f"the checkpoint is malformed: {error}"))
        return None
    if checkpoint.origin != disclosure.origin:
        problems.append(Problem("DISCLOSURE.CHECKPOINT", "the checkpoint is of another ledger"))
        return None
    return note, checkpoint


def _evidence_problems(disclosure: Disclosure, checkpoint: Checkpoint, lines: list[Line]) -> Iterator[Problem]:
    """The ledger id, the chain where two neighbours are listed, and that all leaves stand in the tree of the checkpoint."""
    if lines[0].leaf != disclosure.ledger_id or lines[0].header.prev != genesis_prev(disclosure.origin):
        yield Problem("DISCLOSURE.LEDGER_ID", "entry 0 is not that of the ledger id", seq=0)
    for before, line in pairwise(lines):
        if line.seq == before.seq + 1 and line.header.prev != before.leaf:
            yield Problem("DISCLOSURE.CHAIN", f"entry {line.seq} does not follow the one before it", seq=line.seq)
    leaves = {listed.seq: leaf_hash(listed.header.encode()) for listed in disclosure.entries}
    try:
        root = multi_root(leaves, checkpoint.size, [unb64(part, 32) for part in disclosure.proof])
    except ValueError as error:
        yield Problem("DISCLOSURE.PROOF", f"the proof does not hold: {error}")
        return
    if root != checkpoint.root:
        yield Problem("DISCLOSURE.PROOF", "the entries and their proof do not give the root of the checkpoint")


def _proven_heads(disclosure: Disclosure, checkpoint: Checkpoint, problems: list[Problem]) -> Iterator[tuple[int, bytes]]:
    """The roots of the earlier heads that lead to the checkpoint, and its own, by size."""
    if any(a.size >= b.size for a, b in pairwise(disclosure.heads)):
        problems.append(Problem("DISCLOSURE.HEADS", "the earlier heads do not ascend"))
    for head in disclosure.heads:
        try:
            root, path = unb64(head.root, 32), [unb64(part, 32) for part in head.proof]
        except ValueError:
            root, path = b"", []
        if head.size < checkpoint.size and verify_consistency(head.size, root, checkpoint.size, checkpoint.root, path):
            yield head.size, root
        else:
            problems.append(Problem("DISCLOSURE.HEADS", f"the head of {head.size} entries does not lead to the checkpoint", size=head.size))
    yield checkpoint.size, checkpoint.root


def _opening_problems(origin: str, lines: list[Line]) -> Iterator[Problem]:
    """Each opened value gives the commitment that stands in the content."""
    for line in lines:
        for name, opened in line.opened.items():
            info = KINDS.get(line.kind)
            committed = line.data.get(name) if info and name in {field.name for field in info.sealed} else None
            try:
                salt = unb64(opened.salt, SALT_BYTES)
            except ValueError:
                salt = b""
            if not isinstance(committed, str) or not opens(committed, origin, line.id, name, salt, opened.value):
                yield Problem("DISCLOSURE.OPENED", f"entry {line.seq}: what is opened as {name[:40]!r} is not what was committed to",
                              seq=line.seq, field=name[:40])  # fmt: skip
