"""Addresses of handovers."""

from __future__ import annotations

from django.urls import path

from renmai.directory.handover import api, pages

urlpatterns = [
    path("api/v1/handovers/", api.handovers),
    path("api/v1/handovers/<uuid:key>/undo/", api.undo),
    path("handovers/", pages.index),
    path("handovers/new/", pages.new),
    path("handovers/<uuid:key>/undo/", pages.back),
    path("users/<uuid:key>/handover/", pages.strip),
]
