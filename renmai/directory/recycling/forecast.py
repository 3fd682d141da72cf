"""When records go back, as things stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from renmai.directory.recycling.model import RecyclingRule
from renmai.directory.recycling.sieve import Clock, clocks, sieves
from renmai.kernel.access.user import User
from renmai.kernel.calendars import NeverWorks
from renmai.kernel.records.types import RecordType

AT_ONCE = 5_000
WRITE = """
UPDATE {table} old SET goes_back_at = new.at FROM unnest(%s::uuid[], %s::timestamptz[]) new (id, at)
WHERE old.id = new.id AND old.goes_back_at IS DISTINCT FROM new.at
"""


@dataclass(frozen=True)
class Due:
    """That a record goes back.

    Attributes:
        at: when it is due; past, if no check has come by.
        pool: id of the pool to which it goes.
        started: since when the clock runs.
        until: up to when more time was given, or None.
    """

    rule: RecyclingRule
    at: dt.datetime
    pool: Any
    started: dt.datetime
    until: dt.datetime | None


def forecast(kind: RecordType, keys: Sequence[Any], now: dt.datetime) -> dict[Any, Due]:
    """For each of some records that goes back by a rule, the first rule by which it does and when; in a query per rule.

    Args:
        now: the moment whose rules' relative dates and locks count.
    """
    found: dict[Any, Due] = {}
    asked = sieves(kind, now)
    owners = set(kind.model.objects.filter(pk__in=keys).values_list("owner_id", flat=True)) - {None} if asked else set()
    by_owner = _by_owner(owners)
    for sieve in asked:
        for key, owner, pool, started, until in sieve.rows.filter(pk__among=keys).values_list(
            "pk", "owner_id", "pool_id", "started", "until"
        ):
            at = _due(by_owner.get(owner), sieve.rule, started, until)
            if at is not None and (key not in found or at < found[key].at):
                found[key] = Due(sieve.rule, at, sieve.rule.to_pool_id or pool, started, until)
    return found


def _by_owner(owners: set[Any]) -> dict[Any, Clock]:
    if not owners:
        return {}
    people = User.objects.filter(pk__in=owners).only("pk", "team_id", "leave")
    return {owner: clock for clock in clocks(people) for owner in clock.owners}


def _due(clock: Clock | None, rule: RecyclingRule, started: dt.datetime, until: dt.datetime | None) -> dt.datetime | None:
    if clock is None:
        return None
    try:
        at = clock.due_at(rule, started, rule.days)
    except NeverWorks:
        return None
    return max(at, until) if until is not None else at


def redate(kind: RecordType, keys: Sequence[Any], now: dt.datetime) -> None:
    """Store of some records when they go back: what lists show and filter by."""
    for place in range(0, len(keys), AT_ONCE):
        portion = list(keys[place : place + AT_ONCE])
        due = forecast(kind, portion, now)
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(kind.model._meta.db_table)
            cursor.execute(WRITE.format(table=table), [portion, [due[key].at if key in due else None for key in portion]])
