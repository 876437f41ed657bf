"""No personal value stands in a paper, in whatever corner of the file (P-01), and none can be guessed from it (P-05, P-06, P-08)."""

import json
import re
import zlib
from io import BytesIO
from typing import Any

import pypdf
import pytest

from ledger.disclosure.build import build_book, newest_point, prove_many
from ledger.disclosure.check import check
from ledger.disclosure.shape import read
from ledger.kinds.draft import Draft
from reports.allocation import draw
from reports.figures import allocation
from tests.disclosure.county import note_of, trust_in
from tests.vault.sealed_world import SealedWorld
from tests.world import LI, TODAY, WANG, draft

PERSONS = 50


def person(number: int) -> dict[str, str]:
    """Invented personal values of one household; no two of them share six digits in a row that anything else has."""
    tail = f"{number:02d}"
    return {
        "head": f"虚构户主{'甲乙丙丁戊己庚辛壬癸'[number // 5]}{'子丑寅卯辰'[number % 5]}",
        "identity": f"99{tail}8319{tail}57{tail}463{tail}X",
        "phone": f"1{tail}7395{tail}28",
        "address": f"虚构村{tail}组{tail}号之{tail}",
        "account": f"62{tail}9471{tail}8350{tail}61{tail}",
    }


MARKERS = [value for number in range(PERSONS) for value in person(number).values()]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> SealedWorld:
    """Fifty households, each paid once to its own account, and the books stated."""
    folder = tmp_path_factory.mktemp("sealed")
    made = SealedWorld(str(folder / "l.db"), folder)
    households = [Draft("household.enroll", f"e{n}", TODAY, {"household": f"H-{n}", "place": "999901"}, person(n)) for n in range(PERSONS)]
    payments = [
        Draft("payment.request", f"PAY-H{n}", TODAY, {
            "payment": f"PAY-H{n}", "project": "P1", "legs": [{"amount": 100, "quota": "Q1"}], "payee": f"H-{n}", "payee_type": "person",
        }, {"account": person(n)["account"]})
        for n in range(PERSONS)
    ]  # fmt: skip
    made.record(LI, *households)
    made.record(LI, *payments)
    made.record(LI, Draft("payment.request", "PAY-AGAIN", TODAY, {
        "payment": "PAY-AGAIN", "project": "P1", "legs": [{"amount": 100, "quota": "Q1"}], "payee": "H-0", "payee_type": "person",
    }, {"account": person(0)["account"]}))  # fmt: skip
    with made.world.ledger.reading() as session:
        totals = [{"account": account, "n": n, "unit": "CNY"} for account, n in
                  sorted((key[0], n) for key, n in session.state.balances() if key[0].startswith(("P1:", "PAY-")))]  # fmt: skip
        counts = {name: session.state.get("book", f"999901/{name}").count for name in ("money", "people", "open", "keys")}
    made.world.record(WANG, *(
        draft("book.state", f"s-{stream}", book=f"999901/{stream}", count=count + (3 if stream == "keys" else 0),
              totals=totals if stream == "money" else []) for stream, count in counts.items()))  # fmt: skip
    return made


@pytest.fixture(scope="module")
def published(sealed: SealedWorld) -> tuple[bytes, bytes]:
    """The disclosure and the paper, with its page in English."""
    with sealed.world.ledger.reading() as session:
        point = newest_point(session, "999901")
        raw = build_book(session, "999901", 2025, point, note_of(point.size, point.root))
    disclosure = read(raw)
    checked = check(disclosure, trust=trust_in(sealed.id))
    assert checked.ok
    assert checked.counts["people"] == PERSONS
    return raw, draw(allocation(disclosure, checked), raw, lang="en")


