"""Every row of sections A, K and P of the catalogue of attacks has a test that bears its id, or a reason why it comes later."""

import ast
import re

import pytest

from tests.tidy.source import files_of_tests

ROWS = [*(f"A-{n:02d}" for n in range(1, 31)), *(f"K-{n:02d}" for n in range(1, 25)), *(f"P-{n:02d}" for n in range(1, 16))]
LATER = {
    "A-15": "there is no store of attachments yet: texts and the digests of documents stand in the content, which every cell test attacks",
    "P-09": "no aggregated table about people is published yet; the threshold comes with the first one, on the site",
    "P-13": "what can be taken out so far (bundle, proofs, tables) holds commitments alone, for every role; exports that open values come later",
}
_ID = re.compile(r"(?<![a-z0-9])([akp])(\d\d)[abc]?(?=_)")


def collected() -> dict[str, set[str]]:
    """The test functions whose name bears a row's id; a module without tests counts for nothing."""
    found: dict[str, set[str]] = {row: set() for row in ROWS}
    for path in files_of_tests():
        if path.suffix == ".py" and path.name.startswith("test_"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    for letter, number in _ID.findall(node.name.removeprefix("test")):
                        found.setdefault(f"{letter.upper()}-{number}", set()).add(f"{path.stem}.{node.name}")
    return found


TESTS = collected()


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_a_test_or_a_reason(row: str) -> None:
    """One or the other, never both: a reason goes when the test comes."""
    assert bool(TESTS[row]) != (row in LATER), (row, sorted(TESTS[row]))


def test_reasons_are_reasons_of_rows_that_exist() -> None:
    """And no test bears the id of a row that is none."""
    assert set(LATER) <= set(ROWS)
    assert all(len(reason) > 40 for reason in LATER.values())
    assert set(TESTS) == set(ROWS), sorted(set(TESTS) - set(ROWS))


def test_the_count_of_rows_is_the_catalogues() -> None:
    """A 30, K 24, P 15."""
    assert [sum(row[0] == letter for row in ROWS) for letter in "AKP"] == [30, 24, 15]
    assert len(set(ROWS)) == 69
