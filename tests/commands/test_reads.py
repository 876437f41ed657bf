"""What reading commands show a person: a journal that fits, amounts where they are proposed, sheets in yuan, open work, whose keys."""

import csv
import io
import re
from typing import Any

import msgspec
import pytest

from ledger.commands.tables import cut, width
from tests.commands.shell import Shell

COUNTY = """
init --origin demo.example/county --name 示例县台账 --yes
authority register --code 990000 --name 某省 --level province --yes
authority register --code 999901 --name 示例县 --level county --parent 990000 --yes
officer new-key li
officer new-key wang
officer new-key zhao
officer new-key wu
officer new-key wu2
--as root officer enroll --officer li --name 李某 --authority 999901 --roles programme,handler --public-key li --yes
--as root officer enroll --officer wang --name 王某 --authority 999901 --roles finance,approver --public-key wang --yes
--as root officer enroll --officer zhao --name 赵某 --authority 999901 --roles finance,approver --public-key zhao --yes
--as root officer enroll --officer wu --name 吴某 --authority 990000 --roles finance,reviewer --public-key wu --yes
--as wu quota receive --quota 2025-C-01 --holder 999901 --amount 500万元 --year 2025 --source-level central --fund-name 财政衔接推进乡村振兴补助资金 --yes
--as li project propose --project SL-2025-2 --county 999901 --name 示例乡小型灌溉渠道改造工程 --yes
--as wang project approve --project SL-2025-2 --document-number 示批〔2025〕1号 --yes
--as wang project fund --project SL-2025-2 --quota 2025-C-01 --amount 150万元 --yes --id FUND-1
--as zhao entry confirm --entry FUND-1 --yes
--as wang project fund --project SL-2025-2 --quota 2025-C-01 --amount 20万元 --yes --id FUND-2
--as li payment request --payment PAY-1 --project SL-2025-2 --amount 12345.67元 --payee 示例水利工程有限公司 --yes
--as zhao payment approve --payment PAY-1 --yes
--as li payment request --payment PAY-2 --project SL-2025-2 --amount 5000元 --payee 示例监理咨询有限责任公司示例县分公司 --yes
--as zhao payment reject --payment PAY-2 --reason 附件不全 --yes
--as li payment request --payment PAY-3 --project SL-2025-2 --amount 800元 --payee 示例建材店 --yes
--as wu officer rotate --officer wu --public-key wu2 --yes --id TURN
--as root officer revoke --officer wang --reason 调离 --yes --id GONE
"""


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A county's first days: one funding confirmed and one that waits, a payment paid, one rejected, one open."""
    shell = Shell(tmp_path_factory.mktemp("reads"))
    shell.all(COUNTY)
    return shell


def said(shell: Shell, line: str, *, lang: str = "zh", columns: int | None = None) -> str:
    """What a command prints."""
    shell.environment |= {"SUNLEDGER_LANG": lang}
    shell.environment.pop("COLUMNS", None)
    if columns is not None:
        shell.environment["COLUMNS"] = str(columns)
    done = shell.line(line)
    assert done.code == 0, done
    return done.out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 100, 120])
def test_every_row_of_the_journal_and_of_balances_fits_the_terminal(shell: Shell, lang: str, columns: int) -> None:
    """A11: one line an entry, at 80 columns and at 120, and neither the project's code nor a status is lost at 80 in Chinese."""
    for line in ("log", "balance", "officer list"):
        lines = said(shell, line, lang=lang, columns=columns).splitlines()
        assert all(width(row) <= columns for row in lines), [row for row in lines if width(row) > columns]
    rows = said(shell, "log", lang=lang, columns=columns).splitlines()
    assert len(rows) == 1 + shell.head()[0]
    if lang == "zh":
        (paid,) = (row for row in rows if "批准支付" in row)
        assert "赵某" in paid
        assert "示例水利工程有限公司" in paid
        assert "SL-2025-2" in paid
        assert "12,345.67" in paid
        (funded,) = (row for row in rows if "1,500,000.00" in row)
        assert "资金安排" in funded
        assert re.search(r"复核 #\d+ 赵某", funded)


def test_a_pipe_is_given_whole_lines(shell: Shell) -> None:
    """Nothing is cut where no terminal says how wide it is."""
    assert "…" not in said(shell, "log")
    assert "示例监理咨询有限责任公司示例县分公司  SL-2025-2" in said(shell, "log")


