"""Long and awkward tables."""

from io import BytesIO

import pytest
from paper_reader import pages_of, text_of
from reportlab.pdfgen.canvas import Canvas

from reports.page import FRAME_HEIGHT, FRAME_WIDTH, Margins, draw_pages
from reports.table import Column, Row, Table, column_widths
from reports.text import Style, Text

MARGINS = Margins("表", "", "脚注", "检查点")
COLUMNS = (Column("序号"), Column("名称", weight=1), Column("金额", align="right"))


def draw_table(rows):
    return draw_pages([Text("前文", Style()), Table(COLUMNS, rows)], MARGINS)


def test_b52_ten_thousand_rows_are_all_drawn_under_a_repeated_header():
    rows = [Row((str(n), f"项目{n}", f"{n}.00")) for n in range(10_000)]
    pages = pages_of(draw_table([*rows, Row(("", "合计", "49,995,000.00"), strong=True)]))
    assert all("序号名称金额" in page for page in pages)
    text = "".join(pages)
    assert all(f"{n}项目{n}{n}.00" in text for n in range(0, 10_000, 97))
    assert "项目9999" in pages[-1]
    assert "合计" in pages[-1]


def test_b52_cutting_a_table_copies_no_rows():
    table = Table(COLUMNS, [Row((str(n), "名称", "1")) for n in range(500)])
    upper, lower = table.split(FRAME_WIDTH, FRAME_HEIGHT)
    assert upper._rows is lower._rows is table._rows
    assert upper.wrap(0, 0)[1] <= FRAME_HEIGHT
    assert upper.wrap(0, 0)[1] + lower.wrap(0, 0)[1] == pytest.approx(
        table.wrap(0, 0)[1] + table._header.height)


def test_b52_a_row_higher_than_a_page_goes_over_pages_without_loss():
    long = "".join(f"第{n}句说明。" for n in range(1500))
    paper = draw_table([Row(("1", "短", "1.00")), Row(("2", long, "2.00")), Row(("3", "短", "3.00"))])
    assert len(pages_of(paper)) > 3
    assert all(f"第{n}句说明" in text_of(paper).replace("序号名称金额", "") for n in (0, 750, 1499))


def test_b52_a_cell_of_100_000_letters_and_500_marks_raises_no_layout_error():
    paper = draw_table([Row(("1", "W" * 100_000, "1.00")), Row(("2", "e" + "\u0301" * 500, "2.00"))])
    text = text_of(paper)
    assert text.count("W") == 100_000
    assert text.count("\u0301") == 500


def test_a_total_is_never_alone_on_a_page():
    for count in range(25, 60):
        rows = [Row((str(n), "名称", "1.00")) for n in range(count)]
        rows += [Row(("", "合计", "1.00"), strong=True), Row(("", "原文合计", "1.00"), strong=True)]
        last = pages_of(draw_table(rows))[-1]
        assert "名称1.00" in last.replace("序号名称金额", ""), count


@pytest.mark.parametrize("cell", ["90,071,992,547,409.91", "1.00"])
def test_an_amount_is_never_broken(cell):
    widths = column_widths(COLUMNS, [Row(("10000", "很长的名称" * 50, cell))])
    assert sum(widths) == pytest.approx(FRAME_WIDTH)
    table = Table(COLUMNS, [Row(("10000", "很长的名称" * 50, cell))])
    assert table._rows[0].lines[2] == [cell]
    assert table._rows[0].lines[0] == ["10000"]


def test_columns_fill_the_page_whatever_they_hold():
    for text in ("", "名" * 10_000, "x" * 10_000):
        columns = (Column("a"), Column("b"), Column("c", weight=1), Column("d", weight=2))
        widths = column_widths(columns, [Row((text, text, text, text))])
        assert sum(widths) == pytest.approx(FRAME_WIDTH)
        assert min(widths) > 20


def test_an_empty_table_draws_its_header():
    assert "序号名称金额" in text_of(draw_table([]))


def test_a_row_with_another_number_of_cells_is_a_programmers_error():
    with pytest.raises(AssertionError):
        Table(COLUMNS, [Row(("1", "2"))])


def test_text_is_cut_between_lines_at_a_pages_end():
    paper = draw_pages([Text("".join(f"第{n}句。" for n in range(3000)), Style())], MARGINS)
    assert len(pages_of(paper)) > 2
    assert "第2999句。" in pages_of(paper)[-1]


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_an_aligned_line_stays_inside_its_column(align):
    block = Text("资金分配公告", Style(align=align))
    width, height = block.wrap(200, 100)
    canvas = Canvas(BytesIO())
    drawn = []
    canvas.drawString = lambda x, y, text: drawn.append((x, y, text))
    block.canv = canvas
    block.draw()
    [(x, y, text)] = [line for line in drawn if line[2]]
    assert text == "资金分配公告"
    assert x == pytest.approx({"left": 0, "center": (200 - 63) / 2, "right": 200 - 63}[align])
    assert 0 < y < height
    assert width == 200
