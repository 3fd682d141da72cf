"""Files that people bring or take away: a row here, the bytes in their place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from renmai.config.env import env
from renmai.kernel.files.places import place
from renmai.kernel.files.values import PICTURES

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


FOLDER = env.data / "files"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Files as people ask for them."""

    def visible_to(self, user: User) -> StoredFileQuerySet:
        """A person's own files that hang on no record; an admin's are all. For those that hang on one see ``attached.readable``.

        A key of some types opens none but those that were brought, or made, with such a key.
        """
        found = self if user.access.is_admin else self.filter(attachments=None, by=user)
        types = user.access.reach_types
        return found.filter(types__contained_by=types).exclude(types=[]) if types else found


class StoredFile(models.Model):
    """One file.

    Attributes:
        name: as its owner calls it; never a part of a path on the disk.
        size: bytes.
        types: slugs of the types that the key opened with which it was brought; none where that was no narrow one.
        media_type: what its content shows it to be; for those that people attach.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    size = models.BigIntegerField(default=0)
    media_type = models.TextField(default="application/octet-stream")
    types = ArrayField(models.TextField(), default=list)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = StoredFileQuerySet.as_manager()

    @property
    def key(self) -> str:
        """Its name in its place; spread over folders by the last letters of the id, which are random. The suffix tells workbooks apart."""
        key = self.id.hex
        return f"{key[-2:]}/{key}{Path(self.name).suffix.lower()[:8]}"

    @property
    def path(self) -> Path:
        """Where it is written and read on this machine."""
        return FOLDER / self.key

    def is_here(self) -> bool:
        """Whether it can be read at ``path`` now, fetched from its place if need be."""
        return place().fetch(self.path, self.key)

    @property
    def is_picture(self) -> bool:
        """A browser may show it as a picture: of these kinds none can hold a script."""
        return self.media_type in PICTURES
