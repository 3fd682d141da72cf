"""Whose calendar counts: a person's own, their team's, that of a team above it, the company's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from renmai.kernel.calendars.model import OFFICE_HOURS, WorkingCalendar
from renmai.kernel.calendars.shapes import days_away
from renmai.kernel.calendars.timetable import Timetable
from renmai.kernel.overlay.company import company

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

_laid: dict[UUID, tuple[tuple[int, str], Timetable]] = {}


class Calendars:
    """The calendars of the house and who has which, as they are now.

    Args:
        calendars: those in use, the company's among them.
        above: team → the team that it is part of.
    """

    def __init__(self, calendars: list[WorkingCalendar], above: dict[Any, Any]) -> None:
        self.calendars, self.above = calendars, above
        self._of_user = {key: calendar for calendar in calendars for key in calendar.users}
        self._of_team = {key: calendar for calendar in calendars for key in calendar.teams}

    @classmethod
    def read(cls) -> Calendars:
        """From the database, in two queries."""
        from renmai.kernel.access.user import Team

        found = list(WorkingCalendar.objects.live().order_by("sort_key", "pk"))
        return cls(found, dict(Team.objects.live().values_list("pk", "parent_id")))

    @cached_property
    def house(self) -> WorkingCalendar | None:
        """The record of the company's: the one that was chosen, else the first of its country."""
        chosen = [calendar for calendar in self.calendars if calendar.is_default]
        fitting = [calendar for calendar in self.calendars if calendar.country == company().country != ""]
        return next(iter(chosen + fitting), None)

    @cached_property
    def company(self) -> Timetable:
        """The company's; where it has none, Monday to Friday, 9 to 18."""
        return _timetable(self.house) if self.house is not None else WorkingCalendar(hours=OFFICE_HOURS, days=[]).timetable()

    def calendar_of(self, user: User | None) -> WorkingCalendar | None:
        """The record that counts for a person; None where the company's does."""
        if user is None:
            return None
        teams = (self._of_team[team] for team in self._teams(user.team_id) if team in self._of_team)
        return self._of_user.get(user.pk) or next(teams, None)

    def of(self, user: User | None) -> Timetable:
        """When a person works: by their calendar, and not on their leave; for nobody, the company's."""
        found = self.calendar_of(user)
        table = _timetable(found) if found is not None else self.company
        return table.without(days_away(user.leave)) if user is not None else table

    def is_away(self, user: User, day: dt.date) -> bool:
        """A person has leave on a day."""
        return any(one["from"] <= day.isoformat() <= one["to"] for one in user.leave)

    def _teams(self, team: Any) -> Iterator[Any]:
        """A team and those above it, the nearest first."""
        seen: set[Any] = set()
        while team is not None and team not in seen:
            seen.add(team)
            yield team
            team = self.above.get(team)


def _timetable(calendar: WorkingCalendar) -> Timetable:
    """Laid out once per process and version: what it reckons with stays."""
    mark = calendar.version, calendar.time_zone or company().time_zone
    kept = _laid.get(calendar.pk)
    if kept is None or kept[0] != mark:
        kept = _laid[calendar.pk] = mark, calendar.timetable()
    return kept[1]
