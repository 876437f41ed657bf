"""Histories that were made worse: one value anywhere in one entry, and all that follows hashed and sealed anew."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.verifier.forge import Forge, Item, of

POOL: list[Any] = [
    "", "x", 0, -1, 1, 7, True, False, [], {}, "P1", "P2", "999902", "990000", "999901", "999901001", "999901-CZ", "PAY-1", "PAY-2", "Q1",
    "Q2", "Q9", "?PAY-1", "H-1", "H-7", "li", "wang", "zhao", "world", "person", "organisation", "void", "ahead", "示例\\u200b", "a\\nb",
    "2026-02-30", "2026-01-01", 2**53 - 1, 2**53, None, 1.5, "0" * 64, "9" * 20, "x" * 4001, "entry.reverse", "money", "county",
    "department", "ed25519", 50, 100, ["clerk"], ["administrator"], ["clerk", "clerk"],
]  # fmt: skip
LINES = ["-", "999901/money=0", "999901/keys=3", "999901/money=5 999902/money=0", "990000/money=0", "999901/open=1", "x/money=0", "999901/else=0"]
KINDS = ["payment.approve", "payment.reject", "nothing.real", "entry.void", "entry.reverse", "project.fund", "book.state", "", "a b"]
MOVE = {"from": "P1:budget", "n": 1, "quota": "Q1", "to": "P1:paid", "unit": "CNY"}


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside a JSON value but the whole."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*at, key)
        yield from paths(inner, (*at, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another at a place; without the place where it is `...`."""
    value = deepcopy(value)
    inside = value
    for key in path[:-1]:
        inside = inside[key]
    if new is ...:
        del inside[path[-1]]
    else:
        inside[path[-1]] = new
    return value


def one(rng: random.Random, forge: Forge, seq: int) -> tuple[str, Forge]:
    """A random change of one entry, and what it is."""
    what = rng.choice(["data", "data", "data", "data", "drop", "moves", "books", "day", "id", "kind", "author", "extra", "salt"])
    anew = rng.random() < 0.4
    told = what

    def change(item: Item) -> None:
        nonlocal told
        places = list(paths(item.moves if what == "moves" else item.data))
        if what in ("data", "drop") and places:
            place, new = rng.choice(places), ... if what == "drop" else rng.choice(POOL)
            told = f"{what} {place} {str(new)[:20]!r}"
            item.data = changed(item.data, place, new)
        elif what == "moves":
            told = f"moves {rng.random():.2f}"
            item.moves = changed(item.moves, rng.choice(places), rng.choice(POOL)) if places else [MOVE]
        elif what == "books":
            item.books = rng.choice(LINES)
        elif what == "day":
            item.occurred_on = rng.choice(["2026-11-25", "2025-01-01", "2026-02-30", "", "2026-11-24 ", "２026-11-24"])
        elif what == "id":
            item.id = rng.choice(["a1", "12", "x y", "new-1", "", "编号", "x" * 65, "Q1"])
        elif what == "kind":
            item.kind = rng.choice(KINDS)
        elif what == "author":
            item.author = of(rng.choice([1, 2, 3, 5, 6, 9, 11, 12, 21, 40]))
        elif what == "extra":
            item.data = {**item.data, rng.choice(["memo", "account", "legs", "reason", "person", "derived", "line"]): rng.choice(POOL)}
        elif what == "salt":
            item.salt = rng.choice(["AB" * 16, "ab", "", "ab" * 17])
        if anew and what not in ("moves", "books"):
            item.moves = None if rng.random() < 0.7 else item.moves
            item.books = None
    keep = rng.random() < 0.7
    made = forge.rewritten(seq, change, keep=keep)
    return f"entry {seq} ({forge.items[seq].kind}): {told}, {'anew' if anew else 'as it was'}, the rest {'kept' if keep else 'anew'}", made
