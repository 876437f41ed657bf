"""The files that answers are written to."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from ledger.commands.file_sorts import known_sort
from ledger.commands.options import Options
from ledger.errors import InputRejected, Refused
from ledger.store.files import write_whole
from ledger.words import say

_LOOKED_AT = 4096  # bytes that tell what a file is


def write_output(options: Options, path: str, data: bytes | Iterable[bytes], *, mode: int = 0o644) -> None:
    """Write an answer's file, never over the ledger itself, nor over what is a ledger's file of another sort."""
    require_output(options, path)
    pieces = iter([data] if isinstance(data, bytes) else data)
    first = next(pieces, b"")
    _require_same_sort(Path(path), first)
    write_whole(Path(path), chain([first], pieces), mode=mode)


def _require_same_sort(path: Path, written: bytes) -> None:
    try:
        with path.open("rb") as file:
            there = known_sort(file.read(_LOOKED_AT))
    except OSError:
        return  # it is new, or told when it is written
    if there and there != known_sort(written[:_LOOKED_AT]):
        raise Refused("REFUSED.OUTPUT:other", path=str(path), sort=say(f"CHECK.SORT:{there}", {}))


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
