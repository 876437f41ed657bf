"""The same commands on a shared ledger: PostgreSQL by URL, its troubles told without its secrets."""

from pathlib import Path

import psycopg
import pytest

from ledger.store import database
from tests.commands.shell import MONEY, OFFICERS, Shell
from tests.errors.test_samples import assert_clear

WRITE = "--as li project propose --project PX --county 999901 --name 名称 --yes"


def test_first_yuan_on_postgresql(postgres_target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two-officer script, a verify, a busy ledger, another application's database."""
    shell = Shell(tmp_path, SUNLEDGER_LEDGER=postgres_target)
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    shell.all("--as wang payment approve --payment PAY-1 --yes\nverify\nstatus\ndoctor\nrebuild")
    assert shell.line("balance --project P1 --json").json["paid_fen"] == 100
    assert shell.line("init --origin a.b/c --yes").code == 6
    monkeypatch.setattr(database, "BUSY_SECONDS", 1)
    with psycopg.connect(postgres_target) as other:
        other.execute("SELECT size FROM projections FOR UPDATE")
        done = shell.line(WRITE)
        assert (done.code, "error[BUSY]" in done.err) == (8, True), done
        assert_clear(done)
    assert shell.line(WRITE).code == 0


def test_postgresql_in_trouble(postgres_target: str, tmp_path: Path) -> None:
    """No tables, no database, no server: one line, no password."""
    shell = Shell(tmp_path, SUNLEDGER_LEDGER=postgres_target)
    done = shell.line("status")
    assert done.code == 14, done
    assert_clear(done)
    absent = postgres_target.replace("?", "_nope?", 1)
    for url, codes in ((absent, (5, 13)), ("postgresql://u:secret@127.0.0.1:1/x", (13,))):
        for line in ("status", WRITE):
            done = shell.line(f"--ledger {url} {line}")
            assert done.code in codes, done  # the server does not say with a code that a database is absent
            assert "secret" not in done.err
            assert_clear(done)
