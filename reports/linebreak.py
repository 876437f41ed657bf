"""Chinese line breaking: where a line may end, and which characters stay together.

Rules are those of GB/T 15834-2011 §5.1 and of common practice for figures: no closing mark at a line start, no opening
mark at a line end, dashes and ellipses uncut, and numbers with their units, words and document numbers
(财农〔2021〕19号) whole as long as they fit.
"""

import re
from collections.abc import Callable
from functools import partial

NO_START = frozenset("，。、；：？！．）》〉」』】〕〗］｝﹞﹚”’～·•—–－-／/,.;:?!)]}%％‰℃°′″々 ")
NO_END = frozenset("（《〈「『【〔〖［｛﹝﹙“‘／([{¥￥$№ ")

_SPACES = " \t\u3000"
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
_DIGITS = "0-9０-９"
_LETTERS = f"A-Za-zÀ-ÖØ-öø-ɏΑ-ωА-я{_DIGITS}{_MARKS}"
_HANZI = "〇㐀-䶿一-鿿豈-\ufaff\U00020000-\U0003ffff"
_UNIT = (
    "[百千]?[万亿]?(?:元|平方米|立方米|平方公里|公里|千米|米|公顷|公斤|千瓦)|[百千]?[万亿]|[年月日号户人个项亩吨条处座套次批期]"
    "|%|％|‰|℃"
)
_SPACE = f"[{_SPACES}]+"
_YEAR_NUMBER = f"[〔﹝［\\[（(【][{_DIGITS}]{{4}}[〕﹞］\\]）)】]第?[{_DIGITS}]{{1,6}}号"
_DOCUMENT_NUMBER = f"[{_HANZI}]{{1,6}}{_YEAR_NUMBER}"
_DATE = f"[{_DIGITS}]{{4}}年[{_DIGITS}]{{1,2}}月(?:[{_DIGITS}]{{1,2}}日)?"
_NUMBER = f"[-+−±]?[{_DIGITS}]+(?:[,.，．:/-][{_DIGITS}]+)*[{_LETTERS}]*(?: ?(?:{_UNIT}))?[{_MARKS}]*"
_DASH = "(?:——|……)"
_ADDRESS = f"[{_LETTERS}][{_LETTERS}._'’@&+:/?=#~%-]*"
_WORD = f"[{_LETTERS}]+"
_CLUSTER = f"[\\s\\S][{_MARKS}]*"

# From the whole to the smallest: what does not fit in a line of its own is cut one level further down.
_LEVELS = (
    re.compile("|".join((_SPACE, _DOCUMENT_NUMBER, _DATE, _NUMBER, _DASH, _ADDRESS, _CLUSTER))),
    re.compile("|".join((_SPACE, _YEAR_NUMBER, _NUMBER, _DASH, _WORD, _CLUSTER))),
    re.compile("|".join((_SPACE, _CLUSTER))),
)


def break_lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """`text` as lines not wider than `width`, filled from the first; at least one line, which may be empty.

    A newline ends a line and is dropped; every other character is kept, in order. Spaces at a line's end stay in
    the line and may hang over: `measure` is asked for lines without them. Only a single character wider than
    `width` makes a wider line. `measure` must be additive over characters.
    """
    return [line for paragraph in text.split("\n") for line in _fill(paragraph, width, measure)]


def _fill(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    if measure(text.rstrip(_SPACES)) <= width:
        return [text]  # most cells of a table
    lines: list[str] = []
    line: list[str] = []
    used = 0.0
    todo = [(piece, 0) for piece in reversed(_unbreakable(text, 0))]
    while todo:
        piece, level = todo.pop()
        need = measure(piece.rstrip(_SPACES))
        if line and used + need > width and need <= width:
            lines.append("".join(line))
            line, used = [], 0.0
        if used + need > width and len(piece) > 1:
            todo.extend((part, level + 1) for part in reversed(_unbreakable(piece, level + 1)))
            continue
        if line and used + need > width:
            lines.append("".join(line))
            line, used = [], 0.0
        line.append(piece)
        used += measure(piece)
    return [*lines, "".join(line)]


def _unbreakable(text: str, level: int) -> list[str]:
    """`text` cut wherever a line may end at this level; below the last level, into single characters."""
    if level >= len(_LEVELS):
        return list(text)
    pieces: list[str] = []
    left = ""  # the last mark or word before the spaces, which decides whether a line may end here
    for match in _LEVELS[level].finditer(text):
        token = match[0]
        if pieces and (token[0] in _SPACES or not _may_end(left, token)):
            pieces[-1] += token
        else:
            pieces.append(token)
        if token[0] not in _SPACES:
            left = token
    return pieces


def _may_end(left: str, right: str) -> bool:
    # A word or number is longer than its first character: only a lone mark (with its accents) is ruled by the sets.
    return _mark(left) not in NO_END and _mark(right) not in NO_START


_strip_marks = partial(re.compile(f"[{_MARKS}]+").sub, "")


def _mark(token: str) -> str:
    return token if len(token) == 1 else _strip_marks(token)
