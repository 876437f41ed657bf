"""A bad client with a real key: honest work goes on, verify names the entry, two persons acknowledge it (K-01, INV-05 … INV-12)."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.chain.header import parse_books, parse_header
from ledger.errors import IntegrityFailed, LedgerError
from tests.verify.modified_client import Bad, ModifiedClient, move, possession, unquoted
from tests.world import LEDGER_KEY, LI, QIAN, ROOT, TODAY, WANG, ZHAO, World, draft, enrolment, signer

MONEY, KEYS, OPEN = "999901/money", "999901/keys", "999901/open"
INSIDER = signer(66)


WORLDS: list[World] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Connections are given back after each test."""
    yield
    while WORLDS:
        WORLDS.pop().ledger.close()


def kept(made: World) -> World:
    """A world that is closed after the test."""
    WORLDS.append(made)
    return made


def world_with_two_reviewers(target: str) -> World:
    """Thirteen entries, and two persons who may acknowledge what is void."""
    made = kept(World(target))
    made.bodies()
    made.first_yuan()
    made.record(ROOT, enrolment("zhao", ZHAO, ["reviewer", "auditor"]), enrolment("qian", QIAN, ["auditor"]))
    return made


def request(id: str = "bad-1", **fields: Any) -> Bad:
    """A request for one yuan that is right in all but what the caller changes."""
    data = {"legs": [{"amount": 100, "quota": "Q1"}], "payee": "示例公司", "payment": id, "project": "P1"}
    words: dict[str, Any] = {"kind": "payment.request", "id": id, "data": data, "books": {MONEY: None},
                             "moves": [move("P1:budget", f"{id}:reserved", 100)]}  # fmt: skip
    words.update(fields)
    return Bad(**words)


def overdraft() -> Bad:
    bad = request()
    bad.data["legs"][0]["amount"] = 99_999_901
    bad.moves = [move("P1:budget", "bad-1:reserved", 99_999_901)]
    return bad


def with_data(bad: Bad, **data: Any) -> Bad:
    bad.data.update(data)
    return bad


