"""The stranger's verifier accepts the sound bundle and rejects everything that was made of it since."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stranger.judge import Verdict, judge
from verifier import verify

HERE = Path(__file__).parent
SOUND = (HERE / "sound.zip").read_bytes()
PAGE = (HERE.parents[1] / "docs" / "format.md").read_text("utf-8")
VECTORS = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.S)[-1])
ORIGIN, LEDGER_KEY = VECTORS["origin"], VECTORS["ledger_key"]
LEDGER_ID = "0dec518fb6b454b6476287029197591bc3c8a2d448a2f70b84817cd1488cf503"  # of the sound bundle, which an earlier release gave out
MEMBERS = verify.unpack(SOUND, verify.Budget(len(SOUND)))
NOTE = MEMBERS["checkpoint.note"].decode()
ENTRIES = MEMBERS["entries.jsonl"].splitlines(keepends=True)
SEALS = MEMBERS["seals.jsonl"].splitlines(keepends=True)
ROOT, LI, WANG, LEDGER, ZHAO = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in range(1, 6))


def pack(entries: bytes, seals: bytes, note: str | bytes = NOTE) -> bytes:
    """A bundle of these three members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("entries.jsonl", entries)
        archive.writestr("seals.jsonl", seals)
        archive.writestr("checkpoint.note", note)
    return buffer.getvalue()


def rejected(bundle: bytes, about: str = "") -> bool:
    """Whether a bundle is rejected by one who knows the ledger id, for the reason given."""
    verdict = judge(bundle, ledger_id=LEDGER_ID)
    return not verdict.ok and any(about in problem for problem in verdict.problems)


def dump(value: object) -> str:
    """JSON as compact as the bundle's."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def b64(raw: bytes) -> str:
    """Standard base64 as text."""
    return base64.b64encode(raw).decode()


def key_id(key: Ed25519PrivateKey) -> str:
    """The page's id of a key."""
    return hashlib.sha256(b"sunledger/key/v1\n\x01" + key.public_key().public_bytes_raw()).hexdigest()


def sign_note(body: str, key: Ed25519PrivateKey = LEDGER, name: str = ORIGIN) -> str:
    """A checkpoint signed under a name."""
    public = key.public_key().public_bytes_raw()
    hashed = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    return f"{body}\n— {name} {b64(hashed + key.sign(body.encode()))}\n"


def roots_of(leaves: list[bytes]) -> list[bytes]:
    """The root of the first n leaves, for every n from 0."""
    return [verify.root_of(leaves[:size]) for size in range(len(leaves) + 1)]


def read_entries(lines: list[bytes]) -> list[verify.Entry]:
    """Each line as an entry."""
    return [verify.read_entry(line["header"], line["content"]) for line in map(json.loads, lines)]


def note_of_eleven() -> str:
    """A genuine checkpoint of the first eleven entries."""
    return sign_note(f"{ORIGIN}\n11\n{b64(roots_of([entry.leaf for entry in read_entries(ENTRIES[:11])])[11])}\n")


class Forgery:
    """A ledger whose writer has every key: change anything, then make all hashes and signatures anew."""

    def __init__(self) -> None:
        lines = [json.loads(line) for line in ENTRIES]
        self.contents: list[Any] = [json.loads(line["content"]) for line in lines]
        self.at = [line["header"].split("\n")[3][3:] for line in lines]
        self.books = [line["header"].split("\n")[4][6:] for line in lines]
        self.spans = [(seal["from"], seal["size"]) for seal in map(json.loads, SEALS)]
        self.keys = {key_id(key): key for key in (ROOT, LI, WANG, ZHAO)}
        self.text: Callable[[Any], str] = lambda content: dump(dict(sorted(content.items())))
        self.header: Callable[[int, str], str] = lambda seq, header: header
        self.seal_key: dict[int, Ed25519PrivateKey] = {}

    def append(self, key: Ed25519PrivateKey, kind: str, ident: str, books: str, **rest: Any) -> None:
        """One more entry under its own seal."""
        content = self.contents[-1] | {
            "author": key_id(key),
            "id": ident,
            "kind": kind,
            "moves": [],
            "data": {},
        }
        self.contents.append(content | rest)
        self.at.append(self.at[-1])
        self.books.append(books)
        self.spans.append((len(self.contents) - 1, len(self.contents)))

    def members(self) -> tuple[bytes, bytes, str]:
        """Entries, seals and checkpoint, hashed and signed."""
        leaves: list[bytes] = []
        lines, by_id = [], dict[str, str]()
        prev = hashlib.sha256(f"sunledger/genesis/v1\n{ORIGIN}\n".encode()).hexdigest()
        for seq, content in enumerate(self.contents):
            named = content["data"].get("entry") if isinstance(content["data"], dict) else None
            if isinstance(named, dict) and str(named.get("entry")) in by_id:
                named["leaf"] = by_id[named["entry"]]
            text = self.text(content)
            digest = hashlib.sha256(b"sunledger/content/v1\n" + text.encode()).hexdigest()
            header = (
                f"sunledger/entry/v1\nseq {seq}\nprev {prev}\nat {self.at[seq]}\n"
                f"books {self.books[seq]}\ncontent {digest}\n"
            )
            header = self.header(seq, header)
            leaves.append(hashlib.sha256(b"\x00" + header.encode()).digest())
            by_id[str(content.get("id"))] = prev = leaves[-1].hex()
            lines.append(dump({"seq": seq, "header": header, "content": text}) + "\n")
        roots, seals = roots_of(leaves), []
        for start, size in self.spans:
            author = self.contents[start]["author"]
            root = b64(roots[size])
            key = self.seal_key.get(start) or self.keys.get(author, ROOT)
            signature = key.sign(f"sunledger/seal/v1\nfrom {start}\n{ORIGIN}\n{size}\n{root}\n".encode())
            seal = {"from": start, "size": size, "root": root, "author": author, "signature": b64(signature)}
            seals.append(dump(seal) + "\n")
        note = sign_note(f"{ORIGIN}\n{len(leaves)}\n{b64(roots[-1])}\n")
        return "".join(lines).encode(), "".join(seals).encode(), note

    def judge(self) -> Verdict:
        """The stranger's verdict on the forgery, tied to nothing."""
        return judge(pack(*self.members()))

    def problem(self) -> str:
        """All problems of the forgery in one text."""
        return "\n".join(self.judge().problems)


