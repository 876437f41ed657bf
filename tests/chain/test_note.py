"""Signed notes and checkpoints, as C2SP and Go write them."""

from base64 import b64decode, b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.keys import public_bytes
from ledger.chain.note import (
    MAX_SIGNATURES,
    Checkpoint,
    VerifierKey,
    add_signatures,
    checkpoint_text,
    is_signed_by,
    is_signed_by_key,
    key_hash,
    parse_checkpoint,
    parse_note,
    parse_verifier_key,
    sign_note,
    verifier_key,
)
from tests.properties.strategies import modest
from tests.world import LEDGER_KEY

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
    assert parse_verifier_key(vkey) == VerifierKey(name, b"\x01", public)
    assert str(parse_verifier_key(vkey)) == vkey


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
        GO_NOTE + PETER_LINE.replace("Peter", "\udfff"),
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


# A head of another log (Rekor, staging, 2025), whose key is given as it is published there.
REKOR_ORIGIN = "log2025-alpha1.rekor.sigstage.dev"
REKOR_PUBLIC = b64decode("MCowBQYDK2VwAyEAPn+AREHoBaZ7wgS1zBqpxmLSGnyhxXj4lFxSdWVB8o8=")[-32:]
REKOR_NOTE = (
    f"{REKOR_ORIGIN}\n736\nrs1YPY0ydAV0lxgfrq5pE4oRpUJwo3syeps5+eGUTDI=\n\n— {REKOR_ORIGIN} "
    "8w1amdbj1mjNN674dHAkD92+QZoEgBC7o0mXYSTRluDjQrOPjrps3zQB9ut+ShLepyZPsWBDi5IB3yXyjgjQT6OG9A8=\n"
)

# Two heads of one growing log (transparency-dev/tessera, testdata): of nothing, and of "one" … "eit".
GROWING_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
GROWING = {
    0: "example.com/log/testdata\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— example.com/log/testdata "
    "M9e0lhxJACzE1KoUdqKuPa+9p6R7dSW8BlEvrg/noo8FkGg6PbJoRNOcdjqjOq89wVvTA60eubCc4oufo5BvIVEgtQc=\n",
    8: "example.com/log/testdata\n8\nbC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY=\n\n— example.com/log/testdata "
    "M9e0lq1EK37dHtgv9O3UzPxisw5vwIPcJsX9ab0xt4mvVfbdUR1fbMjN6sBFYpBoBEmD4+cWhj/AVgI5MitCO5+mews=\n",
}


def test_heads_of_other_logs_are_read_whole() -> None:
    """Signature, origin, size and root, as their makers published them."""
    from ledger.chain.merkle import leaf_hash
    from ledger.chain.proofs import Tree

    note = parse_note(REKOR_NOTE)
    assert is_signed_by(note, REKOR_ORIGIN, REKOR_PUBLIC)
    assert parse_checkpoint(note.text)[:2] == (REKOR_ORIGIN, 736)
    words = ["one", "two", "three", "four", "five", "six", "seven", "eit"]
    tree = Tree([leaf_hash(word.encode()) for word in words])
    for size, text in GROWING.items():
        note = parse_note(text)
        assert is_signed_by_key(note, parse_verifier_key(GROWING_KEY))
        assert parse_checkpoint(note.text) == ("example.com/log/testdata", size, tree.root(size))


def spelt(name: str, raw: bytes) -> str:
    """A verifier key of any bytes with its right hash."""
    return f"{name}+{sha256(name.encode() + chr(10).encode() + raw).hexdigest()[:8]}+{b64encode(raw).decode()}"


SOUND = parts(PETER)[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "PeterNeumann",
        PETER + "\n",
        " " + PETER,
        PETER.replace("PeterNeumann", ""),
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER.replace("PeterNeumann", "EnochRoot"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "c74f20a"),
        PETER.replace("c74f20a3", "0c74f20a3"),
        PETER.replace("c74f20a3", "00000000"),
        PETER + "=",
        PETER[:-1],
        PETER.replace("/", "_"),
        PETER + "+",
        "x+" + PETER,
        spelt("a b", b"\x01" + SOUND),
        spelt("a\u3000b", b"\x01" + SOUND),
        spelt("a\u0085b", b"\x01" + SOUND),
        spelt("a\x01b", b"\x01" + SOUND),
        spelt("a\nb", b"\x01" + SOUND),
        spelt("a+b", b"\x01" + SOUND),
        spelt("a\ufffdb", b"\x01" + SOUND),
        spelt("a" * 129, b"\x01" + SOUND),
        spelt("", b"\x01" + SOUND),
        *(spelt("a", bytes([kind]) + SOUND) for kind in (0, 2, 3, 5, 6, 0xFF)),
        spelt("a", b"\x01" + SOUND[:31]),
        spelt("a", b"\x01" + SOUND + b"\0"),
        spelt("a", b"\x01" + bytes(32)),
        spelt("a", b"\x04" + bytes([1]) + bytes(31)),
        spelt("a", b"\x01" + b"\xff" * 32),
    ],
)
def test_k19_malformed_verifier_key_is_refused(text: str) -> None:
    """Its one spelling, its own hash, a known type and a sound key: the type decides what the key may sign."""
    with pytest.raises(ValueError, match=r"\w"):
        parse_verifier_key(text)


