"""The stranger's verifier judges what the product gives out."""

from pathlib import Path

from ledger.bundle import build_bundle
from reports.demo import Office, record_county, record_notices
from tests.stranger.verifier import judge


def _bundle(office: Office) -> tuple[bytes, str, dict[tuple[str, str, str], int]]:
    from ledger.commands.proof import signed_checkpoint

    with office.ledger.reading() as session:
        tree = session.tree()
        note = signed_checkpoint(office.store, session, tree.size, tree.root())
        return build_bundle(session, tree.size, note), session.id, dict(session.state.balances())


def test_the_invented_county_and_the_real_notices_pass_with_the_same_balances(tmp_path: Path) -> None:
    """Two ledgers, control and observe; the stranger's balances are the product's."""
    for record in (record_county, record_notices):
        folder = tmp_path / record.__name__
        folder.mkdir()
        office = record(folder, lambda line: None)
        bundle, ledger_id, balances = _bundle(office)
        verdict = judge(bundle, ledger_id=ledger_id)
        assert verdict.ok, verdict.problems[:5]
        assert {key: n for key, n in verdict.balances.items() if n} == balances


def test_a_bundle_of_another_ledger_is_not_the_one_asked_for(tmp_path: Path) -> None:
    """What the reader brought decides, not the file."""
    office = record_county(tmp_path, lambda line: None)
    bundle, _, _ = _bundle(office)
    assert not judge(bundle, ledger_id="00" * 32).ok
