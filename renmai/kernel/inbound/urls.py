"""Addresses of inbound webhooks."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.inbound import card, door, overview, pages

urlpatterns = [
    path("settings/channels/", overview.overview, name="settings-channels"),
    path("settings/channels/<slug:name>/test/", overview.test, name="settings-channel-test"),
    path("in/<str:secret>/", door.come_in),
    path("<slug:slug>/card/", card.card),
    path("inbound-webhooks/new/", pages.new),
    path("inbound-webhooks/<uuid:key>/", pages.inbound),
    path("inbound-webhooks/<uuid:key>/edit/", pages.edit),
    path("inbound-webhooks/<uuid:key>/key/", pages.key),
    path("inbound-webhooks/<uuid:key>/fields/", pages.mapping),
    path("inbound-webhooks/<uuid:key>/messages/<int:number>/replay/", pages.replay),
]
