"""A-22 to A-24: the file itself: another file, its log, its pages. What was acknowledged is never lost in silence."""

import random
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import IntegrityFailed, StorageTrouble, VersionMismatch
from tests.commands.shell import MONEY, OFFICERS, Shell
from tests.tamper.benches import verified
from tests.world import first_yuan

PROPOSE = "--as li project propose --project {id} --county 999901 --name 示例项目 --yes --id {id}"
TABLES = ("alembic_version", "balances", "entries", "facts", "moves", "objects", "projections", "seals", "vault")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A sound ledger of ten entries."""
    shell = Shell(tmp_path_factory.mktemp("files"))
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    return shell


@pytest.fixture
def shell(original: Shell, tmp_path: Path) -> Shell:
    """A copy to play with."""
    return original.copy(tmp_path / "copy")


@contextmanager
def open_elsewhere(shell: Shell) -> Iterator[None]:
    """Another program has the ledger open, so that its log is not emptied when a command ends."""
    with closing(sqlite3.connect(shell.database)) as other:
        other.execute("SELECT count(*) FROM entries").fetchone()
        yield


def parts(shell: Shell, folder: Path) -> Path:
    """The database, its log and its index of the log, as they are on disk now."""
    folder.mkdir()
    for part in shell.folder.glob("county.db*"):
        shutil.copyfile(part, folder / part.name)
    return folder


def put(folder: Path, shell: Shell, *names: str) -> None:
    """Only these parts stand where the database was."""
    for part in shell.folder.glob("county.db*"):
        part.unlink()
    for name in names:
        shutil.copyfile(folder / name, shell.folder / name)


def told_or_whole(shell: Shell, size: int) -> int:
    """Exit code of verify on the officers' machine; where it is 0, every acknowledged entry is there."""
    done = shell.line("--json verify")
    assert done.code in (0, 10, 13), done
    assert "Traceback" not in done.err
    if done.code == 0:
        assert done.json["size"] == size
    else:
        write = shell.line(PROPOSE.format(id="AFTER"))
        assert write.code in (10, 13), write
    return done.code


# --- A-23 -----------------------------------------------------------------------------------------------------------


def test_a23_a_log_that_is_taken_away_is_missed(shell: Shell, tmp_path: Path) -> None:
    """Two acknowledged entries stand in the log alone. Without it the file is sound and older; who acknowledged remembers."""
    with open_elsewhere(shell):
        shell.all("\n".join(PROPOSE.format(id=id) for id in ("P8", "P9")))
        kept = parts(shell, tmp_path / "kept")
    assert (kept / "county.db-wal").stat().st_size > 0
    put(kept, shell, "county.db", "county.db-wal")
    assert told_or_whole(shell, 12) == 0
    put(kept, shell, "county.db")
    done = shell.line("verify")
    assert (done.code, "INV-16.SHORTER" in done.err) == (10, True), done
    assert "本密钥库的记录" in done.err
    assert shell.line(PROPOSE.format(id="AFTER")).code == 10


def test_a23_an_old_log_beside_a_newer_file_is_no_silent_loss(shell: Shell, tmp_path: Path) -> None:
    """A log kept from before is laid beside the database of later."""
    with open_elsewhere(shell):
        shell.all(PROPOSE.format(id="P8"))
        old = parts(shell, tmp_path / "old")
    with open_elsewhere(shell):
        for n in range(9, 14):
            shell.all(PROPOSE.format(id=f"P{n}"))
    new = parts(shell, tmp_path / "new")
    shutil.copyfile(old / "county.db-wal", new / "county.db-wal")
    put(new, shell, "county.db", "county.db-wal")
    told_or_whole(shell, 16)


