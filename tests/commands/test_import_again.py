"""A notice that is imported a second time: the same, with other figures, and after its entries were reversed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from shell import Done, Shell

CHINESE = re.compile("[\u4e00-\u9fff]")


def notice(**fields: Any) -> dict[str, Any]:
    return {
        "id": "shili-2025", "title": "示例市2025年衔接资金分配表", "place": "示例省示例市", "level": "city", "date": "2025-03-15", "unit": "万元",
        "total": "1000", "complete": True, "sources": [{"name": "省级衔接资金", "level": "province", "amount": "1000"}],
        "lines": [{"no": 1, "name": "示例县", "amount": "580"}, {"no": 2, "name": "又例县", "amount": "420"}], **fields,
    }  # fmt: skip


class Book:
    """An observing ledger and a file of notices."""

    def __init__(self, folder: Path) -> None:
        self.shell = Shell(folder)
        self.file = folder / "notices.json"
        self.shell.all("--as root init --origin demo.example/notices --mode observe --yes")

    def take(self, words: str = "", **fields: Any) -> Done:
        self.file.write_text(json.dumps([notice(**fields)]), "utf-8")
        return self.shell.line(f"{words} --as root import notice {self.file} --yes")

    def seqs(self) -> list[int]:
        """The entries of notices, the last first."""
        entries = self.shell.line("--json log").json["entries"]
        return sorted((row["seq"] for row in entries if row["id"].startswith("notice/")), reverse=True)

    def reverse(self, seq: int) -> None:
        self.shell.all(f"--as root entry reverse --entry {seq} --reason 转录有误 --yes")

    def available(self, holder: str) -> int:
        rows = self.shell.line(f"--json balance --holder {holder} --stage available").json["rows"]
        return sum(row["amount_fen"] for row in rows)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


CORRECTED = [{"no": 1, "name": "示例县", "amount": "579"}, {"no": 2, "name": "又例县", "amount": "421"}]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_n7_an_import_with_other_figures_says_which_and_how_a_correction_is_recorded(book: Book, language: str) -> None:
    assert book.take().code == 0
    assert book.take("--json").json["recorded"] == 0
    before = book.shell.head()
    done = book.take(f"--lang {language}", lines=CORRECTED)
    assert done.code == 6
    assert "ID.TAKEN" in done.err
    for figure in ("5,800,000.00", "5,790,000.00", "4,200,000.00", "4,210,000.00"):
        assert figure in done.err
    assert "--id" not in done.err
    assert "entry reverse --entry" in done.err
    assert bool(CHINESE.search(done.err.replace("元", ""))) == (language == "zh")
    problems = book.take("--json", lines=CORRECTED).json["problems"]
    assert {problem["entry"] for problem in problems if "recorded" in problem} == {"notice/shili-2025/l1", "notice/shili-2025/l2"}
    assert book.shell.head() == before


def test_n7_a_total_that_differs_is_named(book: Book) -> None:
    assert book.take().code == 0
    done = book.take("--lang zh", total="1001")
    assert done.code == 6
    assert "公布合计：已登记 10,000,000.00 元，所读 10,010,000.00 元" in re.sub("公布合计，", "", done.err).replace("公告，公布合计", "公布合计")


def test_n7_a_line_that_stays_on_the_paper_is_named_by_its_cell(book: Book) -> None:
    lines = [*notice()["lines"], {"no": 3, "name": "项目管理费", "amount": "5"}]
    assert book.take(lines=lines).code == 0
    lines[2] = {"no": 3, "name": "项目管理费", "amount": "6"}
    done = book.take("--lang zh", lines=lines)
    assert done.code == 6
    assert "第3行，金额：已登记 50,000.00 元，所读 60,000.00 元" in done.err


def test_n7_reversed_and_imported_again_the_corrected_notice_stands_alone(book: Book) -> None:
    """Its entries are reversed one by one, the last first; the next import is an edition of its own."""
    assert book.take().code == 0
    first = book.seqs()
    for seq in first:
        book.reverse(seq)
    told = book.take("--json", lines=CORRECTED).json
    assert [row["id"] for row in told["notices"]] == ["shili-2025.2"]
    assert book.take("--json", lines=CORRECTED).json["recorded"] == 0
    holders = {row["name"]: row["code"] for row in book.shell.line("--json authority list").json["authorities"]}
    assert book.available(holders["示例县"]) == 579_000_000
    assert book.available(holders["又例县"]) == 421_000_000
    assert book.shell.line("verify").code == 0


def test_n7_what_was_reversed_in_part_is_not_imported_beside_the_rest(book: Book) -> None:
    """The paper alone was taken back: the money of its lines still stands, and would be there twice."""
    assert book.take().code == 0
    seqs = book.seqs()
    paper = min(seqs)
    book.reverse(paper)
    done = book.take("--lang zh", lines=CORRECTED)
    assert done.code == 6
    assert f"entry reverse --entry {max(seqs)}" in done.err
    assert "其中 3 条仍然有效" in done.err
    for seq in seqs:
        if seq != paper:
            book.reverse(seq)
    assert book.take("--json", lines=CORRECTED).json["recorded"] == 4
