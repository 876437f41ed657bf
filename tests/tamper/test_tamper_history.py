"""A-05, A-06, A-07, A-14, A-19, A-20, A-29: tails cut, histories written anew, seals and trees that disagree, checkpoints."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.chain import canonical
from ledger.chain.header import Header, build_header, content_digest, parse_header
from ledger.chain.keys import public_bytes, seal_message
from ledger.chain.merkle import Frontier, leaf_hash
from ledger.chain.note import (
    Checkpoint,
    checkpoint_text,
    is_signed_by,
    parse_checkpoint,
    parse_note,
    sign_note,
)
from ledger.errors import IntegrityFailed, LedgerError
from ledger.service import Ledger
from ledger.store.keystore import Signer
from ledger.store.memory import Memory
from ledger.verify.run import OutsideHead, Verification, verify
from tests.tamper.benches import LATER, Bench, Edit, told
from tests.tamper.template import CHEN, CHEN_AGAIN, SIZE, STOLEN, STRANGER, SUN, template
from tests.tamper.test_tamper_rows import forged, put
from tests.world import LEDGER_KEY, LI, ORIGIN, QIAN, ROOT, WANG, ZHAO, Clock, counting, draft, first_yuan

NO_HEAD = "no outside checkpoint given: a missing tail cannot be excluded"
SIGNERS = {signer.key: signer for signer in (ROOT, LI, WANG, ZHAO, QIAN, SUN, CHEN, CHEN_AGAIN, STOLEN)}


def honest(target: str) -> Ledger:
    """The honest client, two hours later."""
    clock = Clock()
    clock.forward(hours=2)
    return Ledger.open(target, clock=clock, entropy=counting())


def head_of(target: str, size: int | None = None) -> OutsideHead:
    """The head at a size, as an auditor keeps it."""
    ledger = Ledger.open(target)
    with ledger.reading() as session:
        tree = Frontier()
        for seq in range(session.size if size is None else size):
            tree.append(session.history.entry(seq)[2])
    ledger.close()
    return OutsideHead(Checkpoint(ORIGIN, tree.size, tree.root()), "kept.note")


def work(ledger: Ledger, id: str = "PAY-later", signer: Signer = LI) -> None:
    """An honest append."""
    source = draft("payment.request", id, payment=id, project="P1", legs=[{"amount": 7, "quota": "Q1"}], payee="示例公司")
    ledger.append(signer, lambda _state: [source])


def refused(target: str) -> str:
    """The honest client must not build on this copy; returns the code of its refusal."""
    ledger = honest(target)
    try:
        with pytest.raises(IntegrityFailed) as caught:
            work(ledger)
        return caught.value.code
    finally:
        ledger.close()


def cut(edit: Edit, size: int) -> None:
    """Only the first `size` entries and their seals are left."""
    edit("DELETE FROM entries WHERE seq >= ?", size)
    edit("DELETE FROM seals WHERE size > ?", size)


def rebuilt(target: str) -> None:
    """The projections made anew by the product itself."""
    ledger = Ledger.open(target)
    ledger.rebuild()
    ledger.close()


@pytest.mark.parametrize("left", [SIZE - 1, SIZE - 2, 25, 8, 1])
def test_a05_a_tail_cut_from_every_table_needs_an_outside_head(bench: Bench, left: int) -> None:
    """Cut consistently nothing inside tells; verify says what it cannot exclude, and a kept checkpoint finds it."""
    target = bench.copy()
    head = head_of(target)
    with bench.edited(target) as edit:
        cut(edit, left)
        edit("DELETE FROM vault WHERE seq >= ?", left)
        edit("UPDATE projections SET size = 0")
        for table in ("facts", "moves", "objects", "balances"):
            edit(f"DELETE FROM {table}")
    rebuild_by_hand(target)
    alone = bench.verified(target)
    assert alone.ok, told(alone)
    assert alone.cannot_exclude == [NO_HEAD]
    found = bench.verified(target, heads=[head])
    assert [p["code"] for p in found.problems] == ["INV-16.SHORTER"], told(found)
    assert f"history ends before checkpoint {SIZE}" in str(found.problems[0]["message"])
    assert found.cannot_exclude == []


def rebuild_by_hand(target: str) -> None:
    """What `rebuild` does, by the replay itself: an administrator can run any code of ours without its checks."""
    from ledger.store import projections
    from ledger.store.session import Session

    ledger = Ledger.open(target)
    with ledger.database.writing() as connection:
        projections.clear(ledger.database, connection)
        projections.replay(Session(ledger.database, connection), 0)
    ledger.close()


def test_a05_a_ledger_cut_to_nothing_is_named(bench: Bench) -> None:
    """Not one entry: there is nothing to verify."""
    found = bench.tampered(lambda edit: cut(edit, 0))
    assert [(p["code"], p["seq"]) for p in found.problems] == [("INV-02.MISSING", 0)]


def test_a05_a_tail_cut_inside_a_seal_is_found(bench: Bench) -> None:
    """Entries 5 to 7 are one append: no seal ends within it."""
    found = bench.tampered(lambda edit: cut(edit, 7))
    assert any(p["code"].startswith("INV-04") for p in found.problems), told(found)


def test_inv16_a_true_head_is_a_prefix(bench: Bench) -> None:
    """Every head of this history passes, at any size; one of another history or ledger does not."""
    target = bench.copy()
    heads = [head_of(target, size) for size in (0, 1, 8, 25, SIZE)]
    assert bench.verified(target, heads=heads).ok
    for checkpoint, code in (
        (Checkpoint(ORIGIN, 25, b"\1" * 32), "INV-16.FORK"), (Checkpoint(ORIGIN, 0, b"\1" * 32), "INV-16.FORK"),
        (Checkpoint("other.example", 25, heads[3].checkpoint.root), "INV-16.ORIGIN"),
        (Checkpoint(ORIGIN, 99, b"\1" * 32), "INV-16.SHORTER"),
    ):  # fmt: skip
        found = bench.verified(target, heads=[OutsideHead(checkpoint, "kept.note")])
        assert [p["code"] for p in found.problems] == [code]
    unsigned = OutsideHead(heads[4].checkpoint, "kept.note", signed=False)
    assert [p["code"] for p in bench.verified(target, heads=[unsigned]).problems] == ["INV-16.SIGNATURE"]


# --- written anew from entry k --------------------------------------------------------------------------------


def rewrite(edit: Edit, k: int, sign: Callable[[str, bytes], bytes | None], change: Callable[[dict[str, Any]], None]) -> None:
    """Change the content of entry k, then make every digest, leaf, chain link, root and frontier from there on anew.

    `sign` gives the signature of an author over a message, or None to leave the old one.
    """
    tree = Frontier()
    contents: dict[int, bytes] = {}
    by_id: dict[str, str] = {}
    prev = ""
    seals = edit.rows("SELECT first, size, author FROM seals ORDER BY size")
    roots: dict[int, tuple[bytes, bytes]] = {}
    for seq, raw_header, raw in edit.rows("SELECT seq, header, content FROM entries ORDER BY seq"):
        value = canonical.decode(raw)
        if seq == k:
            change(value)
        reference = value["data"].get("entry")
        if reference and seq > k:
            reference["leaf"] = by_id[reference["entry"]]
        contents[seq] = canonical.encode(value)
        old = parse_header(raw_header)
        header = build_header(old if seq < k else Header(seq, prev or old.prev, old.at, old.books, content_digest(contents[seq])))
        leaf = leaf_hash(header)
        if seq >= k:
            edit("UPDATE entries SET header = ?, content = ?, leaf = ? WHERE seq = ?", header, contents[seq], leaf, seq)
        by_id[value["id"]] = prev = leaf.hex()
        tree.append(leaf)
        roots[tree.size] = (tree.root(), tree.to_bytes())
    for first, size, author in seals:
        if size > k:
            root, frontier = roots[size]
            signature = sign(author, seal_message(first, ORIGIN, size, root))
            edit("UPDATE seals SET root = ?, frontier = ? WHERE size = ?", root, frontier, size)
            if signature is not None:
                edit("UPDATE seals SET signature = ? WHERE size = ?", signature, size)


def richer(value: dict[str, Any]) -> None:
    """The first request asks for the same money for another payee."""
    value["data"]["payee"] = "另一公司"


K = 24  # PAY-1, by LI; the next entry is by SUN


def test_a06_rewrite_from_k_without_keys_fails_at_the_signature(bench: Bench) -> None:
    """All hashes agree with each other; no seal from k on is signed."""
    found = bench.tampered(lambda edit: rewrite(edit, K, lambda *_: None, richer))
    first = next(p for p in found.problems if not str(p["code"]).startswith("INV-13"))
    assert (first["code"], first["seq"]) == ("INV-04.SIGNATURE", K), told(found)


def test_a06_rewrite_from_k_with_strange_keys_fails_at_the_signature(bench: Bench) -> None:
    """The same, signed by a key of no officer."""
    found = bench.tampered(lambda edit: rewrite(edit, K, lambda _, message: STRANGER.private.sign(message), richer))
    first = next(p for p in found.problems if not str(p["code"]).startswith("INV-13"))
    assert (first["code"], first["seq"]) == ("INV-04.SIGNATURE", K), told(found)


def test_a06_rewrite_from_k_with_one_stolen_key_fails_at_the_next_signer(bench: Bench) -> None:
    """Entry 24 can be sealed anew by the stolen key; entry 25 is another officer's."""

    def sign(author: str, message: bytes) -> bytes | None:
        return LI.private.sign(message) if author == LI.key else None

    found = bench.tampered(lambda edit: rewrite(edit, K, sign, richer))
    first = next(p for p in found.problems if not str(p["code"]).startswith("INV-13"))
    assert (first["code"], first["seq"]) == ("INV-04.SIGNATURE", K + 1), told(found)


