"""What a layout asks of one record: what it begins with, and which of its fields are asked for at all."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.custom import folded

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

NOTHING: tuple[Any, ...] = (None, "", [], {})
NOT_ASKED = _("This field is not asked for here: what it depends on says otherwise.")


def would_be(kind: RecordType, values: Mapping[str, Any], record: Record | None) -> Record:
    """A record as it would stand with clean values; nothing follows from them yet.

    Args:
        record: as it stands now; None for a new one.
    """
    columns = {
        name: value for name, value in values.items() if name not in kind.custom and kind.fields[name].kind not in {"abouts", "lines"}
    }
    if record is None:
        kind.complete(columns)
    made = copy(record) if record is not None else kind.model()
    for name, value in columns.items():
        setattr(made, name, value)
    made.custom = folded(made.custom, {kind.custom[name]: value for name, value in values.items() if name in kind.custom})
    return made


def left_out(kind: RecordType, values: dict[str, Any], record: Record | None, by: User | None) -> tuple[set[str], set[str]]:
    """Which fields are not asked for of a record with these clean values.

    Args:
        record: as it stands now; None for a new one. One that is not stored stands for many, of which nothing is known.

    Returns:
        Their names, and the names of those that are asked for from now on.
    """
    arranged = kind.arranged(by)
    if not arranged.conditions or (record is not None and record._state.adding):
        return set(), set()
    after = arranged.unshown(would_be(kind, values, record), by)
    before = arranged.unshown(record, by) if record is not None else set()
    return after, before - after


def is_changed(kind: RecordType, name: str, value: Any, record: Record | None) -> bool:
    """Whether a clean value differs from what a record holds; from what an empty one holds, for a new one."""
    return bool(value != getattr(record if record is not None else kind.model(), kind.fields[name].column))
