"""The vectors that stand in `docs/format.md`, made from the small ledger of `tests/world.py`."""

import base64
from typing import Any

from ledger.chain.keys import public_bytes
from ledger.chain.note import Checkpoint, checkpoint_text, sign_note, verifier_key
from tests import world


def make(target: str) -> dict[str, Any]:
    """Facts about the eleven entries of `world.first_yuan`."""
    ledger = world.first_yuan(target).ledger
    with ledger.reading() as session:
        rows = [session.history.entry(seq) for seq in range(session.size)]
        seal = ledger.database.all(session.connection, "SELECT first, size, root, author, signature FROM seals ORDER BY size")
        root = session.tree().root()
        note = sign_note(checkpoint_text(Checkpoint(session.origin, session.size, root)), session.origin, world.LEDGER_KEY.private)
        return {
            "origin": session.origin,
            "ledger_id": session.id,
            "root_key_id": world.ROOT.key,
            "ledger_key": verifier_key(session.origin, public_bytes(world.LEDGER_KEY.private)),
            "entry_9": {"header": rows[9][0].decode(), "content": rows[9][1].decode(), "leaf": rows[9][2].hex()},
            "leaves": [leaf.hex() for _, _, leaf in rows],
            "seals": [
                {"from": first, "size": size, "root": base64.b64encode(sealed).decode(), "author": author,
                 "signature": base64.b64encode(signature).decode()}
                for first, size, sealed, author, signature in seal
            ],
            "checkpoint": note,
            "balances": {
                f"{account} {unit} {quota}": n for (account, unit, quota), n in sorted(session.state.balances())
            },
        }
