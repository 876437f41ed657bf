"""One list of what a spreadsheet runs, in the rows of a paper and in every table as CSV."""

import pytest

from ledger.commands.tables import neutral as cell
from ledger.spreadsheet import neutral
from reports.rows import neutral as of_a_paper


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_a_text_that_a_spreadsheet_would_run_is_a_text(start: str) -> None:
    """In half and full width, with a tab, with a carriage return."""
    for neutralised in (cell, neutral, of_a_paper):
        assert neutralised(f"{start}1+1") == f"'{start}1+1"
        assert neutralised(f"甲{start}1") == f"甲{start}1"
        assert neutralised("") == ""