def test_k19_verifier_key_of_each_type_is_read() -> None:
    """0x01 and 0x04, of one key: two keys with two hashes."""
    note, witness = (parse_verifier_key(spelt("a.example", kind + SOUND)) for kind in (b"\x01", b"\x04"))
    assert (note.public_key, note.type_byte, witness.type_byte) == (witness.public_key, b"\x01", b"\x04")
    assert str(note).split("+")[1] != str(witness).split("+")[1]
    assert is_signed_by_key(parse_note(GO_NOTE), parse_verifier_key(PETER))
    assert not is_signed_by_key(parse_note(GO_NOTE), parse_verifier_key(PETER)._replace(type_byte=b"\x04"))


def test_false_signature_beside_a_true_one_spoils_the_key_and_no_other() -> None:
    """C2SP signed-note, "Signatures": a signature of a known key that fails is no reason to look for a better one."""
    peter, enoch = parse_verifier_key(PETER), parse_verifier_key(ENOCH)
    raw = b64decode(PETER_LINE.split(" ")[2])
    false = f"— PeterNeumann {b64encode(raw[:4] + bytes(64)).decode()}\n"
    for lines in (PETER_LINE + false, false + PETER_LINE):
        note = parse_note(GO_TEXT + "\n" + lines + ENOCH_LINE)
        assert not is_signed_by_key(note, peter)
        assert not is_signed_by(note, peter.name, peter.public_key)
        assert is_signed_by_key(note, enoch)
    # the same line twice is the same signature; a stranger's name or hash is a stranger's signature
    strange = [f"— PeterNeumann {b64encode(bytes(4) + bytes(64)).decode()}\n", false.replace("PeterNeumann", "Peter")]
    for lines in (PETER_LINE * 2, PETER_LINE + strange[0], strange[1] + PETER_LINE):
        assert is_signed_by_key(parse_note(GO_TEXT + "\n" + lines), peter)


def test_note_of_strangers_alone_parses_and_is_signed_by_nobody_known() -> None:
    """A signature of an unknown kind, as a ledger of the public checksums has beside its own, is passed over."""
    longer = SUMDB_NOTE + (
        "— test.example.com /Pa7Y/dUvWMAAAAAQVwkQVi81ArPV7BIaQYrMIxyzY0m8a4BdeeBhSKd3PviPK4/3Sd+NKSc5N7PDTCfAkUSVniN+R2o"
        "KIggA4iiDQ==\n"
    )
    note = parse_note(longer)
    assert is_signed_by_key(note, parse_verifier_key(SUMDB_KEY))
    strange = note._replace(signatures=note.signatures[1:])
    assert not any(is_signed_by_key(strange, parse_verifier_key(key)) for key in (SUMDB_KEY, PETER, ENOCH))


def test_signatures_are_added_once_each() -> None:
    """In order, below those that stand; a line that stands already is not repeated."""
    one = GO_TEXT + "\n" + PETER_LINE
    assert add_signatures(one, ENOCH_LINE) == GO_NOTE
    assert add_signatures(one, PETER_LINE, ENOCH_LINE, ENOCH_LINE) == GO_NOTE
    assert add_signatures(GO_NOTE) == GO_NOTE
    # a line that stands in the text of the note is no signature of it
    quoting = sign_note(GO_NOTE, "x.example", LEDGER_KEY.private)
    assert add_signatures(quoting, PETER_LINE) == quoting + PETER_LINE


@pytest.mark.parametrize("line", ["", "\n", PETER_LINE[:-1], PETER_LINE * 2, "\n" + PETER_LINE, "- x AAAA\n", "words\n"])
def test_malformed_line_is_not_added(line: str) -> None:
    """What comes out is always a note."""
    with pytest.raises(ValueError, match=r"\w"):
        add_signatures(GO_NOTE, line)
    with pytest.raises(ValueError, match=r"\w"):
        add_signatures(GO_TEXT, PETER_LINE)


def test_note_has_at_most_a_hundred_signatures() -> None:
    """C2SP asks for a limit not below 16; the hundred of the other implementations."""
    lines = [f"— w{n}.example {b64encode(bytes(68)).decode()}\n" for n in range(MAX_SIGNATURES)]
    full = add_signatures(GO_TEXT + "\n" + PETER_LINE, *lines[1:])
    assert len(parse_note(full).signatures) == MAX_SIGNATURES == 100
    assert is_signed_by_key(parse_note(full), parse_verifier_key(PETER))
    with pytest.raises(ValueError, match="100"):
        add_signatures(full, lines[0])
    with pytest.raises(ValueError, match="100"):
        parse_note(full + lines[0])
