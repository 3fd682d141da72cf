"""Addresses of recycling's part of the API."""

from __future__ import annotations

from django.urls import path

from renmai.directory.recycling import api

urlpatterns = [
    path("recycling/", api.would_go),
    path("recycling/run/", api.run_now),
    path("recycling/simulate/", api.simulation),
    path("<slug:slug>/<uuid:key>/recycling/", api.of_record),
]
