"""Addresses of webhooks."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.webhooks import pages

urlpatterns = [
    path("webhooks/new/", pages.new),
    path("webhooks/<uuid:key>/", pages.webhook),
    path("webhooks/<uuid:key>/edit/", pages.edit),
    path("webhooks/<uuid:key>/secret/", pages.secret),
    path("webhooks/<uuid:key>/deliveries/<uuid:delivery>/replay/", pages.again),
]
