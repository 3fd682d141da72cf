"""Addresses of selling, besides those that every type has."""

from __future__ import annotations

from django.urls import include, path

from renmai.sales.conversion import pages as conversion
from renmai.sales.qualification import funnel_pages, pages

urlpatterns = [
    path("", include("renmai.sales.assignment.urls")),
    path("api/v1/leads/funnel/", funnel_pages.api_funnel),
    path("leads/funnel/", funnel_pages.funnel_page, name="lead-funnel"),
    path("leads/<uuid:key>/do/convert/", conversion.convert),
    path("leads/<uuid:key>/do/unconvert/", conversion.unconvert),
    path("entry-rules/new/", pages.new),
    path("entry-rules/<uuid:key>/edit/", pages.edit),
]
