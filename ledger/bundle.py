"""The bundle: everything a stranger needs to check a ledger, as a zip of three plain files.

    entries.jsonl     {"seq":N,"header":TEXT,"content":TEXT}                one object a line, the exact texts
    seals.jsonl       {"from":N,"size":N,"root":B64,"author":HEX,"signature":B64}
    checkpoint.note   the signed checkpoint of the size exported

The same history, size and checkpoint give the same bytes.
"""

import io
import json
import zipfile

from ledger.chain.keys import b64
from ledger.store.session import Session

_EPOCH = (1980, 1, 1, 0, 0, 0)


def build_bundle(session: Session, size: int, note: str) -> bytes:
    """The bundle of the first `size` entries; `size` must be that of a seal."""
    database, connection = session.database, session.connection
    entries = io.StringIO()
    for seq, header, content in database.all(
        connection, "SELECT seq, header, content FROM entries WHERE seq < ? ORDER BY seq", (size,)
    ):
        entries.write(_line({"seq": seq, "header": header.decode(), "content": content.decode()}))
    seals = io.StringIO()
    for first, end, root, author, signature in database.all(
        connection,
        "SELECT first, size, root, author, signature FROM seals WHERE size <= ? ORDER BY first",
        (size,),
    ):
        seals.write(
            _line(
                {"from": first, "size": end, "root": b64(root), "author": author, "signature": b64(signature)}
            )
        )
    return zip_of(
        {"entries.jsonl": entries.getvalue(), "seals.jsonl": seals.getvalue(), "checkpoint.note": note}
    )


def _line(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def zip_of(members: dict[str, str]) -> bytes:
    """A zip whose bytes depend on its members alone."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, text.encode())
    return raw.getvalue()
