"""Amounts as a person reads them: rounded for a headline, never in a table."""

from ledger.money import FEN_PER, Fen, yuan


def headline(amount_fen: Fen) -> str:
    """At most two decimals of 亿元 or 万元, below 1 万元 exact in 元; 约 before what was rounded (half up).

    >>> headline(23_100_000_000), headline(724_712_484), headline(95_000), headline(15_998_938_756)
    ('2.31亿元', '约724.71万元', '950元', '约1.60亿元')
    """
    size = abs(amount_fen)
    unit = "亿元" if size >= FEN_PER["亿元"] else "万元" if size >= FEN_PER["万元"] else ""
    if not unit:
        return f"{yuan(amount_fen).removesuffix('.00')}元"
    step = FEN_PER[unit] // 100
    hundredths = (size + step // 2) // step
    sign, text = "-" if amount_fen < 0 else "", f"{hundredths // 100:,}.{hundredths % 100:02d}"
    return f"约{sign}{text}{unit}" if size % step else f"{sign}{text.rstrip('0').rstrip('.')}{unit}"


def of_each_hundred(part_fen: Fen, whole_fen: Fen) -> str:
    """How many of each 100 元, to a tenth, rounded down so that 100 means all of it.

    >>> of_each_hundred(786, 1000), of_each_hundred(2, 3), of_each_hundred(9999, 10000)
    ('78.6元', '约66.6元', '约99.9元')
    """
    tenths, rest = divmod(part_fen * 1000, whole_fen)
    return f"{'约' if rest else ''}{tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''}元"
