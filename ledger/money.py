"""Money is a whole number of fen (分); text becomes fen by a strict pattern and never through a float."""

import re

from ledger.fullwidth import plain_width
from ledger.words import Fault

Fen = int

FEN_PER = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
MAX_FEN = 2**53 - 1
_DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,12}))?", re.ASCII)
_UNITS = FEN_PER | {"万": FEN_PER["万元"], "亿": FEN_PER["亿元"], "yuan": FEN_PER["元"], "": FEN_PER["元"]}
_BLANK = " \t\u00a0"
_AMOUNT = re.compile(rf"¥?[{_BLANK}]*([0-9.,]+)[{_BLANK}]*((?:元|万元|亿元|万|亿|yuan)?)([整正]?)", re.ASCII)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII)
_OF_AMOUNTS = frozenset("0123456789.,¥元万亿整正-" + _BLANK)
_LONGEST = 100


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
    """Fen of an amount as people type and paste it; above zero, at most 2^53−1 fen.

    A number in 元, 万元 or 亿元 (元 if no unit is said; 万 and 亿 alone will do), plain or in groups of three, with ¥ before or 整
    behind, spaces around both, full-width characters as their plain twins; or capital figures as `capitals` writes them, without 整 too.
    Nothing is guessed or rounded, and no float is made.

    Raises:
        Fault: which character, or what else, makes it no amount.
    """
    plain = plain_width(text[: _LONGEST + 1]).strip(_BLANK)
    capital = _from_capitals(plain)
    if capital is not None:
        return _in_range(text, capital)
    match = _AMOUNT.fullmatch(plain) if len(text) <= _LONGEST else None
    if match is None or (match[3] and not match[2]):
        raise _fault(text, plain)
    number, scale = match[1], _UNITS[match[2]]
    amount = scaled(number.replace(",", ""), scale) if "," not in number or _GROUPED.fullmatch(number) else None
    if amount is None:
        raise Fault(f"AMOUNT:{_number_fault(number)}", text=text)
    return _in_range(text, amount)


def _in_range(text: str, amount: Fen) -> Fen:
    if amount <= 0:
        raise Fault("AMOUNT:sign", text=text)
    if amount > MAX_FEN:
        raise Fault("AMOUNT:large", text=text, most_fen=MAX_FEN)
    return amount


def _fault(text: str, plain: str) -> Fault:
    """What keeps a text from being an amount: the first character that stands in none, else how they stand."""
    if len(text) > _LONGEST:
        return Fault("AMOUNT:long", text=text)
    if plain.startswith(("-", "−", "负")):
        return Fault("AMOUNT:sign", text=text)
    if any(character in _DIGITS + _CAPITAL_PLACES for character in plain):
        return Fault("AMOUNT:capitals", text=text)
    for character, typed in zip(plain.removesuffix("yuan"), text.lstrip(_BLANK + "\u3000"), strict=False):
        if character not in _OF_AMOUNTS:
            return Fault("AMOUNT:character", text=text, character=typed, codepoint=f"U+{ord(typed):04X}")
    if not any(character.isdigit() for character in plain):
        return Fault("AMOUNT:digits", text=text)
    return Fault("AMOUNT:order", text=text)


def _number_fault(number: str) -> str:
    """Why digits, points and commas are no number, or none in whole fen."""
    if number.count(".") > 1:
        return "points"
    if number.startswith(".") or number.endswith("."):
        return "point"
    if "," in number and not _GROUPED.fullmatch(number):
        return "grouping"
    whole = number.replace(",", "").partition(".")[0]
    if whole.startswith("0") and whole != "0":
        return "zeros"
    return "finer" if len(whole) < 19 else "long"


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
_CAPITAL_PLACES = "拾佰仟"


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


def _from_capitals(text: str) -> Fen | None:
    """Fen of capital figures, or None for whatever `capitals` would not write; 圆 and 正 are read as 元 and 整."""
    text = text.removeprefix("人民币").strip(_BLANK).replace("圆", "元")
    text = text.removesuffix("正") + "整" if text.endswith("正") else text
    text += "整" if text.endswith(("元", "角")) and text[:1] in _DIGITS else ""
    if len(text) > _LONGEST or not text.endswith(("整", "分")):
        return None
    amount = total = group = digit = 0  # fen so far; 元 so far; of the group of four; the digit that waits for its place
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
            continue
        if character in _PLACES[1:]:
            group += digit * 10 ** _PLACES.index(character)
        elif character == "万":
            total += (group + digit) * 10_000
            group = 0
        elif character == "亿":  # behind 万 without more it makes 万亿, else it is a group of its own
            low = total % 10**8 + group + digit
            total, group = total - total % 10**8 + low * 10**8, 0
        elif character == "元":
            amount, total, group = (total + group + digit) * 100, 0, 0
        elif character in "角分":
            amount += digit * (10 if character == "角" else 1)
        elif character != "整":
            return None
        digit = 0
    return amount if capitals(amount) == text else None


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
