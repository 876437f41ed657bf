"""Did you mean: once, in the language spoken, for commands, options, choices and every id a command refers to."""

import pytest

from ledger.audit.balances import DIMENSIONS
from ledger.commands.naming import dimension_named
from ledger.commands.nearest import nearest
from ledger.commands.readable import STAGES
from ledger.kinds.declare import KINDS
from tests.commands.shell import MONEY, OFFICERS, Shell

ASKED = {  # what is typed → the code it ends with, and what may have been meant
    "paymnt": ("USAGE", "payment"),
    "quota receve": ("USAGE", "receive"),
    "payment aprove --payment PAY-1": ("USAGE", "approve"),
    "--as wang project fund --projct P1": ("USAGE", "--project"),
    "--as li payment request --amout 1": ("USAGE", "--amount"),
    "--as wang quota receive --quota Q8 --holder 999901 --amount 1 --year 2025 --source-level 省级别 --yes": ("INPUT.FIELD", "省级"),
    "--as root officer enroll --officer x --name 某 --authority 999901 --roles aprover --public-key li --yes": ("INPUT.FIELD", "approver"),
    "--as wang project fund --project p1 --quota Q1 --amount 1 --yes": ("REFERENCE.PROJECT", "P1"),
    "--as wang project fund --project P1 --quota q1 --amount 1 --yes": ("REFERENCE.QUOTA", "Q1"),
    "--as wang project fund --project P1 --quota Ｑ1 --amount 1 --yes": ("INPUT.FIELD", ""),
    "--as wang project fund --project P1 --quota Q1=1 --quota q1=1 --yes": ("REFERENCE.QUOTA", "Q1"),
    "--as wang payment approve --payment PAY-99 --yes": ("REFERENCE.PAYMENT", "PAY-1"),
    "--as wang payment approve --payment pay-1 --yes": ("REFERENCE.PAYMENT", "PAY-1"),
    "--as li payment request --payment X --project P11 --amount 1 --payee x --yes": ("REFERENCE.PROJECT", "P1"),
    "--as wang quota release --quota Q1 --to 99990 --amount 1 --yes": ("REFERENCE.AUTHORITY", "999901"),
    "--as root officer revoke --officer wangg --reason x --yes": ("REFERENCE.OFFICER", "wang"),
    "--as wang entry reverse --entry q1 --reason x --yes": ("REFERENCE.ENTRY", "Q1"),
    "--as wangg project approve --project P1 --document-number 1 --yes": ("RIGHTS.KEY", "wang"),
    "--as root officer enroll --officer x --name 某 --authority 999901 --roles finance --public-key wangg --yes": ("REFERENCE.KEY", "wang"),
    "show pay-1": ("NOT_FOUND.ENTRY", "PAY-1"),
    "trace q1": ("NOT_FOUND.ENTRY", "Q1"),
    "balance --project p1": ("NOT_FOUND.PROJECT", "P1"),
    "balance --quota q1": ("NOT_FOUND.QUOTA", "Q1"),
    "balance --holder 99901": ("NOT_FOUND.BODY", "999901"),
    "balance --by holdr": ("USAGE", "holder"),
    "balance --by 指标号": ("USAGE", "指标"),
    "log --officer wangg": ("NOT_FOUND.OFFICER", "wang"),
    "log --kind quota.recieve": ("NOT_FOUND.KIND", "quota.receive"),
    "kinds 用款申请单": ("NOT_FOUND.KIND", "用款申请"),
    "todo --as wangg": ("NOT_FOUND.OFFICER", "wang"),
    "--as li project propose --project P9 --county 999991 --name x --yes": ("REFERENCE.AUTHORITY", "999901"),
}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger with money."""
    shell = Shell(tmp_path_factory.mktemp("nearest"))
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    return shell


@pytest.mark.parametrize("line", ASKED)
def test_what_may_have_been_meant_is_said_once(shell: Shell, line: str) -> None:
    """In Chinese and in English, in the line and in JSON; the exit code stays what it was."""
    code, meant = ASKED[line]
    for language, question, mark in (("zh", "是不是", "？"), ("en", "did you mean", "?")):
        done = shell.line(f"{line} --lang {language}")
        assert f"error[{code}]" in done.err, done
        assert "Did you mean" not in done.err
        assert done.err.count(question) == bool(meant)
        if meant:
            assert meant in done.err.partition(question)[2].partition(mark)[0]
    told = shell.line(f"{line} --json").json
    assert (question in told["hint"] or "是不是" in told["hint"]) == bool(meant)


def test_what_is_far_from_everything_suggests_nothing(shell: Shell) -> None:
    """A guess must be near, or it misleads."""
    for line in ("zzzzzz", "--as wang payment approve --payment 8X8 --yes", "--as wang project fund --project OTHER --quota Q1 --amount 1 --yes"):
        assert "是不是" not in shell.line(line).err


def test_a_known_reference_is_never_suggested_away(shell: Shell) -> None:
    """Of two references the one that stands is left alone."""
    done = shell.line("--as wang project fund --project P1 --quota q1 --amount 1 --yes")
    assert "是不是 Q1？" in done.err
    assert "P1" not in done.err.partition("是不是")[2].partition("？")[0]


@pytest.mark.parametrize(("word", "known", "first"), [
    ("paymnt", ["payment", "project"], "payment"), ("p1", ["P10", "P1"], "P1"), ("PAY-99", ["PAY-1", "Q1"], "PAY-1"), ("审批人", ["审批", "审计"], "审批"),
    ("ＰＡＹ-1", ["PAY-1"], "PAY-1"), ("source_level", ["--x", "source-level"], "source-level"), ("x" * 100_000, ["y"], None), ("", ["a"], None),
])  # fmt: skip
def test_nearest_words_come_first(word: str, known: list[str], first: str | None) -> None:
    """Case, width and _ for - do not count; at most three come back."""
    found = nearest(word, known)
    assert (found[0] if found else None) == first
    assert len(nearest("a1", [f"a{n}" for n in range(100)])) == 3


def test_reading_commands_take_the_chinese_they_show(shell: Shell) -> None:
    """Kinds, stages and columns by the words of the journal and of the table."""
    for zh, word in (("log --kind 用款申请", "log --kind payment.request"), ("balance --stage 可用", "balance --stage available"),
                     ("balance --by 机构,指标", "balance --by holder,quota"), ("balance --by 机构、环节", "balance --by holder,stage"),
                     ("kinds 下达指标", "kinds quota.release")):  # fmt: skip
        done = shell.line(f"{zh} --json")
        assert (done.code, done.out) == (0, shell.line(f"{word} --json").out), zh
    assert shell.line("balance --stage 可用 --json").json["rows"]


def test_chinese_names_of_kinds_stages_and_columns_are_unique() -> None:
    """Or one of them could not be said."""
    assert len({info.zh for info in KINDS.values()}) == len(KINDS)
    assert len({zh for zh, _ in STAGES.values()}) == len(STAGES)
    assert [dimension_named(name) for name in DIMENSIONS] == list(DIMENSIONS)
