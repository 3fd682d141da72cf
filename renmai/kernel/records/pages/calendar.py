"""The calendar of a type: its records on the days of a date, or from one date to another, and moved by dragging."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.api.records import question, visible
from renmai.kernel.history.past import past as read_past
from renmai.kernel.locale.reader import locale_of
from renmai.kernel.records import store
from renmai.kernel.records.listing import page, sorts
from renmai.kernel.records.pages import filters
from renmai.kernel.records.pages.door import PAGES, query_of, version_seen
from renmai.kernel.records.pages.door import page as opens
from renmai.kernel.records.pages.past import Past, asked
from renmai.kernel.records.pages.shapes import Shown, datable
from renmai.kernel.records.pages.tabs import Tabs
from renmai.kernel.records.ready import spoken
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.listing import Question
    from renmai.kernel.records.record import Record

MOST = 500  # records at a time; whoever has more narrows them by a filter
LONGEST = dt.timedelta(days=100)
BEGIN, END = "starts_", "ends_"


@dataclass(frozen=True)
class Span:
    """The field by which records stand on their days, and the one until which they last, where there is one."""

    start: FieldSpec
    end: FieldSpec | None = None

    @property
    def name(self) -> str:
        """As the address and views have it: ``due_at``, or ``starts_on:ends_on``."""
        return f"{self.start.name}:{self.end.name}" if self.end else self.start.name

    @property
    def is_of_days(self) -> bool:
        """Whole days, not moments."""
        return self.start.kind == "date"

    def among(self, first: dt.datetime, last: dt.datetime) -> Q:
        """Records that stand on some day from the first moment up to the last."""
        low, high = (first.date(), last.date()) if self.is_of_days else (first, last)
        begun = Q(**{f"{self.start.column}__lt": high})
        if self.end is None:
            return begun & Q(**{f"{self.start.column}__gte": low})
        return begun & (Q(**{f"{self.end.column}__gte": low}) | Q(**{f"{self.start.column}__gte": low}))


def span_of(request: HttpRequest, by: User, kind: RecordType) -> Span:
    """The dates that are asked for, else the first that people give.

    Raises:
        Missing: there is no such date for the person.
    """
    possible = {spec.name: spec for spec in datable(kind, by)}
    start, _colon, end = request.GET.get("by", "").partition(":")
    if not start and possible:
        start = next(iter(possible))
        end = start.replace(BEGIN, END) if start.startswith(BEGIN) else ""
        end = end if end in possible else ""
    if start not in possible or (end and end not in possible) or (end and possible[end].kind != possible[start].kind):
        raise Missing(_("There is no such page."))
    return Span(possible[start], possible.get(end))


class CalendarPage(Shown):
    """The frame of a calendar as one person sees it; its records are asked for by the days that are shown."""

    def __init__(self, request: HttpRequest, by: User, kind: RecordType, tabs: Tabs, past: Past | None = None) -> None:
        super().__init__(request, by, kind, tabs, past)
        self.span = span_of(request, by, kind)
        self.asked = question(kind, request, by, on_page=True)

    @property
    def starts(self) -> list[tuple[Any, str, bool]]:
        """Every date by which records can stand: label, address, whether they do."""
        return [(spec.label, self.link(by=spec.name), spec == self.span.start) for spec in datable(self.kind, self.by)]

    @property
    def ends(self) -> list[tuple[Any, str, bool]]:
        """Every date until which they can last: label, address, whether they do."""
        start, end = self.span.start, self.span.end
        others = [spec for spec in datable(self.kind, self.by) if spec != start and spec.kind == start.kind]
        found = [(spec.label, self.link(by=Span(start, spec).name), spec == end) for spec in others]
        return [(_("One day only"), self.link(by=start.name), end is None), *found] if others else []

    @property
    def source(self) -> str:
        """Where the records of some days are asked for."""
        query = urlencode(query_of(self.request, {"after": None, "limit": None}))
        return f"{self.kind.path()}days/?{query}"

    @property
    def first_day(self) -> int:
        """The first day of the reader's week; 0 is Sunday."""
        return first_day()

    @property
    def now(self) -> str:
        """The moment that it is, in the reader's zone."""
        return local(timezone.now())


