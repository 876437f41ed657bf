"""P-10 to P-12: personal data is erased by two persons, the history stays whole, and nothing in the files opens it."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ledger.audit.sealed import sealed_values
from ledger.bundle import build_bundle
from ledger.errors import NotPermitted, Refused
from ledger.store.vault import Vault
from tests.vault.sealed_world import ACCOUNT, IDENTITY, MARKERS, SealedWorld, verdicts
from tests.world import LI, QIAN, ROOT, WANG, ZHAO, codes, draft


@pytest.fixture
def sealed(target: str, tmp_path: Path) -> SealedWorld:
    """Two households of three sealed values each, and a payment to the first with one."""
    made = SealedWorld(target, tmp_path)
    made.household()
    made.household("H-0002", account="6200000000000055555", identity="99990119000101888X")
    made.pay()
    return made


def key_of(world: SealedWorld, subject: str) -> bytes:
    """The key of a subject, as the vault's file holds it."""
    vault = world.vault()
    found = vault._key(subject)
    assert found is not None
    return found


def test_p10_erased_is_said_so_and_all_else_is_proved(sealed: SealedWorld) -> None:
    seq = sealed.erase()
    found = sealed.verify()
    assert found.ok, found.problems
    assert verdicts(found) == {"erased": 4, "proved": 2}
    with sealed.world.ledger.reading() as session:
        at = session.history.seq_of("PAY-2")
        assert at is not None
        assert [row["verdict"] for row in sealed_values(session, at, sealed.vault())] == [f"ERASED BY LAW (entry {seq})"]
        assert [row["verdict"] for row in sealed_values(session, at, None)] == [f"ERASED BY LAW (entry {seq})"]


def test_p10_the_key_is_in_no_file_any_more(sealed: SealedWorld) -> None:
    """Neither in the vault, its free pages and its journal, nor anywhere else; nor any value."""
    key, other = key_of(sealed, "H-0001"), key_of(sealed, "H-0002")
    assert sealed.traces(key) == [sealed.vault().path.name]
    sealed.erase()
    assert sealed.traces(key, *MARKERS) == []
    assert sealed.traces(other) == [sealed.vault().path.name]


def test_p10_nothing_is_left_in_free_pages(sealed: SealedWorld) -> None:
    """Many keys, most of them destroyed: the file is searched whole, page by page."""
    for n in range(40):
        sealed.household(f"H-1{n:03}", account=f"62000000000001{n:05}")
    keys = {f"H-1{n:03}": key_of(sealed, f"H-1{n:03}") for n in range(40)}
    for person in list(keys)[:30]:
        sealed.erase(person)
    assert sealed.traces(*list(keys.values())[:30]) == []
    assert sealed.verify().ok


SPLIT = pytest.mark.parametrize("seed", [11, 21])  # with these a deletion alone leaves marks behind


def _filled(folder: Path, seed: int) -> tuple[Vault, dict[str, str]]:
    """A vault of a thousand subjects with an identity each, in an order by chance."""
    chance = Random(seed)
    vault = Vault(folder, f"{seed:016x}" + "0" * 48)
    identities = {f"S-{n:03}": f"999901{chance.randrange(10**11):011}X" for n in range(1000)}
    for subject, identity in identities.items():
        vault.seal(subject, ("o", f"e-{subject}", "identity"), identity, chance.randbytes)
    vault.keep()
    return vault, identities


def _marks_left(vault: Vault, identities: list[str]) -> list[str]:
    """The identities whose mark is in the vault's file or in one beside it."""
    raw = b"".join(path.read_bytes() for path in vault.path.parent.glob(f"{vault.path.name}*"))
    return [identity for identity in identities if vault._mark("identity", identity) in raw]


@SPLIT
def test_p10_no_mark_is_left_where_index_pages_were_split(tmp_path: Path, seed: int) -> None:
    """Else whoever has the vault tries identities, and learns who was erased; one by one or all at once."""
    vault, identities = _filled(tmp_path, seed)
    erased = Random(seed).sample(sorted(identities), 150)
    for subject in erased[:5]:
        vault.destroy(subject)
    assert vault.destroy(*erased) == set(erased[5:])
    assert _marks_left(vault, [identities[subject] for subject in erased]) == []
    assert len(_marks_left(vault, list(identities.values()))) == 850


