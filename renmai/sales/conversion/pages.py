"""The dialogs that convert a lead, with those who are known already, and take a conversion back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.actions.run import run
from renmai.kernel.api.records import visible
from renmai.kernel.matching.telling import Told, told_elsewhere
from renmai.kernel.records.clean import clean_values
from renmai.kernel.records.pages.acts import defaults, raw, typable
from renmai.kernel.records.pages.cells import lines
from renmai.kernel.records.pages.door import go, page
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.pages.typing import Errors, filled, typed_values
from renmai.kernel.records.types import registry
from renmai.sales.conversion.actions import convert as converting
from renmai.sales.conversion.making import GIVES, offered
from renmai.sales.lead.model import Lead

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

HERE = "sales/conversion"
JOINED = {"account": "accounts", "person": "people"}
TAKE = "take-"


@dataclass(frozen=True)
class Difference:
    """What a lead says otherwise than a record that it is to be joined to.

    Attributes:
        is_taken: the lead's value is chosen; where the record says nothing, it is at first.
    """

    name: str
    label: str
    lead: str
    stands: str
    is_taken: bool


@dataclass(frozen=True)
class Side:
    """One of the two that a lead may be joined to.

    Attributes:
        found: those that may be the same, the likeliest first.
        chosen: the one that is joined.
    """

    argument: str
    found: list[Told]
    chosen: Record | None
    differences: list[Difference]


@page
def convert(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Ask what the lead becomes, or do it."""
    lead: Any = visible(registry.of(Lead), key, by)
    if request.method != "POST":
        given = {spec.name: request.GET[spec.name] for spec in typable(converting) if spec.name in request.GET}
        return _dialog(request, by, lead, defaults(converting) | given, {})
    values, errors = typed_values(typable(converting), request.POST)
    if errors:
        return _dialog(request, by, lead, raw(converting, request), errors)
    take = {name: request.POST.getlist(f"{TAKE}{name}") for name in JOINED if values.get(name) and request.POST.getlist(f"{TAKE}{name}")}
    try:
        outcome = run(registry.of(Lead), "convert", key, by=by, arguments=filled(values) | {"take": take})
    except Invalid as problem:
        return _dialog(request, by, lead, raw(converting, request), problem.errors)
    became: Any = outcome.item
    last = became.converted_opportunity or became.converted_account or became.converted_person
    messages.success(request, _("“%(title)s” is converted. It can be taken back at any time.") % {"title": lead.title})
    return go(request, registry.of(last).path(last))


def _dialog(request: HttpRequest, by: User, lead: Lead, values: dict[str, Any], errors: Errors) -> HttpResponse:
    asked = typable(converting)
    known = told_elsewhere(registry.of(lead), lead, by)
    about = {
        "lead": lead,
        "address": request.path,
        "inputs": {input.name: input for input in Inputs(by, prefix="act").of(asked, values, errors)},
        "general": [sentence for name, said in errors.items() if name not in {spec.name for spec in asked} for sentence in said],
        "sides": [
            _side(request, by, lead, name, values, [one for one in known if one.record_type == slug]) for name, slug in JOINED.items()
        ],
        "take": TAKE,
    }
    return render(request, f"{HERE}/convert.jinja", about, status=422 if errors else 200)


def _side(request: HttpRequest, by: User, lead: Lead, name: str, values: dict[str, Any], found: list[Told]) -> Side:
    cleaned, _errors = clean_values({name: converting.specs[name]}, {name: values.get(name)}, by)
    chosen = cleaned.get(name)
    if chosen is None:
        return Side(name, found, None, [])
    picked = set(request.POST.getlist(f"{TAKE}{name}")) if request.method == "POST" else None
    return Side(name, found, chosen, _differences(by, lead, chosen, picked))


def _differences(by: User, lead: Lead, joined: Record, picked: set[str] | None) -> list[Difference]:
    kind, other = registry.of(joined), registry.of(lead)
    hidden = by.access.hidden(kind) | {name for name, of in GIVES[kind.slug].items() if of in by.access.hidden(other)}
    names = [name for name in offered(lead, joined) if name not in hidden and by.access.field(kind.slug, name) == "write"]
    sources = [GIVES[kind.slug].get(name, name) for name in names]
    theirs = lines(kind, [joined], [kind.fields[name] for name in names], by, editable=False)[0].cells
    ours = lines(other, [lead], [other.fields[name] for name in sources], by, editable=False)[0].cells
    return [
        Difference(name, str(kind.fields[name].label), mine.text, stands.text, stands.is_empty if picked is None else name in picked)
        for name, mine, stands in zip(names, ours, theirs, strict=True)
    ]


@page
def unconvert(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Tell what taking the conversion back comes to, or do it."""
    kind = registry.of(Lead)
    lead = visible(kind, key, by)
    if request.method == "POST":
        data = run(kind, "unconvert", key, by=by).data
        told = _("“%(title)s” is open again.") % {"title": lead.title}
        if data["kept"]:
            told += " " + _("Kept: %(titles)s.") % {"titles": ", ".join(one["title"] for one in data["kept"])}
        messages.success(request, told)
        return go(request, kind.path(lead))
    with transaction.atomic():
        data = run(kind, "unconvert", key, by=by).data
        transaction.set_rollback(True)
    return render(request, f"{HERE}/unconvert.jinja", {"lead": lead, "address": request.path, "gone": data["gone"], "kept": data["kept"]})
