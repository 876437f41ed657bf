"""Signed notes and checkpoints, as C2SP and Go write them."""

import json
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.note import (
    Checkpoint,
    checkpoint_text,
    is_signed_by,
    key_hash,
    parse_checkpoint,
    parse_note,
    sign_note,
    verifier_key,
)
from tests.properties.strategies import modest
from tests.world import LEDGER_KEY

VECTORS = Path(__file__).parents[3] / "shared" / "vectors"

# C2SP signed-note.md, "Example".
C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)

# golang.org/x/mod/sumdb/note, note_test.go.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
GO_NOTE = GO_TEXT + "\n" + PETER_LINE + ENOCH_LINE

# A head of the Go checksum database, 2023-01-10 (C2SP tlog-checkpoint).
SUMDB_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB_TEXT = "go.sum database tree\n15081221\nBoMMe1wd25Tco0mYGROkyqxHZWx+hcSCtMV315Lu6Lg=\n"
SUMDB_NOTE = (
    SUMDB_TEXT + "\n— sum.golang.org "
    "Az3grilD7vQqTrv66jRgKM84Y80KTprrSt4bKmiOPxgmS5ZVBTeCl6dUvjYnN13R+C8j0jGY1WnUADGMkok3U0m2Zgo=\n"
)


def parts(vkey: str) -> tuple[str, bytes]:
    """Name and public key of a C2SP verifier key."""
    name, _, rest = vkey.partition("+")
    raw = b64decode(rest.partition("+")[2])
    assert raw[:1] == b"\x01"
    return name, raw[1:]


@pytest.mark.parametrize("vkey", [C2SP_KEY, PETER, ENOCH, SUMDB_KEY])
def test_verifier_key_is_spelt_as_others_spell_it(vkey: str) -> None:
    """Name, four bytes of hash, type byte and key."""
    name, public = parts(vkey)
    assert verifier_key(name, public) == vkey
    assert key_hash(name, public).hex() == vkey.split("+")[1]


@pytest.mark.parametrize(
    ("text", "vkey"), [(C2SP_NOTE, C2SP_KEY), (GO_NOTE, PETER), (GO_NOTE, ENOCH), (SUMDB_NOTE, SUMDB_KEY)]
)
def test_note_of_another_maker_verifies(text: str, vkey: str) -> None:
    """Typed from the specifications."""
    note = parse_note(text)
    name, public = parts(vkey)
    assert is_signed_by(note, name, public)
    assert not is_signed_by(note._replace(text=note.text + "x\n"), name, public)
    assert not is_signed_by(note, name + "x", public)


def test_note_with_two_signatures_keeps_both_and_needs_only_one_known() -> None:
    """An unknown signature is no fault."""
    note = parse_note(GO_NOTE)
    assert note.text == GO_TEXT
    assert [signature.name for signature in note.signatures] == ["PeterNeumann", "EnochRoot"]
    assert not is_signed_by(note, "PeterNeumann", parts(ENOCH)[1])
    assert not is_signed_by(note, "EnochRoot", parts(PETER)[1])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        GO_TEXT,
        GO_TEXT + "\n",
        GO_TEXT + "\n\n",
        GO_TEXT + "\n" + PETER_LINE[:-1],
        GO_TEXT + PETER_LINE,
        "\x01" + GO_TEXT + "\n" + PETER_LINE,
        GO_TEXT + "\n" + PETER_LINE + "Unexpected line.\n",
        GO_TEXT + "\n" + PETER_LINE.replace("— ", "- "),
        GO_TEXT + "\n" + PETER_LINE.replace("— ", "—  "),
        GO_TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "Peter+Neumann"),
        GO_TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "Peter\u3000Neumann"),
        GO_TEXT + "\n" + PETER_LINE.replace("PeterNeumann ", ""),
        GO_TEXT + "\n" + PETER_LINE.replace("M=\n", "M\n"),
        GO_TEXT + "\n" + PETER_LINE.replace("M=\n", "N=\n"),
        GO_TEXT + "\n" + PETER_LINE.replace("\n", " \n"),
        GO_TEXT + "\n— PeterNeumann AAAA\n",
        GO_TEXT + "\n" + PETER_LINE + "\n",
        GO_NOTE.replace("\n", "\r\n"),
        GO_NOTE.replace("you", "you\t"),
        "\ufffd" + GO_NOTE,
        "a" * 70_000 + "\n\n" + PETER_LINE,
    ],
)
def test_malformed_note_is_refused(text: str) -> None:
    """No blank line, a cut or loose line, loose base64, control characters, another dash, too long."""
    with pytest.raises(ValueError, match=r"\w"):
        parse_note(text)


