"""A full verify of one ledger: every stored byte, every rule, every derived row, every outside head."""

import time
from typing import Any

import msgspec
from sqlalchemy import Connection

from ledger.book.invariants import INVARIANTS
from ledger.bulk import without_collector
from ledger.chain.note import Checkpoint
from ledger.errors import IntegrityFailed, Problem
from ledger.kinds.text import may_hold_forbidden
from ledger.store import guards
from ledger.store.database import Database
from ledger.store.migrate import require_revision
from ledger.store.projections import FACT_COLUMNS, MOVE_COLUMNS, standing
from ledger.verify.evidence import Evidence
from ledger.verify.findings import Findings
from ledger.verify.meaning import Meaning

CHUNK = 2000
NO_HEAD = "no outside checkpoint given: a missing tail cannot be excluded"


class OutsideHead(msgspec.Struct, frozen=True):
    """A head kept outside the ledger, and where it comes from."""

    checkpoint: Checkpoint
    where: str
    signed: bool = True


class Verification(msgspec.Struct):
    """What a verify found."""

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
    warnings: list[str]
    entries_per_s: int


class _Peek(msgspec.Struct):
    origin: str


def verify(database: Database, connection: Connection, *, now: str, heads: list[OutsideHead]) -> Verification:
    """Verify the ledger that `connection` sees.

    Raises:
        VersionMismatch: it is of another schema. IntegrityFailed: there is no entry 0 to begin with.
    """
    started = time.perf_counter()
    require_revision(connection, database)
    findings = Findings()
    problems, warnings = guards.check_guards(connection, database)
    for problem in problems:
        findings.add(str(problem["code"]), str(problem["message"]), hint=str(problem.get("hint", "")))
    _check_file(database, connection, findings)
    origin = _origin(database, connection)
    rows = database.all(
        connection, "SELECT first, size, root, author, signature, frontier FROM seals ORDER BY first, size"
    )
    evidence = Evidence(origin, rows, findings, {head.checkpoint.size for head in heads})
    meaning = Meaning(origin, lambda seq: _fetch(database, connection, seq), findings, now)
    with without_collector():
        first_leaf = _replay(database, connection, evidence, meaning)
    evidence.finish()
    meaning.finish()
    size = evidence.tree.size
    _compare_state(database, connection, meaning, size, findings)
    _check_heads(origin, size, evidence.roots, heads, findings)
    seconds = time.perf_counter() - started
    cannot = [] if heads else [NO_HEAD]
    return Verification(
        ok=not findings.count,
        verdict="verified" if not findings.count else "failed",
        origin=origin,
        ledger_id=first_leaf,
        size=size,
        root=evidence.tree.root().hex(),
        checks=[_check(invariant.id, invariant.name, findings) for invariant in INVARIANTS],
        problems=findings.in_order(),
        problems_total=findings.count,
        counts=meaning.counts(),
        cannot_exclude=cannot,
        warnings=warnings,
        entries_per_s=round(size / seconds) if seconds else 0,
    )


def _check(id: str, name: str, findings: Findings) -> dict[str, Any]:
    count = findings.by_invariant[id]
    if id == "INV-14":
        return {"id": id, "name": name, "ok": True, "detail": "no sealed values"}
    return {"id": id, "name": name, "ok": not count, "detail": f"{count} findings" if count else ""}


def _check_file(database: Database, connection: Connection, findings: Findings) -> None:
    if database.dialect == "sqlite":
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
            if line != "ok":
                findings.add("INV-13.FILE", f"the database file is damaged: {str(line)[:160]}",
                             hint="keep the file, restore the last backup that verifies")  # fmt: skip