@pytest.mark.parametrize("memory", ["an auditor's checkpoint", "an officer's memory"])
def test_a06_rewrite_from_k_with_all_keys_is_caught_only_from_outside(bench: Bench, tmp_path: Path, memory: str) -> None:
    """Inside everything agrees; who has kept a head knows."""
    target = bench.copy()
    before, old = head_of(target), head_of(target, 30)
    kept = remembering(target, tmp_path)
    with bench.edited(target) as edit:
        rewrite(edit, K, lambda author, message: SIGNERS[author].private.sign(message), richer)
    rebuilt(target)
    alone = bench.verified(target)
    assert alone.ok, told(alone)
    assert alone.cannot_exclude == [NO_HEAD]
    if memory == "an auditor's checkpoint":
        for head in (before, old):
            found = bench.verified(target, heads=[head])
            assert [p["code"] for p in found.problems] == ["INV-16.FORK"]
            assert "not consistent with checkpoint" in str(found.problems[0]["message"])
        assert bench.verified(target, heads=[head_of(target, K)]).ok
        return
    ledger = honest(target)
    with pytest.raises(IntegrityFailed) as caught:
        ledger.append(LI, lambda _: [draft("project.propose", "p9", project="P9", county="999901", name="示例")], memory=kept)
    ledger.close()
    assert caught.value.code == "INV-16.FORK"


