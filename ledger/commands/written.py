"""The files that answers are written to."""

from collections.abc import Iterable
from pathlib import Path

from ledger.commands.options import Options
from ledger.errors import InputRejected, Refused
from ledger.store.files import write_whole


def write_output(options: Options, path: str, data: bytes | Iterable[bytes], *, mode: int = 0o644) -> None:
    """Write an answer's file, never over the ledger itself."""
    require_output(options, path)
    write_whole(Path(path), data, mode=mode)


def require_output(options: Options, path: str, *inputs: str | None) -> None:
    """Check that an answer may be written to a path, and is not one of the files it is made from. Raises InputRejected, Refused."""
    if "\0" in path or not path:
        raise InputRejected("INPUT.PATH:option", option="-o")
    target = Path(path)
    if "://" not in options.ledger and target.exists():
        for own in ("", "-wal", "-shm"):
            part = Path(options.ledger + own)
            if part.exists() and target.samefile(part):
                raise Refused("REFUSED.OUTPUT:ledger", path=path)
    for word in inputs:
        if word and target.exists() and Path(word).exists() and target.samefile(word):
            raise Refused("REFUSED.OUTPUT:source", path=path)
    if options.keys.resolve() in target.resolve().parents:
        raise Refused("REFUSED.OUTPUT:keys", path=path)
    if target.is_dir():
        raise InputRejected("INPUT.FILE:folder", path=path)
    if target.exists() and not target.is_file():
        raise InputRejected("INPUT.FILE:sort", what="file", path=path)
