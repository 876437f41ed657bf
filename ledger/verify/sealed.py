"""Sealed values: each opens its commitment, or an entry erased it; without the keys none is called good."""

from collections import Counter
from typing import Any

from ledger import words
from ledger.book.objects import Subject
from ledger.book.state import State
from ledger.chain.sealed import opens
from ledger.kinds.codec import Content
from ledger.store.connection import Connection
from ledger.store.database import Database
from ledger.store.sealing import Place, places_in
from ledger.store.vault import Vault
from ledger.verify.findings import Findings


class SealedValues:
    """Collects the sealed values of a replay and says what each is worth."""

    def __init__(self, origin: str, findings: Findings, vault: Vault | None) -> None:
        self.verdicts: Counter[str] = Counter()
        self._origin = origin
        self._findings = findings
        self._vault = vault
        self._places: list[Place] = []

    def take(self, seq: int, content: Content) -> None:
        """Take note of an entry's sealed values."""
        self._places += places_in(seq, content)

    def finish(self, database: Database, connection: Connection, state: State) -> None:
        """Compare every value with its box, and the boxes with the values."""
        boxes = {(seq, field): box for seq, field, box in database.all(connection, "SELECT seq, field, box FROM vault")}
        kept: set[str] = set()
        for place in self._places:
            box = boxes.pop((place.seq, place.field), None)
            subject: Subject | None = state.get("subject", place.subject)
            if subject is not None and subject.erased >= 0:
                self.verdicts["erased"] += 1
                if box is not None:
                    self._findings.doubt("INV-14.KEPT", field=place.field, seq=place.seq, by=subject.erased)
                if self._vault and place.subject not in kept and self._vault.holds(place.subject):
                    kept.add(place.subject)
                    self._findings.doubt("INV-14.KEY", subject=place.subject, seq=subject.erased)
            else:
                self._judge(place, box)
        for seq, field in sorted(boxes, key=str):
            self._findings.add("INV-14.FOREIGN", field=field, entry=seq)

    def _judge(self, place: Place, box: object) -> None:
        where: dict[str, Any] = {"field": place.field, "seq": place.seq}
        if not isinstance(box, bytes):
            self.verdicts["missing"] += 1
            self._findings.add("INV-14.MISSING" if box is None else "INV-14.MISSING:type", **where)
            return
        try:
            found = (self._origin, place.id, place.field)
            opened = self._vault.open(place.subject, found, box) if self._vault else None
        except ValueError as error:
            self.verdicts["missing"] += 1
            self._findings.add("INV-14.BOX", why=error, **where)
            return
        if opened is None:
            self.verdicts["not_opened"] += 1
        elif opens(place.commitment, *found, opened.salt, opened.value):
            self.verdicts["proved"] += 1
        else:
            self.verdicts["missing"] += 1
            self._findings.add("INV-14.COMMITMENT", **where)

    def detail(self) -> str:
        """The verdicts in words, `no sealed values` where there are none."""
        said = [words.say(f"VERIFY:{verdict}", {"count": self.verdicts[verdict]})
                for verdict in ("proved", "erased", "missing", "not_opened") if self.verdicts[verdict]]  # fmt: skip
        return ("，" if words.spoken() == "zh" else ", ").join(said) or words.say("VERIFY:no_sealed", {})
