"""Addresses of the pairs that somebody has to look at."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.matching import pages

urlpatterns = [
    path("duplicates/", pages.duplicates, name="duplicates"),
    path("duplicates/look/", pages.look_again),
    path("duplicates/<int:key>/different/", pages.different),
]
