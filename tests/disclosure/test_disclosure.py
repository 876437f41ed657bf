"""A disclosure by itself: its one spelling, its proofs, who vouches for it, what is opened in it."""

import json
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.book.effects import statement
from ledger.chain.cosignature import cosign, witness_key
from ledger.chain.keys import b64, possession_message, public_bytes
from ledger.chain.note import (
    Checkpoint,
    VerifierKey,
    add_signatures,
    parse_note,
    parse_verifier_key,
    verifier_key,
)
from ledger.disclosure.build import build, build_book, newest_point, prove_many, report_heads
from ledger.disclosure.check import check
from ledger.disclosure.shape import FORMAT, MAX_BYTES, Disclosure, Opened, encode, read
from ledger.disclosure.trust import Trust
from ledger.errors import InputRejected, Refused
from tests.disclosure.county import COUNTY, PROVINCE, SUN, TOWNSHIP, County, head_of, note_of, trust_in
from tests.vault.sealed_world import ACCOUNT, SealedWorld
from tests.verify.modified_client import Bad, ModifiedClient, move
from tests.world import LEDGER_KEY, ORIGIN, QIAN, ROOT, WANG, World, codes, draft, first_yuan, signer

ROOT_FOLDER = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """The county's ledger with both reports."""
    return County(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def honest(county: County) -> Disclosure:
    """The second report's disclosure."""
    return read(county.disclosure())


def few(world: World, *seqs: int, size: int | None = None) -> bytes:
    """A small disclosure of single entries."""
    with world.ledger.reading() as session:
        tree = session.tree()
        return prove_many(session, seqs, note_of(tree.size, tree.root()), tree.size)


# --- made ----------------------------------------------------------------------------------------------------------------


def test_the_same_ledger_gives_the_same_bytes_and_later_entries_change_nothing(tmp_path: Path) -> None:
    """Canonical JSON of the format, made twice, and again after more was recorded."""
    county = County(tmp_path, second_report=False)
    raw = county.disclosure()
    assert county.disclosure() == raw
    assert raw == json.dumps(json.loads(raw), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    county.step("late", WANG, "quota.receive", quota="Q9", holder=COUNTY, amount=5, year=2025, source_level="county")
    assert county.disclosure() == raw
    assert json.loads(raw)["format"] == FORMAT


def test_a_report_lists_its_books_whole_and_of_others_what_it_needs(county: County, honest: Disclosure) -> None:
    """Contents of money and open, of the block, of the receipt of a quota; of streams keys and people headers alone."""
    whole, bare = county.choice()
    with county.world.ledger.reading() as session:
        kinds = {seq: json.loads(session.history.entry(seq)[1])["kind"] for seq in range(session.size)}
    assert "officer.enroll" not in {kinds[seq] for seq in whole}
    assert {kinds[seq] for seq in bare} == {"officer.enroll", "book.state"}
    assert "q1" in {county.steps.get(seq) for seq in whole}, "the province's receipt of the quota that it released"
    assert "PROVINCE" not in honest.checkpoint


def test_the_heads_are_earlier_report_points_of_any_body(county: County, honest: Disclosure) -> None:
    """The province's statement and the county's first report, each with its consistency proof."""
    assert county.first is not None
    assert [head.size for head in honest.heads] == [county.first.size - 3, county.first.size]
    assert [head.root for head in honest.heads][-1] == b64(county.first.root)


def test_no_more_than_64_heads_are_listed(tmp_path: Path) -> None:
    """The newest ones."""
    county = County(tmp_path, second_report=False)
    for number in range(70):
        county.world.record(QIAN, draft("book.state", f"s{number}", book=f"{COUNTY}/open", count=4, totals=[]))
    with county.world.ledger.reading() as session:
        assert report_heads(session, session.size) == list(range(session.size - 64, session.size))


@pytest.mark.parametrize("books", [["open"], ["open", "money"]])
def test_a_block_that_does_not_begin_with_money_is_no_report_point(tmp_path: Path, books: list[str]) -> None:
    """Whatever stands before its money could be cut off without a trace: refused, with what to do."""
    county = County(tmp_path, second_report=False)
    stated = [json.loads(entry.content or "")["data"] for entry in read(county.disclosure()).entries[-3:]]
    assert [data["book"].partition("/")[2] for data in stated] == ["money", "open", "keys"]
    money, opened = stated[:2]
    for stream in books:
        county.world.record(QIAN, draft("book.state", f"again-{stream}", **(money if stream == "money" else opened)))
    with county.world.ledger.reading() as session:
        if books == ["open"]:
            with pytest.raises(Refused) as caught:
                newest_point(session, COUNTY)
            assert caught.value.code == "REFUSED.NO_BOOK_STATE"
        else:
            assert newest_point(session, COUNTY).streams == ("money",)
            point = newest_point(session, COUNTY)
            checked = check(read(build_book(session, COUNTY, 2025, point, note_of(point.size, point.root))), trust=trust_in(session.id))
            assert checked.counts == {"money": money["count"]}
            assert "entries of stream open: the block does not state it" in checked.cannot_exclude


def test_single_entries_are_proved_without_a_book(tmp_path: Path) -> None:
    """The verdict is proved; what became of an entry takes the whole history, and that is said."""
    world = first_yuan(str(tmp_path / "l.db"))
    disclosure = read(few(world, 5, 9))
    with world.ledger.reading() as session:
        checked = check(disclosure, trust=trust_in(session.id))
    assert (checked.verdict, checked.ok) == ("proved", True)
    assert {seq: str(status) for seq, status in checked.statuses.items()} == {0: "recorded", 5: "recorded", 9: "recorded"}
    assert "whether an entry took effect, waits or is void: that takes the whole history" in checked.cannot_exclude
    assert checked.counts == {}


@pytest.mark.parametrize("seqs", [(1,), (10,), (1, 2, 3), (5, 10), tuple(range(11))])
def test_any_choice_of_entries_can_be_proved(tmp_path: Path, seqs: tuple[int, ...]) -> None:
    """Few, many, all."""
    world = first_yuan(str(tmp_path / "l.db"))
    assert not check(read(few(world, *seqs))).problems


def test_the_check_imports_nothing_of_the_store() -> None:
    """Whoever has a file and no ledger needs no database driver."""
    script = ("import sys; import ledger.disclosure.check, ledger.disclosure.shape, ledger.disclosure.trust; "
              "print([name for name in sys.modules if name.startswith(('ledger.store', 'sqlalchemy', 'psycopg', 'ledger.book'))])")  # fmt: skip
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT_FOLDER)
    assert run.stdout.strip() == "[]"


# --- read ----------------------------------------------------------------------------------------------------------------


def altered(**changes: Any) -> Any:
    """A change of the top of a disclosure."""
    return lambda value: {**value, **changes}


def _drop(key: str) -> Any:
    return lambda value: {k: v for k, v in value.items() if k != key}


@pytest.mark.parametrize("change", [
    altered(format="sunledger.disclosure/2"), altered(format=1), altered(more=1), altered(entries=[]), altered(proof=None),
    altered(heads=None), altered(book=None), altered(entries={}), altered(proof=[[]]), altered(checkpoint=None),
    *(_drop(key) for key in ("format", "origin", "ledger_id", "checkpoint", "entries", "proof", "heads")),
    lambda value: {**value, "entries": value["entries"][1:]},
    lambda value: {**value, "entries": [*value["entries"], value["entries"][-1]]},
    lambda value: {**value, "entries": list(reversed(value["entries"]))},
    lambda value: {**value, "entries": [{**value["entries"][0], "content": None}, *value["entries"][1:]]},
    lambda value: {**value, "entries": [_drop("content")(value["entries"][0]), *value["entries"][1:]]},
    lambda value: {**value, "entries": [value["entries"][0], {**value["entries"][1], "seq": -1}]},
    lambda value: {**value, "entries": [value["entries"][0], {**value["entries"][1], "seq": 5.0}]},
    lambda value: {**value, "entries": [value["entries"][0], {**value["entries"][1], "seq": 2**60}]},
    lambda value: {**value, "entries": [value["entries"][0], {**value["entries"][1], "extra": 1}]},
])  # fmt: skip
def test_another_shape_is_not_read(tmp_path: Path, change: Any) -> None:
    """INPUT.DISCLOSURE, exit 3: a version, a key more or less, a null, an order, a number that is none."""
    raw = few(first_yuan(str(tmp_path / "l.db")), 5)
    with pytest.raises(InputRejected) as caught:
        read(msgspec.json.encode(change(json.loads(raw)), order="sorted"))
    assert caught.value.code == "INPUT.DISCLOSURE"


@pytest.mark.parametrize("make", [
    lambda raw: raw + b"\n", lambda raw: b" " + raw, lambda raw: b"\xef\xbb\xbf" + raw, lambda raw: raw.replace(b'"proof"', b'"pr\\u006fof"'),
    lambda raw: raw.replace(b'"heads":[]', b'"heads":[],"heads":[]'), lambda raw: raw.replace(b'"heads":[]', b'"heads":[ ]'),
    lambda raw: json.dumps(json.loads(raw)).encode(), lambda raw: raw.decode().encode("utf-16"), lambda raw: b"[" * 100_000,
    lambda raw: b'{"entries":' * 50_000, lambda raw: b"\xff" * 100, lambda raw: b"", lambda raw: b"null",
    lambda raw: raw.replace(b'"origin":"demo', b'"origin":"\\ud800demo'), lambda raw: b" " * (MAX_BYTES + 1),
    lambda raw: raw.replace(b'"seq":5', b'"seq":' + b"9" * 5000),
], ids=range(16))  # fmt: skip
def test_another_spelling_is_not_read(tmp_path: Path, make: Any) -> None:
    """A key twice, white space, another escape, depth, another encoding, too long: exit 3, no traceback."""
    raw = make(few(first_yuan(str(tmp_path / "l.db")), 5))
    with pytest.raises(InputRejected) as caught:
        read(raw)
    assert (caught.value.code, caught.value.exit_code) == ("INPUT.DISCLOSURE", 3)


def test_b32_cut_at_every_byte_and_every_byte_changed_is_never_accepted(tmp_path: Path) -> None:
    """A small disclosure: unreadable, or with problems; never proved, never a traceback."""
    world = first_yuan(str(tmp_path / "l.db"))
    raw = few(world, 9)
    assert 2_000 < len(raw) < 9_000
    with world.ledger.reading() as session:
        trust = trust_in(session.id)
    assert check(read(raw), trust=trust).ok

    def accepted(bad: bytes) -> bool:
        try:
            found = check(read(bad), trust=trust)
        except InputRejected:
            return False
        assert found.problems or found.undecided
        return found.ok

    for place in range(len(raw)):
        assert not accepted(raw[:place]), f"cut at {place}"
        for mask in (1, 0x20, 0x80):
            bad = bytearray(raw)
            bad[place] ^= mask
            assert not accepted(bytes(bad)), f"byte {place} ^ {mask}"
        assert not accepted(raw[:place] + raw[place + 1 :]), f"without byte {place}"


def test_b32_a_million_siblings_are_refused_in_no_time(tmp_path: Path) -> None:
    """And so are proofs with one hash more or less, in another order, of another length, or in wrong base64."""
    disclosure = read(few(first_yuan(str(tmp_path / "l.db")), 9))
    proof = disclosure.proof
    bad: list[list[str]] = [proof[:-1], [*proof, proof[0]], list(reversed(proof)), [proof[0][:-4], *proof[1:]], [proof[0] + "=", *proof[1:]],
                            [" " + proof[0], *proof[1:]], ["", *proof[1:]], [], [proof[0]] * 1_000_000]  # fmt: skip
    for hashes in bad:
        forged = msgspec.structs.replace(disclosure, proof=hashes)
        assert codes(check(read(encode(forged))).problems) == ["DISCLOSURE.PROOF"]


@pytest.mark.parametrize(("change", "code"), [
    ({"origin": "demo.example/other"}, "DISCLOSURE.CHECKPOINT"),
    ({"ledger_id": "00" * 32}, "DISCLOSURE.LEDGER_ID"),
    ({"checkpoint": "nothing"}, "DISCLOSURE.CHECKPOINT"),
    ({"checkpoint": note_of(11, bytes(32))}, "DISCLOSURE.PROOF"),
    ({"checkpoint": note_of(2**50, bytes(32))}, "DISCLOSURE.PROOF"),
    ({"checkpoint": note_of(3, bytes(32))}, "DISCLOSURE.PROOF"),
])  # fmt: skip
def test_each_part_of_the_top_is_bound(tmp_path: Path, change: dict[str, str], code: str) -> None:
    """Another origin, ledger id or checkpoint, each by its code."""
    disclosure = read(few(first_yuan(str(tmp_path / "l.db")), 9))
    assert code in codes(check(msgspec.structs.replace(disclosure, **change)).problems)


def test_b32_heads_of_another_history_are_told(county: County, honest: Disclosure) -> None:
    """A root, a size, a path, an order that is not the history's."""
    first = honest.heads[0]
    other = b64(bytes(32))
    for heads in ([msgspec.structs.replace(first, root=other)], [msgspec.structs.replace(first, size=first.size + 1)],
                  [msgspec.structs.replace(first, proof=first.proof[:-1])], [msgspec.structs.replace(first, root="x")],
                  [msgspec.structs.replace(first, size=0)], [msgspec.structs.replace(first, size=2**50)], list(reversed(honest.heads)),
                  [first, first]):  # fmt: skip
        assert "DISCLOSURE.HEADS" in codes(check(msgspec.structs.replace(honest, heads=heads)).problems)


# --- who vouches -----------------------------------------------------------------------------------------------------------


def signed_again(disclosure: Disclosure, key: Any) -> Disclosure:
    """The same checkpoint signed by another key under the ledger's name."""
    text = parse_note(disclosure.checkpoint).text.split("\n")
    return msgspec.structs.replace(disclosure, checkpoint=note_of(int(text[1]), b64decode(text[2]), key))


def test_another_key_than_the_ledgers_signs_nothing(honest: Disclosure) -> None:
    """Whoever else signs under the ledger's name, CHECK.SIGNATURE."""
    assert codes(check(signed_again(honest, WANG)).problems) == ["CHECK.SIGNATURE"]


def test_the_key_the_reader_brings_must_have_signed(county: County, honest: Disclosure) -> None:
    """The ledger's own vouches; another ledger's or one under another name does not."""
    own = parse_verifier_key(verifier_key(ORIGIN, public_bytes(LEDGER_KEY.private)))
    assert check(honest, trust=Trust(keys=(own,))).ok
    for other, code in ((parse_verifier_key(verifier_key(ORIGIN, public_bytes(WANG.private))), "CHECK.KEY"), (own._replace(name="demo.example/x"), "CHECK.ORIGIN")):
        assert codes(check(honest, trust=Trust(keys=(other,))).problems) == [code]


def test_a_witness_makes_it_complete_and_a_false_cosignature_spoils_it(county: County, honest: Disclosure) -> None:
    """cosignature/v1 on the checkpoint, by the witness that the reader trusts; others do not matter."""
    note = honest.checkpoint
    line = cosign(parse_note(note).text, "witness.example", SUN.private, 1_800_000_000)
    witness = parse_verifier_key(witness_key("witness.example", public_bytes(SUN.private)))
    cosigned = msgspec.structs.replace(honest, checkpoint=add_signatures(note, line))
    assert check(cosigned, trust=Trust(keys=(witness,))).verdict == "complete"
    assert check(cosigned, trust=trust_in(county.ledger_id)).verdict.startswith("complete as stated by ")
    absent = check(honest, trust=Trust(keys=(witness,)))
    assert codes(absent.undecided) == ["CHECK.WITNESS"]
    assert not absent.ok
    false = cosign(parse_note(note).text.replace("county", "x"), "witness.example", SUN.private, 1_800_000_000)
    spoiled = msgspec.structs.replace(honest, checkpoint=add_signatures(note, false))
    assert "CHECK.SIGNATURE" in codes(check(spoiled, trust=Trust(keys=(witness,))).problems)


def test_a_witness_of_growth_alone_vouches_and_makes_nothing_complete(county: County, honest: Disclosure) -> None:
    """Who looked at growth has read no entry; beside one that verifies it takes nothing away."""
    names = {"witness.growth": SUN, "witness": WANG}
    text = parse_note(honest.checkpoint).text
    note = honest.checkpoint
    for name, key in names.items():
        note = add_signatures(note, cosign(text, name, key.private, 1_800_000_000))
    cosigned = msgspec.structs.replace(honest, checkpoint=note)
    growth, full = (parse_verifier_key(witness_key(name, public_bytes(key.private))) for name, key in names.items())
    alone = check(cosigned, trust=Trust(keys=(growth,)))
    assert (alone.vouched_by, alone.problems, alone.undecided) == ([f"witness {growth}"], [], [])
    assert alone.verdict.startswith("complete as stated by ")
    assert check(cosigned, trust=Trust(keys=(full, growth))).verdict == "complete"


def test_a_checkpoint_that_cannot_be_compared_leaves_it_undecided(county: County, honest: Disclosure) -> None:
    """Of another size than any head here: nothing is claimed."""
    assert county.first is not None
    newer = Checkpoint(ORIGIN, 10_000, bytes(32))
    checked = check(honest, trust=trust_in(county.ledger_id, newer))
    assert codes(checked.undecided) == ["CHECK.NOT_COMPARED"]
    assert not checked.ok
    fork = county.first._replace(root=bytes(32))
    assert codes(check(honest, trust=trust_in(county.ledger_id, fork)).problems) == ["CHECK.FORK"]


def test_a_rotated_ledger_key_is_trusted_where_the_reader_knows_of_it(tmp_path: Path) -> None:
    """By itself, a file that names its own new key is undecided; the key, or its very head, settles it; the old key and an earlier head do not."""
    world = first_yuan(str(tmp_path / "l.db"))
    new = signer(8)
    possession = new.private.sign(possession_message(ORIGIN, "ledger", new.key))
    world.record(ROOT, draft("ledger.rotate", "rotate", algorithm="ed25519", public_key=b64(public_bytes(new.private)),
                             possession=b64(possession), reason="定期更换"))  # fmt: skip
    with world.ledger.reading() as session:
        stated = statement(session.state, "999901/money")
    world.record(WANG, draft("book.state", "s/money", **stated))
    with world.ledger.reading() as session:
        ledger_id, point = session.id, newest_point(session, "999901")
        raw = build_book(session, "999901", 2025, point, note_of(point.size, point.root, new))
        old_note = build_book(session, "999901", 2025, point, note_of(point.size, point.root))
    disclosure = read(raw)
    assert not check(disclosure).problems
    assert codes(check(disclosure, trust=trust_in(ledger_id)).undecided) == ["CHECK.ROTATED"]
    of_new, of_old = (VerifierKey(ORIGIN, b"\x01", public_bytes(key.private)) for key in (new, LEDGER_KEY))
    assert check(disclosure, trust=Trust(keys=(of_new,))).ok
    assert codes(check(disclosure, trust=Trust(keys=(of_old,))).problems) == ["CHECK.KEY"]
    assert check(disclosure, trust=Trust(heads=(head_of(note_of(point.size, point.root, new)),))).ok
    assert codes(check(disclosure, trust=trust_in(Checkpoint(ORIGIN, point.size, point.root))).problems) == ["CHECK.BROUGHT"]
    assert stated["rules"] == [11]
    assert codes(check(read(old_note), trust=trust_in(ledger_id)).problems)[:1] == ["CHECK.SIGNATURE"]


# --- meaning -----------------------------------------------------------------------------------------------------------------


def test_books_that_an_unacknowledged_void_entry_claims_are_not_stated(tmp_path: Path) -> None:
    """So no report is drawn in which it might stand for a true line."""
    with pytest.raises(Refused) as caught:
        County(tmp_path, hidden=["void", "voidc"])
    assert caught.value.code == "BOOKS.VOID"


def test_other_bodies_have_reports_of_their_own(county: County) -> None:
    """The province, whose block was before; the township was never stated."""
    checked = check(read(county.disclosure(PROVINCE)), trust=trust_in(county.ledger_id))
    assert checked.ok
    assert set(checked.counts) == {"money", "keys"}
    with pytest.raises(Refused):
        county.disclosure(TOWNSHIP)


def forged_block(tmp_path: Path, *before: Bad, **data: Any) -> list[str]:
    """Findings about a block that a client without rules sealed with other figures, as the ledger key signs it."""
    world = first_yuan(str(tmp_path / "l.db"))
    client = ModifiedClient(world.target, WANG.private)
    if before:
        client.seal(*before)
    honest = {"book": "999901/money", "count": 4, "totals": [{"account": "P1:budget", "n": 99999900, "unit": "CNY"},
                                                             {"account": "P1:paid", "n": 100, "unit": "CNY"}]}  # fmt: skip
    client.seal(Bad("book.state", "s1", {**honest, **data}, [], {"999901/keys": None}))
    client.close()
    with world.ledger.reading() as session:
        from ledger.disclosure.build import Choice, Point, choose
        from ledger.disclosure.shape import BookClaim

        tree = session.tree()
        point = Point(tree.size, tree.root(), ("money",))
        choice: Choice = choose(session, "999901", point)
        claim = BookClaim(code="999901", year=2025, streams=["money"])
        raw = build(session, size=tree.size, note=note_of(tree.size, tree.root()), seqs=choice.whole, bare=choice.bare, book=claim)
        checked = check(read(raw), trust=trust_in(session.id))
        return codes(checked.problems + checked.undecided)


@pytest.mark.parametrize(("data", "code"), [
    ({}, ""), ({"count": 3}, "DISCLOSURE.LINE_EXTRA"), ({"count": 5}, "DISCLOSURE.LINE_MISSING"), ({"count": 2**53 - 1}, "DISCLOSURE.LINE_MISSING"),
    ({"totals": []}, "DISCLOSURE.TOTALS"), ({"book": "990000/money"}, "DISCLOSURE.BLOCK"), ({"count": "4"}, "DISCLOSURE.MEANING"),
    ({"totals": [{"account": "P1:budget", "n": 100000000, "unit": "CNY"}]}, "DISCLOSURE.TOTALS"),
])  # fmt: skip
def test_a_block_that_states_what_is_not_so_is_told(tmp_path: Path, data: dict[str, Any], code: str) -> None:
    """Lower or higher counts, other totals, another body: told by the lines themselves."""
    found = forged_block(tmp_path, **data)
    assert (code in found) if code else found == []


def test_an_account_that_gives_more_than_it_held_is_told_even_where_totals_agree(tmp_path: Path) -> None:
    """The county arranges a yuan that it never received, and its block states the shortfall: DISCLOSURE.BALANCE."""
    fund = Bad("project.fund", "more", {"legs": [{"amount": 100, "quota": "Q1"}], "project": "P1"},
               [move("999901:available", "P1:budget", 100, "Q1")], {"999901/money": None})  # fmt: skip
    totals = [{"account": "999901:available", "n": -100, "unit": "CNY"}, {"account": "P1:budget", "n": 100_000_000, "unit": "CNY"},
              {"account": "P1:paid", "n": 100, "unit": "CNY"}]  # fmt: skip
    assert forged_block(tmp_path, fund, count=5, totals=totals) == ["DISCLOSURE.BALANCE"]


@pytest.mark.parametrize(("kind", "data", "code"), [
    ("payment.request", {"payment": "PAY-9", "project": "P1", "legs": [{"amount": 100, "quota": "Q1"}], "payee": "x"}, "DISCLOSURE.AMOUNT"),
    ("payment.request", {"payment": "PAY-9", "project": "P1", "legs": [], "payee": 5}, "DISCLOSURE.MEANING"),
    ("payment.vanish", {"payment": "PAY-9"}, "DISCLOSURE.KIND"),
])  # fmt: skip
def test_words_and_moves_that_differ_are_told_even_where_totals_agree(tmp_path: Path, kind: str, data: dict[str, Any], code: str) -> None:
    """Nine yuan set aside by words of one yuan, by words without meaning, and by words that no version knows."""
    line = Bad(kind, "bad", data, [move("P1:budget", "PAY-9:reserved", 900, "Q1")], {"999901/money": None})
    totals = [{"account": "P1:budget", "n": 99_999_000, "unit": "CNY"}, {"account": "P1:paid", "n": 100, "unit": "CNY"}]
    totals += [{"account": "PAY-9:reserved", "n": 900, "unit": "CNY"}] if code == "DISCLOSURE.AMOUNT" else []  # else no request that is read makes it
    assert forged_block(tmp_path, line, count=5, totals=totals) == [code]


def test_the_chain_between_neighbours_is_checked(tmp_path: Path) -> None:
    """DISCLOSURE.CHAIN beside DISCLOSURE.PROOF where a header names another predecessor."""
    disclosure = read(few(first_yuan(str(tmp_path / "l.db")), 1, 2))
    entries = list(disclosure.entries)
    lines = entries[2].header.split("\n")
    lines[2] = "prev " + "0" * 64
    entries[2] = msgspec.structs.replace(entries[2], header="\n".join(lines))
    assert set(codes(check(msgspec.structs.replace(disclosure, entries=entries)).problems)) == {"DISCLOSURE.CHAIN", "DISCLOSURE.PROOF"}


# --- what is opened, and what is not ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> SealedWorld:
    """A household and a payment to it, their personal values sealed."""
    folder = tmp_path_factory.mktemp("sealed")
    made = SealedWorld(str(folder / "l.db"), folder)
    made.household()
    made.pay()
    return made


def opened_payment(sealed: SealedWorld, value: str = ACCOUNT, field: str = "account", salt: bytes | None = None) -> Disclosure:
    """The payment with its account opened, as the vault knows it."""
    from ledger.store.sealing import sealed_places

    with sealed.world.ledger.reading() as session:
        (place,) = (p for p in sealed_places(session) if p.id == "PAY-2")
        assert place.box is not None
        kept = sealed.vault().open(place.subject, (ORIGIN, place.id, place.field), place.box)
        assert kept is not None
        tree = session.tree()
        values = {place.seq: {field: Opened(value=value, salt=b64(salt or kept.salt))}}
        return read(prove_many(session, [place.seq], note_of(tree.size, tree.root()), tree.size, values))


def test_a_value_opened_by_its_holder_is_proved(sealed: SealedWorld) -> None:
    """Value and salt give the commitment that stands in the content."""
    assert check(opened_payment(sealed), trust=trust_in(sealed.id)).verdict == "proved"


@pytest.mark.parametrize("changes", [{"value": "6200000000000012346"}, {"field": "payee"}, {"field": "head"}, {"salt": bytes(32)}, {"salt": b"short"},
                                     {"field": "x" * 5000}, {"value": ""}])  # fmt: skip
def test_another_value_salt_or_field_opens_nothing(sealed: SealedWorld, changes: dict[str, Any]) -> None:
    """DISCLOSURE.OPENED."""
    assert codes(check(opened_payment(sealed, **changes)).problems) == ["DISCLOSURE.OPENED"]


def test_opening_a_header_without_content_is_nothing(sealed: SealedWorld) -> None:
    """There is no commitment to open."""
    whole = opened_payment(sealed)
    entries = [whole.entries[0], msgspec.structs.replace(whole.entries[1], content=None)]
    assert codes(check(msgspec.structs.replace(whole, entries=entries)).problems) == ["DISCLOSURE.OPENED"]


def test_salts_are_never_in_a_report_and_commitments_are_canonical(sealed: SealedWorld) -> None:
    """P-05: what is not opened stands with its commitment alone; the salt stays in the vault."""
    with sealed.world.ledger.reading() as session:
        size = session.size
    raw = few(sealed.world, *range(size))
    assert b'"opened"' not in raw
    values = [json.loads(entry.content)["data"] for entry in read(raw).entries if entry.content]
    commitments = [value for data in values for name, value in data.items() if name in ("account", "head", "identity")]
    assert len(commitments) == 4
    assert all(len(value) == 64 and int(value, 16) >= 0 for value in commitments)
    assert len(set(commitments)) == 4, "P-06: one account sealed twice is two commitments"
