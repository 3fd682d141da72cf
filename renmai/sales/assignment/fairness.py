"""Who got how much: leads and what they are worth, for each person and each hour that they worked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.charts.evenness import gini, most_to_median
from renmai.kernel.criteria.reader import zone_named
from renmai.kernel.facts import Fact
from renmai.kernel.overlay.company import company
from renmai.kernel.records.clean import identity
from renmai.sales.assignment.floor import seats_of
from renmai.sales.assignment.hours import Hours
from renmai.sales.assignment.model import AssignmentRule
from renmai.sales.lead.model import Lead

if TYPE_CHECKING:
    from django.db.models import QuerySet

HOUR = 3600
DAYS = 30
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
LONGEST = dt.timedelta(days=731)
GIVEN = ("lead.assigned", "lead.claimed")


@dataclass(frozen=True)
class Asked:
    """What a report is about.

    Attributes:
        first, last: days of the company, both counted.
        rule, pool: only leads given by the rule, or of the pool; None for all.
    """

    first: dt.date
    last: dt.date
    rule: UUID | None = None
    pool: UUID | None = None

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Asked:
        """From the query of an address: ``from``, ``to``, ``rule`` and ``pool``; the last thirty days if nothing is said.

        Raises:
            Invalid: with what does not do.
        """
        today = timezone.now().astimezone(zone_named(company().time_zone)).date()
        last = _day(query, "to") or today
        first = _day(query, "from") or last - dt.timedelta(days=DAYS - 1)
        if not dt.timedelta() <= last - first <= LONGEST:
            raise Invalid({"from": [_("The first day stands before the last, by two years at most.")]})
        return cls(first, last, _key(query, "rule"), _key(query, "pool"))

    @property
    def start(self) -> dt.datetime:
        """The midnight at which it begins."""
        return dt.datetime.combine(self.first, dt.time(), zone_named(company().time_zone))

    @property
    def end(self) -> dt.datetime:
        """The midnight at which it is over, or now."""
        over = dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), zone_named(company().time_zone))
        return min(over, max(timezone.now(), self.start))


def _day(query: Mapping[str, Any], name: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(query[name]) if query.get(name) else None
        if day is not None and not EARLIEST <= day <= LATEST:  # a day beyond them has no midnight in some zone, or no month before it
            raise ValueError
        return day
    except ValueError:
        raise Invalid({name: [_("A day is expected here, such as 2026-05-31.")]}) from None


def _key(query: Mapping[str, Any], name: str) -> UUID | None:
    try:
        return identity(query[name]) if query.get(name) else None
    except (ValueError, TypeError):
        raise Invalid({name: [_("There is no such record.")]}) from None


class Gift(NamedTuple):
    """A lead that somebody got.

    Attributes:
        value: what it is expected to bring in the company's currency; None where that is not known, or in another currency.
        rule: what the rule was called; empty where a person gave it or took it.
    """

    lead: Lead
    user: UUID
    at: dt.datetime
    value: Decimal | None
    rule: str


@dataclass
class Share:
    """What one person got.

    Attributes:
        hours: working hours in the period.
        unvalued: leads whose value is not known in the company's currency.
    """

    user: User
    hours: float
    gifts: list[Gift] = field(default_factory=list)

    @property
    def leads(self) -> int:
        """How many."""
        return len(self.gifts)

    @property
    def value(self) -> Decimal:
        """What they are expected to bring, in the company's currency."""
        return sum((one.value for one in self.gifts if one.value is not None), Decimal())

    @property
    def unvalued(self) -> int:
        """Leads of which that is not known, or in another currency."""
        return sum(one.value is None for one in self.gifts)

    @property
    def leads_per_hour(self) -> float | None:
        """For each working hour; None for whoever had none."""
        return self.leads / self.hours if self.hours else None

    @property
    def value_per_hour(self) -> float | None:
        """For each working hour; None for whoever had none."""
        return float(self.value) / self.hours if self.hours else None


@dataclass(frozen=True)
class Report:
    """Everybody's share, and how even the shares are."""

    asked: Asked
    shares: list[Share]

    @property
    def evenness(self) -> dict[str, dict[str, float | None]]:
        """Gini and the largest over the median, of leads and of value for each working hour; whoever had no hours is left out."""
        rates = {
            "leads_per_hour": [one.leads_per_hour for one in self.shares],
            "value_per_hour": [one.value_per_hour for one in self.shares],
        }
        known = {name: [rate for rate in found if rate is not None] for name, found in rates.items()}
        return {name: {"gini": gini(found), "max_to_median": most_to_median(found)} for name, found in known.items()}

    def of(self, user: UUID) -> list[Gift]:
        """The rows behind one person's figures, the newest first."""
        return sorted((gift for one in self.shares if one.user.pk == user for gift in one.gifts), key=lambda gift: gift.at, reverse=True)


def report(asked: Asked, by: User) -> Report:
    """Who got what; of leads and people only as much as the reader may see of leads."""
    found: dict[UUID, list[Gift]] = defaultdict(list)
    for gift in gifts(asked, by):
        found[gift.user].append(gift)
    people = peers(by).filter(Q(pk__in=found) | Q(pk__in=could_get(asked)))
    hours = Hours()
    shares = [
        Share(user, hours.worked(user, asked.start, asked.end) / HOUR, found.get(user.pk, [])) for user in people.order_by("sort_key", "pk")
    ]
    return Report(asked, shares)


def gifts(asked: Asked, by: User) -> Iterable[Gift]:
    """The leads that were given by rule or hand or claimed in the period, each time that one was."""
    marks = Fact.objects.filter(kind__in=GIVEN, at__gte=asked.start, at__lt=asked.end, about__position=0)
    if asked.rule is not None:
        marks = marks.filter(data__rule__id=str(asked.rule))
    rows = list(marks.annotate(lead=F("about__record_id")).values_list("lead", "kind", "at", "by_id", "data"))
    leads = visible(asked, by).in_bulk({key for key, *_rest in rows})
    for key, _kind, at, by_id, data in rows:
        user = UUID(data["owner"]["id"]) if data.get("owner") else by_id
        if key in leads and user is not None:
            yield Gift(leads[key], user, at or asked.start, value_of(leads[key]), (data.get("rule") or {}).get("title", ""))


def visible(asked: Asked, by: User) -> QuerySet[Any]:
    """The leads that the reader may see, of the pool that is asked for."""
    rows = Lead.objects.visible_to(by)
    return rows if asked.pool is None else rows.filter(pool=asked.pool)


def value_of(lead: Lead) -> Decimal | None:
    """What a lead is expected to bring, where that is known in the company's currency."""
    return lead.expected_amount if lead.currency == company().currency else None


def could_get(asked: Asked) -> set[UUID]:
    """Whom the rules name, so that those who got nothing are counted, too."""
    rules = AssignmentRule.in_order().filter(active=True) if asked.rule is None else AssignmentRule.in_order().filter(pk=asked.rule)
    return {seat.user.pk for rule in rules if asked.pool is None for seat in seats_of(rule) if seat.user.is_active}


def peers(by: User) -> QuerySet[Any]:
    """The people whose leads a reader may see: everybody's, their branch's, their team's, or only their own."""
    level = by.access.scope("leads", "view").level
    if level == "all":
        return User.objects.all()
    teams = {"branch": by.access.branch, "team": [by.team_id]}.get(level, [])
    return User.objects.filter(Q(pk=by.pk) | Q(team__in=[key for key in teams if key]))
