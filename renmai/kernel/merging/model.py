"""That records turned out to be one: which stands for which, and what it takes to tell them apart again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from renmai.kernel.history.model import Exact
from renmai.kernel.records.record import uuid7

LONGEST_CHAIN = 100


class MergeQuerySet(models.QuerySet["Merge"]):
    """Merges as they are asked for."""

    def standing(self) -> MergeQuerySet:
        """Those that were not taken apart."""
        return self.filter(undone_at=None)


class Merge(models.Model):
    """One record that was merged into another of its type. It lies beside the recycle bin as it was, and leads to the survivor.

    Attributes:
        title: what the absorbed record was called.
        change_set: the change set under which the history keeps it.
        cells: what the merge did to the survivor, as the history writes it: column → [old, new]; own fields as ``custom.<key>``;
            of the rows that belong to it ``part/id/column``, and ``part/id`` for a row that was added or went.
        undone_at, undone_by: when and by whom it was taken apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    type = models.TextField()
    survivor_id = models.UUIDField()
    absorbed_id = models.UUIDField()
    title = models.TextField()
    change_set = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    cells: Any = models.JSONField(default=dict, decoder=Exact)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    objects: ClassVar[Any] = MergeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["absorbed_id"], condition=models.Q(undone_at=None), name="absorbed_once")]
        indexes = [models.Index(fields=["survivor_id", "at"], name="merge_survivor")]

    @classmethod
    def way_from(cls, key: UUID) -> list[Merge]:
        """The merges that lead from an absorbed record to what stands for it in the end; none where it was not absorbed."""
        found: list[Merge] = []
        for _step in range(LONGEST_CHAIN):
            following = cls.objects.standing().filter(absorbed_id=found[-1].survivor_id if found else key).first()
            if following is None:
                break
            found.append(following)
        return found

    @classmethod
    def below(cls, key: UUID) -> list[Merge]:
        """What was merged into a record, and into those, in the order in which it was done."""
        found: list[Merge] = []
        keys = [key]
        while keys:
            rows = list(cls.objects.standing().filter(survivor_id__in=keys))
            found += rows
            keys = [one.absorbed_id for one in rows]
        return sorted(found, key=lambda one: one.at)

    @classmethod
    def survivor_of(cls, key: UUID) -> UUID | None:
        """The record that stands for an absorbed one in the end; None where it was not absorbed."""
        way = cls.way_from(key)
        return way[-1].survivor_id if way else None


class Moved(models.Model):
    """One link that led to the absorbed record and leads to the survivor since.

    Attributes:
        place: where the link stands; see ``Place``.
        row: key of the row that holds it.
        data: the row itself, where it went because the survivor had one like it.
    """

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moved", db_index=False)
    place = models.TextField()
    row = models.TextField()
    data: Any = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["merge", "place"], name="moved_merge")]

    @classmethod
    def titles(cls, key: UUID, place: str, rows: Iterable[str]) -> dict[str, str]:
        """By row of a place, what the record was called to which it led before that was merged into this one, or into what was."""
        merges = Merge.below(key)
        moved = cls.objects.filter(merge__in=merges, place=place, row__in=rows) if merges else []
        titles = {one.pk: one.title for one in merges}
        return {one.row: titles[one.merge_id] for one in sorted(moved, key=lambda one: list(titles).index(one.merge_id), reverse=True)}
