"""A retry as a property: any recorded command, replayed after any later history, was recorded before, or differs in what was typed."""

import random
import shlex
from pathlib import Path

import pytest

from ledger.commands import generated
from ledger.intake.divisions import bundled_notices
from ledger.kinds.declare import KINDS
from tests.commands.shell import OFFICERS, Shell

# Each recorded command, with as little typed as it takes; what it leaves out is filled in from the ledger of that day.
COMMANDS = """
--as root authority register --code 999902 --name 邻县 --level county --parent 990000
--as root officer enroll --officer zhao --name 赵某 --authority 999901 --roles administrator,reviewer,auditor --public-key zhao
--as wang quota receive --quota Q1 --holder 999901 --amount 100元 --year 2025 --source-level province
--as wang quota release --quota Q1 --to 999902 --amount 1元
--as li project propose --project P1 --county 999901 --name 示例项目
--as wang project approve --project P1 --document-number 示批〔2025〕1号
--as wang project fund --project P1 --quota Q1 --amount 60元
--as li payment request --payment A --project P1 --amount 50元 --payee 示例公司
--as wang payment approve --payment A --amount 40元
--as li payment request --payment B --project P1 --quota Q1=4元 --payee 示例公司
--as wang payment reject --payment B --reason 附件不全
--as li payment request --payment C --project P1 --amount 1元 --payee H-1 --payee-type person --account @account
--as wang payment approve --payment C
--as li household enroll --household H-1 --place 999901 --head @head --identity @identity
--as wang quota receive --quota QX --holder 999901 --amount 7元 --year 2025 --source-level city --occurred-on 2025-03-01
--as wang entry reverse --entry QX --reason 录入有误
--as zhao entry confirm --entry {r:entry reverse}
--as wang book state --book 999901
--as root officer rotate --officer li --public-key li-2
--as root ledger rotate --public-key ledger-2 --reason 定期更换
--as root policy set --policy standard
--as root officer revoke --officer sun --reason 调离
--as zhao person erase --person H-9 --reason 本人申请
--as root ledger recover --size 900 --root AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= --reason 由备份恢复
"""
# What may come later, in any order; some of it is refused in some orders, which is as good.
LATER = """
--as wang payment approve --payment A
--as wang payment reject --payment A --reason 余款不付
--as li-2 payment request --payment Z1 --project P1 --amount 1元 --payee 示例公司
--as wang quota receive --quota Q2 --holder 999901 --amount 500元 --year 2025 --source-level city
--as wang project fund --project P1 --quota Q2 --amount 300元
--as wang project fund --project P1 --quota Q1 --amount 20元
--as li-2 payment request --payment Z2 --project P1 --quota Q1=1元 --payee 示例公司
--as wang quota receive --quota A --holder 999901 --amount 5元 --year 2025 --source-level city
--as li-2 project propose --project Q1 --county 999901 --name 重名
--as root officer rotate --officer wang --public-key wang-2
--as root policy set --policy small
--as zhao person erase --person H-1 --reason 本人申请 --id LATER-ERASE
--as root entry confirm --entry LATER-ERASE
--as root officer revoke --officer li --reason 调离
--as li-2 household enroll --household H-2 --place 999901
--as wang book state --book 999901
--as root authority register --code 999903 --name 又一县 --level county --parent 990000
"""
SECOND = "--as zhao entry confirm --entry {entry} --yes"
# One typed word of each command changed, and the field that must be named for it.
CHANGED = {
    "authority register": ("邻县", "别县", "name"), "officer enroll": ("赵某", "钱某", "name"), "quota receive": ("100元", "101元", "amount"),
    "quota release": ("1元", "2元", "legs"), "project propose": ("示例项目", "别的项目", "name"), "project approve": ("1号", "2号", "document_number"),
    "project fund": ("60元", "61元", "legs"), "payment request": ("示例公司", "别的公司", "payee"), "payment approve": ("40元", "41元", "legs"),
    "payment reject": ("附件不全", "其他", "reason"), "household enroll": ("H-1", "H-7", "household"), "entry reverse": ("录入有误", "其他", "reason"),
    "entry confirm": ("--entry {r:entry reverse}", "--entry Q1", "entry"), "book state": ("999901", "999902", "book"),
    "officer rotate": ("--public-key li-2", "--public-key wang-2", "public_key"), "ledger rotate": ("ledger-2", "wang-2", "public_key"),
    "policy set": ("standard", "small", "policy"), "officer revoke": ("调离", "其他", "reason"), "person erase": ("本人申请", "其他", "reason"),
    "ledger recover": ("900", "901", "size"), "entry void": ("x", "y", "reason"),
}  # fmt: skip


