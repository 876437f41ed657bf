"""K-01 … K-12, K-19: keys, roles and persons, by position; signatures in their one spelling; replays."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.keys import b64, key_id, possession_message, public_bytes, seal_message, verify_signature
from ledger.errors import InputRejected, LedgerError, NotPermitted, Refused
from ledger.kinds.declare import KINDS
from ledger.kinds.keys import ROLES
from ledger.service import Founding, Ledger
from ledger.store.append import as_source
from tests.book.desk import LOST, rotation
from tests.verify.modified_client import Bad, ModifiedClient, move
from tests.world import LEDGER_KEY, LI, ORIGIN, QIAN, ROOT, WANG, ZHAO, Clock, World, draft, enrolment, signer

L = 2**252 + 27742317777372353535851937790883648493
HELPERS = {role: signer(100 + n) for n, role in enumerate(ROLES)}


@pytest.fixture
def made(sqlite_target: str) -> Iterator[World]:
    """Eleven entries, and two who may acknowledge what is void."""
    made = World(sqlite_target)
    made.bodies()
    made.first_yuan()
    made.record(ROOT, enrolment("zhao", ZHAO, ["reviewer", "auditor"]), enrolment("qian", QIAN, ["auditor"]))
    yield made
    made.ledger.close()


def request(id: str, n: int = 100) -> Any:
    """A request of LI's."""
    return draft("payment.request", id, payment=id, project="P1", legs=[{"amount": n, "quota": "Q1"}], payee="示例公司")


def bad_request(id: str, **fields: Any) -> Bad:
    """The same as a modified client seals it."""
    data = {"legs": [{"amount": 100, "quota": "Q1"}], "payee": "示例公司", "payment": id, "project": "P1"}
    return Bad("payment.request", id, data, [move("P1:budget", f"{id}:reserved", 100)], {"999901/money": None}, **fields)


# --- K-01 … K-04, K-07: revocation and position ---------------------------------------------------------------------


def test_k02_a_revoked_key_records_nothing_more(made: World) -> None:
    """Exit 4 from the next entry on."""
    made.record(ROOT, draft("officer.revoke", "rev", officer="li", reason="调离"))
    with pytest.raises(NotPermitted) as caught:
        made.record(LI, request("PAY-2"))
    assert (caught.value.exit_code, caught.value.code) == (4, "RIGHTS.REVOKED")


@pytest.mark.parametrize("at", ["2026-11-24T02:00:00Z", "2026-11-01T00:00:00Z", "2020-01-01T00:00:00Z"])
def test_k03_a_claimed_time_before_the_revocation_does_not_help(made: World, at: str) -> None:
    """The modified client back-dates: the position in the chain decides, so the entry is void."""
    made.clock.forward(minutes=5)
    made.record(ROOT, draft("officer.revoke", "rev", officer="li", reason="调离"))
    client = ModifiedClient(made.target, LI.private)
    (seq,) = client.seal(bad_request("bad-1", at=at, occurred_on="2020-01-01"))
    client.close()
    made.ledger.rebuild()
    found = made.verify()
    assert ("RIGHTS.REVOKED", seq) in [(p["code"], p.get("seq")) for p in found.problems]
    assert made.balance("bad-1:reserved") == 0


def test_k04_what_a_key_sealed_before_its_revocation_stays_valid(made: World) -> None:
    """Verify is ok after it, and the request can still be approved."""
    made.record(LI, request("PAY-2"))
    made.record(ROOT, draft("officer.revoke", "rev", officer="li", reason="调离"))
    made.record(WANG, draft("payment.approve", "pa2", payment="PAY-2"))
    assert made.verify().ok


def test_k07_a_key_signs_only_from_the_entry_after_its_enrolment(made: World) -> None:
    """Before it the append is refused: such a key belongs to no officer."""
    new = signer(55)
    with pytest.raises(NotPermitted) as caught:
        made.record(new, request("PAY-2"))
    assert caught.value.code == "RIGHTS.KEY"
    made.record(ROOT, enrolment("new", new, ["handler"]))
    made.record(new, request("PAY-2"))
    assert made.verify().ok


