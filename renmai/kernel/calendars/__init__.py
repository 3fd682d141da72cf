"""Working time: whose calendar counts, and how to reckon with it.

    calendars = Calendars.read()                        # once per request or job: three queries, however many people
    table = calendars.of(user)                          # the person's, their team's, a parent team's, the company's; without their leave
    due = table.add_working(lead.created_at, 4 * 3600)  # first response within four working hours
    table.working_seconds(lead.created_at, answered)    # how long it took
    table.is_working(now)                               # may this lead go to them now?
    calendars.is_away(user, day)                        # leave

For many rows at once, ask the other way round: ``table.before(now, seconds)`` or ``table.days_before(now, days)`` is the moment since
which so much has passed, worked out once for each owner; rows with ``touched_at <= moment`` are due.
"""

from renmai.kernel.calendars.timetable import NeverWorks, Timetable
from renmai.kernel.calendars.whose import Calendars

__all__ = ["Calendars", "NeverWorks", "Timetable"]
