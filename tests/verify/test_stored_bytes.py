"""K-13, K-14, K-16, K-17, K-20, K-22: content and header in their one spelling; every other one is broken evidence."""

import ast
import json
import os
import time
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.chain import canonical
from ledger.chain.header import Header, build_header, content_digest, parse_header
from ledger.chain.merkle import Frontier, leaf_hash, node_hash
from ledger.kinds.codec import decode_content
from tests.verify.modified_client import Bad, ModifiedClient, move
from tests.world import LI, ORIGIN, World, draft

ROOT = Path(__file__).parents[2]
DATA = {"legs": [{"amount": 100, "quota": "Q1"}], "payee": "示例公司", "payment": "bad-1", "project": "P1"}
SOUND = canonical.encode({
    "author": LI.key, "data": DATA, "id": "bad-1", "kind": "payment.request", "moves": [move("P1:budget", "bad-1:reserved", 100)],
    "occurred_on": "2026-11-24", "origin": ORIGIN, "salt": "ab" * 16, "v": 1,
})  # fmt: skip


def swap(old: str, new: str) -> bytes:
    """The sound content with one part other."""
    assert old.encode() in SOUND, old
    return SOUND.replace(old.encode(), new.encode("utf-8", "surrogatepass"), 1)


SPELLINGS = {
    "a duplicate key, last": swap('"v":1', '"v":1,"v":1'),
    "a duplicate key, first": swap('{"author"', '{"author":"x","author"'),
    "a duplicate key inside": swap('{"amount":100', '{"amount":1,"amount":100'),
    "a duplicate key in a move": swap('"n":100', '"n":1,"n":100'),
    "a duplicate field": swap('"payee":"示例公司"', '"payee":"甲","payee":"示例公司"'),
    "an unknown key": swap('"v":1', '"v":1,"w":1'),
    "an unknown key before": swap('{"author"', '{"a":1,"author"'),
    "a missing key": swap('"salt":"' + "ab" * 16 + '",', ""),
    "no moves": SOUND.replace(b',"moves":[{"from":"P1:budget","n":100,"quota":"Q1","to":"bad-1:reserved","unit":"CNY"}]', b""),
    "another order": swap('"id":"bad-1","kind":"payment.request"', '"kind":"payment.request","id":"bad-1"'),
    "another order inside": swap('{"amount":100,"quota":"Q1"}', '{"quota":"Q1","amount":100}'),
    "another order of fields": swap('"payment":"bad-1","project":"P1"', '"project":"P1","payment":"bad-1"'),
    "a space": swap('{"author":', '{"author": '),
    "a space after": SOUND + b" ",
    "a space before": b" " + SOUND,
    "a line feed after": SOUND + b"\n",
    "a tab inside": swap(',"v":1', ',\t"v":1'),
    "a byte order mark": b"\xef\xbb\xbf" + SOUND,
    "UTF-16": SOUND.decode().encode("utf-16"),
    "bytes after": SOUND + b"{}",
    "a zero byte after": SOUND + b"\0",
    "a comment": SOUND + b"//x",
    "a comma too many": swap('"v":1}', '"v":1,}'),
    "NaN": swap('"v":1', '"v":NaN'),
    "Infinity": swap('"amount":100', '"amount":Infinity'),
    "-Infinity": swap('"n":100', '"n":-Infinity'),
    "1.0": swap('"v":1', '"v":1.0'),
    "100.0 in a move": swap('"n":100', '"n":100.0'),
    "1e2": swap('"amount":100', '"amount":1e2'),
    "1E2 in a move": swap('"n":100', '"n":1E2'),
    "-0": swap('"amount":100', '"amount":-0'),
    "-0 as version": swap('"v":1', '"v":-0'),
    "+1": swap('"v":1', '"v":+1'),
    "01": swap('"v":1', '"v":01'),
    "0x64": swap('"amount":100', '"amount":0x64'),
    "1_00": swap('"amount":100', '"amount":1_00'),
    "2^53 in a leg": swap('"amount":100', f'"amount":{2**53}'),
    "2^53 in a move": swap('"n":100', f'"n":{2**53}'),
    "-2^53": swap('"n":100', f'"n":-{2**53}'),
    "2^64": swap('"n":100', f'"n":{2**64}'),
    "10^400": swap('"amount":100', f'"amount":1{"0" * 400}'),
    "2^53 in a common field": swap('{"legs"', '{"derived":true,"legs"').replace(b'"payee"', b'"line":9007199254740992,"payee"'),
    "null": swap('"payee":"示例公司"', '"payee":null'),
    "null for what is absent": swap('"payee"', '"paper":null,"payee"'),
    "a default written": swap('"payee"', '"invoice":null,"payee"'),
    "version 2": swap('"v":1', '"v":2'),
    "version as text": swap('"v":1', '"v":"1"'),
    "version true": swap('"v":1', '"v":true'),
    "another origin": swap(ORIGIN, "demo.example/other"),
    "an escape for a letter": swap('"id":"bad-1"', '"id":"\\u0062ad-1"'),
    "an escape for Chinese": swap("示", "\\u793a"),
    "an escape for a slash": swap("P1:budget", "P1\\/budget"),
    "an escape in capitals": swap("示例公司", "\\u001F"),
    "a long escape for a line feed": swap("示例公司", "\\u000a"),
    "a raw line feed": swap("示例公司", "\n"),
    "a raw control character": swap("示例公司", "\x01"),
    "a lone surrogate escaped": swap("示例公司", "\\ud800"),
    "a pair escaped": swap("示例公司", "\\ud83d\\ude00"),
    "a lone surrogate": swap("示例公司", "\ud800"),
    "bad UTF-8": SOUND.replace("示".encode(), b"\xff"),
    "overlong UTF-8": SOUND.replace("示".encode(), b"\xc0\x80"),
    "UTF-8 beyond Unicode": SOUND.replace("示".encode(), b"\xf4\x90\x80\x80"),
    "a capital key": swap('"payee"', '"Payee"'),
    "a key with a hyphen": swap('"payee":"示例公司"', '"pay-ee":"示例公司"'),
    "an empty key": swap('"payee":"示例公司"', '"":"示例公司"'),
    "data as a list": SOUND.replace(b'"data":{', b'"data":[{').replace(b'"project":"P1"}', b'"project":"P1"}]'),
    "moves as an object": swap('"moves":[', '"moves":{"a":[').replace(b'"CNY"}]', b'"CNY"}]}'),
    "an id that is a number": swap('"id":"bad-1"', '"id":1'),
    "a list": b"[]", "a number": b"1", "a text": b'"x"', "nothing": b"", "an empty object": b"{}", "null alone": b"null",
    "nine levels": swap('"payee":"示例公司"', '"payee":[[[[[[[["x"]]]]]]]]'),
    "a thousand levels": swap('"payee":"示例公司"', '"payee":' + "[" * 1000 + "]" * 1000),
    "a hundred thousand levels": swap('"payee":"示例公司"', '"payee":' + "[" * 100_000 + "]" * 100_000),
    "too long": swap("示例公司", "长" * 90_000),
}  # fmt: skip