def remembering(target: str, folder: Path) -> Memory:
    """A memory that has seen this copy."""
    ledger = honest(target)
    with ledger.reading() as session:
        memory = Memory(folder, session.id)
        memory.confirm(session.tree(), max(found.by for _, found in session.state.objects("recovery")))
    ledger.close()
    return memory


# --- attacks that look sound to a careless verifier -----------------------------------------------------------------


def test_attack_a_row_without_a_key_is_not_built_upon(bench: Bench) -> None:
    """(a) A row without a seal, or under a seal no officer signed, waits for an honest officer's next append."""
    for signed in (False, True):
        target = bench.copy()
        with bench.edited(target) as edit:
            forged(edit, signed=signed)
            edit("UPDATE projections SET size = ?", SIZE + 1)
        assert refused(target).startswith("INV-0")


def test_attack_a_row_under_a_key_put_into_the_projections_is_not_built_upon(bench: Bench) -> None:
    """(a) The derived key table gives an officer's key id the attacker's public key: the id is its hash, so it is a lie."""
    target = bench.copy()
    public = base64.b64encode(public_bytes(STRANGER.private)).decode()
    with bench.edited(target) as edit:
        forged(edit, signed=True)
        old = base64.b64encode(public_bytes(QIAN.private)).decode()
        edit("UPDATE objects SET value = REPLACE(value, ?, ?) WHERE sort = 'key' AND id = ?", old, public, QIAN.key)
        edit("UPDATE projections SET size = ?", SIZE + 1)
    assert any(p["code"] == "INV-04.SIGNATURE" and p["seq"] == SIZE for p in bench.verified(target).problems)
    assert refused(target).startswith("INV-0")


