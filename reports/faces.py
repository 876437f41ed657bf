"""The files of the two faces of every paper: where they lie, and the sums they must have; nothing that draws is loaded."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger.errors import LedgerError, StorageTrouble
from ledger.words import os_fault

REGULAR = "NotoSansSC-Regular"
BOLD = "NotoSansSC-Bold"

FOLDER = Path(__file__).parent / "fonts"

SHA256 = {
    REGULAR: "3796796bc1b7b20ed41272577c91ec9ce4c8c33e0d331817a166f93e456d87c5",
    BOLD: "4d605e09df2cc383607161739e5b413e5d0231969f8df61bef565f67cd9e04e9",
}


def read_face(name: str, folder: Path) -> bytes:
    """The bytes of one vendored face, exactly those whose SHA-256 stands in this file.

    Raises:
        StorageTrouble: PAPER.FONT, the file is missing, unreadable or altered.
    """
    path = folder / f"{name}.ttf"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StorageTrouble("PAPER.FONT:unreadable", file=path.name, why=os_fault(error)) from None
    if sha256(data).hexdigest() != SHA256[name]:
        raise StorageTrouble("PAPER.FONT:other", file=path.name)
    return data


def font_check() -> dict[str, Any]:
    """Whether the typefaces are those of this release, as the doctor asks."""
    try:
        for name in SHA256:
            read_face(name, FOLDER)
    except LedgerError as error:
        return {"name": "fonts", "ok": False, "detail": error.message}
    return {"name": "fonts", "ok": True, "detail": "Noto Sans SC"}
