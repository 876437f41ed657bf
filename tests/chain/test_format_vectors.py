"""The format page is true and up to date: every fact in its block of vectors is computed again, by hand."""

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.header import parse_header
from ledger.chain.keys import verify_signature
from ledger.chain.note import is_signed_by, parse_checkpoint, parse_note
from ledger.kinds.codec import decode_content
from tests.chain.test_merkle import naive_root
from tests.docs_blocks import FORMAT, format_page
from tests.world import World, first_yuan

TEXT = FORMAT.read_text("utf-8")
FACTS: dict[str, Any] = json.loads(TEXT.rpartition("```json\n")[2].partition("\n```")[0])
LEAVES = [bytes.fromhex(text) for text in FACTS["leaves"]]
ORIGIN = FACTS["origin"]
ROOT, LI, WANG, LEDGER_KEY = (
    Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32).public_key().public_bytes_raw() for byte in (1, 2, 3, 4)
)


def key_id(public: bytes) -> str:
    """The id of a key by the page's words."""
    return sha256(b"sunledger/key/v1\n\x01" + public).hexdigest()


def test_format_page_is_up_to_date() -> None:
    """Its made parts are what the code makes now; `make docs` writes them."""
    assert format_page(TEXT) == TEXT


def test_ids_of_keys_are_computed_as_the_page_says() -> None:
    """§5 and §6: key id, key hash, verifier key."""
    assert key_id(ROOT) == FACTS["root_key_id"] == FACTS["seals"][0]["author"]
    digest = sha256(ORIGIN.encode() + b"\n\x01" + LEDGER_KEY).hexdigest()[:8]
    assert FACTS["ledger_key"].split("+", 2) == [ORIGIN, digest, b64encode(bytes([1]) + LEDGER_KEY).decode()]


def test_entry_nine_is_bound_byte_by_byte() -> None:
    """§2 and §3: canonical content, digest, previous leaf, leaf."""
    header, content = FACTS["entry_9"]["header"].encode(), FACTS["entry_9"]["content"].encode()
    value = json.loads(content)
    assert rfc8785.dumps(value) == content
    assert sorted(value) == ["author", "data", "id", "kind", "moves", "occurred_on", "origin", "salt", "v"]
    lines = header.decode().split("\n")
    assert lines[:2] == ["sunledger/entry/v1", "seq 9"]
    assert lines[2] == "prev " + FACTS["leaves"][8]
    assert lines[5] == "content " + sha256(b"sunledger/content/v1\n" + content).hexdigest()
    assert lines[6:] == [""]
    assert sha256(b"\0" + header).hexdigest() == FACTS["entry_9"]["leaf"] == FACTS["leaves"][9]
    assert value["author"] == key_id(LI)
    assert parse_header(header).seq == 9
    assert decode_content(content, ORIGIN).event is not None


def test_ledger_id_is_the_leaf_of_entry_zero() -> None:
    """§3."""
    assert FACTS["ledger_id"] == FACTS["leaves"][0]


@pytest.mark.parametrize("place", range(len(FACTS["seals"])))
def test_seal_is_signed_over_the_root_of_its_size(place: int) -> None:
    """§4: tiles, root, author, five lines, signature."""
    seal = FACTS["seals"][place]
    assert seal["from"] == (FACTS["seals"][place - 1]["size"] if place else 0)
    assert b64decode(seal["root"]) == naive_root(LEAVES[: seal["size"]])
    public = {key_id(key): key for key in (ROOT, LI, WANG)}[seal["author"]]
    message = f"sunledger/seal/v1\nfrom {seal['from']}\n{ORIGIN}\n{seal['size']}\n{seal['root']}\n".encode()
    assert verify_signature(public, b64decode(seal["signature"]), message)


def test_seals_tile_to_the_checkpoint_and_the_ledger_key_signs_it() -> None:
    """§4 and §6."""
    note = parse_note(FACTS["checkpoint"])
    checkpoint = parse_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, 11, naive_root(LEAVES))
    assert FACTS["seals"][-1]["size"] == len(LEAVES) == 11
    assert is_signed_by(note, ORIGIN, LEDGER_KEY)
    assert not is_signed_by(note, ORIGIN, ROOT)


def test_balances_follow_from_the_moves_alone(sqlite_target: str) -> None:
    """INV-09, §7: adding up the moves of the contents gives the balances printed."""
    world = first_yuan(sqlite_target)
    sums: dict[str, int] = {}
    for raw in contents(world):
        for move in json.loads(raw)["moves"]:
            for side, sign in (("from", -1), ("to", 1)):
                key = f"{move[side]} {move['unit']} {move['quota']}"
                sums[key] = sums.get(key, 0) + sign * move["n"]
    assert {key: n for key, n in sums.items() if n} == FACTS["balances"]


def contents(world: World) -> list[bytes]:
    """The contents of a ledger."""
    with world.ledger.reading() as session:
        return [session.history.entry(seq)[1] for seq in range(session.size)]
