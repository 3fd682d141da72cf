"""``/settings/me/``: what a person sets for themselves, their password, and the browsers in which they are signed in."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account.views import PasswordChangeView
from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from renmai.kernel.access.sessions import devices, end_session, end_sessions
from renmai.kernel.access.sign_in.agents import name_of
from renmai.kernel.access.sign_in.forms import ChangeForm
from renmai.kernel.access.sign_in.required import has_second_step
from renmai.kernel.access.sign_in.views import Page
from renmai.kernel.access.user import Era, Language, Theme, User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.history.acting import act_as
from renmai.kernel.locale.zones import is_zone, zones
from renmai.kernel.overlay.company import company
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.fields import Choice, Text
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.store import change, locked
from renmai.kernel.records.types import registry
from renmai.kernel.settings.form import Form
from renmai.kernel.ui.inputs import Input

ASKS: dict[str, models.Field[Any, Any]] = {
    "name": Text(pgettext_lazy("person", "Name")),
    "language": Choice(Language, gettext_lazy("Language"), blank=True),
    "time_zone": Text(gettext_lazy("Time zone"), blank=True),
    "era": Choice(Era, gettext_lazy("Years")),
    "theme": Choice(Theme, gettext_lazy("Look")),
}


@page
def me(request: HttpRequest, by: User) -> HttpResponse:
    """The person's own page."""
    form = Form(ASKS, by)
    if request.method != "POST":
        return _show(request, by, form, {name: getattr(by, name) for name in ASKS})
    try:
        settle_self(by, form.clean(request.POST))
    except Invalid as problem:
        return _show(request, by, form, request.POST.dict(), problem.errors)
    messages.success(request, _("Saved."))
    return redirect("settings-me")


def settle_self(by: User, values: dict[str, Any]) -> None:
    """Change one's own record, for which no right is needed.

    Raises:
        Invalid: there is no such time zone, or no name is given.
    """
    errors: Errors = {}
    if not values["name"]:
        errors["name"] = [_("This is needed.")]
    if values["time_zone"] and not is_zone(values["time_zone"]):
        errors["time_zone"] = [_("There is no such time zone.")]
    if errors:
        raise Invalid(errors)
    with transaction.atomic():
        act_as(by)
        change(locked(registry.of(User), by.pk, None, "edit"), by=by, **values)


def _show(request: HttpRequest, by: User, form: Form, values: dict[str, Any], errors: Errors | None = None) -> HttpResponse:
    found = [(_handle(device.key), name_of(device.agent), device) for device in devices(by, request.session.session_key)]
    about = {"inputs": _inputs(form, values, errors), "devices": found, "by": by, "has_step": has_second_step(by)}
    return render(request, "kernel/settings/me.jinja", about, status=422 if errors else 200)


def _inputs(form: Form, values: dict[str, Any], errors: Errors | None) -> list[Input]:
    made = form.inputs(values, errors)
    for one in made:
        if one.name == "time_zone":
            one.kind, one.choices = "select", [(name, name.replace("_", " ")) for name in zones()]
            one.placeholder = _("As the company has it: %(zone)s") % {"zone": company().time_zone}
        if one.name == "language":
            one.placeholder = _("As the browser asks")
    return made


def _handle(key: str) -> str:
    """A name for a session that cannot be used to take it over."""
    return hashlib.sha256(key.encode()).hexdigest()[:20]


@require_POST
@page
def end_device(request: HttpRequest, by: User, handle: str) -> HttpResponse:
    """Sign out in one other browser, or with ``others`` in all of them."""
    if handle == "others":
        end_sessions(by, besides=request.session.session_key)
    for device in devices(by, request.session.session_key):
        if _handle(device.key) == handle:
            end_session(by, device.key)
    return redirect("settings-me")


class ChangePassword(Page, PasswordChangeView):  # type: ignore[misc]
    """``/settings/me/password/``."""

    form_class = ChangeForm
    template_name = "kernel/settings/password.jinja"
    success_url = reverse_lazy("settings-me")

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, _("Your new password is set. Other browsers are signed out."))
        return response
