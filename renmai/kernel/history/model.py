"""Every change of every row, written by the database itself."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class History(models.Model):
    """One change of one row. An insert writes no difference, an update only the columns that changed.

    Attributes:
        changes: column → [old, new] as PostgreSQL writes them in JSON.
        version: the row's version after the change.
    """

    type = models.TextField()
    record_id = models.UUIDField()
    operation = models.CharField(max_length=1)
    at = models.DateTimeField(db_default=Now())
    by_id = models.UUIDField(null=True)
    reason = models.TextField(null=True)
    version = models.IntegerField(null=True)
    changes = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["record_id", "id"], name="history_record")]


class ExternalId(models.Model):
    """Which record another system knows by an id; kept by a trigger from ``external_ids``, so that it is true after any write."""

    type = models.TextField()
    source = models.TextField()
    value = models.TextField()
    record_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "source", "value"], name="external_id_once")]
        indexes = [models.Index(fields=["record_id"], name="external_id_record")]
