"""Where a paragraph may be cut between two pages."""

from dataclasses import replace

import pytest

from reports.text import Style, Text
from reports.typeface import register

STYLE = Style(size=10, leading=15)


def lines_of(block: Text) -> int:
    """How many lines it has."""
    return round(block.wrap(300, 1000)[1] / block.style.leading)


@pytest.mark.parametrize("label", ["", "怎么核验"])
def test_a_cut_leaves_two_lines_on_either_side_and_keeps_short_labelled_ones_whole(label: str) -> None:
    """Every length against every height; nothing is lost, and what does not fit at all goes to the next page."""
    register()
    for count in range(1, 30):
        text = Text("\n".join("字" for _ in range(count)), replace(STYLE, indent=50), label=label)
        assert lines_of(text) == count
        for left in range(count):  # lines that still have room on the page
            parts = text.split(300, left * STYLE.leading)
            sizes = [lines_of(part) for part in parts if isinstance(part, Text)]
            assert sum(sizes) == (count if sizes else 0)
            assert all(size >= 2 for size in sizes)
            assert not sizes or sizes[0] <= left
            if label and count <= 12:
                assert not sizes
            elif count >= 4 and left >= 2:
                assert len(sizes) == 2
