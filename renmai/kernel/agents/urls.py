"""Addresses of the protocol and of proposals."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.agents import http, pages

urlpatterns = [
    path("mcp", http.mcp),
    path("mcp/", http.mcp),
    path("proposals/<uuid:key>/", pages.proposal),
]