def noun_verb(line: str) -> str:
    """The command of a line."""
    return " ".join(shlex.split(line)[2:4])


class Office(Shell):
    """A ledger with every command recorded once, under ids `r:1`, `r:2` …"""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, SUNLEDGER_VAULT=str(folder / "vault"), SUNLEDGER_LANG="en")
        self.recorded: list[str] = []

    def found(self) -> "Office":
        """Make it."""
        self.all(OFFICERS.format(policy="small"))
        for name, text in {"account": "9988770000987654329", "head": "示例户主", "identity": "87654319510203871X"}.items():
            (self.folder / name).write_text(text, "utf-8")
        self.all("\n".join(f"officer new-key {name}" for name in ("zhao", "li-2", "wang-2", "ledger-2", "sun")))
        self.all("--as root officer enroll --officer sun --name 孙某 --authority 999901 --roles handler --public-key sun --yes")
        ids: dict[str, str] = {}
        for number, line in enumerate(COMMANDS.strip().splitlines()):
            id = ids[noun_verb(line)] = f"r/{number}"
            line = line.replace("{r:entry reverse}", ids.get("entry reverse", "")) + f" --yes --id {id}"
            if noun_verb(line) == "person erase":
                self.all("--as li-2 household enroll --household H-9 --place 999901 --head @head --yes")
            done = self.line(f"--json {line}")
            assert done.code == 0, (line, done)
            if done.json["waits"] and noun_verb(line) in ("policy set", "officer rotate", "ledger rotate"):
                self.all(SECOND.format(entry=id))
            self.recorded.append(line)
        return self


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The ledger, made once."""
    return Office(tmp_path_factory.mktemp("retry")).found()


def copied(office: Office, folder: Path) -> Office:
    """Another copy."""
    office.copy(folder)
    copy = Office(folder)
    copy.recorded = office.recorded
    return copy


def test_every_kind_with_a_command_is_replayed(office: Office) -> None:
    """All but `entry void`, which takes an entry of a client that keeps no rules: below."""
    commands = {noun_verb(line).replace(" ", ".") for line in office.recorded}
    kinds = {name for name, info in KINDS.items() if not info.through} | {"book.state"}
    assert kinds - commands <= {"entry.void"}
    assert {noun_verb(line) for line in office.recorded} <= CHANGED.keys()


@pytest.mark.parametrize("seed", range(2))
def test_a_recorded_command_was_recorded_before_whatever_came_later(
    office: Office, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 0 and the same position, a year later too; with a typed word changed, the field that differs; the ledger never grows."""
    here, chance = copied(office, tmp_path / "here"), random.Random(seed)
    later = LATER.strip().splitlines()
    for line in chance.sample(later, chance.randrange(len(later) + 1)):
        assert here.line(f"{line} --yes").code in (0, 4, 6), line
    monkeypatch.setattr(generated, "today", lambda: "2027-11-30")
    before = here.head()
    for line in here.recorded:
        done = here.line(f"--json {line}")
        assert done.code == 0, (line, done)
        assert done.json["already"] is True
        told = here.line(line).err
        assert not any(f"sunledger {verb}" in told for verb in ("payment", "project", "entry", "household")), told  # nothing that may be done already
        assert done.json["id"].partition("/money")[0] == line.split()[-1]
        without = here.line(f"--json {line.partition(' ')[2].partition(' ')[2]}")  # nobody is named: taken from the record
        assert (without.code, without.json["seq"]) == (0, done.json["seq"]), (line, without)
    for line, typed in zip(here.recorded, COMMANDS.strip().splitlines(), strict=True):
        old, new, field = CHANGED[noun_verb(line)]
        id = line.split()[-1]
        changed = typed.replace(old, new).replace("{r:entry reverse}", "r/15")
        if changed == typed:
            continue
        done = here.line(f"--json {changed} --yes --id {id}")
        assert (done.code, done.json["code"]) == (6, "ID.TAKEN"), (changed, done)
        assert [problem["field"] for problem in done.json["problems"]] == [field], done
        assert "another" not in done.json["hint"]
        if seed == 0:
            dated = here.line(f"--json {line} --occurred-on 2024-02-29")
            assert dated.json["problems"][0]["field"] == "occurred_on", dated
            other = here.line(f"--json {line.replace(f'--as {line.split()[1]}', '--as sun')}")
            assert other.json["problems"][0]["field"] == "signed_by", other
    assert here.head() == before


