"""Addresses of mailboxes."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.inbound.overview import channels
from renmai.kernel.mailbox import api, pages

urlpatterns = [
    path("api/v1/channels/", channels),
    path("mailboxes/<uuid:key>/", pages.mailbox),
    path("mailboxes/<uuid:key>/password/", pages.password),
    path("mailboxes/<uuid:key>/look/", pages.look),
    path("api/v1/mailboxes/<uuid:key>/password/", api.password),
    path("api/v1/mailboxes/<uuid:key>/letters/", api.letters),
    path("api/v1/mailboxes/<uuid:key>/check/", api.checked),
]