def move(source: str, n: Any, to: str, quota: str = "Q1") -> dict[str, Any]:
    """One move of money."""
    return {"from": source, "n": n, "quota": quota, "to": to, "unit": "CNY"}


def named(ident: str) -> dict[str, Any]:
    """The data of an entry that names another; its leaf is filled in when hashes are made."""
    return {"entry": {"entry": ident, "leaf": "0" * 64}}


# --- the sound bundle -------------------------------------------------------------------------------------


def test_the_sound_bundle_passes_with_everything_a_reader_can_bring() -> None:
    """Id, key and an earlier checkpoint agree with it."""
    verdict = judge(
        SOUND, ledger_id=LEDGER_ID, ledger_key=LEDGER_KEY, earlier_checkpoint=note_of_eleven()
    )
    assert verdict.problems == []
    assert (verdict.ok, verdict.entries, verdict.root) == (True, 15, NOTE.split("\n")[2])
    assert sorted(verdict.trust) == ["checkpoint of 11 entries", "ledger id", "ledger key 77a69132"]
    assert verdict.balances == {("P1:budget", "CNY", "Q1"): 10**8, ("world:outside", "CNY", "Q1"): -(10**8)}


def test_a_check_without_anything_brought_says_that_it_is_of_consistency_only() -> None:
    """§1: a bundle is not its own judge."""
    verdict = judge(SOUND)
    assert verdict.verdict == "undecided"
    assert verdict.trust == []
    assert any("check of consistency only" in words for words in verdict.cannot_exclude)
    assert any("missing tail" in words for words in verdict.cannot_exclude)


def test_making_the_sound_ledger_anew_from_the_page_gives_the_same_bytes() -> None:
    """Header, digest, tree, seal and note are written as the page says, to the last byte."""
    entries, seals, note = Forgery().members()
    assert (entries, seals, note) == (MEMBERS["entries.jsonl"], MEMBERS["seals.jsonl"], NOTE)


def test_the_command_prints_problems_and_answers_with_its_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 when sound, 3 where it cannot be read."""
    (tmp_path / "note").write_text(NOTE, "utf-8")
    (tmp_path / "cut").write_bytes(SOUND[:-1])
    brought = ["--ledger-id", LEDGER_ID, "--key", LEDGER_KEY, "--checkpoint", str(tmp_path / "note")]
    assert verify.main([str(HERE / "sound.zip"), *brought]) == 0
    assert "checkpoint of 15 entries" in capsys.readouterr().out
    assert verify.main([str(tmp_path / "cut")]) == 3
    assert "does not end the file" in capsys.readouterr().out


# --- the page's vectors -----------------------------------------------------------------------------------


def first_eleven() -> bytes:
    """The history as it stood when the page's checkpoint was signed."""
    return pack(b"".join(ENTRIES[:11]), b"".join(SEALS[:8]), note_of_eleven())


def page_bundle(tmp_path: Path) -> bytes:
    """The ledger of the page's vectors, as the product gives it out."""
    from ledger.bundle import build_bundle
    from tests.world import first_yuan

    ledger = first_yuan(str(tmp_path / "page.db")).ledger
    with ledger.reading() as session:
        return build_bundle(session, session.size, VECTORS["checkpoint"])


def test_the_vectors_of_the_page_are_recomputed(tmp_path: Path) -> None:
    """Leaves, key id, ledger id, entry 9 and seals follow from the private keys and the texts."""
    assert key_id(ROOT) == VECTORS["root_key_id"]
    bundle = page_bundle(tmp_path)
    members = verify.unpack(bundle, verify.Budget(len(bundle)))
    lines = members["entries.jsonl"].splitlines()
    nine = json.loads(lines[9])
    assert {"header": nine["header"], "content": nine["content"]} == {
        key: VECTORS["entry_9"][key] for key in ("header", "content")
    }
    leaf = hashlib.sha256(b"\x00" + VECTORS["entry_9"]["header"].encode()).hexdigest()
    assert leaf == VECTORS["entry_9"]["leaf"] == VECTORS["leaves"][9]
    digest = hashlib.sha256(b"sunledger/content/v1\n" + VECTORS["entry_9"]["content"].encode()).hexdigest()
    assert f"\ncontent {digest}\n" in VECTORS["entry_9"]["header"]
    assert [entry.leaf.hex() for entry in read_entries(lines)] == VECTORS["leaves"]
    assert VECTORS["leaves"][0] == VECTORS["ledger_id"]
    roots = roots_of([bytes.fromhex(leaf) for leaf in VECTORS["leaves"]])
    for seal in VECTORS["seals"]:
        assert b64(roots[seal["size"]]) == seal["root"]
    assert [json.loads(line) for line in members["seals.jsonl"].splitlines()] == VECTORS["seals"]


def test_the_checkpoint_of_the_page_is_signed_by_its_ledger_key() -> None:
    """The vector's note is made anew from private key 04, and its verifier key is that key's."""
    assert sign_note(VECTORS["checkpoint"].split("\n\n")[0] + "\n") == VECTORS["checkpoint"]
    public = LEDGER.public_key().public_bytes_raw()
    assert verify.read_vkey(LEDGER_KEY).public == public


def test_the_balances_of_the_page_follow_from_its_eleven_entries(tmp_path: Path) -> None:
    """The eleven entries under the page's checkpoint are a sound bundle with these balances."""
    verdict = judge(page_bundle(tmp_path), ledger_id=VECTORS["ledger_id"], ledger_key=LEDGER_KEY)
    assert verdict.problems == []
    assert {" ".join(account): n for account, n in verdict.balances.items()} == VECTORS["balances"]


