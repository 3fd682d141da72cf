"""Pipelines and the stages that opportunities go through."""

from __future__ import annotations

from decimal import Decimal as Exact

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.fields import Choice, Integer, Link, Percent, Text
from renmai.kernel.records.record import Record


class StageKind(models.TextChoices):
    """What it means to be in a stage."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class Pipeline(Record):
    """A way of selling."""

    name = Text(_("Name"), sortable=True)

    class Meta:
        verbose_name, verbose_name_plural = _("pipeline"), _("pipelines")

    def first_stage(self, kind: str = StageKind.OPEN) -> Stage | None:
        """The first stage of a kind."""
        return Stage.objects.live().filter(pipeline=self, kind=kind).order_by("position", "id").first()


class Stage(Record):
    """A step of a pipeline."""

    name = Text(_("Name"), sortable=True)
    pipeline = Link(Pipeline, _("Pipeline"))
    position = Integer(_("Position"), default=0, sortable=True)
    kind = Choice(StageKind, _("Kind"), default=StageKind.OPEN)
    probability = Percent(_("Probability, %"), default=Exact(0), blank=True, sortable=True)

    class Meta:
        verbose_name, verbose_name_plural = _("stage"), _("stages")
