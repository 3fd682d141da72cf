"""What colleagues say to each other about a record, on its timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

SIGNS = ("👍", "❤️", "🎉", "😄", "👀", "✅")


class Comment(models.Model):
    """One remark: seen by who may see the record.

    Attributes:
        type, record_id: the record.
        body: plain text; a mentioned person stands in it as ``@`` and their name.
        mentions: ids of the people who were mentioned.
        edited_at: when the words were last changed.
        removed_at: since then only that there was one is shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    type = models.TextField()
    record_id = models.UUIDField()
    body = models.TextField()
    mentions = ArrayField(models.UUIDField(), default=list)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["record_id", "at"], name="comment_record")]

    def is_by(self, user: User) -> bool:
        """It is the person's own."""
        return self.by_id == user.pk


class Reaction(models.Model):
    """A sign that one person puts on a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    sign = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user", "sign"], name="reaction_once")]
