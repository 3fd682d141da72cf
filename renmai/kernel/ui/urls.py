"""Addresses of the shell."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.ui import views
from renmai.kernel.ui.home.views import home

urlpatterns = [
    path("", home, name="home"),
    path("me/", views.me),
    path("me/language/", views.language),
]
