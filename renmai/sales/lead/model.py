"""Somebody who may become a customer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.directory.contact import PLACE
from renmai.directory.person.human import Human
from renmai.directory.pool.pooled import Pooled, pool_indexes
from renmai.directory.sources import SOURCES
from renmai.kernel.overlay.industries import INDUSTRIES
from renmai.kernel.records.fields import Choice, Currency, Integer, Link, Moment, Money, Pick, Text


class LeadStatus(models.TextChoices):
    """How far a lead has come."""

    NEW = "new", _("New")
    WORKING = "working", _("Working")
    MQL = "mql", _("Marketing qualified")
    SQL = "sql", _("Sales qualified")
    CONVERTED = "converted", _("Converted")
    DISQUALIFIED = "disqualified", _("Disqualified")


OPEN = (LeadStatus.NEW, LeadStatus.WORKING, LeadStatus.MQL, LeadStatus.SQL)
QUALIFIED = {LeadStatus.NEW: LeadStatus.MQL, LeadStatus.WORKING: LeadStatus.MQL, LeadStatus.MQL: LeadStatus.SQL}


class Lead(Pooled, Human):
    """A lead: who it is, where it came from and how far it has come."""

    company = Text(_("Company"), blank=True)
    source = Pick(_("Source"), options=SOURCES, blank=True)
    campaign = Link("marketing.Campaign", _("Campaign"), rare=True)
    first_page = Text(_("First page"), blank=True)
    referrer = Text(_("Came from"), blank=True)
    utm_source = Text(_("UTM source"), blank=True)
    utm_medium = Text(_("UTM medium"), blank=True)
    utm_campaign = Text(_("UTM campaign"), blank=True)
    utm_term = Text(_("UTM term"), blank=True)
    utm_content = Text(_("UTM content"), blank=True)
    status = Choice(LeadStatus, _("Status"), default=LeadStatus.NEW)
    industry = Pick(_("Industry"), options=INDUSTRIES, blank=True)
    employees = Integer(_("Employees"), blank=True)
    expected_amount = Money(_("Expected amount"), blank=True, sortable=True)
    currency = Currency(_("Currency"), blank=True)
    score = Integer(_("Score"), default=0, editable=False, sortable=True)
    grade = Text(_("Grade"), blank=True, editable=False)
    disqualified_reason = Text(_("Why disqualified"), blank=True, editable=False)
    converted_at = Moment(_("Converted"), blank=True, editable=False)
    converted_account = Link("directory.Account", _("Became account"), rare=True, editable=False)
    converted_person = Link("directory.Person", _("Became person"), rare=True, editable=False)
    converted_opportunity = Link("sales.Opportunity", _("Became opportunity"), rare=True, editable=False)
    last_touch_at = Moment(_("Last contact"), blank=True, editable=False, sortable=True)

    together: ClassVar[tuple[tuple[str, ...], ...]] = (PLACE,)
    held: ClassVar[models.Q] = ~models.Q(status=LeadStatus.DISQUALIFIED)
    won: ClassVar[models.Q] = models.Q(status=LeadStatus.CONVERTED)

    class Meta:
        verbose_name, verbose_name_plural = _("lead"), _("leads")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status=LeadStatus.CONVERTED, converted_at__isnull=False)
                | models.Q(~models.Q(status=LeadStatus.CONVERTED), converted_at__isnull=True),
                name="lead_converted_by_conversion",
                violation_error_message=_("A lead becomes converted only by converting it, and stays so."),
            )
        ]
        indexes = [
            models.Index(fields=["status", "created_at", "id"], name="lead_status", condition=models.Q(deleted_at=None)),
            models.Index(fields=["country", "created_at", "id"], name="lead_country", condition=models.Q(deleted_at=None)),
            *pool_indexes("lead"),
        ]

    def is_open(self) -> bool:
        """Neither converted nor disqualified."""
        return self.status in OPEN

    def is_convertible(self) -> bool:
        """Not converted yet; a disqualified lead may still come round."""
        return self.converted_at is None

    def takes_more(self) -> bool:
        """A converted lead is the person it has become: what comes in goes there."""
        return self.is_convertible()

    def is_qualifiable(self) -> bool:
        """A step of qualification is left."""
        return self.status in QUALIFIED
