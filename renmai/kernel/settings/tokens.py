"""``/settings/tokens/``: a person's keys to the API. A key is shown once, when it is made."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from renmai.kernel.access.user import Token, User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.fields import Choice, Text
from renmai.kernel.records.pages.door import page
from renmai.kernel.settings.form import Form


class Lasts(models.TextChoices):
    """For how many days a token works."""

    MONTH = "30", _("30 days")
    QUARTER = "90", _("90 days")
    YEAR = "365", _("A year")
    EVER = "0", _("Until it is revoked")


ASKS: dict[str, models.Field[Any, Any]] = {"name": Text(_("What is it for?")), "lasts": Choice(Lasts, _("Works for"))}


@page
def tokens(request: HttpRequest, by: User) -> HttpResponse:
    """The list, and the form that makes one more."""
    form = Form(ASKS, by)
    if request.method != "POST":
        return _show(request, by, form, {"lasts": Lasts.YEAR})
    try:
        values = form.clean(request.POST)
    except Invalid as problem:
        return _show(request, by, form, request.POST.dict(), errors=problem.errors, status=422)
    key = Token.issue(by, values["name"], expires_at=_end(values["lasts"]))
    return _show(request, by, form, {"lasts": Lasts.YEAR}, key=key)


def _end(days: str) -> dt.datetime | None:
    return timezone.now() + dt.timedelta(days=int(days)) if days != Lasts.EVER else None


def _show(request: HttpRequest, by: User, form: Form, values: Any, *, errors: Any = None, key: str = "", status: int = 200) -> HttpResponse:
    found = {"inputs": form.inputs(values, errors), "tokens": by.tokens.order_by("-created_at"), "key": key, "now": timezone.now()}
    return render(request, "kernel/settings/tokens.jinja", found, status=status)


@require_POST
@page
def revoke(request: HttpRequest, by: User, number: int) -> HttpResponse:
    """Make one of the person's keys worthless."""
    by.tokens.filter(pk=number).delete()
    return redirect("settings-tokens")