def test_attack_a_key_that_stands_only_in_the_projections_is_not_built_upon(bench: Bench) -> None:
    """(a) A whole officer and key put into the derived tables: no entry enrolled them, so their seal is by nobody."""
    target = bench.copy()
    with bench.edited(target) as edit:
        forged(edit)
        tree = Frontier()
        tree.extend(row[0] for row in edit.rows("SELECT leaf FROM entries ORDER BY seq"))
        signature = STRANGER.private.sign(seal_message(SIZE, ORIGIN, SIZE + 1, tree.root()))
        put(edit, "seals", (SIZE + 1, SIZE, tree.root(), STRANGER.key, signature, tree.to_bytes()))
        ((value,),) = edit.rows("SELECT value FROM objects WHERE sort = 'key' AND id = ?", QIAN.key)
        public = [base64.b64encode(public_bytes(key.private)).decode() for key in (QIAN, STRANGER)]
        put(edit, "objects", ("key", STRANGER.key, value.replace(*public)))
        edit("UPDATE projections SET size = ?", SIZE + 1)
    assert any(p["code"] in ("INV-04.KEY", "INV-04.AUTHOR") and p["seq"] == SIZE for p in bench.verified(target).problems)
    assert refused(target).startswith("INV-0")


def careless(edit: Edit, first: int, signer: Signer = LI) -> None:
    """A client that does not look at the head seals a last entry of its own over whatever stands there."""
    ((size, raw, leaf),) = edit.rows("SELECT seq + 1, content, leaf FROM entries ORDER BY seq DESC LIMIT 1")
    value = canonical.decode(raw)
    value.update(author=signer.key, id="own", kind="project.propose", moves=[],
                 data={"county": "999901", "name": "示例", "project": "P9"})  # fmt: skip
    content = canonical.encode(value)
    ((book,),) = edit.rows("SELECT value FROM objects WHERE sort = 'book' AND id = '999901/open'")
    count = canonical.decode(book.encode())["count"]
    header = build_header(Header(size, leaf.hex(), "2026-11-24T05:00:00Z", f"999901/open={count}", content_digest(content)))
    put(edit, "entries", (size, header, content, leaf_hash(header)))
    tree = Frontier()
    tree.extend(row[0] for row in edit.rows("SELECT leaf FROM entries ORDER BY seq"))
    signature = signer.private.sign(seal_message(first, ORIGIN, size + 1, tree.root()))
    put(edit, "seals", (size + 1, first, tree.root(), signer.key, signature, tree.to_bytes()))


