"""Who vouches for a head: the one judge, for every claim, by the table of docs/format.md §15.

What the reader brought decides, never what the file says of itself. A finding in `problems` makes the claim failed, one in
`undecided` undecided; where nobody is in `by`, it is of consistency only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from ledger import words
from ledger.chain.cosignature import GROWTH
from ledger.chain.note import (
    ED25519_NOTE,
    WITNESS_TYPE,
    Note,
    VerifierKey,
    is_signed_by_key,
    parse_note,
    signatures_of,
)
from ledger.disclosure.source import Knows, Source, first_differing, two_roots
from ledger.errors import Problem


@dataclass(frozen=True)
class Trust:
    """What the reader brings from elsewhere: ids of ledgers, keys of ledgers or witnesses, files whose heads are trusted."""

    ledger_ids: tuple[str, ...] = ()
    keys: tuple[VerifierKey, ...] = ()
    heads: tuple[Source, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was brought."""
        return not (self.ledger_ids or self.keys or self.heads)

    def ledger_keys(self, origin: str) -> list[VerifierKey]:
        """The keys brought that sign checkpoints of an origin."""
        return [key for key in self.keys if key.type_byte == ED25519_NOTE and key.name == origin]

    @property
    def witnesses(self) -> list[VerifierKey]:
        """The witnesses brought."""
        return [key for key in self.keys if key.type_byte == WITNESS_TYPE]

    def beside(self, source: Source) -> "Trust":
        """The same without the claim itself: no file but a checkpoint, which is a head and nothing else, speaks for itself."""
        return replace(self, heads=tuple(head for head in self.heads if head.sort == "checkpoint" or not head.holds_the_same(source)))

    def strangers(self, origin: str) -> list[str]:
        """What was brought that is of other ledgers, by their origins."""
        names = [key.name for key in self.keys if key.type_byte == ED25519_NOTE] + [head.head.origin for head in self.heads]
        return sorted({name for name in names if name != origin})


@dataclass
class Vouching:
    """Who vouches, and what speaks against it; `witness` where a trusted witness that verifies is among them."""

    by: list[str] = field(default_factory=list)
    witness: bool = False
    problems: list[Problem] = field(default_factory=list)
    undecided: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """The keys that signatures are held to: brought ones, and those that entries name, each with the size from which on it signs."""

    brought: list[VerifierKey]
    witnesses: list[VerifierKey]
    named: list[tuple[int, VerifierKey]]
    knows: Knows
    size: int  # up to which `knows` holds

    def at(self, size: int) -> VerifierKey | None:
        """The key in force at a size, as the entries name it."""
        standing = [key for since, key in self.named if since <= size]
        return standing[-1] if standing else None

    def is_certain(self, size: int) -> bool:
        """Whether no other key can be in force at a size."""
        return self.knows in ("stated", "whole") and size <= self.size

    def false_line(self, note: Note) -> VerifierKey | None:
        """A key under whose name and hash the note bears what that key did not sign."""
        every = [*self.brought, *self.witnesses, *(key for _, key in self.named)]
        return next((key for key in every if signatures_of(note, key) and not is_signed_by_key(note, key)), None)

    def cosigners(self, note: Note) -> list[VerifierKey]:
        """The witnesses that cosigned."""
        return [key for key in self.witnesses if is_signed_by_key(note, key)]


