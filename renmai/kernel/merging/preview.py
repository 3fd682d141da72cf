"""What a merge, or the way back, would come to, as one person sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from renmai.kernel.comments.model import Comment
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.merging.cells import labels
from renmai.kernel.merging.fields import Fields
from renmai.kernel.merging.golden import proposed
from renmai.kernel.merging.model import Merge
from renmai.kernel.merging.places import Place, places
from renmai.kernel.merging.unmerge import take_apart
from renmai.kernel.records.about import About
from renmai.kernel.records.pages.cells import Cell, lines
from renmai.kernel.records.pages.history import side_in_words
from renmai.kernel.records.reading import as_json, titles_of
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    import datetime as dt

    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

ROWS = "lines"


@dataclass(frozen=True)
class Choosing:
    """A field side by side.

    Attributes:
        cells: its value in each record, in their order.
        chosen: id of the record whose value is taken.
        differs: the records do not all say the same.
    """

    name: str
    label: str
    cells: list[Cell]
    chosen: UUID | None
    differs: bool


class Comparing:
    """The records of a merge side by side, the survivor first.

    Attributes:
        picked: what the person has chosen so far, by field; the rest is as proposed.
    """

    def __init__(self, kind: RecordType, records: Sequence[Record], by: User, picked: Mapping[str, UUID]) -> None:
        self.kind, self.records, self.by, self.picked = kind, list(records), by, picked
        self.fields = Fields(kind, by, tuple(records))

    @cached_property
    def _cells(self) -> dict[str, list[Cell]]:
        """The values of every field, by its name."""
        specs = [*self.fields.chosen.values(), *self.fields.joined.values()]
        plain = [spec for spec in specs if spec.kind != ROWS]
        found = {spec.name: list[Cell]() for spec in specs}
        for line in lines(self.kind, self.records, plain, self.by, editable=False):
            for cell in line.cells:
                found[cell.name].append(cell)
        found |= {spec.name: self._of_rows(spec) for spec in specs if spec.kind == ROWS}
        return found | {name: self._of_group(name, group) for name in self.fields.chosen if (group := self.fields.together(name))}

    def _of_group(self, name: str, group: tuple[str, ...]) -> list[Cell]:
        """What several fields say together, in one line."""
        told = lines(self.kind, self.records, [self.kind.fields[one] for one in group], self.by, editable=False)
        label = str(self.kind.fields[name].label)
        return [Cell(name, "text", label, ", ".join(cell.text for cell in line.cells if cell.text)) for line in told]

    def _of_rows(self, spec: FieldSpec) -> list[Cell]:
        items = as_json(self.kind, self.records, self.by, [spec.name])
        told = [
            side_in_words(self.kind, record, spec.name, item[spec.name]) if item[spec.name] else ""
            for record, item in zip(self.records, items, strict=True)
        ]
        return [Cell(spec.name, spec.kind, str(spec.label), text) for text in told]

    @cached_property
    def choosing(self) -> list[Choosing]:
        """The fields of which one value is chosen; those that are empty in all say nothing."""
        picked = proposed(self.fields) | dict(self.picked)
        return [self._row(name, spec, picked[name]) for name, spec in self.fields.chosen.items() if self._is_told(name)]

    @cached_property
    def joined(self) -> list[Choosing]:
        """The fields that keep the values of all."""
        return [self._row(name, spec, None) for name, spec in self.fields.joined.items() if self._is_told(name)]

    def _is_told(self, name: str) -> bool:
        return any(not cell.is_empty for cell in self._cells[name])

    def _row(self, name: str, spec: FieldSpec, chosen: UUID | None) -> Choosing:
        cells = self._cells[name]
        return Choosing(name, str(spec.label), cells, chosen, len({(cell.text, str(cell.links)) for cell in cells}) > 1)

    @cached_property
    def moving(self) -> list[tuple[Any, str, int]]:
        """What moves to the survivor, as far as the person sees it: label, icon and number, most first."""
        return counted(self.kind, [record.pk for record in self.records[1:]], self.by)


def counted(kind: RecordType, keys: list[UUID], by: User, since: dt.datetime | None = None) -> list[tuple[Any, str, int]]:
    """What leads to records, by type, as far as a person sees it: label, icon and number, most first.

    Args:
        since: only what was made after that.
    """
    found: dict[str, set[UUID]] = {}
    for place in places(kind):
        if place.kind is not None and by.may("view", place.kind):
            found.setdefault(place.kind.slug, set()).update(_seen(place, keys, by, since))
    sources = About.objects.filter(target_type=kind.slug, target_id__in=keys).values_list("source_type", "source_id")
    for slug in {slug for slug, _key in sources}:
        other = registry.get(slug)
        if other is not None and by.may("view", other):
            wanted = [key for of, key in sources if of == slug]
            found.setdefault(slug, set()).update(_visible(other, Q(pk__in=wanted), by, since))
    counts = Counter({slug: len(some) for slug, some in found.items() if some})
    told = [(registry[slug].label_plural, registry[slug].icon, number) for slug, number in counts.most_common()]
    return told + _hanging(keys, since)


def _seen(place: Place, keys: list[UUID], by: User, since: dt.datetime | None) -> Iterable[UUID]:
    """The records whose link in a place leads to one of the keys."""
    assert place.kind is not None
    if place.part:
        holder = next(rows.parent for rows in place.kind.collections.values() if rows.model is place.model)
        rows = place.model._default_manager.filter(**{f"{place.attribute}__in": keys})
        return _visible(place.kind, Q(pk__in=rows.values(f"{holder}_id")), by, since)
    return _visible(place.kind, Q(**{f"{place.attribute}__in": keys}) & ~Q(pk__in=keys), by, since)


def _visible(kind: RecordType, which: Q, by: User, since: dt.datetime | None) -> Iterable[UUID]:
    rows = kind.model.objects.visible_to(by).filter(which)
    if since is not None:
        rows = rows.filter(created_at__gt=since)
    return rows.values_list("pk", flat=True)  # type: ignore[no-any-return]


def _hanging(keys: list[UUID], since: dt.datetime | None) -> list[tuple[Any, str, int]]:
    """Comments and files."""
    after = Q(at__gt=since) if since is not None else Q()
    comments = Comment.objects.filter(after, record_id__in=keys, removed_at=None).count()
    files = Attachment.objects.filter(after, record_id__in=keys, removed_at=None, place="").count()
    told = [(_("Comments"), "message", comments), (_("Files"), "paperclip", files)]
    return [one for one in told if one[2]]


@dataclass(frozen=True)
class Joined:
    """One record that was merged into the one on the page."""

    merge: Merge
    by: str


def survival(kind: RecordType) -> dict[str, Exists]:
    """What a page asks of a record while it reads it: whether others were merged into it, as ``is_survivor``."""
    return {"is_survivor": Exists(Merge.objects.standing().filter(type=kind.slug, survivor_id=OuterRef("pk")))}


def merged_into(kind: RecordType, key: UUID, by: User) -> list[Joined]:
    """What was merged into a record and can be taken apart, the newest first."""
    found = list(Merge.objects.standing().filter(type=kind.slug, survivor_id=key).order_by("-at"))
    names = titles_of({"users": {one.by_id for one in found}}, by).get("users", {}) if found else {}
    return [Joined(one, names.get(one.by_id) or "") for one in found]


@dataclass(frozen=True)
class Parting:
    """What taking a merge apart comes to.

    Attributes:
        kept: labels of the survivor's fields that somebody has changed since.
        returning: what goes back to the other record: label, icon and number.
        staying: what was made since and stays with the survivor.
    """

    kept: list[str]
    returning: list[tuple[Any, str, int]]
    staying: list[tuple[Any, str, int]]


def parting(kind: RecordType, survivor: Record, merge: Merge, by: User) -> Parting:
    """Take a merge apart, look, and leave it together; see ``take_apart`` for what is raised."""
    staying = counted(kind, [survivor.pk], by, since=merge.at)
    with transaction.atomic():
        apart = take_apart(kind, survivor.pk, merge.pk, by)
        returning = counted(kind, [apart.other.pk], by)
        transaction.set_rollback(True)
    return Parting(labels(kind, apart.kept), returning, staying)
