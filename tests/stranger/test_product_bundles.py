"""The stranger's verifier judges what the product gives out."""

from pathlib import Path

from ledger.bundle import build_bundle
from reports.demo import Office, record_county, record_notices
from tests.stranger.judge import Verdict, judge
from tests.world import QIAN, ZHAO, World, draft


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
        assert verdict.ok or all("sealed values are not opened" in words for words in verdict.problems), verdict.problems[:5]
        assert {key: n for key, n in verdict.balances.items() if n} == balances


def test_a_bundle_of_another_ledger_is_not_the_one_asked_for(tmp_path: Path) -> None:
    """What the reader brought decides, not the file."""
    office = record_county(tmp_path, lambda line: None)
    bundle, _, _ = _bundle(office)
    assert not judge(bundle, ledger_id="00" * 32).ok


def test_void_entries_pass_once_two_persons_acknowledged_them(tmp_path: Path) -> None:
    """An overdraft, a repeated id and a malformed one, sealed by a modified client with a real key."""
    from ledger.chain.note import Checkpoint, checkpoint_text, sign_note
    from tests.verify.modified_client import ModifiedClient
    from tests.verify.test_modified_client import overdraft, request, world_with_two_reviewers
    from tests.world import LEDGER_KEY, LI

    made = world_with_two_reviewers(str(tmp_path / "a.db"))
    client = ModifiedClient(made.target, LI.private)
    bad = [overdraft(), request("PAY-1"), request("12", data=request().data)]
    seqs = [client.seal(one)[0] for one in bad]
    client.close()

    def judged() -> Verdict:
        with made.ledger.reading() as session:
            root = session.tree().root()
            text = checkpoint_text(Checkpoint(session.origin, session.size, root))
            return judge(
                build_bundle(session, session.size, sign_note(text, session.origin, LEDGER_KEY.private))
            )

    assert not judged().ok
    for seq in seqs:
        _acknowledged(made, seq)
    assert made.verify().ok
    verdict = judged()
    assert verdict.ok, verdict.problems


def _acknowledged(made: World, seq: int) -> None:
    """By two persons."""
    from ledger.book.references import word_for

    with made.ledger.reading() as session:
        ref = {"entry": word_for(session.state, seq), "leaf": session.history.entry(seq)[2].hex()}
    made.record(ZHAO, draft("entry.void", f"void-{seq}", entry=ref, finding="void", reason="不合规"))
    made.record(QIAN, draft("entry.confirm", f"confirm-{seq}", entry=made.ref(f"void-{seq}")))