def vouch(source: Source, trust: Trust) -> Vouching:
    """Who of those the reader trusts vouches for the head of a source, which holds by itself and bears a note."""
    found, note, size = Vouching(), parse_note(source.note), source.head.size
    brought, trust = trust, trust.beside(source)
    known = _known(source, trust)
    own = known.at(size)
    is_signed = own is not None and is_signed_by_key(note, own)
    signers = [key for key in known.brought if is_signed_by_key(note, key)]
    cosigners = known.cosigners(note)
    is_false = known.false_line(note)
    if is_false:
        found.problems.append(Problem("CHECK.SIGNATURE:false", where=source.where, name=is_false.name))
    heads = _take_heads(source, trust, known, found)
    begins = _take_id(source, trust, found) + heads.begun
    was_replaced = known.knows == "whole" and is_signed and bool(begins or heads.by) and any(
        key in known.brought for since, key in known.named if since <= size)  # fmt: skip
    found.by += [f"{words.say('CHECK.BY:key', {})} {key}" for key in signers]
    if begins and is_signed and not signers and (known.knows == "whole" or own == known.named[0][1]):
        found.by.append(f"{begins[0]}{words.say('CHECK.BY:own_key', {})} {own}")
    found.by += heads.by
    found.by += [f"{words.say('CHECK.BY:witness', {})} {key}" for key in cosigners]
    found.witness = heads.witness or any(not key.name.endswith(GROWTH) for key in cosigners)
    is_stated_later = known.knows == "stated" and own is not None and own != known.named[0][1]
    if is_false:
        pass
    elif known.brought and not signers and not was_replaced:
        is_replaced = (known.knows == "whole" and is_signed) or (source.is_whole and known.knows == "opening")  # so its entries say
        found.problems.append(Problem("CHECK.KEY:whole" if is_replaced else "CHECK.KEY", where=source.where))
    elif own is not None and known.is_certain(size) and not is_signed:
        found.problems.append(Problem("CHECK.SIGNATURE:other_key", where=source.where))
    elif own is not None and not is_signed and not (signers or cosigners):
        found.undecided.append(Problem("CHECK.ROTATED", where=source.where))
    elif is_stated_later and not (signers or cosigners or heads.by or trust.is_empty):
        found.undecided.append(Problem("CHECK.ROTATED:stated", where=source.where))
    elif own is None and not (known.brought or cosigners or _has_line(note, source.head.origin)):
        found.undecided.append(Problem("CHECK.UNSIGNED", where=source.where))
    elif source.sort == "checkpoint" and own is None and not (known.brought or cosigners or heads.by or trust.is_empty or trust.witnesses):
        found.undecided.append(Problem("CHECK.NOT_VOUCHED:signature", where=source.where))
    _take_the_rest(source.where, source.head.origin, trust, found, is_cosigned=bool(cosigners or heads.cosigned))
    if trust != brought and not (found.by or found.problems):
        found.undecided.append(Problem("CHECK.NOT_VOUCHED:itself", where=source.where))
    return found


def vouch_for_both(where: str, origin: str, notes: Iterable[str], trust: Trust) -> Vouching:
    """Who of those the reader trusts signed both heads of the evidence of a fork."""
    found, both = Vouching(), [parse_note(note) for note in notes]
    known = _Known(trust.ledger_keys(origin), trust.witnesses, [], "", 0)
    signers, cosigners = ([key for key in keys if all(is_signed_by_key(note, key) for note in both)] for keys in (known.brought, known.witnesses))
    is_false = next((key for note in both if (key := known.false_line(note))), None)
    if is_false:
        found.problems.append(Problem("CHECK.SIGNATURE:false", where=where, name=is_false.name))
    elif known.brought and not signers:
        found.problems.append(Problem("CHECK.KEY:both", where=where))
    found.by += [f"{words.say('CHECK.BY:both', {})} {key}" for key in (*signers, *cosigners)]
    _take_the_rest(where, origin, trust, found, is_cosigned=bool(cosigners))
    return found


def _take_the_rest(where: str, origin: str, trust: Trust, found: Vouching, *, is_cosigned: bool) -> None:
    """A witness who is trusted and did not look; what was brought of other ledgers alone; and that nobody vouches."""
    strangers = trust.strangers(origin)
    is_named = trust.ledger_keys(origin) or any(head.head.origin == origin for head in trust.heads)
    if trust.witnesses and not is_cosigned:
        found.undecided.append(Problem("CHECK.WITNESS", where=where))
    if strangers and not found.by and not is_named:
        found.problems.append(Problem("CHECK.ORIGIN", where=where, origin=origin, others=strangers[:5]))
    if not (trust.is_empty or found.by or found.problems or found.undecided):
        found.undecided.append(Problem("CHECK.NOT_VOUCHED", where=where))


def _known(source: Source, trust: Trust) -> _Known:
    """The keys that the claim's entries name; where they name none, those that a file brought names."""
    named, origin = source, source.head.origin
    if not source.signing:
        told = [head for head in trust.heads if head.signing and head.head.origin == origin]
        told.sort(key=lambda head: (head.head.size >= source.head.size, head.is_whole))
        named = told[-1] if told else source
    keys = [(since, VerifierKey(origin, ED25519_NOTE, key)) for since, key in named.signing]
    return _Known(trust.ledger_keys(origin), trust.witnesses, keys, named.knows, named.head.size)


