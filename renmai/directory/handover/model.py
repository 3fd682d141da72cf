"""That somebody's records went to others."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone

from renmai.kernel.records.record import uuid7

UNDONE_WITHIN = dt.timedelta(days=30)


class Handover(models.Model):
    """One handover. What it did stands in the change sets whose ``move`` it is.

    Attributes:
        person: whose records went.
        asked: to whom and which, as ``planning.Asked`` reads it.
        job: id of the job that did it.
        undone_at: when somebody asked for it to be taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    asked: Any = models.JSONField(default=dict)
    job = models.TextField(default="")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)

    def can_go_back(self) -> bool:
        """It is not longer ago than may be taken back, and nobody has done so."""
        return self.undone_at is None and timezone.now() - self.at <= UNDONE_WITHIN
