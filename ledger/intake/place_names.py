"""How a printed place name meets the official names of the bundled table: exactly, shortened, or not at all.

A shortened name counts only where it fits one place alone; anything else is unknown, never guessed. In a table of
recipients 市, 县, 区 and 旗 are often left out (修武 for 修武县), and the nationalities of an autonomous place (景宁).
"""

import re
from collections.abc import Iterable

from ledger.intake.divisions import Division

_ENDING = re.compile(r"(省|市|(壮族|回族|维吾尔)?自治区|特别行政区|地区|盟)$")
_ENDS_A_NAME = "省市县区旗州盟"
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬"
    "|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_AUTONOMY = re.compile(rf"(?:(?:{_PEOPLES})族?)+自治[县州旗]")
TOWNSHIP_ENDING = r"(?:街道办事处|办事处|街道|民族乡|乡|镇|苏木)"
_TOWNSHIP_END = re.compile(rf".+?{TOWNSHIP_ENDING}")


def compact(name: str) -> str:
    """A name without the spaces that tables put inside it: `睢 县` → `睢县`."""
    return "".join(name.split())


def tokens(text: str) -> list[str]:
    """The beginnings of `text` that may be a place's name, shortest first."""
    ends = [index for index in range(2, len(text) + 1) if text[index - 1] in _ENDS_A_NAME]
    return [text[:end] for end in ends]


def township_token(text: str) -> str:
    """The beginning of `text` that reads as a township's name, or the whole of it."""
    match = _TOWNSHIP_END.match(text)
    return match[0] if match else text


def exactly(text: str, places: Iterable[Division]) -> Division | None:
    """The place whose official name begins `text`; the longest of several."""
    return max(
        (place for place in places if text.startswith(place.name)), key=lambda p: len(p.name), default=None
    )


def shortened(text: str, places: Iterable[Division]) -> tuple[Division, str] | None:
    """The one place whose shortened name begins `text`, with that name."""
    known = list(places)
    for token in tokens(text):
        found = [place for place in known if is_short_for(token, place.name)]
        if len(found) == 1:
            return found[0], token
    found = [place for place in known if _without_ending(place.name, text)]
    return (found[0], _without_ending(found[0].name, text)) if len(found) == 1 else None


def is_short_for(token: str, official: str) -> bool:
    """Whether a name leaves out letters of an official one, as it is done for autonomous places, banners and leagues.

    >>> is_short_for("喀左县", "喀喇沁左翼蒙古族自治县"), is_short_for("高新区", "新乡高新技术产业开发区")
    (True, False)
    """
    if "自治" not in official and official[-1] not in "旗盟":
        return False
    if len(token) < 2 or token[0] != official[0] or token[-1] != official[-1] or len(token) >= len(official):
        return False
    rest = iter(official)
    return all(letter in rest for letter in token)


def stands_for(name: str, official: str) -> bool:
    """Whether a name as a whole is a shortened form of an official one: 郑州 for 郑州市, 喀左县."""
    return is_short_for(name, official) or _without_ending(official, name) == name


def left_out(name: str, official: str) -> bool:
    """Whether a name is an official one that only leaves out what sort of division it is.

    >>> left_out("修武", "修武县"), left_out("景宁", "景宁畲族自治县"), left_out("五峰", "五峰镇"), left_out("睢", "睢县")
    (True, True, True, False)
    """
    if len(name) < 2 or not official.startswith(name):
        return False
    rest = official[len(name) :]
    return rest in ("市", "县", "区", "旗", "林区", "镇", "乡", "街道") or bool(_AUTONOMY.fullmatch(rest))


def _without_ending(official: str, text: str) -> str:
    """The official name without 省, 市, 自治区 where `text` begins with it and does not go on as another place's name."""
    short = _ENDING.sub("", official)
    if short == official or len(short) < 2 or not text.startswith(short):
        return ""
    return "" if text[len(short) : len(short) + 1] in tuple(_ENDS_A_NAME) else short
