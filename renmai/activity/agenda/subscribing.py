"""``/settings/calendar/``: the addresses under which one's calendar can be read by other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.activity.agenda.entries import SLUGS, kinds
from renmai.activity.agenda.invitation import LARGEST, take_in
from renmai.activity.agenda.link import CalendarLink
from renmai.config.env import env
from renmai.kernel.actions.errors import Invalid, Refusal
from renmai.kernel.records.fields import Boolean, Text
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.types import registry
from renmai.kernel.settings.cards import Card, Group, add_card
from renmai.kernel.settings.form import Form
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

ASKS: dict[str, models.Field[Any, Any]] = {
    "name": Text(gettext_lazy("What is it for?"), blank=True),
    "busy_only": Boolean(gettext_lazy("Only when I am busy, not with what"), blank=True),
}
add_card(
    Card(
        Group.YOU,
        gettext_lazy("Calendar in other programs"),
        gettext_lazy("Private addresses by which Google, Outlook or Apple show your calendar"),
        icon="calendar-share",
        address="/settings/calendar/",
        words=gettext_lazy("ICS, iCal, subscribe, feed, sync"),
        is_shown=lambda by: bool(kinds(by)),
    )
)


def address_of(secret: str) -> str:
    """Where the calendar of a link is read."""
    return f"{env.base_url}/calendar/feed/{secret}.ics"


@page
def links(request: HttpRequest, by: User) -> HttpResponse:
    """The list, and the form that makes one more."""
    form = Form(ASKS, by)
    if request.method != "POST":
        return _show(request, by, form, {})
    types = request.POST.getlist("types")
    try:
        values = form.clean(request.POST)
        _link, secret = CalendarLink.issue(by, values["name"] or "", types=types, busy_only=bool(values["busy_only"]))
    except Invalid as problem:
        return _show(request, by, form, {**request.POST.dict(), "types": types}, errors=problem.errors)
    return _show(request, by, form, {}, address=address_of(secret))


def _show(request: HttpRequest, by: User, form: Form, values: dict[str, Any], *, errors: Any = None, address: str = "") -> HttpResponse:
    names = {slug: capfirst(str(registry[slug].label_plural)) for slug in SLUGS if registry.get(slug) is not None}
    types = Input("types", _("Only these types"), "checks", values.get("types", []), choices=list(names.items()))
    types.help = _("Tick none for all of them.")
    listed = [
        (link, [names.get(slug, slug) for slug in link.types]) for link in CalendarLink.objects.filter(user=by.pk).order_by("-created_at")
    ]
    general = (errors or {}).get("", []) + (errors or {}).get("types", [])
    shown = {"inputs": form.inputs(values, errors), "types": types, "address": address, "links": listed, "general": general}
    shown["may_meet"] = by.may("create", "meetings")
    return render(request, "activity/agenda/subscribing.jinja", shown, status=422 if errors else 200)


@require_POST
@page
def invitation(request: HttpRequest, by: User) -> HttpResponse:
    """Take in the meetings of an uploaded file."""
    sent = request.FILES.get("file")
    try:
        made = take_in(sent.read(LARGEST + 1) if sent else b"", by)
    except Refusal as problem:
        messages.error(request, str(problem))
        return redirect("settings-calendar")
    titles = ", ".join(str(record.title) for record in made)
    messages.success(request, _("Taken in: %(titles)s") % {"titles": titles} if made else _("Nothing was left to take in."))
    return redirect("calendar")


@require_POST
@page
def revoke(request: HttpRequest, by: User, number: int) -> HttpResponse:
    """Let an address of one's own lead nowhere any more."""
    CalendarLink.objects.filter(pk=number, user=by.pk).delete()
    return redirect("settings-calendar")
