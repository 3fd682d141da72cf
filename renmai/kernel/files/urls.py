"""Addresses of files and of those that hang on a record."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.files import pages

urlpatterns = [
    path("files/<uuid:key>/", pages.download),
    path("<slug:slug>/<uuid:key>/files/", pages.files),
    path("<slug:slug>/<uuid:key>/files/<uuid:file>/<str:verb>/", pages.change),
]
