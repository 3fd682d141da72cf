"""A company of random teams, roles, territories, shares and accounts, and the rule in plain words: who sees what."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from renmai.kernel.access.territory.model import Territory
from renmai.kernel.access.user import Share, Team, User
from renmai.kernel.records.clean import clean
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import build, create
from renmai.kernel.records.types import registry

ACCOUNTS = registry["accounts"]
CITIES = ["", "Bangkok", "Chiang Mai"]
LEVELS: list[Any] = ["none", "own", "team", "branch", "all", {"criteria": {"field": "country", "op": "eq", "value": "TH"}}]


@dataclass(frozen=True)
class Person:
    """Somebody, and what each of their roles says of seeing and of exporting accounts."""

    user: User
    rights: list[Any]


@dataclass(frozen=True)
class World:
    """The company, read anew from the database."""

    people: list[Person]
    accounts: list[Any]
    shares: list[Share]
    territories: list[Territory]

    def seen_by(self, person: Person) -> set[Any]:
        """Ids of the accounts that somebody may see."""
        return {account.pk for account in self.accounts if self._is_shared(account, person.user)} | self.granted(person)

    def granted(self, person: Person) -> set[Any]:
        """Ids of the accounts that somebody's roles open, whatever was shared."""
        return {account.pk for account in self.accounts if any(self._opens(right, account, person.user) for right in person.rights)}

    def _opens(self, right: Any, account: Any, user: User) -> bool:
        if isinstance(right, dict):
            return bool(account.country == "TH")
        if right == "all" or (right != "none" and account.owner_id == user.pk):
            return True
        lies = self._territory_of(account)
        return any(_reaches(right, team, user) for team in (account.team, lies and lies.team))

    def _territory_of(self, account: Any) -> Territory | None:
        """Where an account lies: by the first rule that it meets, else with its parent."""
        for territory in self.territories:
            if account.city == territory.criteria["value"]:
                return territory
        return self._territory_of(account.parent) if account.parent else None

    def _is_shared(self, account: Any, user: User) -> bool:
        """Whether a share opens it now: its own, or one of its parent's that brings along what belongs to it."""
        return any(
            (share.user_id == user.pk or (share.team_id is not None and share.team_id == user.team_id))
            and (share.record_id == account.pk or (share.relations and share.record_id == account.parent_id))
            and (share.until is None or share.until > timezone.now())
            for share in self.shares
        )


def _reaches(right: Any, team: Team | None, user: User) -> bool:
    if team is None or user.team is None:
        return False
    return (right == "team" and team == user.team) or (right == "branch" and _is_below(team, user.team))


def _is_below(team: Team, root: Team) -> bool:
    while team.pk != root.pk:
        if team.parent is None:
            return False
        team = team.parent
    return True


def world(seed: int) -> World:
    """A company; rows are stored as tables, since it is not how they come to be that is tested."""
    dice = random.Random(seed)
    teams: list[Any] = []
    for place in range(5):
        teams.append(_built("teams", name=f"T{place}", parent=dice.choice([None, *teams])))
    _store(teams)
    people = [_person(f"P{place}", dice, teams) for place in range(5)]
    accounts: list[Any] = []
    for place in range(25):
        values = {"city": dice.choice(CITIES), "country": dice.choice(["TH", "TW", ""]), "parent": dice.choice([None, None, *accounts])}
        owner = dice.choice([None, *(person.user for person in people)])
        accounts.append(_built("accounts", name=f"A{place}", owner=owner, team=dice.choice([None, *teams]), **values))
    _store(accounts)
    for rank, city in enumerate(CITIES[1:]):
        rule = {"field": "city", "op": "eq", "value": city}
        told = {"name": city, "team": dice.choice(teams), "criteria": rule, "priority": rank, "active": dice.random() < 0.8}
        create(registry["territories"], told, None)  # which draws them
    Share.objects.bulk_create((_share(dice, people, teams, accounts) for _ in range(10)), ignore_conflicts=True)
    read = list(ACCOUNTS.model.objects.select_related("parent", "team").order_by("title"))
    return World(people, read, list(Share.objects.all()), sorted(Territory.in_force(), key=lambda one: one.priority))


def _person(name: str, dice: random.Random, teams: list[Any]) -> Person:
    rights = dice.choices(LEVELS, weights=[3, 3, 3, 3, 1, 2], k=dice.randint(1, 2))
    roles = [_built("roles", name=f"{name} {place}", rights={"accounts": {"view": it, "export": it}}) for place, it in enumerate(rights)]
    _store(roles)
    user: Any = _built("users", name=name, email=f"{name.lower()}@example.com", team=dice.choice([None, *teams]))
    user.roles = [role.pk for role in roles]
    _store([user])
    return Person(user, rights)


def _share(dice: random.Random, people: list[Person], teams: list[Any], accounts: list[Any]) -> Share:
    until = dice.choice([None, timezone.now() + dt.timedelta(days=1), timezone.now() - dt.timedelta(days=1)])
    to = {"user": dice.choice(people).user} if dice.random() < 0.5 else {"team": dice.choice(teams)}
    account = dice.choice(accounts)
    return Share(type="accounts", record_id=account.pk, at=account.created_at, until=until, relations=dice.random() < 0.5, **to)


def _built(slug: str, **values: Any) -> Record:
    """A row, not yet stored; links are given as rows, since what they link to is not stored yet either."""
    kind = registry[slug]
    links = {name: values.pop(name) for name in ("parent", "team", "owner") if name in values}
    row: Any = build(kind, clean(kind, values, None), None)
    for name, linked in links.items():
        setattr(row, name, linked)
    return row  # type: ignore[no-any-return]


def _store(rows: list[Any]) -> None:
    type(rows[0])._base_manager.bulk_create(rows)
