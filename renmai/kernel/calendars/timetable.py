"""Working time: pure arithmetic over the hours of a week, its exceptions and days of leave, in the zone in which they are kept.

Two clocks run: one in seconds of working hours, and one in working days, which goes evenly through each whole day that is worked and
stands still on the others. Either is told as a number that never falls as time goes on, so that "untouched for N" can be asked of a
million rows at once: work out the latest moment that is N ago (``Timetable.before``, ``Timetable.days_before``), once for each person
who answers for rows, and compare ``touched_at <= moment``.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

Span = tuple[int, int]  # minutes of a day by the clock on the wall, from and to
Stretch = tuple[int, int]  # microseconds since 1970, from and to
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)  # whole numbers of these, so that a limit is met to the last digit that the database keeps
SECOND = 1_000_000
DAY = 86_400 * SECOND
FIRST, LAST = 1990, 2100  # years that are reckoned with
REACH = 3  # years beyond the moments asked about that are laid out at first


class NeverWorks(ValueError):
    """There is not as much working time as was asked for."""


@dataclass(frozen=True)
class Laid:
    """Working time of some years, laid out.

    Attributes:
        starts, ends: of each stretch of working time, in microseconds since 1970.
        sums: what is worked before each stretch.
    """

    starts: list[int]
    ends: list[int]
    sums: list[int]

    @classmethod
    def of(cls, stretches: list[Stretch]) -> Laid:
        """Lay out stretches that follow each other; what is covered twice counts once."""
        laid, total, last = cls([], [], []), 0, stretches[0][0] if stretches else 0
        for first, end in stretches:
            start = max(first, last)
            if start < end:
                laid.starts.append(start)
                laid.ends.append(end)
                laid.sums.append(total)
                total, last = total + end - start, end
        return laid

    @property
    def total(self) -> int:
        """All of it."""
        return self.sums[-1] + self.ends[-1] - self.starts[-1] if self.starts else 0

    def at(self, moment: int) -> int:
        """What is worked before a moment."""
        place = bisect_right(self.starts, moment) - 1
        return self.sums[place] + min(moment, self.ends[place]) - self.starts[place] if place >= 0 else 0

    def earliest(self, worked: int) -> int | None:
        """The first moment by which so much is worked; None where it lies beyond."""
        place = bisect_left(self.sums, worked) - 1
        return None if worked > self.total or place < 0 else self.starts[place] + worked - self.sums[place]

    def latest(self, worked: int) -> int | None:
        """The last moment at which no more is worked; None where it lies beyond."""
        place = bisect_right(self.sums, worked) - 1
        return None if worked < 0 or worked >= self.total or place < 0 else self.starts[place] + worked - self.sums[place]


@dataclass(frozen=True, eq=False)
class Timetable:
    """When somebody works.

    Attributes:
        zone: IANA name of the zone whose days and hours these are.
        week: the spans of each day of the week, Monday first.
        special: the spans of days that differ: none on a holiday.
        away: days of leave, on which nothing is worked.
    """

    zone: str = "UTC"
    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    special: Mapping[dt.date, tuple[Span, ...]] = field(default_factory=dict)
    away: frozenset[dt.date] = frozenset()

    def spans(self, day: dt.date) -> tuple[Span, ...]:
        """The spans of a day, in minutes of the clock on the wall."""
        return () if day in self.away else self.special.get(day, self.week[day.weekday()])

    def is_working_day(self, day: dt.date) -> bool:
        """Something is worked on it."""
        return bool(self.spans(day))

    def is_working(self, at: dt.datetime) -> bool:
        """Whether a moment lies in working hours; the end of a span does no more."""
        moment = _ticks(at)
        laid = self._hours.around(moment, moment)
        place = bisect_right(laid.starts, moment) - 1
        return place >= 0 and moment < laid.ends[place]

    def working_seconds(self, start: dt.datetime, end: dt.datetime) -> float:
        """Seconds of working time from one moment to another; negative where the end comes first."""
        first, last = _ticks(start), _ticks(end)
        laid = self._hours.around(first, last)
        return (laid.at(last) - laid.at(first)) / SECOND

    def add_working(self, start: dt.datetime, seconds: float) -> dt.datetime:
        """The first moment by which ``seconds`` of working time have passed since ``start``; none or fewer give ``start``.

        Raises:
            NeverWorks: there is not as much working time in this century.
        """
        return start if seconds <= 0 else _moment(self._hours.after(_ticks(start), round(seconds * SECOND)))

    def before(self, end: dt.datetime, seconds: float) -> dt.datetime:
        """The last moment since which ``seconds`` of working time have passed at ``end``: what was touched no later is due.

        Raises:
            NeverWorks: as ``add_working``.
        """
        return end if seconds <= 0 else _moment(self._hours.before(_ticks(end), round(seconds * SECOND)))

    def working_days(self, start: dt.datetime, end: dt.datetime) -> float:
        """Working days from one moment to another; a day that is worked passes evenly from midnight to midnight."""
        first, last = self._wall(start), self._wall(end)
        laid = self._days.around(first, last)
        return (laid.at(last) - laid.at(first)) / DAY

    def add_working_days(self, start: dt.datetime, days: float) -> dt.datetime:
        """The same time of day ``days`` working days later; what begins on a day off begins with the next working day.

        Raises:
            NeverWorks: as ``add_working``.
        """
        return start if days <= 0 else self._from_wall(self._days.after(self._wall(start), round(days * DAY)))

    def days_before(self, end: dt.datetime, days: float) -> dt.datetime:
        """The last moment since which ``days`` working days have passed at ``end``: what was touched no later is due.

        Raises:
            NeverWorks: as ``add_working``.
        """
        return end if days <= 0 else self._from_wall(self._days.before(self._wall(end), round(days * DAY)))

    def every_day(self) -> Timetable:
        """The timetable on which every day counts but those of leave: for rules in plain days."""
        return Timetable(self.zone, (((0, 1440),),) * 7, {}, self.away)

    def without(self, away: frozenset[dt.date]) -> Timetable:
        """The same with days of leave."""
        return Timetable(self.zone, self.week, self.special, away) if away else self

    @cached_property
    def _place(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _hours(self) -> Clock:
        return Clock(self._hours_of)

    @cached_property
    def _days(self) -> Clock:
        return Clock(self._day_of)

    def _hours_of(self, day: dt.date) -> list[Stretch]:
        midnight = dt.datetime.combine(day, dt.time())
        return [(self._time(midnight, start), self._time(midnight, end, last=True)) for start, end in sorted(self.spans(day))]

    def _time(self, midnight: dt.datetime, minutes: int, *, last: bool = False) -> int:
        """When the clock on the wall says so: of an hour that comes twice the first time, or as an end the last."""
        wall = (midnight + dt.timedelta(minutes=minutes)).replace(tzinfo=self._place)
        return max(_ticks(wall), _ticks(wall.replace(fold=1))) if last else _ticks(wall)

    def _day_of(self, day: dt.date) -> list[Stretch]:
        start = _ticks(dt.datetime.combine(day, dt.time(), dt.UTC))
        return [(start, start + DAY)] if self.is_working_day(day) else []

    def _wall(self, moment: dt.datetime) -> int:
        """What the clock on the wall says, as a number: a day has the same length in every season."""
        return _ticks(moment.astimezone(self._place).replace(tzinfo=dt.UTC))

    def _from_wall(self, ticks: int) -> dt.datetime:
        return _moment(ticks).replace(tzinfo=self._place).astimezone(dt.UTC)


class Clock:
    """A clock that runs only in the stretches of a timetable, laid out as far as it is asked.

    Args:
        stretches: of a day.
    """

    def __init__(self, stretches: Callable[[dt.date], list[Stretch]]) -> None:
        self.stretches = stretches
        self._first, self._last, self._laid = LAST, FIRST, Laid([], [], [])

    def around(self, first: int, last: int) -> Laid:
        """Working time laid out from before one moment to after another."""
        low, high = sorted((first, last))
        return self._over(_moment(low).year - 1, _moment(high).year + 1)

    def after(self, start: int, run: int) -> int:
        """The first moment by which the clock has run so far since the start.

        Raises:
            NeverWorks: it never does.
        """
        year = _moment(start).year
        for last in (year + REACH, LAST):
            laid = self._over(year - 1, last)
            if (found := laid.earliest(laid.at(start) + run)) is not None:
                return found
        raise NeverWorks

    def before(self, end: int, run: int) -> int:
        """The last moment since which the clock has run so far at the end.

        Raises:
            NeverWorks: it never did.
        """
        year = _moment(end).year
        for first in (year - REACH, FIRST):
            laid = self._over(first, year + 1)
            if (found := laid.latest(laid.at(end) - run)) is not None:
                return found
        raise NeverWorks

    def _over(self, first: int, last: int) -> Laid:
        if first < self._first or last > self._last:
            self._first, self._last = max(min(first, self._first), FIRST), min(max(last, self._last), LAST)
            day, end = dt.date(self._first, 1, 1), dt.date(self._last, 12, 31)
            days = [day + dt.timedelta(days=number) for number in range((end - day).days + 1)]
            self._laid = Laid.of([stretch for one in days for stretch in self.stretches(one)])
        return self._laid


def _ticks(moment: dt.datetime) -> int:
    return (moment - EPOCH) // TICK


def _moment(ticks: int) -> dt.datetime:
    return EPOCH + ticks * TICK
