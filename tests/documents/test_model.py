"""Figures that do not tie out never reach the paper."""

from dataclasses import replace

import pytest
from paper_examples import allocation, example_county, transcribed


@pytest.mark.parametrize("field", ["received_fen", "arranged_fen", "unarranged_fen", "from_suspense_fen"])
@pytest.mark.parametrize("figures", [example_county(5), transcribed()], ids=["own", "transcribed"])
def test_a_total_that_is_not_the_sum_of_its_parts_is_a_programmers_error(figures, field):
    with pytest.raises(AssertionError):
        replace(figures, **{field: (getattr(figures, field) or 0) + 1})


def test_a_source_or_line_outside_every_notice_is_a_programmers_error():
    figures = transcribed()
    with pytest.raises(AssertionError, match="in one notice"):
        replace(figures, notices=figures.notices[:2])


def test_an_unknown_level_is_a_programmers_error():
    figures = example_county(2)
    with pytest.raises(AssertionError, match="level"):
        allocation([replace(figures.sources[0], level="township")], figures.lines)


def test_a_transcription_says_so_in_its_title_and_no_fund_is_named():
    assert transcribed().title == "示例县2025年资金分配公告（转录）"
    assert example_county(2).title == "示例县2025年资金分配公告"
