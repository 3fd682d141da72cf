"""``/leads/funnel/`` and ``/api/v1/leads/funnel/``: how far the leads of a period came, and how long each step took."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.directory.sources import SOURCES
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.api.contributed import describe_paths, who_may
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.operations import COUNT, DATE, MAYBE_NUMBER, TEXT, UUID, operation, query, several, whole
from renmai.kernel.overlay.company import company
from renmai.kernel.records.clean import clean_values
from renmai.kernel.records.fields import Date, Link, Pick
from renmai.kernel.records.pages.door import page, typed
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.settings.cards import Card, Group, add_card
from renmai.sales.lead.model import Lead
from renmai.sales.qualification.funnel import Reached, funnel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from renmai.kernel.access.user import User

PERIOD = dt.timedelta(days=90)
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
for label, text, icon, address in (
    (gettext_lazy("How far leads come"), gettext_lazy("How many leads reach each step, and how long it takes"), "filter", "/leads/funnel/"),
    (gettext_lazy("First answers"), gettext_lazy("Who answers new leads in time"), "hourglass", "/leads/answers/"),
):
    add_card(Card(Group.DATA, label, text, icon=icon, address=address, is_shown=lambda by: by.may("view", "leads")))
ASKS: dict[str, models.Field[Any, Any]] = {
    "from": Date(gettext_lazy("Arrived from"), blank=True),
    "to": Date(gettext_lazy("Arrived until"), blank=True),
    "source": Pick(gettext_lazy("Source"), options=SOURCES, blank=True),
    "owner": Link("kernel.User", gettext_lazy("Owner"), blank=True),
}
SPECS = {name: FieldSpec.of(name, ask) for name, ask in ASKS.items()}
ASKED = [
    query("from", DATE, "the first day of arrival; 90 days before the last if left out", "2026-01-01"),
    query("to", DATE, "the last day of arrival; today if left out", "2026-03-31"),
    query("source", TEXT, "only from this source", "web"),
    query("owner", UUID, "only those of this user"),
]
STEP = whole(step=TEXT, count=COUNT, share=MAYBE_NUMBER, of_all=MAYBE_NUMBER, median_hours=MAYBE_NUMBER)
describe_paths(
    {
        "/api/v1/leads/funnel/": {
            "get": operation(
                "How far leads come",
                whole(**{"from": DATE, "to": DATE}, items=several(STEP)),
                parameters=ASKED,
                told="How many leads of a period reached each status, of those before and of all (0 to 1), and after how many hours.",
            )
        }
    },
    to=who_may("view", "leads"),
)


@dataclass(frozen=True)
class Asked:
    """Which leads the report is of.

    Attributes:
        begin, end: the first and the last day of arrival, in the company's zone.
        only: further conditions, as the ORM takes them.
    """

    begin: dt.date
    end: dt.date
    only: dict[str, Any]

    @classmethod
    def of(cls, given: Mapping[str, str], by: User) -> Asked:
        """As somebody asks for it; without days, the last 90.

        Raises:
            Invalid: with each argument that does not do.
        """
        typed("leads", by)
        sent = {name: given[name] for name in ASKS if given.get(name)}
        values, errors = clean_values(SPECS, sent, by)
        for name in ("from", "to"):
            if name in values and not EARLIEST <= values[name] <= LATEST:
                errors[name] = [_("A day is expected here, such as 2026-05-31.")]
        if errors:
            raise Invalid(errors)
        today = timezone.now().astimezone(zone()).date()
        end = values.get("to") or today
        begin = values.get("from") or end - PERIOD
        if begin > end:
            raise Invalid({"to": [_("The end lies before the beginning.")]})
        return cls(begin, end, {name: values[name] for name in ("source", "owner") if name in values})

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """When the first day begins and when the last one has ended."""
        return _midnight(self.begin), _midnight(self.end + dt.timedelta(days=1))

    def steps(self, by: User) -> list[Reached]:
        """What the report says of the leads that a person may see."""
        leads = Lead.objects.visible_to(by).filter(**self.only)
        return funnel(leads, *self.moments)


def zone() -> ZoneInfo:
    """Where the company's days begin and end."""
    return ZoneInfo(company().time_zone)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=zone())


@api("GET")
def api_funnel(request: HttpRequest, by: User) -> HttpResponse:
    """The steps as JSON: ``?from=2026-01-01&to=2026-03-31&source=web&owner=…``."""
    asked = Asked.of(request.GET, by)
    items = [one.as_json() for one in asked.steps(by)]
    return answer({"from": asked.begin.isoformat(), "to": asked.end.isoformat(), "items": items})


@page
def funnel_page(request: HttpRequest, by: User) -> HttpResponse:
    """The steps as a table."""
    errors: dict[str, list[Any]] = {}
    steps: list[Reached] = []
    values: dict[str, Any] = request.GET.dict()
    try:
        asked = Asked.of(request.GET, by)
        steps = asked.steps(by)
        values |= {"from": asked.begin.isoformat(), "to": asked.end.isoformat()}
    except Invalid as problem:
        errors = problem.errors
    inputs = Inputs(by, prefix="funnel").of(list(SPECS.values()), {name: values.get(name, "") for name in ASKS}, errors)
    about = {"inputs": inputs, "steps": steps}
    return render(request, "sales/qualification/funnel.jinja", about, status=422 if errors else 200)
