"""What a parser would take and mean something else by it: every option of every command, given twice, or before the next one."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ledger.commands import main as command_line
from tests.commands.shell import MONEY, OFFICERS, REGISTERS, Shell, children


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger of a dozen entries."""
    made = Shell(tmp_path_factory.mktemp("sensible"), SUNLEDGER_LANG="en")
    made.all(OFFICERS.format(policy="small") + MONEY.strip())
    return made


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that is no group, by its path."""
    below = children(command)
    if not below:
        yield path, command
    for name, child in below:
        yield from leaves(child, (*path, name))


def valued(command: click.Command) -> list[click.Option]:
    """The options that take a value."""
    return [param for param in command.params if isinstance(param, click.Option) and not param.is_flag]


def test_no_option_takes_the_next_one_for_its_value(shell: Shell) -> None:
    """`--amount --payee X` says that the amount is missing, and not that the payee is."""
    before, count = shell.head(), 0
    for path, command in leaves(command_line.build(REGISTERS, chinese=False)):
        for option in valued(command):
            for words in ([option.opts[0], "--quiet"], [option.opts[0]]):
                done = shell.run(*path, *words)
                told = f"option {option.opts[0]} needs a value" in done.err or f"选项 {option.opts[0]} 后面须有值" in done.err  # of --lang itself
                assert (done.code, told) == (2, True), (path, words, done)
                count += 1
    assert count > 1000
    assert shell.head() == before


def test_an_option_given_twice_is_refused_where_one_value_counts(shell: Shell) -> None:
    """With any of its names, with `=` or without; what may be repeated may be."""
    before, count = shell.head(), 0
    for path, command in leaves(command_line.build(REGISTERS, chinese=False)):
        for option in valued(command):
            first, last = option.opts[0], option.opts[-1]
            done = shell.run(*path, first, "1", f"{last}=2" if last.startswith("--") else last, *([] if last.startswith("--") else ["2"]))
            twice = "is given twice" in done.err or "写了两次" in done.err
            assert twice is not option.multiple, (path, option.opts, done)
            assert option.multiple or done.code == 2
            count += 1
    assert count > 500
    assert shell.head() == before


@pytest.mark.parametrize(("line", "words"), [
    ("payment approve —payment PAY-1 --yes", "Write --payment"),
    ("--as wang payment approve －－payment PAY-1 --yes", "Write --payment"),
    ("payment release", "sunledger quota release"), ("confirm 9", "sunledger entry confirm"), ("new-key li", "sunledger officer new-key"),
    ("report bundle", "sunledger export bundle"),
])  # fmt: skip
def test_what_was_meant_is_named(shell: Shell, line: str, words: str) -> None:
    """A dash that an editor made, and a command that stands in another group."""
    done = shell.line(line)
    assert (done.code, words in done.err) == (2, True), done


def test_a_command_that_repeats_an_entry_is_told_so(shell: Shell, tmp_path: Path) -> None:
    """Without --id nothing says that it is a retry; the same fields of the same day are worth a second look, and another amount is not."""
    here = shell.copy(tmp_path)
    fund = "--as wang project fund --project P1 --quota Q1 --amount 3 --yes"
    assert "just like" not in here.line(fund).err
    again = here.line(f"{fund} --dry-run")
    assert "just like #10" in again.err
    done = here.line(fund)
    assert (done.code, "just like #10" in done.err) == (0, True)
    assert "just like" not in here.line(fund.replace("3", "4")).err
    assert "just like" not in here.line(f"{fund} --occurred-on 2025-03-01").err


def test_who_could_confirm_is_named(shell: Shell, tmp_path: Path) -> None:
    """By the rules themselves; that nobody could is said before anybody waits for it."""
    here = shell.copy(tmp_path)
    told = here.line("--as wang entry reverse --entry Q1 --reason x --yes")
    assert told.code == 6, told
    told = here.line("--as wang project fund --project P1 --quota Q1 --amount 3 --yes --id F")
    told = here.line("--as wang entry reverse --entry F --reason x --yes --id R")
    assert "nobody may confirm this as yet" in told.err, told
    here.all("officer new-key zhao\n--as root officer enroll --officer zhao --name 赵某 --authority 999901 --roles reviewer --public-key zhao --yes")
    again = here.line("--as wang entry reverse --entry F --reason x --yes --id R")
    assert "who may: " not in again.err  # of what stands already, `show` tells
    here.all("--as wang project fund --project P1 --quota Q1 --amount 5 --yes --id G")
    told = here.line("--as wang entry reverse --entry G --reason x --yes")
    assert "who may: 赵某 [zhao]" in told.err, told


def test_show_lists_what_was_decided(shell: Shell, tmp_path: Path) -> None:
    """Of a payment its approvals and rejections, so that nobody decides on what was decided."""
    here = shell.copy(tmp_path)
    assert here.line("--json show PAY-1").json["entries"][0]["decisions"] == []
    here.all("--as wang payment approve --payment PAY-1 --amount 0.40 --yes\n--as wang payment reject --payment PAY-1 --reason 附件不全 --yes")
    found = here.line("--json show PAY-1").json["entries"][0]["decisions"]
    assert [(of["kind"], of["amount_fen"], of["officer"]) for of in found] == [("payment.approve", 40, "wang"), ("payment.reject", -60, "wang")]
    told = here.line("show PAY-1").out
    assert "← #10" in told
    assert "0.60 yuan" in told


def test_no_file_of_another_sort_is_written_over(shell: Shell, tmp_path: Path) -> None:
    """A checkpoint is not replaced by a proof; by another checkpoint it is."""
    here = shell.copy(tmp_path)
    here.all("checkpoint -o c.note\nexport bundle -o b.zip\nprove 9 -o p.proof")
    kept = {path: (here.folder / path).read_bytes() for path in ("c.note", "b.zip", "p.proof")}
    for line, path in (("prove 9 -o c.note", "c.note"), ("checkpoint -o b.zip", "b.zip"), ("export bundle -o p.proof", "p.proof"), ("log -o c.csv", "")):
        done = here.line(line)
        assert (done.code, "REFUSED.OUTPUT" in done.err) == ((6, True) if path else (0, False)), done
    assert kept == {path: (here.folder / path).read_bytes() for path in kept}
    here.all("checkpoint -o c.note\nexport bundle -o b.zip\nprove 9 -o p.proof\nlog -o c.csv")
