"""What a person is told: why a file cannot be read, what is in doubt, what was lost, and what an old head leaves open."""

from tests.commands.test_terminal import Terminal
from tests.outside.office import PAY, Office


def test_why_a_file_cannot_be_read_is_said_of_each(office: Office) -> None:
    """Nothing, a folder, an empty file, a mark before it, changed line ends; in words and in the document."""
    office.all("checkpoint -o head.note")
    note = office.path("head.note").read_bytes()
    office.path("empty").write_bytes(b"")
    office.path("marked.note").write_bytes(b"\xef\xbb\xbf" + note)
    office.path("crlf.note").write_bytes(note.replace(b"\n", b"\r\n"))
    said = office.run(f"check . missing empty marked.note crlf.note --trust {office.key}")
    assert said.code == 3
    assert said.out.count("unreadable: ") == 5
    for words in ("does not exist", "a byte order mark was put before it", "its line ends were changed to CRLF"):
        assert words in said.out
        assert words in said.err
    found = office.json("check head.note", 11)
    assert [problem["code"] for problem in found["problems"]] == ["UNDECIDED.NO_TRUST"]


def test_an_old_head_says_what_may_be_missing_behind_it(office: Office) -> None:
    """Not the tail as a whole, and not nothing."""
    office.all(f"checkpoint -o old.note\n{PAY.format(id='PAID')}\ncheckpoint -o new.note")
    assert office.json("verify --against old.note")["cannot_exclude"] == ["the newest outside head is of 10 entries: a missing tail behind them cannot be excluded"]
    assert "最新的外部检查点为 10 条" in office.run("--lang zh verify --against old.note").out
    assert office.json("verify --against old.note --against new.note")["cannot_exclude"] == []


def test_what_is_in_doubt_is_not_called_failed(office: Office) -> None:
    """Suspect entries: in status, in verify; and why a revoked key signs no more."""
    office.all("--as root officer revoke --officer li --reason 密钥失窃 --since 9 --yes")
    told = office.run("verify")
    assert (told.code, "INV-05 rights         undecided" in told.out, "FAILED" in told.out) == (11, True, False)
    assert office.json("status")["suspect"] == [9]
    assert "suspect entries 1, another person confirms or reverses" in office.run("status").out
    keys = office.path("li-keys")
    keys.mkdir(mode=0o700)
    for suffix in ("pem", "pub"):
        (keys / f"li.{suffix}").write_bytes((office.folder / "keys" / f"li.{suffix}").read_bytes())
        (keys / f"li.{suffix}").chmod(0o600)
    office.refused(f"--keys {keys} project propose --project P8 --county 999901 --name x --yes --first-time", 4, "the key of li was revoked")


def test_what_was_lost_is_said_ever_after(office: Office) -> None:
    """How many roots said so, and by verify that a head was given up."""
    office.all("--as root ledger recover --size 12 --root " + "A" * 43 + "= --reason 由备份恢复 --yes")
    assert [(found["size"], found["persons"]) for found in office.json("status")["recoveries"]] == [(12, ["root"])]
    assert "the head of 12 entries said to be lost by 1 of 1 roots" in office.run("status").out
    assert "a head of 12 entries was lost; a quorum of roots went on at entry 10" in office.run("verify").out


def test_each_key_is_opened_by_its_own_passphrase(sqlite_office: Office) -> None:
    """Two roots with two passphrases found a ledger in one command; each is asked for by name."""
    office = sqlite_office
    for name in ("ann", "bob"):
        office.path(f"{name}.word").write_text(f"word of {name}")
        office.all(f"officer new-key {name} --keys roots --passphrase-file {name}.word")
    terminal = Terminal(office.shell, "--keys roots --ledger new.db init --origin demo.example/new --root ann --root bob")
    terminal.wait_for("[y/N]")
    terminal.type("y\n")
    for prompt, word in (("passphrase of the new key", "own"), ("again", "own"), ("passphrase of key ann", "word of ann"), ("passphrase of key bob", "word of bob")):
        terminal.wait_for(prompt)
        terminal.type(f"{word}\n")
    assert terminal.end() == 0, terminal.seen
    assert office.json("--ledger new.db --keys roots verify")["ok"]


def test_a_preview_says_what_cannot_be_undone(sqlite_office: Office) -> None:
    """Revocation with a range, and erasure; nothing is recorded by looking."""
    for line, words in (("--as root officer revoke --officer li --reason x --since 9", "all that this officer recorded from #9 on is suspect"),
                        ("--as root person erase --person H-1 --reason x", "it cannot be undone")):  # fmt: skip
        if "person erase" in line:
            (sqlite_office.folder / "head").write_text("示例户主", "utf-8")
            sqlite_office.all("--vault vault --as li household enroll --household H-1 --place 999901 --head @head --yes")
        terminal = Terminal(sqlite_office.shell, line)
        assert words in terminal.wait_for("[y/N]")
        terminal.type("n\n")
        assert terminal.end() == 7
