"""The newest leads that nobody has worked on."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import User
from renmai.kernel.records.types import registry
from renmai.kernel.ui.home.panels import panel, rows
from renmai.sales.lead.model import Lead, LeadStatus

FILTER = json.dumps({"field": "status", "op": "in", "value": [LeadStatus.NEW]})


@panel(_("New leads"), icon="user-plus", order=30, follows=["leads"], aside=True)
def new_leads(by: User) -> dict[str, Any] | None:
    """Those of the person, and those that belong to nobody yet."""
    kind = registry.of(Lead)
    if not by.may("view", kind):
        return None
    fresh = Lead.objects.visible_to(by).filter(Q(owner=by.pk) | Q(owner=None), status=LeadStatus.NEW).order_by("-created_at", "-id")
    address = f"{kind.path()}?{urlencode({'filter': FILTER})}"
    return rows(kind, fresh, ["company", "source", "created_at"], by, limit=6, address=address, empty=_("No lead waits for you."))