# name → (the entry, the code verify must give); whatever its books line says, it stands in none
CASES: dict[str, tuple[Callable[[], Bad], str]] = {
    "i an overdraft": (overdraft, "BALANCE.SHORT"),
    "ii a right it lacks": (
        lambda: Bad("quota.receive", "bad-1", {"amount": 5, "holder": "999901", "quota": "Q9", "source_level": "county",
                                               "year": 2026}, [move("world:outside", "999901:available", 5, "Q9")],
                    {MONEY: None}), "RIGHTS.ROLE"),
    "ii another's approval of its own request": (
        lambda: Bad("officer.revoke", "bad-1", {"officer": "wang", "reason": "x"}, [], {KEYS: None}), "RIGHTS.ROLE"),
    "iii an unknown kind": (lambda: Bad("money.print", "bad-1", {"n": 5}), "INPUT.KIND"),
    "iii an unknown kind with books": (lambda: Bad("money.print", "bad-1", {"n": 5}, [], {MONEY: None}), "INPUT.KIND"),
    "iii a kind with an unknown field": (lambda: with_data(request(), memo="x"), "INPUT.KIND"),
    "iii a field of another type": (lambda: with_data(request(), project=7), "INPUT.KIND"),
    "iv a repeated id": (lambda: request("PAY-1"), "ID.REPEATED"),
    "iv an id of digits": (lambda: request("12"), "INPUT.ID"),
    "iv an id of other characters": (lambda: request("编号 1", data={**request().data}), "INPUT.ID"),
    "iv an id that is empty": (lambda: request("", data={**request().data}), "INPUT.ID"),
    "iv an id that is very long": (
        lambda: request("".join(f"{n * 7919 % 1000003:x}" for n in range(3000)), data={**request().data}), "INPUT.ID"),
    "v wrong moves": (lambda: request(moves=[move("P1:budget", "bad-1:reserved", 99)]), "BALANCE.MOVES"),
    "v no moves": (lambda: request(moves=[]), "BALANCE.MOVES"),
    "v moves to itself": (
        lambda: request(moves=[move("P1:budget", "bad-1:reserved", 100), move("P1:budget", "LI:pocket", 1)]), "BALANCE.MOVES"),
    "v a move of another form": (lambda: request(moves=[{"from": "P1:budget", "n": 0}]), "INPUT.KIND"),
    "v a move below zero": (lambda: request(moves=[move("P1:budget", "bad-1:reserved", -100)]), "INPUT.KIND"),
    "vi another position": (lambda: request(books={MONEY: 77}), "BOOKS.LINE"),
    "vi a book too many": (lambda: request(books={MONEY: None, "990000/money": None}), "BOOKS.LINE"),
    "vi no book": (lambda: request(books={}), "BOOKS.LINE"),
    "vi a position taken before": (lambda: request(books={MONEY: 0}), "BOOKS.LINE"),
    "vii a day in the future": (lambda: request(occurred_on="2026-11-25"), "DATE.FUTURE"),
    "vii a day that does not exist": (lambda: request(occurred_on="2026-02-30"), "INPUT.DATE"),
    "vii a day with a zero character": (lambda: request(occurred_on="2026\u0000"), "INPUT.DATE"),
    "viii a control character": (lambda: with_data(request(), payee="示例\u0007公司"), "INPUT.ID"),
    "viii a zero character": (lambda: with_data(request(), payee="示例\u0000公司"), "INPUT.ID"),
    "viii a line feed": (lambda: with_data(request(), payee="示例\n公司"), "INPUT.ID"),
    "viii a zero width space": (lambda: with_data(request(), payee="示例\u200b公司"), "INPUT.ID"),
    "viii text turned about": (lambda: with_data(request(), payee="示例\u202e公司"), "INPUT.ID"),
    "viii a zero character in the id": (lambda: request("bad\u00001", data={**request().data}), "INPUT.ID"),
    "viii a zero character in the kind": (lambda: Bad("money\u0000print", "bad-1", {"n": 5}), "INPUT.KIND"),
    "a reference to itself": (
        lambda: Bad("entry.void", "bad-1", {"entry": {"entry": "bad-1", "leaf": "0" * 64}, "finding": "void", "reason": "x"},
                    [], {KEYS: None}), "RIGHTS.ROLE"),
}  # fmt: skip


def sealed(made: World, bad: Bad, *, lying: bool, key: Any = LI) -> int:
    """The modified client seals an entry, and perhaps writes false projections; returns its position."""
    client = ModifiedClient(made.target, key.private)
    (seq,) = client.seal(bad)
    if lying:
        client.lie([bad], [seq], "li")
    client.close()
    return seq


def acknowledge(made: World, seq: int, finding: str = "void") -> None:
    """Two persons acknowledge an entry: the first alone is not enough."""
    with made.ledger.reading() as session:
        _, raw, digest = session.history.entry(seq)
        id, leaf = str(unquoted(raw)["id"]), digest.hex()
        sound = re.fullmatch(r"[A-Za-z0-9._/-]{1,64}", id) and not id.isdigit()
        if not sound or session.history.seq_of(id) != seq:
            id = str(seq)  # no id may be all digits, so that a position can name what its id cannot
    made.record(ZHAO, draft("entry.void", f"void-{seq}", entry={"entry": id, "leaf": leaf}, finding=finding, reason="不合规"))
    alone = made.verify()
    assert not alone.ok
    assert any(p.get("seq") == seq for p in alone.problems)
    made.record(QIAN, draft("entry.confirm", f"confirm-{seq}", entry=made.ref(f"void-{seq}")))


def positions_are_gapless(made: World, *, but: int = -1) -> None:
    """Every book counts from 0 without a gap; the entry `but` stands in no book."""
    places: dict[str, list[int]] = {}
    with made.ledger.reading() as session:
        for seq in range(session.size):
            if seq != but:
                for name, place in parse_books(parse_header(session.history.entry(seq)[0]).books):
                    places.setdefault(name, []).append(place)
    for name, found in places.items():
        assert found == list(range(len(found))), name


