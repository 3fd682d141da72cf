"""Addresses of charts."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.charts import views

urlpatterns = [
    path("charts/<uuid:key>/shown/", views.shown),
    path("charts/<uuid:key>/arrange/", views.arrange),
    path("<slug:slug>/chart/", views.make),
]
