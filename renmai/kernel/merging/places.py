"""Everywhere that a link to a record can stand, and moving those links from one record to another and back, in a statement per place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from renmai.kernel.access.user import Share
from renmai.kernel.comments.model import Comment
from renmai.kernel.facts.model import FactAbout
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.following.model import Favourite, Follow, Seen
from renmai.kernel.merging.model import Merge
from renmai.kernel.overlay.type import CustomRecord
from renmai.kernel.records.about import About
from renmai.kernel.records.custom import CustomSpec, column_of
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MOVE = """
WITH moved AS (UPDATE {table} t SET {set} WHERE {links} AND {where} RETURNING t.id)
INSERT INTO kernel_moved (merge_id, place, row) SELECT %(merge)s, %(place)s, id::text FROM moved
"""
RETURN = """
UPDATE {table} t SET {set} FROM kernel_moved m
WHERE m.merge_id = %(merge)s AND m.place = %(place)s AND m.data IS NULL AND t.id = m.row::{key} AND {links}
"""
MARKS: list[tuple[type[models.Model], str]] = [
    (FactAbout, "other.fact_id = t.fact_id"),
    (Comment, ""),
    (Attachment, "other.file_id = t.file_id AND other.place = t.place"),
    (Follow, "other.user_id = t.user_id"),
    (Favourite, "other.user_id = t.user_id"),
    (Seen, "other.user_id = t.user_id"),
    (Share, "other.user_id IS NOT DISTINCT FROM t.user_id AND other.team_id IS NOT DISTINCT FROM t.team_id"),
]
"""What hangs on records of every type by type and id, and when the survivor has one like it already: then that of the absorbed
record stays with it."""


@dataclass(frozen=True)
class Place:
    """A column in which links to records of a type stand.

    Attributes:
        name: what ``Moved`` calls it.
        model: the table.
        column: the column; of an own field the key in ``custom``.
        kind: the type whose records hold the link; None where rows of every type do.
        label: what people call the field.
        part: rows of a record hold it, and this column of theirs names the record.
        own: it is an own field.
        unless: SQL that tells by an ``other`` row of the survivor that it has such a one already.
        where: further SQL about the row.
    """

    name: str
    model: type[models.Model]
    column: str
    kind: RecordType | None = None
    label: Any = ""
    part: str = ""
    own: bool = False
    unless: str = ""
    where: str = ""

    @property
    def table(self) -> str:
        return str(connection.ops.quote_name(self.model._meta.db_table))

    @property
    def attribute(self) -> str:
        """Where the ORM finds the link."""
        return column_of("link", self.column) if self.own else self.column

    @property
    def key(self) -> str:
        """Type of the table's key."""
        return str(self.model._meta.pk.rel_db_type(connection))

    def links(self, side: str) -> str:
        """SQL: the row links to the record named by a parameter."""
        return f"renmai_id(t.custom, '{self.column}') = %({side})s::uuid" if self.own else f"t.{self.column} = %({side})s::uuid"

    def sets(self, side: str) -> str:
        """SQL: let the row link to the record named by a parameter; a record then goes one version on."""
        link = (
            f"custom = t.custom || jsonb_build_object('{self.column}', %({side})s::text)"
            if self.own
            else f"{self.column} = %({side})s::uuid"
        )
        if self.kind is None or self.part:
            return link + (", at = %(at)s" if self.model is Share else "")
        return f"{link}, version = t.version + 1, updated_at = %(now)s, updated_by_id = %(by)s::uuid"


