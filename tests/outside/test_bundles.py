"""Bundles from anybody: read strictly, judged as a ledger is, in bounded memory."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator

import pytest

from ledger.bundle import zip_of
from ledger.calendar import format_at, system_clock
from ledger.chain.header import content_digest
from ledger.chain.note import checkpoint_text, parse_checkpoint, parse_note, sign_note
from ledger.errors import InputRejected, IntegrityFailed
from ledger.outside.bundles import Bundle, Row, judge
from ledger.outside.heads import of_bundle
from tests.outside.office import PAY, WITNESS, Office

ORIGIN = "demo.example/county"


@pytest.fixture
def members(sqlite_office: Office) -> dict[str, str]:
    """The three members of a bundle of eleven entries."""
    sqlite_office.all(PAY.format(id="PAID") + "\nexport bundle -o b.zip")
    with zipfile.ZipFile(sqlite_office.path("b.zip")) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def line_of(members: dict[str, str], member: str, number: int, change: Callable[[dict[str, object]], object]) -> dict[str, str]:
    """The members with one line changed."""
    lines = members[member].splitlines()
    value = json.loads(lines[number])
    change(value)
    lines[number] = json.dumps(value, ensure_ascii=False)
    return members | {member: "\n".join(lines) + "\n"}


def codes(members: dict[str, str]) -> set[str]:
    """The codes of what a check finds, wherever it is found."""
    raw = zip_of(members)
    try:
        of_bundle(raw, "b")
    except IntegrityFailed as error:
        return {error.code}
    found = judge(Bundle(raw, "b"), ORIGIN, format_at(system_clock()))
    return {str(problem["code"]) for problem in found.findings.told}


def test_a_sound_bundle_is_sound_in_any_spelling(members: dict[str, str]) -> None:
    """Spaces and the order of keys do not matter, nor how members are stored."""
    assert codes(members) == set()
    spaced = members | {"entries.jsonl": "".join(json.dumps(json.loads(line), sort_keys=True) + " \n" for line in members["entries.jsonl"].splitlines())}
    assert codes(spaced) == set()
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name in reversed(members):
            archive.writestr(name, members[name])
    assert of_bundle(raw.getvalue(), "b").head.size == 11


@pytest.mark.parametrize(("change", "words"), [
    (lambda m: m.pop("seals.jsonl"), "its members are not just"),
    (lambda m: m.update(more="x"), "its members are not just"),
    (lambda m: m.update({"entries.jsonl": m["entries.jsonl"][:-1]}), "the last line of entries.jsonl has no end"),
    (lambda m: m.update({"entries.jsonl": m["entries.jsonl"] + "\n"}), "line 12"),
    (lambda m: m.update({"entries.jsonl": m["entries.jsonl"].replace('"seq":3', '"seq":3,"seq":3')}), "line 4"),
    (lambda m: m.update({"entries.jsonl": m["entries.jsonl"].replace('"seq":3', '"seq":3,"x":3')}), "line 4"),
    (lambda m: m.update({"entries.jsonl": m["entries.jsonl"].replace('"seq":3', '"seq":3.0')}), "line 4"),
    (lambda m: m.update({"entries.jsonl": m["entries.jsonl"].replace('"seq":3', '"seq":NaN')}), "line 4"),
    (lambda m: m.update({"entries.jsonl": "[" * 100_000 + "\n"}), "line 1"),
    (lambda m: m.update({"entries.jsonl": '{"seq":0,"header":"\\ud800","content":""}\n'}), "line 1"),
    (lambda m: m.update({"checkpoint.note": "x" * 70_000}), "unpacks to more than 65536 bytes"),
    (lambda m: m.update({"checkpoint.note": "hello\n"}), "is not a checkpoint"),
])  # fmt: skip
def test_b32_a_malformed_bundle_is_rejected_input(members: dict[str, str], change: Callable[[dict[str, str]], object], words: str) -> None:
    """3, naming the member and the line."""
    change(members)
    with pytest.raises(InputRejected, match=words):
        of_bundle(zip_of(members), "b")


def test_b32_a_bundle_cut_or_changed_anywhere_is_an_operating_error(members: dict[str, str]) -> None:
    """No byte makes anything else of it than refused input, failed evidence, or the same entries."""
    raw, sound = zip_of(members), zip_of(members)
    for place in range(0, len(raw), 7):
        for mutant in (raw[:place], raw[:place] + bytes([raw[place] ^ 0x55]) + raw[place + 1 :]):
            try:
                source = of_bundle(mutant, "b")
                judged = judge(Bundle(mutant, "b"), source.head.origin, format_at(system_clock()))
            except (InputRejected, IntegrityFailed):
                continue
            same = source.tree is not None and source.tree.root() == of_bundle(sound, "b").head.root
            assert same or judged.findings.count


def test_b32_false_zips_are_refused(sqlite_office: Office, members: dict[str, str]) -> None:
    """Encrypted, doubled, bombs: by what is read, not by what the directory claims."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("entries.jsonl", "")
    for data in (raw.getvalue(), b"PK\3\4", b"PK\5\6" + bytes(18), zip_of(members)[:-30]):
        with pytest.raises(InputRejected):
            of_bundle(data, "b")
    encrypted = bytearray(zip_of(members))
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        place = encrypted.find(signature)
        encrypted[place + offset] |= 1
    with pytest.raises(InputRejected, match="encrypted"):
        of_bundle(bytes(encrypted), "b")
    bomb = zip_of(members | {"entries.jsonl": " " * 200_000_000})
    with pytest.raises(InputRejected, match="unpacks to more than"):
        of_bundle(bomb, "b")
    sqlite_office.path("b.zip").write_bytes(bomb)
    sqlite_office.refused("check b.zip", 3, "unpacks to more than")


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_are_stored_or_deflated_and_nothing_else(members: dict[str, str], how: int) -> None:
    """docs/format.md §1: refused by the directory, whole or damaged, before anything is unpacked."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", how) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    whole = raw.getvalue()
    start = whole.index(b"checkpoint.note") + 25
    damaged = whole[:start] + bytes(byte ^ 255 for byte in whole[start : start + 30]) + whole[start + 30 :]
    for data in (whole, damaged):
        with pytest.raises(InputRejected, match="neither stored nor deflated"):
            of_bundle(data, "b")


def test_entries_behind_the_checkpoint_or_without_a_header_end_the_reading(members: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Millions of empty entries fill no memory: what is told is told at the first of them."""
    read: list[int] = []
    entries = Bundle.entries

    def counted(bundle: Bundle) -> Iterator[Row]:
        for row in entries(bundle):
            read.append(row[0])
            yield row

    monkeypatch.setattr(Bundle, "entries", counted)
    header = f"content {content_digest(b'')}\n"
    empty = [json.dumps({"seq": seq, "header": header, "content": ""}) + "\n" for seq in range(1000)]
    last = json.loads(members["entries.jsonl"].splitlines()[-1])
    more = "".join(json.dumps({**last, "seq": seq, "header": last["header"].replace("seq 10", f"seq {seq}")}) + "\n" for seq in range(11, 1000))
    for text, code, count in (("".join(empty), "INV-01.HEADER", 1), (members["entries.jsonl"] + more, "INV-03.ROOT", 12)):
        read.clear()
        with pytest.raises(IntegrityFailed) as caught:
            of_bundle(zip_of(members | {"entries.jsonl": text}), "b")
        assert (caught.value.code, len(read)) == (code, count)


