"""Amounts: as people paste them in, whole fen, three spellings out."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import FEN_PER, MAX_FEN, capitals, parse_amount, scaled, wan_yuan, yuan
from ledger.words import LANGUAGES, Fault, speak
from tests.properties.strategies import modest

TAKEN = {
    "1": 100,
    "1.5": 150,
    "1.50": 150,
    "0.01": 1,
    "0.10": 10,
    "1.000": 100,
    "12000000": 1_200_000_000,
    "12000000元": 1_200_000_000,
    "1200万元": 1_200_000_000,
    "0.0001万元": 100,
    "0.000001万元": 1,
    "724.712484万元": 724_712_484,
    "2993.7万元": 2_993_700_000,
    "1.5亿元": 15_000_000_000,
    "0.0000000001亿元": 1,
    "90071992547409.91": MAX_FEN,
    "9007199254.740991万元": MAX_FEN,
    "900719.9254740991亿元": MAX_FEN,
}


PASTED = {
    "1,000,000": 100_000_000, "1,000,000.00": 100_000_000, "1,000,000.00元": 100_000_000, "1,234.50": 123_450, "1，234": 123_400,
    "1,200万元": 1_200_000_000, "1,200万": 1_200_000_000, "12万": 12_000_000, "1.5亿": 15_000_000_000, "0.5万": 500_000,
    "1000 元": 100_000, " 1000元 ": 100_000, "1\u3000元": 100, "1\u00a0元": 100, "\t1": 100, "1 ": 100, "12 万元": 12_000_000,
    "￥1000": 100_000, "¥1,000.00": 100_000, "¥ 5": 500, "￥12万": 12_000_000, "¥1元": 100,
    "１０００元": 100_000, "１２．５": 1250, "1２": 1200, "￥１，０００．５０": 100_050, "1．5": 150,
    "10000.00元整": 1_000_000, "1元整": 100, "1万元整": 1_000_000, "1元正": 100, "1.00 yuan": 100,
    "壹万元整": 1_000_000, "人民币壹万元整": 1_000_000, "壹佰元正": 10_000, "壹仟肆佰零玖圆伍角整": 140_950, "壹分": 1, "零元伍角整": None, "壹万元": 1_000_000, "伍仟圆": 500_000, "叁佰元伍角": 30_050,
    "壹万亿元整": 100_000_000_000_000,
}  # fmt: skip
TAKEN |= {text: fen for text, fen in PASTED.items() if fen is not None}


@pytest.mark.parametrize("text", TAKEN)
def test_b03_amounts_as_people_type_and_paste_them_are_taken_exactly(text: str) -> None:
    """B-03: 元, 万元, 亿元, thousands in threes, ¥, full-width characters, 整, capitals; no more digits than come out whole."""
    assert parse_amount(text) == TAKEN[text]


REFUSED = {
    "character": [
        "١٢٣", "1२", "²", "½", "①", "一百", "1_000", "1'000", "1\u2009000", "RMB1", "1 CNY", "$1", "1块", "1分", "1角", "1千元", "1千万",
        "1e3", "1E3", "1e-2", "1e6", "0x10", "0b1", "0o7", "1L", "1f", "1d", "NaN", "nan", "inf", "Infinity", "(1.00)", "+1", "1+1", "=1",
        "1/2", "50%", "~1", "约1", "1以上", "1\n", "\n1", "1\r", "1\x00", "\ufeff1", "1\u200b", "\u202e1", "1。5", "1·5", "None", "null",
        "true", "1;2", "'1'", '"1"', "1万元\u0301", "一万元整",
        "1 RMB 元", "￣1",
    ],
    "grouping": ["1,00,000", "1,000,00", "10,00", ",100", "1,", "1,,000", "0,001", "01,000", "1000,000", "1,000.5,0", "1,000,"],
    "capitals": ["壹万圆零元整", "壹拾元整整", "拾元整", "壹万零零壹元整", "壹萬元整", "零元伍角整", "壹万", "壹万贰", "壹", "伍角伍"],
    "order": ["1 234", "1 000 000", "1¥", "1元元", "1万元元", "1万 元", "万1", "元1", "1.2万.3元", "1--", "1-", "1整", "1万亿", "1元万", "¥¥1", "1元1", "整1"],
    "digits": ["", " ", "\u3000", "元", "万元", "¥", "整", "元整", "yuan"],
    "point": [".", ".5", "5.", ".5万", "1,000."],
    "points": ["1..2", "1.2.3", "1,000.5.0"],
    "zeros": ["01", "00", "00.5", "0001元"],
    "finer": ["1.005", "0.001", "0.005", "1.999", "0.0000001万元", "724.7124845万元", "0.00000000001亿元", "0.1234567890123", "1,000.005"],
    "sign": ["0", "0.00", "-0", "-1", "-0.01", "-1万元", "--1", "−1", "－1", "-", "零元整", "负壹元整", "-inf"],
    "large": ["90071992547409.92", "9007199254.740992万元", "92233720368547758.08", "999999999999999999", "999999999999999999亿元", "90,071,992,547,409.92"],
    "long": ["9" * 33, "1" * 1000, "9" * 1_000_000],
}  # fmt: skip


@pytest.mark.parametrize(("why", "text"), [(why, text) for why, texts in REFUSED.items() for text in texts], ids=lambda value: str(value)[:30].encode("unicode_escape").decode())
def test_b03_f13_f14_any_other_amount_is_refused_and_told_why(why: str, text: str) -> None:
    """B-03, F-13, F-14: nothing is guessed or rounded; `Decimal`, `int` and whole NFKC would take several of these."""
    with pytest.raises(Fault) as caught:
        parse_amount(text)
    assert caught.value.key == f"AMOUNT:{why}"


@pytest.mark.parametrize(("text", "character"), [("1e3", "e"), ("12千万", "千"), ("1_000", "_"), ("(1.00)", "("), ("５x", "x"), ("約1", "約")])
def test_b03_the_character_that_is_wrong_is_named(text: str, character: str) -> None:
    """The first that stands in no amount, as it was typed, in either language."""
    for language in LANGUAGES:
        speak(language)
        with pytest.raises(Fault) as caught:
            parse_amount(text)
        assert f"“{character}”" in str(caught.value)
    speak("en")


@modest(200)
@given(st.text(st.sampled_from("0123456789.,¥￥元万亿整 １，-e壹拾零角分"), max_size=14))
def test_b03_no_text_is_read_in_two_ways_or_raises_anything_else(text: str) -> None:
    """Whatever is taken says the same amount when it is printed; all else is a fault."""
    try:
        amount = parse_amount(text)
    except Fault:
        return
    assert 0 < amount <= MAX_FEN
    assert parse_amount(yuan(amount)) == amount


def test_f14_long_text_is_cut_in_the_message() -> None:
    """A megabyte of digits gives one short line."""
    with pytest.raises(Fault) as caught:
        parse_amount("9" * 1_000_000)
    assert len(str(caught.value)) < 200


@modest(300)
@given(st.decimals("-999999999999", "999999999999", allow_nan=False, places=None), st.sampled_from(sorted(FEN_PER.values())))
def test_f13_scaled_is_decimal_arithmetic_or_nothing(number: Decimal, scale: int) -> None:
    """Whole exactly where exact arithmetic is whole; None where it is not, and never a rounded value."""
    text = f"{number:f}"
    if "." in text and len(text.partition(".")[2]) > 12:
        assert scaled(text, scale) is None
        return
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(text) * scale
        expected = int(exact) if exact == exact.to_integral_value() else None
    assert scaled(text, scale) == expected


@modest(300)
@given(st.integers(1, MAX_FEN))
def test_what_the_program_prints_is_read_as_the_same_fen(amount: int) -> None:
    """Amounts are copied from one answer into the next command: 元, 万元 and capitals, with and without their units."""
    printed = [yuan(amount), f"{yuan(amount)}元", f"{yuan(amount)} 元", f"{yuan(amount)} yuan", f"{wan_yuan(amount)}万元", f"{wan_yuan(amount)} 万元",
               f"{wan_yuan(amount)}万", f"￥{yuan(amount)}", capitals(amount)]  # fmt: skip
    assert [parse_amount(text) for text in printed] == [amount] * len(printed)
    assert yuan(-amount) == "-" + yuan(amount)
    assert wan_yuan(-amount) == "-" + wan_yuan(amount)


@pytest.mark.parametrize(
    ("amount", "in_yuan", "in_wan"),
    [
        (0, "0.00", "0"),
        (1, "0.01", "0.000001"),
        (-1, "-0.01", "-0.000001"),
        (100, "1.00", "0.0001"),
        (1_200_000_000, "12,000,000.00", "1,200"),
        (724_712_484, "7,247,124.84", "724.712484"),
        (10_000_000_000, "100,000,000.00", "10,000"),
        (MAX_FEN, "90,071,992,547,409.91", "9,007,199,254.740991"),
    ],
)
def test_amounts_are_printed_with_separators(amount: int, in_yuan: str, in_wan: str) -> None:
    """元 has two decimals, 万元 no trailing zeros."""
    assert (yuan(amount), wan_yuan(amount)) == (in_yuan, in_wan)


# 《支付结算办法》附件一《正确填写票据和结算凭证的基本规定》: its own examples first; where it leaves a 零 free,
# the shorter of the two is ours.
CAPITALS = [
    ("1409.50", "壹仟肆佰零玖元伍角整"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
    ("107000.53", "壹拾万柒仟元伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("0.01", "壹分"),
    ("0.10", "壹角整"),
    ("0.11", "壹角壹分"),
    ("1", "壹元整"),
    ("1.01", "壹元零壹分"),
    ("1.10", "壹元壹角整"),
    ("10", "壹拾元整"),
    ("11", "壹拾壹元整"),
    ("100", "壹佰元整"),
    ("101", "壹佰零壹元整"),
    ("110", "壹佰壹拾元整"),
    ("1001", "壹仟零壹元整"),
    ("1010", "壹仟零壹拾元整"),
    ("1100", "壹仟壹佰元整"),
    ("10000", "壹万元整"),
    ("10001", "壹万零壹元整"),
    ("10010", "壹万零壹拾元整"),
    ("10100", "壹万零壹佰元整"),
    ("11000", "壹万壹仟元整"),
    ("99999.99", "玖万玖仟玖佰玖拾玖元玖角玖分"),
    ("100000", "壹拾万元整"),
    ("100001", "壹拾万零壹元整"),
    ("1000000", "壹佰万元整"),
    ("1020304.05", "壹佰零贰万零叁佰零肆元零伍分"),
    ("10000000", "壹仟万元整"),
    ("10200030", "壹仟零贰拾万零叁拾元整"),
    ("12000000", "壹仟贰佰万元整"),
    ("99999999", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元整"),
    ("100000000", "壹亿元整"),
    ("100000001", "壹亿零壹元整"),
    ("100010000", "壹亿零壹万元整"),
    ("100100000", "壹亿零壹拾万元整"),
    ("110000000", "壹亿壹仟万元整"),
    ("1000000000", "壹拾亿元整"),
    ("123456789.12", "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
    ("200000020.20", "贰亿零贰拾元贰角整"),
    ("1000000000000", "壹万亿元整"),
]


@pytest.mark.parametrize(("text", "words"), CAPITALS)
def test_capitals_follow_the_rules_of_the_banks(text: str, words: str) -> None:
    """F-13: zeros inside, borders of 万 and 亿, 角 and 分, 整."""
    assert capitals(parse_amount(text)) == words


def test_capitals_of_nothing_and_of_less_than_nothing() -> None:
    """Zero ends in 整; a negative amount says 负."""
    assert capitals(0) == "零元整"
    assert capitals(-150) == "负壹元伍角整"


_DIGIT = {word: n for n, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
_PLACE = {"拾": 10, "佰": 100, "仟": 1000}


def _group(text: str) -> int:
    total, digit = 0, 0
    for word in text:
        if word in _PLACE:
            total, digit = total + digit * _PLACE[word], 0
        else:
            digit = _DIGIT[word]
    return total + digit


def read_capitals(text: str) -> int:
    """Fen from capitals, by another way than they were written."""
    whole, _, rest = text.rpartition("元") if "元" in text else ("", "", text)
    amount = 0
    for unit, worth in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4), ("", 1)):
        head, found, whole = whole.partition(unit) if unit else (whole, "x", "")
        if found:
            amount += _group(head) * worth
        else:
            whole = head
    rest = rest.removesuffix("整").lstrip("零")
    jiao, found, fen = rest.partition("角")
    if not found:
        jiao, fen = "", rest
    return amount * 100 + _group(jiao) * 10 + _group(fen.removesuffix("分"))


@modest(400)
@given(st.one_of(st.integers(1, MAX_FEN), st.integers(1, 10**7), st.integers(1, 9).map(lambda n: n * 10**10 + 5)))
def test_capitals_read_back_as_the_same_fen(amount: int) -> None:
    """No two amounts have the same words, and 零 is never doubled."""
    words = capitals(amount)
    assert read_capitals(words) == amount
    assert "零零" not in words
    assert words.endswith(("整", "分"))
