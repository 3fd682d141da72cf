"""Doing: an action on one record or on those that are ticked, deleting, and giving to somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renmai.kernel.actions.action import Action
from renmai.kernel.actions.errors import Invalid, Missing, Refusal
from renmai.kernel.actions.run import Outcome, run
from renmai.kernel.api.records import visible
from renmai.kernel.records import store
from renmai.kernel.records.pages.door import PAGES, done, go, page, toast
from renmai.kernel.records.pages.inputs import Inputs, stored
from renmai.kernel.records.pages.typing import Errors, filled, typed_values
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MAX_TICKED = 200
SENTENCES_SHOWN = 2


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
    inputs = Inputs(by, prefix="act").of(action.specs.values(), values, errors)
    general = [sentence for name, said in errors.items() if name not in action.specs for sentence in said]
    about = {"kind": kind, "action": action, "inputs": inputs, "general": general, **subject}
    return render(request, f"{PAGES}/act.jinja", about, status=422 if errors else 200)


def _defaults(action: Action) -> dict[str, Any]:
    return {name: spec.field.get_default() for name, spec in action.specs.items() if spec.field.has_default()}


@page
def act(request: HttpRequest, by: User, kind: RecordType, key: Any, name: str) -> HttpResponse:
    """Ask for what an action needs, or do it."""
    action = action_of(kind, name)
    if request.method != "POST":
        found = visible(kind, key, by)
        return _dialog(request, by, kind, action, {"record": found, "address": request.path, "ids": ""}, _defaults(action), {})
    values, errors = typed_values(action.specs.values(), request.POST)
    subject = {"record": None, "address": request.path, "ids": ""}
    if errors:
        return _dialog(request, by, kind, action, subject, _raw(action, request), errors)
    try:
        outcome = run(kind, name, key, by=by, arguments=filled(values))
    except Invalid as problem:
        return _dialog(request, by, kind, action, subject, _raw(action, request), problem.errors)
    return _told(request, kind, action, outcome)


def _raw(action: Action, request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST.getlist(name) if spec.many else request.POST.get(name, "") for name, spec in action.specs.items()}


def _told(request: HttpRequest, kind: RecordType, action: Action, outcome: Outcome) -> HttpResponse:
    """Say what came of it; what was made is gone to."""
    if outcome.made:
        titles = ", ".join(record.title for record in outcome.made)
        messages.success(request, _("%(action)s: done. Made: %(titles)s") % {"action": action.label, "titles": titles})
        last = outcome.made[-1]
        return go(request, registry.of(last).path(last))
    if action.on_deleted:
        return go(request, kind.path(outcome.item))
    return done(_("%(action)s: done.") % {"action": action.label})


@page
def remove(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Move a record to the recycle bin."""
    if request.method != "POST":
        return render(request, f"{PAGES}/remove.jinja", {"kind": kind, "record": visible(kind, key, by)})
    record = store.remove(kind, key, by)
    messages.success(request, _("“%(title)s” is in the recycle bin.") % {"title": record.title})
    return go(request, kind.path())


@page
def bulk(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Do one thing to every ticked record: ``do`` is ``delete``, ``owner`` or the name of an action."""
    sent = request.POST if request.method == "POST" else request.GET
    keys = [key for key in sent.get("ids", "").split(",") if key][:MAX_TICKED]
    wanted = sent.get("do", "")
    if wanted == "delete":
        return _each(kind, keys, lambda key: store.remove(kind, key, by))
    if wanted == "owner":
        return _give(request, by, kind, keys)
    return _act_on_all(request, by, kind, keys, action_of(kind, wanted))


def _give(request: HttpRequest, by: User, kind: RecordType, keys: list[str]) -> HttpResponse:
    spec: FieldSpec = kind.fields["owner"]
    if request.method == "POST" and request.POST.get("owner"):
        return _each(kind, keys, lambda key: store.update(kind, key, {"owner": request.POST["owner"]}, by))
    inputs = Inputs(by, prefix="act").of([spec], stored([spec], kind.model(owner=by)))
    return render(request, f"{PAGES}/give.jinja", {"kind": kind, "inputs": inputs, "ids": ",".join(keys), "count": len(keys)})


def _act_on_all(request: HttpRequest, by: User, kind: RecordType, keys: list[str], action: Action) -> HttpResponse:
    subject = {"record": None, "address": f"{kind.path()}bulk/", "ids": ",".join(keys)}
    if request.method != "POST":
        return _dialog(request, by, kind, action, subject, _defaults(action), {})
    values, errors = typed_values(action.specs.values(), request.POST)
    if errors:
        return _dialog(request, by, kind, action, subject, _raw(action, request), errors)
    return _each(kind, keys, lambda key: run(kind, action.name, key, by=by, arguments=filled(values)))


def _each(kind: RecordType, keys: list[str], do: Callable[[str], Any]) -> HttpResponse:
    """Do it to one after the other, each in its own transaction; say how many went and why others did not."""
    refused: list[str] = []
    for key in keys:
        try:
            do(key)
        except Refusal as refusal:
            refused.append(str(refusal))
    went = len(keys) - len(refused)
    sentence = ngettext("Done for %(count)s.", "Done for %(count)s.", went) % {"count": went}
    if refused:
        reasons = " ".join(dict.fromkeys(refused[:SENTENCES_SHOWN]))
        sentence += " " + ngettext("Not for %(count)s: %(why)s", "Not for %(count)s: %(why)s", len(refused)) % {
            "count": len(refused),
            "why": reasons,
        }
    response = done(sentence, untick={})
    return toast(response, sentence, bad=True) if refused and not went else response
