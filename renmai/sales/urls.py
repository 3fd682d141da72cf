"""Addresses of selling, besides those that every type has."""

from __future__ import annotations

from django.urls import include, path

from renmai.sales.conversion import pages as conversion
from renmai.sales.lead import sign_ups
from renmai.sales.qualification import funnel_pages, pages
from renmai.sales.response import pages as response
from renmai.sales.scoring import api as scores
from renmai.sales.scoring import pages as scoring

urlpatterns = [
    path("", include("renmai.sales.assignment.urls")),
    path("api/v1/leads/funnel/", funnel_pages.api_funnel),
    path("leads/funnel/", funnel_pages.funnel_page, name="lead-funnel"),
    path("api/v1/leads/answers/", response.api_answers),
    path("leads/answers/", response.answers_page, name="lead-answers"),
    path("leads/<uuid:key>/answer/", response.strip),
    path("campaigns/<uuid:key>/sign-ups/", sign_ups.sign_ups),
    path("response-goals/new/", response.new),
    path("response-goals/<uuid:key>/edit/", response.edit),
    path("leads/<uuid:key>/do/convert/", conversion.convert),
    path("leads/<uuid:key>/do/unconvert/", conversion.unconvert),
    path("entry-rules/new/", pages.new),
    path("entry-rules/<uuid:key>/edit/", pages.edit),
    path("api/v1/leads/<uuid:key>/score/", scores.score),
    path("api/v1/scoring-models/<uuid:key>/preview/", scores.preview),
    path("leads/<uuid:key>/score/", scoring.why),
    path("scoring-models/new/", scoring.new),
    path("scoring-models/preview/", scoring.preview),
    path("scoring-models/<uuid:key>/", scoring.version),
    path("scoring-models/<uuid:key>/edit/", scoring.version),
    path("scoring-models/<uuid:key>/preview/", scoring.previewed),
    path("scoring-models/<uuid:key>/copy/", scoring.do, {"name": "copy"}),
    path("scoring-models/<uuid:key>/rescore/", scoring.do, {"name": "rescore"}),
]