def test_k01_one_key_never_suffices_for_a_payment(made: World) -> None:
    """Not even where one person holds every role that there is."""
    all_roles = signer(56)
    made.record(ROOT, enrolment("all", all_roles, [role for role in ROLES if role != "administrator"]))
    made.record(all_roles, request("PAY-2"))
    for kind in ("payment.approve", "payment.reject"):
        with pytest.raises(NotPermitted) as caught:
            made.record(all_roles, draft(kind, "x1", payment="PAY-2", reason="x"))
        assert caught.value.code == "RIGHTS.SAME_PERSON"
    with pytest.raises(NotPermitted):
        made.record(all_roles, request("PAY-3"), draft("payment.approve", "x2", payment="PAY-3"))


@pytest.mark.parametrize("key", [LEDGER_KEY, signer(77)], ids=["ledger key", "strange key"])
def test_k05_who_is_no_officer_records_nothing(made: World, key: Any) -> None:
    """The ledger key signs checkpoints alone."""
    with pytest.raises(NotPermitted) as caught:
        made.record(key, request("PAY-2"))
    assert caught.value.code == "RIGHTS.KEY"


# --- K-05: every role by every kind ---------------------------------------------------------------------------------


def drafts_of(made: World) -> dict[str, Any]:
    """A sound draft of every kind; those about entries name one in the right state."""
    reversed_by = made.ref("ap3")
    return {
        "authority.register": draft("authority.register", "n", code="999902", name="另一县", level="county", parent="990000"),
        "officer.enroll": enrolment("someone", signer(88), ["clerk"]),
        "officer.revoke": draft("officer.revoke", "n", officer="spare", reason="x"),
        "officer.rotate": draft("officer.rotate", "n", **rotation("spare", signer(87))),
        "ledger.rotate": draft("ledger.rotate", "n", **rotation("ledger", signer(86), reason="x")),
        "ledger.recover": draft("ledger.recover", "n", **LOST),
        "policy.set": draft("policy.set", "n", policy=[]),
        "household.enroll": draft("household.enroll", "n", household="H-0002", place="999901", type="registered"),
        "person.erase": draft("person.erase", "n", person="H-0001", holder="999901", reason="x"),
        "entry.confirm": draft("entry.confirm", "n", entry=made.ref("r1")),
        "entry.void": draft("entry.void", "n", entry=made.ref("bad-1"), finding="void", reason="x"),
        "entry.reverse": draft("entry.reverse", "n", entry=reversed_by, reason="x"),
        "book.state": draft("book.state", "n", book="990000/people", count=1, totals=[]),
        "quota.receive": draft("quota.receive", "n", quota="Q7", holder="999901", amount=5, year=2025, source_level="county"),
        "quota.release": draft("quota.release", "n", **{"from": "990000"}, to="999901", legs=[{"amount": 1, "quota": "Q5"}]),
        "paper.record": draft("paper.record", "n", paper="x", title="x", holder="999901", year=2025, date="2025", unit="元",
                              complete=True, mirror=False),
        "project.propose": draft("project.propose", "n", project="P7", county="999901", name="x"),
        "project.approve": draft("project.approve", "n", project="P1", document_number="x"),
        "project.fund": draft("project.fund", "n", project="P1", legs=[{"amount": 1, "quota": "Q6"}]),
        "payment.request": draft("payment.request", "n", payment="PAY-7", project="P1", legs=[{"amount": 1, "quota": "Q1"}],
                                 payee="x"),
        "payment.approve": draft("payment.approve", "n", payment="PAY-6"),
        "payment.reject": draft("payment.reject", "n", payment="PAY-6", reason="x"),
    }  # fmt: skip


