"""Addresses of notifications."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.notify import pages

urlpatterns = [
    path("notifications/", pages.notifications, name="notifications"),
    path("notifications/tray/", pages.tray),
    path("notifications/count/", pages.count),
    path("notifications/read/", pages.read),
    path("notifications/push/", pages.subscription),
    path("notifications/<int:key>/", pages.go_there),
    path("settings/me/notifications/", pages.settings, name="settings-me-notifications"),
    path("unsubscribe/<str:token>/", pages.unsubscribe, name="unsubscribe"),
    path("sw.js", pages.worker),
]