def pay_two_yuan(made: World, name: str) -> None:
    """Honest work: a request and its approval."""
    made.clock.forward(minutes=1)
    made.record(LI, draft("payment.request", name, payment=name, project="P1", legs=[{"amount": 200, "quota": "Q1"}],
                          payee="示例公司"))  # fmt: skip
    made.record(WANG, draft("payment.approve", f"approve-{name}", payment=name))


@pytest.mark.parametrize("lying", [False, True], ids=["no projections", "false projections"])
@pytest.mark.parametrize("case", CASES)
def test_a_void_entry_ends_no_ledger(target: str, case: str, lying: bool) -> None:
    """Honest work goes on, verify fails and names it until two persons acknowledge it; it never has an effect."""
    make, code = CASES[case]
    made = world_with_two_reviewers(target)
    bad = make()
    try:
        seq = sealed(made, bad, lying=lying)
    except Exception as error:
        if lying and type(error).__name__ in ("DataError", "ProgramLimitExceeded", "IntegrityError"):
            pytest.skip("this lie cannot be stored here")
        raise
    if lying:
        made.ledger.rebuild()
    pay_two_yuan(made, "PAY-2")
    found = made.verify()
    assert not found.ok
    assert [(p["code"], p.get("seq")) for p in found.problems] == [(code, seq)], found.problems
    assert found.counts["void"] == 1
    assert found.counts["void_acknowledged"] == 0
    acknowledge(made, seq)
    again = made.verify()
    assert again.ok, again.problems
    assert (again.counts["void"], again.counts["void_acknowledged"]) == (1, 1)
    assert made.balance("P1:paid") == 300
    assert made.balance("bad-1:reserved") == 0
    assert made.balance("P1:budget") == 99_999_700
    positions_are_gapless(made, but=seq)
    made.ledger.rebuild()
    assert made.verify().ok


def test_false_projections_are_named_until_they_are_made_again(target: str) -> None:
    """Balances as if the overdraft had taken effect: verify names the entry and the derived tables."""
    made = world_with_two_reviewers(target)
    seq = sealed(made, overdraft(), lying=True)
    found = {str(p["code"]) for p in made.verify().problems}
    assert {"BALANCE.SHORT", "INV-13.BALANCES", "INV-13.MOVES", "INV-13.FACTS"} <= found
    made.ledger.rebuild()
    assert [(p["code"], p["seq"]) for p in made.verify().problems] == [("BALANCE.SHORT", seq)]


def test_k05_the_one_who_sealed_it_is_not_two_persons(target: str) -> None:
    """The first person who acknowledges cannot also confirm."""
    made = world_with_two_reviewers(target)
    seq = sealed(made, overdraft(), lying=False)
    made.ledger.rebuild()
    made.record(ZHAO, draft("entry.void", "v1", entry=made.ref("bad-1"), finding="void", reason="不合规"))
    with pytest.raises(LedgerError) as caught:
        made.record(ZHAO, draft("entry.confirm", "c1", entry=made.ref("v1")))
    assert caught.value.exit_code == 4
    assert any(p["seq"] == seq for p in made.verify().problems)


def test_a_sound_entry_cannot_be_made_void(target: str) -> None:
    """`entry.void` acknowledges what verify names, and nothing else."""
    made = world_with_two_reviewers(target)
    for finding in ("void", "ahead"):
        with pytest.raises(LedgerError) as caught:
            made.record(ZHAO, draft("entry.void", "v1", entry=made.ref("PAY-1"), finding=finding, reason="x"))
        assert caught.value.exit_code == 6