# Kinds about another entry take the right to record that one: a reviewer may confirm everything, reverse nothing.
ABOUT = {"entry.confirm": ("quota.release", "reviewer"), "entry.reverse": ("project.approve", "")}


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, dict[str, Any]]]:
    """A ledger with one officer a role, all of the province, and something of each sort in the right state."""
    made = World(str(tmp_path_factory.mktemp("matrix") / "ledger.db"), policy="standard")
    made.bodies()
    made.record(ROOT, *(enrolment(f"r-{role}", key, [role], authority="990000") for role, key in HELPERS.items()
                        if role != "administrator"), enrolment("spare", signer(89), ["clerk"]))  # fmt: skip
    finance, handler, programme, approver = (HELPERS[role] for role in ("finance", "handler", "programme", "approver"))
    for quota, holder in (("Q1", "999901"), ("Q5", "990000"), ("Q6", "999901")):
        made.record(finance, draft("quota.receive", quota, quota=quota, holder=holder, amount=900, year=2025, source_level="county"))
    made.record(programme, draft("project.propose", "p1", project="P1", county="999901", name="示例"))
    made.record(approver, draft("project.approve", "ap3", project="P1", document_number="x"))
    made.record(finance, draft("project.fund", "f1", project="P1", legs=[{"amount": 800, "quota": "Q1"}]))
    made.record(WANG, draft("entry.confirm", "c-f1", entry=made.ref("f1")))
    made.record(handler, draft("payment.request", "PAY-6", payment="PAY-6", project="P1", legs=[{"amount": 5, "quota": "Q1"}],
                               payee="x"))  # fmt: skip
    client = ModifiedClient(made.target, LI.private)
    household = {"head": "0" * 64, "household": "H-0001", "place": "999901"}  # no vault is needed for its commitment
    client.seal(Bad("money.print", "bad-1", {"n": 1}))
    client.seal(Bad("household.enroll", "h1", household, books={"990000/people": None, "999901/people": None}), private=programme.private)
    client.close()
    made.record(ROOT, enrolment("r-administrator", HELPERS["administrator"], ["administrator"], authority="990000"))
    made.record(_second_finance(made), draft("quota.release", "r1", **{"from": "990000"}, to="999901",
                                             legs=[{"amount": 2, "quota": "Q5"}]))  # fmt: skip
    yield made, drafts_of(made)
    made.ledger.close()


def _second_finance(made: World) -> Any:
    """An enrolled finance officer of the province whom no cell of the matrix uses."""
    other = signer(90)
    made.record(ROOT, enrolment("fin2", other, ["finance"], authority="990000"))
    made.record(HELPERS["administrator"], draft("entry.confirm", "c-fin2", entry=made.ref("enroll-fin2")))
    return other


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"ledger.open"}))
def test_k05_role_by_kind_is_permitted_exactly_when_the_table_says_so(matrix: tuple[World, dict[str, Any]], kind: str) -> None:
    """Every role tries every kind by a trial append: it goes through, or it is exit 4, and nothing else."""
    made, drafts = matrix
    named, extra = ABOUT.get(kind, (kind, ""))
    for role, key in HELPERS.items():
        allowed = role in KINDS[named].by or role == extra
        code = "" if allowed else "RIGHTS.ROLE"
        if allowed and kind == "ledger.recover":
            made.record(ROOT, drafts[kind], dry_run=True)
            code = "RIGHTS.ROOT"  # of the administrators, only those whom entry 0 names
        if not code:
            made.record(key, drafts[kind], dry_run=True)
            continue
        with pytest.raises(LedgerError) as caught:
            made.record(key, drafts[kind], dry_run=True)
        assert (caught.value.exit_code, caught.value.code) == (4, code), (role, kind, caught.value.message)


def test_k05_the_matrix_is_complete(matrix: tuple[World, dict[str, Any]]) -> None:
    """Every kind has a draft and every role a key; the role table of entry 0 is that of the declarations."""
    made, drafts = matrix
    assert set(drafts) == set(KINDS) - {"ledger.open"}
    assert set(HELPERS) == set(ROLES)
    with made.ledger.reading() as session:
        table = {row.kind: set(row.roles) for row in session.genesis.roles}
    assert table == {name: set(info.by) for name, info in KINDS.items() if info.by}


def test_k05_nobody_opens_a_ledger_twice(made: World) -> None:
    """`ledger.open` is entry 0, whoever asks."""
    founding = Founding(origin=ORIGIN, name="x", root=ROOT, ledger_key=public_bytes(LEDGER_KEY.private))
    again = founding.draft("2026-11-24", lambda size: b"\7" * size)
    for key in (ROOT, WANG):
        with pytest.raises(LedgerError) as caught:
            made.record(key, draft("ledger.open", "again", **again.data))
        assert caught.value.exit_code in (4, 6)


# --- K-06: one person twice -----------------------------------------------------------------------------------------


