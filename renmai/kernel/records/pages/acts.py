"""Doing: an action on one record, and deleting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.action import Action
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.actions.run import Outcome, run
from renmai.kernel.api.records import visible
from renmai.kernel.records import store
from renmai.kernel.records.pages.door import PAGES, done, go, page
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.pages.typing import Errors, filled, typed_values
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def action_of(kind: RecordType, name: str) -> Action:
    """The action of a type.

    Raises:
        Missing: there is none of that name.
    """
    action = kind.action(name)
    if action is None:
        raise Missing(_("There is no such action."))
    return action


def _dialog(
    request: HttpRequest, by: User, kind: RecordType, action: Action, subject: dict[str, Any], values: dict[str, Any], errors: Errors
) -> HttpResponse:
    """What an action asks for, or whether it is really meant."""
    asked = typable(action)
    inputs = Inputs(by, prefix="act").of(asked, values, errors)
    general = [sentence for name, said in errors.items() if name not in {spec.name for spec in asked} for sentence in said]
    about = {"kind": kind, "action": action, "inputs": inputs, "general": general, **subject}
    return render(request, f"{PAGES}/act.jinja", about, status=422 if errors else 200)


def typable(action: Action) -> list[FieldSpec]:
    """The arguments that people type; others are for programs and for pages of their own."""
    return [spec for spec in action.specs.values() if spec.editable]


def defaults(action: Action) -> dict[str, Any]:
    """What stands in an action's form at first."""
    return {name: spec.field.get_default() for name, spec in action.specs.items() if spec.field.has_default()}


@page
def act(request: HttpRequest, by: User, kind: RecordType, key: Any, name: str) -> HttpResponse:
    """Ask for what an action needs, which the query fills in beforehand, or do it."""
    action = action_of(kind, name)
    if request.method != "POST":
        found = visible(kind, key, by)
        given = {spec.name: request.GET[spec.name] for spec in typable(action) if spec.name in request.GET}
        return _dialog(request, by, kind, action, {"record": found, "address": request.path}, defaults(action) | given, {})
    values, errors = typed_values(typable(action), request.POST)
    subject = {"record": None, "address": request.path}
    if errors:
        return _dialog(request, by, kind, action, subject, raw(action, request), errors)
    try:
        outcome = run(kind, name, key, by=by, arguments=filled(values))
    except Invalid as problem:
        return _dialog(request, by, kind, action, subject, raw(action, request), problem.errors)
    return _told(request, kind, action, outcome)


def raw(action: Action, request: HttpRequest) -> dict[str, Any]:
    """What was typed into an action's form."""
    return {spec.name: request.POST.getlist(spec.name) if spec.many else request.POST.get(spec.name, "") for spec in typable(action)}


def _told(request: HttpRequest, kind: RecordType, action: Action, outcome: Outcome) -> HttpResponse:
    """Say what came of it; what was made is gone to."""
    if outcome.made:
        titles = ", ".join(record.title for record in outcome.made)
        messages.success(request, _("%(action)s: done. Made: %(titles)s") % {"action": action.label, "titles": titles})
        last = outcome.made[-1]
        return go(request, registry.of(last).path(last))
    if action.on_deleted:
        return go(request, kind.path(outcome.item))
    words = _("Done: %(title)s") if action.name == "done" else _("%(action)s: done.")
    return done(words % {"action": action.label, "title": outcome.item.title})


@page
def remove(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Move a record to the recycle bin."""
    if request.method != "POST":
        return render(request, f"{PAGES}/remove.jinja", {"kind": kind, "record": visible(kind, key, by)})
    record = store.remove(kind, key, by)
    messages.success(request, _("“%(title)s” is in the recycle bin.") % {"title": record.title})
    return go(request, kind.path())
