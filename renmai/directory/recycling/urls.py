"""Addresses of recycling's pages."""

from __future__ import annotations

from django.urls import path

from renmai.directory.recycling import pages

urlpatterns = [
    path("recycling/", pages.preview, name="recycling"),
    path("recycling-rules/new/", pages.new),
    path("recycling-rules/<uuid:key>/", pages.rule),
    path("<slug:slug>/<uuid:key>/recycling/", pages.of_record),
]
