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
from ledger.words import Fault

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
        return [str(fault) for fault in (*self._false(note), *self._log(note), *self._quorum(note))]

    def _false(self, note: Note) -> Iterator[Fault]:
        for key in (*self.logs, *self.witnesses.values()):
            if signatures_of(note, key) and not is_signed_by_key(note, key):
                yield Fault("MISSING:false", name=key.name)

    def _log(self, note: Note) -> Iterator[Fault]:
        origin = note.text.partition("\n")[0]
        if self.logs and not any(key.name == origin and is_signed_by_key(note, key) for key in self.logs):
            yield Fault("MISSING:log", names=[key.name for key in self.logs])

    def _quorum(self, note: Note) -> Iterator[Fault]:
        stands = {name: is_signed_by_key(note, key) for name, key in self.witnesses.items()}
        for name, (needed, members) in self.groups.items():  # members are defined before their group
            stands[name] = sum(stands[member] for member in members) >= needed
        open_names = [self.quorum] if self.quorum != "none" else []
        while open_names:
            name = open_names.pop()
            if stands[name]:
                continue
            if name in self.witnesses:
                yield Fault("MISSING:witness", name=name)
                continue
            needed, members = self.groups[name]
            yield Fault("MISSING:group", name=name, found=sum(stands[member] for member in members), needed=needed)
            open_names += reversed(members)


def parse_policy(text: str) -> Policy:
    """The policy of a text. Raises ValueError with the number of the line that is malformed."""
    if len(text) > MAX_TEXT or _CONTROL.search(text):
        raise Fault("POLICY:text")
    policy, quorums, members = Policy(), [], set[str]()
    for number, line in enumerate(text.split("\n"), 1):
        words = re.split(r"[ \t]+", line.strip(" \t"))
        if not words[0] or words[0].startswith("#"):
            continue
        try:
            quorums += _read(policy, words, members)
        except ValueError as error:
            raise Fault("POLICY:line", number=number, why=error) from None
        if len(quorums) > 1:
            raise Fault("POLICY:line", number=number, why=Fault("POLICY:quorums"))
    if not quorums:
        raise Fault("POLICY:quorum")
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
                    raise Fault("POLICY:member", name=member)
                members.add(member)
            policy.groups[name] = (_threshold(count, len(names)), names)
        case ["quorum", name]:
            if name != "none":
                _known(policy, name)
            return [name]
        case _:
            raise Fault("POLICY:unknown_line")
    return []


def _key(text: str, type_byte: bytes, others: list[VerifierKey]) -> VerifierKey:
    key = parse_verifier_key(text)
    if key.type_byte != type_byte:
        raise Fault("POLICY:type")
    if any(key.public_key == other.public_key for other in others):
        raise Fault("POLICY:again")
    return key


def _define(policy: Policy, name: str) -> None:
    if name == "none" or name in policy.witnesses or name in policy.groups:
        raise Fault("POLICY:taken", name=name)


def _known(policy: Policy, name: str) -> None:
    if name not in policy.witnesses and name not in policy.groups:
        raise Fault("POLICY:undefined", name=name)


def _threshold(count: str, size: int) -> int:
    if count in ("any", "all"):
        return 1 if count == "any" else size
    if not _COUNT.fullmatch(count) or int(count) > size:
        raise Fault("POLICY:threshold")
    return int(count)
