"""Addresses of the API: the fixed ones first, then one set for every record type."""

from __future__ import annotations

from django.urls import path, re_path

from renmai.kernel.api import fixed, history, records
from renmai.kernel.cleansing import api as cleansing
from renmai.kernel.comments.api import comment, comments, reaction
from renmai.kernel.files.api import file, files, files_of, of_record
from renmai.kernel.following import api as following
from renmai.kernel.inbound import api as inbound
from renmai.kernel.jobs.api import job
from renmai.kernel.matching import api as matching
from renmai.kernel.merging.sources import sources_of
from renmai.kernel.notify import api as notify
from renmai.kernel.transfer.api import exports, imports, rows_of_set, undo_of_move
from renmai.kernel.webhooks import api as webhooks

urlpatterns = [
    path("me/", fixed.me),
    path("types/", fixed.types),
    path("search/", fixed.search),
    path("openapi.json", fixed.openapi),
    path("files/", files),
    path("files/<uuid:key>/", file),
    path("notifications/", notify.notifications),
    path("notifications/read/", notify.read),
    path("favourites/", following.favourites),
    path("recents/", following.recents),
    path("jobs/<uuid:key>/", job),
    path("duplicates/", matching.duplicates),
    path("duplicates/<int:key>/different/", matching.different),
    path("imports/", imports),
    path("imports/moves/<uuid:key>/undo/", undo_of_move),
    path("exports/", exports),
    path("change-sets/<uuid:key>/rows/", rows_of_set),
    path("webhooks/<uuid:key>/secret/", webhooks.secret),
    path("webhooks/<uuid:key>/deliveries/", webhooks.deliveries),
    path("webhooks/<uuid:key>/deliveries/<uuid:delivery>/", webhooks.delivery),
    path("webhooks/<uuid:key>/deliveries/<uuid:delivery>/replay/", webhooks.again),
    path("inbound-webhooks/<uuid:key>/key/", inbound.key),
    path("inbound-webhooks/<uuid:key>/messages/", inbound.messages),
    path("inbound-webhooks/<uuid:key>/messages/<int:number>/replay/", inbound.replay),
    path("<slug:slug>/", records.records),
    path("<slug:slug>/bulk/", records.bulk),
    path("<slug:slug>/groups/", records.groups),
    path("<slug:slug>/quality/", cleansing.quality),
    path("<slug:slug>/tidy/", cleansing.tidy),
    path("<slug:slug>/<uuid:key>/", records.record),
    path("<slug:slug>/<uuid:key>/timeline/", records.timeline_of),
    path("<slug:slug>/<uuid:key>/history/", history.history_of),
    path("<slug:slug>/<uuid:key>/rewind/", history.rewound),
    path("<slug:slug>/<uuid:key>/access/", records.access_of),
    path("<slug:slug>/<uuid:key>/comments/", comments),
    path("<slug:slug>/<uuid:key>/comments/<uuid:comment>/", comment),
    path("<slug:slug>/<uuid:key>/comments/<uuid:comment>/reactions/<str:sign>/", reaction),
    path("<slug:slug>/<uuid:key>/followers/", following.followers),
    path("<slug:slug>/<uuid:key>/favourite/", following.favourite),
    path("<slug:slug>/<uuid:key>/files/", files_of),
    path("<slug:slug>/<uuid:key>/files/<uuid:file>/", of_record),
    path("<slug:slug>/<uuid:key>/sources/", sources_of),
    path("<slug:slug>/<uuid:key>/<slug:action>/", records.act),
    re_path(r"^(?P<rest>.*/)$", fixed.nowhere),
]
