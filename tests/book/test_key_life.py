"""The life of a key: enrolled, replaced, revoked; by whom, from which entry on, and what stays of what it signed."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from ledger.chain.cosignature import cosign
from ledger.chain.header import is_origin
from ledger.chain.keys import b64, key_id, possession_message, public_bytes, seal_message, verify_signature
from ledger.chain.note import cosigned_message, parse_note
from ledger.errors import LedgerError, NotPermitted
from tests.book.desk import Desk, enrolment, funded, legs, rotation, staffed
from tests.verify.modified_client import Bad, ModifiedClient
from tests.world import LEDGER_KEY, LI, ORIGIN, QIAN, ROOT, WANG, ZHAO, World, codes, draft, signer
from tests.world import enrolment as enrol

NEW, OTHER, THIRD = signer(51), signer(52), signer(53)
RELEASE = {"from": "999901", "to": "999901001", "legs": legs(Q1=10)}
HOUSE = {"household": "H-0001", "place": "999901"}


def rotated(desk: Desk, officer: str, key: Any, by: Any = ROOT, id: str = "rot") -> None:
    """Replace an officer's key, a second person confirming where one is needed."""
    if desk.do(by, "officer.rotate", id, **rotation(officer, key)).waits:
        desk.do(ZHAO, "entry.confirm", f"ok-{id}", entry=desk.ref(id))


# --- rotation -------------------------------------------------------------------------------------------------------


def test_k02_replaced_key_records_nothing_from_the_next_entry_on() -> None:
    """INV-05: the new one does, with the roles, authority and person of the old."""
    desk = funded()
    before = desk.state.officer("li")
    assert desk.tried(NEW, "household.enroll", "h", **HOUSE) == "RIGHTS.KEY"
    rotated(desk, "li", NEW)
    assert desk.tried(LI, "household.enroll", "h", **HOUSE) == "RIGHTS.REVOKED"
    assert desk.tried(NEW, "household.enroll", "h", **HOUSE) == ""
    after = desk.state.officer("li")
    assert (after.key, before.key) == (NEW.key, LI.key)
    assert (after.person, after.authority, after.roles, after.active) == (before.person, before.authority, before.roles, True)


def test_k04_what_the_old_key_recorded_stays_the_officers() -> None:
    """INV-05, INV-06: a request by the old key is still that person's, whom the new key does not make another."""
    desk = funded()
    desk.officer("both", OTHER, ["handler", "approver"])
    desk.do(OTHER, "payment.request", "y1", payment="Y1", project="P1", legs=legs(Q1=5), payee="甲")
    rotated(desk, "both", NEW)
    assert desk.tried(NEW, "payment.approve", "p1", payment="Y1") == "RIGHTS.SAME_PERSON"
    assert desk.tried(WANG, "payment.approve", "p1", payment="Y1") == ""
    assert desk.tried(NEW, "entry.reverse", "back", entry=desk.ref("y1"), reason="错") == ""


def test_waiting_entry_by_the_old_key_is_confirmed_after_the_rotation() -> None:
    """INV-06: and by neither key of its author."""
    desk = funded(policy="standard")
    desk.do(WANG, "quota.release", "r", **RELEASE)
    rotated(desk, "wang", NEW)
    assert desk.tried(WANG, "entry.confirm", "ok", entry=desk.ref("r")) == "RIGHTS.REVOKED"
    assert desk.tried(NEW, "entry.confirm", "ok", entry=desk.ref("r")) == "RIGHTS.SAME_PERSON"
    desk.do(QIAN, "entry.confirm", "ok", entry=desk.ref("r"))
    assert desk.balance("999901001:available") == 10


def test_second_entry_under_the_seal_of_the_rotation_is_by_the_old_key_no_more() -> None:
    """INV-05: rights of an entry come from the state before it, in the same append too."""
    desk = funded()
    desk.do(LI, "officer.rotate", "rot", **rotation("li", NEW))
    desk.void(LI, "household.enroll", "h", **HOUSE)
    assert desk.state.get("void", str(desk.size - 1)).code == "RIGHTS.REVOKED"


