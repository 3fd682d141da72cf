"""Addresses of the statistics."""

from __future__ import annotations

from django.urls import path

from renmai.activity.statistics import pages

urlpatterns = [
    path("team-activity/", pages.statistics, name="team-activity"),
]
