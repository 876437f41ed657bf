"""What one cell can be changed to: small changes of its own type, and on SQLite games with types."""

import random
import unicodedata
from collections.abc import Iterator
from typing import Any


def mutations(value: Any, dialect: str, seed: str) -> Iterator[tuple[str, Any]]:
    """Other values of the same type, each with the name of the change."""
    choice = random.Random(seed)
    if isinstance(value, int):
        yield "one more", value + 1
        yield "one less", value - 1
        yield "sign", -value or -1
        yield "beyond 2^53", value + 2**53
        yield "the least there is", -(2**63)
        yield "the greatest there is", 2**63 - 1
    elif isinstance(value, bytes):
        at = choice.randrange(len(value)) if value else 0
        yield "a bit", value[:at] + bytes([value[at] ^ 1 << choice.randrange(8)]) + value[at + 1 :] if value else b"\0"
        yield "cut", value[:-1]
        yield "a zero more", value + b"\0"
        yield "a space inside", value[:at] + b" " + value[at:]
        yield "nothing", b""
        yield "upper case", value.upper()
    else:
        at = choice.randrange(len(value)) if value else 0
        yield "a character", value[:at] + ("x" if value[at : at + 1] != "x" else "y") + value[at + 1 :]
        yield "a zero width space", value[:at] + "\u200b" + value[at:]
        yield "another case", value.swapcase()
        yield "NFD", unicodedata.normalize("NFD", value)
        yield "full width", "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)
        yield "a space after", value + " "
        yield "nothing", ""
        if dialect == "sqlite":
            yield "NUL after", value + "\0"


def type_games(value: Any) -> Iterator[tuple[str, Any]]:
    """The same value, or none, as another type."""
    yield "NULL", None
    if isinstance(value, int):
        yield "text", str(value)
        yield "real", float(value)
        yield "blob", str(value).encode()
    elif isinstance(value, bytes):
        yield "text", value.decode("latin-1")
        yield "number", 0
    else:
        yield "blob", value.encode()
        yield "number", 7
