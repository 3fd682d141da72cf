"""Addresses of the generic pages: one set for every record type."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.access.pages import dialogs
from renmai.kernel.records.pages import acts, bin, board, filters, find, forms, history, listing, notices, past, record, rewind

urlpatterns = [
    path("search/", find.search),
    path("notices/", notices.notices),
    path("recycle-bin/", bin.recycle_bin),
    path("<slug:slug>/", listing.listing),
    path("<slug:slug>/new/", forms.new),
    path("<slug:slug>/rows/", forms.compute),
    path("<slug:slug>/filter/", filters.edit),
    path("<slug:slug>/as-of/", past.ask),
    path("<slug:slug>/columns/", listing.columns),
    path("<slug:slug>/pick/", find.pick),
    path("<slug:slug>/bulk/", acts.bulk),
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
