"""The text of a proof: C2SP tlog-proof, in one spelling."""

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.note import sign_note
from ledger.chain.tlog_proof import MAX_HASHES, MAX_TEXT, TlogProof, parse_tlog_proof
from tests.properties.strategies import modest
from tests.world import LEDGER_KEY

HASHES = [sha256(text).digest() for text in (b"hash1", b"hash2")]
ONE, TWO = (b64encode(part).decode() for part in HASHES)
NOTE = sign_note("demo.example/county\n11\nJ10n+WCgIH4jNkAqnByGBrbXQEhobbx6Icb/2ZsJeXo=\n", "demo.example/county", LEDGER_KEY.private)

# transparency-dev/formats, proof/tlog_proof_test.go
FACTS = [
    (TlogProof(5, HASHES, "test checkpoint\n"), f"c2sp.org/tlog-proof@v1\nindex 5\n{ONE}\n{TWO}\n\ntest checkpoint\n"),
    (
        TlogProof(10, HASHES[:1], "checkpoint data\n", b"extra information"),
        f"c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n{ONE}\n\ncheckpoint data\n",
    ),
    (TlogProof(0, [], "checkpoint\n"), "c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"),
]


@pytest.mark.parametrize(("proof", "text"), FACTS)
def test_proof_is_spelt_as_another_maker_spells_it(proof: TlogProof, text: str) -> None:
    """Typed facts, both ways."""
    assert proof.to_text() == text
    assert parse_tlog_proof(text) == proof


@modest(60)
@given(
    st.integers(0, 10**16 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=MAX_HASHES),
    st.none() | st.binary(min_size=1, max_size=200),
)
def test_proof_round_trips(index: int, hashes: list[bytes], extra: bytes | None) -> None:
    """What is written reads back, with a real note below."""
    proof = TlogProof(index, hashes, NOTE, extra)
    assert parse_tlog_proof(proof.to_text()) == proof


def test_empty_extra_is_none() -> None:
    """One spelling: no line."""
    assert TlogProof(1, [], NOTE, b"").to_text() == TlogProof(1, [], NOTE).to_text()


FIRST = "c2sp.org/tlog-proof@v1\n"
REFUSED = {
    "nothing": "",
    "another first line": f"wrong-header\nindex 0\n\n{NOTE}",
    "another version": f"c2sp.org/tlog-proof@v2\nindex 0\n\n{NOTE}",
    "a first line with a space": f"c2sp.org/tlog-proof@v1 \nindex 0\n\n{NOTE}",
    "no first line": f"index 0\n\n{NOTE}",
    "the first line alone": FIRST,
    "no index": f"{FIRST}\n{NOTE}",
    "a hash for an index": f"{FIRST}{ONE}\n\n{NOTE}",
    "an index that is no number": f"{FIRST}index notanumber\n\n{NOTE}",
    "a negative index": f"{FIRST}index -5\n\n{NOTE}",
    "an index with a plus": f"{FIRST}index +5\n\n{NOTE}",
    "an index with a zero before": f"{FIRST}index 05\n\n{NOTE}",
    "an index in wide digits": f"{FIRST}index ５\n\n{NOTE}",
    "an empty index": f"{FIRST}index \n\n{NOTE}",
    "an index with two spaces": f"{FIRST}index  5\n\n{NOTE}",
    "an index with a space after": f"{FIRST}index 5 \n\n{NOTE}",
    "an index of 17 digits": f"{FIRST}index {'9' * 17}\n\n{NOTE}",
    "two indices": f"{FIRST}index 5\nindex 5\n\n{NOTE}",
    "an extra that is not base64": f"{FIRST}extra !!\nindex 0\n\n{NOTE}",
    "an empty extra": f"{FIRST}extra \nindex 0\n\n{NOTE}",
    "an extra without a space": f"{FIRST}extra\nindex 0\n\n{NOTE}",
    "an extra without padding": f"{FIRST}extra YQ\nindex 0\n\n{NOTE}",
    "an extra with loose bits": f"{FIRST}extra YR==\nindex 0\n\n{NOTE}",
    "an extra with a space": f"{FIRST}extra YQ== \nindex 0\n\n{NOTE}",
    "two extras": f"{FIRST}extra YQ==\nextra YQ==\nindex 0\n\n{NOTE}",
    "an extra after the index": f"{FIRST}index 0\nextra YQ==\n\n{NOTE}",
    "an extra alone": f"{FIRST}extra YQ==\n\n{NOTE}",
    "a hash that is not base64": f"{FIRST}index 0\n!!notbase64!!\n\n{NOTE}",
    "a hash of 31 bytes": f"{FIRST}index 0\n{b64encode(bytes(31)).decode()}\n\n{NOTE}",
    "a hash of 64 bytes": f"{FIRST}index 0\n{b64encode(bytes(64)).decode()}\n\n{NOTE}",
    "a hash in url spelling": f"{FIRST}index 0\n{b64encode(bytes([255]) * 32).decode().replace('/', '_')}\n\n{NOTE}",
    "a hash with a space": f"{FIRST}index 0\n {ONE}\n\n{NOTE}",
    "hashes past the depth of any tree": f"{FIRST}index 0\n{(ONE + chr(10)) * 54}\n{NOTE}",
    "no blank line": f"{FIRST}index 0\n{ONE}\n",
    "two blank lines": f"{FIRST}index 0\n\n\n{NOTE}",
    "a blank line with a space": f"{FIRST}index 0\n \n{NOTE}",
    "no checkpoint": f"{FIRST}index 0\n\n",
    "a checkpoint that is cut": f"{FIRST}index 0\n\n{NOTE[:-1]}",
    "carriage returns": f"{FIRST}index 0\n\n{NOTE}".replace("\n", "\r\n"),
    "a byte order mark": f"\ufeff{FIRST}index 0\n\n{NOTE}",
    "a space in front": f" {FIRST}index 0\n\n{NOTE}",
    "too much": f"{FIRST}index 0\n\n{'a' * MAX_TEXT}\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_k14_other_spelling_of_a_proof_is_refused(name: str) -> None:
    """Order, digits, base64, blank lines, limits: ValueError and nothing else."""
    with pytest.raises(ValueError, match=r"\w"):
        parse_tlog_proof(REFUSED[name])


@modest(200)
@given(st.data())
def test_k14_altered_proof_is_refused_or_another_proof(data: st.DataObject) -> None:
    """No two texts mean the same: what is accepted is spelt as it was written."""
    text = TlogProof(73894, HASHES, NOTE, b"opaque").to_text()
    place = data.draw(st.integers(0, len(text) - 1))
    other = text[:place] + data.draw(st.sampled_from(["", "\n", "=", "0", "A", " ", "é"])) + text[place + 1 :]
    try:
        proof = parse_tlog_proof(other)
    except ValueError:
        return
    assert proof.to_text() == other
