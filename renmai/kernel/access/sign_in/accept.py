"""``/invitation/<token>/``: a new colleague comes in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from renmai.kernel.access.sign_in.forms import NEW_PASSWORD_HELP
from renmai.kernel.access.sign_in.invitation import invited
from renmai.kernel.access.sign_in.views import told
from renmai.kernel.access.user import Language, User
from renmai.kernel.history.acting import act_as
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.store import change, locked
from renmai.kernel.records.types import registry
from renmai.kernel.ui.inputs import Input
from renmai.kernel.ui.reader import current, tag


@never_cache
@login_not_required
@sensitive_post_parameters("password")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for name, password and language, then open the door."""
    user = invited(token)
    if user is None:
        return told(request, _("This invitation does not work any more"), _("It works once, and for seven days. Ask for a new one."), 410)
    if request.method != "POST":
        return _ask(request, user, {"name": user.name, "language": user.language or tag(current().language)}, {})
    given = {name: request.POST.get(name, "").strip() for name in ("name", "language")}
    errors = _problems(user, given, request.POST.get("password", ""))
    if errors:
        return _ask(request, user, given, errors)
    enter(request, user, given, request.POST["password"])
    return redirect("home")


def _problems(user: User, given: dict[str, str], password: str) -> Errors:
    errors: Errors = {}
    if not given["name"]:
        errors["name"] = [_("This is needed.")]
    if given["language"] not in Language.values:
        errors["language"] = [_("This is needed.")]
    try:
        user.name = given["name"]
        validate_password(password, user)
    except ValidationError as problem:
        errors["password"] = list(problem.messages)
    return errors


def enter(request: HttpRequest, user: User, given: dict[str, str], password: str) -> None:
    """Keep what the person chose, and sign them in."""
    with transaction.atomic():
        act_as(user)
        found: Any = locked(registry.of(User), user.pk, None, "edit")
        change(found, by=found, **given)
        get_adapter().set_password(found, password)
    get_adapter().login(request, found)


def _ask(request: HttpRequest, user: User, values: dict[str, str], errors: Errors) -> HttpResponse:
    inputs = [
        Input("name", _("Your name"), value=values["name"], errors=errors.get("name", []), autocomplete="name"),
        Input("password", _("Choose a password"), "password", errors=errors.get("password", []), autocomplete="new-password"),
        Input(
            "language",
            _("Language"),
            "choice",
            values["language"],
            choices=Language.choices,
            required=True,
            errors=errors.get("language", []),
        ),
    ]
    inputs[1].help = NEW_PASSWORD_HELP
    found = {"inputs": inputs, "email": user.email}
    return render(request, "kernel/access/sign_in/accept.jinja", found, status=422 if errors else 200)
