"""A sale that may happen: with whom, how much, how likely and when."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as Exact
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.catalogue.product.model import PricedLine
from renmai.kernel.actions.errors import Refused
from renmai.kernel.records.fields import Choice, Currency, Date, Link, Moment, Money, Parent, Percent, Pick, Text
from renmai.kernel.records.kinds import amount as money_text
from renmai.kernel.records.record import Record
from renmai.sales.pipeline.model import StageKind
from renmai.sales.sources import SOURCES


class AmountSource(models.TextChoices):
    """What rules the amount."""

    TYPED = "typed", _("Typed")
    LINES = "lines", _("Lines")


class ForecastCategory(models.TextChoices):
    """How sure a sale is in the forecast."""

    OMITTED = "omitted", _("Omitted")
    PIPELINE = "pipeline", _("Pipeline")
    BEST_CASE = "best_case", _("Best case")
    COMMIT = "commit", _("Commit")
    CLOSED = "closed", _("Closed")


LOST_REASONS = {
    "price": _("Price"),
    "competitor": _("Competitor"),
    "no_budget": _("No budget"),
    "no_decision": _("No decision"),
    "timing": _("Timing"),
    "features": _("Something was missing"),
    "other": _("Other"),
}
FOLLOWS_LINES = _("The amount follows the lines. Change the lines, or remove them first.")
CATEGORY_OF = {StageKind.OPEN: ForecastCategory.PIPELINE, StageKind.WON: ForecastCategory.CLOSED, StageKind.LOST: ForecastCategory.OMITTED}


class Opportunity(Record):
    """An opportunity. Its stage says where it stands; its amount is typed or follows its lines, never both."""

    name = Text(_("Name"), sortable=True)
    account = Link("directory.Account", _("Account"), blank=True)
    person = Link("directory.Person", _("Person"), blank=True)
    pipeline = Link("sales.Pipeline", _("Pipeline"), blank=True)
    stage = Link("sales.Stage", _("Stage"), blank=True)
    amount = Money(_("Amount"), blank=True, sortable=True)
    amount_source = Choice(AmountSource, _("Amount is"), default=AmountSource.TYPED, editable=False)
    currency = Currency(_("Currency"), blank=True)
    probability = Percent(_("Probability, %"), blank=True, sortable=True)
    close_on = Date(_("Expected close"), blank=True, sortable=True)
    opened_on = Date(_("Opened"), blank=True, sortable=True)
    closed_at = Moment(_("Closed"), blank=True, sortable=True)
    source = Pick(_("Source"), options=SOURCES, blank=True)
    campaign = Link("marketing.Campaign", _("Campaign"), blank=True)
    product = Link("catalogue.Product", _("Product"), blank=True)
    lost_reason = Pick(_("Why lost"), options=LOST_REASONS, blank=True)
    forecast_category = Choice(ForecastCategory, _("Forecast"), blank=True)
    last_touch_at = Moment(_("Last contact"), blank=True, editable=False, sortable=True)

    class Meta:
        verbose_name, verbose_name_plural = _("opportunity"), _("opportunities")
        indexes = [
            models.Index(
                fields=["stage", "created_at", "id"],
                include=["amount", "currency"],
                name="opportunity_stage",
                condition=models.Q(deleted_at=None),
            )
        ]

    def is_open(self) -> bool:
        """Neither won nor lost."""
        return self.stage is not None and self.stage.kind == StageKind.OPEN

    def is_closed(self) -> bool:
        """Won or lost."""
        return not self.is_open()

    def derive(self, changed: set[str]) -> None:
        """What follows from the stage and from the lines."""
        self._follow_pipeline(changed)
        self._follow_stage(changed)
        self._follow_lines(changed)
        self.opened_on = self.opened_on or timezone.localdate()

    def _follow_pipeline(self, changed: set[str]) -> None:
        if self.stage is not None and ("stage" in changed or self.pipeline is None):
            self.pipeline = self.stage.pipeline
        elif self.pipeline is not None and (self.stage is None or self.stage.pipeline_id != self.pipeline.pk):
            self.stage = self.pipeline.first_stage()
            changed.add("stage")

    def _follow_stage(self, changed: set[str]) -> None:
        if self.stage is None or not (changed & {"stage", "pipeline"} or self._state.adding):
            return
        if "probability" not in changed:
            self.probability = self.stage.probability
        if "forecast_category" not in changed or not self.forecast_category:
            self.forecast_category = CATEGORY_OF[StageKind(self.stage.kind)]
        if self.stage.kind == StageKind.OPEN:
            self.closed_at = None
        elif self.closed_at is None:
            self.closed_at = timezone.now()

    def _follow_lines(self, changed: set[str]) -> None:
        if "lines" in changed:
            lines = self.rows("lines")
            self.amount_source = AmountSource.LINES if lines else AmountSource.TYPED
            if lines:
                self._follow_sum(sum((line.net for line in lines), Exact(0)), changed)
        elif "amount" in changed and self.amount_source == AmountSource.LINES:
            raise Refused(FOLLOWS_LINES)
        elif "currency" in changed and self.amount_source == AmountSource.LINES:
            self.amount = sum((line.net for line in self.derive_rows("lines")), Exact(0))

    def _follow_sum(self, total: Exact, changed: set[str]) -> None:
        if "amount" in changed and self.amount not in (None, total):
            raise Refused(FOLLOWS_LINES)
        self.amount = total

    def told(self) -> dict[str, Any]:
        """Where it began."""
        return self._position()

    def events(self, before: dict[str, Any]) -> list[tuple[str, dict[str, Any], dt.datetime | None]]:
        """A change of stage is a move, and a closing or reopening where it is one."""
        if before and "stage" not in before:
            return []
        now = self.stage
        old = before.get("stage") if before else None
        happened: list[tuple[str, dict[str, Any], dt.datetime | None]] = []
        at = self.closed_at if now is not None and now.kind != StageKind.OPEN else None
        if before:
            happened.append(("moved", {"from": _named(old), **self._position()}, at))
        if now is not None and now.kind != StageKind.OPEN:
            reason = {"reason": self.lost_reason} if now.kind == StageKind.LOST and self.lost_reason else {}
            happened.append((str(now.kind), {**self._position(), **reason}, at))
        elif old is not None and old.kind != StageKind.OPEN:
            happened.append(("reopened", self._position(), None))
        return happened

    def _position(self) -> dict[str, Any]:
        amount = None if self.amount is None else money_text(self.amount, self.currency)
        return {"to": _named(self.stage), "amount": amount, "currency": self.currency}


def _named(stage: Any) -> dict[str, Any] | None:
    return {"id": str(stage.pk), "title": stage.title, "kind": stage.kind} if stage is not None else None


class OpportunityLine(PricedLine):
    """What would be sold."""

    opportunity = Parent(Opportunity)

    class Meta(PricedLine.Meta):
        abstract = False
