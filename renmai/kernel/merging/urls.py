"""Addresses of merging."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.merging import pages, sources

urlpatterns = [
    path("<slug:slug>/merge/", pages.merge),
    path("<slug:slug>/<uuid:key>/sources/", sources.sources),
    path("<slug:slug>/<uuid:key>/apart/<uuid:merge>/", pages.apart),
]
