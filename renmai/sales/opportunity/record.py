"""How opportunities look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.types import Board, register
from renmai.sales.opportunity.model import Opportunity
from renmai.sales.pipeline.record import StagedType


@register
class OpportunityType(StagedType):
    model = Opportunity
    icon, rank = "target-arrow", 11
    columns = ["name", "account", "stage", "amount", "close_on", "owner", "last_touch_at"]
    layout = {
        _("Sale"): ["name", "account", "person", "product", "owner", "team"],
        _("Stage"): ["pipeline", "stage", "probability", "forecast_category", "lost_reason"],
        _("Money"): ["amount", "currency", "amount_source", "lines"],
        _("Time"): ["opened_on", "close_on", "closed_at"],
        _("Origin"): ["source", "campaign", "tags"],
    }
    board = Board(by="stage", sum="amount", action="move", within="pipeline", card=("account", "amount", "close_on", "owner"))
    search = ["name"]
    lies_with = "account"
    subtitle = "account"
    tells = ["account", "person"]
    follows = ["stage__pipeline", "pipeline"]
    begins = "opened_on"