def test_the_root_of_no_leaves_is_the_hash_of_nothing_and_five_leaves_split_at_four() -> None:
    """§4: the tree of RFC 6962, written out for five leaves."""

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    leaves = [bytes([n]) * 32 for n in range(5)]
    roots = roots_of(leaves)
    assert roots[0] == hashlib.sha256(b"").digest()
    four = node(node(leaves[0], leaves[1]), node(leaves[2], leaves[3]))
    assert (roots[3], roots[5]) == (node(node(leaves[0], leaves[1]), leaves[2]), node(four, leaves[4]))


# --- bytes and lines altered ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "stride"), [("entries.jsonl", 19), ("seals.jsonl", 17), ("checkpoint.note", 1)]
)
def test_every_sampled_bit_of_every_member_counts(member: str, stride: int) -> None:
    """A flipped bit, and a flipped case, is rejected without anything brought."""
    data = MEMBERS[member]
    for position in [*range(0, len(data), stride), len(data) - 1]:
        for mask in {1 << position % 8, 0x20, 0x01}:
            altered = bytearray(data)
            altered[position] ^= mask
            members = MEMBERS | {member: bytes(altered)}
            assert not judge(pack(*members.values())).ok, (member, position, mask)


def test_a_flipped_byte_of_the_archive_itself_never_passes_with_other_members() -> None:
    """What still opens to the same three members is the same evidence; all else is rejected."""
    for position in range(0, len(SOUND), 3):
        altered = bytearray(SOUND)
        altered[position] ^= 1 << position % 8
        if judge(bytes(altered)).ok:
            assert verify.unpack(bytes(altered), verify.Budget(len(altered))) == MEMBERS


def lines_altered(lines: list[bytes]) -> Iterator[bytes]:
    """Every line removed, duplicated, and swapped with its neighbour."""
    for n in range(len(lines)):
        yield b"".join(lines[:n] + lines[n + 1 :])
        yield b"".join(lines[: n + 1] + lines[n:])
        if n:
            yield b"".join([*lines[: n - 1], lines[n], lines[n - 1], *lines[n + 1 :]])
    yield b"".join(lines) + b"\n"
    yield b"".join(lines)[:-1]


def test_a_line_removed_duplicated_or_swapped_is_rejected() -> None:
    """In the entries and in the seals alike."""
    for altered in lines_altered(ENTRIES):
        assert not judge(pack(altered, MEMBERS["seals.jsonl"])).ok
    for altered in lines_altered(SEALS):
        assert not judge(pack(MEMBERS["entries.jsonl"], altered)).ok


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'{"seq":3,', b'{"seq":3,"seq":3,'),
        (b'{"seq":3,', b'{"seq":3,"more":1,'),
        (b'{"seq":3,', b'{"seq":3.0,'),
        (b'{"seq":1,', b'{"seq":true,'),
        (b'{"seq":3,', b'{"seq":"3",'),
        (b'{"seq":3,', b"{"),
        (b'"header":"sunledger', b'"header":5,"x":"'),
        (b'"header":"sunledger', b'"header":"\\ud800sunledger'),
        (b'{"seq":3,', b"[" * 5000),
        (b'{"seq":3,', b'{"seq":' + b"9" * 9000 + b","),
        (b'{"seq":3,', b"\xff"),
        (b'{"from":1,', b'{"from":true,'),
        (b'{"from":1,', b'{"from":1,"from":1,'),
        (b'{"from":1,', b'{"from":1,"more":1,'),
        (b'9QM="', b'9QN="'),
        (b'9QM="', b'9QM=\\n"'),
        (b'9QM="', b'9QM"'),
    ],
)
def test_a_line_with_other_keys_or_spellings_is_rejected(old: bytes, new: bytes) -> None:
    """Exactly the keys of the page, each once, with whole numbers and one spelling of base64."""
    entries, seals = (MEMBERS[name].replace(old, new, 1) for name in ("entries.jsonl", "seals.jsonl"))
    assert (entries, seals) != (MEMBERS["entries.jsonl"], MEMBERS["seals.jsonl"])
    assert not judge(pack(entries, seals)).ok


def test_upper_case_hex_is_rejected_wherever_it_stands() -> None:
    """Headers, contents, seals and the ledger id brought are lower case."""
    for number, line in enumerate(ENTRIES):
        for match in re.finditer(rb"[0-9a-f]{64}", line):
            altered = line[: match.start()] + match[0].upper() + line[match.end() :]
            lines = [*ENTRIES[:number], altered, *ENTRIES[number + 1 :]]
            assert not judge(pack(b"".join(lines), MEMBERS["seals.jsonl"])).ok
    for number, line in enumerate(SEALS):
        seal = json.loads(line)
        altered = line.replace(seal["author"].encode(), seal["author"].upper().encode())
        lines = [*SEALS[:number], altered, *SEALS[number + 1 :]]
        assert not judge(pack(MEMBERS["entries.jsonl"], b"".join(lines))).ok
    assert not judge(SOUND, ledger_id=LEDGER_ID.upper()).ok


# --- cut and rolled back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", range(12))
def test_history_cut_at_a_seal_is_rejected_by_its_own_checkpoint(kept: int) -> None:
    """§1: the checkpoint's size is the number of entries; no one without the ledger key signs a smaller one."""
    size = json.loads(SEALS[kept - 1])["size"] if kept else 0
    cut = b"".join(ENTRIES[:size]), b"".join(SEALS[:kept])
    assert not judge(pack(*cut)).ok
    root = b64(roots_of([entry.leaf for entry in read_entries(ENTRIES)])[size])
    for key in (ROOT, LI, WANG, ZHAO):
        assert not judge(pack(*cut, sign_note(f"{ORIGIN}\n{size}\n{root}\n", key))).ok


def test_entries_without_their_seals_and_seals_without_their_entries_are_rejected() -> None:
    """§4: entries after the last seal are broken evidence, and so is a seal over nothing."""
    for kept in range(15):
        assert not judge(pack(b"".join(ENTRIES[:kept]), MEMBERS["seals.jsonl"])).ok
    for kept in range(12):
        assert not judge(pack(MEMBERS["entries.jsonl"], b"".join(SEALS[:kept]))).ok


