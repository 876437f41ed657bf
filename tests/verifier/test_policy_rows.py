"""Adversary's first: a policy binds entry 0 as it binds later ones; product and stand-alone verifier refuse the same rows."""

import json
from typing import Any

import pytest

from ledger.kinds.codec import convert_event
from ledger.kinds.declare import KINDS
from ledger.kinds.text import event_fault
from tests.world import first_yuan
from verifier import verify as v

SAYINGS = ("person", "money", "none", "always", "x")


@pytest.fixture(scope="module")
def opening(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The data of a sound entry 0."""
    with first_yuan(str(tmp_path_factory.mktemp("opening") / "l.db")).ledger.reading() as session:
        data: dict[str, Any] = json.loads(session.history.entry(0)[1])["data"]
        return data


@pytest.mark.parametrize("kind", ["ledger.open", "policy.set"])
def test_both_refuse_the_same_rows_of_a_policy(kind: str, opening: dict[str, Any]) -> None:
    """Each kind with each word, alone and twice: taken where its group lets it wait, in entry 0 as in a later policy."""
    taken = set()
    for name in (*KINDS, "no.kind"):
        for second in SAYINGS:
            for times in (1, 2):
                data = (opening if kind == "ledger.open" else {}) | {"policy": [{"kind": name, "second": second}] * times}
                product = event_fault(KINDS[kind], convert_event(kind, data))
                verifier = v.value_fault(v.KINDS[kind], data)
                assert bool(product) == bool(verifier), (name, second, times, product, verifier)
                if not product:
                    taken.add((name, second))
                    assert times == 1
    assert taken == {(name, second) for name, info in KINDS.items() for second in SAYINGS[:2]
                     if info.second not in ("none", "always") and (second == "person" or info.second == "correction")}  # fmt: skip
    assert ("quota.receive", "person") not in taken
    assert ("quota.release", "person") in taken
