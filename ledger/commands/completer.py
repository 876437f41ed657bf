"""What only the client can fill in: references, legs, keys, the own authority, the head that is remembered."""

from typing import Any

from ledger.book.effects import LEDGER_KEY_HOLDER
from ledger.book.payments import rest_of
from ledger.book.references import position_of, word_for
from ledger.book.rights import Actor
from ledger.book.state import Breach, State
from ledger.chain.keys import b64, key_id, possession_message, unb64
from ledger.chain.merkle import Frontier
from ledger.commands.fields import find_entry, holds
from ledger.commands.legs import TypedLegs
from ledger.commands.nearest import meant, with_meant
from ledger.commands.policy import policy_rows
from ledger.errors import NotFound, Refused, Usage
from ledger.kinds.declare import KindInfo
from ledger.kinds.types import EntryRef
from ledger.store.keystore import KeyStore
from ledger.store.memory import Memory


class Completer:
    """Fills in what a person need not type: references, legs, keys, the own authority."""

    def __init__(self, state: State, actor: Actor, store: KeyStore) -> None:
        self.state = state
        self.actor = actor
        self.store = store

    def complete(self, info: KindInfo, data: dict[str, Any], typed: TypedLegs | None = None) -> dict[str, Any]:
        """The data of an event, from parsed fields and what was typed of quotas and amounts."""
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
            self._require_lost(data)
        if info.name == "policy.set":
            data["policy"] = policy_rows(data["policy"])
        if typed is not None:
            legs = self.legs(info.name, data, typed)
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

    def legs(self, kind: str, data: dict[str, Any], typed: TypedLegs) -> list[dict[str, Any]] | None:
        """The legs of an event; None where the whole rest of a request is meant."""
        if typed.legs or typed.amount is None:
            return typed.legs or None
        return [{"amount": typed.amount, "quota": typed.quota or self._only_quota(kind, data)}]

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
                held = [leg.quota for leg in rest_of(self.state, data["payment"], self.state.payment(data["payment"]))]
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

    def _require_lost(self, data: dict[str, Any]) -> None:
        """What stands under this very history is not lost; said once, it cannot be taken back."""
        size = data["size"]
        if size <= self.state.position:
            tree = Frontier()
            for seq in range(size):
                tree.append(self.state.history.entry(seq)[2])
            if b64(tree.root()) == data["root"]:
                raise Refused("REFUSED.NOT_LOST", size=size)

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
            raise with_meant(Refused("REFERENCE.KEY", name=name, folder=self.store.folder), meant(name, self.store.names())) from None
