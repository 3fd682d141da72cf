"""When a person works, as calendars shade it: the hours of a week, and the days that differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.calendars import Calendars
from renmai.kernel.calendars.shapes import DayKind, days_away

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

FARTHEST = 400  # days in which the next working day is looked for; who works on none takes the next day


@dataclass(frozen=True)
class Marked:
    """A day that differs from others of its weekday: a holiday, a day of leave, or one that is worked all the same."""

    day: dt.date
    name: str
    is_off: bool


class WorkingTime:
    """The working time of a person, read once for a page."""

    def __init__(self, by: User) -> None:
        self.by = by

    @cached_property
    def _calendars(self) -> Calendars:
        return Calendars.read()

    @property
    def week(self) -> list[dict[str, Any]]:
        """The hours of each day of the week, as FullCalendar takes them; 0 is Sunday."""
        table = self._calendars.of(self.by)
        return [
            {"daysOfWeek": [(number + 1) % 7], "startTime": _clock(start), "endTime": _clock(end)}
            for number, spans in enumerate(table.week)
            for start, end in spans
        ]

    def marked(self, first: dt.date, last: dt.date) -> Iterator[Marked]:
        """The days that differ, from one day up to another."""
        calendar = self._calendars.calendar_of(self.by) or self._calendars.house
        for one in calendar.days if calendar is not None else ():
            if first <= (day := dt.date.fromisoformat(one["on"])) < last:
                yield Marked(day, one["name"], one["kind"] == DayKind.HOLIDAY)
        yield from (Marked(day, _("Leave"), True) for day in sorted(days_away(self.by.leave)) if first <= day < last)

    def day_after(self, day: dt.date) -> dt.date:
        """The first day after another on which the person works."""
        table = self._calendars.of(self.by)
        following = (day + dt.timedelta(days=number) for number in range(1, FARTHEST))
        return next((one for one in following if table.is_working_day(one)), day + dt.timedelta(days=1))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
