"""`apply` is pure and total: any content whatever gives an effect or a breach, and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.book.apply import apply
from ledger.book.subjects import subjects_of
from ledger.chain import canonical
from ledger.kinds.codec import Content, Move, convert_event, decode_content, encode_content
from ledger.kinds.declare import KINDS
from tests.book.desk import LOST, Desk, funded, legs, rotation
from tests.kinds.data import ALL, valid_data
from tests.properties.strategies import modest, profile_values
from tests.world import LI, ORIGIN, QIAN, ROOT, TODAY, WANG, ZHAO, signer

POOL = {
    "authority": ["999901", "999902", "990000", "999901001", "FIN", "UNIT", "P1", "world", "none"],
    "project": ["P1", "999901", "none"],
    "quota": ["Q1", "Q2", "none", "?new"],
    "payment": ["Y1", "none"],
    "paper": ["N1", "none"],
    "officer": ["li", "wang", "root", "none"],
    "household": ["H-0001", "H-0002", "none"],
    "subject": ["H-0001", "H-0002", "none"],
}
AUTHORS = [ROOT.key, LI.key, WANG.key, ZHAO.key, QIAN.key, "0" * 64, "", "x"]
TIMES = ["2026-11-24T02:00:00Z", "2026-11-24T01:00:00Z", "2027-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]


def desk_with_everything(mode: str, policy: str) -> Desk:
    """A desk on which there is something of every sort to point at."""
    desk = funded(mode=mode, policy=policy)
    desk.do(LI, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=100, Q2=50), payee="甲")
    desk.do(WANG, "payment.approve", "p1", payment="Y1", legs=legs(Q1=40))
    desk.do(WANG, "paper.record", "n1", paper="N1", title="x", holder="999901", year=2025, date="2025", unit="元", complete=True, mirror=False)
    desk.do(WANG, "quota.release", "r1", **{"from": "999901", "to": "999901001", "legs": legs(Q1=5)})
    desk.do(LI, "household.enroll", "h1", household="H-0001", place="999901", head="0" * 64)
    desk.do(LI, "household.enroll", "h2", household="H-0002", place="999901001", phone="0" * 64)
    desk.do(ROOT, "person.erase", "e1", person="H-0002", holder="999901001", reason="本人申请")
    desk.do(ZHAO, "entry.confirm", "ok-e1", entry=desk.ref("e1"))
    desk.do(ROOT, "ledger.recover", "lost", **LOST)
    desk.do(QIAN, "payment.approve", "p2", payment="Y1", legs=legs(Q1=1))
    desk.do(ROOT, "officer.revoke", "rev", officer="qian", reason="失窃", since=0)
    desk.do(ZHAO, "entry.confirm", "fine", entry=desk.ref("p2"))
    desk.do(WANG, "entry.reverse", "back", entry=desk.ref("p1"), reason="错")
    desk.void("0" * 64, "project.approve", "bad", project="P1", document_number="一")
    desk.void(LI, "project.approve", "bad2", project="P1", document_number="一", moves=[Move("a", 1, "b", "c", "d")])
    return desk


DESKS = [desk_with_everything(mode, policy) for mode, policy in (("control", "small"), ("control", "standard"), ("observe", "small"))]


def pointed(data: st.DataObject, desk: Desk, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Data of a kind, some of its names replaced by names that exist."""
    for field in KINDS[kind].fields.values():
        if field.name not in values:
            continue
        if field.sort == "entry" or field.name == "entry":
            ref = desk.ref(data.draw(st.sampled_from(sorted(desk.history.ids))))
            values[field.name] = ref | ({} if data.draw(st.integers(0, 9)) else {"leaf": "0" * 64})
        elif field.name == "legs":
            values[field.name] = [
                {"amount": data.draw(st.sampled_from([1, 40, 60, 10**6, 2**53 - 1])), "quota": data.draw(st.sampled_from(POOL["quota"]))}
                for _ in range(data.draw(st.integers(0, 2)))
            ]
        elif field.sort in POOL and data.draw(st.integers(0, 4)):
            values[field.name] = data.draw(st.sampled_from([name for name in POOL[field.sort] if name != "?new"]))
        elif field.name == "book":
            values[field.name] = data.draw(st.sampled_from(["999901/money", "999901/keys", "none/money", "P1/money"]))
        elif field.name == "since":
            values[field.name] = data.draw(st.sampled_from([0, 5, desk.size, desk.size + 1, 2**53 - 1]))
        elif field.name == "policy":
            rows = st.fixed_dictionaries({"kind": st.sampled_from([*ALL, "x.y"]), "second": st.sampled_from(["person", "money", "none"])})
            values[field.name] = data.draw(st.lists(rows, max_size=2))
    if "possession" in values and data.draw(st.booleans()):
        owner = values.get("officer", "ledger")
        values |= {name: value for name, value in rotation(owner, data.draw(st.sampled_from([signer(71), LI]))).items() if name != "officer"}
    if kind == "ledger.recover" and data.draw(st.booleans()):
        values |= LOST
    return values


