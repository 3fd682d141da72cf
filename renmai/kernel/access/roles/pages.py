"""``/roles/<id>/`` and ``/roles/<id>/<type>/``: what a role may do; what a change comes to is shown before it is saved."""

from __future__ import annotations

import copy
import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from renmai.kernel.access.roles.difference import PERSON, difference, sample
from renmai.kernel.access.roles.table import LIMITS, RULE, changed_fields, changed_rights, fields_of, lines, verbs_of
from renmai.kernel.access.user import Role, User
from renmai.kernel.access.words import VERBS
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.api.records import visible
from renmai.kernel.criteria.builder.builder import INCOMPLETE, Builder
from renmai.kernel.records.decode import decode
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.ready import called, spoken
from renmai.kernel.records.store import update
from renmai.kernel.records.types import RecordType, registry

HERE = "kernel/access/roles"
SHOWN = 50


@page
def role(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Every type with its verbs: read by everybody, changed by administrators."""
    found = _found(key, by)
    if request.method != "POST":
        return _role(request, by, found)
    drafted = _draft(found, request)
    if "proposed" not in request.POST:
        drafted.name = _typed_name(found, request)
        drafted.second_step = "second_step" in request.POST
        drafted.rights = changed_rights(found.rights, (right for line in lines(found) for right in line.rights), request.POST)
    if "edit" in request.POST:
        return _role(request, by, drafted)
    return _settle(request, by, found, drafted)


def _typed_name(found: Any, request: HttpRequest) -> str:
    """The name that was typed; of a ready role what its reader saw is not a new name."""
    typed = request.POST.get("name", found.name).strip()
    return str(found.name if typed == called(found) else typed)


def _role(request: HttpRequest, by: User, shown: Any, problem: str = "") -> HttpResponse:
    about = {
        "role": shown,
        "name": spoken(registry.of(shown).slug, shown.name),
        "lines": lines(shown),
        "may_edit": by.may("edit", shown),
        "verbs": VERBS,
    }
    return render(request, f"{HERE}/role.jinja", {**about, "holders": _holders(shown), "problem": problem}, status=422 if problem else 200)


@page
def role_of_type(request: HttpRequest, by: User, key: Any, kind: RecordType) -> HttpResponse:
    """One type: its verbs and actions, each with a rule where it goes by one, and its fields."""
    found = _found(key, by)
    if request.method != "POST":
        return _type(request, by, found, kind)
    drafted = _draft(found, request)
    if "proposed" not in request.POST:
        drafted.rights = changed_rights(found.rights, verbs_of(found, kind, by), request.POST)
        drafted.fields = changed_fields(found.fields, fields_of(found, kind), kind.slug, request.POST)
        builders = _read_rules(request, by, drafted, kind)
        if "shape" in request.POST or not all(builder.is_whole and builder.tree for builder in builders.values()):
            problem = "" if "shape" in request.POST else str(INCOMPLETE)
            return _type(request, by, drafted, kind, builders, problem)
    if "edit" in request.POST:
        return _type(request, by, drafted, kind)
    return _settle(request, by, found, drafted)


def _read_rules(request: HttpRequest, by: User, drafted: Any, kind: RecordType) -> dict[str, Builder]:
    """The rules as they were sent, put into the draft where they make sense; one that was just asked for begins empty."""
    made = {}
    for verb, grant in drafted.rights.get(kind.slug, {}).items():
        if isinstance(grant, dict):
            name = f"rule-{verb}"
            sent = any(field.startswith(name) for field in request.POST)
            made[verb] = (
                Builder.read(request.POST, kind, by, name=name, **LIMITS) if sent else Builder.of(kind, by, None, name=name, **LIMITS)
            )
            grant[RULE] = made[verb].tree if made[verb].is_whole else grant[RULE]
    return made


def _type(
    request: HttpRequest, by: User, shown: Any, kind: RecordType, builders: dict[str, Builder] | None = None, problem: str = ""
) -> HttpResponse:
    rights = verbs_of(shown, kind, by)
    rules = {f"{kind.slug}.{verb}": builder for verb, builder in (builders or {}).items()}
    about = {"role": shown, "name": called(shown), "of": kind, "rights": rights, "rules": rules, "fields_of": fields_of(shown, kind)}
    about |= {"may_edit": by.may("edit", shown), "problem": problem}
    return render(request, f"{HERE}/type.jinja", about, status=422 if problem else 200)


def _found(key: Any, by: User) -> Any:
    return visible(registry.of(Role), key, by)


def _draft(found: Any, request: HttpRequest) -> Any:
    """The role as it was proposed before, or as it stands.

    Raises:
        Invalid: what was sent is no proposal of ours.
    """
    made = copy.copy(found)
    made.rights, made.fields = copy.deepcopy(found.rights), copy.deepcopy(found.fields)
    if "proposed" in request.POST:
        try:
            given = decode(request.POST["proposed"])
            made.name, made.rights, made.fields = str(given["name"]), given["rights"], given["fields"]
            made.second_step = bool(given["second_step"])
        except (ValueError, KeyError, TypeError):
            raise Invalid({"": [_("The request is not valid JSON.")]}) from None
    return made


def _settle(request: HttpRequest, by: User, found: Any, drafted: Any) -> HttpResponse:
    """Show what the draft would change, or save it."""
    if not by.may("edit", found):
        raise Forbidden(_("You may see this but not change it."))
    values = {"name": drafted.name, "rights": drafted.rights, "fields": drafted.fields, "second_step": drafted.second_step}
    if "save" in request.POST:
        version = request.POST.get("version", "")
        update(registry.of(Role), found.pk, values, by, version=int(version) if version.isdigit() else None)
        messages.success(request, _("Saved."))
        return redirect(registry.of(Role).path(found))
    told = difference(found, drafted, by, sample(request.POST.get("person"), by))
    chosen = Inputs(by, prefix="difference").of([PERSON], {"person": told.person.pk if told.person else None})
    about = {"role": found, "name": called(found), "told": told, "proposed": json.dumps(values), "chooser": chosen}
    return render(request, f"{HERE}/difference.jinja", {**about, "version": request.POST.get("version", "")})


def _holders(role: Role) -> list[User]:
    return list(User.objects.live().filter(active=True, roles__contains=[role.pk]).order_by("sort_key")[:SHOWN])
