"""Who gets a lead by a rule, and why: what is known of the people is asked of a floor, nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from uuid import UUID

from renmai.sales.assignment.languages import languages_of, spoken_by
from renmai.sales.assignment.model import AssignmentRule, Way
from renmai.sales.assignment.turns import State, take

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.sales.lead.model import Lead


@dataclass(frozen=True)
class Seat:
    """Somebody who may get leads by a rule.

    Attributes:
        group: the key of the receiver: the person's own, or their team's.
        weight: the receiver's.
    """

    user: User
    group: str
    weight: int = 1

    @property
    def key(self) -> str:
        """The person's key."""
        return str(self.user.pk)


class Passed(NamedTuple):
    """Somebody who was passed over.

    Attributes:
        code: ``inactive``, ``away``, ``capacity``, ``language``, ``hours`` or ``had``.
        about: the numbers and moments of the reason, as JSON.
    """

    user: User
    code: str
    about: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As the fact keeps it."""
        return {"user": link(self.user, "users"), "code": self.code, **self.about}


@dataclass
class Verdict:
    """What a rule came to for a lead.

    Attributes:
        user: who gets it; None where no receiver can.
        code: why this person: ``turn``, ``weight``, ``load``, ``known`` or ``otherwise``; ``nobody`` where there is none.
        about: the numbers of the reason, as JSON.
        known: the record whose owner the person is.
    """

    rule: AssignmentRule
    user: User | None = None
    code: str = "nobody"
    about: dict[str, Any] = field(default_factory=dict)
    passed: list[Passed] = field(default_factory=list)
    known: Record | None = None

    def as_json(self) -> dict[str, Any]:
        """As the fact keeps it: whoever reads it needs no record to understand it."""
        told: dict[str, Any] = {
            "rule": link(self.rule, "assignment-rules"),
            "way": str(self.rule.way),
            "why": {"code": self.code, **self.about},
            "passed": [one.as_json() for one in self.passed],
        }
        if self.user is not None:
            told["owner"] = link(self.user, "users")
        if self.known is not None:
            from renmai.kernel.records.types import registry

            told["known"] = link(self.known, registry.of(self.known).slug)
        return told


class Floor(Protocol):
    """What is known of the people when a lead comes.

    Attributes:
        now: when it comes.
    """

    now: dt.datetime

    def seats(self, rule: AssignmentRule) -> list[Seat]:
        """Everybody whom a rule names, in the order of its receivers; nobody twice."""
        ...

    def stand_in(self, rule: AssignmentRule) -> User | None:
        """Who gets what no receiver can have, if the rule names somebody who is active."""
        ...

    def load(self, rule: AssignmentRule, user: User) -> int:
        """How many open leads somebody has."""
        ...

    def turns(self, rule: AssignmentRule) -> State:
        """Whose turn it is; changed in its place."""
        ...

    def known(self, lead: Lead) -> list[tuple[User, Record]]:
        """Whose the same customers, persons and earlier leads are, the likeliest first."""
        ...

    def away_until(self, user: User) -> dt.datetime | None:
        """When somebody who is on leave works again; None for whoever is not."""
        ...

    def works_at(self, user: User) -> dt.datetime | None:
        """When somebody works next: now, for whoever works now; None for whoever never does."""
        ...


def link(record: Any, slug: str) -> dict[str, Any]:
    """A record as a fact names it."""
    return {"id": str(record.pk), "type": slug, "title": record.title}


def choose(rule: AssignmentRule, lead: Lead, floor: Floor, *, had: Iterable[UUID] = ()) -> Verdict:
    """Who gets a lead.

    Args:
        had: people who had it before and do not get it again.
    """
    verdict = Verdict(rule)
    if rule.sticky and _to_known(verdict, lead, floor):
        return verdict
    free = _free(verdict, floor, set(had))
    free = _speaking(verdict, lead, free)
    free = _working(verdict, floor, free)
    if free:
        _by_way(verdict, floor, free)
    elif (user := floor.stand_in(rule)) is not None:
        verdict.user, verdict.code = user, "otherwise"
    return verdict


def _to_known(verdict: Verdict, lead: Lead, floor: Floor) -> bool:
    """Give it to whose customer it is, if they can have it; it costs nobody a turn."""
    for user, record in floor.known(lead):
        if reason := _hindered(verdict.rule, user, floor):
            verdict.passed.append(reason)
        else:
            verdict.user, verdict.code, verdict.known = user, "known", record
            return True
    return False


def _hindered(rule: AssignmentRule, user: User, floor: Floor) -> Passed | None:
    """Why somebody can have no lead now, whatever lead it is."""
    if not user.is_active:
        return Passed(user, "inactive", {})
    if until := floor.away_until(user):
        return Passed(user, "away", {"until": until.isoformat()})
    if rule.capacity and (load := floor.load(rule, user)) >= rule.capacity:
        return Passed(user, "capacity", {"load": load, "limit": rule.capacity})
    return None


def _free(verdict: Verdict, floor: Floor, had: set[UUID]) -> list[Seat]:
    free = []
    for seat in floor.seats(verdict.rule):
        reason = Passed(seat.user, "had", {}) if seat.user.pk in had else _hindered(verdict.rule, seat.user, floor)
        if reason is None:
            free.append(seat)
        elif all(one.user.pk != seat.user.pk for one in verdict.passed):
            verdict.passed.append(reason)
    return free


def _speaking(verdict: Verdict, lead: Lead, free: list[Seat]) -> list[Seat]:
    """Those who speak a language of the lead's country, where anybody does."""
    wanted = languages_of(lead) if verdict.rule.same_language else ()
    speaking = [seat for seat in free if spoken_by(seat.user) in wanted]
    if not speaking:
        return free
    left = {seat.key for seat in speaking}
    verdict.passed += [Passed(seat.user, "language", {"languages": list(wanted)}) for seat in free if seat.key not in left]
    return speaking