@pytest.mark.parametrize("name", SPELLINGS)
def test_k14_another_spelling_is_broken_evidence(name: str) -> None:
    """The decoder of stored content says so, whether or not its characters are known to be clean."""
    for clean in (False, True):
        with pytest.raises(ValueError, match=r"."):
            decode_content(SPELLINGS[name], ORIGIN, clean=clean)


def test_k14_the_sound_spelling_is_accepted() -> None:
    """What the others were made of."""
    assert decode_content(SOUND, ORIGIN).event is not None


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eleven entries."""
    from tests.world import first_yuan

    path = tmp_path_factory.mktemp("bytes") / "ledger.db"
    first_yuan(str(path)).ledger.close()
    return path


def world_on(template: Path, folder: Path) -> World:
    """A world on a copy."""
    import shutil

    from ledger.service import Ledger
    from tests.world import Clock, counting

    made = object.__new__(World)
    made.target, made.clock = str(folder / "copy.db"), Clock()
    shutil.copyfile(template, made.target)
    made.ledger = Ledger.open(made.target, clock=made.clock, entropy=counting())
    return made


@pytest.mark.parametrize("name", SPELLINGS)
def test_k14_another_spelling_under_a_true_seal_is_named_by_verify(template: Path, tmp_path: Path, name: str) -> None:
    """An officer's modified client sealed it: evidence, so no two persons can make it void; INV-01 at its position."""
    made = world_on(template, tmp_path)
    client = ModifiedClient(made.target, LI.private)
    (seq,) = client.seal(Bad("", "", {}, raw=SPELLINGS[name], books={"999901/money": None}))
    client.close()
    found = made.verify()
    made.ledger.close()
    assert any(p["code"] == "INV-01.CONTENT" and p["seq"] == seq for p in found.problems), found.problems[:3]


