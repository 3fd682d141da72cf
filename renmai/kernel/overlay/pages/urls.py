"""Addresses of the settings of fields."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.overlay.pages import arrange, changes, fields, layouts, rule, types

urlpatterns = [
    path("labels/", changes.index, name="labels"),
    path("labels/<slug:slug>/", changes.of_type, name="labels-of"),
    path("labels/<slug:slug>/<str:name>/", changes.edit, name="label"),
    path("labels/<slug:slug>/<str:name>/reset/", changes.reset, name="label-reset"),
    path("layouts/", layouts.index, name="layouts"),
    path("layouts/file/", layouts.export, name="layouts-export"),
    path("layouts/take-in/", layouts.take, name="layouts-take-in"),
    path("layouts/<slug:slug>/", layouts.of_type, name="layouts-of"),
    path("layouts/<slug:slug>/new/", layouts.new, name="layout-new"),
    path("layouts/<slug:slug>/<uuid:key>/", arrange.arrange, name="layout"),
    path("layouts/<slug:slug>/<uuid:key>/earlier/", layouts.earlier, name="layout-earlier"),
    path("layouts/<slug:slug>/<uuid:key>/reset/", layouts.reset, name="layout-reset"),
    path("layouts/<slug:slug>/<uuid:key>/preview/", layouts.preview, name="layout-preview"),
    path("layouts/<slug:slug>/<uuid:key>/asked/", layouts.asked, name="layout-asked"),
    path("layouts/<slug:slug>/<uuid:key>/sections/<str:section>/reset/", arrange.reset_section, name="layout-section-reset"),
    path("layouts/<slug:slug>/<uuid:key>/fields/<str:name>/", rule.rule, name="layout-field"),
    path("types/", types.index, name="types"),
    path("types/new/", types.new, name="type-new"),
    path("types/<uuid:key>/", types.edit, name="type"),
    path("types/<uuid:key>/remove/", types.remove, name="type-remove"),
    path("fields/", fields.index, name="fields"),
    path("fields/<slug:slug>/", fields.of_type, name="fields-of"),
    path("fields/<slug:slug>/new/", fields.kinds, name="fields-kinds"),
    path("fields/<slug:slug>/new/<slug:what>/", fields.new, name="fields-new"),
    path("fields/<slug:slug>/<uuid:key>/", fields.edit, name="field"),
    path("fields/<slug:slug>/check/", fields.check, name="fields-check"),
    path("fields/<slug:slug>/<uuid:key>/erase/", fields.erase, name="field-erase"),
    path("fields/<slug:slug>/<uuid:key>/remove/", fields.remove, name="field-remove"),
]
