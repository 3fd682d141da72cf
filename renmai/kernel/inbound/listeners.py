"""The ways in that the kernel itself has."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.inbound.channel import Channel, add_channel
from renmai.kernel.inbound.doing import WEBHOOK


class Webhooks(Channel):
    """Other programs leave messages at an address of ours."""

    name, label = WEBHOOK, _("Inbound webhook")
    icon = "webhook"
    text = _("Other programs leave messages at an address, and you say which part goes into which field.")
    place, source = "/inbound-webhooks/", "api"


add_channel(Webhooks())
