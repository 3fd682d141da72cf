"""``/territories/<id>/``: the rule of a territory, and what it would change before it is saved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from renmai.kernel.access.territory.model import Territory, require_own_fields
from renmai.kernel.access.territory.trial import Trial, trial
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.api.records import visible
from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.store import update
from renmai.kernel.records.types import registry


@page
def territory(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Show, try or save the rule."""
    kind = registry.of(Territory)
    found: Any = visible(kind, key, by)
    of, may_edit = registry[found.covers], by.may("edit", found)
    if request.method != "POST" or not may_edit:
        return _show(request, found, Builder.of(of, by, found.criteria, related=False, company=True), may_edit)
    builder = Builder.read(request.POST, of, by, related=False, company=True)
    try:
        if builder.is_whole and "try" in request.POST:
            require_own_fields(builder.tree, of)
            found.criteria = builder.tree
            return _show(request, found, builder, may_edit, trial(found, by))
        if builder.is_whole:
            update(kind, key, {"criteria": builder.tree}, by)
            messages.success(request, _("Saved."))
            return redirect(kind.path(found))
    except (Invalid, ValueError) as problem:
        return _show(request, found, builder, may_edit, problem=str(problem))
    return _show(request, found, builder, may_edit, problem=_("Complete the rule first."))


def _show(
    request: HttpRequest, found: Any, builder: Builder, may_edit: bool, tried: Trial | None = None, problem: str = ""
) -> HttpResponse:
    about = {"territory": found, "of": registry[found.covers], "kind": registry.of(Territory), "builder": builder}
    about |= {"may_edit": may_edit, "tried": tried, "problem": problem}
    return render(request, "kernel/access/territory/territory.jinja", about, status=422 if problem else 200)
