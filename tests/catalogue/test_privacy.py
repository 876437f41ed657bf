"""Section P at the command line: personal data in outputs, errors, files, logs of the server, modes of files, process lists."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ledger.errors import InputRejected
from ledger.kinds.draft import Draft
from tests.catalogue.sealed_shell import (
    ENROL,
    MARKERS,
    PAYEE_ACCOUNT,
    PERSON,
    WRONG,
    SealedShell,
    fragments,
    json_of,
    of_process,
    options,
    parts_in,
    unmasked,
)
from tests.commands.shell import OFFICERS, Shell
from tests.postgres import Cluster
from tests.world import LI, TODAY, draft, first_yuan

PROGRAM = Path(sys.executable).parent / "sunledger"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> SealedShell:
    """A ledger with a household and a payment, made once."""
    return SealedShell(tmp_path_factory.mktemp("sealed")).found()


@pytest.fixture
def shell(original: SealedShell, tmp_path: Path) -> SealedShell:
    """A copy."""
    shutil.copytree(original.folder, tmp_path / "copy")
    return SealedShell(tmp_path / "copy")


# --- P-01, P-03 -----------------------------------------------------------------------------------------------------

READS = """
log
log --kind household.enroll
log --kind payment.request
show h1
show PAY-H
show PAY-H --bytes
show 10
status
doctor
kinds household.enroll
balance --by holder,quota,stage,project,unit
balance --project P1
trace PAY-H --up
verify
officer list
authority list
person same
person shred
checkpoint
checkpoint -o c.note
export bundle -o b.zip
prove 0 12 -o d.json
prove 12 -o d.proof
check d.json --trust c.note
compare c.note county.db
rebuild
--as wang book state --book 999901 --yes
report allocation --book 999901 --year 2025 -o paper.pdf
--as root person erase --person H-1 --reason 本人申请 --dry-run
--help
household enroll --help
"""
# What goes wrong while a personal value is in hand: the message names the field, never the value.
ANOTHER = ENROL.format(fields=options(WRONG)).replace("H-1", "H-8").replace("h1", "h8")
WRONGS = [
    ENROL.format(fields=options(WRONG)),  # the id is taken by other values
    ANOTHER.replace("--place 999901", "--place 777777"),
    ANOTHER.replace("--place 999901", ""),
    ANOTHER.replace("--as li", "--as wang"),
    ANOTHER.replace("--as li", "--as nobody"),
    ANOTHER.replace("--household H-8", "--household 户"),
    ANOTHER + " --vault elsewhere",
    ANOTHER + " --ledger gone.db",
    ANOTHER + " --occurred-on yesterday",
    ANOTHER + " --nonsense",
    ANOTHER + " --identity @hidden.txt",
    ANOTHER + " --phone @nul.txt",
    ANOTHER + " --address @long.txt",
    ANOTHER + " --head @empty.txt",
    ANOTHER + " --phone @folder",
    ANOTHER + " --dry-run",
]


def with_wrong_values(shell: SealedShell) -> None:
    """Files with values that will be refused."""
    for name, value in WRONG.items():
        (shell.folder / f"{name}.txt").write_text(value, "utf-8")
    (shell.folder / "hidden.txt").write_text(f"{WRONG['identity']}\u200b", "utf-8")
    (shell.folder / "nul.txt").write_bytes(WRONG["phone"].encode() + b"\0\xff")
    (shell.folder / "long.txt").write_text(PERSON["address"] * 800, "utf-8")
    (shell.folder / "empty.txt").write_text("")
    (shell.folder / "folder").mkdir()


@pytest.mark.parametrize("form", ["plain", "--json", "--lang en", "debug"])
def test_p01_p03_no_answer_shows_a_personal_value_unasked(shell: SealedShell, form: str) -> None:
    """Every read and every export, with the vault at hand: a value is shown masked, or not at all."""
    word = "" if form in ("plain", "debug") else form
    if form == "debug":
        shell.environment["SUNLEDGER_DEBUG"] = "1"
    for line in READS.strip().splitlines():
        done = shell.line(f"{word} {line}")
        assert done.code == 0, (line, done)
        assert not unmasked(done.out + done.err), (line, done)
    assert shell.traces() == {}


@pytest.mark.parametrize("form", ["plain", "--json", "--lang en", "debug"])
def test_p03_no_error_repeats_a_personal_value(shell: SealedShell, form: str) -> None:
    """Wrong in many ways while a value is in hand: neither the line, nor the document, nor a traceback shows it."""
    word = "" if form in ("plain", "debug") else form
    if form == "debug":
        shell.environment["SUNLEDGER_DEBUG"] = "1"
    with_wrong_values(shell)
    codes = []
    for line in WRONGS:
        done = shell.line(f"{word} {line}")
        codes.append(done.code)
        assert done.code not in (1,), (line, done)
        assert not unmasked(done.out + done.err), (line, done)
    assert codes[-1] == 0
    assert all(code in (2, 3, 4, 5, 6) for code in codes[:-1]), codes
    for path in shell.folder.glob("*.txt"):
        path.unlink()
    assert shell.traces() == {}


def test_p03_the_search_would_find_one(shell: SealedShell) -> None:
    """Whole, in part, in UTF-16, escaped: so that the tests above can fail."""
    for value in MARKERS:
        for text in (value, f"a{value[2:14]}b"):
            for raw in (text.encode(), text.encode("utf-16-le"), "".join(f"\\u{ord(c):04x}" if ord(c) > 127 else c for c in text).encode()):
                assert parts_in(raw, [value]) or len(text) < 12, (value, raw)
    (shell.folder / "leak.bin").write_bytes(b"\0" + PAYEE_ACCOUNT.encode("utf-16-le"))
    assert set(shell.traces()) == {"leak.bin"}
    assert all(len(part) >= 4 for value in MARKERS for part in fragments(value))


def test_p01_a_value_is_shown_masked_to_who_keeps_the_vault(shell: SealedShell) -> None:
    """The last four of an account, the ends of a number, the first character of a name."""
    text = shell.line("show h1").out
    assert "PROVED" in text or "proved" in text or "已证实" in text or "****" in text, text
    values = {row["field"]: row.get("masked", row.get("value", "")) for row in json_of(shell, "show h1")["entries"][0]["sealed"]}
    assert set(values) == set(PERSON), values
    assert values["account"].endswith(PERSON["account"][-4:])
    assert all("*" in values[name] for name in ("identity", "phone", "head")), values


def test_p03_a_fault_in_the_middle_of_sealing_shows_nothing(shell: SealedShell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ours while the values are in memory: one line that names the fault, and no value; with debugging on, its traceback has none."""
    from ledger.chain import sealed
    from ledger.store import sealing, vault

    with_wrong_values(shell)
    line = ANOTHER

    def broken(*_: Any) -> str:
        raise RuntimeError("broken")

    for module in (vault, sealing, sealed):
        with monkeypatch.context() as patch:
            patch.setattr(module, "commitment", broken)
            done = shell.line(line)
            if done.code == 1:
                assert not unmasked(done.out + done.err), done
                assert "RuntimeError" in done.err


