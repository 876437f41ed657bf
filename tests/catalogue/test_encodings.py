"""K-13, K-15, K-16, K-24: one reading of every text that is signed or trusted, no floats, randomness from the system."""

import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.chain import canonical
from ledger.chain.keys import seal_message
from ledger.errors import InputRejected, LedgerError
from ledger.kinds.declare import KINDS
from ledger.kinds.draft import Draft
from ledger.service import Ledger
from ledger.store.append import event_of
from tests.commands.shell import MONEY, OFFICERS, Shell
from tests.outside.office import Office
from tests.tidy.source import MODULES, TREES, calls
from tests.world import LI, TODAY, WANG, World, draft, first_yuan

# --- K-13 -----------------------------------------------------------------------------------------------------------

TWICE = [
    b'{"a":1,"a":2}', b'{"a":2,"a":1}', b'{"a":1,"a":1}', b'{"a":{"b":1,"b":2}}', b'[{"a":1,"a":2}]', b'{"a":[{"b":{"c":1,"c":2}}]}',
    b'{"a":1,"\\u0061":2}', b'{"a":1,"b":2,"a":1}',
]  # fmt: skip


@pytest.mark.parametrize("raw", TWICE)
def test_k13_a_key_that_stands_twice_is_no_content(raw: bytes) -> None:
    """At the top and nested: never the last one, never the first."""
    with pytest.raises(ValueError, match="canonical form"):
        canonical.decode(raw)


def doubled(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The same JSON text with one of its keys written twice: each key of each object in turn, the other value first and last."""
    text = raw.decode()
    for at in range(len(text)):
        if text[at] == "{" and text[at + 1 : at + 2] == '"' and not text[:at].count('\\"') % 2:
            key = text[at + 1 : text.index('"', at + 2) + 1]
            yield f"first {key} at {at}", (text[: at + 1] + f'{key}:0,' + text[at + 1 :]).encode()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A ledger with a bundle, a disclosure, a checkpoint and an officers' memory."""
    folder = tmp_path_factory.mktemp("office")
    made = Office.founded(folder, str(folder / "ledger.db"), None)
    made.all("export bundle -o b.zip\nprove 3 9 -o d.json\ncheckpoint -o c.note")
    return made


def test_k13_a_disclosure_with_a_key_twice_is_refused(office: Office) -> None:
    """Any object of it: exit 3 or 10, never good."""
    raw = office.path("d.json").read_bytes()
    tried = 0
    for where, other in doubled(raw):
        office.path("twice.json").write_bytes(other)
        done = office.run(f"check twice.json --trust {office.path('c.note')}")
        assert done.code in (3, 10), (where, done)
        tried += 1
    assert tried >= 4
    assert office.run(f"check d.json --trust {office.path('c.note')}").code == 0


def test_k13_a_bundle_with_a_key_twice_is_refused(office: Office) -> None:
    """In a line of entries, in a line of seals, in the content itself."""
    with zipfile.ZipFile(office.path("b.zip")) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name in ("entries.jsonl", "seals.jsonl"):
        lines = members[name].splitlines(keepends=True)
        for at in (0, len(lines) - 1):
            for where, other in list(doubled(lines[at]))[:3]:
                packed = io.BytesIO()
                with zipfile.ZipFile(packed, "w") as archive:
                    for member, raw in members.items():
                        changed = b"".join([*lines[:at], other, *lines[at + 1 :]]) if member == name else raw
                        archive.writestr(member, changed)
                office.path("twice.zip").write_bytes(packed.getvalue())
                done = office.run(f"check twice.zip --trust {office.path('c.note')}")
                assert done.code in (3, 10), (name, at, where, done)


def test_k13_a_memory_with_a_key_twice_is_refused(office: Office, tmp_path: Path) -> None:
    """What the officers' machine remembers."""
    copy = office.copy(tmp_path / "copy")
    (memory,) = (copy.folder / "keys" / "heads").glob("*.json")
    for where, other in doubled(memory.read_bytes()):
        memory.write_bytes(other)
        done = copy.run("status")
        assert "is damaged" in done.out + done.err, (where, done)


@pytest.mark.parametrize("line", ['"quota.release" = "person"', '"quota.release" = "none"', "[second]"])
def test_k13_a_policy_with_a_key_twice_is_refused(tmp_path: Path, line: str) -> None:
    """Nothing is founded on it; with each key once it is."""
    shell, sound = Shell(tmp_path), '[second]\n"quota.release" = "person"\n'
    for text, code in ((sound + line + "\n", 3), (sound, 0)):
        (tmp_path / "policy.toml").write_text(text)
        done = shell.line("init --origin a.example/b --policy policy.toml --yes")
        assert done.code == code, done
        assert shell.database.exists() == (code == 0)


# --- K-15 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [
    unicodedata.normalize("NFD", "Café"), "基\u200b金", "基\u202e金", "\ufeff基金", "基\u00ad金", "基\x07金", "基\u2066金\u2069", "\u0378", "基\u2028金",
    "基\U000e0041金",
])  # fmt: skip
@pytest.mark.parametrize("field", ["name", "payee", "reason"])
def test_k15_names_hold_no_hidden_characters(target: str, field: str, text: str) -> None:
    """Not NFC, invisible, turning direction, control, not assigned: refused in every text, nothing is recorded."""
    made = first_yuan(target)
    drafts = {
        "name": draft("project.propose", "p9", project="P9", county="999901", name=text),
        "payee": draft("payment.request", "x9", payment="X9", project="P1", legs=[{"amount": 1, "quota": "Q1"}], payee=text),
        "reason": draft("entry.reverse", "r9", entry=made.ref("pa1"), reason=text),
    }
    with pytest.raises(InputRejected) as caught:
        made.record(WANG if field == "reason" else LI, drafts[field])
    assert caught.value.exit_code == 3
    assert made.verify().size == 11
    made.ledger.close()


