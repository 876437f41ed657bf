"""A small ledger with sealed values of invented people, its vault, and where their traces are looked for."""

import secrets
from pathlib import Path
from typing import Any

from ledger.kinds.draft import Draft
from ledger.store.append import Receipt, as_source
from ledger.store.keystore import Signer
from ledger.store.vault import Vault
from ledger.verify.run import Verification, verify
from tests.world import LI, QIAN, ROOT, TODAY, ZHAO, World, draft, enrolment

ACCOUNT = "6200000000000012345"  # invented
IDENTITY = "99990119000101999X"
NAME = "示例户主甲"
MARKERS = (ACCOUNT, IDENTITY, NAME)


class SealedWorld:
    """Eleven entries, then a household and a payment to it, their personal values sealed."""

    def __init__(self, target: str, folder: Path, *, mode: str = "control", policy: str = "small") -> None:
        self.folder = folder
        self.world = World(target, mode=mode, policy=policy)
        self.world.ledger.entropy = secrets.token_bytes  # keys are looked for in files: counted ones stand everywhere
        self.world.bodies()
        self.world.first_yuan()
        self.world.record(ROOT, enrolment("zhao", ZHAO, ["administrator"]), enrolment("qian", QIAN, ["reviewer", "clerk"]))
        with self.world.ledger.reading() as session:
            self.id = session.id

    def vault(self) -> Vault:
        """The vault as a command opens it, anew each time."""
        return Vault(self.folder / "vault", self.id)

    def record(self, key: Signer, *drafts: Draft, vault: bool = True, **options: Any) -> Receipt:
        """Append drafts, with the vault or without."""
        return self.world.ledger.append(key, as_source(list(drafts)), vault=self.vault() if vault else None, **options)

    def household(self, id: str = "H-0001", **sealed: str) -> Receipt:
        """Enrol a household."""
        values = sealed or {"head": NAME, "identity": IDENTITY, "account": ACCOUNT}
        return self.record(LI, Draft("household.enroll", f"enroll/{id}", TODAY, {"household": id, "place": "999901"}, values))

    def pay(self, payee: str = "H-0001", account: str = ACCOUNT, *, id: str = "PAY-2", person: bool = True) -> Receipt:
        """Ask for a payment to an account."""
        data = {"payment": id, "project": "P1", "legs": [{"amount": 100, "quota": "Q1"}], "payee": payee}
        if person:
            data["payee_type"] = "person"
        return self.record(LI, Draft("payment.request", id, TODAY, data, {"account": account}))

    def erase(self, person: str = "H-0001", *, shred: bool = True) -> int:
        """Erase by two persons; returns the entry with which it holds."""
        self.world.record(ROOT, draft("person.erase", f"erase/{person}", person=person, reason="本人申请", holder="999901"))
        seq = self.world.record(ZHAO, draft("entry.confirm", f"confirm/{person}", entry=self.world.ref(f"erase/{person}"))).entries[0].seq
        if shred:
            assert self.world.ledger.shred(self.vault()) == [person]
        return seq

    def verify(self, *, vault: bool = True) -> Verification:
        """A full verify, with the keys or without."""
        with self.world.ledger.database.reading() as connection:
            return verify(self.world.ledger.database, connection, now="2026-11-24T02:00:00Z", heads=[],
                          vault=self.vault() if vault else None)

    def sql(self, statement: str, *values: Any) -> list[Any]:
        """What a database administrator does."""
        database = self.world.ledger.database
        with database.writing() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(database.sql(statement), values)
            return cursor.fetchall() if cursor.description else []

    def traces(self, *markers: str | bytes) -> list[str]:
        """Where in any file of the folder, or any row of a server's database, one of these stands in clear."""
        wanted = [marker.encode() if isinstance(marker, str) else marker for marker in markers]
        files = {path.name: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        if self.world.ledger.database.dialect == "postgresql":
            for table in ("entries", "seals", "vault", "facts", "moves", "objects", "balances"):
                files[table] = b"\n".join(
                    cell if isinstance(cell, bytes) else str(cell).encode() for row in self.sql(f"SELECT * FROM {table}") for cell in row
                )
        return sorted(name for name, raw in files.items() if any(marker in raw for marker in wanted))


def verdicts(found: Verification) -> dict[str, int]:
    """How many sealed values are of each verdict; zeros left out."""
    return {name.removeprefix("sealed_"): n for name, n in found.counts.items() if name.startswith("sealed_") and n}
