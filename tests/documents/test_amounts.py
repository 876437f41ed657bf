"""Headline amounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import MAX_FEN
from reports.amounts import headline, of_each_hundred


@pytest.mark.parametrize(("fen", "text"), [
    (0, "0元"), (1, "0.01元"), (95_000, "950元"), (999_999, "9,999.99元"), (1_000_000, "1万元"), (724_712_484, "约724.71万元"),
    (1_279_999_999, "约1,280.00万元"), (23_100_000_000, "2.31亿元"), (15_998_938_756, "约1.60亿元"), (-1_500_000, "-1.5万元"),
    (MAX_FEN, "约900,719.93亿元"),
])
def test_a_headline_amount_reads(fen, text):
    assert headline(fen) == text


@given(st.integers(1, MAX_FEN))
def test_a_headline_amount_is_exact_or_says_about(fen):
    text = headline(fen)
    unit = {"亿元": 10**10, "万元": 10**6, "元": 100}[text[-2:] if text[-2] in "亿万" else "元"]
    number, _, decimals = text.strip("约亿万元").replace(",", "").partition(".")
    value = int(number) * unit + int(decimals.ljust(2, "0") or 0) * unit // 100
    assert text.startswith("约") == (value != fen)
    assert abs(value - fen) * 200 <= unit


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_each_hundred_is_never_rounded_up_to_all(whole, part):
    part = min(part, whole)
    text = of_each_hundred(part, whole)
    assert (text == "100元") == (part == whole)