def test_k06_nobody_approves_their_own_request_with_a_second_key(made: World) -> None:
    """Two keys of one person count once."""
    second = signer(57)
    made.record(ROOT, enrolment("li2", second, ["approver", "handler"], person="li"))
    made.record(LI, request("PAY-2"))
    with pytest.raises(NotPermitted) as caught:
        made.record(second, draft("payment.approve", "pa2", payment="PAY-2"))
    assert caught.value.code == "RIGHTS.SAME_PERSON"


def test_k06_nobody_confirms_their_own_entry(made: World) -> None:
    """With the same key, or with another key of the same person."""
    second = signer(58)
    made.record(ROOT, enrolment("zhao2", second, ["reviewer", "auditor"], person="zhao"))
    client = ModifiedClient(made.target, LI.private)
    client.seal(Bad("money.print", "bad-1", {"n": 1}))
    client.close()
    made.clock.forward(minutes=1)
    made.record(LI, request("PAY-2"))
    made.record(ZHAO, draft("entry.void", "v1", entry=made.ref("bad-1"), finding="void", reason="x"))
    for key in (ZHAO, second):
        with pytest.raises(NotPermitted) as caught:
            made.record(key, draft("entry.confirm", "c1", entry=made.ref("v1")))
        assert caught.value.code == "RIGHTS.SAME_PERSON"


def test_k06_nobody_enrols_a_second_key_of_their_own(made: World) -> None:
    """An administrator cannot become two persons alone."""
    for more in ({"person": "root"}, {}):
        with pytest.raises(NotPermitted) as caught:
            made.record(ROOT, enrolment("root" if not more else "root2", signer(59), ["administrator"], **more))
        assert caught.value.exit_code == 4


def test_k06_one_key_is_one_officer(made: World) -> None:
    """A public key seen before is refused, the ledger key's too, and that of a revoked officer."""
    made.record(ROOT, draft("officer.revoke", "rev", officer="qian", reason="x"))
    for key in (LI, WANG, ROOT, LEDGER_KEY, QIAN):
        with pytest.raises(NotPermitted) as caught:
            made.record(ROOT, enrolment("again", key, ["clerk"]))
        assert caught.value.code == "RIGHTS.KEY_REUSED"


@pytest.mark.parametrize("message", [
    lambda key: possession_message("other.example", "new", key), lambda key: possession_message(ORIGIN, "li", key),
    lambda key: possession_message(ORIGIN, "new", LI.key), lambda key: possession_message(ORIGIN, "new", key)[:-1],
    lambda key: seal_message(0, ORIGIN, 1, bytes(32)), lambda key: b"",
], ids=["other ledger", "other officer", "other key", "cut", "a seal", "nothing"])  # fmt: skip
def test_k09_a_key_is_enrolled_only_with_its_own_signature_for_this_ledger(made: World, message: Callable[[str], bytes]) -> None:
    """Possession names origin, officer and key; a signature over anything else is exit 4."""
    new = signer(60)
    sound = enrolment("new", new, ["clerk"])
    sound.data["possession"] = b64(new.private.sign(message(new.key)))
    with pytest.raises(NotPermitted) as caught:
        made.record(ROOT, sound)
    assert caught.value.code == "RIGHTS.POSSESSION"


# --- K-08, K-09: replay ---------------------------------------------------------------------------------------------


def test_k08_the_same_entry_again_is_the_old_one(made: World) -> None:
    """Recorded once, however often it is sent; the same id with other words is refused."""
    first = made.record(LI, request("PAY-2"))
    again = made.record(LI, request("PAY-2"))
    assert again.entries[0].already
    assert (again.size, again.entries[0].leaf) == (first.size, first.entries[0].leaf)
    for key, other in ((LI, request("PAY-2", 101)), (WANG, request("PAY-2")), (LI, draft("project.propose", "PAY-2", project="P9",
                       county="999901", name="x"))):  # fmt: skip
        with pytest.raises(Refused) as caught:
            made.record(key, other)
        assert caught.value.code == "ID.TAKEN"


