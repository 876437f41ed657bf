"""Every code that the commands of proof can draw, each by one call, in its shape."""

import json
from collections.abc import Callable

from tests.outside.office import PAPER, PAY, STATE, WITNESS, Office
from tests.outside.test_compare import MORE


def test_every_code_of_proof_is_drawn(sqlite_office: Office, fork: Callable[[Office], Office]) -> None:
    """Exit code and code of each; nothing but what was asked for is written."""
    office = sqlite_office
    office.all(f"checkpoint -o old.note\n{WITNESS.format(name='w1')}")
    other = fork(office)
    office.all("checkpoint -o a.note\nprove 9 10 -o a.json\nprove 9 -o a.proof\nprove 10 -o ten.proof\nexport bundle -o a.zip\nprove --consistency old.note -o grown.json")
    other.all(f"checkpoint -o b.note\nprove 10 -o b.proof\n{MORE.format(id='P7')}\nexport bundle -o b.zip\nprove --consistency old.note -o g.json")
    key, id = office.key, office.ledger_id
    office.json(f"compare ten.proof {other.path('b.proof')} -o fork.json", 10)
    fork_of = json.loads(office.path("fork.json").read_bytes())
    for name, change in (
        ("same.json", lambda e: e.update(b=e["a"])), ("moved.json", lambda e: e["a"]["entry"]["proof"].reverse()),
        ("head.json", lambda e: e["b"].update(head={"size": 10, "root": e["b"]["entry"]["proof"][0], "proof": []})),
    ):  # fmt: skip
        value = json.loads(json.dumps(fork_of))
        change(value)
        office.path(name).write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    text = office.path("a.proof").read_text("utf-8")
    lines = text.split("\n")
    lines[3], lines[4] = lines[4], lines[3]
    office.path("swapped.proof").write_text("\n".join(lines), "utf-8")
    office.path("bad.proof").write_text("\n".join(text.split("\n")[:2]), "utf-8")
    for name, start in (("bad.zip", b"PK"), ("bad.pdf", b"%PDF"), ("bad.json", b"{}"), ("bad.evidence", b'{"format":"sunledger.evidence/2"}')):
        office.path(name).write_bytes(start)
    office.path("broken").mkdir()
    office.path("broken/demo.example+county.json").write_text("x")
    office.path("policy").write_text("quorum none\n")
    office.path("bad.policy").write_text("quorum\n")
    b_zip = other.path("b.zip")
    office.all("--ledger second.db --keys second init --origin other.example/x --yes\n--ledger second.db --keys second checkpoint -o second.note")
    for exit_code, code, line in (
        (10, "CHECK.FORK", f"check a.note --trust {b_zip}"),
        (10, "CHECK.FORK", f"check a.json --trust {b_zip}"),
        (10, "CHECK.LEDGER_ID", f"check a.zip --trust {'0' * 64}"),
        (11, "CHECK.NOT_COMPARED", "check a.note --trust old.note"),
        (11, "CHECK.NOT_VOUCHED", f"check a.note --trust {id}"),
        (10, "CHECK.ORIGIN", f"check second.note --trust {key}"),
        (3, "INPUT.BUNDLE", "check bad.zip"), (3, "INPUT.DISCLOSURE", "check bad.json"), (3, "INPUT.PDF", "check bad.pdf"),
        (3, "INPUT.EVIDENCE", "check bad.evidence"), (3, "INPUT.PROOF", "check bad.proof"), (3, "INPUT.POLICY_FILE", "verify --policy bad.policy"),
        (3, "INPUT.CHECKPOINT", "verify --against policy"), (3, "INPUT.MEMORY", "--keys w1 witness a.note --state broken"),
        (10, "PROOF.INCLUSION", "check swapped.proof"), (10, "PROOF.INCLUSION", "check moved.json"), (10, "PROOF.CONSISTENCY", "check head.json"),
        (10, "PROOF.NO_FORK", "check same.json"), (4, "RIGHTS.WITNESS_KEY", "witness a.note --as wang --first-time"),
        (11, "UNDECIDED.NO_TRUST", "check a.note"), (11, "UNDECIDED.POLICY", "verify --policy policy"), (11, "UNDECIDED.PROOF", "compare old.note a.note"),
        (11, "UNDECIDED.FIRST_SIGHT", "--keys w1 witness a.note --state fresh"),
    ):  # fmt: skip
        office.refused(line, exit_code, f"error[{code}]")


def test_codes_of_a_key_that_was_replaced(sqlite_office: Office) -> None:
    """A file that names the new key shows not by what right; one that does not name it cannot judge the note."""
    office = sqlite_office
    office.all(f"{PAY.format(id='PAID')}\nofficer new-key next\n--as root ledger rotate --public-key next --reason 定期更换 --yes\n{STATE}\n"
               f"{PAPER.format(file='r.pdf')}\ncheckpoint -o r.note\nprove 0 -o zero.proof\nofficer new-key w1.growth --keys w1")  # fmt: skip
    office.refused("--keys w1 witness r.note --ledger no.db --from r.pdf --first-time", 11, "error[UNDECIDED.KEY]")
    office.refused("compare zero.proof r.note", 11, "error[UNDECIDED.SIGNATURE]")
    assert office.json(f"compare zero.proof r.note --with {office.target}")["relation"] == "same"
    office.refused(f"check zero.proof --trust {office.ledger_id}", 11, "error[CHECK.ROTATED]")
    assert office.json(f"check zero.proof r.note r.pdf --trust {office.key}")["ok"]
