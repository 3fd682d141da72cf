"""A rule asked of all records of its type at once: which it is about, since when their clocks run, and which are due."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import DateTimeField, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from renmai.directory.recycling.bases import spared, started
from renmai.directory.recycling.model import RecyclingRule, Reprieve, ReprieveKind, ReprieveState, Unit
from renmai.kernel.access.user import User
from renmai.kernel.calendars import Calendars, Timetable
from renmai.kernel.criteria import Reader, stored, to_q
from renmai.kernel.criteria.sql import complement
from renmai.kernel.records.types import RecordType


@dataclass(frozen=True)
class Clock:
    """People for whom time passes alike.

    Attributes:
        owners: their ids.
        working: their working time, without their leave.
        plain: every day but their leave.
    """

    owners: list[Any]
    working: Timetable
    plain: Timetable

    def table(self, rule: RecyclingRule) -> Timetable:
        """What a rule counts by."""
        return self.working if rule.unit == Unit.WORKING_DAYS else self.plain

    def due_before(self, rule: RecyclingRule, now: dt.datetime, days: int) -> dt.datetime:
        """The last moment since which so many days have passed."""
        return self.table(rule).days_before(now, days)

    def due_at(self, rule: RecyclingRule, start: dt.datetime, days: int) -> dt.datetime:
        """When so many days will have passed."""
        return self.table(rule).add_working_days(start, days)


def clocks(users: Iterable[User] | None = None) -> list[Clock]:
    """Everybody, in groups for whom time passes alike; most have the same calendar and no leave."""
    calendars = Calendars.read()
    groups: dict[Any, list[User]] = defaultdict(list)
    for user in User.objects.only("pk", "team_id", "leave") if users is None else users:
        found = calendars.calendar_of(user)
        groups[found.pk if found else None, tuple((one["from"], one["to"]) for one in user.leave)].append(user)
    tables = [(alike, calendars.of(alike[0])) for alike in groups.values()]
    return [Clock([user.pk for user in alike], table, table.every_day()) for alike, table in tables]


def in_force(kind: RecordType) -> list[RecyclingRule]:
    """The rules about a type, in the order in which they count."""
    rules = RecyclingRule.objects.live().filter(record_type=kind.slug, active=True).select_related("to_pool")
    return list(rules.order_by("position", "sort_key", "pk"))


@dataclass(frozen=True)
class Sieve:
    """One rule.

    Attributes:
        before: the rules before it that wait for the same.
        now: the moment at which it is asked.
    """

    kind: RecordType
    rule: RecyclingRule
    before: Sequence[RecyclingRule]
    now: dt.datetime

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """The records that it is about, with ``started``, since when their clocks run, and ``until``, up to when they have more time."""
        kind, model = self.kind, self.kind.model
        rows = model.objects.live().filter(model.held, self._applies(self.rule), owner__isnull=False)  # type: ignore[attr-defined]
        if self.rule.to_pool_id is None:
            rows = rows.filter(pool__isnull=False)
        for other in self.before:
            rows = rows.filter(complement(self._applies(other)))
        for name in self.rule.spares:
            if (condition := spared(name, kind)) is not None:
                rows = rows.filter(complement(Q(condition)))
        if self.rule.exempt:
            rows = rows.filter(complement(self._meets(self.rule.exempt)))
        run = started(self.rule.basis, kind)
        latest = Greatest(*run, output_field=DateTimeField()) if len(run) > 1 else run[0]
        return rows.filter(~Exists(self._locks())).annotate(begun=run[0], started=latest, until=self._until())

    @property
    def about(self) -> QuerySet[Any]:
        """All that meet its conditions as they stand today, whoever has them and in whatever pool they are."""
        rows = self.kind.model.objects.all()
        return rows.filter(self._meets(self.rule.criteria)) if self.rule.criteria else rows

    def left_alone(self, spares: Iterable[str]) -> Q:
        """What it spares as things stand today, for some of its reasons and because of its exceptions."""
        found = [Q(condition) for name in spares if (condition := spared(name, self.kind)) is not None]
        return reduce(or_, [*found, *([self._meets(self.rule.exempt)] if self.rule.exempt else [])], Q(pk=None))

    def due(self, clocks: Sequence[Clock]) -> QuerySet[Any]:
        """Those that go back now."""
        return self.rows.filter(self._ran(clocks, self.rule.days), Q(until=None) | Q(until__lte=self.now))

    def soon(self, clocks: Sequence[Clock], step: int) -> QuerySet[Any]:
        """Those that go back in so many days, or sooner, and not yet."""
        ahead = [(clock, clock.due_at(self.rule, self.now, step)) for clock in clocks]
        near = [Q(owner__among=clock.owners) & (Q(until=None) | Q(until__lte=moment)) for clock, moment in ahead]
        late = self._ran(clocks, self.rule.days) & (Q(until=None) | Q(until__lte=self.now))
        return self.rows.filter(self._ran(clocks, self.rule.days - step), reduce(or_, near), complement(late))

    def _ran(self, clocks: Sequence[Clock], days: int) -> Q:
        """So many days have passed since the clock started: one moment for all for whom time passes alike.

        Since when somebody has it costs nothing to ask, and leaves few of which more has to be known.
        """
        moments = [(clock, clock.due_before(self.rule, self.now, days)) for clock in clocks]
        return reduce(or_, (Q(owner__among=clock.owners, begun__lte=moment, started__lte=moment) for clock, moment in moments))

    def _applies(self, rule: RecyclingRule) -> Q:
        found = Q(pool__in=rule.pools) if rule.pools else Q(pk__isnull=False)
        return found & self._meets(rule.criteria) if rule.criteria else found

    def _meets(self, tree: Any) -> Q:
        return to_q(stored(tree, self.kind), Reader(now=self.now))

    def _locks(self) -> QuerySet[Reprieve]:
        mine = Reprieve.objects.filter(record_id=OuterRef("pk"), kind=ReprieveKind.LOCK, state=ReprieveState.GRANTED)
        return mine.filter(Q(until=None) | Q(until__gt=self.now))

    def _until(self) -> Subquery:
        mine = Reprieve.objects.filter(record_id=OuterRef("pk"), kind=ReprieveKind.EXTENSION, state=ReprieveState.GRANTED)
        theirs = mine.filter(owner=OuterRef("owner")).order_by().values("record_id")
        return Subquery(theirs.annotate(latest=Max("until")).values("latest"))


def sieves(kind: RecordType, now: dt.datetime) -> list[Sieve]:
    """The rules about a type that are in force, ready to be asked."""
    rules = in_force(kind)
    return [Sieve(kind, rule, [one for one in rules[:place] if one.basis == rule.basis], now) for place, rule in enumerate(rules)]