def test_sealed_values_are_compared_by_the_vault_and_never_shown(office: Office, tmp_path: Path) -> None:
    """The same value agrees, another differs; without the vault, or its key, it is said that it could not be compared."""
    here = copied(office, tmp_path / "here")
    line = next(line for line in here.recorded if "household enroll" in line)
    assert here.line(f"--json {line}").json["not_compared"] == []
    (here.folder / "identity").write_text("87654319510203999X", "utf-8")
    done = here.line(line)
    assert (done.code, "identity" in done.err, "87654" in done.err) == (6, True, False), done
    del here.environment["SUNLEDGER_VAULT"]
    done = here.line(f"--json {line}")
    assert (done.code, done.json["already"], done.json["not_compared"]) == (0, True, ["head", "identity"])
    assert "could not be compared" in here.line(line).err


def test_what_the_desk_saw_is_said_no_more(tmp_path: Path) -> None:
    """The payment of all that is left, again: recorded; again after more money: recorded; with a second quota: recorded."""
    here = Shell(tmp_path, SUNLEDGER_LANG="en")
    here.all(OFFICERS.format(policy="small") + """--as wang quota receive --quota Q1 --holder 999901 --amount 100 --year 2025 --source-level city --yes
--as wang quota receive --quota Q2 --holder 999901 --amount 100 --year 2025 --source-level city --yes
--as li project propose --project P1 --county 999901 --name 示例项目 --yes
--as wang project approve --project P1 --document-number 1 --yes
--as wang project fund --project P1 --quota Q1 --amount 10 --yes""")
    pay = "--as li payment request --payment PAY-3 --project P1 --amount 10 --payee 示例公司 --yes --id P3"
    here.all(pay)
    first = here.line(f"--json {pay}").json
    assert first["already"] is True
    here.all("--as wang project fund --project P1 --quota Q2 --amount 10 --yes")
    assert here.line(f"--json {pay}").json["seq"] == first["seq"]
    here.all("--as wang project fund --project P1 --quota Q1 --amount 10 --yes")
    assert here.line(f"--json {pay}").json["seq"] == first["seq"]
    approve = "--as wang payment approve --payment PAY-3 --amount 4元 --yes --id A1"
    here.all(f"{approve}\n--as wang payment approve --payment PAY-3 --yes\n{approve}")
    said = here.line(approve.replace("4元", "5元"))
    assert said.code == 6
    assert "its legs is Q1 4.00, typed now: 5.00" in said.err


def test_a_notice_with_another_figure_says_which(tmp_path: Path) -> None:
    """An import has no id to choose: the figure is named, and that a correction begins with a reversal."""
    import msgspec

    here = Shell(tmp_path, SUNLEDGER_LANG="en")
    here.all("init --origin demo.example/notices --mode observe --yes")
    notices = msgspec.json.decode(bundled_notices())
    one = notices["notices"][0] if isinstance(notices, dict) else notices[0]
    whole = {**notices, "notices": [one]} if isinstance(notices, dict) else [one]
    (here.folder / "n.json").write_bytes(msgspec.json.encode(whole))
    here.all("import notice n.json --yes\nimport notice n.json --yes")
    before = here.head()
    one["title"] = one["title"] + "（更正）"
    (here.folder / "n.json").write_bytes(msgspec.json.encode(whole))
    done = here.line("--json import notice n.json --yes")
    assert (done.code, done.json["code"], here.head()) == (6, "ID.TAKEN", before), done
    assert "更正" in done.err
    assert "another" not in done.err
