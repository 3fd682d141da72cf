"""How quotes look."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from renmai.commerce.quote.actions import accept, refuse, revise, send
from renmai.commerce.quote.model import Quote
from renmai.kernel.actions.errors import Refused
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import RecordType, register


@register
class QuoteType(RecordType):
    model = Quote
    icon, rank = "file-invoice", 50
    columns = ["number", "account", "opportunity", "status", "total", "valid_until", "owner", "created_at"]
    layout = {
        _("Quote"): ["number", "opportunity", "account", "person", "status", "revision", "valid_until", "owner"],
        _("Money"): ["currency", "tax_included", "lines", "net_total", "tax_total", "total"],
        _("Text"): ["terms", "refused_reason", "tags"],
    }
    search = ["number"]
    lies_with = "account"
    subtitle = "account"
    actions = [send, accept, refuse, revise]
    tells = ["account", "person", "opportunity"]
    reveals = {**dict.fromkeys(["sent", "accepted", "refused", "revised"], "status"), "reason": "refused_reason"}
    happenings = {
        "sent": _("sent to the customer"),
        "accepted": _("accepted by the customer"),
        "refused": _("refused by the customer"),
        "revised": _("revised"),
    }
    phrases = {
        "sent": _("%(by)s sent %(title)s"),
        "accepted": _("%(title)s was accepted"),
        "refused": _("%(title)s was refused"),
        "revised": _("%(by)s revised %(title)s"),
    }

    def require_editable(self, record: Record, changed: dict[str, Any]) -> None:
        """What the customer has in hand stays as it is."""
        if not record.is_draft() and set(changed) - {"owner", "team", "tags", "external_ids"}:  # type: ignore[attr-defined]
            raise Refused(_("A quote that was sent can be changed only by a revision."))
