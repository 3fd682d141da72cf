"""Reminders before something is due."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.activity.base import Activity
from renmai.kernel.records.fields import Choices, Moment

BEFORE = {
    "0": _("When it is due"),
    "10": _("10 minutes before"),
    "30": _("30 minutes before"),
    "60": _("1 hour before"),
    "120": _("2 hours before"),
    "1440": _("1 day before"),
    "2880": _("2 days before"),
    "10080": _("1 week before"),
}


class Reminded(Activity):
    """Something of which one is reminded before it is due.

    Attributes:
        reminders: minutes before ``due_at``, each as text.
        remind_at: when the next one goes out.
    """

    reminders = Choices(_("Remind"), options=BEFORE)
    remind_at = Moment(_("Next reminder"), blank=True, editable=False)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["remind_at"], name="%(class)s_remind", condition=models.Q(remind_at__isnull=False))]

    def derive(self, changed: set[str]) -> None:
        """A new due time brings its reminders anew; those that would lie behind us do not go out, and none for what is done."""
        super().derive(changed)
        if self.done_at is not None or self.due_at is None:
            self.remind_at = None
        elif changed & {"due_at", "reminders", "done_at", "happened_at"}:
            self.remind_at = self.next_reminder(timezone.now())

    def next_reminder(self, after: dt.datetime) -> dt.datetime | None:
        """The first reminder later than a moment."""
        moments = (self.due_at - dt.timedelta(minutes=int(minutes)) for minutes in self.reminders)
        return min((moment for moment in moments if moment > after), default=None)
