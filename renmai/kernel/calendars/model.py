"""Calendars of working time, as the company keeps them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from renmai.kernel.calendars import provided, shapes
from renmai.kernel.calendars.shapes import DayKind, Weekday
from renmai.kernel.calendars.timetable import Span, Timetable
from renmai.kernel.locale.zones import is_zone, zone_of
from renmai.kernel.overlay.company import company
from renmai.kernel.records.fields import Boolean, Choice, Country, Date, Json, Links, Text, Time
from renmai.kernel.records.record import Record

OFFICE_HOURS = [{"weekday": day, "from": "09:00", "to": "18:00"} for day in Weekday.values[:5]]


class WorkingCalendar(Record):
    """When is worked: the hours of the week, holidays, and days that are worked although they lie at a weekend.

    Attributes:
        loaded: what was taken over from the days that come with the program, so that they can be taken over again.
    """

    name = Text(gettext_lazy("Name"), sortable=True)
    country = Country(gettext_lazy("Holidays of"), blank=True)
    time_zone = Text(gettext_lazy("Time zone"), blank=True, help_text=gettext_lazy("Empty: that of the country, or the company’s."))
    hours = Json(
        gettext_lazy("Hours"),
        shape=shapes.hours,
        default=list,
        blank=True,
        help_text=gettext_lazy("Several spans a day are possible; 00:00 as an end is midnight. Empty: Monday to Friday, 9 to 18."),
        parts={
            "weekday": Choice(Weekday, gettext_lazy("Day"), default=Weekday.MON),
            "from": Time(pgettext_lazy("time", "From")),
            "to": Time(pgettext_lazy("time", "To")),
        },
    )
    days = Json(
        gettext_lazy("Holidays and make-up days"),
        shape=shapes.days,
        default=list,
        blank=True,
        help_text=gettext_lazy("A day worked all the same has the hours of its weekday, or those of the first day that has any."),
        parts={
            "on": Date(gettext_lazy("Date")),
            "kind": Choice(DayKind, gettext_lazy("What it is"), default=DayKind.HOLIDAY),
            "name": Text(gettext_lazy("Name"), blank=True),
        },
    )
    teams = Links("kernel.Team", gettext_lazy("Teams"), help_text=gettext_lazy("They and the teams below them, where these have none."))
    users = Links("kernel.User", gettext_lazy("People"))
    is_default = Boolean(gettext_lazy("The company’s"), editable=False)
    loaded = Json(gettext_lazy("Taken over"), default=dict, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("working calendar"), gettext_lazy("working calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True, deleted_at=None), name="calendar_default_once"
            )
        ]

    def derive(self, changed: set[str]) -> None:
        """A new one takes hours, zone and the days of its country unless they are given."""
        if self._state.adding:
            self.hours = self.hours or [dict(entry) for entry in OFFICE_HOURS]
            self.time_zone = self.time_zone or (zone_of(self.country) if self.country else "")
            if not self.days:
                self.take_over()

    def take_over(self) -> None:
        """Take the days of its country as they are known now; what somebody changed stays."""
        found = provided.days_of(self.country, company().language)
        self.days = provided.merged(self.days, self.loaded or {}, found)
        self.loaded = provided.loaded(found)

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Its zone is one, hours do not overlap, each day stands once, and nobody has two calendars."""
        if self.time_zone and not is_zone(self.time_zone):
            yield "time_zone", _("There is no such time zone.")
        if not self.hours:
            yield "hours", _("Say at least on one day from when to when is worked.")
        yield from (("hours", problem) for problem in _crooked(self.week()))
        for on, count in Counter(day["on"] for day in self.days).items():
            if count > 1:
                yield "days", _("%(date)s stands there twice.") % {"date": on}
        others = WorkingCalendar.objects.live().exclude(pk=self.pk)
        for name, held in (("teams", self.teams), ("users", self.users)):
            if held and (other := others.filter(**{f"{name}__overlap": held}).first()):
                yield name, _("One of them has the calendar “%(name)s” already.") % {"name": other.title}

    def week(self) -> list[tuple[Span, ...]]:
        """The spans of each day of the week, in their order."""
        return [tuple(sorted(shapes.span(entry) for entry in self.hours if entry["weekday"] == day)) for day in Weekday.values]

    def timetable(self) -> Timetable:
        """It, to be reckoned with."""
        week = self.week()
        usual = next((spans for spans in week if spans), ())
        special: dict[dt.date, tuple[Span, ...]] = {}
        for day in self.days:
            on = dt.date.fromisoformat(day["on"])
            special[on] = () if day["kind"] == DayKind.HOLIDAY else week[on.weekday()] or usual
        return Timetable(self.time_zone or company().time_zone, tuple(week), special)


def _crooked(week: list[tuple[Span, ...]]) -> Iterator[Any]:
    """What is wrong with the hours of a week."""
    for day, spans in zip(Weekday.labels, week, strict=True):
        if any(start >= end for start, end in spans):
            yield _("%(day)s: work begins before it ends.") % {"day": day}
        elif any(first[1] > second[0] for first, second in pairwise(spans)):
            yield _("%(day)s: two spans overlap.") % {"day": day}
