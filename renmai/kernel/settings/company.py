"""The company's settings: asked for once on ``/welcome/``, changed on ``/settings/company/``."""

from __future__ import annotations

from typing import Any

from babel.numbers import get_territory_currencies
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.kernel.access.preferences import settle
from renmai.kernel.access.user import Language, User
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.locale.zones import is_zone, zone_of, zones
from renmai.kernel.overlay.company import change_company, company
from renmai.kernel.overlay.industries import INDUSTRIES
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.fields import Choice, Country, Currency, Integer, Pick, Text
from renmai.kernel.records.pages.door import page
from renmai.kernel.settings.form import Form
from renmai.kernel.ui.inputs import Input
from renmai.kernel.ui.reader import current, tag

AS_COUNTRY = gettext_lazy("As the country has it")
ASKS: dict[str, models.Field[Any, Any]] = {
    "name": Text(gettext_lazy("Name of the company"), blank=True),
    "language": Choice(Language, gettext_lazy("Language")),
    "country": Country(gettext_lazy("Country"), blank=True),
    "currency": Currency(gettext_lazy("Currency"), blank=True),
    "industry": Pick(gettext_lazy("Industry"), options=INDUSTRIES, blank=True),
    "time_zone": Text(gettext_lazy("Time zone"), blank=True),
}


LATER: dict[str, models.Field[Any, Any]] = {
    "bin_days": Integer(
        gettext_lazy("Days in the recycle bin"),
        default=30,
        help_text=gettext_lazy("After these, what was deleted is gone for good; 0 keeps it."),
    ),
    "api_per_minute": Integer(
        gettext_lazy("API requests per minute"),
        default=30_000,
        help_text=gettext_lazy("For each token, and for each person who is signed in; 0 sets no limit."),
    ),
}
MOST_DAYS = 36_500
MOST_REQUESTS = 10_000_000


def require_admin(by: User) -> None:
    """Raise ``Forbidden`` for whoever may not change who may do what."""
    if not by.access.is_admin:
        raise Forbidden(_("Only an administrator may do this."))


def guessed_country(header: str) -> str:
    """The country in the first tag of an ``Accept-Language`` header, as ``TH`` in ``th-TH``, or nothing."""
    parts = header.partition(",")[0].partition(";")[0].split("-")
    return parts[-1].upper() if len(parts) > 1 and len(parts[-1]) == 2 else ""


def completed(values: dict[str, Any]) -> dict[str, Any]:
    """The values with currency and time zone taken from the country where they were left to it.

    Raises:
        Invalid: there is no such time zone, or a number is out of reach.
    """
    if values["time_zone"] and not is_zone(values["time_zone"]):
        raise Invalid({"time_zone": [_("There is no such time zone.")]})
    if not 0 <= values.get("bin_days", 0) <= MOST_DAYS:
        raise Invalid({"bin_days": [_("A number of days from 0 to %(most)s is expected here.") % {"most": MOST_DAYS}]})
    if not 0 <= values.get("api_per_minute", 0) <= MOST_REQUESTS:
        raise Invalid({"api_per_minute": [_("A number from 0 to %(most)s is expected here.") % {"most": MOST_REQUESTS}]})
    used = get_territory_currencies(values["country"]) if values["country"] else []
    return values | {
        "currency": values["currency"] or (used[0] if used else company().currency),
        "time_zone": values["time_zone"] or zone_of(values["country"]),
    }


def _inputs(form: Form, values: dict[str, Any], errors: Errors | None = None) -> list[Input]:
    made = form.inputs(values, errors)
    for one in made:
        if one.name == "time_zone":
            one.kind, one.choices = "select", [(name, name.replace("_", " ")) for name in zones()]
        if one.name in {"time_zone", "currency"}:
            one.placeholder = AS_COUNTRY
    return made


@page
def welcome(request: HttpRequest, by: User) -> HttpResponse:
    """The first page of the first admin: five questions with answers that are likely right."""
    require_admin(by)
    ours = company()
    likely = {
        "name": ours.name,
        "language": tag(current().language),
        "country": ours.country or guessed_country(request.headers.get("Accept-Language", "")),
        "industry": ours.industry,
        "currency": ours.currency if ours.country else "",
        "time_zone": ours.time_zone if ours.country else "",
    }
    return _ask(request, Form(ASKS, by), likely, "kernel/settings/welcome.jinja", "home")


@page
def settings_of_company(request: HttpRequest, by: User) -> HttpResponse:
    """The same, to be changed later."""
    require_admin(by)
    ours = company()
    asks = ASKS | LATER
    return _ask(request, Form(asks, by), {name: getattr(ours, name) for name in asks}, "kernel/settings/company.jinja", "settings-company")


def _ask(request: HttpRequest, form: Form, values: dict[str, Any], template: str, then: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, template, {"inputs": _inputs(form, values)})
    try:
        given = completed(form.clean(request.POST))
    except Invalid as problem:
        return render(request, template, {"inputs": _inputs(form, request.POST.dict(), problem.errors)}, status=422)
    _keep(form.by, given, is_first=company().set_up_at is None)
    if then != "home":
        messages.success(request, _("Saved."))
    return redirect(then)


def _keep(by: User, given: dict[str, Any], *, is_first: bool) -> None:
    """Store the answers; whoever answers the first questions reads on in the language they chose."""
    change_company(**given, **({"set_up_at": timezone.now()} if is_first else {}))
    if is_first:
        settle(by, "language", given["language"])


@require_POST
@page
def skip_welcome(request: HttpRequest, by: User) -> HttpResponse:
    """Ask no more; everything can be set later."""
    require_admin(by)
    change_company(set_up_at=timezone.now())
    return redirect("home")
