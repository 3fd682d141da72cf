"""The append-only stream: one row per thing that happened, and one per record on whose timeline it stands."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from renmai.kernel.records.record import uuid7


class CurrentTransaction(models.Func):
    """The id of the running transaction, so that readers of the stream can wait for slower writers."""

    template = "pg_current_xact_id()"


class Xid8Field(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's 64-bit transaction id."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class Fact(models.Model):
    """Something that happened. Never changed, save by the erasure of a person.

    Attributes:
        seq: order of arrival.
        kind: noun and verb, ``"opportunity.moved"``.
        at: when it happened, which an import may set to the past; None where the file did not say.
        by: who did it; None for the system.
        data: what a reader needs to understand it without the records.
        xid: the transaction that wrote it.
    """

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid7, editable=False)
    kind = models.TextField()
    at = models.DateTimeField(null=True)
    # No constraint: whoever does something was just read, nobody is deleted, and a fact is never changed.
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    written_at = models.DateTimeField(db_default=Now())
    xid = Xid8Field(db_default=CurrentTransaction())

    class Meta:
        indexes = [models.Index(fields=["kind", "at"], name="fact_kind")]


class FactAbout(models.Model):
    """On whose timeline a fact stands. The first is the one it happened to."""

    # No constraint: ``say`` writes both at once and nothing changes them; to look at each fact again took a fifth of the writing.
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="about", db_index=True, db_constraint=False)
    type = models.TextField()
    record_id = models.UUIDField()
    at = models.DateTimeField(null=True)
    version = models.IntegerField(null=True)
    position = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["record_id", "at", "fact"], name="fact_about_record")]
