"""What an outside head catches, and what verify says where there is none: A-05 to A-08, A-20 to A-22."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.chain.note import checkpoint_text, parse_checkpoint, parse_note, sign_note
from tests.outside.office import MONEY, PAPER, PAY, STATE, WITNESS, Office

NO_HEAD = "no outside checkpoint given: a missing tail cannot be excluded"
ELSEWHERE = "--keys nobody"  # a machine without the officers' memory


@pytest.mark.parametrize("left", [9, 5, 1])
def test_a05_a_cut_tail_is_caught_by_a_checkpoint_and_confessed_without_one(office: Office, left: int) -> None:
    """With a head kept outside: it ends before it. Without: verified, with the sentence that says what nobody can exclude."""
    office.all("checkpoint -o kept.note\nexport bundle -o kept.zip")
    office.cut(left)
    office.refused(f"verify {ELSEWHERE} --against kept.note", 10, "history ends before checkpoint 10 of kept.note")
    office.refused(f"verify {ELSEWHERE} --against kept.zip", 10, "history ends before checkpoint 10 of kept.zip")
    alone = office.json(f"verify {ELSEWHERE}")
    assert (alone["ok"], alone["cannot_exclude"]) == (True, [NO_HEAD])
    assert NO_HEAD in office.run(f"verify {ELSEWHERE}").out


def test_a05_a_ledger_cut_to_nothing_is_named(office: Office) -> None:
    """There is no entry 0 to stand on: with a head and without."""
    office.all("checkpoint -o kept.note")
    with pytest.raises(Exception, match="entry 0 is missing"):
        office.cut(0)
    office.refused("verify --against kept.note", 10, "entry 0 is missing")
    office.refused("verify", 10, "entry 0 is missing")


def test_a06a_a_rewrite_without_keys_breaks_the_seals(office: Office) -> None:
    """No head is needed: the seal over entry 9 is not its author's."""
    office.all("checkpoint -o kept.note")
    office.rewrite(9, [])
    office.refused(f"verify {ELSEWHERE}", 10, "not signed by its author")


def test_a06b_a_rewrite_with_one_key_breaks_at_the_next_signer_or_head(office: Office) -> None:
    """li's key seals entry 9 anew; wang's seal over entry 10 no longer holds, nor does a head."""
    office.all("checkpoint -o kept.note")
    with_tail = office.copy(office.folder.parent / "tail")
    with_tail.all(PAY.format(id="PAID"))
    with_tail.rewrite(9, ["li"])
    found = with_tail.json(f"verify {ELSEWHERE}", 10)
    assert {(p["code"], p["seq"]) for p in found["problems"] if p["code"] == "INV-04.SIGNATURE"} == {("INV-04.SIGNATURE", 10)}
    office.rewrite(9, ["li"])
    assert office.json(f"verify {ELSEWHERE}")["ok"]
    office.refused(f"verify {ELSEWHERE} --against kept.note", 10, "not consistent with checkpoint 10 of kept.note")


def test_a06c_a_rewrite_with_every_key_is_caught_only_from_outside(office: Office, fork: Callable[[Office], Office]) -> None:
    """Officers' and the ledger's own key: the ledger is sound in itself; a checkpoint, a witnessed head, a paper convict it."""
    other = fork(office)
    office.all(f"{STATE}\n{PAPER.format(file='paper.pdf')}\ncheckpoint -o kept.note\n{WITNESS.format(name='w1')}\n"
               "witness kept.note --keys w1 --first-time -o seen.note\nexport bundle -o kept.zip\nprove 3 10 -o kept.json")  # fmt: skip
    other.all(STATE + "\ncheckpoint")
    assert other.json(f"verify {ELSEWHERE}")["ok"]
    for name in ("kept.note", "seen.note", "paper.pdf", "kept.zip", "kept.json"):
        kept = office.path(name)
        size = office.json(f"verify --against {name}")["heads"][0]["size"]
        other.refused(f"verify {ELSEWHERE} --against {kept}", 10, f"not consistent with checkpoint {size} of ")
    said = other.refused(f"verify {ELSEWHERE} --against {office.path('kept.note')} --against {office.path('paper.pdf')}", 10, "paper.pdf")
    assert "kept.note" in said
    assert len([line for line in said.splitlines() if line.startswith("error[INV-16.FORK]")]) == 2


def test_a07_an_older_backup_is_caught_by_a_head_and_by_the_memory(office: Office) -> None:
    """Database alone, or the whole home: the copy taken before the head ends before it."""
    office.all("checkpoint -o before.note")
    old = office.copy(office.folder.parent / "old")
    office.all(PAY.format(id="PAID") + "\ncheckpoint -o kept.note")
    assert old.json("verify --against before.note")["ok"]
    old.refused(f"verify --against {office.path('kept.note')}", 10, "history ends before checkpoint 11")  # the whole home
    old.refused(f"verify --keys {office.path('keys')}", 10, "history ends before checkpoint 11 of this key store's memory")


