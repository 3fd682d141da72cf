"""What a rule would change, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from renmai.kernel.access.territory.draw import found_sql, meets, rules
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.territory.model import Territory
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

SHOWN = 5
MOVED = "SELECT t.id FROM {table} t JOIN tree ON tree.id = t.id WHERE {where}"
COMES = "tree.territory = %s AND t.territory_id IS DISTINCT FROM tree.territory"
GOES = "t.territory_id = %s AND tree.territory IS DISTINCT FROM t.territory_id"


@dataclass(frozen=True)
class Trial:
    """How many records would come and go, some of each that the reader may see, and how many meet another rule too."""

    comes: int
    goes: int
    conflicts: int
    coming: list[Record]
    going: list[Record]


def trial(territory: Territory, by: User) -> Trial:
    """Try a rule as it stands in memory; nothing is stored.

    Args:
        territory: saved or not, with its criteria, rank and whether it is active.
        by: who tries; examples are of what they may see.
    """
    kind = registry[territory.covers]
    others = [rule for rule in rules(kind) if rule.pk != territory.pk]
    placed = sorted([*others, territory], key=lambda rule: (rule.priority, rule.created_at)) if territory.is_in_force else others
    sql, params = found_sql(kind, placed, kind.model._base_manager.filter(deleted_at=None))
    comes, goes = (_keys(sql, params, kind.model, where, territory) for where in (COMES, GOES))
    both = kind.model._base_manager.filter(deleted_at=None).filter(meets(territory, kind))
    met = [meets(rule, kind) for rule in others]
    conflicts = sum(both.filter(other).count() for other in met) if territory.is_in_force else 0
    seen = kind.model.objects.visible_to(by).order_by("-created_at")
    return Trial(len(comes), len(goes), conflicts, list(seen.filter(pk__in=comes)[:SHOWN]), list(seen.filter(pk__in=goes)[:SHOWN]))


def _keys(sql: str, params: list[Any], model: Any, where: str, territory: Territory) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql + MOVED.format(table=model._meta.db_table, where=where), [*params, territory.pk])
        return [row[0] for row in cursor.fetchall()]
