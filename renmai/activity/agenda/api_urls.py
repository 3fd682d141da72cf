"""Addresses of the agenda's part of the API."""

from __future__ import annotations

from django.urls import path

from renmai.activity.agenda import api, links_api

urlpatterns = [
    path("agenda/", api.agenda),
    path("my-day/", api.my_day),
    path("calendar-links/", links_api.links),
    path("calendar-links/<int:number>/", links_api.link),
]