def test_k08_a_sealed_entry_replayed_in_its_own_ledger_is_found(made: World) -> None:
    """Entry 9 and its seal stored a second time at the end."""
    client = ModifiedClient(made.target, LI.private)
    size = client.size()
    header, content, leaf = client.run("SELECT header, content, leaf FROM entries WHERE seq = 9").fetchone()
    client.run("INSERT INTO entries (seq, header, content, leaf) VALUES (?, ?, ?, ?)", size, header, content, leaf)
    client.run("INSERT INTO seals (first, size, root, author, signature, frontier) "
               "SELECT ?, ?, root, author, signature, frontier FROM seals WHERE size = 10", size, size + 1)  # fmt: skip
    client.close()
    found = {(p["code"], p.get("seq")) for p in made.verify().problems}
    assert {("INV-02.PREV", size), ("INV-03.ROOT", size), ("INV-04.SIGNATURE", size)} <= found


def test_k08_a_request_replayed_under_a_new_seal_is_void(made: World) -> None:
    """Its id was used: the officer's own modified client cannot pay twice by it."""
    client = ModifiedClient(made.target, LI.private)
    (content,) = client.run("SELECT content FROM entries WHERE seq = 9").fetchone()
    (seq,) = client.seal(bad_request("PAY-1", raw=bytes(content)))
    client.close()
    assert ("ID.REPEATED", seq) in [(p["code"], p.get("seq")) for p in made.verify().problems]


@pytest.mark.parametrize("origin", ["test.example/county", ORIGIN], ids=["another origin", "the same origin"])
def test_k09_an_entry_and_its_seal_do_not_pass_in_another_ledger(made: World, tmp_path: Any, origin: str) -> None:
    """Test to live: the origin stands in content and seal, the genesis in the chain and the tree."""
    founding = Founding(origin=origin, name="x", root=ROOT, ledger_key=public_bytes(LEDGER_KEY.private))
    target = str(tmp_path / "other.db")
    other = Ledger.create(target, founding, clock=Clock(), entropy=lambda size: b"\x77" * size)
    other.close()
    mine, theirs = ModifiedClient(made.target, ROOT.private), ModifiedClient(target, ROOT.private)
    for seq in range(1, 5):
        row = mine.run("SELECT header, content, leaf FROM entries WHERE seq = ?", seq).fetchone()
        theirs.run("INSERT INTO entries (seq, header, content, leaf) VALUES (?, ?, ?, ?)", seq, *row)
    for row in mine.run("SELECT first, size, root, author, signature, frontier FROM seals WHERE size = 5").fetchall():
        theirs.run("INSERT INTO seals (first, size, root, author, signature, frontier) VALUES (?, ?, ?, ?, ?, ?)", *row)
    mine.close()
    theirs.close()
    ledger = Ledger.open(target, clock=Clock())
    with ledger.database.reading() as connection:
        from ledger.verify.run import verify

        found = verify(ledger.database, connection, now="2026-11-24T02:00:00Z", heads=[])
    with pytest.raises(LedgerError) as caught:
        ledger.append(ROOT, as_source([draft("authority.register", "z", code="999909", name="x", level="county")]))
    ledger.close()
    assert caught.value.exit_code == 10
    problems = {(p["code"], p.get("seq")) for p in found.problems}
    assert ("INV-02.PREV", 1) in problems
    assert ("INV-03.ROOT", 1) in problems
    if origin != ORIGIN:
        assert ("INV-01.CONTENT", 1) in problems
        assert ("INV-04.SIGNATURE", 1) in problems


# --- K-11, K-12, K-19: signatures in their one spelling ---------------------------------------------------------------


def reseal(made: World, change: Callable[[bytes], bytes]) -> list[tuple[Any, Any]]:
    """Verify's findings with another signature on the last seal."""
    client = ModifiedClient(made.target, LI.private)
    client.run("DROP TRIGGER seals_no_update")
    size, signature = client.run("SELECT size, signature FROM seals ORDER BY size DESC LIMIT 1").fetchone()
    client.run("UPDATE seals SET signature = ? WHERE size = ?", change(bytes(signature)), size)
    client.close()
    return [(p["code"], p.get("seq")) for p in made.verify().problems if p["code"] != "INV-15.MISSING"]


