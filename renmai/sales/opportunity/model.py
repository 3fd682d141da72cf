"""A sale that may happen: with whom, how much, how likely and when."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.catalogue.product.model import PricedLine
from renmai.catalogue.product.worth import Worth
from renmai.directory.sources import SOURCES
from renmai.kernel.access.territory.model import Territorial
from renmai.kernel.records.fields import Choice, Date, Link, Moment, Parent, Pick, Text
from renmai.kernel.records.kinds import amount as money_text
from renmai.sales.pipeline.model import StageKind
from renmai.sales.pipeline.staged import Staged


class ForecastCategory(models.TextChoices):
    """How sure a sale is in the forecast."""

    OMITTED = "omitted", _("Omitted")
    PIPELINE = "pipeline", _("Pipeline")
    BEST_CASE = "best_case", _("Best case")
    COMMIT = "commit", _("Commit")
    CLOSED = "closed", _("Closed")


CATEGORY_OF = {StageKind.OPEN: ForecastCategory.PIPELINE, StageKind.WON: ForecastCategory.CLOSED, StageKind.LOST: ForecastCategory.OMITTED}


class Opportunity(Staged, Worth, Territorial):
    """An opportunity. Its stage says where it stands; its amount is typed or follows its lines, never both."""

    name = Text(_("Name"), sortable=True)
    account = Link("directory.Account", _("Account"), blank=True)
    person = Link("directory.Person", _("Person"), blank=True)
    close_on = Date(_("Expected close"), blank=True, sortable=True)
    opened_on = Date(_("Opened"), blank=True, sortable=True)
    source = Pick(_("Source"), options=SOURCES, blank=True)
    campaign = Link("marketing.Campaign", _("Campaign"), blank=True)
    product = Link("catalogue.Product", _("Product"), blank=True)
    forecast_category = Choice(ForecastCategory, _("Forecast"), blank=True)
    last_touch_at = Moment(_("Last contact"), blank=True, editable=False, sortable=True)

    class Meta:
        verbose_name, verbose_name_plural = _("opportunity"), _("opportunities")
        indexes = [
            models.Index(
                fields=["stage", "created_at", "id"],
                include=["amount", "currency", "pipeline"],
                name="opportunity_stage",
                condition=models.Q(deleted_at=None),
            )
        ]

    def derive(self, changed: set[str]) -> None:
        """What follows from the stage and from the lines."""
        super().derive(changed)
        self.opened_on = self.opened_on or timezone.localdate()

    def follow_stage(self, stage: Any, changed: set[str]) -> None:
        """The forecast follows the stage too."""
        super().follow_stage(stage, changed)
        if "forecast_category" not in changed or not self.forecast_category:
            self.forecast_category = CATEGORY_OF[StageKind(stage.kind)]

    def position(self) -> dict[str, Any]:
        """In which stage, and with how much money."""
        amount = None if self.amount is None else money_text(self.amount, self.currency)
        return {**super().position(), "amount": amount, "currency": self.currency}


class OpportunityLine(PricedLine):
    """What would be sold."""

    opportunity = Parent(Opportunity)

    class Meta(PricedLine.Meta):
        abstract = False
