"""The check of a disclosure, offline: nothing of a ledger is needed but what the reader trusts (docs/format.md §12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ledger import words
from ledger.chain.header import genesis_prev
from ledger.chain.keys import unb64
from ledger.chain.merkle import Hash, leaf_hash
from ledger.chain.note import Checkpoint, parse_checkpoint, parse_note
from ledger.chain.proofs import multi_root, verify_consistency
from ledger.chain.sealed import SALT_BYTES, opens
from ledger.disclosure.books import Stated, block_at_end, book_problems
from ledger.disclosure.listing import Line, Listing, Status, line_of
from ledger.disclosure.people import Author, author_of
from ledger.disclosure.shape import BookClaim, Disclosure
from ledger.disclosure.source import Source, source_of
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
    statuses: dict[int, Status]
    cannot_exclude: list[str]
    source: Source | None
    stated_by: Author | None = None  # of "complete as stated by KEY"

    @property
    def ok(self) -> bool:
        """Whether it holds, and somebody the reader trusts vouches for it."""
        return not self.problems and not self.undecided and bool(self.vouched_by)


def check(disclosure: Disclosure, *, trust: Trust = Trust(), where: str = "disclosure.json", sort: str = "disclosure") -> Checked:  # noqa: B008  (frozen)
    """Check a disclosure against what the reader trusts; every finding is told, not the first alone.

    `where` and `sort` are how its findings name it.
    """
    problems, lines = _read_lines(disclosure)
    checkpoint = _head(disclosure, problems)
    if checkpoint is None or not lines or lines[0].seq != 0 or lines[0].fault or lines[0].kind != "ledger.open":
        if not problems:
            problems.append(Problem("DISCLOSURE.CONTENT:no_opening", seq=0))
        return _answer(disclosure, problems, None, None, Vouching(), None)
    stated = block_at_end(lines, disclosure.book.code, checkpoint.size) if disclosure.book is not None else None
    listing = Listing(lines, stated.statements["money"].data if stated else None)
    problems += _evidence_problems(disclosure, checkpoint, lines)
    source = source_of(disclosure, checkpoint, dict(_proven_heads(disclosure, checkpoint, problems)), where, sort)
    source.signing, source.knows = _ledger_keys(listing), "stated" if stated else "opening"
    problems += _opening_problems(disclosure.origin, lines)
    vouching = vouch(source, trust)
    if disclosure.book is not None:
        problems += _book_problems(listing, disclosure.book, stated)
        vouching.undecided += [Problem("DISCLOSURE.KIND", seq=line.seq, kind=line.kind) for line in lines if line.is_strange and line.seq not in listing.void]
    return _answer(disclosure, problems, source, listing, vouching, stated)


def _book_problems(listing: Listing, claim: BookClaim, stated: Stated | None) -> Iterator[Problem]:
    """Only who claims a whole book claims that what is listed had its form; without one nothing is said of effect."""
    for line in listing.lines:
        if line.fault and not line.is_strange and line.seq not in listing.void:
            yield Problem("DISCLOSURE.MEANING", seq=line.seq, why=line.fault)
    if stated is None:
        yield Problem("DISCLOSURE.BLOCK", body=claim.code)
    else:
        yield from book_problems(listing, claim, stated)


def _ledger_keys(listing: Listing) -> list[tuple[int, bytes]]:
    """The ledger keys that the entries name, each with the size from which on it signs, in order."""
    first = listing.lines[0].data["ledger_key"]["public_key"]
    found = []
    for since, key in [(0, first), *((since + 1, line.data["public_key"]) for since, line in listing.rules("ledger.rotate"))]:
        try:
            found.append((since, unb64(key, 32)))
        except ValueError:
            continue
    return found


def _answer(disclosure: Disclosure, problems: list[Problem], source: Source | None, listing: Listing | None,
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
    statuses = {} if listing is None else {line.seq: listing.status(line) for line in listing.lines}
    open_ends = ["truth"]
    if stated is None:
        open_ends.append("effect")
    if stated is not None and "open" not in stated.statements:
        open_ends.append("open")
    if stated is not None and not vouching.witness:
        open_ends.append("statement")
    counts = {} if stated is None or problems else stated.counts
    author = author_of(listing, stated.author) if listing and stated and not vouching.witness else None
    return Checked(verdict, problems, vouching.undecided, vouching.by, source.head if source else None, listing, stated.author if stated else "", counts,
                   statuses, [words.say(f"CHECK.OPEN:{name}", {}) for name in open_ends], source, author)  # fmt: skip


def _read_lines(disclosure: Disclosure) -> tuple[list[Problem], list[Line]]:
    found = [line_of(listed, disclosure.origin) for listed in disclosure.entries]
    return [part for part in found if isinstance(part, Problem)], [part for part in found if isinstance(part, Line)]


def _head(disclosure: Disclosure, problems: list[Problem]) -> Checkpoint | None:
    try:
        checkpoint = parse_checkpoint(parse_note(disclosure.checkpoint).text)
    except ValueError as error:
        problems.append(Problem("DISCLOSURE.CHECKPOINT", why=error))
        return None
    if checkpoint.origin != disclosure.origin:
        problems.append(Problem("DISCLOSURE.CHECKPOINT:origin", origin=checkpoint.origin))
        return None
    return checkpoint


def _evidence_problems(disclosure: Disclosure, checkpoint: Checkpoint, lines: list[Line]) -> Iterator[Problem]:
    """The ledger id, the chain where two neighbours are listed, and that all leaves stand in the tree of the checkpoint."""
    if lines[0].leaf != disclosure.ledger_id or lines[0].header.prev != genesis_prev(disclosure.origin):
        yield Problem("DISCLOSURE.LEDGER_ID", seq=0)
    for before, line in pairwise(lines):
        if line.seq == before.seq + 1 and line.header.prev != before.leaf:
            yield Problem("DISCLOSURE.CHAIN", seq=line.seq)
    leaves = {listed.seq: leaf_hash(listed.header.encode()) for listed in disclosure.entries}
    try:
        root = multi_root(leaves, checkpoint.size, [unb64(part, 32) for part in disclosure.proof])
    except ValueError as error:
        yield Problem("DISCLOSURE.PROOF:malformed", why=error)
        return
    if root != checkpoint.root:
        yield Problem("DISCLOSURE.PROOF")


def _proven_heads(disclosure: Disclosure, checkpoint: Checkpoint, problems: list[Problem]) -> Iterator[tuple[int, tuple[Hash, list[Hash]]]]:
    """The earlier heads that lead to the checkpoint, by size: root and proof."""
    if any(a.size >= b.size for a, b in pairwise(disclosure.heads)):
        problems.append(Problem("DISCLOSURE.HEADS:order"))
    for head in disclosure.heads:
        try:
            root, path = unb64(head.root, 32), [unb64(part, 32) for part in head.proof]
        except ValueError:
            root, path = b"", []
        if head.size < checkpoint.size and verify_consistency(head.size, root, checkpoint.size, checkpoint.root, path):
            yield head.size, (root, path)
        else:
            problems.append(Problem("DISCLOSURE.HEADS", size=head.size))


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
                yield Problem("DISCLOSURE.OPENED", seq=line.seq, field=name[:40])
