"""The command `compare`: how two files or ledgers stand to each other; of a fork, the evidence."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger import words
from ledger.commands.options import Options, current
from ledger.commands.sources import read_source
from ledger.commands.written import require_output, write_output
from ledger.disclosure.source import Source
from ledger.errors import IntegrityFailed, IntegrityUndecided
from ledger.outside.compare import FORK, UNDECIDED
from ledger.outside.compare import compare as compare_sources
from ledger.outside.evidence import Evidence


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="检查点、证明、公告、证据包或台账 / checkpoint, proof, paper, bundle or ledger")],
    b: Annotated[str, typer.Argument(metavar="B", help="另一份 / the other")],
    with_: Annotated[str | None, typer.Option("--with", metavar="FILE", help="可作判断的台账或证据包 / a ledger or bundle that knows more")] = None,
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="EVIDENCE", help="分叉证据文件 / where the evidence goes")] = None,
) -> None:
    """比较两份历史：相同、延续或分叉 / same, extends or fork."""
    options = current()
    if output is not None:
        require_output(options, output, a, b, with_)
    found = compare_sources(read_source(options, a), read_source(options, b), read_source(options, with_) if with_ is not None else None)
    written = save_evidence(options, found.evidence, output)
    sides = [_side(found.a), _side(found.b)]
    payload = {
        "relation": found.relation, "detail": str(found.detail), "evidence": written, "seq": found.seq, "size": found.size,
        "book": None if found.book is None else {"book": found.book[0], "position": found.book[1]},
        "entries": found.entries, "a": sides[0], "b": sides[1],
    }  # fmt: skip
    say = words.say
    lines = [say("COMPARE.RELATION", {"relation": say(f"COMPARE.RELATION:{found.relation}", {}), "detail": found.detail})]
    for entry in found.entries:
        lines.append(f"  {entry['where']}: #{entry['seq']} {entry.get('kind', '?')} {entry.get('id', '?')} {entry['at']}")
    lines += [say("COMPARE.SIDE", side) for side in sides]
    if not (found.a.keys or found.b.keys):
        lines.append(say("COMPARE.NOTE:no_key", {}))
    if "paper" in (found.a.sort, found.b.sort):
        lines.append(say("COMPARE.NOTE:paper", {}))
    if found.relation == FORK:
        lines.append(say("COMPARE.NOTE:evidence" if written else "COMPARE.NOTE:no_evidence", {"file": written}))
    options.output.answer("compare", payload, lines)
    if found.relation == FORK:
        raise IntegrityFailed("INV-16.FORK:two", a=found.a.where, b=found.b.where, detail=found.detail).after_answer()
    if found.relation == UNDECIDED:
        raise IntegrityUndecided("UNDECIDED.PROOF:compare", detail=found.detail).after_answer()


def _side(source: Source) -> dict[str, Any]:
    return {"where": source.where, "sort": source.sort, "origin": source.head.origin, "ledger_id": source.ledger_id,
            "size": source.head.size, "root": source.head.root.hex()}  # fmt: skip


def save_evidence(options: Options, evidence: Evidence | None, output: str | None) -> str | None:
    """Write the evidence where it was said, else beside, under a name made of its bytes; returns the path."""
    if evidence is None:
        return None
    raw = evidence.to_bytes()
    path = output or f"fork-{sha256(raw).hexdigest()[:16]}.json"
    if output is not None or not Path(path).exists():
        write_output(options, path, raw)
    return path
