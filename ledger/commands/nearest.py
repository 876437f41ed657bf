"""Did you mean: the one place where a word that is not known is compared with those that are."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeVar

from ledger.book.state import State
from ledger.errors import LedgerError
from ledger.fullwidth import plain_width
from ledger.words import Fault

_Error = TypeVar("_Error", bound=LedgerError)
_MOST = 3
_LOOKED_AT = 20_000  # ids of a large ledger; more are not compared


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Those of the known words that somebody may have meant, the likeliest first, at most three.

    >>> nearest("paymnt", ["payment", "project"]), nearest("p1", ["P1", "P10"]), nearest("省级别", ["省级", "县级"])
    (['payment'], ['P1', 'P10'], ['省级'])
    """
    plain: dict[str, str] = {}
    for number, other in enumerate(known):
        if number == _LOOKED_AT:
            break
        plain.setdefault(_plain(other), other)
    word = _plain(word[:100])
    same = [plain[word]] if word in plain else []
    close = [plain[other] for other in get_close_matches(word, plain, n=_MOST, cutoff=0.6)]
    return list(dict.fromkeys(same + close))[:_MOST]


def meant(word: str, known: Iterable[str]) -> Fault | str:
    """`did you mean …?` in the language spoken, or ''."""
    near = nearest(word, known)
    return Fault("MEANT", near=near) if near else ""


def meant_id(state: State, sort: str, id: str) -> Fault | str:
    """The same of the id of an object; where an entry is named, of whatever an entry may be named by."""
    sorts = ("payment", "project", "quota", "paper", "household") if sort == "entry" else (sort,)
    return meant(id, (known for one in sorts for known, _ in state.objects(one)))


def with_meant(error: _Error, near: Fault | str) -> _Error:
    """The error, what may have been meant before its hint."""
    if near:
        error.hint = f"{near}{error.hint}"
        error.problems[0]["hint"] = error.hint
    return error


def _plain(word: str) -> str:
    return plain_width(word).casefold().replace("_", "-").strip()
