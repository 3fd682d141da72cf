"""``/team-activity/``: what people did, by team and person, beside the stretch before."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.activity.statistics.counting import over_time
from renmai.activity.statistics.measures import Measure
from renmai.activity.statistics.stretch import TREND, UNITS, Stretch
from renmai.activity.statistics.table import Line, Statistics, team_of
from renmai.kernel.access.user import Team, User
from renmai.kernel.actions.errors import Missing
from renmai.kernel.charts.drawing import Drawing, Slice
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.periods import PERIODS
from renmai.kernel.records.ready import called
from renmai.kernel.transfer.guard import guarded
from renmai.kernel.ui import show

MARK = "\ufeff"  # by which spreadsheets know UTF-8


@dataclass
class StatisticsPage:
    """The statistics as one person asked for them."""

    request: HttpRequest
    by: User

    @cached_property
    def found(self) -> Statistics:
        """The numbers."""
        return Statistics(self.by, Stretch.of(self.request.GET), team_of(self.request.GET.get("team", ""), self.by))

    @property
    def stretch(self) -> Stretch:
        """What is counted over."""
        return self.found.stretch

    @cached_property
    def measure(self) -> Measure:
        """What the charts show."""
        name = self.request.GET.get("measure", "")
        return next((one for one in self.found.measures if one.name == name), self.found.measures[0])

    @property
    def units(self) -> list[tuple[str, Any]]:
        """How long a stretch can be."""
        return [(unit, PERIODS[unit]) for unit in UNITS]

    @property
    def teams(self) -> list[tuple[str, str]]:
        """The teams that can be looked at alone."""
        return [
            ("", _("All teams")),
            *((str(team.pk), called(team)) for team in Team.objects.visible_to(self.by).order_by("sort_key", "id")),
        ]

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """What the charts can show."""
        return [(measure.name, measure.label) for measure in self.found.measures]

    def link(self, **changes: str) -> str:
        """This page's address with parts of its query replaced."""
        kept = {name: self.request.GET.get(name, "") for name in ("unit", "day", "team", "measure")} | changes
        query = {name: value for name, value in kept.items() if value}
        return f"{self.request.path}?{urlencode(query)}" if query else self.request.path

    def at(self, step: int) -> str:
        """The address of an earlier or a later stretch."""
        return self.link(day=self.stretch.moved(step).first.isoformat())

    def cell(self, line: Line, measure: Measure) -> tuple[int, int, str]:
        """A number, the one before, and the address of the rows behind it."""
        now, before = line.values.get(measure.name, (0, 0))
        return now, before, self.found.address(line, measure) if now else ""

    @cached_property
    def by_person(self) -> Drawing:
        """People beside each other, whoever did most first."""
        people = [(line, *self.cell(line, self.measure)) for line in self.found.lines if not line.is_team]
        ordered = sorted((one for one in people if one[1]), key=lambda one: -one[1])
        return self._drawn(_("Person"), [_slice(line.title, now, address) for line, now, _before, address in ordered])

    @cached_property
    def by_time(self) -> Drawing:
        """The stretches up to this one."""
        stretches = [self.stretch.moved(step) for step in range(1 - TREND, 1)]
        counts = over_time(self.measure, self.by, stretches, self.found.people)
        rows = [
            (one, count, self.found.address(self.found.total, self.measure, one) if count else "")
            for one, count in zip(stretches, counts, strict=True)
        ]
        return self._drawn(_("Period"), [_slice(one.label, count, address) for one, count, address in rows] if any(counts) else [])

    def _drawn(self, by: str, slices: list[Slice]) -> Drawing:
        now, _before, address = self.cell(self.found.total, self.measure)
        return Drawing(by, self.measure.label, slices, show.number(now), address)


def _slice(label: str, count: int, address: str) -> Slice:
    return Slice(label, Decimal(count), show.number(count), show.number(count), address)


@page
def statistics(request: HttpRequest, by: User) -> HttpResponse:
    """The page, or with ``format=csv`` its numbers as a file."""
    found = StatisticsPage(request, by)
    if not found.found.measures:
        raise Missing(_("There is no such page."))
    if request.GET.get("format") == "csv":
        return _file(found.found)
    return render(request, "activity/statistics/statistics.jinja", {"page": found})


def _file(found: Statistics) -> HttpResponse:
    """A row for each team and person: the numbers of the stretch and of the one before."""
    text = io.StringIO()
    lines = csv.writer(text)
    before = [_("%(measure)s, before") % {"measure": measure.label} for measure in found.measures]
    lines.writerow([_("Name"), _("Team"), *(str(measure.label) for measure in found.measures), *before])
    for line in [*found.lines, found.total]:
        values = [line.values.get(measure.name, (0, 0)) for measure in found.measures]
        lines.writerow(
            [guarded(line.title), "✓" if line.is_team else "", *(now for now, _before in values), *(was for _now, was in values)]
        )
    name = f"team-activity-{found.stretch.period.key(found.stretch.first)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(MARK + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
