"""What came in, counted."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Arrived(models.Model):
    """That something came in, or could not: what the page of all channels counts.

    Attributes:
        problem: why it could not be taken; then there is no record.
    """

    channel = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    type = models.TextField(default="")
    record_id = models.UUIDField(null=True)
    joined = models.BooleanField(default=False)
    problem = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["channel", "-at"], name="arrived_channel"), models.Index(fields=["at"], name="arrived_old")]
