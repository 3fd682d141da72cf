"""Two people changed the same record: what was there, what is there now, and what would have come, field by field.

What only one of them changed is merged without a word. Where both changed a field, and not to the same, the form comes back with
what was typed, and shows beside it what the other wrote and what stood there before.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from renmai.kernel.actions.errors import Conflict
from renmai.kernel.records.pages.history import NOTHING, parts_of, side_in_words
from renmai.kernel.records.pages.inputs import stored
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record


@dataclass(frozen=True)
class Clash:
    """One field that both changed.

    Attributes:
        theirs, before: in words.
        value: what takes theirs over when it is put into the input.
    """

    name: str
    label: Any
    theirs: str
    before: str
    value: Any

    def mark(self, shown: Input) -> None:
        """Show it beside the input."""
        shown.theirs, shown.original, shown.theirs_value = self.theirs or NOTHING, self.before or NOTHING, self.value


def changed_by_me(kind: RecordType, values: Mapping[str, Any], conflict: Conflict) -> dict[str, Any]:
    """What the person changed of what they had seen."""
    before = conflict.details["original"]
    return {name: value for name, value in values.items() if not same(kind, name, before.get(name), value)}


def clashes(kind: RecordType, record: Any, mine: Mapping[str, Any], conflict: Conflict, given_up: Container[str] = ()) -> dict[str, Clash]:
    """The fields that both changed, and not to the same.

    Args:
        given_up: fields in which the person takes over what the other wrote.
    """
    found = {}
    for name, value in mine.items():
        theirs, before = (conflict.details[side].get(name) for side in ("theirs", "original"))
        if name in given_up or same(kind, name, theirs, before) or same(kind, name, theirs, value):
            continue
        found[name] = _clash(kind, record, name, theirs, before)
    return found


def _clash(kind: RecordType, record: Record, name: str, theirs: Any, before: Any) -> Clash:
    spec = kind.fields[name]
    words = [side_in_words(kind, record, name, side) for side in (theirs, before)]
    value = "" if spec.in_rows else stored([spec], type(record).objects.get(pk=record.pk))[name]
    return Clash(name, spec.label, words[0], words[1], value)


def same(kind: RecordType, name: str, one: Any, other: Any) -> bool:
    """Whether two raw values of a field mean the same."""
    if parts := parts_of(kind, name):
        specs = {spec.name: spec for spec in parts.values() if spec.editable}
        return _rows(specs, one) == _rows(specs, other)
    return bool(_bare(kind.fields[name], one) == _bare(kind.fields[name], other))


def _rows(specs: dict[str, FieldSpec], rows: Any) -> list[tuple[Any, ...]]:
    return [(str(row.get("id", "")), *(_bare(spec, row.get(name)) for name, spec in specs.items())) for row in rows or []]


def _bare(spec: FieldSpec, value: Any) -> Any:
    if isinstance(value, dict) and "id" in value:
        value = value["id"]
    if isinstance(value, list):
        value = [item["id"] if isinstance(item, dict) and "id" in item else item for item in value]
    if value in (None, "", [], False):
        return None
    if spec.kind in {"integer", "decimal", "money", "percent"}:
        try:
            return Decimal(str(value))
        except InvalidOperation:
            return str(value)
    if spec.kind == "moment":
        return spec.clean(value)
    return value if isinstance(value, (list, bool)) else str(value)
