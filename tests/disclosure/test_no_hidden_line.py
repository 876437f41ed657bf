"""★ No hidden line: whatever is left out of a report, or changed in it, is caught offline, and by the measure meant to.

The forger has everything: the product's own code, every officer's key, the ledger key. The reader has the file, the
ledger's id, and one head from elsewhere: the checkpoint of an earlier paper, or one that a witness cosigned.
"""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.chain.cosignature import cosign, witness_key
from ledger.chain.header import content_digest
from ledger.chain.keys import public_bytes
from ledger.chain.note import add_signatures, parse_note, parse_verifier_key
from ledger.disclosure.check import Checked, check
from ledger.disclosure.shape import Disclosure, Listed, encode, read
from ledger.disclosure.trust import Trust
from ledger.errors import InputRejected, Refused
from reports.figures import allocation
from tests.disclosure.county import COUNTY, SUN, County, checkpoint_of, head_of, trust_in
from tests.verify.modified_client import Bad, ModifiedClient
from tests.world import LI, QIAN, WANG, codes


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """The honest ledger with both reports."""
    return County(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def honest(county: County) -> Disclosure:
    """The second report's disclosure."""
    return read(county.disclosure())


def in_books(disclosure: Disclosure, seq: int) -> bool:
    """Whether an entry stands in a book of the county."""
    (listed,) = (entry for entry in disclosure.entries if entry.seq == seq)
    return f" {COUNTY}/" in listed.header


def test_the_honest_report_is_complete_whoever_vouches(county: County, honest: Disclosure) -> None:
    """By the ledger id, by an earlier paper's checkpoint, by a witness: what each makes of the verdict."""
    for trust in (trust_in(county.ledger_id), trust_in(county.first), trust_in(county.ledger_id, county.first)):
        checked = check(honest, trust=trust)
        assert checked.ok, checked
        assert checked.verdict.startswith("complete as stated by ")
    witness = parse_verifier_key(witness_key("w.example", public_bytes(SUN.private)))
    cosigned = add_signatures(honest.checkpoint, cosign(parse_note(honest.checkpoint).text, "w.example", SUN.private, 1_800_000_000))
    witnessed = check(honest, trust=Trust(keys=(witness,), heads=(head_of(cosigned),)))
    assert witnessed.verdict == "complete"
    nobody = check(honest)
    assert nobody.verdict == "consistency only: nobody you trust vouches for it"
    assert not nobody.ok


# --- (a) out of the disclosure alone ----------------------------------------------------------------------------------


def test_each_line_dropped_from_the_disclosure_is_missed(county: County, honest: Disclosure) -> None:
    """Header and content gone, the proof made anew: its position is empty, the block broken, or a quota without receipt."""
    whole, bare = county.choice()
    seen = set()
    for seq in (entry.seq for entry in honest.entries if entry.seq):
        forged = county.forged(set(whole) - {seq}, set(bare) - {seq})
        found = set(codes(check(forged, trust=trust_in(county.ledger_id, county.first)).problems))
        meant = ("DISCLOSURE.BLOCK" if seq >= honest.entries[-1].seq - 2 else
                 "DISCLOSURE.LINE_MISSING" if in_books(honest, seq) else "DISCLOSURE.BESIDE_MISSING")  # fmt: skip
        assert meant in found, (seq, county.steps.get(seq), found)
        seen.add(meant)
    assert seen == {"DISCLOSURE.BLOCK", "DISCLOSURE.LINE_MISSING", "DISCLOSURE.BESIDE_MISSING"}


def test_each_content_held_back_is_missed(county: County, honest: Disclosure) -> None:
    """The header stays, so that every position is there, and what it says is hidden."""
    whole, bare = county.choice()
    for seq in (seq for seq in whole if seq):
        forged = county.forged(set(whole) - {seq}, {*bare, seq})
        found = set(codes(check(forged, trust=trust_in(county.ledger_id, county.first)).problems))
        if seq >= honest.entries[-1].seq - 2:
            assert "DISCLOSURE.BLOCK" in found
        else:
            assert found & {"DISCLOSURE.CONTENT_MISSING", "DISCLOSURE.BESIDE_MISSING"}, (seq, county.steps.get(seq), found)


@pytest.mark.parametrize("stream", ["money", "open", "keys"])
def test_each_tail_of_a_book_dropped_is_missed(county: County, honest: Disclosure, stream: str) -> None:
    """However much of the end of a book is gone, and even the whole of it."""
    whole, bare = county.choice()
    block = honest.entries[-1].seq - 2
    standing = [entry.seq for entry in honest.entries if f" {COUNTY}/{stream}=" in entry.header and entry.seq < block]
    for start in range(len(standing)):
        gone = set(standing[start:])
        found = codes(check(county.forged(set(whole) - gone, set(bare) - gone), trust=trust_in(county.ledger_id)).problems)
        assert "DISCLOSURE.LINE_MISSING" in found, (stream, start)


def test_an_older_block_does_not_stand_for_the_newest(county: County) -> None:
    """The first report's block under the second report's checkpoint: entries follow it, so it ends nothing."""
    assert county.first is not None
    whole, bare = county.choice()
    newer = {seq for seq in (*whole, *bare) if seq >= county.first.size}
    found = codes(check(county.forged({*whole, *range(county.first.size - 3, county.first.size)} - newer, set(bare) - newer),
                        trust=trust_in(county.ledger_id, county.first)).problems)  # fmt: skip
    assert "DISCLOSURE.BLOCK" in found


def test_a_stream_not_claimed_to_be_whole_is_missed(honest: Disclosure) -> None:
    """The claim names just the streams of money and open that the block states."""
    assert honest.book is not None
    for streams in ([], ["money"], ["open"], ["open", "money"], ["money", "open", "keys"]):
        forged = msgspec.structs.replace(honest, book=msgspec.structs.replace(honest.book, streams=streams))
        assert "DISCLOSURE.BLOCK" in codes(check(forged).problems)


# --- (b) out of history itself: a fork --------------------------------------------------------------------------------

STEPS = ("q1", "rel1", "rel1c", "q2", "q0", "p-P1", "p-P2", "p-P3", "ap-P1", "f1", "f1c", "f2", "f2c", "rel2", "rel2c", "f3",
         "PAY-1", "pa1", "bad", "void", "voidc", "PAY-2", "pa2", "rev", "revc", "back", "gone", "gonec", "PAY-3")  # fmt: skip


def test_every_line_of_the_report_is_tried(county: County, honest: Disclosure) -> None:
    """The steps of the forger cover the report: all but founding, enrolment and the blocks; what is void is no line of it."""
    listed = {county.steps[entry.seq] for entry in honest.entries if entry.seq in county.steps}
    assert listed - {"first", "second"} == set(STEPS) - {"bad"}


@pytest.mark.parametrize("name", STEPS)
def test_each_line_dropped_from_a_history_written_anew_is_a_fork(county: County, honest: Disclosure, tmp_path: Path, name: str) -> None:
    """The block states the lower count, all seals and proofs are perfect, and only a head from elsewhere tells."""
    if name in ("void", "voidc"):  # while nobody acknowledged a void entry, the books it claims cannot be stated
        with pytest.raises(Refused) as caught:
            County(tmp_path, hidden=[name])
        assert caught.value.code == "BOOKS.VOID"
        return
    forged = read(County(tmp_path, hidden=[name]).disclosure())
    alone = check(forged, trust=trust_in(county.ledger_id))
    assert alone.ok, f"the forgery is perfect in itself: {alone.problems}"
    witnessed = check(forged, trust=trust_in(county.ledger_id, checkpoint_of(honest)))
    assert not witnessed.ok
    assert set(codes(witnessed.problems + witnessed.undecided)) & {"CHECK.FORK", "CHECK.NOT_COMPARED"}
    if STEPS.index(name) < STEPS.index("bad"):  # it stood in the first report: that paper's checkpoint tells
        earlier = check(forged, trust=trust_in(county.ledger_id, county.first))
        assert not earlier.ok
        assert set(codes(earlier.problems + earlier.undecided)) & {"CHECK.FORK", "CHECK.NOT_COMPARED"}


def test_a_fork_of_the_same_sizes_is_called_one(county: County, tmp_path: Path) -> None:
    """The forger hides one project and pads with another, so that the earlier head has just the size the reader knows."""
    made = County(tmp_path, hidden=["p-P3", "gone", "gonec"], second_report=False)
    padded = County(tmp_path / "again", hidden=["p-P3"], second_report=False, instead=True)
    assert padded.first is not None
    assert county.first is not None
    assert padded.first.size == county.first.size != (made.first.size if made.first else 0)
    checked = check(read(padded.disclosure()), trust=trust_in(county.ledger_id, county.first))
    assert codes(checked.problems) == ["CHECK.FORK"]


@pytest.mark.parametrize("name", ["f1", "pa1", "PAY-3"])
def test_each_tail_of_the_books_dropped_from_history_is_not_the_witnesses_history(county: County, honest: Disclosure, tmp_path: Path, name: str) -> None:
    """From one line on nothing was recorded, says the forged history; its head is not what was cosigned."""
    forged = read(County(tmp_path, hidden=STEPS[STEPS.index(name):]).disclosure())
    assert check(forged, trust=trust_in(county.ledger_id)).ok
    assert not check(forged, trust=trust_in(county.ledger_id, checkpoint_of(honest))).ok


def test_another_ledger_altogether_is_not_the_one_trusted(county: County, honest: Disclosure) -> None:
    """Perfect in itself, under another id, another origin or another key."""
    assert codes(check(honest, trust=trust_in("00" * 32)).problems) == ["CHECK.LEDGER_ID"]
    assert county.first is not None
    other = county.first._replace(origin="demo.example/other")
    assert codes(check(honest, trust=trust_in(other)).problems) == ["CHECK.ORIGIN"]


# --- (c) alter, swap, double -----------------------------------------------------------------------------------------


def altered_values(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every leaf of a JSON value with another value of its type."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from altered_values(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from altered_values(part, (*path, index))
    else:
        yield path, (not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else _other(value))


def _other(text: str) -> str:
    return text[:-1] + ("1" if text.endswith("0") else "0")


def _set(value: Any, path: tuple[Any, ...], part: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = part


def _with(disclosure: Disclosure, place: int, **changes: Any) -> Disclosure:
    entries = list(disclosure.entries)
    entries[place] = msgspec.structs.replace(entries[place], **changes)
    return msgspec.structs.replace(disclosure, entries=entries)


def verdict(disclosure: Disclosure, trust: Trust) -> Checked | None:
    """The check of a forged disclosure, by its bytes; None where they are not even read."""
    try:
        return check(read(encode(disclosure)), trust=trust)
    except InputRejected:
        return None


def test_each_field_of_each_line_altered_breaks_its_digest_or_the_proof(county: County, honest: Disclosure) -> None:
    """Content alone: DISCLOSURE.CONTENT. Content and the digest in its header: DISCLOSURE.PROOF. Nothing else is needed."""
    trust = trust_in(county.ledger_id, county.first)
    count = 0
    for place, entry in enumerate(honest.entries):
        if entry.content is None:
            continue
        for path, other in altered_values(json.loads(entry.content)):
            value = json.loads(entry.content)
            _set(value, path, other)
            text = msgspec.json.encode(value, order="sorted").decode()
            alone = verdict(_with(honest, place, content=text), trust)
            assert alone is not None
            assert "DISCLOSURE.CONTENT" in codes(alone.problems), (entry.seq, path)
            header = entry.header.replace(content_digest(entry.content.encode()), content_digest(text.encode()))
            whole = verdict(_with(honest, place, content=text, header=header), trust)
            assert whole is not None
            assert set(codes(whole.problems)) & {"DISCLOSURE.PROOF", "DISCLOSURE.CONTENT"}, (entry.seq, path)
            count += 1
    assert count > 300


@pytest.mark.parametrize("line", range(1, 6))
def test_each_line_of_each_header_altered_breaks_the_proof(county: County, honest: Disclosure, line: int) -> None:
    """seq, prev, at, books, content."""
    for place, entry in enumerate(honest.entries):
        lines = entry.header.split("\n")
        lines[line] = _other(lines[line]) if not lines[line].endswith("Z") else _other(lines[line][:-1]) + "Z"
        found = verdict(_with(honest, place, header="\n".join(lines)), trust_in(county.ledger_id, county.first))
        assert found is not None
        assert set(codes(found.problems)) & {"DISCLOSURE.PROOF", "DISCLOSURE.HEADER", "DISCLOSURE.CONTENT"}, (entry.seq, line)


def _swap(disclosure: Disclosure, a: int, b: int, *names: str) -> Disclosure:
    entries = list(disclosure.entries)
    first, second = entries[a], entries[b]
    entries[a] = msgspec.structs.replace(first, **{name: getattr(second, name) for name in names})
    entries[b] = msgspec.structs.replace(second, **{name: getattr(first, name) for name in names})
    return msgspec.structs.replace(disclosure, entries=entries)


@pytest.mark.parametrize("names", [("content",), ("header", "content"), ("header", "content", "seq")], ids="+".join)
def test_two_lines_swapped_are_caught(county: County, honest: Disclosure, names: tuple[str, ...]) -> None:
    """Contents, whole entries, or places in the file, of any two neighbours."""
    whole = [place for place, entry in enumerate(honest.entries) if entry.content and place]
    for a, b in pairwise(whole):
        found = verdict(_swap(honest, a, b, *names), trust_in(county.ledger_id))
        assert found is None or found.problems, (a, b)


@pytest.mark.parametrize("make", [
    lambda entries, place: [*entries[: place + 1], *entries[place:]],
    lambda entries, place: [*entries, msgspec.structs.replace(entries[place], seq=entries[-1].seq + 1)],
], ids=["in place", "at the end"])  # fmt: skip
def test_a_line_listed_twice_is_caught(county: County, honest: Disclosure, make: Callable[[list[Listed], int], list[Listed]]) -> None:
    """Under its own position or another."""
    for place in range(len(honest.entries)):
        found = verdict(msgspec.structs.replace(honest, entries=make(list(honest.entries), place)), trust_in(county.ledger_id))
        assert found is None or found.problems, place


# --- (d) entries of a client without rules, listed to mislead --------------------------------------------------------


def _sealed(county: County, *entries: Bad, acknowledged_by: Any = None) -> list[int]:
    """Entries of a client without rules, acknowledged where it says by whom, and the county's books stated again."""
    client = ModifiedClient(county.world.target, WANG.private)
    found = client.seal(*entries)
    client.close()
    county.world.ledger.rebuild()
    for bad in entries if acknowledged_by else ():
        county.about(f"void-{bad.id}", acknowledged_by, "entry.void", bad.id, finding="void", reason="不合规")
        county.about(f"voidc-{bad.id}", SUN if acknowledged_by is not SUN else QIAN, "entry.confirm", f"void-{bad.id}")
    county.state(COUNTY, "third")
    return found


def test_a_reversal_that_stands_in_no_book_of_its_entry_hides_no_line(tmp_path: Path) -> None:
    """A void reversal and a void confirmation, listed beside the books, leave the paper as it is."""
    county = County(tmp_path)
    reference = county.world.ref("p-P2")
    (seq,) = _sealed(county, Bad("entry.reverse", "r9", {"entry": reference, "reason": "x"}, [], {}))
    whole, bare = county.choice()
    assert seq not in (*whole, *bare)
    forged = county.forged({*whole, seq}, bare)
    honest = read(county.disclosure())
    checked = check(forged, trust=trust_in(county.ledger_id))
    assert checked.ok
    assert allocation(forged, checked) == allocation(honest, check(honest))


def _impostor(tmp_path: Path) -> tuple[County, int, int]:
    """A county with a project, and a void entry of another that claims its position, acknowledged by two persons."""
    county = County(tmp_path, second_report=False)
    true = county.size()
    county.step("p-P7", LI, "project.propose", project="P7", county=COUNTY, name="真项目")
    place = int(county.header(true).partition("/open=")[2].partition("\n")[0])
    (fake,) = _sealed(county, Bad("project.propose", "fake", {"project": "P8", "county": COUNTY, "name": "假项目"}, [], {f"{COUNTY}/open": place}),
                      acknowledged_by=SUN)  # fmt: skip
    assert county.world.verify().ok
    return county, true, fake


def test_a_void_entry_that_claims_a_taken_position_cannot_stand_beside_the_true_line(tmp_path: Path) -> None:
    """The product does not list it; listed all the same, its position is there twice."""
    county, _, fake = _impostor(tmp_path)
    whole, bare = county.choice()
    assert fake not in (*whole, *bare)
    assert check(read(county.disclosure()), trust=trust_in(county.ledger_id)).ok
    found = check(county.forged({*whole, fake}, bare), trust=trust_in(county.ledger_id))
    assert "DISCLOSURE.LINE_EXTRA" in codes(found.problems)


def test_a_void_entry_that_claims_a_taken_position_cannot_stand_for_the_true_line(tmp_path: Path) -> None:
    """Its acknowledgement stands in a book of another body, so that nothing listed tells that it is void."""
    county, true, fake = _impostor(tmp_path)
    whole, bare = county.choice()
    assert check(county.forged({*whole, fake} - {true}, bare), trust=trust_in(county.ledger_id)).problems