def test_a_rollback_under_an_old_genuine_checkpoint_shows_only_against_a_later_one() -> None:
    """§10.7: id and key do not tell an old bundle from a cut one; the later checkpoint does."""
    old = first_eleven()
    assert judge(old, ledger_id=LEDGER_ID, ledger_key=LEDGER_KEY).ok
    assert not judge(old, ledger_id=LEDGER_ID, ledger_key=LEDGER_KEY, earlier_checkpoint=NOTE).ok


def test_a_history_rewritten_by_the_holder_of_every_key_shows_against_what_was_brought() -> None:
    """Another nonce is another ledger, however well signed."""
    forged = Forgery()
    forged.contents[0]["data"]["nonce"] = "f" * 32
    bundle = pack(*forged.members())
    assert judge(bundle).ok
    assert judge(bundle, ledger_key=LEDGER_KEY).ok
    assert not judge(bundle, ledger_id=LEDGER_ID).ok
    assert not judge(bundle, earlier_checkpoint=NOTE).ok
    assert not judge(bundle, earlier_checkpoint=note_of_eleven()).ok


def test_a_tail_rewritten_by_the_holder_of_every_key_shows_against_an_earlier_checkpoint() -> None:
    """The id still agrees, the root at the size of the later checkpoint does not."""
    forged = Forgery()
    forged.contents[14]["salt"] = "f" * 32
    bundle = pack(*forged.members())
    assert judge(bundle, ledger_id=LEDGER_ID, earlier_checkpoint=note_of_eleven()).ok
    assert not judge(bundle, ledger_id=LEDGER_ID, earlier_checkpoint=NOTE).ok


@pytest.mark.parametrize("brought", ["", "0" * 64, LEDGER_ID[:-1], LEDGER_ID + "\n"])
def test_another_ledger_id_is_rejected(brought: str) -> None:
    """Exactly 64 hex digits of the leaf of entry 0."""
    assert not judge(SOUND, ledger_id=brought).ok


def test_another_ledger_key_is_rejected() -> None:
    """A key that did not sign, one of another origin, and texts that are no key."""
    raw = b"\x01" + LI.public_key().public_bytes_raw()
    for name in (ORIGIN, "other.example/county"):
        for key in (raw, b"\x01" + LEDGER.public_key().public_bytes_raw()):
            hashed = hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8]
            vkey = f"{name}+{hashed}+{b64(key)}"
            assert judge(SOUND, ledger_key=vkey).ok == (vkey == LEDGER_KEY)
    for vkey in ("", "+", "++", LEDGER_KEY[:-1], LEDGER_KEY.replace("77a6", "77A6"), "é\ud800+00+AA=="):
        assert not judge(SOUND, ledger_key=vkey).ok


def notes() -> Iterator[tuple[str, str]]:
    """Checkpoints that are not the bundle's, with what is wrong."""
    body = NOTE.split("\n\n")[0] + "\n"
    line = NOTE.split("\n\n")[1]
    yield "empty", ""
    yield "no signature", body + "\n"
    yield "signed by an officer", sign_note(body, WANG)
    yield "under another name", sign_note(body, LEDGER, "other.example")
    yield "another origin", sign_note(body.replace("county", "country"))
    yield "another size", sign_note(body.replace("\n15\n", "\n14\n"))
    yield "a larger size", sign_note(body.replace("\n15\n", "\n16\n"))
    yield "a padded size", sign_note(body.replace("\n15\n", "\n015\n"))
    yield "a huge size", sign_note(body.replace("\n15\n", f"\n{'9' * 6000}\n"))
    yield "another root", sign_note(f"{ORIGIN}\n15\n{b64(bytes(32))}\n")
    yield "a fourth line", sign_note(body + "more\n")
    yield "carriage returns", NOTE.replace("\n", "\r\n")
    yield "no last line end", NOTE[:-1]
    yield "a line after", NOTE + "more\n"
    yield "a blank line after", NOTE + "\n"
    yield "a hyphen for the dash", NOTE.replace("—", "-")
    yield "a good and a bad signature", NOTE + line[:-8] + "AAAAAAA=\n"
    yield "a lone surrogate", NOTE.replace("county", "\ud800")


@pytest.mark.parametrize(("what", "note"), list(notes()), ids=[what for what, _ in notes()])
def test_another_checkpoint_is_rejected_in_the_bundle_and_when_brought(what: str, note: str) -> None:
    """Exactly three lines, of this history, signed by the ledger key under the origin."""
    assert rejected(pack(MEMBERS["entries.jsonl"], MEMBERS["seals.jsonl"], note.encode(errors="replace"))), (
        what
    )
    if what != "another size":
        assert not judge(SOUND, earlier_checkpoint=note).ok, what


def test_the_checkpoint_of_a_bundle_is_of_all_its_entries() -> None:
    """§1: a genuine one of fewer is the reader's to bring, not the bundle's to carry."""
    carried = pack(MEMBERS["entries.jsonl"], MEMBERS["seals.jsonl"], note_of_eleven())
    assert rejected(carried, "not that of these entries")


def test_other_signers_of_a_checkpoint_are_passed_over() -> None:
    """A witness may sign too; its key is not ours to judge."""
    witness = f"— witness.example {b64(bytes(76))}\n"
    assert judge(pack(MEMBERS["entries.jsonl"], MEMBERS["seals.jsonl"], NOTE + witness)).ok
    assert not judge(
        pack(MEMBERS["entries.jsonl"], MEMBERS["seals.jsonl"], NOTE.split("\n\n")[0] + "\n\n" + witness)
    ).ok


# --- seals ------------------------------------------------------------------------------------------------


def with_seal(number: int, **changes: Any) -> bytes:
    """The sound bundle with one seal changed."""
    lines = [*SEALS]
    lines[number] = (dump(json.loads(lines[number]) | changes) + "\n").encode()
    return pack(MEMBERS["entries.jsonl"], b"".join(lines))


