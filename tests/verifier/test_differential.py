"""D-43: the product and the stand-alone verifier give the same verdict on every mutant, with the same balances.

`DIFFERENTIAL=n` makes n random mutants instead of the few of a default run.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import ledger.verify.run
from ledger.calendar import shifted
from ledger.errors import IntegrityFailed
from ledger.verify.meaning import Meaning
from tests.properties.histories import History, steps
from tests.properties.strategies import modest
from tests.tamper.mutations import mutations, type_games
from tests.verifier import mutants
from tests.verifier.appended import CASES
from tests.verifier.bench import Bench, Unchanged
from tests.verifier.forge import AT, NOW, Forge, Item, held, of, opened, private
from tests.verifier.judges import Judged, by_meaning, by_product, by_verifier, must_agree
from tests.verifier.worlds import (
    LI,
    QIAN,
    ROOT,
    WANG,
    ZHAO,
    acknowledge,
    control,
    legs,
    observe,
    paper,
    restless,
)
from tests.world import first_yuan
from verifier import verify as v

COUNT = int(os.environ.get("DIFFERENTIAL", "160"))
WORLDS = {"control": control, "observe": observe}


BROKEN = {"two authors under one seal", "a seal by another key", "a key enrolled within the seal", "a header of another form"}


def draws_twice(forge: Forge) -> bool:
    """Whether a request's moves name one quota twice; the last test but two says why that is left out."""
    requests = [item for item in forge.items if item.kind == "payment.request" and isinstance(item.moves, list)]
    quotas = [[move.get("quota") for move in item.moves if isinstance(move, dict)] for item in requests]
    return any(len({str(quota) for quota in found}) < len(found) for found in quotas)


# --- whole and with one thing more ----------------------------------------------------------------------------------


@pytest.mark.parametrize("world", WORLDS)
def test_ledgers_with_every_kind_are_judged_alike(world: str) -> None:
    """Both find nothing but what two persons acknowledged, and every kind took effect at least once."""
    forge = WORLDS[world]()
    judged = must_agree(forge, world)
    assert list(judged.void.values()) == [True]
    assert not judged.ahead
    assert set(judged.suspect.values()) == {True}
    assert {item.kind for item in forge.items} == set(v.KINDS)
    assert len(judged.ledger_keys) == 2
    assert judged.recovered


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("name", CASES)
def test_what_a_modified_client_seals_is_judged_alike(world: str, name: str) -> None:
    """One bad entry or a few, properly sealed; then honest work goes on, where it can."""
    forge = WORLDS[world]().copy()
    CASES[name](forge)
    size, broken = len(forge.rows), by_product(forge.rows, forge.seals).broken
    if not broken:
        forge.bad(QIAN, "quota.receive", "after", {"quota": "Q99", "holder": "999901", "amount": 7, "year": 2026, "source_level": "city"})
    judged = must_agree(forge, name)
    assert judged.broken == broken
    assert size not in judged.void


def test_the_cases_are_what_they_say() -> None:
    """In control, nearly all of them are wrong; the few sound ones are named here, so that none is sound by mistake."""
    sound = set()
    for name, make in CASES.items():
        forge = control().copy()
        before, seals = len(forge.breaches), len(forge.seals)
        make(forge)
        tiled = len(forge.seals) > seals and all(forge.items[first].author == author for first, _, _, author, *_ in forge.seals[seals:])
        if len(forge.breaches) == before and tiled and name not in BROKEN:
            sound.add(name)
    told = {name for name in sound if not name.startswith(("reverse", "confirm", "void", "ahead", "policy", "character", "time"))}
    assert told == {
        "a department acts for its county", "the new key", "its own rotation", "sound", "a release", "a text of 4000", "derived said no",
        "a document", "no documents", "day '1949-10-01'", "a recovery of another head", "a state off by 0",
        "an administrator of the province", "a sound entry by its position", "a state of a strange stream", "its own revocation",
        "a time ahead, acknowledged",
    }  # fmt: skip


# --- one value changed, all that follows sealed anew -----------------------------------------------------------------


