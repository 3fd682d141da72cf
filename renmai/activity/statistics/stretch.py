"""A stretch of the calendar and the one before it, in the company's days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria.reader import zone_named
from renmai.kernel.criteria.windows import beginning, midnight, shift
from renmai.kernel.overlay.company import company
from renmai.kernel.records.periods import Period

UNITS = ("day", "week", "month", "quarter", "year")
USUAL = "month"
TREND = 12  # stretches that a chart over time shows
EARLIEST, LATEST = dt.date(1970, 1, 1), dt.date(2999, 12, 31)


@dataclass(frozen=True)
class Stretch:
    """A day, week, month, quarter or year.

    Attributes:
        first: its first day.
        zone: whose midnights count.
    """

    period: Period
    first: dt.date
    zone: ZoneInfo

    @classmethod
    def of(cls, query: QueryDict) -> Stretch:
        """The one in which ``day`` of an address lies, today's if it names none; ``unit`` says how long it is.

        Raises:
            Invalid: no such unit, or no such day.
        """
        unit, zone = query.get("unit") or USUAL, zone_named(company().time_zone)
        if unit not in UNITS:
            raise Invalid({"unit": [_("One of these is expected: %(choices)s.") % {"choices": ", ".join(UNITS)}]})
        today = timezone.now().astimezone(zone).date()
        return cls(Period(unit), beginning(_day(query.get("day", ""), today), unit), zone)

    def moved(self, count: int) -> Stretch:
        """The one so many later; negative for earlier."""
        return Stretch(self.period, shift(self.first, count, self.period.unit), self.zone)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.period.last(self.first)

    @property
    def begins(self) -> dt.datetime:
        """The moment at which it begins."""
        return midnight(self.first, self.zone)

    @property
    def ends(self) -> dt.datetime:
        """The moment at which the next one begins."""
        return midnight(self.period.following(self.first), self.zone)

    @property
    def label(self) -> str:
        """As its reader writes it."""
        return self.period.label(self.first)


def _day(text: str, today: dt.date) -> dt.date:
    if not text:
        return today
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if not EARLIEST <= day <= LATEST:
        raise Invalid({"day": [_("A date is written as 2026-11-22.")]})
    return day
