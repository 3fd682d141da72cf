"""What a rule would have done with the leads of the last days, had it been in use: worked out in memory, nothing is written."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from renmai.kernel.access.user import User
from renmai.sales.assignment.choosing import Verdict, choose
from renmai.sales.assignment.fairness import value_of
from renmai.sales.assignment.floor import Standing
from renmai.sales.assignment.model import AssignmentRule
from renmai.sales.assignment.rules import fitting
from renmai.sales.lead.model import OPEN, Lead, LeadStatus

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record
    from renmai.sales.assignment.turns import State

MOST = 20_000
MOST_DAYS = 366
CLOSED = {LeadStatus.CONVERTED, LeadStatus.DISQUALIFIED}


class Replayed(Standing):
    """The floor as it would have been: turns begin anew, and whoever gets a lead has it in work until it was closed.

    Args:
        start: when the replay begins.
    """

    def __init__(self, start: dt.datetime) -> None:
        super().__init__(start)
        self.start = start
        self._closings: list[tuple[dt.datetime, UUID]] = []

    def read_loads(self, keys: set[UUID]) -> dict[UUID, int]:
        """What they have now of what was there before the replay begins."""
        rows = Lead.objects.live().filter(owner__in=keys, status__in=OPEN, created_at__lt=self.start)
        return dict.fromkeys(keys, 0) | dict(rows.order_by().values_list("owner").annotate(Count("pk")))

    def read_turns(self, rule: AssignmentRule) -> State:
        return {}

    def was_there(self, record: Record, lead: Lead) -> bool:
        return bool(record.created_at < lead.created_at)

    def move_to(self, now: dt.datetime) -> None:
        """Go on to a moment: what was closed until then is no longer in work."""
        self.now = now
        while self._closings and self._closings[0][0] <= now:
            self._loads[self._closings.pop(0)[1]] -= 1

    def took(self, user: User, lead: Lead) -> None:
        """Somebody got a lead."""
        self.gave(user)
        closed = lead.converted_at or (lead.updated_at if lead.status in CLOSED else None)
        if closed is not None and user.pk in self._loads:
            insort(self._closings, (closed, user.pk))


@dataclass(frozen=True)
class Replay:
    """A lead, who has it, and who would."""

    lead: Lead
    verdict: Verdict
    outside: bool

    @property
    def is_same(self) -> bool:
        """It would have gone to whoever has it."""
        return self.verdict.user is not None and self.verdict.user.pk == self.lead.owner_id


@dataclass
class Lot:
    """What one person would have got, beside what they did."""

    user: User
    would: list[Replay] = field(default_factory=list)
    did: list[Replay] = field(default_factory=list)

    @property
    def would_value(self) -> Decimal:
        """What the leads that they would have got are expected to bring, in the company's currency."""
        return _value(self.would)

    @property
    def did_value(self) -> Decimal:
        """The same of those that they have."""
        return _value(self.did)

    @property
    def outside(self) -> float | None:
        """The share of what they would have got that came outside of their working hours; None where that is nothing."""
        return sum(one.outside for one in self.would) / len(self.would) if self.would else None


def _value(rows: Sequence[Replay]) -> Decimal:
    return sum((value for one in rows if (value := value_of(one.lead)) is not None), Decimal())


@dataclass(frozen=True)
class Trial:
    """A replay of one rule.

    Attributes:
        days: how far it goes back.
        looked_at: how many leads came in these days that whoever tries may see.
        rows: those that the rule would have decided about, in the order of their coming.
        is_cut: there were more; only the newest are counted.
    """

    days: int
    looked_at: int
    rows: list[Replay]
    is_cut: bool

    @property
    def lots(self) -> list[Lot]:
        """One per person, by name."""
        found: dict[UUID, Lot] = {}
        people = User.objects.in_bulk({one.lead.owner_id for one in self.rows} - {None})
        for one in self.rows:
            if one.verdict.user is not None:
                found.setdefault(one.verdict.user.pk, Lot(one.verdict.user)).would.append(one)
            if owner := people.get(one.lead.owner_id):
                found.setdefault(owner.pk, Lot(owner)).did.append(one)
        return sorted(found.values(), key=lambda lot: (-len(lot.would), str(lot.user.title)))

    @property
    def nobody(self) -> list[Replay]:
        """What nobody would have got."""
        return [one for one in self.rows if one.verdict.user is None]


def trial(rule: AssignmentRule, by: User, days: int) -> Trial:
    """Replay the leads of the last days, the rule in its place among those in use.

    Args:
        rule: kept or not, in use or not.
        by: who tries: of leads that they may not see nothing is told.
        days: at most ``MOST_DAYS``.
    """
    now = timezone.now()
    start = now - dt.timedelta(days=days)
    rows = Lead.objects.visible_to(by).filter(created_at__gte=start, created_at__lte=now).order_by("-created_at", "-pk")
    leads = list(rows[: MOST + 1])
    is_cut, leads = len(leads) > MOST, leads[:MOST][::-1]
    others = [other for other in AssignmentRule.in_order().filter(active=True) if other.pk != rule.pk]
    ahead = [*(other for other in others if other.place < rule.place), rule]
    found = replay([lead for lead in leads if fitting(lead, ahead, lead.created_at) is rule], rule, Replayed(start))
    return Trial(days, len(leads), found, is_cut)


def replay(leads: Sequence[Lead], rule: AssignmentRule, floor: Replayed) -> list[Replay]:
    """Who would have got each of some leads, in the order of their coming."""
    if rule.sticky:
        floor.know(leads)
    found = []
    for lead in leads:
        floor.move_to(lead.created_at)
        verdict = choose(rule, lead, floor)
        outside = verdict.user is not None and floor.works_at(verdict.user) != floor.now
        if verdict.user is not None:
            floor.took(verdict.user, lead)
        found.append(Replay(lead, verdict, outside))
    return found


def told(lot: Lot) -> dict[str, Any]:
    """One person's lot as the API tells it, with the rows behind it."""
    return {
        "user": {"id": str(lot.user.pk), "type": "users", "title": lot.user.title},
        "would": len(lot.would),
        "did": len(lot.did),
        "would_value": f"{lot.would_value:f}",
        "did_value": f"{lot.did_value:f}",
        "outside_hours": None if lot.outside is None else round(lot.outside, 4),
        "would_rows": [str(one.lead.pk) for one in lot.would],
        "did_rows": [str(one.lead.pk) for one in lot.did],
    }
