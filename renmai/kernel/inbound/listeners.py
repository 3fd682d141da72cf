"""The ways in that the kernel itself has."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.inbound.card import Cards
from renmai.kernel.inbound.channel import Channel, add_channel
from renmai.kernel.inbound.chat import Chats
from renmai.kernel.inbound.doing import WEBHOOK
from renmai.kernel.inbound.own import ByFile, ByHand, ByProgram
from renmai.kernel.settings.cards import Card, Group, add_card, is_admin


class Webhooks(Channel):
    """Other programs leave messages at an address of ours."""

    name, label = WEBHOOK, _("Inbound webhook")
    icon = "webhook"
    text = _("Other programs leave messages at an address, and you say which part goes into which field.")
    place, source = "/inbound-webhooks/", "api"


for channel in (Webhooks(), Chats(), Cards(), ByHand(), ByFile(), ByProgram()):
    add_channel(channel)
add_card(
    Card(
        Group.PROGRAMS,
        _("Channels"),
        _("How leads come in: forms, mailboxes, webhooks; what came, and whether it works"),
        icon="arrow-bar-to-down",
        address="/settings/channels/",
        words=_("lead sources, intake, web form, e-mail to lead"),
        is_shown=is_admin,
    )
)
