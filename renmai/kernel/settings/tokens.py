"""``/settings/tokens/``: a person's keys to the API, and for administrators everybody's. A key is shown once, when it is made."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.kernel.access.token import Reach, Token
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.fields import Choice, Text
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.types import registry
from renmai.kernel.settings.company import require_admin
from renmai.kernel.settings.form import Form
from renmai.kernel.ui.inputs import Input


class Lasts(models.TextChoices):
    """For how many days a token works."""

    MONTH = "30", gettext_lazy("30 days")
    QUARTER = "90", gettext_lazy("90 days")
    YEAR = "365", gettext_lazy("A year")
    EVER = "0", gettext_lazy("Until it is revoked")


class May(models.TextChoices):
    """What a token is for."""

    WRITE = "write", gettext_lazy("Read and change")
    READ = "read", gettext_lazy("Only read")
    AT_ONCE = "at-once", gettext_lazy("Read and change, assistants too without asking")


ASKS: dict[str, models.Field[Any, Any]] = {
    "name": Text(gettext_lazy("What is it for?")),
    "lasts": Choice(Lasts, gettext_lazy("Works for")),
    "may": Choice(May, gettext_lazy("May")),
}
LIKELY = {"lasts": Lasts.YEAR, "may": May.WRITE, "types": []}


@page
def tokens(request: HttpRequest, by: User) -> HttpResponse:
    """The list, and the form that makes one more."""
    form = Form(ASKS, by)
    if request.method != "POST":
        return _show(request, by, form, LIKELY)
    types = [slug for slug in request.POST.getlist("types") if slug in dict(_types(by))]
    try:
        values = form.clean(request.POST)
    except Invalid as problem:
        return _show(request, by, form, {**request.POST.dict(), "types": types}, errors=problem.errors, status=422)
    reach = Reach(values["may"] == May.READ, frozenset(types))
    key = Token.issue(by, values["name"], expires_at=_end(values["lasts"]), reach=reach, at_once=values["may"] == May.AT_ONCE)
    return _show(request, by, form, LIKELY, key=key)


def _end(days: str) -> dt.datetime | None:
    return timezone.now() + dt.timedelta(days=int(days)) if days != Lasts.EVER else None


def _types(by: User) -> list[tuple[str, str]]:
    """Slug and name of the types that the person may see."""
    return [(kind.slug, capfirst(str(kind.label_plural))) for kind in registry.all() if by.may("view", kind)]


def _show(request: HttpRequest, by: User, form: Form, values: Any, *, errors: Any = None, key: str = "", status: int = 200) -> HttpResponse:
    types = Input("types", _("Only these types"), "checks", values["types"], choices=_types(by))
    types.help = _("Tick none to reach every type.")
    found = {"inputs": form.inputs(values, errors), "types": types, "key": key, "is_admin": by.access.is_admin}
    return render(request, "kernel/settings/tokens.jinja", {**found, **_listed(list(by.tokens.order_by("-created_at")))}, status=status)


def _listed(found: list[Token]) -> dict[str, Any]:
    names = {kind.slug: kind.label_plural for kind in registry.all()}
    return {"tokens": [(token, [names.get(slug, slug) for slug in token.types]) for token in found], "now": timezone.now()}


@page
def everybody(request: HttpRequest, by: User) -> HttpResponse:
    """``/settings/tokens/all/``: everybody's keys."""
    require_admin(by)
    return render(
        request, "kernel/settings/pages/tokens.jinja", _listed(list(Token.objects.select_related("user").order_by("-created_at")))
    )


@require_POST
@page
def revoke(request: HttpRequest, by: User, number: int) -> HttpResponse:
    """Make a key worthless: one of the person's own, or for administrators anybody's."""
    everywhere = by.access.is_admin and request.POST.get("all") == "1"
    (Token.objects if everywhere else by.tokens).filter(pk=number).delete()
    return redirect("settings-tokens-all" if everywhere else "settings-tokens")
