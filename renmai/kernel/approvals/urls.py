"""Addresses of approvals."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.approvals import by_link, flow_page

urlpatterns = [
    path("approve/<str:token>/", by_link.approve, name="approve"),
    path("approval-flows/new/", flow_page.new),
    path("approval-flows/<uuid:key>/", flow_page.flow),
    path("approval-flows/<uuid:key>/edit/", flow_page.flow),
]