@pytest.mark.parametrize("lying", [False, True], ids=["no projections", "false projections"])
@pytest.mark.parametrize("at", ["2036-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_inv12_an_entry_of_2036_is_ahead_and_keeps_its_effect(target: str, at: str, lying: bool) -> None:
    """(ix) Its time lies after later entries; two persons acknowledge that, and its money stays moved."""
    made = world_with_two_reviewers(target)
    seq = sealed(made, request(at=at), lying=lying)
    first = made.verify()
    assert ("INV-12.AHEAD", seq) in [(p["code"], p.get("seq")) for p in first.problems]
    if lying:
        made.ledger.rebuild()
    pay_two_yuan(made, "PAY-2")
    with made.ledger.reading() as session:
        assert parse_header(session.history.entry(session.size - 1)[0]).at < "2027"
    found = made.verify()
    assert [(p["code"], p.get("seq")) for p in found.problems] == [("INV-12.AHEAD", seq)]
    acknowledge(made, seq, "ahead")
    again = made.verify()
    assert again.ok, again.problems
    assert (again.counts["ahead"], again.counts["ahead_acknowledged"], again.counts["void"]) == (1, 1, 0)
    assert made.balance("bad-1:reserved") == 100
    positions_are_gapless(made)


@pytest.mark.parametrize("void", [True, False], ids=["of a void entry", "of a sound entry"])
def test_inv12_one_time_in_the_past_does_not_make_the_whole_history_ahead(target: str, void: bool) -> None:
    """A time of the year 2000 is the fault of the entry that bears it: verify names that one, not all before it."""
    made = world_with_two_reviewers(target)
    bad = overdraft() if void else request()
    bad.at, bad.occurred_on = "2000-01-01T00:00:00Z", "2000-01-01"
    seq = sealed(made, bad, lying=False)
    pay_two_yuan(made, "PAY-2")
    named = {p.get("seq") for p in made.verify().problems}
    assert named == {seq}
    if void:
        acknowledge(made, seq)
        assert made.verify().ok


@pytest.mark.parametrize("at", ["2026-13-45T99:99:99Z", "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "2026-11-24T02:00:60Z"])
def test_inv12_a_time_that_does_not_exist_is_named_and_never_a_crash(target: str, at: str) -> None:
    """The header has its form and is under a true seal: it is void and honest work goes on, or broken and none builds on it."""
    made = world_with_two_reviewers(target)
    seq = sealed(made, request(at=at), lying=False)
    found = [str(p["code"]) for p in made.verify().problems if p.get("seq") == seq and not str(p["code"]).startswith("INV-13")]
    assert found
    if any(code.startswith(("INV-01", "INV-02", "INV-03", "INV-04")) for code in found):
        with pytest.raises(IntegrityFailed):
            pay_two_yuan(made, "PAY-2")
    else:
        pay_two_yuan(made, "PAY-2")
        assert made.verify().size == seq + 3


@pytest.mark.parametrize("case", ["one that names itself", "two that name each other", "a chain longer than a stack"])
def test_inv08_references_that_run_in_circles_do_not_stop_verify(target: str, case: str) -> None:
    """Void entries about entries: verify, honest work and rebuild all come to an end."""
    made = world_with_two_reviewers(target)

    def about(id: str, other: str) -> Bad:
        return Bad("entry.void", id, {"entry": {"entry": other, "leaf": "0" * 64}, "finding": "void", "reason": "x"}, [])

    if case == "one that names itself":
        bad = [about("l0", "l0")]
    elif case == "two that name each other":
        bad = [about("l0", "l1"), about("l1", "l0")]
    else:
        bad = [about("l0", "PAY-1"), *(about(f"l{n}", f"l{n - 1}") for n in range(1, sys.getrecursionlimit() + 200))]
    client = ModifiedClient(made.target, ZHAO.private)
    first, *_ = client.seal(*bad)
    client.close()
    found = made.verify()
    assert found.counts["void"] == len(bad)
    assert found.problems[0]["seq"] == first
    pay_two_yuan(made, "PAY-2")
    made.ledger.rebuild()
    assert made.verify().counts["void"] == len(bad)
    acknowledge(made, first)


def test_a_key_not_yet_confirmed_ends_no_ledger(target: str) -> None:
    """An officer whose enrolment still waits seals an entry: it is void, and honest work goes on."""
    made = kept(World(target, policy="standard"))
    made.bodies()
    made.record(ROOT, enrolment("qian", QIAN, ["reviewer", "auditor"]), enrolment("zhao", ZHAO, ["administrator", "auditor"]))
    made.record(ROOT, enrolment("new", INSIDER, ["handler"]))  # waits
    seq = sealed(made, Bad("project.propose", "bad-1", {"county": "999901", "name": "x", "project": "P1"}, [], {OPEN: None}),
                 lying=False, key=INSIDER)  # fmt: skip
    assert ("RIGHTS.KEY", seq) in [(p["code"], p.get("seq")) for p in made.verify().problems]
    made.record(LI, draft("project.propose", "p2", project="P2", county="999901", name="示例项目"))
    acknowledge(made, seq)
    assert made.verify().ok


def test_a_new_officer_and_their_first_entry_are_caught_up_with(target: str) -> None:
    """A client that wrote no projections enrolled an officer who then worked: the next honest client catches up."""
    made = kept(World(target))
    made.bodies()
    client = ModifiedClient(target, ROOT.private)
    client.seal(Bad("officer.enroll", "e-new", {"authority": "999901", "name": "新某", "officer": "new", "roles": ["clerk"],
                                                **possession(INSIDER.private, "new")}, [], {KEYS: None}))  # fmt: skip
    client.seal(Bad("project.propose", "p1", {"county": "999901", "name": "示例", "project": "P1"}, [], {OPEN: None}),
                private=INSIDER.private)  # fmt: skip
    client.close()
    made.record(LI, draft("project.propose", "p2", project="P2", county="999901", name="示例项目"))
    assert made.verify().ok


@pytest.mark.parametrize("damage", [
    "DELETE FROM objects", "DELETE FROM objects WHERE sort = 'key'", "UPDATE objects SET value = '{}'",
    "UPDATE objects SET value = 'x' WHERE sort = 'key'", "DELETE FROM balances", "UPDATE projections SET size = 3",
    "UPDATE projections SET size = 99", "DELETE FROM projections", "DELETE FROM facts", "DELETE FROM moves",
    "UPDATE objects SET sort = 'un' || sort",
])  # fmt: skip
def test_a10_rebuild_repairs_whatever_befell_the_projections(target: str, damage: str) -> None:
    """Projections are made from the entries alone; none of them is needed to make them again."""
    made = world_with_two_reviewers(target)
    client = ModifiedClient(target, LI.private)
    client.run(damage)
    client.close()
    assert not made.verify().ok
    made.ledger.rebuild()
    assert made.verify().ok
    pay_two_yuan(made, "PAY-2")
    assert made.verify().ok


BROKEN: dict[str, Callable[[World], Bad]] = {
    "another's name as author": lambda made: request(author=WANG.key),
    "a key that was never enrolled": lambda made: request(author=signer(77).key),
    "another origin": lambda made: request(raw=content(origin="other.example")),
    "another version": lambda made: request(raw=content(v=2)),
    "a tenth key": lambda made: request(raw=content(memo="x")),
    "white space": lambda made: request(raw=content() + b" "),
    "no JSON": lambda made: request(raw=b"\xff\xfe"),
    "a header of another form": lambda made: request(header=b"sunledger/entry/v1\nseq 13\n"),
    "a header of another position": lambda made: request(header=header_of(made, seq=99)),
    "a header that follows another entry": lambda made: request(header=header_of(made, prev="0" * 64)),
    "a header of another content": lambda made: request(header=header_of(made, content="0" * 64)),
}


def content(**changes: Any) -> bytes:
    """Content bytes of a request by LI, some keys other."""
    import msgspec

    value = {"author": LI.key, "data": request().data, "id": "bad-1", "kind": "payment.request",
             "moves": request().moves, "occurred_on": TODAY, "origin": "demo.example/county", "salt": "ab" * 16, "v": 1}  # fmt: skip
    return msgspec.json.encode({**value, **changes}, order="sorted")


def header_of(made: World, **changes: Any) -> bytes:
    """A header that would stand next, some lines other."""
    from ledger.chain.header import Header, build_header, content_digest

    with made.ledger.reading() as session:
        words: dict[str, Any] = {"seq": session.size, "prev": session.history.entry(session.size - 1)[2].hex(),
                                 "at": "2026-11-24T02:00:00Z", "books": "999901/money=4", "content": content_digest(content())}  # fmt: skip
    return build_header(Header(**{**words, **changes}))


@pytest.mark.parametrize("lying", [False, True], ids=["no projections", "false projections"])
@pytest.mark.parametrize("case", BROKEN)
def test_a29_an_honest_client_builds_on_no_broken_evidence(target: str, case: str, lying: bool) -> None:
    """What no two persons could acknowledge must not be buried: verify names it, and the next append is refused."""
    made = world_with_two_reviewers(target)
    bad = BROKEN[case](made)
    seq = sealed(made, bad, lying=lying)
    found = made.verify()
    assert not found.ok
    assert any(p.get("seq") == seq and str(p["code"]).startswith("INV-0") for p in found.problems), found.problems
    with pytest.raises(IntegrityFailed):
        pay_two_yuan(made, "PAY-2")
    assert made.verify().size == seq + 1


def test_inv04_a_key_that_enrols_itself_seals_nothing(target: str) -> None:
    """A seal is by a key that stands in an entry before the seal's first one; not in one under it (format §5)."""
    made = world_with_two_reviewers(target)
    client = ModifiedClient(target, INSIDER.private)
    first, _ = client.seal(
        Bad("officer.enroll", "me", {"authority": "999901", "name": "我", "officer": "me", "roles": ["administrator"],
                                     **possession(INSIDER.private, "me")}, []),
        request("bad-2"),
    )  # fmt: skip
    client.close()
    found = made.verify()
    assert any(p["code"] == "INV-04.KEY" and p["seq"] == first for p in found.problems), found.problems
    with pytest.raises(IntegrityFailed):
        pay_two_yuan(made, "PAY-2")


def test_k10_the_ledger_key_seals_nothing(target: str) -> None:
    """It signs checkpoints alone: its seal is no evidence, and no honest client builds on it."""
    made = world_with_two_reviewers(target)
    seq = sealed(made, request(), lying=True, key=LEDGER_KEY)
    assert any(p["code"] == "INV-04.KEY" and p["seq"] == seq for p in made.verify().problems)
    with pytest.raises(IntegrityFailed):
        pay_two_yuan(made, "PAY-2")


def test_inv01_an_integer_beyond_2_53_is_never_recorded(target: str) -> None:
    """Every integer of every kind is within what the format calls content; else a stranger's verifier ends the ledger."""
    made = world_with_two_reviewers(target)
    with pytest.raises(LedgerError) as caught:
        made.record(LI, draft("payment.request", "PAY-9", payment="PAY-9", project="P1",
                              legs=[{"amount": 100, "quota": "Q1"}], payee="示例公司", line=2**53))  # fmt: skip
    assert caught.value.exit_code == 3


def test_inv01_an_integer_beyond_2_53_in_stored_content_is_broken_evidence(target: str) -> None:
    """Sealed by a modified client, it is what the format calls it."""
    made = world_with_two_reviewers(target)
    seq = sealed(made, request(raw=content(data={**request().data, "line": 2**53})), lying=False)
    assert any(p["code"] == "INV-01.CONTENT" and p["seq"] == seq for p in made.verify().problems)


def test_the_modified_client_knows_only_the_bytes() -> None:
    """It imports nothing of the product but `ledger.chain`."""
    source = (Path(__file__).parent / "modified_client.py").read_text("utf-8")
    imports = [line.split()[1] for line in source.splitlines() if line.startswith(("from ledger", "import ledger"))]
    assert imports
    assert all(name.startswith("ledger.chain") for name in imports)
