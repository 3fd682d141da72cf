"""Addresses of the statistics' part of the API."""

from __future__ import annotations

from django.urls import path

from renmai.activity.statistics import api

urlpatterns = [
    path("activity-statistics/", api.statistics),
]
