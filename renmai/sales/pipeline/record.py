"""How pipelines, stages and whatever goes through them look."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.types import Board, RecordType, register
from renmai.sales.pipeline.actions import lose, move, reopen, win
from renmai.sales.pipeline.model import Pipeline, Stage, StageKind
from renmai.sales.pipeline.ready import NAMES, STAGES, default_pipeline


@register
class PipelineType(RecordType):
    model = Pipeline
    icon, rank = "filter", 70
    ready = NAMES
    columns = ["name", "created_at"]
    layout = {_("Pipeline"): ["name"]}
    search = ["name"]
    rail, open_to_all, ownerless = False, True, True
    takes = ["stages"]
    hint = _("Ways of selling, each with its own stages")
    found_by = _("sales process, funnel")


@register
class StageType(RecordType):
    model = Stage
    icon, rank = "stairs", 71
    ready = {name: label for name, (label, _kind, _probability) in STAGES.items()}
    columns = ["name", "pipeline", "position", "kind", "probability"]
    layout = {_("Stage"): ["name", "pipeline", "position", "kind", "probability"]}
    search = ["name"]
    subtitle = "pipeline"
    rail, open_to_all, ownerless = False, True, True
    hint = _("Steps of a pipeline, and how likely each is to be won")
    found_by = _("funnel, probability, board columns")

    def complete(self, values: dict[str, Any]) -> None:
        """A new stage comes behind those of its kind, so that an open one stands before winning and losing."""
        if "position" not in values:
            others = Stage.objects.live().filter(pipeline=values.get("pipeline"))
            alike = others.filter(kind=values.get("kind", StageKind.OPEN)).aggregate(last=Max("position"))["last"]
            last = others.aggregate(last=Max("position"))["last"] or 0
            values["position"] = last + 1 if alike is None else alike


class StagedType(RecordType):
    """What every noun has whose model is ``Staged``: a board by stage, and the verbs of selling."""

    board = Board(by="stage", action="move", within="pipeline")
    actions = [win, lose, move, reopen]
    happenings: ClassVar[dict[str, Any]] = {
        "moved": _("moved to another stage"),
        "won": _("deal won"),
        "lost": _("deal lost"),
        "reopened": _("reopened"),
    }
    phrases: ClassVar[dict[str, Any]] = {
        "moved": _("%(by)s moved %(title)s from %(from)s to %(to)s"),
        "won": _("%(by)s won %(title)s"),
        "lost": _("%(by)s lost %(title)s"),
        "reopened": _("%(by)s reopened %(title)s"),
    }

    reveals: ClassVar[dict[str, str]] = {
        **dict.fromkeys(["moved", "won", "lost", "reopened", "from", "to"], "stage"),
        "reason": "lost_reason",
    }

    def complete(self, values: dict[str, Any]) -> None:
        """Without pipeline and stage it goes to the start of the company's own pipeline."""
        if not values.get("stage") and not values.get("pipeline"):
            values["pipeline"] = default_pipeline()

    def recall(self, values: dict[str, Any]) -> None:
        """Other systems keep one date of closing: of what is closed it is the day on which it was closed."""
        stage, close_on = values.get("stage"), values.get("close_on")
        if isinstance(stage, Stage) and stage.kind != StageKind.OPEN and close_on and not values.get("closed_at"):
            values["closed_at"] = close_on
