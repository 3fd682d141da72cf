"""Something to be done by somebody by a time, once or again and again."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.activity.reminder.model import Reminded
from renmai.kernel.overlay.company import company
from renmai.kernel.records.fields import Boolean, Choice, Json, Link, Moment, Text

PASSED_ON = ("subject", "body", "method", "priority")


class Priority(models.TextChoices):
    """How urgent it is."""

    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")


class Again(models.TextChoices):
    """When the next one of a recurring task is made."""

    DONE = "done", _("When this one is done")
    DUE = "due", _("When this one is due")


class Task(Reminded):
    """A task; done when ``done_at`` is set.

    Attributes:
        recurrence: RRULE of RFC 5545, such as ``FREQ=WEEKLY;BYDAY=MO,TH``, counted from the due time; empty for once.
        occurs_at: the time by the rule that it stands for, whatever ``due_at`` was moved to.
        series: since when the rule counts, and what its following ones say.
        next: the one that came after it.
    """

    subject = Text(_("Subject"))
    priority = Choice(Priority, _("Priority"), default=Priority.NORMAL)
    recurrence = Text(_("Repeats"), blank=True, help_text=_("As in RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TH."))
    again = Choice(Again, _("The next one is made"), default=Again.DONE)
    working_days = Boolean(_("On working days only"), help_text=_("A day off moves to the next working day."))
    occurs_at = Moment(_("Due by its recurrence"), blank=True, editable=False)
    series: Any = Json(_("Series"), default=dict, blank=True, editable=False)
    next = Link("self", _("Next one"), rare=True, editable=False)

    class Meta(Reminded.Meta):
        verbose_name, verbose_name_plural = _("task"), _("tasks")
        indexes = [
            *Reminded.Meta.indexes,
            models.Index(fields=["due_at"], name="task_again", condition=models.Q(again=Again.DUE, next=None) & ~models.Q(recurrence="")),
        ]

    def zone(self) -> ZoneInfo:
        """Where its days begin and end: with whoever does it."""
        own = self.assignee.time_zone if self.assignee is not None else ""
        return ZoneInfo(own or company().time_zone)

    def recurs(self) -> bool:
        """It comes again."""
        return self.recurrence != ""

    def derive(self, changed: set[str]) -> None:
        """A rule counts from the task that it was given to, and so does what the following ones say."""
        super().derive(changed)
        if not self.recurrence:
            self.occurs_at, self.series = None, {}
        elif "recurrence" in changed or self.occurs_at is None:
            self.occurs_at = self.due_at
            self.series = self.like_this()

    def like_this(self) -> dict[str, Any]:
        """A series that begins here, with what this one says."""
        begins = self.due_at.isoformat() if self.due_at is not None else None
        return {"begins": begins, **{name: getattr(self, name) for name in PASSED_ON}}
