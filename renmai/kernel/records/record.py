"""The base of every noun, and of every row of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import class_prepared
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7 as uuid7

from renmai.kernel.records.custom import COLUMN, CustomValues, value_of
from renmai.kernel.records.fields import Integer, Json, Kinded, Link, Moment, Text
from renmai.kernel.search.field import SearchField

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType

# What the index behind each way in holds besides, so that rows that came through an earlier one are left out, and counted, unread.
DOORS: dict[str, list[str]] = {"owner": [], "team": ["owner"], "territory": ["owner", "team"]}


class RecordQuerySet(models.QuerySet["Record"]):
    """Rows of one type; what a person may see of them is asked here and nowhere else."""

    def live(self) -> Self:
        """Those that are not in the recycle bin."""
        return self.filter(deleted_at=None)

    def binned(self) -> Self:
        """Those in the recycle bin; what was merged into another record is kept beside it."""
        from renmai.kernel.merging.model import Merge

        return self.exclude(deleted_at=None).exclude(pk__in=Merge.objects.standing().values("absorbed_id"))

    def opened_to(self, user: User, verb: str) -> Self:
        """The rows to which a person's roles and shares open a door for ``verb``, whether they live or not."""
        from renmai.kernel.access.visible import openings

        found = openings(user, self.model, verb)
        return self.filter(reduce(or_, found)) if found else self.none()

    def visible_to(self, user: User, verb: str = "view", *, deleted: bool = False) -> Self:
        """The rows that ``user`` sees, and to which their roles and shares open a door for ``verb``.

        Args:
            deleted: look in the recycle bin instead of among the living.
        """
        from renmai.kernel.access.visible import openings
        from renmai.kernel.history.past import today

        kept = self.binned() if deleted else self.live()
        if not user.access.is_within_sight(self.model, verb):
            kept = kept.visible_to(user, deleted=deleted)
        found = openings(user, self.model, verb)
        return kept.filter(today(self.model, reduce(or_, found))) if found else kept.none()