def _has_line(note: Note, origin: str) -> bool:
    return any(signature.name == origin for signature in note.signatures)


def _take_id(source: Source, trust: Trust, found: Vouching) -> list[str]:
    """The ledger id that the source proves and the reader trusts, in words."""
    if trust.ledger_ids and source.ledger_id and source.ledger_id not in trust.ledger_ids:
        found.problems.append(Problem("CHECK.LEDGER_ID", where=source.where, id=source.ledger_id))
    return [words.say("CHECK.BY:id", {"id": source.ledger_id})] if source.ledger_id in trust.ledger_ids else []


@dataclass
class _Heads:
    """What the files brought say: which vouch, whether the history begins with one, whether a witness cosigned one of this head."""

    by: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    witness: bool = False
    cosigned: bool = False


def _take_heads(source: Source, trust: Trust, known: _Known, found: Vouching) -> _Heads:
    """Judge each file that was brought of this origin: its own signature, and how it stands to the claim."""
    heads = _Heads()
    for head in trust.heads:
        if head.head.origin != source.head.origin:
            continue
        relation = _relation(source, head, found)
        standing = _standing(source, head, known, found, is_proved=bool(relation))
        if standing == "nothing" or not relation or not head.head.size:
            continue
        cosigners = known.cosigners(parse_note(head.note)) if head.note and relation == "same" else []
        heads.cosigned |= bool(cosigners)
        heads.witness |= any(not key.name.endswith(GROWTH) for key in cosigners)
        if relation == "before":
            heads.begun.append(words.say("CHECK.BY:begun", {"where": head.where}))
        elif standing == "signed" or source.sort != "checkpoint":  # a checkpoint claims its signature, and nothing else
            heads.by.append(words.say("CHECK.BY:file", {"where": head.where}))
    return heads


def _standing(source: Source, head: Source, known: _Known, found: Vouching, *, is_proved: bool) -> str:
    """What a file brought is worth: `signed`, on the reader's `word` where no key is known to check it with, or `nothing`."""
    if not head.note:
        return "signed"  # a ledger of the reader's own
    note, size = parse_note(head.note), head.head.size
    named = [VerifierKey(head.head.origin, ED25519_NOTE, key) for since, key in head.signing if since <= size][-1:]
    own = known.at(size)
    is_false = known.false_line(note)
    if is_false:
        found.problems.append(Problem("CHECK.BROUGHT:false", where=head.where, name=is_false.name))
    elif any(is_signed_by_key(note, key) for key in [*known.brought, *named, *([own] if own else [])]) or known.cosigners(note):
        return "signed"
    elif own is not None and known.is_certain(size):
        found.problems.append(Problem("CHECK.BROUGHT:named", head=head.where, where=source.where))
    elif known.brought and is_proved:
        found.problems.append(Problem("CHECK.BROUGHT", where=head.where))
    elif own is None and not (named or known.brought) and _has_line(note, head.head.origin):
        return "word"
    else:
        found.undecided.append(Problem("CHECK.BROUGHT:open", where=head.where))
    return "nothing"


def _relation(source: Source, head: Source, found: Vouching) -> str:
    """`same`, `before` or `after` where it is proved how a file brought stands to the claim; '' with what is wrong or missing."""
    facts = {"where": source.where, "head": head.where}
    if source.ledger_id and head.ledger_id and source.ledger_id != head.ledger_id:
        found.problems.append(Problem("CHECK.LEDGER_ID", where=source.where, id=source.ledger_id))
        return ""
    seq, size = first_differing(source, head), two_roots(source, head)
    if not head.head.size and head.head.root != sha256().digest():
        size = 0
    if seq is not None or size is not None:
        key, more = ("CHECK.FORK:entry", {"seq": seq}) if seq is not None else ("CHECK.FORK", {"size": size})
        found.problems.append(Problem(key, **facts, **more))
    elif source.head.size == head.head.size:
        return "same"
    elif source.head.size > head.head.size and (not head.head.size or source.root_at(head.head.size) == head.head.root):
        return "before"
    elif source.head.size < head.head.size and head.root_at(source.head.size) == source.head.root:
        return "after"
    else:
        found.undecided.append(Problem("CHECK.NOT_COMPARED", **facts, size=head.head.size, of=source.head.size))
    return ""
