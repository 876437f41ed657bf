"""The command `compare`: how two files or ledgers stand to each other; of a fork, the evidence."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.commands.options import Options, current
from ledger.commands.proof import answered, require_output, write_output
from ledger.commands.sources import read_source
from ledger.errors import IntegrityFailed, IntegrityUndecided
from ledger.outside.compare import EXTENDS, FORK, SAME, UNDECIDED, Comparison
from ledger.outside.compare import compare as compare_sources
from ledger.outside.evidence import Evidence
from ledger.outside.heads import Source

_WORDS = {SAME: "同一历史", EXTENDS: "延续", FORK: "分叉：两份不同的历史", UNDECIDED: "未能判定：所给文件不能由一个检查点推到另一个"}
_NO_EVIDENCE = "no evidence file: it takes two checkpoints of the ledger key that reach what differs"


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
        "relation": found.relation, "detail": found.detail, "evidence": written, "seq": found.seq, "size": found.size,
        "book": None if found.book is None else {"book": found.book[0], "position": found.book[1]},
        "entries": found.entries, "a": sides[0], "b": sides[1],
    }  # fmt: skip
    words = options.output.words
    lines = [words(f"{_WORDS[found.relation]}{_in_chinese(found)}", f"{found.relation}: {found.detail}")]
    for entry in found.entries:
        lines.append(f"  {entry['where']}: #{entry['seq']} {entry.get('kind', '?')} {entry.get('id', '?')} {entry['at']}")
    lines += [words(f"{side['where']}：{side['size']} 条，树根 {side['root']}", f"{side['where']}: {side['size']} entries, root {side['root']}")
              for side in sides]  # fmt: skip
    if not (found.a.keys or found.b.keys):
        lines.append(words("签名未查：所给文件均未载台账公钥；两份均出自台账方可为证", "no signature was checked: neither file names the ledger's key"))
    if "paper" in (found.a.sort, found.b.sort):
        lines.append(words("所比的是公告所附证据；页面须另行检查：sunledger check 文件",
                           "of a paper its evidence was compared; for its pages see: sunledger check FILE"))  # fmt: skip
    if found.relation == FORK:
        lines.append(words(f"证据已写入 {written}；检查：sunledger check {written} --trust 台账公钥",
                           f"evidence written {written}; check it: sunledger check {written} --trust KEY") if written
                     else words("没有证据文件：两侧须各有一份台账密钥签名、并涵盖差异之处的检查点", _NO_EVIDENCE))  # fmt: skip
    options.output.answer("compare", payload, lines)
    if found.relation == FORK:
        raise answered(IntegrityFailed(f"{found.a.where} and {found.b.where} are two histories: {found.detail}", code="INV-16.FORK",
                                       hint="keep both; show them to whoever relies on this ledger"))  # fmt: skip
    if found.relation == UNDECIDED:
        raise answered(IntegrityUndecided(found.detail, code="UNDECIDED.PROOF", hint="give the ledger or a bundle: --with FILE"))


def _in_chinese(found: Comparison) -> str:
    if found.relation == EXTENDS:
        small, great = sorted((found.a, found.b), key=lambda source: source.head.size)
        return f"：{great.where}（{great.head.size} 条）延续 {small.where}（{small.head.size} 条）"
    if found.seq is not None:
        return f"，所知最早不同的条目为 #{found.seq}"
    if found.size is not None:
        return f"，前 {found.size} 条有两个树根"
    return f"，账册 {found.book[0]} 第 {found.book[1]} 位有两个条目：若无一为无效条目即为分叉，可用 --with 台账核实" if found.book else ""


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
