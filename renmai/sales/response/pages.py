"""The form of a goal, what a lead's page says of its first answer, and ``/leads/answers/``: who answers in time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.api.contributed import describe_paths, who_may
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.operations import COUNT, DATE, MAYBE_NUMBER, MAYBE_TEXT, TEXT, operation, several, whole
from renmai.kernel.api.records import visible
from renmai.kernel.criteria.form import CriteriaForm, sent_by
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.types import RecordType, registry
from renmai.sales.lead.model import Lead
from renmai.sales.qualification.funnel_pages import ASKED, ASKS, SPECS, Asked
from renmai.sales.response.clock import left_of
from renmai.sales.response.model import ResponseGoal
from renmai.sales.response.report import BY, kept

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

HERE = "sales/response"
KEPT = whole(id=MAYBE_TEXT, title=TEXT, in_time=COUNT, late=COUNT, overdue=COUNT, waiting=COUNT, share=MAYBE_NUMBER)
describe_paths(
    {
        "/api/v1/leads/answers/": {
            "get": operation(
                "Who answers in time",
                whole(**{"from": DATE, "to": DATE}, owners=several(KEPT), teams=several(KEPT)),
                parameters=ASKED,
                told="Leads of a period that a response goal is for, by owner and by team; `share` (0 to 1) is of those whose time is up.",
            )
        }
    },
    to=who_may("view", "leads"),
)


class GoalForm(CriteriaForm):
    """A goal on its way through the form."""

    asked = ("name", "priority", "begins", "minutes", "warn_before", "escalates", "people", "reassigns", "active")

    def of(self) -> RecordType:
        return registry["leads"]


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make one."""
    kind = registry.of(ResponseGoal)
    if not by.may("create", kind):
        raise Forbidden(_("You may not create this."))
    return GoalForm(kind, by, None, sent_by(request)).answer(request, f"{HERE}/goal.jinja")


@page
def edit(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Change one."""
    found: Any = visible(registry.of(ResponseGoal), key, by)
    if not by.may("edit", found):
        raise Forbidden(_("You may see this but not change it."))
    return GoalForm(registry.of(ResponseGoal), by, found, sent_by(request)).answer(request, f"{HERE}/goal.jinja")


@page
def strip(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """How long there is still to answer a lead."""
    lead: Any = visible(registry.of(Lead), key, by)
    if not (lead.awaits_answer() and lead.is_open()) or "answer_due_at" in by.access.hidden(registry.of(Lead)):
        return HttpResponse("")
    left = left_of(lead, timezone.now())
    return render(request, f"{HERE}/strip.jinja", {"lead": lead, "left": dt.timedelta(seconds=abs(left)), "is_late": left < 0})


def _leads(asked: Asked, by: User) -> Any:
    begin, end = asked.moments
    return Lead.objects.visible_to(by).filter(created_at__gte=begin, created_at__lt=end, **asked.only)


@api("GET")
def api_answers(request: HttpRequest, by: User) -> HttpResponse:
    """Who answers in time, as JSON: by person and by team."""
    asked = Asked.of(request.GET, by)
    told = {of: [one.as_json() for one in kept(_leads(asked, by), by, of)] for of in BY}
    return answer({"from": asked.begin.isoformat(), "to": asked.end.isoformat(), "owners": told["owner"], "teams": told["team"]})


@page
def answers_page(request: HttpRequest, by: User) -> HttpResponse:
    """Who answers in time, as tables."""
    errors: dict[str, list[Any]] = {}
    tables: list[Any] = []
    values: dict[str, Any] = request.GET.dict()
    try:
        asked = Asked.of(request.GET, by)
        tables = [(_("By person"), kept(_leads(asked, by), by, "owner")), (_("By team"), kept(_leads(asked, by), by, "team"))]
        values |= {"from": asked.begin.isoformat(), "to": asked.end.isoformat()}
    except Invalid as problem:
        errors = problem.errors
    inputs = Inputs(by, prefix="answers").of(list(SPECS.values()), {name: values.get(name, "") for name in ASKS}, errors)
    return render(request, f"{HERE}/answers.jinja", {"inputs": inputs, "tables": tables}, status=422 if errors else 200)
