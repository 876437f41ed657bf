"""From what a person types to the fields of an event: each by its declared type, and what only the client can fill in."""

import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from ledger.book.effects import LEDGER_KEY_HOLDER
from ledger.book.references import position_of, word_for
from ledger.book.rights import Actor
from ledger.book.state import Breach, State
from ledger.calendar import parse_day
from ledger.chain.keys import b64, key_id, possession_message, unb64
from ledger.commands.nearest import meant
from ledger.commands.policy import policy_rows
from ledger.errors import InputRejected, LedgerError, NotFound, Refused, Usage
from ledger.fullwidth import plain_width
from ledger.kinds.declare import Field, KindInfo
from ledger.kinds.text import text_fault
from ledger.kinds.types import EntryRef, QuotaRef
from ledger.money import parse_amount
from ledger.store.files import read_limited
from ledger.store.keystore import KeyStore
from ledger.store.memory import Memory
from ledger.words import Fault, spoken

COMMAS = re.compile("[,，、]")
_TRUE, _FALSE = ("true", "yes", "y", "是", "1"), ("false", "no", "n", "否", "0")


def base_of(field: Field) -> Any:
    """What msgspec says of a field's type, None left out."""
    info = msgspec.inspect.type_info(field.type)
    if isinstance(info, msgspec.inspect.UnionType):
        info = next(part for part in info.types if not isinstance(part, msgspec.inspect.NoneType))
    if isinstance(info, msgspec.inspect.Metadata):
        info = info.type
    return info


def is_amount(field: Field) -> bool:
    """Whether a field is an amount of money."""
    return title_of(field.type) == "amount"


def title_of(type: Any) -> str:
    """The title that a declared type bears, None left out, or ''."""
    info = msgspec.inspect.type_info(type)
    parts = info.types if isinstance(info, msgspec.inspect.UnionType) else (info,)
    titles = [part.extra_json_schema["title"] for part in parts
              if isinstance(part, msgspec.inspect.Metadata) and part.extra_json_schema]  # fmt: skip
    return str(titles[0]) if titles else ""


def holds(field: Field, struct: type) -> bool:
    """Whether a field is a `struct`, or a list of them."""
    info = base_of(field)
    if isinstance(info, msgspec.inspect.ListType):
        info = info.item_type
    return isinstance(info, msgspec.inspect.StructType) and info.cls is struct


def has_option(field: Field) -> bool:
    """Whether a person types this field as an option of its own."""
    if field.client:
        return False
    return field.name in ("roles", "policy") or not isinstance(base_of(field), msgspec.inspect.ListType)


def parse_field(field: Field, text: str) -> Any:
    """The JSON value of what was typed for a field. Raises InputRejected with the option named."""
    info, option = base_of(field), f"--{field.name.replace('_', '-')}"
    if field.name == "policy":
        return text  # the name of a policy or of a file, see `ledger.commands.policy`
    if is_amount(field):
        return amount_of(option, text)
    if isinstance(info, msgspec.inspect.IntType):
        if not (text.isascii() and text.isdigit() and len(text) <= 15):
            raise InputRejected("INPUT.NUMBER", option=option, text=text)
        return in_form(field.type, int(text), option)
    if isinstance(info, msgspec.inspect.BoolType):
        if text.lower() not in (*_TRUE, *_FALSE):
            raise InputRejected("INPUT.FIELD:boolean", option=option, text=text)
        return text.lower() in _TRUE
    if field.is_date:
        return day_of(option, text)
    if isinstance(info, msgspec.inspect.ListType):
        parts = [part.strip() for part in COMMAS.split(text)]
        return in_form(field.type, [_chosen(field, option, part) for part in parts], option)
    if isinstance(info, msgspec.inspect.StrType) and field.name != "public_key":
        return in_form(field.type, _chosen(field, option, text), option)
    return text


def amount_of(option: str, text: str) -> int:
    """Fen of an amount as typed. Raises InputRejected with the option named."""
    try:
        return parse_amount(text)
    except Fault as fault:
        raise InputRejected("INPUT.AMOUNT", option=option, why=fault) from None


def day_of(option: str, text: str) -> str:
    """The day typed for an option, as YYYY-MM-DD. Raises InputRejected with the option named."""
    try:
        return parse_day(text)
    except Fault as fault:
        raise InputRejected("INPUT.DATE", option=option, why=fault) from None


