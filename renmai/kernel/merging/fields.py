"""What of two records is chosen field by field, what is joined, and giving the survivor what was chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from renmai.kernel.merging.joining import is_joined, joined
from renmai.kernel.records.about import About, about_of
from renmai.kernel.records.custom import CustomSpec
from renmai.kernel.records.record import uuid7
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.store import above, save, tell
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

NOTHING: tuple[Any, ...] = (None, "", [], {})
WITH_OWNER = "team"


def held(record: Record, spec: FieldSpec) -> Any:
    """What a record holds in a column, as it is stored; of a link the id."""
    if isinstance(spec, CustomSpec):
        return record.custom.get(spec.key)
    return getattr(record, spec.field.attname if spec.kind == "link" else spec.column)


def hold(record: Record, spec: FieldSpec, value: Any) -> None:
    """Let a record hold what another held."""
    if isinstance(spec, CustomSpec):
        rest = {key: kept for key, kept in record.custom.items() if key != spec.key}
        record.custom = rest if value in NOTHING else {**rest, spec.key: value}
    else:
        setattr(record, spec.field.attname if spec.kind == "link" else spec.column, value)


@dataclass(frozen=True)
class Fields:
    """The fields of a merge as a person may deal with them.

    Attributes:
        by: who merges; None for the system.
        records: those that are merged.
    """

    kind: RecordType
    by: User | None
    records: tuple[Record, ...]

    @cached_property
    def _writable(self) -> dict[str, FieldSpec]:
        specs = {name: spec for name, spec in self.kind.fields.items() if spec.editable and spec.kind != "custom"}
        specs = {name: spec for name, spec in specs.items() if not getattr(spec, "computed", False)}
        return {name: spec for name, spec in specs.items() if self.by is None or self.by.access.field(self.kind.slug, name) == "write"}

    @cached_property
    def joined(self) -> dict[str, FieldSpec]:
        """Those that keep the values of all."""
        return {name: spec for name, spec in self._writable.items() if is_joined(self.kind, spec)}

    @cached_property
    def chosen(self) -> dict[str, FieldSpec]:
        """Those of which one record's value is chosen."""
        governed = {other for name in self._writable for other in self.along(name) if other != name}
        return {name: spec for name, spec in self._writable.items() if name not in self.joined and name not in governed}

    def along(self, name: str) -> list[str]:
        """A field and those that go with it: the parts of a name, the team of an owner, the amounts of a currency that differs."""
        derived: Mapping[str, tuple[str, ...]] = getattr(self.kind.model, "derived_from", {})
        found = [name, *(derived.get(name, ()) if name in self.kind.model.titled_by else ())]
        if name == "owner":
            found.append(WITH_OWNER)
        found += self.together(name)
        if name == self._leading_amount:
            found += self._amounts
        return [one for one in dict.fromkeys(found) if one in self._writable]

    def together(self, name: str) -> tuple[str, ...]:
        """The fields that say something only together with this one, such as the parts of an address; it is the first of them."""
        groups: Iterable[tuple[str, ...]] = getattr(self.kind.model, "together", ())
        known = (tuple(one for one in group if one in self._writable) for group in groups)
        return next((group for group in known if group[:1] == (name,)), ())

    @cached_property
    def _amounts(self) -> list[str]:
        """What is in the currency of its record, where the currencies of the records differ."""
        specs = self.kind.of_kind("currency")
        if not specs or len({getattr(record, specs[0].column) for record in self.records}) < 2:
            return []
        return [spec.name for spec in [*self.kind.of_kind("money"), *specs, *self.kind.of_kind("lines")] if spec.name in self._writable]

    @cached_property
    def _leading_amount(self) -> str:
        return next((name for name in self._amounts if self.kind.fields[name].kind == "lines"), next(iter(self._amounts), ""))

    def is_filled(self, record: Record, name: str) -> bool:
        """Whether a record has something to offer in a field. A link back to one of the merged, or to what lies below it, is nothing."""
        if group := self.together(name):
            return self._fullness(record, group) > 0
        spec = self.kind.fields[name]
        if spec.kind == "lines":
            return bool(record.rows(name))
        value = held(record, spec)
        if value in NOTHING or spec.target != self.kind.slug or spec.kind != "link":
            return value not in NOTHING
        keys = {one.pk for one in self.records}
        way = {value} if isinstance(spec, CustomSpec) else above(record, spec)
        return keys.isdisjoint({UUID(str(key)) for key in way})

    def propose(self) -> dict[str, UUID]:
        """Per field the record whose value is proposed: the first that is filled, of an address the fullest; the survivor stands first."""
        survivor, *others = self.records
        ranked = [survivor, *sorted(others, key=lambda record: record.updated_at, reverse=True)]
        found = {name: next((one.pk for one in ranked if self.is_filled(one, name)), survivor.pk) for name in self.chosen}
        groups = {name: group for name in self.chosen if (group := self.together(name))}
        return found | {name: self._fullest(ranked, group).pk for name, group in groups.items()}

    def _fullest(self, records: list[Record], group: tuple[str, ...]) -> Record:
        return max(records, key=lambda record: self._fullness(record, group))

    def _fullness(self, record: Record, group: Iterable[str]) -> int:
        return sum(held(record, self.kind.fields[one]) not in NOTHING for one in group)