def test_a08_another_ledger_of_the_same_officers_is_another_ledger(office: Office, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Same origin, same officers' keys: a paper or bundle names the id that is pinned, a checkpoint the key."""
    cluster = office.cluster
    target = str(tmp_path / "second.db") if cluster is None else cluster.new_database()
    other = Office.founded(tmp_path / "second", target, cluster) if (tmp_path / "second").mkdir() is None else None
    assert other is not None
    office.all(f"checkpoint -o kept.note\nexport bundle -o kept.zip\nprove --consistency kept.note -o kept.json\n{STATE}\n{PAPER.format(file='kept.pdf')}")
    for name in ("kept.zip", "kept.json", "kept.pdf"):
        other.refused(f"verify --against {office.path(name)}", 10, f"ledger id {other.ledger_id} differs from the pinned one")
    other.refused(f"verify --against {office.path('kept.note')}", 10, "is not signed by the key of this ledger")
    other.all("checkpoint -o own.note")
    other.refused(f"compare own.note {office.path('kept.note')} --with {target}", 10, "not signed by the key of this ledger")
    office.refused(f"compare kept.zip {target}", 10, "of another ledger of the same name")


# --- A-20: each with its own words


def forged(office: Office, name: str, **changed: object) -> str:
    """A checkpoint of the office with another origin, size or root, signed by a key."""
    head = parse_checkpoint(parse_note(office.run("checkpoint").out).text)._replace(**{k: v for k, v in changed.items() if k != "by"})
    by = changed.get("by") or f"ledger.{office.ledger_id[:16]}"
    office.path(name).write_text(sign_note(checkpoint_text(head), head.origin, office.signer(str(by)).private), "utf-8")
    return name


def test_a20_every_false_checkpoint_is_told_in_its_own_words(office: Office) -> None:
    """Of another ledger, edited, of another size or root, by a role that signs none, cut, or no checkpoint at all."""
    office.all("checkpoint -o true.note")
    true = office.path("true.note").read_text("utf-8")
    assert office.json("verify --against true.note")["heads"] == [{"where": "true.note", "size": 10}]
    root = parse_checkpoint(parse_note(true).text).root
    for name, words in (
        (forged(office, "origin.note", origin="other.example/county"), "is of another ledger, other.example/county"),
        (forged(office, "size.note", size=9), "not consistent with checkpoint 9 of size.note"),
        (forged(office, "root.note", root=b"\1" * 32), "not consistent with checkpoint 10 of root.note"),
        (forged(office, "ahead.note", size=99, root=root), "history ends before checkpoint 99 of ahead.note"),
        (forged(office, "officer.note", by="wang"), "is not signed by the key of this ledger at size 10"),
        (forged(office, "root-officer.note", by="root"), "is not signed by the key of this ledger at size 10"),
    ):  # fmt: skip
        office.refused(f"verify --against {name}", 10, words)
    edited = true.replace("\n10\n", "\n9\n")
    for name, text, code, words in (
        ("edited.note", edited, 10, "is not signed by the key of this ledger"),
        ("bare.note", true.partition("\n\n")[0] + "\n", 3, "is not a checkpoint"),
        ("extended.note", true.replace("\n\n", "\nextension\n\n"), 3, "a checkpoint has three lines"),
        ("text.note", "hello\n", 3, "is not a checkpoint"),
        ("binary.note", "\x00\x01", 3, "is not a checkpoint"),
    ):
        office.path(name).write_text(text, "utf-8")
        office.refused(f"verify --against {name}", code, words)
    office.path("latin.note").write_bytes(b"\xff\xfe\n")
    office.refused("verify --against latin.note", 3, "is not UTF-8")


def test_a20_an_older_checkpoint_offered_as_the_newest_says_its_size(office: Office) -> None:
    """It holds, and verify says how far it reaches."""
    office.all(f"checkpoint -o old.note\n{PAY.format(id='PAID')}")
    found = office.json("verify --against old.note")
    assert (found["size"], found["heads"]) == (11, [{"where": "old.note", "size": 10}])
    assert "outside head old.note: 10 entries" in office.run("verify --against old.note").out


def test_a20_a_cosignature_whose_time_alone_was_changed_is_false(office: Office) -> None:
    """The seconds are under the witness's signature; the ledger's own line still holds."""
    office.all(f"checkpoint -o kept.note\n{WITNESS.format(name='w1')}")
    key = office.json("witness kept.note --keys w1 --first-time -o seen.note")["key"]
    office.path("policy").write_text(f"witness w1 {key}\nquorum w1\n")
    assert office.json("verify --against seen.note --policy policy")["policy"] == {"satisfied": True, "missing": {"seen.note": []}}
    from base64 import b64decode, b64encode

    text = office.path("seen.note").read_text("utf-8")
    line = text.splitlines()[-1]
    raw = bytearray(b64decode(line.split(" ")[2]))
    raw[11] ^= 1
    office.path("late.note").write_text(text.replace(line.split(" ")[2], b64encode(raw).decode()), "utf-8")
    office.refused("verify --against late.note --policy policy", 11, "a signature under the name w1 is false")
    assert office.json("verify --against late.note")["ok"]
    office.refused(f"check late.note --trust {key}", 10, "bears a signature under the name w1 that is false")


def test_a21_a_pin_that_is_gone_is_missed_and_never_made_anew(office: Office) -> None:
    """verify: the file does not exist; nothing says `verified against` it. A witness: first sight, until that is said."""
    office.all(f"checkpoint -o pin.note\n{WITNESS.format(name='w1')}\nwitness pin.note --keys w1 --first-time")
    office.path("pin.note").rename(office.path("moved.note"))
    done = office.run("verify --against pin.note")
    assert (done.code, done.out) == (5, "")
    assert "pin.note does not exist" in done.err
    for path in office.path("w1/witnessed").glob("*.json"):
        path.unlink()
    office.refused("witness moved.note --keys w1", 11, "this witness has never seen this ledger")
    assert not list(office.path("w1/witnessed").glob("*.json"))
    office.all("witness moved.note --keys w1 --first-time")


def test_a21_a_replaced_pin_does_not_pass_for_the_old_one(office: Office, fork: Callable[[Office], Office]) -> None:
    """The pin of a forked copy convicts the ledger, it is not taken for its own."""
    other = fork(office)
    other.all("checkpoint -o pin.note")
    office.path("pin.note").write_bytes(other.path("pin.note").read_bytes())
    office.refused("verify --against pin.note", 10, "not consistent with checkpoint 11 of pin.note")


def test_a22_verify_says_what_it_looked_at_and_the_pin_decides(office: Office, fork: Callable[[Office], Office]) -> None:
    """Another path by environment, flag or link: place, ledger id, size and root are printed; a head tells them apart."""
    other = fork(office)
    office.all("checkpoint -o kept.note")
    found = office.json("verify --against kept.note")
    elsewhere = other.json(f"verify {ELSEWHERE}")
    assert {"where", "ledger_id", "size", "root", "origin", "version"} <= set(found)
    assert found["where"] != elsewhere["where"]
    assert found["root"] != elsewhere["root"]
    assert found["ledger_id"] in office.run("verify").out
    office.refused(f"verify --ledger {other.target} --against kept.note", 10, "not consistent with checkpoint 11")
    if office.cluster is None:
        office.path("link.db").symlink_to(other.target)
        office.refused("verify --ledger link.db --against kept.note", 10, "not consistent with checkpoint 11")


# --- policies


def test_signatures_before_a_head_that_was_verified_need_not_be_checked_again(office: Office) -> None:
    """`--from` and `--fast` check less, and say so; all else is checked as ever, and the head must still be one of this history."""
    office.all("checkpoint -o kept.note\n" + PAY.format(id="PAID"))
    less = (f"verify {ELSEWHERE} --from kept.note", f"verify {ELSEWHERE} --fast")
    assert [office.json(line)["cannot_exclude"][-1] for line in less] == ["seals that end before entry 10 were not checked by signature: by whom those entries are"] * 2
    assert "条目 #10 之前的封签未逐一查验签名" in office.run(f"--lang zh {less[1]}").out
    with office.edited() as edit:
        edit("UPDATE seals SET signature = ? WHERE first = 5", bytes(64))
    office.refused(f"verify {ELSEWHERE}", 10, "the seal over entry 5 on is not signed by its author")
    for line in less:
        assert office.json(line)["ok"]
    with office.edited() as edit:
        edit("UPDATE seals SET signature = ? WHERE first = 10", bytes(64))
    for line in less:
        office.refused(line, 10, "the seal over entry 10 on is not signed by its author")
    with office.edited() as edit:
        (content,) = edit("SELECT content FROM entries WHERE seq = 2")[0]
        edit("UPDATE entries SET content = ? WHERE seq = 2", content.replace("示例县".encode(), "示范县".encode()))
    for line in less:
        office.refused(line, 10, "content of entry 2 is not what its header binds")
    assert office.shell.line("verify --from kept.note --fast").code == 2


def test_signatures_are_checked_from_a_head_of_this_history_alone(office: Office, fork: Callable[[Office], Office]) -> None:
    """A head of a forked copy is told, whatever it spares."""
    other = fork(office)
    other.all("checkpoint -o other.note")
    office.refused(f"verify {ELSEWHERE} --from {other.path('other.note')}", 10, "not consistent with checkpoint 11")


def test_policy_needs_k_of_n_witnesses_on_one_head(office: Office) -> None:
    """Two of three; cosignatures on different heads do not add up; undecided names what is missing."""
    office.all("checkpoint -o head.note")
    keys = []
    for name in ("w1", "w2", "w3"):
        office.all(WITNESS.format(name=name))
        keys.append(office.json(f"witness head.note --keys {name} --first-time -o {name}.note")["key"])
    lines = [f"witness {name} {key}" for name, key in zip(("w1", "w2", "w3"), keys, strict=True)]
    office.path("policy").write_text("\n".join([f"log {office.key}", *lines, "group two 2 w1 w2 w3", "quorum two", ""]))
    office.refused("verify --policy policy", 11, "the witness policy is not satisfied: no outside head given")
    office.refused("verify --policy policy --against w1.note --against w2.note", 11, "w1.note: group two has 1 of 2 cosignatures")
    missing = office.json("verify --policy policy --against w1.note --against w2.note", 11)["policy"]["missing"]  # a line for people is cut
    assert all(any("group two has 1 of 2 cosignatures" in lack for lack in missing[name]) for name in ("w1.note", "w2.note"))
    office.all("checkpoint add-signature head.note w1.note w3.note -o both.note")
    assert office.json("verify --policy policy --against both.note")["verdict"] == "verified"
    found = office.json("verify --policy policy --against w2.note", 11)
    assert (found["ok"], found["verdict"], found["policy"]["satisfied"]) == (False, "undecided", False)
    assert "UNDECIDED: " in office.run("verify --policy policy --against w2.note").out
    office.cut(9)
    failed = office.json(f"verify {ELSEWHERE} --policy policy --against w1.note", 10)  # what fails is not called undecided
    assert {"INV-16.SHORTER", "UNDECIDED.POLICY"} == {p["code"] for p in failed["problems"]}


def test_policy_file_that_is_none_is_rejected(sqlite_office: Office) -> None:
    """Another syntax, an unknown name, no file, a folder."""
    for text, words in (("quorum w9\n", "w9 is not defined"), ("", "needs a quorum"), ("witness w x\nquorum w\n", "not a verifier key")):
        sqlite_office.path("policy").write_text(text)
        sqlite_office.refused("verify --policy policy", 3, words)
    sqlite_office.refused("verify --policy nothing", 5, "does not exist")
    sqlite_office.refused("verify --policy keys", 3, "not a regular file")


# --- the ledger key


def test_checkpoints_are_signed_by_the_key_in_force_at_their_size(office: Office) -> None:
    """After a rotation the old key signs nothing of a greater size; old checkpoints stay good; both keys are found by their file."""
    office.all("checkpoint -o old.note\nexport bundle -o old.zip")
    old = office.key
    office.all("officer new-key ledger-2\n--as root ledger rotate --public-key ledger-2 --reason 定期更换 --yes\ncheckpoint -o new.note\nexport bundle -o new.zip")
    new = office.key
    assert old != new
    assert office.json("verify --against old.note --against new.note --against new.zip")["ok"]
    false = forged(office, "false.note")  # the founding key, at the new size
    office.refused(f"verify --against {false}", 10, "is not signed by the key of this ledger at size 11")
    office.refused(f"check new.zip --trust {old}", 10, "its entries name another in its place")  # as anybody can write
    assert office.json(f"check new.zip --trust {old} --trust {office.ledger_id}")["lines"][0]["vouched_by"]
    assert office.json(f"check new.zip --trust {old} --trust old.note")["ok"]
    assert office.json(f"check new.zip --trust {office.ledger_id}")["ok"]
    office.refused(f"check new.note --trust {old}", 10, "is not signed by the ledger key you trust")
    assert office.json(f"check new.note --trust {new}")["ok"]
    assert office.json("compare old.note new.zip")["relation"] == "extends"
    office.path("keys/ledger-2.pem").rename(office.path("ledger-2.pem"))
    assert office.run("checkpoint").code == 0  # the one that was kept
    office.all("--as li project propose --project P9 --county 999901 --name 名 --yes")
    office.refused("checkpoint", 4, "the key of this ledger")


def test_money_is_what_the_office_begins_with() -> None:
    """Ten entries: the tests above count on them."""
    assert len(MONEY.strip().splitlines()) + 5 == 10