def choices_of(field: Field, chinese: bool) -> list[str]:
    """The choices of a field as a person is shown them: `province 省级`, in English the word alone."""
    if not chinese:
        return list(field.choices)
    return [f"{word} {zh}" for word, zh in zip(field.choices, field.choices_zh, strict=True)]


def _chosen(field: Field, option: str, text: str) -> str:
    """The text without what may not be recorded; of a field with choices, the word recorded for it, also where it is said in Chinese."""
    fault = text_fault(text)
    if fault:
        raise InputRejected("INPUT.TEXT:option", option=option, why=fault)
    if not field.choices:
        return text
    word = word_of(field, text)
    if word is None:
        raise InputRejected("INPUT.FIELD:typed", option=option, text=text, choices=choices_of(field, spoken() == "zh"),
                            meant=meant(text, (*field.choices, *field.choices_zh)))  # fmt: skip
    return word


def word_of(field: Field, text: str) -> str | None:
    """The choice of a field that a text names, as its word or in Chinese; a level also without 级. None where it names none."""
    said = plain_width(text).strip()
    if said in field.choices:
        return said
    zh = [word.removesuffix("级") for word in field.choices_zh]
    plain = said.removesuffix("级")
    return field.choices[zh.index(plain)] if plain in zh else None


def read_sealed(field: Field, text: str) -> str:
    """The value of a sealed field: as typed, `@FILE`, or `-` for standard input, so that it need not stand on a command line."""
    if text == "-":
        text = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    elif text.startswith("@"):
        text = read_limited(Path(text[1:]), 64 * 1024, f"--{field.name}").decode("utf-8", "replace").rstrip("\r\n")
    fault = text_fault(text) or ("" if text else Fault("TEXT:empty"))
    if fault:
        raise InputRejected("INPUT.TEXT:option", option=f"--{field.name}", why=fault)
    return text


_FORMS = ("text", "word", "code", "id", "officer", "quota", "date", "year")


def in_form(type: Any, value: Any, option: str) -> Any:
    """A value of a declared type. Raises InputRejected with the option and the form in words."""
    try:
        msgspec.convert(value, type)
    except msgspec.ValidationError:
        title = title_of(type)
        raise InputRejected(f"INPUT.FIELD:{title if title in _FORMS else 'other'}", option=option, text=value) from None
    return value