def places(kind: RecordType) -> Iterator[Place]:
    """Every place where links to records of a type may stand, besides what activities are about."""
    for other in registry.all():
        for spec in other.fields.values():
            if _leads(spec, kind) and not getattr(spec, "computed", False):
                own = isinstance(spec, CustomSpec)
                column = spec.key if isinstance(spec, CustomSpec) else spec.field.column
                of = f"t.of = '{other.slug}'" if issubclass(other.model, CustomRecord) else ""
                yield Place(f"{other.slug}.{spec.name}", other.model, column, other, spec.label, own=own, where=of)
        for rows in other.collections.values():
            parent = str(rows.model._meta.get_field(rows.parent).column)  # type: ignore[union-attr]
            for spec in rows.fields.values():
                if _leads(spec, kind):
                    yield Place(f"{other.slug}.{rows.name}.{spec.name}", rows.model, spec.field.column, other, spec.label, part=parent)
    for model, unless in MARKS:
        where = "t.place = ''" if model is Attachment else ""
        yield Place(str(model._meta.model_name), model, "record_id", unless=unless, where=where)


def _leads(spec: FieldSpec, kind: RecordType) -> bool:
    return spec.kind == "link" and spec.target == kind.slug


class Mover:
    """Moves the links of one merge.

    Attributes:
        touched: ids of the records whose links moved, by type, with the names of the fields.
    """

    def __init__(self, kind: RecordType, merge: Merge, by: User | None) -> None:
        self.kind, self.merge, self.by = kind, merge, by
        self.touched: dict[str, dict[UUID, set[str]]] = defaultdict(lambda: defaultdict(set))

    def away(self) -> None:
        """From the absorbed record to the survivor; neither of the two is touched itself."""
        for place in places(self.kind):
            self._do(MOVE, place, place.links("absorbed"), place.sets("survivor"))
            self._note(place)
        self._abouts_away()

    def back(self) -> None:
        """From the survivor to the absorbed record, wherever nobody has made it another since."""
        for place in places(self.kind):
            self._note(place, standing=place.links("survivor"))
            self._do(RETURN, place, place.links("survivor"), place.sets("absorbed"))
            self._put_right(place)
        self._abouts_back()

    def _do(self, template: str, place: Place, links: str, sets: str) -> None:
        conditions = [place.where] if place.where else []
        if place.kind is not None and not place.part and place.kind.slug == self.kind.slug:
            conditions.append("t.id NOT IN (%(survivor)s::uuid, %(absorbed)s::uuid)")
        if place.unless and template is MOVE:
            taken = f"SELECT FROM {place.table} other WHERE other.record_id = %(survivor)s::uuid AND {place.unless}"
            conditions.append(f"NOT EXISTS ({taken})")
        sql = template.format(table=place.table, set=sets, links=links, where=" AND ".join(conditions) or "true", key=place.key)
        with connection.cursor() as cursor:
            cursor.execute(sql, self._words(place, at=self._at(place, template)))

    def _at(self, place: Place, template: str) -> Any:
        """Shares are walked in the order in which their records were made."""
        if place.model is not Share:
            return None
        key = self.merge.survivor_id if template is MOVE else self.merge.absorbed_id
        return self.kind.model._base_manager.values_list("created_at", flat=True).get(pk=key)

    def _words(self, place: Place, **more: Any) -> dict[str, Any]:
        return {
            "merge": self.merge.pk,
            "place": place.name,
            "survivor": str(self.merge.survivor_id),
            "absorbed": str(self.merge.absorbed_id),
            "now": timezone.now(),
            "by": str(self.by.pk) if self.by else None,
            **more,
        }

    def _note(self, place: Place, standing: str = "true") -> None:
        """Remember which records the links of a place belong to; one whose rows changed goes one version on."""
        if place.kind is None:
            return
        holder = f"t.{place.part}" if place.part else "t.id"
        sql = (
            f"SELECT {holder} FROM {place.table} t JOIN kernel_moved m ON t.id = m.row::{place.key}"  # noqa: S608
            f" WHERE m.merge_id = %(merge)s AND m.place = %(place)s AND {standing}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, self._words(place))
            keys = [row[0] for row in cursor.fetchall()]
        name = place.name.removeprefix(f"{place.kind.slug}.")
        self._touch(place.kind, keys, name.partition(".")[0] if place.part else name, bump=bool(place.part))

    def _put_right(self, place: Place) -> None:
        """Where another merge has covered the link since, it finds the absorbed record below when it is taken apart."""
        if place.kind is None:
            return
        name = place.name.removeprefix(f"{place.kind.slug}.")
        part, _dot, column = name.partition(".") if place.part else ("", "", name)
        rows = set(self.merge.moved.filter(place=place.name).values_list("row", flat=True))
        for one in Merge.objects.standing().filter(
            type=place.kind.slug, at__gt=self.merge.at, **({} if part else {"survivor_id__in": rows})
        ):
            cells = [f"{part}/{row}/{column}" for row in rows] if part else [name]
            found = [one.cells[cell] for cell in cells if cell in one.cells and one.cells[cell][0] == str(self.merge.survivor_id)]
            for cell in found:
                cell[0] = str(self.merge.absorbed_id)
            if found:
                one.save(update_fields=["cells"])

    def _touch(self, kind: RecordType, keys: list[UUID], name: str, *, bump: bool) -> None:
        for key in keys:
            self.touched[kind.slug][key].add(name)
        if bump and keys:
            rows = kind.model._base_manager.filter(pk__in=keys)
            rows.update(version=models.F("version") + 1, updated_at=timezone.now(), updated_by=self.by)

    def _abouts_away(self) -> None:
        """What is about the absorbed record is about the survivor; not twice, where it was about both, and not about itself."""
        found = About.objects.filter(target_type=self.kind.slug, target_id=self.merge.absorbed_id)
        known = About.objects.filter(target_id=self.merge.survivor_id, source_id=models.OuterRef("source_id"))
        twice = models.Q(models.Exists(known)) | models.Q(source_id=self.merge.survivor_id)
        gone, moving = list(found.filter(twice)), list(found.exclude(twice).exclude(source_id=self.merge.absorbed_id))
        rows = [self._moved(one, _row(one)) for one in gone if one.source_id != self.merge.survivor_id]
        self.merge.moved.bulk_create(rows + [self._moved(one, None) for one in moving])
        About.objects.filter(pk__in=[one.pk for one in gone]).delete()
        About.objects.filter(pk__in=[one.pk for one in moving]).update(target_id=self.merge.survivor_id)
        self._touch_sources([*gone, *moving])

    def _moved(self, about: About, data: Any) -> Any:
        return self.merge.moved.model(merge=self.merge, place="about", row=str(about.pk), data=data)

    def _abouts_back(self) -> None:
        moved = list(self.merge.moved.filter(place="about"))
        keys = [one.row for one in moved if one.data is None]
        standing = list(About.objects.filter(pk__in=keys, target_id=self.merge.survivor_id))
        About.objects.filter(pk__in=[one.pk for one in standing]).update(target_id=self.merge.absorbed_id)
        gone = [About(**_columns(one.data)) for one in moved if one.data is not None]
        known = set(About.objects.filter(target_id=self.merge.absorbed_id).values_list("source_id", flat=True))
        there = {slug: self._there(slug, gone) for slug in {one.source_type for one in gone}}
        missing = [one for one in gone if one.source_id in there[one.source_type] and one.source_id not in known]
        About.objects.bulk_create(missing)
        self._touch_sources([*standing, *missing])

    @staticmethod
    def _there(slug: str, gone: list[About]) -> set[Any]:
        """Which of the sources of a type still exist."""
        kind = registry.get(slug)
        keys = [one.source_id for one in gone]
        return set(kind.model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)) if kind is not None else set()

    def _touch_sources(self, abouts: list[About]) -> None:
        by_type: dict[str, list[UUID]] = defaultdict(list)
        for one in abouts:
            if one.source_id != self.merge.survivor_id:
                by_type[one.source_type].append(one.source_id)
        for slug, keys in by_type.items():
            if kind := registry.get(slug):
                self._touch(kind, keys, "about", bump=True)


def _row(about: About) -> dict[str, Any]:
    """A link as JSON."""
    return {column.name: column.value_to_string(about) for column in About._meta.concrete_fields}


def _columns(data: dict[str, Any]) -> dict[str, Any]:
    return {column.name: column.to_python(data[column.name]) for column in About._meta.concrete_fields}
