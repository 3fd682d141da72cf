"""What goes through the stages of a pipeline. Its stage tells how likely it is, whether it is open, and what happens when it moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.fields import Link, Moment, Percent, Pick
from renmai.kernel.records.record import Record
from renmai.sales.pipeline.model import StageKind

LOST_REASONS = {
    "price": _("Price"),
    "competitor": _("Competitor"),
    "no_budget": _("No budget"),
    "no_decision": _("No decision"),
    "timing": _("Timing"),
    "features": _("Something was missing"),
    "other": _("Other"),
}


class Staged(Record):
    """A record that stands in a stage of a pipeline."""

    pipeline = Link("sales.Pipeline", _("Pipeline"), blank=True)
    stage = Link("sales.Stage", _("Stage"), blank=True)
    probability = Percent(_("Probability, %"), blank=True, sortable=True)
    closed_at = Moment(_("Closed"), blank=True, sortable=True)
    lost_reason = Pick(_("Why lost"), options=LOST_REASONS, blank=True)

    class Meta:
        abstract = True

    def is_open(self) -> bool:
        """Neither won nor lost."""
        return self.stage is not None and self.stage.kind == StageKind.OPEN

    def is_closed(self) -> bool:
        """Won or lost."""
        return not self.is_open()

    def derive(self, changed: set[str]) -> None:
        """What follows from the stage: its pipeline, how likely it is, and when it was closed."""
        self._follow_pipeline(changed)
        super().derive(changed)
        if self.stage is not None and (changed & {"stage", "pipeline"} or self._state.adding):
            self.follow_stage(self.stage, changed)

    def _follow_pipeline(self, changed: set[str]) -> None:
        if self.stage is not None and ("stage" in changed or self.pipeline is None):
            self.pipeline = self.stage.pipeline
        elif self.pipeline is not None and (self.stage is None or self.stage.pipeline_id != self.pipeline.pk):
            self.stage = self.pipeline.first_stage()
            changed.add("stage")

    def follow_stage(self, stage: Any, changed: set[str]) -> None:
        """Set what the stage that was just entered says, except where it was given beside it."""
        if "probability" not in changed:
            self.probability = stage.probability
        if stage.kind == StageKind.OPEN:
            self.closed_at = None
        elif self.closed_at is None:
            self.closed_at = timezone.now()

    def told(self) -> dict[str, Any]:
        """Where it began."""
        return self.position()

    def position(self) -> dict[str, Any]:
        """Where it stands now, as its facts tell it."""
        return {"to": _named(self.stage)}

    def events(self, before: dict[str, Any]) -> list[tuple[str, dict[str, Any], dt.datetime | None]]:
        """A change of stage is a move, and a closing or reopening where it is one."""
        if before and "stage" not in before:
            return []
        now, old = self.stage, before.get("stage")
        is_closed = now is not None and now.kind != StageKind.OPEN
        happened: list[tuple[str, dict[str, Any], dt.datetime | None]] = []
        if before:
            happened.append(("moved", {"from": _named(old), **self.position()}, self.closed_at if is_closed else None))
        if is_closed:
            happened.append((str(now.kind), {**self.position(), **self._reason()}, self.closed_at))
        elif old is not None and old.kind != StageKind.OPEN:
            happened.append(("reopened", self.position(), None))
        return happened

    def _reason(self) -> dict[str, Any]:
        is_told = self.stage.kind == StageKind.LOST and self.lost_reason
        return {"reason": self.lost_reason} if is_told else {}


def _named(stage: Any) -> dict[str, Any] | None:
    return {"id": str(stage.pk), "type": "stages", "title": stage.title, "kind": stage.kind} if stage is not None else None
