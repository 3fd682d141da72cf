"""Addresses of the generic pages: one set for every record type."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.access.pages import dialogs
from renmai.kernel.records.pages import (
    acts,
    bin,
    board,
    filters,
    find,
    forms,
    group_rows,
    history,
    listing,
    many,
    notices,
    past,
    record,
    rewind,
    totals,
    views,
    works,
)

urlpatterns = [
    path("search/", find.search),
    path("notices/", notices.notices),
    path("pick/", find.pick_any),
    path("recycle-bin/", bin.recycle_bin),
    path("jobs/<uuid:key>/", works.watch),
    path("jobs/<uuid:key>/stop/", works.cancel),
    path("jobs/<uuid:key>/undo/", many.take_back),
    path("<slug:slug>/", listing.listing),
    path("<slug:slug>/new/", forms.new),
    path("<slug:slug>/rows/", forms.compute),
    path("<slug:slug>/asked/", forms.asked),
    path("<slug:slug>/filter/", filters.edit),
    path("<slug:slug>/as-of/", past.ask),
    path("<slug:slug>/columns/", listing.columns),
    path("<slug:slug>/totals/", totals.below),
    path("<slug:slug>/group/", group_rows.rows),
    path("<slug:slug>/widths/", listing.widths),
    path("<slug:slug>/views/new/", views.new),
    path("<slug:slug>/views/<uuid:key>/", views.edit),
    path("<slug:slug>/views/<uuid:key>/save/", views.save),
    path("<slug:slug>/views/<uuid:key>/delete/", views.remove),
    path("<slug:slug>/views/<uuid:key>/move/", views.move),
    path("<slug:slug>/pick/", find.pick),
    path("<slug:slug>/bulk/", many.bulk),
    path("<slug:slug>/<uuid:key>/", record.record),
    path("<slug:slug>/<uuid:key>/edit/", forms.edit),
    path("<slug:slug>/<uuid:key>/delete/", acts.remove),
    path("<slug:slug>/<uuid:key>/history/", history.history),
    path("<slug:slug>/<uuid:key>/rewind/", rewind.rewind),
    path("<slug:slug>/<uuid:key>/access/", dialogs.access),
    path("<slug:slug>/<uuid:key>/sharing/", dialogs.sharing),
    path("<slug:slug>/<uuid:key>/place/", board.place),
    path("<slug:slug>/<uuid:key>/field/<str:name>/", forms.field),
    path("<slug:slug>/<uuid:key>/do/<slug:name>/", acts.act),
    path("<slug:slug>/<uuid:key>/write/<slug:activity>/", record.compose),
]
