"""How an entry names an earlier one."""

import msgspec

from ledger.book.state import Breach, State
from ledger.chain.header import Header, parse_header
from ledger.kinds.codec import Content, decode_content, envelope_fault
from ledger.kinds.keys import LONGEST_RANGE, EntryVoid
from ledger.kinds.types import EntryRef

SALT = "0" * 32


class Named(msgspec.Struct, gc=False):
    """An earlier entry that is named by a later one."""

    seq: int
    header: Header
    content: Content


def named_entry(state: State, ref: EntryRef) -> Named:
    """The entry that `ref` names: by its id, or by its position where its own id is malformed or in use by another."""
    seq = position_of(state, ref.entry)
    if seq is None:
        raise Breach("REFERENCE.ENTRY", id=ref.entry)
    found = entry_at(state, seq)
    if state.history.entry(seq)[2].hex() != ref.leaf:
        raise Breach("REFERENCE.ENTRY:leaf", id=ref.entry)
    return found


def named_range(state: State, event: EntryVoid) -> tuple[int, int]:
    """The first and the last position that an acknowledgement names; there are at most 1,000."""
    first = named_entry(state, event.entry).seq
    last = first if event.to is None else named_entry(state, event.to).seq
    if event.to is not None and not first < last < first + LONGEST_RANGE:
        raise Breach("REFERENCE.ENTRY:range", first=first, last=last, most=LONGEST_RANGE)
    return first, last


def position_of(state: State, word: str) -> int | None:
    """Where an earlier entry stands; no id is all digits, so digits are a position."""
    seq = int(word) if word.isdigit() else state.history.seq_of(word)
    if word.isdigit() and word != str(seq):
        return None  # a position has one spelling
    return seq if seq is not None and seq < state.position else None


def word_for(state: State, seq: int) -> str:
    """What names an entry: its id, or its position where the id does not."""
    id = entry_at(state, seq).content.id
    return str(seq) if envelope_fault(id, SALT) or state.history.seq_of(id) != seq else id


def entry_at(state: State, seq: int) -> Named:
    """The entry at a position."""
    header, content, _ = state.history.entry(seq)
    return Named(seq, parse_header(header), decode_content(content, state.history.origin))
