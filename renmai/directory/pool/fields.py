"""Which fields of a record that waits a pool may hide."""

from __future__ import annotations

from typing import Any

from renmai.directory.pool.pooled import BOOKKEEPING, pooled
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import RecordType

COMMON = frozenset(field.name for field in Record._meta.local_fields)


class Hideable(dict[str, Any]):
    """Names and labels of the fields, read when asked: the registry is filled after the models, and companies add fields."""

    def items(self) -> Any:
        """Name and label of each."""
        return list({name: label for kind in pooled() for name, label in hideable(kind).items()}.items())


def hideable(kind: RecordType) -> dict[str, Any]:
    """The fields of a type that can be hidden: all but those that it is called by, and those that every record has."""
    named = {part for name in kind.model.titled_by for part in (name, *getattr(kind.model, "derived_from", {}).get(name, ()))}
    kept = COMMON | BOOKKEEPING | named
    return {name: spec.label for name, spec in kind.fields.items() if name not in kept}
