"""The proof of one entry as a text of its own (C2SP tlog-proof), unchanged.

    c2sp.org/tlog-proof@v1
    extra <base64, opaque; the line is absent where there is none>
    index 123
    <base64 hash of the audit path, one a line, from the leaf's sibling up>

    <the checkpoint, a signed note>

`extra` is covered by no signature: what it says is to be derived again from the leaf.
"""

import re
from base64 import b64decode
from dataclasses import dataclass

from ledger.chain.keys import b64, unb64
from ledger.words import Fault

FIRST_LINE = "c2sp.org/tlog-proof@v1"
MAX_TEXT = 2 * 1024 * 1024
MAX_HASHES = 53
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})", re.ASCII)


@dataclass(frozen=True)
class TlogProof:
    """Position and audit path of a leaf, the checkpoint they lead to (a note, not yet parsed), and what goes with them."""

    index: int
    hashes: list[bytes]
    checkpoint: str
    extra: bytes | None = None

    def to_text(self) -> str:
        """The one spelling; an empty `extra` is none."""
        extra = [f"extra {b64(self.extra)}"] if self.extra else []
        lines = [FIRST_LINE, *extra, f"index {self.index}", *map(b64, self.hashes), "", ""]
        return "\n".join(lines) + self.checkpoint


def parse_tlog_proof(text: str) -> TlogProof:
    """The parts of a proof's text; nothing is verified. Raises ValueError for any other spelling."""
    if len(text) > MAX_TEXT:
        raise Fault("TLOG:long")
    head, blank, checkpoint = text.partition("\n\n")
    if not blank or not checkpoint.endswith("\n") or checkpoint.startswith("\n"):
        raise Fault("TLOG:blank")
    first, *lines = head.split("\n")
    if first != FIRST_LINE:
        raise Fault("TLOG:first", line=FIRST_LINE)
    extra = None
    if lines and lines[0].startswith("extra "):
        try:
            extra = b64decode(lines[0][6:], validate=True)
        except ValueError:
            extra = b""
        if not extra or f"extra {b64(extra)}" != lines.pop(0):
            raise Fault("TLOG:extra")
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if not index:
        raise Fault("TLOG:index")
    if len(lines) - 1 > MAX_HASHES:
        raise Fault("TLOG:hashes")
    return TlogProof(int(index[1]), [unb64(line, 32) for line in lines[1:]], checkpoint, extra)
