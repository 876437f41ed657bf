"""Files that speak of a history from outside, read by what they begin with; and what a reader says to trust."""

import re
from pathlib import Path
from typing import NamedTuple, Protocol

from ledger.chain.note import parse_verifier_key
from ledger.commands.file_sorts import sort_of
from ledger.commands.options import Options
from ledger.commands.tree import PAPERS, Papers
from ledger.disclosure.check import Checked
from ledger.disclosure.shape import read
from ledger.disclosure.source import Source
from ledger.disclosure.trust import Trust
from ledger.errors import InputRejected, LedgerError, NotFound, Problem, Usage
from ledger.outside.bundles import MAX_FILE
from ledger.outside.heads import of_bundle, of_checkpoint, of_disclosure, of_tlog_proof
from ledger.outside.ledgers import of_ledger
from ledger.store.files import read_limited

_LEDGER_ID = re.compile(r"[0-9a-f]{64}", re.ASCII)
_URL = re.compile(r"postgres(ql)?(\+psycopg)?://", re.ASCII)


class CheckedPaper(Protocol):
    """What the check of a paper found."""

    @property
    def checked(self) -> Checked:
        """Of its disclosure."""

    @property
    def problems(self) -> list[Problem]:
        """Of its disclosure and its pages."""

    @property
    def undecided(self) -> list[Problem]:
        """What is missing for a verdict."""


class File(NamedTuple):
    """The bytes of a file, what it is, and how it is named to people."""

    raw: bytes
    sort: str
    where: str

    @property
    def text(self) -> str:
        """Its text. Raises InputRejected."""
        if self.raw.startswith(b"\xef\xbb\xbf"):
            raise InputRejected("INPUT.CHECKPOINT:mark", where=self.where)
        if b"\r\n" in self.raw:
            raise InputRejected("INPUT.CHECKPOINT:crlf", where=self.where)
        try:
            return self.raw.decode()
        except UnicodeDecodeError:
            raise InputRejected("INPUT.CHECKPOINT:utf8", where=self.where) from None


def read_file(word: str) -> File:
    """A file as it is; of a ledger its bytes are left where they are. Raises InputRejected, NotFound."""
    where = word if len(word) <= 60 else "…" + word[-59:]
    if _URL.match(word):
        return File(b"", "ledger", re.sub(r"//[^@/]*@", "//", where))
    if not word or "\0" in word:
        raise InputRejected("INPUT.PATH")
    path = Path(word)
    sort = sort_of(_start_of(path))
    if sort == "seen":
        raise InputRejected("INPUT.FILE:seen", where=where)
    limit = 64 * 1024 if sort == "checkpoint" else MAX_FILE
    if sort == "ledger":
        return File(b"", sort, where)
    if path.is_file() and path.stat().st_size > limit:  # before half a gigabyte is read
        raise InputRejected("INPUT.SIZE", where=where, limit=limit)
    return File(read_limited(path, limit, "file"), sort, where)


def _start_of(path: Path) -> bytes:
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(64)
    except OSError:
        pass  # told when the whole is read
    return b""


def read_source(options: Options, word: str) -> Source:
    """What a file or a ledger says of its history.

    Raises:
        InputRejected: it cannot be read. IntegrityFailed: it contradicts itself.
    """
    file = read_file(word)
    match file.sort:
        case "ledger":
            return of_ledger(word, options.keys / "checkpoints")
        case "bundle":
            return of_bundle(file.raw, file.where)
        case "paper":
            return of_disclosure(papers().disclosure(file.raw), file.where, "paper")
        case "disclosure":
            return of_disclosure(read(file.raw), file.where)
        case "tlog-proof":
            return of_tlog_proof(file.text, file.where)
        case "evidence":
            raise InputRejected("INPUT.FILE:two_heads", where=file.where)
    return of_checkpoint(file.text, file.where)


def papers() -> Papers:
    """How papers are read. Raises InputRejected where this program came without them."""
    if not PAPERS:
        raise InputRejected("INPUT.FILE:no_papers")
    return PAPERS[-1]


def trust_of(options: Options, words: list[str]) -> Trust:
    """What the reader trusts: keys, ledger ids, and files whose heads are taken as they are.

    Raises Usage where a word is none of them.
    """
    ids, keys, heads = [], [], []
    for word in words:
        if _LEDGER_ID.fullmatch(word):
            ids.append(word)
            continue
        try:
            keys.append(parse_verifier_key(word))
            continue
        except ValueError as error:
            wrong = error
        try:
            heads.append(read_source(options, word))
        except LedgerError:
            if "+" in word and not Path(word).exists():
                raise Usage("USAGE.KEY:blanks" if _is_key(word.strip()) else "USAGE.KEY", word=word, why=wrong) from None
            if "\0" not in word and "://" not in word and not Path(word).exists():
                raise NotFound("NOT_FOUND.FILE:trust", word=word) from None
            raise
    return Trust(tuple(ids), tuple(keys), tuple(heads))


def _is_key(word: str) -> bool:
    try:
        return bool(parse_verifier_key(word))
    except ValueError:
        return False
