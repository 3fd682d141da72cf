"""The model that a new Renmai has, so that leads are scored from the first day."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from renmai.kernel.overlay.company import company
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.sales.scoring.model import LineKind, ModelState, ScoringModel
from renmai.sales.scoring.worth import Decay

NAMES = {"Lead scoring": gettext_lazy("Lead scoring")}
TALKS = ("call", "meeting", "visit", "follow-up")


def first_lines() -> list[dict[str, Any]]:
    """A beginning that fits most who sell to companies; of what happens, that which this Renmai knows of."""
    reach, company_known = ["email", "mobile", "job_title"], ["company", "industry", "employees", "country"]
    bigger = {"field": "employees", "op": "gte", "value": 50}
    recommended = {"field": "source", "op": "in", "value": ["referral", "partner"]}
    lines = [
        {"name": "Can be reached", "kind": LineKind.COMPLETE, "points": 15, "filled": reach},
        {"name": "Company is known", "kind": LineKind.COMPLETE, "points": 15, "filled": company_known},
        {"name": "Fifty people or more", "kind": LineKind.CRITERIA, "points": 15, "criteria": bigger},
        {"name": "Recommended", "kind": LineKind.CRITERIA, "points": 10, "criteria": recommended},
        {"name": "Has a budget", "kind": LineKind.CRITERIA, "points": 10, "criteria": {"field": "expected_amount", "op": "is_set"}},
    ]
    kinds = [f"{noun}.{verb}" for noun in TALKS for verb in ("created", "done") if any(kind.noun == noun for kind in registry.all())]
    talked = {"points": 8, "facts": kinds, "days": 60, "decay": Decay.HALF_LIFE, "half_life": 14, "most": 35}
    return [*lines, {"name": "We are talking", "kind": LineKind.BEHAVIOUR, **talked}]


def install_scoring(**_rest: Any) -> None:
    """Make the ready model once; a company that changes it keeps its own."""
    if ScoringModel._base_manager.exists():
        return
    with override(company().language.lower()):
        model = create(registry.of(ScoringModel), {"name": str(NAMES["Lead scoring"]), "lines": first_lines()}, None)
    now = timezone.now()
    published = {"state": ModelState.PUBLISHED, "number": 1, "published_at": now, "rescored_at": now}
    ScoringModel.objects.filter(pk=model.pk).update(**published)
