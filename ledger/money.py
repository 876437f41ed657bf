"""Money is a whole number of fen (分); text becomes fen by a strict pattern and never through a float."""

import re

from ledger.errors import InputRejected

Fen = int

FEN_PER = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
MAX_FEN = 2**53 - 1
_DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,12}))?", re.ASCII)
_AMOUNT = re.compile(r"([0-9.]{1,32})(元|万元|亿元)?", re.ASCII)


def scaled(text: str, scale: int) -> int | None:
    """`text` × `scale` as a whole number, or None where it is not a plain decimal or does not come out whole.

    >>> scaled("724.712484", FEN_PER["万元"]), scaled("0.005", FEN_PER["元"]), scaled("1e3", 100)
    (724712484, None, None)
    """
    match = _DECIMAL.fullmatch(text)
    if not match:
        return None
    sign, whole, fraction = match[1], match[2], match[3] or ""
    units, rest = divmod(int(whole + fraction) * scale, 10 ** len(fraction))
    return None if rest else (-units if sign else units)


def parse_amount(text: str) -> Fen:
    """Fen from `1200万元`, `12000000元` or `12000000` (元, at most two decimals); above zero, at most 2^53−1 fen.

    Raises:
        InputRejected: INPUT.AMOUNT with the reason; nothing is guessed, rounded or normalised.
    """
    match = _AMOUNT.fullmatch(text)
    amount = scaled(match[1], FEN_PER[match[2] or "元"]) if match else None
    if amount is None:
        raise InputRejected(
            f"{text[:60]!r} is not an amount",
            code="INPUT.AMOUNT",
            hint="write 1200万元, 12000000元 or 12000000 (元, at most two decimals)",
        )
    if not 0 < amount <= MAX_FEN:
        raise InputRejected(
            f"{text[:60]!r} is not above zero and at most {yuan(MAX_FEN)} 元", code="INPUT.AMOUNT"
        )
    return amount


def yuan(amount: Fen) -> str:
    """Fen as 元 with thousands separators and two decimals: `12,000,000.00`."""
    sign, rest = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{rest // 100:,}.{rest % 100:02d}"


def wan_yuan(amount: Fen) -> str:
    """Fen as 万元, exact, without trailing zeros: `1,200`, `724.712484`."""
    sign, rest = ("-", -amount) if amount < 0 else ("", amount)
    fraction = f"{rest % 1_000_000:06d}".rstrip("0")
    return f"{sign}{rest // 1_000_000:,}" + (f".{fraction}" if fraction else "")


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def capitals(amount: Fen) -> str:
    """Fen as Chinese capital figures (大写), as on a payment order: 壹仟贰佰万元整.

    Rules of 《支付结算办法》 annex 1: no 壹 is left out, zeros between digits are read once, 整 ends an amount without 分.
    """
    whole, cents = divmod(abs(amount), 100)
    text = ""
    for power, group in reversed(list(enumerate(_groups(whole)))):
        part = _group_text(group)
        if not part:
            continue
        if text and group < 1000:
            part = "零" + part
        text += part + _GROUPS[power]
    text = (text + "元") if text else ""
    jiao, fen = divmod(cents, 10)
    if not cents:
        return ("负" if amount < 0 else "") + (text or "零元") + "整"
    tail = (_DIGITS[jiao] + "角" if jiao else ("零" if text else "")) + (_DIGITS[fen] + "分" if fen else "整")
    return ("负" if amount < 0 else "") + text + tail


def _groups(whole: int) -> list[int]:
    groups = []
    while whole:
        whole, group = divmod(whole, 10_000)
        groups.append(group)
    return groups


def _group_text(group: int) -> str:
    text, zero = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return text
