"""The two clocks: a UTC second and a Shanghai date, the same on every machine."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.calendar import (
    TOLERANCE_SECONDS,
    format_at,
    is_date,
    parse_at,
    parse_day,
    shanghai_date,
    shifted,
    system_clock,
)
from ledger.words import Fault
from tests.properties.strategies import modest
from tests.world import ROOT_OF_ELEVEN

moments = st.integers(-30_000_000_000, 253_000_000_000).map(lambda n: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=n))
ZONES = ["UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Niue"]


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine's own zone, which must not matter."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_f08_year_ends_in_shanghai_and_nowhere_else(zone: str) -> None:
    """F-08, K-17: 16:00 UTC on 31 December is the first second of the next year."""
    assert shanghai_date("2025-12-31T15:59:59Z") == "2025-12-31"
    assert shanghai_date("2025-12-31T16:00:00Z") == "2026-01-01"
    assert shanghai_date("2026-01-01T15:59:59Z") == "2026-01-01"
    assert shanghai_date("2024-02-28T16:00:00Z") == "2024-02-29"


def test_k17_moment_of_any_zone_is_written_in_utc(zone: str) -> None:
    """K-17: +08:00, −03:30 and UTC are one second of one header."""
    moment = datetime(2026, 11, 24, 2, 0, 0, tzinfo=UTC)
    for hours in (8, -3.5, 14, -12):
        assert format_at(moment.astimezone(timezone(timedelta(hours=hours)))) == "2026-11-24T02:00:00Z"
    assert parse_at("2026-11-24T02:00:00Z") == moment


def test_k17_clock_is_never_naive(zone: str) -> None:
    """The machine's clock is read with its zone, so it says the same everywhere."""
    before = time.time()
    now = system_clock()
    assert now.utcoffset() == timedelta(0)
    assert before <= now.timestamp() <= time.time()


@pytest.mark.parametrize("name", ["Asia/Shanghai", "America/St_Johns"])
def test_k17_small_ledger_has_the_same_root_in_every_zone(name: str, tmp_path: object) -> None:
    """K-17: same bytes under a machine of another zone, in a process of its own."""
    code = (
        "import sys; from tests.world import first_yuan; w = first_yuan(sys.argv[1])\n"
        "with w.ledger.reading() as s: print(s.tree().root().hex())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, f"{tmp_path}/zone.db"],
        env={**os.environ, "TZ": name}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert bytes.fromhex(done.stdout) == ROOT_OF_ELEVEN


@modest(150)
@given(moments)
def test_time_of_a_header_round_trips(moment: datetime) -> None:
    """A UTC second has one spelling, of twenty characters, and reads back."""
    text = format_at(moment)
    assert parse_at(text) == moment
    assert len(text) == 20


def test_time_of_an_early_year_is_written_with_four_digits() -> None:
    """K-17: whatever the platform's strftime does with early years."""
    assert format_at(datetime(999, 1, 1, tzinfo=UTC)) == "0999-01-01T00:00:00Z"


@modest(150)
@given(moments)
def test_shanghai_is_eight_hours_on(moment: datetime) -> None:
    """No summer time, no second zone."""
    text = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    assert shanghai_date(text) == (moment + timedelta(hours=8)).date().isoformat()


def test_times_stay_in_the_years_a_header_can_write() -> None:
    """At either end of the calendar nothing overflows."""
    assert shifted("2026-11-24T02:00:00Z", TOLERANCE_SECONDS) == "2026-11-24T02:10:00Z"
    assert shifted("9999-12-31T23:59:59Z", 600) == "9999-12-31T23:59:59Z"
    assert shifted("0001-01-01T00:00:00Z", -600) == "0001-01-01T00:00:00Z"
    assert shanghai_date("9999-12-31T23:59:59Z") == "9999-12-31"


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-24", "2026-11-24T02:00:00", "2026-11-24T02:00:00z", "2026-11-24 02:00:00Z", "2026-11-24T02:00:00+00:00",
     "2026-11-24T02:00:00.0Z", "2026-11-24T2:00:00Z", "2026-13-24T02:00:00Z", "2026-02-29T02:00:00Z", "2026-11-24T24:00:00Z",
     "2016-12-31T23:59:60Z", "２026-11-24T02:00:00Z", "2026-11-24T02:00:00Z\n", " 2026-11-24T02:00:00Z", "0000-01-01T00:00:00Z"],
)  # fmt: skip
def test_k17_time_of_another_spelling_is_refused(text: str) -> None:
    """K-17: naive times, offsets, fractions, leap seconds, days that do not exist."""
    with pytest.raises(ValueError, match=r".*"):
        parse_at(text)


