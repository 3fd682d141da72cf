"""``/duplicate-rules/new/`` and ``…/edit/``: a rule by form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Forbidden, Missing
from renmai.kernel.api.records import visible
from renmai.kernel.criteria.form import sent_by
from renmai.kernel.matching.model import DuplicateRule, matched
from renmai.kernel.matching.rule_form import RuleForm, Traits
from renmai.kernel.records.pages.door import PAGES, page
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

HERE = "kernel/matching"
FORM = f"{HERE}/rule.jinja"


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make one: first of which type, then the rest."""
    if not by.may("create", registry.of(DuplicateRule)):
        raise Forbidden(_("You may not create this."))
    if not request.GET.get("type"):
        return render(request, f"{HERE}/rule_types.jinja", {"kinds": matched(), "kind": registry.of(DuplicateRule)})
    return RuleForm(_type(request), by, None, sent_by(request)).answer(request, FORM)


@page
def edit(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Change one."""
    found: Any = visible(registry.of(DuplicateRule), key, by)
    if not by.may("edit", found):
        raise Forbidden(_("You may see this but not change it."))
    return RuleForm(registry[found.record_type], by, found, sent_by(request)).answer(request, FORM)


@require_POST
@page
def rows(request: HttpRequest, by: User) -> HttpResponse:
    """What is compared, with one more row."""
    table = Traits(_type(request), by)
    table.read(request.POST)
    table.errors = {}
    if request.POST.get("add"):
        table.add()
    return render(request, f"{PAGES}/rows.jinja", {"kind": registry.of(DuplicateRule), "tables": [table], "totals": []})


def _type(request: HttpRequest) -> RecordType:
    slug = request.GET.get("type") or request.POST.get("type", "")
    found = next((kind for kind in matched() if kind.slug == slug), None)
    if found is None:
        raise Missing(_("There is no such page."))
    return found
