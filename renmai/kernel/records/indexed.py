"""What a record is called, ordered and found by: set when it is stored, whoever stores it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from renmai.kernel.locale.sorting import sort_key
from renmai.kernel.search.text import lexemes

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.spec import FieldSpec
    from renmai.kernel.records.types import RecordType

FOUND_BY = {"text", "email", "phone", "url"}


def index(kind: RecordType, record: Record) -> None:
    """Set title, order, search text and the keys by which duplicates are found."""
    record.title = record.heading()
    record.sort_key = sort_key(record.title)
    record.search = lexemes(searched(kind, record))
    record.keep_keys(kind)


def search_fields(kind: RecordType) -> list[FieldSpec]:
    """The fields by which a record is found."""
    return [kind.fields[name] for name in kind.search] + [spec for spec in kind.custom.values() if spec.kind in FOUND_BY]


def indexed_columns(kind: RecordType) -> list[str]:
    """The attributes of which search text and keys are made."""
    compared = kind.duplicates.found_by if kind.duplicates is not None else []
    specs = search_fields(kind) + [kind.fields[name] for name in compared if name in kind.fields]
    return [spec.field.attname if spec.kind == "link" else spec.column for spec in specs]


def searched(kind: RecordType, record: Record) -> list[tuple[str, str]]:
    """The kind and text of everything by which a record is found."""
    held = [(spec.kind, value) for spec in search_fields(kind) if (value := getattr(record, spec.column))]
    return [(sort, text) for sort, value in held for text in texts(value)]


def texts(value: Any) -> list[str]:
    """The texts in a field's value."""
    if isinstance(value, list):
        return [str(item.get("value", "") if isinstance(item, dict) else item) for item in value]
    return [str(value)] if value else []


def reread(kind: RecordType, record: Record) -> None:
    """Take over what the database worked out while it wrote a row; it has marked it where people find the record by that."""
    if kind.computed:
        record.custom = kind.model._base_manager.values_list("custom", flat=True).get(pk=record.pk)
