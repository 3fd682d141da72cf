"""Reading the history: field by field for people, and back to what a field held at a version."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from renmai.kernel.access.user import User
from renmai.kernel.history.model import History
from renmai.kernel.records.kinds import amount, moment, plain
from renmai.kernel.records.reading import Titles, link_json, titles_of
from renmai.kernel.records.spec import FieldSpec
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
            "changes": {name: pair for name, pair in (row.changes or {}).items() if name in kind.fields and name not in hidden},
        }
        for row in page
    ]


def as_read(kind: RecordType, record: Record, changes: list[dict[str, list[Any]]], by: User | None) -> list[dict[str, list[Any]]]:
    """Both sides of each change as the API reads the fields; links to what the reader may not see do not tell its id."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for change in changes:
        for name, pair in change.items():
            if kind.fields[name].target:
                wanted[str(kind.fields[name].target)].update(_keys(pair))
    titles = titles_of(wanted, by)
    return [
        {name: [_as_read(kind.fields[name], value, record, titles) for value in pair] for name, pair in change.items()}
        for change in changes
    ]


def _keys(pair: list[Any]) -> set[UUID]:
    """The ids on both sides of a change of a link or of several."""
    return {UUID(key) for value in pair for key in (value if isinstance(value, list) else [value]) if key}


def _as_read(spec: FieldSpec, value: Any, record: Record, titles: Titles) -> Any:
    if value is None:
        return None
    match spec.kind:
        case "link":
            return link_json(str(spec.target), UUID(value), titles)
        case "links":
            return [link_json(str(spec.target), UUID(key), titles) for key in value]
        case "money":
            return amount(Decimal(str(value)), getattr(record, spec.field.currency_field))
        case "decimal" | "percent":
            return plain(Decimal(str(value)))
        case "moment":
            return moment(dt.datetime.fromisoformat(value))
    return value


def originals(kind: RecordType, record: Record, names: list[str], version: int, by: User | None) -> dict[str, Any]:
    """What fields held at an earlier version, as the API reads them: the old side of the first change of each since then."""
    rows = History.objects.filter(record_id=record.pk, type=kind.slug, version__gt=version, changes__has_any_keys=names).order_by("-id")
    since = {name: pair for row in rows for name, pair in (row.changes or {}).items() if name in names}
    return {name: pair[0] for name, pair in as_read(kind, record, [since], by)[0].items()}
