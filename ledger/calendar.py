"""The two clocks: when a thing happened (a Shanghai date) and when it was recorded (a UTC second)."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from ledger.fullwidth import plain_width
from ledger.words import Fault

SHANGHAI = timezone(timedelta(hours=8))  # China keeps one zone and has had no summer time since 1991
TOLERANCE_SECONDS = 600
LAST_AT = "9999-12-31T23:59:59Z"
_AT = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TYPED = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)", re.ASCII)
_JOINED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC; the only place that reads the machine's clock."""
    return datetime.now(UTC)


def format_at(moment: datetime) -> str:
    """A moment as a header writes it: `2026-11-24T02:00:00Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_at(text: str) -> datetime:
    """The moment of a header's `at`. Raises ValueError for any other spelling."""
    found = _AT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = map(int, found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def shifted(at: str, seconds: int) -> str:
    """`at` moved by some seconds, staying in the years a header can write."""
    try:
        return format_at(parse_at(at) + timedelta(seconds=seconds))
    except OverflowError:
        return at


@lru_cache(maxsize=4096)
def shanghai_date(at: str) -> str:
    """The date in Shanghai at a header's `at`."""
    try:
        return parse_at(at).astimezone(SHANGHAI).date().isoformat()
    except OverflowError:
        return at[:10]


@lru_cache(maxsize=4096)
def is_date(text: str) -> bool:
    """Whether `text` is a day that exists, written YYYY-MM-DD."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def parse_day(text: str) -> str:
    """A day as people write it, as YYYY-MM-DD: 2025-03-01, 2025/3/1, 2025.3.1 or 2025年3月1日, full-width digits too.

    Raises:
        Fault: it is written otherwise (`DATE:write` says how it would be written), or is a day that does not exist.
    """
    plain = plain_width(text[:40]).strip(" ")
    match = _TYPED.fullmatch(plain) if len(text) <= 40 else None
    day = _day(match) if match else ""
    if is_date(day):
        return day
    if match:
        raise Fault("DATE:absent", text=text)
    guess = _TYPED.match(plain) or _JOINED.fullmatch(plain)  # with a time behind it, or without its separators
    if guess and is_date(_day(guess)):
        raise Fault("DATE:write", text=text, day=_day(guess))
    raise Fault("DATE:form", text=text)


def _day(match: re.Match[str]) -> str:
    year, month, day = (part for part in match.groups() if part and part.isdigit())
    return f"{year}-{month:0>2}-{day:0>2}"
