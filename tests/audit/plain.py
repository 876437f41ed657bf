"""The same questions answered plainly: from every entry there is, without an index, a projection or a page."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from ledger.book.state import State

Entry = dict[str, Any]


def balances(entries: list[Entry]) -> dict[tuple[str, str, str], int]:
    """What accounts hold, from the moves of all entries."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for entry in entries:
        for move in entry["moves"]:
            sums[move["from"], move["unit"], move["quota"]] -= move["n"]
            sums[move["to"], move["unit"], move["quota"]] += move["n"]
    return {key: n for key, n in sums.items() if n}


def gone(entries: list[Entry]) -> set[int]:
    """Entries whose moves no longer stand: those taken back, and those that take back; a confirmation carries the moves of what it confirms."""
    by_id = {entry["id"]: entry for entry in entries}
    carrier = {entry["seq"]: entry["seq"] for entry in entries}
    for entry in entries:
        if entry["kind"] == "entry.confirm":
            carrier[by_id[entry["data"]["entry"]["entry"]]["seq"]] = entry["seq"]
    found = set()
    for entry in entries:
        if entry["kind"] == "entry.reverse" and entries[carrier[entry["seq"]]]["moves"]:
            found |= {carrier[entry["seq"]], carrier[by_id[entry["data"]["entry"]["entry"]]["seq"]]}
    return found


def steps(entries: list[Entry], quota: str) -> dict[tuple[str, str], int]:
    """How much of a quota went from account to account, what went back taken off."""
    left = gone(entries)
    found: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        if entry["seq"] in left:
            continue
        for move in entry["moves"]:
            if move["quota"] == quota and (move["to"], move["from"]) in found:
                found[move["to"], move["from"]] -= move["n"]
            elif move["quota"] == quota:
                found[move["from"], move["to"]] += move["n"]
    return {way: n for way, n in found.items() if n > 0}


def paid(entries: list[Entry]) -> dict[tuple[str, str], int]:
    """What each payment was paid of each quota, neither reversed nor rejected."""
    by_id = {entry["id"]: entry for entry in entries}
    left = gone(entries)
    found: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        about = by_id[entry["data"]["entry"]["entry"]] if entry["kind"] == "entry.confirm" else entry
        if about["kind"] == "payment.approve" and entry["seq"] not in left:
            for move in entry["moves"]:
                found[about["data"]["payment"], move["quota"]] += move["n"]
    return dict(found)


def by_project(held: Iterable[tuple[tuple[str, str, str], int]], state: State) -> dict[tuple[str, str, str], int]:
    """Balances with those of payments told as their project's."""
    found: Counter[tuple[str, str, str]] = Counter()
    for (account, unit, quota), n in held:
        holder, _, stage = account.partition(":")
        payment = state.get("payment", holder)
        found[f"{payment.project if payment else holder}:{stage}", unit, quota] += n
    return {key: n for key, n in found.items() if n}


def asked(held: dict[tuple[str, str, str], int]) -> dict[str, int]:
    """By payment what lies on its account."""
    found: Counter[str] = Counter()
    for (account, _, _), n in held.items():
        holder, _, stage = account.partition(":")
        if stage == "reserved":
            found[holder] += n
    return dict(found)
