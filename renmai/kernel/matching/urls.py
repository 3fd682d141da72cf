"""Addresses of the pairs that somebody has to look at, and of the rules by which they are found."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.matching import pages, rule_pages

urlpatterns = [
    path("duplicates/", pages.duplicates, name="duplicates"),
    path("duplicates/look/", pages.look_again),
    path("duplicates/<int:key>/different/", pages.different),
    path("duplicate-rules/new/", rule_pages.new),
    path("duplicate-rules/rows/", rule_pages.rows),
    path("duplicate-rules/<uuid:key>/edit/", rule_pages.edit),
    path("<slug:slug>/<uuid:key>/known/", pages.known),
]