def test_text_of_a_note_may_hold_blank_lines() -> None:
    """The signatures begin after the last blank line."""
    note = sign_note("a\n\nb\n\nc\n", "x.example", LEDGER_KEY.private)
    assert parse_note(note).text == "a\n\nb\n\nc\n"


@modest(40)
@given(st.integers(0, 10**16 - 1), st.binary(min_size=32, max_size=32))
def test_checkpoint_round_trips_signed(size: int, root: bytes) -> None:
    """INV-16: what is signed reads back, and only under its own key and name."""
    checkpoint = Checkpoint("demo.example/county", size, root)
    note = parse_note(sign_note(checkpoint_text(checkpoint), checkpoint.origin, LEDGER_KEY.private))
    from ledger.chain.keys import public_bytes

    assert parse_checkpoint(note.text) == checkpoint
    assert is_signed_by(note, checkpoint.origin, public_bytes(LEDGER_KEY.private))


ROOT = "BoMMe1wd25Tco0mYGROkyqxHZWx+hcSCtMV315Lu6Lg="


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"demo\n1\n{ROOT}",
        f"demo\n1\n{ROOT}\n\n",
        f"demo\n1\n{ROOT}\nextension\n",
        f"\n1\n{ROOT}\n",
        f"Demo\n1\n{ROOT}\n",
        f"demo\n01\n{ROOT}\n",
        f"demo\n-1\n{ROOT}\n",
        f"demo\n+1\n{ROOT}\n",
        f"demo\n１\n{ROOT}\n",
        f"demo\n1.0\n{ROOT}\n",
        f"demo\n{'9' * 17}\n{ROOT}\n",
        f"demo\n\n{ROOT}\n",
        "demo\n1\nYmFuYW5hcw==\n",
        f"demo\n1\n{ROOT[:-1]}\n",
        f"demo\n1\n{ROOT.replace('Lg=', 'Lh=')}\n",
        f"demo\n1\n {ROOT}\n",
        f"demo\r\n1\r\n{ROOT}\r\n",
    ],
)
def test_malformed_checkpoint_is_refused(text: str) -> None:
    """Three lines, a plain size, a root of 32 bytes in its one spelling."""
    with pytest.raises(ValueError, match=r"\w"):
        parse_checkpoint(text)


def shared(folder: str, name: str) -> dict[str, list[dict[str, str]]]:
    """A public file of vectors, or nothing."""
    path = VECTORS / folder / name
    return json.loads(path.read_text()) if path.exists() else {}


def test_public_vectors_have_the_answer_of_their_makers() -> None:
    """Go's malformed notes, heads of real logs, and a parser's refusals, with what lies beside this repository."""
    for text in shared("signed-note", "go-note.json").get("malformed", []):
        with pytest.raises(ValueError, match=r"\w"):
            parse_note(text)  # type: ignore[arg-type]
    for head in shared("log-growth", "tessera-testlog-0-8.json").get("checkpoints", []):
        note = parse_note(head["note"])
        name, public = parts(shared("log-growth", "tessera-testlog-0-8.json")["vkey"])  # type: ignore[arg-type]
        assert parse_checkpoint(note.text).size == head["size"]
        assert is_signed_by(note, name, public)
    for case in shared("checkpoint", "rekor-unmarshal-cases.json").get("cases", []):
        if not case["go_rekor_accepts"]:
            with pytest.raises(ValueError, match=r"\w"):
                parse_checkpoint(case["text"])
    for item in shared("checkpoint", "real-checkpoints.json").get("items", []):
        if "vkey" in item:
            assert is_signed_by(parse_note(item["note"]), *parts(item["vkey"])) is item["valid"]
