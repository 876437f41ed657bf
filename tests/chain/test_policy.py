"""Policies: C2SP tlog-policy, read strictly and judged by every set of witnesses."""

from base64 import b64decode, b64encode
from itertools import chain, combinations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.cosignature import cosign, witness_key
from ledger.chain.keys import public_bytes
from ledger.chain.note import (
    Checkpoint,
    Note,
    add_signatures,
    checkpoint_text,
    parse_note,
    parse_verifier_key,
    sign_note,
    verifier_key,
)
from ledger.chain.policy import MAX_TEXT, Policy, parse_policy

ORIGIN = "demo.example/county"
LOG = Ed25519PrivateKey.from_private_bytes(b"\x04" * 32)
LOG_KEY = verifier_key(ORIGIN, public_bytes(LOG))
NAMES = ["w1", "w2", "w3", "w4"]
WITNESSES = {name: Ed25519PrivateKey.from_private_bytes(bytes([16 + n]) * 32) for n, name in enumerate(NAMES)}
KEYS = {name: witness_key(f"{name}.example", public_bytes(private)) for name, private in WITNESSES.items()}
TEXT = checkpoint_text(Checkpoint(ORIGIN, 7, bytes(range(32))))
HEAD = sign_note(TEXT, ORIGIN, LOG)
LINES = {name: cosign(TEXT, f"{name}.example", private, 1_795_500_000) for name, private in WITNESSES.items()}
DEFINED = "".join(f"witness {name} {key}\n" for name, key in KEYS.items())
# transparency-dev/formats, policy/tlog_policy_test.go, with the key hashes of the standard
WIT1 = "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk"
WIT2 = "Wit2+38153445+BGVbwFJte9wMQIPSnEnj4KibeO6vSIOEDUTDp3o63c2x"


def note(*names: str) -> Note:
    """The head, cosigned by these."""
    return parse_note(add_signatures(HEAD, *(LINES[name] for name in names)))


def subsets(names: list[str]) -> list[tuple[str, ...]]:
    """All sets of names."""
    return list(chain.from_iterable(combinations(names, count) for count in range(len(names) + 1)))


def accepted(policy: Policy) -> list[set[str]]:
    """The sets of witnesses that the policy is content with."""
    for names in subsets(NAMES):
        assert policy.satisfied_by(note(*names)) is (policy.missing(note(*names)) == [])
    return [set(names) for names in subsets(NAMES) if policy.satisfied_by(note(*names))]


def sets(text: str) -> list[set[str]]:
    """The sets that a policy of these groups is content with."""
    return accepted(parse_policy(f"log {LOG_KEY}\n{DEFINED}{text}"))


def test_quorum_is_what_its_groups_say_for_every_set_of_witnesses() -> None:
    """none, one, any, all, so many, and groups of groups: all sixteen sets."""
    every = [set(names) for names in subsets(NAMES)]
    assert sets("quorum none\n") == every
    assert sets("quorum w2\n") == [names for names in every if "w2" in names]
    assert sets("group g any w1 w3\nquorum g\n") == [names for names in every if names & {"w1", "w3"}]
    assert sets("group g all w1 w3\nquorum g\n") == [names for names in every if names >= {"w1", "w3"}]
    for count in range(1, 5):
        expected = [names for names in every if len(names) >= count]
        assert sets(f"group g {count} w1 w2 w3 w4\nquorum g\n") == expected
    nested = "group left any w1 w2\ngroup right all w3 w4\ngroup both 2 left right\nquorum both\n"
    assert sets(nested) == [names for names in every if names & {"w1", "w2"} and names >= {"w3", "w4"}]
    mixed = "group inner any w3 w4\ngroup outer all w1 inner\nquorum outer\n"
    assert sets(mixed) == [names for names in every if "w1" in names and names & {"w3", "w4"}]
    # a group that the quorum does not name is of no account
    assert sets("group g all w1 w2 w3 w4\nquorum w1\n") == [names for names in every if "w1" in names]


def test_log_must_have_signed_where_the_policy_names_logs() -> None:
    """One of those named, under the origin of the head; without any named the log is known from elsewhere."""
    other = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)
    strange, same_name = (verifier_key(name, public_bytes(other)) for name in ("other.example", ORIGIN))
    head = parse_note(HEAD)
    assert parse_policy(f"log {LOG_KEY}\nquorum none\n").satisfied_by(head)
    assert parse_policy(f"log {strange}\nlog {LOG_KEY} https://log.example/\nquorum none\n").satisfied_by(head)
    assert parse_policy("quorum none\n").satisfied_by(head)
    for key in (strange, same_name):
        assert not parse_policy(f"log {key}\nquorum none\n").satisfied_by(head)
    # a log named in the policy that signs another's head does not make it that log's
    foreign = parse_note(sign_note(TEXT, "other.example", other))
    assert not parse_policy(f"log {strange}\nquorum none\n").satisfied_by(foreign)
    # a witness's signature is not the log's
    assert not parse_policy(f"log {strange}\n{DEFINED}quorum w1\n").satisfied_by(note("w1"))


