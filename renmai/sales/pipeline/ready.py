"""The pipeline that a new Renmai has."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from renmai.kernel.overlay.company import company
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.sales.pipeline.model import Pipeline, Stage

# English name → name for the reader, kind and probability in percent.
STAGES: dict[str, tuple[Any, str, int]] = {
    "Prospect": (_("Prospect"), "open", 10),
    "Contact": (pgettext_lazy("stage", "Contact"), "open", 20),
    "Needs": (_("Needs"), "open", 40),
    "Quotation": (_("Quotation"), "open", 60),
    "Tender": (_("Tender"), "open", 75),
    "Signing": (_("Signing"), "open", 90),
    "Won": (_("Won"), "won", 100),
    "Lost": (_("Lost"), "lost", 0),
}
NAMES = {"Sales": pgettext_lazy("pipeline", "Sales")}


def default_pipeline() -> Pipeline:
    """The oldest pipeline: where an opportunity goes that names none."""
    return Pipeline.objects.live().order_by("created_at", "id").first() or make_pipeline()


def make_pipeline() -> Pipeline:
    """Make the ready pipeline, in the company's language."""
    with override(company().language.lower()):
        pipeline: Any = create(registry.of(Pipeline), {"name": str(NAMES["Sales"])}, None)
        for position, (label, kind, probability) in enumerate(STAGES.values(), 1):
            values = {"name": str(label), "pipeline": pipeline, "position": position, "kind": kind, "probability": probability}
            create(registry.of(Stage), values, None)
    return pipeline


def install_pipeline(**_rest: Any) -> None:
    """Make the ready pipeline once; a company that changes it keeps its own."""
    if not Pipeline.objects.exists():
        make_pipeline()