HEADER = Header(3, "ab" * 32, "2026-11-24T02:00:00Z", "990000/money=4 999901/money=17", "cd" * 32)
LINES = {
    "CR LF": lambda h: h.replace(b"\n", b"\r\n"),
    "no last line feed": lambda h: h[:-1],
    "a line more": lambda h: h + b"x\n",
    "a line feed more": lambda h: h + b"\n",
    "seq 03": lambda h: h.replace(b"seq 3", b"seq 03"),
    "seq +3": lambda h: h.replace(b"seq 3", b"seq +3"),
    "seq in other digits": lambda h: h.replace(b"seq 3", "seq ３".encode()),
    "prev in capitals": lambda h: h.replace(b"ab" * 32, b"AB" * 32),
    "prev cut": lambda h: h.replace(b"ab" * 32, b"ab" * 31),
    "content in capitals": lambda h: h.replace(b"cd" * 32, b"CD" * 32),
    "content cut": lambda h: h.replace(b"cd" * 32, b"cd" * 16),
    "another digest named": lambda h: h.replace(b"content ", b"content sha1:"),
    "at with a zone": lambda h: h.replace(b"02:00:00Z", b"10:00:00+08:00"),
    "at without a zone": lambda h: h.replace(b"02:00:00Z", b"02:00:00"),
    "at with a fraction": lambda h: h.replace(b"02:00:00Z", b"02:00:00.0Z"),
    "at in small letters": lambda h: h.replace(b"T02:00:00Z", b"t02:00:00z"),
    "books turned about": lambda h: h.replace(b"990000/money=4 999901/money=17", b"999901/money=17 990000/money=4"),
    "a book twice": lambda h: h.replace(b"990000/money=4 ", b"999901/money=16 "),
    "two spaces": lambda h: h.replace(b"=4 9", b"=4  9"),
    "no books": lambda h: h.replace(b"990000/money=4 999901/money=17", b""),
    "version 2": lambda h: h.replace(b"entry/v1", b"entry/v2"),
    "a tab": lambda h: h.replace(b"seq 3", b"seq\t3"),
    "a byte order mark": lambda h: b"\xef\xbb\xbf" + h,
}


@pytest.mark.parametrize("name", LINES)
def test_k20_another_spelling_of_a_header_is_none(name: str) -> None:
    """Upper-case hex, cut digests, other line ends and zones: one reading alone."""
    raw = build_header(HEADER)
    assert parse_header(raw) == HEADER
    other = LINES[name](raw)
    assert other != raw
    with pytest.raises(ValueError, match=r"."):
        parse_header(other)


JSON = st.recursive(
    st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z0-9_]{1,6}", fullmatch=True), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_k14_what_is_encoded_decodes_to_itself(value: object) -> None:
    """And any other JSON text of the same value is refused."""
    raw = canonical.encode(value)
    assert canonical.decode(raw) == value
    for other in (json.dumps(value).encode(), json.dumps(value, ensure_ascii=False, indent=1).encode()):
        if other != raw:
            with pytest.raises(ValueError, match=r"."):
                canonical.decode(other)


def test_k16_no_float_stands_in_what_is_signed() -> None:
    """A static look: kinds, chain, book and money have no float literal, no `float(` and no division but `//`."""
    for folder in ("ledger/kinds", "ledger/chain", "ledger/book"):
        for path in [*(ROOT / folder).glob("*.py"), ROOT / "ledger/money.py"]:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
                assert not (isinstance(node, ast.Name) and node.id == "float"), path
                assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and path.name != "schema.py"), path


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati"])
def test_k17_the_same_bytes_in_every_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    """The zone of the machine changes no byte and no date: the root is always the same."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        made = World(str(tmp_path / "ledger.db"))
        made.bodies()
        made.clock.now = made.clock.now.replace(month=12, day=31, hour=16, minute=30)  # the new year in Shanghai
        made.record(LI, draft("project.propose", "p1", project="P1", county="999901", name="示例"))
        assert made.ledger.today() == "2027-01-01"
        found = made.verify()
        made.ledger.close()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found.ok
    assert found.root == _ROOT_OF_ALL_ZONES.setdefault("root", found.root)


_ROOT_OF_ALL_ZONES: dict[str, str] = {}


def test_k22_no_entry_is_a_node_and_no_node_an_entry() -> None:
    """Leaf and node hashes begin with another byte; two leaves as one header give another tree."""
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"\x01" + left + right) != node_hash(left, right)
    two, one = Frontier(), Frontier()
    two.extend([left, right])
    one.append(two.root())
    assert two.root() == one.root()  # equal as a hash, but of another size …
    assert two.size != one.size  # … and the size is signed beside it
    assert two.to_bytes() == one.to_bytes()[:32]


def test_k22_digests_of_different_things_never_meet() -> None:
    """Content, genesis, key, leaf and node: each has its own first bytes."""
    from ledger.chain.header import genesis_prev
    from ledger.chain.keys import key_id

    text = "demo.example/county"
    assert len({
        content_digest(text.encode()), genesis_prev(text), key_id(text.encode()), leaf_hash(text.encode()).hex(),
        node_hash(text.encode(), b"").hex(), sha256(text.encode()).hexdigest(),
    }) == 6  # fmt: skip


def test_k20_a_header_is_never_read_as_a_content() -> None:
    """Nor the reverse, nor a seal as a header."""
    with pytest.raises(ValueError, match=r"."):
        decode_content(build_header(HEADER), ORIGIN)
    with pytest.raises(ValueError, match=r"."):
        parse_header(SOUND)
    assert os.linesep
