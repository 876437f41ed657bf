"""A ledger of a dozen entries, its key kept or replaced; every claim of it, by every signature; and all that a reader may bring."""

import json
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from ledger.book.effects import statement
from ledger.chain.cosignature import cosign
from ledger.chain.keys import b64, public_bytes
from ledger.chain.note import WITNESS_TYPE, Checkpoint, VerifierKey, checkpoint_text, key_hash, sign_note
from ledger.chain.proofs import Tree
from ledger.chain.tlog_proof import TlogProof
from ledger.disclosure.shape import BookClaim, Disclosure, EarlierHead, Listed, encode
from tests.verifier.forge import ORIGIN, Forge, held, opened, pack, private

ROOT, QIAN, LEDGER, NEW_LEDGER, STRANGER, WITNESS, GROWTH, ALIEN = 1, 6, 4, 22, 50, 51, 52, 53
COUNTY = "999901"
OTHER = "other.example/x"
SIGNATURES = ("right", "nobody", "false", "strange")  # of a ledger that kept its key
ROTATED = ("new", "old")  # of one that replaced it


class History(NamedTuple):
    """A forge, the size of an earlier head in it, and the private keys that sign at that size and at the end."""

    forge: Forge
    early: int
    keys: tuple[int, int]


@cache
def history(*, rotated: bool = False, fork: bool = False) -> History:
    """Founded, a quota received, the key replaced or not, a project; stated at its end. A fork tells another amount of the quota."""
    forge = opened("control", "small", roots=1, quorum=1)
    body = {"level": "county", "parent": "990000"}
    forge.add(ROOT, "authority.register", "a1", code="990000", name="某省", level="province")
    forge.add(ROOT, "authority.register", "a2", code=COUNTY, name="示例县", **body)
    forge.add(ROOT, "officer.enroll", "e1", officer="qian", name="钱某", authority=COUNTY, roles=["finance", "publisher", "programme"], **held(QIAN, "qian"))
    forge.add(QIAN, "quota.receive", "Q1", quota="Q1", holder=COUNTY, amount=200 if fork else 100, year=2026, source_level="county")
    early = len(forge.rows)
    forge.add(QIAN, "project.propose", "p1", project="P1", county=COUNTY, name="水渠")
    if rotated:
        forge.add(ROOT, "ledger.rotate", "rot", reason="定期更换", **held(NEW_LEDGER, "ledger"))
    for stream in ("money", "open", "keys"):
        forge.add(QIAN, "book.state", f"st-{stream}", **statement(forge.state, f"{COUNTY}/{stream}"), seal=stream == "keys")
    return History(forge, early, (LEDGER, NEW_LEDGER if rotated else LEDGER))


def root(forge: Forge, size: int) -> bytes:
    """The root of the first entries."""
    return Tree([row[3] for row in forge.rows]).root(size)


def note(forge: Forge, size: int, how: str, key: int = LEDGER) -> str:
    """A checkpoint: signed by `key` (right, new, old), by nobody of the ledger, falsely, or by a key nobody knows."""
    text = checkpoint_text(Checkpoint(ORIGIN, size, root(forge, size)))
    sealed = sign_note(text, ORIGIN, private({"strange": STRANGER, "old": LEDGER}.get(how, key)))
    if how == "nobody":
        return sign_note(text, "someone.example", private(ALIEN))
    if how == "false":
        public = public_bytes(private(key))
        return f"{text}\n— {ORIGIN} {b64(key_hash(ORIGIN, public) + bytes(range(64)))}\n"
    return sealed


def cosigned(signed: str, witness: int) -> str:
    """A checkpoint with the line of a witness more."""
    return signed + cosign(signed.split("\n\n")[0] + "\n", name_of(witness), private(witness), 1_795_485_600)


def name_of(witness: int) -> str:
    """A witness's name."""
    return "w.example.growth" if witness == GROWTH else "w.example"


