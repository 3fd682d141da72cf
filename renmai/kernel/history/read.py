"""Reading the history: field by field for people, and back to what a field held at a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from renmai.kernel.access.user import User
from renmai.kernel.history.model import History
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record


def changes_of(kind: RecordType, record: Record, by: User, *, after: int | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """Changes of a record, newest first, without the fields that the person may not see.

    Returns:
        ``{"id", "at", "by", "operation", "reason", "version", "changes": {field: [old, new]}}`` each.
    """
    rows = History.objects.filter(record_id=record.pk, type=kind.slug).order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    page = list(rows[:limit])
    people = {user.pk: user for user in User.objects.filter(pk__in={row.by_id for row in page})}
    hidden = by.access.hidden(kind)
    return [
        {
            "id": row.pk,
            "at": row.at,
            "by": people.get(row.by_id),
            "operation": row.operation,
            "reason": row.reason,
            "version": row.version,
            "changes": {name: pair for name, pair in (row.changes or {}).items() if name not in hidden},
        }
        for row in page
    ]


def value_at(kind: RecordType, record: Record, name: str, version: int, now: Any) -> Any:
    """What a field held at an earlier version: the old side of its first change since, or what it holds now."""
    row = History.objects.filter(record_id=record.pk, type=kind.slug, version__gt=version, changes__has_key=name).order_by("id").first()
    return row.changes[name][0] if row is not None and row.changes else now
