"""What a person keeps an eye on: records they follow, have starred, or have looked at lately."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Mark(models.Model):
    """One record that means something to one person."""

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    type = models.TextField()
    record_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Follow(Mark):
    """The person hears of what happens to the record. Its owner does without one, and stops by one that has ended.

    Attributes:
        stopped_at: the person has asked not to hear of it any more, and does not follow it by itself again.
    """

    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_id", "user"], name="follow_once")]
        indexes = [models.Index(fields=["user", "at"], name="follow_user")]


class Favourite(Mark):
    """The person has starred the record."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "record_id"], name="favourite_once")]
        indexes = [models.Index(fields=["record_id"], name="favourite_record")]


class Seen(Mark):
    """The person has looked at the record's page, last at ``at``."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "record_id"], name="seen_once")]
        indexes = [models.Index(fields=["user", "-at"], name="seen_user"), models.Index(fields=["record_id"], name="seen_record")]
