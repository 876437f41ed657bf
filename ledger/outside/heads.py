"""Files, and ledgers, read as what they say of a history: see `ledger.disclosure.source`."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from ledger.book.objects import LedgerKeys
from ledger.book.state import State
from ledger.calendar import format_at, system_clock
from ledger.chain.header import binds, content_digest, parse_header
from ledger.chain.keys import unb64
from ledger.chain.merkle import leaf_hash
from ledger.chain.note import Checkpoint, parse_checkpoint, parse_note
from ledger.chain.proofs import Tree, verify_inclusion
from ledger.chain.tlog_proof import parse_tlog_proof
from ledger.disclosure.check import check
from ledger.disclosure.shape import Disclosure
from ledger.disclosure.source import Source
from ledger.errors import InputRejected, IntegrityFailed
from ledger.kinds.codec import decode_content
from ledger.outside.bundles import Bundle, judge
from ledger.words import Fault

MAX_EXTRA = 1024 * 1024


def parse_head(text: str, where: str) -> Checkpoint:
    """What a signed checkpoint says. Raises InputRejected."""
    try:
        return parse_checkpoint(parse_note(text).text)
    except ValueError as error:
        raise InputRejected("INPUT.CHECKPOINT", where=where, why=error) from None


def of_checkpoint(text: str, where: str) -> Source:
    """What a checkpoint file says: its head, and no more."""
    head = parse_head(text, where)
    return Source(where, "checkpoint", head, text, head)


class _Extra(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    header: str
    content: str = ""


def of_tlog_proof(text: str, where: str) -> Source:
    """What the proof of one entry says.

    Raises:
        InputRejected: it cannot be read. IntegrityFailed: it does not lead from the entry to the checkpoint.
    """
    try:
        proof = parse_tlog_proof(text)
        extra = _extra(proof.extra or b"")
        header, raw = parse_header(extra.header.encode()), extra.header.encode()
    except msgspec.DecodeError:
        raise InputRejected("INPUT.PROOF", where=where, why=Fault("PROOF:spelling")) from None
    except ValueError as error:
        raise InputRejected("INPUT.PROOF", where=where, why=error) from None
    head = parse_head(proof.checkpoint, where)
    if header.seq != proof.index or not verify_inclusion(
        leaf_hash(raw), proof.index, head.size, proof.hashes, head.root
    ):
        raise IntegrityFailed("PROOF.INCLUSION", where=where, seq=header.seq)
    contents = {header.seq: extra.content.encode()} if extra.content else {}
    source = Source(where, "tlog-proof", head, proof.checkpoint, head, headers={header.seq: raw},
                    path=lambda seq: proof.hashes, content=contents.get)  # fmt: skip
    with_founding(source, contents)
    for seq, content in contents.items():
        try:
            decode_content(content, head.origin)
        except ValueError as error:
            raise IntegrityFailed("INV-01.CONTENT:in", where=where, seq=seq, why=error) from None
    return source


def _extra(raw: bytes) -> _Extra:
    if not raw:
        raise Fault("PROOF:header")
    extra = msgspec.json.decode(raw, type=_Extra)
    spellings = [msgspec.json.encode(extra)]
    if extra.content:
        spellings.append(msgspec.json.encode({"content": extra.content, "header": extra.header}))
    if raw not in spellings or len(raw) > MAX_EXTRA:
        raise Fault("PROOF:spelling")
    return extra


def of_bundle(raw: bytes, where: str, *, judged: bool = True) -> Source:
    """What a bundle says: the whole history. Its seals and rules are not looked at: see `ledger.outside.bundles`.

    Where its ledger key was replaced, by what right takes a replay; unless `judged`, only the key of entry 0 is known then.
    """
    bundle = Bundle(raw, where)
    head = parse_head(bundle.note, where)
    headers: list[bytes] = []
    rotated = False
    telling: dict[int, bytes] = {}
    for seq, header, content in bundle.entries():
        if seq != len(headers):
            raise IntegrityFailed("INV-02.MISSING:in", where=where, seq=len(headers))
        if seq >= head.size:  # told at once: what comes may be endless
            raise IntegrityFailed("INV-03.ROOT:more", where=where, size=head.size, seq=seq)
        try:
            parse_header(header)
        except ValueError as error:
            raise IntegrityFailed("INV-01.HEADER:in", where=where, seq=seq, why=error) from None
        if not binds(header, content):
            raise IntegrityFailed("INV-01.DIGEST:in", where=where, seq=seq)
        headers.append(header)
        if seq == 0:
            telling[seq] = content
        rotated |= b'"kind":"ledger.rotate","moves":' in content  # the kind of the entry: a policy names kinds too
    tree = Tree([leaf_hash(header) for header in headers])
    if (tree.size, tree.root()) != (head.size, head.root):
        raise IntegrityFailed("INV-03.ROOT:checkpoint", where=where)
    source = of_history(where, "bundle", head, headers, tree, bundle.content)
    source.note, source.noted = bundle.note, head
    source = with_founding(source, telling)
    if not rotated:
        source.knows = "whole"
    elif judged:  # whether by right takes all that was before
        source.signing, source.knows = signing_keys(judge(bundle, head.origin, format_at(system_clock())).state), "whole"
    return source


def signing_keys(state: State) -> list[tuple[int, bytes]]:
    """The keys that ever sign checkpoints of a ledger, each with the size from which on, as a replay of it says."""
    known: LedgerKeys | None = state.get("ledger_keys", "")
    return [(since, unb64(key, 32)) for since, key in known.keys] if known else []


def of_disclosure(disclosure: Disclosure, where: str, sort: str = "disclosure") -> Source:
    """What a disclosure says, which must hold by itself. Raises IntegrityFailed with every finding."""
    checked = check(disclosure, where=where, sort=sort)
    if checked.problems or checked.source is None:
        raise IntegrityFailed.of(checked.problems).because("IN_FILE", where=where)
    return checked.source


def of_history(
    where: str, sort: str, head: Checkpoint, headers: Sequence[bytes], tree: Tree, content: Callable[[int], bytes | None]
) -> Source:
    """A whole history, without a note."""
    return Source(where, sort, head, headers=dict(enumerate(headers)), tree=tree, content=content)


def with_founding(source: Source, contents: Mapping[int, bytes]) -> Source:
    """The source with its ledger id and the ledger key of entry 0, as far as the contents of proved entries tell.

    Raises IntegrityFailed where a content is not what its header binds.
    """
    for seq, content in sorted(contents.items()):
        header = parse_header(source.headers[seq])
        if content_digest(content) != header.content:
            raise IntegrityFailed("INV-01.DIGEST:in", where=source.where, seq=seq)
        try:
            said = msgspec.json.decode(content, type=_Said)
        except (msgspec.DecodeError, UnicodeError):
            continue
        if said.origin != source.head.origin:
            raise IntegrityFailed("INV-16.ORIGIN:entry", where=source.where, seq=seq, origin=said.origin)
        if seq == 0 and said.data.ledger_key is not None:
            source.signing, source.knows = [(0, _sound(said.data.ledger_key, source.where))], "opening"
    if 0 in source.headers:
        source.ledger_id = leaf_hash(source.headers[0]).hex()
    return source


class _Key(msgspec.Struct):
    public_key: str = ""


class _Data(msgspec.Struct):
    ledger_key: _Key | None = None


class _Said(msgspec.Struct):
    origin: str
    data: _Data


def _sound(key: _Key, where: str) -> bytes:
    try:
        return unb64(key.public_key, 32)
    except ValueError:
        raise IntegrityFailed("INV-01.CONTENT:key", where=where) from None
