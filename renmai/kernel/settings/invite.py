"""``/settings/invite/``: an administrator lets a new colleague in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from renmai.kernel.access.preferences import prefer
from renmai.kernel.access.sign_in.invitation import INVITED, can_mail, has_come_in, invitation_link, send_invitation, waiting_to_come
from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.action import REQUIRED
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.fields import Email, Link, Text
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.ready import called
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.settings.company import require_admin
from renmai.kernel.settings.form import Form
from renmai.kernel.ui.inputs import Input

ASKS: dict[str, models.Field[Any, Any]] = {
    "email": Email(gettext_lazy("E-mail")),
    "name": Text(pgettext_lazy("person", "Name"), blank=True),
    "role": Link("kernel.Role", gettext_lazy("Role")),
    "team": Link("kernel.Team", gettext_lazy("Team"), blank=True),
}


@page
def invite(request: HttpRequest, by: User) -> HttpResponse:
    """Ask whom, make the user, and show the link."""
    require_admin(by)
    form = Form(ASKS, by)
    if request.method != "POST":
        return _show(request, form, {})
    try:
        user = to_invite(form.clean(request.POST), by)
    except Invalid as problem:
        return _show(request, form, request.POST.dict(), errors=problem.errors)
    return _invited(request, form, user, by)


def to_invite(values: dict[str, Any], by: User) -> User:
    """A user who has yet to choose a password: a new one, or one who was made or imported without.

    Raises:
        Invalid: no address or role is given, or another user has the address.
    """
    missing: Errors = {name: [REQUIRED] for name in ("email", "role") if not values[name]}
    if missing:
        raise Invalid(missing)
    known = User.objects.live().filter(email=values["email"], active=True).first()
    return known if known is not None and not has_come_in(known) else _make(values, by)


def _make(values: dict[str, Any], by: User) -> User:
    name = values["name"] or values["email"].partition("@")[0]
    given = {"email": values["email"], "name": name, "roles": [str(values["role"].pk)], "team": values["team"]}
    try:
        return create(registry.of(User), given, by)  # type: ignore[return-value]
    except Invalid as problem:
        raise Invalid({name if name in ASKS else "email": said for name, said in problem.errors.items()}) from None


@require_POST
@page
def invite_again(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """A new link for somebody who has not come in yet."""
    require_admin(by)
    user = next((user for user in waiting_to_come() if user.pk == key), None)
    if user is None:
        raise Missing(_("There is no such invitation."))
    return _invited(request, Form(ASKS, by), user, by)


def _invited(request: HttpRequest, form: Form, user: User, by: User) -> HttpResponse:
    prefer(user, INVITED, timezone.now().isoformat())
    if can_mail():
        send_invitation(user, by)
    return _show(request, form, {}, user=user, link=invitation_link(user))


def _show(request: HttpRequest, form: Form, values: dict[str, Any], *, errors: Errors | None = None, **made: Any) -> HttpResponse:
    found = {
        "inputs": _inputs(form, values, errors),
        "waiting": waiting_to_come(),
        "can_mail": can_mail(),
        "user": None,
        "link": "",
        **made,
    }
    return render(request, "kernel/settings/invite.jinja", found, status=422 if errors else 200)


def _inputs(form: Form, values: dict[str, Any], errors: Errors | None) -> list[Input]:
    made = form.inputs(values, errors)
    for one in made:
        if one.name == "role":
            one.kind, one.choices = "select", [(str(role.pk), called(role)) for role in Role.objects.live().order_by("created_at")]
    return made