@pytest.mark.parametrize("number", range(12))
def test_a_seal_with_another_from_size_author_or_signature_is_rejected(number: int) -> None:
    """Each of its fields is signed or binds."""
    seal = json.loads(SEALS[number])
    for start in (seal["from"] - 1, seal["from"] + 1, -1, 2**60, None, str(seal["from"]), [0], 0.5):
        assert rejected(with_seal(number, **{"from": start}))
    for size in (seal["size"] - 1, seal["size"] + 1, 0, -1, 10**30, None, str(seal["size"])):
        assert rejected(with_seal(number, size=size))
    for author in (
        key_id(LI if seal["author"] != key_id(LI) else ROOT),
        key_id(LEDGER),
        "",
        None,
        [],
        "0" * 64,
    ):
        assert rejected(with_seal(number, author=author))
    for signature in (
        b64(bytes(64)),
        b64(bytes(63)),
        "",
        None,
        1,
        json.loads(SEALS[number - 1])["signature"],
    ):
        assert rejected(with_seal(number, signature=signature))
    assert rejected(with_seal(number, root=b64(bytes(32))))


def test_two_consecutive_seals_of_one_author_cannot_be_merged() -> None:
    """The second signature names where its append began."""
    first, second = (json.loads(SEALS[n]) for n in (4, 5))
    assert first["author"] == second["author"]
    merged = (dump(second | {"from": first["from"]}) + "\n").encode()
    assert rejected(pack(MEMBERS["entries.jsonl"], b"".join([*SEALS[:4], merged, *SEALS[6:]])), "seal from 7")


def test_a_signature_over_a_checkpoint_is_no_seal() -> None:
    """What an officer signs elsewhere, in other words, seals nothing; nor does the ledger key."""
    body = NOTE.split("\n\n")[0] + "\n"
    for key in (WANG, LEDGER):
        assert rejected(with_seal(11, signature=b64(key.sign(body.encode()))), "seal from 14")
    last = json.loads(SEALS[11])
    note = base64.b64decode(NOTE.split(" ")[-1])[:4] + base64.b64decode(last["signature"])
    assert rejected(
        pack(MEMBERS["entries.jsonl"], MEMBERS["seals.jsonl"], f"{body}\n— {ORIGIN} {b64(note)}\n")
    )


def test_a_signature_must_be_strict() -> None:
    """The same signature with its second half above the group order is another signature."""
    seal = json.loads(SEALS[11])
    raw = base64.b64decode(seal["signature"])
    lifted = raw[:32] + (int.from_bytes(raw[32:], "little") + verify.L).to_bytes(32, "little")
    assert rejected(with_seal(11, signature=b64(lifted)), "seal from 14")


def test_points_of_small_order_sign_nothing() -> None:
    """With either sign bit, as public key and as first half, whatever the message."""
    for y in verify.SMALL_ORDER:
        for sign in (0, 1 << 255):
            point = (y | sign).to_bytes(32, "little")
            for half in (bytes(32), (1).to_bytes(32, "little")):
                assert not verify.verifies(point, b"anything", point + half)
                assert not verify.verifies(LI.public_key().public_bytes_raw(), b"anything", point + half)
    beyond = (verify.P + 3).to_bytes(32, "little")
    assert not verify.verifies(beyond, b"anything", bytes(64))


def test_an_entry_inserted_without_a_key_is_rejected_with_all_hashes_made_anew() -> None:
    """Every later leaf and root is right, and no signature is."""
    forged = Forgery()
    data = forged.contents[5]["data"] | {"quota": "Q2"}
    moves = [move("world:outside", 10**8, "999901:available", "Q2")]
    forged.contents.insert(6, forged.contents[5] | {"id": "q2", "salt": "e" * 32, "data": data, "moves": moves})
    forged.books.insert(6, "999901/money=1")
    forged.at.insert(6, forged.at[5])
    for n, text in ((9, 2), (10, 3), (11, 4), (12, 5), (14, 6), (15, 7)):
        forged.books[n] = f"999901/money={text}"
    tail = [(start + 1, size + 1) for start, size in forged.spans[3:]]
    forged.spans = [*forged.spans[:3], (6, 7), *tail]
    assert forged.judge().ok
    stranger = Ed25519PrivateKey.generate()
    forged.seal_key = {start: stranger for start, _ in forged.spans[3:]}
    entries, seals, note = forged.members()
    assert rejected(pack(entries, seals, note), "seal from 6")
    assert rejected(pack(entries, MEMBERS["seals.jsonl"], note), "its root is not")


def test_a_seal_is_by_a_key_known_before_its_first_entry() -> None:
    """An unknown key, the ledger key, and a key enrolled only within the append are rejected."""
    for key in (Ed25519PrivateKey.from_private_bytes(b"\x09" * 32), LEDGER):
        forged = Forgery()
        forged.contents[14]["author"] = key_id(key)
        forged.keys[key_id(key)] = key
        assert "stands in no entry before" in forged.problem()
    forged = Forgery()
    forged.spans = [(0, 1), (1, 6), *forged.spans[3:]]
    for n in range(1, 6):
        forged.contents[n]["author"] = key_id(WANG)
    assert "seal from 1: by a key" in forged.problem()


def test_an_author_other_than_the_seal_is_rejected() -> None:
    """Every entry under a seal is by its author."""
    forged = Forgery()
    forged.spans[1:3] = [(1, 6)]
    assert "names another author" in forged.problem()


@pytest.mark.parametrize("seq", [0, 3])
def test_a_key_whose_possession_is_not_shown_is_rejected(seq: int) -> None:
    """For a root and for an officer; another officer's signature shows nothing, and a malformed one is no key at all."""
    forged = Forgery()
    data = forged.contents[seq]["data"]
    holder = data["roots"][0] if seq == 0 else data
    other = forged.contents[4]["data"]["possession"]
    for value, officer in ((other, "did not sign"), ("", "seal from 6: by a key"), (1, "seal from 6"), (b64(bytes(64)), "did not sign")):
        holder["possession"] = value
        root = "entry 0 does not open" if officer == "did not sign" else "seal from 0: by a key"
        assert (root if seq == 0 else officer) in forged.problem()