@pytest.mark.parametrize(("by", "code"), [
    (LI, ""), (ROOT, ""), (OTHER, ""), (WANG, "RIGHTS.ROLE"), (ZHAO, "RIGHTS.ROLE"), (NEW, "RIGHTS.KEY"), (LEDGER_KEY, "RIGHTS.KEY"),
], ids=["oneself", "root", "administrator", "another officer", "reviewer", "the new key", "ledger key"])  # fmt: skip
def test_k05_rotation_is_by_oneself_or_an_administrator(by: Any, code: str) -> None:
    """INV-05: no other officer takes over a key, nor does the key that would come."""
    desk = staffed()
    desk.officer("admin", OTHER, ["administrator"])
    assert desk.tried(by, "officer.rotate", "rot", **rotation("li", NEW)) == code


def test_rotation_waits_for_a_second_person_once_two_persons_are_administrators() -> None:
    """INV-06: the own rotation too; the old key stays good until another confirms."""
    desk = staffed(policy="standard")
    assert not desk.do(LI, "officer.rotate", "alone", **rotation("li", NEW)).waits
    desk.officer("admin", OTHER, ["administrator"])
    assert desk.do(NEW, "officer.rotate", "rot", **rotation("li", THIRD)).waits
    assert desk.tried(THIRD, "household.enroll", "h", **HOUSE) == "RIGHTS.KEY"
    assert desk.tried(NEW, "entry.confirm", "ok", entry=desk.ref("rot")) == "RIGHTS.SAME_PERSON"
    assert desk.tried(WANG, "entry.confirm", "ok", entry=desk.ref("rot")) == "RIGHTS.ROLE"
    desk.do(NEW, "household.enroll", "h", **HOUSE)
    desk.do(OTHER, "entry.confirm", "ok", entry=desk.ref("rot"))
    assert desk.tried(NEW, "household.enroll", "h2", **HOUSE | {"household": "H-2"}) == "RIGHTS.REVOKED"
    assert desk.tried(THIRD, "household.enroll", "h2", **HOUSE | {"household": "H-2"}) == ""


def test_of_two_waiting_rotations_to_one_key_only_the_first_takes_effect() -> None:
    """INV-05: no key stands twice, whoever confirms."""
    desk = staffed(policy="standard")
    desk.officer("admin", OTHER, ["administrator"])
    for id in ("r1", "r2"):
        desk.do(LI, "officer.rotate", id, **rotation("li", NEW))
    desk.do(ZHAO, "entry.confirm", "ok1", entry=desk.ref("r1"))
    assert desk.tried(ZHAO, "entry.confirm", "ok2", entry=desk.ref("r2")) == "RIGHTS.KEY_REUSED"


@pytest.mark.parametrize("key", [LI, WANG, ROOT, LEDGER_KEY, QIAN], ids=["own", "another's", "root", "ledger key", "revoked"])
def test_k06_rotation_to_a_key_seen_before_is_refused(key: Any) -> None:
    """INV-05: also to the own old one, and to that of a revoked officer."""
    desk = staffed()
    desk.do(ROOT, "officer.revoke", "rev", officer="qian", reason="调离")
    rotated(desk, "zhao", THIRD)
    assert desk.tried(ROOT, "officer.rotate", "again", **rotation("li", key)) == "RIGHTS.KEY_REUSED"
    assert desk.tried(ROOT, "officer.rotate", "again", **rotation("li", ZHAO)) == "RIGHTS.KEY_REUSED"
    assert desk.tried(ROOT, "officer.rotate", "again", **rotation("li", NEW)) == ""


POSSESSIONS: dict[str, Callable[[Any], bytes]] = {
    "another officer": lambda key: possession_message(ORIGIN, "wang", key.key),
    "the ledger": lambda key: possession_message(ORIGIN, "ledger", key.key),
    "another origin": lambda key: possession_message("other.example", "li", key.key),
    "the old key": lambda key: possession_message(ORIGIN, "li", LI.key),
    "cut": lambda key: possession_message(ORIGIN, "li", key.key)[:-1],
    "a seal": lambda key: seal_message(0, ORIGIN, 1, bytes(32)),
    "nothing": lambda key: b"",
}


