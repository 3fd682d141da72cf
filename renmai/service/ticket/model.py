"""A customer's question or trouble, and by when it is to be solved."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.territory.model import Territorial
from renmai.kernel.records.fields import Choice, Link, LongText, Moment, Text
from renmai.kernel.records.numbers import Number


class TicketStatus(models.TextChoices):
    """Where a ticket stands."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


class TicketPriority(models.TextChoices):
    """How urgent a ticket is."""

    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


SOLVED = (TicketStatus.RESOLVED, TicketStatus.CLOSED)
HOURS_TO_SOLVE = {TicketPriority.URGENT: 4, TicketPriority.HIGH: 8, TicketPriority.NORMAL: 24, TicketPriority.LOW: 72}


class Ticket(Territorial):
    """A ticket."""

    number = Number(_("Number"), prefix="T", sortable=True)
    subject = Text(_("Subject"))
    body = LongText(_("Text"), blank=True)
    account = Link("directory.Account", _("Account"), blank=True)
    person = Link("directory.Person", _("Person"), blank=True)
    status = Choice(TicketStatus, _("Status"), default=TicketStatus.NEW)
    priority = Choice(TicketPriority, _("Priority"), default=TicketPriority.NORMAL)
    due_at = Moment(_("Due"), blank=True, sortable=True)
    resolved_at = Moment(_("Resolved"), blank=True, sortable=True)

    titled_by: ClassVar[tuple[str, ...]] = ("subject",)

    class Meta:
        verbose_name, verbose_name_plural = _("ticket"), _("tickets")
        indexes = [models.Index(fields=["status", "due_at", "id"], name="ticket_status", condition=models.Q(deleted_at=None))]

    def heading(self) -> str:
        """Its subject."""
        return self.subject

    def is_open(self) -> bool:
        """Still to be solved."""
        return self.status not in SOLVED

    def is_solved(self) -> bool:
        """Resolved or closed."""
        return not self.is_open()

    def derive(self, changed: set[str]) -> None:
        """The due time from the priority, unless it is given; the time of solution from the status."""
        if self.due_at is None or (self._state.adding and "due_at" not in changed):
            self.due_at = self.created_at + dt.timedelta(hours=HOURS_TO_SOLVE[TicketPriority(self.priority)])
        if self.is_open():
            self.resolved_at = None
        elif self.resolved_at is None:
            self.resolved_at = timezone.now()