def test_a23_a_log_cut_in_the_middle_is_no_silent_loss(shell: Shell, tmp_path: Path) -> None:
    """At every frame: what is there is a whole history, and if it is a shorter one the officers' memory says so."""
    with open_elsewhere(shell):
        shell.all("\n".join(PROPOSE.format(id=id) for id in ("P8", "P9")))
        kept = parts(shell, tmp_path / "kept")
    log = (kept / "county.db-wal").read_bytes()
    codes = set()
    for frame in range(0, (len(log) - 32) // 4120, 4):
        put(kept, shell, "county.db", "county.db-wal")
        (shell.folder / "county.db-wal").write_bytes(log[: 32 + frame * 4120])
        codes.add(told_or_whole(shell, 12))
    assert 10 in codes


@pytest.mark.parametrize("pages", range(4))
@pytest.mark.parametrize("beside", ["-wal", "-journal"])
def test_a23_a_hot_journal_of_another_ledger_is_no_silent_loss(shell: Shell, original: Shell, tmp_path: Path, beside: str, pages: int) -> None:
    """The other ledger has the same keys; its journal holds pages of its own. Which rows stand on them hangs on the layout."""
    for sound in (shell, original.copy(tmp_path / "other")):
        sound.all("".join(f"{PROPOSE.format(id=f'L{n}')} --content {'页' * 1000}\n" for n in range(pages)).strip() or "status")
    other = sound
    with closing(sqlite3.connect(other.database, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = " + ("WAL" if beside == "-wal" else "DELETE"))
        raw.execute("PRAGMA cache_size = 1")
        raw.execute("PRAGMA cache_spill = 1")
        raw.execute("BEGIN IMMEDIATE")
        for table in ("facts", "objects"):
            raw.execute(f"UPDATE {table} SET id = id || 'x'")
        raw.execute("CREATE TABLE more AS SELECT * FROM entries, facts")
        journal = (other.folder / f"county.db{beside}").read_bytes()
        raw.execute("ROLLBACK")
    assert len(journal) > 4096
    shell.all(PROPOSE.format(id="P8"))
    (shell.folder / f"county.db{beside}").write_bytes(journal)
    told_or_whole(shell, 11 + pages)


@pytest.mark.parametrize("statement", [
    "UPDATE objects SET value = replace(value, '示例项目', '别的项目') WHERE sort = 'project'",
    "DELETE FROM facts WHERE seq = 4",
    "UPDATE balances SET n = n + 1 WHERE account LIKE '%:available'",
    "DELETE FROM moves WHERE seq = (SELECT max(seq) FROM moves)",
])  # fmt: skip
def test_a23_nothing_is_built_on_derived_rows_that_a_recovery_brought_back(shell: Shell, statement: str) -> None:
    """Rows as older pages would bring them back stand in a log that the next command must recover; then `rebuild` mends them."""
    with closing(sqlite3.connect(shell.database, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        assert raw.execute(statement).rowcount > 0
        left = {part: (shell.folder / part).read_bytes() for part in ("county.db", "county.db-wal")}
    for name, content in left.items():
        (shell.folder / name).write_bytes(content)
    done = shell.line(PROPOSE.format(id="P8"))
    assert (done.code, "INV-13.RECOVERED" in done.err) == (10, True), done
    assert "sunledger rebuild" in done.err
    shell.all("rebuild\n" + PROPOSE.format(id="P8") + "\nverify")


def test_a23_a_shared_index_of_another_log_is_no_silent_loss(shell: Shell, tmp_path: Path) -> None:
    """The index beside the log is made anew when nobody has it open; whatever lies there is not believed."""
    with open_elsewhere(shell):
        shell.all(PROPOSE.format(id="P8"))
        kept = parts(shell, tmp_path / "kept")
    for index in (b"", b"\xff" * 32768, (kept / "county.db-shm").read_bytes()[::-1]):
        put(kept, shell, "county.db", "county.db-wal")
        (shell.folder / "county.db-shm").write_bytes(index)
        assert told_or_whole(shell, 11) == 0


# --- A-24 -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a sound ledger, its log emptied, with pages of a dropped table free in it."""
    path = tmp_path_factory.mktemp("pages") / "ledger.db"
    first_yuan(str(path)).ledger.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("CREATE TABLE more AS SELECT content, zeroblob(9000) AS z FROM entries")
        raw.execute("DROP TABLE more")
        raw.execute("PRAGMA journal_mode = DELETE")
        (free,) = raw.execute("PRAGMA freelist_count").fetchone()
        assert free > 5
    return path.read_bytes()


def rows_of(path: Path) -> Any:
    """All that the tables and the schema hold, or None where it cannot be read."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
            return [raw.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY 1, 2").fetchall() for table in (*TABLES[1:], "sqlite_master")]
    except (sqlite3.Error, OverflowError):
        return None


class Endless(BaseException):
    """A verify that does not come to an end."""


@contextmanager
def bounded() -> Iterator[None]:
    """A verify of a small file takes a part of a second; one that runs for ten seconds runs for ever."""

    def stop(*_: object) -> None:
        raise Endless

    kept = signal.signal(signal.SIGALRM, stop)
    signal.alarm(10)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, kept)


def verdict(path: Path) -> str:
    """`ok`, or how it is refused: an error of ours, by its code."""
    try:
        with bounded():
            return "ok" if verified(str(path)).ok else "failed"
    except (IntegrityFailed, StorageTrouble, VersionMismatch) as error:
        return error.code


def missed(path: Path, raw: bytes, sound: Any) -> bool:
    """Whether a damaged file passes though what it holds is not what it held."""
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()
    path.write_bytes(raw)
    return verdict(path) == "ok" and rows_of(path) != sound


def test_a24_a_flipped_bit_anywhere_is_found_or_changes_nothing(whole: bytes, tmp_path: Path) -> None:
    """In every page: header, cell pointers, content, free space. What passes holds every row as it was: the bit is in no use."""
    path = tmp_path / "ledger.db"
    path.write_bytes(whole)
    sound, choice = rows_of(path), random.Random(24)
    found = 0
    for page in range(0, len(whole), 4096):
        for place in (page + choice.randrange(8), page + choice.randrange(100), page + 4095 - choice.randrange(600), page + choice.randrange(4096)):
            raw = bytearray(whole)
            raw[place] ^= 1 << choice.randrange(8)
            assert not missed(path, bytes(raw), sound), place
            found += verdict(path) != "ok"
    assert found >= 20


def test_a24_an_emptied_page_is_found_or_was_free(whole: bytes, tmp_path: Path) -> None:
    """Each page in turn all zeros, or all ones."""
    path = tmp_path / "ledger.db"
    path.write_bytes(whole)
    sound, found = rows_of(path), 0
    for page in range(0, len(whole), 4096):
        for other in (b"\0" * 4096, b"\xff" * 4096):
            assert not missed(path, whole[:page] + other + whole[page + 4096 :], sound), page
            found += verdict(path) != "ok"
    assert found >= 20


def test_a24_a_page_that_stands_twice_is_found(whole: bytes, tmp_path: Path) -> None:
    """Each page in turn a copy of the one before it: rows come back that were read already."""
    path = tmp_path / "ledger.db"
    path.write_bytes(whole)
    sound = rows_of(path)
    for page in range(4096, len(whole), 4096):
        assert not missed(path, whole[:page] + whole[page - 4096 : page] + whole[page + 4096 :], sound), page


def test_a24_a_file_cut_anywhere_is_found(whole: bytes, tmp_path: Path) -> None:
    """At every page, and inside one; but for the last bytes of a page in no use."""
    path = tmp_path / "ledger.db"
    path.write_bytes(whole)
    sound = rows_of(path)
    for size in (*range(4096, len(whole), 4096), 0, 1, 15, 16, 99, 100, 512, 4095, len(whole) - 1, len(whole) - 4095):
        assert not missed(path, whole[:size], sound), size
        assert verdict(path) != "ok" or size % 4096, size


@pytest.mark.parametrize("place", [16, 18, 19, 20, 21, 28, 32, 36, 40, 44, 47, 52, 56, 60, 64, 68, 92, 96])
def test_a24_an_altered_header_is_found_or_changes_nothing(whole: bytes, tmp_path: Path, place: int) -> None:
    """Page size, versions, freelist, encoding, application: whatever the field, no other rows pass."""
    path = tmp_path / "ledger.db"
    path.write_bytes(whole)
    sound = rows_of(path)
    for value in (0, 1, 2, 3, 0x7F, 0xFF):
        raw = bytearray(whole)
        raw[place] = value
        assert not missed(path, bytes(raw), sound), value


LYING = {
    "an index of other columns": "DROP INDEX facts_by_id; CREATE INDEX facts_by_id ON facts (kind);"
    "UPDATE sqlite_master SET sql = 'CREATE INDEX facts_by_id ON facts (id)' WHERE name = 'facts_by_id';",
    "an index of some rows": "DROP INDEX facts_by_id; CREATE INDEX facts_by_id ON facts (id) WHERE id <> 'PAY-1';"
    "UPDATE sqlite_master SET sql = 'CREATE INDEX facts_by_id ON facts (id)' WHERE name = 'facts_by_id';",
    "an index of another order": "DROP INDEX facts_by_id; CREATE INDEX facts_by_id ON facts (id DESC);"
    "UPDATE sqlite_master SET sql = 'CREATE INDEX facts_by_id ON facts (id)' WHERE name = 'facts_by_id';",
}


def lie(shell: Shell, how: str) -> None:
    """An administrator's index that says other than its table."""
    with closing(sqlite3.connect(shell.database, isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.executescript(LYING[how])
        (version,) = raw.execute("PRAGMA schema_version").fetchone()
        raw.execute(f"PRAGMA schema_version = {version + 1}")


@pytest.mark.parametrize("how", LYING)
def test_a24_an_index_that_says_other_than_its_table_is_found(shell: Shell, how: str) -> None:
    """Verify checks every index against its table; what is given out refuses with it."""
    shell.all("book state --book 999901 --yes --as wang")
    lie(shell, how)
    done = shell.line("verify")
    assert (done.code, "INV-13.FILE" in done.err) == (10, True), done
    assert shell.line("report allocation --book 999901 --year 2025 -o paper.pdf").code == 10
    assert not (shell.folder / "paper.pdf").exists()


@pytest.mark.parametrize("how", LYING)
def test_a24_a_retry_under_a_lying_index_is_not_recorded_twice(shell: Shell, how: str) -> None:
    """The rule against a second payment of one id does not rest on the index alone."""
    lie(shell, how)
    before = shell.head()
    shell.line("--as li payment request --payment PAY-1 --project P1 --amount 1.00元 --payee 示例公司 --yes --id PAY-1")
    assert shell.head() == before


# --- A-22 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [
    "file:{path}?immutable=1", "file://{path}", "{path}?mode=memory", "{path}?vfs=memdb", "sqlite://{path}", ":memory:", "{path}#other",
])  # fmt: skip
def test_a22_a_path_is_a_path_and_no_words_to_the_database(shell: Shell, words: str) -> None:
    """Nothing in the name of a ledger opens it otherwise, or another one; no file is made."""
    before = sorted(shell.folder.iterdir())
    done = shell.run("--ledger", words.format(path=shell.database), "verify")
    assert done.code in (3, 5), done
    assert sorted(shell.folder.iterdir()) == before


def test_a22_verify_looks_at_no_attached_database(shell: Shell, tmp_path: Path) -> None:
    """ATTACH lives in one connection: what another program attaches is not seen, and a link is followed and told."""
    lying = tmp_path / "lying.db"
    shutil.copyfile(shell.database, lying)
    with closing(sqlite3.connect(shell.database, isolation_level=None)) as raw:
        raw.execute(f"ATTACH '{lying}' AS other")
        raw.execute("UPDATE other.balances SET n = n + 1")
        assert shell.line("verify").code == 0
    link = tmp_path / "link.db"
    link.symlink_to(lying)
    done = shell.run("--json", "--ledger", str(link), "verify")
    assert (done.code, done.json["where"]) == (10, str(link))