def _working(verdict: Verdict, floor: Floor, free: list[Seat]) -> list[Seat]:
    """Those who work now; where nobody does, whoever works next."""
    if not verdict.rule.working_hours or not free:
        return free
    opens = {seat.key: floor.works_at(seat.user) for seat in free}
    known = [at for at in opens.values() if at is not None]
    first = min(known, default=None)
    left = [seat for seat in free if opens[seat.key] == first]
    for seat in free:
        at = opens[seat.key]
        if at != first:
            verdict.passed.append(Passed(seat.user, "hours", {"until": at.isoformat() if at else None}))
    if first is not None and first > floor.now:
        verdict.about["works_at"] = first.isoformat()
    return left


def _by_way(verdict: Verdict, floor: Floor, free: list[Seat]) -> None:
    """One of those who can have it, by the rule's way."""
    rule, turns = verdict.rule, floor.turns(verdict.rule)
    people = {seat.key: seat.user for seat in free}
    verdict.about["of"] = len(people)
    if rule.way == Way.LEAST_LOADED:
        loads = {key: floor.load(rule, user) for key, user in people.items()}
        fewest = min(loads.values())
        verdict.user = people[take(turns, {key: 1 for key, load in loads.items() if load == fewest})]
        verdict.code = "load"
        verdict.about["load"] = fewest
    elif rule.way == Way.WEIGHTED:
        _by_weight(verdict, turns, free)
    else:
        verdict.user, verdict.code = people[take(turns, dict.fromkeys(people, 1))], "turn"


def _by_weight(verdict: Verdict, turns: State, free: list[Seat]) -> None:
    """A receiver by its share, and within a team everybody in turn."""
    weights = {seat.group: seat.weight for seat in free}
    group = take(turns, weights)
    members = {f"{group}/{seat.key}": seat.user for seat in free if seat.group == group}
    verdict.user = members[take(turns, dict.fromkeys(members, 1))] if len(members) > 1 else next(iter(members.values()))
    verdict.code = "weight"
    verdict.about |= {"weight": weights[group], "weights": sum(weights.values())}
