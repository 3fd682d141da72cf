"""How campaigns look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.types import Board, RecordType, register
from renmai.marketing.campaign.model import Campaign


@register
class CampaignType(RecordType):
    model = Campaign
    icon, rank = "speakerphone", 45
    columns = ["name", "kind", "status", "starts_on", "ends_on", "budget", "cost", "owner"]
    layout = {
        _("Campaign"): ["name", "kind", "status", "owner", "tags"],
        _("Time and money"): ["starts_on", "ends_on", "budget", "cost", "currency"],
    }
    board = Board(by="status", sum="cost", card=("kind", "starts_on"))
    search = ["name"]
    subtitle = "kind"
