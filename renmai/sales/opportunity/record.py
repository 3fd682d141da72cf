"""How opportunities look."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.types import Board, RecordType, register
from renmai.sales.opportunity.actions import lose, move, reopen, win
from renmai.sales.opportunity.model import Opportunity
from renmai.sales.pipeline.model import Stage, StageKind
from renmai.sales.pipeline.ready import default_pipeline


@register
class OpportunityType(RecordType):
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
    subtitle = "account"
    actions = [win, lose, move, reopen]
    tells = ["account", "person"]
    begins = "opened_on"
    phrases = {
        "moved": _("%(by)s moved %(title)s from %(from)s to %(to)s"),
        "won": _("%(by)s won %(title)s"),
        "lost": _("%(by)s lost %(title)s"),
        "reopened": _("%(by)s reopened %(title)s"),
    }

    def complete(self, values: dict[str, Any]) -> None:
        """Without pipeline and stage it goes to the start of the company's own pipeline."""
        if not values.get("stage") and not values.get("pipeline"):
            values["pipeline"] = default_pipeline()

    def recall(self, values: dict[str, Any]) -> None:
        """Other systems keep one date of closing: of a closed sale it is the day on which it was closed."""
        stage, close_on = values.get("stage"), values.get("close_on")
        if isinstance(stage, Stage) and stage.kind != StageKind.OPEN and close_on and not values.get("closed_at"):
            values["closed_at"] = close_on
