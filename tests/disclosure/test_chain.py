"""A business id proves all that was recorded of it: request, decisions, confirmations, what was taken back."""

from pathlib import Path

import pytest

from ledger.disclosure.chain import chain_of, made_by
from tests.disclosure.county import County
from tests.world import QIAN


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """A county's year in small."""
    return County(tmp_path_factory.mktemp("county"))


@pytest.mark.parametrize(("id", "steps"), [
    ("PAY-1", ["PAY-1", "pa1"]),
    ("PAY-2", ["PAY-2", "pa2", "rev", "revc"]),
    ("PAY-3", ["PAY-3"]),
    ("P1", ["p-P1"]),
    ("P3", ["p-P3", "gone", "gonec"]),
    ("Q1", ["q1"]),
])  # fmt: skip
def test_the_chain_of_a_thing_has_every_step_and_no_other(county: County, id: str, steps: list[str]) -> None:
    """In order; of others of the same project, none; a request without a decision stands alone."""
    with county.world.ledger.reading() as session:
        made = made_by(session, id)
        assert made is not None
        assert [county.steps[seq] for seq in chain_of(session, made)] == steps


def test_an_entry_id_names_its_entry_and_a_payment_of_that_id_its_chain(county: County) -> None:
    """What is no business id names no chain; void entries stand in none."""
    with county.world.ledger.reading() as session:
        assert [made_by(session, word) for word in ("pa2", "rev", "bad", "nothing", "9")] == [None] * 5
        payment = session.state.get("payment", "PAY-2")
        assert made_by(session, "PAY-2") == payment.seq == session.history.seq_of("PAY-2")
        assert "bad" not in {county.steps.get(seq) for seq in chain_of(session, session.state.get("project", "P2").seq)}


def test_a_decision_that_is_reversed_and_taken_again_stands_in_the_chain(tmp_path: Path) -> None:
    """Each decision with what became of it."""
    county = County(tmp_path / "c")
    county.step("pa2-again", QIAN, "payment.approve", payment="PAY-2")
    with county.world.ledger.reading() as session:
        made = made_by(session, "PAY-2")
        assert made is not None
        assert [county.steps[seq] for seq in chain_of(session, made)] == ["PAY-2", "pa2", "rev", "revc", "pa2-again"]
        assert set(chain_of(session, made).values()) == {"payment.request", "payment.approve", "entry.reverse", "entry.confirm"}
