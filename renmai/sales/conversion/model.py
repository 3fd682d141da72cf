"""That a lead was converted: what was made of it, what it was joined to, and what it takes to take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from renmai.kernel.records.record import uuid7

if TYPE_CHECKING:
    from renmai.sales.lead.model import Lead


class Conversion(models.Model):
    """One conversion of a lead.

    Attributes:
        change_set: the change set under which the history keeps it; its rows name what was made and what was joined.
        status: on which the lead stood before.
        undone_at, undone_by: when and by whom it was taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey("sales.Lead", on_delete=models.CASCADE, related_name="+")
    change_set = models.UUIDField()
    status = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead"], condition=models.Q(undone_at=None), name="converted_once")]

    @classmethod
    def standing(cls, lead: Lead) -> Conversion | None:
        """That of a lead which was not taken back."""
        return cls.objects.filter(lead=lead.pk, undone_at=None).first()


class Carried(models.Model):
    """One row that a conversion added to what is known of another record.

    Attributes:
        place: the table, as ``carrying`` calls it.
        row: its id.
    """

    conversion = models.ForeignKey(Conversion, on_delete=models.CASCADE, related_name="carried")
    place = models.TextField()
    row = models.TextField()