# --- P-02 -----------------------------------------------------------------------------------------------------------

IDENTITY, PHONE, CARD = "11010519491231002X", "13800138000", "6222020200000000006"  # sound by their check digits; nobody's
REFUSED = {
    "an identity number": f"联系人{IDENTITY}", "full width": "１１０１０５１９４９１２３１００２Ｘ", "spaces": "110105 1949 1231 002X", "hyphens": "138-0013-8000",
    "a full-width hyphen": "138－0013－8000", "a dash": "138–0013–8000", "a card": f"卡号{CARD}", "circled": "①③⑧⓪⓪①③⑧⓪⓪⓪",
    "mathematical": "".join(chr(0x1D7CE + int(c)) for c in PHONE), "with the country": f"+86 {PHONE}",
}  # fmt: skip
NOT_SEEN = {
    "a figure dash": "138\u20120013\u20128000", "a hyphen that does not break": "138\u20110013\u20118000", "a minus sign": "138\u22120013\u22128000",
    "dots": "138.0013.8000", "a middle dot": "138·0013·8000", "two spaces": "138  0013  8000", "a slash": "138/0013/8000",
    "with the country, joined": f"86{PHONE}", "with the country, joined and marked": f"+86{PHONE}",
}  # fmt: skip


def say(made: Any, text: str) -> None:
    """A free text at entry."""
    made.record(LI, draft("project.propose", "p9", project="P9", county="999901", name="示例项目", content=text))