def test_false_signature_of_a_known_key_spoils_the_note() -> None:
    """C2SP signed-note: even where the quorum could do without; that of a stranger is of no account."""
    policy = parse_policy(f"log {LOG_KEY}\n{DEFINED}group g any w1 w2\nquorum g\n")
    raw = b64decode(LINES["w2"].split(" ")[2])
    false = f"— w2.example {b64encode(raw[:12] + bytes(64)).decode()}\n"
    spoilt = parse_note(add_signatures(HEAD, LINES["w1"], false))
    assert policy.missing(spoilt) == ["a signature under the name w2.example is false"]
    strange = f"— w9.example {b64encode(raw).decode()}\n"
    assert policy.satisfied_by(parse_note(add_signatures(HEAD, LINES["w1"], strange)))


def test_k10_signature_of_the_wrong_kind_does_not_count() -> None:
    """A witness that signs the note as a log does has not cosigned it, and a cosigning log has not signed."""
    as_log = parse_note(add_signatures(HEAD, sign_note(TEXT, "w1.example", WITNESSES["w1"]).rpartition("\n\n")[2]))
    assert not parse_policy(f"{DEFINED}quorum w1\n").satisfied_by(as_log)
    as_witness = parse_note(f"{TEXT}\n{cosign(TEXT, ORIGIN, LOG, 5)}")
    assert not parse_policy(f"log {LOG_KEY}\nquorum none\n").satisfied_by(as_witness)


def test_missing_says_what_is_missing() -> None:
    """In words: the log, each group with its count, each witness that would help."""
    policy = parse_policy(f"log {LOG_KEY}\n{DEFINED}group a 2 w1 w2 w3\ngroup b all a w4\nquorum b\n")
    assert policy.missing(note("w1", "w4")) == [
        "group b has 1 of 2 cosignatures",
        "group a has 1 of 2 cosignatures",
        "no cosignature of witness w2",
        "no cosignature of witness w3",
    ]
    stranger = parse_note(sign_note(TEXT, "stranger.example", LOG))
    assert policy.missing(stranger)[0] == f"no signature of {ORIGIN}"
    assert policy.missing(note("w1", "w2", "w4")) == []


def test_policy_of_another_maker_is_read() -> None:
    """Typed facts: white space, comments, addresses, names that are words of the language, no last line feed."""
    assert parse_policy("quorum none\n") == Policy() == parse_policy("quorum none")
    spaced = f"\n# comment\n\t # another comment\n\twitness \t w1  {WIT1}   https://w1.example.com/  \n\n  quorum\tw1"
    policy = parse_policy(spaced)
    assert policy == Policy([], {"w1": parse_verifier_key(WIT1)}, {}, "w1")
    words = parse_policy(f"witness all {WIT1}\nwitness any {WIT2}\ngroup group 2 all any\nquorum group\n")
    assert words.groups == {"group": (2, ["all", "any"])}
    assert (list(words.witnesses), words.quorum) == (["all", "any"], "group")
    # letters that look alike are different names
    kelvin = parse_policy(f"witness K {WIT1}\nwitness \u212a {WIT2}\nquorum \u212a\n")
    assert kelvin.quorum == "\u212a"
    # the quorum may stand before what it does not need
    assert parse_policy(f"quorum none\nwitness w1 {WIT1}\n").quorum == "none"