@pytest.mark.parametrize("columns", [3, 8, 14, 19, 24, 30, 31, 40])
@pytest.mark.parametrize("text", ["示例水利工程有限公司  SL-2025-2", "#13 资金安排  示例乡小型灌溉渠道改造工程  SL-2025-2", "示例县〔999901〕", "某 [x]", "ab", "", "é" * 40, "e\u0301" * 40])
def test_cut_text_is_as_wide_as_it_may_be(text: str, columns: int) -> None:
    """Never wider; untouched where it fits; with a mark where it does not."""
    got = cut(text, columns)
    assert width(got) <= columns
    assert got == text if width(text) <= columns else "…" in got


def test_amount_stands_in_the_row_that_proposes_it(shell: Shell) -> None:
    """A12: a funding shows its sum while it waits and when it is confirmed; a confirmation none; a rejection takes back."""
    entries = msgspec.json.decode(said(shell, "--json log"))["entries"]
    of: dict[tuple[str, str], Any] = {(entry["kind"], entry["id"]): entry for entry in entries}
    assert (of["project.fund", "FUND-1"]["amount_fen"], of["project.fund", "FUND-2"]["amount_fen"]) == (150000000, 20000000)
    assert [entry["amount_fen"] for entry in entries if entry["kind"] == "entry.confirm"] == [None]
    assert [entry["amount_fen"] for entry in entries if entry["kind"] == "payment.reject"] == [-500000]
    assert of["project.fund", "FUND-1"]["second"]["officer"] == "zhao"
    assert of["project.fund", "FUND-2"]["status"] == "waiting"
    done = shell.line("--lang zh log --kind project.fund")
    assert "以上合计：生效 1,500,000.00 元；待复核 200,000.00 元" in done.err


@pytest.mark.parametrize(("asked", "kinds"), [
    ("--payee 水利", ["payment.request", "payment.approve"]), ("--text 附件不全", ["payment.reject"]), ("--waiting", ["project.fund"]),
    ("--amount-over 100万元", ["quota.receive", "project.fund"]), ("--amount-under 1000元", ["payment.request"]),
    ("--amount-over 800元 --amount-under 5000.01元", ["payment.request", "payment.reject"]), ("--text 灌溉 --kind project.propose", ["project.propose"]),
    ("--recorded-since 2099-01-01", []), ("--recorded-until 2000/1/1", []), ("--after 2 --before 4", ["officer.enroll"]),
    ("--limit 1", ["officer.revoke"]), ("--after 0 --limit 1", ["authority.register"]),
])  # fmt: skip
def test_journal_is_asked_by_what_people_know(shell: Shell, asked: str, kinds: list[str]) -> None:
    """Payee, words, amounts, times of recording, positions: each asks for just those entries."""
    assert [entry["kind"] for entry in msgspec.json.decode(said(shell, f"--json log {asked}"))["entries"]] == kinds


def test_times_of_recording_are_those_of_china(shell: Shell) -> None:
    """A day begins at midnight in Shanghai; a minute includes its seconds; Z means UTC."""
    from ledger.commands.journal import moment

    assert moment("-", "2026-11-24") == "2026-11-23T16:00:00Z"
    assert moment("-", "2026-11-24", end=True) == "2026-11-24T16:00:00Z"
    assert moment("-", "2026-11-24T09:30", end=True) == "2026-11-24T01:31:00Z"
    assert moment("-", "2026-11-24 09:30:05") == "2026-11-24T01:30:05Z"
    assert moment("-", "2026-11-24T09:30Z") == "2026-11-24T09:30:00Z"
    assert shell.line("log --recorded-since 2026-11-24T25:00").code == 3


def test_journal_of_json_is_one_document_and_one_a_line(shell: Shell) -> None:
    """The whole as one document, or each entry on a line; into files the same."""
    whole = msgspec.json.decode(said(shell, "--json log"))
    assert whole["format"] == "sunledger.log/1"
    assert [msgspec.json.decode(line) for line in said(shell, "log --ndjson").splitlines()] == whole["entries"]
    assert said(shell, "--json log --reverse") != said(shell, "--json log")
    shell.all("log -o all.json\nlog -o all.ndjson")
    assert msgspec.json.decode((shell.folder / "all.json").read_bytes()) == whole
    assert len((shell.folder / "all.ndjson").read_bytes().splitlines()) == len(whole["entries"])


def test_what_is_left_out_is_said(shell: Shell) -> None:
    """The page says how many more there are and how to see them."""
    done = shell.line("--lang zh log --limit 3")
    size = shell.head()[0]
    assert f"另有 {size - 3} 条：加 --before {size - 3} 或 --all" in done.err
    assert len(shell.line("log --all").out.splitlines()) == size + 1
    assert shell.line("log --all").err == ""


