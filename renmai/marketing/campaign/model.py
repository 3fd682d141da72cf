"""An effort to win customers, with what it costs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.fields import Choice, Currency, Date, Money, Pick, Text
from renmai.kernel.records.record import Record

KINDS = {
    "email": _("E-mail"),
    "event": _("Event"),
    "trade_show": _("Trade show"),
    "webinar": _("Webinar"),
    "advertising": _("Advertising"),
    "social": _("Social media"),
    "content": _("Content"),
    "referral": _("Referral"),
    "other": _("Other"),
}


class CampaignStatus(models.TextChoices):
    """Where a campaign stands."""

    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")


class Campaign(Record):
    """A campaign."""

    name = Text(_("Name"), sortable=True)
    kind = Pick(_("Kind"), options=KINDS, blank=True)
    status = Choice(CampaignStatus, _("Status"), default=CampaignStatus.PLANNED)
    starts_on = Date(_("Starts"), blank=True, sortable=True)
    ends_on = Date(_("Ends"), blank=True, sortable=True)
    budget = Money(_("Budget"), blank=True, sortable=True)
    cost = Money(_("Cost"), blank=True, sortable=True)
    currency = Currency(_("Currency"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("campaign"), _("campaigns")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(starts_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_it_starts",
                violation_error_message=_("The campaign ends before it starts."),
            )
        ]