@pytest.mark.parametrize("kind", ALL)
def test_any_event_by_anyone_gives_an_effect_or_a_breach(kind: str) -> None:
    """INV-05 to INV-09: never an exception; a breach leaves only void, clock and ahead notes; undo restores exactly."""

    @modest(45)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        desk = data.draw(st.sampled_from(DESKS))
        event = convert_event(kind, pointed(data, desk, kind, data.draw(valid_data(KINDS[kind]))))
        moves = data.draw(st.sampled_from([None, None, [], [Move("world:outside", 1, "Q1", "999901:available", "CNY")], [Move("", 1, "", "县", "")]]))
        books = data.draw(st.sampled_from([None, None, "-", "999901/money=3", "999901/keys=0 x/money=1", "zz"]))
        content = Content(
            data.draw(st.sampled_from(AUTHORS)), event, data.draw(st.sampled_from(["new", "q9", "receive-Q1", "y1"])), kind, moves,
            data.draw(st.sampled_from([TODAY, "2025-02-30", "2999-01-01", "", "x"])), data.draw(st.sampled_from(["", "", "", "fault"])),
        )  # fmt: skip
        judge(desk, content, books, data.draw(st.sampled_from(TIMES)))

    holds()


def judge(desk: Desk, content: Content, books: str | None, at: str) -> None:
    """Apply and take back, watching what changes."""
    before, mark = desk.snapshot(), desk.state.mark()
    outcome = apply(desk.state, desk.size, at, content, books)
    after = desk.snapshot()
    again, mark_again = None, desk.state.mark()
    assert mark_again >= mark
    if outcome.breach:
        assert outcome.breach.code
        assert (outcome.moves, outcome.waits) == ([], False)
        assert after[1] == before[1]
        changed = {sort for (sort, id), value in after[0].items() if before[0].get((sort, id)) != value}
        sealing = content.event is not None and content.kind in KINDS and subjects_of(KINDS[content.kind], content.event)
        assert changed <= {"void", "clock", "ahead"} | ({"subject"} if sealing else set())
        assert all(after[0][key] == value for key, value in before[0].items() if key[0] == "subject")  # no void entry changes one
    else:
        assert not (outcome.waits and outcome.moves)
        for account, unit, quota in after[1]:
            if desk.state.ledger.mode != "observe" and not account.endswith(":outside"):
                assert after[1][account, unit, quota] > 0
    desk.state.undo(mark)
    assert desk.snapshot() == before
    again = apply(desk.state, desk.size, at, content, books)  # pure: the same again
    assert (again.moves, again.books, again.waits) == (outcome.moves, outcome.books, outcome.waits)
    assert (again.breach and again.breach.code) == (outcome.breach and outcome.breach.code)
    desk.state.undo(mark)


@modest(80)
@given(st.dictionaries(st.sampled_from(["entry", "legs", "payment", "project", "book", "x"]), profile_values, max_size=4), st.sampled_from([*ALL, "x.y", ""]), st.lists(profile_values, max_size=2))
def test_garbage_content_that_is_sound_evidence_is_void(data: dict[str, Any], kind: str, moves: list[Any]) -> None:
    """INV-08: canonical JSON of the nine keys with anything inside: no event, so no effect."""
    value = {
        "author": WANG.key, "data": data, "id": "new", "kind": kind, "moves": moves, "occurred_on": TODAY, "origin": ORIGIN,
        "salt": "0" * 32, "v": 1,
    }  # fmt: skip
    raw = canonical.encode(value)
    try:
        content = decode_content(raw, ORIGIN)
    except ValueError:
        return
    judge(DESKS[0], content, "-", TIMES[0])
    judge(DESKS[0], content, None, TIMES[0])


MOVES = [
    Move("P1", 1, "Q1", "P1:paid", "CNY"),
    Move("", 1, "", "", ""),
    Move("world:outside", 2**53 - 1, "Q1", "world:outside", "CNY"),
    Move("P1:budget", 1, "Q1", "P1:paid", "cny"),
    Move("县:available", 1, "文", "P1:paid", "CNY"),
]


@pytest.mark.parametrize("move", MOVES)
def test_move_that_no_event_makes_is_void(move: Move) -> None:
    """INV-09: its texts need no pattern, because moves are those that `apply` gives."""
    desk = DESKS[0]
    assert desk.tried(WANG, "project.approve", "new", moves=[move], project="P1", document_number="一") == "BALANCE.MOVES"
    raw = encode_content(
        author=WANG.key, event=convert_event("project.approve", {"project": "P1", "document_number": "一"}), id="new",
        kind="project.approve", moves=[move], occurred_on=TODAY, origin=ORIGIN, salt="0" * 32,
    )  # fmt: skip
    judge(desk, decode_content(raw, ORIGIN), None, TIMES[0])