@pytest.mark.parametrize("part", range(4))
def test_one_value_changed_anywhere_is_judged_alike(part: int) -> None:
    """Random places and values in both ledgers, hashed and sealed anew from there on with every key."""
    rng = random.Random(2026 + part)
    for _ in range(COUNT // 4):
        world = rng.choice([control, observe])()
        what, forge = mutants.one(rng, world, rng.randrange(len(world.rows)))
        if not draws_twice(forge):
            must_agree(forge, what)


@pytest.mark.parametrize("world", WORLDS)
def test_every_entry_left_out_doubled_or_swapped_is_judged_alike(world: str) -> None:
    """A history written anew without an entry, with one twice, or with two in the other order."""
    forge = WORLDS[world]()
    for place in range(1, len(forge.rows), 1 if COUNT > 1000 else 7):
        for items in (
            forge.items[:place] + forge.items[place + 1 :],
            forge.items[: place + 1] + forge.items[place:],
            [*forge.items[: place - 1], forge.items[place], forge.items[place - 1], *forge.items[place + 1 :]] if place > 1 else [],
        ):
            other = Forge()
            for item in items:
                other.put(item)
            if items and not draws_twice(other):
                must_agree(other, f"{world} {place}")


def test_seals_cut_doubled_swapped_or_altered_are_judged_alike() -> None:
    """Rows as a database could hold them, each change by itself: all of it is broken evidence."""
    forge = control()
    seals = forge.seals
    for n in range(0, len(seals), 1 if COUNT > 1000 else 9):
        first, size, root, author, signature, frontier = seals[n]
        changed = [
            (first + 1, size, root, author, signature, frontier), (first, size + 1, root, author, signature, frontier),
            (first, first, root, author, signature, frontier), (first, size, bytes(32), author, signature, frontier),
            (first, size, root, of(50), signature, frontier), (first, size, root, of(4), signature, frontier),
            (first, size, root, author, bytes(64), frontier), (first, size, root, author, signature[:32] + b"\xff" * 32, frontier),
            (first, size, root, author.upper(), signature, frontier), (first, size, root[:31], author, signature, frontier),
        ]  # fmt: skip
        variants = [[*seals[:n], seal, *seals[n + 1 :]] for seal in changed]
        variants += [[*seals[:n], *seals[n + 1 :]], [*seals[: n + 1], *seals[n:]]]
        for variant in variants:
            other = forge.copy()
            other.seals = variant
            assert must_agree(other, f"seal {n}").broken
    for n in range(0, len(forge.rows), 9):
        for rows in (forge.rows[:n] + forge.rows[n + 1 :], forge.rows[:n], [*forge.rows[: n + 1], *forge.rows[n:]]):
            if rows:
                other = forge.copy()
                other.rows = rows
                assert must_agree(other, f"row {n}").broken


# --- clocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("world", WORLDS)
def test_random_clocks_are_judged_alike(world: str) -> None:
    """Far-future and past times, officers with several keys or none any more, acknowledgements of ranges, right and wrong."""
    rng, seen = random.Random(world), Counter[str]()
    for n in range(COUNT // 8):
        forge = WORLDS[world]().copy()
        restless(rng, forge, 30)
        judged = must_agree(forge, f"{world} {n}")
        seen += Counter(ahead=len(judged.ahead), done=sum(judged.ahead.values()), late=len(judged.late), void=sum(judged.void.values()))
        ranges = [seq for seq, item in enumerate(forge.items) if item.kind == "entry.void" and "to" in item.data]
        seen["ranges"] += sum(judged.void.get(seq) is None for seq in ranges)
    assert min(seen[name] for name in ("ahead", "done", "late", "void", "ranges")) > COUNT // 16, seen


def test_two_keys_of_one_revoked_officer_put_nobody_ahead() -> None:
    """He rotates, is revoked, and seals with both keys entries of the year 2099: they are void, bind nobody, and one range acknowledges them."""
    forge = control().copy()
    forge.add(ROOT, "officer.rotate", "rot", officer="qian", **held(51, "qian"))
    forge.add(ROOT, "officer.revoke", "off", officer="qian", reason="x")
    bad = [paper(forge, byte, "2099-01-01T00:00:00Z") for byte in (QIAN, 51)]
    for n in range(6):
        paper(forge, (LI, 21, 12)[n % 3], shifted(AT, n))
        judged = must_agree(forge, f"honest {n}")
        assert (judged.ahead, judged.late) == ({}, set())
        assert [seq for seq, done in judged.void.items() if not done] == bad
    acknowledge(forge, "void", *bad, at=shifted(AT, 9))
    judged = must_agree(forge, "acknowledged")
    assert all(judged.void.values())
    assert not judged.ahead
    assert not judged.late


def test_two_officers_who_agree_on_a_false_time_are_acknowledged_with_those_they_put_ahead() -> None:
    """The list of what is ahead is the same at each step; after two ranges nothing is open, and honest entries are sound."""
    forge = control().copy()
    offenders = [paper(forge, byte, "2099-01-01T00:00:00Z") for byte in (LI, QIAN)]
    honest = []
    for n in range(4):
        honest.append(paper(forge, (21, 12)[n % 2], shifted(AT, n)))
        judged = must_agree(forge, f"honest {n}")
        assert (judged.ahead, judged.late) == (dict.fromkeys(honest, False), set(offenders))
    acknowledge(forge, "ahead", offenders[0], honest[-1], at=shifted(AT, 9))
    judged = must_agree(forge, "acknowledged")
    assert {seq for seq, done in judged.ahead.items() if not done} == {len(forge.rows) - 2}
    acknowledge(forge, "ahead", len(forge.rows) - 2, len(forge.rows) - 2, at=shifted(AT, 10))
    for n in range(4):
        paper(forge, (21, LI, 12, QIAN)[n % 4], shifted(AT, 20 + n))
        judged = must_agree(forge, f"after {n}")
        assert all(judged.ahead.values())
        assert not judged.late


# --- cells of a database -------------------------------------------------------------------------------------------


class Kept(Meaning):
    """The replay of the last verify."""

    last: Meaning | None = None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        Kept.last = self


def database_judged(target: str) -> tuple[Judged, Judged]:
    """What a full verify of the product and the verifier say of a ledger file."""
    from ledger.store.database import open_database

    database = open_database(target)
    try:
        with database.reading() as connection:
            found = ledger.verify.run.verify(database, connection, now=NOW, heads=[])
        why = [(str(p["code"]), p.get("seq"), p["message"]) for p in found.problems]
        broken = any(code.startswith(("INV-01", "INV-02", "INV-03", "INV-04", "INV-08")) for code, _, _ in why)
        assert Kept.last is not None
        product = Judged(True, why=why) if broken else by_meaning(Kept.last, why)
    except IntegrityFailed as error:
        product = Judged(True, why=error.problems)
    finally:
        database.close()
    return product, by_verifier(v.check_ledger(Path(target), v.Trust(now=NOW)))


CELLS = [("entries", "seq", ("seq", "header", "content", "leaf")), ("seals", "size", ("first", "size", "root", "author", "signature", "frontier"))]


def test_every_cell_of_the_evidence_changed_is_judged_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries and seals of a ledger file, value by value and type by type: each is broken evidence to both."""
    monkeypatch.setattr(ledger.verify.run, "Meaning", Kept)
    template = tmp_path / "template.db"
    first_yuan(str(template)).ledger.close()
    assert database_judged(str(template)) == (by_verifier(v.check_ledger(template, v.Trust(now=NOW))),) * 2
    bench, count = Bench(template, tmp_path), 0
    stride = 1 if COUNT > 1000 else 11
    for table, key, columns in CELLS:
        rows = bench.rows(f"SELECT {key}, {', '.join(columns)} FROM {table} ORDER BY {key}")
        for name, *cells in rows:
            for column, cell in zip(columns, cells, strict=True):
                for loose, changes in ((False, mutations(cell, "sqlite", f"{table}{name}{column}")), (True, type_games(cell))):
                    for what, value in changes:
                        count += 1
                        if value == cell or count % stride:
                            continue
                        target = bench.copy()
                        try:
                            bench.edit(target, [(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, name))], loose=loose)
                        except Unchanged:
                            continue
                        product, verifier = database_judged(target)
                        where = (table, name, column, what, value, product.why, verifier.why)
                        assert product.broken == verifier.broken, where
                        assert product.broken or (column in ("seq", "size") and loose), where  # a row's number in digits is that number
                        for path in tmp_path.glob(f"{Path(target).name}*"):
                            path.unlink()
    assert count > 700


def test_rows_of_the_evidence_removed_or_moved_are_judged_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an administrator who knows what he does, but has no key."""
    monkeypatch.setattr(ledger.verify.run, "Meaning", Kept)
    template = tmp_path / "template.db"
    first_yuan(str(template)).ledger.close()
    bench = Bench(template, tmp_path)
    for statements in (
        ["DELETE FROM entries WHERE seq = 10"], ["DELETE FROM entries WHERE seq = 10", "DELETE FROM seals WHERE size = 11"],
        ["DELETE FROM entries WHERE seq = 5"], ["DELETE FROM entries"], ["DELETE FROM seals"], ["DELETE FROM entries", "DELETE FROM seals"],
        ["UPDATE entries SET seq = seq + 1000", "UPDATE entries SET seq = seq - 999"], ["UPDATE entries SET content = header WHERE seq = 4"],
        ["UPDATE seals SET size = 12 WHERE size = 11"],
        ["INSERT INTO entries SELECT 11, header, content, leaf FROM entries WHERE seq = 10"],
        ["UPDATE entries SET content = (SELECT content FROM entries WHERE seq = 9) WHERE seq = 10"],
    ):  # fmt: skip
        target = bench.copy()
        bench.edit(target, [(statement, ()) for statement in statements])
        product, verifier = database_judged(target)
        assert product.broken == verifier.broken, (statements, product.why, verifier.why)
        if not product.broken:  # the tail and its seal cut off: no one can tell without an outside head
            assert product == verifier
            result = v.check_ledger(Path(target), v.Trust(now=NOW))
            assert any("missing tail" in words for words in result.cannot_exclude)


def test_histories_by_a_modified_client_of_a_real_database_are_judged_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cases of the product's own tests, read from the ledger file."""
    from tests.verify.modified_client import ModifiedClient
    from tests.verify.test_modified_client import CASES as SEALED

    monkeypatch.setattr(ledger.verify.run, "Meaning", Kept)
    template = tmp_path / "template.db"
    first_yuan(str(template)).ledger.close()
    bench = Bench(template, tmp_path)
    for name, (make, _) in SEALED.items():
        target = bench.copy()
        client = ModifiedClient(target, private(LI))
        (seq,) = client.seal(make())
        client.close()
        product, verifier = database_judged(target)
        assert product == verifier, (name, product.why, verifier.why)
        assert seq in verifier.void, name


# --- random honest histories -----------------------------------------------------------------------------------------


def history_agrees(plan: list[Any], mode: str, policy: str) -> None:
    """A random history, as recorded: the balances of the product's database are those of the verifier."""
    with History(plan, mode=mode, policy=policy) as history:
        target = history.world.target
        with history.world.ledger.reading() as session:
            balances = dict(session.state.balances())
        history.world.ledger.close()
        result = v.check_ledger(Path(target), v.Trust(now=NOW))
        assert by_verifier(result).balances == balances
        assert result.verdict == "ok", result.problems


@modest(COUNT // 16)
@given(steps)
def test_random_histories_under_control_are_judged_alike(plan: list[Any]) -> None:
    """What honest clients wrote is ok, with the same balances."""
    history_agrees(plan, "control", "standard")
    history_agrees(plan, "control", "small")


@modest(COUNT // 16)
@given(steps)
def test_random_histories_that_observe_are_judged_alike(plan: list[Any]) -> None:
    """The same, where what is lacking comes from suspense."""
    single = [(what, dict(list(some.items())[:1]), place, day) for what, some, place, day in plan]  # as draws_twice has it
    history_agrees(single, "observe", "small")


# --- where they differ: reported -------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["2026-11-24T01:55:00Z"])
def test_all_entries_after_whose_time_one_falls_back_are_ahead(at: str) -> None:
    """§3: less than ten minutes back, every entry whose time lies after this one's is ahead, not the last few alone."""
    forge = control().copy()
    forge.bad(LI, "paper.record", "n9", {"paper": "n9", "title": "x", "holder": "999901", "year": 2026, "date": "2026", "unit": "元",
                                         "complete": True, "mirror": False}, at=at)  # fmt: skip
    must_agree(forge, at)


def test_ones_own_entries_are_not_those_of_two_others() -> None:
    """§3: an entry is ahead by itself where entries of two *other* authors would be; here it is one other."""
    forge = opened(roots=2)
    body = {"name": "某省", "level": "province"}
    forge.put(Item(of(9), "authority.register", "a1", {"code": "990001", **body}, at="2026-11-24T02:30:00Z"))
    forge.put(Item(of(1), "authority.register", "a2", {"code": "990002", **body}, at="2026-11-24T02:40:00Z"))
    forge.put(Item(of(1), "authority.register", "a3", {"code": "990003", **body}, at="2026-11-24T02:10:00Z"))
    must_agree(forge, "own entries")


def test_the_two_others_are_each_later_by_over_ten_minutes() -> None:
    """§3: one later by much and one by little are not two."""
    forge = control().copy()
    for n, (byte, at) in enumerate(((QIAN, "02:05:00"), (ZHAO, "02:30:00"), (LI, "02:00:00"))):
        kind = "authority.register" if byte == ZHAO else "book.state"
        data = {"code": "c9", "name": "x", "level": "county"} if byte == ZHAO else {"book": "999902/open", "count": 0, "totals": []}
        forge.put(Item(of(byte), kind, f"n{n}x", data, at=f"2026-11-24T{at}Z"))
    must_agree(forge, "two others")


def test_a_request_that_draws_twice_on_suspense_can_be_approved_whole() -> None:
    """In an observing ledger, two legs that both lack money are one claim of what is unstated."""
    forge = observe().copy()
    forge.add(LI, "project.propose", "p9", project="P9", county="999901", name="x")
    forge.add(LI, "payment.request", "two", payment="two", project="P9", payee="x", legs=legs(Q1=3, Q2=4))
    forge.add(21, "payment.approve", "all", payment="two")


def test_a_ledger_key_of_another_algorithm_opens_no_ledger() -> None:
    """§5: public keys stand as `ed25519`."""
    from ledger.chain.keys import b64, public_bytes

    forge = opened(ledger_key={"algorithm": "rsa", "public_key": b64(public_bytes(private(4)))})
    must_agree(forge, "ledger key of rsa")
    assert must_agree(forge, "ledger key of rsa").broken


@pytest.mark.parametrize("byte", [4, 59])
def test_an_entry_0_by_a_key_that_is_no_root_is_broken_evidence(byte: int) -> None:
    """§5, §10: the ledger key seals nothing and a strange key stands nowhere; neither has a person whose time could count."""
    forge = Forge()
    forge.put(Item(of(byte), "ledger.open", "ledger.open", control().items[0].data))
    assert must_agree(forge, "entry 0 by no root").broken


def test_a_ledger_of_a_malformed_name_is_broken_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    """§2, §10.3: the origin is evidence, and has one form; no checkpoint can name this one."""
    from tests.verifier import forge as making

    monkeypatch.setattr(making, "ORIGIN", "Demo Ledger")
    root = {"person": "root", **held(1, "root", "Demo Ledger")}
    forge = Forge()
    data = {**control().items[0].data, "roots": [root], "root_quorum": 1}
    forge.put(Item(of(1), "ledger.open", "ledger.open", data, origin="Demo Ledger"))
    assert by_verifier(v.check_bundle(forge.bundle(), v.Trust(now=NOW))).broken
    assert by_product(forge.rows, forge.seals).broken


def test_the_differential_knows_its_officers() -> None:
    """The byte of a key is who signs."""
    assert len({of(byte) for byte in (LI, QIAN, WANG, ZHAO)}) == 4