@pytest.mark.parametrize(("lang", "heads"), [("zh", ("金额(元)", "事项", "收款人")), ("en", ("amount (yuan)", "kind", "payee"))])
def test_sheets_hold_yuan_under_headings_in_words(shell: Shell, lang: str, heads: tuple[str, ...]) -> None:
    """A5: what Excel reads as a number is yuan, with two decimals and no separators."""
    for line in ("log --csv", "balance --csv"):
        text = said(shell, line, lang=lang)
        assert text.startswith("\ufeff")
        head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
        assert not any("fen" in name for name in head)
        amounts = [row[head.index(heads[0])] for row in rows]
        assert all(re.fullmatch(r"-?\d+\.\d\d|", amount) for amount in amounts), amounts
        assert any(amounts)
    head = next(csv.reader(io.StringIO(said(shell, "log --csv", lang=lang).removeprefix("\ufeff"))))
    assert set(heads) <= set(head)


def test_balance_has_names_stages_in_words_and_a_total(shell: Shell) -> None:
    """Codes stand in brackets; the last line sums what is money."""
    *_, total = said(shell, "balance").splitlines()
    assert total.split() == ["合计", "5,000,000.00"]
    assert "示例县〔999901〕" in said(shell, "balance")
    assert "可用〔available〕" in said(shell, "balance")
    row = msgspec.json.decode(said(shell, "--json balance --project SL-2025-2"))["rows"][0]
    assert (row["holder"], row["project_name"], row["quota_name"]) == ("SL-2025-2", "示例乡小型灌溉渠道改造工程", "财政衔接推进乡村振兴补助资金")


@pytest.mark.parametrize(("word", "key"), [("999901", "authority"), ("SL-2025-2", "project")])
def test_trace_of_a_body_or_project_says_from_where_and_where_to(shell: Shell, word: str, key: str) -> None:
    """Auditor's first question: both ways, to the fen."""
    answer = msgspec.json.decode(said(shell, f"--json trace {word}"))
    sums = {way: sum(path["amount_fen"] for path in answer["paths"] if path["direction"] == way) for way in ("up", "down")}
    assert answer[key] == word
    assert sums == {"up": 500000000, "down": 500000000} if word == "999901" else {"up": 150000000, "down": 150000000}
    assert "来源外〔world:outside〕" in said(shell, f"trace {word}")
    assert {path["direction"] for path in msgspec.json.decode(said(shell, f"--json trace {word} --down"))["paths"]} == {"down"}


def test_open_work_is_in_the_status_and_each_officer_has_theirs(shell: Shell) -> None:
    """A13: the request and the funding that wait; nobody is offered what the rules would refuse them."""
    words = said(shell, "status")
    assert "待办：用款申请 1 笔 800.00 元，待批准" in words
    assert "PAY-3" in words
    assert "待复核 1 条" in words
    for officer, works in (("li", []), ("wang", []), ("zhao", ["payment", "second"]), ("wu", ["second"]), ("root", [])):
        todo = msgspec.json.decode(said(shell, f"--json todo --as {officer}"))["todo"]
        assert [work["work"] for work in todo] == works, officer
    assert msgspec.json.decode(said(shell, "--json status"))["todo"] == msgspec.json.decode(said(shell, "--json todo"))["todo"]


def test_signers_say_whose_key_was_good_from_where_to_where(shell: Shell) -> None:
    """Every entry stands under one key, and each key ends where it was replaced or revoked."""
    found = msgspec.json.decode(said(shell, "--json signers"))["signers"]
    sealed = [seq for key in found for part in key["ranges"] for seq in range(part["first"], part["last"] + 1)]
    assert sorted(sealed) == list(range(shell.head()[0]))
    seq = {entry["id"]: entry["seq"] for entry in msgspec.json.decode(said(shell, "--json log"))["entries"]}
    ends = {(key["officer"], key["until"], key["ended_by"]) for key in found if not key["in_force"]}
    assert ends == {("wu", seq["TURN"], "officer.rotate"), ("wang", seq["GONE"], "officer.revoke")}
    assert [key["since"] for key in found if key["officer"] == "wu"][1] == seq["TURN"]
    assert "更换" in said(shell, "signers")
    assert "撤销" in said(shell, "signers")


def test_show_says_an_entry_once_with_its_key_and_local_time(shell: Shell) -> None:
    """One record in JSON, in UTC; for a person the key, whether it is in force, and China's time."""
    answer = msgspec.json.decode(said(shell, "--json show FUND-1"))
    assert set(answer) == {"format", "entries", "checked"}
    (entry,) = answer["entries"]
    assert entry["at"].endswith("Z")
    assert (entry["seal"]["officer"], entry["seal"]["in_force"]) == ("wang", False)
    words = said(shell, "show FUND-1")
    assert "现已失效" in words
    assert "（北京时间）" in words
    assert "复核 #" in words
    assert "+08:00" in said(shell, "show FUND-1", lang="en")
