"""``/settings/assignment/``, ``/assignment-rules/…`` and ``/leads/fairness/``: the rules in order, one by form, and who got how much."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.api.records import reachable
from renmai.kernel.criteria.form import sent_by
from renmai.kernel.overlay.company import company
from renmai.kernel.records.clean import identity
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.record import record
from renmai.kernel.records.store import update
from renmai.kernel.records.types import registry
from renmai.kernel.settings.cards import Card, Group, add_card
from renmai.kernel.ui.inputs import Input
from renmai.kernel.ui.reader import current
from renmai.sales.assignment.fairness import Asked, report
from renmai.sales.assignment.form import DAYS, RuleForm
from renmai.sales.assignment.model import AssignmentRule
from renmai.sales.assignment.words import conditions, sentence

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

HERE = "sales/assignment"
FORM = f"{HERE}/rule.jinja"
STEP = 10

add_card(
    Card(
        Group.DATA,
        gettext_lazy("Fairness of leads"),
        gettext_lazy("Who got how many leads, and what they are worth, for each hour worked"),
        icon="scale",
        address="/leads/fairness/",
        words=gettext_lazy("Gini, distribution, workload, lead share"),
        is_shown=lambda by: by.may("view", registry["leads"]),
    )
)


@page
def rules(request: HttpRequest, by: User) -> HttpResponse:
    """The rules in their order, as sentences."""
    kind = registry.of(AssignmentRule)
    found = list(AssignmentRule.in_order().select_related("otherwise_user", "otherwise_team", "otherwise_pool"))
    told = [(rule, sentence(rule), list(conditions(rule))) for rule in found]
    return render(request, f"{HERE}/rules.jinja", {"kind": kind, "rules": told, "may_edit": by.may("create", kind)})


def _require_admin(by: User) -> None:
    if not by.may("create", registry.of(AssignmentRule)):
        raise Forbidden(_("Only administrators change this."))


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make one."""
    _require_admin(by)
    return _answer(request, RuleForm(by, None, sent_by(request)))


@page
def rule(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Show, try or change one; who may not change it sees the record."""
    found: Any = reachable(registry.of(AssignmentRule), key, by)
    if request.GET.get("as_of") or found.deleted_at or not by.may("edit", found):
        return record(request, slug=registry.of(AssignmentRule).slug, key=key)  # type: ignore[return-value]
    return _answer(request, RuleForm(by, found, sent_by(request)))


def _answer(request: HttpRequest, form: RuleForm) -> HttpResponse:
    if "try" not in request.POST:
        return form.answer(request, FORM, tried=None, days=DAYS)
    days = _days(request.POST.get("days", ""))
    return form.show(request, FORM, tried=form.tried(days), days=days, currency=company().currency)


def _days(text: str) -> int:
    return int(text) if text.isdecimal() and 0 < int(text) < 1_000 else DAYS


@require_POST
@page
def move(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Up or down by one among the others."""
    _require_admin(by)
    kind, found = registry.of(AssignmentRule), list(AssignmentRule.in_order())
    keys = [one.pk for one in found]
    if key in keys:
        place = keys.index(key)
        other = min(max(place + (1 if request.POST.get("to") == "down" else -1), 0), len(found) - 1)
        found.insert(other, found.pop(place))
    for number, one in enumerate(found, start=1):
        if one.position != number * STEP:
            update(kind, one.pk, {"position": number * STEP}, by)
    return redirect("/settings/assignment/")


@require_POST
@page
def switch(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """On or off."""
    update(registry.of(AssignmentRule), key, {"active": request.POST.get("active") == "true"}, by)
    return redirect("/settings/assignment/")


@page
def fairness(request: HttpRequest, by: User) -> HttpResponse:
    """Who got how much, and with ``who`` the rows behind one person's figures."""
    if not by.may("view", registry["leads"]):
        raise Forbidden(_("You may not see leads."))
    errors: dict[str, list[Any]] = {}
    try:
        asked = Asked.of(request.GET)
    except Invalid as problem:
        asked, errors = Asked.of({}), problem.errors
    found = report(asked, by)
    about = {"report": found, "inputs": _inputs(asked, errors), "query": urlencode(_query(asked)), "who": _who(request)}
    shown = {**about, "currency": company().currency, "rounded": _rounded}
    return render(request, f"{HERE}/fairness.jinja", shown, status=422 if errors else 200)


def _rounded(value: float, places: int) -> Decimal:
    return round(Decimal(value), places)


def _who(request: HttpRequest) -> Any:
    try:
        return identity(request.GET["who"]) if request.GET.get("who") else None
    except (ValueError, TypeError):
        return None


def _query(asked: Asked) -> dict[str, str]:
    """The report as an address names it."""
    named = {"from": asked.first.isoformat(), "to": asked.last.isoformat(), "rule": asked.rule, "pool": asked.pool}
    return {name: str(value) for name, value in named.items() if value is not None}


def _inputs(asked: Asked, errors: dict[str, list[Any]]) -> list[Input]:
    pools = registry["pools"].model.objects.live().order_by("sort_key")
    chosen = {"rule": AssignmentRule.in_order(), "pool": pools}
    labels = {"rule": _("Rule"), "pool": _("Pool")}
    days = [("from", _("From"), asked.first), ("to", _("To"), asked.last)]
    native = current().era == "ce"
    return [Input(name, label, "date", day.isoformat(), errors=errors.get(name, ()), native=native) for name, label, day in days] + [
        Input(
            name,
            labels[name],
            "select",
            str(getattr(asked, name) or ""),
            choices=[(str(one.pk), one.title) for one in rows],
            placeholder=_("All"),
            errors=errors.get(name, ()),
        )
        for name, rows in chosen.items()
    ]