class Completer:
    """Fills in what a person need not type: references, legs, keys, the own authority."""

    def __init__(self, state: State, actor: Actor, store: KeyStore) -> None:
        self.state = state
        self.actor = actor
        self.store = store

    def complete(
        self, info: KindInfo, data: dict[str, Any], quotas: list[str], amount: str | None
    ) -> dict[str, Any]:
        """The data of an event, from parsed fields and the options `--quota` and `--amount`."""
        data = dict(data)
        for field in info.fields.values():
            if holds(field, EntryRef) and field.name in data:
                data[field.name] = self.reference(data[field.name])
        if info.name == "quota.release" and "from" not in data:
            data["from"] = self._own_authority()
        if info.name == "person.erase" and "holder" not in data:
            subject = self.state.get("subject", data["person"])
            if subject is not None and subject.holder:
                data["holder"] = subject.holder
        if info.name == "ledger.recover":
            self._lost_head(data)
        if info.name == "policy.set":
            data["policy"] = policy_rows(data["policy"])
        if "legs" in info.fields:
            legs = self.legs(info.name, data, quotas, amount)
            if legs is not None:
                data["legs"] = legs
        if "possession" in info.fields:
            self._key(data, str(data.get("officer", LEDGER_KEY_HOLDER)))
        if info.name == "entry.void":
            void = self.state.get("void", str(position_of(self.state, data["entry"]["entry"])))
            data["finding"] = "void" if void is not None else "ahead"
        return data

    def _own_authority(self) -> str:
        if not self.actor.authority:
            raise Usage("USAGE:from")
        return self.actor.authority

    def reference(self, word: str) -> dict[str, str]:
        """`{entry, leaf}` of the entry that a seq, entry id or business id names. Raises Refused (6)."""
        seq = find_entry(self.state, word)
        if seq is None:
            raise Refused("REFERENCE.ENTRY", id=word)
        return {"entry": word_for(self.state, seq), "leaf": self.state.history.entry(seq)[2].hex()}

    def legs(
        self, kind: str, data: dict[str, Any], quotas: list[str], amount: str | None
    ) -> list[dict[str, Any]] | None:
        """Legs from `--quota Q`, `--quota Q=AMOUNT` …, and `--amount`."""
        named = [quota.partition("=") for quota in quotas]
        for quota, _, _ in named:
            in_form(QuotaRef, quota, "--quota")
        total = amount_of("--amount", amount) if amount is not None else None
        if named and all(sign for _, sign, _ in named):
            legs: list[dict[str, Any]] = [{"amount": amount_of("--quota", part), "quota": quota} for quota, _, part in named]
            whole = sum(leg["amount"] for leg in legs)
            if total is not None and total != whole:
                raise InputRejected("INPUT.SUM", amount_fen=total, sum_fen=whole)
            return legs
        if len(named) > 1:
            raise Usage("USAGE:several_quotas")
        if total is None:
            if named:
                raise Usage("USAGE:amount_of_quota", quota=quotas[0])
            if kind == "payment.approve":
                return None
            raise Usage("USAGE:amount")
        quota = named[0][0] if named else self._only_quota(kind, data)
        return [{"amount": total, "quota": quota}]

    def _only_quota(self, kind: str, data: dict[str, Any]) -> str:
        try:
            if kind == "payment.request":
                account = f"{data['project']}:budget"
                self.state.project(data["project"])
                held = sorted(
                    {
                        q
                        for (a, unit, q), n in self.state.balances()
                        if a == account and unit == "CNY" and n > 0
                    }
                )
            elif kind == "payment.approve":
                held = [leg.quota for leg in self.state.payment(data["payment"]).rest]
            else:
                raise Usage("USAGE:quota")
        except Breach as breach:
            raise Refused(breach.key, **breach.facts) from None
        if not held:
            what = data.get("project") or data.get("payment")
            raise Refused("BALANCE.SHORT:none", what=what)
        if len(held) > 1:
            raise Usage("USAGE:which_quota", quotas=held, first=held[0])
        return held[0]

    def _lost_head(self, data: dict[str, Any]) -> None:
        """Where no head is named, the one that this key store remembers."""
        if "size" in data and "root" in data:
            return
        confirmed = Memory(self.store.folder, self.state.history.entry(0)[2].hex()).confirmed
        if "size" in data or "root" in data or confirmed is None:
            raise Usage("USAGE:lost_head")
        data["size"], data["root"] = confirmed.size, confirmed.root

    def _key(self, data: dict[str, Any], officer: str) -> None:
        """Turn `--public-key NAME` into the key itself, with its possession where the private half is at hand."""
        data["algorithm"] = "ed25519"
        name = str(data["public_key"]).removeprefix("ed25519 ").strip()  # as a .pub file says it
        try:
            public = unb64(name, 32)
            holder = next((n for n in self.store.names() if self.store.public(n) == public), None)
        except ValueError:
            public, holder = self._kept(name), name
        data["public_key"] = b64(public)
        if "possession" in data:
            return
        if holder is None or not self.store.has(holder):
            raise Usage("USAGE:possession", origin=self.state.history.origin, officer=officer)
        message = possession_message(self.state.history.origin, officer, key_id(public))
        data["possession"] = b64(self.store.signer(holder).private.sign(message))

    def _kept(self, name: str) -> bytes:
        try:
            return self.store.public(name)
        except NotFound:
            raise Refused("REFERENCE.KEY", name=name, folder=self.store.folder) from None


def find_entry(state: State, word: str) -> int | None:
    """The entry that a seq, an entry id, or the id of a quota, project, payment or paper names. Raises Refused when ambiguous."""
    if word.isascii() and word.isdigit() and len(word) < 19:
        try:
            state.history.entry(int(word))
        except OverflowError:
            return None
        except LedgerError as error:
            if error.code != "INV-02.MISSING":
                raise
            return None
        return int(word)
    seq = state.history.seq_of(word)
    if seq is not None:
        return seq
    made = {
        state.get(sort, word).seq
        for sort in ("quota", "project", "payment", "paper")
        if state.get(sort, word)
    }
    if len(made) > 1:
        raise Refused("REFERENCE.AMBIGUOUS", id=word, entries=[f"#{seq}" for seq in sorted(made)], first=min(made))
    return made.pop() if made else None
