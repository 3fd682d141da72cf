"""Addresses of the shell."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.ui import views

urlpatterns = [
    path("me/", views.me),
    path("me/language/", views.language),
]