class Giving:
    """Gives a survivor what of one other record is chosen or joined.

    Attributes:
        taken: names of the fields whose value comes from the other record.
    """

    def __init__(self, fields: Fields, survivor: Record, other: Record, taken: Collection[str], by: User | None) -> None:
        self.fields, self.survivor, self.other, self.taken, self.by = fields, survivor, other, taken, by
        self.kind = fields.kind
        self.changed: set[str] = set()

    def do(self) -> None:
        """Set the values and store the survivor."""
        names = [*self.kind.fields]
        before = {name: getattr(self.survivor, name) for name in names if self._is_column(name)}
        self.take()
        for spec in self.fields.joined.values():
            self._join(spec)
        self._leave_the_other()
        values = {name: getattr(self.survivor, name) for name in self.changed if name in before}
        self.kind.require_editable(self.survivor, values)
        save(self.kind, self.survivor, self.by, self.changed)
        tell(self.kind, self.survivor, {name: before[name] for name in values}, self.by)

    def take(self) -> None:
        """Set what is chosen, with what goes along; the caller stores the survivor."""
        for name in self.taken:
            for one in self.fields.along(name):
                self._take(self.kind.fields[one])

    def _is_column(self, name: str) -> bool:
        spec = self.kind.fields[name]
        return not isinstance(spec, CustomSpec) and spec.field is not None

    def _take(self, spec: FieldSpec) -> None:
        if spec.kind == "lines":
            self._keep(spec, self._copies(spec))
        else:
            self._set(spec, held(self.other, spec))

    def _set(self, spec: FieldSpec, value: Any) -> None:
        if held(self.survivor, spec) != value:
            hold(self.survivor, spec, value)
            self.changed.add("custom" if isinstance(spec, CustomSpec) else spec.name)

    def _join(self, spec: FieldSpec) -> None:
        leads = self.kind.twins.get(spec.name) in {one for name in self.taken for one in self.fields.along(name)}
        if spec.kind == "abouts":
            self._join_abouts()
        elif spec.kind == "lines":
            self._join_rows(spec, leads)
        else:
            mine, others = held(self.survivor, spec), held(self.other, spec)
            self._set(spec, joined(mine if mine is not None else type(others)(), others or [], leads=leads) if others else mine)

    def _join_rows(self, spec: FieldSpec, leads: bool) -> None:
        """Rows of both; one that says the same is not taken twice. The primary one is that of whoever leads."""
        mine = self.survivor.rows(spec.name)
        known = {self._told(spec, row): row for row in mine}
        copies = [row for row in self._copies(spec) if self._told(spec, row) not in known]
        if not copies and not (leads and mine):
            return
        ruling = self.other.rows(spec.name) if leads or not mine else mine
        chosen = next((self._told(spec, row) for row in ruling if row.primary), None)
        rows = [*mine, *copies]
        for place, row in enumerate(rows):
            row.position, row.primary = place, self._told(spec, row) == chosen
        self._keep(spec, rows)

    def _told(self, spec: FieldSpec, row: Any) -> tuple[Any, ...]:
        specs = self.kind.collections[spec.name].fields.values()
        return tuple(getattr(row, one.field.attname) for one in specs if one.editable and not one.alone)

    def _copies(self, spec: FieldSpec) -> list[Any]:
        rows = self.kind.collections[spec.name]
        columns = [column.attname for column in rows.model._meta.concrete_fields if column.name not in {"id", rows.parent}]
        return [
            rows.model(id=uuid7(), **{rows.parent: self.survivor}, **{name: getattr(row, name) for name in columns})
            for row in self.other.rows(spec.name)
        ]

    def _keep(self, spec: FieldSpec, rows: list[Any]) -> None:
        self.survivor.keep_rows(spec.name, rows)
        self.changed.add(spec.name)

    def _join_abouts(self) -> None:
        found = about_of([self.survivor, self.other])
        mine, merged = found[self.survivor.pk], {self.survivor.pk, self.other.pk}
        known = {about.target_id for about in mine} | merged
        new = [about for about in found[self.other.pk] if about.target_id not in known]
        About.objects.bulk_create(
            About(
                source_type=self.kind.slug,
                source_id=self.survivor.pk,
                target_type=about.target_type,
                target_id=about.target_id,
                position=len(mine) + place,
            )
            for place, about in enumerate(new)
        )

    def _leave_the_other(self) -> None:
        """The survivor links neither to the other record nor, round a corner, to itself: it comes to stand where the other stood."""
        for spec in self.kind.fields.values():
            if spec.kind != "link" or spec.target != self.kind.slug or not spec.editable:
                continue
            key = held(self.survivor, spec)
            if key is None:
                continue
            chain = {UUID(str(key))} if isinstance(spec, CustomSpec) else above(self.survivor, spec)
            if self.other.pk in chain:
                theirs = held(self.other, spec)
                self._set(spec, None if theirs is None or UUID(str(theirs)) == self.survivor.pk else theirs)


def difference(kind: RecordType, records: Iterable[Record], name: str) -> bool:
    """Whether records hold different things in a field."""
    spec = kind.fields[name]
    values = [held(record, spec) for record in records]
    return any(value != values[0] for value in values[1:])