@pytest.mark.parametrize("how", REFUSED)
def test_p02_a_personal_number_in_free_text_is_refused_at_entry(sqlite_target: str, how: str) -> None:
    """However it is written: exit 3, not repeated, nothing recorded, so that no public output can hold it."""
    made = first_yuan(sqlite_target)
    with pytest.raises(InputRejected) as caught:
        say(made, REFUSED[how])
    assert caught.value.code == "INPUT.PERSONAL"
    assert REFUSED[how] not in str(caught.value.problems)
    assert made.verify().size == 11
    made.ledger.close()


@pytest.mark.parametrize("how", NOT_SEEN)
def test_p02_no_separator_hides_a_number(sqlite_target: str, how: str) -> None:
    """Dashes of every sort, dots, slashes, two spaces, the country's number in front."""
    made = first_yuan(sqlite_target)
    try:
        with pytest.raises(InputRejected):
            say(made, NOT_SEEN[how])
    finally:
        made.ledger.close()


PLACES = {
    "a payment's payee": Draft("payment.request", "x9", TODAY, {"payment": "X9", "project": "P1", "payee": f"张某{PHONE}", "legs": [{"amount": 1, "quota": "Q1"}]}),
    "a payment's purpose": Draft("payment.request", "x9", TODAY, {"payment": "X9", "project": "P1", "payee": "甲", "purpose": PHONE, "legs": [{"amount": 1, "quota": "Q1"}]}),
    "a responsible person": Draft("project.propose", "p9", TODAY, {"project": "P9", "county": "999901", "name": "示例", "responsible_person": f"李某 {PHONE}"}),
    "who decided": Draft("project.propose", "p9", TODAY, {"project": "P9", "county": "999901", "name": "示例", "decided_by": IDENTITY}),
}  # fmt: skip
NESTED = {
    "a document's number": Draft("project.propose", "p9", TODAY, {"project": "P9", "county": "999901", "name": "示例", "documents": [{"type": "approval", "number": PHONE}]}),
    "an id of an entry": Draft("project.propose", f"p-{PHONE}", TODAY, {"project": "P9", "county": "999901", "name": "示例"}),
}  # fmt: skip


@pytest.mark.parametrize("where", PLACES)
def test_p02_every_free_text_of_a_draft_is_looked_at(sqlite_target: str, where: str) -> None:
    """Names, reasons, purposes, who decided."""
    made = first_yuan(sqlite_target)
    with pytest.raises(InputRejected) as caught:
        made.record(LI, PLACES[where])
    assert caught.value.code == "INPUT.PERSONAL"
    made.ledger.close()


@pytest.mark.parametrize("where", NESTED)
def test_p02_texts_inside_lists_and_ids_are_looked_at(sqlite_target: str, where: str) -> None:
    """What stands deeper than the first level stands in content for ever too."""
    made = first_yuan(sqlite_target)
    try:
        with pytest.raises(InputRejected) as caught:
            made.record(LI, NESTED[where])
        assert caught.value.code == "INPUT.PERSONAL"
    finally:
        made.ledger.close()


def test_p02_at_the_command_line_it_is_told_and_not_repeated(shell: SealedShell) -> None:
    """The field is named, the number is not; what to do is said."""
    before = shell.head()
    done = shell.run("--as", "li", "project", "propose", "--project", "P9", "--county", "999901", "--name", f"示例项目（{PHONE}）", "--yes")
    assert (done.code, "error[INPUT.PERSONAL]" in done.err, PHONE in done.err + done.out) == (3, True, False), done
    assert "name" in done.err
    assert shell.head() == before


