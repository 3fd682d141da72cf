"""Counted in the database: one question for each type, and one for customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from renmai.activity.statistics.measures import CUSTOMERS, Measure
from renmai.activity.statistics.stretch import Stretch
from renmai.kernel.records.about import About
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

NOW, BEFORE = "now", "before"
Counts = dict[str, tuple[int, int]]  # measure → in the stretch, and in the one before

# What was done is found first, or the planner would look up each of all activities that are about a customer (measured with 200 000:
# 1.4 s). Then every customer once for each person, and once for each group that somebody who was there belongs to: a person, the teams
# they are in, everybody. Both steps are hashed; to count distinct customers of each group at once would sort them all.
SEEN = """
    WITH done (id, person, at) AS MATERIALIZED ({rows}), customers (id) AS MATERIALIZED ({customers})
    , seen AS (
        SELECT done.person, done.at, a.target_id AS customer FROM done
        JOIN {about} a ON a.source_id = done.id AND a.target_type = %s JOIN customers ON customers.id = a.target_id
    )
"""
BY_GROUP = """
    , met AS (
        SELECT person, customer, bool_or(at >= %s) AS now, bool_or(at < %s) AS before FROM seen GROUP BY 1, 2
    ), together AS (
        SELECT g.key, met.customer, bool_or(met.now) AS now, bool_or(met.before) AS before
        FROM met JOIN unnest(%s::uuid[], %s::text[]) AS g (person, key) ON g.person = met.person GROUP BY 1, 2
    )
    SELECT key, count(*) FILTER (WHERE now), count(*) FILTER (WHERE before) FROM together GROUP BY key
"""
BY_TIME = """
    , met AS (
        SELECT DISTINCT s.place, seen.customer FROM seen
        JOIN unnest(%s::int[], %s::timestamptz[], %s::timestamptz[]) AS s (place, first, last) ON seen.at >= s.first AND seen.at < s.last
    )
    SELECT place, count(*) FROM met GROUP BY place
"""


def activities(measure: Measure, by: User, stretch: Stretch) -> QuerySet[Any]:
    """What somebody did in the stretch and in the one before it, as far as the person may see it."""
    span = {f"{measure.at}__gte": stretch.moved(-1).begins, f"{measure.at}__lt": stretch.ends}
    return measure.kind.model.objects.visible_to(by).filter(assignee__isnull=False, **span).order_by()


def by_person(measures: Iterable[Measure], by: User, stretch: Stretch) -> dict[UUID, Counts]:
    """How much each person did: what adds up."""
    found: dict[UUID, Counts] = defaultdict(dict)
    plain = [measure for measure in measures if not measure.of_customers]
    for _slug, group in groupby(plain, key=lambda measure: measure.slug):
        together = list(group)
        counts = {
            f"{measure.name}__{name}": Count("assignee", filter=rows) for measure in together for name, rows in _parts(measure, stretch)
        }
        for row in activities(together[0], by, stretch).values("assignee").annotate(**counts):
            for measure in together:
                found[row["assignee"]][measure.name] = row[f"{measure.name}__{NOW}"], row[f"{measure.name}__{BEFORE}"]
    return found


def _parts(measure: Measure, stretch: Stretch) -> list[tuple[str, Q]]:
    same = Q(**measure.equal)
    return [(NOW, same & Q(**{f"{measure.at}__gte": stretch.begins})), (BEFORE, same & Q(**{f"{measure.at}__lt": stretch.begins}))]


def customers(measure: Measure, by: User, stretch: Stretch, groups: Mapping[UUID, Iterable[str]]) -> dict[str, tuple[int, int]]:
    """How many customers each group was with.

    Args:
        groups: the keys of the groups that each person belongs to.

    Returns:
        Group → in the stretch, and in the one before.
    """
    pairs = [(person, key) for person, keys in groups.items() for key in keys]
    people, keys = [person for person, _key in pairs], [key for _person, key in pairs]
    given = [stretch.begins, stretch.begins, people, keys]
    found = _distinct(activities(measure, by, stretch), measure, by, BY_GROUP, given)
    return {key: (now, before) for key, now, before in found}


def _distinct(rows: QuerySet[Any], measure: Measure, by: User, text: str, given: list[Any]) -> list[tuple[Any, ...]]:
    """Count customers, among those that the person may see.

    Args:
        rows: the activities.
        text: the second half of a statement above, with its values.
    """
    told, told_values = _sql(rows.values("pk", "assignee", measure.at))
    visible, visible_values = _sql(registry[CUSTOMERS].model.objects.visible_to(by).order_by().values("pk"))
    asked = SEEN.format(rows=told, about=connection.ops.quote_name(About._meta.db_table), customers=visible)
    with connection.cursor() as cursor:
        cursor.execute(asked + text, [*told_values, *visible_values, CUSTOMERS, *given])
        return cursor.fetchall()


def _sql(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    return rows.query.sql_with_params()


def over_time(measure: Measure, by: User, stretches: list[Stretch], people: Collection[UUID]) -> list[int]:
    """How much some people did together in each of some stretches that follow each other."""
    span = {f"{measure.at}__gte": stretches[0].begins, f"{measure.at}__lt": stretches[-1].ends}
    rows: Any = measure.kind.model.objects.visible_to(by).filter(assignee__in=people, **measure.equal, **span).order_by()
    if measure.of_customers:
        places, begin, end = range(len(stretches)), [one.begins for one in stretches], [one.ends for one in stretches]
        told = dict(_distinct(rows, measure, by, BY_TIME, [list(places), begin, end]))
        return [told.get(place, 0) for place in places]
    names = [f"n{place}" for place in range(len(stretches))]
    ends = {
        name: Q(**{f"{measure.at}__gte": one.begins, f"{measure.at}__lt": one.ends}) for name, one in zip(names, stretches, strict=True)
    }
    counted = rows.aggregate(**{name: Count("assignee", filter=rows_of) for name, rows_of in ends.items()})
    return [counted[name] for name in names]
