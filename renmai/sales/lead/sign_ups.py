"""``/campaigns/<id>/sign-ups/``: from the page of an event to the leads who signed up for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renmai.kernel.api.records import visible
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.news import add_news
from renmai.kernel.records.types import registry
from renmai.marketing.campaign.model import Campaign
from renmai.sales.lead.model import Lead

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

EVENTS = {"event", "trade_show", "webinar"}


@page
def sign_ups(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """The way to the import of a list, with campaign and source filled in and a pool to choose."""
    campaign, kind = visible(registry.of(Campaign), key, by), registry.of(Lead)
    if not by.may("import", kind):
        return HttpResponse()
    preset = {"campaign": str(campaign.pk), "source": "event", "pool": ""}
    return render(request, "sales/lead/sign_ups.jinja", {"address": f"{kind.path()}import/?{urlencode(preset)}"})


add_news("sign-ups", lambda record: isinstance(record, Campaign) and record.kind in EVENTS)
