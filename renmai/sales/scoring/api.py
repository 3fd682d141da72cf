"""Scores for programs: why a lead has its own, and what a version of the model would make of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing
from renmai.kernel.api.contributed import describe_paths, who_may
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.operations import (
    COUNT,
    DATE,
    ID,
    LINK,
    MAYBE_TEXT,
    MOMENT,
    TEXT,
    UUID,
    YES_NO,
    Schema,
    operation,
    several,
    whole,
)
from renmai.kernel.api.records import visible
from renmai.kernel.records.types import registry
from renmai.sales.scoring.explain import explained
from renmai.sales.scoring.model import LineKind, ScoringModel, leads
from renmai.sales.scoring.preview import Preview
from renmai.sales.scoring.scorer import scorer_of

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MAYBE_COUNT: Schema = {"type": ["integer", "null"]}
LINE: Schema = whole(name=TEXT, kind={"type": "string", "enum": list(LineKind.values)}, points=COUNT, most=MAYBE_COUNT, why=TEXT)
STEP: Schema = whole(at=MOMENT, score_before=MAYBE_COUNT, score=COUNT, version=MAYBE_COUNT, why=TEXT)
STEP["properties"] |= {"grade_before": MAYBE_TEXT, "grade": MAYBE_TEXT}
NEXT: Schema = whole(grade=TEXT, points=COUNT, ways=several(whole(text=TEXT, points=COUNT)))
SCORE: Schema = whole(
    score=COUNT,
    grade=MAYBE_TEXT,
    version=MAYBE_COUNT,
    model=LINK,
    good_from=MAYBE_COUNT,
    is_good=YES_NO,
    as_of=DATE,
    lines=several(LINE),
    hidden_points=MAYBE_COUNT,
    next={**NEXT, "type": ["object", "null"]},
    history=several(STEP),
)
PREVIEW: Schema = whole(
    leads=COUNT,
    changed=COUNT,
    bars=several(whole(**{"from": COUNT}, before=COUNT, after=COUNT)),
    grades=several(whole(grade=MAYBE_TEXT, before=COUNT, after=COUNT)),
    movers=several(whole(id=UUID, type={"const": "leads"}, title=TEXT, before=MAYBE_COUNT, after=COUNT)),
)
describe_paths(
    {
        "/api/v1/leads/{id}/score/": {
            "get": operation(
                "Why it has its score",
                SCORE,
                parameters=[ID],
                told="Line by line, with what lacks to the next grade and how the score came about. 404 while no version is published.",
            )
        }
    },
    to=who_may("view", "leads"),
)
describe_paths(
    {
        "/api/v1/scoring-models/{id}/preview/": {
            "get": operation(
                "What a version would change", PREVIEW, parameters=[ID], told="Of the leads that the caller sees; nothing is kept."
            )
        }
    },
    to=who_may("view", "scoring-models"),
)


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
