"""When a person works, as calendars shade it: the hours of a week, and the days off."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def business_hours(by: User) -> list[dict[str, Any]]:
    """The hours of each day of the week, as FullCalendar takes them; 0 is Sunday."""
    return [{"daysOfWeek": [1, 2, 3, 4, 5], "startTime": "09:00", "endTime": "18:00"}]


def days_off(by: User, first: dt.date, last: dt.date) -> list[tuple[dt.date, str]]:
    """The holidays from one day up to another, with their names."""
    return []


def next_working_day(by: User, after: dt.date) -> dt.date:
    """The first day after another on which the person works."""
    day = after + dt.timedelta(days=1)
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    return day
