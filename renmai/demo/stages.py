"""The ready pipeline in the language of the sample company."""

from __future__ import annotations

from django.utils.translation import override

from renmai.kernel.records.store import update
from renmai.kernel.records.types import registry
from renmai.sales.opportunity.model import Opportunity
from renmai.sales.pipeline.model import Stage
from renmai.sales.pipeline.ready import STAGES, default_pipeline


def translate_stages(language: str) -> None:
    """Name the stages of the ready pipeline in a language, as long as nobody uses or has changed them."""
    stages = list(Stage.objects.live().filter(pipeline=default_pipeline()).order_by("position"))
    is_ready = [(stage.kind, stage.version) for stage in stages] == [(kind, 1) for _label, kind, _probability in STAGES.values()]
    if not is_ready or Opportunity.objects.exists():
        return
    with override(language.lower()):
        for stage, (label, _kind, _probability) in zip(stages, STAGES.values(), strict=True):
            update(registry.of(Stage), stage.pk, {"name": str(label)}, None)
