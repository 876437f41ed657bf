"""From the command line: verify names what a modified client sealed, and two persons acknowledge it."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ledger.calendar import format_at, system_clock
from tests.commands.shell import MONEY, OFFICERS, Shell
from tests.verify.modified_client import Bad, ModifiedClient
from tests.verify.test_modified_client import overdraft, request

AUDITORS = """
officer new-key zhao
officer new-key qian
--as root officer enroll --officer zhao --name 赵某 --authority 999901 --roles auditor --public-key zhao --yes
--as root officer enroll --officer qian --name 钱某 --authority 999901 --roles auditor --public-key qian --yes
"""
CASES = {"an overdraft": overdraft(), "a malformed id": request("12", data=request().data),
         "a repeated id": request("PAY-1"), "a time of 2036": request(at="2036-01-01T00:00:00Z")}  # fmt: skip


def _seal(shell: Shell, bad: Bad) -> int:
    key = load_pem_private_key((shell.folder / "keys" / "li.pem").read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    client = ModifiedClient(str(shell.database), key)
    (seq,) = client.seal(bad)
    client.close()
    return seq


@pytest.mark.parametrize("case", CASES)
def test_two_persons_acknowledge_what_verify_names(tmp_path: Path, case: str) -> None:
    """Exit 10 naming the entry; honest work goes on; one person is not enough; then exit 0 with the number printed."""
    shell = Shell(tmp_path)
    shell.all(OFFICERS.format(policy="small") + MONEY.strip() + AUDITORS)
    bad = CASES[case]
    if case != "a time of 2036":
        bad.at = format_at(system_clock())
    bad.occurred_on = "2026-01-01"
    seq = _seal(shell, bad)
    named = shell.line("verify --json")
    assert named.code == 10
    assert seq in {problem.get("seq") for problem in named.json["problems"]}
    shell.all("--as wang payment approve --payment PAY-1 --yes")
    assert shell.line("verify").code == 10
    shell.all(f"--as zhao entry void --entry {seq} --reason 由不合规的客户端写入 --id void-{seq} --yes")
    assert shell.line("verify").code == 10
    assert shell.line(f"--as zhao entry confirm --entry void-{seq} --yes").code == 4
    shell.all(f"--as qian entry confirm --entry void-{seq} --yes")
    done = shell.line("verify --json")
    assert done.code == 0, done.json["problems"]
    counts = done.json["counts"]
    expected = (0, 1) if case == "a time of 2036" else (1, 0)
    assert (counts["void_acknowledged"], counts["ahead_acknowledged"]) == expected
    assert f"无效条目 {expected[0]}" in shell.line("verify").out


def test_one_acknowledgement_names_a_range(tmp_path: Path) -> None:
    """`--to`: a dry run, one acknowledgement for three void entries, still by two persons; said once more it is recorded before."""
    shell = Shell(tmp_path)
    shell.all(OFFICERS.format(policy="small") + MONEY.strip() + AUDITORS)
    first, _, last = [_seal(shell, Bad(**{**vars(overdraft()), "id": f"bad-{n}", "at": format_at(system_clock()), "occurred_on": "2026-01-01"})) for n in range(3)]
    line = f"--as zhao entry void --entry {first} --to {last} --reason 由不合规的客户端写入 --id v"
    shell.all(f"{line} --dry-run")
    shell.all(f"{line} --yes")
    shell.all(f"{line} --yes")
    shell.all("--as qian entry confirm --entry v --yes")
    done = shell.line("verify --json")
    assert done.code == 0, done.json["problems"]
    assert (done.json["counts"]["void"], done.json["counts"]["void_acknowledged"]) == (3, 3)
    assert "bad-2" in shell.line("show v").out