@pytest.mark.parametrize("name", POSSESSIONS)
def test_k09_rotation_needs_the_new_keys_own_signature_for_this_officer_here(name: str) -> None:
    """INV-05, K-09: for a rotation of the ledger key, the officer is `ledger`."""
    desk = staffed()
    signed = b64(NEW.private.sign(POSSESSIONS[name](NEW)))
    assert desk.tried(ROOT, "officer.rotate", "rot", **rotation("li", NEW) | {"possession": signed}) == "RIGHTS.POSSESSION"
    by_old = b64(LI.private.sign(possession_message(ORIGIN, "li", NEW.key)))
    assert desk.tried(LI, "officer.rotate", "rot", **rotation("li", NEW) | {"possession": by_old}) == "RIGHTS.POSSESSION"
    code = desk.tried(ROOT, "ledger.rotate", "rot", **rotation("ledger", NEW, reason="定期") | {"possession": signed})
    assert code == ("" if name == "the ledger" else "RIGHTS.POSSESSION")


@pytest.mark.parametrize("possession", ["AA==", "A" * 86 + "==", "AAAA", "A" * 120])
def test_k11_possession_of_another_length_is_none(possession: str) -> None:
    """INV-05: strictly 64 bytes in their one spelling."""
    desk = staffed()
    assert desk.tried(ROOT, "officer.rotate", "rot", **rotation("li", NEW) | {"possession": possession}) == "RIGHTS.POSSESSION"


@pytest.mark.parametrize("public_key", ["AA==", "AQ" + "A" * 41 + "=", "A" * 43 + "=", "A" * 44])
def test_k11_rotation_to_what_is_no_sound_key_is_refused(public_key: str) -> None:
    """INV-05: wrong length, small order, of an officer and of the ledger."""
    desk = staffed()
    for kind, data in (("officer.rotate", rotation("li", NEW)), ("ledger.rotate", rotation("ledger", NEW, reason="x"))):
        assert desk.tried(ROOT, kind, "rot", **data | {"public_key": public_key}) == "INPUT.KEY"


@pytest.mark.parametrize("algorithm", ["none", "hmac", "ed448", "sm2", "ed25519x"])
def test_k19_rotation_to_another_algorithm_is_refused(algorithm: str) -> None:
    """INV-08, K-19: nor a root or a ledger key of one."""
    desk = staffed()
    for kind, data in (("officer.rotate", rotation("li", NEW)), ("ledger.rotate", rotation("ledger", NEW, reason="x"))):
        assert desk.tried(ROOT, kind, "rot", **data | {"algorithm": algorithm}) == "INPUT.FIELD"
    opening = Desk(open=False)
    opening.genesis["roots"][0]["algorithm"] = algorithm
    assert opening.tried(ROOT, "ledger.open", "ledger.open", **opening.genesis) == "INPUT.KEY"


def test_revoked_officer_gets_no_new_key() -> None:
    """INV-05: not by oneself, not by an administrator; a rotation that waits dies with the revocation."""
    desk = staffed(policy="standard")
    desk.officer("admin", OTHER, ["administrator"])
    desk.do(LI, "officer.rotate", "rot", **rotation("li", NEW))
    desk.do(ROOT, "officer.revoke", "rev", officer="li", reason="失窃")
    desk.do(ZHAO, "entry.confirm", "ok-rev", entry=desk.ref("rev"))
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref("rot")) == "REFERENCE.OFFICER"
    assert desk.tried(ROOT, "officer.rotate", "rot2", **rotation("li", NEW)) == "REFERENCE.OFFICER"
    assert desk.tried(LI, "officer.rotate", "rot2", **rotation("li", NEW)) == "RIGHTS.REVOKED"
    assert desk.tried(ROOT, "officer.rotate", "rot2", **rotation("nobody", NEW)) == "REFERENCE.OFFICER"


def test_rotation_gives_no_role_authority_or_person() -> None:
    """K-05: its fields have no place for one, so it cannot raise anybody."""
    desk = staffed()
    for more in ({"roles": ["administrator"]}, {"person": "zhao"}, {"authority": "990000"}):
        with pytest.raises(Exception, match="unknown field"):
            desk.tried(LI, "officer.rotate", "rot", **rotation("li", NEW, **more))


