"""How an entry names an earlier one."""

import msgspec

from ledger.book.state import Breach, State
from ledger.chain.header import Header, parse_header
from ledger.kinds.codec import Content, decode_content
from ledger.kinds.types import EntryRef


class Named(msgspec.Struct, gc=False):
    """An earlier entry that is named by a later one."""

    seq: int
    header: Header
    content: Content


def named_entry(state: State, ref: EntryRef) -> Named:
    """The entry that `ref` names by id and leaf."""
    seq = state.history.seq_of(ref.entry)
    if seq is None:
        raise Breach("REFERENCE.ENTRY", f"entry {ref.entry!r} is not known")
    found = entry_at(state, seq)
    if state.history.entry(seq)[2].hex() != ref.leaf:
        raise Breach("REFERENCE.ENTRY", f"entry {ref.entry!r} has another leaf")
    return found


def entry_at(state: State, seq: int) -> Named:
    """The entry at a position."""
    header, content, _ = state.history.entry(seq)
    return Named(seq, parse_header(header), decode_content(content, state.history.origin))
