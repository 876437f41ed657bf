"""Writing files so that they are whole or absent, and private where they must be."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.errors import Busy, StorageTrouble
from ledger.words import Fault, os_fault


def write_whole(path: Path, data: bytes | Iterable[bytes], *, mode: int = 0o644) -> None:
    """Write a file by way of a temporary one beside it: synced, renamed, its folder synced; never more open than the umask.

    Raises:
        StorageTrouble: nothing was written, or the old file still stands.
    """
    import tempfile  # only a file that is written needs it

    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode & ~_umask())
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        temporary = ""
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise StorageTrouble("STORAGE:file", path=path, why=os_fault(error)) from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    """What this process takes away from the mode of new files; it can be read only by setting it."""
    kept = os.umask(0o077)
    os.umask(kept)
    return kept


def private_folder(path: Path) -> None:
    """Make a folder, and those above it that are not there, for its owner alone. Raises StorageTrouble."""
    try:
        for folder in (*reversed(path.parents), path):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StorageTrouble("STORAGE:file", path=path, why=os_fault(error)) from None


def read_limited(path: Path, limit: int, what: str) -> bytes:
    """The bytes of a regular file of at most `limit` bytes.

    Raises:
        InputRejected: it is no regular file, or too large. NotFound: it is not there.
    """
    from ledger.errors import InputRejected, NotFound

    try:
        if not path.is_file():
            if path.exists():
                raise InputRejected("INPUT.FILE:sort", what=what, path=path)
            raise NotFound("NOT_FOUND.FILE", what=what, path=path)
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        why = os_fault(error) if isinstance(error, OSError) else Fault("PATH:nul")
        raise InputRejected("INPUT.FILE:unreadable", what=what, path=path, why=why) from None
    if len(data) > limit:
        raise InputRejected("INPUT.SIZE:file", what=what, path=path, limit=limit)
    return data


@contextmanager
def locked(path: Path, wait: float) -> Iterator[None]:
    """Alone with a lock file, which is left where it is: the system frees it with the process. Raises Busy after `wait` seconds, StorageTrouble."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise StorageTrouble("STORAGE:file", path=path, why=os_fault(error)) from None
    try:
        end = time.monotonic() + wait
        while not _taken(handle):
            if time.monotonic() >= end:
                raise Busy("BUSY:lock", path=path)
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    """Take the lock of an open file, by flock(2) or, where there is none, by what Windows has."""
    try:
        try:
            import fcntl
        except ImportError:
            import msvcrt  # unlocks when the handle is closed

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
