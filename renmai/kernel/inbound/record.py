"""How inbound webhooks look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.inbound.model import InboundWebhook
from renmai.kernel.records.types import RecordType, register


@register
class InboundWebhookType(RecordType):
    model = InboundWebhook
    icon, rank = "arrow-bar-to-down", 97
    columns = ["name", "target", "active", "signed", "updated_at"]
    layout = {_("Inbound webhook"): ["name", "target", "items", "pool", "actor", "signed", "active"]}
    search = ["name"]
    rail, ownerless, governs = False, True, True
    hint = _("Addresses at which other programs leave what becomes a record")
    found_by = _("webhook in, Zapier, web form, integration")
