"""What a merge did to the survivor itself, told by the history, and taking it back: wherever nobody has changed it since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from renmai.kernel.history.deeds import KEPT_APART, as_plain, stored
from renmai.kernel.history.model import Exact, History
from renmai.kernel.merging.fields import held, hold
from renmai.kernel.merging.joining import entries, is_joined, taken_back
from renmai.kernel.merging.model import Merge, Moved
from renmai.kernel.records.about import About
from renmai.kernel.records.custom import CustomSpec
from renmai.kernel.records.record import Row
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

Cell = list[Any]
Cells = dict[str, Cell]
OUR_OWN = {"position", "primary"}
SLASH = "/"
LENGTH_OF_ID = 36


def newest(key: UUID) -> int:
    """Id of the last line that the history has of a record; 0 where it has none."""
    return History.objects.filter(record_id=key).order_by("-id").values_list("id", flat=True).first() or 0


def cells_of(kind: RecordType, key: UUID, change_set: UUID, after: int) -> Cells:
    """What a change set did to a record after a line of its history; see ``Merge`` for the names."""
    found: Cells = {}
    computed = {spec.name for spec in kind.computed}
    for row in History.objects.filter(record_id=key, change_set=change_set, id__gt=after).order_by("id"):
        if row.part and row.part != "shares":
            _take_row(found, row)
        elif not row.part:
            for name, (old, new) in (row.changes or {}).items():
                if name not in KEPT_APART | computed:
                    found[name] = [found[name][0] if name in found else old, new]
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def _take_row(found: Cells, row: History) -> None:
    changes, whole = row.changes or {}, f"{row.part}/{row.row_id}"
    if row.operation == "I":
        found[whole] = [None, {name: new for name, (_old, new) in changes.items()}]
    elif row.operation == "D" and whole in found:
        del found[whole]
    elif row.operation == "D":
        found[whole] = [{name: old for name, (old, _new) in changes.items()}, None]
    elif whole in found:
        found[whole][1] |= {name: new for name, (_old, new) in changes.items()}
    else:
        for name, (old, new) in changes.items():
            cell = f"{whole}/{name}"
            found[cell] = [found[cell][0] if cell in found else old, new]


class TakingBack:
    """Takes what a merge did to the survivor back.

    Attributes:
        later: merges into the same survivor that came after it and still stand; what they found is put right, too.
        held: the records that are still merged into the survivor.
        changed: names of the fields that hold something else now.
        kept: names of the fields, and parts, that somebody has changed since, so that they stay.
    """

    def __init__(self, kind: RecordType, survivor: Record, merge: Merge, later: Sequence[Merge], held: Sequence[Record]) -> None:
        self.kind, self.survivor, self.merge, self.later, self.still = kind, survivor, merge, later, held
        self.changed: set[str] = set()
        self.kept: list[str] = []

    def do(self) -> None:
        """Set the fields of the survivor, which the caller stores, and put its rows back."""
        rows = {name: pair for name, pair in self.merge.cells.items() if SLASH in name}
        for name, pair in self.merge.cells.items():
            spec = self.kind.fields.get(name)
            if name not in rows and spec is not None:
                self._field(spec, pair)
        for name, pair in rows.items():
            part, key, *column = name.split(SLASH)
            model = self._model(part)
            if model is not None and not self._handed_on(name, pair) and not self._row(model, part, UUID(key), column, pair):
                self.kept.append(part)
        self.kept = list(dict.fromkeys(self.kept))

    def _model(self, part: str) -> Any:
        if part == "about":
            return About
        return self.kind.collections[part].model if part in self.kind.collections else None

    def _field(self, spec: FieldSpec, pair: Cell) -> None:
        was, became = (self._stored(spec, side) for side in pair)
        now = held(self.survivor, spec)
        if is_joined(self.kind, spec):
            self._several(spec, now, was, became)
        elif self._handed_on(spec.name, pair):
            return
        elif _end(now) == _end(became):
            self._set(spec, was if spec.kind != "link" else self._led_on(f"{self.kind.slug}.{spec.name}", self.survivor.pk, was))
        elif now != was:
            self.kept.append(spec.name)

    def _several(self, spec: FieldSpec, now: Any, was: Any, became: Any) -> None:
        empty = type(now or was or became)()
        now, was, became = (value if value is not None else empty for value in (now, was, became))
        kept = [value for record in self.still if (value := held(record, spec))]
        back = taken_back(now, was, became, kept)
        self._set(spec, back)
        added = entries(became).keys() - entries(was).keys() - {key for value in kept for key in entries(value)}
        if added & entries(back).keys():
            self.kept.append(spec.name)
        for merge in self.later:
            if spec.name in merge.cells:
                found, left = (self._stored(spec, side) or empty for side in merge.cells[spec.name])
                sides = [taken_back(found, was, became), taken_back(left, was, became, kept)]
                merge.cells[spec.name] = json.loads(json.dumps(sides, default=str))

    def _handed_on(self, name: str, pair: Cell) -> bool:
        """What a later merge found here was of this one: it now found what was there before."""
        for merge in self.later:
            cell = merge.cells.get(name)
            if cell is not None and _end(cell[0]) == _end(pair[1]):
                if cell[1] == pair[0]:
                    del merge.cells[name]
                else:
                    cell[0] = pair[0]
                return True
        return False

    def _stored(self, spec: FieldSpec, value: Any) -> Any:
        return as_plain(value) if isinstance(spec, CustomSpec) else stored(self.kind, spec.name, value)

    def _set(self, spec: FieldSpec, value: Any) -> None:
        if held(self.survivor, spec) != value:
            hold(self.survivor, spec, value)
            self.changed.add(spec.name)

    def _row(self, model: Any, part: str, key: UUID, column: list[str], pair: Cell) -> bool:
        """Put a row, or a column of one, back; False where somebody has changed it since."""
        now = _row_now(model, key)
        if column:
            if now is None or not _alike(now, {column[0]: pair[1]}):
                return False
            value = self._led_on(self._place(part, column[0]), key, _column(model, column[0], pair[0]))
            model.objects.filter(pk=key).update(**{column[0]: value})
        elif pair[0] is None:
            if now is None or not _alike(now, {name: value for name, value in pair[1].items() if name not in OUR_OWN}):
                return now is None
            model.objects.filter(pk=key).delete()
        elif now is None:
            self._remake(model, part, key, pair[0])
        self.changed.add(part)
        return True

    def _place(self, part: str, column: str) -> str:
        return part if part == "about" else f"{self.kind.slug}.{part}.{column}"

    @staticmethod
    def _led_on(place: str, row: UUID, value: Any) -> Any:
        """A link that is put back leads to what stands for its record now, and back to that once the two are taken apart."""
        key = _uuid(value)
        if key is None:
            return value
        way = Merge.way_from(key)
        Moved.objects.bulk_create(Moved(merge=step, place=place, row=str(row)) for step in way)
        return type(value)(str(way[-1].survivor_id)) if way else value

    def _remake(self, model: Any, part: str, key: UUID, values: dict[str, Any]) -> None:
        led = {name: self._led_on(self._place(part, name), key, _column(model, name, value)) for name, value in values.items()}
        row = model(id=key, **{_attribute(model, name): value for name, value in led.items()})
        if isinstance(row, Row):
            parent = next(rows.parent for rows in self.kind.collections.values() if rows.model is model)
            setattr(row, parent, self.survivor)
        else:
            row.source_type, row.source_id = self.kind.slug, self.survivor.pk
        row.save(force_insert=True)


def _row_now(model: Any, key: UUID) -> dict[str, Any] | None:
    """A row as the history would write it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t)::text FROM {connection.ops.quote_name(model._meta.db_table)} t WHERE id = %s", [key])  # noqa: S608
        found = cursor.fetchone()
    return json.loads(found[0], cls=Exact) if found else None


def _alike(now: dict[str, Any], columns: dict[str, Any]) -> bool:
    return all(_end(now.get(name, now.get(f"{name}_id"))) == _end(value) for name, value in columns.items())


def _uuid(value: Any) -> UUID | None:
    """The id that a value may be."""
    try:
        return value if isinstance(value, UUID) else UUID(value) if isinstance(value, str) and len(value) == LENGTH_OF_ID else None
    except ValueError:
        return None


def _end(value: Any) -> Any:
    """What stands for a link's record now, so that a merge of that record is not taken for an edit; any other value as it is."""
    key = _uuid(value)
    return value if key is None else Merge.survivor_of(key) or key


def _attribute(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).attname)


def _column(model: Any, name: str, value: Any) -> Any:
    return model._meta.get_field(name).to_python(value)


def labels(kind: RecordType, names: Iterable[str]) -> list[str]:
    """What people call fields and parts."""
    return [str(kind.fields[name].label) for name in dict.fromkeys(names) if name in kind.fields]
