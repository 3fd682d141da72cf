"""One entry of a calendar, looked at, done and moved; and a new one, planned where there was room."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.activity.agenda.entries import END, Entry, entries, kinds, lasts
from renmai.activity.agenda.postponing import MORNING, postpone, ways
from renmai.activity.agenda.showing import moves
from renmai.kernel.access.user import User
from renmai.kernel.access.verbs import open_verbs
from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.api.records import visible
from renmai.kernel.records import store
from renmai.kernel.records.fields import Link, Moment, Text
from renmai.kernel.records.pages.door import done, page, version_seen
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.pages.typing import Errors, typed_values, written
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

HERE = "activity/agenda"
DAY = dt.timedelta(days=1)
TIMES: dict[str, models.Field[Any, Any]] = {"due_at": Moment(gettext_lazy("Begins")), END: Moment(gettext_lazy("Ends"), blank=True)}
PLANS: dict[str, models.Field[Any, Any]] = {
    "subject": Text(gettext_lazy("Subject")),
    **TIMES,
    "assignee": Link("kernel.User", gettext_lazy("Assignee"), blank=True),
}


@page
def entry(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """An entry: what can be done with it, and to when it can be moved."""
    return _entry(request, by, kind, standing(kind, key, by), {})


def standing(kind: RecordType, key: Any, by: User) -> Record:
    """An activity that stands in calendars.

    Raises:
        Missing: there is none of that id for the person, or its times are hidden from them.
    """
    if kind not in kinds(by):
        raise Missing(_("There is no such page."))
    return visible(kind, key, by)


def _entry(request: HttpRequest, by: User, kind: RecordType, record: Record, errors: Errors, sent: Any = None) -> HttpResponse:
    [found] = entries([(kind, [record])], by)
    specs = _times(kind)
    inputs = Inputs(by, prefix="agenda").of(specs, sent or {spec.name: written(spec, getattr(record, spec.name)) for spec in specs}, errors)
    may_move = found.is_planned and moves(kind, by) and bool(open_verbs(by, record, {"edit"}))
    about = {"entry": found, "inputs": inputs, "ways": ways(by), "may_move": may_move, "done": finishing(found, by), "now": timezone.now()}
    return render(request, f"{HERE}/entry.jinja", about, status=422 if errors else 200)


def _times(kind: RecordType) -> list[FieldSpec]:
    return [kind.fields[name] for name in ("due_at", END) if name in kind.fields]


def finishing(found: Entry, by: User) -> Any:
    """The action that marks an entry as done, where that is the person's to do."""
    action = found.kind.action("done")
    if found.is_done or action is None or not action.is_for(found.record, by):
        return None
    return action if open_verbs(by, found.record, {action.may}) else None


@require_POST
@page
def move(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Move an entry: ``to`` a day, or to the times that were typed."""
    record = standing(kind, key, by)
    version = version_seen(request.POST, record.version)
    if to := request.POST.get("to", ""):
        postpone(kind, record, to, by, version=version)
        return done(_("Moved: %(title)s") % {"title": record.title})
    values, errors = typed_values(_times(kind), request.POST)
    if values.get("due_at") is None and "due_at" not in errors:
        errors["due_at"] = [_("This is needed.")]
    if errors:
        return _entry(request, by, kind, record, errors, request.POST.dict())
    try:
        store.update(kind, key, values, by, version=version)
    except Invalid as problem:
        return _entry(request, by, kind, record, problem.errors, request.POST.dict())
    return done(_("Moved: %(title)s") % {"title": record.title})


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Plan something: the query gives ``start``, ``end`` and ``who`` beforehand."""
    possible = [kind for kind in kinds(by) if by.may("create", kind)]
    if not possible:
        raise Forbidden(_("You may not create this."))
    if request.method != "POST":
        return _new(request, by, possible, _beforehand(request, by), {})
    kind = next((kind for kind in possible if kind.slug == request.POST.get("type")), possible[0])
    values, errors = typed_values([FieldSpec.of(name, field) for name, field in PLANS.items()], request.POST)
    if not errors:
        try:
            return _planned(kind, values, request.POST.get("about", ""), by)
        except Invalid as problem:
            errors = problem.errors
    return _new(request, by, possible, request.POST.dict(), errors)


def _planned(kind: RecordType, values: dict[str, Any], about: str, by: User) -> HttpResponse:
    slug, _slash, key = about.partition("/")
    given = {name: value for name, value in values.items() if value is not None and (name != END or lasts(kind))}
    made = store.create(kind, {**given, "about": [{"type": slug, "id": key}] if key else []}, by, via="page")
    return done(_("Planned: %(title)s") % {"title": made.title})


def _beforehand(request: HttpRequest, by: User) -> dict[str, Any]:
    """What stands in the form at first: a day alone begins in the morning, nothing at the next full hour."""
    start, end = _moment(request.GET.get("start", "")), _moment(request.GET.get("end", ""))
    hour = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    lasting = end if end and start and end - start < DAY else None
    found = {"due_at": start or hour, END: lasting}
    times = {name: written(FieldSpec.of(name, TIMES[name]), value) for name, value in found.items()}
    return {**times, "assignee": request.GET.get("who") or str(by.pk), "type": ""}


def _moment(text: str) -> dt.datetime | None:
    """A moment of the reader's zone, as the calendar has it: ``2026-11-23T10:00:00`` or ``2026-11-23``."""
    try:
        found = dt.datetime.fromisoformat(text[:19])
        return timezone.make_aware(found if "T" in text else dt.datetime.combine(found.date(), MORNING))
    except (ValueError, OverflowError):
        return None


def _new(request: HttpRequest, by: User, possible: list[RecordType], values: dict[str, Any], errors: Errors) -> HttpResponse:
    specs = [FieldSpec.of(name, field) for name, field in PLANS.items()]
    inputs = Inputs(by, prefix="plan").of(specs, values, errors)
    inputs.insert(1, _about(values.get("about", ""), by, errors.get("about", [])))
    chosen = values.get("type") or next((kind.slug for kind in possible if values.get(END) and lasts(kind)), possible[0].slug)
    types = [(kind.slug, capfirst(str(kind.label))) for kind in possible]
    general = [text for name, found in errors.items() if name not in {*PLANS, "about"} for text in found]
    shown = {"inputs": inputs, "types": types, "chosen": chosen, "general": general}
    return render(request, f"{HERE}/new.jinja", shown, status=422 if errors else 200)


def _about(value: str, by: User, errors: list[Any]) -> Input:
    """The choice of what it is about: a record of any type."""
    slug, _slash, key = value.partition("/")
    found = registry.get(slug)
    shown = found.model.objects.visible_to(by).filter(pk=key).first() if found is not None and key else None
    return Input("about", _("About"), "link", value, str(shown.title) if shown else "", errors=errors, prefix="plan")