def test_a_bad_enrolment_is_named_until_it_is_void_and_its_key_never_signs() -> None:
    """A key that was seen before makes no officer; a sound enrolment cannot be made void."""
    void = {"finding": "void", "reason": "x"}
    forged = Forgery()
    data = forged.contents[4]["data"] | {"officer": "other"}
    forged.append(ROOT, "officer.enroll", "e1", "999901/keys=4", data=data)
    assert "seen before" in forged.problem()
    forged.append(ROOT, "entry.void", "v1", "999901/keys=4", data=named("e1") | void)
    forged.append(ZHAO, "entry.confirm", "c2", "999901/keys=5", data=named("v1"))
    assert forged.judge().problems == []
    forged = Forgery()
    forged.append(ROOT, "entry.void", "v1", "999901/keys=4", data=named("enroll-wang") | void)
    assert "entry 15 is void (entry 4 is not void" in forged.problem()


def test_entry_0_and_no_other_opens_the_ledger_to_control_or_to_observe() -> None:
    """Another kind, another mode, no roots, and a second opening are rejected."""
    for changes in ({"kind": "book.state"}, {"data": {}}):
        forged = Forgery()
        forged.contents[0] |= changes
        assert "seal from 0: by a key that stands in no entry" in forged.problem()
    for key, value in (("mode", "neither"), ("root_quorum", 2), ("meaning", "2"), ("suite", "sm")):
        forged = Forgery()
        forged.contents[0]["data"][key] = value
        assert "entry 0 does not open a ledger" in forged.problem()
    forged = Forgery()
    forged.append(ROOT, "ledger.open", "again", "-", data=forged.contents[0]["data"])
    assert "a ledger is opened once" in forged.problem()


# --- content and header, with everything signed anew --------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"more": 1},
        {"v": 2},
        {"v": True},
        {"id": "123"},
        {"id": ""},
        {"id": "q1"},
        {"id": "a b"},
        {"id": "x" * 65},
        {"kind": "paid"},
        {"salt": "E" * 32},
        {"salt": "0" * 31},
        {"origin": "other.example"},
        {"occurred_on": "2026-02-30"},
        {"occurred_on": "2026-11-25"},
        {"data": []},
        {"data": {"payment": "PAY-1", "reason": "x", "amount": 1.5}},
        {"data": {"payment": "PAY-1", "reason": "x", "amount": 2**53}},
        {"data": {"payment": "PAY-1", "reason": None}},
        {"data": {"payment": "PAY-1", "reason": "x", "Upper": 1}},
        {"data": {"payment": "PAY-1", "reason": [[[[[[[1]]]]]]]}},
        {"data": {"payment": "PAY-1", "reason": "x" * 262_144}},
        {"data": {"payment": "PAY-1"}},
        {"moves": {}},
        {"moves": [1]},
        {"moves": [move("PAY-1:reserved", -100, "P1:budget")]},
        {"moves": [move("PAY-1:reserved", 0, "P1:budget")]},
        {"moves": [move("PAY-1:reserved", True, "P1:budget")]},
        {"moves": [move("PAY-1:reserved", 1.0, "P1:budget")]},
        {"moves": [move("PAY-1:reserved", "100", "P1:budget")]},
        {"moves": [move("PAY-1:reserved", 100, "P1:budget") | {"more": 1}]},
        {"moves": [move("PAY-1:reserved", 100, "P1:elsewhere")]},
        {"moves": [move("PAY-1:reserved", 100, "P1:budget") | {"unit": "USD"}]},
        {"moves": [move("PAY-1:reserved", 101, "P1:budget")]},
        {"moves": [move("PAY-1:reserved", 100, "P1:budget", "Q2")]},
        {"moves": [move("PAY-1:reserved", 100, "P1:budget", "123")]},
        {"moves": [move("PAY-1:reserved", 100, f"{'P' * 33}:budget")]},
        {"moves": [move("PAY-1:reserved", 100, "P/1:budget")]},
        {"moves": [move("P1:outside", 100, "P1:budget")]},
        {"moves": [move("P1:suspense", 100, "P1:budget")]},
        {"moves": [move("PAY-1:reserved", 100, "P2:budget")]},
        {"author": "0" * 63},
    ],
)
def test_a_content_the_page_does_not_allow_is_rejected_with_everything_signed_anew(
    changes: dict[str, Any],
) -> None:
    """Extra keys, floats, null, duplicates, negative moves and money an account does not hold."""
    forged = Forgery()
    forged.contents[14] |= changes
    verdict = forged.judge()
    assert not verdict.ok
    where = ("entry 14", "seal from 14", "entries.jsonl line 14")
    assert any(word in problem for problem in verdict.problems for word in where), verdict.problems


@pytest.mark.parametrize(
    "spell",
    [
        lambda content: dump(content)[:-1] + ',"v":1}',
        lambda content: dump(content).replace(":", ": ", 1),
        lambda content: dump(content).replace(",", ", ", 1),
        lambda content: dump(dict(reversed(content.items()))),
        lambda content: json.dumps(content, separators=(",", ":")),
        lambda content: dump(content).replace("/", "\\/"),
        lambda content: dump(content).replace('"n":100,', '"n":1e2,'),
        lambda content: dump(content).replace('"n":100,', '"n":100.0,'),
        lambda content: dump(content).replace('"v":1', '"v":-0'),
        lambda content: dump(content) + "\n",
        lambda content: "\ufeff" + dump(content),
        lambda content: "[" * 100_000,
        lambda content: dump(content).replace("100", "9" * 5000),
        lambda content: dump(content).replace("100", "NaN"),
    ],
)
def test_a_content_that_is_not_canonical_is_rejected(spell: Callable[[Any], str]) -> None:
    """One spelling of one content: keys sorted and once, no white space, no needless escape, no float."""
    forged = Forgery()
    plain = forged.text
    forged.text = lambda content: spell(content) if content["id"] == "rej1" else plain(content)
    assert "entry 14" in forged.problem()


def test_strings_are_escaped_only_where_rfc_8785_says_so() -> None:
    """Control characters short where they can be; delete, separators and planes above plain."""
    text = "".join(map(chr, range(32))) + '"\\/\x7f\u2028é示😀'
    spelled = verify.canonical({"b": text, "a": [True, False, -5, {}]})
    assert spelled == '{"a":[true,false,-5,{}],"b":' + json.dumps(text, ensure_ascii=False) + "}"
    for value in (None, 1.5, 2**53, -(2**53), {"A": 1}, {"": 1}, [[[[[[[[[1]]]]]]]]]):
        with pytest.raises(ValueError, match=r"."):
            verify.canonical(value)


