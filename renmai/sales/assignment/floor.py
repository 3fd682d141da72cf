"""The people as they stand when a lead comes: who is there, what they have in work, whose turn it is."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from renmai.kernel.access.user import User, branches
from renmai.kernel.matching.find import duplicates_of, known_elsewhere
from renmai.kernel.records.types import registry
from renmai.sales.assignment.choosing import Seat
from renmai.sales.assignment.hours import Hours
from renmai.sales.assignment.model import AssignmentRule
from renmai.sales.lead.model import OPEN, Lead

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record
    from renmai.sales.assignment.turns import State

# By hand, since every lead that comes in asks for these (measured: Django's own take a millisecond more).
READ = "SELECT state::text FROM sales_turn WHERE rule_id = %s"
KEEP = "INSERT INTO sales_turn (rule_id, state) VALUES (%s, %s) ON CONFLICT (rule_id) DO UPDATE SET state = EXCLUDED.state"


class Standing:
    """The floor as it is now, read when it is asked for, each thing once."""

    def __init__(self, now: dt.datetime | None = None) -> None:
        self.now = now or timezone.now()
        self.hours = Hours()
        self._seats: dict[UUID, list[Seat]] = {}
        self._loads: dict[UUID, int] = {}
        self._turns: dict[UUID, State] = {}
        self._known: dict[UUID, list[tuple[User, Record]]] = {}

    def seats(self, rule: AssignmentRule) -> list[Seat]:
        if rule.pk not in self._seats:
            self._seats[rule.pk] = seats_of(rule)
        return self._seats[rule.pk]

    def stand_in(self, rule: AssignmentRule) -> User | None:
        return User.objects.live().select_related("team").filter(pk=rule.otherwise_user_id, active=True).first()

    def load(self, rule: AssignmentRule, user: User) -> int:
        if user.pk not in self._loads:
            asked = {seat.user.pk for seat in self.seats(rule)} | {user.pk}
            self._loads |= self.read_loads(asked - self._loads.keys())
        return self._loads[user.pk]

    def read_loads(self, keys: set[UUID]) -> dict[UUID, int]:
        """How many open leads each of some people has."""
        found = Lead.objects.live().filter(owner__in=keys, status__in=OPEN).order_by().values_list("owner").annotate(Count("pk"))
        return dict.fromkeys(keys, 0) | dict(found)

    def turns(self, rule: AssignmentRule) -> State:
        if rule.pk not in self._turns:
            self._turns[rule.pk] = self.read_turns(rule)
        return self._turns[rule.pk]

    def read_turns(self, rule: AssignmentRule) -> State:
        """Whose turn it is by what was given before."""
        with connection.cursor() as cursor:
            cursor.execute(READ, [rule.pk])
            found = cursor.fetchone()
        return json.loads(found[0]) if found else {}

    def keep_turns(self) -> None:
        """Write down whose turn it is now."""
        with connection.cursor() as cursor:
            for key, state in self._turns.items():
                cursor.execute(KEEP, [key, json.dumps(state)])

    def know(self, leads: Sequence[Lead]) -> None:
        """Look for the same customers, persons and earlier leads as some leads, all at once."""
        kind, missing = registry["leads"], [lead for lead in leads if lead.pk not in self._known]
        if not missing:
            return
        for lead, elsewhere, twins in zip(missing, known_elsewhere(kind, missing), duplicates_of(kind, missing), strict=True):
            records: list[Any] = [twin.record for twin in [*elsewhere, *twins] if twin.record is not None]
            records.sort(key=lambda record: registry.of(record).slug != "accounts")  # the account's owner before all others
            self._known[lead.pk] = [
                (record.owner, record) for record in records if record.owner is not None and self.was_there(record, lead)
            ]

    def was_there(self, record: Record, lead: Lead) -> bool:
        """Whether a record was there when a lead came."""
        return True

    def known(self, lead: Lead) -> list[tuple[User, Record]]:
        self.know([lead])
        return self._known[lead.pk]

    def away_until(self, user: User) -> dt.datetime | None:
        return self.hours.away_until(user, self.now)

    def works_at(self, user: User) -> dt.datetime | None:
        return self.hours.works_at(user, self.now)

    def gave(self, user: User) -> None:
        """Somebody has one open lead more."""
        if user.pk in self._loads:
            self._loads[user.pk] += 1


def seats_of(rule: AssignmentRule) -> list[Seat]:
    """Everybody whom a rule names, in the order of its receivers; whoever is named and on a team that is named sits once."""
    receivers = rule.rows("receivers")
    roots = [one.team_id for one in receivers if one.team_id]
    members = _members(roots, [one.user_id for one in receivers if one.user_id])
    found: dict[UUID, Seat] = {}
    for one in receivers:
        for user in [user for user in members[one.key] if user.pk not in found]:
            found[user.pk] = Seat(user, one.key, one.weight)
    return list(found.values())


def _members(roots: Sequence[UUID], named: Iterable[UUID]) -> dict[str, list[User]]:
    """The people of each receiver, those of a team by age of their record; who is named is there even when inactive."""
    below = {key: branches([key]) for key in roots}
    found: dict[str, list[User]] = defaultdict(list)
    asked = User.objects.select_related("team")
    for user in asked.filter(pk__in=list(named)):
        found[str(user.pk)].append(user)
    if roots:
        every = {key for keys in below.values() for key in keys}
        people = list(asked.live().filter(team__in=every, active=True).order_by("created_at", "pk"))
        for root, keys in below.items():
            found[str(root)] = [user for user in people if user.team_id in keys]
    return found
