"""Addresses of assignment."""

from __future__ import annotations

from django.urls import path

from renmai.sales.assignment import api, pages

urlpatterns = [
    path("api/v1/assignment-rules/<uuid:key>/trial/", api.trial_of),
    path("api/v1/leads/fairness/", api.fairness),
    path("settings/assignment/", pages.rules),
    path("settings/assignment/<uuid:key>/move/", pages.move),
    path("settings/assignment/<uuid:key>/switch/", pages.switch),
    path("assignment-rules/new/", pages.new),
    path("assignment-rules/<uuid:key>/", pages.rule),
    path("assignment-rules/<uuid:key>/edit/", pages.rule),
    path("leads/fairness/", pages.fairness),
]
