"""`--dry-run`: what the question shows, what is moved and what remains, and the exit code of the real run; nothing is recorded."""

import json
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.shell import MONEY, OFFICERS, Shell

# Each line recorded after its dry run; `None` where the real run is refused.
LINES = [
    "--as root authority register --code 999902 --name 示例乙县 --level county --parent 990000",
    "--as wang quota receive --quota Q2 --holder 999901 --amount 1,200万元 --year 2025 --source-level 省级",
    "--as wang quota release --quota Q2=5元 --to 990000",
    "--as li project propose --project P2 --county 999901 --name 乙项目",
    "--as wang project approve --project P2 --document-number 1",
    "--as wang project fund --project P2 --quota Q2=10000元 --quota Q1=1元",
    "--as li payment request --payment X --project P2 --amount 60元 --payee 示例公司 --quota Q2",
    "--as li payment request --payment Y --project P2 --amount 40元 --payee 示例公司 --quota Q2",
    "--as wang payment approve --payment X --payment PAY-1",
    "--as wang payment reject --payment Y --reason 不全",
    "--as wang book state --book 999901",
    "--as wang entry reverse --entry Q2 --reason 错",
    "--as wang payment approve --payment X",
    "--as li payment request --payment Z --project P2 --amount 999999元 --payee 示例公司 --quota Q2",
    "--as li payment approve --payment PAY-1",
    "--as wang project fund --project P2 --quota Q2 --amount 1.001",
]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger with money."""
    shell = Shell(tmp_path_factory.mktemp("dry"))
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    return shell


def held(shell: Shell) -> dict[tuple[str, str, str], int]:
    """What every account holds, as it is stored; `balance` tells what lies on payments as their projects'."""
    with closing(sqlite3.connect(shell.database)) as connection:
        rows = connection.execute("SELECT account, quota, n FROM balances").fetchall()
    return {(account.partition(":")[0], quota, account.partition(":")[2]): n for account, quota, n in rows if not account.startswith("world:")}


def test_dry_run_foretells_the_real_run(shell: Shell) -> None:
    """Same exit code; the remainders it names are what the accounts hold once it is recorded, and its moves explain each change."""
    for line in LINES:
        head, before = shell.head(), held(shell)
        dry = shell.line(f"{line} --dry-run --json")
        assert shell.head() == head, line
        plain = shell.line(f"{line} --dry-run")
        real = shell.line(f"{line} --yes")
        assert dry.code == plain.code == real.code, (line, dry, real)
        if real.code:
            continue
        after = held(shell)
        remains = {(row["holder"], row["quota"], row["stage"]): row["amount_fen"] for row in dry.json["remains"]}
        assert {key: n for key, n in remains.items() if n} == {key: after[key] for key in remains if key in after}, line
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        assert changed <= set(remains), line
        for move in dry.json["preview"]["moves"]:
            assert move["amount_fen"] > 0
        for row in dry.json["remains"]:
            assert f"{row['holder']}:{row['stage']}" in plain.out
        assert dry.json["preview"]["lines"][0] in plain.out
        assert "试运行，未登记" in plain.out


def test_dry_run_shows_yuan_capitals_and_the_name(shell: Shell) -> None:
    """The amount twice, whose name signs, from where to where, and what is left."""
    done = shell.line("--as wang project fund --project P1 --quota Q1 --amount 12万 --dry-run")
    for words in ("120,000.00 元（壹拾贰万元整）", "wang", "示例县·可用", "示例项目·预算", "尚余"):
        assert words in done.out
    english = shell.line("--lang en --as wang project fund --project P1 --quota Q1 --amount 12万 --dry-run")
    assert "120,000.00 yuan (壹拾贰万元整)" in english.out
    assert "still has" in english.out


def test_dry_run_of_what_waits_says_that_no_money_moves(tmp_path: Path) -> None:
    """A release under the standard policy moves nothing until another person confirms it; the confirmation shows the move."""
    shell = Shell(tmp_path)
    shell.all(OFFICERS.format(policy="standard") + """officer new-key zhao
--as root officer enroll --officer zhao --name 赵某 --authority 999901 --roles finance,reviewer --public-key zhao --yes
--as wang quota receive --quota Q1 --holder 999901 --amount 100 --year 2025 --source-level city --yes
--as wang quota release --quota Q1 --to 990000 --amount 30 --yes --id REL""")
    dry = "--as wang quota release --quota Q1 --to 990000 --amount 10 --dry-run"
    done = shell.line(f"{dry} --json").json
    assert (done["waits"], done["remains"], done["preview"]["moves"]) == (True, [], [])
    assert "须第二人复核后生效" in shell.line(dry).out
    assert "takes effect when a second person confirms" in shell.line(f"{dry} --lang en").out
    done = shell.line("--as zhao entry confirm --entry REL --dry-run --json").json
    assert [row["amount_fen"] for row in done["remains"]] == [7000, 3000]
    assert done["preview"]["total_fen"] == 3000


def test_a_whole_import_is_counted_and_not_listed(tmp_path: Path) -> None:
    """Many entries: a count a kind, the total, and JSON with every remainder."""
    from ledger.intake.divisions import bundled_notices

    shell = Shell(tmp_path)
    shell.all("init --origin demo.example/observe --mode observe --yes")
    (tmp_path / "n.json").write_text(json.dumps(json.loads(bundled_notices())[:3]))
    head = shell.head()
    done = shell.run(*shlex.split("import notice n.json --dry-run --yes"))
    assert done.code == 0, done
    assert "（quota.receive） × " in done.out
    told = shell.run(*shlex.split("import notice n.json --dry-run --yes --json")).json
    assert sum(move["amount_fen"] for move in told["preview"]["moves"]) >= told["total_fen"] > 0
    assert told["remains"]
    assert shell.head() == head


def test_dry_run_of_what_stands_says_so(shell: Shell) -> None:
    """A repeat is not told as a new entry."""
    line = "--as li payment request --payment PAY-1 --project P1 --amount 1.00元 --payee 示例公司 --id PAY-1"
    done = shell.line(f"{line} --dry-run")
    assert (done.code, "此前已登记 #9" in done.out, "将为" in done.out) == (0, True, False), done
    assert shell.line(f"{line} --dry-run --json").json["remains"] == []


def test_every_amount_is_said_in_capitals_too(shell: Shell) -> None:
    """Also one that moves nothing."""
    done = shell.line("--as li project propose --project P7 --county 999901 --name 丙项目 --planned-amount 1.5亿元 --dry-run")
    assert "计划投资：150,000,000.00 元" in done.out
    assert "计划投资（大写）：壹亿伍仟万元整" in done.out