def test_attack_a_row_without_a_key_under_a_careless_officer_fails(bench: Bench) -> None:
    """(a) The officer's seal covers the tree with the forged row in it; the row is still under no seal of its author."""

    def beside(edit: Edit) -> None:
        careless(edit, forged(edit) + 1)

    def over(edit: Edit) -> None:
        careless(edit, forged(edit))

    found = bench.tampered(beside)
    assert any(p["code"] == "INV-04.UNSEALED" and p["seq"] == SIZE for p in found.problems), told(found)
    found = bench.tampered(over)
    assert any(p["code"] == "INV-04.AUTHOR" and p["seq"] == SIZE for p in found.problems), told(found)


def test_attack_a_checkpoint_signature_is_no_seal(bench: Bench) -> None:
    """(b) An officer's signature over the text of a checkpoint of just this head, offered as the seal."""
    target = bench.copy()
    head = head_of(target).checkpoint
    for text in (checkpoint_text(head), checkpoint_text(head).removesuffix("\n"), checkpoint_text(head) + "\n"):
        signature = QIAN.private.sign(text.encode())
        found = bench.tampered(
            lambda edit, signature=signature: edit("UPDATE seals SET signature = ? WHERE size = ?", signature, SIZE)
        )
        assert [(p["code"], p["seq"]) for p in found.problems] == [("INV-04.SIGNATURE", SIZE - 1)]


def test_k10_a_seal_is_no_checkpoint() -> None:
    """An officer's seal, or the ledger key's signature over a seal's bytes, does not sign a checkpoint; nor the reverse."""
    head = Checkpoint(ORIGIN, 5, b"\7" * 32)
    text = checkpoint_text(head)
    note = sign_note(text, ORIGIN, LEDGER_KEY.private)
    public = public_bytes(LEDGER_KEY.private)
    assert is_signed_by(parse_note(note), ORIGIN, public)
    for message in (seal_message(0, ORIGIN, 5, head.root), text.encode()[:-1]):
        raw = base64.b64decode(note.rstrip("\n").rpartition(" ")[2])[:4] + LEDGER_KEY.private.sign(message)
        other = note.rpartition(" ")[0] + " " + base64.b64encode(raw).decode() + "\n"
        assert not is_signed_by(parse_note(other), ORIGIN, public)
    assert not is_signed_by(parse_note(sign_note(text, ORIGIN, LI.private)), ORIGIN, public)
    assert not is_signed_by(parse_note(sign_note(text, "other.example", LEDGER_KEY.private)), ORIGIN, public)


CONSECUTIVE = (SIZE - 4, SIZE - 3)  # seals of one officer over one entry each


def test_attack_the_earlier_of_two_seals_of_one_officer_deleted_fails(bench: Bench) -> None:
    """(c) The later root still covers both entries; the tiling does not."""
    found = bench.tampered(lambda edit: edit("DELETE FROM seals WHERE size = ?", CONSECUTIVE[0]))
    assert any(p["code"].startswith("INV-04") and p["seq"] == CONSECUTIVE[0] - 1 for p in found.problems), told(found)


def test_attack_two_seals_of_one_officer_merged_fail(bench: Bench) -> None:
    """(c) `from` is signed: a seal stretched over its predecessor's entry is signed by nobody."""

    def merge(edit: Edit) -> None:
        edit("DELETE FROM seals WHERE size = ?", CONSECUTIVE[0])
        edit("UPDATE seals SET first = ? WHERE size = ?", CONSECUTIVE[0] - 1, CONSECUTIVE[1])

    found = bench.tampered(merge)
    assert [(p["code"], p["seq"]) for p in found.problems] == [("INV-04.SIGNATURE", CONSECUTIVE[0] - 1)], told(found)


def test_attack_one_seal_split_in_two_fails(bench: Bench) -> None:
    """(c) The other way: the append of entries 5 to 7 shown as two."""

    def split(edit: Edit) -> None:
        ((author, signature),) = edit.rows("SELECT author, signature FROM seals WHERE size = 8")
        tree = Frontier()
        tree.extend(row[0] for row in edit.rows("SELECT leaf FROM entries WHERE seq < 6 ORDER BY seq"))
        put(edit, "seals", (6, 5, tree.root(), author, signature, tree.to_bytes()))
        edit("UPDATE seals SET first = 6 WHERE size = 8")

    found = bench.tampered(split)
    assert {p["code"] for p in found.problems} == {"INV-04.SIGNATURE"}, told(found)