def _origin(database: Database, connection: Connection) -> str:
    row = database.one(connection, "SELECT content FROM entries ORDER BY seq LIMIT 1")
    if row is None:
        raise IntegrityFailed("entry 0 is missing: the ledger is empty", code="INV-02.MISSING", seq=0)
    try:
        return msgspec.json.decode(row[0], type=_Peek).origin
    except (msgspec.DecodeError, UnicodeError, TypeError):
        raise IntegrityFailed(
            "entry 0 is damaged: it names no origin", code="INV-01.GENESIS", seq=0
        ) from None


def _fetch(database: Database, connection: Connection, seq: int) -> tuple[bytes, bytes, bytes] | None:
    row = database.one(connection, "SELECT header, content, leaf FROM entries WHERE seq = ?", (seq,))
    return (row[0], row[1], row[2]) if row else None


def _replay(database: Database, connection: Connection, evidence: Evidence, meaning: Meaning) -> str:
    """Take every entry, chunk by chunk, and compare the rows derived from each chunk; returns the ledger id."""
    ledger_id, last = "", -(1 << 62)
    while True:
        rows = database.all(
            connection,
            f"SELECT seq, header, content, leaf FROM entries WHERE seq > ? ORDER BY seq LIMIT {CHUNK}",
            (last,),
        )
        if not rows:
            break
        ledger_id = ledger_id or _hex(rows[0][3])
        clean = _is_clean(rows)
        for row in rows:
            taken = evidence.take(row, clean=clean)
            if taken:
                meaning.take(*taken)
        _compare_rows(database, connection, meaning, last, rows[-1][0])
        last = rows[-1][0]
    _compare_rows(database, connection, meaning, last, 1 << 62)
    return ledger_id


def _hex(leaf: Any) -> str:
    return leaf.hex() if isinstance(leaf, bytes) else ""


def _is_clean(rows: list[Any]) -> bool:
    """Whether no content of a chunk can hold a forbidden character; one search over all of them."""
    try:
        return not may_hold_forbidden(b"".join(row[2] for row in rows))
    except (UnicodeError, TypeError):
        return False


def _compare_rows(
    database: Database, connection: Connection, meaning: Meaning, after: int, upto: int
) -> None:
    for table, columns, count, expected in (
        ("facts", FACT_COLUMNS, 1, meaning.facts),
        ("moves", MOVE_COLUMNS, 2, meaning.moves),
    ):
        order = ", ".join(columns[:count])
        stored = database.all(
            connection,
            f"SELECT {', '.join(columns)} FROM {table} WHERE seq > ? AND seq <= ? ORDER BY {order}",
            (after, upto),
        )
        meaning.compare(table, expected, [tuple(row) for row in stored], count)
        expected.clear()


def _compare_state(
    database: Database, connection: Connection, meaning: Meaning, size: int, findings: Findings
) -> None:
    stored = database.all(connection, "SELECT sort, id, value FROM objects")
    meaning.compare("objects", sorted(meaning.objects()), sorted(tuple(row) for row in stored), 2)
    stored = database.all(connection, "SELECT account, unit, quota, n FROM balances")
    meaning.compare("balances", sorted(meaning.balances()), sorted(tuple(row) for row in stored), 3)
    if standing(database, connection) != size:
        findings.add("INV-13.STANDING", "the projections do not stand at the head", hint="sunledger rebuild")


def _check_heads(
    origin: str, size: int, roots: dict[int, bytes], heads: list[OutsideHead], findings: Findings
) -> None:
    for head in heads:
        kept = head.checkpoint
        if kept.origin != origin:
            findings.add("INV-16.ORIGIN", f"{head.where} is of another ledger, {kept.origin}")
        elif not head.signed:
            findings.add("INV-16.SIGNATURE", f"{head.where} is not signed by the key of this ledger")
        elif kept.size > size:
            findings.add(
                "INV-16.SHORTER", f"history ends before checkpoint {kept.size} of {head.where}", size
            )
        elif roots.get(kept.size) != kept.root:
            findings.add("INV-16.FORK", f"not consistent with checkpoint {kept.size} of {head.where}")
