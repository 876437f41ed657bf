"""Small files made to be dear: both programs answer within a fixed memory and a generous time, and never that they are sound."""

from __future__ import annotations

import io
import json
import resource
import sqlite3
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verifier import papers
from tests.verifier.worlds import control

VERIFIER = Path(__file__).parents[2] / "verifier" / "verify.py"
PRODUCT = Path(sys.executable).parent / "sunledger"
MIB = 1 << 20


def bomb(member: str, data: bytes, level: int = 9) -> bytes:
    """A bundle whose member is this."""
    with zipfile.ZipFile(io.BytesIO(control().bundle())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()} | {member: data}
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return raw.getvalue()


def line(content: str) -> bytes:
    """A line of entries.jsonl that bears this content."""
    return (json.dumps({"seq": 0, "header": control().rows[0][1].decode(), "content": content}) + "\n").encode()


def xref_stream(rows: int, widths: tuple[int, int, int] = (1, 0, 0), sort: bytes = b"\0", more: bytes = b"") -> bytes:
    """A PDF that is little else than a cross-reference stream of so many rows."""
    raw = zlib.compress(sort * (rows * sum(widths)), 9)
    head = b"%PDF-1.7\n" + more
    words = b"<< /Type /XRef /Size %d /W [%d %d %d] /Root 1 0 R /Length %d /Filter /FlateDecode >>" % (rows, *widths, len(raw))
    return head + b"1 0 obj\n" + words + b"\nstream\n" + raw + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def in_object_stream(inside: bytes, count: int) -> bytes:
    """A PDF whose objects lie in one object stream, all at one place of it."""
    heads = b"".join(b"%d 0 " % (number + 10) for number in range(count))
    raw, first = zlib.compress(heads + inside, 9), len(heads)
    head = b"%%PDF-1.7\n2 0 obj\n<< /Type /ObjStm /N %d /First %d /Length %d /Filter /FlateDecode >>\nstream\n" % (count, first, len(raw))
    body = head + raw + b"\nendstream\nendobj\n"
    rows = [(0, 0, 0), (1, len(body), 0), (1, 9, 0), *((0, 0, 0),) * 7, *((2, 2, n) for n in range(count))]
    packed = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows), 9)
    words = b"<< /Type /XRef /Size %d /W [1 4 2] /Root 10 0 R /Length %d /Filter /FlateDecode >>" % (len(rows), len(packed))
    return body + b"1 0 obj\n" + words + b"\nstream\n" + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def database(script: str) -> bytes:
    """A ledger file made by these statements."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    return connection.serialize()


SEALS = "CREATE TABLE seals (size INTEGER PRIMARY KEY, first INTEGER, root BLOB, author TEXT, signature BLOB, frontier BLOB);"
MANY = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {}) INSERT INTO entries {};"
COMPUTED = (f"CREATE TABLE entries (seq INTEGER PRIMARY KEY, header BLOB, content BLOB AS (zeroblob(100000000)), leaf BLOB); {SEALS}"
            + MANY.format(11, "(seq) SELECT i FROM n"))  # fmt: skip
EMPTY = (f"CREATE TABLE entries (seq INTEGER PRIMARY KEY, header BLOB, content BLOB, leaf BLOB); {SEALS}"
         + MANY.format(40_000, "SELECT i, x'', x'', x'' FROM n"))  # fmt: skip
VIEW = f"CREATE TABLE other (x); CREATE VIEW entries AS SELECT 1 AS seq, zeroblob(1 << 29) AS header, 1 AS content, 1 AS leaf; {SEALS}"


def void_statements() -> bytes:
    """Hundreds of void entries, and as many that ask for all of them."""
    from tests.verifier.test_linear import void_statements

    forge = control().copy()
    void_statements(forge, 600)
    return forge.bundle()


DEAR: dict[str, Callable[[], bytes]] = {
    "rows of a cross-reference": lambda: xref_stream(10_000_000),
    "rows that are objects": lambda: xref_stream(900_000, (1, 2, 0), b"\1"),
    "an index beyond": lambda: xref_stream(900_000).replace(b"/Root", b"/Index [0 99999999] /Root"),
    "an object stream of spaces": lambda: in_object_stream(b" " * 100_000_000, 10),
    "an object stream of arrays": lambda: in_object_stream(b"[" + b"[]" * 5_000_000 + b"]", 1),
    "objects at one place": lambda: in_object_stream(b"[" + b"[] " * 100_000 + b"]", 50_000),
    "a disclosure of spaces": lambda: papers.written(papers.carrying(b'{"book":' + b" " * 67_000_000 + b"}")),
    "a disclosure of lists": lambda: papers.written(papers.carrying(b'{"book":[' + b"[]," * 8_000_000 + b"[]]}")),
    "a disclosure of objects": lambda: papers.written(papers.carrying(b'{"book":[' + b'{"a":1},' * 1_000_000 + b"1]}")),
    "JSON of lists": lambda: b'{"book":[' + b"[]," * 300_000 + b"[]]}",
    "JSON that is deep": lambda: b'{"book":' + b"[" * 900_000,
    "a member of spaces": lambda: bomb("entries.jsonl", b" " * 150_000_000),
    "a member of empty lines": lambda: bomb("seals.jsonl", b"\n" * 100_000_000),
    "one entry again and again": lambda: bomb("entries.jsonl", line("{}") * 200_000),
    "entries of lists": lambda: bomb("entries.jsonl", line("[" + "[]," * 60_000 + "[]]") * 60),
    "a header without end": lambda: bomb("entries.jsonl", line("{}").replace(b"books - ", b"books " + b" " * 15_000_000)),
    "void statements": void_statements,
    "columns that are computed": lambda: database(COMPUTED),
    "empty rows": lambda: database(EMPTY),
    "a view": lambda: database(VIEW),
}  # fmt: skip


def run(words: list[str | Path], memory: int) -> tuple[int, str, int]:
    """Exit code, what was said, and the most memory that was held, of a process that may not take more than so much of the machine."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    script = "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]); print('\\nheld', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024); sys.exit(done.returncode % 256)"
    done = subprocess.run([sys.executable, "-c", script, *words], preexec_fn=limit, capture_output=True, check=False)
    told = (done.stdout + done.stderr).decode("utf-8", "replace")
    return done.returncode, told, int(done.stdout.rsplit(b"held ", 1)[1])


@pytest.mark.parametrize("make", DEAR.values(), ids=DEAR)
def test_a_small_file_fills_no_machine(make: Callable[[], bytes], tmp_path: Path) -> None:
    """300 MiB for the stand-alone verifier and the product alike; an answer of theirs, not the system's."""
    path = tmp_path / "file"
    path.write_bytes(make())
    assert path.stat().st_size < 1_000_000
    for words in ([sys.executable, "-I", VERIFIER, path], [PRODUCT, "--ledger", tmp_path / "none.db", "--keys", tmp_path / "none", "check", path]):
        code, told, held = run([str(word) for word in words], 1400 * MIB)
        assert code in (3, 10, 11), told
        assert not any(word in told for word in ("Traceback", "MemoryError")), told
        assert held < 300, (words[0], held)
