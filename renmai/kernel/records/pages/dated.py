"""The dates by which records can stand in a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

DATED = {"date", "moment"}


def datable(kind: RecordType, by: User) -> list[FieldSpec]:
    """The dates of a type that a person may see: those that people give first, and of these the columns of its list."""
    hidden = by.access.hidden(kind)
    found = [spec for name, spec in kind.fields.items() if name not in hidden and spec.kind in DATED]
    return sorted(found, key=lambda spec: (not spec.editable, spec.name not in kind.columns))


def has_calendar(kind: RecordType, by: User) -> bool:
    """Whether some date means more than when the record was made."""
    return any(spec.editable for spec in datable(kind, by))