@SPLIT
def test_p10_a_destruction_cut_short_is_ended_by_the_next(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is gone first; the file is written anew even where no key was left to destroy."""

    class CutShort(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            if sql == "VACUUM":
                raise KeyboardInterrupt
            return super().execute(sql, *parameters)

    vault, identities = _filled(tmp_path, seed)
    erased = Random(seed).sample(sorted(identities), 150)
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=CutShort))
        with pytest.raises(KeyboardInterrupt):
            vault.destroy(*erased)
    assert not any(vault.holds(subject) for subject in erased)
    assert vault.destroy(*erased) == set()
    assert _marks_left(vault, [identities[subject] for subject in erased]) == []


def test_p10_no_row_of_the_database_is_left(sealed: SealedWorld) -> None:
    """On SQLite the free pages and the log are searched for the boxes too; a server frees its pages in its own time."""
    boxes = [box for _, box in sealed.sql("SELECT seq, box FROM vault WHERE seq <> 14")]
    sealed.erase()
    assert [field for (field,) in sealed.sql("SELECT field FROM vault ORDER BY field")] == ["account", "identity"]
    if sealed.world.ledger.database.dialect == "sqlite":
        sealed.sql("SELECT 1")
        sealed.world.ledger.close()
        with sqlite3.connect(sealed.world.target) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert sealed.traces(*boxes) == []


def test_p10_exports_hold_no_value_before_and_after(sealed: SealedWorld) -> None:
    for _ in range(2):
        with sealed.world.ledger.reading() as session:
            tree = session.tree()
            bundle = build_bundle(session, tree.size, "note\n")
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            raw = b"".join(archive.read(name) for name in archive.namelist())
        assert not any(marker.encode() in raw for marker in MARKERS)
        if sealed.vault().holds("H-0001"):
            sealed.erase()


def test_p11_what_is_public_stays(sealed: SealedWorld) -> None:
    """Amount, date, project and commitment stand as before: the entry's bytes are the same."""
    with sealed.world.ledger.reading() as session:
        seq = session.history.seq_of("PAY-2")
        assert seq is not None
        before = session.history.entry(seq)
    sealed.erase()
    with sealed.world.ledger.reading() as session:
        assert session.history.entry(seq) == before
    assert sealed.world.balance("PAY-2:reserved") == 100
    sealed.world.record(WANG, draft("payment.approve", "pa2", payment="PAY-2"))
    assert sealed.verify().ok


def test_p11_one_person_does_not_erase(sealed: SealedWorld) -> None:
    """It waits in every mode and under every policy; its author does not confirm, and nothing is destroyed meanwhile."""
    sealed.world.record(ROOT, draft("person.erase", "e1", person="H-0001", holder="999901", reason="本人申请"))
    with pytest.raises(NotPermitted) as caught:
        sealed.world.record(ROOT, draft("entry.confirm", "c1", entry=sealed.world.ref("e1")))
    assert caught.value.code == "RIGHTS.SAME_PERSON"
    with pytest.raises(NotPermitted):
        sealed.world.record(LI, draft("entry.confirm", "c2", entry=sealed.world.ref("e1")))
    assert sealed.world.ledger.shred(sealed.vault()) == []
    assert verdicts(sealed.verify()) == {"proved": 6}
    sealed.world.record(QIAN, draft("entry.confirm", "c3", entry=sealed.world.ref("e1")))
    assert sealed.world.ledger.shred(sealed.vault()) == ["H-0001"]


def test_p11_an_officer_may_not_erase(sealed: SealedWorld) -> None:
    for key in (LI, WANG, QIAN):
        with pytest.raises(NotPermitted):
            sealed.world.record(key, draft("person.erase", "e1", person="H-0001", holder="999901", reason="本人申请"))


def test_p11_it_is_listed_in_the_open_book_of_the_body(sealed: SealedWorld) -> None:
    sealed.erase()
    with sealed.world.ledger.reading() as session:
        from ledger.audit.entries import find

        assert [entry["kind"] for entry in find(session, book="999901/open")][-2:] == ["person.erase", "entry.confirm"]


def test_p11_called_off_while_it_waits(sealed: SealedWorld) -> None:
    sealed.world.record(ROOT, draft("person.erase", "e1", person="H-0001", holder="999901", reason="本人申请"))
    sealed.world.record(ROOT, draft("entry.reverse", "r1", entry=sealed.world.ref("e1"), reason="撤回"))
    with pytest.raises(Refused):
        sealed.world.record(ZHAO, draft("entry.confirm", "c1", entry=sealed.world.ref("e1")))
    assert verdicts(sealed.verify()) == {"proved": 6}


def test_a_key_kept_after_erasure_is_named(sealed: SealedWorld) -> None:
    """Until it is shredded, whoever has the vault is told; after it, nothing is."""
    seq = sealed.erase(shred=False)
    found = sealed.verify()
    assert sorted(set(codes(found.problems))) == ["INV-14.KEPT", "INV-14.KEY"]
    assert f"entry {seq}" in str(found.problems[0]["message"])
    assert codes(sealed.verify(vault=False).problems)[0] == "INV-14.KEPT"
    assert sealed.world.ledger.shred(sealed.vault()) == ["H-0001"]
    assert sealed.verify().ok
    assert sealed.world.ledger.shred(sealed.vault()) == []


def test_shred_cut_short_goes_on(sealed: SealedWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys go first: stopped before the rows go, nothing opens, and another run ends it."""
    sealed.erase(shred=False)

    class Cut(Exception):
        pass

    def stop(*_: object, **__: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(type(sealed.world.ledger.database), "many", stop)
        with pytest.raises(Cut):
            sealed.world.ledger.shred(sealed.vault())
    assert not sealed.vault().holds("H-0001")
    assert set(codes(sealed.verify().problems)) == {"INV-14.KEPT"}
    assert sealed.world.ledger.shred(sealed.vault()) == ["H-0001"]
    assert sealed.verify().ok


def test_a_box_put_back_after_erasure_is_named(sealed: SealedWorld) -> None:
    (row,) = [tuple(row) for row in sealed.sql("SELECT seq, field, box FROM vault WHERE field = 'head'")]
    sealed.erase()
    sealed.sql("INSERT INTO vault (seq, field, box) VALUES (?, ?, ?)", *row)
    assert codes(sealed.verify().problems) == ["INV-14.KEPT"]


def test_an_old_copy_of_the_vault_opens_nothing_that_was_taken_away(sealed: SealedWorld, tmp_path: Path) -> None:
    """With a backup of the vault and of the database it would: so both kinds of backup are to be destroyed, as `shred` says."""
    old = tmp_path / "kept" / sealed.vault().path.name
    old.parent.mkdir()
    old.write_bytes(sealed.vault().path.read_bytes())
    old.chmod(0o600)
    sealed.erase()
    with sealed.world.ledger.reading() as session:
        at = session.history.seq_of("PAY-2")
        assert at is not None
        assert "value" not in sealed_values(session, at, Vault(old.parent, sealed.id))[0]


def test_an_erased_person_takes_no_more_sealed_values(sealed: SealedWorld) -> None:
    sealed.erase()
    with pytest.raises(Refused) as caught:
        sealed.pay(id="PAY-3")
    assert caught.value.code == "REFERENCE.ERASED"
    with pytest.raises(Refused) as caught:
        sealed.world.record(ROOT, draft("person.erase", "again", person="H-0001", holder="999901", reason="本人申请"))
    assert caught.value.code == "REFERENCE.ERASED"


def test_a_retry_of_an_erased_entry_is_no_oracle(sealed: SealedWorld) -> None:
    """Whether a value is the one erased cannot be asked any more."""
    sealed.erase()
    for account in (ACCOUNT, "6200000000000099999"):
        with pytest.raises(Refused) as caught:
            sealed.pay(account=account)
        assert caught.value.code in ("ID.TAKEN", "REFERENCE.ERASED")


def test_the_blind_index_forgets(sealed: SealedWorld) -> None:
    sealed.household("H-0003", account=ACCOUNT, identity=IDENTITY)
    sealed.erase()
    assert sealed.vault().alike("account", ACCOUNT) == ["enroll/H-0003"]
    assert sealed.vault().groups() == []


@pytest.mark.parametrize("mode", ["control", "observe"])
@pytest.mark.parametrize("policy", ["small", "standard"])
def test_erasure_takes_two_persons_whatever_mode_and_policy(targets: Callable[[], str], tmp_path: Path, mode: str, policy: str) -> None:
    """INV-06, P-11."""
    from tests.world import World, enrolment

    world = World(targets(), mode=mode, policy=policy)
    world.record(ROOT, draft("authority.register", "a1", code="999901", name="示例县", level="county"))
    receipt: Any = world.record(ROOT, enrolment("zhao", ZHAO, ["administrator"]))
    assert not receipt.entries[0].waits
    with world.ledger.reading() as session:
        vault = Vault(tmp_path / "v", session.id)
    from ledger.kinds.draft import Draft
    from tests.world import TODAY

    enrol = Draft("household.enroll", "h1", TODAY, {"household": "H-1", "place": "999901"}, {"head": "甲"})
    if mode == "control":
        world.record(ROOT, enrolment("li", LI, ["programme"]))
        if policy == "standard":
            world.record(ZHAO, draft("entry.confirm", "cl", entry=world.ref("enroll-li")))
    world.record(LI if mode == "control" else ROOT, enrol, vault=vault)
    assert world.record(ROOT, draft("person.erase", "e1", person="H-1", holder="999901", reason="本人申请")).entries[0].waits
    world.record(ZHAO, draft("entry.confirm", "c1", entry=world.ref("e1")))
    assert world.ledger.shred(vault) == ["H-1"]