def streams(paper: bytes) -> list[bytes]:
    """Every byte a reader could reach: the file, each stream decoded, attachments, page text, metadata, bookmarks."""
    pdf = pypdf.PdfReader(BytesIO(paper))
    found = [paper, repr(pdf.metadata).encode(), repr([item.title for item in pdf.outline]).encode()]
    found += [page.extract_text().encode() for page in pdf.pages]
    found += [data for many in pdf.attachments.values() for data in many]
    for number in range(1, pdf.trailer["/Size"]):
        item: Any = pdf.get_object(number)
        if isinstance(item, pypdf.generic.StreamObject):
            found.append(item.get_data())
        found.append(repr(item).encode())
    found += [zlib.decompress(part) for part in re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", paper, re.DOTALL) if _inflates(part)]
    return found


def _inflates(part: bytes) -> bool:
    try:
        zlib.decompress(part)
    except zlib.error:
        return False
    return True


def fragments(value: str) -> set[str]:
    """The value, and every run of eight of its digits; shorter ones stand by chance in so many hashes."""
    digits = re.sub(r"\D", "", value)
    return {value} | {digits[start : start + 8] for start in range(len(digits) - 7)}


def test_p01_no_personal_value_stands_anywhere_in_the_file(published: tuple[bytes, bytes]) -> None:
    """250 values of fifty invented households, whole and in parts, in clear, in escapes and in UTF-16."""
    everything = b"\0".join(streams(published[1]))
    hay = everything.decode("latin-1")
    assert "disclosure.json" in hay
    assert b"H-49" in everything, "the walk reaches the attachment, where the pseudonym stands"
    for value in MARKERS:
        for part in fragments(value):
            for spelling in (part.encode(), part.encode("utf-16-be"), part.encode("unicode_escape"), part.encode().hex().encode()):
                assert spelling not in everything, value


def test_p01_the_search_would_find_one(published: tuple[bytes, bytes], sealed: SealedWorld) -> None:
    """The same search on a paper whose project is named after a person's number finds it."""
    raw, _ = published
    disclosure = read(raw)
    figures = allocation(disclosure, check(disclosure))
    from dataclasses import replace

    leaking = draw(replace(figures, phone=MARKERS[2]), raw)
    assert MARKERS[2].encode() in b"\0".join(streams(leaking))


def test_people_and_keys_stand_with_their_headers_alone(published: tuple[bytes, bytes]) -> None:
    """No content of a household or an officer is in the disclosure; the names of officers are not either."""
    kinds = [json.loads(entry.content)["kind"] for entry in read(published[0]).entries if entry.content]
    assert "household.enroll" not in kinds
    assert "officer.enroll" not in kinds
    assert not {name for name in ("li某", "wang某") if name in published[0].decode()}


def test_p05_what_is_sealed_stands_as_a_commitment_and_its_salt_nowhere(published: tuple[bytes, bytes], sealed: SealedWorld) -> None:
    """64 hex in content; the 32 bytes of salt are in no file that leaves the office, in hex, base64 or as they are."""
    from base64 import b64encode

    from ledger.store.sealing import sealed_places

    contents = [json.loads(entry.content) for entry in read(published[0]).entries if entry.content]
    accounts = [content["data"]["account"] for content in contents if "account" in content["data"]]
    assert len(accounts) == PERSONS + 1
    assert all(re.fullmatch(r"[0-9a-f]{64}", account) for account in accounts)
    everything = b"\0".join(streams(published[1]))
    with sealed.world.ledger.reading() as session:
        vault = sealed.vault()
        for place in list(sealed_places(session))[:60]:
            assert place.box is not None
            kept = vault.open(place.subject, ("demo.example/county", place.id, place.field), place.box)
            assert kept is not None
            assert len(kept.salt) * 8 >= 128
            for spelling in (kept.salt, kept.salt.hex().encode(), b64encode(kept.salt)):
                assert spelling not in everything


def test_p06_the_same_account_twice_is_two_commitments(published: tuple[bytes, bytes], sealed: SealedWorld) -> None:
    """In one report, and in two proofs of two entries: nothing links them but the pseudonym."""
    contents = [json.loads(entry.content) for entry in read(published[0]).entries if entry.content]
    accounts = [content["data"]["account"] for content in contents if "account" in content["data"]]
    assert len(set(accounts)) == len(accounts)
    first, again = (next(c["data"]["account"] for c in contents if c["id"] == id) for id in ("PAY-H0", "PAY-AGAIN"))
    assert first != again


def test_p08_a_proof_of_one_entry_tells_nothing_of_its_neighbours(sealed: SealedWorld) -> None:
    """Hashes of blinded leaves: the content a neighbour might have, tried out, gives no hash of the proof without its salt."""
    with sealed.world.ledger.reading() as session:
        tree = session.tree()
        seq = session.history.seq_of("e7")
        assert seq is not None
        raw = prove_many(session, [seq], note_of(tree.size, tree.root()), tree.size)
        neighbour = json.loads(session.history.entry(seq - 1)[1])
    assert re.fullmatch(r"[0-9a-f]{32}", neighbour["salt"])
    assert [entry.seq for entry in read(raw).entries] == [0, seq]
    assert not [value for value in (*MARKERS, neighbour["salt"], f'\\"{neighbour["id"]}\\"') if value in raw.decode()]