SIGNATURES: dict[str, Callable[[bytes], bytes]] = {
    "S + L": lambda s: s[:32] + (int.from_bytes(s[32:], "little") + L).to_bytes(32, "little"),
    "S with its top bits": lambda s: s[:63] + bytes([s[63] | 0xE0]),
    "zero": lambda s: bytes(64),
    "R = identity, S = 0": lambda s: bytes([1]) + bytes(63),
    "R with its sign": lambda s: s[:31] + bytes([s[31] ^ 0x80]) + s[32:],
    "63 bytes": lambda s: s[:63],
    "65 bytes": lambda s: s + b"\0",
    "no bytes": lambda s: b"",
    "turned about": lambda s: s[32:] + s[:32],
    "base64": lambda s: base64.b64encode(s),
    "hex": lambda s: s.hex().encode(),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_k11_a_signature_in_another_spelling_is_none(made: World, name: str) -> None:
    """The seal of the last append, its signature respelled: INV-04, and honest work is refused."""
    assert ("INV-04.SIGNATURE", 11) in reseal(made, SIGNATURES[name])
    with pytest.raises(LedgerError) as caught:
        made.record(LI, request("PAY-2"))
    assert caught.value.exit_code == 10


def test_k11_an_entry_does_not_depend_on_the_bytes_of_a_signature(made: World) -> None:
    """Leaf, root and head are over headers alone."""
    before = made.verify()
    reseal(made, SIGNATURES["zero"])
    after = made.verify()
    assert (before.root, before.ledger_id, before.size) == (after.root, after.ledger_id, after.size)


SMALL = (
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)
NOT_CANONICAL = (
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
)


@pytest.mark.parametrize("sign", [0, 0x80])
@pytest.mark.parametrize("encoded", [*SMALL, *NOT_CANONICAL])
def test_k11_a_key_of_small_order_is_never_enrolled(made: World, encoded: str, sign: int) -> None:
    """With it anyone could sign anything; exit 3 or 4, and never a valid signature."""
    raw = bytes.fromhex(encoded)
    key = raw[:31] + bytes([raw[31] | sign])
    for signature in (bytes(64), key + bytes(32), bytes([1]) + bytes(63)):
        assert not verify_signature(key, signature, b"anything")
        sound = enrolment("new", signer(61), ["clerk"])
        sound.data.update(public_key=b64(key), possession=b64(signature))
        with pytest.raises((InputRejected, NotPermitted)) as caught:
            made.record(ROOT, sound)
        assert caught.value.code == "INPUT.KEY"


def test_k11_a_ledger_with_a_root_of_small_order_does_not_open(tmp_path: Any) -> None:
    """Entry 0 is judged like every other: a root anyone can sign for is no root."""
    founding = Founding(origin=ORIGIN, name="x", root=ROOT, ledger_key=bytes([1]) + bytes(31))
    with pytest.raises(LedgerError) as caught:
        Ledger.create(str(tmp_path / "weak.db"), founding, clock=Clock())
    assert caught.value.code == "INPUT.KEY"


@pytest.mark.parametrize("algorithm", ["none", "hmac", "ed448", "rsa", "sm2"])
def test_k19_there_is_one_algorithm(made: World, algorithm: str) -> None:
    """A key of another algorithm is not enrolled, whatever it claims."""
    sound = enrolment("new", signer(62), ["clerk"])
    sound.data["algorithm"] = algorithm
    with pytest.raises((InputRejected, NotPermitted)):
        made.record(ROOT, sound)


# The cases of "Taming the many EdDSAs" (2020), table 6: message, public key, signature; a strict verifier says no to all.
SPECCHECK = (
    ("8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0000000000000000000000000000000000000000000000000000000000000000"),
    ("9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
     "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04"),
    ("48656c6c6f", "0100000000000000000000000000000000000000000000000000000000000000",
     "0100000000000000000000000000000000000000000000000000000000000000" + "00" * 32),
)  # fmt: skip


@pytest.mark.parametrize("case", range(len(SPECCHECK)))
def test_k12_edge_cases_of_ed25519_are_refused(case: int) -> None:
    """Small order and mixed order where verifiers differ: this one says no."""
    message, public, signature = (bytes.fromhex(text) for text in SPECCHECK[case])
    assert not verify_signature(public, signature, message)


def test_k12_a_sound_signature_is_accepted() -> None:
    """RFC 8032 §7.1, test 2."""
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    public = public_bytes(private)
    assert public.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert verify_signature(public, private.sign(b"\x72"), b"\x72")
    assert key_id(public) != key_id(public[::-1])
