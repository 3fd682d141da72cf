"""What belongs to a record: the newest of each type that links to it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import TextField, Value

from renmai.kernel.records.types import RecordType, Relation

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


def newest(kind: RecordType, record: Record, by: User, limit: int) -> dict[Relation, list[Record]]:
    """The newest records of each type of the rail that link to a record, as far as the person may see them.

    Their keys are asked for all types at once, and then the rows of those types that have any.

    Args:
        limit: rows per type.
    """
    shown = [relation for relation in kind.relations_for(by) if relation.kind.rail and by.may("view", relation.kind)]
    if not shown:
        return {}
    asked = [_keys(relation, record, by)[:limit] for relation in shown]
    keys: dict[str, list[Any]] = defaultdict(list)
    for name, key, _at in asked[0].union(*asked[1:], all=True):
        keys[name].append(key)
    return {relation: _rows(relation.kind, keys[relation.name]) for relation in shown}


def _keys(relation: Relation, record: Record, by: User) -> Any:
    rows = relation.kind.model.objects.visible_to(by).filter(**{relation.column: record.pk})
    return rows.order_by("-created_at", "-pk").values_list(Value(relation.name, TextField()), "pk", "created_at")


def _rows(kind: RecordType, keys: list[Any]) -> list[Record]:
    found = kind.model.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]
