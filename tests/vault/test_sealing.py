"""INV-14, P-04 to P-07: what is sealed, what a verify says of it, and what it takes to seal."""

from pathlib import Path
from typing import Any

import pytest

from ledger.errors import InputRejected, NotPermitted, Refused
from ledger.kinds.draft import Draft
from ledger.store import evidence
from ledger.store.vault import Vault
from tests.vault.sealed_world import ACCOUNT, IDENTITY, MARKERS, NAME, SealedWorld, verdicts
from tests.world import LI, ROOT, TODAY, WANG, codes, draft


@pytest.fixture
def sealed(target: str, tmp_path: Path) -> SealedWorld:
    """A household of three sealed values, and a payment to it with one."""
    made = SealedWorld(target, tmp_path)
    made.household()
    made.pay()
    return made


def boxes(world: SealedWorld) -> list[tuple[int, str, bytes]]:
    return [tuple(row) for row in world.sql("SELECT seq, field, box FROM vault ORDER BY seq, field")]


def test_with_the_keys_every_value_is_proved(sealed: SealedWorld) -> None:
    found = sealed.verify()
    assert found.ok, found.problems
    assert verdicts(found) == {"proved": 4}
    assert next(check for check in found.checks if check["id"] == "INV-14")["detail"] == "4 proved"


def test_without_the_keys_nothing_is_called_good(sealed: SealedWorld) -> None:
    """Never ok: undecided, with the count in words, and nothing else is found."""
    found = sealed.verify(vault=False)
    assert (found.ok, found.verdict) == (False, "undecided")
    assert codes(found.problems) == ["INV-14.NOT_OPENED"]
    assert "4 sealed values not opened" in str(found.problems[0]["message"])
    assert verdicts(found) == {"not_opened": 4}


def test_p04_p05_neither_database_nor_vault_holds_a_value_in_clear(sealed: SealedWorld) -> None:
    assert sealed.traces(*MARKERS) == []
    assert sealed.traces(IDENTITY[:8], ACCOUNT[-6:], NAME.encode("utf-16-le")) == []


def test_p06_p07_one_value_twice_gives_two_commitments_and_two_boxes(sealed: SealedWorld) -> None:
    """The account stands twice, under the same subject: nothing of the two is alike."""
    with sealed.world.ledger.reading() as session:
        contents = [session.history.entry(session.history.seq_of(id) or 0)[1] for id in ("enroll/H-0001", "PAY-2")]
    commitments = [content.split(b'"account":"')[1][:64] for content in contents]
    assert commitments[0] != commitments[1]
    found = boxes(sealed)
    assert len({box[:12] for _, _, box in found}) == 4
    assert len({box for _, _, box in found}) == 4


def test_p07_salts_come_from_the_system_and_never_repeat() -> None:
    import secrets

    from ledger.service import Ledger

    assert Ledger.__init__.__kwdefaults__["entropy"] is secrets.token_bytes
    from ledger.chain.sealed import SALT_BYTES

    assert SALT_BYTES == 32


