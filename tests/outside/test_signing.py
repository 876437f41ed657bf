"""Who holds the ledger key signs no two histories, and no answer destroys what it was made from."""

from collections.abc import Callable
from pathlib import Path

from tests.outside.office import PAY, STATE, Office


def test_who_signed_a_head_signs_no_older_and_no_other_one(office: Office, tmp_path: Path) -> None:
    """Another machine recorded, this one signed; after a restore neither a write nor a signature goes on, and the note is kept."""
    here = office.copy(tmp_path / "before")
    office.all(f"{PAY.format(id='PAID')}\ncheckpoint -o monday.note")
    kept = sorted((office.folder / "keys" / "checkpoints").rglob("11.note"))
    before = kept[0].read_bytes()
    for line in ("checkpoint -o tuesday.note", "prove 9 -o p", "export bundle -o b.zip", "--as li project propose --project P2 --county 999901 --name x --yes"):
        here.refused(f"{line} --keys {office.path('keys')}", 10, "error[INV-16.SHORTER]")
    here.all(f"--as wang payment approve --payment PAY-1 --yes --id OTHER --keys {here.path('keys')}")
    here.refused(f"checkpoint -o tuesday.note --keys {office.path('keys')}", 10, "error[INV-16.FORK]")
    assert kept[0].read_bytes() == before
    assert not here.path("tuesday.note").exists()


def test_doctor_and_status_say_what_the_key_store_remembers(office: Office, fork: Callable[[Office], Office]) -> None:
    """A fork of what was seen is not well."""
    other = fork(office)
    checks = {check["name"]: check for check in office.json("doctor")["checks"]}
    assert (checks["memory"]["ok"], checks["memory"]["detail"]) == (True, "extends 11")
    seen = other.json(f"doctor --keys {office.path('keys')}")["checks"]
    assert [check["ok"] for check in seen if check["name"] == "memory"] == [False]


def test_an_answer_is_not_written_over_what_it_is_made_from(office: Office) -> None:
    """A kept checkpoint is worth more than an answer."""
    office.all(f"checkpoint -o old.note\n{PAY.format(id='PAID')}\n{STATE}\ncheckpoint -o new.note")
    before = office.path("old.note").read_bytes()
    for line in ("prove --consistency old.note -o old.note", "compare old.note new.note -o ./old.note", "compare new.note old.note -o old.note"):
        office.refused(line, 6, "error[REFUSED.OUTPUT]: ")
    assert office.path("old.note").read_bytes() == before


def test_what_a_key_store_saw_is_no_evidence_for_others(office: Office, fork: Callable[[Office], Office]) -> None:
    """The file says so to whoever shows it."""
    other = fork(office)
    other.refused(f"--as li project propose --project P2 --county 999901 --name x --yes --keys {office.path('keys')}", 10, "to convict, two signed heads")
    (seen,) = (office.folder / "keys" / "evidence").iterdir()
    for line in (f"check {seen}", f"compare {seen} {office.target}"):
        assert "it proves nothing to others" in office.run(line).err


def test_compare_looks_at_the_contents_of_ledgers_and_bundles(office: Office) -> None:
    """A changed amount is no history of anybody."""
    office.all("export bundle -o b.zip\ncheckpoint -o a.note")
    with office.edited() as edit:
        (content,) = edit("SELECT content FROM entries WHERE seq = 2")[0]
        edit("UPDATE entries SET content = ? WHERE seq = 2", content.replace("示例县".encode(), "示范县".encode()))
    office.refused(f"compare {office.target} b.zip", 10, "content of entry 2 is not what its header binds")
    office.refused("show 2", 10, "entry 2 is not what was recorded")
    said = office.run("verify").err
    assert said.splitlines()[0].startswith("error[INV-01.DIGEST]")
    assert "findings that may follow from those before" in said or len(said.splitlines()) == 1
    assert "entry void" not in said


def test_a_key_made_elsewhere_replaces_an_officers_key(office: Office) -> None:
    """Its holder says whose it will be, when it is made or afterwards; a proof for another officer is none."""
    made = office.json("officer new-key li-2 --keys elsewhere --origin demo.example/county --officer li")
    later = office.json("officer possession li-2 --keys elsewhere --origin demo.example/county --officer li")
    wrong = office.json("officer possession li-2 --keys elsewhere --origin demo.example/county")
    assert made["possession"] == later["possession"] != wrong["possession"]
    rotate = f"officer rotate --officer li --as root --yes --public-key {made['public_key']}"
    assert "officer possession NAME --origin demo.example/county --officer li" in office.shell.line(rotate).err
    office.refused(f"{rotate} --possession {wrong['possession']}", 4, "RIGHTS.POSSESSION")
    office.all(f"{rotate} --possession {later['possession']}")
    assert office.shell.line("officer new-key li-3 --officer li").code == 2


def test_who_has_no_vault_is_not_told_that_all_is_well(office: Office) -> None:
    """A folder that is not there holds no accounts to compare."""
    office.refused("--vault nope person same", 6, "error[REFUSED.VAULT]: ")
    office.refused("--vault nope person shred", 6, "error[REFUSED.VAULT]: ")
