"""Every address of the house."""

from __future__ import annotations

from django.urls import include, path

from renmai.config import health
from renmai.config.sample import sample

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", include("renmai.activity.agenda.api_urls")),
    path("api/v1/", include("renmai.activity.statistics.api_urls")),
    path("", include("renmai.sales.urls")),
    path("", include("renmai.directory.handover.urls")),
    path("", include("renmai.directory.pool.urls")),
    path("api/v1/", include("renmai.directory.recycling.api_urls")),
    path("", include("renmai.marketing.urls")),
    path("", include("renmai.kernel.mailbox.urls")),
    path("api/v1/", include("renmai.kernel.api.urls")),
    path("", include("renmai.kernel.access.sign_in.urls")),
    path("", include("renmai.kernel.ui.urls")),
    path("settings/sample/", sample, name="settings-sample"),
    path("settings/", include("renmai.kernel.overlay.pages.urls")),
    path("", include("renmai.kernel.settings.urls")),
    path("", include("renmai.kernel.transfer.urls")),
    path("", include("renmai.kernel.charts.urls")),
    path("", include("renmai.kernel.cleansing.urls")),
    path("", include("renmai.kernel.criteria.builder.urls")),
    path("", include("renmai.kernel.approvals.urls")),
    path("", include("renmai.kernel.files.urls")),
    path("", include("renmai.kernel.comments.urls")),
    path("", include("renmai.kernel.following.urls")),
    path("", include("renmai.kernel.notify.urls")),
    path("", include("renmai.kernel.webhooks.urls")),
    path("", include("renmai.kernel.agents.urls")),
    path("", include("renmai.kernel.inbound.urls")),
    path("", include("renmai.kernel.matching.urls")),
    path("", include("renmai.kernel.merging.urls")),
    path("", include("renmai.activity.agenda.urls")),
    path("", include("renmai.directory.recycling.urls")),
    path("", include("renmai.activity.statistics.urls")),
    path("", include("renmai.kernel.records.pages.urls")),
]
handler400 = "renmai.kernel.ui.errors.bad_request"
handler403 = "renmai.kernel.ui.errors.forbidden"
handler404 = "renmai.kernel.ui.errors.not_found"
handler500 = "renmai.kernel.ui.errors.server_error"
handler429 = "renmai.kernel.access.sign_in.views.too_many"