class RecordManager(models.Manager["Record"].from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Reads rows without what only the database looks at, such as their search text."""

    def get_queryset(self) -> RecordQuerySet:
        return super().get_queryset().defer(*self.model.unread)  # type: ignore[no-any-return]


class Record(models.Model):
    """What every noun has: identity, owner, version, ids elsewhere, tags, own fields, search text and the recycle bin.

    Attributes:
        unread: columns that only the database looks at.
        titled_by: the fields that its title is made of, which no role can hide: a record is called by its title wherever it is named.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = Text(_("Title"), editable=False)
    sort_key = models.BinaryField(default=b"", editable=False)
    owner = Link("kernel.User", _("Owner"), blank=True, db_index=False)
    team = Link("kernel.Team", _("Team"), blank=True, db_index=False)
    created_at = Moment(_("Created"), default=timezone.now, editable=False, sortable=True)
    created_by = Link("kernel.User", _("Created by"), blank=True, editable=False, db_index=False)
    updated_at = Moment(_("Changed"), default=timezone.now, editable=False, sortable=True)
    updated_by = Link("kernel.User", _("Changed by"), blank=True, editable=False, db_index=False)
    version = Integer(_("Version"), default=1, editable=False)
    external_ids = Json(_("Ids elsewhere"), default=dict, blank=True)
    tags = ArrayField(models.TextField(), default=list, blank=True, verbose_name=_("Tags"))
    custom: Any = CustomValues(_("Own fields"), default=dict, blank=True)
    deleted_at = Moment(_("Deleted"), blank=True, editable=False)
    deleted_by = Link("kernel.User", _("Deleted by"), blank=True, editable=False, db_index=False)
    search: Any = SearchField(null=True, editable=False)

    objects: ClassVar[Any] = RecordManager()
    titled_by: ClassVar[tuple[str, ...]] = ("name",)
    unread: ClassVar[tuple[str, ...]] = ("search",)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.title)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The value of a custom field, which has no column of its own."""
            if name.startswith(COLUMN):
                return value_of(self, name)
            raise AttributeError(name)

    def refresh_from_db(self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None) -> None:
        """Read it anew. What the manager leaves out is read alone: asked for by name, it would bring the whole row along, over all
        that was set."""
        if fields is not None and from_queryset is None:
            from_queryset = type(self)._base_manager.db_manager(using).defer(None)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)

    def heading(self) -> str:
        """What it is called wherever it is named."""
        return str(getattr(self, "name", ""))

    def warning(self) -> Any:
        """What is amiss with it as it stands, in a word or two; empty where nothing is."""
        return ""

    def derive(self, changed: set[str]) -> None:
        """Set what follows from other fields; asked before each store, reads nothing from the database but its own rows.

        Args:
            changed: names of the fields that were just given.
        """

    def problems(self) -> Iterator[tuple[str, Any]]:
        """What is wrong with it beyond each field by itself and beyond what the database keeps: the name of a field and a sentence."""
        yield from ()

    def validate_constraints(self, exclude: Any = None) -> None:
        """Also that there are no problems.

        Raises:
            ValidationError: with every sentence, by field.
        """
        found: dict[str, list[Any]] = {}
        for name, sentence in self.problems():
            found.setdefault(name, []).append(sentence)
        if found:
            raise ValidationError(found)
        super().validate_constraints(exclude)

    def keep_keys(self, kind: RecordType) -> None:
        """Set by what it is found besides its search text; most nouns by nothing."""

    def told(self) -> dict[str, Any]:
        """What the fact of its creation says besides its title."""
        return {}

    def events(self, before: dict[str, Any]) -> list[tuple[str, dict[str, Any], Any]]:
        """What a change means beyond "changed".

        Args:
            before: the old values of the columns that changed; empty for a new record.

        Returns:
            Verb, data and time (None for now) of each further fact.
        """
        return []

    def takes_more(self) -> bool:
        """Whether what comes in and is the same is joined to it; one that has become another lets that be looked for."""
        return True

    def rows(self, name: str) -> list[Any]:
        """The rows of a document: those just given and not yet stored, else those in the database."""
        staged: dict[str, list[Any]] = self.__dict__.setdefault("_staged", {})
        if name in staged:
            return staged[name]
        return [] if self._state.adding else list(getattr(self, name).all())

    def keep_rows(self, name: str, rows: list[Any]) -> None:
        """Keep rows until the document is stored."""
        self.__dict__.setdefault("_staged", {})[name] = rows

    def derive_rows(self, name: str) -> list[Any]:
        """Derive the rows anew after a change of the document that they depend on, and keep them to be stored."""
        rows = self.rows(name)
        for row in rows:
            row.derive(self)
        self.keep_rows(name, rows)
        return rows


class Row(models.Model):
    """A row of a document. Its ``Parent`` field names the document and the name of the rows there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = Integer(_("Position"), default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def derive(self, document: Any) -> None:
        """Set what follows from other fields of the row and of its document."""


def _add_indexes(sender: type[models.Model], **_rest: Any) -> None:
    """Give each noun the indexes that its doors, sorts and searches walk along."""
    if not issubclass(sender, Record) or sender._meta.abstract or sender._meta.proxy:
        return
    alive, stem = models.Q(deleted_at=None), sender._meta.model_name
    columns = [field.name for field in sender._meta.local_fields if isinstance(field, Kinded) and field.sortable]
    columns = [name for name in columns if name != "name"] + ["sort_key"]  # names are ordered by their key
    names = {field.name for field in sender._meta.local_fields}
    told = [door for door in ("owner", "team") if door in names]  # whoever sees a part only need not fetch the rest to leave it out
    indexes: list[models.Index] = list(sender._meta.indexes)
    indexes += [models.Index(fields=[name, "id", *told], name=f"{stem}_{name}"[:28] + "_s", condition=alive) for name in columns]
    indexes += [_door_index(stem, door, told) for door, told in DOORS.items() if door in names]
    indexes += [_rare_index(stem, field.name) for field in sender._meta.local_fields if isinstance(field, Link) and field.rare]
    indexes.append(GinIndex(fields=["search"], name=f"{stem}_search"[:28] + "_g", condition=alive))
    sender._meta.indexes = indexes
    sender._meta.original_attrs["indexes"] = indexes  # migrations read the options here, and only those that a noun has itself


def _door_index(stem: str | None, door: str, told: list[str]) -> models.Index:
    held = models.Q(deleted_at=None)
    if door == "territory":  # most records lie in none, and those cost the index nothing
        held &= models.Q(territory__isnull=False)
    return models.Index(fields=[door, "created_at", "id"], name=f"{stem}_{door}"[:28] + "_d", include=told or None, condition=held)


def _rare_index(stem: str | None, name: str) -> models.Index:
    return models.Index(fields=[name], name=f"{stem}_{name}"[:28] + "_r", condition=models.Q(**{f"{name}__isnull": False}))


class_prepared.connect(_add_indexes)
