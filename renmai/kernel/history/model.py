"""Every change of every row, written by the database itself."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.functions import Now

BOOKKEEPING = frozenset({"title", "sort_key", "version", "created_at", "created_by", "updated_at", "updated_by"})
"""Columns that the history keeps so that the past can be shown exactly, and that it tells nobody: they follow from the others."""


class Exact(json.JSONDecoder):
    """Reads numbers as the database wrote them, amounts to the last place."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal})


class History(models.Model):
    """One change of one row. An insert of a record writes no difference, an update only the columns that changed.

    Attributes:
        type: slug of the record's type.
        record_id: the record; of a row of a document, the document.
        part: empty for the record itself, else what of it changed: ``lines``, ``about``, ``shares``.
        row_id: the row of a document, or what links an activity.
        operation: ``I``, ``U`` or ``D``.
        at: the clock of the database at that very moment, so that later changes of a row are later here too.
        by_id: who did it; None for Renmai itself and for whoever wrote by SQL.
        by_program: Renmai itself did it.
        through: the name of the token with which a program did it for the person; NULL where somebody did it themselves.
        change: the same for all that one verb changed.
        change_set: the import or the work in bulk that changed it, if one did.
        version: the record's version after the change.
        changes: column → [old, new] as PostgreSQL writes them in JSON; own fields one by one as ``custom.<key>``.
    """

    type = models.TextField()
    record_id = models.UUIDField()
    part = models.TextField(default="", db_default="")
    row_id = models.UUIDField(null=True)
    operation = models.CharField(max_length=1)
    at = models.DateTimeField(db_default=Now())
    by_id = models.UUIDField(null=True)
    by_program = models.BooleanField(default=False, db_default=False)
    through = models.TextField(null=True)
    reason = models.TextField(null=True)
    change = models.UUIDField(null=True)
    change_set = models.UUIDField(null=True)
    version = models.IntegerField(null=True)
    changes = models.JSONField(null=True, decoder=Exact)

    class Meta:
        indexes = [
            models.Index(fields=["record_id", "at"], name="history_record"),
            models.Index(fields=["row_id", "at"], name="history_row", condition=models.Q(row_id__isnull=False)),
            models.Index(fields=["type", "part", "operation", "at"], include=["record_id", "row_id"], name="history_changed"),
        ]


class KnownField(models.Model):
    """A field of a type, and since when there is one; None for those that were there from the beginning."""

    type = models.TextField()
    name = models.TextField()
    since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "name"], name="known_field_once")]


class ExternalId(models.Model):
    """Which record another system knows by an id; kept by a trigger from ``external_ids``, so that it is true after any write."""

    type = models.TextField()
    source = models.TextField()
    value = models.TextField()
    record_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "source", "value"], name="external_id_once")]
        indexes = [models.Index(fields=["record_id"], name="external_id_record")]