CONFUSABLE = {
    "Cyrillic": "\u0420\u0410Y-1", "full width": "ＰＡＹ-1", "Greek": "\u03a1AY-1", "a hyphen": "PAY\u20101", "digits": "PAY-\u0661", "long s": "PA\u017fY",
    "a space": "PAY 1", "a slash": "PAY\u20441", "superscript": "PAY-\u00b9",
}  # fmt: skip


@pytest.mark.parametrize("how", CONFUSABLE)
def test_k15_references_are_ascii(target: str, how: str) -> None:
    """An id of an entry, a payment, a project, a quota, a body, an officer: no letter that looks like another."""
    made, word = first_yuan(target), CONFUSABLE[how]
    legs = [{"amount": 1, "quota": "Q1"}]
    for key, wrong in (
        (LI, draft("project.propose", word, project="P9", county="999901", name="示例")),
        (LI, draft("project.propose", "p9", project=word, county="999901", name="示例")),
        (LI, draft("payment.request", "x9", payment=word, project="P1", legs=legs, payee="甲")),
        (LI, draft("payment.request", "x9", payment="X9", project="P1", legs=[{"amount": 1, "quota": word}], payee="甲")),
        (WANG, draft("quota.receive", "q9", quota=word, holder="999901", amount=1, year=2025, source_level="county")),
        (WANG, draft("quota.receive", "q9", quota="Q9", holder=word, amount=1, year=2025, source_level="county")),
        (LI, draft("household.enroll", "h9", household=word, place="999901")),
    ):  # fmt: skip
        with pytest.raises(LedgerError) as caught:
            made.record(key, wrong)
        assert caught.value.exit_code == 3, wrong
    assert made.verify().size == 11
    made.ledger.close()


def test_k15_a_payee_that_looks_like_an_earlier_one_is_told(tmp_path: Path) -> None:
    """Full width, another ideograph of the same look, a bracket of another width: said at the request."""
    shell = Shell(tmp_path, SUNLEDGER_LANG="en")
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    for n, payee in enumerate(("示例公司（一）", "示例公司(一)")):
        done = shell.line(f"--as li payment request --payment N{n} --project P1 --amount 1元 --payee {payee} --yes")
        assert done.code == 0
    assert "N0" in done.err or "示例公司（一）" in done.err


# --- K-16 -----------------------------------------------------------------------------------------------------------

SIGNED = ("ledger.chain", "ledger.kinds", "ledger.book", "ledger.store.append", "ledger.store.sealing", "ledger.money", "ledger.service")


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith(SIGNED)))
def test_k16_no_float_is_made_where_signed_bytes_are(name: str) -> None:
    """No constant, no annotation, no call: between a draft and its bytes there is no floating point."""
    import ast

    for node in ast.walk(TREES[name]):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex)), (name, node.lineno)
        assert not (isinstance(node, ast.Name) and node.id in ("float", "Decimal", "complex")), (name, node.lineno)
    assert not {call for call in calls(name) if call.partition(".")[0] in ("math", "statistics", "numpy")}


