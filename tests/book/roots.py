"""Ledgers with several roots, on a desk and whole."""

from typing import Any

from ledger.chain.keys import b64, possession_message, public_bytes
from ledger.service import Founding, FurtherRoot, Ledger
from ledger.store.keystore import Signer
from tests.book.desk import Desk
from tests.world import LEDGER_KEY, ORIGIN, ROOT, Clock, World, counting, signer

ANNA, BORIS, CHEN = (signer(byte) for byte in (21, 22, 23))
FURTHER = {"anna": ANNA, "boris": BORIS}


def root_row(person: str, key: Signer) -> dict[str, Any]:
    """A founding key as entry 0 writes it."""
    return {
        "algorithm": "ed25519", "person": person, "possession": b64(key.private.sign(possession_message(ORIGIN, person, key.key))),
        "public_key": b64(public_bytes(key.private)),
    }  # fmt: skip


def rooted(quorum: int = 2, *, policy: str = "small", mode: str = "control", roots: list[dict[str, Any]] | None = None) -> Desk:
    """A desk whose entry 0 names the roots root, anna and boris."""
    desk = Desk(policy=policy, mode=mode, open=False)
    rows = [root_row(person, key) for person, key in FURTHER.items()] if roots is None else roots
    desk.genesis |= {"roots": [*desk.genesis["roots"], *rows], "root_quorum": quorum}
    desk.do(ROOT, "ledger.open", "ledger.open", **desk.genesis)
    desk.body("999901", "county")
    return desk


class RootedWorld(World):
    """A whole ledger of the same three roots."""

    def __init__(self, target: str, quorum: int = 2, *, policy: str = "small", mode: str = "control") -> None:
        self.target, self.clock = target, Clock()
        rows = (root_row(person, key) for person, key in FURTHER.items())
        founding = Founding(
            origin=ORIGIN, name="示例县台账", root=ROOT, ledger_key=public_bytes(LEDGER_KEY.private), mode=mode, policy=policy,
            further=[FurtherRoot(row["person"], row["public_key"], row["possession"]) for row in rows], quorum=quorum,
        )  # fmt: skip
        self.ledger = Ledger.create(target, founding, clock=self.clock, entropy=counting())
