"""What belongs to a record: the newest of each type that links to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import TextField, UUIDField, Value

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
    shown = _shown(kind, by)
    if not shown:
        return {}
    asked = [_keys(relation, record, by)[:limit] for relation in shown]
    keys: dict[str, list[Any]] = defaultdict(list)
    for name, key, _at in asked[0].union(*asked[1:], all=True):
        keys[name].append(key)
    return {relation: _rows(relation.kind, keys[relation.name]) for relation in shown}


def linking(opened: Iterable[tuple[RecordType, Record]], by: User, limit: int) -> list[tuple[Relation, Any, str, Any]]:
    """The newest records of each type of the rail that link to some records, as far as the person may see them; in one query.

    Args:
        limit: rows per type and record.

    Returns:
        Of each the relation, its id and title, and the id of the record that it links to.
    """
    asked, known = [], {}
    for kind, record in opened:
        for relation in _shown(kind, by):
            known[relation.target, relation.field] = relation
            who = Value(relation.target, TextField()), Value(relation.field, TextField()), "pk", "title", Value(record.pk, UUIDField())
            asked.append(_newest(relation, record, by).values_list(*who)[:limit])
    found = asked[0].union(*asked[1:], all=True) if asked else ()
    return [(known[target, field], key, title, to) for target, field, key, title, to in found]


def _shown(kind: RecordType, by: User) -> list[Relation]:
    return [relation for relation in kind.relations_for(by) if relation.kind.rail and by.may("view", relation.kind)]


def _newest(relation: Relation, record: Record, by: User) -> Any:
    return relation.kind.model.objects.visible_to(by).filter(**{relation.column: record.pk}).order_by("-created_at", "-pk")


def _keys(relation: Relation, record: Record, by: User) -> Any:
    return _newest(relation, record, by).values_list(Value(relation.name, TextField()), "pk", "created_at")


def _rows(kind: RecordType, keys: list[Any]) -> list[Record]:
    found = kind.model.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]
