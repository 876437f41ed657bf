"""A full verify of one ledger: every stored byte, every rule, every derived row, every outside head."""

import time
from collections.abc import Collection
from typing import Any

import msgspec

from ledger import words
from ledger.book.invariants import INVARIANTS, Invariant
from ledger.book.objects import LedgerKeys
from ledger.book.state import State
from ledger.bulk import without_collector
from ledger.chain.keys import unb64
from ledger.chain.note import Checkpoint, Note, is_signed_by
from ledger.errors import IntegrityFailed, Problem
from ledger.kinds.declare import KINDS
from ledger.kinds.text import may_hold_forbidden
from ledger.store import guards
from ledger.store.connection import Connection
from ledger.store.database import Database
from ledger.store.memory import Lost
from ledger.store.migrate import require_revision
from ledger.store.projections import FACT_COLUMNS, MOVE_COLUMNS, standing
from ledger.store.vault import Vault
from ledger.verify.evidence import Evidence
from ledger.verify.findings import Findings
from ledger.verify.meaning import Meaning
from ledger.verify.sealed import SealedValues

CHUNK = 2000
SEALING = frozenset(name for name, info in KINDS.items() if info.sealed)


class OutsideHead(msgspec.Struct, frozen=True):
    """A head kept outside the ledger, and where it comes from.

    A `note` must be signed by the ledger key in force at its size; where there is none, `signed` says whether it is.
    `ledger_id` is what the file around it says of that, or ''.
    """

    checkpoint: Checkpoint
    where: str
    signed: bool = True
    note: Note | None = None
    ledger_id: str = ""


def ledger_key(state: State, size: int) -> bytes | None:
    """The key that signs checkpoints of `size` entries, as the entries of this history say."""
    known: LedgerKeys | None = state.get("ledger_keys", "")
    found = [key for start, key in known.keys if start <= size] if known else []
    return unb64(found[-1], 32) if found else None


class Verification(msgspec.Struct):
    """What a verify found; `roots` are those at the sizes asked for."""

    ok: bool
    verdict: str
    origin: str
    ledger_id: str
    size: int
    root: str
    checks: list[dict[str, Any]]
    problems: list[Problem]
    problems_total: int
    counts: dict[str, int]
    cannot_exclude: list[str]
    lost: list[Lost]
    roots: dict[int, bytes]
    warnings: list[str]
    entries_per_s: int


class _Peek(msgspec.Struct):
    origin: str


def verify(database: Database, connection: Connection, *, now: str, heads: list[OutsideHead], vault: Vault | None = None,
           sizes: Collection[int] = (), signed_from: int | None = 0) -> Verification:  # fmt: skip
    """Verify the ledger that `connection` sees; `vault` opens its sealed values.

    Seals that end at or below `signed_from` are not checked by signature, with None all but the newest: each seal binds
    everything before it, so what they held is proved, and by whom it was recorded is not.

    Raises:
        VersionMismatch: it is of another schema. IntegrityFailed: there is no entry 0 to begin with, or a text that
            no reader can decode.
    """
    with database.translating():
        return _verify(database, connection, now, heads, vault, {head.checkpoint.size for head in heads}.union(sizes), signed_from)