def test_rotation_is_not_reversed_but_called_off_while_it_waits() -> None:
    """INV-11: a key that stands does not come back."""
    desk = staffed(policy="standard")
    rotated(desk, "li", NEW, LI)
    assert desk.tried(NEW, "entry.reverse", "back", entry=desk.ref("rot"), reason="错") == "REVERSAL.KIND"
    desk.officer("admin", OTHER, ["administrator"])
    desk.do(NEW, "officer.rotate", "rot2", **rotation("li", THIRD))
    desk.do(NEW, "entry.reverse", "off", entry=desk.ref("rot2"), reason="错")
    assert desk.tried(ZHAO, "entry.confirm", "ok", entry=desk.ref("rot2")) == "REFERENCE.ENTRY"
    assert desk.state.officer("li").key == NEW.key


def test_ledger_key_is_replaced_from_the_size_after_the_entry() -> None:
    """format.md §6: sizes up to s are the old key's, s+1 the new one's; s is where it takes effect."""
    desk = staffed(policy="standard")
    assert [size for size, _ in desk.state.get("ledger_keys", "").keys] == [0]
    desk.do(ROOT, "ledger.rotate", "k1", **rotation("ledger", NEW, reason="定期"))
    first = desk.size
    desk.officer("admin", OTHER, ["administrator"])
    desk.do(ROOT, "ledger.rotate", "k2", **rotation("ledger", THIRD, reason="定期"))
    assert len(desk.state.get("ledger_keys", "").keys) == 2
    desk.do(OTHER, "entry.confirm", "ok", entry=desk.ref("k2"))
    keys = desk.state.get("ledger_keys", "").keys
    assert keys == ((0, desk.genesis["ledger_key"]["public_key"]), (first, b64(public_bytes(NEW.private))), (desk.size, b64(public_bytes(THIRD.private))))
    for key in (NEW, THIRD, LEDGER_KEY):
        assert desk.tried(key, "household.enroll", "h", **HOUSE) == "RIGHTS.KEY"  # a ledger key seals nothing
        assert desk.tried(ROOT, "officer.enroll", "e", **enrolment("x", key, ["clerk"])) == "RIGHTS.KEY_REUSED"


def test_k10_no_officer_is_called_ledger() -> None:
    """K-10: one signature serves one purpose: the possession of an officer's key is none of a ledger key's."""
    desk = staffed()
    assert desk.tried(ROOT, "officer.enroll", "e", **enrolment("ledger", NEW, ["clerk"])) != ""


# --- K-10: one signature, one purpose ----------------------------------------------------------------------------------


def checkpoint_text(origin: str = ORIGIN, size: int = 7, root: bytes = bytes(32)) -> bytes:
    """The text that a ledger key signs."""
    return f"{origin}\n{size}\n{b64(root)}\n".encode()


MESSAGES: dict[str, Callable[[str], bytes]] = {
    "seal": lambda origin: seal_message(3, origin, 7, bytes(32)),
    "possession": lambda origin: possession_message(origin, "li", NEW.key),
    "checkpoint": checkpoint_text,
    "cosignature": lambda origin: cosigned_message(checkpoint_text(origin).decode(), 1_700_000_000),
}
PURPOSES = ["sunledger/seal/v1", "sunledger/possession/v1", "sunledger/key/v1", "cosignature/v1", ORIGIN]


@pytest.mark.parametrize(("signed", "claimed"), list(permutations(MESSAGES, 2)))
def test_k10_signature_of_one_type_is_none_of_another(signed: str, claimed: str) -> None:
    """All pairs, under every origin that looks like a purpose."""
    for origin in PURPOSES:
        assert is_origin(origin)
        signature = NEW.private.sign(MESSAGES[signed](origin))
        assert verify_signature(public_bytes(NEW.private), signature, MESSAGES[signed](origin))
        for other in PURPOSES:
            assert not verify_signature(public_bytes(NEW.private), signature, MESSAGES[claimed](other))


def shapes(message: bytes) -> set[str]:
    """The types of message that a text could be read as, by the lines it has alone."""
    lines = message.decode().removesuffix("\n").split("\n")
    found = set()
    if len(lines) == 5 and lines[0] == "sunledger/seal/v1" and lines[1].startswith("from ") and lines[3].isdigit():
        found.add("seal")
    if len(lines) == 4 and lines[0] == "sunledger/possession/v1":
        found.add("possession")
    if len(lines) == 3 and is_origin(lines[0]) and lines[1].isdigit():
        found.add("checkpoint")
    if len(lines) == 5 and lines[0] == "cosignature/v1" and lines[1].startswith("time "):
        found.add("cosignature")
    return found


