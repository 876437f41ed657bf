"""The two clocks: when a thing happened (a Shanghai date) and when it was recorded (a UTC second)."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

SHANGHAI = timezone(timedelta(hours=8))  # China keeps one zone and has had no summer time since 1991
TOLERANCE_SECONDS = 600
_AT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC; the only place that reads the machine's clock."""
    return datetime.now(UTC)


def format_at(moment: datetime) -> str:
    """A moment as a header writes it: `2026-11-24T02:00:00Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_at(text: str) -> datetime:
    """The moment of a header's `at`. Raises ValueError for any other spelling."""
    if not _AT.fullmatch(text):
        raise ValueError(text)
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


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
