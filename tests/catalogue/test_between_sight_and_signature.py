"""K-23: what an officer saw and what the officer's key then signs are one and the same, whatever happens meanwhile."""

import shutil
from pathlib import Path

import pytest

from tests.commands.shell import MONEY, OFFICERS, Shell
from tests.commands.test_terminal import Terminal
from tests.outside.office import Office

AGAIN = "--as li payment request --payment {id} --project P1 --amount {amount} --payee {payee} --yes --id {id}"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A payment of one yuan to 示例公司 waits for its approval; wang has a machine of their own, with `wang-keys`."""
    *before, request = MONEY.strip().splitlines()
    made = Office.founded(tmp_path, str(tmp_path / "ledger.db"), None, "\n".join(before))
    shutil.copytree(tmp_path / "keys", tmp_path / "wang-keys")
    made.all(request)
    return made


def prompt(shell: Shell, line: str) -> Terminal:
    """A command at a terminal that has shown its preview and asks."""
    shown = Terminal(shell, f"--lang zh {line}")
    shown.wait_for("登记吗")
    return shown


def last(office: Office) -> dict[str, object]:
    """The last entry."""
    entries = office.json("log")["entries"]
    return dict(entries[-1])


def test_k23_a_request_changed_after_it_was_recorded_is_another_entry(office: Office) -> None:
    """An id names one content: the same id with another amount or payee is refused, so nobody changes what waits."""
    for amount, payee in (("2.00元", "示例公司"), ("1.00元", "另一公司")):
        done = office.run(AGAIN.format(id="PAY-1", amount=amount, payee=payee))
        assert (done.code, "ID.TAKEN" in done.err) == (6, True), done
    assert office.json("status")["size"] == 10


def test_k23_the_confirmation_names_the_leaf_of_what_was_seen(office: Office) -> None:
    """A reference is id and leaf; the seal of who confirms covers it."""
    office.all("--as li entry reverse --entry PAY-1 --reason 录入有误 --yes --id REV")
    seen = next(entry for entry in office.json("log")["entries"] if entry["id"] == "PAY-1")
    reference = last(office)["data"]["entry"]  # type: ignore[index]
    assert reference == {"entry": "PAY-1", "leaf": office.json("show PAY-1")["entries"][0]["leaf"]}, seen


def test_k23_an_entry_rewritten_during_the_preview_is_not_approved(office: Office) -> None:
    """The preview says 示例公司; then an administrator with li's key puts another payee into the entry that is the last."""
    shown = prompt(office.shell, "--keys wang-keys --as wang payment approve --payment PAY-1 --id OK-1")
    assert "示例公司" in shown.seen
    office.rewrite(9, ["li"])
    shown.type("y\n")
    code = shown.end()
    assert code in (4, 6, 10), (code, shown.seen)
    assert office.json("status")["size"] == 10


def test_k23_another_amount_than_the_one_shown_is_not_approved(tmp_path: Path) -> None:
    """The preview says 1.00 yuan; meanwhile somebody approves a part; what is signed is not what was shown."""
    shell = Shell(tmp_path)
    shell.all(OFFICERS.format(policy="small") + MONEY.strip())
    shown = prompt(shell, "--as wang payment approve --payment PAY-1 --id OK-1")
    assert "1.00" in shown.seen
    shell.all("--as wang payment approve --payment PAY-1 --quota Q1=0.40元 --yes --id PART")
    shown.type("y\n")
    assert shown.end() in (4, 6, 10), shown.seen


def test_k23_what_did_not_change_is_recorded(office: Office) -> None:
    """The officer says yes to what stands there."""
    shown = prompt(office.shell, "--keys wang-keys --as wang payment approve --payment PAY-1 --id OK-1")
    shown.type("y\n")
    assert shown.end() == 0
    assert (last(office)["id"], office.json("status")["size"]) == ("OK-1", 11)