@pytest.mark.parametrize("name", MESSAGES)
def test_k10_no_text_has_the_shape_of_two_types(name: str) -> None:
    """A whole origin taken from another type's first line does not help."""
    for origin in PURPOSES:
        assert shapes(MESSAGES[name](origin)) == {name}


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - {"seal"}))
def test_k10_seal_made_of_another_signature_is_found(sqlite_target: str, name: str) -> None:
    """INV-04: of an officer's own key over possession, head or cosignature; verify says no."""
    made = World(sqlite_target)
    made.bodies()
    client = ModifiedClient(made.target, LI.private)
    client.run("DROP TRIGGER seals_no_update")
    size, author = client.run("SELECT size, author FROM seals ORDER BY size DESC LIMIT 1").fetchone()
    assert author == ROOT.key
    client.run("UPDATE seals SET signature = ? WHERE size = ?", ROOT.private.sign(MESSAGES[name](ORIGIN)), size)
    client.close()
    assert "INV-04.SIGNATURE" in codes(made.verify().problems)
    made.ledger.close()


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - {"possession"}))
def test_k10_possession_made_of_another_signature_is_refused(name: str) -> None:
    """INV-05: for enrolment, rotation, the ledger key, and a root of entry 0."""
    desk = staffed()
    signed = {"possession": b64(NEW.private.sign(MESSAGES[name](ORIGIN)))}
    assert desk.tried(ROOT, "officer.enroll", "e", **enrolment("new", NEW, ["clerk"]) | signed) == "RIGHTS.POSSESSION"
    assert desk.tried(ROOT, "officer.rotate", "e", **rotation("li", NEW) | signed) == "RIGHTS.POSSESSION"
    assert desk.tried(ROOT, "ledger.rotate", "e", **rotation("ledger", NEW, reason="x") | signed) == "RIGHTS.POSSESSION"
    opening = Desk(open=False)
    opening.genesis["roots"][0]["possession"] = b64(ROOT.private.sign(MESSAGES[name](ORIGIN)))
    assert opening.tried(ROOT, "ledger.open", "ledger.open", **opening.genesis) == "RIGHTS.POSSESSION"


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - {"checkpoint", "cosignature"}))
def test_k10_head_made_of_another_signature_is_no_head(name: str) -> None:
    """A note counts by the signature over its own text, a cosignature by that over text and time."""
    from ledger.chain.cosignature import cosigned_at
    from ledger.chain.note import VerifierKey, is_signed_by_key, key_hash, sign_note

    public, text = public_bytes(NEW.private), checkpoint_text().decode()
    forged = b64(key_hash(ORIGIN, public) + NEW.private.sign(MESSAGES[name](ORIGIN)))
    key = VerifierKey(ORIGIN, b"\1", public)
    assert is_signed_by_key(parse_note(sign_note(text, ORIGIN, NEW.private)), key)
    assert not is_signed_by_key(parse_note(f"{text}\n— {ORIGIN} {forged}\n"), key)
    sound = f"{text}\n" + cosign(text, "w.example", NEW.private, 1_700_000_000)
    assert cosigned_at(parse_note(sound), "w.example", public) == 1_700_000_000
    seconds = (1_700_000_000).to_bytes(8, "big")
    false = b64(key_hash("w.example", public, b"\4") + seconds + NEW.private.sign(MESSAGES[name](ORIGIN)))
    assert cosigned_at(parse_note(f"{text}\n— w.example {false}\n"), "w.example", public) is None


# --- whole ledgers ------------------------------------------------------------------------------------------------------


def first_rotation(target: str) -> World:
    """A world in which li has a second key, recorded by the first."""
    made = World(target)
    made.bodies()
    made.first_yuan()
    made.record(LI, draft("officer.rotate", "rot", **rotation("li", NEW)))
    return made


