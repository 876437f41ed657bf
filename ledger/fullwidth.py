"""What an input method types at full width is read as its plain twin: １２３，．－／￥ and the wide space; nothing else is folded."""

import unicodedata


def plain_width(text: str) -> str:
    """The text with each full-width character in its plain form.

    Whole NFKC would also turn ², ① and ½ into digits, which nobody types for one.

    >>> plain_width("￥１，０００．５０"), plain_width("²①")
    ('¥1,000.50', '²①')
    """
    if text.isascii():
        return text
    return "".join(_plain(character) if unicodedata.east_asian_width(character) == "F" else character for character in text)


def _plain(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character
