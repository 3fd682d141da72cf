"""How pipelines and stages look."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.types import RecordType, register
from renmai.sales.pipeline.model import Pipeline, Stage, StageKind


@register
class PipelineType(RecordType):
    model = Pipeline
    icon, rank = "filter", 70
    columns = ["name", "created_at"]
    layout = {_("Pipeline"): ["name"]}
    search = ["name"]
    rail, open_to_all, ownerless = False, True, True
    hint = _("Ways of selling, each with its own stages")


@register
class StageType(RecordType):
    model = Stage
    icon, rank = "stairs", 71
    columns = ["name", "pipeline", "position", "kind", "probability"]
    layout = {_("Stage"): ["name", "pipeline", "position", "kind", "probability"]}
    search = ["name"]
    subtitle = "pipeline"
    rail, open_to_all, ownerless = False, True, True
    hint = _("Steps of a pipeline, and how likely each is to be won")

    def complete(self, values: dict[str, Any]) -> None:
        """A new stage comes behind those of its kind, so that an open one stands before winning and losing."""
        if "position" not in values:
            others = Stage.objects.live().filter(pipeline=values.get("pipeline"))
            alike = others.filter(kind=values.get("kind", StageKind.OPEN)).aggregate(last=Max("position"))["last"]
            last = others.aggregate(last=Max("position"))["last"] or 0
            values["position"] = last + 1 if alike is None else alike
