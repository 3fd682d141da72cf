"""``/inbound-webhooks/…``: the form, and the page with the address, the fields and what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Conflict, Forbidden, Invalid, Refused
from renmai.kernel.api.records import reachable
from renmai.kernel.inbound.api import address, log, one_of, ruled
from renmai.kernel.inbound.doing import again, flat, give_key, items_of
from renmai.kernel.inbound.model import InboundWebhook, Received
from renmai.kernel.notify.api import cursor
from renmai.kernel.records.pages.door import page, version_seen
from renmai.kernel.records.pages.inputs import Inputs, stored
from renmai.kernel.records.pages.record import Page, record
from renmai.kernel.records.pages.typing import typed_values
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import Mode
from renmai.kernel.transfer.propose import fields_of, plain

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.clean import Errors
    from renmai.kernel.ui.inputs import Input

HERE = "kernel/inbound"
PER_PAGE = 20
ASKED = ("name", "target", "items", "pool", "actor", "signed", "active")


class Form:
    """A webhook on its way through the form."""

    def __init__(self, by: User, found: InboundWebhook | None, sent: QueryDict | None = None) -> None:
        self.by, self.found, self.sent = by, found, sent
        self.kind = registry.of(InboundWebhook)
        self.specs = [self.kind.fields[name] for name in ASKED]
        self.errors: Errors = {}

    @property
    def inputs(self) -> list[Input]:
        """The fields, with what stands in them; the type is chosen from those that people fill."""
        values: Any = self.sent.dict() if self.sent is not None else stored(self.specs, self.found) if self.found else {"active": True}
        made = Inputs(self.by).of(self.specs, values, self.errors)
        for one in made:
            if one.name == "target":
                kinds = [kind for kind in registry.all() if not kind.acted and not kind.governs]
                one.kind, one.choices = "select", [(kind.slug, capfirst(str(kind.label_plural))) for kind in kinds]
        return made

    @property
    def problems(self) -> list[str]:
        """What is wrong and belongs to no field."""
        return [str(sentence) for name, said in self.errors.items() if name not in ASKED for sentence in said]

    def save(self) -> Any:
        """Keep it.

        Raises:
            Invalid: with every field that does not do.
        """
        sent = self.sent or QueryDict()
        raw, errors = typed_values(self.specs, sent)
        if errors:
            raise Invalid(errors)
        if self.found is None:
            return create(self.kind, raw, self.by)
        return update(self.kind, self.found.pk, raw, self.by, version=version_seen(sent))


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make one."""
    if not by.may("create", registry.of(InboundWebhook)):
        raise Forbidden(_("Only administrators change this."))
    return _form(request, by, None)


@page
def edit(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Change one."""
    return _form(request, by, ruled(key, by))


def _form(request: HttpRequest, by: User, found: InboundWebhook | None) -> HttpResponse:
    form = Form(by, found, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            return redirect(form.kind.path(form.save()))
        except Invalid as problem:
            form.errors = problem.errors
        except Conflict as problem:
            form.errors = {"": [str(problem)]}
    return render(request, f"{HERE}/form.jinja", {"form": form, "webhook": found}, status=422 if form.errors else 200)


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
