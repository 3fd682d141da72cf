"""Addresses of the calendar."""

from __future__ import annotations

from django.urls import path

from renmai.activity.agenda import calendar, dialogs, feed, my_day, subscribing

urlpatterns = [
    path("my-day/", my_day.my_day, name="my-day"),
    path("my-day/home/", my_day.on_home),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/events/", calendar.events),
    path("calendar/team/", calendar.team),
    path("calendar/new/", dialogs.new),
    path("calendar/feed/<str:secret>.ics", feed.feed),
    path("calendar/<slug:slug>/<uuid:key>.ics", feed.one),
    path("settings/calendar/", subscribing.links, name="settings-calendar"),
    path("settings/calendar/invitation/", subscribing.invitation),
    path("settings/calendar/<int:number>/revoke/", subscribing.revoke, name="settings-calendar-revoke"),
    path("calendar/<slug:slug>/<uuid:key>/", dialogs.entry),
    path("calendar/<slug:slug>/<uuid:key>/move/", dialogs.move),
]