def types_in(info: Any) -> Iterator[Any]:
    """A declared type and all types inside it."""
    yield info
    for name in ("item_type", "type", "key_type", "value_type"):
        if isinstance(getattr(info, name, None), msgspec.inspect.Type):
            yield from types_in(getattr(info, name))
    for part in getattr(info, "types", ()):
        yield from types_in(part)
    for part in getattr(info, "fields", ()):
        yield from types_in(part.type)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_k16_no_field_of_a_kind_is_a_float(kind: str) -> None:
    """Amounts are integers of fen; nothing anywhere below is a number of another sort, or of any sort."""
    every = list(types_in(msgspec.inspect.type_info(KINDS[kind].struct)))
    assert len(every) > 5
    for info in every:
        assert not isinstance(info, msgspec.inspect.FloatType | msgspec.inspect.DecimalType | msgspec.inspect.AnyType), info


@given(st.floats() | st.decimals(allow_nan=True) | st.complex_numbers())
@settings(max_examples=200, deadline=None)
def test_k16_a_float_is_refused_wherever_it_comes_from(number: Any) -> None:
    """As an amount, in a leg, as a year; as JSON in stored bytes, however it is written."""
    for kind, data in (
        ("quota.receive", {"quota": "Q9", "holder": "999901", "amount": number, "year": 2025, "source_level": "county"}),
        ("quota.receive", {"quota": "Q9", "holder": "999901", "amount": 5, "year": number, "source_level": "county"}),
        ("payment.request", {"payment": "X", "project": "P1", "payee": "甲", "legs": [{"amount": number, "quota": "Q1"}]}),
        ("household.enroll", {"household": "H-1", "place": "999901", "persons": number}),
    ):
        with pytest.raises(LedgerError):
            event_of(Draft(kind, "x", TODAY, data), data)
    if isinstance(number, float):
        for text in (json.dumps(number), f"{number!r}", f"{number:e}" if number == number else "NaN"):
            with pytest.raises(ValueError, match=r"."):
                canonical.decode(f'{{"a":{text}}}'.encode())


@pytest.mark.parametrize("text", ["1.0", "1e0", "1E2", "-0", "-0.0", "00", "+1", "9007199254740992", "1.", ".5", "NaN", "Infinity", "0x1", "1_0", "null"])
def test_k16_a_number_has_one_spelling(text: str) -> None:
    """Integers up to 2^53−1, and no other way to write them."""
    with pytest.raises(ValueError, match=r"."):
        canonical.decode(f'{{"a":{text}}}'.encode())
    assert canonical.decode(b'{"a":9007199254740991}') == {"a": 2**53 - 1}


# --- K-24 -----------------------------------------------------------------------------------------------------------


def test_k24_a_seal_needs_no_randomness() -> None:
    """Ed25519 draws no nonce: the same key and message give the same 64 bytes, and another message other ones."""
    key = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
    message = seal_message(0, "demo.example/county", 1, b"\2" * 32)
    assert len({key.sign(message) for _ in range(50)}) == 1
    assert key.sign(message)[:32] != key.sign(message + b" ")[:32]


def test_k24_salts_are_the_systems_and_all_different(target: str) -> None:
    """A ledger that was given no randomness takes `secrets`: 128 bits, unlike in every entry, of an import too."""
    import secrets

    made = World(target)
    assert Ledger.open.__kwdefaults__["entropy"] is secrets.token_bytes
    assert Ledger.create.__kwdefaults__["entropy"] is secrets.token_bytes
    made.ledger.entropy = secrets.token_bytes
    made.bodies()
    made.record(LI, *(draft("project.propose", f"p{n}", project=f"P{n}", county="999901", name="示例项目") for n in range(200)))
    with made.ledger.reading() as session:
        salts = [json.loads(session.history.entry(seq)[1])["salt"] for seq in range(1, session.size)]
    made.ledger.close()
    assert len(set(salts)) == len(salts) > 200
    assert all(len(bytes.fromhex(salt)) == 16 for salt in salts)
    ones = sum(int(salt, 16).bit_count() for salt in salts) / (128 * len(salts))
    assert 0.45 < ones < 0.55


def test_k24_a_system_without_randomness_records_nothing(target: str) -> None:
    """Where the source fails, or gives too little, there is no entry with a weak salt."""
    made = first_yuan(target)

    def broken(size: int) -> bytes:
        raise OSError("no entropy")

    made.ledger.entropy = broken
    with pytest.raises(OSError, match="no entropy"):
        made.record(LI, draft("project.propose", "p9", project="P9", county="999901", name="示例"))
    assert made.verify().size == 11
    made.ledger.close()
