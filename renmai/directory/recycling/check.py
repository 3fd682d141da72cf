"""What is due goes back, and who is about to lose something is told: in portions, each whole or not at all.

Done again after it was killed, it goes on where it stopped: what has gone is nobody's any more, and who was warned stands in a table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, F, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone

from renmai.directory.pool.model import PoolMove
from renmai.directory.pool.moving import How
from renmai.directory.pool.pooled import pooled
from renmai.directory.recycling.model import Check, RecyclingRule, RuleBook, Warned
from renmai.directory.recycling.sieve import Clock, Sieve, clocks, in_force, sieves
from renmai.kernel.facts import say_many
from renmai.kernel.history.acting import acting
from renmai.kernel.records.change_many import Change, change_many, tell_many
from renmai.kernel.records.guards import gate

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

AT_ONCE = 1_000
VERB = "recycle"
SAME = {"record_id": OuterRef("pk"), "started": OuterRef("started"), "until": OuterRef("till")}


@dataclass
class Tally:
    """What a check came to.

    Attributes:
        moved, warned: how many, by the id of the rule.
    """

    at: dt.datetime
    moved: dict[Any, int] = field(default_factory=dict)
    warned: dict[Any, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        sides = {"moved": self.moved, "warned": self.warned}
        told: dict[str, Any] = {name: {str(rule): count for rule, count in counts.items() if count} for name, counts in sides.items()}
        return {"at": self.at.isoformat(), **told}


def check(by: User | None = None, now: dt.datetime | None = None) -> Tally:
    """Look at all records of all types that have rules.

    Args:
        by: who asked for it, if somebody did.
        now: the moment by which it is judged; the clock's if not given.
    """
    tally = Tally(now or timezone.now())
    people = clocks()
    RuleBook.keep([rule for kind in pooled() for rule in in_force(kind)], tally.at)
    for kind in pooled():
        asked = sieves(kind, tally.at)
        for sieve in asked:
            tally.moved[sieve.rule.pk] = _move_all(sieve, people)
        for sieve in asked:
            tally.warned[sieve.rule.pk] = sum(_warn_all(sieve, people, step) for step in sieve.rule.steps)
    Check.objects.create(at=tally.at, moved=sum(tally.moved.values()), warned=sum(tally.warned.values()), by=by)
    return tally


def _move_all(sieve: Sieve, people: Sequence[Clock]) -> int:
    due = sieve.due(people)
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    return sum(_move(sieve, due, keys[place : place + AT_ONCE]) for place in range(0, len(keys), AT_ONCE))


def _move(sieve: Sieve, due: Any, keys: Sequence[Any]) -> int:
    """Take a portion back; what somebody has touched meanwhile is no longer due and stays."""
    kind, rule = sieve.kind, sieve.rule
    with transaction.atomic(), acting(None, rule.reason):
        found = list(due.filter(pk__among=list(keys)).select_for_update(of=("self",)).select_related("owner", "pool").order_by("pk"))
        was = {record.pk: (record.owner, record.pool) for record in found}
        for record in found:
            record.moves(How.RECYCLED)
        changes = [Change(record, {"owner": None, "pool": rule.to_pool or record.pool}) for record in found]
        gone = change_many(kind, changes, None, allow=gate(kind, found, VERB, None))
        PoolMove.objects.bulk_create(_moved(sieve, change.record, *was[change.record.pk]) for change in gone)
        tell_many(kind, "recycled", gone, None, lambda change: _told(rule, change.record, *was[change.record.pk]))
    return len(gone)


def _moved(sieve: Sieve, record: Any, owner: User, pool: Any) -> PoolMove:
    rule, elsewhere = sieve.rule, pool if pool is not None and record.pool_id != pool.pk else None
    move = PoolMove(type=sieve.kind.slug, record_id=record.pk, how=How.RECYCLED, pool=record.pool, from_pool=elsewhere, at=sieve.now)
    move.from_owner, move.from_team_id = owner, owner.team_id
    move.reason, move.rule, move.rule_name = rule.reason, rule.pk, rule.title
    return move


def _told(rule: RecyclingRule, record: Any, owner: User, pool: Any) -> dict[str, Any]:
    return {
        "rule": rule.title,
        "rule_id": str(rule.pk),
        "reason": rule.reason,
        "pool": record.pool.title,
        "owner": owner.title,
        "owner_id": str(owner.pk),
        "since": record.started.isoformat(),
    }


def _warn_all(sieve: Sieve, people: Sequence[Clock], step: int) -> int:
    """Warn of a step those who were not."""
    rows = sieve.soon(people, step).annotate(till=Coalesce(F("until"), F("started"), output_field=DateTimeField()))
    rows = rows.filter(~Exists(Warned.objects.filter(**SAME, rule=sieve.rule, step=step)))
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return sum(_warn(sieve, rows, keys[place : place + AT_ONCE], people, step) for place in range(0, len(keys), AT_ONCE))


def _warn(sieve: Sieve, rows: Any, keys: Sequence[Any], people: Sequence[Clock], step: int) -> int:
    """Warn a portion. Steps that were missed are marked with it, so that nobody hears of three days after hearing of one."""
    kind, rule = sieve.kind, sieve.rule
    owned = {owner: clock for clock in people for owner in clock.owners}
    with transaction.atomic():
        _one_at_a_time()
        found = list(rows.filter(pk__among=list(keys)).select_related("owner", "pool").order_by("pk"))
        marks = [
            Warned(record_id=record.pk, rule=rule, step=missed, started=record.started, until=record.till, at=sieve.now)
            for record in found
            for missed in rule.steps
            if missed >= step
        ]
        Warned.objects.bulk_create(marks, ignore_conflicts=True)
        said: list[Any] = [([record], _warning(sieve, record, owned[record.owner_id], step), sieve.now) for record in found]
        say_many(f"{kind.noun}.warned", said, by=None)
    return len(found)


def _one_at_a_time() -> None:
    """Two checks at once would warn twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('renmai.recycling'))")


def _warning(sieve: Sieve, record: Any, clock: Clock, step: int) -> dict[str, Any]:
    at = max(clock.due_at(sieve.rule, record.started, sieve.rule.days), record.till)
    pool = sieve.rule.to_pool or record.pool
    return {
        "rule": sieve.rule.title,
        "rule_id": str(sieve.rule.pk),
        "pool": pool.title,
        "days": step,
        "at": at.isoformat(),
        "owner": record.owner.title,
        "owner_id": str(record.owner_id),
    }
