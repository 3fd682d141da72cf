"""The person's opportunities on the home page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import User
from renmai.kernel.records.types import registry
from renmai.kernel.ui.home.panels import panel
from renmai.sales.opportunity.model import Opportunity
from renmai.sales.pipeline.overview import overview


@panel(_("My pipeline"), icon="filter-dollar", order=20, follows=["opportunities", "stages"], template="sales/opportunity/panel.jinja")
def pipeline(by: User) -> dict[str, Any] | None:
    """The open ones by stage."""
    kind = registry.of(Opportunity)
    return overview(kind, by) if by.may("view", kind) else None