# --- A-19, A-29 -----------------------------------------------------------------------------------------------------


STRUCTURES = ["leaf", "chain", "leaf and chain"]  # one leaf other than its header's hash; one link replaced; both


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a19_tree_and_chain_that_disagree_are_found_at_every_index(target: str, structure: str) -> None:
    """Every index of a ledger of eleven entries, the tree made anew without keys."""
    made = first_yuan(target)
    database = made.ledger.database
    for seq in range(1, 11):
        with database.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            for guard in ("entries_no_update", "entries_no_delete"):
                connection.exec_driver_sql(f"DROP TRIGGER {guard}" + (" ON entries" if database.dialect == "postgresql" else ""))
            disagree(Edit(lambda sql, values, c=connection: c.exec_driver_sql(database.sql(sql), tuple(values) or None)), structure, seq)
            found = verify(database, connection, now=LATER, heads=[])
            connection.exec_driver_sql("ROLLBACK")
        assert names_index(found, seq), (seq, told(found))
    assert made.verify().ok
    made.ledger.close()


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a19_tree_and_chain_that_disagree_are_found_among_all_kinds(bench: Bench, structure: str) -> None:
    """The same in the full ledger."""
    for seq in range(1, SIZE, 13):
        found = bench.tampered(lambda edit, seq=seq: disagree(edit, structure, seq))
        assert names_index(found, seq), (seq, told(found))


def disagree(session: Edit, structure: str, seq: int) -> None:
    """Tree and chain made to say two things of one entry."""
    ((header,),) = session.rows("SELECT header FROM entries WHERE seq = ?", seq)
    relinked = build_header(parse_header(header)._replace(prev="ab" * 32))
    if structure == "leaf":
        session("UPDATE entries SET leaf = ? WHERE seq = ?", b"\5" * 32, seq)
    elif structure == "chain":
        session("UPDATE entries SET header = ? WHERE seq = ?", relinked, seq)
    else:
        session("UPDATE entries SET header = ?, leaf = ? WHERE seq = ?", relinked, leaf_hash(relinked), seq)


def names_index(found: Verification, seq: int) -> bool:
    """Whether a finding about chain or tree names just this entry."""
    return any(p.get("seq") == seq and str(p["code"]).startswith(("INV-02", "INV-03")) for p in found.problems)


HEADS: dict[str, tuple[str, str, str, int]] = {
    "the last content": ("entries", "content", "seq", SIZE - 1),
    "the last header": ("entries", "header", "seq", SIZE - 1),
    "the last leaf": ("entries", "leaf", "seq", SIZE - 1),
    "the head seal's root": ("seals", "root", "size", SIZE),
    "the head seal's signature": ("seals", "signature", "size", SIZE),
    "the head seal's frontier": ("seals", "frontier", "size", SIZE),
    "the frontier before": ("seals", "frontier", "size", SIZE - 1),
    "the root before": ("seals", "root", "size", SIZE - 1),
}