def claim(sort: str, made: History, signed: str, seqs: Sequence[int] = (0, 4), bare: Sequence[int] = ()) -> bytes:
    """A file that says something of the whole of a history, under a checkpoint; of a disclosure which entries, and which without content."""
    forge, size = made.forge, len(made.forge.rows)
    tree = Tree([row[3] for row in forge.rows])
    if sort == "checkpoint":
        return signed.encode()
    if sort == "bundle":
        return pack(forge.rows, forge.seals, signed)
    if sort in ("proof", "proof of 0"):
        seq = 4 if sort == "proof" else 0
        extra = {"content": forge.rows[seq][2].decode(), "header": forge.rows[seq][1].decode()}
        raw = json.dumps(extra, ensure_ascii=False, separators=(",", ":")).encode()
        return TlogProof(seq, tree.inclusion(seq), signed, raw).to_text().encode()
    listed = list(seqs) if sort == "disclosure" else list(range(size))
    return encode(Disclosure(
        book=BookClaim(code=COUNTY, year=2026, streams=["money", "open"]) if sort == "book" else None,
        checkpoint=signed, format="sunledger.disclosure/1", ledger_id=forge.rows[0][3].hex(), origin=ORIGIN,
        entries=[Listed(seq=seq, header=forge.rows[seq][1].decode(), content=None if seq in bare else forge.rows[seq][2].decode()) for seq in listed],
        heads=[EarlierHead(size=made.early, root=b64(tree.root(made.early)), proof=[b64(part) for part in tree.consistency(made.early)])],
        proof=[b64(part) for part in tree.multi(listed)],
    ))  # fmt: skip


class Brought(msgspec.Struct):
    """What a reader brings: an id, keys, and checkpoints as they stand in files."""

    ids: list[str] = []
    keys: list[VerifierKey] = []
    notes: list[str] = []
    line: int = 0  # the witness whose line the claim bears


def ledger_key(byte: int, origin: str = ORIGIN) -> VerifierKey:
    """A key that signs checkpoints."""
    return VerifierKey(origin, b"\x01", public_bytes(private(byte)))


def witness_key(byte: int) -> VerifierKey:
    """A witness's key."""
    return VerifierKey(name_of(byte), WITNESS_TYPE, public_bytes(private(byte)))


def brought(words: str, made: History, signature: str, sort: str) -> Brought:
    """What the words of a row of the table say, brought for a claim of a sort."""
    found = Brought()
    forge, size = made.forge, len(made.forge.rows)
    first, now = made.keys
    for word in words.split(" + "):
        match word:
            case "nothing":
                pass
            case "ledger id":
                found.ids.append(forge.rows[0][3].hex())
            case "another ledger id":
                found.ids.append("0" * 64)
            case "the key":
                found.keys.append(ledger_key(now))
            case "the replaced key":
                found.keys.append(ledger_key(first))
            case "a key that did not sign":
                found.keys.append(ledger_key(ALIEN))
            case "a key of another origin":
                found.keys.append(ledger_key(now, OTHER))
            case "a witness that cosigned":
                found.keys.append(witness_key(WITNESS))
                found.line = WITNESS
            case "a growth witness that cosigned":
                found.keys.append(witness_key(GROWTH))
                found.line = GROWTH
            case "a witness that did not":
                found.keys.append(witness_key(WITNESS))
            case "the same file":
                found.notes.append(note(forge, size, signature, now))
            case "the same head":
                found.notes.append(note(forge, size, "right", now))
            case "the same head, falsely signed":
                found.notes.append(note(forge, size, "false", now))
            case "the same head, by an unknown key":
                found.notes.append(note(forge, size, "strange"))
            case "the same head, signed by nobody":
                found.notes.append(note(forge, size, "nobody"))
            case "an earlier head":
                found.notes.append(note(forge, made.early, "right", first))
            case "an earlier head, falsely signed":
                found.notes.append(note(forge, made.early, "false", first))
            case "an earlier head that nothing leads from":
                found.notes.append(note(forge, made.early - 1, "right", first))
            case "a later head":
                found.notes.append(sign_note(checkpoint_text(Checkpoint(ORIGIN, size + 9, bytes(32))), ORIGIN, private(now)))
            case "a head of a fork":
                found.notes.append(sign_note(checkpoint_text(Checkpoint(ORIGIN, size, bytes(32))), ORIGIN, private(now)))
            case "a head of another origin":
                found.notes.append(sign_note(checkpoint_text(Checkpoint(OTHER, size, root(forge, size))), OTHER, private(now)))
            case _:
                raise AssertionError(word)
    return found


def evidence(signed: tuple[str, str]) -> bytes:
    """Evidence of two histories that tell entry 4 differently; each side's checkpoint is signed in its own way."""
    sides = []
    for made, how in zip((history(), history(fork=True)), signed, strict=True):
        forge, size = made.forge, len(made.forge.rows)
        path = [b64(part) for part in Tree([row[3] for row in forge.rows]).inclusion(4)]
        text = note(forge, size, how.partition(" ")[0])
        sides.append({"checkpoint": cosigned(text, WITNESS) if how.endswith("cosigned") else text,
                      "entry": {"seq": 4, "header": forge.rows[4][1].decode(), "proof": path}})  # fmt: skip
    value = {"format": "sunledger.evidence/1", "relation": "fork", "origin": ORIGIN, "ledger_id": history().forge.rows[0][3].hex(),
             "a": sides[0], "b": sides[1]}  # fmt: skip
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