TAMPERING: dict[str, tuple[str, tuple[Any, ...], str]] = {
    "a row gone": ("DELETE FROM vault WHERE field = ?", ("identity",), "INV-14.MISSING"),
    "all rows gone": ("DELETE FROM vault", (), "INV-14.MISSING"),
    "a row for an entry that seals nothing": ("INSERT INTO vault (seq, field, box) VALUES (?, ?, ?)", (3, "account", b"x" * 80), "INV-14.FOREIGN"),
    "a row for no entry": ("INSERT INTO vault (seq, field, box) VALUES (?, ?, ?)", (999, "account", b"x" * 80), "INV-14.FOREIGN"),
    "a row for no field": ("INSERT INTO vault (seq, field, box) VALUES (?, ?, ?)", (13, "nothing", b"x" * 80), "INV-14.FOREIGN"),
    "an empty box": ("UPDATE vault SET box = ? WHERE field = ?", (b"", "identity"), "INV-14.BOX"),
    "a short box": ("UPDATE vault SET box = ? WHERE field = ?", (b"x" * 13, "identity"), "INV-14.BOX"),
    "a field renamed": ("UPDATE vault SET field = ? WHERE field = ?", ("phone", "identity"), "INV-14.MISSING"),
    "an entry changed": ("UPDATE vault SET seq = ? WHERE field = ?", (5, "identity"), "INV-14.MISSING"),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_inv14_an_edited_vault_is_named(sealed: SealedWorld, name: str) -> None:
    statement, values, code = TAMPERING[name]
    sealed.sql(statement, *values)
    found = sealed.verify()
    assert found.verdict == "failed"
    assert code in codes(found.problems)
    if code == "INV-14.MISSING":
        assert any("EVIDENCE MISSING" in str(problem["message"]) for problem in found.problems)


def test_inv14_a_missing_box_fails_without_the_keys_too(sealed: SealedWorld) -> None:
    sealed.sql("DELETE FROM vault WHERE field = ?", "head")
    assert sealed.verify(vault=False).verdict == "failed"


@pytest.mark.parametrize("place", [0, 5, 11, 12, 40, -1])
def test_inv14_every_part_of_a_box_is_bound(sealed: SealedWorld, place: int) -> None:
    seq, field, box = boxes(sealed)[0]
    changed = bytearray(box)
    changed[place] ^= 1
    sealed.sql("UPDATE vault SET box = ? WHERE seq = ? AND field = ?", bytes(changed), seq, field)
    assert codes(sealed.verify().problems) == ["INV-14.BOX"]


def test_inv14_boxes_of_one_subject_do_not_change_places(sealed: SealedWorld) -> None:
    """The same key, the same value even: but a box is bound to its entry and field."""
    found = {(seq, field): box for seq, field, box in boxes(sealed)}
    (one, two) = [place for place in found if place[1] == "account"]
    for place, other in ((one, two), (two, one)):
        sealed.sql("UPDATE vault SET box = ? WHERE seq = ? AND field = ?", found[other], *place)
    assert codes(sealed.verify().problems) == ["INV-14.BOX", "INV-14.BOX"]


def test_inv14_a_box_sealed_anew_with_the_right_key_is_not_what_was_committed_to(sealed: SealedWorld) -> None:
    """Who holds vault and database cannot exchange a value: the commitment stands in the chain."""
    vault = sealed.vault()
    other = vault.seal("H-0001", ("demo.example/county", "enroll/H-0001", "identity"), "another", lambda size: b"\x07" * size)
    sealed.sql("UPDATE vault SET box = ? WHERE field = ?", other.box, "identity")
    assert codes(sealed.verify().problems) == ["INV-14.COMMITMENT"]


def test_sealing_without_a_vault_records_nothing(sealed: SealedWorld) -> None:
    before = sealed.verify().size
    with pytest.raises(Refused) as caught:
        sealed.record(LI, Draft("household.enroll", "h9", TODAY, {"household": "H-9", "place": "999901"}, {"head": NAME}), vault=False)
    assert (caught.value.code, caught.value.exit_code) == ("REFUSED.VAULT", 6)
    assert sealed.verify().size == before


def test_a_second_vault_is_refused_where_one_is_in_use(sealed: SealedWorld) -> None:
    """One vault a ledger: a new, empty one would leave the values apart."""
    draft_ = Draft("household.enroll", "h9", TODAY, {"household": "H-9", "place": "999901"}, {"head": NAME})
    with pytest.raises(Refused) as caught:
        sealed.world.record(LI, draft_, vault=Vault(sealed.folder / "other", sealed.id))
    assert caught.value.code == "REFUSED.VAULT"
    assert not (sealed.folder / "other").exists()


def test_a_value_in_clear_where_a_commitment_belongs_is_refused(sealed: SealedWorld) -> None:
    with pytest.raises(InputRejected) as caught:
        sealed.record(LI, draft("household.enroll", "h9", household="H-9", place="999901", identity=IDENTITY))
    assert caught.value.code == "INPUT.SEALED"
    assert IDENTITY not in str(caught.value) + str(caught.value.problems)


def test_p14_the_vault_is_private_and_of_one_ledger(sealed: SealedWorld) -> None:
    path = sealed.vault().path
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    path.chmod(0o644)
    with pytest.raises(NotPermitted):
        sealed.vault()
    path.chmod(0o600)
    other = path.with_name("0" * 16 + ".vault")
    other.write_bytes(path.read_bytes())
    other.chmod(0o600)
    with pytest.raises(InputRejected, match="another ledger"):
        Vault(path.parent, "0" * 64)


@pytest.mark.parametrize("damage", ["text", "empty", "cut"])
def test_a_damaged_vault_is_said_so(sealed: SealedWorld, damage: str) -> None:
    path = sealed.vault().path
    raw = path.read_bytes()
    path.write_bytes({"text": b"not a vault at all, and longer than a header of sixteen bytes" * 20, "empty": b"", "cut": raw[:1000]}[damage])
    with pytest.raises(InputRejected) as caught:
        sealed.vault()
    assert caught.value.code == "INPUT.VAULT"


def test_a_retry_is_recognised_by_its_values(sealed: SealedWorld) -> None:
    """The same id and values: recorded once; another value: refused; salts do not make it new."""
    assert sealed.household().entries[0].already
    assert sealed.pay().entries[0].already
    with pytest.raises(Refused) as caught:
        sealed.pay(account="6200000000000099999")
    assert caught.value.code == "ID.TAKEN"
    assert len(boxes(sealed)) == 4


def test_a_retry_within_one_append_too(sealed: SealedWorld) -> None:
    twice = Draft("household.enroll", "h5", TODAY, {"household": "H-5", "place": "999901"}, {"head": NAME})
    receipt = sealed.record(LI, twice, twice)
    assert [entry.already for entry in receipt.entries] == [False, True]


def test_a_refused_append_and_a_dry_run_leave_no_key(target: str, tmp_path: Path) -> None:
    made = SealedWorld(target, tmp_path)
    good = Draft("household.enroll", "h1", TODAY, {"household": "H-1", "place": "999901"}, {"head": NAME})
    with pytest.raises(InputRejected):
        made.record(LI, good, Draft("household.enroll", "h2", TODAY, {"household": "H-2"}, {}))
    made.record(LI, good, dry_run=True)
    assert not made.vault().exists
    assert boxes(made) == []


def test_keys_are_kept_before_the_entry_is(sealed: SealedWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between vault and ledger: a key too many, never an entry too many; the retry seals anew."""

    class Cut(Exception):
        pass

    def stop(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(evidence, "insert", stop)
        with pytest.raises(Cut):
            sealed.household("H-0007", account=ACCOUNT)
    assert sealed.vault().holds("H-0007")
    assert sealed.world.verify().size == sealed.verify().size
    sealed.household("H-0007", account=ACCOUNT)
    assert verdicts(sealed.verify()) == {"proved": 5}


def test_f05_f06_the_same_account_is_found_and_not_shown(sealed: SealedWorld) -> None:
    """The blind index: written with spaces or hyphens, under another person; entries that never came are not there."""
    sealed.household("H-0002", account="6200-0000 0000-0012345")
    sealed.household("H-0003", account="6200000000000099999")
    assert sealed.vault().alike("account", ACCOUNT) == ["PAY-2", "enroll/H-0001", "enroll/H-0002"]
    assert [(field, sorted(entries)) for field, entries in sealed.vault().groups()] == [
        ("account", ["PAY-2", "enroll/H-0001", "enroll/H-0002"])
    ]
    assert sealed.traces(ACCOUNT) == []


def test_one_name_under_two_persons_is_no_group(sealed: SealedWorld) -> None:
    sealed.household("H-0002", head=NAME)
    assert sealed.vault().groups() == []


def test_organisations_seal_their_account_too(sealed: SealedWorld) -> None:
    sealed.pay("示例公司", "6200000000000077777", id="PAY-3", person=False)
    assert verdicts(sealed.verify()) == {"proved": 5}
    with pytest.raises(Refused) as caught:
        sealed.world.record(ROOT, draft("person.erase", "e1", person="PAY", reason="本人申请"))
    assert caught.value.code == "REFERENCE.SUBJECT"


def test_text_rules_hold_for_what_is_sealed(sealed: SealedWorld) -> None:
    for value in ("a\u200bb", "", "x" * 4001, "line\nfeed"):
        with pytest.raises(InputRejected) as caught:
            sealed.household("H-0009", head=value)
        assert caught.value.code in ("INPUT.TEXT", "INPUT.FIELD")


def test_sealed_values_move_no_money_and_change_no_balance(sealed: SealedWorld) -> None:
    assert sealed.world.balance("PAY-2:reserved") == 100
    sealed.world.record(WANG, draft("payment.approve", "pa2", payment="PAY-2"))
    assert sealed.verify().ok
