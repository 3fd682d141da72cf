"""``/inbound-webhooks/…``: the form, and the page with the address, the fields and what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Forbidden, Invalid, Refused
from renmai.kernel.api.records import reachable
from renmai.kernel.criteria.form import CriteriaForm, sent_by
from renmai.kernel.inbound.api import address, log, one_of, ruled
from renmai.kernel.inbound.doing import again, flat, give_key, items_of
from renmai.kernel.inbound.model import InboundWebhook, Received
from renmai.kernel.notify.api import cursor
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.record import Page, record
from renmai.kernel.records.store import update
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import Mode
from renmai.kernel.transfer.propose import fields_of, plain

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.ui.inputs import Input

HERE = "kernel/inbound"
PER_PAGE = 20
FORM = f"{HERE}/form.jinja"


class Form(CriteriaForm):
    """A webhook on its way through the form."""

    asked = ("name", "target", "items", "pool", "actor", "signed", "active")

    @property
    def inputs(self) -> list[Input]:
        """The fields; the type is chosen from those that people fill."""
        made = super().inputs
        for one in made:
            if one.name == "target":
                kinds = [kind for kind in registry.all() if not kind.acted and not kind.governs]
                one.kind, one.choices = "select", [(kind.slug, capfirst(str(kind.label_plural))) for kind in kinds]
        return made


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make one."""
    if not by.may("create", registry.of(InboundWebhook)):
        raise Forbidden(_("Only administrators change this."))
    return Form(registry.of(InboundWebhook), by, None, sent_by(request)).answer(request, FORM)


@page
def edit(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Change one."""
    return Form(registry.of(InboundWebhook), by, ruled(key, by), sent_by(request)).answer(request, FORM)


@page
def inbound(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Its page, with address, fields and log beside what every record has."""
    kind = registry.of(InboundWebhook)
    found: Any = reachable(kind, key, by)
    if request.GET.get("as_of") or found.deleted_at or not by.may("edit", found):
        return record(request, slug=kind.slug, key=key)  # type: ignore[return-value]
    return _page(request, by, found)


def _page(request: HttpRequest, by: User, found: Any, fresh: tuple[str, str] | None = None, problem: str = "") -> HttpResponse:
    kind, of = registry.of(InboundWebhook), registry.get(found.target)
    listed, older = log(found, PER_PAGE, before=cursor(request.GET.get("earlier", "")))
    shown = {"kind": kind, "record": found, "page": Page(request, by, kind, found), "composers": [], "signs": []}
    told = {"received": listed, "older": older, "problem": problem, "has_key": hasattr(found, "key")}
    secret = {"address": address(fresh[0]) if fresh else "", "secret": fresh[1] if fresh else ""}
    fields = [(name, str(spec.label)) for name, spec in fields_of(of).items()] if of is not None else []
    mapping = {
        "paths": paths_of(found),
        "choices": [("", "–"), *fields],
        "chosen": chosen(found, dict(fields)),
        "joined_by": "".join(found.plan.key[:1]),
    }
    status = 422 if problem else 200
    return render(request, f"{HERE}/inbound.jinja", {**shown, **told, **secret, **mapping}, status=status)


def paths_of(found: InboundWebhook) -> list[tuple[str, str]]:
    """The paths of the latest message with what stands there, and those that are mapped already."""
    latest = Received.objects.filter(webhook=found).order_by("-pk").first()
    try:
        values = flat(items_of(found, latest.body)[0]) if latest is not None else {}
    except (Invalid, IndexError):
        values = {}
    mapped = {path: "" for path in found.plan.columns if path not in values}
    return [(path, str(value)[:80] if value is not None else "") for path, value in (values | mapped).items()]


def chosen(found: InboundWebhook, fields: dict[str, str]) -> dict[str, str]:
    """Path → field: as it is said, or else where the end of the path is called as a field is."""
    if found.is_mapped:
        return dict(found.plan.columns)
    names = {plain(word): name for name, label in fields.items() for word in (label, name)}
    return {path: names[end] for path, _value in paths_of(found) if (end := plain(path.rpartition(".")[2])) in names}


@require_POST
@page
def key(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """A new address and secret, shown only now."""
    found = ruled(key, by)
    return _page(request, by, found, give_key(found))


@require_POST
@page
def mapping(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Keep which part of a message goes into which field."""
    found = ruled(key, by)
    pairs = zip(request.POST.getlist("path"), request.POST.getlist("field"), strict=False)
    columns, by_key = {path: name for path, name in pairs if name}, request.POST.get("by_key", "")
    told = {**(found.map or {}), "columns": columns, "key": [by_key] if by_key else [], "mode": Mode.UPSERT if by_key else Mode.CREATE}
    try:
        update(registry.of(found), found.pk, {"map": told}, by)
    except Invalid as problem:
        return _page(request, by, found, problem=str(problem))
    messages.success(request, _("Saved."))
    return redirect(registry.of(found).path(found))


@require_POST
@page
def replay(request: HttpRequest, by: User, key: Any, number: int) -> HttpResponse:
    """Do what a message says once more."""
    found = ruled(key, by)
    try:
        again(found, one_of(found, number))
    except Refused as problem:
        return _page(request, by, found, problem=str(problem))
    return redirect(registry.of(found).path(found))