def test_k04_rotation_is_lived_through_on_both_databases(target: str) -> None:
    """K-02, K-04, K-07: old entries verify, the old key is refused, the new one records; a rebuild gives the same."""
    made = first_rotation(target)
    with pytest.raises(NotPermitted) as caught:
        made.record(LI, draft("household.enroll", "h1", **HOUSE))
    assert (caught.value.exit_code, caught.value.code) == (4, "RIGHTS.REVOKED")
    made.record(NEW, draft("household.enroll", "h1", **HOUSE))
    made.record(ROOT, draft("officer.rotate", "rot2", **rotation("li", THIRD)))
    made.record(THIRD, draft("household.enroll", "h2", **HOUSE | {"household": "H-0002"}))
    made.record(ROOT, draft("ledger.rotate", "k", **rotation("ledger", OTHER, reason="定期")))
    assert made.verify().ok
    made.ledger.rebuild()
    assert made.verify().ok
    made.ledger.close()


def test_k08_entry_of_a_replaced_key_sent_again_is_the_old_one(target: str) -> None:
    """K-08: by the key that recorded it, and by the one that replaced it: the officer is the same."""
    made = first_rotation(target)
    again = draft("officer.rotate", "rot", **rotation("li", NEW))
    assert made.record(LI, again).entries[0].already
    assert made.record(NEW, again).entries[0].already
    with pytest.raises(LedgerError) as caught:
        made.record(ROOT, again)
    assert caught.value.code == "ID.TAKEN"
    made.ledger.close()


def test_k03_back_dated_entry_of_a_replaced_key_is_void(target: str) -> None:
    """K-03: its seal is sound evidence, and its officer had no right by it any more."""
    made = first_rotation(target)
    client = ModifiedClient(made.target, LI.private)
    (seq,) = client.seal(Bad("household.enroll", "bad", HOUSE, books={"999901/people": None}, at="2026-11-24T02:00:00Z", occurred_on="2020-01-01"))
    client.close()
    made.ledger.rebuild()
    found = made.verify()
    assert [(p["code"], p["seq"]) for p in found.problems] == [("RIGHTS.REVOKED", seq)]
    made.ledger.close()


def test_k07_key_of_a_rotation_that_waits_or_is_void_seals_but_records_nothing(target: str) -> None:
    """format.md §5: such a key stands in an entry, so its seal is evidence; whether it may record is a matter of rights."""
    made = World(target, policy="standard")
    made.bodies()
    made.record(ROOT, enrol("zhao", ZHAO, ["administrator"]))
    assert made.record(LI, draft("officer.rotate", "rot", **rotation("li", NEW))).entries[0].waits
    client = ModifiedClient(made.target, WANG.private)
    (void,) = client.seal(Bad("officer.rotate", "bad", rotation("li", THIRD), books={"999901/keys": None}))
    seqs = [client.seal(Bad("household.enroll", f"bad-{n}", HOUSE), private=key.private)[0] for n, key in enumerate((NEW, THIRD))]
    client.close()
    made.ledger.rebuild()
    found = [(p["code"], p["seq"]) for p in made.verify().problems]
    assert found == [("RIGHTS.ROLE", void), *(("RIGHTS.KEY", seq) for seq in seqs)]
    made.ledger.close()


def test_void_enrolment_keeps_nobody_from_using_the_key(target: str) -> None:
    """K-06: a public key is public; a bad client that names it in a void entry must not block its owner."""
    made = World(target)
    made.bodies()
    client = ModifiedClient(made.target, WANG.private)
    claimed = enrolment("mine", NEW, ["clerk"]) | {"possession": b64(bytes(64))}
    client.seal(Bad("officer.enroll", "bad", claimed, books={"999901/keys": None}))
    client.close()
    made.record(LI, draft("officer.rotate", "rot", **rotation("li", NEW)))
    made.record(NEW, draft("household.enroll", "h1", **HOUSE))
    made.ledger.rebuild()
    assert codes(made.verify().problems) == ["RIGHTS.ROLE"]
    made.ledger.close()


def test_key_ids_are_of_purpose_and_algorithm() -> None:
    """K-19, K-10: the id of a key is no digest of the bare key."""
    from hashlib import sha256

    raw = public_bytes(NEW.private)
    assert key_id(raw) == sha256(b"sunledger/key/v1\n\x01" + raw).hexdigest() != sha256(raw).hexdigest()
