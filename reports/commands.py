"""Commands that make papers: report, demo."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, Any

import typer

from ledger.commands.asking import key_store
from ledger.commands.options import Options, current
from ledger.commands.proof import require_verified
from ledger.commands.signing import signed_checkpoint
from ledger.commands.written import write_output
from ledger.disclosure.build import build_book, newest_point
from ledger.disclosure.check import check
from ledger.disclosure.shape import read
from ledger.disclosure.trust import Trust
from ledger.errors import InputRejected, IntegrityFailed, Problem, Usage
from ledger.money import wan_yuan, yuan
from ledger.service import Ledger
from ledger.store.keystore import KeyStore
from ledger.store.session import Session
from reports.model import Allocation, stated

YEARS = range(1949, 2200)


def allocation(
    book: Annotated[str, typer.Option("--book", help="机构代码 / body")],
    year: Annotated[str, typer.Option("--year", help="年度 / year")],
    output: Annotated[str, typer.Option("-o", "--output", help="PDF 文件 / file")],
    even_if_unverified: Annotated[
        bool, typer.Option("--even-if-unverified", help="核验不通过也出具 / despite findings")
    ] = False,
) -> None:
    """资金分配公告 / what a place received and what it was arranged for."""
    options = current()
    if not (year.isascii() and year.isdigit() and int(year) in YEARS):
        raise Usage("USAGE:year", text=year)
    ledger = Ledger.open(options.ledger)
    try:
        sound = require_verified(options, ledger, even_if_unverified)
        with ledger.reading() as session:
            data, figures = draw_allocation(
                session, key_store(options), book.partition("/")[0], int(year), lang=_lang(options), sound=sound
            )
            later = later_reversals(session, figures)
    finally:
        ledger.close()
    write_output(options, output, data)
    payload = {
        "file": output, "sha256": sha256(data).hexdigest(), "pages": page_count(data), "size": figures.head.size,
        "root": figures.head.root, "rows": len(figures.lines), "verified": sound, **sums_of(figures),
        "paid_fen": figures.paid_fen, "later_reversals": later,
    }  # fmt: skip
    words = options.output.words
    lines = [] if sound else [words("警告：此台账核验不通过，本件不得作为公告", "WARNING: this ledger does not verify; this is no announcement")]
    lines += [words(f"已写入 {output}：{payload['pages']} 页，{sums_words(figures)}",
                    f"written {output}: {payload['pages']} pages, {sums_words(figures, chinese=False)}"),
              f"sha256 {payload['sha256']}"]  # fmt: skip
    lines += [words(*told) for told in _about_the_file(output, _lang(options))]
    if later:
        seqs = ", ".join(f"#{seq}" for seq in later)
        lines.append(words(f"注意：检查点之后，所列条目 {seqs} 已被冲销；先 sunledger book state，再出具新公告",
                           f"mind: {seqs} were reversed after the checkpoint; first sunledger book state, then a new paper"))  # fmt: skip
    options.output.answer("report.allocation", payload, lines)


def sums_of(figures: Allocation) -> dict[str, Any]:
    """The totals of a paper for JSON: null where no amount is stated, and whether what is stated is all."""
    return {
        "received_fen": figures.received_fen if figures.received_whole or stated(figures.sources) else None,
        "received_whole": figures.received_whole,
        "arranged_fen": figures.arranged_fen if figures.arranged_whole or stated(figures.lines) else None,
        "arranged_whole": figures.arranged_whole,
    }


def sums_words(figures: Allocation, *, chinese: bool = True) -> str:
    """What was received and arranged, as far as it is stated."""
    told = []
    for zh, en, fen, parts, whole in (
        ("收到", "received", figures.received_fen, stated(figures.sources), figures.received_whole),
        ("已安排", "arranged", figures.arranged_fen, stated(figures.lines), figures.arranged_whole),
    ):
        if chinese:
            known = f"{zh} {wan_yuan(fen)} 万元" if whole else f"{zh}（已载明的 {parts} 笔）{wan_yuan(fen)} 万元" if parts else f"{zh}的金额原文未载"
        else:
            known = f"{en} {yuan(fen)} yuan" if whole else f"{en}: {parts} amounts stated, {yuan(fen)} yuan" if parts else f"{en}: not stated"
        told.append(known)
    return ("，" if chinese else ", ").join(told)


def _about_the_file(output: str, lang: str) -> Iterator[tuple[str, str]]:
    """What somebody might take the file for that it is not, in Chinese and English."""
    if output != "-" and not output.lower().endswith(".pdf"):
        yield (f"注意：{output} 的内容是 PDF，不是其他格式；文件名宜以 .pdf 结尾",
               f"mind: what is in {output} is a PDF and nothing else; let its name end in .pdf")  # fmt: skip
    if lang == "en":
        yield ("公告正文为中文，末页为英文摘要", "the paper is in Chinese, which prevails; its last page says the same totals in English")


def _lang(options: Options) -> str:
    return "zh" if options.chinese else "en"


def draw_allocation(
    session: Session, store: KeyStore, code: str, year: int, *, lang: str = "zh", sound: bool = True
) -> tuple[bytes, Allocation]:
    """The PDF and its figures, at the newest state of the body's books, made from the disclosure attached to it.

    Raises:
        IntegrityFailed: the disclosure does not hold; not for a ledger known not to be `sound`, whose paper says what it can.
    """
    from reports.allocation import draw
    from reports.figures import allocation as figures_of

    point = newest_point(session, code)
    note = signed_checkpoint(store, session, point.size, point.root)
    raw = build_book(session, code, year, point, note)
    disclosure = read(raw)
    checked = check(disclosure, trust=Trust(ledger_ids=(session.id,)))
    if checked.problems and (sound or checked.listing is None):
        worst = checked.problems[0]
        why = Exception(str(worst["message"]))  # a sentence already: it is not cut again
        first = Problem("INTEGRITY:disclosure", as_code=str(worst["code"]), book=code, why=why)
        raise IntegrityFailed.of([first, *checked.problems[1:]])
    figures = figures_of(disclosure, checked)
    if not figures.sources and not figures.lines:
        raise InputRejected("REPORT.EMPTY", place=figures.place, year=year)
    return draw(figures, raw, lang=lang), figures


def later_reversals(session: Session, figures: Allocation) -> list[int]:
    """The sources and lines shown that were taken back after the checkpoint, as far as the ledger knows (F-22)."""
    shown = {source.seq for source in figures.sources} | {line.seq for line in figures.lines}
    return sorted(int(seq) for seq, taken in session.state.objects("reversed") if int(seq) in shown and taken.by >= figures.head.size)


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    from io import BytesIO

    from pikepdf import Pdf

    with Pdf.open(BytesIO(pdf)) as document:
        return len(document.pages)
