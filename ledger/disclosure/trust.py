"""Who vouches for a checkpoint: what the reader brought, never what the file says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.chain.cosignature import GROWTH
from ledger.chain.keys import unb64
from ledger.chain.note import (
    ED25519_NOTE,
    WITNESS_TYPE,
    Checkpoint,
    Note,
    VerifierKey,
    is_signed_by_key,
    signatures_of,
)
from ledger.disclosure.listing import Listing
from ledger.errors import Problem


@dataclass(frozen=True)
class Trust:
    """What the reader brings from elsewhere: ids of ledgers, keys of ledgers or witnesses, earlier or equal checkpoints.

    `witnessed` are checkpoints of which the reader knows that a witness who ran a full verify cosigned them.
    """

    ledger_ids: tuple[str, ...] = ()
    keys: tuple[VerifierKey, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    witnessed: tuple[Checkpoint, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was brought."""
        return not (self.ledger_ids or self.keys or self.checkpoints or self.witnessed)


@dataclass
class Vouching:
    """Who vouches, and what speaks against it; `witness` where a trusted witness that verifies is among them."""

    by: list[str] = field(default_factory=list)
    witness: bool = False
    problems: list[Problem] = field(default_factory=list)
    undecided: list[Problem] = field(default_factory=list)


def ledger_keys(listing: Listing, origin: str) -> list[tuple[int, VerifierKey]]:
    """The ledger keys that the entries name, each with the size from which on it signs, in order."""
    first = listing.lines[0].data["ledger_key"]["public_key"]
    rotated = [(since + 1, line.data["public_key"]) for since, line in listing.rules("ledger.rotate")]
    found = []
    for since, key in [(0, first), *rotated]:
        try:
            found.append((since, VerifierKey(origin, ED25519_NOTE, unb64(key, 32))))
        except ValueError:
            continue
    return found


def vouch(trust: Trust, note: Note, checkpoint: Checkpoint, listing: Listing,
          roots: Mapping[int, bytes]) -> Vouching:  # fmt: skip
    """Judge a checkpoint by what the reader brought; `roots` are its own and those of proven earlier heads, by size."""
    found = Vouching()
    keys = [(since, key) for since, key in ledger_keys(listing, checkpoint.origin) if since <= checkpoint.size]
    since, key = keys[-1] if keys else (0, None)
    known = _compare(trust, checkpoint, roots, found)
    ledger_id = listing.lines[0].leaf
    if trust.ledger_ids and ledger_id not in trust.ledger_ids:
        found.problems.append(Problem("DISCLOSURE.TRUST", f"this is ledger {ledger_id}, not the one you trust"))
    brought = [k for k in trust.keys if k.type_byte == ED25519_NOTE]
    signers = [k for k in brought if k.name == checkpoint.origin and is_signed_by_key(note, k)]
    is_signed = key is not None and is_signed_by_key(note, key)
    is_unknown = listing.stated is None and key is not None and not signatures_of(note, key)  # a later key may be unseen
    if not is_signed and not signers and not is_unknown:
        found.problems.append(Problem("DISCLOSURE.SIGNATURE", "the checkpoint is not signed by the ledger's key"))
    if brought and not signers and not {k for _, k in keys} & set(brought):
        found.problems.append(Problem("DISCLOSURE.TRUST", "the checkpoint is not signed by the ledger key you trust"))
    take_witnesses(trust, note, found, "DISCLOSURE.SIGNATURE")
    found.by += [f"ledger key {k}" for k in signers]
    if is_signed and not since and not signers and (known or ledger_id in trust.ledger_ids):
        found.by.append(f"ledger id {ledger_id}, by its key {key}")
    elif (since or is_unknown) and not found.by and not (trust.is_empty and is_signed):
        found.undecided.append(Problem(
            "DISCLOSURE.ROTATED", "the checkpoint is not signed by the key of entry 0: it is false, or that key was replaced",
            hint="bring the ledger's present key from elsewhere: nothing here shows by what right it was replaced"))  # fmt: skip
    if not trust.is_empty and not found.by and not found.problems and not found.undecided:
        found.undecided.append(Problem("DISCLOSURE.NOT_VOUCHED", "nobody you trust vouches for this checkpoint"))
    return found


def _compare(trust: Trust, checkpoint: Checkpoint, roots: Mapping[int, bytes], found: Vouching) -> int:
    """Compare with the reader's checkpoints; the size up to which the history is one the reader knows."""
    known = 0
    for brought in (*trust.checkpoints, *trust.witnessed):
        if brought.origin != checkpoint.origin:
            found.problems.append(Problem("DISCLOSURE.TRUST", f"your checkpoint is of another ledger, {brought.origin}"))
        elif brought.size not in roots:
            found.undecided.append(Problem(
                "DISCLOSURE.NOT_COMPARED", f"this file does not prove how it stands to your checkpoint of {brought.size} entries",
                hint="bring a checkpoint that an earlier paper carries, or a newer file", size=brought.size))  # fmt: skip
        elif roots[brought.size] != brought.root:
            found.problems.append(Problem("DISCLOSURE.FORK", f"another history: at {brought.size} entries its root is not that of your checkpoint",
                                          size=brought.size))  # fmt: skip
        else:
            known = max(known, brought.size)
            if brought.size == checkpoint.size:
                found.witness = found.witness or brought in trust.witnessed
                found.by.append(f"your checkpoint of {brought.size} entries")
    return known


def take_witnesses(trust: Trust, note: Note, found: Vouching, code: str, where: str = "") -> None:
    """Take note of the trusted witnesses who cosigned; `code` and `where` are of what is said of a false cosignature.

    One of growth alone vouches for the head, not for what stands in the history.
    """
    for key in trust.keys:
        if key.type_byte == WITNESS_TYPE and signatures_of(note, key):
            if is_signed_by_key(note, key):
                found.witness = found.witness or not key.name.endswith(GROWTH)
                found.by.append(f"witness {key}")
            else:
                found.problems.append(Problem(code, f"{where}a cosignature under the name {key.name} is false"))
