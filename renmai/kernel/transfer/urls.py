"""Addresses of imports and exports in the browser."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.transfer import move_views, views

urlpatterns = [
    path("imports/moves/<uuid:key>/", move_views.move),
    path("imports/moves/<uuid:key>/undo/", move_views.take_back),
    path("imports/<uuid:key>/", views.prepare),
    path("imports/<uuid:key>/dry-run/", views.dry_run),
    path("imports/<uuid:key>/cancel/", views.cancel),
    path("imports/<uuid:key>/resume/", views.resume),
    path("imports/<uuid:key>/rows/", views.row_list),
    path("imports/<uuid:key>/undo/", views.take_back),
    path("imports/<uuid:key>/map.json", views.map_file),
    path("imports/<uuid:key>/errors.csv", views.errors),
    path("<slug:slug>/import/", views.upload),
    path("<slug:slug>/export.csv", views.export, {"format": "csv"}),
    path("<slug:slug>/export.xlsx", views.export, {"format": "xlsx"}),
]
