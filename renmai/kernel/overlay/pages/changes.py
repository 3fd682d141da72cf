"""``/settings/labels/``: what the company calls the code's fields and choices. Only the difference is kept, and can be taken back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.overlay.change import CHOSEN, FieldChange
from renmai.kernel.overlay.pages.choices import choice_lines, typed_choices
from renmai.kernel.overlay.pages.fields import FOLDER, extensible, require_admin
from renmai.kernel.overlay.pages.forms import OTHERS
from renmai.kernel.records import store
from renmai.kernel.records.fields import Boolean, Text
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.settings.cards import Card, Group, add_card, is_admin
from renmai.kernel.settings.form import Form

UNCHANGED = {"custom", "external_ids", "version", "deleted_at", "deleted_by"}


@page
def index(request: HttpRequest, by: User) -> HttpResponse:
    """The types, each with how many of its fields are called otherwise."""
    require_admin(by)
    return render(request, f"{FOLDER}/labels.jinja", {"kinds": [(kind, len(kind.changed)) for kind in extensible()], "broken": _broken()})


def _broken() -> list[FieldChange]:
    """Differences that name what is gone."""
    return [change for change in FieldChange.objects.live() if change.is_broken]


@page
def of_type(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The fields of a type, those with choices first."""
    require_admin(by)
    specs = sorted(changeable(kind).values(), key=lambda spec: spec.kind not in CHOSEN)
    return render(request, f"{FOLDER}/labels_of.jinja", {"kind": kind, "specs": [(spec, spec.name in kind.changed) for spec in specs]})


def changeable(kind: RecordType) -> dict[str, FieldSpec]:
    """The code's fields that people meet."""
    return {name: spec for name, spec in kind.fields.items() if name not in UNCHANGED and name not in kind.custom}


@page
def edit(request: HttpRequest, by: User, kind: RecordType, name: str) -> HttpResponse:
    """One field: label, help, choices."""
    require_admin(by)
    spec = changeable(kind).get(name)
    if spec is None:
        raise Missing(_("There is no such page."))
    made = FieldChange.objects.live().filter(type=kind.slug, field=name).first()
    form = Form(asks(spec), by)
    if request.method != "POST":
        return _show(request, kind, spec, form, made, _standing(made))
    try:
        given = _given(form.clean(request.POST), request, spec)
        changes = registry["field-changes"]
        if made is None:
            store.create(changes, {"type": kind.slug, "field": name, **given}, by)
        else:
            store.update(changes, made.pk, given, by)
    except Invalid as problem:
        return _show(request, kind, spec, form, made, request.POST.dict(), problem.errors)
    messages.success(request, _("Saved."))
    return redirect("labels-of", slug=kind.slug)


def asks(spec: FieldSpec) -> dict[str, Any]:
    """What the form asks about a field."""
    found: dict[str, Any] = {"label": Text(_("Label for every language"), blank=True)}
    found |= {f"{OTHERS}{code}": Text(name, blank=True) for code, name in settings.LANGUAGES}
    found["help"] = Text(_("Help below the field"), blank=True)
    if spec.editable and (spec.must or not spec.required) and spec.kind not in {"boolean", "lines", "abouts"}:
        found["required"] = Boolean(_("Every new record needs it"))
    return found


def _standing(made: FieldChange | None) -> dict[str, Any]:
    if made is None:
        return {}
    named = {f"{OTHERS}{code}": word for code, word in made.labels.items()}
    return {"label": made.label, "help": made.help, "required": made.required, **named}


def _given(clean: dict[str, Any], request: HttpRequest, spec: FieldSpec) -> dict[str, Any]:
    labels = {name.removeprefix(OTHERS): clean.pop(name) for name in list(clean) if name.startswith(OTHERS)}
    return {**clean, "labels": labels, **({"choices": typed_choices(request.POST)} if spec.kind in CHOSEN else {})}


def _show(request: HttpRequest, kind: RecordType, spec: FieldSpec, form: Form, made: Any, values: Any, errors: Any = None) -> HttpResponse:
    general = [sentence for name, found in (errors or {}).items() if name not in form.specs for sentence in found]
    about = {"kind": kind, "spec": spec, "made": made, "inputs": form.inputs(values, errors), "general": general}
    if spec.kind in CHOSEN:
        coded = FieldSpec.of(spec.column, spec.field).choices
        about |= {"choices": choice_lines(made.choices if made else [], dict(coded)), "is_open": spec.kind == "pick"}
    return render(request, f"{FOLDER}/label.jinja", about, status=422 if errors else 200)


@require_POST
@page
def reset(request: HttpRequest, by: User, kind: RecordType, name: str) -> HttpResponse:
    """Say again what the code says."""
    require_admin(by)
    for made in FieldChange.objects.live().filter(type=kind.slug, field=name):
        store.remove(registry["field-changes"], made.pk, by)
    return redirect("labels-of", slug=kind.slug)


add_card(
    Card(
        Group.DATA,
        gettext_lazy("Labels and pick-lists"),
        gettext_lazy("What fields are called, in each language; what can be chosen, in which order"),
        icon="language",
        address="/settings/labels/",
        words=gettext_lazy("rename a field, drop-down, options, translation"),
        is_shown=is_admin,
    )
)