# --- P-04 -----------------------------------------------------------------------------------------------------------


def test_p04_no_file_of_the_folder_holds_a_value(shell: SealedShell) -> None:
    """Database, log, index of the log, journal, free pages, vault, key store, exports; while it is open too."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(shell.database)) as other:
        other.execute("SELECT count(*) FROM entries").fetchone()
        (shell.folder / "head.txt").write_text(PERSON["head"], "utf-8")
        shell.all(ENROL.format(fields="--head @head.txt").replace("H-1", "H-2").replace("h1", "h2"))
        (shell.folder / "head.txt").unlink()
        assert (shell.folder / "county.db-wal").stat().st_size > 0
        assert shell.traces() == {}
    shell.all("export bundle -o b.zip\ncheckpoint -o c.note\nrebuild\nverify")
    assert shell.traces() == {}


@pytest.fixture
def logged(cluster: Cluster, postgres_target: str) -> Iterator[tuple[str, Path]]:
    """A database whose server writes every statement with its parameters into its log, and that log."""
    name = postgres_target.partition("@/")[2].partition("?")[0]
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        for setting, value in (("log_statement", "all"), ("log_min_duration_statement", "0"), ("log_parameter_max_length", "-1"),
                               ("log_parameter_max_length_on_error", "-1"), ("log_min_error_statement", "debug5"), ("log_error_verbosity", "verbose")):  # fmt: skip
            connection.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")  # type: ignore[call-overload]
    yield postgres_target, cluster.folder / "log"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} RESET ALL")  # type: ignore[call-overload]


def test_p04_a_server_that_logs_everything_logs_no_personal_value(logged: tuple[str, Path], tmp_path: Path) -> None:
    """Statements and parameters stand in its log, sound and refused ones: names of bodies in clear, sealed values as boxes.

    So the server's log is as public as the entries, and as little private; the vault is another file on another machine.
    """
    target, log = logged
    shell = SealedShell(tmp_path, SUNLEDGER_LEDGER=target).found()
    with_wrong_values(shell)
    for line in WRONGS:
        shell.line(line)
    with psycopg.connect(target) as connection, pytest.raises(psycopg.Error):
        connection.execute("INSERT INTO vault (seq, field, box) SELECT seq, field, box FROM vault")
    text = log.read_bytes()
    assert "示例公司".encode() in text or b"INSERT INTO vault" in text
    assert b"INSERT INTO vault" in text
    assert not parts_in(text, MARKERS)
    assert not unmasked("".join(shell.said))


def test_p04_a_dump_of_the_server_holds_no_value(postgres_target: str, tmp_path: Path) -> None:
    """Every cell of every table, as a dump would write it."""
    shell = SealedShell(tmp_path, SUNLEDGER_LEDGER=postgres_target).found()
    with psycopg.connect(postgres_target) as connection:
        tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        assert {"entries", "vault", "objects"} <= set(tables)
        for table in tables:
            with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:  # type: ignore[arg-type]
                assert not parts_in(b"".join(bytes(part) for part in copy), MARKERS), table
    assert shell.traces() == {}


# --- P-05, P-12 -----------------------------------------------------------------------------------------------------


def test_p12_a_proof_is_checked_when_the_notice_and_the_ledger_are_gone(shell: SealedShell, tmp_path: Path) -> None:
    """The period of publication is over, the page taken down, the ledger elsewhere: who kept paper and checkpoint still checks them."""
    shell.all("""--as wang book state --book 999901 --yes