def _verify(database: Database, connection: Connection, now: str, heads: list[OutsideHead], vault: Vault | None,
            sizes: set[int], signed_from: int | None) -> Verification:  # fmt: skip
    started = time.perf_counter()
    require_revision(connection, database)
    findings = Findings()
    problems, warnings = guards.check_guards(connection, database)
    for problem in problems:
        findings.take(problem)
    _check_file(database, connection, findings)
    evidence_columns = _evidence_columns(database, connection, findings)
    origin = _origin(database, connection)
    rows = database.all(
        connection, "SELECT first, size, root, author, signature, frontier FROM seals ORDER BY first, size"
    )
    evidence = Evidence(origin, rows, findings, sizes, signed_from)
    meaning = Meaning(origin, lambda seq: _fetch(database, connection, seq, evidence_columns), findings, now)
    sealed = SealedValues(origin, findings, vault)
    with without_collector():
        first_leaf = _replay(database, connection, evidence, meaning, sealed, evidence_columns)
    evidence.finish()
    meaning.finish()
    size = evidence.tree.size
    _compare_state(database, connection, meaning, size, findings)
    sealed.finish(database, connection, meaning.state)
    unopened = sealed.verdicts["not_opened"]
    if unopened:
        findings.doubt("INV-14.NOT_OPENED", count=unopened)
    for head in heads:
        _check_head(head, origin, first_leaf, size, evidence.roots, meaning.state, findings)
    seconds = time.perf_counter() - started
    newest = max((head.checkpoint.size for head in heads), default=0)
    cannot = [] if newest >= size else [words.say("CANNOT_EXCLUDE:old_head" if newest else "CANNOT_EXCLUDE:no_head", {"size": newest})]
    if evidence.signed_from:
        cannot.append(words.say("CANNOT_EXCLUDE:signatures", {"seq": evidence.signed_from}))
    return Verification(
        ok=not findings.count,
        verdict=findings.verdict,
        origin=origin,
        ledger_id=first_leaf,
        size=size,
        root=evidence.tree.root().hex(),
        checks=[_check(invariant, findings, sealed) for invariant in INVARIANTS],
        problems=findings.in_order(),
        problems_total=findings.count,
        counts=meaning.counts() | {f"sealed_{name}": sealed.verdicts[name] for name in ("proved", "erased", "not_opened", "missing")},
        cannot_exclude=cannot,
        lost=[Lost(found.size, found.by) for _, found in meaning.state.objects("recovery") if found.by >= 0],
        roots=evidence.roots,
        warnings=warnings,
        entries_per_s=round(size / seconds) if seconds else 0,
    )


def _check(invariant: Invariant, findings: Findings, sealed: SealedValues) -> dict[str, Any]:
    id = invariant.id
    count, doubts = findings.by_invariant[id], findings.doubts[id]
    said = sealed.detail() if id == "INV-14" else words.say("VERIFY:findings", {"count": count}) if count else ""
    return {"id": id, "name": invariant.name, "says": invariant.zh if words.spoken() == "zh" else invariant.en, "ok": not count, "undecided": count == doubts > 0, "detail": said}


def _check_file(database: Database, connection: Connection, findings: Findings) -> None:
    if database.dialect == "sqlite":
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
            if line != "ok":
                findings.add("INV-13.FILE", line=line)


def _evidence_columns(database: Database, connection: Connection, findings: Findings) -> str:
    """How to read entries: as they are, or cast to bytes where one of them is something else."""
    columns = ("header", "content", "leaf")
    if database.dialect == "sqlite":
        wrong = " OR ".join(f"typeof({name}) <> 'blob'" for name in columns)
        found = database.all(connection, f"SELECT seq FROM entries WHERE {wrong} ORDER BY seq LIMIT 500")
        for (seq,) in found:
            findings.add("INV-01.TYPE", seq=seq)
        if found:
            return "seq, " + ", ".join(f"CAST({name} AS BLOB)" for name in columns)
    return "seq, " + ", ".join(columns)


def _origin(database: Database, connection: Connection) -> str:
    row = database.one(connection, "SELECT content FROM entries ORDER BY seq LIMIT 1")
    if row is None:
        raise IntegrityFailed("INV-02.MISSING:empty", seq=0)
    try:
        return msgspec.json.decode(row[0], type=_Peek).origin
    except (msgspec.DecodeError, UnicodeError, TypeError):
        raise IntegrityFailed("INV-01.GENESIS:origin", seq=0) from None


def _fetch(
    database: Database, connection: Connection, seq: int, columns: str
) -> tuple[bytes, bytes, bytes] | None:
    row = database.one(connection, f"SELECT {columns} FROM entries WHERE seq = ?", (seq,))
    return (row[1], row[2], row[3]) if row and all(isinstance(cell, bytes) for cell in row[1:]) else None


def _replay(
    database: Database, connection: Connection, evidence: Evidence, meaning: Meaning, sealed: SealedValues,
    columns: str,
) -> str:
    """Take every entry, chunk by chunk, and compare the rows derived from each chunk; returns the ledger id."""
    ledger_id, last = "", None
    while True:
        condition, values = _between(last, None)
        rows = database.all(
            connection,
            f"SELECT {columns} FROM entries{condition} ORDER BY seq LIMIT {CHUNK}",
            values,
        )
        if not rows:
            break
        if last is not None and rows[-1][0] <= last:
            evidence.findings.add("INV-13.FILE:order", seq=last)
            break
        ledger_id = ledger_id or _hex(rows[0][3])
        clean = _is_clean(rows)
        for row in rows:
            taken = evidence.take(row, clean=clean)
            if taken:
                meaning.take(*taken)
                if taken[2].kind in SEALING:
                    sealed.take(taken[0], taken[2])
        _compare_rows(database, connection, meaning, last, rows[-1][0])
        last = rows[-1][0]
    _compare_rows(database, connection, meaning, last, None)
    return ledger_id