@pytest.mark.parametrize(
    "pattern",
    [
        "sunledger",
        "seq 14",
        "seq ",
        r"prev [0-9a-f]{64}",
        r"content [0-9a-f]{64}",
        r"at .*\n",
        r"books .*\n",
        r"\n\Z",
    ],
)
def test_a_header_line_altered_or_missing_is_rejected_with_everything_signed_anew(pattern: str) -> None:
    """Exactly the six lines; the leaf before and the digest of the content are what they name."""
    for new in ("", "seq 014", f"prev {'0' * 64}", f"content {'0' * 64}", "more\n\n"):
        forged = Forgery()
        forged.header = lambda seq, header, new=new: re.sub(pattern, new, header) if seq == 14 else header
        assert "entry 14" in forged.problem()


@pytest.mark.parametrize(
    "books",
    [
        "999901/money=5",
        "999901/money=7",
        "999901/money=06",
        "999901/open=2",
        "-",
        "",
        "999901/money=6 ",
        "999901/money=6 999901/money=6",
        "999901/money=6 990000/money=0",
        "990000/money=0 999901/money=6",
        "999901/else=0",
    ],
)
def test_a_position_skipped_reused_or_in_another_book_is_rejected(books: str) -> None:
    """Positions count from 0 in each book without a gap, and an entry stands in its own books only."""
    forged = Forgery()
    forged.books[14] = books
    assert "entry 14" in forged.problem()


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-24 02:00:00Z",
        "2026-11-24T02:00:00+08:00",
        "2026-11-24T24:00:00Z",
        "0000-01-01T00:00:00Z",
        "２026",
    ],
)
def test_a_malformed_time_is_rejected(at: str) -> None:
    """Record times are UTC to the second."""
    forged = Forgery()
    forged.at[14] = at
    assert "entry 14" in forged.problem()


def test_the_business_date_is_compared_with_the_date_in_shanghai() -> None:
    """At 16:00 UTC it is tomorrow there."""
    forged = Forgery()
    forged.at[14], forged.contents[14]["occurred_on"] = "2026-11-24T16:00:00Z", "2026-11-25"
    assert forged.judge().ok
    forged.at[14] = "2026-11-24T15:59:59Z"
    assert "occurred after it was recorded" in forged.problem()
    forged.at[14] = "9999-12-31T23:59:59Z"  # has no date in Shanghai but its own
    forged.contents[14]["occurred_on"] = "9999-12-31"
    assert forged.problem() == "entry 14 is ahead of this machine's clock, and no two persons have acknowledged it"


# --- money, waiting and void --------------------------------------------------------------------------------


def overdrawn() -> Forgery:
    """The sound ledger with a request for more than there is."""
    forged = Forgery()
    data = {"legs": [{"amount": 10**12, "quota": "Q1"}], "payee": "x", "payment": "PAY-2", "project": "P1"}
    moves = [move("P1:budget", 10**12, "PAY-2:reserved")]
    forged.append(LI, "payment.request", "PAY-2", "999901/money=7", data=data, moves=moves)
    return forged


def test_an_overdrawn_entry_is_named_until_two_persons_acknowledge_it() -> None:
    """§7: a void by one, confirmed by another; then it has no effect and is no problem."""
    forged = overdrawn()
    assert "what it does not hold" in forged.problem()
    void = named("PAY-2") | {"finding": "void", "reason": "x"}
    forged.append(ROOT, "entry.void", "v1", "999901/money=7", data=void)
    assert "what it does not hold" in forged.problem()
    forged.append(ZHAO, "entry.confirm", "c2", "999901/money=8", data=named("v1"))
    verdict = forged.judge()
    assert verdict.problems == []
    assert verdict.balances[("P1:budget", "CNY", "Q1")] == 10**8
    assert ("PAY-2:reserved", "CNY", "Q1") not in verdict.balances


def test_the_same_person_cannot_void_alone_and_a_finding_ahead_leaves_the_effect() -> None:
    """Who confirms is another person; `ahead` acknowledges a time and nothing else."""
    for finding, confirms in (("void", ROOT), ("ahead", ZHAO)):
        forged = overdrawn()
        void = named("PAY-2") | {"finding": finding, "reason": "x"}
        forged.append(ROOT, "entry.void", "v1", "999901/money=8", data=void)
        books = "999901/money=9"
        forged.append(confirms, "entry.confirm", "c2", books, data=named("v1"))
        assert "what it does not hold" in forged.problem()
    forged = Forgery()
    forged.at[14] = "2026-11-24T02:30:00Z"
    ahead = named("rej1") | {"finding": "ahead", "reason": "x"}
    forged.append(ROOT, "entry.void", "v1", "999901/money=7", data=ahead)
    forged.append(ZHAO, "entry.confirm", "c2", "999901/money=8", data=named("v1"))
    forged.at[15:] = ["2026-11-24T02:00:00Z"] * 2
    assert forged.judge().problems == []
    forged.contents[16] |= {"kind": "entry.void", "data": named("rej1") | {"finding": "ahead", "reason": "x"}}
    assert "entry 14 is ahead" in forged.problem()  # by the word of two others, as no two acknowledged it


def test_a_finding_is_void_or_ahead() -> None:
    """No other word acknowledges anything."""
    forged = Forgery()
    other = named("rej1") | {"finding": "sound", "reason": "x"}
    forged.append(ROOT, "entry.void", "v1", "999901/money=7", data=other)
    assert "finding is not of void ahead" in forged.problem()


def test_a_sound_entry_cannot_be_made_void() -> None:
    """An `entry.void` of what is not wrong is itself void, and so is what confirms it."""
    forged = Forgery()
    void = {"finding": "void", "reason": "x"}
    forged.append(ROOT, "entry.void", "v1", "999901/money=7", data=named("rej1") | void)
    forged.append(ZHAO, "entry.confirm", "c2", "999901/money=8", data=named("v1"))
    assert "entry 15 is void (entry 14 is not void" in forged.problem()
    assert "entry 16 is void (entry 15 does not wait" in forged.problem()
    assert ("PAY-2:reserved", "CNY", "Q1") not in forged.judge().balances