@pytest.mark.parametrize("text", ["2025-01-31", "2024-02-29", "2000-02-29", "9999-12-31", "0001-01-01"])
def test_day_that_exists_is_a_date(text: str) -> None:
    """Leap years included."""
    assert is_date(text)


@pytest.mark.parametrize(
    "text",
    ["", "2025-02-29", "1900-02-29", "2025-04-31", "2025-00-10", "2025-13-01", "2025-1-1", "20250101", "2025/01/01", "2025-01-01 ",
     "2025-01-01\n", "2025-W01-1", "2025-001", "0000-01-01", "２０２５-01-01", "2025年1月1日", "2025-01", "12025-01-01", "-025-01-01"],
)  # fmt: skip
def test_day_that_does_not_exist_is_no_date(text: str) -> None:
    """F-08: ISO weeks, ordinal days and other spellings that Python would take are not dates here."""
    assert not is_date(text)


DAYS = {
    "2025-03-01": "2025-03-01", "2025/3/1": "2025-03-01", "2025/03/01": "2025-03-01", "2025.3.1": "2025-03-01", "2025年3月1日": "2025-03-01",
    "2025年03月01日": "2025-03-01", "２０２５-０３-０１": "2025-03-01", "２０２５／３／１": "2025-03-01", "2025－3－1": "2025-03-01",
    "2025-3-1": "2025-03-01", " 2025-03-01 ": "2025-03-01", "2024/2/29": "2024-02-29", "２０２５年１２月３１日": "2025-12-31",
}  # fmt: skip
NOT_DAYS = {
    "absent": ["2026-02-30", "2026/2/30", "2026年2月30日", "2026-13-01", "2026.0.1", "2025-02-29", "0000-01-01", "1900/2/29"],
    "write": ["20260203", "2026-02-03T00:00:00", "2026/2/3 12:00", "2026年2月3日上午", "2026-02-03Z"],
    "form": ["", " ", "今天", "260203", "26-2-3", "26/2/3", "3/1/2025", "2025", "2025-03", "2025年3月", "2025-03/01", "2025-3.1", "2025 3 1", "45678", "20261301",
             "2025-W01-1", "2025-001", "١٤٤٦-01-01", "2025-०1-01", "2025\n-03-01", "2025--3-1", "-2025-3-1", "二〇二五年三月一日", "x" * 10_000],
}  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_b04_days_as_people_write_them_are_taken(text: str) -> None:
    """B-04: the forms of Excel and of documents; year first, one separator, and one way to record it."""
    assert parse_day(text) == DAYS[text]


@pytest.mark.parametrize(("why", "text"), [(why, text) for why, texts in NOT_DAYS.items() for text in texts], ids=lambda value: str(value)[:30].encode("unicode_escape").decode())
def test_b04_a_wrong_form_is_told_from_a_day_that_does_not_exist(why: str, text: str) -> None:
    """B-04, F-08: serials, joined digits, times, two-digit years and mixed separators are not guessed at."""
    with pytest.raises(Fault) as caught:
        parse_day(text)
    assert caught.value.key == f"DATE:{why}"
    if why == "write":
        assert "2026-02-03" in str(caught.value)


@modest(200)
@given(st.dates(), st.sampled_from(["{y:04}-{m:02}-{d:02}", "{y:04}/{m}/{d}", "{y:04}.{m}.{d}", "{y:04}年{m}月{d}日"]))
def test_b04_every_day_reads_back_from_every_form(day: date, form: str) -> None:
    """And what is recorded is always YYYY-MM-DD."""
    assert parse_day(form.format(y=day.year, m=day.month, d=day.day)) == day.isoformat()