def _hex(leaf: Any) -> str:
    return leaf.hex() if isinstance(leaf, bytes) else ""


def _is_clean(rows: list[Any]) -> bool:
    """Whether no content of a chunk can hold a forbidden character; one search over all of them."""
    try:
        return not may_hold_forbidden(b"".join(row[2] for row in rows))
    except (UnicodeError, TypeError):
        return False


def _between(after: int | None, upto: int | None) -> tuple[str, tuple[int, ...]]:
    """A condition on `seq`, open where a bound is None: a row may stand anywhere."""
    bounds = [(sign, bound) for sign, bound in ((">", after), ("<=", upto)) if bound is not None]
    words = " AND ".join(f"seq {sign} ?" for sign, _ in bounds)
    return (f" WHERE {words}" if words else ""), tuple(bound for _, bound in bounds)


def _compare_rows(
    database: Database, connection: Connection, meaning: Meaning, after: int | None, upto: int | None
) -> None:
    condition, values = _between(after, upto)
    for table, columns, count, expected in (
        ("facts", FACT_COLUMNS, 1, meaning.facts),
        ("moves", MOVE_COLUMNS, 2, meaning.moves),
    ):
        order = ", ".join(columns[:count])
        stored = database.all(
            connection, f"SELECT {', '.join(columns)} FROM {table}{condition} ORDER BY {order}", values
        )
        meaning.compare(table, expected, [tuple(row) for row in stored], count)
        expected.clear()


_STATE_TABLES = (("objects", ("sort", "id", "value"), 2), ("balances", ("account", "unit", "quota", "n"), 3))


def _compare_state(
    database: Database, connection: Connection, meaning: Meaning, size: int, findings: Findings
) -> None:
    for (table, columns, count), rows in zip(
        _STATE_TABLES, (meaning.objects(), meaning.balances()), strict=True
    ):
        stored = database.all(connection, f"SELECT {', '.join(columns)} FROM {table}")
        meaning.compare(table, sorted(rows), sorted(map(tuple, stored), key=_in_order), count)
    if standing(database, connection) != size:
        findings.add("INV-13.STANDING")
    if database.dialect == "sqlite":
        _check_types(database, connection, findings)


def _in_order(row: tuple[Any, ...]) -> Any:
    """A row as a key to sort by, whatever types a tampered one holds; as they are where all is well."""
    return row if all(isinstance(cell, str) for cell in row[:-1]) else ("", str(row))


def _check_types(database: Database, connection: Connection, findings: Findings) -> None:
    """Every derived cell is of its column's type: SQLite compares 100 and 100.0 as equal."""
    numbers = {"seq", "i", "n", "size"}
    for table, columns in (
        ("facts", FACT_COLUMNS), ("moves", MOVE_COLUMNS), ("projections", ("name", "size")),
        *((table, columns) for table, columns, _ in _STATE_TABLES),
    ):  # fmt: skip
        wrong = " OR ".join(f"typeof({c}) <> '{'integer' if c in numbers else 'text'}'" for c in columns)
        code = "INV-13.STANDING" if table == "projections" else f"INV-13.{table.upper()}"
        for row in database.all(connection, f"SELECT * FROM {table} WHERE {wrong} LIMIT 20"):
            findings.add("DERIVED:type", as_code=code, table=table, place=str(tuple(row)))


def _check_head(head: OutsideHead, origin: str, ledger_id: str, size: int, roots: dict[int, bytes], state: State,
                findings: Findings) -> None:  # fmt: skip
    kept, where = head.checkpoint, head.where
    key = ledger_key(state, kept.size)
    signed = head.signed if head.note is None else key is not None and is_signed_by(head.note, origin, key)
    if kept.origin != origin:
        findings.add("INV-16.ORIGIN", where=where, origin=kept.origin)
    elif head.ledger_id not in ("", ledger_id):
        findings.add("INV-16.LEDGER", ledger_id=ledger_id, where=where, pinned=head.ledger_id)
    elif not signed:
        findings.add("INV-16.SIGNATURE", where=where, size=kept.size)
    elif kept.size > size:
        findings.add("INV-16.SHORTER", size=kept.size, where=where, seq=size)
    elif roots.get(kept.size) != kept.root:
        findings.add("INV-16.FORK", size=kept.size, where=where)