def test_what_waits_has_no_moves_and_is_confirmed_once_by_another() -> None:
    """The reversal of money waits in the sound ledger, and its confirm carries the moves."""
    forged = Forgery()
    forged.contents[11]["moves"] = forged.contents[13]["moves"]
    assert "entry 11 is void (its moves are not those of the event)" in forged.problem()
    forged = Forgery()
    forged.contents[13]["author"] = key_id(WANG)
    assert "another person must confirm" in forged.problem()
    for ident in ("r1", "f1"):
        forged = Forgery()
        forged.append(ZHAO, "entry.confirm", "c2", "999901/money=7", data=named(ident))
        assert "does not wait for a second person" in forged.problem()


def test_an_entry_names_another_by_id_and_leaf() -> None:
    """Another leaf, an unknown id and a later entry are no reference."""
    for ident in ("nothing", "c9"):
        forged = Forgery()
        forged.append(ZHAO, "entry.reverse", "c9", "999901/money=7", data=named(ident) | {"reason": "x"})
        assert "is not known, or has another leaf" in forged.problem()


def test_only_an_observing_ledger_draws_on_suspense_under_the_name_of_the_entry() -> None:
    """§7: what an account lacks comes from its holder's `suspense` under `?` and the id; in control it is lacking."""
    for mode in ("observe", "control"):
        forged = overdrawn()
        forged.contents[0]["data"]["mode"] = mode
        forged.contents, forged.spans = [*forged.contents[:9], forged.contents[15]], forged.spans[:7]
        forged.contents[9]["id"] = "PAY-2"
        n = 10**12 - 10**8
        forged.contents[9]["moves"] = [move("P1:budget", 10**8, "PAY-2:reserved"), move("P1:suspense", n, "PAY-2:reserved", "?PAY-2")]
        verdict = forged.judge()
        assert verdict.ok == (mode == "observe"), verdict.problems
        if verdict.ok:
            assert verdict.balances["P1:suspense", "CNY", "?PAY-2"] == -n


def test_only_a_role_that_may_record_a_kind_records_it() -> None:
    """§9: the roles of the enrolment against the roles of entry 0."""
    forged = Forgery()
    forged.contents[8]["author"] = key_id(LI)
    assert "no role" in forged.problem()


def test_a_stated_count_is_the_number_of_entries_before_it() -> None:
    """§8: `book.state` at its position."""
    for count in (6, 7, 8):
        forged = Forgery()
        totals = [{"account": "P1:budget", "n": 10**8, "unit": "CNY"}]
        state = {"book": "999901/money", "count": count, "totals": totals}
        forged.append(ROOT, "book.state", "b1", "999901/keys=4", data=state)
        assert forged.judge().ok == (count == 7)


# --- hostile input ------------------------------------------------------------------------------------------


def zips() -> Iterator[tuple[str, bytes]]:
    """Archives that are not a bundle."""
    yield "nothing", b""
    yield "no zip", b"PK" * 100
    yield "an empty zip", b"PK\x05\x06" + bytes(18)
    for cut in range(1, len(SOUND), 97):
        yield f"cut at {cut}", SOUND[:cut]
    names = list(MEMBERS)
    for layout in (names[:2], names[1:], [*names, "more"], [*names, names[0]], [n.upper() for n in names]):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name in layout:
                archive.writestr(name, MEMBERS.get(name, b""))
        yield " ".join(layout), buffer.getvalue()
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, data in MEMBERS.items():
                archive.writestr(name, data)
        yield f"method {method}", buffer.getvalue()
    central = SOUND.index(b"PK\x01\x02")
    for at, what in (
        (central + 8, b"\x01"),
        (central + 24, b"\x10\x00\x00\x00"),
        (central + 42, b"\xff\xff\xff\x7f"),
    ):
        yield f"directory at {at - central}", SOUND[:at] + what + SOUND[at + len(what) :]


@pytest.mark.parametrize("bundle", [b for _, b in zips()], ids=[what for what, _ in zips()])
def test_a_malformed_archive_is_rejected_without_an_exception(bundle: bytes) -> None:
    """A verdict with one problem, no entries and no balances."""
    verdict = judge(bundle, ledger_id=LEDGER_ID)
    assert not verdict.ok
    assert (len(verdict.problems), verdict.entries, verdict.balances) == (1, 0, {})


def test_an_archive_larger_than_the_cap_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sizes its directory claims are added up before anything is read."""
    monkeypatch.setattr(verify, "CAP", 10_000)
    assert judge(SOUND).problems == ["bundle: it holds more bytes unpacked than a file of its length can"]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=200), st.integers(0, 7))
def test_no_bytes_raise(entries: bytes, seals: bytes, note: bytes, kept: int) -> None:
    """Any bytes as the archive and as any of its members."""
    assert not judge(entries).ok
    members = [
        new if kept >> n & 1 else old
        for n, (new, old) in enumerate(zip((entries, seals, note), MEMBERS.values(), strict=True))
    ]
    assert judge(pack(*members)).ok == (members == list(MEMBERS.values()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 14), st.sampled_from(["", "data", "moves"]), st.integers(0, 50), JSON)
def test_no_value_anywhere_in_a_signed_content_raises(seq: int, inside: str, which: int, value: Any) -> None:
    """Any JSON in the place of any value, with everything signed anew."""
    forged = Forgery()
    place: Any = forged.contents[seq][inside] if inside else forged.contents[seq]
    if isinstance(place, list):
        place = place[0] if place else forged.contents[seq]
    if inside == "data" and seq == 0 and which % 2:
        place = place["roots"][0]
    keys = sorted(place)
    place[keys[which % len(keys)]] = value
    forged.text = lambda content: dump({key: content[key] for key in sorted(content)})
    try:
        bundle = pack(*forged.members())
    except (TypeError, ValueError, AttributeError, KeyError):
        return
    assert isinstance(judge(bundle).ok, bool)
