"""No step looks at the whole history again: what is read, and what is done, grows with the number of entries, in both programs."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from ledger.calendar import shifted
from ledger.verify.evidence import Evidence
from ledger.verify.findings import Findings
from ledger.verify.meaning import Meaning
from tests.verifier.forge import AT, NOW, ORIGIN, Forge, Item, of
from tests.verifier.judges import must_agree
from tests.verifier.worlds import LI, QIAN, ROOT, ROOT2, control, observe
from verifier import verify as v

BODY = "999901"


def bad(forge: Forge, byte: int, kind: str, id: str, data: dict[str, Any], *, books: str = "-", seal: bool = True) -> None:
    """An entry as given, that moves nothing."""
    forge.put(Item(of(byte), kind, id, data, moves=[], books=books), seal=seal)


def void_statements(forge: Forge, n: int) -> None:
    """Each is void, and claims a place in the books of the body that the next ones state."""
    for k in range(n):
        data = {"book": f"{BODY}/money", "count": 7_000_000, "totals": []}
        bad(forge, LI, "book.state", f"s{k}", data, books=f"{BODY}/keys={k}", seal=k == n - 1)


def statements_with_false_totals(forge: Forge, n: int) -> None:
    """Nothing void claims a book, every total is asked for; each names the true count."""
    for k in range(n):
        book = forge.state.get("book", f"{BODY}/money")
        bad(forge, LI, "book.state", f"s{k}", {"book": f"{BODY}/money", "count": book.count, "totals": []}, seal=k == n - 1)


def void_revocations(forge: Forge, n: int) -> None:
    """Of one officer, from the beginning on, again and again; refused in the end for its books."""
    for k in range(n):
        bad(forge, ROOT, "officer.revoke", f"r{k}", {"officer": "li", "reason": "again", "since": 0}, seal=k == n - 1)


def revocations(forge: Forge, n: int) -> None:
    """Of one officer, from the beginning on, again and again, each in effect."""
    for k in range(n):
        forge.add(ROOT, "officer.revoke", f"r{k}", officer="li", reason="again", since=0, seal=k == n - 1)


def acknowledged(forge: Forge, n: int) -> None:
    """Void entries that two persons acknowledge, each followed by a statement."""
    for k in range(n // 4):
        bad(forge, LI, "quota.receive", f"v{k}", {"holder": BODY}, books=f"{BODY}/money={k}")
        forge.add(ROOT, "entry.void", f"ack-{k}", entry=forge.ref(f"v{k}"), finding="void", reason="test")
        forge.add(ROOT2, "entry.confirm", f"conf-{k}", entry=forge.ref(f"ack-{k}"))
        bad(forge, LI, "book.state", f"s{k}", {"book": f"{BODY}/money", "count": 9_000_000, "totals": []})


def departments(forge: Forge, n: int) -> None:
    """Each under the one before it."""
    for k in range(n):
        forge.add(ROOT, "authority.register", f"d{k}", code=f"{BODY}-{k}", name="x", level="county", type="department",
                  parent=f"{BODY}-{k - 1}" if k else BODY, seal=k == n - 1)  # fmt: skip


def paper(forge: Forge, byte: int, id: str, at: str, *, seal: bool = True) -> int:
    """A harmless entry at a time."""
    data = {"paper": id, "title": "x", "holder": BODY, "year": 2025, "date": "2025", "unit": "元", "complete": True, "mirror": False}
    return forge.put(Item(of(byte), "paper.record", id, data, at=at), seal=seal)


def clocks_that_go_back(forge: Forge, n: int) -> None:
    """Each entry says a second less than the one before, so that all before it are ahead."""
    for k in range(n):
        paper(forge, LI, f"s{k}", shifted(AT, -k), seal=k == n - 1)


def one_clock_ahead_of_all(forge: Forge, n: int) -> None:
    """One person's entries are far ahead, until two others have said so of all of them; again and again, and one more doubts alone."""
    for k in range(n // 8):
        for m in range(4):
            paper(forge, LI, f"a{k}-{m}", shifted(AT, 10_000 + m))
        for byte in (QIAN, QIAN, 21, LI):
            paper(forge, byte, f"b{k}-{byte}-{len(forge.rows)}", AT)


def acknowledged_in_ranges(forge: Forge, n: int) -> None:
    """Three entries that are ahead, or void, and two persons who acknowledge them as one."""
    for k in range(n // 5):
        for m in range(3):
            if k % 2:
                paper(forge, LI, f"a{k}-{m}", shifted(AT, 10_000 + m))
            else:
                bad(forge, LI, "quota.receive", f"a{k}-{m}", {"holder": BODY}, books=f"{BODY}/money={k}")
        forge.add(ROOT, "entry.void", f"ack-{k}", entry=forge.ref(f"a{k}-0"), to=forge.ref(f"a{k}-2"),
                  finding="ahead" if k % 2 else "void", reason="test")  # fmt: skip
        forge.add(ROOT2, "entry.confirm", f"conf-{k}", entry=forge.ref(f"ack-{k}"))


def proposed_in_ranges(forge: Forge, n: int) -> None:
    """Void entries, and proposals to acknowledge them all as one, of which none is ever confirmed."""
    for k in range(n // 2):
        bad(forge, LI, "quota.receive", f"v{k}", {"holder": BODY}, books=f"{BODY}/money={k}", seal=k == n // 2 - 1)
    for k in range(n // 2):
        forge.add(ROOT, "entry.void", f"ack-{k}", entry=forge.ref("v0"), to=forge.ref(f"v{n // 2 - 1}"), finding="void", reason="test", seal=k == n // 2 - 1)


ATTACKS = [(control, clocks_that_go_back), (control, void_statements), (control, statements_with_false_totals), (control, void_revocations), (observe, revocations),
           (observe, departments), (control, acknowledged), (control, acknowledged_in_ranges), (control, proposed_in_ranges), (control, one_clock_ahead_of_all)]  # fmt: skip


def calls(work: Callable[[], Any]) -> Counter[str]:
    """How often each function of either program is called."""
    found: Counter[str] = Counter()

    def count(frame: Any, event: str, _: Any) -> None:
        if event == "call":
            found[f"{frame.f_globals.get('__name__', '').partition('.')[0]}:{frame.f_code.co_qualname}"] += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return Counter({name: n for name, n in found.items() if name.partition(":")[0] in ("ledger", "verifier")})


def by_product(forge: Forge, reads: list[int]) -> None:
    """The product's replay, told which entries are looked up again."""

    def fetch(seq: int) -> tuple[bytes, bytes, bytes]:
        reads.append(seq)
        return forge.rows[seq][1:]

    findings = Findings()
    evidence, meaning = Evidence(ORIGIN, forge.seals, findings, set()), Meaning(ORIGIN, fetch, findings, NOW)
    for row in forge.rows:
        taken = evidence.take(row, clean=True)
        if taken:
            meaning.take(*taken)
    evidence.finish()
    meaning.finish()


@pytest.mark.parametrize(("world", "attack"), ATTACKS, ids=[attack.__name__ for _, attack in ATTACKS])
def test_twice_the_entries_are_twice_the_work(world: Callable[[], Forge], attack: Callable[[Forge, int], None]) -> None:
    """Calls of every function, entries read again, and steps of the loops inside them; both programs give one verdict."""
    work: list[tuple[Counter[str], int, Counter[str]]] = []
    for n in (40, 80, 160):
        forge = world().copy()
        attack(forge, n)
        must_agree(forge, attack.__name__)
        reads: list[int] = []
        product = calls(lambda forge=forge, reads=reads: by_product(forge, reads))  # type: ignore[misc]
        bundle = forge.bundle()
        own = calls(lambda bundle=bundle: v.check_bundle(bundle, v.Trust(now=NOW)))  # type: ignore[misc]
        work.append((product, len(reads), own))
    for one, two, four in zip(*((product + Counter({"reads": reads}), own) for product, reads, own in work), strict=True):
        grown = {name: (two[name] - one[name], four[name] - two[name]) for name in four}
        assert not {name: steps for name, steps in grown.items() if steps[1] > 2.2 * max(steps[0], 0) + 60}, attack.__name__
