"""``/my-pools/``: what waits for a person, and whether somebody is known already; and the form of a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.directory.pool.look_up import ASKS, known
from renmai.directory.pool.model import Pool
from renmai.directory.pool.panel import desks_of
from renmai.directory.pool.pooled import pooled
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.api.records import visible
from renmai.kernel.criteria.form import CriteriaForm, sent_by
from renmai.kernel.records.pages.door import is_part, page
from renmai.kernel.records.pages.record import record as record_page
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui.inputs import Input
from renmai.kernel.ui.places import Place, add_place

if TYPE_CHECKING:
    from renmai.kernel.access.rights import Access
    from renmai.kernel.access.user import User

HERE = "directory/pool"
LABELS = {"phone": gettext_lazy("Phone"), "email": gettext_lazy("E-mail"), "name": gettext_lazy("Name of a person or company")}


def may_claim(access: Access) -> bool:
    """Their role lets them claim something."""
    return any(access.may("claim", kind.slug) for kind in pooled())


add_place(Place("directory", gettext_lazy("My pools"), "/my-pools/", "inbox", 50, may_claim))


def _inputs(typed: dict[str, str], errors: dict[str, list[Any]]) -> list[Input]:
    return [Input(name, LABELS[name], "text", typed.get(name, ""), errors=errors.get(name, ()), prefix="look-up") for name in ASKS]


@page
def my_pools(request: HttpRequest, by: User) -> HttpResponse:
    """What waits, pool by pool, to be claimed from here."""
    return render(request, f"{HERE}/desk.jinja", {"desks": desks_of(by), "inputs": _inputs({}, {}), "found": None})


@require_POST
@page
def look_up(request: HttpRequest, by: User) -> HttpResponse:
    """The answer alone for a script, else the page with it."""
    typed = {name: request.POST.get(name, "") for name in ASKS}
    errors: dict[str, list[Any]] = {}
    found = None
    try:
        found = known(typed, by)
    except Invalid as problem:
        errors = problem.errors if any(typed.values()) else {"phone": problem.errors["phone"]}
    shown = {"found": found, "inputs": _inputs(typed, errors)}
    status = 422 if errors else 200
    if is_part(request):
        return render(request, f"{HERE}/look_up.jinja", shown, status=status)
    return render(request, f"{HERE}/desk.jinja", {"desks": desks_of(by), **shown}, status=status)


class PoolForm(CriteriaForm):
    """A pool on its way through its form."""

    asked = (
        *("name", "description", "active", "teams", "users", "admins", "daily_limit", "holding_limit", "count_won"),
        *("cooldown_days", "cooldown_team", "protect_days", "hidden_fields"),
    )
    parts: ClassVar[dict[str, tuple[str, ...]]] = {
        "pool": asked[:3],
        "who": asked[3:6],
        "claiming": asked[6:12],
        "hidden": asked[12:],
    }

    def of(self) -> RecordType:
        return registry["users"]

    def part(self, name: str) -> list[Input]:
        """Some of the inputs."""
        return [made for made in self.inputs if made.name in self.parts[name]]


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make a pool."""
    kind = registry.of(Pool)
    if not by.may("create", kind):
        raise Forbidden(_("Only administrators change this."))
    return PoolForm(kind, by, None, sent_by(request)).answer(request, f"{HERE}/form.jinja")


@page
def edit(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Change a pool; whoever may not reads it."""
    kind = registry.of(Pool)
    found: Any = visible(kind, key, by)
    if not by.may("edit", found):
        return record_page(request, slug=kind.slug, key=key)  # type: ignore[return-value]
    return PoolForm(kind, by, found, sent_by(request)).answer(request, f"{HERE}/form.jinja")
