"""Where records lie: computed set by set, whenever a rule or a record changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast

from renmai.kernel.access.territory.model import Territory, above, territorial

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

# A record lies where the first rule that it meets says, else where the record lies that it belongs to.
FOUND = """
WITH RECURSIVE own (id, up, rule) AS ({own}),
tree (id, territory) AS (
  SELECT own.id, COALESCE(own.rule, {inherited}) FROM own {joined}
  WHERE own.rule IS NOT NULL OR own.up IS NULL OR own.up NOT IN (SELECT id FROM own)
  UNION
  SELECT own.id, tree.territory FROM own JOIN tree ON own.up = tree.id WHERE own.rule IS NULL
)
"""
DRAW = """
UPDATE {table} t SET territory_id = tree.territory FROM tree
WHERE t.id = tree.id AND t.territory_id IS DISTINCT FROM tree.territory RETURNING t.id
"""
BELOW = """
WITH RECURSIVE tree AS (SELECT id FROM {table} WHERE id = ANY(%s) UNION SELECT t.id FROM {table} t JOIN tree ON t.{column} = tree.id)
SELECT id FROM tree
"""


def draw(kind: RecordType, keys: Iterable[Any] | None = None) -> int:
    """Put records, and what belongs to them, where they lie now.

    Args:
        kind: a territorial type.
        keys: ids of the records; all of them if not given.

    Returns:
        How many records were moved.
    """
    if keys is not None:
        keys = _with_those_below(kind, list(keys))
    sql, params = found_sql(
        kind, rules(kind), kind.model._base_manager.all() if keys is None else kind.model._base_manager.filter(pk__in=keys)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql + DRAW.format(table=kind.model._meta.db_table), params)
        moved = [row[0] for row in cursor.fetchall()]
    return len(moved) + sum(_draw_with(other, kind, None if keys is None else moved) for other in territorial() if kind in above(other)[:1])


def _draw_with(kind: RecordType, of: RecordType, moved: list[Any] | None) -> int:
    """The records of a type that lie with others which were moved."""
    if moved is None:
        return draw(kind)
    column = kind.fields[kind.lies_with].column
    keys = list(kind.model._base_manager.filter(**{f"{column}__in": moved}).values_list("pk", flat=True)) if moved else []
    return draw(kind, keys) if keys else 0


def rules(kind: RecordType) -> list[Territory]:
    """The rules in force over a type, the one that counts first at the head."""
    found = Territory.in_force().filter(covers=kind.slug).order_by("priority", "created_at", "pk")
    return [territory for territory in found if territory.is_in_force]


def meets(rule: Territory, kind: RecordType) -> Q:
    """The rows that meet a rule; none where it names a field that is no longer there."""
    from renmai.kernel.criteria import Reader, stored, to_q

    return to_q(stored(rule.criteria, kind), Reader())


def found_sql(kind: RecordType, of: list[Territory], rows: QuerySet[Any]) -> tuple[str, list[Any]]:
    """``WITH … tree (id, territory)``: where the rows lie by some rules."""
    cases = [When(meets(rule, kind), then=Value(rule.pk, UUIDField())) for rule in of]
    rule = Cast(Case(*cases, default=Value(None)), UUIDField())
    up = F(kind.fields[kind.lies_with].field.attname) if kind.lies_with else Cast(Value(None), UUIDField())
    own, params = rows.order_by().annotate(_up=up, _rule=rule).values_list("pk", "_up", "_rule").query.sql_with_params()
    joined = f"LEFT JOIN {kind.fields[kind.lies_with].target_model._meta.db_table} up ON up.id = own.up" if kind.lies_with else ""
    return FOUND.format(own=own, inherited="up.territory_id" if joined else "NULL::uuid", joined=joined), list(params)


def _with_those_below(kind: RecordType, keys: list[Any]) -> list[Any]:
    """The records and, where a type lies with itself, all that stand below them."""
    link = kind.fields.get(kind.lies_with)
    if link is None or link.target != kind.slug:
        return keys
    sql = BELOW.format(table=kind.model._meta.db_table, column=link.field.column)
    with connection.cursor() as cursor:
        cursor.execute(sql, [keys])
        return [row[0] for row in cursor.fetchall()]
