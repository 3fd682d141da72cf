"""Something to be done by somebody by a time."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.activity.base import Activity
from renmai.kernel.records.fields import Choice, Text


class Priority(models.TextChoices):
    """How urgent it is."""

    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")


class Task(Activity):
    """A task; done when ``done_at`` is set."""

    subject = Text(_("Subject"))
    priority = Choice(Priority, _("Priority"), default=Priority.NORMAL)

    class Meta:
        verbose_name, verbose_name_plural = _("task"), _("tasks")
