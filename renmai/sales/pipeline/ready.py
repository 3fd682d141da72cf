"""The pipeline that a new Renmai has."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from renmai.kernel.overlay.company import company
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.sales.pipeline.model import Pipeline, Stage

STAGES = [
    (_("Prospect"), "open", 10),
    (_("Contact"), "open", 20),
    (_("Needs"), "open", 40),
    (_("Quotation"), "open", 60),
    (_("Tender"), "open", 75),
    (_("Signing"), "open", 90),
    (_("Won"), "won", 100),
    (_("Lost"), "lost", 0),
]
NAME = _("Sales")


def default_pipeline() -> Pipeline:
    """The oldest pipeline: where an opportunity goes that names none."""
    return Pipeline.objects.live().order_by("created_at", "id").first() or make_pipeline()


def make_pipeline() -> Pipeline:
    """Make the ready pipeline, in the company's language."""
    with override(company().language.lower()):
        pipeline: Any = create(registry.of(Pipeline), {"name": gettext(NAME)}, None)
        for position, (name, kind, probability) in enumerate(STAGES, 1):
            values = {"name": gettext(name), "pipeline": pipeline, "position": position, "kind": kind, "probability": probability}
            create(registry.of(Stage), values, None)
    return pipeline


def install_pipeline(**_rest: Any) -> None:
    """Make the ready pipeline once; a company that changes it keeps its own."""
    if not Pipeline.objects.exists():
        make_pipeline()