def test_what_is_wrong_in_a_bundle_has_the_codes_of_verify(members: dict[str, str], sqlite_office: Office) -> None:
    """Each of docs/format.md §10, points 1 to 5, and meaning."""

    def signed(members: dict[str, str]) -> dict[str, str]:
        """With a checkpoint over the entries as they now are, by the true ledger key."""
        from ledger.chain.merkle import Frontier, leaf_hash

        tree = Frontier()
        tree.extend(leaf_hash(json.loads(line)["header"].encode()) for line in members["entries.jsonl"].splitlines())
        head = parse_checkpoint(parse_note(members["checkpoint.note"]).text)._replace(size=tree.size, root=tree.root())
        key = sqlite_office.signer(f"ledger.{sqlite_office.ledger_id[:16]}")
        return members | {"checkpoint.note": sign_note(checkpoint_text(head), ORIGIN, key.private)}

    assert codes(line_of(members, "entries.jsonl", 3, lambda v: v.update(content=str(v["content"]).replace("李", "张")))) == {"INV-01.DIGEST"}
    assert codes(line_of(members, "entries.jsonl", 3, lambda v: v.update(header=str(v["header"]).replace("books", "book5")))) == {"INV-01.HEADER"}
    assert codes(line_of(members, "entries.jsonl", 3, lambda v: v.update(header=str(v["header"]).replace("at 20", "at 19")))) == {"INV-03.ROOT"}
    assert codes(line_of(members, "seals.jsonl", 1, lambda v: v.update(signature="A" * 86 + "=="))) == {"INV-04.SIGNATURE"}
    assert "INV-04.TILES" in codes(members | {"seals.jsonl": "".join(members["seals.jsonl"].splitlines(True)[1:])})
    assert "INV-04.END" in codes(members | {"seals.jsonl": "".join(members["seals.jsonl"].splitlines(True)[:-1])})
    assert codes(members | {"entries.jsonl": "".join(members["entries.jsonl"].splitlines(True)[:-1])}) == {"INV-03.ROOT"}
    swapped = members["entries.jsonl"].splitlines(True)
    swapped[3], swapped[4] = swapped[4], swapped[3]
    assert codes(members | {"entries.jsonl": "".join(swapped)}) == {"INV-02.MISSING"}
    again = line_of(members, "entries.jsonl", 10, lambda v: v.update(header=str(v["header"]).replace("T", "T", 1).replace("at 20", "at 19")))
    assert {"INV-03.ROOT", "INV-04.SIGNATURE"} & codes(signed(again))


def test_a_sealed_value_that_a_bundle_does_not_hold_leaves_it_undecided(office: Office) -> None:
    """Never ok: 11, and how many; erased by two persons it counts no more."""
    (office.folder / "account").write_text("622200")
    office.all("--vault vault --as li payment request --payment PAY-S --project P1 --amount 1 --payee 某公司 --account @account --yes\nexport bundle -o s.zip")
    said = office.refused(f"check s.zip --trust {office.key}", 11, "1 sealed values not opened: a bundle does not hold them")
    assert "622200" not in said
    found = office.json(f"check s.zip --trust {office.ledger_id}", 11)
    assert (found["ok"], found["verdict"]) == (False, "undecided")
    office.all(f"{WITNESS.format(name='w1')}\ncheckpoint -o s.note\nwitness s.note --keys w1 --first-time --from s.zip\nwitness s.note --keys w1")


def test_a_suspect_entry_leaves_a_bundle_undecided(office: Office) -> None:
    """As it leaves verify, until another person settles it."""
    office.all("--as root officer revoke --officer li --reason 密钥失窃 --since 9 --yes\nexport bundle -o b.zip")
    assert office.run("verify").code == 11
    said = office.refused(f"check b.zip --trust {office.key}", 11, "error[RIGHTS.SUSPECT]")
    assert "entry 9 is suspect" in said