report allocation --book 999901 --year 2025 -o paper.pdf
checkpoint -o c.note
prove 0 9 -o d.json""")
    kept = tmp_path / "villager"
    kept.mkdir()
    for name in ("paper.pdf", "c.note", "d.json"):
        shutil.move(shell.folder / name, kept / name)
    shutil.rmtree(shell.folder)
    alone = Shell(kept, SUNLEDGER_LEDGER="gone.db", SUNLEDGER_KEYS="gone")
    for name in ("paper.pdf", "d.json"):
        done = alone.line(f"check {name} --trust c.note")
        assert done.code == 0, done
    assert sorted(path.name for path in kept.iterdir()) == ["c.note", "d.json", "paper.pdf"]


# --- P-14 -----------------------------------------------------------------------------------------------------------

PUBLIC = {".pub"}  # the public halves of keys are for others
KNOWN = ("keys/checkpoints",)  # reported, and held by a test of its own below


def modes(folder: Path, *known: str) -> dict[str, int]:
    """Files that others can touch, and folders they can enter, below a folder; public keys and what is known left out."""
    found = {str(path.relative_to(folder)): (path.suffix, stat.S_IMODE(path.lstat().st_mode)) for path in sorted(folder.rglob("*"))}
    return {name: mode for name, (suffix, mode) in found.items() if mode & 0o077 and suffix not in PUBLIC and name not in known}


def test_p14_every_folder_on_the_way_is_private(open_handed: None, tmp_path: Path) -> None:
    """The folder of kept checkpoints, and those above a key store and a vault that did not exist."""
    shell = Shell(tmp_path / "work", SUNLEDGER_KEYS=str(tmp_path / "work" / "deep" / "keys"))
    shell.folder.mkdir(mode=0o700)
    shell.all(OFFICERS.format(policy="small") + "checkpoint")
    assert modes(shell.folder) == {}


@pytest.fixture
def open_handed() -> Iterator[None]:
    """A shell that takes nothing away from new files."""
    kept = os.umask(0)
    yield
    os.umask(kept)


def test_p14_what_is_written_is_private_whatever_the_umask(open_handed: None, tmp_path: Path) -> None:
    """Database, its log and index while it is open, keys, memory, evidence, kept checkpoints, vault: 0600 in folders of 0700."""
    import sqlite3
    from contextlib import closing

    folder = tmp_path / "work"
    folder.mkdir(mode=0o700)
    shell = SealedShell(folder).found()
    old = tmp_path / "old.db"
    shutil.copyfile(shell.database, old)
    with closing(sqlite3.connect(shell.database)) as other:
        other.execute("SELECT count(*) FROM entries").fetchone()
        shell.all("--as wang payment approve --payment PAY-1 --yes\ncheckpoint\n--as wang book state --book 999901 --yes")
        assert {path.name for path in folder.iterdir()} >= {"county.db", "county.db-wal", "county.db-shm", "keys", "vault"}
        assert modes(folder, *KNOWN) == {}
    for part in folder.glob("county.db*"):
        part.unlink()
    shutil.copyfile(old, shell.database)
    shell.database.chmod(0o600)
    assert shell.line("--as li project propose --project PX --county 999901 --name 名称 --yes").code == 10
    assert list((folder / "keys" / "evidence").iterdir())
    assert modes(folder, *KNOWN) == {}
    assert {path.suffix for path in (folder / "keys").rglob("*")} >= {".pem", ".pub", ".note", ".json"}


def test_p14_nothing_is_open_to_others_even_while_it_is_made(open_handed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, a vault, a database: the file is created private, not made so afterwards."""
    made: list[tuple[str, int]] = []
    kept = os.open

    def watched(path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
        handle = kept(path, flags, mode, **more)
        if flags & os.O_CREAT and str(path).startswith(str(tmp_path)):
            made.append((str(path), stat.S_IMODE(os.fstat(handle).st_mode)))
        return handle

    monkeypatch.setattr(os, "open", watched)
    SealedShell(tmp_path).found()
    assert len(made) > 5
    assert not [name for name, mode in made if mode & 0o077], made


@pytest.mark.parametrize("line", ["export bundle -o out.zip", "prove 3 9 -o out.json", "prove 9 -o out.proof", "checkpoint -o out.note", "log -o out.csv"])
def test_p14_what_is_given_out_leaves_no_temporary_file(shell: SealedShell, line: str) -> None:
    """One new file, whole, and nothing beside it."""
    before = {path.name for path in shell.folder.iterdir()}
    done = shell.line(line)
    assert done.code == 0, done
    new = {path.name for path in shell.folder.iterdir()} - before - {"county.db-wal", "county.db-shm"}
    assert len(new) == 1


@pytest.mark.parametrize("line", ["export bundle -o out", "prove 3 9 -o out", "checkpoint -o out"])
def test_p14_what_is_given_out_is_no_more_open_than_asked_for(shell: SealedShell, line: str) -> None:
    """Who works under umask 077 finds 0600."""
    kept = os.umask(0o077)
    try:
        assert shell.line(line).code == 0
    finally:
        os.umask(kept)
    assert stat.S_IMODE((shell.folder / "out").stat().st_mode) == 0o600


# --- P-15 -----------------------------------------------------------------------------------------------------------


def test_p15_no_process_list_shows_a_value(shell: SealedShell) -> None:
    """From a file and from standard input: the words and the environment of the process hold none, while it waits for the rest."""
    (shell.folder / "identity.txt").write_text(PERSON["identity"], "utf-8")
    words = [PROGRAM, *["--as", "li", "household", "enroll", "--household", "H-3", "--place", "999901", "--identity", "@identity.txt", "--account", "-", "--yes", "--id", "h3"]]
    with subprocess.Popen(words, cwd=shell.folder, env=shell.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        seen = b"".join(of_process(running.pid, name) for name in ("cmdline", "environ", "comm"))
        out, err = running.communicate(f"{PERSON['account']}\n".encode(), timeout=600)
    assert running.returncode == 0, err
    assert b"identity" in seen
    assert not parts_in(seen + out + err, MARKERS)
    with_vault = {row["field"]: row["verdict"] for row in json_of(shell, "show h3")["entries"][0]["sealed"]}
    assert set(with_vault) == {"identity", "account"}


@pytest.mark.parametrize(("word", "code"), [("@gone.txt", 5), ("@", 3), ("@.", 3), ("@/dev/zero", 3), ("@/etc", 3), ("-", 3),
                                              ("87654319510203999X", 2), ("示例户主", 2), ("", 2)])
def test_p15_a_value_that_cannot_be_read_is_refused(shell: SealedShell, word: str, code: int) -> None:
    """No file, a folder, a device, nothing on standard input, a value in the open, which is not repeated: nothing is recorded."""
    before = shell.head()
    done = shell.run("--as", "li", "household", "enroll", "--household", "H-4", "--place", "999901", "--identity", word, "--yes")
    assert done.code == code, done
    assert not word or len(word) < 4 or word.startswith("@") or word not in done.out + done.err
    assert shell.head() == before


def test_p15_a_line_end_is_not_part_of_a_value(shell: SealedShell) -> None:
    """From a file and from standard input the same value, so that equal values are found equal."""
    for id, text, stdin in (("H-5", "@a.txt", ""), ("H-6", "@b.txt", ""), ("H-7", "-", "9988770000111122223\r\n")):
        (shell.folder / "a.txt").write_text("9988770000111122223\n")
        (shell.folder / "b.txt").write_text("9988770000111122223\r\n")
        assert shell.run("--as", "li", "household", "enroll", "--household", id, "--place", "999901", "--account", text, "--yes", stdin=stdin).code == 0
    (group,) = [row for row in json_of(shell, "person same")["groups"] if row["field"] == "account"]
    assert sorted(group["persons"]) == ["H-5", "H-6", "H-7"]


def test_p15_every_sealed_field_can_come_from_a_file() -> None:
    """And its help says so."""
    from ledger.commands.generated import kind_command
    from ledger.kinds.declare import KINDS

    sealed = [(info, field) for info in KINDS.values() for field in info.sealed]
    assert len(sealed) >= 6
    for info, field in sealed:
        option = next(p for p in kind_command(info, chinese=False).params if p.name == f"field_{field.name}")
        assert "@FILE" in str(option.metavar)  # type: ignore[attr-defined]


