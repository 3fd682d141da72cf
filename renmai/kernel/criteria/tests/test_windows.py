"""Stretches of the calendar."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renmai.kernel.criteria.windows import EARLIEST, LATEST, UNITS, Window, beginning, midnight, next_midnight, shift

SUNDAY = dt.date(2026, 11, 22)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))


@pytest.mark.parametrize(
    ("direction", "text", "first", "last"),
    [
        ("last", "30 days", "2026-10-23", "2026-11-22"),
        ("last", "1 month", "2026-10-22", "2026-11-22"),
        ("next", "2 weeks", "2026-11-22", "2026-12-06"),
        ("next", "1 quarter", "2026-11-22", "2027-02-22"),
        ("this", "day", "2026-11-22", "2026-11-22"),
        ("this", "week", "2026-11-16", "2026-11-22"),
        ("this", "month", "2026-11-01", "2026-11-30"),
        ("this", "quarter", "2026-10-01", "2026-12-31"),
        ("this", "year", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_window_has_a_first_and_a_last_day(direction: str, text: str, first: str, last: str) -> None:
    window = Window.parse(direction, text)
    assert window is not None
    assert window.days(SUNDAY) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("direction", "text"),
    [
        ("last", "0 days"),
        ("last", "many days"),
        ("last", "3 fortnights"),
        ("this", "3 months"),
        ("ago", "3 days"),
        ("next", 3),
        ("last", "999999 years"),
    ],
)
def test_what_is_no_window_is_none(direction: str, text: object) -> None:
    assert Window.parse(direction, text) is None


def test_a_month_after_the_last_of_january_stays_in_february() -> None:
    assert shift(dt.date(2024, 1, 31), 1, "month") == dt.date(2024, 2, 29)


def test_a_year_after_the_leap_day_is_the_last_of_february() -> None:
    assert shift(dt.date(2024, 2, 29), 1, "year") == dt.date(2025, 2, 28)


@given(day=DAYS, unit=st.sampled_from(UNITS))
def test_a_day_lies_in_its_unit_and_the_next_unit_begins_after_it(day: dt.date, unit: str) -> None:
    first = beginning(day, unit)
    assert first <= day < shift(first, 1, unit)
    assert beginning(shift(first, 1, unit), unit) == shift(first, 1, unit)


def test_a_day_has_as_many_hours_as_its_zone_gives_it() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    lengths = [next_midnight(day, berlin) - midnight(day, berlin) for day in (dt.date(2026, 3, 29), dt.date(2026, 10, 25))]
    assert lengths == [dt.timedelta(hours=23), dt.timedelta(hours=25)]


def test_the_ends_of_the_calendar_do_not_overflow() -> None:
    assert midnight(dt.date.min, ZoneInfo("Asia/Bangkok")) == EARLIEST
    assert next_midnight(dt.date.max, ZoneInfo("America/New_York")) == LATEST
