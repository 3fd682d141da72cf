"""With what a form begins, and which of its fields are not asked for as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from renmai.kernel.records.asked import left_out
from renmai.kernel.records.clean import clean_values
from renmai.kernel.records.pages.inputs import stored
from renmai.kernel.records.pages.typing import filled
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


def beginning(kind: RecordType, specs: list[FieldSpec], by: User, asked: QueryDict) -> dict[str, Any]:
    """What stands in a new form: the fields' own defaults, those of the layout, and what the address asks."""
    names = {spec.name for spec in specs}
    values = stored([spec for spec in specs if spec.field.has_default()], kind.model())
    if "owner" in names and not kind.ownerless:
        values["owner"] = str(by.pk)
    return values | _defaults(kind, specs, by) | {name: text for name, text in asked.items() if name in names}


def _defaults(kind: RecordType, specs: list[FieldSpec], by: User) -> dict[str, Any]:
    """What the layout lets a new record begin with, as it stands in a form."""
    asked = {spec.name: spec for spec in specs if spec.name in kind.arranged(by).defaults}
    values, _errors = clean_values(asked, {name: kind.arranged(by).defaults[name] for name in asked}, by)
    blank = kind.model()
    for name, value in values.items():
        asked[name].put(blank, value)
    return stored([asked[name] for name in values], blank)


def unshown_at_first(kind: RecordType, by: User, asked: QueryDict) -> set[str]:
    """What a new record is not asked for before anything is typed."""
    arranged = kind.arranged(by)
    if not arranged.conditions:
        return set()
    given = {"owner": by, **arranged.defaults, **asked.dict()}
    values, _errors = clean_values(kind.fields, {name: value for name, value in given.items() if name in arranged.names}, by)
    return left_out(kind, values, None, by)[0]


def given(kind: RecordType, values: dict[str, Any], by: User) -> dict[str, Any]:
    """What was filled in for a new record; what the layout began with and somebody emptied is empty."""
    return dict.fromkeys(values.keys() & kind.arranged(by).defaults.keys()) | filled(values)


def unshown_of(kind: RecordType, values: dict[str, Any], record: Record | None, by: User) -> set[str]:
    """Names of the fields that are not asked for of a record with such raw values."""
    if not kind.arranged(by).conditions:
        return set()
    return left_out(kind, clean_values(kind.fields, values, by)[0], record, by)[0]
