"""Files that people bring or take away: a row here, the bytes on the disk of the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from renmai.config.env import env

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


FOLDER = env.data / "files"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Files as people ask for them."""

    def visible_to(self, user: User) -> StoredFileQuerySet:
        """A person's own files; an admin's are all."""
        return self if user.access.is_admin else self.filter(by=user)


class StoredFile(models.Model):
    """One file.

    Attributes:
        name: as its owner calls it; never a part of a path on the disk.
        size: bytes.
        media_type: for downloads.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    size = models.BigIntegerField(default=0)
    media_type = models.TextField(default="application/octet-stream")
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = StoredFileQuerySet.as_manager()

    @property
    def path(self) -> Path:
        """Where the bytes lie; spread over folders by the last letters of the id, which are random. The suffix tells workbooks apart."""
        key = self.id.hex
        return FOLDER / key[-2:] / f"{key}{Path(self.name).suffix.lower()[:8]}"
