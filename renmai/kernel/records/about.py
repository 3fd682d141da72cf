"""What an activity is about: several records of any type, the main one first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

from renmai.kernel.records.record import uuid7

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType


class About(models.Model):
    """One link from an activity to a record of any type."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source_type = models.TextField()
    source_id = models.UUIDField()
    target_type = models.TextField()
    target_id = models.UUIDField()
    position = models.SmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["source_id", "position"], name="about_source"),
            models.Index(fields=["target_id", "source_type"], name="about_target"),
        ]

    @classmethod
    def replace(cls, source_type: str, source: Record, targets: list[Record]) -> None:
        """Make ``targets`` what the activity is about."""
        from renmai.kernel.records.types import registry

        cls.objects.filter(source_id=source.pk).delete()
        unique = {target.pk: target for target in targets}.values()
        About.objects.bulk_create(
            About(source_type=source_type, source_id=source.pk, target_type=registry.of(target).slug, target_id=target.pk, position=index)
            for index, target in enumerate(unique)
        )


def about_of(records: Iterable[Record]) -> dict[Any, list[About]]:
    """What each of the activities is about, in one query."""
    found: dict[Any, list[About]] = defaultdict(list)
    for about in About.objects.filter(source_id__in=[record.pk for record in records]):
        found[about.source_id].append(about)
    return found


def is_about(kind: RecordType) -> bool:
    """Whether records of the type are about others."""
    return "about" in kind.fields and kind.fields["about"].kind == "abouts"
