"""The tickets that are due first."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import User
from renmai.kernel.records.types import registry
from renmai.kernel.ui.home.panels import panel, rows
from renmai.service.ticket.model import SOLVED, Ticket

FILTER = json.dumps(
    {
        "and": [
            {"field": "owner", "op": "eq", "value": {"var": "me"}},
            {"field": "status", "op": "not_in", "value": [str(one) for one in SOLVED]},
        ]
    }
)


@panel(_("My tickets"), icon="lifebuoy", order=40, follows=["tickets"], aside=True)
def tickets(by: User) -> dict[str, Any] | None:
    """Open tickets of the person, by the time they are due."""
    kind = registry.of(Ticket)
    if not by.may("view", kind):
        return None
    waiting = Ticket.objects.visible_to(by).filter(owner=by.pk).exclude(status__in=SOLVED).order_by(F("due_at").asc(nulls_last=True), "id")
    address = f"{kind.path()}?{urlencode({'filter': FILTER, 'sort': 'due_at'})}"
    return rows(kind, waiting, ["priority", "due_at", "account"], by, limit=6, address=address, empty=_("No ticket waits for you."))