def first_day() -> int:
    """The first day of the reader's week; 0 is Sunday."""
    try:
        known = Locale.parse(f"und_{current().country}")
    except (UnknownLocaleError, ValueError):
        known = Locale.parse(locale_of(current().language))
    return (known.first_week_day + 1) % 7


def local(moment: dt.datetime) -> str:
    """A moment as the clocks of the reader's zone show it, without the zone."""
    return timezone.localtime(moment).replace(tzinfo=None).isoformat(timespec="seconds")


def show(request: HttpRequest, by: User, kind: RecordType, tabs: Tabs, past: Past | None = None) -> HttpResponse:
    """The calendar's page."""
    found = CalendarPage(request, by, kind, tabs, past)
    return render(request, f"{PAGES}/calendar.jinja", {"kind": kind, "calendar": found, "chips": filters.chips(request, by, kind)})


@opens
def days(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The records from one day up to another (``from``, ``to``), as the calendar takes them."""
    past, span = asked(request, kind), span_of(request, by, kind)
    first, last = _day(request, "from"), _day(request, "to")
    if not dt.timedelta() < last - first <= LONGEST:
        raise Invalid({"to": [_("At most 100 days are shown at a time.")]})
    wanted = _within(question(kind, request, by, on_page=True), span, first, last)
    with read_past(past.at if past else None, by):
        records, following = page(wanted, limit=MOST)
        moves = past is None and _moves(kind, by, span)
        events = [_event(kind, record, span, moves=moves, past=past) for record in records]
    return JsonResponse({"events": events, "more": following is not None})


def _within(asked: Question, span: Span, first: dt.datetime, last: dt.datetime) -> Question:
    among = span.among(first, last)
    order = sorts(asked.kind, span.start.name, asked.by) if span.start.sortable else asked.sorts
    return replace(asked, where=among if asked.where is None else asked.where & among, sorts=order)


def _day(request: HttpRequest, name: str) -> dt.datetime:
    """The beginning of a day in the reader's zone."""
    try:
        day = dt.date.fromisoformat(request.GET.get(name, "")[:10])
    except ValueError:
        raise Invalid({name: [_("A date is written as 2026-11-22.")]}) from None
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _moves(kind: RecordType, by: User, span: Span) -> bool:
    """Whether the person may move some record; each is asked for when it is moved."""
    specs = [span.start, *([span.end] if span.end else [])]
    return by.may("edit", kind) and all(spec.editable and by.access.field(kind.slug, spec.name) == "write" for spec in specs)


def _event(kind: RecordType, record: Record, span: Span, *, moves: bool, past: Past | None) -> dict[str, Any]:
    """One record as the calendar takes it; there, a whole day ends when the next one begins."""
    path = kind.path(record)
    start = getattr(record, span.start.column)
    end = getattr(record, span.end.column) if span.end else None
    found = {
        "id": str(record.pk),
        "title": spoken(kind.slug, record.title) or _("Without a name"),
        "url": past.follow(path) if past else path,
        "start": start.isoformat() if span.is_of_days else local(start),
        "allDay": span.is_of_days,
        "editable": moves,
        "extendedProps": {"version": record.version},
    }
    if end is not None and (end >= start if span.is_of_days else end > start):
        found["end"] = (end + dt.timedelta(days=1)).isoformat() if span.is_of_days else local(end)
    return found


@require_POST
@opens
def move(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Move a record to another day: ``start``, and ``end`` where it lasts, as the calendar has them."""
    visible(kind, key, by)
    span, sent = span_of(request, by, kind), request.POST
    if not span.is_of_days and span.end is None and "T" not in sent.get("start", ""):
        raise Invalid({"start": [_("A moment is written as 2026-11-22T09:30:00+07:00.")]})
    values: dict[str, Any] = {span.start.name: sent.get("start", "")}
    if span.end is not None and sent.get("end"):
        values[span.end.name] = _last(sent["end"]) if span.is_of_days else sent["end"]
    changed = store.update(kind, key, values, by, version=version_seen(sent))
    return JsonResponse({"version": changed.version})


def _last(text: str) -> str:
    """The last day of a span whose end the calendar gives as the day after it."""
    try:
        return (dt.date.fromisoformat(text[:10]) - dt.timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return text
