"""When the people work, by their calendars."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from renmai.kernel.calendars import Calendars, NeverWorks, Timetable
from renmai.kernel.criteria.reader import zone_named
from renmai.kernel.overlay.company import company

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

TICK = dt.timedelta(microseconds=1)


class Hours:
    """Working hours, read only once somebody asks for them: leave alone needs no calendar."""

    def __init__(self) -> None:
        self._tables: dict[UUID, Timetable] = {}

    @cached_property
    def calendars(self) -> Calendars:
        """All of them."""
        return Calendars.read()

    def of(self, user: User) -> Timetable:
        """When somebody works."""
        if user.pk not in self._tables:
            self._tables[user.pk] = self.calendars.of(user)
        return self._tables[user.pk]

    def away_until(self, user: User, now: dt.datetime) -> dt.datetime | None:
        """When somebody works again who is on leave at a moment; None for everybody else."""
        if not user.leave:
            return None
        day = now.astimezone(zone_named(user.time_zone or company().time_zone)).date().isoformat()
        last = max((one["to"] for one in user.leave if one["from"] <= day <= one["to"]), default=None)
        if last is None:
            return None
        return self.works_at(user, now) or dt.datetime.combine(dt.date.fromisoformat(last), dt.time.max, now.tzinfo)

    def works_at(self, user: User, now: dt.datetime) -> dt.datetime | None:
        """The first moment from ``now`` on at which somebody works; None where there is none."""
        table = self.of(user)
        try:
            return now if table.is_working(now) else table.add_working(now, TICK.total_seconds()) - TICK
        except NeverWorks:
            return None

    def worked(self, user: User, start: dt.datetime, end: dt.datetime) -> float:
        """Seconds of working time between two moments."""
        return self.of(user).working_seconds(start, end)
