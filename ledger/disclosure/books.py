"""Whether the listed entries are the whole of a body's books, as the block of `book.state` at the end states them."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger.disclosure.listing import Line, Listing
from ledger.disclosure.shape import BookClaim
from ledger.errors import Problem
from ledger.kinds.codec import Move

WHOLE = ("money", "open")  # the streams whose contents a paper shows
SUBJECTS = {"authority.register": "code", "quota.receive": "quota", "project.propose": "project", "paper.record": "paper"}  # the field that names what is made


@dataclass(frozen=True)
class Stated:
    """The block: its author's key id, its statements by stream in order, and how many entries each book holds."""

    author: str
    statements: dict[str, Line]

    @property
    def counts(self) -> dict[str, int]:
        """Stream → entries."""
        return {stream: line.data["count"] for stream, line in self.statements.items()}


def block_at_end(lines: Sequence[Line], code: str, size: int) -> Stated | None:
    """The block of a body that ends at a size: `money` first, one statement a stream, by one author; None if there is none."""
    found: list[Line] = []
    for seq, line in zip(range(size - 1, -1, -1), reversed(lines), strict=False):
        if line.seq != seq or line.kind != "book.state" or line.fault:
            return None
        body, _, stream = line.data["book"].partition("/")
        if body != code or line.author != lines[-1].author:
            return None
        found.append(line)
        if stream == "money":
            break
    statements = {line.data["book"].partition("/")[2]: line for line in reversed(found)}
    return Stated(found[0].author, statements) if len(statements) == len(found) > 0 else None


def book_problems(listing: Listing, claim: BookClaim, stated: Stated) -> Iterator[Problem]:
    """What is missing, extra or altered in the books of a body."""
    if claim.streams != [stream for stream in WHOLE if stream in stated.statements]:
        yield Problem("DISCLOSURE.BLOCK:streams", body=claim.code)
    for stream, statement in stated.statements.items():
        name = f"{claim.code}/{stream}"
        lines = [line for line in listing.lines if name in line.places]
        for line in lines:
            if line.seq in listing.void:
                yield Problem("DISCLOSURE.LINE_EXTRA:void", book=name, seq=line.seq)
        yield from _position_problems(name, statement, [line for line in lines if line.seq not in listing.void])
        if stream in WHOLE:
            for line in lines:
                if not line.is_whole:
                    yield Problem("DISCLOSURE.CONTENT_MISSING", seq=line.seq, book=name)
    yield from _beside_problems(listing, claim.code)
    yield from _money_problems(listing, claim.code, stated.statements["money"])


def _position_problems(name: str, statement: Line, lines: list[Line]) -> Iterator[Problem]:
    """The entries before a statement hold the positions 0 … count−1 in order; those of the block itself come behind."""
    count, expected = statement.data["count"], 0
    for line in lines:
        position = line.places[name]
        if position > expected:
            yield Problem("DISCLOSURE.LINE_MISSING", book=name, position=expected)
        elif position < expected:
            yield Problem("DISCLOSURE.LINE_EXTRA:taken", book=name, position=position, seq=line.seq)
        elif (position < count) != (line.seq < statement.seq):
            yield Problem("DISCLOSURE.LINE_EXTRA", book=name, position=position, seq=line.seq, count=count)
        expected = max(expected, position + 1)
    if expected < count:
        yield Problem("DISCLOSURE.LINE_MISSING:end", book=name, position=expected, count=count)


def needed_beside(lines: Iterable[Line], code: str) -> set[tuple[str, str]]:
    """What a paper of a body needs beside its lines, as kind and subject: its name, quotas, projects, papers, bodies released to."""
    found = {("authority.register", code)}
    for line in lines:
        if line.fault or not line.is_whole:
            continue
        quotas = {move.quota for move in line.moves} | {leg["quota"] for leg in line.data.get("legs", ())}
        found |= {("quota.receive", quota) for quota in quotas if not quota.startswith("?")}
        found |= {(kind, line.data[key]) for kind, key in (("paper.record", "paper"), ("project.propose", "project")) if key in line.data}
        found |= {("authority.register", line.data["to"])} if line.kind == "quota.release" else set()
    return found


