"""Working time is reckoned over holidays, make-up days and changes of the clock."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renmai.kernel.calendars.timetable import NeverWorks, Span, Timetable

OFFICE: tuple[Span, ...] = ((540, 720), (780, 1080))  # 9–12, 13–18: eight hours
WEEK = (OFFICE,) * 5 + ((),) * 2
SPRING = {dt.date(2026, 2, day): () for day in (16, 17, 18, 19, 20, 23)} | {dt.date(2026, 2, 14): OFFICE, dt.date(2026, 2, 28): OFFICE}
CHINA = Timetable("Asia/Shanghai", WEEK, SPRING)
BERLIN = Timetable("Europe/Berlin", (((60, 240),),) * 7)
HOUR = 3600


def at(zone: str, text: str) -> dt.datetime:
    """A moment by the clock on a wall."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def shanghai(text: str) -> dt.datetime:
    return at("Asia/Shanghai", text)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-02-10T09:00", "2026-02-10T18:00", 8),
        ("2026-02-10T11:30", "2026-02-10T13:30", 1),
        ("2026-02-13T17:00", "2026-02-16T10:00", 1 + 8),  # the Saturday is worked, the Monday is a holiday
        ("2026-02-14T18:00", "2026-02-24T09:00", 0),  # the whole of the Spring Festival
        ("2026-02-24T10:00", "2026-02-24T09:00", -1),
    ],
)
def test_only_working_hours_count(start: str, end: str, hours: float) -> None:
    assert CHINA.working_seconds(shanghai(start), shanghai(end)) == hours * HOUR


def test_a_deadline_goes_over_holidays_and_make_up_days() -> None:
    assert CHINA.add_working(shanghai("2026-02-13T17:00"), 10 * HOUR) == shanghai("2026-02-24T10:00")
    assert CHINA.add_working_days(shanghai("2026-02-13T15:00"), 1) == shanghai("2026-02-14T15:00")
    assert CHINA.add_working_days(shanghai("2026-02-13T15:00"), 2) == shanghai("2026-02-24T15:00")
    assert CHINA.add_working_days(shanghai("2026-02-15T15:00"), 1) == shanghai("2026-02-25T00:00")  # begins on the 24th
    assert CHINA.every_day().add_working_days(shanghai("2026-02-13T15:00"), 2) == shanghai("2026-02-15T15:00")
    away = CHINA.without(frozenset({dt.date(2026, 2, 24), dt.date(2026, 2, 25)}))
    assert away.add_working_days(shanghai("2026-02-14T15:00"), 1) == shanghai("2026-02-26T15:00")
    assert away.every_day().add_working_days(shanghai("2026-02-23T15:00"), 1) == shanghai("2026-02-26T15:00")


def test_working_hours_end_when_they_end() -> None:
    assert [CHINA.is_working(shanghai(f"2026-02-14T{time}")) for time in ("08:59", "09:00", "12:00", "17:59", "18:00")] == [
        False,
        True,
        False,
        True,
        False,
    ]


def test_an_hour_that_is_left_out_or_comes_twice_is_counted_as_it_passes() -> None:
    whole = [(f"{day}T00:00", f"{day}T12:00") for day in ("2026-03-28", "2026-03-29", "2026-10-25")]
    hours = [BERLIN.working_seconds(at("Europe/Berlin", start), at("Europe/Berlin", end)) / HOUR for start, end in whole]
    assert hours == [3, 2, 4]
    assert BERLIN.add_working_days(at("Europe/Berlin", "2026-03-28T10:00"), 1) == at("Europe/Berlin", "2026-03-29T10:00")


def test_who_never_works_has_no_deadline() -> None:
    with pytest.raises(NeverWorks):
        Timetable().add_working_days(shanghai("2026-02-13T15:00"), 1)
    with pytest.raises(NeverWorks):
        Timetable().before(shanghai("2026-02-13T15:00"), 1)


TABLES = st.sampled_from([CHINA, BERLIN, CHINA.every_day(), CHINA.without(frozenset({dt.date(2026, 3, 3)}))])
MOMENTS = st.datetimes(dt.datetime(2026, 1, 20), dt.datetime(2026, 4, 20), timezones=st.just(dt.UTC))


@pytest.mark.property
@settings(max_examples=60)
@given(TABLES, MOMENTS, st.integers(1, 40 * 8 * HOUR), MOMENTS)
@example(CHINA, dt.datetime(2026, 2, 14, 10, tzinfo=dt.UTC), HOUR, dt.datetime(2026, 2, 24, 2, tzinfo=dt.UTC))
def test_what_is_added_is_measured_and_what_is_due_is_found_backwards(
    table: Timetable, start: dt.datetime, seconds: int, end: dt.datetime
) -> None:
    due = table.add_working(start, seconds)
    assert table.working_seconds(start, due) == seconds
    assert table.working_seconds(start, due - dt.timedelta(microseconds=1)) < seconds
    assert (due <= end) == (start <= table.before(end, seconds))


@pytest.mark.property
@settings(max_examples=60)
@given(st.sampled_from([CHINA, CHINA.every_day(), CHINA.without(frozenset({dt.date(2026, 3, 3)}))]), MOMENTS, st.integers(1, 30), MOMENTS)
def test_days_are_found_backwards_too(table: Timetable, start: dt.datetime, days: int, end: dt.datetime) -> None:
    due = table.add_working_days(start, days)
    assert table.working_days(start, due) == days
    assert (due <= end) == (start <= table.days_before(end, days))
