"""Who must have signed a checkpoint (C2SP tlog-policy), unchanged.

    log <verifier key of type 0x01> [url]
    witness w1 <verifier key of type 0x04> [url]
    witness w2 <verifier key of type 0x04>
    group both all w1 w2
    quorum both

Items are parted by spaces and tabs; empty lines and those that begin with # say nothing. A group counts as a witness
where `all`, `any` or at least so many of its members do. A name stands for what an earlier line defined, and is a
member once. There is one quorum line; `quorum none` asks for no witness.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger.chain.note import (
    ED25519_NOTE,
    WITNESS_TYPE,
    Note,
    VerifierKey,
    is_signed_by_key,
    parse_verifier_key,
    signatures_of,
)

MAX_TEXT = 64 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COUNT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)


@dataclass(frozen=True)
class Policy:
    """The logs and witnesses by their keys, the groups by their names in the order of the text, and the quorum."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)  # how many of which members
    quorum: str = "none"

    def satisfied_by(self, note: Note) -> bool:
        """Whether a log named here signed the note as its own (or none is named), and the quorum cosigned it.

        A signature that claims to be by a key named here and is false spoils the note.
        """
        return not self.missing(note)

    def missing(self, note: Note) -> list[str]:
        """What the note lacks, in words; empty where nothing does."""
        return [*self._false(note), *self._log(note), *self._quorum(note)]

    def _false(self, note: Note) -> Iterator[str]:
        for key in (*self.logs, *self.witnesses.values()):
            if signatures_of(note, key) and not is_signed_by_key(note, key):
                yield f"a signature under the name {key.name} is false"

    def _log(self, note: Note) -> Iterator[str]:
        origin = note.text.partition("\n")[0]
        if self.logs and not any(key.name == origin and is_signed_by_key(note, key) for key in self.logs):
            yield "no signature of " + " or ".join(key.name for key in self.logs)

    def _quorum(self, note: Note) -> Iterator[str]:
        stands = {name: is_signed_by_key(note, key) for name, key in self.witnesses.items()}
        for name, (needed, members) in self.groups.items():  # members are defined before their group
            stands[name] = sum(stands[member] for member in members) >= needed
        open_names = [self.quorum] if self.quorum != "none" else []
        while open_names:
            name = open_names.pop()
            if stands[name]:
                continue
            if name in self.witnesses:
                yield f"no cosignature of witness {name}"
                continue
            needed, members = self.groups[name]
            yield f"group {name} has {sum(stands[member] for member in members)} of {needed} cosignatures"
            open_names += reversed(members)


def parse_policy(text: str) -> Policy:
    """The policy of a text. Raises ValueError with the number of the line that is malformed."""
    if len(text) > MAX_TEXT or _CONTROL.search(text):
        raise ValueError("the policy is too long or has a control character")
    policy, quorums, members = Policy(), [], set[str]()
    for number, line in enumerate(text.split("\n"), 1):
        words = re.split(r"[ \t]+", line.strip(" \t"))
        if not words[0] or words[0].startswith("#"):
            continue
        try:
            quorums += _read(policy, words, members)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
        if len(quorums) > 1:
            raise ValueError(f"line {number}: a second quorum")
    if not quorums:
        raise ValueError("a policy needs a quorum line")
    return Policy(policy.logs, policy.witnesses, policy.groups, quorums[0])


def _read(policy: Policy, words: list[str], members: set[str]) -> list[str]:
    """Take one line into the policy; the quorum where it is that line."""
    match words:
        case ["log", key, *url] if len(url) < 2:
            policy.logs.append(_key(key, ED25519_NOTE, policy.logs))
        case ["witness", name, key, *url] if len(url) < 2:
            _define(policy, name)
            policy.witnesses[name] = _key(key, WITNESS_TYPE, list(policy.witnesses.values()))
        case ["group", name, count, *names] if names:
            _define(policy, name)
            for member in names:
                _known(policy, member)
                if member in members:
                    raise ValueError(f"{member} is a member twice")
                members.add(member)
            policy.groups[name] = (_threshold(count, len(names)), names)
        case ["quorum", name]:
            if name != "none":
                _known(policy, name)
            return [name]
        case _:
            raise ValueError("not a line of a policy")
    return []


def _key(text: str, type_byte: bytes, others: list[VerifierKey]) -> VerifierKey:
    key = parse_verifier_key(text)
    if key.type_byte != type_byte:
        raise ValueError("a key of the wrong type")
    if any(key.public_key == other.public_key for other in others):
        raise ValueError("a key that stands already")
    return key


def _define(policy: Policy, name: str) -> None:
    if name == "none" or name in policy.witnesses or name in policy.groups:
        raise ValueError(f"the name {name} is taken")


def _known(policy: Policy, name: str) -> None:
    if name not in policy.witnesses and name not in policy.groups:
        raise ValueError(f"{name} is not defined before")


def _threshold(count: str, size: int) -> int:
    if count in ("any", "all"):
        return 1 if count == "any" else size
    if not _COUNT.fullmatch(count) or int(count) > size:
        raise ValueError("a group needs from one to all of its members")
    return int(count)
