"""``/calendar/``: what one has before one and behind one, and what one's colleagues have, by day, week and month."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.activity.agenda.asked import ALL, ME, TEAM, Asked, colleagues, people_of, types_of
from renmai.activity.agenda.entries import Entry, kinds
from renmai.activity.agenda.hours import Marked, WorkingTime
from renmai.activity.agenda.showing import as_event, ask_address, moves
from renmai.kernel.records.pages.calendar import first_day, local
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.types import RecordType
from renmai.kernel.ui.show import date as written

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

HERE = "activity/agenda"
NAMED = 300  # colleagues that the choice of a person holds
ROWS = 60  # colleagues that stand below each other


@dataclass
class Frame:
    """What stands round a calendar: the choices of types and people, each with the address that it leads to."""

    request: HttpRequest
    by: User
    at_first: ClassVar[str] = ME

    @cached_property
    def kinds(self) -> list[RecordType]:
        """Every type that may stand in it."""
        return kinds(self.by)

    @cached_property
    def chosen(self) -> list[str]:
        """Slugs of the types that are asked for; none means all."""
        return types_of(self.request.GET)

    @property
    def who(self) -> str:
        """Whose: ``me``, ``team``, ``all`` or somebody's id."""
        return self.request.GET.get("who", "") or self.at_first

    @property
    def types(self) -> list[tuple[RecordType, bool, str]]:
        """Each type, whether it is shown, and the address that shows or hides it."""
        every = [kind.slug for kind in self.kinds]
        shown = self.chosen or every
        found = []
        for kind in self.kinds:
            rest = [slug for slug in every if (slug in shown) is (slug != kind.slug)]
            found.append((kind, kind.slug in shown, self.link(types="" if rest in ([], every) else ",".join(rest))))
        return found

    @cached_property
    def people(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The choices of whose, under headings."""
        wide = [(ME, _("My own")), *([(TEAM, _("My team"))] if self.by.team_id else []), (ALL, _("Everyone I may see"))]
        others = [(str(person.pk), str(person.title)) for person in colleagues(self.by)[:NAMED] if person.pk != self.by.pk]
        return [("", wide), (_("Colleagues"), others)] if others else [("", wide)]

    def query(self, **changes: str) -> dict[str, str]:
        """The query of this page with parts replaced; empty takes a part out."""
        kept = {name: self.request.GET.get(name, "") for name in ("types", "who")} | changes
        return {name: value for name, value in kept.items() if value}

    def link(self, **changes: str) -> str:
        """The address of this page with parts of its query replaced."""
        query = urlencode(self.query(**changes))
        return f"{self.request.path}?{query}" if query else self.request.path

    def to(self, path: str) -> str:
        """Another page's address with the same choices."""
        query = urlencode(self.query())
        return f"{path}?{query}" if query else path

    @property
    def makeable(self) -> bool:
        """The person may plan something."""
        return any(self.by.may("create", kind) for kind in self.kinds)


@dataclass
class CalendarPage(Frame):
    """The calendar of days."""

    @property
    def source(self) -> str:
        """Where the entries of some days are asked for."""
        return self.to("/calendar/events/")

    @property
    def live(self) -> str:
        """The types whose changes it shows."""
        return " ".join(kind.slug for kind in self.kinds)

    @property
    def first_day(self) -> int:
        """The first day of the reader's week; 0 is Sunday."""
        return first_day()

    @property
    def now(self) -> str:
        """The moment that it is, in the reader's zone."""
        return local(timezone.now())

    @property
    def hours(self) -> str:
        """The reader's working hours, as the calendar takes them."""
        return json.dumps(WorkingTime(self.by).week)


@page
def calendar(request: HttpRequest, by: User) -> HttpResponse:
    """The page; what stands in it is asked for by the days that are shown."""
    found = CalendarPage(request, by)
    people_of(found.who, by)
    return render(request, f"{HERE}/calendar.jinja", {"frame": found})


@page
def events(request: HttpRequest, by: User) -> HttpResponse:
    """The entries from one day up to another (``from``, ``to``), as the calendar takes them, with the days off among them."""
    asked = Asked.of(request.GET, by)
    found, more = asked.found()
    movable = {kind.slug: moves(kind, by) for kind in asked.kinds}
    shown = [as_event(entry, movable[entry.kind.slug]) for entry in found]
    marked = WorkingTime(by).marked(asked.first, asked.last)
    return JsonResponse({"events": [*shown, *(_marked(day) for day in marked)], "more": more})


def _marked(day: Marked) -> dict[str, Any]:
    """A holiday or make-up day, which lies behind what stands on it."""
    look = "agenda-off" if day.is_off else "agenda-worked"
    return {
        "id": f"{look}-{day.day}",
        "title": day.name,
        "start": day.day.isoformat(),
        "allDay": True,
        "display": "background",
        "classNames": [look],
    }


@dataclass(frozen=True)
class Day:
    """One day of the week of a team."""

    day: dt.date
    is_today: bool
    off: str


@dataclass
class TeamPage(Frame):
    """A week, with a row for each colleague."""

    at_first: ClassVar[str] = TEAM

    def __post_init__(self) -> None:
        self.first = week_of(self.request.GET, timezone.localtime().date())

    @cached_property
    def days(self) -> list[Day]:
        """The seven days."""
        off = {one.day: one.name for one in WorkingTime(self.by).marked(self.first, self.first + dt.timedelta(days=7)) if one.is_off}
        today = timezone.localtime().date()
        days = [self.first + dt.timedelta(days=number) for number in range(7)]
        return [Day(day, day == today, off.get(day, "")) for day in days]

    @cached_property
    def asked(self) -> Asked:
        """The same as the calendar is asked."""
        query = QueryDict(mutable=True)
        last = self.first + dt.timedelta(days=7)
        query.update({"who": self.who, "types": ",".join(self.chosen), "from": self.first.isoformat(), "to": last.isoformat()})
        return Asked.of(query, self.by)

    @cached_property
    def found(self) -> tuple[list[Entry], bool]:
        """The entries of the week, and whether some are left out."""
        return self.asked.found()

    @cached_property
    def rows(self) -> list[tuple[dict[str, str], list[list[Entry]]]]:
        """Each colleague, and what they have on each of the days."""
        cells: dict[str, dict[dt.date, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for entry in self.found[0]:
            if entry.who and entry.who["id"]:
                cells[entry.who["id"]][timezone.localtime(entry.start).date()].append(entry)
        return [(person, [cells[person["id"]][day.day] for day in self.days]) for person in self._people(cells)[:ROWS]]

    def _people(self, cells: dict[str, Any]) -> list[dict[str, str]]:
        """Those who are asked for; where everybody is, my team and whoever has something to do."""
        wanted = set(self.asked.people) if self.asked.people is not None else None
        everybody = colleagues(self.by)
        if wanted is None:
            return [_named(one) for one in everybody if one.team_id in self.by.access.branch or str(one.pk) in cells]
        return [_named(one) for one in everybody if one.pk in wanted]

    def week(self, step: int) -> str:
        """The address of another week."""
        return self.link(day=(self.first + dt.timedelta(days=7 * step)).isoformat())

    @property
    def title(self) -> str:
        """The week, as its reader writes days."""
        return _("%(first)s to %(last)s") % {"first": written(self.first), "last": written(self.first + dt.timedelta(days=6))}

    @staticmethod
    def ask(entry: Entry) -> str:
        """The dialog of an entry."""
        return ask_address(entry)

    @property
    def now(self) -> dt.datetime:
        """The moment that it is."""
        return timezone.now()


def _named(person: Any) -> dict[str, str]:
    return {"id": str(person.pk), "title": str(person.title)}


def week_of(query: QueryDict, today: dt.date) -> dt.date:
    """The first day of the reader's week in which ``day`` of the query lies; this week's where it names none."""
    try:
        day = dt.date.fromisoformat(query.get("day", "")[:10])
        first = day - dt.timedelta(days=(day.isoweekday() - first_day()) % 7)
        return first if first.year > 1 and first.year < 9998 else today
    except (ValueError, OverflowError):
        return today - dt.timedelta(days=(today.isoweekday() - first_day()) % 7)


@page
def team(request: HttpRequest, by: User) -> HttpResponse:
    """A week of the team."""
    return render(request, f"{HERE}/team.jinja", {"frame": TeamPage(request, by)})
