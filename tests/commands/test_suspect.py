"""A compromised key from the command line: named, nothing given out meanwhile, settled by another person."""

from pathlib import Path

from tests.commands.shell import OFFICERS, Shell

RECORDED = """
--as wang quota receive --quota Q1 --holder 999901 --amount 100元 --year 2025 --source-level county --yes --id Q1
--as wang book state --book 999901 --yes
officer new-key sun
--as root officer enroll --officer sun --name 孙某 --authority 999901 --roles reviewer,finance --public-key sun --yes
verify
"""


def test_suspect_entries_stop_papers_until_settled(tmp_path: Path) -> None:
    """officer.revoke --since: verify is undecided (11), report and prove say why, a confirmation ends it."""
    shell = Shell(tmp_path)
    shell.all(OFFICERS.format(policy="small"))
    shell.all(RECORDED)
    assert shell.line("--as root officer revoke --officer wang --reason 密钥被盗 --since 0 --yes").code == 0
    done = shell.line("verify --json")
    assert (done.code, done.json["verdict"], done.json["counts"]["suspect"]) == (11, "undecided", 3)
    assert {problem["code"] for problem in done.json["problems"]} == {"RIGHTS.SUSPECT"}
    paper, proof = tmp_path / "paper.pdf", tmp_path / "q1.proof"
    for line in (f"report allocation --book 999901 --year 2025 -o {paper}", f"prove Q1 -o {proof}"):
        refused = shell.line(line)
        assert refused.code == 11
        assert "UNDECIDED.SUSPECT" in refused.err
    assert not paper.exists()
    assert shell.line(f"report allocation --book 999901 --year 2025 -o {paper} --even-if-unverified").code == 0
    for problem in done.json["problems"]:
        assert shell.line(f"--as sun entry confirm --entry {problem['seq']} --yes").code == 0
    assert shell.line("verify").code == 0
    assert shell.line(f"report allocation --book 999901 --year 2025 -o {paper}").code == 0
