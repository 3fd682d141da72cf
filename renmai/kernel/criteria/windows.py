"""Stretches of the calendar relative to today: "the last 30 days", "the next 2 weeks", "this month"."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

Direction = Literal["last", "next", "this"]
UNITS = ("day", "week", "month", "quarter", "year")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
MOST = {"day": 36_525, "week": 5_218, "month": 1_200, "quarter": 400, "year": 100}
AMOUNT = re.compile(r"(\d{1,6}) +([a-z]+?)s?", re.ASCII)
EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """``count`` units back from today, on from today, or the one unit that today lies in."""

    direction: Direction
    count: int
    unit: str

    @classmethod
    def parse(cls, direction: str, text: object) -> Window | None:
        """The window of ``{"last": "30 days"}``, ``{"next": "2 weeks"}`` or ``{"this": "month"}``; None when it is none of these."""
        if direction not in {"last", "next", "this"} or not isinstance(text, str):
            return None
        found = AMOUNT.fullmatch(text if direction != "this" else f"1 {text}")
        if not found or found[2] not in UNITS or not 1 <= int(found[1]) <= MOST[found[2]]:
            return None
        return cls(direction, int(found[1]), found[2])  # type: ignore[arg-type]

    def days(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """First and last day, both inside. Weeks begin on Monday (ISO 8601)."""
        if self.direction == "last":
            return shift(today, -self.count, self.unit), today
        if self.direction == "next":
            return today, shift(today, self.count, self.unit)
        first = beginning(today, self.unit)
        return first, shift(first, 1, self.unit) - dt.timedelta(days=1)


def shift(day: dt.date, count: int, unit: str) -> dt.date:
    """The day ``count`` units later, kept inside its month: one month after 31 January is the last day of February."""
    if unit not in MONTHS:
        return day + dt.timedelta(days=count * (7 if unit == "week" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 + count * MONTHS[unit], 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def beginning(day: dt.date, unit: str) -> dt.date:
    """The first day of the unit that the day lies in."""
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    if unit == "day":
        return day
    months = MONTHS[unit]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The moment, in UTC, at which the day begins in the zone; at either end of the calendar the last one there is."""
    try:
        return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)
    except OverflowError:
        return EARLIEST if day.year == dt.MINYEAR else LATEST


def next_midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The moment, in UTC, at which the day is over in the zone."""
    return LATEST if day == dt.date.max else midnight(day + dt.timedelta(days=1), zone)
