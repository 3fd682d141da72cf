"""The ways in that marketing has."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.inbound.channel import Channel, add_channel
from renmai.marketing.form.taking import FORM, REFERRAL


class Forms(Channel):
    """People fill in a form."""

    name, label = FORM, _("Web form")
    icon, verb = "forms", "submitted"
    text = _("A form on a page of its own, or on your web site by one line.")
    place, source = "/forms/", "form"


class Referrals(Forms):
    """People come by the link of a colleague or of a customer."""

    name, label = REFERRAL, _("Referral")
    icon = "users"
    text = _("A link that a colleague or a customer passes on; who it was is kept with the lead.")
    source = "referral"


add_channel(Forms())
add_channel(Referrals())
