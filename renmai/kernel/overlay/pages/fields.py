"""``/settings/fields/``: the fields that a company adds to its types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Forbidden, Invalid, Missing, Refused
from renmai.kernel.actions.run import run
from renmai.kernel.history.purge import purge
from renmai.kernel.overlay import words
from renmai.kernel.overlay.computed.rollup import relations
from renmai.kernel.overlay.computed.work import waiting
from renmai.kernel.overlay.field import CustomField, CustomKind
from renmai.kernel.overlay.pages.choices import choice_lines, typed_choices
from renmai.kernel.overlay.pages.forms import OFFERS, FieldForm
from renmai.kernel.overlay.pages.preview import Preview, names
from renmai.kernel.records import store
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.settings.cards import Card, Group, add_card, is_admin

FOLDER = "kernel/overlay/pages"


def require_admin(by: User) -> None:
    """Raise ``Forbidden`` for whoever may not make fields."""
    if not by.may("create", "custom-fields"):
        raise Forbidden(_("Only an administrator may do this."))


def extensible() -> list[RecordType]:
    """The types that can have own fields: those that people work with, and users."""
    return [kind for kind in registry.all() if kind.rail or kind.slug == "users"]


@page
def index(request: HttpRequest, by: User) -> HttpResponse:
    """The types, each with how many own fields it has."""
    require_admin(by)
    return render(request, f"{FOLDER}/fields.jinja", {"kinds": [(kind, len(kind.custom)) for kind in extensible()]})


@page
def of_type(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The own fields of one type."""
    require_admin(by)
    made = CustomField.objects.filter(type=kind.slug).order_by("position", "created_at")
    rows = [
        (field, CustomKind(field.kind).label, OFFERS[field.kind].icon, field.get_index_state_display())
        for field in made
        if not field.deleted_at
    ]
    about = {"kind": kind, "own": rows, "gone": [field for field in made if field.deleted_at], "waiting": waiting()}
    return render(request, f"{FOLDER}/fields_of.jinja", about)


@page
def kinds(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """What shall it hold?"""
    require_admin(by)
    offered = [(value, label, OFFERS[value].hint, OFFERS[value].icon) for value, label in CustomKind.choices]
    return render(request, f"{FOLDER}/field_kinds.jinja", {"kind": kind, "offered": offered})


@page
def new(request: HttpRequest, by: User, kind: RecordType, what: str) -> HttpResponse:
    """Make a field."""
    require_admin(by)
    if what not in CustomKind.values:
        raise Missing(_("There is no such page."))
    form = FieldForm(what, by, kind, relation=request.GET.get("relation", ""))
    if what == CustomKind.ROLL_UP and form.many is None:
        found = sorted(relations(kind).values(), key=lambda many: str(many.label))
        return render(request, f"{FOLDER}/field_relations.jinja", {"kind": kind, "relations": found})
    if request.method != "POST":
        return _show(request, kind, form, form.standing)
    try:
        given = form.clean(request.POST)
        store.create(registry["custom-fields"], {"type": kind.slug, "kind": what, **given}, by, via="page")
    except Invalid as problem:
        return _show(request, kind, form, request.POST.dict(), problem.errors)
    messages.success(
        request, _("The field “%(label)s” is there now: in forms, lists, filters, imports and the API.") % {"label": given["label"]}
    )
    return redirect("fields-of", slug=kind.slug)


@page
def edit(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Change a field: what it is called, what can be chosen."""
    require_admin(by)
    made = _field(kind, key)
    form = FieldForm(made.kind, by, kind, made)
    if request.method != "POST":
        return _show(request, kind, form, form.standing)
    try:
        given = form.clean(request.POST)
        if made.is_of_choices():
            given["choices"] = typed_choices(request.POST)
        store.update(registry["custom-fields"], made.pk, given, by)
    except Invalid as problem:
        return _show(request, kind, form, request.POST.dict(), problem.errors)
    messages.success(request, _("Saved."))
    return redirect("fields-of", slug=kind.slug)


@require_POST
@page
def remove(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Hide a field, or bring it back."""
    require_admin(by)
    made = _field(kind, key)
    custom_fields = registry["custom-fields"]
    try:
        if made.deleted_at is None:
            store.remove(custom_fields, made.pk, by)
        else:
            run(custom_fields, "restore", made.pk, by=by)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("fields-of", slug=kind.slug)


@page
def erase(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Ask whether a removed field shall go for good, and its values with it; posted to, do so."""
    require_admin(by)
    made = _field(kind, key)
    if made.deleted_at is None:
        raise Missing(_("There is no such page."))
    if request.method != "POST":
        filled = kind.model.objects.filter(custom__has_key=made.key).count()
        return render(request, f"{FOLDER}/field_erase.jinja", {"kind": kind, "made": made, "filled": filled})
    purge(registry["custom-fields"], made.pk, by)
    messages.success(request, _("The field “%(label)s” is gone for good; its values are being erased.") % {"label": made.label})
    return redirect("fields-of", slug=kind.slug)


@require_POST
@page
def check(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """What a formula gives for the newest records, while it is being typed."""
    require_admin(by)
    preview = Preview(kind, by, request.POST.get("formula", ""), request.POST.get("result", ""))
    return render(request, f"{FOLDER}/field_check.jinja", {"preview": preview})


def _field(kind: RecordType, key: Any) -> CustomField:
    found = CustomField.objects.filter(type=kind.slug, pk=key).first()
    if found is None:
        raise Missing(_("There is no such page."))
    return found  # type: ignore[no-any-return]


def _show(request: HttpRequest, kind: RecordType, form: FieldForm, values: Any, errors: Any = None) -> HttpResponse:
    inputs, more = form.inputs(values, errors or {})
    shown = {made.name for made in [*inputs, *more]}
    general = [sentence for name, found in (errors or {}).items() if name not in shown for sentence in found]
    about = {"kind": kind, "form": form, "inputs": inputs, "more": more, "general": general, "what": CustomKind(form.kind).label}
    if form.made is not None and form.made.is_of_choices():
        about["choices"] = choice_lines(form.made.choices, dict(words.labels_of(form.made.choices)))
    if form.kind == CustomKind.FORMULA:
        about["names"] = names(kind)
    return render(request, f"{FOLDER}/field.jinja", about, status=422 if errors else 200)


add_card(
    Card(
        Group.DATA,
        gettext_lazy("Fields"),
        gettext_lazy("Own fields of leads, accounts and every other type"),
        icon="forms",
        address="/settings/fields/",
        words=gettext_lazy("custom field, formula, roll-up, column"),
        is_shown=is_admin,
    )
)
