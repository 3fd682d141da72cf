"""Addresses of the first page and of the settings."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.settings import company

urlpatterns = [
    path("welcome/", company.welcome, name="welcome"),
    path("welcome/skip/", company.skip_welcome, name="welcome-skip"),
    path("settings/company/", company.settings_of_company, name="settings-company"),
]
