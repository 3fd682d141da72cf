"""Who gets a lead by a rule, and who is passed over and why; without a database."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.records.record import Record
from renmai.sales.assignment.choosing import Seat, Verdict, choose
from renmai.sales.assignment.model import AssignmentRule, Way
from renmai.sales.assignment.turns import State
from renmai.sales.lead.model import Lead

NOW = dt.datetime(2026, 5, 6, 3, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=2)
ANN, BEN, CAI = people = [
    User(name=name, title=name, language=language) for name, language in [("Ann", "en"), ("Ben", "th"), ("Cai", "zh-Hant")]
]


@dataclass
class Floor:
    """A floor of which everything is told."""

    sitting: list[Seat] = field(default_factory=lambda: [Seat(user, str(user.pk)) for user in people])
    loads: Counter[Any] = field(default_factory=Counter)
    works: dict[Any, dt.datetime | None] = field(default_factory=dict)
    away: dict[Any, dt.datetime] = field(default_factory=dict)
    owners: list[tuple[User, Record]] = field(default_factory=list)
    reserve: User | None = None
    state: State = field(default_factory=dict)
    now: dt.datetime = NOW

    def seats(self, rule: AssignmentRule) -> list[Seat]:
        return self.sitting

    def stand_in(self, rule: AssignmentRule) -> User | None:
        return self.reserve

    def load(self, rule: AssignmentRule, user: User) -> int:
        return self.loads[user.pk]

    def turns(self, rule: AssignmentRule) -> State:
        return self.state

    def known(self, lead: Lead) -> list[tuple[User, Record]]:
        return self.owners

    def away_until(self, user: User) -> dt.datetime | None:
        return self.away.get(user.pk)

    def works_at(self, user: User) -> dt.datetime | None:
        return self.works.get(user.pk, NOW)


def chosen(floor: Floor, country: str = "", had: list[User] | None = None, **options: Any) -> Verdict:
    """What a rule with these options comes to."""
    return choose(AssignmentRule(title="Rule", **options), Lead(country=country), floor, had=[user.pk for user in had or []])


def reasons(verdict: Verdict) -> dict[Any, str]:
    """Who was passed over, and why."""
    return {one.user.title: one.code for one in verdict.passed}


def test_people_are_chosen_in_turn_by_weight_and_by_load() -> None:
    floor = Floor()
    assert [chosen(floor).user for _ in range(4)] == [ANN, BEN, CAI, ANN]
    seats = [Seat(ANN, "ann", 2), Seat(BEN, "team", 1), Seat(CAI, "team", 1)]
    weighted = Floor(seats)
    got = Counter(chosen(weighted, way=Way.WEIGHTED).user for _ in range(6))
    assert (got[ANN], got[BEN], got[CAI]) == (4, 1, 1)
    loaded = Floor(loads=Counter({ANN.pk: 2, BEN.pk: 1, CAI.pk: 1}))
    assert [chosen(loaded, way=Way.LEAST_LOADED).user for _ in range(2)] == [BEN, CAI]


def test_nobody_who_cannot_have_it_gets_it_and_all_is_told() -> None:
    gone = User(name="Dan", title="Dan", active=False)
    floor = Floor([Seat(gone, "dan"), *Floor().sitting], loads=Counter({ANN.pk: 5, BEN.pk: 4}), away={CAI.pk: LATER})
    verdict = chosen(floor, capacity=5)
    assert verdict.user is BEN
    assert reasons(verdict) == {"Dan": "inactive", "Ann": "capacity", "Cai": "away"}
    assert verdict.as_json()["passed"][1] == {
        "user": {"id": str(ANN.pk), "type": "users", "title": "Ann"},
        "code": "capacity",
        "load": 5,
        "limit": 5,
    }
    full = chosen(Floor(loads=Counter(dict.fromkeys((ANN.pk, BEN.pk, CAI.pk), 5)), reserve=gone), capacity=5)
    assert (full.user, full.code) == (gone, "otherwise")
    assert chosen(Floor([])).code == "nobody"
    assert reasons(chosen(Floor(), had=[ANN, BEN])) == {"Ann": "had", "Ben": "had"}


@pytest.mark.parametrize(("country", "who"), [("TH", BEN), ("TW", CAI), ("CN", CAI), ("FR", ANN), ("", ANN)])
def test_who_speaks_the_language_goes_first_where_anybody_does(country: str, who: User) -> None:
    assert chosen(Floor(), country, same_language=True).user is who


def test_who_works_now_goes_first_else_who_works_next() -> None:
    verdict = chosen(Floor(works={ANN.pk: LATER, BEN.pk: None}), working_hours=True)
    assert (verdict.user, reasons(verdict)) == (CAI, {"Ann": "hours", "Ben": "hours"})
    night = chosen(Floor(works={ANN.pk: LATER + dt.timedelta(hours=1), BEN.pk: LATER, CAI.pk: None}), working_hours=True)
    assert (night.user, night.about["works_at"]) == (BEN, LATER.isoformat())


def test_known_customers_stay_with_their_owner_and_cost_no_turn() -> None:
    account = Lead(title="Siam Steel")
    floor = Floor(owners=[(CAI, account)])
    verdict = chosen(floor, sticky=True)
    assert (verdict.user, verdict.code, verdict.known, floor.state) == (CAI, "known", account, {})
    floor.loads[CAI.pk] = 3
    full = chosen(floor, sticky=True, capacity=3)
    assert (full.user, reasons(full)) == (ANN, {"Cai": "capacity"})
