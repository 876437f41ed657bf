"""The attached spreadsheet file."""

import csv
from io import StringIO

import pytest
from paper_examples import allocation, example_county, transcribed

from reports.model import Line, Source
from reports.rows import HEADER, rows_csv


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_rows_begin_with_a_mark_and_end_in_crlf():
    data = rows_csv(example_county(5))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == 1 + 3 + 6


def test_rows_hold_every_source_and_line_with_exact_amounts():
    figures = transcribed()
    rows = read(rows_csv(figures))
    assert [row["名称"] for row in rows] == [part.name for part in (*figures.sources, *figures.lines)]
    assert rows[3]["金额(元)"] == "7247124.84"
    assert rows[-1]["金额(元)"] == ""
    assert rows[1]["说明"] == "据合计推出，原文未载"
    assert rows[3]["公告"] == figures.notices[0].title
    assert tuple(rows[0]) == HEADER


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"])
def test_a_text_that_begins_like_a_formula_is_neutralised(text):
    figures = allocation([Source(text, "none", (text,), 0, text, "", 0)], [Line(1, text, text, text, "paper", -5, remark=text)])
    for row in read(rows_csv(figures)):
        texts = [row[name] for name in ("名称", "文号", "日期", "地点", "责任单位", "说明")]
        assert not [cell for cell in texts if cell[:1] in "=+-@\t\r＝＋－＠" and cell]
        assert "'" + text in texts


def test_a_reversed_amount_stays_a_number():
    assert read(rows_csv(allocation([], [Line(1, "冲销", "", "", "project", -150)])))[0]["金额(元)"] == "-1.50"
