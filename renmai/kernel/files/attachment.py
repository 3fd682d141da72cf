"""What files hang on."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from renmai.kernel.files.model import StoredFile


class Attachment(models.Model):
    """A file that hangs on a record: who may see the record may read it, who may change the record may remove it.

    Attributes:
        type, record_id: the record.
        place: the field whose value it is; empty for the files of the record as a whole.
        removed_at: since then it lies in the record's bin of files.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="attachments")
    type = models.TextField()
    record_id = models.UUIDField()
    place = models.TextField(default="")
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["record_id", "at"], name="attachment_record"),
            models.Index(fields=["removed_at"], name="attachment_removed", condition=models.Q(removed_at__isnull=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["record_id", "place", "file"], name="attachment_once")]
