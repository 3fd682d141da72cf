"""``/settings/sign-in/``: how people of the company come in. Who needs a second step, and which identity providers are asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from renmai.kernel.access.sign_in.provider import Kind, Provider
from renmai.kernel.access.sign_in.saml import read_metadata
from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.action import REQUIRED
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.mail.send import address
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.fields import Boolean, Link, LongText, Text, Url
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.ready import called
from renmai.kernel.records.store import update
from renmai.kernel.records.types import registry
from renmai.kernel.settings.company import require_admin
from renmai.kernel.settings.form import Form
from renmai.kernel.ui.inputs import Input

SECRET = "client_secret"  # noqa: S105
REQUIRES = {"name", "server_url", "client_id", "metadata"}
LOCAL = {"localhost", "127.0.0.1", "::1"}
NAME: dict[str, models.Field[Any, Any]] = {"name": Text(gettext_lazy("Name on the button"))}
RULES: dict[str, models.Field[Any, Any]] = {
    "role": Link("kernel.Role", gettext_lazy("Role of whoever is new"), blank=True),
    "trusts_email": Boolean(gettext_lazy("Believe its e-mail addresses although it does not call them verified"), blank=True),
    "active": Boolean(gettext_lazy("In use"), blank=True),
}
OPENID: dict[str, models.Field[Any, Any]] = {
    "server_url": Url(gettext_lazy("Address of the provider")),
    "client_id": Text(gettext_lazy("Client id")),
    SECRET: Text(gettext_lazy("Client secret"), blank=True),
}
SAML: dict[str, models.Field[Any, Any]] = {"metadata": LongText(gettext_lazy("Metadata of the provider (XML)"))}
ASKS = {Kind.OIDC: NAME | OPENID | RULES, Kind.SAML: NAME | SAML | RULES}


@page
def sign_in(request: HttpRequest, by: User) -> HttpResponse:
    """The roles with their switch, and the providers."""
    require_admin(by)
    roles = [(role, called(role)) for role in Role.objects.live().order_by("sort_key")]
    return render(request, "kernel/settings/pages/sign_in.jinja", {"roles": roles, "providers": Provider.objects.all()})


@require_POST
@page
def second_steps(request: HttpRequest, by: User) -> HttpResponse:
    """Keep which roles need a second step."""
    require_admin(by)
    wanted = set(request.POST.getlist("roles"))
    with transaction.atomic():
        for role in Role.objects.live():
            if role.second_step != (str(role.pk) in wanted):
                update(registry.of(Role), role.pk, {"second_step": not role.second_step}, by)
    messages.success(request, _("Saved."))
    return redirect("settings-sign-in")


@sensitive_post_parameters(SECRET)
@page
def provider(request: HttpRequest, by: User, number: int | None = None) -> HttpResponse:
    """Set up a provider, or change one."""
    require_admin(by)
    row = get_object_or_404(Provider, pk=number) if number else _new(request.GET.get("kind", ""))
    form = Form(ASKS[Kind(row.kind)], by)
    if request.method != "POST":
        return _ask(request, form, row, _values(row))
    try:
        keep(row, form.clean(request.POST))
    except Invalid as problem:
        return _ask(request, form, row, request.POST.dict() | {SECRET: ""}, problem.errors)
    messages.success(request, _("Saved."))
    return redirect("settings-sign-in")


def _new(kind: str) -> Provider:
    """Whom a provider of SAML calls by an address, the company has given it: it says nothing of whether that was verified."""
    is_saml = kind == Kind.SAML
    return Provider(kind=Kind.SAML if is_saml else Kind.OIDC, trusts_email=is_saml)


def keep(row: Provider, values: dict[str, Any]) -> None:
    """Store a provider.

    Raises:
        Invalid: something is missing, or its address would carry the secret in clear through the network.
    """
    errors: Errors = {name: [REQUIRED] for name in values if name in REQUIRES and not values[name]}
    errors |= _saml_problems(values) if row.kind == Kind.SAML else _openid_problems(row, values)
    if errors:
        raise Invalid(errors)
    for name in values.keys() - {SECRET}:
        setattr(row, name, values[name])
    row.keep_secret(values.get(SECRET, ""))
    row.slug = row.slug or free_slug(row.name)
    row.save()


def _openid_problems(row: Provider, values: dict[str, Any]) -> Errors:
    errors: Errors = {} if values[SECRET] or row.sealed_secret else {SECRET: [REQUIRED]}
    parts = urlsplit(values["server_url"])
    if values["server_url"] and parts.scheme != "https" and parts.hostname not in LOCAL:
        errors["server_url"] = [_("The address has to begin with https://.")]
    return errors


def _saml_problems(values: dict[str, Any]) -> Errors:
    try:
        if values["metadata"]:
            read_metadata(values["metadata"])
    except ValueError as problem:
        return {"metadata": [str(problem)]}
    return {}


def free_slug(name: str) -> str:
    """A part of an address that no other provider has."""
    stem = slugify(name) or "company"
    taken = set(Provider.objects.values_list("slug", flat=True))
    return next(slug for number in range(1, len(taken) + 2) if (slug := stem if number == 1 else f"{stem}-{number}") not in taken)


@require_POST
@page
def remove(request: HttpRequest, by: User, number: int) -> HttpResponse:
    """Ask a provider no more."""
    require_admin(by)
    Provider.objects.filter(pk=number).delete()
    return redirect("settings-sign-in")


def _values(row: Provider) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ASKS[Kind(row.kind)] if name not in ("role", SECRET)}
    return plain | {"role": str(row.role_id or ""), SECRET: ""}


def _ask(request: HttpRequest, form: Form, row: Provider, values: dict[str, Any], errors: Errors | None = None) -> HttpResponse:
    about = {"inputs": _inputs(form, row, values, errors), "row": row, "is_saml": row.kind == Kind.SAML}
    if row.pk and row.kind == Kind.SAML:
        about |= {"back": address(reverse("saml_acs", args=[row.slug])), "entity": address(reverse("saml_metadata", args=[row.slug]))}
    elif row.pk:
        about["back"] = address(reverse("openid_connect_callback", args=[row.slug]))
    return render(request, "kernel/settings/pages/provider.jinja", about, status=422 if errors else 200)


def _inputs(form: Form, row: Provider, values: dict[str, Any], errors: Errors | None) -> list[Input]:
    made = {one.name: one for one in form.inputs(values, errors)}
    made["role"].help = _("Without a role only people come in who are users here already.")
    if row.kind == Kind.SAML:
        made["metadata"].help = _("Download them from the provider, and paste them here; again, when its certificate changes.")
        return list(made.values())
    made["server_url"].help = _("Without the part that begins with /.well-known/.")
    made[SECRET].kind, made[SECRET].autocomplete = "password", "off"
    if row.sealed_secret:
        made[SECRET].help = _("It is kept, and never shown. Type another one to replace it.")
    return list(made.values())
