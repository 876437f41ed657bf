"""The line breaker, against any text."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.linebreak import NO_END, NO_START, break_lines


def width_of(text: str) -> float:
    """A plain model of a typeface: marks 0, ASCII and blanks one half, all else 1."""
    return sum(0 if unicodedata.combining(char) else 0.5 if char < "\u0250" else 1 for char in text)


ALPHABET = st.sampled_from("财农示例县资金项目一二中〔〕（）《》“”，。、；：？！%％…—·-/.,0123456789２１年月日号万亿元abcXYZé\u0301\u0304 \t\u3000\n𫭟")
ANY_TEXT = st.one_of(st.text(ALPHABET, max_size=200), st.text(max_size=80))
WIDTHS = st.floats(0.1, 40)


@settings(deadline=None)
@given(ANY_TEXT, WIDTHS)
def test_every_character_is_kept_in_order(text, width):
    assert "".join(break_lines(text, width, width_of)) == text.replace("\n", "")


@settings(deadline=None)
@given(ANY_TEXT, WIDTHS)
def test_no_line_is_wider_than_its_column_but_a_single_character(text, width):
    for line in break_lines(text, width, width_of):
        shown = line.rstrip(" \t\u3000")
        assert width_of(shown) <= width + 1e-9 or len(shown.strip(" \t\u3000")) == 1 or not shown


@st.composite
def prose(draw):
    """Text without runs of marks that no line could hold."""
    word = st.one_of(st.sampled_from(["资", "金", "项目", "县", "1,200万元", "财农〔2021〕19号", "2025年", "sunledger台", "78.6%"]),
                     st.text("示例县农业农村局", min_size=1, max_size=6))
    opener = st.sampled_from(["", "", "（", "《", "“（", "〔"])
    closer = st.sampled_from(["", "", "）", "，", "。", "》。", "”，", "；", "？！", "、"])
    return "".join(draw(opener) + draw(word) + draw(closer) for _ in range(draw(st.integers(1, 30))))


@settings(deadline=None)
@given(prose(), st.integers(18, 40))
def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark(text, width):
    lines = break_lines(text, width, width_of)
    for before, after in pairwise(lines):
        assert after[0] not in NO_START, lines
        assert before[-1] not in NO_END, lines


@settings(deadline=None)
@given(prose(), st.integers(18, 40))
def test_numbers_words_and_document_numbers_stay_whole_where_they_fit(text, width):
    whole = ["1,200万元", "2025年", "sunledger", "78.6%", "〔2021〕19号"]
    lines = break_lines(text, width, width_of)
    for token in whole:
        assert sum(line.count(token) for line in lines) == text.count(token)


@settings(deadline=None)
@given(prose(), st.integers(18, 40))
def test_lines_are_filled_from_the_first(text, width):
    """The first piece of a line would not have fitted on the line before, unless it is a whole token."""
    lines = break_lines(text, width, width_of)
    longest = width_of("六七八九十一财农〔2021〕19号") + 6  # the longest unbreakable run this text can hold
    assert all(width_of(line) > width - longest for line in lines[:-1])


@pytest.mark.parametrize(("text", "width", "lines"), [
    ("按照财农〔2021〕19号", 9, ["按照财农", "〔2021〕19号"]),  # too long for a line: cut before the bracket
    ("依据文件，黔财农〔2021〕19号执行", 13, ["依据文件，", "黔财农〔2021〕19号执行"]),
    ("安排资金724.712484万元用于", 10, ["安排资金", "724.712484万元用于"]),
    ("共计——不含税", 3, ["共计", "——不", "含税"]),
    ("等等……以及", 3, ["等等", "……以", "及"]),
    ("见（附件）。", 3, ["见（附", "件）。"]),
    ("2025年6月30日前", 7, ["2025年6月30日", "前"]),
    ("a" * 7, 2, ["aaaa", "aaa"]),
    ("https://example.invalid/gk/2025/a.html", 12, ["https://example.invalid/", "gk/2025/a.html"]),
    ("甲\n\n乙", 5, ["甲", "", "乙"]),
    ("", 5, [""]),
    ("，，，，", 2, ["，，", "，，"]),
])
def test_line_ends_by_example(text, width, lines):
    assert break_lines(text, width, width_of) == lines


def test_b51_combining_marks_stay_with_their_base():
    text = "村e" + "\u0301" * 500 + "村"
    assert break_lines(text, 1.0, width_of) == ["村", "e" + "\u0301" * 500, "村"]


def test_b51_a_word_of_100_000_characters_is_cut_into_full_lines():
    lines = break_lines("x" * 100_000, 50, width_of)
    assert [len(line) for line in lines] == [100] * 1000


def test_b51_a_hundred_thousand_closing_marks_are_cut():
    assert len(break_lines("）" * 100_000, 50, width_of)) == 2000
