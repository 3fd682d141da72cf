"""Addresses of the settings of fields."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.overlay.pages import changes, fields, types

urlpatterns = [
    path("labels/", changes.index, name="labels"),
    path("labels/<slug:slug>/", changes.of_type, name="labels-of"),
    path("labels/<slug:slug>/<str:name>/", changes.edit, name="label"),
    path("labels/<slug:slug>/<str:name>/reset/", changes.reset, name="label-reset"),
    path("types/", types.index, name="types"),
    path("types/new/", types.new, name="type-new"),
    path("types/<uuid:key>/", types.edit, name="type"),
    path("types/<uuid:key>/remove/", types.remove, name="type-remove"),
    path("fields/", fields.index, name="fields"),
    path("fields/<slug:slug>/", fields.of_type, name="fields-of"),
    path("fields/<slug:slug>/new/", fields.kinds, name="fields-kinds"),
    path("fields/<slug:slug>/new/<slug:what>/", fields.new, name="fields-new"),
    path("fields/<slug:slug>/<uuid:key>/", fields.edit, name="field"),
    path("fields/<slug:slug>/<uuid:key>/remove/", fields.remove, name="field-remove"),
]
