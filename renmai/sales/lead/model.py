"""Somebody who may become a customer."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renmai.directory.contact import PLACE
from renmai.directory.person.human import Human
from renmai.directory.pool.pooled import Pooled, pool_indexes
from renmai.directory.sources import SOURCES
from renmai.kernel.overlay.industries import INDUSTRIES
from renmai.kernel.records.fields import Choice, Currency, Integer, Link, Moment, Money, Pick, Text
from renmai.sales.response.fields import Answered


class LeadStatus(models.TextChoices):
    """How far a lead has come."""

    NEW = "new", _("New")
    WORKING = "working", _("Working")
    MQL = "mql", _("Marketing qualified")
    SQL = "sql", _("Sales qualified")
    CONVERTED = "converted", _("Converted")
    DISQUALIFIED = "disqualified", _("Disqualified")


class Earlier(models.TextChoices):
    """The steps to which a lead can be taken back."""

    NEW = LeadStatus.NEW.value, LeadStatus.NEW.label
    WORKING = LeadStatus.WORKING.value, LeadStatus.WORKING.label
    MQL = LeadStatus.MQL.value, LeadStatus.MQL.label


class Grade(models.TextChoices):
    """What a score comes to."""

    A = "A", pgettext_lazy("grade", "A")
    B = "B", pgettext_lazy("grade", "B")
    C = "C", pgettext_lazy("grade", "C")
    D = "D", pgettext_lazy("grade", "D")


OPEN = (LeadStatus.NEW, LeadStatus.WORKING, LeadStatus.MQL, LeadStatus.SQL)
RANK: dict[str, int] = {status: rank for rank, status in enumerate(OPEN)}
QUALIFIED = {LeadStatus.NEW: LeadStatus.MQL, LeadStatus.WORKING: LeadStatus.MQL, LeadStatus.MQL: LeadStatus.SQL}
ENTERED = {LeadStatus.WORKING: "working_at", LeadStatus.MQL: "mql_at", LeadStatus.SQL: "sql_at"}
CAUSES = {
    "no_need": _("No need"),
    "no_budget": _("No budget"),
    "no_decision": _("Not the one who decides"),
    "timing": _("Wrong time"),
    "competitor": _("Bought elsewhere"),
    "unreachable": _("Cannot be reached"),
    "wrong_data": _("Wrong data"),
    "duplicate": _("Known already"),
    "other": _("Other"),
}


class Lead(Pooled, Answered, Human):
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
    score = Integer(_("Score"), default=0, editable=False, sortable=True, unkept=True)  # see ``sales/scoring``, which keeps its history
    grade = Choice(Grade, _("Grade"), blank=True, editable=False, unkept=True)
    working_at = Moment(_("Work began"), blank=True, editable=False)
    mql_at = Moment(_("Marketing qualified since"), blank=True, editable=False)
    sql_at = Moment(_("Sales qualified since"), blank=True, editable=False)
    disqualified_at = Moment(_("Disqualified"), blank=True, editable=False)
    disqualified_cause = Pick(_("Cause of disqualification"), options=CAUSES, blank=True, editable=False)
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
            models.Index(fields=["owner"], name="lead_in_work", condition=models.Q(deleted_at=None, status__in=OPEN)),
            *pool_indexes("lead"),
        ]

    def derive(self, changed: set[str]) -> None:
        """Each step keeps the time at which it was entered, until the lead is taken back behind it."""
        super().derive(changed)
        if "status" in changed or self._state.adding:
            self._time_steps(self.created_at if self._state.adding else timezone.now())

    def _time_steps(self, now: dt.datetime) -> None:
        rank = RANK.get(self.status)
        for step, name in ENTERED.items():
            if self.status == step:
                setattr(self, name, getattr(self, name) or now)
            elif rank is not None and RANK[step] > rank:
                setattr(self, name, None)
        self.disqualified_at = (self.disqualified_at or now) if self.status == LeadStatus.DISQUALIFIED else None

    def reached(self) -> LeadStatus:
        """The last open step that it has entered."""
        return next((step for step, name in reversed(ENTERED.items()) if getattr(self, name)), LeadStatus.NEW)

    def told(self) -> dict[str, Any]:
        """Where it begins, unless that is the beginning."""
        return {} if self.status == LeadStatus.NEW else {"status": self.status}

    def events(self, before: dict[str, Any]) -> list[tuple[str, dict[str, Any], dt.datetime | None]]:
        """A step forward, by whatever way it came; steps back are told by the actions that take them."""
        old, found = before.get("status"), super().events(before)
        if old not in RANK or self.status not in RANK or RANK[self.status] <= RANK[old]:
            return found
        return [*found, ("begun" if self.status == LeadStatus.WORKING else "qualified", {"from": str(old), "to": str(self.status)}, None)]

    def circulates(self) -> bool:
        """Neither converted nor disqualified."""
        return self.is_open()

    def is_disqualified(self) -> bool:
        """Closed without having become a customer."""
        return self.status == LeadStatus.DISQUALIFIED

    def is_begun(self) -> bool:
        """Open, and further than new: there is a step to be taken back to."""
        return RANK.get(self.status, 0) > 0

    def is_open(self) -> bool:
        """Neither converted nor disqualified."""
        return self.status in OPEN

    def is_converted(self) -> bool:
        """It has become a customer, and nobody has taken that back."""
        return self.converted_at is not None

    def is_convertible(self) -> bool:
        """Not converted yet; a disqualified lead may still come round."""
        return self.converted_at is None

    def takes_more(self) -> bool:
        """A converted lead is the person it has become: what comes in goes there."""
        return self.is_convertible()

    def is_qualifiable(self) -> bool:
        """A step of qualification is left."""
        return self.status in QUALIFIED
