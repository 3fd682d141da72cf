"""Addresses of the comments on a record."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_POST

from renmai.kernel.comments import pages

RECORD = "<slug:slug>/<uuid:key>"

urlpatterns = [
    path(f"{RECORD}/people/", pages.people),
    path(f"{RECORD}/comments/", require_POST(pages.write)),
    path(f"{RECORD}/comments/<uuid:comment>/", pages.change),
    path(f"{RECORD}/comments/<uuid:comment>/remove/", require_POST(pages.remove)),
    path(f"{RECORD}/comments/<uuid:comment>/react/", require_POST(pages.react)),
]