def longer(edit: Edit, table: str, column: str, key: str, place: int) -> None:
    """A cell of bytes with one byte more."""
    ((value,),) = edit.rows(f"SELECT {column} FROM {table} WHERE {key} = ?", place)
    edit(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", value + b" ", place)


@pytest.mark.parametrize("what", HEADS)
def test_a29_nothing_is_added_to_a_head_that_was_tampered_with(bench: Bench, what: str) -> None:
    """A byte more at the head: exit 10, and nothing is recorded."""
    target = bench.copy()
    with bench.edited(target) as edit:
        longer(edit, *HEADS[what])
    assert refused(target).startswith("INV-0")
    assert bench.verified(target).size == SIZE


@pytest.mark.parametrize("statement", [
    f"DELETE FROM seals WHERE size = {SIZE}", f"DELETE FROM seals WHERE size = {SIZE - 1}", f"DELETE FROM entries WHERE seq = {SIZE - 1}",
    "DELETE FROM seals", "DELETE FROM entries", "DELETE FROM entries WHERE seq = 0",
    f"UPDATE seals SET first = {SIZE - 2} WHERE size = {SIZE}", f"UPDATE seals SET author = 'x' WHERE size = {SIZE}",
    f"UPDATE seals SET size = {SIZE + 1} WHERE size = {SIZE}", f"UPDATE entries SET seq = {SIZE} WHERE seq = {SIZE - 1}",
    f"UPDATE entries SET seq = 9000000000000000000 WHERE seq = {SIZE - 1}",
])  # fmt: skip
def test_a29_nothing_is_added_to_a_head_with_rows_gone(bench: Bench, statement: str) -> None:
    """Rows at the head gone or moved: exit 10."""
    target = bench.copy()
    with bench.edited(target) as edit:
        edit(statement)
    assert refused(target).startswith("INV-0")


def test_a29_an_older_body_is_left_to_verify(bench: Bench) -> None:
    """An append looks at the head alone; verify then still names the old entry."""
    target = bench.copy()
    with bench.edited(target) as edit:
        longer(edit, "entries", "content", "seq", 5)
    ledger = honest(target)
    work(ledger)
    ledger.close()
    assert any(p.get("seq") == 5 for p in bench.verified(target).problems)


# --- A-20 -----------------------------------------------------------------------------------------


def test_a07_a_backup_put_back_is_caught_by_a_head_and_by_the_officers_memory(bench: Bench, tmp_path: Path) -> None:
    """The older copy is sound in itself."""
    old, new = bench.copy(), bench.copy()
    ledger = honest(new)
    work(ledger)
    ledger.close()
    kept, head = remembering(new, tmp_path), head_of(new)
    assert bench.verified(old).ok
    assert [p["code"] for p in bench.verified(old, heads=[head]).problems] == ["INV-16.SHORTER"]
    ledger = honest(old)
    with pytest.raises(IntegrityFailed) as caught:
        ledger.append(LI, lambda _: [draft("project.propose", "p9", project="P9", county="999901", name="示例")], memory=kept)
    ledger.close()
    assert caught.value.code == "INV-16.SHORTER"


def test_a09_two_histories_from_one_backup_are_told_apart(bench: Bench) -> None:
    """Both are sound; a head of one convicts the other."""
    one, two = bench.copy(), bench.copy()
    for target, id in ((one, "PAY-one"), (two, "PAY-two")):
        ledger = honest(target)
        work(ledger, id)
        ledger.close()
        assert bench.verified(target).ok
    assert [p["code"] for p in bench.verified(two, heads=[head_of(one)]).problems] == ["INV-16.FORK"]


def test_a08_another_ledger_of_the_same_officers_has_another_id(sqlite_bench: Any, tmp_path: Path) -> None:
    """Same keys, same origin, another ledger: the id differs, and its head convicts it."""
    made = template(str(tmp_path / "other.db"), tmp_path / "vault")
    with made.ledger.reading() as session:
        first = session.id
    made.ledger.close()
    target = sqlite_bench.copy()
    assert sqlite_bench.verified(target).ledger_id == first  # the same founding gives the same id …
    ledger = Ledger.create(str(tmp_path / "third.db"), _founding(), clock=Clock(), entropy=lambda size: b"\x99" * size)
    with ledger.reading() as session:
        assert session.id != first  # … another nonce another
    ledger.close()
    assert [p["code"] for p in sqlite_bench.verified(str(tmp_path / "third.db"), heads=[head_of(target, 1)]).problems] == ["INV-16.FORK"]


def _founding() -> Any:
    from ledger.service import Founding

    return Founding(origin=ORIGIN, name="示例县台账", root=ROOT, ledger_key=public_bytes(LEDGER_KEY.private), policy="standard")


@pytest.mark.parametrize("lie", [
    ("key", "REPLACE(value, '\"officer\":\"li\"', '\"officer\":\"wang\"')"),
    ("officer", "REPLACE(value, '\"active\":false', '\"active\":true')"),
    ("officer", "REPLACE(value, 'handler', 'administrator')"),
    ("ledger", "REPLACE(value, 'control', 'observe')"),
    ("ledger", "REPLACE(value, '\"person\"', '\"none\"')"),
    ("administrators", "REPLACE(value, 'chen', 'wang')"),
    ("waiting", "REPLACE(value, 'qian', 'zhao')"),
])  # fmt: skip
def test_a14_key_and_rule_tables_are_derived_and_edits_are_found(bench: Bench, lie: tuple[str, str]) -> None:
    """Keys, roles, revocations and policy are made from signed entries; the tables are only their shadow."""
    sort, value = lie
    found = bench.tampered(lambda edit: edit(f"UPDATE objects SET value = {value} WHERE sort = ?", sort))
    assert any(p["code"] == "INV-13.OBJECTS" for p in found.problems), told(found)


def test_a20_a_checkpoint_is_read_in_its_one_spelling() -> None:
    """Other lines, a changed size or root, a name that is not the origin: refused or not signed."""
    head = Checkpoint(ORIGIN, 5, b"\7" * 32)
    note = sign_note(checkpoint_text(head), ORIGIN, LEDGER_KEY.private)
    public = public_bytes(LEDGER_KEY.private)
    assert parse_checkpoint(parse_note(note).text) == head
    for other in (note.replace("\n5\n", "\n6\n"), note.replace(ORIGIN + "\n5", "other.example\n5"), note.replace("Bwc", "Bwd", 1)):
        assert not is_signed_by(parse_note(other), ORIGIN, public)
    for text in ("\n05\n", "\n+5\n", "\n5 \n", "\n-1\n", "\n5\nextra\n", "\n5.0\n"):
        with pytest.raises(ValueError, match="checkpoint"):
            parse_checkpoint(checkpoint_text(head).replace("\n5\n", text))


def test_inv04_entry_0_is_sealed_by_one_of_its_roots(bench: Bench) -> None:
    """A key that is enrolled only later, though by true entries, cannot have founded the ledger (format §5)."""
    target = bench.copy()
    with bench.edited(target) as edit:
        edit("UPDATE seals SET author = ? WHERE size = 1", LI.key)
        rewrite(edit, 0, lambda author, message: SIGNERS[author].private.sign(message), lambda value: value.update(author=LI.key))
    found = bench.verified(target)
    assert any(p["seq"] == 0 and str(p["code"]).startswith("INV-04") for p in found.problems), told(found)


def test_a19_the_immudb_replay_shows_nothing_twice(bench: Bench) -> None:
    """Entries after the last checkpoint changed, shown, changed again: each sight fails against the kept head."""
    target = bench.copy()
    head, late = head_of(target, 40), head_of(target)
    for n in range(2):
        with bench.edited(target) as edit:
            rewrite(edit, SIZE - 5, lambda author, message: SIGNERS[author].private.sign(message),
                    lambda value, n=n: value["data"].update(payee=f"公司{n}"))  # fmt: skip
        rebuilt(target)
        assert bench.verified(target, heads=[head]).ok
        assert [p["code"] for p in bench.verified(target, heads=[head, late]).problems] == ["INV-16.FORK"]
        late = head_of(target)


def test_a29_a_refusal_is_an_operating_error(bench: Bench) -> None:
    """Exit 10, with what to do."""
    target = bench.copy()
    with bench.edited(target) as edit:
        edit("DELETE FROM seals WHERE size = ?", SIZE)
    ledger = honest(target)
    with pytest.raises(LedgerError) as caught:
        work(ledger)
    ledger.close()
    assert caught.value.exit_code == 10
    assert "verify" in caught.value.hint
