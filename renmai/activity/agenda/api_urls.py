"""Addresses of the agenda's part of the API."""

from __future__ import annotations

from django.urls import path

from renmai.activity.agenda import api

urlpatterns = [
    path("agenda/", api.agenda),
    path("my-day/", api.my_day),
]