REFUSED = {
    "nothing": "",
    "no quorum": f"witness w1 {WIT1}\n",
    "a control character": "quorum none\n\x01",
    "a delete character": "quorum none\n# \x7f\n",
    "a carriage return": "quorum none\r\n",
    "an unknown word": "quibble w1\nquorum none\n",
    "a word in capitals": "Quorum none\n",
    "a comment after a line": f"witness w1 {WIT1} https://w1.example.com/ # comment\nquorum w1\n",
    "a wide space between": "quorum\u3000none\n",
    "a log without a key": "log\nquorum none\n",
    "a log with a loose key": "log garbage\nquorum none\n",
    "a log with two addresses": f"log {LOG_KEY} a b\nquorum none\n",
    "a log with a witness's key": f"log {WIT1}\nquorum none\n",
    "a log twice": f"log {LOG_KEY}\nlog {LOG_KEY} https://log.example/\nquorum none\n",
    "a log twice under two names": f"log {LOG_KEY}\nlog {verifier_key('b', public_bytes(LOG))}\nquorum none\n",
    "a witness without a key": "witness w1\nquorum w1\n",
    "a witness with a log's key": f"witness w1 {LOG_KEY}\nquorum w1\n",
    "a witness with a wrong hash": f"witness w1 {WIT1.replace('9b3fb2d5', '00000000')}\nquorum w1\n",
    "a witness with another name's hash": f"witness w1 {WIT1.replace('Wit1', 'Wit2')}\nquorum w1\n",
    "a witness called none": f"witness none {WIT1}\nquorum none\n",
    "two witnesses of one name": f"witness w1 {WIT1}\nwitness w1 {WIT2}\nquorum w1\n",
    "two witnesses of one key": f"witness w1 {WIT1}\nwitness w2 {witness_key('x', parse_verifier_key(WIT1).public_key)}\nquorum w1\n",
    "a group named like a witness": f"witness w1 {WIT1}\ngroup w1 any w1\nquorum w1\n",
    "a group named like itself": f"witness w1 {WIT1}\ngroup g any g\nquorum g\n",
    "two groups of one name": f"witness w1 {WIT1}\nwitness w2 {WIT2}\ngroup g any w1\ngroup g any w2\nquorum g\n",
    "a group called none": f"witness w1 {WIT1}\ngroup none any w1\nquorum none\n",
    "a group without members": f"witness w1 {WIT1}\ngroup g 1\nquorum w1\n",
    "a group without a number": f"witness w1 {WIT1}\ngroup g w1\nquorum g\n",
    "a threshold of zero": f"witness w1 {WIT1}\ngroup g 0 w1\nquorum g\n",
    "a threshold below zero": f"witness w1 {WIT1}\ngroup g -1 w1\nquorum g\n",
    "a threshold with a zero before": f"witness w1 {WIT1}\ngroup g 01 w1\nquorum g\n",
    "a threshold in wide digits": f"witness w1 {WIT1}\ngroup g １ w1\nquorum g\n",
    "a threshold above the members": f"witness w1 {WIT1}\ngroup g 2 w1\nquorum g\n",
    "a threshold of many digits": f"witness w1 {WIT1}\ngroup g {'9' * 5000} w1\nquorum g\n",
    "an unknown member": f"witness w1 {WIT1}\ngroup g any w2\nquorum g\n",
    "a member defined later": f"group g any w1\nwitness w1 {WIT1}\nquorum g\n",
    "none as a member": f"witness w1 {WIT1}\ngroup g any none w1\nquorum g\n",
    "a member twice in a group": f"witness w1 {WIT1}\ngroup g all w1 w1\nquorum g\n",
    "a member of two groups": f"witness w1 {WIT1}\nwitness w2 {WIT2}\ngroup g any w1 w2\ngroup h any w1\nquorum g\n",
    "two quorums": f"witness w1 {WIT1}\nquorum w1\nquorum w1\n",
    "two quorums of none": "quorum none\nquorum none\n",
    "a quorum without a name": "quorum\n",
    "a quorum of two": f"witness w1 {WIT1}\nquorum w1 w1\n",
    "a quorum unknown": "quorum unknown\n",
    "a quorum before its witness": f"quorum w1\nwitness w1 {WIT1}\n",
    "too much": "quorum none\n" + "#" * MAX_TEXT,
}


@pytest.mark.parametrize("name", REFUSED)
def test_k14_malformed_policy_is_refused(name: str) -> None:
    """Each rule of the standard broken once, most of them as its other implementation tests them."""
    with pytest.raises(ValueError, match=r"\w"):
        parse_policy(REFUSED[name])


def test_fault_is_named_by_its_line() -> None:
    """A person finds it."""
    with pytest.raises(ValueError, match="line 3: a key of the wrong type"):
        parse_policy(f"# ours\nwitness w1 {WIT1}\nwitness w2 {LOG_KEY}\nquorum w1\n")


def test_groups_may_nest_as_deep_as_the_text_is_long() -> None:
    """Two thousand levels are judged without a limit of the language."""
    text = f"{DEFINED}group g0 any w1\n" + "".join(f"group g{n} any g{n - 1}\n" for n in range(1, 2000)) + "quorum g1999\n"
    policy = parse_policy(text)
    assert policy.satisfied_by(note("w1"))
    assert len(policy.missing(note("w2"))) == 2001


def test_policy_has_room_for_what_the_standard_recommends() -> None:
    """At least 32 logs, witnesses and groups."""
    made = [Ed25519PrivateKey.from_private_bytes(bytes([n, 1] * 16)) for n in range(64)]
    logs = "".join(f"log {verifier_key(f'log{n}.example', public_bytes(key))}\n" for n, key in enumerate(made[:32]))
    witnesses = "".join(
        f"witness w{n} {witness_key(f'w{n}.example', public_bytes(key))} https://w{n}.example/\n" for n, key in enumerate(made[32:])
    )
    groups = "".join(f"group g{n} any w{n}\n" for n in range(32))
    policy = parse_policy(f"{logs}{witnesses}{groups}group all all {' '.join(f'g{n}' for n in range(32))}\nquorum all\n")
    assert (len(policy.logs), len(policy.witnesses), len(policy.groups)) == (32, 32, 33)
    head = sign_note(TEXT, ORIGIN, LOG)
    lines = [cosign(TEXT, f"w{n}.example", key, 5) for n, key in enumerate(made[32:])]
    cosigned = parse_note(add_signatures(head, *lines))
    assert policy.missing(cosigned)[0].startswith("no signature of log0.example, log1.example, ")
    assert Policy([], policy.witnesses, policy.groups, "all").satisfied_by(cosigned)
