"""What is asked of no single type: who am I, which types there are, search, and the description of it all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.access.rights import VERBS
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Missing
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.openapi import describe
from renmai.kernel.api.records import limit
from renmai.kernel.overlay.company import company
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.search.find import look


@api("GET")
def me(_request: HttpRequest, by: User) -> HttpResponse:
    """The caller, with their rights by type and verb."""
    rights = {kind.slug: rights_of(kind, by) for kind in registry.all()}
    ours = company()
    firm = {"name": ours.name, "country": ours.country, "currency": ours.currency, "language": ours.language, "time_zone": ours.time_zone}
    return answer({**as_json(registry.of(by), [by], by)[0], "rights": rights, "company": firm})


@api("GET", "POST", "PUT", "PATCH", "DELETE")
def nowhere(_request: HttpRequest, _by: User, rest: str) -> HttpResponse:
    """An address that is none of the API's."""
    raise Missing(_("There is no such page."))


@api("GET")
def types(_request: HttpRequest, by: User) -> HttpResponse:
    """Every type that the caller may see something of."""
    return answer({"items": [type_json(kind, by) for kind in registry.all() if by.may("view", kind)]})


def rights_of(kind: RecordType, by: User) -> dict[str, str]:
    """How far each verb reaches for the caller."""
    verbs = [*VERBS, *(action.name for action in kind.all_actions)]
    return {verb: level_of(kind, by, verb) for verb in verbs}


def level_of(kind: RecordType, by: User, verb: str) -> str:
    """The level of one verb; ``criteria`` where only criteria open it."""
    action = kind.action(verb)
    scope = by.access.scope(kind.slug, action.may if action else verb)
    return "criteria" if scope.level == "none" and scope.criteria else scope.level


def type_json(kind: RecordType, by: User) -> dict[str, Any]:
    """One type with its fields, sortable fields, actions and the caller's rights."""
    hidden = by.access.hidden(kind)
    specs = [spec for name, spec in kind.fields.items() if name not in hidden]
    return {
        "type": kind.slug,
        "label": str(kind.label),
        "label_plural": str(kind.label_plural),
        "fields": [field_json(kind, spec, by) for spec in specs],
        "sortable": [spec.name for spec in specs if spec.sortable or spec.name == "title"],
        "actions": [
            {"name": action.name, "label": str(action.label), "arguments": [argument_json(spec) for spec in action.specs.values()]}
            for action in kind.all_actions
        ],
        "relations": [{"name": relation.name, "type": relation.target} for relation in kind.relations.values()],
        "rights": rights_of(kind, by),
    }


def argument_json(spec: FieldSpec) -> dict[str, Any]:
    """A field or argument in brief."""
    found: dict[str, Any] = {"name": spec.name, "kind": spec.kind, "label": str(spec.label), "required": spec.required}
    if spec.target:
        found["target"] = spec.target
    if spec.choices:
        found["choices"] = [{"value": value, "label": str(label)} for value, label in spec.choices]
    return found


def field_json(kind: RecordType, spec: FieldSpec, by: User) -> dict[str, Any]:
    """A field of a type; the rows of a document with their own fields."""
    found = argument_json(spec) | {
        "required": spec.name in kind.arranged(by).always_needed,
        "editable": spec.editable and by.access.field(kind.slug, spec.name) == "write",
        "sortable": spec.sortable,
        "many": spec.many,
    }
    if spec.kind == "lines":
        found["fields"] = [argument_json(inner) for inner in kind.collections[spec.name].fields.values()]
    return found


@api("GET")
def search(request: HttpRequest, by: User) -> HttpResponse:
    """Records of any type whose search text matches; with ``counts=1`` also how many there are of each type."""
    wanted = [slug for slug in request.GET.get("types", "").split(",") if slug]
    found = look(request.GET.get("q", ""), by, types=wanted or None, limit=limit(request, 20))
    items = [{"type": hit.type, "id": str(hit.id), "title": hit.title, "subtitle": hit.subtitle} for hit in found.hits]
    return answer({"items": items, "counts": found.counts} if request.GET.get("counts") == "1" else {"items": items})


@api("GET")
def openapi(_request: HttpRequest, by: User) -> HttpResponse:
    """The description of the API as the caller may use it."""
    return answer(describe(by))
