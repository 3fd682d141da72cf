"""Scores for programs: why a lead has its own, and what a version of the model would make of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.records import visible
from renmai.kernel.records.types import registry
from renmai.sales.scoring.explain import explained
from renmai.sales.scoring.model import ScoringModel, leads
from renmai.sales.scoring.preview import Preview
from renmai.sales.scoring.scorer import scorer_of

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


@api("GET")
def score(_request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Why a lead has its score."""
    found = explained(visible(leads(), key, by), by)  # type: ignore[arg-type]
    if found is None:
        raise Missing(_("Nothing is scored: no version of the scoring model is published."))
    return answer(found.as_json())


@api("GET")
def preview(_request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """What a version would change."""
    model: Any = visible(registry.of(ScoringModel), key, by)
    return answer(Preview(scorer_of(model), by).as_json())