def _beside_problems(listing: Listing, code: str) -> Iterator[Problem]:
    """What figures need and is not here would make them others: a quota without its receipt has no year."""
    here = {(line.kind, line.data[SUBJECTS[line.kind]]) for line in listing.lines
            if line.kind in SUBJECTS and not line.fault and line.seq not in listing.void and listing.took_effect(line)}  # fmt: skip
    of_book = [line for line in listing.lines if any(f"{code}/{stream}" in line.places for stream in WHOLE) and line.seq not in listing.void]
    for kind, subject in sorted(needed_beside(of_book, code) - here):
        yield Problem("DISCLOSURE.BESIDE_MISSING", subject=subject, kind=kind)
    told = {seq for kind in ("policy.set", "ledger.rotate") for seq, _ in listing.rules(kind)}
    for seq in sorted(set((listing.stated or {}).get("rules", ())) - told):
        yield Problem("DISCLOSURE.BESIDE_MISSING:rule", seq=seq)


def projects_of(listing: Listing, code: str) -> dict[str, Line]:
    """The projects of a county: id → where it was proposed, taken back or not."""
    return {line.data["project"]: line for line in reversed(listing.lines)
            if line.kind == "project.propose" and not line.fault and line.seq not in listing.void
            and line.data["county"] == code and any(f"{code}/{stream}" in line.places for stream in WHOLE)}  # fmt: skip


def payments_of(listing: Listing, projects: Container[str]) -> set[str]:
    """The payments asked for of some projects: what is asked for and not yet paid lies on their accounts."""
    return {line.data["payment"] for line in listing.lines
            if line.kind == "payment.request" and not line.fault and line.seq not in listing.void and line.data["project"] in projects}  # fmt: skip


def _money_problems(listing: Listing, code: str, statement: Line) -> Iterator[Problem]:
    """Totals and balances that the moves give, and amounts that the words of an entry give."""
    observing = listing.lines[0].data["mode"] == "observe"
    projects, name = projects_of(listing, code), f"{code}/money"
    holders = {code, *projects, *payments_of(listing, projects)}
    balances: dict[tuple[str, str, str], int] = defaultdict(int)
    for line in listing.lines:
        if name not in line.places or line.seq in listing.void:
            continue
        yield from _amount_problems(listing, line)
        for move in line.moves:
            balances[move.source, move.unit, move.quota] -= move.n
            balances[move.target, move.unit, move.quota] += move.n
        for move in line.moves:
            holder, _, stage = move.source.partition(":")
            bounded = holder in holders and stage != "outside" and not (observing and stage == "suspense")
            if bounded and balances[move.source, move.unit, move.quota] < 0:
                yield Problem("DISCLOSURE.BALANCE", seq=line.seq, account=move.source)
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for (account, unit, _), n in balances.items():
        if account.partition(":")[0] in holders:
            totals[account, unit] += n
    made = [{"account": account, "n": n, "unit": unit} for (account, unit), n in sorted(totals.items()) if n]
    if made != statement.data["totals"]:
        yield Problem("DISCLOSURE.TOTALS", body=code, seq=statement.seq)


def _amount_problems(listing: Listing, line: Line) -> Iterator[Problem]:
    """What an entry moves is what its words say; a confirmation carries what the one it names says, a reversal its mirror."""
    said, moved = line, line.moves
    while said.kind == "entry.confirm":
        named = listing.named_by(said)
        if named is None:
            return
        said = named
    if said.kind == "entry.reverse":
        named = listing.named_by(said)
        origin = listing.by_seq.get(listing.confirmed.get(named.seq, named.seq)) if named else None
        if origin is not None and moved and moved != [_mirror(move) for move in reversed(origin.moves)]:
            yield Problem("DISCLOSURE.AMOUNT:reversal", seq=line.seq, origin=origin.seq)
        return
    if said.fault or not moved:
        return
    amount = sum(leg["amount"] for leg in said.data.get("legs", ())) or said.data.get("amount")
    if amount is not None and sum(move.n for move in moved if move.unit == "CNY") != amount:
        yield Problem("DISCLOSURE.AMOUNT", seq=line.seq)


def _mirror(move: Move) -> Move:
    return Move(move.target, move.n, move.quota, move.source, move.unit)
