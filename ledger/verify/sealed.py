"""Sealed values: each opens its commitment, or an entry erased it; without the keys none is called good."""

from collections import Counter

from sqlalchemy import Connection

from ledger.book.objects import Subject
from ledger.book.state import State
from ledger.chain.sealed import opens
from ledger.kinds.codec import Content
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
                    self._findings.doubt("INV-14.KEPT", f"{place.field} of entry {place.seq} was erased by entry "
                                       f"{subject.erased}, and its box is kept", place.seq, hint="sunledger person shred --vault DIR")  # fmt: skip
                if self._vault and place.subject not in kept and self._vault.holds(place.subject):
                    kept.add(place.subject)
                    self._findings.doubt("INV-14.KEY", f"the key of {place.subject} is kept, though entry {subject.erased} erased it",
                                       subject.erased, hint="sunledger person shred --vault DIR")  # fmt: skip
            else:
                self._judge(place, box)
        for seq, field in sorted(boxes, key=str):
            self._findings.add("INV-14.FOREIGN", f"vault holds {str(field)[:40]} of entry {seq}, which seals no such value",
                               seq if isinstance(seq, int) else None)  # fmt: skip

    def _judge(self, place: Place, box: object) -> None:
        where = f"{place.field} of entry {place.seq}"
        if not isinstance(box, bytes):
            what = "is not in the vault" if box is None else "is of another type"
            self.verdicts["missing"] += 1
            self._findings.add("INV-14.MISSING", f"sealed value {where} {what}: EVIDENCE MISSING", place.seq)
            return
        try:
            found = (self._origin, place.id, place.field)
            opened = self._vault.open(place.subject, found, box) if self._vault else None
        except ValueError as error:
            self.verdicts["missing"] += 1
            self._findings.add("INV-14.BOX", f"sealed value {where}: {error}", place.seq)
            return
        if opened is None:
            self.verdicts["not_opened"] += 1
        elif opens(place.commitment, *found, opened.salt, opened.value):
            self.verdicts["proved"] += 1
        else:
            self.verdicts["missing"] += 1
            self._findings.add("INV-14.COMMITMENT", f"sealed value {where} is not what was committed to", place.seq)

    def detail(self) -> str:
        """The verdicts in words, `no sealed values` where there are none."""
        words = {"proved": "proved", "erased": "erased by law", "missing": "evidence missing", "not_opened": "not opened"}
        return ", ".join(f"{self.verdicts[key]} {word}" for key, word in words.items() if self.verdicts[key]) or "no sealed values"
