"""Addresses of inbound webhooks."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.inbound import door, pages

urlpatterns = [
    path("in/<str:secret>/", door.come_in),
    path("inbound-webhooks/new/", pages.new),
    path("inbound-webhooks/<uuid:key>/", pages.inbound),
    path("inbound-webhooks/<uuid:key>/edit/", pages.edit),
    path("inbound-webhooks/<uuid:key>/key/", pages.key),
    path("inbound-webhooks/<uuid:key>/fields/", pages.mapping),
    path("inbound-webhooks/<uuid:key>/messages/<int:number>/replay/", pages.replay),
]
